"""What one field shows: its text, last year's value, its state in words, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from surveys.models import Source
from surveys.queries.answers import Stored
from surveys.queries.deliveries import Delivery
from surveys.queries.signals import Signal
from surveys.questionnaires.figures import Evaluation
from surveys.questionnaires.schema import BlockRole, Operation, Question, Scope
from surveys.values import STATE_WORDS, Key, Kind, State, Value, format_number, format_value

SCOPE_TAGS = {
    Scope.INSTITUTION: "hele instelling",
    Scope.LIBRARY: "alleen bibliotheek",
    Scope.NON_LIBRARY: "niet van de bibliotheek",
}
IN_PARTS_TABLE = frozenset({BlockRole.PART, BlockRole.REST})
"""The questions of a block that are drawn as one table: what the non-library part is for."""
MOST_RADIOS, MOST_IN_GRID = 8, 2
"""More choices than this become a drop-down list."""

SAVED, NOT_SAVED, EMPTY, LOCKED = "opgeslagen", "niet opgeslagen", "nog leeg", "vergrendeld"
_LIVE = frozenset(
    {
        Operation.SUM,
        Operation.SUM_ROWS,
        Operation.DIFFERENCE,
        Operation.REMAINDER,
    }
)
"""Formulas that the browser recomputes while somebody types; the server's answer replaces its outcome."""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """A colleague was first: what is there now, and by whom; the typed text stays in the field."""

    theirs: str
    by: str
    value: str = ""
    """What to put into the field to take theirs over: its text, or the code of its choice."""


@dataclass(slots=True)
class Cell:
    """One question in one row, ready to be drawn. `name` is that of its field, `id` the stem of its ids."""

    question: Question
    row: str
    name: str
    id: str
    text: str
    unit: str
    is_visible: bool
    is_open: bool
    state: str
    version: int = 0
    is_estimate: bool = False
    note: str = ""
    last: str = ""
    difference: str = ""
    absent: str = ""
    """Why last year has no value here, where others became this organisation."""
    formula: str = ""
    on_page: bool = True
    """Stands on a page of its own row, not in a table of all locations."""
    options: Sequence[Option] = ()
    states: Sequence[str] = ()
    errors: list[str] = field(default_factory=list)
    signals: Sequence[Signal] = ()
    conflict: Conflict | None = None

    @property
    def is_wrong(self) -> bool:
        """Cannot stay as it is."""
        return bool(self.errors) or any(one.is_error for one in self.signals)

    @property
    def has_signal(self) -> bool:
        """May stay with a reason."""
        return any(one.is_open and not one.is_error for one in self.signals)

    @property
    def has_remark(self) -> bool:
        return self.is_estimate or bool(self.note)

    @property
    def is_radio(self) -> bool:
        return 0 < len(self.options) <= (MOST_IN_GRID if self.is_in_grid else MOST_RADIOS)

    @property
    def is_broad(self) -> bool:
        """Its choices need the width of the page."""
        return len(self.options) > 2 and any(len(option.label) > 24 for option in self.options)

    @property
    def is_in_grid(self) -> bool:
        """The headers of a table are its label."""
        in_rows = self.question.repeats and not self.on_page
        return in_rows or self.question.place is not None or self.question.role in IN_PARTS_TABLE

    @property
    def last_shown(self) -> str:
        """Last year's value; a long text is cut, so that it does not push the fields apart."""
        most = 60 if self.is_in_grid else 160
        return self.last if len(self.last) <= most else f"{self.last[: most - 1]}…"

    @property
    def grid_label(self) -> str:
        """The field's name where the headers of a table are its only label."""
        if not self.is_in_grid:
            return ""
        return f"{self.question.number} {self.question.label} {self.row}".strip()

    @property
    def input_mode(self) -> str:
        """A telephone's keyboard: `numeric` has digits only, `decimal` a comma too, neither a minus."""
        if not self.is_number:
            return ""
        minimum = self.question.minimum
        if minimum is None or minimum < 0:
            return "text"
        return "decimal" if self.question.decimals else "numeric"

    @property
    def is_number(self) -> bool:
        return self.question.kind.is_number

    @property
    def described_by(self) -> str:
        """Ids of what explains the field, for a screen reader."""
        unit = f" u-{self.id}" if self.unit and not self.is_in_grid else ""
        return f"{f'{self.help_id} ' if self.question.help else ''}m-{self.id}{unit}"

    @property
    def help_id(self) -> str:
        """A definition stands once on a page, also where its question stands in many rows."""
        return f"h-{self.question.code}"

    @property
    def parameters(self) -> str:
        """The fields that are sent when this one is saved."""
        return ",".join((self.name, *(f"{self.name}~{part}" for part in "venc")))


