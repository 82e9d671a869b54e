"""The library's answer to a question of the KB: words, the fields that it reopened, and why what is odd may stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django import forms

from surveys.actions.answering import RecheckError, Words
from surveys.actions.remarks import MAX_LENGTH
from surveys.forms.cells import Cell, cell_of, conflict_with, is_shown
from surveys.forms.explaining import ExplainForm, stand_of
from surveys.forms.inputs import Inputs, read_inputs
from surveys.queries.answers import answer_at
from surveys.queries.deliveries import Delivery
from surveys.queries.signals import Signal
from surveys.questionnaires.reopening import may_show
from surveys.questionnaires.schema import Question
from surveys.questionnaires.words import condition_in_words
from surveys.values import Key, format_value


@dataclass(frozen=True, slots=True)
class Shown:
    """A field. `condition`: when it is to be filled in, while it is not asked; empty for what is."""

    cell: Cell
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of one location, or of the organisation (no name)."""

    name: str
    fields: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class Becomes:
    """A figure that the change makes anew."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A signal that the change raises, as `explain_fields.html` draws its form."""

    signal: Signal
    form: ExplainForm

    @property
    def stand(self) -> str:
        return stand_of(self.signal.finding)

    @property
    def stand_name(self) -> str:
        return _stand_name(self.signal)


def _stand_name(signal: Signal) -> str:
    return f"{signal.finding.id}-stand"


class AnswerForm(forms.Form):
    """Without scripts: what was typed stays until all of it can be kept."""

    tekst = forms.CharField(
        label="Uw antwoord aan de KB",
        help_text="Klopt het cijfer? Schrijf waardoor het zo is. Klopt het niet, wijzig het dan hieronder en schrijf wat er misging.",
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": MAX_LENGTH}),
        error_messages={"required": "Schrijf een antwoord aan de KB, ook als u het cijfer wijzigt."},
    )
    use_required_attribute = False

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        delivery: Delivery,
        keys: Iterable[Key],
        is_open: bool,
    ) -> None:
        super().__init__(data)
        self.delivery, self.is_open, self.keys = delivery, is_open, tuple(keys)
        self.inputs = Inputs()
        self.unexplained: list[Unexplained] = []
        self.becomes: list[Becomes] = []
        self.problems: list[str] = []
        self._fields: dict[str, str] = {}
        self.cells = {key: self._cell(key) for key in self.keys}

    def _cell(self, key: Key) -> Cell:
        cell = cell_of(self.delivery, self.delivery.questions[key[0]], key[1], is_open=self.is_open)
        cell.state, cell.states, cell.signals = "", (), ()
        return cell

    def clean(self) -> dict[str, str]:
        submission = self.delivery.submission
        self.inputs = read_inputs(
            self.data,
            [(self.delivery.questions[code], row) for code, row in self.keys],
            self.delivery.answers,
            seen=lambda key, version: answer_at(submission, key, version) if version else None,
        )
        for key, message in self.inputs.errors.items():
            cell = self._keep_typed(key)
            cell.errors.append(message)
            self._problem(f"{cell.question.number} {cell.question.label}: {message}", cell)
        self.show_conflicts(self.inputs.stale)
        for key in self.inputs.typed:
            if key not in self.inputs.errors and key not in self.inputs.stale:
                self._keep_typed(key)
        if self.problems:
            self.add_error(None, self.problems)
        return dict(self.cleaned_data)

    def _problem(self, text: str, cell: Cell | None) -> None:
        """Told at the top, with a link to its field."""
        self.problems.append(text)
        if cell is not None:
            self._fields[text] = cell.id

    @property
    def linked_problems(self) -> list[tuple[str, str]]:
        """Each with the id of its field; empty when it has none here."""
        return [(one, self._fields.get(one, "")) for one in self.problems]

    def _keep_typed(self, key: Key) -> Cell:
        cell, typed = self.cells[key], self.inputs.typed[key]
        if typed.text != cell.text:
            cell.difference = ""
        cell.text, cell.is_estimate, cell.note = typed.text, typed.is_estimate, typed.note
        cell.options = tuple(replace(one, is_chosen=one.value == typed.text) for one in cell.options)
        return cell

    def show_conflicts(self, keys: Iterable[Key]) -> None:
        """Somebody was first: what stands there now beside what was typed; sent once more, that is kept."""
        for key in keys:
            cell = self._keep_typed(key)
            cell.conflict = conflict_with(self.delivery.answers.get(key), cell.question)
            self._problem(f"Een ander was u voor bij {cell.question.number} {cell.question.label}.", cell)

    def words(self, signal: Signal) -> Words | None:
        """What is said about a signal that the change raises; asked on the page that comes back."""
        about = self.delivery.questions[signal.finding.anchor[0]].label
        seen = self.data.get(_stand_name(signal))
        form = ExplainForm(self.data if seen else None, signal=signal, about=about)
        self.unexplained.append(Unexplained(signal, form))
        if not seen:
            return None
        if seen != stand_of(signal.finding):
            form.refuse_unseen()
            return None
        given = form.given
        return Words(given.reason, given.text) if given else None

    def show_refused(self, refusal: RecheckError) -> None:
        """Why the change cannot stay as it is, with the fields that it shows or hides."""
        found, before = refusal.found, self.delivery
        for key, cell in self.cells.items():
            cell.is_visible = is_shown(found.after.evaluation, cell.question, key[1])
        for error in found.errors:
            self._problem(error.finding.message, self.cells.get(error.finding.anchor))
        for one in found.missing:
            text = f"{one.question.number} {one.question.label}: {one.message or 'nog niet ingevuld'}"
            self._problem(text, self.cells.get(one.key))
        own = before.questionnaire.questions
        for code, row in sorted({*before.evaluation.counted, *found.after.evaluation.counted}):
            question = own.get(code)
            if question is None or question.formula is None:
                continue
            was, now = (one.evaluation.counted.get((code, row)) for one in (before, found.after))
            if was != now:
                texts = (format_value(one, question.kind, question.labels) or "–" for one in (was, now))
                self.becomes.append(Becomes(f"{question.number} {question.label}", *texts))

    @property
    def groups(self) -> list[Group]:
        """By location, those that are put to this respondent; while they are open also what another answer brings up."""
        names = {one.isil: one.name for one in self.delivery.locations}
        order = {row: place for place, row in enumerate(("", *self.delivery.rows))}
        shown = sorted(self._shown(), key=lambda one: order.get(one.cell.row, 0))
        return [
            Group(names.get(row, ""), list(fields))
            for row, fields in groupby(shown, lambda one: one.cell.row)
        ]

    def _shown(self) -> Iterator[Shown]:
        delivery = self.delivery
        left_out: set[Key] = set()
        for key, cell in self.cells.items():
            at_hand = {code for code, row in self.keys if row in ("", key[1]) and (code, row) not in left_out}
            if cell.is_visible:
                yield Shown(cell)
            elif self.is_open and may_show(
                delivery.edition, delivery.evaluation, cell.question, key[1], at_hand
            ):
                condition = condition_in_words(cell.question, delivery.questions, _by_number)
                yield Shown(replace(cell, is_visible=True), condition)
            else:
                left_out.add(key)


def _by_number(question: Question) -> str:
    return f"{question.number} {question.label}"
