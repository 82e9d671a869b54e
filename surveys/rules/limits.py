"""Within bounds: a figure by itself, and one figure by another."""

from __future__ import annotations

from decimal import Decimal
from math import log

from surveys.questionnaires.rule import Rule
from surveys.rules.context import HOLDS, Context, Outcome, side
from surveys.rules.words import figure, named, rounded, sentence
from surveys.values import format_number


def within(rule: Rule, context: Context, row: str) -> Outcome | None:
    """A figure between `low` and `high`, both included.

    Weken gesloten 60 with high 53 gives: "‘Weken gesloten’ is 60; gebruikelijk is hoogstens 53."
    """
    number = side(rule.left, context.now, row)
    if number is None:
        return None
    nearest = _broken(rule, number)
    if nearest is None:
        return HOLDS
    question = context.questions[rule.left[0]]
    text = f"‘{question.label}’ is {figure(number, question)}; gebruikelijk is {bounds_in_words(rule)}."
    return Outcome(holds=False, message=text, deviation=_distance(number, nearest))


def ratio(rule: Rule, context: Context, row: str) -> Outcome | None:
    """Left by right, times `factor`, between `low` and `high`; silent by nothing, or by less than `floor`.

    Leden 1.000, inwoners 100.000 with low 0.08 gives: "‘Leden’ (1.000) en ‘Inwoners’ (100.000): dat is 0,01 leden per
    inwoner. Gebruikelijk is tussen 0,08 en 0,35."
    """
    left, right = side(rule.left, context.now, row), side(rule.right, context.now, row)
    if left is None or right is None or right <= 0 or right < rule.floor:
        return None
    number = left * rule.factor / right  # in this order a bound that is just met is met exactly
    nearest = _broken(rule, number)
    if nearest is None:
        return HOLDS
    text = (
        f"{named(rule.left, context.questions)} ({format_number(left)}) en "
        f"{named(rule.right, context.questions)} ({format_number(right)}): "
        f"dat is {rounded(number)} {rule.unit}".rstrip()
        + f". Gebruikelijk is {bounds_in_words(rule)}."
    )
    return Outcome(holds=False, message=sentence(text), deviation=_distance(number, nearest))


def bounds_in_words(rule: Rule) -> str:
    if rule.low is None:
        return f"hoogstens {format_number(rule.high or Decimal(0))}"
    if rule.high is None:
        return f"minstens {format_number(rule.low)}"
    return f"tussen {format_number(rule.low)} en {format_number(rule.high)}"


def _broken(rule: Rule, number: Decimal) -> Decimal | None:
    """The bound that is passed."""
    if rule.low is not None and number < rule.low:
        return rule.low
    return rule.high if rule.high is not None and number > rule.high else None


def _distance(number: Decimal, bound: Decimal) -> float:
    """On a log scale where there is one."""
    if number > 0 and bound > 0:
        return abs(log(number / bound))
    return float(abs(number - bound) / max(abs(bound), Decimal(1)))
