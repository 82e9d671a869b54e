"""What belongs together: all there, or none."""

from __future__ import annotations

import pytest

from surveys.questionnaires.rule import Rule, RuleKind
from surveys.rules import Outcome, judge
from surveys.values import NOT_APPLICABLE, UNKNOWN
from tests.rules.world import HOLDS, SILENT, Answers, context, rule, said


def together(left: str, right: str = "") -> Rule:
    return rule(RuleKind.TOGETHER, left, right)


PAIR = together("uren", "leden")
EACH = together("uren leden baten")
CAO = together("uren", "cao cao_ob")


@pytest.mark.parametrize(
    ("one", "answers", "message"),
    [
        (PAIR, {"uren": 12, "leden": 3}, HOLDS),
        (PAIR, {"uren": 0, "leden": 0}, HOLDS),
        (PAIR, {"uren": 12, "leden": 0}, "Bij ‘Openingsuren’ is iets ingevuld, bij ‘Leden’ niets of 0."),
        (PAIR, {"uren": 0, "leden": 3}, "Bij ‘Leden’ is iets ingevuld, bij ‘Openingsuren’ niets of 0."),
        (
            PAIR,
            {"uren": 12, "leden": NOT_APPLICABLE},
            "Bij ‘Openingsuren’ is iets ingevuld, bij ‘Leden’ niets of 0.",
        ),
        (PAIR, {"uren": 12}, SILENT),
        (PAIR, {"leden": 0}, SILENT),
        (PAIR, {"uren": 12, "leden": UNKNOWN}, SILENT),
        (PAIR, {}, SILENT),
        (
            together("uren", "saldo"),
            {"uren": 1, "saldo": -1},
            "Bij ‘Openingsuren’ is iets ingevuld, bij ‘Saldo’ niets of 0.",
        ),
        # Every code of left its own side.
        (EACH, {"uren": 1, "leden": 2, "baten": 3}, HOLDS),
        (EACH, {"uren": 0, "leden": 0, "baten": 0}, HOLDS),
        (
            EACH,
            {"uren": 1, "leden": 2, "baten": 0},
            "Bij ‘Openingsuren’ en ‘Leden’ is iets ingevuld, bij ‘Baten’ niets of 0.",
        ),
        (
            EACH,
            {"uren": 0, "leden": 2, "baten": 0},
            "Bij ‘Leden’ is iets ingevuld, bij ‘Openingsuren’ en ‘Baten’ niets of 0.",
        ),
        (EACH, {"uren": 1, "leden": 0}, SILENT),
        # A side of several: one that is there is enough, also beside one that is open.
        (CAO, {"uren": 1, "cao": "ja", "cao_ob": "nee"}, HOLDS),
        (CAO, {"uren": 1, "cao_ob": "ja"}, HOLDS),
        (CAO, {"uren": 1, "cao": "ja"}, HOLDS),
        (
            CAO,
            {"uren": 1, "cao": "nee", "cao_ob": "nee"},
            "Bij ‘Openingsuren’ is iets ingevuld, bij ‘Cao?’ of ‘Cao openbare bibliotheken?’ niets of 0.",
        ),
        (
            CAO,
            {"uren": 0, "cao": "nee", "cao_ob": "ja"},
            "Bij ‘Cao?’ of ‘Cao openbare bibliotheken?’ is iets ingevuld, bij ‘Openingsuren’ niets of 0.",
        ),
        (CAO, {"uren": 1, "cao_ob": "nee"}, SILENT),
        (CAO, {"uren": 0, "cao": "nee"}, HOLDS),
        # A hidden question is not there; one of which that is not known yet is open.
        (
            together("uren", "bemand"),
            {"g": "nee", "bemand": 5, "uren": 1},
            "Bij ‘Openingsuren’ is iets ingevuld, bij ‘Bemande uren’ niets of 0.",
        ),
        (together("uren", "bemand"), {"g": "nee", "bemand": 5, "uren": 0}, HOLDS),
        (together("uren", "bemand"), {"bemand": 5, "uren": 1}, SILENT),
        (together("uren", "a bemand"), {"bemand": 5, "a": 2, "uren": 1}, HOLDS),
    ],
)
def test_together(one: Rule, answers: Answers, message: str | None) -> None:
    assert said(one, context(answers)) == message


def test_all_or_none_has_no_degrees() -> None:
    outcome = judge(PAIR, context({"uren": 12, "leden": 0}), "")
    assert outcome is not None
    assert outcome == Outcome(holds=False, message=outcome.message, deviation=1.0)
