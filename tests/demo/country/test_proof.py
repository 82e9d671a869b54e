"""Every planted mistake is found, and it takes few signals."""

from __future__ import annotations

import pytest

from surveys.demo.build import Built
from surveys.demo.errors import Mistake
from surveys.demo.first_typed import FirstSlip, first_typed
from surveys.demo.proof import Proof, Recall, Spread, proof, trial

FEW = 5
"""Warnings in a list: at most so many in half of the lists."""


@pytest.mark.parametrize(
    ("numbers", "spread"),
    [([3], Spread(1, 3, 3, 3)), ([0, 9, 1, 2], Spread(4, 1.5, 9, 9)), (range(20), Spread(20, 9.5, 17, 19))],
)
def test_a_spread_tells_what_nine_in_ten_have_at_most(numbers: list[int], spread: Spread) -> None:
    assert Spread.of(numbers) == spread


def is_quiet(outcome: Proof) -> bool:
    spreads = [*outcome.lists.values(), outcome.organisations]
    return all(spread.median <= FEW for spread in spreads)


def missed(outcome: Proof) -> list[Recall]:
    return [kind for kind in outcome.kinds if kind.found < kind.planted]


def test_every_mistake_of_the_later_year_is_found_among_few_signals(built: Built) -> None:
    outcome = proof(built.country.later, built.errors)
    assert {kind.kind for kind in outcome.kinds} == set(Mistake)
    assert sum(kind.planted for kind in outcome.kinds) == len(
        {(one.organisation, one.questionnaire) for one in built.errors}
    )
    assert missed(outcome) == []
    assert is_quiet(outcome)


def test_mistakes_anywhere_are_found_among_few_false_alarms(built: Built) -> None:
    """Each kind of mistake in one organisation after another; one in thirteen of them, to be quick.

    Where something really happened a signal may have been there already, and then the mistake adds none.
    """
    outcome = trial(built.country.later, every=13)
    planted = sum(kind.planted for kind in outcome.kinds)
    assert planted > 100
    assert sum(kind.found for kind in outcome.kinds) > 0.95 * planted
    assert is_quiet(outcome)


def test_slips_of_the_earlier_year_would_have_been_found_without_a_year_before(built: Built) -> None:
    slips = first_typed(built.country.earlier)
    assert 50 <= len(slips) <= 70
    assert len({one.organisation for one in slips}) > 40
    outcome = proof(built.country.earlier, slips)
    assert {kind.kind for kind in outcome.kinds} == set(FirstSlip)
    assert sum(kind.found for kind in outcome.kinds) > 0.9 * sum(kind.planted for kind in outcome.kinds)
    assert is_quiet(outcome)
