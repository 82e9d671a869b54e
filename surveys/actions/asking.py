"""Sending what the KB wants to know of a list: the drafts become open questions, and one mail tells the library."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from surveys.actions.links import absolute
from surveys.actions.mail import letter, send_mail_to
from surveys.actions.remarks import send_drafts
from surveys.models import ContactKind, ContactMoment, Remark, Submission, User
from surveys.queries.contact import recipients_of
from surveys.questionnaires.loader import load_edition


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
    reads them on its own pages, and the contact log tells of the refusal.
    """
    remarks = send_drafts(submission=submission, only=only)
    if not remarks:
        return Sent((), ())
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
            send_mail_to(
                participation=participation,
                recipient=recipient,
                kind=ContactKind.QUESTION,
                subject=said.subject,
                text=said.text,
                by=by,
            )
        )
    return Sent(remarks, mails)


def _told(
    submission: Submission, remarks: Sequence[Remark], rows: dict[str, str]
) -> Iterator[tuple[str, str, str]]:
    """What each is about, what is asked, and where it is answered."""
    participation = submission.participation
    questions = load_edition(participation.round_id).questions
    place = {
        "year": participation.round_id,
        "isil": participation.organisation.isil,
        "questionnaire": submission.questionnaire,
    }
    for one in remarks:
        about = questions.get(one.question)
        label = f"{about.number} {about.label}" if about else "Over de hele lijst"
        where = f", {rows[one.row]}" if one.row in rows else ""
        url = reverse("asked", kwargs={**place, "remark": one.pk})
        yield f"{label}{where}", one.text, absolute(f"{url}#antwoord")
