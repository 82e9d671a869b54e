"""How far a delivery is, and what is still to do: the page shows it, and submit enforces the same list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from surveys.queries.deliveries import Delivery
from surveys.questionnaires.figures import Evaluation
from surveys.questionnaires.rule import Rule
from surveys.questionnaires.schema import Layout, Question, Section
from surveys.rules import absences
from surveys.values import Key


class TodoKind(StrEnum):
    MISSING = "missing"
    ERROR = "error"
    SIGNAL = "signal"


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do before the questionnaire can be submitted, and the answer it is about."""

    kind: TodoKind
    section: Section
    question: Question
    row: str
    message: str

    @property
    def key(self) -> Key:
        return (self.question.code, self.row)

    @property
    def page_row(self) -> str:
        """The location whose page it stands on; empty when the section is one page."""
        return self.row if self.section.layout is Layout.PAGES else ""


@dataclass(frozen=True, slots=True)
class Progress:
    """`wanted`: the required answers, and each rule that still misses one.

    `errors` and `signals` (warnings without an explanation) are counted where they are told.
    """

    answered: int
    wanted: int
    errors: int
    signals: int = 0

    @property
    def missing(self) -> int:
        return self.wanted - self.answered

    @property
    def percentage(self) -> int:
        """0 to 100, never 100 while something is missing."""
        return self.answered * 100 // self.wanted if self.wanted else 100


def wanted_keys(delivery: Delivery, section: Section) -> list[Key]:
    """The answers that must be given: visible, asked and required."""
    return required_keys(section, delivery.evaluation, delivery.rows)


def required_keys(section: Section, evaluation: Evaluation, rows: Sequence[str]) -> list[Key]:
    return [
        (question.code, row)
        for row in (rows if section.repeat else ("",))
        for question in section.questions
        if question.required and evaluation.is_visible((question.code, row))
    ]


def answered_of_wanted(
    sections: Iterable[Section],
    rules: Iterable[Rule],
    evaluation: Evaluation,
    rows: Sequence[str],
    row: str | None = None,
) -> tuple[int, int]:
    """`Progress.answered` and `Progress.wanted` of these sections, or of one location's page of them."""
    sections = list(sections)
    keys = [key for one in sections for key in required_keys(one, evaluation, rows) if row in (None, key[1])]
    codes = {question.code for one in sections for question in one.questions}
    absent = absences((rule for rule in rules if rule.left[0] in codes), evaluation, rows)
    return (
        sum(key in evaluation.counted for key in keys),
        len(keys) + sum(row in (None, at) for _, at in absent),
    )


def progress_of(delivery: Delivery, section: Section | None = None, row: str | None = None) -> Progress:
    """Of the whole, of one section, or of one location's page of a section."""
    sections = [section] if section else list(delivery.questionnaire.sections)
    answered, wanted = answered_of_wanted(sections, delivery.rules, delivery.evaluation, delivery.rows, row)
    codes = {question.code for one in sections for question in one.questions}
    told = [
        one
        for one in delivery.signals
        if one.is_open and one.finding.anchor[0] in codes and row in (None, one.finding.row)
    ]
    return Progress(
        answered=answered,
        wanted=wanted,
        errors=sum(one.is_error for one in told),
        signals=sum(not one.is_error for one in told),
    )


def todo_of(delivery: Delivery) -> list[Todo]:
    """All that stands between this delivery and submitting it, in the order of the questionnaire."""
    sections = {s.code: s for s in delivery.questionnaire.sections}
    own = delivery.questionnaire.questions
    items: list[Todo] = []
    for section in sections.values():
        for code, row in wanted_keys(delivery, section):
            if (code, row) not in delivery.evaluation.counted:
                items.append(
                    Todo(
                        TodoKind.MISSING,
                        section,
                        own[code],
                        row,
                        "",
                    )
                )
    for rule, row in delivery.absences:
        question = own[rule.left[0]]
        text = rule.hint or "Verdeel het aantal over de regels: waarvoor is het?"
        items.append(Todo(TodoKind.MISSING, sections[question.section], question, row, text))
    for signal in delivery.signals:
        if signal.is_open:
            finding = signal.finding
            question = own[finding.anchor[0]]
            items.append(
                Todo(
                    TodoKind.ERROR if signal.is_error else TodoKind.SIGNAL,
                    sections[question.section],
                    question,
                    finding.row,
                    finding.message,
                )
            )
    order = {code: place for place, code in enumerate(own)}
    rows = {row: place for place, row in enumerate(delivery.rows)}
    section_order = {code: place for place, code in enumerate(sections)}
    return sorted(
        items,
        key=lambda t: (
            section_order[t.section.code],
            rows.get(t.row, -1),
            order[t.question.code],
            t.kind,
        ),
    )
