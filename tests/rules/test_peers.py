"""Beside comparable libraries: which those are, what is usual among them, and who lies outside it."""

from __future__ import annotations

from decimal import Decimal
from math import exp, log
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaires.rule import Condition, Rule, RuleKind
from surveys.rules import Outcome, judge
from surveys.rules.context import Bound
from surveys.rules.peers import FEWEST, bound_for, bounds_from, groups_of, measure, usual
from surveys.values import UNKNOWN, Kind
from tests.rules.world import (
    HOLDS,
    QUESTIONS,
    SILENT,
    Answers,
    by_code,
    context,
    per_location,
    question,
    rule,
    said,
)

PROFILE = by_code(*QUESTIONS.values(), question("gecombineerd", "Gecombineerd?", kind=Kind.YES_NO))
PER_INHABITANT = rule(RuleKind.PEERS, "bezoeken", "inwoners", width="3.5", unit="bezoeken per inwoner")
MIDDLE = "60.000 tot 120.000 inwoners"
AROUND_THREE = {("r", MIDDLE): Bound(12, log(3), 0.14)}


@pytest.mark.parametrize(
    ("answers", "groups"),
    [
        ({}, ("alle",)),
        ({"gecombineerd": "ja"}, ("alle",)),
        ({"inwoners": UNKNOWN, "gecombineerd": "ja"}, ("alle",)),
        ({"inwoners": 29_999}, ("tot 30.000 inwoners", "alle")),
        (
            {"inwoners": 30_000, "gecombineerd": "ja"},
            ("30.000 tot 60.000 inwoners, gecombineerd", "30.000 tot 60.000 inwoners", "alle"),
        ),
        (
            {"inwoners": 59_999, "gecombineerd": "nee"},
            ("30.000 tot 60.000 inwoners, niet gecombineerd", "30.000 tot 60.000 inwoners", "alle"),
        ),
        ({"inwoners": 60_000}, (MIDDLE, "alle")),
        ({"inwoners": 119_999}, (MIDDLE, "alle")),
        ({"inwoners": 120_000}, ("120.000 inwoners of meer", "alle")),
        (
            {"inwoners": 900_000, "gecombineerd": "ja"},
            ("120.000 inwoners of meer, gecombineerd", "120.000 inwoners of meer", "alle"),
        ),
    ],
)
def test_the_groups_of_a_library_come_narrowest_first(answers: Answers, groups: tuple[str, ...]) -> None:
    assert groups_of(context(answers, questions=PROFILE).now) == groups


def beside(left: str, right: str = "", **facts: object) -> Rule:
    return rule(RuleKind.PEERS, left, right, **{"width": "3.5", **facts})


@pytest.mark.parametrize(
    ("one", "answers", "number"),
    [
        (beside("bezoeken", "inwoners"), {"bezoeken": 300, "inwoners": 100}, 3.0),
        (beside("bezoeken", "inwoners", factor=1000), {"bezoeken": 3, "inwoners": 100}, 30.0),
        (beside("bezoeken leden", "inwoners"), {"bezoeken": 200, "leden": 100, "inwoners": 100}, 3.0),
        (beside("bezoeken"), {"bezoeken": 300}, 300.0),
        (beside("bezoeken", "inwoners"), {"bezoeken": 0, "inwoners": 100}, None),
        (beside("bezoeken", "inwoners"), {"bezoeken": 300, "inwoners": 0}, None),
        (beside("bezoeken", "inwoners"), {"bezoeken": 300}, None),
        (beside("bezoeken", "inwoners"), {"inwoners": 100}, None),
        (beside("bezoeken", "inwoners"), {"bezoeken": UNKNOWN, "inwoners": 100}, None),
        (beside("saldo", "inwoners"), {"saldo": -5, "inwoners": 100}, None),
        (beside("bemand", "inwoners"), {"g": "nee", "bemand": 5, "inwoners": 100}, None),
        # The floor is of what is divided by; of a figure by itself, of the figure.
        (beside("bezoeken", "inwoners", floor=100), {"bezoeken": 300, "inwoners": 100}, 3.0),
        (beside("bezoeken", "inwoners", floor=101), {"bezoeken": 300, "inwoners": 100}, None),
        (beside("bezoeken", floor=300), {"bezoeken": 300}, 300.0),
        (beside("bezoeken", floor=301), {"bezoeken": 300}, None),
    ],
)
def test_what_is_measured_is_one_figure_by_another(one: Rule, answers: Answers, number: float | None) -> None:
    measured = measure(one, context(answers).now)
    assert measured == (None if number is None else pytest.approx(log(number)))


