"""The sheet Wijzigingen: what changed between two releases, answers and what the registers say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Protocol

from surveys.exports.table import WHO, Cell, Column, Format, Listing, Row, cell_of, moment_of
from surveys.questionnaires.schema import Edition
from surveys.values import STATE_WORDS, Key, Kind, State, Value

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
    Column("bron", 14),
    Column("reden", 50),
    Column("gewijzigd_op", 17, Format.MOMENT),
)
SHEET = Listing("Wijzigingen", COLUMNS, (), frozen=2)


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
        None if gap is None else cell_of(Value.of(gap), Kind.DECIMAL),
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
        *(None,) * 3,
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
