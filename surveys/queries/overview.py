"""The KB's table: every organisation of a round, how far each of its questionnaires is, and the counts above it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, QuerySet

from surveys.models import Organisation, Submission, Window
from surveys.models.answer import Answer
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import PROFILE, Questionnaire
from surveys.rules.peers import COMBINED as DECLARED
from surveys.values import NO, YES
from surveys.workflow import SubmissionState

NAME, PROVINCE, ACTIVITY = "naam", "provincie", "activiteit"


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation. `poi`: the ISIL code of its POI; `is_combined`: None while the profile does not say; `active_at`: its last changed answer.

    `states`: of every questionnaire in the order of the edition, None where there is no submission.
    """

    isil: str
    name: str
    province: str
    poi: str
    is_combined: bool | None
    active_at: datetime | None
    states: Mapping[str, SubmissionState | None]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which organisations are shown, and in what order; empty: no restriction.

    `order`: naam, provincie, activiteit or a questionnaire's code, with a - before it to reverse.
    """

    search: str = ""
    province: str = ""
    poi: str = ""
    combined: str = ""
    questionnaire: str = ""
    state: SubmissionState | None = None
    order: str = NAME


@dataclass(frozen=True, slots=True)
class Column:
    """One questionnaire. `counts`: organisations per state, before the selection on status is applied."""

    questionnaire: Questionnaire
    deadline: date | None
    counts: Mapping[SubmissionState, int]


@dataclass(frozen=True, slots=True)
class Overview:
    """`total`: organisations in view; `rows`: those of them that are selected."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: int


def overview(*, year: int, organisations: QuerySet[Organisation], selection: Selection) -> Overview:
    """Four queries, however many organisations there are."""
    questionnaires = load_edition(year).questionnaires
    every = _rows(year, organisations, [one.code for one in questionnaires])
    candidates = [row for row in every if _is_selected(row, selection)]
    deadlines = dict(Window.objects.filter(round_id=year).values_list("questionnaire", "deadline"))
    columns = tuple(
        Column(one, deadlines.get(one.code), _counts(candidates, one.code)) for one in questionnaires
    )
    rows = [row for row in candidates if _has_state(row, selection)]
    return Overview(columns, tuple(_ordered(rows, selection.order)), len(every))


def pois_in(organisations: QuerySet[Organisation]) -> dict[str, str]:
    """ISIL code to name of the POIs that support these organisations, by name. One query."""
    pois = Organisation.objects.filter(libraries__in=organisations).distinct()
    return dict(pois.order_by("name").values_list("isil", "name"))


def _rows(year: int, organisations: QuerySet[Organisation], codes: Sequence[str]) -> list[Row]:
    submissions = Submission.objects.filter(
        participation__round_id=year, participation__organisation__in=organisations
    )
    states: dict[int, dict[str, SubmissionState]] = {}
    facts: dict[int, tuple[str, str, str, str | None]] = {}
    for participation, questionnaire, state, isil, name, province, poi in submissions.values_list(
        "participation_id",
        "questionnaire",
        "state",
        "participation__organisation__isil",
        "participation__organisation__name",
        "participation__organisation__province",
        "participation__organisation__poi__isil",
    ):
        states.setdefault(participation, {})[questionnaire] = SubmissionState(state)
        facts[participation] = (isil, name, province, poi)
    combined = _combined(submissions)
    activity = _activity(submissions)
    return [
        Row(
            isil=isil,
            name=name,
            province=province,
            poi=poi or "",
            is_combined=combined.get(key),
            active_at=activity.get(key),
            states={code: states[key].get(code) for code in codes},
        )
        for key, (isil, name, province, poi) in facts.items()
    ]


def _combined(submissions: QuerySet[Submission]) -> dict[int, bool]:
    """What each profile says about being a combined institution."""
    answers = Answer.objects.filter(
        question=DECLARED, submission__in=submissions.filter(questionnaire=PROFILE)
    )
    pairs = answers.values_list("submission__participation_id", "text")
    return {key: text == YES for key, text in pairs if text in (YES, NO)}


def _activity(submissions: QuerySet[Submission]) -> dict[int, datetime]:
    changed = submissions.values("participation_id").annotate(last=Max("answers__changed_at"))
    return dict(changed.values_list("participation_id", "last"))


def _is_selected(row: Row, selection: Selection) -> bool:
    search = selection.search.casefold()
    return (
        (search in row.name.casefold() or search in row.isil.casefold())
        and selection.province in ("", row.province)
        and selection.poi in ("", row.poi)
        and (not selection.combined or row.is_combined is (selection.combined == YES))
    )


def _has_state(row: Row, selection: Selection) -> bool:
    """Without a questionnaire: one of them has the state."""
    if selection.state is None:
        return True
    if selection.questionnaire:
        return row.states.get(selection.questionnaire) is selection.state
    return selection.state in row.states.values()


def _counts(rows: Iterable[Row], questionnaire: str) -> dict[SubmissionState, int]:
    counts = dict.fromkeys(SubmissionState, 0)
    for row in rows:
        state = row.states.get(questionnaire)
        if state is not None:
            counts[state] += 1
    return counts


def _ordered(rows: Iterable[Row], order: str) -> list[Row]:
    """By name within what is asked; who has no activity stands last, also when reversed."""
    by_name = sorted(rows, key=lambda row: row.name.casefold())
    name = order.removeprefix("-")
    is_reversed = order.startswith("-")
    if name == ACTIVITY:
        active = [row for row in by_name if row.active_at is not None]
        active.sort(key=lambda row: row.active_at or datetime.min, reverse=not is_reversed)  # noqa: DTZ901
        return active + [row for row in by_name if row.active_at is None]
    if name == PROVINCE:
        return sorted(by_name, key=lambda row: row.province, reverse=is_reversed)
    if name == NAME:
        return by_name[::-1] if is_reversed else by_name
    place = {state: index for index, state in enumerate(SubmissionState)}
    return sorted(by_name, key=lambda row: place.get(row.states.get(name), -1), reverse=is_reversed)  # type: ignore[arg-type]
