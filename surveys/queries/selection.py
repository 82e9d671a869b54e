"""Which rows of the KB's table are shown, in what order, and the counts above them. No queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from surveys.queries.overview import Cell, Column, Row, Table
from surveys.values import YES
from surveys.workflow import DELIVERED, OPEN, SubmissionState

NAME, PROVINCE, ACTIVITY = "naam", "provincie", "activiteit"
PROGRESS, SIGNALS, LATE, REMARKS = "voortgang", "signalen", "te-laat", "vragen"
MOST_FIRST = frozenset({ACTIVITY, PROGRESS, SIGNALS, LATE, REMARKS})
ORDERS = (NAME, PROVINCE, *sorted(MOST_FIRST))


class Notice(StrEnum):
    """What of a list asks for attention, or is as it should be; as it stands in the address bar."""

    LATE = "te-laat"
    IN_TIME = "op-tijd"
    SIGNALS = "open-signalen"
    REMARKS = "open-vragen"
    CHANGED = "gewijzigd-na-controle"

    def holds(self, cell: Cell) -> bool:
        return _HOLDS[self](cell)


_HOLDS: Mapping[Notice, Callable[[Cell], bool]] = {
    Notice.LATE: lambda one: one.late > 0,
    Notice.IN_TIME: lambda one: one.is_in_time,
    Notice.SIGNALS: lambda one: one.signals > 0,
    Notice.REMARKS: lambda one: one.waiting > 0,
    Notice.CHANGED: lambda one: one.is_changed,
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which organisations are shown, and in what order; empty: no restriction.

    `states`, `notice`: of the questionnaire, or of one and the same list when none is named. `order`: one of ORDERS or
    a questionnaire's code, with a - before it to reverse.
    """

    search: str = ""
    province: str = ""
    poi: str = ""
    combined: str = ""
    size_class: str = ""
    questionnaire: str = ""
    states: frozenset[SubmissionState] = frozenset()
    notice: Notice | None = None
    order: str = NAME


DELIVERED_OR_NOT = {"binnen": DELIVERED, "nog-niet-binnen": OPEN}
"""What several states have in common, as it stands in the address bar."""


@dataclass(frozen=True, slots=True)
class Overview:
    """`total`: organisations in view; `rows`: those of them that are selected."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: int


def select(table: Table, selection: Selection) -> Overview:
    candidates = [row for row in table.rows if _is_selected(row, selection)]
    columns = tuple(
        Column(
            questionnaire=one,
            deadline=table.deadlines.get(one.code),
            counts=_counts(candidates, selection, one.code),
            late=_count(candidates, Selection(questionnaire=one.code, notice=Notice.LATE)),
        )
        for one in table.questionnaires
    )
    rows = [row for row in candidates if _has_list(row, selection)]
    return Overview(columns, tuple(_ordered(rows, selection)), len(table.rows))


def _is_selected(row: Row, selection: Selection) -> bool:
    search = selection.search.casefold()
    return (
        (search in row.name.casefold() or search in row.isil.casefold())
        and selection.province in ("", row.province)
        and selection.poi in ("", row.poi)
        and selection.size_class in ("", row.size_class)
        and (not selection.combined or row.is_combined is (selection.combined == YES))
    )


def _has_list(row: Row, selection: Selection) -> bool:
    if not selection.states and selection.notice is None:
        return True
    lists = [row.cells.get(selection.questionnaire)] if selection.questionnaire else row.lists
    return any(
        one is not None
        and (not selection.states or one.state in selection.states)
        and (selection.notice is None or selection.notice.holds(one))
        for one in lists
    )


def _counts(rows: Iterable[Row], selection: Selection, questionnaire: str) -> dict[SubmissionState, int]:
    found = list(rows)
    return {
        state: _count(found, replace(selection, questionnaire=questionnaire, states=frozenset({state})))
        for state in SubmissionState
    }


def _count(rows: Iterable[Row], selection: Selection) -> int:
    return sum(_has_list(row, selection) for row in rows)


def _ordered(rows: Iterable[Row], selection: Selection) -> list[Row]:
    """By name within what is asked. Of amounts and moments the most comes first; who has none is last, also reversed."""
    by_name = sorted(rows, key=lambda row: row.name.casefold())
    order, amount = selection.order, _AMOUNTS.get(selection.order.removeprefix("-"))
    name, is_reversed = order.removeprefix("-"), order.startswith("-")
    if name == NAME:
        return by_name[::-1] if is_reversed else by_name
    if name == PROVINCE:
        return sorted(by_name, key=lambda row: row.province, reverse=is_reversed)
    if amount:
        code = selection.questionnaire
        amounts = [(amount((code and row.cells.get(code)) or row), row) for row in by_name]
        some = [one for one in amounts if one[0]]
        some.sort(key=lambda one: one[0], reverse=not is_reversed)
        return [row for _, row in some] + [row for number, row in amounts if not number]
    place = {state: index for index, state in enumerate(SubmissionState)}
    return sorted(by_name, key=lambda row: _place(row, name, place), reverse=is_reversed)


def _place(row: Row, questionnaire: str, places: Mapping[SubmissionState, int]) -> int:
    cell = row.cells.get(questionnaire)
    return places[cell.state] if cell else -1


_AMOUNTS: Mapping[str, Callable[[Row | Cell], float]] = {
    ACTIVITY: lambda one: one.active_at.timestamp() if one.active_at else 0.0,
    PROGRESS: lambda one: one.percentage,
    SIGNALS: lambda one: one.signals,
    LATE: lambda one: one.late,
    REMARKS: lambda one: one.waiting,
}
