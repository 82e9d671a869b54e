"""A delivery laid out to be read: per section lists, tables and non-library blocks, each answer beside last year's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, TypeAlias

from surveys.models import Source
from surveys.queries.deliveries import Delivery
from surveys.queries.signals import Signal
from surveys.questionnaires import layout
from surveys.questionnaires.schema import BlockRole, Question, Section
from surveys.values import Kind, State, Value, format_number, format_value

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One answer as it is read. `percentage`: the difference with last year as a share of last year."""

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

    @property
    def is_wrong(self) -> bool:
        return any(one.is_error for one in self.signals)

    @property
    def is_odd(self) -> bool:
        """Without an explanation yet."""
        return any(one.is_open for one in self.signals)

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
        """The answers with signals, each with the label of its row."""
        return [(label, one) for label, cells in self.rows for one in cells if one and one.signals]


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


def pages_of(delivery: Delivery) -> list[SectionPage]:
    """The sections with something to read, in order."""
    reader = _Reader(delivery)
    pages = (reader.page(section) for section in delivery.questionnaire.sections)
    return [page for page in pages if page.parts]


class _Reader:
    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery

    def page(self, section: Section) -> SectionPage:
        parts = tuple(self._locations(section) if section.repeat else self._parts(section))
        codes = {question.code for question in section.questions}
        told = [one for one in self.delivery.signals if one.finding.anchor[0] in codes]
        errors, left = sum(one.is_error for one in told), sum(one.is_open for one in told)
        return SectionPage(section, parts, errors, left - errors, len(told) - left)

    def _parts(self, section: Section) -> Iterator[Part]:
        """What this respondent saw; a block only where it was put to them."""
        for part in layout.runs_of(section):
            if isinstance(part, layout.Grid):
                yield from self._grid(part)
            elif isinstance(part, layout.Block):
                yield from self._block(part)
            else:
                figures = tuple(figure for one in part if (figure := self.visible_figure(one)))
                if figures:
                    yield FigureList(figures)

    def _grid(self, part: layout.Grid) -> Iterator[Grid]:
        rows = tuple((label, tuple(map(self._cell, questions))) for label, questions in part.rows)
        shown = tuple((label, cells) for label, cells in rows if any(cells))
        if shown:
            numbers = (
                all(one.kind.is_number for one in column if one)
                for column in zip(*(questions for _, questions in part.rows), strict=True)
            )
            columns = tuple(map(Column, part.columns, numbers))
            yield Grid(part.table.title, part.table.row_header, columns, shown)

    def _cell(self, question: Question | None) -> Figure | None:
        return self.visible_figure(question) if question else None

    def _locations(self, section: Section) -> Iterator[Grid]:
        """A row per location; a long section falls apart into the tables that its questions stand in."""
        for part in layout.runs_of(section):
            if isinstance(part, layout.Grid):
                cells = [one for _, row in part.rows for one in row if one]
                yield from self._location_grid(part.table.title, cells)
            elif not isinstance(part, layout.Block):
                yield from self._location_grid("", part)

    def _location_grid(self, title: str, questions: Sequence[Question]) -> Iterator[Grid]:
        rows = tuple(
            (place.name, tuple(self.visible_figure(one, place.isil) for one in questions))
            for place in self.delivery.locations
        )
        if any(cell for _, cells in rows for cell in cells):
            columns = (
                Column(one.place.row if one.place else one.label, one.kind.is_number) for one in questions
            )
            yield Grid(title, "Locatie", tuple(columns), rows)

    def _block(self, part: layout.Block) -> Iterator[Block]:
        of_role: dict[BlockRole, list[Figure]] = {role: [] for role in BlockRole}
        for question in part.questions:
            figure = self.visible_figure(question)
            if figure and question.role:
                of_role[question.role].append(figure)
        if not of_role[BlockRole.GATE]:
            return
        [share] = of_role[BlockRole.LIBRARY_SHARE]
        parts = [one for one in of_role[BlockRole.PART] if one.text or one.last_year]
        rest = [one for one in of_role[BlockRole.REST] if self.number(one)]
        split = [*of_role[BlockRole.NON_LIBRARY], *parts, *rest, *of_role[BlockRole.LIBRARY], share]
        told = [one for role in _TOLD for one in of_role[role]]
        whole = replace(self.figure(part.total), note="", source="", signals=())
        yield Block(
            label=part.total.label,
            gate=of_role[BlockRole.GATE][0],
            lines=(whole, *split) if told else (),
            told=tuple(told),
            bar=_bar(self.number(share), of_role),
        )

    def number(self, figure: Figure) -> Decimal | None:
        return self.delivery.evaluation.number((figure.question.code, figure.row))

    def visible_figure(self, question: Question, row: str = "") -> Figure | None:
        is_visible = self.delivery.evaluation.is_visible((question.code, row))
        return self.figure(question, row) if is_visible else None

    def figure(self, question: Question, row: str = "") -> Figure:
        key = (question.code, row)
        now, last = self.delivery.evaluation.counted.get(key), self.delivery.last_year.get(key)
        stored = self.delivery.answers.get(key)
        difference, percentage = _difference(now, last, question)
        return Figure(
            question=question,
            row=row,
            text=text_of(now, question),
            state=now.state if now else "",
            last_year=text_of(last, question),
            difference=difference,
            percentage=percentage,
            is_estimate=stored.is_estimate if stored else False,
            note=stored.note if stored else "",
            source=Source(stored.source).label if stored and stored.source != Source.FORM else "",
            signals=tuple(self.delivery.signals_at.get(key, ())),
        )


_TOLD = (BlockRole.WAY, BlockRole.AMOUNT, BlockRole.PERCENTAGE, BlockRole.BASIS, BlockRole.REASON)
"""How the split was made, in the order in which it is told."""


def _bar(share: Decimal | None, of_role: Mapping[BlockRole, Sequence[Figure]]) -> Bar | None:
    """Nothing while the share is not known, or cannot be."""
    if share is None or not 0 <= share <= 100:
        return None
    return Bar(
        library=of_role[BlockRole.LIBRARY][0].text,
        library_share=f"{format_number(share)}%",
        other=of_role[BlockRole.NON_LIBRARY][0].text,
        other_share=f"{format_number(100 - share)}%",
        width=f"{share:.1f}",
    )


def text_of(value: Value | None, question: Question) -> str:
    """As a figure is read: with the euro or percent sign, other units stand beside the label."""
    text = format_value(value, question.kind, question.labels)
    if value is None or value.state is not State.GIVEN:
        return text
    signs = {Kind.EURO: f"€ {text}", Kind.PERCENT: f"{text}%"}
    return signs.get(question.kind, text).replace("-", MINUS) if question.kind.is_number else text


def _difference(now: Value | None, last: Value | None, question: Question) -> tuple[str, str]:
    """The difference and its percentage; of two percentages in points, without a percentage."""
    if not now or not last or now.number is None or last.number is None:
        return "", ""
    difference = now.number - last.number
    if not difference:
        return "gelijk", ""
    if question.kind is Kind.PERCENT:
        return f"{signed(difference)} punt", ""
    if not last.number:
        return signed(difference), ""
    return signed(difference), f"{signed(difference / abs(last.number) * 100, 1)}%"


def signed(number: Decimal, decimals: int | None = None) -> str:
    sign = "+" if number > 0 else MINUS if number < 0 else ""
    return sign + format_number(abs(number), decimals)