def test_each_location_is_measured_by_itself() -> None:
    one = rule(RuleKind.PEERS, "bezoeken", width=1)
    around = context(
        {("bezoeken", "1"): 7, ("bezoeken", "2"): 9}, questions=per_location(), rows=("1", "2", "3")
    )
    assert [measure(one, around.now, row) for row in around.rows] == [
        pytest.approx(log(7)),
        pytest.approx(log(9)),
        None,
    ]


def test_a_group_of_fewer_than_eight_has_no_bound() -> None:
    measured = {
        "klein": [float(one) for one in range(7)],
        "groot": [float(one) for one in range(8)],
        "leeg": [],
    }
    assert bounds_from(measured) == {"groot": Bound(8, 3.5, 2.0)}
    assert FEWEST == 8


@pytest.mark.parametrize(
    ("found", "bound"),
    [
        ([1.0] * 8, Bound(8, 1.0, 0.0)),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9], Bound(9, 5, 2)),
        ([1, 2, 3, 4, 5, 6, 7, 8, 900], Bound(9, 5, 2)),
        ([-900, 2, 3, 4, 5, 6, 7, 8, 900], Bound(9, 5, 2)),
    ],
)
def test_a_few_odd_ones_do_not_move_a_bound(found: list[float], bound: Bound) -> None:
    assert bounds_from({"alle": found}) == {"alle": bound}


@pytest.mark.parametrize(
    ("groups", "found"),
    [
        (("klein, gecombineerd", "klein", "alle"), "klein"),
        (("klein", "alle"), "klein"),
        (("groot", "alle"), "alle"),
        (("groot",), None),
        ((), None),
    ],
)
def test_the_narrowest_group_with_a_bound_counts(groups: tuple[str, ...], found: str | None) -> None:
    bounds = {
        ("r", "klein"): Bound(9, 1.0, 0.1),
        ("r", "alle"): Bound(90, 2.0, 0.2),
        ("s", "groot"): Bound(9, 3.0, 0.3),
    }
    expected = None if found is None else (found, bounds["r", found])
    assert bound_for(PER_INHABITANT, groups, bounds) == expected


TOO_MANY = (
    "‘Bezoeken’ (900.000) en ‘Inwoners’ (100.000): dat is 9 bezoeken per inwoner. "
    "Bij vergelijkbare bibliotheken (60.000 tot 120.000 inwoners) is dat meestal 1,45 tot 6,2; het midden is 3."
)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"bezoeken": 900_000, "inwoners": 100_000}, TOO_MANY),
        ({"bezoeken": 300_000, "inwoners": 100_000}, HOLDS),
        ({"bezoeken": 620_000, "inwoners": 100_000}, HOLDS),
        (
            {"bezoeken": 621_000, "inwoners": 100_000},
            TOO_MANY.replace("900.0", "621.0").replace("is 9 ", "is 6,21 "),
        ),
        ({"bezoeken": 146_000, "inwoners": 100_000}, HOLDS),
        (
            {"bezoeken": 145_000, "inwoners": 100_000},
            TOO_MANY.replace("900.0", "145.0").replace("is 9 ", "is 1,45 ").replace("1,45 tot", "1,451 tot"),
        ),
        (
            {"bezoeken": 620_340, "inwoners": 100_000},
            TOO_MANY.replace("900.000", "620.340").replace("is 9 ", "is 6,2034 ").replace("6,2;", "6,2033;"),
        ),
        ({"bezoeken": 0, "inwoners": 100_000}, SILENT),
        ({"bezoeken": 900_000, "inwoners": 0}, SILENT),
        ({"bezoeken": 900_000}, SILENT),
        ({"inwoners": 100_000}, SILENT),
        ({"bezoeken": 900_000, "inwoners": UNKNOWN}, SILENT),
    ],
)
def test_beside_comparable_libraries(answers: Answers, message: str | None) -> None:
    around = context(answers, bounds=AROUND_THREE, groups=(f"{MIDDLE}, gecombineerd", MIDDLE, "alle"))
    assert said(PER_INHABITANT, around) == message


def test_without_a_bound_nothing_is_said() -> None:
    answers: Answers = {"bezoeken": 900_000, "inwoners": 100_000}
    assert said(PER_INHABITANT, context(answers, groups=(MIDDLE, "alle"))) is SILENT
    assert said(PER_INHABITANT, context(answers, bounds=AROUND_THREE, groups=("alle",))) is SILENT


def test_where_all_answer_alike_a_little_more_is_not_odd() -> None:
    """A MAD of nothing counts as one of 5%: at 3.5 wide that is 23% less to 30% more."""
    bounds = {("r", "alle"): Bound(9, log(100), 0.0)}
    one = rule(RuleKind.PEERS, "bezoeken", width="3.5")
    told = [said(one, context({"bezoeken": number}, bounds=bounds, groups=("alle",))) for number in (78, 129)]
    assert told == [HOLDS, HOLDS]
    assert said(one, context({"bezoeken": 130}, bounds=bounds, groups=("alle",))) == (
        "‘Bezoeken’ is 130. Bij vergelijkbare bibliotheken (alle) is dat meestal 77,1 tot 129,6; het midden is 100."
    )


