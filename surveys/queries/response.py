"""How the lists of a year come in: complete, in time, and day by day beside the year before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from surveys.models import Organisation, Submission, Transition
from surveys.queries.terms import with_terms
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import Questionnaire
from surveys.workflow import DELIVERED, SubmissionState, Term

MOST_DAYS = 2 * 364
"""No picture or table is longer than 104 weeks, whatever dates a round was given."""


@dataclass(frozen=True, slots=True)
class Count:
    """Of some lists: all, those that are in, those that were in time, and those that are overdue."""

    total: int
    delivered: int
    in_time: int
    late: int

    @property
    def percentage(self) -> int | None:
        """Of those that are in; None over nothing."""
        return _percentage(self.delivered, self.total)

    @property
    def in_time_percentage(self) -> int | None:
        return _percentage(self.in_time, self.total)


@dataclass(frozen=True, slots=True)
class Curve:
    """How many of `total` lists were in on each day: `days` holds the day of each, counted from the opening."""

    total: int
    days: Sequence[int]

    def at(self, day: int) -> int:
        return sum(one <= day for one in self.days)


@dataclass(frozen=True, slots=True)
class ListResponse:
    """One questionnaire. `opens` is day 0 of both curves; `last`: the last day that `now` tells of."""

    questionnaire: Questionnaire
    count: Count
    opens: date
    deadline: date | None
    closes: date | None
    last: date
    now: Curve
    before: Curve

    def day_of(self, day: date) -> int:
        return (day - self.opens).days


@dataclass(frozen=True, slots=True)
class Response:
    """`provinces`: by name to the counts per questionnaire."""

    lists: tuple[ListResponse, ...]
    every: Count
    provinces: Mapping[str, Mapping[str, Count]]


@dataclass(frozen=True, slots=True)
class _List:
    year: int
    questionnaire: str
    province: str
    delivered: date | None
    term: Term

    @property
    def is_in_time(self) -> bool:
        return self.delivered is not None and (self.term.due is None or self.delivered <= self.term.due)


def response(*, year: int, organisations: QuerySet[Organisation], today: date) -> Response:
    """One query. A list counts from the day it was first submitted; sent back it counts no longer until it is in again."""
    edition = load_edition(year)
    every = list(_lists(year, organisations))
    now = [one for one in every if one.year == year]
    provinces = sorted({one.province for one in now})
    return Response(
        lists=tuple(
            _response_of(
                questionnaire, [one for one in every if one.questionnaire == questionnaire.code], year, today
            )
            for questionnaire in edition.questionnaires
        ),
        every=_count(now, today),
        provinces={
            province: {
                code: _count(
                    (one for one in now if (one.province, one.questionnaire) == (province, code)), today
                )
                for code in edition.by_code
            }
            for province in provinces
        },
    )


_COLUMNS = (
    "participation__round_id", "questionnaire", "participation__organisation__province", "state", "came_in",
    "term_opens", "term_deadline", "term_last_change", "term_extension",
)  # fmt: skip


def came_in() -> Coalesce:
    """When a list was submitted for the first time, also when it was sent back after that."""
    first = Transition.objects.filter(submission=OuterRef("pk"), step="submit").order_by("at", "pk")
    return Coalesce(Subquery(first.values("at")[:1]), "submitted_at")


def _lists(year: int, organisations: QuerySet[Organisation]) -> Iterable[_List]:
    lists = Submission.objects.filter(
        participation__round_id__in=(year, year - 1),
        participation__ended_by=None,
        participation__organisation__in=organisations,
    )
    rows = with_terms(lists).annotate(came_in=came_in()).values_list(*_COLUMNS)
    for of_year, questionnaire, province, state, came_in_at, *dates in rows:
        is_in = SubmissionState(state) in DELIVERED
        yield _List(
            year=of_year,
            questionnaire=questionnaire,
            province=province,
            delivered=timezone.localdate(came_in_at) if is_in else None,
            term=Term(*dates),
        )


def _count(lists: Iterable[_List], today: date) -> Count:
    total = delivered = in_time = late = 0
    for one in lists:
        total += 1
        delivered += one.delivered is not None
        in_time += one.is_in_time
        late += one.delivered is None and one.term.due is not None and one.term.due < today
    return Count(total, delivered, in_time, late)


def _response_of(
    questionnaire: Questionnaire, lists: Sequence[_List], year: int, today: date
) -> ListResponse:
    now = [one for one in lists if one.year == year]
    before = [one for one in lists if one.year != year]
    term = now[0].term if now else Term()
    delivered = [one.delivered for one in now if one.delivered]
    opens = _within_reason(term.opens or min(delivered, default=today), year)
    closes = max(filter(None, (term.last_change, *delivered)), default=None)
    if closes:
        closes = min(closes, opens + timedelta(days=MOST_DAYS))
    return ListResponse(
        questionnaire=questionnaire,
        count=_count(now, today),
        opens=opens,
        deadline=term.deadline,
        closes=closes,
        last=max(opens, min(today, closes or today, opens + timedelta(days=MOST_DAYS))),
        now=_curve(now, opens),
        before=_curve(before, _opening_before(before, opens)),
    )


def _opening_before(lists: Sequence[_List], opens: date) -> date:
    """Day 0 of the year before; without dates of its own a year of 52 weeks earlier."""
    own = lists[0].term.opens if lists else None
    return _within_reason(own, lists[0].year) if own else opens - timedelta(weeks=52)


def _within_reason(day: date, year: int) -> date:
    """No round opens before its year or more than ten years after it; a date that says so is a slip of the pen."""
    return min(max(day, date(year, 1, 1)), date(year + 10, 12, 31))


def _curve(lists: Sequence[_List], opens: date) -> Curve:
    """What came in before the opening counts from the opening."""
    days = sorted(max((one.delivered - opens).days, 0) for one in lists if one.delivered)
    return Curve(len(lists), days)


def _percentage(part: int, whole: int) -> int | None:
    """Whole percents, rounded down: 100 is all of them."""
    return part * 100 // whole if whole else None
