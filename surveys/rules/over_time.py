"""Beside last year: changed too much, gone to zero, exactly the same, rounded off."""

from __future__ import annotations

from decimal import Decimal
from math import log

from surveys.questionnaires.rule import Rule
from surveys.rules.context import HOLDS, Context, Outcome, Repair, side
from surveys.rules.words import figure, named, percentage, sentence
from surveys.values import Key, Value


def change(rule: Rule, context: Context, row: str) -> Outcome | None:
    """No more than `margin` percent of last year's figure, or than `times` as much or as little; or within `floor`.

    Leden 1.200, last year 2.400 with margin 20 gives: "‘Leden’ is 1.200, vorig jaar 2.400: 50% minder."
    Silent when either is missing, or is not above zero: a percentage says nothing there.
    """
    pair = _both(rule, context, row)
    if pair is None or pair[0] <= 0 or pair[1] <= 0:
        return None
    now, last = pair
    gap = abs(now - last)
    if rule.times is not None:
        is_within = now < last * rule.times and last < now * rule.times
    else:
        is_within = gap * 100 <= last * (rule.margin or 0)
    if is_within or gap < rule.floor:
        return HOLDS
    return Outcome(
        holds=False,
        message=f"{_name(rule, context, now)}, vorig jaar {_figure(rule, context, last)}: {percentage(now, last)}.",
        deviation=abs(log(now / last)),
        shift=now - last,
    )


def vanished(rule: Rule, context: Context, row: str) -> Outcome | None:
    """Not zero where last year was at least `floor`.

    Reserveringen 0, last year 1.234 gives: "‘Reserveringen’ is 0, vorig jaar 1.234."
    """
    pair = _both(rule, context, row)
    if pair is None or pair[1] < rule.floor:
        return None
    now, last = pair
    if now != 0:
        return HOLDS
    return Outcome(
        holds=False,
        message=f"{_name(rule, context, now)}, vorig jaar {_figure(rule, context, last)}.",
        deviation=log(float(last) + 1),
        shift=-last,
    )


def same(rule: Rule, context: Context, row: str) -> Outcome | None:
    """Not exactly last year's figure, when that is at least `floor`.

    Bezoeken 61.234 in both years gives: "‘Bezoeken’ is precies gelijk aan vorig jaar: 61.234."
    """
    pair = _both(rule, context, row)
    if pair is None or pair[1] < rule.floor:
        return None
    now, last = pair
    if now != last:
        return HOLDS
    label = context.questions[rule.left[0]].label
    return Outcome(
        holds=False,
        message=f"‘{label}’ is precies gelijk aan vorig jaar: {_figure(rule, context, now)}.",
        deviation=0.1,
    )


def rounded_off(rule: Rule, context: Context, row: str) -> Outcome | None:
    """Not a multiple of `step` from `floor` on, where last year's figure was none.

    Bezoeken 60.000, last year 61.234 gives: "‘Bezoeken’ is afgerond op 1.000: 60.000, vorig jaar 61.234."
    """
    pair = _both(rule, context, row)
    if pair is None or pair[0] < rule.floor:
        return None
    now, last = pair
    if now % rule.step or not last % rule.step:
        return HOLDS
    question = context.questions[rule.left[0]]
    text = (
        f"‘{question.label}’ is afgerond op {figure(rule.step, question)}: "
        f"{figure(now, question)}, vorig jaar {figure(last, question)}."
    )
    return Outcome(holds=False, message=text, deviation=0.05)


def included(rule: Rule, context: Context, row: str) -> Outcome | None:
    """`left` moved more than `margin` percent, by about what `right` counts: that was added, or left out.

    Uitleningen 142.000, last year 101.000, verlengingen 40.000 gives: "‘Uitleningen’ is 41.000 meer dan vorig jaar
    (101.000). Dat is ongeveer ‘Verlengingen’ (40.000): zit dat erin?"
    """
    left, right = side(rule.left, context.now, row), side(rule.right, context.now, row)
    last = side(rule.left, context.last, row)
    if left is None or right is None or last is None or last <= 0 or right <= 0:
        return None
    margin = last * (rule.margin or 0) / 100
    gap = left - last
    if abs(gap) <= margin or abs(abs(gap) - right) > margin / 2:
        return HOLDS
    question, other = context.questions[rule.left[0]], context.questions[rule.right[0]]
    more, ask = ("meer", "zit dat erin?") if gap > 0 else ("minder", "ontbreekt dat?")
    text = (
        f"{named(rule.left, context.questions)} is {figure(abs(gap), question)} {more} dan vorig jaar ({figure(last, question)}). "
        f"Dat is ongeveer {named(rule.right, context.questions)} ({figure(right, other)}): {ask}"
    )
    return Outcome(
        holds=False,
        message=sentence(text),
        deviation=abs(log(left / last)) if left > 0 else 1.0,
        shift=gap,
        repairs=_undo(rule, context, row, is_in=gap > 0, left=left, right=right),
    )


def _undo(
    rule: Rule, context: Context, row: str, *, is_in: bool, left: Decimal, right: Decimal
) -> tuple[Repair, ...]:
    """Take it out again, or put it in; offered where one typed answer holds it."""
    if len(rule.left) > 1 or not context.questions[rule.left[0]].is_asked:
        return ()
    key: Key = (rule.left[0], row)
    kind, number = ("included", left - right) if is_in else ("omitted", left + right)
    return (Repair(kind, ((key, Value.of(number)),), rule.right),)


def _both(rule: Rule, context: Context, row: str) -> tuple[Decimal, Decimal] | None:
    now = side(rule.left, context.now, row)
    last = None if now is None else side(rule.left, context.last, row)
    return None if now is None or last is None else (now, last)


def _figure(rule: Rule, context: Context, number: Decimal) -> str:
    return figure(number, context.questions[rule.left[0]])


def _name(rule: Rule, context: Context, number: Decimal) -> str:
    return f"‘{context.questions[rule.left[0]].label}’ is {_figure(rule, context, number)}"
