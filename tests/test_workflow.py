"""Who may move a submission from where to where."""

from __future__ import annotations

import pytest

from surveys.workflow import (
    DELIVERED,
    OPEN,
    REMARK_STEPS,
    STEPS,
    Audience,
    RemarkState,
    Role,
    StepRefusedError,
    SubmissionState,
    remark_step,
    step,
)

NOT_STARTED, IN_PROGRESS, SUBMITTED, RETURNED, APPROVED = SubmissionState

ALLOWED = {
    ("begin", NOT_STARTED, Role.LIBRARY): IN_PROGRESS,
    ("begin", RETURNED, Role.LIBRARY): IN_PROGRESS,
    ("submit", IN_PROGRESS, Role.LIBRARY): SUBMITTED,
    ("submit", RETURNED, Role.LIBRARY): SUBMITTED,
    ("return", SUBMITTED, Role.KB): RETURNED,
    ("return", APPROVED, Role.KB): RETURNED,
    ("approve", SUBMITTED, Role.KB): APPROVED,
    ("confirm", APPROVED, Role.KB): APPROVED,
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


DRAFT, ASKED, ANSWERED, CLOSED = RemarkState
TO_LIBRARY, TO_KB = Audience
REMARKS_ALLOWED = {
    ("send", DRAFT, TO_LIBRARY, Role.KB): ASKED,
    ("answer", ASKED, TO_LIBRARY, Role.LIBRARY): ANSWERED,
    ("ask_again", ANSWERED, TO_LIBRARY, Role.KB): ASKED,
    ("close", ASKED, TO_LIBRARY, Role.KB): CLOSED,
    ("close", ANSWERED, TO_LIBRARY, Role.KB): CLOSED,
    ("close", ASKED, TO_KB, Role.KB): CLOSED,
    ("close", ANSWERED, TO_KB, Role.KB): CLOSED,
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("state", RemarkState)
@pytest.mark.parametrize("name", REMARK_STEPS)
def test_a_remark_moves_or_stays(name: str, state: RemarkState, audience: Audience, role: Role) -> None:
    if (name, state, audience, role) in REMARKS_ALLOWED:
        after = REMARKS_ALLOWED[name, state, audience, role]
        assert remark_step(name, state, audience, role, "Omdat.").after is after
        return
    with pytest.raises(StepRefusedError) as refused:
        remark_step(name, state, audience, role, "Omdat.")
    one = REMARK_STEPS[name]
    if role in one.roles and audience in one.audience:
        assert str(refused.value) == f"Deze vraag is {state.word}; deze stap kan nu niet."
    else:
        assert str(refused.value) == "U mag deze stap niet zetten."


@pytest.mark.parametrize(
    ("name", "state", "role"), [("answer", ASKED, Role.LIBRARY), ("ask_again", ANSWERED, Role.KB)]
)
@pytest.mark.parametrize("words", ["", " \n"])
def test_who_asks_or_answers_says_something(name: str, state: RemarkState, role: Role, words: str) -> None:
    with pytest.raises(StepRefusedError, match=r"^Schrijf erbij wat u wilt zeggen\.$"):
        remark_step(name, state, TO_LIBRARY, role, words)


def test_states_and_audiences_of_remarks_in_words() -> None:
    assert [state.word for state in RemarkState] == ["nog niet verstuurd", "open", "beantwoord", "afgesloten"]
    assert [one.word for one in Audience] == ["bibliotheek", "KB"]
