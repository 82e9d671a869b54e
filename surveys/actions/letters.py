"""The mails about one list that the KB's own steps bring about: it came back, or may come in later."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from surveys.actions.links import absolute
from surveys.actions.mail import Outbox, letter, send_mail_to
from surveys.models import ContactKind, ContactMoment, Extension, Submission, User
from surveys.queries.contact import recipients_of
from surveys.questionnaires.loader import load_edition


def tell_returned(*, submission: Submission, reason: str, by: User) -> list[ContactMoment]:
    """To its contact person, or else all who may fill it in: why it came back and until when it can be changed."""
    return _tell(submission, ContactKind.RETURNED, by, {"reason": reason})


def tell_extended(*, extension: Extension, submission: Submission, by: User) -> list[ContactMoment]:
    """To the same: until when it may be delivered now, and why."""
    return _tell(submission, ContactKind.EXTENSION, by, {"extension": extension})


def _tell(submission: Submission, kind: ContactKind, by: User, more: dict[str, Any]) -> list[ContactMoment]:
    """Templates carry the names of the kinds. `submission`: read with its organisation and its term."""
    participation = submission.participation
    year = participation.round_id
    context = {
        "organisation": participation.organisation,
        "year": year,
        "title": load_edition(year).by_code[submission.questionnaire].title,
        "term": submission.term,
        "url": list_url(submission, "questionnaire"),
        "by": by,
        **more,
    }
    moments = []
    with Outbox() as outbox:
        for one in recipients_of([submission])[submission.pk]:
            drafted = letter(kind.value, {**context, "recipient": one})
            moments.append(
                send_mail_to(
                    participation=participation,
                    recipient=one,
                    kind=kind,
                    subject=drafted.subject,
                    text=drafted.text,
                    by=by,
                    outbox=outbox,
                )
            )
    return moments


def list_url(submission: Submission, name: str) -> str:
    """The page of this name of a list, as a mail leads to it."""
    participation = submission.participation
    place = {"year": participation.round_id, "isil": participation.organisation.isil}
    return absolute(reverse(name, kwargs={**place, "questionnaire": submission.questionnaire}))
