"""The remarks of a year as they go out: who said what is told by side, not by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from surveys.models import Remark, Reply
from surveys.queries.streams import Scope
from surveys.workflow import Audience, RemarkState, Role

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Said:
    at: datetime
    side: Role
    text: str


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """`state`: as of the moment; `asked_at`: when it was sent. No row and no question: about the whole list."""

    participation_id: int
    questionnaire: str
    question: str
    row: str
    audience: Audience
    state: RemarkState
    asked_at: datetime
    text: str
    replies: Sequence[Said]
    closed_at: datetime | None


_OWNER = "submission__participation__"


def remarks_of_year(scope: Scope, as_of: datetime | None = None) -> Iterator[RemarkRow]:
    """What was sent, in the order of the scope and then oldest first; as it stood at `as_of`. Two queries for every 500."""
    sent = Remark.objects.filter(**scope.within(_OWNER), sent_at__isnull=False)
    said = Reply.objects.all()
    if as_of is not None:
        sent, said = sent.filter(sent_at__lte=as_of), said.filter(at__lte=as_of)
    rows = sent.select_related("submission").prefetch_related(Prefetch("replies", said))
    for one in rows.order_by(scope.order(_OWNER), "sent_at", "pk").iterator(CHUNK):
        yield _row(one, as_of)


def _row(remark: Remark, as_of: datetime | None) -> RemarkRow:
    replies = [Said(one.at, Role(one.side), one.text) for one in remark.replies.all()]
    is_closed = remark.closed_at is not None and (as_of is None or remark.closed_at <= as_of)
    return RemarkRow(
        participation_id=remark.submission.participation_id,
        questionnaire=remark.submission.questionnaire,
        question=remark.question,
        row=remark.row,
        audience=Audience(remark.audience),
        state=RemarkState.CLOSED if is_closed else _state(remark, replies),
        asked_at=remark.sent_at or remark.made_at,
        text=remark.text,
        replies=replies,
        closed_at=remark.closed_at if is_closed else None,
    )


def _state(remark: Remark, replies: Sequence[Said]) -> RemarkState:
    """While it is not closed, who spoke last tells whose turn it is."""
    is_answered = remark.is_to_library and bool(replies) and replies[-1].side is Role.LIBRARY
    return RemarkState.ANSWERED if is_answered else RemarkState.OPEN
