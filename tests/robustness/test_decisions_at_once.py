"""Two reviewers, or a reviewer and a library, who decide at the very same time: one is first, the other is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from surveys.actions.submissions import (
    NotReadyError,
    OvertakenError,
    approve,
    begin,
    send_back,
    submit,
)
from surveys.models import Organisation, Submission, Transition, User
from surveys.workflow import Role, StepRefusedError
from tests.factories import complete, make_library, make_user, seen_at, submission_of, take_part
from tests.robustness.test_two_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def library() -> Organisation:
    library = make_library(locations=1)
    take_part(library)
    return library


@pytest.fixture
def anna(library: Organisation) -> User:
    return make_user(Role.LIBRARY, library, name="Anna Bos")


@pytest.fixture
def kees() -> User:
    return make_user(Role.KB, name="Kees Berg")


@pytest.fixture
def noor() -> User:
    return make_user(Role.KB, name="Noor Wessenaar")


@pytest.fixture
def profile(library: Organisation, anna: User) -> Submission:
    profile = submission_of(library, "profiel")
    complete(profile, {"gecombineerd": "nee"})
    return submit(submission=profile, by=anna)


def outcome(move: Callable[[], Submission]) -> Callable[[], str]:
    """The state that it led to, or what it was refused with."""

    def told() -> str:
        try:
            return move().state
        except (StepRefusedError, NotReadyError) as refused:
            return f"{type(refused).__name__}: {refused}"

    return told


def steps(submission: Submission) -> list[str]:
    return list(Transition.objects.filter(submission=submission).values_list("step", flat=True))


def test_of_two_reviewers_who_approve_one_is_told(profile: Submission, kees: User, noor: User) -> None:
    seen = seen_at(profile)
    told = at_once(
        *(outcome(lambda who=who: approve(submission=profile, by=who, seen=seen)) for who in (kees, noor))
    )
    first = Transition.objects.get(step="approve").by
    assert told.count("approved") == 1
    assert sum(one.startswith(f"OvertakenError: {first} keurde deze lijst om") for one in told) == 1
    assert Submission.objects.get(pk=profile.pk).approved_by == first


def test_of_approving_and_returning_one_is_first(profile: Submission, kees: User, noor: User) -> None:
    seen = seen_at(profile)
    told = at_once(
        outcome(lambda: approve(submission=profile, by=kees, seen=seen)),
        outcome(lambda: send_back(submission=profile, by=noor, reason="Kijk dit na.", seen=seen)),
    )
    assert sum(one.startswith("OvertakenError: ") for one in told) == 1
    assert steps(profile) in (["submit", "approve"], ["submit", "return"])
    assert Submission.objects.get(pk=profile.pk).state in told


def test_a_double_click_is_one_decision(profile: Submission, kees: User) -> None:
    seen = seen_at(profile)
    assert (
        at_once(*[outcome(lambda: approve(submission=profile, by=kees, seen=seen))] * 2) == ["approved"] * 2
    )
    seen = seen_at(profile)
    back = outcome(lambda: send_back(submission=profile, by=kees, reason="Kijk dit na.", seen=seen))
    assert at_once(*[back] * 2) == ["returned"] * 2
    assert steps(profile) == ["submit", "approve", "return"]


def test_what_a_library_delivers_again_is_not_approved_unseen(
    profile: Submission, anna: User, kees: User
) -> None:
    seen = seen_at(profile)
    send_back(submission=profile, by=kees, reason="Kijk dit na.", seen=seen)
    begin(submission=Submission.objects.get(pk=profile.pk), by=anna)
    told = at_once(
        outcome(lambda: submit(submission=profile, by=anna)),
        outcome(lambda: approve(submission=profile, by=kees, seen=seen)),
    )
    assert told[0] == "submitted"
    assert told[1].startswith(f"{OvertakenError.__name__}: Kees Berg stuurde deze lijst om")
    assert steps(profile) == ["submit", "return", "begin", "submit"]


def test_a_list_is_delivered_or_its_profile_goes_back_never_both(
    library: Organisation, profile: Submission, anna: User, kees: User
) -> None:
    submission = submission_of(library, "personeel")
    complete(submission)
    seen = seen_at(profile)
    told = at_once(
        outcome(lambda: submit(submission=submission, by=anna)),
        outcome(lambda: send_back(submission=profile, by=kees, reason="Kijk dit na.", seen=seen)),
    )
    refused = (
        "StepRefusedError: Personeel is al ingediend en berust op dit profiel. "
        "Stuur eerst deze lijst terug en daarna het profiel."
    )
    assert told in (["submitted", refused], ["NotReadyError: 0 to do", "returned"])
