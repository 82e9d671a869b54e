"""A delivery laid out to be read: per section lists, tables and non-library blocks, each answer beside last year's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from surveys.models import Source
from surveys.queries.deliveries import Delivery
from surveys.questionnaires import layout
from surveys.questionnaires.schema import BlockRole, Question, Section
from surveys.values import Kind, State, Value, format_number, format_value
from surveys.views.margin import BARE, Margin
from surveys.views.read_parts import Bar, Block, Column, Figure, FigureList, Grid, Part, Peers, SectionPage

MINUS = "\N{MINUS SIGN}"


def pages_of(delivery: Delivery, margin: Margin = BARE) -> list[SectionPage]:
    """The sections with something to read, in order."""
    reader = _Reader(delivery, margin)
    pages = (reader.page(section) for section in delivery.questionnaire.sections)
    return [page for page in pages if page.parts]


class _Reader:
    def __init__(self, delivery: Delivery, margin: Margin) -> None:
        self.delivery, self.margin = delivery, margin

    def page(self, section: Section) -> SectionPage:
        parts = tuple(_joined(self._locations(section) if section.repeat else self._parts(section)))
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

    def _grid(self, part: layout.Grid) -> Iterator[Grid | FigureList]:
        rows = tuple((label, tuple(map(self._cell, questions))) for label, questions in part.rows)
        shown = tuple((label, cells) for label, cells in rows if any(cells))
        if shown and len(part.columns) == 1:
            yield FigureList(tuple(cell for _, cells in shown for cell in cells if cell), part.table.title)
        elif shown:
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
        whole = replace(self.figure(part.total), note="", source="", signals=(), trail=None, remarks=())
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
        stored, trail = self.delivery.answers.get(key), self.margin.trails.get(key)
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
            peers=self._peers(question),
            trail=trail,
            original=text_of(trail.correction.original, question) if trail and trail.correction else "",
            remarks=self.margin.remarks.get(key, ()),
            url="" if question.register else self.margin.url_of(key),
            absent=self.delivery.last_absent.get(key, ""),
        )

    def _peers(self, question: Question) -> Peers | None:
        middle = self.margin.medians.get(question.code)
        if middle is None:
            return None
        return Peers(with_sign(_about(middle.number, question), question), middle.count, middle.group)


def _joined(parts: Iterable[Part]) -> list[Part]:
    """A list without a title of its own goes on with the list before it."""
    found: list[Part] = []
    for one in parts:
        before = found[-1] if found else None
        if isinstance(one, FigureList) and isinstance(before, FigureList) and not one.title:
            found[-1] = replace(before, figures=before.figures + one.figures)
        else:
            found.append(one)
    return found


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
    return with_sign(text, question) if question.kind.is_number else text


def with_sign(number: str, question: Question) -> str:
    signs = {Kind.EURO: f"€ {number}", Kind.PERCENT: f"{number}%"}
    return signs.get(question.kind, number).replace("-", MINUS)


def _about(number: Decimal, question: Question) -> str:
    """Nobody's exact figure: three digits of a large number, one decimal of a small one, a price in cents."""
    if question.kind is Kind.EURO and question.decimals:
        return format_number(number, question.decimals)
    step = Decimal(1).scaleb(max(number.adjusted() - 2, -1)) if number else Decimal(1)
    return format_number((number / step).quantize(Decimal(1), ROUND_HALF_UP) * step)


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
