"""The country while it comes in: the estimate, its band, and who narrows it."""

from __future__ import annotations

import random
from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.estimation.spread import Comparable, Figure
from surveys.estimation.totals import Total, chase_values, enough, estimate, quantile

SIZES = ("klein", "midden", "groot")


def country(
    missing: int, *, seed: int = 1, libraries: int = 120, deviation: float = 0.08
) -> tuple[list[Figure], float]:
    """Libraries that each changed by their own ratio, some of which have not answered; and the true total."""
    chance = random.Random(seed)
    figures, truth = [], 0.0
    late = set(chance.sample(range(libraries), missing))
    for number in range(libraries):
        size = SIZES[number % 3]
        before = chance.lognormvariate(10, 0.8)
        value = before * max(chance.gauss({"klein": 0.95, "midden": 1.02, "groot": 1.1}[size], deviation), 0)
        truth += value
        figures.append(
            Figure(f"{number:03}", (size, "alle"), None if number in late else value, before, before / 4)
        )
    return figures, truth


def total_of(figures: list[Figure]) -> Total:
    return estimate(figures, Comparable(figures))


@pytest.mark.parametrize(("freedom", "tabled"), [(7, 2.365), (10, 2.228), (30, 2.042), (100, 1.984)])
def test_the_quantile_is_that_of_the_table(freedom: int, tabled: float) -> None:
    assert quantile(freedom) == pytest.approx(tabled, abs=0.002)


def test_when_all_have_answered_the_total_is_their_sum_and_the_band_has_no_width() -> None:
    figures, truth = country(0)
    found = total_of(figures)
    assert isclose(found.total, truth)
    assert (found.half, found.low, found.high) == (0, found.total, found.total)
    assert (found.predicted, found.unknown, found.share) == ({}, (), 0)
    assert found.narrowing("001") == 0


def test_the_example_of_one_group_by_hand() -> None:
    ratios = [1.0] * 4 + [1.2] * 4
    figures = [Figure(str(n), ("alle",), 100 * ratio, 100, None) for n, ratio in enumerate(ratios)]
    late = [Figure("a", ("alle",), None, 100, None), Figure("b", ("alle",), None, 50, None)]
    found = total_of([*figures, *late])
    assert found.given == pytest.approx(880)
    assert found.predicted == pytest.approx({"a": 110, "b": 55})
    variance = 4 * 2 * 0.01 / 7
    assert found.half == pytest.approx(
        quantile(7) * sqrt(variance * (100**2 + 50**2) + variance * 150**2 / 8)
    )
    alone = quantile(7) * sqrt(variance * (50**2 + 50**2 / 8))
    assert found.half_with({"a"}) == pytest.approx(alone)
    assert found.narrowing("a") == pytest.approx(1 - alone / found.half)


def test_who_was_not_there_last_year_is_predicted_by_inhabitant() -> None:
    figures, _ = country(0)
    new = Figure("new", ("alle",), None, None, 1_000.0)
    found = total_of([*figures, new])
    assert 3_500 < found.predicted["new"] < 4_500
    assert found.half > 0


def test_who_had_nothing_last_year_is_predicted_by_inhabitant_and_not_as_nothing_for_certain() -> None:
    figures, _ = country(0)
    found = total_of([*figures, Figure("zero", ("alle",), None, 0.0, 1_000.0)])
    assert 3_500 < found.predicted["zero"] < 4_500
    assert found.half > 0
    assert found.narrowing("zero") == 1
    assert total_of([*figures, Figure("zero", ("alle",), None, 0.0, None)]).unknown == ("zero",)


def test_nobody_waits_for_who_delivered_without_the_figure() -> None:
    figures, _ = country(0)
    silent, late = (
        Figure(name, ("alle",), None, 90_000, None, name == "silent") for name in ("silent", "late")
    )
    found = total_of([*figures, silent, late])
    assert found.silent == {"silent"}
    assert found.half_with({"silent", "late"}) == found.half_with({"late"}) > 0
    assert found.narrowing("silent") == 0 < found.narrowing("late") < 1
    assert enough({"x": found}, ["late", "silent"], 1e-9) is None


def test_of_whom_nothing_can_be_said_is_not_in_it() -> None:
    figures, truth = country(0)
    found = total_of([*figures, Figure("new", ("alle",), None, None, None)])
    assert isclose(found.total, truth)
    assert found.unknown == ("new",)


def test_nothing_at_all_has_no_share() -> None:
    assert total_of([]).share is None


def test_the_band_holds_the_truth_about_as_often_as_it_says() -> None:
    inside, runs = 0, 400
    for seed in range(runs):
        figures, truth = country(40, seed=seed)
        found = total_of(figures)
        inside += found.low <= truth <= found.high
    assert 0.92 <= inside / runs <= 0.98


def test_also_with_answers_that_are_a_thousandfold_the_band_stays_one_to_use() -> None:
    figures, truth = country(40, seed=3)
    first = next(n for n, one in enumerate(figures) if one.value is not None)
    one = figures[first]
    wrong = Figure(one.owner, one.groups, (one.value or 0) * 1_000, one.before, one.size)
    found = estimate(figures, Comparable([*figures[:first], wrong, *figures[first + 1 :]]))
    assert found.low <= truth <= found.high
    assert (found.share or 1) < 0.05


@given(st.integers(0, 10_000), st.integers(1, 60))
def test_each_that_answers_narrows_the_band_and_none_by_more_than_all(seed: int, missing: int) -> None:
    figures, _ = country(missing, seed=seed)
    found = total_of(figures)
    known: set[str] = set()
    half = found.half
    for owner in found.predicted:
        known.add(owner)
        assert found.half_with(known) <= half * (1 + 1e-12)
        half = found.half_with(known)
        assert 0 < found.narrowing(owner) <= 1
    assert half == 0


def test_larger_libraries_are_chased_first() -> None:
    figures, _ = country(30, deviation=0.1)
    found = total_of(figures)
    small = [one.owner for one in figures if one.value is None and one.groups[0] == "klein"]
    weights = {one.owner: one.before or 0 for one in figures}
    values = chase_values({"x": found}, small)
    assert list(values) == sorted(small, key=lambda owner: -weights[owner])


def test_chase_values_count_every_figure_alike() -> None:
    figures, _ = country(10)
    small = [Figure(one.owner, one.groups, one.value and one.value / 1e6, (one.before or 0) / 1e6, 1) for one in figures]  # fmt: skip
    one, other = total_of(figures), total_of(small)
    owners = list(one.predicted)
    both = chase_values({"x": one, "y": other}, owners)
    assert both == pytest.approx(chase_values({"x": one}, owners))
    assert chase_values({}, ["a"]) == {"a": 0}


@given(st.integers(0, 1_000), st.integers(0, 60), st.floats(0.0005, 0.2))
def test_enough_is_the_first_that_is(seed: int, missing: int, share: float) -> None:
    figures, _ = country(missing, seed=seed)
    totals = {"x": total_of(figures)}
    order = list(chase_values(totals, totals["x"].predicted))
    found = enough(totals, order, share)
    assert found is not None
    wide = [
        totals["x"].half_with(order[:count]) > share * totals["x"].total for count in range(len(order) + 1)
    ]
    assert not any(wide[found:])
    assert all(wide[:found])


def test_it_is_never_enough_while_nothing_can_be_said_of_one() -> None:
    figures, _ = country(0)
    total = total_of([*figures, Figure("new", ("alle",), None, None, None)])
    assert enough({"x": total}, [], 1.0) is None
    assert enough({"x": total}, ["new"], 1.0) == 1
