"""SQLite as an oracle: what its NULLs make of a rule is what the rule must make of missing answers.

The statements are written from what the kinds promise, in hundredths and without division; they use nothing of the
code that they judge.
"""

# ruff: noqa: S608  every statement is put together here, of codes and whole numbers

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.questionnaires.rule import Condition, Rule, RuleKind
from surveys.questionnaires.schema import Question
from surveys.rules import judge
from surveys.rules.context import NOTHING
from surveys.values import NOT_APPLICABLE, UNKNOWN, Kind
from tests.rules.world import Scalar, by_code, context, question, rule

# An answer, in every state in which it can be.

GIVEN, MISSING, HIDDEN, UNSURE, NOT_KNOWN, DOES_NOT_APPLY = STATES = (
    "given", "missing", "hidden", "unsure", "unknown", "not applicable",
)  # fmt: skip
"""hidden and unsure (not known whether it is asked) have an answer too, which must not count."""
NUMBERS, YES_NO = ("a", "b", "c", "d"), ("j", "k")
ERAS = ("now", "last")


@dataclass(frozen=True)
class Answer:
    state: str
    is_required: bool
    hundredths: int


World = Mapping[tuple[str, str], Answer]
HUNDREDTHS = (
    0,
    0,
    0,
    1,
    50,
    99,
    100,
    100,
    150,
    200,
    200,
    300,
    400,
    500,
    1000,
    1001,
    10_000,
    20_000,
    -100,
    -250,
)
ANSWERS = [
    *(Answer(GIVEN, True, one) for one in HUNDREDTHS),
    *(Answer(state, is_required, 300) for state in STATES for is_required in (True, False)),
]
YES_OR_NO = [replace(one, hundredths=number) for one in ANSWERS[len(HUNDREDTHS) :] for number in (0, 100)]


def _world(random: Random) -> World:
    answers = {(era, code): random.choice(ANSWERS) for era in ERAS for code in NUMBERS}
    answers |= {("now", code): random.choice(YES_OR_NO) for code in YES_NO}
    if random.random() < 0.4:
        answers["last", "a"] = answers["now", "a"]
    return answers


# What is judged.

_GATES = {HIDDEN: (Condition("dicht", ("ja",)),), UNSURE: (Condition("open", ("ja",)),)}
_STATES = {NOT_KNOWN: UNKNOWN, DOES_NOT_APPLY: NOT_APPLICABLE}


def _questions(world: World, era: str) -> dict[str, Question]:
    gates = [question(code, code, kind=Kind.YES_NO) for code in ("dicht", "open", "mag")]
    asked = [
        question(
            code,
            code,
            kind=Kind.YES_NO if code in YES_NO else Kind.DECIMAL,
            required=one.is_required,
            only_if=_GATES.get(one.state, ()),
        )
        for (when, code), one in world.items()
        if when == era
    ]
    return by_code(*gates, *asked)


def _values(world: World, era: str) -> Iterator[tuple[str, Scalar]]:
    yield "dicht", "nee"
    for (when, code), one in world.items():
        if when != era or one.state == MISSING:
            continue
        if one.state in _STATES:
            yield code, _STATES[one.state]
        elif code in YES_NO:
            yield code, "ja" if one.hundredths else "nee"
        else:
            yield code, Decimal(one.hundredths) / 100


def judged(one: Rule, world: World, gate: str | None, *, has_last: bool) -> bool | None:
    allowed = {"mag": gate} if gate else {}
    now = context({**dict(_values(world, "now")), **allowed}, questions=_questions(world, "now"))
    last = (
        context(dict(_values(world, "last")), questions=_questions(world, "last")).now
        if has_last
        else NOTHING
    )
    gated = replace(one, only_if=(Condition("mag", ("ja",)),))
    outcome = judge(gated, replace(now, last=last), "")
    return None if outcome is None else outcome.holds


# The oracle: a line for every answer, and one expression over them.


@cache
def _database() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE answer (era, code, visible, is_open, hundredths)")
    return database


def asked(expression: str, world: World, gate: str | None, *, has_last: bool) -> bool | None:
    database = _database()
    database.execute("DELETE FROM answer")
    database.executemany(
        "INSERT INTO answer VALUES (?, ?, ?, ?, ?)",
        [
            (
                era,
                code,
                {HIDDEN: 0, UNSURE: None}.get(one.state, 1),
                one.is_required and one.state in (MISSING, NOT_KNOWN),
                None if one.state in (MISSING, NOT_KNOWN, DOES_NOT_APPLY) else one.hundredths,
            )
            for (era, code), one in world.items()
            if era == "now" or has_last
        ],
    )
    ((outcome,),) = database.execute(f"SELECT CASE WHEN ? = 'ja' THEN {expression} END", (gate,)).fetchall()
    return None if outcome is None else bool(outcome)


