"""Which lists moved between two releases of a year, or since one, and whose answers so began or stopped to count."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Subquery, Window
from django.db.models.functions import Lead

from surveys.models import Answer, AnswerChange, Release, Submission, Transition
from surveys.queries.as_of import AsOf, as_of_release
from surveys.queries.year import state_at
from surveys.workflow import DELIVERED, SubmissionState


@dataclass(frozen=True, slots=True)
class ChangedList:
    """`at`: of the last step; `reason`: of the last return. `answers`: that began or stopped to count, 0 of neither."""

    isil: str
    organisation: str
    province: str
    questionnaire: str
    before: SubmissionState
    after: SubmissionState
    at: datetime | None
    reason: str
    answers: int

    @property
    def begins(self) -> bool:
        return self.after in DELIVERED and self.before not in DELIVERED

    @property
    def stops(self) -> bool:
        return self.before in DELIVERED and self.after not in DELIVERED


def changed_lists(
    first: Release, second: Release | None, *, questionnaire: str = "", province: str = ""
) -> list[ChangedList]:
    """By organisation and list, those with another state; None: as they stand now. Three queries.

    What was returned and submitted again is not among them.
    """
    until = {"at__lte": second.at} if second is not None else {}
    steps = Transition.objects.filter(submission=OuterRef("pk"), at__gt=first.at, **until).order_by(
        "-at", "-pk"
    )
    lists = Submission.objects.filter(participation__round_id=first.round_id)
    if questionnaire:
        lists = lists.filter(questionnaire=questionnaire)
    if province:
        lists = lists.filter(participation__organisation__province=province)
    rows = lists.annotate(
        was=state_at(first.at),
        became=state_at(second.at) if second is not None else F("state"),
        moved_at=Subquery(steps.values("at")[:1]),
        why=Subquery(steps.filter(step="return").values("reason")[:1]),
    ).exclude(was=F("became"))
    whose = "participation__organisation__"
    found = list(
        rows.order_by(f"{whose}name", f"{whose}isil", "questionnaire").values_list(
            "pk", f"{whose}isil", f"{whose}name", f"{whose}province", "questionnaire",
            "was", "became", "moved_at", "why",
        )
    )  # fmt: skip
    begun = {row[0] for row in found if row[6] in DELIVERED and row[5] not in DELIVERED}
    stopped = {row[0] for row in found if row[5] in DELIVERED and row[6] not in DELIVERED}
    counts = {
        **_answers(begun, as_of_release(second) if second is not None else None),
        **_answers(stopped, as_of_release(first)),
    }
    return [
        ChangedList(
            isil, name, of_province, code, SubmissionState(was), SubmissionState(became), at,
            (why or "") if became == SubmissionState.RETURNED else "", counts.get(pk, 0),
        )
        for pk, isil, name, of_province, code, was, became, at, why in found
    ]  # fmt: skip


def _answers(lists: Collection[int], as_of: AsOf | None) -> Mapping[int, int]:
    """How many answers each list had. One query."""
    if as_of is None:
        held = Answer.objects.filter(submission__in=lists).values("submission_id")
        return dict(held.annotate(count=Count("pk")).values_list("submission_id", "count"))
    following = Window(Lead("pk"), partition_by=["submission_id", "question", "row"], order_by=["at", "pk"])
    lines = AnswerChange.objects.filter(submission__in=lists, **as_of.changes).annotate(following=following)
    counts = dict.fromkeys(lists, 0)
    for pk, state in lines.filter(following=None).values_list("submission_id", "state"):
        counts[pk] += bool(state)
    return counts
