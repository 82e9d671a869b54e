"""Within bounds: a figure by itself, and one figure by another."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from math import log

from surveys.questionnaires.rule import Rule
from surveys.rules.context import HOLDS, Context, Outcome, side
from surveys.rules.words import divided, figure, in_unit, passed, sentence, signed
from surveys.values import Kind, format_number


def within(rule: Rule, context: Context, row: str) -> Outcome | None:
    """A figure between `low` and `high`, both included.

    Weken gesloten 60 with high 53 gives: "‘Weken gesloten’ is 60; gebruikelijk is hoogstens 53." Scholen 4 with
    high 0 where there is no partner: "Bij ‘Werkt u samen?’ staat nee, maar ‘Scholen’ is 4."
    """
    number = side(rule.left, context.now, row)
    if number is None:
        return None
    nearest = _broken(rule, number)
    if nearest is None:
        return HOLDS
    question, condition = context.questions[rule.left[0]], _condition(rule, context, row)
    text = f"‘{question.label}’ is {figure(number, question)}"
    usual = bounds_in_words(rule, lambda bound: figure(bound, question))
    if not condition:
        text += f"; gebruikelijk is {usual}"
    elif rule.low is not None or rule.high != 0:
        text = f"{condition}, maar {text}; gebruikelijk is dan {usual}"
    else:  # that this should be 0 is plain
        text = f"{condition}, maar {text}"
    return Outcome(holds=False, message=f"{text}.", deviation=_distance(number, nearest))


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
    usual = bounds_in_words(rule, lambda bound: signed(format_number(bound), rule.unit))
    condition = _condition(rule, context, row)
    text = (
        f"{divided(rule, context.questions, left, right)}: dat is {in_unit(passed(number, nearest), rule.unit)}. "
        f"Gebruikelijk is {'dan ' if condition else ''}{usual}."
    )
    text = f"{condition}. {text}" if condition else text
    return Outcome(holds=False, message=text, deviation=_distance(number, nearest))


def _condition(rule: Rule, context: Context, row: str) -> str:
    """Bij ‘Werkt u samen?’ staat nee; empty for a rule that always speaks."""
    told = []
    for key in context.conditions_of(rule, row):
        question, answer = context.questions[key[0]], context.now.counted[key].text
        words = answer if question.kind is Kind.YES_NO else f"‘{question.labels[answer]}’"
        told.append(f"bij ‘{question.label}’ staat {words}")
    return sentence(" en ".join(told)) if told else ""


def bounds_in_words(rule: Rule, write: Callable[[Decimal], str] = format_number) -> str:
    if rule.low is None and rule.high == 0:
        return write(Decimal(0))
    if rule.low is None:
        return f"hoogstens {write(rule.high or Decimal(0))}"
    if rule.high is None:
        return f"minstens {write(rule.low)}"
    return f"tussen {write(rule.low)} en {write(rule.high)}"


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
