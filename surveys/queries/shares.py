"""The library's share (aandeel bibliotheekfunctie): what part of the totals of a year belongs to the library.

Counted is what has been submitted or approved: an institution counts for a total once the questionnaire with that
total is delivered. Whose total or split is not known is in none of the sums; how many those are is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from surveys.queries.year import YearRecord
from surveys.questionnaires.figures import HUNDRED
from surveys.questionnaires.non_library import code_of
from surveys.questionnaires.schema import BlockRole, Edition, Question
from surveys.workflow import DELIVERED


@dataclass(frozen=True, slots=True)
class Share:
    """One total over a group of institutions. `counted`: whose figures are in it; `left_out`: delivered, not known."""

    question: Question
    total: Decimal
    library: Decimal
    counted: int
    left_out: int

    @property
    def non_library(self) -> Decimal:
        return self.total - self.library

    @property
    def percentage(self) -> Decimal | None:
        """None while there is nothing to divide."""
        return self.library / self.total * HUNDRED if self.total else None


@dataclass(frozen=True, slots=True)
class Group:
    """Some institutions: their number, the share per total, and the totals over which it is summed up."""

    institutions: int
    shares: tuple[Share, ...]
    key_items: tuple[str, ...]

    @property
    def key_shares(self) -> tuple[Share, ...]:
        by_code = {share.question.code: share for share in self.shares}
        return tuple(by_code[code] for code in self.key_items)

    @property
    def other_shares(self) -> tuple[Share, ...]:
        return tuple(share for share in self.shares if share.question.code not in self.key_items)

    @property
    def overall(self) -> Decimal | None:
        """The unweighted mean of the key items' shares; a gap while one of them is."""
        percentages = [share.percentage for share in self.key_shares]
        known = [one for one in percentages if one is not None]
        return sum(known, Decimal(0)) / len(known) if known and len(known) == len(percentages) else None


@dataclass(frozen=True, slots=True)
class LibraryShares:
    combined: Group
    all: Group


def library_shares(edition: Edition, records: Iterable[YearRecord]) -> LibraryShares:
    """Over the records of a year, of which only what is delivered counts; they are read once and not kept."""
    combined, every = _Tally(edition), _Tally(edition)
    for record in records:
        every.add(record)
        if record.is_combined:
            combined.add(record)
    return LibraryShares(combined.group(), every.group())


@dataclass(slots=True)
class _Sum:
    total: Decimal = Decimal(0)
    library: Decimal = Decimal(0)
    counted: int = 0
    left_out: int = 0


class _Tally:
    """Adds up one group of institutions."""

    def __init__(self, edition: Edition) -> None:
        self.edition, self.institutions = edition, 0
        self.sums = [(question, _Sum()) for question in edition.totals]

    def add(self, record: YearRecord) -> None:
        self.institutions += 1
        for question, one in self.sums:
            if record.states.get(question.questionnaire) not in DELIVERED:
                continue
            keys = [(question.code, ""), (code_of(question.code, BlockRole.LIBRARY), "")]
            total, library = map(record.evaluation.number, keys)
            if total is None or library is None or not record.evaluation.partial.isdisjoint(keys):
                one.left_out += 1
            else:
                one.total, one.library, one.counted = (
                    one.total + total,
                    one.library + library,
                    one.counted + 1,
                )

    def group(self) -> Group:
        shares = (
            Share(question, one.total, one.library, one.counted, one.left_out) for question, one in self.sums
        )
        return Group(self.institutions, tuple(shares), self.edition.key_items)
