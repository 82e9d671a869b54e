"""The states of a submission and who may move it from one to the next: one table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SubmissionState(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"

    @property
    def word(self) -> str:
        return _WORDS[self]


_WORDS = {
    SubmissionState.NOT_STARTED: "niet begonnen",
    SubmissionState.IN_PROGRESS: "bezig",
    SubmissionState.SUBMITTED: "ingediend",
    SubmissionState.RETURNED: "teruggestuurd",
    SubmissionState.APPROVED: "goedgekeurd",
}


class Role(StrEnum):
    LIBRARY = "library"
    POI = "poi"
    KB = "kb"


@dataclass(frozen=True, slots=True)
class Step:
    """A transition. `needs_reason`: the one who makes it must say why."""

    name: str
    before: frozenset[SubmissionState]
    after: SubmissionState
    role: Role
    needs_reason: bool = False


STEPS = {
    step.name: step
    for step in (
        Step(
            "begin",
            frozenset({SubmissionState.NOT_STARTED, SubmissionState.RETURNED}),
            SubmissionState.IN_PROGRESS,
            Role.LIBRARY,
        ),
        Step(
            "submit",
            frozenset({SubmissionState.IN_PROGRESS, SubmissionState.RETURNED}),
            SubmissionState.SUBMITTED,
            Role.LIBRARY,
        ),
        Step(
            "return",
            frozenset({SubmissionState.SUBMITTED, SubmissionState.APPROVED}),
            SubmissionState.RETURNED,
            Role.KB,
            needs_reason=True,
        ),
        Step(
            "approve",
            frozenset({SubmissionState.SUBMITTED}),
            SubmissionState.APPROVED,
            Role.KB,
        ),
    )
}

OPEN = frozenset({SubmissionState.NOT_STARTED, SubmissionState.IN_PROGRESS, SubmissionState.RETURNED})
"""The states in which the library fills in."""

DELIVERED = frozenset({SubmissionState.SUBMITTED, SubmissionState.APPROVED})


class StepRefusedError(Exception):
    """This transition cannot be made; the message says why, in Dutch."""


def step(name: str, state: SubmissionState, role: Role, reason: str = "") -> Step:
    """The step, if this role may make it from this state. Raises StepRefusedError."""
    one = STEPS[name]
    if role is not one.role:
        raise StepRefusedError("U mag deze stap niet zetten.")
    if state not in one.before:
        raise StepRefusedError(f"Deze vragenlijst is {state.word}; deze stap kan nu niet.")
    if one.needs_reason and not reason.strip():
        raise StepRefusedError("Geef een reden op.")
    return one
