"""What the KB asks libraries about their answers, and what is said about it: of a list, of a library, of a year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from surveys.models import Membership, Organisation, Participation, Remark, Reply, Submission, User
from surveys.permissions import Access
from surveys.queries.steps import when_in_words
from surveys.values import Key
from surveys.workflow import Audience, RemarkState, Role

_WAITING = (RemarkState.DRAFT, RemarkState.OPEN, RemarkState.ANSWERED)
TO_LIBRARY, TO_KB = Q(audience=Audience.LIBRARY.value), Q(audience=Audience.KB.value)
IN_THE_WAY = TO_LIBRARY & Q(state__in=[state.value for state in _WAITING])
"""Questions to the library that are not done with: they stand between a list and its approval."""


@dataclass(frozen=True, slots=True)
class RemarkCounts:
    """Of one list. `comments`: those of a POI to the KB that are open."""

    draft: int = 0
    open: int = 0
    answered: int = 0
    comments: int = 0

    @property
    def in_the_way(self) -> int:
        return self.draft + self.open + self.answered


def visible_to(access: Access, user: User) -> Q:
    """The KB sees all; a library what was put to it; a POI that, and what its own people wrote to the KB. No query."""
    if access.role is Role.KB:
        return Q()
    sent = TO_LIBRARY & ~Q(state=RemarkState.DRAFT.value)
    if access.role is not Role.POI:
        return sent
    pois = Membership.objects.filter(role=Role.POI.value)
    own = pois.filter(organisation__in=pois.filter(user=user).values("organisation"))
    return sent | (TO_KB & Q(made_by__in=own.values("user")))


def with_conversation(remarks: QuerySet[Remark]) -> QuerySet[Remark]:
    """Each with who did what, its replies and the answers that it reopens: three queries in all."""
    replies = Reply.objects.select_related("by")
    return remarks.select_related("made_by", "assignee", "closed_by").prefetch_related(
        Prefetch("replies", replies), "reopened"
    )


def remarks_of(submission: Submission, shown: Q | None = None, key: Key | None = None) -> list[Remark]:
    """Of one list, which each holds, oldest first. Three queries.

    `shown`: see `visible_to`; `key`: only those about this answer.
    """
    found = Remark.objects.filter(shown or Q(), submission=submission)
    if key is not None:
        found = found.filter(question=key[0], row=key[1])
    return [_of(one, submission) for one in with_conversation(found)]


def find_remark(submission: Submission, pk: int, shown: Q) -> Remark:
    """Three queries. Raises Http404."""
    remark = with_conversation(Remark.objects.filter(shown, submission=submission)).filter(pk=pk).first()
    if remark is None:
        raise Http404("Deze vraag is er niet (meer).")
    return _of(remark, submission)


def _of(remark: Remark, submission: Submission) -> Remark:
    """With the list as it was read, and all that was read with it."""
    remark.submission = submission
    return remark


def in_the_way_of(submission: Submission) -> RemarkCounts:
    """The questions to the library that are not done with, by how they stand. One query."""
    states = submission.remarks.filter(IN_THE_WAY).order_by().values_list("state").annotate(Count("pk"))
    return RemarkCounts(**dict(states))


def counts_of(remarks: Iterable[Remark]) -> RemarkCounts:
    """The same of remarks that have been read, with the comments of a POI that are open. No query."""
    left = [one for one in remarks if one.current_state is not RemarkState.CLOSED]
    states = Counter(one.current_state for one in left if one.is_to_library)
    return RemarkCounts(
        draft=states[RemarkState.DRAFT],
        open=states[RemarkState.OPEN],
        answered=states[RemarkState.ANSWERED],
        comments=sum(not one.is_to_library for one in left),
    )


def open_remarks_of_year(year: int, organisations: QuerySet[Organisation]) -> Mapping[int, RemarkCounts]:
    """By submission; without those that have none. One query."""
    counted = (
        Remark.objects.filter(
            submission__participation__round_id=year,
            submission__participation__organisation__in=organisations,
        )
        .exclude(state=RemarkState.CLOSED.value)
        .values("submission_id")
        .annotate(
            drafts=Count("pk", TO_LIBRARY & Q(state=RemarkState.DRAFT.value)),
            asked=Count("pk", TO_LIBRARY & Q(state=RemarkState.OPEN.value)),
            told=Count("pk", TO_LIBRARY & Q(state=RemarkState.ANSWERED.value)),
            comments=Count("pk", TO_KB),
        )
        .order_by()
        .values_list("submission_id", "drafts", "asked", "told", "comments")
    )
    return {pk: RemarkCounts(*counts) for pk, *counts in counted}


def asked_of(participation: Participation) -> Mapping[str, Sequence[Remark]]:
    """By questionnaire, the questions that the library still has to answer, oldest first. One query."""
    found: dict[str, list[Remark]] = {}
    waiting = Remark.objects.filter(
        TO_LIBRARY, submission__participation=participation, state=RemarkState.OPEN.value
    )
    for one in waiting.select_related("submission", "made_by"):
        one.submission.participation = participation
        found.setdefault(one.submission.questionnaire, []).append(one)
    return found


def reopened_keys(remark: Remark) -> frozenset[Key]:
    """No query when it was read with its conversation."""
    return frozenset((one.question, one.row) for one in remark.reopened.all())


def stand_of(remark: Remark) -> str:
    """Names the state and the newest reply that a page showed: acting on another stand is acting on a stale page."""
    newest = max((one.pk for one in remark.replies.all()), default=0)
    return f"{remark.state}.{newest}"


def meanwhile(remark: Remark, seen: str) -> str:
    """What happened since the page that saw that stand, in words."""
    _, _, text = seen.partition(".")
    newest = int(text) if text.isdecimal() and len(text) < 19 else 0
    told = [_reply_in_words(one) for one in remark.replies.all() if one.pk > newest]
    if remark.closed_at and remark.closed_by:
        told.append(f"{remark.closed_by} sloot deze vraag {when_in_words(remark.closed_at)} af.")
    elif not told and remark.sent_at:
        told.append(f"Deze vraag is {when_in_words(remark.sent_at)} verstuurd.")
    return " ".join(told)


_SAID = {Role.LIBRARY: "antwoordde", Role.POI: "schreef", Role.KB: "schreef"}


def _reply_in_words(reply: Reply) -> str:
    return f"{reply.by} {_SAID[Role(reply.side)]} {when_in_words(reply.at)}: ‘{reply.text}’"


@dataclass(frozen=True, slots=True)
class RemarkSelection:
    """Which remarks the page shows; empty: all. `state` None: those that are not closed."""

    state: RemarkState | None = None
    assignee: int | None = None
    questionnaire: str = ""
    province: str = ""


@dataclass(frozen=True, slots=True)
class RemarkTable:
    """`counts`: per state, before the selection on state. Of each remark `waiting_since` tells the last thing said.

    `drafts`: those among them that were not sent. Neither has been read yet.
    """

    remarks: QuerySet[Remark]
    drafts: QuerySet[Remark]
    counts: Mapping[RemarkState, int]


def remark_table(
    year: int, organisations: QuerySet[Organisation], shown: Q, selection: RemarkSelection
) -> RemarkTable:
    """Of a year; what has waited longest comes first. One query, and three for each of the two that is read."""
    found = Remark.objects.filter(
        shown,
        submission__participation__round_id=year,
        submission__participation__organisation__in=organisations,
        submission__participation__ended_by=None,
    )
    if selection.assignee is not None:
        found = found.filter(assignee=selection.assignee)
    if selection.questionnaire:
        found = found.filter(submission__questionnaire=selection.questionnaire)
    if selection.province:
        found = found.filter(submission__participation__organisation__province=selection.province)
    counted = dict(found.order_by().values_list("state").annotate(Count("pk")))
    if selection.state is not None:
        found = found.filter(state=selection.state.value)
    else:
        found = found.exclude(state=RemarkState.CLOSED.value)
    newest = Reply.objects.filter(remark=OuterRef("pk")).order_by("-at").values("at")[:1]
    rows = with_conversation(found).select_related("submission__participation__organisation")
    waiting = rows.annotate(waiting_since=Coalesce(Subquery(newest), "sent_at", "made_at"))
    ordered = waiting.order_by("waiting_since", "pk")
    return RemarkTable(
        remarks=ordered,
        drafts=ordered.filter(state=RemarkState.DRAFT.value),
        counts={state: counted.get(state.value, 0) for state in RemarkState},
    )


def drafts_of(remarks: Iterable[Remark]) -> Mapping[int, Sequence[Remark]]:
    """By submission, those that were written and not sent."""
    found: dict[int, list[Remark]] = {}
    for one in remarks:
        if one.current_state is RemarkState.DRAFT:
            found.setdefault(one.submission_id, []).append(one)
    return found
