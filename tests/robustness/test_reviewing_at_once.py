"""Two reviewers who take the same list at the very same time: one has it, the other knows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from surveys.actions.reviewing import TakenError, take
from surveys.models import Submission, User
from surveys.workflow import Role
from tests.factories import make_library, make_user, submission_of, take_part
from tests.robustness.test_two_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def delivered() -> Submission:
    library = make_library()
    take_part(library)
    Submission.objects.update(
        state="submitted", submitted_at=timezone.now(), submitted_by=make_user(Role.LIBRARY, library)
    )
    return submission_of(library, "bezit")


def taking(submission: Submission, by: User, over: User | None = None) -> Callable[[], str]:
    def told() -> str:
        try:
            return str(take(submission=submission, by=by, over=over.pk if over else None).reviewer)
        except TakenError as refused:
            return str(refused)

    return told


@pytest.mark.parametrize("from_a_third", [False, True])
def test_of_two_who_take_one_is_told_about_the_other(delivered: Submission, from_a_third: bool) -> None:
    first, second, third = (make_user(Role.KB, name=name) for name in ("Kees Berg", "Noor Oever", "Ans Dijk"))
    over = third if from_a_third else None
    if over:
        take(submission=delivered, by=over)
    told = at_once(taking(delivered, first, over), taking(delivered, second, over))
    has_it = str(Submission.objects.get(pk=delivered.pk).reviewer)
    assert has_it in (str(first), str(second))
    assert told.count(has_it) == 1
    assert sum(one.startswith(f"{has_it} heeft deze lijst") for one in told) == 1
