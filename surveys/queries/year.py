"""A whole year as it stands or stood: one record per organisation, streamed, for all that goes out.

The answers are read once, in the order of the organisations, and one organisation's at a time is in memory.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any, Generic, TypeVar

from django.db.models import OuterRef, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce, Lead

from surveys.models import AnswerChange, Location, Organisation, Participation, Submission, Transition
from surveys.models.answer import Answer, to_value
from surveys.queries.answers import Stored
from surveys.queries.facts import facts_of, was_open
from surveys.questionnaires.dependencies import in_order
from surveys.questionnaires.figures import Evaluation, evaluate
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import PROFILE, Edition, Question
from surveys.rules.peers import COMBINED as DECLARED
from surveys.values import YES, Key
from surveys.workflow import DELIVERED, SubmissionState

COMBINED = (DECLARED, "gedeelde_cijfers")
"""The profile's questions that, both answered yes, say that the totals hold more than the library."""

CHUNK = 2_000
"""Rows that the database hands over at a time."""

_ANSWER = (
    "submission__participation_id",
    "submission__questionnaire",
    "question",
    "row",
    "state",
    "hundredths",
    "text",
    "is_estimate",
    "note",
    "source",
)
"""Not by whom: what goes out holds no personal data."""
_STATE = _ANSWER.index("state")
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class YearRecord:
    """All that one organisation has given about one year.

    `answers` per questionnaire, as stored; `evaluation` over the whole edition, with the facts of the register.
    """

    isil: str
    organisation: str
    province: str
    participation_id: int
    is_combined: bool
    states: Mapping[str, SubmissionState]
    locations: Sequence[Location]
    answers: Mapping[str, Mapping[Key, Stored]]
    evaluation: Evaluation


def records_of_year(
    year: int,
    *,
    organisations: QuerySet[Organisation] | None = None,
    delivered_only: bool = False,
    as_of: datetime | None = None,
) -> Iterator[YearRecord]:
    """The organisations of a round by ISIL code. Five queries, however many there are.

    `delivered_only`: what has not been submitted does not count (the profile always does, since others read it).
    `as_of`: answers and states as the log tells that they were at that moment. What the registers say (who takes
    part, inhabitants, locations) has no log and is read as it stands.
    """
    edition = load_edition(year)

    def within(prefix: str) -> dict[str, Any]:
        chosen = {} if organisations is None else {f"{prefix}organisation__in": organisations}
        return {f"{prefix}round_id": year, **chosen}

    by_isil = "participation__organisation__isil"
    participations = Participation.objects.filter(**within(""))
    # Read first: what joins the round between two of these queries is left out of all of them.
    ids = dict(participations.values_list("pk", "organisation_id"))
    states = _Groups(
        Submission.objects.filter(**within("participation__"))
        .order_by(by_isil)
        .values_list("participation_id", "questionnaire", "state" if as_of is None else _state_at(as_of))
        .iterator(CHUNK),
        ids,
    )
    of_year = within("submission__participation__")
    answers = _Groups(
        _answers(of_year, f"submission__{by_isil}")
        if as_of is None
        else _answers_at(as_of, of_year, f"submission__{by_isil}"),
        ids,
    )
    locations = _Groups(
        (
            (location.organisation_id, location)
            for location in Location.objects.filter(organisation__participations__in=participations)
            .order_by("organisation__isil", "isil")
            .iterator(CHUNK)
        ),
        set(ids.values()),
    )
    for participation in (
        participations.select_related("organisation__poi").order_by("organisation__isil").iterator(CHUNK)
    ):
        if participation.pk in ids:
            yield _record(
                edition,
                participation,
                {code: SubmissionState(state) for _, code, state in states.take(participation.pk)},
                [one for _, one in locations.take(participation.organisation_id) if was_open(one, year)],
                _stored(answers.take(participation.pk)),
                delivered_only=delivered_only,
            )


def _answers(within: Mapping[str, Any], order: str) -> Iterator[tuple[Any, ...]]:
    rows = Answer.objects.filter(**within).order_by(order)
    return rows.values_list(*_ANSWER, "version", "changed_at").iterator(CHUNK)


def _answers_at(as_of: datetime, within: Mapping[str, Any], order: str) -> Iterator[tuple[Any, ...]]:
    """What the last change at or before the moment left of each answer, if it left one."""
    following = Window(
        Lead("pk"),
        partition_by=["submission_id", "question", "row"],
        order_by=["at", "pk"],  # as the index stands
    )
    last = AnswerChange.objects.filter(**within, at__lte=as_of).annotate(following=following)
    rows = last.filter(following=None).order_by(order).values_list(*_ANSWER, "at")
    for *fields, at in rows.iterator(CHUNK):
        # Not in the query, where it would be held against every change before the last is chosen.
        if fields[_STATE]:
            yield (*fields, (at - _EPOCH) // timedelta(microseconds=1), at)


def _state_at(as_of: datetime) -> Coalesce:
    steps = Transition.objects.filter(submission=OuterRef("pk"), at__lte=as_of).order_by("-at", "-pk")
    return Coalesce(Subquery(steps.values("after")[:1]), Value(SubmissionState.NOT_STARTED.value))


Row = TypeVar("Row", bound=tuple[Any, ...])


class _Groups(Generic[Row]):
    """A stream of rows whose first value says whose they are, handed out owner by owner in the stream's order."""

    def __init__(self, rows: Iterable[Row], owners: Iterable[Hashable]) -> None:
        known = frozenset(owners)
        self._groups = ((key, group) for key, group in groupby(rows, lambda row: row[0]) if key in known)
        self._head = next(self._groups, None)

    def take(self, owner: Hashable) -> list[Row]:
        """All rows of the owner; none when the next rows are of another."""
        if self._head is None or self._head[0] != owner:
            return []
        rows = list(self._head[1])
        self._head = next(self._groups, None)
        return rows


def _stored(rows: Iterable[tuple[Any, ...]]) -> dict[str, dict[Key, Stored]]:
    found: dict[str, dict[Key, Stored]] = {}
    for _, questionnaire, question, row, state, hundredths, text, *beside in rows:
        stored = Stored(to_value(state, hundredths, text), *beside)
        found.setdefault(questionnaire, {})[question, row] = stored
    return found


def _record(
    edition: Edition,
    participation: Participation,
    states: Mapping[str, SubmissionState],
    locations: Sequence[Location],
    answers: Mapping[str, Mapping[Key, Stored]],
    *,
    delivered_only: bool,
) -> YearRecord:
    values = facts_of(edition.questionnaires, participation, locations)
    for of_list in answers.values():
        values.update((key, one.value) for key, one in of_list.items())
    delivered = (code for code, state in states.items() if state in DELIVERED)
    counting = frozenset({PROFILE, *(delivered if delivered_only else answers)})
    evaluation = evaluate(_order(edition, counting), values, [one.isil for one in locations])
    texts = (evaluation.counted.get((code, "")) for code in COMBINED)
    return YearRecord(
        isil=participation.organisation.isil,
        organisation=participation.organisation.name,
        province=participation.organisation.province,
        participation_id=participation.pk,
        is_combined=all(value is not None and value.text == YES for value in texts),
        states=states,
        locations=locations,
        answers=answers,
        evaluation=evaluation,
    )


@cache
def _order(edition: Edition, counting: frozenset[str]) -> tuple[Question, ...]:
    """The questions to evaluate. Of a questionnaire that does not count only the facts: no figures over nothing."""
    return tuple(
        question
        for question in in_order(edition.questions)
        if question.questionnaire in counting or question.register
    )
