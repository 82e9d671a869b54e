"""The states of a submission and of a remark, and who may move them from one to the next: one table each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
        Step(
            "confirm",
            frozenset({SubmissionState.APPROVED}),
            SubmissionState.APPROVED,
            Role.KB,
        ),
    )
}
"""`confirm`: an answer was changed after the approval, and that change has been checked as well."""

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


class RemarkState(StrEnum):
    """A question about an answer, and where it stands."""

    DRAFT = "draft"
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"

    @property
    def word(self) -> str:
        return _REMARK_WORDS[self]


_REMARK_WORDS = {
    RemarkState.DRAFT: "nog niet verstuurd",
    RemarkState.OPEN: "open",
    RemarkState.ANSWERED: "beantwoord",
    RemarkState.CLOSED: "afgesloten",
}


class Audience(StrEnum):
    """To whom a remark is put: the library reads only what is put to it."""

    LIBRARY = "library"
    KB = "kb"

    @property
    def word(self) -> str:
        return {Audience.LIBRARY: "bibliotheek", Audience.KB: "KB"}[self]


@dataclass(frozen=True, slots=True)
class RemarkStep:
    """A move of a remark. `roles`: who may make it; `words`: whether it comes with words of its own."""

    name: str
    before: frozenset[RemarkState]
    after: RemarkState
    roles: frozenset[Role]
    audience: frozenset[Audience] = frozenset(Audience)
    needs_words: bool = False


REMARK_STEPS = {
    step.name: step
    for step in (
        RemarkStep(
            "send",
            frozenset({RemarkState.DRAFT}),
            RemarkState.OPEN,
            frozenset({Role.KB}),
            frozenset({Audience.LIBRARY}),
        ),
        RemarkStep(
            "answer",
            frozenset({RemarkState.OPEN}),
            RemarkState.ANSWERED,
            frozenset({Role.LIBRARY}),
            frozenset({Audience.LIBRARY}),
            needs_words=True,
        ),
        RemarkStep(
            "ask_again",
            frozenset({RemarkState.ANSWERED}),
            RemarkState.OPEN,
            frozenset({Role.KB}),
            frozenset({Audience.LIBRARY}),
            needs_words=True,
        ),
        RemarkStep(
            "close",
            frozenset({RemarkState.OPEN, RemarkState.ANSWERED}),
            RemarkState.CLOSED,
            frozenset({Role.KB}),
        ),
    )
}


def remark_step(name: str, state: RemarkState, audience: Audience, role: Role, words: str = "") -> RemarkStep:
    """The step, if this role may make it from this state. Raises StepRefusedError."""
    one = REMARK_STEPS[name]
    if role not in one.roles or audience not in one.audience:
        raise StepRefusedError("U mag deze stap niet zetten.")
    if state not in one.before:
        raise StepRefusedError(f"Deze vraag is {state.word}; deze stap kan nu niet.")
    if one.needs_words and not words.strip():
        raise StepRefusedError("Schrijf erbij wat u wilt zeggen.")
    return one


@dataclass(frozen=True, slots=True)
class Term:
    """When one list of one organisation is open: the dates of the round, and `extension`, a later one of its own."""

    opens: date | None = None
    deadline: date | None = None
    last_change: date | None = None
    extension: date | None = None

    @property
    def due(self) -> date | None:
        """The last day on which it is in time."""
        return _later(self.deadline, self.extension)

    @property
    def closes(self) -> date | None:
        """The last day on which the library may change it; None: nothing closes it."""
        return _later(self.last_change, self.extension)

    def is_open(self, day: date) -> bool:
        """Nobody set dates: always."""
        return (self.opens is None or self.opens <= day) and (self.closes is None or day <= self.closes)


def _later(own: date | None, extension: date | None) -> date | None:
    return max(own, extension) if own and extension else own
