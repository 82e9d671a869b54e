"""Beside last year: changed, gone, the same, rounded off, something counted in or left out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import log

import pytest

from surveys.questionnaires.rule import Rule, RuleKind
from surveys.questionnaires.schema import Operation
from surveys.rules import Outcome, judge
from surveys.rules.context import Repair
from surveys.values import NOT_APPLICABLE, UNKNOWN, Kind, Value
from tests.rules.world import (
    HOLDS,
    QUESTIONS,
    SILENT,
    Answers,
    Scalar,
    by_code,
    computed,
    context,
    question,
    rule,
    said,
)


def change(left: str = "leden", **facts: object) -> Rule:
    return rule(RuleKind.CHANGE, left, **facts)


MORE = change(margin=20)
TIMES = change(times=2)


@pytest.mark.parametrize(
    ("one", "now", "last", "message"),
    [
        (MORE, 1200, 2400, "‘Leden’ is 1.200, vorig jaar 2.400: 50% minder."),
        (MORE, 120, 100, HOLDS),
        (MORE, 80, 100, HOLDS),
        (MORE, Decimal("120.01"), 100, "‘Leden’ is 120,01, vorig jaar 100: 20% meer."),
        (MORE, Decimal("79.99"), 100, "‘Leden’ is 79,99, vorig jaar 100: 20% minder."),
        (MORE, 4500, 100, "‘Leden’ is 4.500, vorig jaar 100: 45 keer zo veel."),
        (MORE, Decimal("0.5"), Decimal("0.25"), "‘Leden’ is 0,5, vorig jaar 0,25: 100% meer."),
        (MORE, 0, 100, SILENT),
        (MORE, 100, 0, SILENT),
        (MORE, 0, 0, SILENT),
        (change(margin=20, floor=50), 149, 100, HOLDS),
        (change(margin=20, floor=50), 150, 100, "‘Leden’ is 150, vorig jaar 100: 50% meer."),
        (change(margin=20, floor=50), 50, 100, "‘Leden’ is 50, vorig jaar 100: 50% minder."),
        (TIMES, Decimal("199.99"), 100, HOLDS),
        (TIMES, 200, 100, "‘Leden’ is 200, vorig jaar 100: 100% meer."),
        (TIMES, 300, 100, "‘Leden’ is 300, vorig jaar 100: 3 keer zo veel."),
        (TIMES, Decimal("50.01"), 100, HOLDS),
        (TIMES, 50, 100, "‘Leden’ is 50, vorig jaar 100: 50% minder."),
        (change(times=2, floor=3), 4, 2, HOLDS),
        (change(times=2, floor=3), 5, 2, "‘Leden’ is 5, vorig jaar 2: 150% meer."),
        (change(times=3), 33, 100, "‘Leden’ is 33, vorig jaar 100: 3 keer zo weinig."),
        (change(times=3), 34, 100, HOLDS),
    ],
)
def test_a_change(one: Rule, now: Scalar, last: Scalar, message: str | None) -> None:
    assert said(one, context({"leden": now}, {"leden": last})) == message


@pytest.mark.parametrize(
    ("code", "now", "last", "message"),
    [
        ("baten", 150_000, 100_000, "‘Baten’ is € 150.000, vorig jaar € 100.000: 50% meer."),
        ("aandeel", 30, 10, "‘Aandeel’ is 30%, vorig jaar 10%: 3 keer zo veel."),
        ("saldo", -100, -50, SILENT),
        ("saldo", -100, 50, SILENT),
        ("saldo", 100, -50, SILENT),
    ],
)
def test_a_change_in_its_unit(code: str, now: Scalar, last: Scalar, message: str | None) -> None:
    assert said(change(code, margin=20), context({code: now}, {code: last})) == message


VANISHED = rule(RuleKind.VANISHED, "leden", floor=1)


@pytest.mark.parametrize(
    ("one", "now", "last", "message"),
    [
        (VANISHED, 0, 1234, "‘Leden’ is 0, vorig jaar 1.234."),
        (VANISHED, 0, 1, "‘Leden’ is 0, vorig jaar 1."),
        (VANISHED, 0, Decimal("0.5"), SILENT),
        (VANISHED, 0, 0, SILENT),
        (VANISHED, Decimal("0.01"), 1234, HOLDS),
        (VANISHED, NOT_APPLICABLE, 1234, SILENT),
        (replace(VANISHED, floor=Decimal(100)), 0, 99, SILENT),
        (replace(VANISHED, floor=Decimal(100)), 0, 100, "‘Leden’ is 0, vorig jaar 100."),
    ],
)
def test_vanished(one: Rule, now: Scalar, last: Scalar, message: str | None) -> None:
    assert said(one, context({"leden": now}, {"leden": last})) == message


SAME = rule(RuleKind.SAME, "leden", floor=100)


@pytest.mark.parametrize(
    ("now", "last", "message"),
    [
        (61_234, 61_234, "‘Leden’ is precies gelijk aan vorig jaar: 61.234."),
        (100, 100, "‘Leden’ is precies gelijk aan vorig jaar: 100."),
        (99, 99, SILENT),
        (0, 0, SILENT),
        (61_235, 61_234, HOLDS),
        (Decimal("61234.01"), 61_234, HOLDS),
        (0, 61_234, HOLDS),
    ],
)
def test_the_same(now: Scalar, last: Scalar, message: str | None) -> None:
    assert said(SAME, context({"leden": now}, {"leden": last})) == message


ROUNDED = rule(RuleKind.ROUNDED, "bezoeken", floor=10_000, step=1000)


@pytest.mark.parametrize(
    ("one", "now", "last", "message"),
    [
        (ROUNDED, 60_000, 61_234, "‘Bezoeken’ is afgerond op 1.000: 60.000, vorig jaar 61.234."),
        (ROUNDED, 10_000, 1, "‘Bezoeken’ is afgerond op 1.000: 10.000, vorig jaar 1."),
        (ROUNDED, 9_000, 61_234, SILENT),
        (ROUNDED, 60_001, 61_234, HOLDS),
        (ROUNDED, 60_000, 61_000, HOLDS),
        (ROUNDED, 60_000, 0, HOLDS),
        (
            replace(ROUNDED, step=Decimal(500)),
            60_500,
            61_234,
            "‘Bezoeken’ is afgerond op 500: 60.500, vorig jaar 61.234.",
        ),
    ],
)
def test_rounded_off(one: Rule, now: Scalar, last: Scalar, message: str | None) -> None:
    assert said(one, context({"bezoeken": now}, {"bezoeken": last})) == message


def test_an_amount_is_rounded_to_euros() -> None:
    one = rule(RuleKind.ROUNDED, "baten", floor=10_000, step=1000)
    around = context({"baten": 60_000}, {"baten": 61_234})
    assert said(one, around) == "‘Baten’ is afgerond op € 1.000: € 60.000, vorig jaar € 61.234."


LOANS = by_code(
    *QUESTIONS.values(),
    question("uitleningen", "Uitleningen", kind=Kind.INTEGER, decimals=0),
    question("verlengingen", "Verlengingen", kind=Kind.INTEGER, decimals=0),
    computed("totaal", "Totaal", Operation.SUM, "uitleningen", "verlengingen", kind=Kind.INTEGER, decimals=0),
)
INCLUDED = rule(RuleKind.INCLUDED, "uitleningen", "verlengingen", margin=10)


def repaired(kind: str, number: int, code: str = "uitleningen") -> tuple[Repair, ...]:
    return (Repair(kind, (((code, ""), Value.of(number)),), ("verlengingen",)),)


IN = "‘Uitleningen’ is 41.000 meer dan vorig jaar (101.000). Dat is ongeveer ‘Verlengingen’ (40.000): zit dat erin?"
OUT = (
    "‘Uitleningen’ is 41.000 minder dan vorig jaar (142.000). Dat is ongeveer ‘Verlengingen’ (40.000): "
    "ontbreekt dat?"
)


@pytest.mark.parametrize(
    ("now", "part", "last", "message"),
    [
        (142_000, 40_000, 101_000, IN),
        (101_000, 40_000, 142_000, OUT),
        (101_000, 40_000, 101_000, HOLDS),
        # At most ten percent: no jump.
        (110_000, 10_000, 100_000, HOLDS),
        (
            111_000,
            11_000,
            100_000,
            "‘Uitleningen’ is 11.000 meer dan vorig jaar (100.000). Dat is ongeveer ‘Verlengingen’ (11.000): zit dat erin?",
        ),
        # A jump by something else: more than five percent of last year beside it.
        (145_001, 40_000, 100_000, HOLDS),
        (134_999, 40_000, 100_000, HOLDS),
        (
            145_000,
            40_000,
            100_000,
            "‘Uitleningen’ is 45.000 meer dan vorig jaar (100.000). Dat is ongeveer ‘Verlengingen’ (40.000): zit dat erin?",
        ),
        (
            0,
            100_000,
            100_000,
            "‘Uitleningen’ is 100.000 minder dan vorig jaar (100.000). Dat is ongeveer ‘Verlengingen’ (100.000): ontbreekt dat?",
        ),
        (142_000, 0, 101_000, SILENT),
        (142_000, 40_000, 0, SILENT),
    ],
)
def test_something_counted_in_or_left_out(now: int, part: int, last: int, message: str | None) -> None:
    around = context({"uitleningen": now, "verlengingen": part}, {"uitleningen": last}, questions=LOANS)
    assert said(INCLUDED, around) == message


@pytest.mark.parametrize(
    ("now", "last", "outcome"),
    [
        (
            142_000,
            101_000,
            Outcome(False, IN, log(142 / 101), Decimal(41_000), repaired("included", 102_000)),
        ),
        (
            101_000,
            142_000,
            Outcome(False, OUT, log(142 / 101), Decimal(-41_000), repaired("omitted", 141_000)),
        ),
    ],
)
def test_what_was_counted_in_is_taken_out_and_what_was_left_out_is_put_in(
    now: int, last: int, outcome: Outcome
) -> None:
    around = context({"uitleningen": now, "verlengingen": 40_000}, {"uitleningen": last}, questions=LOANS)
    found = judge(INCLUDED, around, "")
    assert found is not None
    assert replace(found, deviation=round(found.deviation, 9)) == replace(
        outcome, deviation=round(outcome.deviation, 9)
    )
    ((key, value),) = found.repairs[0].changes
    mended = context({key: value or 0, "verlengingen": 40_000}, {"uitleningen": last}, questions=LOANS)
    assert said(INCLUDED, mended) == HOLDS


@pytest.mark.parametrize(
    ("now", "last", "message", "mended"),
    [
        (
            "0.9",
            "0.5",
            "‘Leden’ is 0,4 meer dan vorig jaar (0,5). Dat is ongeveer ‘Openingsuren’ (0,4): zit dat erin?",
            "0.5",
        ),
        (
            "0.1",
            "0.5",
            "‘Leden’ is 0,4 minder dan vorig jaar (0,5). Dat is ongeveer ‘Openingsuren’ (0,4): ontbreekt dat?",
            "0.5",
        ),
    ],
)
def test_of_a_fraction_too(now: str, last: str, message: str, mended: str) -> None:
    one = rule(RuleKind.INCLUDED, "leden", "uren", margin=10)
    around = context({"leden": Decimal(now), "uren": Decimal("0.4")}, {"leden": Decimal(last)})
    found = judge(one, around, "")
    assert found is not None
    assert (found.message, found.deviation) == (
        message,
        pytest.approx(abs(log(float(now) / float(last)))),
    )
    assert [each.changes for each in found.repairs] == [((("leden", ""), Value.of(Decimal(mended))),)]


def test_nothing_left_of_it_is_as_far_off_as_can_be() -> None:
    around = context({"uitleningen": 0, "verlengingen": 40_000}, {"uitleningen": 40_000}, questions=LOANS)
    found = judge(INCLUDED, around, "")
    assert found is not None
    assert found.deviation == 1.0


def test_a_sum_is_repaired_by_hand() -> None:
    one = rule(RuleKind.INCLUDED, "uitleningen leden", "verlengingen", margin=10)
    around = context(
        {"uitleningen": 140_000, "leden": 1000, "verlengingen": 40_000},
        {"uitleningen": 100_000, "leden": 1000},
        questions=LOANS,
    )
    assert judge(one, around, "") == Outcome(
        holds=False,
        message=(
            "De som van ‘Uitleningen’ en ‘Leden’ is 40.000 meer dan vorig jaar (101.000). "
            "Dat is ongeveer ‘Verlengingen’ (40.000): zit dat erin?"
        ),
        deviation=pytest.approx(log(141 / 101)),
        shift=Decimal(40_000),
    )


@pytest.mark.parametrize(
    ("now", "last"),
    [
        # Of a computed figure no field can be mended.
        ({"uitleningen": 142_000, "verlengingen": 40_000}, {"uitleningen": 101_000, "verlengingen": 40_000}),
    ],
)
def test_a_computed_figure_is_repaired_by_hand(now: Answers, last: Answers) -> None:
    one = rule(RuleKind.INCLUDED, "totaal", "verlengingen", margin=10)
    found = judge(one, context(now, last, questions=LOANS), "")
    assert found is not None
    assert (found.holds, found.repairs) == (False, ())


@pytest.mark.parametrize(
    ("one", "now", "last", "outcome"),
    [
        (MORE, 200, 100, Outcome(False, "‘Leden’ is 200, vorig jaar 100: 100% meer.", log(2), Decimal(100))),
        (MORE, 50, 100, Outcome(False, "‘Leden’ is 50, vorig jaar 100: 50% minder.", log(2), Decimal(-50))),
        (VANISHED, 0, 100, Outcome(False, "‘Leden’ is 0, vorig jaar 100.", log(101), Decimal(-100))),
        (SAME, 100, 100, Outcome(False, "‘Leden’ is precies gelijk aan vorig jaar: 100.", 0.1)),
        (
            rule(RuleKind.ROUNDED, "leden", floor=100, step=50),
            150,
            120,
            Outcome(False, "‘Leden’ is afgerond op 50: 150, vorig jaar 120.", 0.05),
        ),
    ],
)
def test_how_far_off_and_by_how_much_it_moved(one: Rule, now: int, last: int, outcome: Outcome) -> None:
    found = judge(one, context({"leden": now}, {"leden": last}), "")
    assert found is not None
    assert replace(found, deviation=0.0) == replace(outcome, deviation=0.0)
    assert found.deviation == pytest.approx(outcome.deviation)


@pytest.mark.parametrize("state", [UNKNOWN, NOT_APPLICABLE])
def test_without_a_number_last_year_there_is_nothing_to_compare_with(state: Value) -> None:
    for one in (MORE, TIMES, VANISHED, SAME, rule(RuleKind.ROUNDED, "leden", floor=1, step=1)):
        assert said(one, context({"leden": 0}, {"leden": state})) is SILENT
