"""The sheets Lijsten and Wijzigingen: what changed between two releases, lists, answers and registers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Protocol

from surveys.exports.table import WHO, Cell, Column, Format, Listing, Row, cell_of, moment_of
from surveys.questionnaires.schema import Edition
from surveys.values import STATE_WORDS, Key, Kind, State, Value
from surveys.workflow import SubmissionState

COLUMNS = (
    *WHO,
    Column("soort", 10),
    Column("vragenlijst", 13),
    Column("code", 30),
    Column("vestiging", 16),
    Column("omschrijving", 40),
    Column("van", 20, Format.PLAIN),
    Column("naar", 20, Format.PLAIN),
    Column("verschil", 14, Format.PLAIN),
    Column("bij_het_antwoord", 24),
    Column("bron", 14),
    Column("reden", 50),
    Column("gewijzigd_op", 17, Format.MOMENT),
)
SHEET = Listing("Wijzigingen", COLUMNS, (), frozen=2)
LIST_COLUMNS = (
    *WHO,
    Column("vragenlijst", 13),
    Column("van", 15),
    Column("naar", 15),
    Column("telt_mee", 16),
    Column("antwoorden", 12, Format.WHOLE),
    Column("op", 17, Format.MOMENT),
    Column("reden", 50),
)
LISTS = Listing("Lijsten", LIST_COLUMNS, (), frozen=2)


class Moved(Protocol):
    """A list with another state; queries.list_changes.ChangedList is one."""

    @property
    def isil(self) -> str: ...
    @property
    def organisation(self) -> str: ...
    @property
    def province(self) -> str: ...
    @property
    def questionnaire(self) -> str: ...
    @property
    def before(self) -> SubmissionState: ...
    @property
    def after(self) -> SubmissionState: ...
    @property
    def begins(self) -> bool: ...
    @property
    def stops(self) -> bool: ...
    @property
    def answers(self) -> int: ...
    @property
    def at(self) -> datetime | None: ...
    @property
    def reason(self) -> str: ...


class Answered(Protocol):
    """An answer that changed; None: there was none. queries.comparison.ChangedAnswer is one."""

    @property
    def isil(self) -> str: ...
    @property
    def organisation(self) -> str: ...
    @property
    def province(self) -> str: ...
    @property
    def questionnaire(self) -> str: ...
    @property
    def key(self) -> Key: ...
    @property
    def before(self) -> Value | None: ...
    @property
    def after(self) -> Value | None: ...
    @property
    def source(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def beside(self) -> str: ...


class Registered(Protocol):
    """A fact of a register that changed; queries.comparison.ChangedFact is one."""

    @property
    def isil(self) -> str: ...
    @property
    def organisation(self) -> str: ...
    @property
    def province(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def before(self) -> str | int: ...
    @property
    def after(self) -> str | int: ...


def of_list(edition: Edition, one: Moved, *, zone: tzinfo) -> Row:
    return (
        one.isil,
        one.organisation,
        one.province,
        edition.year,
        one.questionnaire,
        one.before.word,
        one.after.word,
        "voortaan wel" if one.begins else "niet meer" if one.stops else None,
        one.answers if one.begins or one.stops else None,
        moment_of(one.at, zone) if one.at else None,
        one.reason or None,
    )


def of_answer(edition: Edition, one: Answered, *, sources: Mapping[str, str], zone: tzinfo) -> Row:
    code, row = one.key
    question = edition.questions.get(code)
    kind = question.kind if question else Kind.TEXT
    gap = difference(one.before, one.after)
    return (
        one.isil,
        one.organisation,
        one.province,
        edition.year,
        "antwoord",
        one.questionnaire,
        code,
        row or None,
        question.label if question else None,
        _cell(one.before, kind),
        _cell(one.after, kind),
        cell_of(Value.of(gap), Kind.DECIMAL) if gap else None,
        one.beside or None,
        sources.get(one.source, one.source) or None,
        one.reason or None,
        moment_of(one.at, zone),
    )


def of_fact(edition: Edition, one: Registered) -> Row:
    is_number = isinstance(one.before, int) and isinstance(one.after, int)
    return (
        one.isil,
        one.organisation,
        one.province,
        edition.year,
        "register",
        None,
        None,
        one.about if one.about != one.isil else None,
        one.what,
        one.before or None,
        one.after or None,
        int(one.after) - int(one.before) if is_number else None,
        *(None,) * 4,
    )


def difference(before: Value | None, after: Value | None) -> Decimal | None:
    """None unless both are numbers."""
    if before is None or after is None or before.number is None or after.number is None:
        return None
    return after.number - before.number


def _cell(value: Value | None, kind: Kind) -> Cell:
    """Here a state is told too: that it is no longer known is a change."""
    if value is None or value.state is State.GIVEN:
        return cell_of(value, kind)
    return STATE_WORDS[value.state]