def _sum(codes: Sequence[str], era: str = "now") -> str:
    """SUM passes over NULL and is NULL where nothing else is; one answer that is open makes all of it NULL."""
    names = ", ".join(f"'{code}'" for code in codes)
    return (
        "(SELECT CASE WHEN MIN(visible IS NOT NULL AND NOT is_open) THEN SUM(CASE WHEN visible THEN hundredths END) "
        f"END FROM answer WHERE era = '{era}' AND code IN ({names}))"
    )


def _there(codes: Sequence[str]) -> str:
    """OR is true as soon as one is, otherwise NULL as soon as one is."""
    each = [
        "(SELECT CASE WHEN visible IS NULL OR is_open THEN NULL ELSE visible AND coalesce(hundredths, 0) > 0 END "
        f"FROM answer WHERE era = 'now' AND code = '{code}')"
        for code in codes
    ]
    return f"({' OR '.join(each)})"


# A rule of each kind, and what it promises.

Case = tuple[Rule, str]


def _text(hundredths: int) -> str:
    return str(Decimal(hundredths) / 100)


def _some(random: Random, codes: Sequence[str] = NUMBERS, least: int = 1) -> list[str]:
    return random.sample(codes, random.randint(least, 3))


def _comparison(random: Random) -> Case:
    left, right, minus = _some(random), _some(random, least=0), random.choice([[], _some(random)])
    last = _some(random, least=0 if right else 1)
    operator = random.choice(["=", "<=", ">="])
    tolerance, margin = random.choice([0, 0, 50, 100, 1000]), random.choice([None, None, 5, 10, 50])
    one = rule(
        RuleKind.COMPARISON, " ".join(left), " ".join(right), operator=operator, tolerance=_text(tolerance),
        minus=" ".join(minus), last=" ".join(last), **({} if margin is None else {"margin": margin}),
    )  # fmt: skip
    terms = [_sum(right)] * bool(right) + [_sum(last, "last")] * bool(last)
    total = " + ".join(terms) + (f" - {_sum(minus)}" if minus else "")
    apart = {"=": "abs(l - r)", "<=": "l - r", ">=": "r - l"}[operator]
    allowed = f"max({tolerance * 100}, abs(r) * {margin or 0})"
    return one, f"(SELECT ({apart}) * 100 <= {allowed} FROM (SELECT {_sum(left)} AS l, {total} AS r))"


def _bounds(random: Random) -> tuple[int | None, int | None, dict[str, str]]:
    low, high = random.choice([(True, True), (True, False), (False, True)])
    bounds = {
        "low": random.choice(HUNDREDTHS) if low else None,
        "high": random.choice(HUNDREDTHS) if high else None,
    }
    return bounds["low"], bounds["high"], {key: _text(one) for key, one in bounds.items() if one is not None}


def _within(number: str, low: str | None, high: str | None) -> str:
    return " AND ".join(
        [f"{number} >= {low}"] * (low is not None) + [f"{number} <= {high}"] * (high is not None)
    )


def _range(random: Random) -> Case:
    low, high, facts = _bounds(random)
    one = rule(RuleKind.RANGE, "a", **facts)
    return one, _within(_sum("a"), None if low is None else str(low), None if high is None else str(high))


def _ratio(random: Random) -> Case:
    left, right, (low, high, facts) = _some(random), _some(random), _bounds(random)
    factor, floor = random.choice([1, 100, 300, 10_000]), random.choice([0, 0, 100, 1000])
    one = rule(
        RuleKind.RATIO, " ".join(left), " ".join(right), factor=_text(factor), floor=_text(floor), **facts
    )
    test = _within(
        f"l * {factor}", None if low is None else f"r * {low}", None if high is None else f"r * {high}"
    )
    sums = f"{_sum(left)} AS l, {_sum(right)} AS r"
    return one, f"(SELECT CASE WHEN r > 0 AND r >= {floor} THEN {test} END FROM (SELECT {sums}))"


def _together(random: Random) -> Case:
    codes = (*NUMBERS, *YES_NO)
    left, right = _some(random, codes), random.choice([[], _some(random, codes)])
    if len(left) == 1:
        right = _some(random, codes)
    sides = [_there(left), _there(right)] if right else [_there([code]) for code in left]
    return rule(
        RuleKind.TOGETHER, " ".join(left), " ".join(right)
    ), f"({' + '.join(sides)}) IN (0, {len(sides)})"


