"""What is told of a rule that does not hold: where, with which figures, and what is still to do instead."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from surveys.questionnaires.rule import Condition, Level, Rule, RuleKind
from surveys.rules import Finding, absences, all_findings, findings, judgements
from surveys.values import NOT_APPLICABLE, UNKNOWN
from tests.rules.world import QUESTIONS, Answers, context, per_location, rule


def comparison(left: str, operator: str, right: str = "", **facts: object) -> Rule:
    return rule(RuleKind.COMPARISON, left, right, operator=operator, **facts)


WITHIN = comparison("bemand", "<=", "uren")
BY_LOCATION = per_location()
HOURS: Answers = {
    (code, row): one
    for row, bemand in (("1", 30), ("2", 28), ("3", 29))
    for code, one in (("g", "ja"), ("bemand", bemand), ("uren", 28))
}
ROWS = ("1", "2", "3")


def test_a_finding_names_every_answer_that_could_be_wrong() -> None:
    one = comparison("a b bemand", "=", "uren", level=Level.WARNING, hint="Kijk het na.")
    (found,) = findings([one], context({"g": "nee", "a": 1, "b": 2, "uren": 9}))
    assert found == Finding(
        rule=one,
        row="",
        anchor=("b", ""),
        keys=(("a", ""), ("b", ""), ("bemand", ""), ("uren", "")),
        message=(
            "De som van ‘Boeken’, ‘Films’ en ‘Bemande uren’ (3) is meestal gelijk aan ‘Openingsuren’ (9). Verschil: 6."
        ),
        figures="a=1 b=2 bemand= uren=9",
        deviation=6 / 9,
    )
    assert (found.code, found.level, found.hint, found.id) == ("r", Level.WARNING, "Kijk het na.", "r")


@pytest.mark.parametrize(
    ("one", "anchor"),
    [
        pytest.param(comparison("uren", "=", "a b"), "b", id="the longer side of a comparison"),
        pytest.param(comparison("a b", "=", "uren"), "b", id="whichever that is"),
        pytest.param(comparison("uren", "=", "b"), "uren", id="the left one of two that are as long"),
        pytest.param(comparison("uren", "=", "a bemand"), "a", id="the last that is visible"),
        pytest.param(comparison("uren", "=", "b", minus="a"), "uren", id="never what is subtracted"),
        pytest.param(comparison("uren", "=", last="b"), "uren", id="never last year"),
        pytest.param(rule(RuleKind.RATIO, "uren", "a b", low=1000), "uren", id="the left of a ratio"),
        pytest.param(rule(RuleKind.RATIO, "a bemand", "uren", low=1000), "a", id="the last visible one"),
        pytest.param(
            rule(RuleKind.TOGETHER, "uren", "leden"), "uren", id="the left of two that belong together"
        ),
        pytest.param(rule(RuleKind.TOGETHER, "uren leden baten"), "baten", id="the last of several"),
        pytest.param(rule(RuleKind.RANGE, "uren", high=2), "uren", id="the only one"),
    ],
)
def test_where_a_finding_stands(one: Rule, anchor: str) -> None:
    answers: Answers = {"g": "nee", "a": 1, "b": 2, "uren": 9, "leden": 0, "baten": 0}
    (found,) = findings([one], context(answers, {"b": 4}))
    assert found.anchor == (anchor, "")


@pytest.mark.parametrize(
    ("home", "anchor"),
    [
        (None, "b"),
        (("a", "b", "uren", "c"), "b"),
        (("a", "uren"), "a"),
        (("uren", "c"), "uren"),
        (("c", "d"), "c"),
        (("d",), "d"),
        (("bemand",), "bemand"),
    ],
)
def test_in_each_list_it_stands_at_one_of_its_own(home: tuple[str, ...] | None, anchor: str) -> None:
    one = comparison("bemand a b", "=", "uren c", minus="d")
    around = context({"g": "nee", "a": 1, "b": 2, "c": 3, "d": 4, "uren": 9})
    told = findings([one], around, home)
    assert [(each.anchor, each.figures) for each in told] == [
        ((anchor, ""), "bemand= a=1 b=2 uren=9 c=3 d=4")
    ]


def test_each_location_is_judged_by_itself() -> None:
    found = findings([WITHIN], context(HOURS, questions=BY_LOCATION, rows=ROWS))
    assert [(one.id, one.row, one.message, one.keys, one.anchor) for one in found] == [
        (
            f"r__{row}",
            row,
            f"‘Bemande uren’ ({hours}) kan niet meer zijn dan ‘Openingsuren’ (28). Verschil: {hours - 28}.",
            (("bemand", row), ("uren", row)),
            ("bemand", row),
        )
        for row, hours in (("1", 30), ("3", 29))
    ]


def test_a_condition_is_that_of_the_location_or_else_of_all() -> None:
    questions = {**BY_LOCATION, "cao": QUESTIONS["cao"]}
    only_here = replace(WITHIN, only_if=(Condition("cao_ob", ("ja",)),))
    nowhere = replace(WITHIN, only_if=(Condition("cao", ("nee",)),))
    everywhere = replace(WITHIN, only_if=(Condition("cao", ("ja",)),))
    around = context(
        {**HOURS, "cao": "ja", ("cao_ob", "1"): "nee", ("cao_ob", "3"): "ja"}, questions=questions, rows=ROWS
    )
    assert [[one.row for one in findings([each], around)] for each in (only_here, nowhere, everywhere)] == [
        ["3"],
        [],
        ["1", "3"],
    ]


def test_what_made_it_speak_is_among_its_figures_and_not_its_keys() -> None:
    gates = (Condition("g", ("ja",)), Condition("cao", ("ja",)), Condition("g", ("ja", "nee")))
    one = replace(rule(RuleKind.RANGE, "uren", high=5), only_if=gates)
    questions = {**BY_LOCATION, "cao": QUESTIONS["cao"]}
    around = context({("g", "1"): "ja", ("uren", "1"): 9, "cao": "ja"}, questions=questions, rows=("1",))
    (found,) = findings([one], around)
    assert (found.keys, found.about, found.figures) == (
        (("uren", "1"),),
        (("g", "1"), ("cao", "")),
        "uren=9 g=ja cao=ja",
    )


def test_every_rule_is_judged_in_every_row_that_it_is_about() -> None:
    presence = rule(RuleKind.PRESENCE, "a")
    for_all = replace(rule(RuleKind.RANGE, "leden", high=5), code="s")
    questions = {**BY_LOCATION, "leden": QUESTIONS["leden"]}
    around = context({**HOURS, "leden": 3, ("g", "2"): "nee"}, questions=questions, rows=ROWS)
    assert [
        (one.code, row, outcome and outcome.holds)
        for one, row, outcome in judgements([WITHIN, presence, for_all], around)
    ] == [
        ("r", "1", False),
        ("r", "2", None),
        ("r", "3", False),
        ("s", "", True),
    ]


def test_without_locations_a_rule_about_them_has_no_row() -> None:
    assert list(judgements([WITHIN], context({}, questions=BY_LOCATION))) == []


def test_what_is_found_comes_in_the_order_of_the_rules() -> None:
    other = replace(comparison("a", "=", "b"), code="s")
    around = context({"g": "ja", "bemand": 3, "uren": 2, "a": 1, "b": 2})
    assert [one.code for one in all_findings([other, WITHIN], around)] == ["s", "r"]
    assert [one.code for one in all_findings([WITHIN, other], around)] == ["r", "s"]


def test_what_is_told_comes_worst_first() -> None:
    """Errors, then warnings; of each what is farthest off."""
    rules = [
        replace(rule(RuleKind.RANGE, "leden", high=5), code="little"),
        replace(rule(RuleKind.RANGE, "bezoeken", high=5), code="much"),
        replace(comparison("a", "=", "b"), code="error"),
        replace(comparison("c", "=", "d"), code="worse"),
    ]
    around = context({"leden": 6, "bezoeken": 600, "a": 2, "b": 1, "c": 9, "d": 1})
    assert [one.code for one in findings(rules, around)] == ["worse", "error", "much", "little"]


@pytest.mark.parametrize(
    ("one", "figures"),
    [
        (comparison("a b", "=", "uren", minus="c"), "a=1.5 b= uren=100 c=0"),
        (comparison("a", "=", "uren", last="d", minus="c"), "a=1.5 uren=100 c=0 d@last=7"),
        (rule(RuleKind.CHANGE, "leden", margin=5), "leden=20 leden@last=1000"),
        (rule(RuleKind.INCLUDED, "leden", "uren", margin=10), "leden=20 uren=100 leden@last=1000"),
        (rule(RuleKind.RATIO, "leden", "uren", high="0.1"), "leden=20 uren=100"),
        (rule(RuleKind.TOGETHER, "cao leden inwoners"), "cao=ja leden=20 inwoners="),
        (rule(RuleKind.TOGETHER, "baten cao_ob"), "baten=1250000 cao_ob=nee"),
    ],
)
def test_the_figures_are_all_that_it_was_judged_by(one: Rule, figures: str) -> None:
    now: Answers = {
        "a": Decimal("1.50"), "uren": 100, "c": 0, "leden": 20, "cao": "ja", "cao_ob": "nee", "baten": 1_250_000,
        "inwoners": NOT_APPLICABLE,
    }  # fmt: skip
    around = context(now, {"d": Decimal("7.00"), "leden": 1000})
    if one.kind is RuleKind.INCLUDED:
        around = context({**now, "uren": 980}, {"leden": 1000})
        figures = figures.replace("uren=100", "uren=980")
    assert [each.figures for each in all_findings([one], around)] == [figures]


PRESENT = rule(RuleKind.PRESENCE, "bemand b", code="p")


@pytest.mark.parametrize(
    ("left", "answers", "is_open"),
    [
        ("a b", {}, True),
        ("a b", {"a": 0}, False),
        ("a b", {"b": UNKNOWN}, False),
        ("bemand", {}, False),
        ("bemand", {"g": "nee"}, False),
        ("bemand", {"g": "nee", "bemand": 1}, False),
        ("bemand", {"g": "ja"}, True),
        ("bemand b", {"g": "nee"}, True),
    ],
)
def test_presence(left: str, answers: Answers, is_open: bool) -> None:
    one = replace(PRESENT, left=tuple(left.split()))
    around = context(answers)
    assert absences([one, WITHIN], around.now, []) == ([(one, "")] if is_open else [])
    assert findings([one], around) == []


def test_presence_per_location() -> None:
    one = replace(PRESENT, left=("a", "b"))
    around = context({("a", "1"): 3}, questions=BY_LOCATION, rows=("1", "2"))
    assert absences([one], around.now, ["1", "2"]) == [(one, "2")]


def test_a_finding_of_which_nothing_is_visible_never_arises() -> None:
    assert findings([comparison("bemand", "=", "bemand")], context({"g": "nee", "bemand": 3})) == []


@pytest.mark.parametrize(
    ("one", "now", "last", "asks"),
    [
        (comparison("a", "=", "b", minus="c", last="d"), "a b c", "d", "a b c"),
        (rule(RuleKind.RATIO, "a", "b", only_if=(Condition("g", ("ja",)),)), "a b", "", "a b g"),
        (rule(RuleKind.CHANGE, "a"), "a", "a", "a"),
        (rule(RuleKind.VANISHED, "a"), "a", "a", "a"),
        (rule(RuleKind.SAME, "a"), "a", "a", "a"),
        (rule(RuleKind.ROUNDED, "a"), "a", "a", "a"),
        (rule(RuleKind.INCLUDED, "a", "b"), "a b", "a", "a b"),
        (rule(RuleKind.SCOPE, "a", "b c d"), "a b c d", "a b c d", "a b c d"),
        (rule(RuleKind.PEERS, "a", "b"), "a b", "", "a b"),
    ],
)
def test_what_a_rule_reads_of_this_year_and_of_last(one: Rule, now: str, last: str, asks: str) -> None:
    assert (one.reads, one.reads_last) == (tuple(now.split()), tuple(last.split()))
    assert one.needs[: len(asks.split())] == tuple(asks.split())


def test_rules_are_known_by_their_code_and_list() -> None:
    assert len({WITHIN, replace(WITHIN), replace(WITHIN, questionnaire="bezit")}) == 2
