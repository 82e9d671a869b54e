"""What happened to the answers of a list after they were first given: changes, and corrections by the KB."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef

from surveys.models import AnswerChange, Source, Submission
from surveys.models.answer import to_value
from surveys.values import Key, Value


@dataclass(frozen=True, slots=True)
class Correction:
    """What stands now is the KB's. `original`: what the library had given, None for nothing; `by`: a name."""

    original: Value | None
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Trail:
    """`changes`: how often another answer came in its place. `is_later`: the last time after the KB approved the list."""

    changes: int
    is_later: bool = False
    correction: Correction | None = None


def trails_of(submission: Submission) -> Mapping[Key, Trail]:
    """By answer, of those that were changed. Two queries."""
    checked_at = submission.approved_at
    log = AnswerChange.objects.filter(submission=submission)
    counts = log.values("question", "row").annotate(count=Count("pk"), last=Max("at")).filter(count__gt=1)
    found = {
        (question, row): Trail(count - 1, checked_at is not None and last > checked_at)
        for question, row, count, last in counts.values_list("question", "row", "count", "last")
    }
    for key, correction in _corrections(submission).items():
        found[key] = replace(found.get(key, Trail(1)), correction=correction)
    return found


def _corrections(submission: Submission) -> Mapping[Key, Correction]:
    """Of the answers that stand as the KB left them. One query."""
    log = AnswerChange.objects.filter(submission=submission)
    same = AnswerChange.objects.filter(
        submission=submission, question=OuterRef("question"), row=OuterRef("row"), source=Source.KB.value
    )
    changes = (
        log.filter(Exists(same))
        .order_by("at", "pk")
        .values_list(
            "question", "row", "source", "old_state", "old_hundredths", "old_text", "reason", "at", "by__name"
        )
    )
    found: dict[Key, Correction] = {}
    for question, row, source, state, hundredths, text, reason, at, by in changes:
        before = found.pop((question, row), None)
        if source == Source.KB.value:
            given = to_value(state, hundredths, text) if state else None
            original = before.original if before else given
            found[question, row] = Correction(original, reason, at, by or "")
    return found
