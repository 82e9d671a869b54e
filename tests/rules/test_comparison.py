"""Sums against sums: when they fit, what is said when they do not, and when nothing is known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from surveys.questionnaires.rule import Level, Rule, RuleKind
from surveys.rules import Outcome, judge
from surveys.rules.comparison import allowance, holds
from surveys.values import NOT_APPLICABLE, UNKNOWN, Kind
from tests.rules.world import HOLDS, QUESTIONS, SILENT, Answers, by_code, context, question, rule, said


def comparison(left: str, operator: str, right: str = "", **facts: object) -> Rule:
    return rule(RuleKind.COMPARISON, left, right, operator=operator, **facts)


WITHIN = comparison("bemand", "<=", "uren")
FLOW = comparison("a", "=", "b", minus="c", last="a", margin=5, tolerance=20)


@pytest.mark.parametrize(
    ("one", "answers", "message"),
    [
        pytest.param(
            WITHIN,
            {"g": "ja", "bemand": 30, "uren": 28},
            "‘Bemande uren’ (30) kan niet meer zijn dan ‘Openingsuren’ (28). Verschil: 2.",
            id="too much",
        ),
        pytest.param(WITHIN, {"g": "ja", "bemand": 28, "uren": 28}, HOLDS, id="just enough"),
        pytest.param(
            comparison("bemand", ">=", "uren"),
            {"g": "ja", "bemand": Decimal("27.5"), "uren": 28},
            "‘Bemande uren’ (27,5) kan niet minder zijn dan ‘Openingsuren’ (28). Verschil: 0,5.",
            id="too little",
        ),
        pytest.param(
            comparison("a b", "=", "uren"),
            {"a": 1000, "b": 230, "uren": 1234},
            "De som van ‘Boeken’ en ‘Films’ (1.230) moet gelijk zijn aan ‘Openingsuren’ (1.234). Verschil: 4.",
            id="parts of two",
        ),
        pytest.param(
            comparison("uren", "=", "a b c"),
            {"a": 1, "b": 2, "c": 3, "uren": 7},
            "‘Openingsuren’ (7) moet gelijk zijn aan de som van ‘Boeken’, ‘Films’ en ‘Muziek’ (6). Verschil: 1.",
            id="parts of three",
        ),
        pytest.param(
            comparison("a b c d", "=", "uren"),
            {"a": 1, "b": 2, "c": 3, "d": 4, "uren": 7},
            (
                "De som van 4 regels, ‘Boeken’ tot en met ‘Games’ (10) moet gelijk zijn aan ‘Openingsuren’ (7). "
                "Verschil: 3."
            ),
            id="parts of four",
        ),
        pytest.param(
            comparison("a b", "=", "uren"),
            {"a": 1, "uren": 2},
            "De som van ‘Boeken’ en ‘Films’ (1) moet gelijk zijn aan ‘Openingsuren’ (2). Verschil: 1.",
            id="an optional part left empty is nothing",
        ),
        pytest.param(
            comparison("a b", "=", "uren"),
            {"a": 1, "b": NOT_APPLICABLE, "uren": 2},
            "De som van ‘Boeken’ en ‘Films’ (1) moet gelijk zijn aan ‘Openingsuren’ (2). Verschil: 1.",
            id="a part that does not apply is nothing",
        ),
        pytest.param(comparison("a b", "=", "uren"), {"uren": 2}, SILENT, id="a side without any figure"),
        pytest.param(WITHIN, {"g": "ja", "bemand": 30}, SILENT, id="right is missing"),
        pytest.param(WITHIN, {"g": "ja", "uren": 28}, SILENT, id="left is missing"),
        pytest.param(WITHIN, {"g": "ja", "bemand": 30, "uren": UNKNOWN}, SILENT, id="right is unknown"),
        pytest.param(WITHIN, {"g": "nee", "bemand": 30, "uren": 28}, SILENT, id="left is hidden"),
        pytest.param(WITHIN, {"bemand": 30, "uren": 28}, SILENT, id="not known whether left is asked"),
        pytest.param(
            comparison("a bemand", "<=", "uren"),
            {"bemand": 30, "a": 30, "uren": 28},
            SILENT,
            id="not known whether one of left is asked",
        ),
        pytest.param(
            comparison("a bemand", "<=", "uren"),
            {"g": "nee", "bemand": 30, "a": 29, "uren": 28},
            "De som van ‘Boeken’ en ‘Bemande uren’ (29) kan niet meer zijn dan ‘Openingsuren’ (28). Verschil: 1.",
            id="a hidden part is nothing",
        ),
        pytest.param(
            comparison("a", ">=", "som"),
            {"g": "ja", "a": 1, "uren": 28},
            SILENT,
            id="a sum of which a part is missing",
        ),
        pytest.param(
            comparison("a", ">=", "som"),
            {"g": "ja", "a": 1, "bemand": 2, "uren": 28},
            "‘Boeken’ (1) kan niet minder zijn dan ‘Alles’ (30). Verschil: 29.",
            id="a sum",
        ),
        pytest.param(
            comparison("a", "<=", "b", minus="c d"),
            {"a": 9, "b": 20, "c": 8, "d": 4},
            (
                "‘Boeken’ (9) kan niet meer zijn dan ‘Films’ (20) − de som van ‘Muziek’ en ‘Games’ (12) = 8. "
                "Verschil: 1."
            ),
            id="less another sum",
        ),
        pytest.param(
            comparison("a", "<=", "b", minus="c"), {"a": 9, "b": 20, "c": 11}, HOLDS, id="just that less"
        ),
        pytest.param(
            comparison("a", "<=", "b", minus="c"),
            {"a": 9, "b": 20},
            SILENT,
            id="what is taken off is not there",
        ),
        pytest.param(
            comparison("a", "=", "b", minus="uren"),
            {"a": 9, "b": 20},
            SILENT,
            id="what is taken off is missing",
        ),
        pytest.param(
            comparison("saldo", "=", "a", minus="b"),
            {"saldo": 250, "a": 1000, "b": 1250},
            "‘Saldo’ (250) moet gelijk zijn aan ‘Boeken’ (1.000) − ‘Films’ (1.250) = -250. Verschil: 500.",
            id="right below zero",
        ),
        pytest.param(
            comparison("aandeel", "=", "baten uren", tolerance=1),
            {"aandeel": 5, "baten": 9, "uren": 1},
            "‘Aandeel’ (5%) moet gelijk zijn aan de som van ‘Baten’ en ‘Openingsuren’ (10). Verschil: 5.",
            id="what has no sign in common",
        ),
        pytest.param(
            comparison("uren", "<=", "aandeel"),
            {"uren": 30, "aandeel": 28},
            "‘Openingsuren’ (30) kan niet meer zijn dan ‘Aandeel’ (28%). Verschil: 2.",
            id="a number beside a percentage",
        ),
        pytest.param(
            comparison("a", "=", "b", tolerance="0.5"), {"a": Decimal("2.5"), "b": 2}, HOLDS, id="tolerated"
        ),
        pytest.param(
            comparison("a", "=", "b", tolerance="0.5"),
            {"a": Decimal("2.51"), "b": 2},
            "‘Boeken’ (2,51) moet gelijk zijn aan ‘Films’ (2). Verschil: 0,51.",
            id="more than tolerated",
        ),
        pytest.param(comparison("a", "=", "b", margin=10), {"a": 90, "b": 100}, HOLDS, id="at the margin"),
        pytest.param(
            comparison("a", "=", "b", margin=10),
            {"a": 89, "b": 100},
            "‘Boeken’ (89) past niet bij ‘Films’ (100). Verschil: 11.",
            id="beyond the margin",
        ),
        pytest.param(
            comparison("a", "<=", "b", margin=10),
            {"a": 111, "b": 100},
            "‘Boeken’ (111) is meer dan verwacht uit ‘Films’ (100). Verschil: 11.",
            id="above the margin",
        ),
        pytest.param(
            comparison("a", ">=", "b", margin=10),
            {"a": 89, "b": 100},
            "‘Boeken’ (89) is minder dan verwacht uit ‘Films’ (100). Verschil: 11.",
            id="below the margin",
        ),
        pytest.param(
            comparison("saldo", "=", "uren", margin=10),
            {"saldo": -100, "uren": -95},
            HOLDS,
            id="a margin of what is below zero",
        ),
        pytest.param(
            comparison("uren", "=", "uren", margin=10), {"uren": 0}, HOLDS, id="a margin of nothing"
        ),
    ],
)
def test_a_comparison(one: Rule, answers: Answers, message: str | None) -> None:
    assert said(one, context(answers)) == message


def test_money_beside_money() -> None:
    money = by_code(
        *(
            question(code, label, kind=Kind.EURO)
            for code, label in (("x", "Baten"), ("y", "Lasten"), ("z", "Rente"))
        )
    )
    around = context({"x": 1000, "y": 2500, "z": 500}, questions=money)
    assert said(comparison("x", ">=", "y", minus="z"), around) == (
        "‘Baten’ (€ 1.000) kan niet minder zijn dan ‘Lasten’ (€ 2.500) − ‘Rente’ (€ 500) = € 2.000. "
        "Verschil: € 1.000."
    )


@pytest.mark.parametrize(
    ("one", "now", "last", "message"),
    [
        pytest.param(FLOW, {"a": 1150, "b": 300, "c": 50}, {"a": 900}, HOLDS, id="exact"),
        pytest.param(FLOW, {"a": 1207, "b": 300, "c": 50}, {"a": 900}, HOLDS, id="within the margin"),
        pytest.param(
            FLOW,
            {"a": 1208, "b": 300, "c": 50},
            {"a": 900},
            (
                "‘Boeken’ (1.208) past niet bij ‘Boeken’ van vorig jaar (900) + ‘Films’ (300) − ‘Muziek’ (50) = 1.150. "
                "Verschil: 58."
            ),
            id="beyond the margin",
        ),
        pytest.param(FLOW, {"a": 70, "b": 50, "c": 50}, {"a": 50}, HOLDS, id="within the tolerance"),
        pytest.param(
            FLOW,
            {"a": 71, "b": 50, "c": 50},
            {"a": 50},
            (
                "‘Boeken’ (71) past niet bij ‘Boeken’ van vorig jaar (50) + ‘Films’ (50) − ‘Muziek’ (50) = 50. "
                "Verschil: 21."
            ),
            id="beyond the tolerance",
        ),
        pytest.param(FLOW, {"a": 1208, "b": 300, "c": 50}, {}, SILENT, id="last year without it"),
        pytest.param(FLOW, {"a": 1208, "b": 300, "c": 50}, None, SILENT, id="no last year"),
        pytest.param(FLOW, {"b": 300, "c": 50}, {"a": 900}, SILENT, id="left is missing"),
        pytest.param(FLOW, {"a": 9, "c": 50}, {"a": 900}, SILENT, id="right is missing"),
        pytest.param(FLOW, {"a": 9, "b": 50}, {"a": 900}, SILENT, id="minus is missing"),
        pytest.param(
            comparison("uren", "=", last="uren"),
            {"uren": 5},
            {"uren": 4},
            "‘Openingsuren’ (5) past niet bij ‘Openingsuren’ van vorig jaar (4). Verschil: 1.",
            id="last year alone",
        ),
        pytest.param(
            comparison("uren", ">=", last="uren"),
            {"uren": 3},
            {"uren": 4},
            "‘Openingsuren’ (3) is minder dan verwacht uit ‘Openingsuren’ van vorig jaar (4). Verschil: 1.",
            id="less than last year",
        ),
        pytest.param(
            comparison("uren", "<=", last="a b"),
            {"uren": 9},
            {"a": 4, "b": 4},
            "‘Openingsuren’ (9) is meer dan verwacht uit de som van ‘Boeken’ en ‘Films’ van vorig jaar (8). Verschil: 1.",
            id="a sum of last year",
        ),
        pytest.param(
            comparison("uren", "=", last="uren"),
            {"uren": 5},
            {"uren": UNKNOWN},
            SILENT,
            id="unknown last year",
        ),
        pytest.param(
            comparison("uren", "=", last="bemand"),
            {"uren": 5},
            {"g": "nee", "bemand": 4},
            SILENT,
            id="hidden last year",
        ),
    ],
)
def test_a_comparison_with_last_year(
    one: Rule, now: Answers, last: Answers | None, message: str | None
) -> None:
    assert said(one, context(now, last)) == message


def test_a_sum_of_last_year_is_not_known_when_a_part_was_not_asked_then() -> None:
    fewer = {code: one for code, one in QUESTIONS.items() if code != "b"}
    one = comparison("uren", "<=", last="a b")
    for questions, told in ((QUESTIONS, HOLDS), (fewer, SILENT)):
        last = context({"a": 9}, questions=questions).now
        assert said(one, replace(context({"uren": 9}), last=last)) == told


@pytest.mark.parametrize(
    ("left", "operator", "right", "tolerance", "outcome"),
    [
        (5, "=", 5, 0, True),
        (5, "=", 6, 0, False),
        (5, "=", 6, 1, True),
        (6, "=", 5, 1, True),
        (7, "=", 5, 1, False),
        (5, "<=", 6, 0, True),
        (6, "<=", 5, 0, False),
        (6, "<=", 5, 1, True),
        (7, "<=", 5, 1, False),
        (6, ">=", 5, 0, True),
        (5, ">=", 6, 0, False),
        (5, ">=", 6, 1, True),
        (5, ">=", 7, 1, False),
    ],
)
def test_operators(left: int, operator: str, right: int, tolerance: int, outcome: bool) -> None:
    assert holds(Decimal(left), operator, Decimal(right), Decimal(tolerance)) is outcome


@pytest.mark.parametrize(
    ("facts", "right", "allowed"),
    [
        ({}, 100, 0),
        ({"tolerance": 3}, 100, 3),
        ({"margin": 10}, 100, 10),
        ({"margin": 10}, -100, 10),
        ({"margin": 10, "tolerance": 11}, 100, 11),
        ({"margin": 10, "tolerance": 9}, 100, 10),
    ],
)
def test_the_larger_of_tolerance_and_margin_counts(
    facts: dict[str, object], right: int, allowed: int
) -> None:
    assert allowance(comparison("a", "=", "b", **facts), Decimal(right)) == allowed


@pytest.mark.parametrize(
    ("answers", "deviation"),
    [
        ({"a": 30, "b": 20}, 0.5),
        ({"a": 10, "b": 20}, 0.5),
        ({"a": 3, "b": 0}, 3.0),
        ({"a": 1, "b": Decimal("0.5")}, 0.5),
    ],
)
def test_how_far_off_is_a_part_of_the_right_side(answers: Answers, deviation: float) -> None:
    outcome = judge(comparison("a", "=", "b", level=Level.WARNING), context(answers), "")
    assert outcome is not None
    assert outcome == Outcome(holds=False, message=outcome.message, deviation=deviation)


@pytest.mark.parametrize(
    ("operator", "message"),
    [
        ("=", "‘Boeken’ (5) is meestal gelijk aan ‘Films’ (4). Verschil: 1."),
        ("<=", "‘Boeken’ (5) is meestal niet meer dan ‘Films’ (4). Verschil: 1."),
        (">=", "‘Films’ (4) is meestal niet minder dan ‘Boeken’ (5). Verschil: 1."),
    ],
)
def test_a_warning_does_not_say_that_it_cannot_be(operator: str, message: str) -> None:
    left, right = ("b", "a") if operator == ">=" else ("a", "b")
    outcome = judge(comparison(left, operator, right, level=Level.WARNING), context({"a": 5, "b": 4}), "")
    assert outcome is not None
    assert outcome.message == message
