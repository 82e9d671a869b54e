"""How a figure is mistyped: what stands there instead. Shared by the mistakes that stay and those put right in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from surveys.demo.sheets import Cell
from surveys.questionnaires.non_library import code_of
from surveys.questionnaires.schema import BlockRole
from surveys.values import Key

Answers = Mapping[Key, Cell]
Changes = Mapping[Key, Cell]
"""The answers that are mistyped, as they are mistyped; empty where the mistake cannot be made."""

THOUSANDTH, HUNDREDFOLD, HOURS_FOR_FTE = Fraction(1, 1_000), Fraction(100), Fraction(36)


def rescaled(answers: Answers, code: str, times: Fraction, row: str = "") -> Changes:
    """In thousands of euros, in cents, in hours: `times` as much, rounded to a whole number."""
    cell = answers.get((code, row))
    if cell is None or not cell.hundredths:
        return {}
    changed = round(cell.hundredths * times / 100) * 100
    return {(code, row): cell._replace(hundredths=changed)} if changed else {}


def swapped(answers: Answers, code: str, other: str) -> Changes:
    """Each in the other's field; where they are nearly equal nobody would see it."""
    one, two = answers.get((code, "")), answers.get((other, ""))
    if one is None or two is None or not one.hundredths or not two.hundredths:
        return {}
    if max(one.hundredths, two.hundredths) < 1.5 * min(one.hundredths, two.hundredths):
        return {}
    return {
        (code, ""): one._replace(hundredths=two.hundredths),
        (other, ""): two._replace(hundredths=one.hundredths),
    }


def total_in_part(answers: Answers, codes: Iterable[str]) -> Changes:
    """The first of `codes` gets what they come to together."""
    keys = [(code, "") for code in codes]
    total = sum(number(answers, code) for code, _ in keys)
    cell = answers.get(keys[0])
    if cell is None or not cell.hundredths or total <= 1.2 * cell.hundredths:
        return {}
    return {keys[0]: cell._replace(hundredths=total)}


def negated(answers: Answers, code: str) -> Changes:
    cell = answers.get((code, ""))
    return {(code, ""): cell._replace(hundredths=-cell.hundredths)} if cell and cell.hundredths else {}


def added(answers: Answers, codes: Iterable[str], amount: int) -> Changes:
    keys = [(code, "") for code in codes]
    if not amount or not all(key in answers and answers[key].hundredths for key in keys):
        return {}
    return {key: answers[key]._replace(hundredths=(answers[key].hundredths or 0) + amount) for key in keys}


def number(answers: Answers, code: str) -> int:
    """In hundredths; 0 where there is none."""
    cell = answers.get((code, ""))
    return (cell.hundredths or 0) if cell else 0


def has_block(answers: Answers) -> bool:
    """A part in percent moves with its total; there the mistake would break a hard rule as well."""
    return any(code.endswith(code_of("", BlockRole.GATE)) for code, _ in answers)
