"""What a change in a delivered list does to its checks: what cannot stay so, and what wants an explanation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.queries.deliveries import Delivery
from surveys.queries.progress import Todo, TodoKind, todo_of
from surveys.queries.signals import Signal


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
