"""A whole year as it stands or stood: one record per organisation, streamed, for all that goes out.

The answers are read once, in the order of the organisations, and one organisation's at a time is in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce, Lead

from surveys.models import AnswerChange, Location, Organisation, Participation, Submission, Transition
from surveys.models.answer import Answer, to_value
from surveys.queries.answers import Stored
from surveys.queries.as_of import AsOf, Member, frozen_members
from surveys.queries.facts import facts_of, was_open
from surveys.queries.registers import ever_of, holder
from surveys.queries.streams import CHUNK, Groups, Scope
from surveys.questionnaires.dependencies import in_order
from surveys.questionnaires.figures import Evaluation, evaluate
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import PROFILE, Edition, Question
from surveys.rules.peers import COMBINED as DECLARED
from surveys.values import YES, Key
from surveys.workflow import DELIVERED, SubmissionState

COMBINED = (DECLARED, "gedeelde_cijfers")
"""The profile's questions that, both answered yes, say that the totals hold more than the library."""

_OWNER = "submission__participation__"
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
    as_of: AsOf | None = None,
) -> Iterator[YearRecord]:
    """The organisations of a round by ISIL code. Five queries, however many there are; three as of a release.

    `delivered_only`: what has not been submitted does not count (the profile always does, since others read it).
    `as_of`: answers and states as the log tells that they were at that moment. What the registers say (who takes
    part, inhabitants, locations) has no log: it is read as a release kept it, or else as it stands.
    """
    edition = load_edition(year)
    release = as_of.release if as_of else None
    scope = Scope(year, organisations, release)
    participations = Participation.objects.filter(**scope.within())
    # Read first: what joins the round between two of these queries is left out of all of them.
    ids = dict(participations.values_list("pk", "organisation_id")) if release is None else None
    states = Groups(
        Submission.objects.filter(**scope.within("participation__"))
        .order_by(scope.order("participation__"))
        .values_list("participation_id", "questionnaire", state_at(as_of.moment) if as_of else F("state"))
        .iterator(CHUNK),
        ids,
    )
    answers = Groups(_answers_at(as_of, scope) if as_of else _answers(scope), ids)
    members = (
        _members(participations, ids or {}, year)
        if release is None
        else frozen_members(release, year, organisations, CHUNK)
    )
    for participation, locations in members:
        yield _record(
            edition,
            participation,
            {code: SubmissionState(state) for _, code, state in states.take(participation.pk)},
            locations,
            _stored(answers.take(participation.pk)),
            delivered_only=delivered_only,
        )


def members_of_year(year: int, organisations: QuerySet[Organisation] | None = None) -> Iterator[Member]:
    """Who takes part, as the registers stand, by ISIL code. Three queries."""
    participations = Participation.objects.filter(**Scope(year, organisations).within())
    return _members(participations, dict(participations.values_list("pk", "organisation_id")), year)


def _members(participations: QuerySet[Participation], ids: Mapping[int, int], year: int) -> Iterator[Member]:
    """Those of `ids`, as the registers stand."""
    places = ever_of(Organisation.objects.filter(participations__in=participations))
    placed = places.annotate(holder=holder(year), by_holder=holder(year, "isil")).order_by(
        "by_holder", "isil"
    )
    locations = Groups(((place.holder, place) for place in placed.iterator(CHUNK)), set(ids.values()))
    rows = participations.select_related("organisation__poi").order_by("organisation__isil")
    for one in rows.iterator(CHUNK):
        if one.pk in ids:
            yield one, [place for _, place in locations.take(one.organisation_id) if was_open(place, year)]


def _answers(scope: Scope) -> Iterator[tuple[Any, ...]]:
    rows = Answer.objects.filter(**scope.within(_OWNER)).order_by(scope.order(_OWNER))
    return rows.values_list(*_ANSWER, "version", "changed_at").iterator(CHUNK)


def _answers_at(as_of: AsOf, scope: Scope) -> Iterator[tuple[Any, ...]]:
    """What the last change at or before the moment left of each answer, if it left one."""
    following = Window(
        Lead("pk"),
        partition_by=["submission_id", "question", "row"],
        order_by=["at", "pk"],  # as the index stands
    )
    last = AnswerChange.objects.filter(**scope.within(_OWNER), **as_of.changes).annotate(following=following)
    rows = last.filter(following=None).order_by(scope.order(_OWNER)).values_list(*_ANSWER, "at")
    for *fields, at in rows.iterator(CHUNK):
        # Not in the query, where it would be held against every change before the last is chosen.
        if fields[_STATE]:
            yield (*fields, (at - _EPOCH) // timedelta(microseconds=1), at)


def state_at(moment: datetime) -> Coalesce:
    steps = Transition.objects.filter(submission=OuterRef("pk"), at__lte=moment).order_by("-at", "-pk")
    return Coalesce(Subquery(steps.values("after")[:1]), Value(SubmissionState.NOT_STARTED.value))


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