def field_name(key: Key) -> str:
    code, row = key
    return f"{code}__{row}" if row else code


def key_of_name(name: str) -> Key:
    code, _, row = name.partition("__")
    return code, row


def element_id(key: Key) -> str:
    code, row = key
    return f"{code}-{row}" if row else code


def cell_of(delivery: Delivery, question: Question, row: str, *, is_open: bool) -> Cell:
    """The cell as the delivery has it. `is_open`: this user may fill it in now."""
    key = (question.code, row)
    stored = delivery.answers.get(key)
    value = stored.value if stored else delivery.evaluation.counted.get(key)
    may_type = is_open and question.is_asked
    cell = Cell(
        question=question,
        row=row,
        name=field_name(key),
        id=element_id(key),
        text=format_value(value, question.kind, question.labels),
        unit=unit_of(delivery, question),
        is_visible=is_shown(delivery.evaluation, question, row),
        is_open=may_type,
        state=state_of(stored, is_open=may_type, is_asked=question.is_asked),
        last=last_year_of(delivery, question, row),
        difference=difference_of(value, delivery.last_year.get(key)),
        absent=delivery.last_absent.get(key, ""),
        signals=delivery.signals_at.get(key, ()),
    )
    if stored:
        cell.version, cell.is_estimate, cell.note = stored.version, stored.is_estimate, stored.note
    if question.is_asked and question.labels:
        cell.options = options_of(question, value)
    elif question.is_asked:
        cell.states = tuple(STATE_WORDS[state] for state in State if state in question.may_be)
    if question.formula and question.formula.operation in _LIVE:
        cell.formula = live_formula(delivery, question, row)
    return cell


def conflict_with(theirs: Stored | None, question: Question) -> Conflict:
    """What the colleague left there; an emptied field is said to be so."""
    if theirs is None:
        return Conflict("(leeggemaakt)", "")
    text = format_value(theirs.value, question.kind, question.labels)
    return Conflict(text, theirs.changed_by, (question.labels and theirs.value.text) or text)


def is_shown(evaluation: Evaluation, question: Question, row: str) -> bool:
    """Put to this respondent; the outcome of a block comes when there is one."""
    key = (question.code, row)
    is_outcome = bool(question.total and question.formula)
    return evaluation.is_visible(key) and (not is_outcome or key in evaluation.counted)


def options_of(question: Question, value: Value | None) -> tuple[Option, ...]:
    chosen = "" if value is None else value.text or STATE_WORDS.get(value.state, "")
    words = {STATE_WORDS[state]: STATE_WORDS[state] for state in State if state in question.may_be}
    return tuple(
        Option(code, label.capitalize() if code in words else label, code == chosen)
        for code, label in {**question.labels, **words}.items()
    )


def unit_of(delivery: Delivery, question: Question) -> str:
    """The unit, and for a combined institution on its own line what the figure is about."""
    if delivery.is_combined and question.kind.is_number and question.kind is not Kind.PERCENT:
        return f"{question.unit},\n{SCOPE_TAGS[question.scope]}".removeprefix(",\n")
    return question.unit


def state_of(stored: Stored | None, *, is_open: bool, is_asked: bool) -> str:
    if not is_asked:
        return ""
    if not is_open:
        return LOCKED
    if stored is None:
        return EMPTY
    if stored.source == Source.PREFILL.value:
        return "vooraf ingevuld, controleer"
    return SAVED


def last_year_of(delivery: Delivery, question: Question, row: str) -> str:
    value = delivery.last_year.get((question.code, row))
    return format_value(value, question.kind, question.labels)


def difference_of(now: Value | None, then: Value | None) -> str:
    """+1.234 (+5%): this year's number less last year's."""
    if now is None or then is None or now.number is None or then.number is None:
        return ""
    gap = now.number - then.number
    if not gap:
        return "gelijk"
    sign = "+" if gap > 0 else "−"
    share = f" ({sign}{format_number(abs(gap) / abs(then.number) * 100, 0)}%)" if then.number else ""
    return f"{sign}{format_number(abs(gap))}{share}"


def live_formula(delivery: Delivery, question: Question, row: str) -> str:
    """`sum name name …`, as the browser's script reads it."""
    formula = question.formula
    if formula is None:
        return ""
    if formula.operation is Operation.SUM_ROWS:
        names: Iterable[str] = (field_name((formula.operands[0], one)) for one in delivery.rows)
    else:
        questions = delivery.questions
        names = (field_name((code, row if questions[code].repeats else "")) for code in formula.operands)
    return f"{formula.operation.value} {' '.join(names)}"
