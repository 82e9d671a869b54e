"""The explanations that an organisation gave, of several years at once: this year's, and last year's to confirm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from django.db.models import QuerySet

from surveys.models import Event, Explanation, Organisation, Reason
from surveys.queries.json_rows import date_in, moment_in


@dataclass(frozen=True, slots=True)
class Explained:
    """An explanation as it is read. `by`: the name. `figures`: those it was given for."""

    text: str
    reason: Reason
    figures: str
    event: Event | None
    is_confirmed: bool
    at: datetime
    by: str
    year: int


Explanations: TypeAlias = Mapping[tuple[int, str, str], Explained]
"""(year, code of the rule, row) to the newest explanation."""

EXPLANATIONS = """
(SELECT CAST({rows}({row}(
        era.round_id, given.rule, given."row", given.at, given.id, given.text, given.reason, given.figures,
        given.is_confirmed, writer.name, event.id, event.kind, event.description, event.starts, event.ends)) AS TEXT)
 FROM surveys_explanation given
 JOIN surveys_participation era ON era.id = given.participation_id
 JOIN surveys_user writer ON writer.id = given.by_id
 LEFT JOIN surveys_event event ON event.id = given.event_id
 WHERE given.participation_id IN (participation.id, before.id){only})
"""
"""Part of a statement that has a `participation` and the one `before` it. `only`: what else must hold."""


def explanations_in(rows: Iterable[Sequence[Any]]) -> Explanations:
    """The newest per year, rule and row, from the rows of EXPLANATIONS."""
    return {
        (year, rule, row): _explained(year, at, told)
        for year, rule, row, at, _, *told in sorted(rows, key=lambda one: (one[3], one[4]))
    }


def explanations_of_year(year: int, organisations: QuerySet[Organisation]) -> dict[int, Explanations]:
    """Per participation the newest of that year per rule and row. One query."""
    found: dict[int, dict[tuple[int, str, str], Explained]] = {}
    given = Explanation.objects.filter(
        participation__round_id=year, participation__organisation__in=organisations
    )
    for one in given.select_related("by", "event").order_by("at", "pk"):
        found.setdefault(one.participation_id, {})[year, one.rule, one.row] = Explained(
            text=one.text,
            reason=Reason(one.reason),
            figures=one.figures,
            event=one.event,
            is_confirmed=one.is_confirmed,
            at=one.at,
            by=one.by.name,
            year=year,
        )
    return dict(found)


def _explained(year: int, at: str, told: Sequence[Any]) -> Explained:
    text, reason, figures, is_confirmed, by, *event = told
    return Explained(
        text=text,
        reason=Reason(reason),
        figures=figures,
        event=_event(*event) if event[0] else None,
        is_confirmed=bool(is_confirmed),
        at=moment_in(at),
        by=by,
        year=year,
    )


def _event(pk: int, kind: str, description: str, starts: str, ends: str | None) -> Event:
    return Event(
        pk=pk, kind=kind, description=description, starts=date.fromisoformat(starts), ends=date_in(ends)
    )
