"""What a change in a delivered list does to its checks: what cannot stay so, and what wants an explanation.

And what a change of the profile does to the delivered lists beside it, which read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from surveys.models import Submission
from surveys.queries.deliveries import Delivery, delivery_of
from surveys.queries.progress import Todo, TodoKind, todo_of
from surveys.queries.signals import Signal
from surveys.questionnaires.schema import PROFILE, Question
from surveys.workflow import DELIVERED, SubmissionState


@dataclass(frozen=True, slots=True)
class Recheck:
    """`errors` and `missing` were not there before the change. `odd`: warnings that are new or have other figures now."""

    after: Delivery
    errors: Sequence[Signal]
    missing: Sequence[Todo]
    odd: Sequence[Signal]

    @property
    def is_refused(self) -> bool:
        return bool(self.errors or self.missing)


def recheck(before: Delivery, after: Delivery) -> Recheck:
    """No query. What was open before may stay open: it is not this change that raised it."""
    had_errors = {(one.finding.code, one.finding.row) for one in before.signals if one.is_error}
    was_open = {_told(one) for one in before.signals if one.is_open}
    lacked = {_lacking(one) for one in todo_of(before)}
    left = [one for one in after.signals if one.is_open]
    return Recheck(
        after=after,
        errors=[
            one for one in left if one.is_error and (one.finding.code, one.finding.row) not in had_errors
        ],
        missing=[
            one for one in todo_of(after) if one.kind is TodoKind.MISSING and _lacking(one) not in lacked
        ],
        odd=[one for one in left if not one.is_error and _told(one) not in was_open],
    )


def _told(signal: Signal) -> tuple[str, str, str]:
    return signal.finding.code, signal.finding.row, signal.finding.figures


def _lacking(todo: Todo) -> tuple[TodoKind, str, str, str]:
    return todo.kind, *todo.key, todo.message


def readers_before(submission: Submission) -> list[Delivery]:
    """The delivered lists that read the profile, when that is what is about to change. One query, and two per list.

    Whoever delivers one of them holds the lock on the profile, so that none is missed under that lock.
    """
    if submission.questionnaire != PROFILE:
        return []
    beside = Submission.objects.filter(
        participation_id=submission.participation_id, state__in=[one.value for one in DELIVERED]
    ).exclude(pk=submission.pk)
    found = []
    for one in beside.order_by("pk"):
        one.participation = submission.participation
        found.append(delivery_of(one))
    return found


@dataclass(frozen=True, slots=True)
class Upset:
    """A delivered list that a change of the profile leaves otherwise than it was. `moved`: other figures, once approved."""

    recheck: Recheck
    moved: Sequence[Question]

    @property
    def title(self) -> str:
        return self.recheck.after.questionnaire.title

    @property
    def told(self) -> str:
        """What is the matter, in words: the first few of it."""
        found = self.recheck
        lacking = [f"{one.question.number} {one.question.label}" for one in found.missing]
        moved = [f"{one.number} {one.label}" for one in self.moved]
        parts = [
            *([f"dan ontbreekt {_first(lacking)}"] if lacking else []),
            *[one.finding.message.rstrip(".") for one in (*found.errors, *found.odd)][:_MOST],
            *([f"dan verandert {_first(moved)}"] if moved and not lacking else []),
        ]
        return f"{self.title}: {'; '.join(parts)}."


_MOST = 3


def _first(labels: Sequence[str]) -> str:
    labels = list(dict.fromkeys(labels))
    more = len(labels) - _MOST
    return ", ".join(labels[:_MOST]) + (f" en nog {more}" if more > 0 else "")


def upset_by(before: Sequence[Delivery]) -> Iterator[Upset]:
    """Those lists that the change does not leave as they were. Two queries per list."""
    for one in before:
        found = recheck(one, delivery_of(one.submission))
        is_approved = one.submission.current_state is SubmissionState.APPROVED
        moved = list(_moved(one, found.after)) if is_approved else []
        if found.is_refused or found.odd or moved:
            yield Upset(found, moved)


def _moved(before: Delivery, after: Delivery) -> Iterator[Question]:
    """The questions of the list of which another answer counts now, or another one is put."""
    was, now = before.evaluation, after.evaluation
    for code, question in before.questionnaire.questions.items():
        keys = [(code, row) for row in (before.rows if question.repeats else ("",))]
        if any(was.counted.get(key) != now.counted.get(key) for key in keys):
            yield question
