"""Within bounds: one figure by itself, and one by another."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import log

import pytest

from surveys.questionnaires.rule import Condition, Rule, RuleKind
from surveys.rules import Outcome, judge
from surveys.rules.limits import bounds_in_words
from surveys.values import NOT_APPLICABLE, UNKNOWN, Kind
from tests.rules.world import HOLDS, QUESTIONS, SILENT, Answers, Scalar, context, question, rule, said


def within(left: str, **facts: object) -> Rule:
    return rule(RuleKind.RANGE, left, **facts)


def ratio(left: str, right: str, **facts: object) -> Rule:
    return rule(RuleKind.RATIO, left, right, **facts)


@pytest.mark.parametrize(
    ("one", "answers", "message"),
    [
        (within("uren", low=2, high=60), {"uren": 2}, HOLDS),
        (within("uren", low=2, high=60), {"uren": 60}, HOLDS),
        (
            within("uren", low=2, high=60),
            {"uren": Decimal("1.99")},
            "‘Openingsuren’ is 1,99; gebruikelijk is tussen 2 en 60.",
        ),
        (
            within("uren", low=2, high=60),
            {"uren": 61},
            "‘Openingsuren’ is 61; gebruikelijk is tussen 2 en 60.",
        ),
        (within("uren", low=2), {"uren": 0}, "‘Openingsuren’ is 0; gebruikelijk is minstens 2."),
        (within("uren", low=2), {"uren": 1000}, HOLDS),
        (within("uren", high=53), {"uren": 60}, "‘Openingsuren’ is 60; gebruikelijk is hoogstens 53."),
        (within("uren", high=53), {"uren": 0}, HOLDS),
        (
            within("baten", high=1000),
            {"baten": 1250000},
            "‘Baten’ is € 1.250.000; gebruikelijk is hoogstens € 1.000.",
        ),
        (
            within("aandeel", high=50),
            {"aandeel": Decimal("66.6")},
            "‘Aandeel’ is 66,6%; gebruikelijk is hoogstens 50%.",
        ),
        (
            within("baten", low=1000, high=5000),
            {"baten": 900},
            "‘Baten’ is € 900; gebruikelijk is tussen € 1.000 en € 5.000.",
        ),
        (within("baten", high=0), {"baten": 900}, "‘Baten’ is € 900; gebruikelijk is € 0."),
        (within("aandeel", low=5), {"aandeel": 4}, "‘Aandeel’ is 4%; gebruikelijk is minstens 5%."),
        (
            within("saldo", low=-5, high=5),
            {"saldo": -6},
            "‘Saldo’ is -6; gebruikelijk is tussen -5 en 5.",
        ),
        (within("uren", high=53), {}, SILENT),
        (within("uren", high=53), {"uren": UNKNOWN}, SILENT),
        (within("uren", high=53), {"uren": NOT_APPLICABLE}, SILENT),
        (within("a", high=53), {}, SILENT),
        (within("bemand", high=53), {"g": "nee", "bemand": 99}, SILENT),
        (within("bemand", high=53), {"bemand": 99}, SILENT),
        (within("som", high=53), {"g": "ja", "uren": 99}, SILENT),
        (
            within("som", high=53),
            {"g": "nee", "uren": 99},
            "‘Alles’ is 99; gebruikelijk is hoogstens 53.",
        ),
    ],
)
def test_a_range(one: Rule, answers: Answers, message: str | None) -> None:
    assert said(one, context(answers)) == message


PER_INHABITANT = ratio("leden", "inwoners", low="0.08", high="0.35", unit="leden per inwoner")


@pytest.mark.parametrize(
    ("one", "answers", "message"),
    [
        (
            PER_INHABITANT,
            {"leden": 1000, "inwoners": 100_000},
            (
                "‘Leden’ (1.000) en ‘Inwoners’ (100.000): dat is 0,01 leden per inwoner. "
                "Gebruikelijk is tussen 0,08 en 0,35."
            ),
        ),
        (PER_INHABITANT, {"leden": 8000, "inwoners": 100_000}, HOLDS),
        (PER_INHABITANT, {"leden": 35_000, "inwoners": 100_000}, HOLDS),
        (
            PER_INHABITANT,
            {"leden": 35_001, "inwoners": 100_000},
            (
                "‘Leden’ (35.001) en ‘Inwoners’ (100.000): dat is 0,35001 leden per inwoner. "
                "Gebruikelijk is tussen 0,08 en 0,35."
            ),
        ),
        (
            PER_INHABITANT,
            {"leden": 0, "inwoners": 100_000},
            (
                "‘Leden’ (0) en ‘Inwoners’ (100.000): dat is 0 leden per inwoner. "
                "Gebruikelijk is tussen 0,08 en 0,35."
            ),
        ),
        (PER_INHABITANT, {"leden": 1000, "inwoners": 0}, SILENT),
        (PER_INHABITANT, {"leden": 0, "inwoners": 0}, SILENT),
        (PER_INHABITANT, {"leden": 1000}, SILENT),
        (PER_INHABITANT, {"inwoners": 1000}, SILENT),
        (PER_INHABITANT, {"leden": UNKNOWN, "inwoners": 1000}, SILENT),
        (ratio("leden", "bemand", high=1), {"g": "nee", "leden": 9, "bemand": 1}, SILENT),
        (ratio("leden", "bemand", high=1), {"leden": 9, "bemand": 1}, SILENT),
        (
            ratio("baten", "leden inwoners", low=1, factor="0.001", unit="duizend euro per persoon"),
            {"baten": 10_000, "leden": 10, "inwoners": 30},
            (
                "‘Baten’ (€ 10.000) en de som van ‘Leden’ en ‘Inwoners’ (40): dat is 0,25 duizend euro per persoon. "
                "Gebruikelijk is minstens 1."
            ),
        ),
        (
            ratio("baten", "inwoners", low=5, high=60, unit="euro per inwoner"),
            {"baten": 10_000, "inwoners": 100_000},
            (
                "‘Baten’ (€ 10.000) en ‘Inwoners’ (100.000): dat is € 0,1 per inwoner. "
                "Gebruikelijk is tussen € 5 en € 60."
            ),
        ),
        (
            ratio("baten", "leden", low=5, factor=100, unit="procent van de leden"),
            {"baten": 1, "leden": 1_000_000},
            (
                "‘Baten’ (€ 1) en ‘Leden’ (1.000.000): dat is 0,0001% van de leden. "
                "Gebruikelijk is minstens 5%."
            ),
        ),
        (
            ratio("a", "uren", low="0.8", high=4),
            {"a": 4004, "uren": 1000},
            "‘Boeken’ (4.004) en ‘Openingsuren’ (1.000): dat is 4,004. Gebruikelijk is tussen 0,8 en 4.",
        ),
        (
            ratio("a", "uren", low="0.8", high=4),
            {"a": 7999, "uren": 10_000},
            "‘Boeken’ (7.999) en ‘Openingsuren’ (10.000): dat is 0,7999. Gebruikelijk is tussen 0,8 en 4.",
        ),
        (
            ratio("a b", "uren", high=50, factor=100, unit="procent"),
            {"a": 1, "b": 2, "uren": 4},
            (
                "De som van ‘Boeken’ en ‘Films’ (3) en ‘Openingsuren’ (4): dat is 75%. "
                "Gebruikelijk is hoogstens 50%."
            ),
        ),
        (
            ratio("a", "uren", high=2),
            {"a": 9, "uren": 4},
            "‘Boeken’ (9) en ‘Openingsuren’ (4): dat is 2,25. Gebruikelijk is hoogstens 2.",
        ),
        (ratio("a", "uren", high=2, floor=5), {"a": 100, "uren": Decimal("4.99")}, SILENT),
        (
            ratio("a", "uren", high=2, floor=5),
            {"a": 100, "uren": 5},
            "‘Boeken’ (100) en ‘Openingsuren’ (5): dat is 20. Gebruikelijk is hoogstens 2.",
        ),
        (
            ratio("saldo", "baten", low=-10, factor=100),
            {"saldo": -20, "baten": 100},
            "‘Saldo’ (-20) en ‘Baten’ (€ 100): dat is -20. Gebruikelijk is minstens -10.",
        ),
        (ratio("saldo", "baten", low=-10, factor=100), {"saldo": -10, "baten": 100}, HOLDS),
        (ratio("baten", "saldo", low=1), {"baten": 100, "saldo": -100}, SILENT),
        (
            ratio("a", "uren", high=2),
            {"a": 3, "uren": Decimal("0.5")},
            "‘Boeken’ (3) en ‘Openingsuren’ (0,5): dat is 6. Gebruikelijk is hoogstens 2.",
        ),
        (
            ratio("saldo", "baten", low=0),
            {"saldo": Decimal("-0.01"), "baten": 100},
            "‘Saldo’ (-0,01) en ‘Baten’ (€ 100): dat is -0,0001. Gebruikelijk is minstens 0.",
        ),
    ],
)
def test_a_ratio(one: Rule, answers: Answers, message: str | None) -> None:
    assert said(one, context(answers)) == message


@pytest.mark.parametrize(
    ("one", "message"),
    [
        (within("uren", high=0), "Bij ‘Open?’ staat nee, maar ‘Openingsuren’ is 4."),
        (
            within("uren", low=5),
            "Bij ‘Open?’ staat nee, maar ‘Openingsuren’ is 4; gebruikelijk is dan minstens 5.",
        ),
        (
            within("uren", low=0, high=0),
            "Bij ‘Open?’ staat nee, maar ‘Openingsuren’ is 4; gebruikelijk is dan tussen 0 en 0.",
        ),
        (
            ratio("uren", "leden", low=1),
            "Bij ‘Open?’ staat nee. ‘Openingsuren’ (4) en ‘Leden’ (8): dat is 0,5. Gebruikelijk is dan minstens 1.",
        ),
    ],
)
def test_what_made_it_speak_is_said(one: Rule, message: str) -> None:
    gated = replace(one, only_if=(Condition("g", ("nee",)),))
    assert said(gated, context({"g": "nee", "uren": 4, "leden": 8})) == message


def test_two_that_made_it_speak_are_both_said() -> None:
    shape = question("vorm", "Vorm", kind=Kind.CHOICE, choices={"deel": "Gedeeld gebouw"})
    gates = (Condition("vorm", ("los", "deel")), Condition("g", ("ja",)), Condition("g", ("ja", "nee")))
    around = context({"vorm": "deel", "g": "ja", "uren": 4}, questions={**QUESTIONS, "vorm": shape})
    assert said(replace(within("uren", high=0), only_if=gates), around) == (
        "Bij ‘Vorm’ staat ‘Gedeeld gebouw’ en bij ‘Open?’ staat ja, maar ‘Openingsuren’ is 4."
    )


@pytest.mark.parametrize(("left", "right", "factor"), [(1, 3, 3), (2, 7, 7), (1, 49, 49), (17, 93, 93)])
def test_a_bound_that_is_just_met_is_met(left: int, right: int, factor: int) -> None:
    exact = ratio("a", "uren", low=left, high=left + 1, factor=factor)
    assert said(exact, context({"a": left, "uren": right})) == HOLDS


@pytest.mark.parametrize(
    ("one", "number", "deviation"),
    [
        (within("saldo", high=10), 20, log(2)),
        (within("saldo", low=10), 5, log(2)),
        (within("saldo", low=10), 0, 1.0),
        (within("saldo", low=10), -10, 2.0),
        (within("saldo", high=0), 3, 3.0),
        (within("saldo", high=-4), -2, 0.5),
    ],
)
def test_how_far_off_is_on_a_log_scale_where_there_is_one(
    one: Rule, number: Scalar, deviation: float
) -> None:
    outcome = judge(one, context({"saldo": number}), "")
    assert outcome is not None
    assert outcome == Outcome(holds=False, message=outcome.message, deviation=pytest.approx(deviation))


def test_of_a_ratio_too() -> None:
    outcome = judge(PER_INHABITANT, context({"leden": 1000, "inwoners": 100_000}), "")
    assert outcome is not None
    assert outcome == Outcome(holds=False, message=outcome.message, deviation=pytest.approx(log(8)))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"low": 2}, "minstens 2"),
        ({"high": 1250}, "hoogstens 1.250"),
        ({"low": "0.5", "high": 3}, "tussen 0,5 en 3"),
        ({"high": 0}, "0"),
        ({"low": 0}, "minstens 0"),
    ],
)
def test_bounds_in_words(facts: dict[str, object], words: str) -> None:
    assert bounds_in_words(within("uren", **facts)) == words
