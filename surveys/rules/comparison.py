"""Linear comparison: the left side added up, against the right side added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from surveys.questionnaires.figures import Evaluation
from surveys.questionnaires.schema import Question, Rule
from surveys.values import format_number

_WRONG = {
    "=": "moet gelijk zijn aan",
    "<=": "kan niet meer zijn dan",
    ">=": "kan niet minder zijn dan",
}


def comparison(rule: Rule, questions: Mapping[str, Question], evaluation: Evaluation, row: str) -> str | None:
    """None when the rule holds or is silent, otherwise the message with both figures.

    Left uren_bemand 30, `<=`, right uren_open 28 gives:
    "‘Bemande uren’ (30) kan niet meer zijn dan ‘Openingsuren’ (28). Verschil: 2."
    Silent while a required operand is missing or unknown, or while a side has no figure at all. Hidden
    operands, and optional ones left empty, count as nothing.
    """
    left = side(rule.left, evaluation, row)
    right = side(rule.right, evaluation, row)
    if left is None or right is None or holds(left, rule.operator, right, rule.tolerance):
        return None
    message = (
        f"{_named(rule.left, questions)} ({format_number(left)}) {_WRONG[rule.operator]} "
        f"{_named(rule.right, questions)} ({format_number(right)}). "
        f"Verschil: {format_number(abs(left - right))}."
    )
    return message[0].upper() + message[1:]


def side(codes: Sequence[str], evaluation: Evaluation, row: str) -> Decimal | None:
    """The sum of what is given and visible; None when nothing is, or when a figure is still open."""
    keys = [(code, row) for code in codes]
    if not evaluation.partial.isdisjoint(keys) or any(
        evaluation.visible.get(key, False) is None for key in keys
    ):
        return None
    numbers = [n for code in codes if (n := evaluation.number((code, row))) is not None]
    return sum(numbers, Decimal(0)) if numbers else None


def holds(left: Decimal, operator: str, right: Decimal, tolerance: Decimal) -> bool:
    if operator == "=":
        return abs(left - right) <= tolerance
    return left <= right + tolerance if operator == "<=" else left >= right - tolerance


def _named(codes: Sequence[str], questions: Mapping[str, Question]) -> str:
    labels = [f"‘{questions[code].label}’" for code in codes]
    if len(labels) == 1:
        return labels[0]
    if len(labels) > 3:
        return f"de som van {len(labels)} regels, {labels[0]} tot en met {labels[-1]}"
    return "de som van " + ", ".join(labels[:-1]) + " en " + labels[-1]
