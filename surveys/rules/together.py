"""All or none: what belongs together is there on every side, or on none."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.questionnaires.rule import Rule
from surveys.rules.context import HOLDS, Context, Outcome
from surveys.rules.words import either
from surveys.values import YES


def together(rule: Rule, context: Context, row: str) -> Outcome | None:
    """Two sides, or each question of `left` its own side: a positive number or a yes on all, or on none.

    Activiteiten 12, deelnemers 0 gives: "Bij ‘Activiteiten’ is iets ingevuld, bij ‘Deelnemers’ niets of 0."
    Silent while one side is open.
    """
    sides = [rule.left, rule.right] if rule.right else [(code,) for code in rule.left]
    there = [_is_there(codes, context, row) for codes in sides]
    if None in there:
        return None
    if len(set(there)) == 1:
        return HOLDS
    words = {
        is_there: " en ".join(
            either(codes, context.questions)
            for codes, found in zip(sides, there, strict=True)
            if found is is_there
        )
        for is_there in (True, False)
    }
    text = f"Bij {words[True]} is iets ingevuld, bij {words[False]} niets of 0."
    return Outcome(holds=False, message=text, deviation=1.0)


def _is_there(codes: Sequence[str], context: Context, row: str) -> bool | None:
    """True as soon as one is; False when none is; None while that is open. A hidden question is not there."""
    outcome: bool | None = False
    for code in codes:
        key = (code, row)
        value = context.now.counted.get(key)
        if key in context.now.partial or context.now.visible.get(key) is None:
            outcome = None
        elif value is not None and (value.text == YES or (value.number or 0) > 0):
            return True
    return outcome
