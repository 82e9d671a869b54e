"""How comparable libraries changed, and what is expected of one."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.estimation.spread import Comparable, Figure, expected, spread_of

SIZE, KIND = "klein", "klein, niet gecombineerd"
GROUPS = (KIND, SIZE, "alle")


def figure(
    owner: int,
    value: float | None = None,
    before: float | None = None,
    size: float | None = None,
    groups: tuple[str, ...] = GROUPS,
) -> Figure:
    return Figure(str(owner), groups, value, before, size)


def test_few_say_nothing() -> None:
    assert spread_of([1.0] * 7) is None
    assert spread_of([1.0] * 8) is not None


def test_one_that_is_a_thousandfold_hardly_moves_it() -> None:
    found = spread_of([0.9, 1.0, 1.0, 1.0, 1.0, 1.0, 1.1, 1000.0])
    assert found is not None
    assert (found.count, found.middle) == (8, 1.0)
    assert (round(found.mean, 2), round(found.deviation, 2)) == (1.03, 0.11)


ratios = st.lists(st.floats(0.01, 100), min_size=8, max_size=40)


def test_where_most_are_nothing_the_others_still_make_a_spread() -> None:
    found = spread_of([0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.2, 50.0])
    assert found is not None
    assert found.middle == 0
    assert 0.5 < found.mean < 2
    assert 1 < found.deviation < 5
    nothing = spread_of([0.0] * 8)
    assert nothing is not None
    assert nothing.deviation == 0


@given(ratios)
def test_the_mean_lies_among_what_was_found(found: list[float]) -> None:
    spread = spread_of(found)
    assert spread is not None
    for one in (spread.mean, spread.middle):
        assert min(found) * (1 - 1e-9) <= one <= max(found) * (1 + 1e-9)
    assert spread.deviation >= 0


@given(ratios, st.floats(0.1, 10))
def test_another_unit_gives_the_same_spread_in_that_unit(found: list[float], unit: float) -> None:
    one, other = spread_of(found), spread_of([ratio * unit for ratio in found])
    assert one is not None
    assert other is not None
    assert isclose(other.mean, one.mean * unit, rel_tol=1e-9)
    assert isclose(other.deviation, one.deviation * unit, rel_tol=1e-6, abs_tol=1e-9)


def test_the_narrowest_group_with_enough_libraries_counts() -> None:
    alike = [figure(n, 110, 100) for n in range(8)]
    others = [figure(n, 200, 100, groups=("groot, gecombineerd", "groot", "alle")) for n in range(10, 30)]
    comparable = Comparable([*alike, *others])
    for groups, group, middle in (
        (GROUPS, KIND, 1.1),
        (("klein, gecombineerd", SIZE, "alle"), SIZE, 1.1),
        (("leeg", "alle"), "alle", 2.0),
    ):
        found = comparable.change(groups)
        assert found is not None
        assert (found[0], found[1].middle) == (group, middle)
    assert comparable.change(("leeg",)) is None
    assert comparable.change(("leeg",)) is None


@pytest.mark.parametrize(
    ("before", "size", "value"),
    [
        (40_000, 10, 42_000),
        (0, 10, 0),
        (None, 1_000, 2_100),
        (None, None, None),
    ],
)
def test_what_is_expected(before: float | None, size: float | None, value: float | None) -> None:
    comparable = Comparable([figure(n, 105, 100, 50) for n in range(9)])
    found = expected(comparable, figure(99, before=before, size=size))
    assert found == value if value is None else isclose(found or 0, value)


def test_last_years_own_figure_while_too_few_have_answered() -> None:
    nobody = Comparable([figure(1), figure(2, 5, 0, 0)])
    assert expected(nobody, figure(3, before=70)) == 70
    assert expected(nobody, figure(3, size=70)) is None
