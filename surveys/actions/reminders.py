"""Sending a round of reminders or thanks: each organisation's mails are claimed in the database before they go."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from surveys.actions.letters import list_url
from surveys.actions.links import absolute
from surveys.actions.locks import in_lock_order
from surveys.actions.mail import Letter, Outbox, deliver, letter, log_mail
from surveys.models import ContactKind, ContactMoment, Participation, Reminder, ReminderKind, Submission, User
from surveys.queries.reminders import Addressed, DueReminders, day_of, is_due_open, states_of
from surveys.queries.terms import with_terms
from surveys.workflow import SubmissionState

MAX_PARAGRAPH = 1_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail as it would go out. `name`: who it is to, `digest`: what exactly it says."""

    addressed: Addressed
    letter: Letter

    @property
    def name(self) -> str:
        return f"{self.addressed.participation.pk}-{self.addressed.recipient.pk}"

    @property
    def digest(self) -> str:
        said = "\n".join((self.addressed.recipient.email, self.letter.subject, self.letter.text))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


class _OvertakenError(Exception):
    """A list is no longer what its mail is about."""


@dataclass(slots=True)
class Sent:
    """What came of a round. `overtaken`: whose lists changed, or were named in another mail, just before theirs went."""

    taken: list[ContactMoment] = field(default_factory=list)
    refused: list[ContactMoment] = field(default_factory=list)
    overtaken: list[Participation] = field(default_factory=list)


def drafts(due: DueReminders, *, today: date, paragraph: str = "", by: User | None = None) -> list[Draft]:
    """The mails in full. `paragraph`: what the KB adds to all of them. No query."""
    return [
        Draft(one, letter("thanks" if due.kind is ReminderKind.THANKS else "reminder", context))
        for one in due.letters
        for context in [_context(one, due.kind, today=today, paragraph=paragraph, by=by)]
    ]


def _context(
    addressed: Addressed, kind: ReminderKind, *, today: date, paragraph: str, by: User | None
) -> dict[str, Any]:
    participation, recipient = addressed.participation, addressed.recipient
    place = {"year": participation.round_id, "isil": participation.organisation.isil}
    page = "receipt" if kind is ReminderKind.THANKS else "questionnaire"
    lists = [
        {
            "title": one.title,
            "day": one.day,
            "term": one.submission.term,
            "state": one.submission.current_state.word,
            "is_returned": one.submission.current_state is SubmissionState.RETURNED,
            "submitted_at": one.submission.submitted_at,
            "url": list_url(one.submission, page),
        }
        for one in addressed.lists
    ]
    return {
        "kind": kind.value,
        "organisation": participation.organisation,
        "year": participation.round_id,
        "recipient": recipient,
        "lists": lists,
        "first": min(one.day for one in addressed.lists),
        "today": today,
        "paragraph": paragraph,
        "is_contact": all(one.submission.contact_id == recipient.pk for one in addressed.lists),
        "contacts_url": absolute(reverse("contacts", kwargs=place)),
        "by": by,
    }


def send_reminders(*, kind: ReminderKind, drafted: Iterable[Draft], by: User | None) -> Sent:
    """Send them over one connection and go on after a refusal. `by`: nobody when a command sends them.

    Whoever sends the same at the same moment sends the rest: no list is named twice about one date.
    """
    of_organisation: dict[int, list[Draft]] = {}
    for one in drafted:
        of_organisation.setdefault(one.addressed.participation.pk, []).append(one)
    sent = Sent()
    with Outbox() as outbox:
        for own in of_organisation.values():
            moments = _claim(kind, own, by)
            if moments is None:
                sent.overtaken.append(own[0].addressed.participation)
                continue
            for moment in moments:
                deliver(moment=moment, outbox=outbox)
                (sent.refused if moment.error else sent.taken).append(moment)
            _settle(kind, own, moments)
    return sent


def _claim(kind: ReminderKind, own: Sequence[Draft], by: User | None) -> list[ContactMoment] | None:
    """Log the mails to one organisation, and that their lists have been told about.

    None, and nothing is logged, when somebody told about one of them first, or when one is not as its mail says any
    more: it came in, its dates are others, its day has passed, or the organisation takes no part any more.
    """
    contact = ContactKind.THANKS if kind is ReminderKind.THANKS else ContactKind.REMINDER
    try:
        with transaction.atomic(durable=True):
            _hold(kind, own)
            moments = [
                log_mail(
                    participation=one.addressed.participation,
                    recipient=one.addressed.recipient,
                    kind=contact,
                    subject=one.letter.subject,
                    text=one.letter.text,
                    by=by,
                )
                for one in own
            ]
            told: dict[int, Reminder] = {}
            for one, moment in zip(own, moments, strict=True):
                for due in one.addressed.lists:
                    pk = due.submission.pk
                    told.setdefault(
                        pk, Reminder(submission_id=pk, kind=kind.value, day=due.day, moment=moment)
                    )
            Reminder.objects.bulk_create(told.values())
    except (IntegrityError, _OvertakenError):
        return None
    return moments


def _hold(kind: ReminderKind, own: Sequence[Draft]) -> None:
    """Lock the lists of one organisation until the mails are logged. Raises _OvertakenError for one that changed."""
    previewed = {due.submission.pk: due for one in own for due in one.addressed.lists}
    # In one order, so that two who send at once wait for each other and never in a circle.
    lists = Submission.objects.select_for_update(of=("self",)).filter(pk__in=previewed)
    list(in_lock_order(lists).values_list("pk", flat=True))
    # Read once they are held: an organisation is ended, and given more time, by whoever holds its lists.
    now = with_terms(Submission.objects.filter(pk__in=previewed)).select_related("participation")
    today, states = timezone.localdate(), states_of(kind)
    found = {one.pk: one for one in now}
    for pk, due in previewed.items():
        one = found.get(pk)
        if (
            one is None
            or one.participation.ended_by_id is not None
            or one.state not in states
            or (one.state, one.term) != (due.submission.state, due.submission.term)
            or day_of(one, kind, today) != due.day
            or not is_due_open(one, kind, today)
        ):
            raise _OvertakenError


def _settle(kind: ReminderKind, own: Sequence[Draft], moments: Sequence[ContactMoment]) -> None:
    """A list that was in no mail that the server took has not been told about: a next round tries again."""
    for pk, day in {(due.submission.pk, due.day) for one in own for due in one.addressed.lists}:
        naming = [
            moment
            for one, moment in zip(own, moments, strict=True)
            if any(due.submission.pk == pk for due in one.addressed.lists)
        ]
        taken = [moment for moment in naming if not moment.error]
        claim = Reminder.objects.filter(submission=pk, kind=kind.value, day=day)
        if not taken:
            claim.delete()
        elif naming[0].error:
            claim.update(moment=taken[0])
