"""A small world for rules: a handful of questions, the answers of two years, and what a rule then says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from surveys.questionnaires.closure import Closure
from surveys.questionnaires.dependencies import in_order
from surveys.questionnaires.figures import evaluate
from surveys.questionnaires.rule import Condition, Level, Rule, RuleKind
from surveys.questionnaires.schema import Formula, Operation, Question
from surveys.rules import judge
from surveys.rules.context import NOTHING, Bound, Context
from surveys.values import Key, Kind, Value

Scalar = int | str | Decimal | Value
Answers = Mapping[str | Key, Scalar]
SILENT, HOLDS = None, ""
"""Beside a message, what a rule can come to."""
IF_OPEN = (Condition("g", ("ja",)),)


def question(code: str, label: str, **facts: object) -> Question:
    return replace(
        Question(code=code, label=label, kind=Kind.DECIMAL, decimals=2, required=True),
        **facts,  # type: ignore[arg-type]
    )


def by_code(*questions: Question) -> dict[str, Question]:
    return {one.code: one for one in questions}


def computed(code: str, label: str, operation: Operation, *operands: str, **facts: object) -> Question:
    return question(code, label, required=False, formula=Formula(operation, operands), **facts)


QUESTIONS = by_code(
    question("g", "Open?", kind=Kind.YES_NO),
    question("bemand", "Bemande uren", only_if=IF_OPEN),
    question("uren", "Openingsuren"),
    question("a", "Boeken", required=False),
    question("b", "Films", required=False),
    question("c", "Muziek", required=False),
    question("d", "Games", required=False),
    computed("som", "Alles", Operation.SUM, "bemand", "uren"),
    question("leden", "Leden"),
    question("inwoners", "Inwoners"),
    question("bezoeken", "Bezoeken", kind=Kind.INTEGER, decimals=0),
    question("baten", "Baten", kind=Kind.EURO, decimals=0),
    question("aandeel", "Aandeel", kind=Kind.PERCENT, decimals=1),
    question("saldo", "Saldo", minimum=Decimal(-1_000_000)),
    question("cao", "Cao?", kind=Kind.YES_NO),
    question("cao_ob", "Cao openbare bibliotheken?", kind=Kind.YES_NO, required=False),
)


def rule(kind: RuleKind, left: str, right: str = "", **facts: object) -> Rule:
    """Codes are parted by a space; numbers may be written as text."""
    level = Level.ERROR if kind in (RuleKind.PRESENCE, RuleKind.COMPARISON) else Level.WARNING
    numbers = {"tolerance", "margin", "times", "low", "high", "factor", "floor", "step", "width"}
    read = {
        key: Decimal(str(one))
        if key in numbers
        else tuple(str(one).split())
        if key in ("minus", "last")
        else one
        for key, one in facts.items()
    }
    return Rule(
        **{  # type: ignore[arg-type]
            "code": "r",
            "kind": kind,
            "left": tuple(left.split()),
            "right": tuple(right.split()),
            "level": level,
            **read,
        }
    )


def values_of(answers: Answers) -> dict[Key, Value]:
    return {
        (key, "") if isinstance(key, str) else key: one if isinstance(one, Value) else Value.of(one)
        for key, one in answers.items()
    }


def context(
    now: Answers,
    last: Answers | None = None,
    *,
    questions: Mapping[str, Question] = QUESTIONS,
    rows: Sequence[str] = (),
    rules: Iterable[Rule] = (),
    bounds: Mapping[tuple[str, str], Bound] | None = None,
    groups: Sequence[str] = (),
) -> Context:
    """`last` None: there was no year before."""
    order = in_order(questions)
    return Context(
        questions=questions,
        closure=Closure(questions, rules),
        now=evaluate(order, values_of(now), rows),
        last=NOTHING if last is None else evaluate(order, values_of(last), rows),
        rows=rows,
        bounds=bounds or {},
        groups=groups,
    )


def said(one: Rule, around: Context, row: str = "") -> str | None:
    """The message; HOLDS, or SILENT."""
    outcome = judge(one, around, row)
    return SILENT if outcome is None else HOLDS if outcome.holds else outcome.message


def per_location(questions: Mapping[str, Question] = QUESTIONS) -> dict[str, Question]:
    return {code: replace(one, repeats=True) for code, one in questions.items()}
