"""What a figure is made of, and what is easily mistaken for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from surveys.questionnaires.closure import Closure, closure_of
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.rule import Level, Rule, RuleKind
from surveys.questionnaires.schema import Formula, Operation, Place, Question
from surveys.values import Kind


def question(code: str, *operands: str, operation: Operation = Operation.SUM, **facts: object) -> Question:
    formula = Formula(operation, operands) if operands else None
    return replace(Question(code=code, label=code, kind=Kind.INTEGER, formula=formula), **facts)  # type: ignore[arg-type]


QUESTIONS = {
    one.code: one
    for one in (
        question("open", kind=Kind.YES_NO),
        question("a"),
        question("b"),
        question("ab", "a", "b"),
        question("c"),
        question("alles", "ab", "c"),
        question("per_c", "alles", "c", operation=Operation.RATIO),
        question("p", repeats=True),
        question("p_som", "p", operation=Operation.SUM_ROWS),
        question("feit", register="participation.inhabitants"),
        question("met_feit", "a", "feit"),
        question("mannen", place=Place("t", "mensen", "m"), section="s"),
        question("vrouwen", place=Place("t", "mensen", "v"), section="s"),
        question("anderen", place=Place("t", "elders", "m"), section="s"),
        question("hier", place=Place("t", "mensen", "m"), section="r"),
        question("totaal"),
    )
}
IS_TOTAL = Rule(
    code="r", kind=RuleKind.COMPARISON, left=("mannen", "vrouwen"), operator="=", right=("totaal",)
)
BY_AGE = replace(IS_TOTAL, code="s", left=("a", "b", "c"))


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("a", "a"),
        ("ab", "ab a b"),
        ("alles", "alles ab a b c"),
        ("per_c", "per_c alles ab a b c"),
        ("p_som", "p_som p"),
        ("totaal", "totaal mannen vrouwen a b c"),
        ("elders", "elders"),
    ],
)
def test_a_figure_is_made_of_what_it_is_computed_from_and_of_what_adds_up_to_it(
    code: str, parts: str
) -> None:
    assert Closure(QUESTIONS, [IS_TOTAL, BY_AGE]).made_of(code) == set(parts.split())


@pytest.mark.parametrize(
    "rule",
    [
        replace(IS_TOTAL, level=Level.WARNING),
        replace(IS_TOTAL, operator="<="),
        replace(IS_TOTAL, right=("totaal", "c")),
        replace(IS_TOTAL, last=("totaal",)),
        replace(IS_TOTAL, minus=("c",)),
        replace(IS_TOTAL, kind=RuleKind.RATIO),
    ],
)
def test_only_what_must_be_equal_adds_up(rule: Rule) -> None:
    closure = Closure(QUESTIONS, [rule])
    assert (closure.made_of("totaal"), closure.sums_with("vrouwen")) == ({"totaal"}, ())


def test_what_is_made_of_itself_comes_to_an_end() -> None:
    back = replace(IS_TOTAL, code="t", left=("totaal", "c"), right=("mannen",))
    assert Closure(QUESTIONS, [IS_TOTAL, back]).made_of("totaal") == {"totaal", "mannen", "vrouwen", "c"}


@pytest.mark.parametrize(
    ("code", "sums"),
    [
        ("a", [{"a", "b"}, {"a", "feit"}, {"a", "b", "c"}]),
        ("mannen", [{"mannen", "vrouwen"}]),
        ("ab", [{"ab", "c"}]),
        ("alles", []),
        ("p", []),
    ],
)
def test_each_sum_has_parts_of_its_own(code: str, sums: list[set[str]]) -> None:
    """One total may be divided by sex and again by age; a ratio is no sum."""
    assert list(Closure(QUESTIONS, [IS_TOTAL, BY_AGE]).sums_with(code)) == sums


@pytest.mark.parametrize(
    ("code", "beside"),
    [
        ("a", ["b", "c", "feit"]),
        ("mannen", ["vrouwen"]),
        ("vrouwen", ["mannen"]),
        ("anderen", []),
        ("hier", []),
        ("totaal", []),
        ("c", ["a", "b", "ab"]),
    ],
)
def test_beside_it_stands_what_is_added_up_with_it_or_in_its_row(code: str, beside: list[str]) -> None:
    assert Closure(QUESTIONS, [IS_TOTAL, BY_AGE]).beside(code) == beside


@pytest.mark.parametrize(
    ("keys", "typed"),
    [
        ([("a", "")], [("a", "")]),
        ([("alles", "")], [("a", ""), ("b", ""), ("c", "")]),
        ([("open", "")], []),
        ([("met_feit", "")], [("a", "")]),
        ([("p", "2")], [("p", "2")]),
        ([("p_som", "")], [("p", "1"), ("p", "2")]),
        ([("c", ""), ("ab", "")], [("c", ""), ("a", ""), ("b", "")]),
    ],
)
def test_what_was_typed_of_it(keys: list[tuple[str, str]], typed: list[tuple[str, str]]) -> None:
    assert list(Closure(QUESTIONS, []).typed(keys, ("1", "2"))) == typed


def test_it_is_worked_out_once_an_edition() -> None:
    edition = load_edition(years()[-1])
    closure = closure_of(edition)
    assert closure_of(edition) is closure
    assert closure.made_of("alles_en_niets") is closure.made_of("alles_en_niets")