def _over_time(test: str) -> str:
    return f"(SELECT {test} FROM (SELECT {_sum('a')} AS now, {_sum('a', 'last')} AS last))"


def _change(random: Random) -> Case:
    floor = random.choice([0, 0, 100, 1000])
    margin, times = random.choice([1, 20, 50, 100]), random.choice([150, 200, 300, 1000])
    facts, within = random.choice([
        ({"margin": str(margin)}, f"abs(now - last) * 100 <= last * {margin}"),
        ({"times": _text(times)}, f"(now * 100 < last * {times} AND last * 100 < now * {times})"),
    ])  # fmt: skip
    test = f"CASE WHEN now > 0 AND last > 0 THEN {within} OR abs(now - last) < {floor} END"
    return rule(RuleKind.CHANGE, "a", floor=_text(floor), **facts), _over_time(test)


def _vanished(random: Random) -> Case:
    floor = random.choice([1, 50, 100, 1000])
    test = f"CASE WHEN last >= {floor} THEN now <> 0 END"
    return rule(RuleKind.VANISHED, "a", floor=_text(floor)), _over_time(test)


def _same(random: Random) -> Case:
    floor = random.choice([1, 50, 100, 1000])
    test = f"CASE WHEN last >= {floor} THEN now <> last END"
    return rule(RuleKind.SAME, "a", floor=_text(floor)), _over_time(test)


def _rounded(random: Random) -> Case:
    floor, step = random.choice([1, 50, 100, 1000]), random.choice([100, 200, 500])
    test = f"CASE WHEN now >= {floor} AND last IS NOT NULL THEN now % {step} <> 0 OR last % {step} = 0 END"
    return rule(RuleKind.ROUNDED, "a", floor=_text(floor), step=_text(step)), _over_time(test)


def _included(random: Random) -> Case:
    left, right = random.choice([["a"], ["a", "c"]]), random.choice([["b"], ["b", "d"]])
    margin = random.choice([5, 10, 40, 100])
    test = (
        f"CASE WHEN last > 0 AND part > 0 THEN NOT (abs(now - last) * 100 > last * {margin} "
        f"AND abs(abs(now - last) - part) * 200 <= last * {margin}) END"
    )
    sums = f"{_sum(left)} AS now, {_sum(left, 'last')} AS last, {_sum(right)} AS part"
    one = rule(RuleKind.INCLUDED, " ".join(left), " ".join(right), margin=margin)
    return one, f"(SELECT {test} FROM (SELECT {sums}))"


KINDS: Mapping[RuleKind, Callable[[Random], Case]] = {
    RuleKind.COMPARISON: _comparison,
    RuleKind.RANGE: _range,
    RuleKind.RATIO: _ratio,
    RuleKind.TOGETHER: _together,
    RuleKind.CHANGE: _change,
    RuleKind.VANISHED: _vanished,
    RuleKind.SAME: _same,
    RuleKind.ROUNDED: _rounded,
    RuleKind.INCLUDED: _included,
}


def compare(kind: RuleKind, seed: int) -> bool | None:
    random = Random(seed)
    (one, expression), world = KINDS[kind](random), _world(random)
    gate = random.choice(["ja"] * 6 + ["nee", None])
    has_last = random.random() < 0.85
    outcome = judged(one, world, gate, has_last=has_last)
    expected = asked(expression, world, gate, has_last=has_last)
    assert outcome is expected, f"{one}\n{world}\ngate {gate}, last year {has_last}\n{expression}"
    return outcome


@settings(max_examples=150, deadline=None)
@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(min_value=1000))
def test_a_rule_is_true_false_or_silent_as_sql_would_have_it(kind: RuleKind, seed: int) -> None:
    """The answers come from one seed, so that many cost little."""
    compare(kind, seed)


@pytest.mark.parametrize("kind", KINDS)
def test_and_it_is_each_of_the_three(kind: RuleKind) -> None:
    assert {compare(kind, seed) for seed in range(400)} == {True, False, None}


def test_of_every_kind_that_sql_can_tell() -> None:
    """Peers have a reference of their own; scope and the named functions are told case by case."""
    others = {RuleKind.PRESENCE, RuleKind.PEERS, RuleKind.SCOPE, RuleKind.FUNCTION}
    assert set(KINDS) == set(RuleKind) - others
