"""Two who record a change of organisations at the very same time: one is first, the other is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from surveys.actions.succession import SuccessionError, record_change
from surveys.models import (
    ChangeKind,
    Location,
    LocationMove,
    Organisation,
    OrganisationChange,
    Participation,
    User,
)
from surveys.queries.succession import Heir, Newcomer, Plan
from surveys.workflow import Role
from tests.factories import YEAR, make_library, make_user, take_part
from tests.robustness.test_two_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(YEAR, 3, 1)


def isil_of(number: int) -> str:
    return f"NL-080000{number}0000"


@pytest.fixture
def people() -> tuple[User, User]:
    for number in (1, 2, 3):
        take_part(make_library(number))
    return make_user(Role.KB, name="Kees Berg"), make_user(Role.KB, name="Noor Wessenaar")


def outcome(plan: Plan, by: User) -> Callable[[], str]:
    def told() -> str:
        try:
            return str(record_change(plan=plan, by=by).pk)
        except SuccessionError as refused:
            return str(refused)

    return told


def test_a_library_does_not_merge_with_two_at_once(people: tuple[User, User]) -> None:
    plans = [
        Plan(ChangeKind.MERGER, DAY, (isil_of(2), isil_of(other)), (Heir(isil_of(other)),))
        for other in (1, 3)
    ]
    told = at_once(*(outcome(plan, by) for plan, by in zip(plans, people, strict=True)))
    [change] = OrganisationChange.objects.all()
    [refused] = [one for one in told if one != str(change.pk)]
    assert "Bibliotheek 2 bestaat niet meer (fusie per 1 maart" in refused
    assert Participation.objects.filter(ended_by=change).count() == 1
    assert LocationMove.objects.count() == 2


def test_a_new_organisation_is_made_once(people: tuple[User, User]) -> None:
    heir = Heir("NL-0800099", Newcomer("Samen", "Drenthe"))
    plans = [Plan(ChangeKind.MERGER, DAY, (isil_of(1), isil_of(other)), (heir,)) for other in (2, 3)]
    at_once(*(outcome(plan, by) for plan, by in zip(plans, people, strict=True)))
    new = Organisation.objects.get(isil="NL-0800099")
    assert OrganisationChange.objects.count() == 1
    assert Location.objects.filter(organisation=new).count() == 4


def test_the_same_click_twice_at_once_is_one_change(people: tuple[User, User]) -> None:
    plan = Plan(ChangeKind.MERGER, DAY, (isil_of(1), isil_of(2)), (Heir(isil_of(1)),))
    first, second = at_once(outcome(plan, people[0]), outcome(plan, people[0]))
    assert first == second == str(OrganisationChange.objects.get().pk)
