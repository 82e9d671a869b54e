"""Linear comparison: the left side added up, against the right side added up."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from surveys.questionnaires.rule import Level, Rule
from surveys.rules.context import HOLDS, Context, Outcome, side
from surveys.rules.words import named, sentence, summed

_WRONG = {
    "=": "moet gelijk zijn aan",
    "<=": "kan niet meer zijn dan",
    ">=": "kan niet minder zijn dan",
}
_SELDOM = {
    "=": "is meestal gelijk aan",
    "<=": "is meestal niet meer dan",
    ">=": "is meestal niet minder dan",
}
_ODD = {
    "=": "past niet bij",
    "<=": "is meer dan verwacht uit",
    ">=": "is minder dan verwacht uit",
}


def comparison(rule: Rule, context: Context, row: str) -> Outcome | None:
    """The sum of `left` stands to that of `right`, plus last year's `last`, less `minus`, as `operator` says.

    Left uren_bemand 30, `<=`, right uren_open 28 gives:
    "‘Bemande uren’ (30) kan niet meer zijn dan ‘Openingsuren’ (28). Verschil: 2."
    Silent while a required operand is missing or unknown, or while a side has no figure at all.
    """
    left, terms = side(rule.left, context.now, row), _terms(rule, context, row)
    if left is None or terms is None:
        return None
    right = sum((one.sign * one.number for one in terms), Decimal(0))
    if holds(left, rule.operator, right, allowance(rule, right)):
        return HOLDS
    gap = abs(left - right)
    return Outcome(
        holds=False,
        message=_message(rule, context, terms, left=left, right=right),
        deviation=float(gap / max(abs(right), Decimal(1))),
    )


def allowance(rule: Rule, right: Decimal) -> Decimal:
    """What the sides may differ: the larger of the tolerance and the margin."""
    return rule.tolerance if rule.margin is None else max(rule.tolerance, abs(right) * rule.margin / 100)


def holds(left: Decimal, operator: str, right: Decimal, tolerance: Decimal) -> bool:
    if operator == "=":
        return abs(left - right) <= tolerance
    return left <= right + tolerance if operator == "<=" else left >= right - tolerance


class _Term(NamedTuple):
    """One sum of the right side."""

    sign: int
    codes: tuple[str, ...]
    when: str
    number: Decimal


def _terms(rule: Rule, context: Context, row: str) -> list[_Term] | None:
    terms = []
    for sign, codes, evaluation, when in (
        (1, rule.last, context.last, " van vorig jaar"),
        (1, rule.right, context.now, ""),
        (-1, rule.minus, context.now, ""),
    ):
        if codes:
            number = side(codes, evaluation, row)
            if number is None:
                return None
            terms.append(_Term(sign, codes, when, number))
    return terms


def _message(rule: Rule, context: Context, terms: list[_Term], *, left: Decimal, right: Decimal) -> str:
    plainly = _WRONG if rule.level is Level.ERROR else _SELDOM
    verbs = plainly if rule.margin is None and not rule.last else _ODD
    questions = context.questions
    text = f"{named(rule.left, questions)} ({summed(left, rule.left, questions)}) {verbs[rule.operator]} "
    for place, one in enumerate(terms):
        sign = "" if not place else " + " if one.sign > 0 else " − "
        text += f"{sign}{named(one.codes, questions)}{one.when} ({summed(one.number, one.codes, questions)})"
    added = [code for one in terms for code in one.codes]
    if len(terms) > 1:
        text += f" = {summed(right, added, questions)}"
    return sentence(f"{text}. Verschil: {summed(abs(left - right), [*rule.left, *added], questions)}.")
