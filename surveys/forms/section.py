"""The form of one section: read and written as a whole without JavaScript, field by field with it.

crispy is the form framework; one layout object draws all questions in one template loop, since rendering field by
field costs many times as much (docs/decisions).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from django import forms
from django.template.loader import render_to_string

from surveys.actions.answers import Saved, save_answers
from surveys.actions.submissions import begin
from surveys.forms.cells import NOT_SAVED, Cell, cell_of, conflict_with
from surveys.forms.inputs import Inputs, read_inputs
from surveys.forms.items import Item, items_of
from surveys.models import Source, User
from surveys.queries.answers import Stored, answer_at
from surveys.queries.deliveries import Delivery, delivery_of
from surveys.questionnaires.schema import Layout as SectionLayout
from surveys.questionnaires.schema import Question, Section
from surveys.values import Key


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
        return render_to_string("library/questions.html", own)


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
        self.helper.disable_csrf = True  # the page has its token in the form around this
        self.helper.form_show_errors = False  # the page sums them up itself, with a link to each field
        self.helper.layout = Layout(QuestionsLayout())
        self.inputs = Inputs()
        self.cells = self._cells()

    def _cells(self) -> dict[Key, Cell]:
        cells = {
            (question.code, row): cell_of(self.delivery, question, row, is_open=self.is_open)
            for question, row in self.fields_of()
        }
        if self.section.repeat and not self.row:
            for cell in cells.values():
                cell.on_page = False
        return cells

    def fields_of(self) -> Iterator[tuple[Question, str]]:
        if not self.section.repeat:
            rows: Sequence[str] = ("",)
        else:
            rows = (self.row,) if self.row else self.delivery.rows
        for row in rows:
            for question in self.section.questions:
                yield question, row

    def clean(self) -> dict[str, Any]:
        """Reads what was typed; faults are told at their fields once the rest has been saved."""
        asked = ((question, row) for question, row in self.fields_of() if question.is_asked)
        submission = self.delivery.submission
        self.inputs = read_inputs(
            self.data,
            asked,
            self.delivery.answers,
            seen=lambda key, version: answer_at(submission, key, version) if version else None,
        )
        for message in self.inputs.errors.values():
            self.add_error(None, message)
        return {}

    def save(self, *, by: User) -> Saved:
        """Writes what can be written, and marks the fields that cannot, or in which a colleague was first."""
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
        if self.inputs.errors or saved.conflicts:
            self._show_refused(saved.conflicts)
        return saved

    def _show_refused(self, conflicts: Iterable[Key]) -> None:
        """The page as it stands after the save, with what was refused as it was typed."""
        self.delivery = delivery_of(self.delivery.submission)
        self.cells = self._cells()
        for key, message in self.inputs.errors.items():
            cell = self._keep_typed(key)
            cell.errors.append(message)
            cell.version = self.inputs.typed[key].version
        for key in conflicts:
            self._show_conflict(key, self.delivery.answers.get(key))

    def _show_conflict(self, key: Key, theirs: Stored | None) -> None:
        cell = self._keep_typed(key)
        cell.conflict = conflict_with(theirs, cell.question)
        self.add_error(None, f"Een collega was u voor bij {cell.question.number}.")

    def _keep_typed(self, key: Key) -> Cell:
        cell, typed = self.cells[key], self.inputs.typed[key]
        cell.text, cell.is_estimate, cell.note = typed.text, typed.is_estimate, typed.note
        cell.options = [replace(one, is_chosen=one.value == typed.text) for one in cell.options]
        cell.state = NOT_SAVED
        return cell

    @property
    def wrong_cells(self) -> list[Cell]:
        return [cell for cell in self.cells.values() if cell.errors or cell.conflict]

    @property
    def items(self) -> list[Item]:
        return items_of(self.delivery, self.section, self.row, self.cells)

    @property
    def has_fields(self) -> bool:
        """A page with nothing but facts has nothing to save."""
        return any(cell.is_open for cell in self.cells.values())

    @property
    def has_pages(self) -> bool:
        """One page per location: a list of locations comes before the questions."""
        return self.section.repeat and self.section.layout is SectionLayout.PAGES
