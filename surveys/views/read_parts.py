"""The parts of a page on which a delivery is read: lists, tables and non-library blocks of figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from surveys.models import Remark
from surveys.queries.signals import Signal
from surveys.queries.trails import Trail
from surveys.questionnaires.schema import Question, Section


@dataclass(frozen=True, slots=True)
class Peers:
    """The middle of comparable libraries, as it is read."""

    text: str
    count: int
    group: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One answer as it is read. `percentage`: the difference with last year as a share of last year.

    `url`: of the page about this answer, empty for a fact of a register. `original`: what the library gave where the KB corrected it.
    """

    question: Question
    row: str
    text: str
    state: str
    last_year: str
    difference: str
    percentage: str
    is_estimate: bool
    note: str
    source: str
    signals: tuple[Signal, ...]
    peers: Peers | None = None
    trail: Trail | None = None
    original: str = ""
    remarks: Sequence[Remark] = ()
    url: str = ""
    absent: str = ""
    """Why last year has no value here, where others became this organisation."""

    @property
    def is_wrong(self) -> bool:
        return any(one.is_error for one in self.signals)

    @property
    def is_odd(self) -> bool:
        """Without an explanation yet."""
        return any(one.is_open for one in self.signals)

    @property
    def is_told(self) -> bool:
        """Something stands beside it that a table has no room for."""
        return bool(self.signals or self.remarks or (self.trail and self.trail.correction))

    @property
    def is_noted(self) -> bool:
        """A few words stand in the cell of a table itself; a correction is told under it."""
        return bool(self.note or self.source) and not (self.trail and self.trail.correction)

    @property
    def anchor(self) -> str:
        return f"{self.question.code}-{self.row}" if self.row else self.question.code

    @property
    def is_missing(self) -> bool:
        return not self.state and self.question.required

    @property
    def is_changed(self) -> bool:
        return bool(self.last_year) and self.last_year != self.text

    @property
    def beside(self) -> str:
        """Last year in a table, where there is no column for it: ‘24 · −12,5%’, ‘was Ja’ or ‘gelijk’."""
        if self.is_changed:
            parts = filter(None, (self.last_year, self.percentage or self.difference))
            return " · ".join(parts) if self.difference else f"was {self.last_year}"
        return self.difference


@dataclass(frozen=True, slots=True)
class FigureList:
    template: ClassVar[str] = "review/_list.html"
    figures: tuple[Figure, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """`rows`: label and cells; a cell is None where nothing is asked."""

    template: ClassVar[str] = "review/_grid.html"
    title: str
    row_header: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, tuple[Figure | None, ...]], ...]

    @property
    def told(self) -> list[tuple[str, Figure]]:
        """The answers with something to tell under the table, each with the label of its row."""
        return [(label, one) for label, cells in self.rows for one in cells if one and one.is_told]


@dataclass(frozen=True, slots=True)
class Bar:
    """The library's share as a bar; `width` is of 100, with a point whatever the locale."""

    library: str
    library_share: str
    other: str
    other_share: str
    width: str


@dataclass(frozen=True, slots=True)
class Block:
    """The non-library block of a total, which itself stands above it.

    `lines` add up from total to library; `told`: how the split was made; both empty when nothing is split off.
    """

    template: ClassVar[str] = "review/_block.html"
    label: str
    gate: Figure
    lines: tuple[Figure, ...]
    told: tuple[Figure, ...]
    bar: Bar | None


Part: TypeAlias = FigureList | Grid | Block


@dataclass(frozen=True, slots=True)
class SectionPage:
    section: Section
    parts: tuple[Part, ...]
    errors: int
    unexplained: int
    explained: int
    """The signals that are told here: what cannot be, what is not explained, and what is."""
