"""What a section's page draws, in order: a question, a table of questions, the block under a total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from surveys.forms.cells import IN_PARTS_TABLE, SCOPE_TAGS, Cell
from surveys.queries.deliveries import Delivery
from surveys.questionnaires.layout import Block, Grid, Part, Single, parts_of
from surveys.questionnaires.schema import BlockRole, Section, Table
from surveys.values import Key, format_number


@dataclass(frozen=True, slots=True)
class Column:
    """Words stand left, figures right; so does what stands above them."""

    label: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    header: str
    cells: Sequence[Cell | None]

    @property
    def is_visible(self) -> bool:
        return any(cell is not None and cell.is_visible for cell in self.cells)


@dataclass(frozen=True, slots=True)
class GridItem:
    """A table to draw; it is not drawn while none of its questions is put to this respondent."""

    table: Table
    columns: Sequence[Column]
    rows: Sequence[GridRow]
    scope: str
    kind: ClassVar[str] = "grid"

    @property
    def cells(self) -> list[Cell]:
        return [cell for row in self.rows for cell in row.cells if cell is not None]

    @property
    def is_visible(self) -> bool:
        return not self.rows or any(row.is_visible for row in self.rows)

    @property
    def open_cells(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_open]

    @property
    def notes(self) -> list[Cell]:
        """The cells whose question has a definition, each definition once."""
        return list({cell.question.code: cell for cell in self.cells if cell.question.help}.values())


@dataclass(frozen=True, slots=True)
class CellItem:
    cell: Cell
    kind: ClassVar[str] = "cell"


@dataclass(frozen=True, slots=True)
class Share:
    """The library's part and the rest as shown, and the lengths of the bar in percent."""

    library: str
    rest: str
    library_percentage: str
    rest_percentage: str
    width: str
    rest_width: str


@dataclass(frozen=True, slots=True)
class BlockItem:
    """The block under a total. `parts`: what the non-library part is for, drawn as a table with what is left."""

    total: Cell
    before: Sequence[Cell]
    parts: Sequence[Cell]
    after: Sequence[Cell]
    share: Share | None
    is_visible: bool
    kind: ClassVar[str] = "block"


Item: TypeAlias = GridItem | CellItem | BlockItem


def items_of(delivery: Delivery, section: Section, row: str, cells: Mapping[Key, Cell]) -> list[Item]:
    """`row`: the location whose page it is; empty on the page of all locations or of the organisation."""
    if section.repeat and not row:
        return [_locations(delivery, section, cells)]
    return [_item(part, delivery, row, cells) for part in parts_of(section)]


def _item(part: Part, delivery: Delivery, row: str, cells: Mapping[Key, Cell]) -> Item:
    if isinstance(part, Single):
        return CellItem(cells[part.question.code, row])
    if isinstance(part, Block):
        return _block(part, delivery, [cells[one.code, row] for one in part.questions], cells)
    rows = [
        GridRow(header, [cells[one.code, row] if one else None for one in questions])
        for header, questions in part.rows
    ]
    columns = [
        Column(label, all(one.kind.is_number for one in below if one))
        for label, *below in zip(part.columns, *(questions for _, questions in part.rows), strict=True)
    ]
    return GridItem(part.table, columns, rows, _scope(part, delivery))


def _block(part: Block, delivery: Delivery, own: Sequence[Cell], cells: Mapping[Key, Cell]) -> BlockItem:
    places = [place for place, cell in enumerate(own) if cell.question.role in IN_PARTS_TABLE]
    first, last = places[0], places[-1] + 1
    return BlockItem(
        total=cells[part.total.code, ""],
        before=own[:first],
        parts=own[first:last],
        after=own[last:],
        share=share_of(delivery, part),
        is_visible=any(cell.is_visible and cell.question.is_asked for cell in own),
    )


def _scope(part: Grid, delivery: Delivery) -> str:
    question = next(one for _, questions in part.rows for one in questions if one)
    is_said = delivery.is_combined and question.kind.is_number
    return SCOPE_TAGS[question.scope] if is_said else ""


def _locations(delivery: Delivery, section: Section, cells: Mapping[Key, Cell]) -> GridItem:
    rows = [
        GridRow(place.name, [cells[question.code, place.isil] for question in section.questions])
        for place in delivery.locations
    ]
    table = Table(code=section.code, title=section.title, row_header="Locatie")
    columns = [Column(question.label, question.kind.is_number) for question in section.questions]
    scope = SCOPE_TAGS[section.scope] if delivery.is_combined else ""
    return GridItem(table, columns, rows, scope)


def share_of(delivery: Delivery, block: Block) -> Share | None:
    """The bar of a block, once the library's part is known and the block is put to this institution."""
    by_role = {question.role: question for question in block.questions}
    gate = by_role[BlockRole.GATE]
    if not delivery.evaluation.is_visible((gate.code, "")):
        return None
    library, rest, share = (
        delivery.evaluation.number((by_role[role].code, ""))
        for role in (BlockRole.LIBRARY, BlockRole.NON_LIBRARY, BlockRole.LIBRARY_SHARE)
    )
    if library is None or rest is None or share is None or not 0 <= share <= 100:
        return None
    return Share(
        library=format_number(library),
        rest=format_number(rest),
        library_percentage=format_number(share),
        rest_percentage=format_number(100 - share),
        width=f"{share:.1f}",
        rest_width=f"{100 - share:.1f}",
    )
