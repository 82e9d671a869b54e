"""Who is to be mailed about which lists: that the term comes near, is over, is about to lock; or to be thanked."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from surveys.models import Participation, Reminder, ReminderKind, Submission, User
from surveys.queries.contact import Members, members_of, recipients
from surveys.queries.terms import with_terms
from surveys.questionnaires.loader import load_edition
from surveys.workflow import DELIVERED, OPEN, Term

NEAR = timedelta(days=14)
"""So long before the term ends it comes near."""
LAST_DAYS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DueList:
    """A list that a mail is about. `day`: the date that it is about; once told about it, it is not told again."""

    submission: Submission
    title: str
    day: date


@dataclass(frozen=True, slots=True)
class Addressed:
    """One mail: all lists of one organisation that this person is turned to about."""

    participation: Participation
    recipient: User
    lists: tuple[DueList, ...]


class Why(StrEnum):
    """Why a list that this kind of mail is about gets none."""

    TOLD = "told"
    NOBODY = "nobody"
    SHUT = "shut"


@dataclass(frozen=True, slots=True)
class Skipped:
    list: DueList
    why: Why

    @property
    def participation(self) -> Participation:
        return self.list.submission.participation


@dataclass(frozen=True, slots=True)
class DueReminders:
    """`others`: how many lists still have to come in, or to be thanked for, but at another time."""

    kind: ReminderKind
    letters: tuple[Addressed, ...]
    skipped: tuple[Skipped, ...]
    others: int = 0

    @property
    def lists(self) -> frozenset[int]:
        """All that are named."""
        return frozenset(one.submission.pk for letter in self.letters for one in letter.lists)


def due_reminders(year: int, kind: ReminderKind, today: date) -> DueReminders:
    """The mails of this kind that would go out on this day, by organisation and name. Three queries.

    To the contact person of a list, or else all of the library who may fill it in.
    """
    return reminders_of_year(year, [kind], today)[kind]


def reminders_of_year(
    year: int, kinds: Iterable[ReminderKind], today: date
) -> Mapping[ReminderKind, DueReminders]:
    """The same of several kinds, together in three queries."""
    chosen = list(kinds)
    lists = _lists(year, chosen)
    told: dict[str, set[tuple[int, date]]] = {}
    claimed = Reminder.objects.filter(kind__in=[one.value for one in chosen], submission__in=lists)
    for kind, pk, day in claimed.values_list("kind", "submission", "day"):
        told.setdefault(kind, set()).add((pk, _thanks_day(year) if kind == ReminderKind.THANKS else day))
    members = members_of(one.participation.organisation_id for one in lists)
    titles = {one.code: one.title for one in load_edition(year).questionnaires}
    order = list(titles)
    lists.sort(
        key=lambda one: (one.participation.organisation.name.casefold(), order.index(one.questionnaire))
    )
    return {
        kind: _due(
            kind,
            lists,
            told=told.get(kind.value, set()),
            members=members,
            titles=titles,
            today=today,
        )
        for kind in chosen
    }


def _due(
    kind: ReminderKind,
    lists: Iterable[Submission],
    *,
    told: Container[tuple[int, date]],
    members: Mapping[int, Members],
    titles: Mapping[str, str],
    today: date,
) -> DueReminders:
    """Of one kind, from what was read. No query."""
    states = states_of(kind)
    named: dict[tuple[int, User], list[DueList]] = {}
    skipped, others = [], 0
    for one in lists:
        if one.state not in states:
            continue
        day = day_of(one, kind, today)
        if day is None:
            others += 1
            continue
        due = DueList(one, titles[one.questionnaire], day)
        people = recipients(one, members.get(one.participation.organisation_id, Members()))
        is_shut = not is_due_open(one, kind, today)
        if (one.pk, day) in told:
            skipped.append(Skipped(due, Why.TOLD))
        elif is_shut or not people:
            skipped.append(Skipped(due, Why.SHUT if is_shut else Why.NOBODY))
        else:
            for user in people:
                named.setdefault((one.participation_id, user), []).append(due)
    letters = (Addressed(of[0].submission.participation, user, tuple(of)) for (_, user), of in named.items())
    return DueReminders(kind, tuple(letters), tuple(skipped), others)


def _lists(year: int, kinds: Iterable[ReminderKind]) -> list[Submission]:
    """In the states that these kinds of mail are about, of who still takes part. One query."""
    found: QuerySet[Submission] = Submission.objects.filter(
        participation__round_id=year,
        participation__ended_by=None,
        state__in={state for kind in kinds for state in states_of(kind)},
    )
    return list(with_terms(found).select_related("participation__organisation"))


def day_of(submission: Submission, kind: ReminderKind, today: date) -> date | None:
    """The date that a mail of this kind is about, if today is the time for it; all thanks of a round are of one day."""
    term = submission.term
    if kind is ReminderKind.THANKS:
        return _thanks_day(submission.participation.round_id) if submission.submitted_at else None
    if kind is ReminderKind.LAST:
        return _within(term.closes, today, LAST_DAYS)
    if kind is ReminderKind.AHEAD:
        return _within(term.due, today, NEAR) if _has_opened(term, today) else None
    return term.due if term.due is not None and term.due < today else None


def is_due_open(submission: Submission, kind: ReminderKind, today: date) -> bool:
    """Whoever is asked for a list can deliver it; thanks come when it is shut too."""
    return kind is ReminderKind.THANKS or submission.term.is_open(today)


def _thanks_day(year: int) -> date:
    """A list is thanked for once in a round, however often it comes back and is submitted again."""
    return date(year, 12, 31)


def _within(day: date | None, today: date, span: timedelta) -> date | None:
    return day if day is not None and today <= day <= today + span else None


def _has_opened(term: Term, today: date) -> bool:
    return term.opens is None or term.opens <= today


def states_of(kind: ReminderKind) -> list[str]:
    """The states of the lists that a mail of this kind is about."""
    return [state.value for state in (DELIVERED if kind is ReminderKind.THANKS else OPEN)]
