"""What must hold: when a rule speaks, what it says, and when it keeps silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from surveys.questionnaires.figures import evaluate
from surveys.questionnaires.schema import Condition, Formula, Level, Operation, Question, Rule, RuleKind
from surveys.rules import Finding, absences, findings
from surveys.rules.comparison import holds
from surveys.values import UNKNOWN, Key, Kind, Value


def question(code: str, label: str, **facts: object) -> Question:
    return replace(
        Question(code=code, label=label, kind=Kind.DECIMAL, decimals=2, required=True),
        **facts,  # type: ignore[arg-type]
    )


QUESTIONS = {
    one.code: one
    for one in (
        question("g", "Open?", kind=Kind.YES_NO),
        question("bemand", "Bemande uren", only_if=(Condition("g", ("ja",)),)),
        question("uren", "Openingsuren"),
        question("a", "Boeken", required=False),
        question("b", "Films", required=False),
        question("c", "Muziek", required=False),
        question("d", "Games", required=False),
        question("som", "Alles", required=False, formula=Formula(Operation.SUM, ("bemand", "uren"))),
    )
}
BY_LOCATION = {code: replace(one, repeats=True) for code, one in QUESTIONS.items()}


def comparison(left: tuple[str, ...], operator: str, right: tuple[str, ...], tolerance: str = "0") -> Rule:
    return Rule(
        code="r",
        kind=RuleKind.COMPARISON,
        left=left,
        operator=operator,
        right=right,
        tolerance=Decimal(tolerance),
        hint="Kijk het na.",
    )


def values(**answers: int | str | Decimal | Value) -> dict[Key, Value]:
    return {(code, ""): one if isinstance(one, Value) else Value.of(one) for code, one in answers.items()}


def told(rule: Rule, answers: Mapping[Key, Value]) -> list[str]:
    evaluation = evaluate(QUESTIONS.values(), answers, [])
    return [one.message for one in findings([rule], QUESTIONS, evaluation, [])]


WITHIN = comparison(("bemand",), "<=", ("uren",))


@pytest.mark.parametrize(
    ("rule", "answers", "messages"),
    [
        pytest.param(
            WITHIN,
            values(g="ja", bemand=30, uren=28),
            ["‘Bemande uren’ (30) kan niet meer zijn dan ‘Openingsuren’ (28). Verschil: 2."],
            id="too much",
        ),
        pytest.param(WITHIN, values(g="ja", bemand=28, uren=28), [], id="just enough"),
        pytest.param(
            comparison(("bemand",), ">=", ("uren",)),
            values(g="ja", bemand=Decimal("27.5"), uren=28),
            ["‘Bemande uren’ (27,5) kan niet minder zijn dan ‘Openingsuren’ (28). Verschil: 0,5."],
            id="too little",
        ),
        pytest.param(
            comparison(("a", "b"), "=", ("uren",)),
            values(a=1000, b=230, uren=1234),
            [
                "De som van ‘Boeken’ en ‘Films’ (1.230) moet gelijk zijn aan ‘Openingsuren’ (1.234). Verschil: 4."
            ],
            id="parts of two",
        ),
        pytest.param(
            comparison(("uren",), "=", ("a", "b", "c")),
            values(a=1, b=2, c=3, uren=7),
            [
                "‘Openingsuren’ (7) moet gelijk zijn aan de som van ‘Boeken’, ‘Films’ en ‘Muziek’ (6). Verschil: 1."
            ],
            id="parts of three",
        ),
        pytest.param(
            comparison(("a", "b", "c", "d"), "=", ("uren",)),
            values(a=1, b=2, c=3, d=4, uren=7),
            [
                "De som van 4 regels, ‘Boeken’ tot en met ‘Games’ (10) moet gelijk zijn aan ‘Openingsuren’ (7). Verschil: 3."
            ],
            id="parts of four",
        ),
        pytest.param(
            comparison(("a", "b"), "=", ("uren",)),
            values(a=1, uren=2),
            ["De som van ‘Boeken’ en ‘Films’ (1) moet gelijk zijn aan ‘Openingsuren’ (2). Verschil: 1."],
            id="an optional part left empty is nothing",
        ),
        pytest.param(
            comparison(("a", "b"), "=", ("uren",)), values(uren=2), [], id="a side without any figure"
        ),
        pytest.param(WITHIN, values(g="ja", bemand=30), [], id="right is missing"),
        pytest.param(WITHIN, values(g="ja", uren=28), [], id="left is missing"),
        pytest.param(WITHIN, values(g="ja", bemand=30, uren=UNKNOWN), [], id="right is unknown"),
        pytest.param(WITHIN, values(g="nee", bemand=30, uren=28), [], id="left is hidden"),
        pytest.param(WITHIN, values(bemand=30, uren=28), [], id="not known whether left is asked"),
        pytest.param(
            comparison(("a", "bemand"), "<=", ("uren",)),
            values(bemand=30, a=30, uren=28),
            [],
            id="not known whether one of left is asked",
        ),
        pytest.param(
            comparison(("a", "bemand"), "<=", ("uren",)),
            values(g="nee", bemand=30, a=29, uren=28),
            [
                "De som van ‘Boeken’ en ‘Bemande uren’ (29) kan niet meer zijn dan ‘Openingsuren’ (28). Verschil: 1."
            ],
            id="a hidden part is nothing",
        ),
        pytest.param(
            comparison(("a",), ">=", ("som",)),
            values(g="ja", a=1, uren=28),
            [],
            id="a sum of which a part is missing",
        ),
        pytest.param(
            comparison(("a",), ">=", ("som",)),
            values(g="ja", a=1, bemand=2, uren=28),
            ["‘Boeken’ (1) kan niet minder zijn dan ‘Alles’ (30). Verschil: 29."],
            id="a sum",
        ),
    ],
)
def test_a_comparison(rule: Rule, answers: Mapping[Key, Value], messages: list[str]) -> None:
    assert told(rule, answers) == messages


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


def test_a_finding_names_every_answer_that_could_be_wrong() -> None:
    evaluation = evaluate(QUESTIONS.values(), values(g="nee", a=1, b=2, uren=9), [])
    rule = replace(comparison(("a", "b", "bemand"), "=", ("uren",)), level=Level.WARNING)
    assert findings([rule], QUESTIONS, evaluation, []) == [
        Finding(
            rule="r",
            level=Level.WARNING,
            row="",
            message="De som van ‘Boeken’, ‘Films’ en ‘Bemande uren’ (3) moet gelijk zijn aan ‘Openingsuren’ (9). Verschil: 6.",
            hint="Kijk het na.",
            keys=(("a", ""), ("b", ""), ("bemand", ""), ("uren", "")),
            anchor=("b", ""),
        )
    ]


def test_a_finding_stands_at_the_longer_side() -> None:
    evaluation = evaluate(QUESTIONS.values(), values(a=1, b=2, uren=9), [])
    anchors = [
        one.anchor
        for rule in (comparison(("uren",), "=", ("a", "b")), comparison(("uren",), "=", ("b",)))
        for one in findings([rule], QUESTIONS, evaluation, [])
    ]
    assert anchors == [("b", ""), ("uren", "")]


def test_each_location_is_judged_by_itself() -> None:
    answers = {
        (code, row): Value.of(one)
        for row, bemand in (("1", 30), ("2", 28), ("3", 29))
        for code, one in (("g", "ja"), ("bemand", bemand), ("uren", 28))
    }
    rows = ["1", "2", "3"]
    found = findings([WITHIN], BY_LOCATION, evaluate(BY_LOCATION.values(), answers, rows), rows)
    assert [(one.row, one.message, one.keys) for one in found] == [
        (
            row,
            f"‘Bemande uren’ ({hours}) kan niet meer zijn dan ‘Openingsuren’ (28). Verschil: {hours - 28}.",
            (("bemand", row), ("uren", row)),
        )
        for row, hours in (("1", 30), ("3", 29))
    ]


def test_findings_come_in_the_order_of_the_rules() -> None:
    other = replace(comparison(("a",), "=", ("b",)), code="s")
    evaluation = evaluate(QUESTIONS.values(), values(g="ja", bemand=3, uren=2, a=1, b=2), [])
    assert [one.rule for one in findings([other, WITHIN], QUESTIONS, evaluation, [])] == ["s", "r"]


PRESENT = Rule(code="p", kind=RuleKind.PRESENCE, left=("bemand", "b"))


@pytest.mark.parametrize(
    ("left", "answers", "is_open"),
    [
        (("a", "b"), values(), True),
        (("a", "b"), values(a=0), False),
        (("a", "b"), values(b=UNKNOWN), False),
        (("bemand",), values(), False),
        (("bemand",), values(g="nee"), False),
        (("bemand",), values(g="nee", bemand=1), False),
        (("bemand",), values(g="ja"), True),
        (("bemand", "b"), values(g="nee"), True),
    ],
)
def test_presence(left: tuple[str, ...], answers: Mapping[Key, Value], is_open: bool) -> None:
    rule = replace(PRESENT, left=left)
    evaluation = evaluate(QUESTIONS.values(), answers, [])
    assert absences([rule, WITHIN], evaluation, []) == ([(rule, "")] if is_open else [])
    assert findings([rule], QUESTIONS, evaluation, []) == []


def test_presence_per_location() -> None:
    rule = replace(PRESENT, left=("a", "b"))
    evaluation = evaluate(BY_LOCATION.values(), {("a", "1"): Value.of(3)}, ["1", "2"])
    assert absences([rule], evaluation, ["1", "2"]) == [(rule, "2")]


def test_a_finding_of_which_nothing_is_visible_never_arises() -> None:
    assert told(comparison(("bemand",), "=", ("bemand",)), values(g="nee", bemand=3)) == []