def test_money_beside_money() -> None:
    one = rule(RuleKind.PEERS, "baten", "inwoners", width=1, unit="euro per inwoner")
    around = context({"baten": 900, "inwoners": 100}, bounds=AROUND_THREE, groups=(MIDDLE,))
    assert said(one, around) == (
        "‘Baten’ (€ 900) en ‘Inwoners’ (100): dat is € 9 per inwoner. Bij vergelijkbare bibliotheken "
        "(60.000 tot 120.000 inwoners) is dat meestal € 2,44 tot € 3,69; het midden is € 3."
    )


@pytest.mark.parametrize(("width", "is_odd"), [("2", True), ("4.9", True), ("5.4", False)])
def test_the_width_is_of_the_rule(width: str, is_odd: bool) -> None:
    one = rule(RuleKind.PEERS, "bezoeken", "inwoners", width=width)
    around = context({"bezoeken": 9, "inwoners": 1}, bounds=AROUND_THREE, groups=(MIDDLE,))
    assert (said(one, around) != HOLDS) is is_odd


def test_how_far_off_is_how_far_outside() -> None:
    around = context({"bezoeken": 900_000, "inwoners": 100_000}, bounds=AROUND_THREE, groups=(MIDDLE,))
    assert judge(PER_INHABITANT, around, "") == Outcome(
        holds=False, message=TOO_MANY, deviation=pytest.approx(log(3) - 3.5 * 1.4826 * 0.14)
    )


def test_a_rule_keeps_its_condition() -> None:
    one = rule(RuleKind.PEERS, "bezoeken", "inwoners", width=1, only_if=(Condition("cao", ("ja",)),))
    answers = {"bezoeken": 900_000, "inwoners": 100_000}
    told = [
        said(one, context({**answers, **more}, bounds=AROUND_THREE, groups=(MIDDLE,)))
        for more in ({}, {"cao": "nee"}, {"cao": "ja"})
    ]
    assert [one is SILENT for one in told] == [True, True, False]


def test_the_widest_bound_can_still_be_said() -> None:
    """Half of the group has a cent where the other half has the largest amount there is."""
    found = [log(0.01)] * 5 + [log(1e9)] * 5
    bounds = {("r", group): one for group, one in bounds_from({"alle": found}).items()}
    one = rule(RuleKind.PEERS, "bezoeken", width=20)
    around = context({"bezoeken": 3}, bounds=bounds, groups=("alle",))
    assert said(one, around) == HOLDS
    assert usual(one, bounds["r", "alle"])[2] > Decimal(10) ** 100


# The reference: the statistics module of the standard library, on logarithms.

NUMBERS = st.integers(1, 10_000_000)
PAIRS = st.tuples(NUMBERS, NUMBERS)


@given(
    peers=st.lists(PAIRS, min_size=FEWEST, max_size=20),
    own=PAIRS,
    width=st.sampled_from(["1", "2.5", "3.5"]),
    factor=st.sampled_from(["1", "0.01", "1000"]),
)
def test_outside_median_and_mad_on_a_log_scale(
    peers: list[tuple[int, int]], own: tuple[int, int], width: str, factor: str
) -> None:
    one = rule(RuleKind.PEERS, "bezoeken", "inwoners", width=width, factor=factor)
    measured = [measure(one, context({"bezoeken": left, "inwoners": right}).now) for left, right in peers]
    bounds = {
        ("r", group): bound
        for group, bound in bounds_from({"alle": [one for one in measured if one is not None]}).items()
    }
    outcome = judge(
        one, context({"bezoeken": own[0], "inwoners": own[1]}, bounds=bounds, groups=("alle",)), ""
    )

    logs = [log(left) - log(right) + log(float(factor)) for left, right in peers]
    middle = median(logs)
    spread = median(abs(value - middle) for value in logs)
    z = abs(log(own[0] / own[1] * float(factor)) - middle) / (1.4826 * max(spread, 0.05))
    assert outcome is not None
    if abs(z - float(width)) > 1e-6:
        assert outcome.holds is (z <= float(width))
    low, mid, high = map(float, usual(one, bounds["r", "alle"]))
    reach = float(width) * 1.4826 * max(spread, 0.05)
    assert (low, mid, high) == pytest.approx(
        (exp(middle - reach), exp(middle), exp(middle + reach)), rel=1e-6
    )
