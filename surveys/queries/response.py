"""How the lists of a year come in: complete, in time, and day by day beside the year before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from surveys.models import Organisation, Submission
from surveys.queries.terms import with_terms
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import Questionnaire
from surveys.workflow import DELIVERED, SubmissionState, Term


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
    """One query. A list counts from the day it was submitted last; sent back it counts no longer."""
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
    "participation__round_id", "questionnaire", "participation__organisation__province", "state", "submitted_at",
    "term_opens", "term_deadline", "term_last_change", "term_extension",
)  # fmt: skip


def _lists(year: int, organisations: QuerySet[Organisation]) -> Iterable[_List]:
    lists = Submission.objects.filter(
        participation__round_id__in=(year, year - 1),
        participation__ended_by=None,
        participation__organisation__in=organisations,
    )
    rows = with_terms(lists).values_list(*_COLUMNS)
    for of_year, questionnaire, province, state, submitted_at, *dates in rows:
        is_in = SubmissionState(state) in DELIVERED
        yield _List(
            year=of_year,
            questionnaire=questionnaire,
            province=province,
            delivered=timezone.localdate(submitted_at) if is_in else None,
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
    opens = term.opens or min(delivered, default=today)
    closes = max(filter(None, (term.last_change, *delivered)), default=None)
    return ListResponse(
        questionnaire=questionnaire,
        count=_count(now, today),
        opens=opens,
        deadline=term.deadline,
        closes=closes,
        last=max(opens, min(today, closes or today)),
        now=_curve(now, opens),
        before=_curve(before, _opening_before(before, opens)),
    )


def _opening_before(lists: Sequence[_List], opens: date) -> date:
    """Day 0 of the year before; without dates of its own a year of 52 weeks earlier."""
    return (lists[0].term.opens if lists else None) or opens - timedelta(weeks=52)


def _curve(lists: Sequence[_List], opens: date) -> Curve:
    """What came in before the opening counts from the opening."""
    days = sorted(max((one.delivered - opens).days, 0) for one in lists if one.delivered)
    return Curve(len(lists), days)


def _percentage(part: int, whole: int) -> int | None:
    """Whole percents, rounded down: 100 is all of them."""
    return part * 100 // whole if whole else None
