"""The form of one section: read and written as a whole without JavaScript, field by field with it.

crispy is the form framework; one layout object draws all questions in one template loop, since rendering field by
field costs many times as much (docs/decisions).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from django import forms
from django.template.loader import get_template

from surveys.actions.answers import Saved, save_answers
from surveys.actions.submissions import begin
from surveys.forms.cells import IN_PARTS_TABLE, SCOPE_WORDS, Cell, cell_of, conflict_with
from surveys.forms.inputs import Inputs, read_inputs
from surveys.models import Source, User
from surveys.queries.answers import Stored, answer_at
from surveys.queries.deliveries import Delivery
from surveys.questionnaires.layout import Block, Grid, Single, parts_of
from surveys.questionnaires.schema import BlockRole, Question, Section, Table
from surveys.questionnaires.schema import Layout as SectionLayout
from surveys.values import Key, format_number


@dataclass(slots=True)
class GridItem:
    """A table to draw: each row has a header and its cells."""

    table: Table
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell | None]]]
    scope: str
    kind: ClassVar[str] = "grid"

    @property
    def cells(self) -> list[Cell]:
        return [cell for _, cells in self.rows for cell in cells if cell is not None]

    @property
    def notes(self) -> list[Cell]:
        """The cells whose question has a definition, each definition once."""
        return list({cell.question.code: cell for cell in self.cells if cell.question.help}.values())


@dataclass(slots=True)
class CellItem:
    cell: Cell
    kind: ClassVar[str] = "cell"


@dataclass(slots=True)
class BlockItem:
    """The block under a total. `parts`: what the non-library part is for, drawn as a table with what is left."""

    total: Cell
    before: Sequence[Cell]
    parts: Sequence[Cell]
    after: Sequence[Cell]
    share: Share | None
    is_visible: bool
    kind: ClassVar[str] = "block"


@dataclass(frozen=True, slots=True)
class Share:
    """library and rest as shown, and the width of the bar in percent."""

    library: str
    rest: str
    library_percentage: str
    rest_percentage: str
    width: str
    rest_width: str


class QuestionsLayout(LayoutObject):  # type: ignore[misc]
    """Draws every item of a SectionForm in one template."""

    def render(self, form: SectionForm, context: Any, template_pack: str = "", **kwargs: Any) -> str:
        own = {
            "form": form,
            "items": form.items,
            "is_open": form.is_open,
            "last_year": str(form.delivery.edition.year - 1),
            "save_url": context.get("save_url", ""),
        }
        return get_template("library/questions.html").template.render(context.new(own))


class SectionForm(forms.Form):
    """All questions of a section, or of one location's page of it (`row`)."""

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        delivery: Delivery,
        section: Section,
        row: str = "",
        is_open: bool,
    ) -> None:
        super().__init__(data)
        self.delivery, self.section, self.row, self.is_open = delivery, section, row, is_open
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.form_show_errors = False  # the page sums them up itself, with a link to each field
        self.helper.layout = Layout(QuestionsLayout())
        self.inputs = Inputs()
        self.cells = {
            (cell.question.code, cell.row): cell
            for question, one in self.fields_of()
            for cell in (cell_of(delivery, question, one, is_open=is_open),)
        }
        if section.repeat and not row:
            for cell in self.cells.values():
                cell.on_page = False

    def fields_of(self) -> Iterator[tuple[Question, str]]:
        if not self.section.repeat:
            rows: Sequence[str] = ("",)
        else:
            rows = (self.row,) if self.row else self.delivery.rows
        for row in rows:
            for question in self.section.questions:
                yield question, row

    def clean(self) -> dict[str, Any]:
        """Reads what was typed; faults stay with their field, with the text as it was typed."""
        asked = ((question, row) for question, row in self.fields_of() if question.is_asked)
        submission = self.delivery.submission
        self.inputs = read_inputs(
            self.data,
            asked,
            self.delivery.answers,
            seen=lambda key, version: answer_at(submission, key, version) if version else None,
        )
        for key, message in self.inputs.errors.items():
            self._keep_typed(key).errors.append(message)
            self.add_error(None, message)
        return {}

    def save(self, *, by: User) -> Saved:
        """Writes what can be written, and marks the fields in which a colleague was first."""
        submission = self.delivery.submission
        saved = Saved()
        if self.inputs.entries:
            begin(submission=submission, by=by)
            saved = save_answers(
                submission=submission,
                entries=self.inputs.entries,
                by=by,
                source=Source.FORM.value,
            )
        saved.conflicts += self.inputs.stale
        for key in saved.conflicts:
            self._show_conflict(key, self.delivery.answers.get(key))
        return saved

    def _show_conflict(self, key: Key, theirs: Stored | None) -> None:
        cell = self._keep_typed(key)
        cell.conflict = conflict_with(theirs, cell.question)
        cell.version = theirs.version if theirs else 0
        self.add_error(None, f"Een collega was u voor bij {cell.question.number}.")

    def _keep_typed(self, key: Key) -> Cell:
        cell, typed = self.cells[key], self.inputs.typed[key]
        cell.text, cell.is_estimate, cell.note = typed.text, typed.is_estimate, typed.note
        cell.state = "niet opgeslagen"
        return cell

    @property
    def wrong_cells(self) -> list[Cell]:
        return [cell for cell in self.cells.values() if cell.errors or cell.conflict]

    @property
    def items(self) -> list[GridItem | CellItem | BlockItem]:
        if self.section.repeat and not self.row:
            return [self._locations_grid()]
        return [self._item(part) for part in parts_of(self.section)]

    def _item(self, part: Single | Grid | Block) -> GridItem | CellItem | BlockItem:
        if isinstance(part, Single):
            return CellItem(self.cells[part.question.code, self.row])
        if isinstance(part, Grid):
            rows = [
                (
                    header,
                    [self.cells[q.code, self.row] if q is not None else None for q in questions],
                )
                for header, questions in part.rows
            ]
            return GridItem(part.table, part.columns, rows, self._scope(rows))
        cells = [self.cells[question.code, self.row] for question in part.questions]
        places = [n for n, cell in enumerate(cells) if cell.question.role in IN_PARTS_TABLE]
        first, last = places[0], places[-1] + 1
        return BlockItem(
            total=self.cells[part.total.code, self.row],
            before=cells[:first],
            parts=cells[first:last],
            after=cells[last:],
            share=share_of(self.delivery, part),
            is_visible=any(cell.is_visible and cell.question.is_asked for cell in cells),
        )

    def _scope(self, rows: Sequence[tuple[str, Sequence[Cell | None]]]) -> str:
        cell = next(cell for _, cells in rows for cell in cells if cell is not None)
        is_said = self.delivery.is_combined and cell.is_number
        return SCOPE_WORDS[cell.question.scope] if is_said else ""

    def _locations_grid(self) -> GridItem:
        rows = [
            (
                location.name,
                [self.cells[question.code, location.isil] for question in self.section.questions],
            )
            for location in self.delivery.locations
        ]
        table = Table(code=self.section.code, title=self.section.title, row_header="Vestiging")
        columns = [question.label for question in self.section.questions]
        scope = SCOPE_WORDS[self.section.scope] if self.delivery.is_combined else ""
        return GridItem(table, columns, rows, scope)

    @property
    def has_pages(self) -> bool:
        """One page per location: a list of locations comes before the questions."""
        return self.section.repeat and self.section.layout is SectionLayout.PAGES


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
