"""Explaining and computing bounds at the very same time, on real connections."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.actions.bounds import compute_bounds
from surveys.actions.events import add_event
from surveys.actions.explanations import ClosedError, explain, explain_many
from surveys.actions.submissions import submit
from surveys.models import Explanation, Organisation, PeerBound, Submission, User
from surveys.workflow import Role
from tests.actions.test_bounds import MEMBERS, judge_by, move
from tests.actions.test_explanations import finding
from tests.factories import YEAR, complete, give, make_library, make_user, submission_of, take_part
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


def test_what_is_explained_while_it_is_submitted_is_in_it_or_refused(
    library: Organisation, anna: User
) -> None:
    profile = submission_of(library, "profiel")
    complete(profile, {"gecombineerd": "nee"})

    def say() -> Explanation | None:
        try:
            return explain(submission=profile, finding=finding(), reason="klopt", text="Zo is het.", by=anna)
        except ClosedError:
            return None

    delivered, said = at_once(lambda: submit(submission=profile, by=anna), say)
    assert isinstance(delivered, Submission)
    assert list(Explanation.objects.all()) == [said] * (said is not None)
    if isinstance(said, Explanation):
        assert delivered.submitted_at is not None
        assert said.at <= delivered.submitted_at


def test_two_who_explain_the_same_lists_do_not_wait_for_each_other(library: Organisation, anna: User) -> None:
    lists = [submission_of(library, code) for code in ("bezit", "personeel", "financieel")]

    def say(order: int) -> list[Explanation]:
        signals = [(one, finding(one.questionnaire)) for one in lists[::order]]
        return explain_many(signals=signals, reason="anders", text=f"Zo is het, {order}.", by=anna)

    first, second = at_once(lambda: say(1), lambda: say(-1))
    assert (len(first), len(second), Explanation.objects.count()) == (3, 3, 6)


def test_a_double_click_is_one_explanation(library: Organisation, anna: User) -> None:
    lists = [submission_of(library, code) for code in ("bezit", "personeel", "financieel")]

    def say() -> list[Explanation]:
        signals = [(one, finding(one.questionnaire)) for one in lists]
        return explain_many(signals=signals, reason="anders", text="Zo is het.", by=anna)

    first, second = at_once(*[say] * 2)
    assert first == second == list(Explanation.objects.order_by("pk"))
    assert len(first) == 3


def test_a_double_click_is_one_event(library: Organisation, anna: User) -> None:
    day = timezone.localdate() - timedelta(days=30)
    first, second = at_once(
        *[
            lambda: add_event(
                organisation=library, kind="fusie", description="Met de buren", starts=day, by=anna
            )
        ]
        * 2
    )
    assert first == second


def test_bounds_that_are_computed_twice_at_once_are_stored_once(monkeypatch: pytest.MonkeyPatch) -> None:
    judge_by(monkeypatch, MEMBERS)
    kees = make_user(Role.KB, name="Kees")
    for number in range(1, 9):
        library = make_library(number, locations=1)
        take_part(library)
        give(submission_of(library, "bezit"), {"leden_jeugd": number * 1_000})
        move(library, "bezit", "submitted", kees)
    assert at_once(*[lambda: compute_bounds(year=YEAR)] * 2) == [2, 2]
    assert PeerBound.objects.count() == 2
