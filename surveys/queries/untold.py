"""Which open questions the library has not been mailed about: the mail was refused, or never left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from surveys.models import ContactKind, ContactMoment, Remark
from surveys.queries.contact import mails_since
from surveys.workflow import RemarkState, Role

UNDER_WAY = timedelta(minutes=5)
"""A mail of which nothing is known for longer than this never left."""


def asked_at(remark: Remark) -> datetime | None:
    """When the library was last asked; None for a draft. No query when it was read with its conversation."""
    again = [one.at for one in remark.replies.all() if one.side == Role.KB]
    return max(again, default=remark.sent_at)


def asked_path(remark: Remark) -> str:
    """Where the library answers it; its list, participation and organisation have been read."""
    participation = remark.submission.participation
    return reverse(
        "asked",
        kwargs={
            "year": participation.round_id,
            "isil": participation.organisation.isil,
            "questionnaire": remark.submission.questionnaire,
            "remark": remark.pk,
        },
    )


def untold_of(remarks: Iterable[Remark]) -> list[Remark]:
    """Of the remarks of one list, the open questions of which no mail was taken since they were asked. At most one query.

    A mail that is under way counts as sent for a while.
    """
    waiting = {
        one: at
        for one in remarks
        if one.is_to_library and one.current_state is RemarkState.OPEN and (at := asked_at(one))
    }
    if not waiting:
        return []
    participation = next(iter(waiting)).submission.participation
    mails = mails_since(participation, ContactKind.QUESTION, min(waiting.values()))
    fresh = timezone.now() - UNDER_WAY
    return [
        one
        for one, at in waiting.items()
        if not any(_tells(mail, one, at) and (mail.sent_at or _is_under_way(mail, fresh)) for mail in mails)
    ]


def _tells(mail: ContactMoment, remark: Remark, since: datetime) -> bool:
    return mail.at >= since and asked_path(remark) in mail.text


def _is_under_way(mail: ContactMoment, fresh: datetime) -> bool:
    return not mail.error and mail.at > fresh
