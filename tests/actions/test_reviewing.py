"""Taking a list on the own name: one has it, and the others are told who."""

from __future__ import annotations

import pytest
from django.utils import timezone

from surveys.actions.reviewing import TakenError, let_go, take
from surveys.models import Submission, User
from surveys.workflow import Role, StepRefusedError
from tests.factories import make_library, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivered() -> Submission:
    library = make_library()
    take_part(library)
    Submission.objects.update(
        state="submitted", submitted_at=timezone.now(), submitted_by=make_user(Role.LIBRARY, library)
    )
    return submission_of(library, "bezit")


@pytest.fixture
def kees() -> User:
    return make_user(Role.KB, name="Kees Berg")


@pytest.fixture
def noor() -> User:
    return make_user(Role.KB, name="Noor Wessenaar")


def reviewer(submission: Submission) -> tuple[User | None, bool]:
    found = Submission.objects.get(pk=submission.pk)
    return found.reviewer, found.taken_at is not None


def test_who_takes_it_has_it(delivered: Submission, kees: User) -> None:
    taken = take(submission=delivered, by=kees)
    assert taken.reviewer == kees
    assert reviewer(delivered) == (kees, True)


def test_a_colleague_is_told_who_has_it_and_since_when(delivered: Submission, kees: User, noor: User) -> None:
    take(submission=delivered, by=kees)
    with pytest.raises(
        TakenError, match=r"^Kees Berg heeft deze lijst om \d\d\.\d\d in behandeling genomen\.$"
    ):
        take(submission=delivered, by=noor)
    assert reviewer(delivered) == (kees, True)


def test_twice_is_once(delivered: Submission, kees: User) -> None:
    first = take(submission=delivered, by=kees).taken_at
    assert take(submission=delivered, by=kees).taken_at == first


def test_it_can_be_taken_over_from_who_was_seen_to_have_it(
    delivered: Submission, kees: User, noor: User
) -> None:
    take(submission=delivered, by=kees)
    take(submission=delivered, by=noor, over=kees.pk)
    assert reviewer(delivered) == (noor, True)
    with pytest.raises(TakenError, match="Noor Wessenaar"):
        take(submission=delivered, by=make_user(Role.KB), over=kees.pk)


def test_taking_over_what_was_let_go_meanwhile(delivered: Submission, kees: User, noor: User) -> None:
    take(submission=delivered, by=noor, over=kees.pk)
    assert reviewer(delivered) == (noor, True)


def test_only_who_has_it_lets_it_go(delivered: Submission, kees: User, noor: User) -> None:
    take(submission=delivered, by=kees)
    assert not let_go(submission=delivered, by=noor)
    assert reviewer(delivered) == (kees, True)
    assert let_go(submission=delivered, by=kees)
    assert not let_go(submission=delivered, by=kees)
    assert reviewer(delivered) == (None, False)


@pytest.mark.parametrize("state", ["not_started", "in_progress", "returned"])
def test_what_is_not_delivered_cannot_be_taken(delivered: Submission, kees: User, state: str) -> None:
    Submission.objects.update(state=state, submitted_at=None, submitted_by=None)
    with pytest.raises(StepRefusedError, match="er is nu niets na te kijken"):
        take(submission=delivered, by=kees)
    assert reviewer(delivered) == (None, False)


def test_who_had_it_before_it_went_back_is_told_so(delivered: Submission, kees: User) -> None:
    take(submission=delivered, by=kees)
    Submission.objects.update(state="returned", submitted_at=None, submitted_by=None)
    with pytest.raises(StepRefusedError, match="teruggestuurd"):
        take(submission=delivered, by=kees)
