"""Whole institution or library: does a total still speak of the same as last year.

The costliest mistake of the survey: a change of scope looks like an ordinary jump, so it is asked before any other.
"""

from __future__ import annotations

from decimal import Decimal

from surveys.questionnaires.rule import Rule
from surveys.rules.context import HOLDS, Context, Outcome, Repair, side
from surveys.rules.words import figure, percentage
from surveys.values import NO, YES, Value, format_number

_ALIKE = Decimal("0.1")
"""Two figures that differ less than this part are taken to be about the same thing."""


def scope(rule: Rule, context: Context, row: str) -> Outcome | None:
    """Right: the library's part, the part that is not the library's, and the question whether there is one.

    Last year 12% was not the library's and now nothing is: "Vorig jaar hoorde van ‘Baten’ 12% (€ 120.000) niet bij de
    bibliotheek, dit jaar niets." Or the total is about last year's library part. Or a part comes where none was,
    and the total did not grow with it.
    """
    total, library_code, part_code, gate = rule.left[0], *rule.right
    now, part = (side((code,), context.now, row) for code in (total, part_code))
    last, last_part, last_library = (
        side((code,), context.last, row) for code in (total, part_code, library_code)
    )
    if now is None or part is None or last is None or last_part is None or last_library is None or last <= 0:
        return None
    least = last * (rule.margin or 0) / 100
    question = context.questions[total]
    told = f"‘{question.label}’"
    share = f"{format_number(last_part / last * 100, 0)}% ({figure(last_part, question)})"
    if last_part > least and part == 0:
        text = f"Vorig jaar hoorde van {told} {share} niet bij de bibliotheek, dit jaar niets."
        if _alike(now, last_library) and not _alike(now, last):
            text += (
                f" Het totaal ({figure(now, question)}) lijkt op het bibliotheekdeel van vorig jaar "
                f"({figure(last_library, question)}): is het alleen voor de bibliotheek ingevuld?"
            )
            return _found(text, last_part, last)
        return _found(text, last_part, last, _gate_back(gate, context))
    if last_part > least and _alike(now, last_library) and not _alike(now, last):
        text = (
            f"{told} ({figure(now, question)}) lijkt op het bibliotheekdeel van vorig jaar "
            f"({figure(last_library, question)}), niet op het totaal van de hele instelling ({figure(last, question)})."
        )
        return _found(text, last - now, last)
    if last_part <= least < part and _alike(now, last):
        text = (
            f"Van {told} hoort nu {format_number(part / now * 100, 0)}% ({figure(part, question)}) niet bij de "
            f"bibliotheek, vorig jaar bijna niets, terwijl het totaal ongeveer gelijk bleef ({percentage(now, last)}). "
            "Was dat deel er vorig jaar ook al? Zeg dat dan."
        )
        return _found(text, part, last)
    return HOLDS


def _alike(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= other * _ALIKE


def _found(text: str, gap: Decimal, last: Decimal, *repairs: Repair) -> Outcome:
    return Outcome(holds=False, message=text, deviation=float(abs(gap) / last), shift=gap, repairs=repairs)


def _gate_back(gate: str, context: Context) -> Repair:
    """Open the follow-up questions again; the part itself is for the library to fill in."""
    key = (gate, "")
    answer = context.now.counted.get(key)
    is_closed = answer is not None and answer.text == NO
    return Repair("scope", ((key, Value.of(YES)),) if is_closed else ())
