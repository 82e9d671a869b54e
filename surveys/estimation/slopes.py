"""How far the national key figures move with one answer: straight through the formulas of the definition."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from surveys.questionnaires.closure import closure_of
from surveys.questionnaires.dependencies import in_order
from surveys.questionnaires.figures import compute, operand_keys
from surveys.questionnaires.schema import Edition, Question
from surveys.rules.context import Context
from surveys.values import Key, Value

_LEAST_STEP = Decimal(100)
"""Figures are rounded off as they are computed; a step this large makes that of no account."""


def slopes_of(edition: Edition, context: Context, key: Key) -> Mapping[str, float]:
    """By how much each key figure of the organisation rises when this answer rises by one; without those that stay.

    Visits 4,000 and 6,000 at two locations, of which 10% for the theatre: the visits of the first location have a
    slope of 0.9 on the library's visits. Found by trying: every formula that leads from the answer to a key figure is
    worked out again with a larger answer. All of them are linear in one answer but ratios and shares, which are no
    sums over libraries and so no key figures.

    Where parts must add up to a total that is typed itself, the total is taken to move with the part.
    """
    number = context.now.number(key)
    if number is None:
        return {}
    step = max(abs(number), _LEAST_STEP)
    typed: dict[Key, Decimal] = {}
    ahead = {key: number + step}
    while ahead:
        typed.update(ahead)
        moved = {**_computed(edition, context, typed), **typed}
        ahead = _typed_totals(edition, context, moved)
    found = {}
    for one in edition.headlines:
        place = (one.code, "")
        before = context.now.number(place)
        if place in moved and before is not None and moved[place] != before:
            found[one.code] = float((moved[place] - before) / step)
    return found


def _computed(edition: Edition, context: Context, moved: Mapping[Key, Decimal]) -> dict[Key, Decimal]:
    """All figures on the way from what moved to a key figure, worked out again."""
    found: dict[Key, Decimal] = {}
    counted = ChainMap({key: Value.of(number) for key, number in moved.items()}, dict(context.now.counted))
    chain = {q.code: q for code, _ in moved for q in _way_to_headlines(edition, code)}
    for question in (one for one in _order(edition) if one.code in chain):
        for row in context.rows if question.repeats else ("",):
            place = (question.code, row)
            if question.formula and place not in moved and context.now.is_visible(place):
                keys = operand_keys(question.formula, context.now.visible, row, context.rows)
                value = compute(question, question.formula, keys, context.now.visible, counted)
                if value is not None and value.number is not None:
                    counted[place] = value
                    if value.number != context.now.number(place):
                        found[place] = value.number
    return found


def _typed_totals(edition: Edition, context: Context, moved: Mapping[Key, Decimal]) -> dict[Key, Decimal]:
    found = {}
    for (code, row), number in moved.items():
        before = context.now.number((code, row))
        for total in closure_of(edition).typed_totals(code):
            place = (total, row)
            stands = context.now.number(place)
            if place not in moved and stands is not None and before is not None:
                found[place] = stands + number - before
    return found


@lru_cache(maxsize=8)
def _order(edition: Edition) -> tuple[Question, ...]:
    return in_order(edition.questions)


@lru_cache(maxsize=4_096)
def _way_to_headlines(edition: Edition, code: str) -> tuple[Question, ...]:
    """The computed figures that are made of this answer and of which a key figure is made."""
    closure = closure_of(edition)
    below = frozenset().union(*(closure.made_of(one.code) for one in edition.headlines))
    return tuple(
        one
        for one in _order(edition)
        if one.formula and one.code in below and code in closure.made_of(one.code)
    )
