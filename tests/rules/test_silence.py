"""While what it compares is not there a rule is silent, of whatever kind: never a guess, never a crash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from math import log

import pytest

from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.rule import Condition, Rule, RuleKind
from surveys.questionnaires.schema import Question
from surveys.rules import all_findings, findings, judgements
from surveys.rules.context import Bound
from surveys.values import NOT_APPLICABLE, UNKNOWN, Kind, Value
from tests.rules.world import IF_OPEN, QUESTIONS, SILENT, Answers, context, question, rule, said

WORLD = {**QUESTIONS, "mag": question("mag", "Mag het?", kind=Kind.YES_NO)}
BOUNDS = {("r", "alle"): Bound(8, log(3), 0.1)}


@dataclass(frozen=True)
class Speaking:
    """A rule that speaks, and the answers that make it speak."""

    rule: Rule
    now: Answers
    last: Answers


def speaking(one: Rule, now: Answers, last: Answers | None = None) -> Speaking:
    return Speaking(one, {"g": "ja", **now}, {"g": "ja", **(last or {})})


SPEAKING: Mapping[str, Speaking] = {
    "comparison": speaking(
        rule(RuleKind.COMPARISON, "leden", "inwoners", operator="<="), {"leden": 9, "inwoners": 8}
    ),
    "comparison with last year": speaking(
        rule(RuleKind.COMPARISON, "leden", "bezoeken", operator="=", minus="uren", last="leden"),
        {"leden": 9, "bezoeken": 1, "uren": 2},
        {"leden": 9},
    ),
    "range": speaking(rule(RuleKind.RANGE, "leden", high=5), {"leden": 9}),
    "ratio": speaking(rule(RuleKind.RATIO, "leden", "inwoners", high=1), {"leden": 9, "inwoners": 8}),
    "together": speaking(rule(RuleKind.TOGETHER, "leden", "bezoeken"), {"leden": 9, "bezoeken": 0}),
    "change": speaking(rule(RuleKind.CHANGE, "leden", margin=20), {"leden": 9}, {"leden": 5}),
    "change by a factor": speaking(rule(RuleKind.CHANGE, "leden", times=2), {"leden": 9}, {"leden": 3}),
    "vanished": speaking(rule(RuleKind.VANISHED, "leden", floor=1), {"leden": 0}, {"leden": 3}),
    "same": speaking(rule(RuleKind.SAME, "leden", floor=1), {"leden": 3}, {"leden": 3}),
    "included": speaking(
        rule(RuleKind.INCLUDED, "leden", "bezoeken", margin=10), {"leden": 140, "bezoeken": 40}, {"leden": 100}
    ),
    "rounded": speaking(rule(RuleKind.ROUNDED, "leden", floor=10, step=10), {"leden": 50}, {"leden": 53}),
    "peers": speaking(
        rule(RuleKind.PEERS, "leden", "inwoners", width="3.5"), {"leden": 90, "inwoners": 10}
    ),
}  # fmt: skip
"""Scope and function rules are made otherwise, and have tests of their own."""


def told(
    one: Rule,
    now: Answers,
    last: Answers | None,
    questions: Mapping[str, Question] = WORLD,
) -> str | None:
    return said(one, context(now, last, questions=questions, bounds=BOUNDS, groups=("alle",)))


def cases(*, of_last: bool = False) -> list[object]:
    return [
        pytest.param(one, code, id=f"{name}, {code}")
        for name, one in SPEAKING.items()
        for code in dict.fromkeys(one.rule.reads_last if of_last else one.rule.reads)
    ]


def test_every_kind_is_here() -> None:
    here = {one.rule.kind for one in SPEAKING.values()}
    assert here == set(RuleKind) - {RuleKind.PRESENCE, RuleKind.SCOPE, RuleKind.FUNCTION}


@pytest.mark.parametrize("one", SPEAKING.values(), ids=SPEAKING)
def test_each_of_them_speaks(one: Speaking) -> None:
    assert told(one.rule, one.now, one.last)


@pytest.mark.parametrize(("one", "code"), cases())
def test_silent_while_an_answer_is_missing_or_unknown(one: Speaking, code: str) -> None:
    without = {key: value for key, value in one.now.items() if key != code}
    assert told(one.rule, without, one.last) is SILENT
    assert told(one.rule, {**one.now, code: UNKNOWN}, one.last) is SILENT


@pytest.mark.parametrize(("one", "code"), cases())
def test_silent_of_what_does_not_apply_is_not_asked_or_may_be_asked(one: Speaking, code: str) -> None:
    """Together is the exception: what is surely not asked is not there."""
    gated = {**WORLD, code: replace(WORLD[code], only_if=IF_OPEN)}
    unasked = [
        told(one.rule, {**one.now, code: NOT_APPLICABLE}, one.last),
        told(one.rule, {**one.now, "g": "nee"}, one.last, gated),
    ]
    if one.rule.kind is RuleKind.TOGETHER:
        assert (SILENT in unasked, len(set(unasked))) == (False, 1)
    else:
        assert unasked == [SILENT, SILENT]
    maybe = {key: value for key, value in one.now.items() if key != "g"}
    assert told(one.rule, maybe, one.last, gated) is SILENT


@pytest.mark.parametrize(("one", "code"), cases(of_last=True))
def test_silent_of_what_was_not_there_last_year(one: Speaking, code: str) -> None:
    without = {key: value for key, value in one.last.items() if key != code}
    gated = {**WORLD, code: replace(WORLD[code], only_if=IF_OPEN)}
    assert told(one.rule, one.now, without) is SILENT
    assert told(one.rule, one.now, {**one.last, code: UNKNOWN}) is SILENT
    assert told(one.rule, one.now, {**one.last, code: NOT_APPLICABLE}) is SILENT
    assert told(one.rule, one.now, {**one.last, "g": "nee"}, gated) is SILENT
    assert told(one.rule, one.now, None) is SILENT


@pytest.mark.parametrize("one", SPEAKING.values(), ids=SPEAKING)
def test_silent_unless_its_condition_surely_holds(one: Speaking) -> None:
    """A limit says what made it speak; see test_limits.py."""
    asked = replace(one.rule, only_if=(Condition("mag", ("ja",)),))
    message = told(one.rule, one.now, one.last)
    gated = {**WORLD, "mag": replace(WORLD["mag"], only_if=(Condition("cao", ("ja",)),))}
    spoken = told(asked, {**one.now, "mag": "ja"}, one.last)
    assert spoken is not SILENT if one.rule.kind in (RuleKind.RANGE, RuleKind.RATIO) else spoken == message
    assert told(asked, {**one.now, "mag": "nee"}, one.last) is SILENT
    assert told(asked, {**one.now, "mag": UNKNOWN}, one.last) is SILENT
    assert told(asked, one.now, one.last) is SILENT
    assert told(asked, {**one.now, "mag": "ja", "cao": "nee"}, one.last, gated) is SILENT
    assert told(asked, {**one.now, "mag": "ja"}, one.last, gated) is SILENT


@pytest.mark.parametrize("one", SPEAKING.values(), ids=SPEAKING)
def test_two_conditions_must_both_hold(one: Speaking) -> None:
    asked = replace(one.rule, only_if=(Condition("mag", ("ja",)), Condition("cao", ("ja", "nee"))))
    spoken = [
        told(asked, {**one.now, "mag": mag, "cao": cao}, one.last) is not SILENT
        for mag, cao in product(("ja", "nee"), ("ja", UNKNOWN))
    ]
    assert spoken == [True, False, False, False]


@pytest.mark.parametrize("year", years())
@pytest.mark.parametrize("answer", [None, UNKNOWN, NOT_APPLICABLE, 0, -1, 1], ids=str)
def test_no_rule_of_an_edition_breaks_on_whatever_is_answered_everywhere(
    year: int, answer: Value | int | None
) -> None:
    """Everything visible, and one and the same answer to every number."""
    edition = load_edition(year)
    values = {}
    for code, one in edition.questions.items():
        for row in ("1", "2") if one.repeats else ("",):
            if one.kind.is_number and answer is not None:
                values[code, row] = answer if isinstance(answer, Value) else Value.of(answer)
            elif one.labels:
                values[code, row] = Value.of("ja" if "ja" in one.labels else next(iter(one.labels)))
    around = context(
        values, values, questions=edition.questions, rules=edition.rules, rows=("1", "2"),
        bounds={(one.code, "alle"): Bound(8, 100.0, 0.0) for one in edition.rules}, groups=("alle",),
    )  # fmt: skip
    judged = list(judgements(edition.rules, around))
    raw = all_findings(edition.rules, around)
    assert len(raw) == sum(outcome is not None and not outcome.holds for _, _, outcome in judged)
    assert all(one.message[:1] == "‘" or one.message[:1].isupper() for one in raw)
    assert len(findings(edition.rules, around)) <= len(raw)
