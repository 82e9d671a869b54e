"""Telling the library what the KB wants to know of a list: one mail with a link to each question.

The mails are logged in the transaction that opens the questions and sent after it: what is open was mailed, or the
contact log tells that its mail never left, and it can be mailed again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from surveys.actions.links import absolute
from surveys.actions.mail import Outbox, deliver, letter, log_mail
from surveys.actions.remarks import ask_again, lock_list, send_drafts
from surveys.models import ContactKind, ContactMoment, Remark, Submission, User
from surveys.queries.contact import recipients_of
from surveys.queries.remarks import remarks_of
from surveys.queries.untold import asked_path, untold_of
from surveys.questionnaires.loader import load_edition
from surveys.workflow import Role


@dataclass(frozen=True, slots=True)
class Sent:
    """The questions that went out, and the mails that tell of them: to each what came of it."""

    remarks: Sequence[Remark]
    mails: Sequence[ContactMoment]

    @property
    def refused(self) -> Sequence[ContactMoment]:
        return [one for one in self.mails if one.error]


def send_remarks(*, submission: Submission, only: Collection[int], by: User) -> Sent:
    """Send the drafts of these numbers, in one mail to the contact person; without one to all who may fill in the list.

    A second time by a double click sends nothing. A mail that is refused leaves the questions open: the library
    reads them on its own pages, and the contact log tells of the refusal. Raises StepRefusedError, see `send_drafts`.
    """
    with transaction.atomic(durable=True):
        remarks = send_drafts(submission=submission, only=only)
        mails = _logged(submission, remarks, by)
    return _sent(remarks, mails)


def ask_anew(*, remark: Remark, by: User, text: str, seen: str) -> Sent:
    """Ask again, see `ask_again`, and mail it. A second time by a double click mails nothing."""
    with transaction.atomic(durable=True):
        again = ask_again(remark=remark, by=by, text=text, seen=seen)
        submission = again.submission
        remarks = [one for one in untold_of(remarks_of(submission)) if one.pk == again.pk]
        mails = _logged(submission, remarks, by)
    return _sent(remarks, mails)


def mail_again(*, submission: Submission, by: User) -> Sent:
    """Mail the open questions of which no mail was taken. A second time, while that is under way, mails nothing."""
    with transaction.atomic(durable=True):
        locked = lock_list(submission)
        remarks = untold_of(remarks_of(locked))
        mails = _logged(locked, remarks, by)
    return _sent(remarks, mails)


def _sent(remarks: Sequence[Remark], mails: Sequence[ContactMoment]) -> Sent:
    with Outbox() as outbox:
        for one in mails:
            deliver(moment=one, outbox=outbox)
    return Sent(remarks, mails)


def _logged(submission: Submission, remarks: Sequence[Remark], by: User) -> list[ContactMoment]:
    """One mail about all of these to each who is to know."""
    if not remarks:
        return []
    participation = submission.participation
    edition = load_edition(participation.round_id)
    rows = dict(participation.organisation.locations.values_list("isil", "name"))
    told = list(_told(submission, remarks, rows))
    mails = []
    for recipient in recipients_of([submission])[submission.pk]:
        said = letter(
            "questions",
            {
                "recipient": recipient,
                "year": edition.year,
                "questionnaire": edition.by_code[submission.questionnaire],
                "organisation": participation.organisation,
                "questions": told,
                "by": by,
            },
        )
        mails.append(
            log_mail(
                participation=participation,
                recipient=recipient,
                kind=ContactKind.QUESTION,
                subject=said.subject,
                text=said.text,
                by=by,
            )
        )
    return mails


def _told(
    submission: Submission, remarks: Sequence[Remark], rows: dict[str, str]
) -> Iterator[tuple[str, str, str]]:
    """What each is about, what is asked or was asked last, and where it is answered."""
    questions = load_edition(submission.participation.round_id).questions
    for one in remarks:
        one.submission = submission
        about = questions.get(one.question)
        label = f"{about.number} {about.label}" if about else "Over de hele lijst"
        where = f", {rows[one.row]}" if one.row in rows else ""
        again = [reply for reply in one.replies.all() if reply.side == Role.KB]
        text = max(again, key=lambda reply: reply.pk).text if again else one.text
        yield f"{label}{where}", text, absolute(f"{asked_path(one)}#antwoord")
