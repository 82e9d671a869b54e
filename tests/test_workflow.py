"""Who may move a submission from where to where."""

from __future__ import annotations

import pytest

from surveys.workflow import DELIVERED, OPEN, STEPS, Role, StepRefusedError, SubmissionState, step

NOT_STARTED, IN_PROGRESS, SUBMITTED, RETURNED, APPROVED = SubmissionState

ALLOWED = {
    ("begin", NOT_STARTED, Role.LIBRARY): IN_PROGRESS,
    ("begin", RETURNED, Role.LIBRARY): IN_PROGRESS,
    ("submit", IN_PROGRESS, Role.LIBRARY): SUBMITTED,
    ("submit", RETURNED, Role.LIBRARY): SUBMITTED,
    ("return", SUBMITTED, Role.KB): RETURNED,
    ("return", APPROVED, Role.KB): RETURNED,
    ("approve", SUBMITTED, Role.KB): APPROVED,
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", SubmissionState)
@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_made_or_refused(name: str, state: SubmissionState, role: Role) -> None:
    if (name, state, role) in ALLOWED:
        assert step(name, state, role, "Omdat.").after is ALLOWED[name, state, role]
        return
    with pytest.raises(StepRefusedError) as refused:
        step(name, state, role, "Omdat.")
    if role is STEPS[name].role:
        assert str(refused.value) == f"Deze vragenlijst is {state.word}; deze stap kan nu niet."
    else:
        assert str(refused.value) == "U mag deze stap niet zetten."


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_sending_back_needs_a_reason(reason: str) -> None:
    with pytest.raises(StepRefusedError, match=r"^Geef een reden op\.$"):
        step("return", SUBMITTED, Role.KB, reason)


def test_a_submission_is_open_or_delivered() -> None:
    assert set(SubmissionState) == OPEN | DELIVERED
    assert not OPEN & DELIVERED


def test_states_in_words() -> None:
    assert [state.word for state in SubmissionState] == [
        "niet begonnen",
        "bezig",
        "ingediend",
        "teruggestuurd",
        "goedgekeurd",
    ]
