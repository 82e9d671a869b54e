"""Every change of one answer, from the log; and what the KB corrected in the lists of a library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from surveys.models import AnswerChange, Participation, Source, Submission
from surveys.models.answer import to_value
from surveys.values import Key, Value

_COLUMNS = (
    "question", "row", "old_state", "old_hundredths", "old_text", "state", "hundredths", "text",
    "is_estimate", "note", "source", "reason", "at", "by__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """From and to; None: no answer. `by`: a name, empty for what was loaded."""

    key: Key
    before: Value | None
    after: Value | None
    is_estimate: bool
    note: str
    source: Source
    reason: str
    at: datetime
    by: str


def history_of(submission: Submission, key: Key) -> Sequence[Change]:
    """Newest first. One query."""
    code, row = key
    log = AnswerChange.objects.filter(submission=submission, question=code, row=row)
    return [_change(columns) for columns in log.order_by("-at", "-pk").values_list(*_COLUMNS)]


def changes_since(submission: Submission, keys: Sequence[Key], since: datetime) -> Sequence[Change]:
    """Of these answers, oldest first. One query."""
    log = AnswerChange.objects.filter(
        submission=submission, question__in={code for code, _ in keys}, at__gte=since
    )
    changes = (_change(columns) for columns in log.order_by("at", "pk").values_list(*_COLUMNS))
    return [one for one in changes if one.key in set(keys)]


def corrections_of(submission: Submission) -> Sequence[Change]:
    """What the KB corrected in one list, oldest first. One query."""
    log = AnswerChange.objects.filter(submission=submission, source=Source.KB.value)
    return [_change(columns) for columns in log.order_by("at", "pk").values_list(*_COLUMNS)]


def corrections_in(participation: Participation) -> Mapping[str, Sequence[Change]]:
    """By questionnaire, what the KB corrected in the lists of a library. One query."""
    log = AnswerChange.objects.filter(submission__participation=participation, source=Source.KB.value)
    found: dict[str, list[Change]] = {}
    for questionnaire, *columns in log.order_by("at", "pk").values_list(
        "submission__questionnaire", *_COLUMNS
    ):
        found.setdefault(questionnaire, []).append(_change(columns))
    return found


def _change(columns: Sequence[Any]) -> Change:
    """From the columns _COLUMNS."""
    question, row, *values, is_estimate, note, source, reason, at, by = columns
    before, after = values[:3], values[3:]
    return Change(
        key=(question, row),
        before=to_value(*before) if before[0] else None,
        after=to_value(*after) if after[0] else None,
        is_estimate=is_estimate,
        note=note,
        source=Source(source),
        reason=reason,
        at=at,
        by=by or "",
    )
