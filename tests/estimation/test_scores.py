"""The order in which to look, and the line below which nothing national moves."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.estimation.scores import LINE, Effect, both, effect, global_score, line, local_score, suspicion
from surveys.values import Key

TOTALS = {"bezoeken": 1_000_000.0, "leden": 50_000.0}


@pytest.mark.parametrize(
    ("deviation", "is_error", "is_explained", "found"),
    [
        (0.0, True, False, 1.0),
        (9.0, True, True, 1.0),
        (1.0, False, False, 0.5),
        (1.0, False, True, 0.25),
        (3.0, False, False, 0.75),
        (0.0, False, False, 0.05),
        (0.0, False, True, 0.025),
    ],
)
def test_suspicion(deviation: float, is_error: bool, is_explained: bool, found: float) -> None:
    assert suspicion(deviation, is_error=is_error, is_explained=is_explained) == found


deviations = st.floats(0, 50)


@given(deviations, deviations)
def test_suspicion_rises_with_what_it_is_off_and_falls_by_an_explanation(one: float, other: float) -> None:
    less, more = sorted((one, other))
    for is_explained in (True, False):
        assert suspicion(less, is_error=False, is_explained=is_explained) <= suspicion(
            more, is_error=False, is_explained=is_explained
        )
    explained = suspicion(one, is_error=False, is_explained=True)
    assert 0 < explained < suspicion(one, is_error=False, is_explained=False) < 1


A, B = ("a", ""), ("b", "")


def moving(**amounts: float) -> Effect:
    return Effect({code: {A: amount} for code, amount in amounts.items()})


@pytest.mark.parametrize(
    ("doubts", "own_total", "moves", "on_own"),
    [
        ([(A, 90_000.0, 42_000.0, {"bezoeken": 1.0})], None, {"bezoeken": {A: 48_000}}, 0),
        ([(A, 90.0, 42.0, {"bezoeken": -0.5})], 480.0, {"bezoeken": {A: 24}}, 0.1),
        ([(A, 90.0, None, {"leden": 1.0})], 0.0, {"leden": {A: 90}}, 0),
        ([(A, 5.0, 5.0, {}), (B, 0.0, 8.0, {"leden": 1.0})], 100.0, {"leden": {B: 8}}, 0),
        ([(A, 4.0, 0.0, {"leden": 1.0}), (B, 0.0, 8.0, {"leden": 1.0})], None, {"leden": {B: 8}}, 0),
        ([(A, 1e9, 1.0, {})], 10.0, {}, 1.0),
        ([], None, {}, 0),
    ],
)
def test_effect(
    doubts: list[tuple[Key, float, float | None, dict[str, float]]],
    own_total: float | None,
    moves: dict[str, dict[Key, float]],
    on_own: float,
) -> None:
    assert effect(doubts, own_total) == Effect(moves, on_own)


def test_two_signals_about_one_answer_are_wrong_once_and_other_answers_add_up() -> None:
    one, other = Effect({"x": {A: 5}, "y": {A: 1}}, 0.2), Effect({"x": {A: 5}, "y": {B: 3}}, 0.1)
    assert both(one, other) == Effect({"x": {A: 5}, "y": {A: 1, B: 3}}, 0.2)
    assert both(one, other).on_headlines == {"x": 5, "y": 4}


@pytest.mark.parametrize(
    ("one", "score"),
    [
        (moving(bezoeken=10_000, leden=5_000), 0.1),
        (Effect(moving(bezoeken=10_000).moves, 0.2), 0.02),
        (moving(gone=10_000), 0.0),
        (Effect({}), 0.0),
    ],
)
def test_a_key_figure_weighs_ten_times_another(one: Effect, score: float) -> None:
    assert local_score(1.0, one, TOTALS) == pytest.approx(score)
    assert local_score(0.5, one, TOTALS) == pytest.approx(score / 2)


def test_a_list_is_as_bad_as_its_worst_answer() -> None:
    assert global_score([0.1, 0.3, 0.2]) == 0.3
    assert global_score([]) == 0


def test_the_line_of_the_example() -> None:
    ranked = [moving(x=amount) for amount in (50, 30, 0.6, 0.3)]
    assert line(ranked, {"x": 1_000}) == 2
    assert line(ranked, {"x": 1_000_000}) == 0
    assert line([], {"x": 1}) == 0
    assert line([moving(y=5)], {"x": 1}) == 0


amounts = st.floats(0, 2_000)
effects = st.lists(
    st.dictionaries(st.sampled_from(["bezoeken", "leden"]), amounts, max_size=2).map(
        lambda one: moving(**one)
    ),
    max_size=40,
)


@given(effects)
def test_below_the_line_nothing_moves_by_more_and_one_higher_something_could(found: list[Effect]) -> None:
    ranked = sorted(found, key=lambda one: -local_score(1.0, one, TOTALS))
    place = line(ranked, TOTALS)

    def left(first: int) -> bool:
        """Whether the rest can move a key figure by more, whichever way each goes."""
        return any(
            sum(one.on_headlines.get(code, 0) for one in reversed(ranked[first:])) > LINE * total
            for code, total in TOTALS.items()
        )

    assert not left(place)
    assert place == 0 or left(place - 1)


@given(effects, st.data())
def test_whatever_is_wrong_below_the_line_no_key_figure_moves_by_more(
    found: list[Effect], data: st.DataObject
) -> None:
    rest = found[line(found, TOTALS) :]
    signs = data.draw(st.lists(st.sampled_from([-1, 0, 1]), min_size=len(rest), max_size=len(rest)))
    for code, total in TOTALS.items():
        moved = sum(sign * one.on_headlines.get(code, 0) for sign, one in zip(signs, rest, strict=True))
        assert abs(moved) <= LINE * total * (1 + 1e-9)


def test_looking_at_more_never_leaves_more() -> None:
    for first, second in product((10.0, 60.0), repeat=2):
        pair = [moving(leden=first), moving(leden=second)]
        assert line(pair, TOTALS) >= line(pair[1:], TOTALS)
