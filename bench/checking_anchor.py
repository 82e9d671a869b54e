"""The floor under checking a year: its bare sums and comparisons, over dictionaries of whole numbers.

The anchor of the check. For every figure of both years it adds up the operands, and for every rule in every row the
answers of either side, of this year and of last, and compares the two once; for every organisation, the same sums over
as many answers as the rules themselves read. It knows nothing of who is asked what, of answers that are missing,
of bounds, conditions, messages or likely slips: what lies above it is the price of those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.data import DELIVERED_YEAR, OPEN_YEAR
from bench.full_year import Given, Library, in_order_of
from surveys.models.answer import to_hundredths
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.rule import RuleKind
from surveys.questionnaires.schema import Operation
from surveys.values import Key

_OVER_ROWS = (Operation.SUM_ROWS, Operation.COUNT_ROWS_YES)


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure and what it adds up. `repeats`: once per location; `over_rows`: over all locations."""

    code: str
    operands: Sequence[tuple[str, bool]]
    repeats: bool
    over_rows: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    left: Sequence[str]
    right: Sequence[str]
    last: Sequence[str]
    repeats: bool


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one library in hundredths, yes as one."""

    now: dict[Key, int]
    last: dict[Key, int]
    rows: Sequence[str]
    rows_last: Sequence[str]


def sums_of(year: int) -> list[Sum]:
    questions = load_edition(year).questions
    return [
        Sum(
            one.code,
            [(code, questions[code].repeats) for code in one.formula.operands],
            one.repeats,
            one.formula.operation in _OVER_ROWS,
        )
        for one in in_order_of(year)
        if one.formula
    ]


def comparisons() -> list[Comparison]:
    edition = load_edition(OPEN_YEAR)
    return [
        Comparison(
            rule.left,
            (*rule.right, *rule.minus),
            rule.reads_last,
            edition.questions[rule.left[0]].repeats,
        )
        for code in edition.by_code
        for rule in edition.rules_about(code)
        if rule.kind is not RuleKind.PRESENCE
    ]


def numbers_of(library: Library) -> Numbers:
    return Numbers(_numbers(library.now), _numbers(library.last), library.now.rows, library.last.rows)


def _numbers(given: Given) -> dict[Key, int]:
    return {key: to_hundredths(value.number) or 1 for key, value in given.values.items()}


class Floor:
    def __init__(self, libraries: Sequence[Library]) -> None:
        self._sums, self._sums_last = sums_of(OPEN_YEAR), sums_of(DELIVERED_YEAR)
        self._comparisons = comparisons()
        self._libraries = [numbers_of(one) for one in libraries]

    def __call__(self) -> int:
        """How many comparisons fail, whatever that means."""
        found = 0
        for one in self._libraries:
            _add_up(self._sums_last, one.last, one.rows_last)
            _add_up(self._sums, one.now, one.rows)
            found += self._compare(one.now, one.last, one.rows)
        return found

    def _compare(self, now: Mapping[Key, int], last: Mapping[Key, int], rows: Sequence[str]) -> int:
        found = 0
        for comparison in self._comparisons:
            for row in rows if comparison.repeats else ("",):
                left = right = 0
                for code in comparison.left:
                    left += now.get((code, row), 0)
                for code in comparison.right:
                    right += now.get((code, row), 0)
                for code in comparison.last:
                    right += last.get((code, row), 0)
                if left > right:
                    found += 1
        return found


def _add_up(sums: Sequence[Sum], numbers: dict[Key, int], rows: Sequence[str]) -> None:
    for one in sums:
        for row in rows if one.repeats else ("",):
            total = 0
            for code, repeats in one.operands:
                if one.over_rows:
                    for other in rows:
                        total += numbers.get((code, other), 0)
                else:
                    total += numbers.get((code, row if repeats else ""), 0)
            numbers[one.code, row] = total
