"""Beside comparable libraries: their median and MAD on a log scale, which a few odd ones cannot move.

Comparable: the same size of area, and combined or not; with fewer than FEWEST of those all of that size, then all.
Modified z-score after Iglewicz and Hoaglin (1993), How to detect and handle outliers: 3.5 is their usual width.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import exp, log
from statistics import median

from surveys.questionnaires.figures import Evaluation
from surveys.questionnaires.rule import GROUPED_BY, Rule
from surveys.rules.context import HOLDS, Bound, Context, Outcome, side
from surveys.rules.words import apart, divided, in_unit, named, rounded, sentence, signed
from surveys.values import YES

FEWEST = 8
EVERYONE = "alle"
INHABITANTS, COMBINED = GROUPED_BY
SIZE_CLASSES = (
    (30_000, "tot 30.000 inwoners"),
    (60_000, "30.000 tot 60.000 inwoners"),
    (120_000, "60.000 tot 120.000 inwoners"),
    (None, "120.000 inwoners of meer"),
)
_TO_STANDARD_DEVIATION = 1.4826
"""Of a normal distribution the standard deviation is so many times the MAD."""
_LEAST_MAD = 0.05
"""A group in which everyone answers alike must not call 5% odd."""


def groups_of(evaluation: Evaluation) -> tuple[str, ...]:
    """The groups of a library, narrowest first; only everyone while its profile does not tell."""
    inhabitants = evaluation.number((INHABITANTS, ""))
    if inhabitants is None:
        return (EVERYONE,)
    size = next(name for limit, name in SIZE_CLASSES if limit is None or inhabitants < limit)
    combined = evaluation.counted.get((COMBINED, ""))
    if combined is None:
        return (size, EVERYONE)
    kind = "gecombineerd" if combined.text == YES else "niet gecombineerd"
    return (f"{size}, {kind}", size, EVERYONE)


def measure(rule: Rule, evaluation: Evaluation, row: str = "") -> float | None:
    """The natural logarithm of left by right; None when one is missing or not above zero."""
    number = _ratio(rule, evaluation, row)
    return None if number is None else log(number)


def bounds_from(measured: Mapping[str, Sequence[float]]) -> dict[str, Bound]:
    """Per group; none for a group of fewer than FEWEST."""
    return {group: _bound(found) for group, found in measured.items() if len(found) >= FEWEST}


def _bound(found: Sequence[float]) -> Bound:
    middle = median(found)
    return Bound(len(found), middle, median(abs(one - middle) for one in found))


def bound_for(
    rule: Rule, groups: Iterable[str], bounds: Mapping[tuple[str, str], Bound]
) -> tuple[str, Bound] | None:
    """The narrowest group that has one, and its bound."""
    return next(((one, bounds[rule.code, one]) for one in groups if (rule.code, one) in bounds), None)


def usual(rule: Rule, bound: Bound) -> tuple[Decimal, Decimal, Decimal]:
    """From, middle and to, as figures."""
    reach = _reach(rule, bound)
    low, middle, high = (exp(bound.median + part) for part in (-reach, 0.0, reach))
    return Decimal(low), Decimal(middle), Decimal(high)


def peers(rule: Rule, context: Context, row: str) -> Outcome | None:
    """Left by right lies within `width` robust standard deviations of the group's median, on a log scale.

    Bezoeken 900.000 by inwoners 100.000 where others have about 3 gives: "‘Bezoeken’ (900.000) en ‘Inwoners’
    (100.000): dat is 9 bezoeken per inwoner. Bij vergelijkbare bibliotheken (60.000 tot 120.000 inwoners) is dat
    meestal 1,2 tot 6; het midden is 2,9."
    """
    number = _ratio(rule, context.now, row)
    found = bound_for(rule, context.groups, context.bounds)
    if number is None or found is None:
        return None
    group, bound = found
    off = abs(log(number) - bound.median)
    reach = _reach(rule, bound)
    if off <= reach:
        return HOLDS
    low, middle, high = usual(rule, bound)
    is_less = number < middle
    told, nearest = apart(number, low if is_less else high)
    words = (nearest, rounded(high)) if is_less else (rounded(low), nearest)
    ends = " tot ".join(signed(one, rule.unit) for one in words)
    text = (
        f"{_figures(rule, context, row)} {in_unit(told, rule.unit)}. "
        f"Bij vergelijkbare bibliotheken ({group}) is dat meestal {ends}; "
        f"het midden is {signed(rounded(middle), rule.unit)}."
    )
    return Outcome(holds=False, message=text, deviation=off - reach)


def _figures(rule: Rule, context: Context, row: str) -> str:
    """What is measured, with its two figures when it is one by another."""
    left, right = (side(codes, context.now, row) for codes in (rule.left, rule.right))
    if left is None or right is None:
        return sentence(f"{named(rule.left, context.questions)} is")
    return f"{divided(rule, context.questions, left, right)}: dat is"


def _reach(rule: Rule, bound: Bound) -> float:
    return float(rule.width) * _TO_STANDARD_DEVIATION * max(bound.mad, _LEAST_MAD)


def _ratio(rule: Rule, evaluation: Evaluation, row: str) -> Decimal | None:
    left = side(rule.left, evaluation, row)
    right = side(rule.right, evaluation, row) if rule.right else Decimal(1)
    if left is None or right is None or left <= 0 or right <= 0:
        return None
    weight = right if rule.right else left
    return None if weight < rule.floor else left * rule.factor / right
