"""When things happen: the windows of a round, and the moments of a delivery in them. No clock is read.

All days come from here, so that all can be moved to when the demo is shown: a list can only be filled in between its
dates.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from surveys.demo.chance import uniform
from surveys.demo.country import Country
from surveys.workflow import DELIVERED, SubmissionState

LATE_LIST = "financieel"
"""The list that waits for the annual accounts."""
_TODAY_BEFORE_DEADLINE = 18
_AT_ONCE = 0.6


_later = ContextVar("later", default=timedelta())


@contextmanager
def as_seen_on(day: date | None, country: Country) -> Iterator[None]:
    """Within it everything happens as many whole days later as make the last of it fall before `day`.

    None: when it happens by itself.
    """
    moved = day - timedelta(days=1) - today(country) if day else timedelta()
    token = _later.set(moved)
    try:
        yield
    finally:
        _later.reset(token)


@dataclass(frozen=True, slots=True)
class Dates:
    opens: date
    deadline: date
    last_change: date


def dates_of(year: int, questionnaire: str) -> Dates:
    """A questionnaire about a year is open in the first months of the next."""
    after, later = year + 1, _later.get()
    opens, deadline = ((3, 20), (4, 30)) if questionnaire == LATE_LIST else ((1, 30), (3, 22))
    return Dates(date(after, *opens) + later, date(after, *deadline) + later, date(after, 6, 30) + later)


def prefilled_at(year: int) -> datetime:
    """When the figures of other surveys and registers were put ready."""
    return datetime(year + 1, 1, 23, 11, tzinfo=UTC) + _later.get()


def today(country: Country) -> date:
    """The day on which the visitor arrives: the last list is open, the others should be in."""
    return dates_of(country.later, LATE_LIST).deadline - timedelta(days=_TODAY_BEFORE_DEADLINE)


@dataclass(frozen=True, slots=True)
class Moments:
    """Of one delivery; `filled` is the last day on which an answer was given."""

    begun: datetime
    filled: date
    submitted: datetime
    checked: datetime

    def answered(self, section: int, sections: int, index: int) -> datetime:
        """Section after section from the first day to the last, a few seconds an answer."""
        days = (self.filled - self.begun.date()).days
        day = self.begun.date() + timedelta(days=days * section // max(sections, 1))
        start = datetime.combine(day, time(8 + section % 5, 10), UTC)
        return max(start, self.begun) + timedelta(seconds=6 * index)

    def corrected(self, at: datetime, chance: float) -> datetime:
        """When an answer of `at` was put right: mostly at once, otherwise on the morning of submitting."""
        if chance < _AT_ONCE:
            return at + timedelta(seconds=20 + 1_500 * chance)
        return datetime.combine(self.filled + timedelta(days=1), time(8, 20), UTC)


def moments_of(country: Country, isil: str, year: int, questionnaire: str, state: SubmissionState) -> Moments:
    dates = dates_of(year, questionnaire)
    chance = uniform("begun", isil, year, questionnaire)
    is_now = year == country.later
    last = min(dates.deadline, today(country)) if is_now else dates.deadline
    room = (last - dates.opens).days - 6
    first = dates.opens + timedelta(days=int(room * 0.6 * chance))
    if is_now and state not in DELIVERED:
        last = today(country) - timedelta(days=1)
    length = uniform("length", isil, year, questionnaire)
    filled = first + timedelta(days=1 + int(length * max((last - first).days - 4, 1)))
    submitted = datetime.combine(filled + timedelta(days=1), time(14, 20), UTC)
    wait = 4 + int(40 * uniform("checked", isil, year, questionnaire))
    checked = datetime.combine(submitted.date() + timedelta(days=wait), time(10, 5), UTC)
    if is_now:
        checked = min(checked, datetime.combine(today(country), time(8, 0), UTC))
    return Moments(
        begun=datetime.combine(first, time(8, 2), UTC),
        filled=filled,
        submitted=submitted,
        checked=max(checked, submitted + timedelta(hours=20)),
    )
