"""The figures of a year as tables: what stands in which column. Pure: no Django, no file format.

Columns come from the definition alone, in its order, so they are the same whatever the organisations answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import Enum, auto
from itertools import chain
from typing import Generic, TypeAlias, TypeVar

from surveys.exports.record import Kept, Record
from surveys.questionnaires.non_library import code_of
from surveys.questionnaires.schema import BlockRole, Edition, Question, Questionnaire
from surveys.values import NO, YES, Key, Kind, State, Value

Cell: TypeAlias = int | float | str | date | datetime | None
Row: TypeAlias = Sequence[Cell]


class Format(Enum):
    """How a column shows its values; PLAIN is a number without thousands, such as a year."""

    TEXT = auto()
    PLAIN = auto()
    WHOLE = auto()
    DECIMAL = auto()
    DATE = auto()
    MOMENT = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in characters."""

    header: str
    width: int
    format: Format = Format.TEXT


Source = TypeVar("Source")


@dataclass(frozen=True, slots=True)
class Table(Generic[Source]):
    """A table that grows with every organisation; its first `frozen` columns stay in view."""

    name: str
    columns: tuple[Column, ...]
    rows_of: Callable[[Source], Iterable[Row]]
    frozen: int = 2

    def rows(self, records: Iterable[Source]) -> Iterator[Row]:
        """The rows of all records, one record at a time."""
        return chain.from_iterable(map(self.rows_of, records))


@dataclass(frozen=True, slots=True)
class Listing:
    """A table over the definition itself."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    frozen: int = 1


WHO = (
    Column("isil", 13),
    Column("organisatie", 28),
    Column("provincie", 15),
    Column("jaar", 8, Format.PLAIN),
)


def wide(questionnaire: Questionnaire) -> Table[Record]:
    """One row per organisation, one column per question that is asked once."""
    questions = [q for q in questionnaire.questions.values() if not q.repeats]
    wanted = [((q.code, ""), q.kind) for q in questions]

    def rows_of(record: Record) -> Iterator[Row]:
        counted = record.evaluation.counted
        state = record.states.get(questionnaire.code)
        yield (
            *who_of(record, questionnaire.year),
            state.word if state else None,
            *(cell_of(counted.get(key), kind) for key, kind in wanted),
        )

    columns = (*WHO, Column("status", 14), *map(_column, questions))
    return Table(sheet_name(questionnaire), columns, rows_of)


def locations(questionnaires: Sequence[Questionnaire]) -> Table[Record] | None:
    """One row per location, one column per question that is asked for each; None when there are none of those."""
    questions = [q for one in questionnaires for q in one.questions.values() if q.repeats]
    if not questions:
        return None
    wanted = [(q.code, q.kind) for q in questions]
    year = questionnaires[0].year

    def rows_of(record: Record) -> Iterator[Row]:
        counted = record.evaluation.counted
        for location in record.locations:
            row = location.isil
            yield (
                record.isil,
                record.organisation,
                row,
                location.name,
                record.province,
                year,
                *(cell_of(counted.get((code, row)), kind) for code, kind in wanted),
            )

    own = (Column("vestiging", 14), Column("vestiging_naam", 26))
    columns = (*WHO[:2], *own, *WHO[2:], *map(_column, questions))
    return Table("Vestigingen", columns, rows_of, frozen=4)


def long(
    questionnaires: Sequence[Questionnaire], *, sources: Mapping[str, str], zone: tzinfo
) -> Table[Record]:
    """One row per value that counts, with all that is known about it. `sources`: code to word; moments in `zone`."""
    year = questionnaires[0].year
    questions = [
        (one.code, q.code, q.label, q.unit or None, _origin(q), q.repeats)
        for one in questionnaires
        for q in one.questions.values()
    ]

    def rows_of(record: Record) -> Iterator[Row]:
        who = who_of(record, year)
        counted, partial = record.evaluation.counted, record.evaluation.partial
        kept = {code: record.answers.get(code, {}) for code in {entry[0] for entry in questions}}
        rows = [location.isil for location in record.locations]
        for questionnaire, code, label, unit, origin, repeats in questions:
            for row in rows if repeats else ("",):
                key = (code, row)
                value = counted.get(key)
                if value is not None:
                    yield (
                        *who,
                        questionnaire,
                        code,
                        row or None,
                        label,
                        None if value.number is None else number_of(value.number),
                        value.text or None,
                        unit,
                        _STATES.get(value.state) or (_INCOMPLETE if key in partial else origin),
                        *_beside(kept[questionnaire].get(key), sources, zone),
                    )

    columns = (
        *WHO,
        Column("vragenlijst", 13),
        Column("code", 30),
        Column("vestiging", 16),
        Column("omschrijving", 50),
        Column("waarde", 14, Format.PLAIN),
        Column("waarde_tekst", 24),
        Column("eenheid", 14),
        Column("toestand", 18),
        Column("schatting", 10),
        Column("bron", 15),
        Column("toelichting", 40),
        Column("gewijzigd_op", 17, Format.MOMENT),
    )
    return Table("Lang", columns, rows_of)


def combined(edition: Edition, questionnaires: Sequence[Questionnaire]) -> Table[Record] | None:
    """One row per organisation and total that may hold more than the library: the total, its parts and their ground.

    None when these questionnaires have no such total.
    """
    chosen = {one.code for one in questionnaires}
    totals = [(q, _block_of(q)) for q in edition.totals if q.questionnaire in chosen]
    if not totals:
        return None

    def rows_of(record: Record) -> Iterator[Row]:
        counted = record.evaluation.counted
        for total, figures in totals:
            yield (
                *who_of(record, edition.year),
                YES if record.is_combined else NO,
                total.questionnaire,
                total.code,
                total.label,
                YES if total.code in edition.key_items else NO,
                total.unit or None,
                *(cell_of(counted.get(key), kind) for key, kind in figures),
            )

    columns = (
        *WHO,
        Column("gecombineerd", 14),
        Column("vragenlijst", 13),
        Column("code", 24),
        Column("omschrijving", 40),
        Column("kerncijfer", 11),
        Column("eenheid", 14),
        Column("totaal", 14, Format.DECIMAL),
        Column("niet_bibliotheek", 17, Format.DECIMAL),
        Column("bibliotheek", 14, Format.DECIMAL),
        Column("aandeel_bibliotheek", 20, Format.DECIMAL),
        Column("hoe_bekend", 16),
    )
    return Table("Gecombineerd", columns, rows_of)


def _block_of(total: Question) -> tuple[tuple[Key, Kind], ...]:
    """Total, non-library part, library part, its share in percent, and how the part is known."""
    figure = total.kind
    roles = (
        (BlockRole.NON_LIBRARY, figure),
        (BlockRole.LIBRARY, figure),
        (BlockRole.LIBRARY_SHARE, Kind.PERCENT),
        (BlockRole.BASIS, Kind.CHOICE),
    )
    block = (((code_of(total.code, role), ""), kind) for role, kind in roles)
    return (((total.code, ""), figure), *block)


def sheet_name(questionnaire: Questionnaire) -> str:
    return questionnaire.code.capitalize()


def who_of(record: Record, year: int) -> tuple[str, str, str, int]:
    return (record.isil, record.organisation, record.province, year)


def cell_of(value: Value | None, kind: Kind) -> Cell:
    """A value as a cell: empty when it is not given, whatever the reason, so that a column keeps one type."""
    if value is None or value.state is not State.GIVEN:
        return None
    if value.number is not None:
        return number_of(value.number)
    if kind is Kind.DATE:
        return date.fromisoformat(value.text)
    return value.text


def number_of(number: Decimal) -> int | float:
    whole = int(number)
    return whole if whole == number else float(number)


def moment_of(moment: datetime | None, zone: tzinfo) -> datetime | None:
    """As a cell: of the clock in `zone`, to the second."""
    return moment and moment.astimezone(zone).replace(tzinfo=None, microsecond=0)


_INCOMPLETE = "berekend (onvolledig)"
_STATES = {State.UNKNOWN: "onbekend", State.NOT_APPLICABLE: "niet van toepassing"}


def _origin(question: Question) -> str:
    if question.formula:
        return "berekend"
    return "gegeven" if question.is_asked else "feit"


def _beside(
    kept: Kept | None, sources: Mapping[str, str], zone: tzinfo
) -> tuple[str | None, str | None, str | None, datetime | None]:
    if kept is None:
        return (None, None, None, None)
    return (
        YES if kept.is_estimate else None,
        sources.get(kept.source, kept.source) or None,
        kept.note or None,
        moment_of(kept.changed_at, zone),
    )


_FORMATS = {
    Kind.DATE: Format.DATE,
    Kind.TEXT: Format.TEXT,
    Kind.YES_NO: Format.TEXT,
    Kind.CHOICE: Format.TEXT,
}


def _column(question: Question) -> Column:
    if question.kind.is_number:
        shown = Format.DECIMAL if question.decimals else Format.WHOLE
        if question.register == "participation.year":
            shown = Format.PLAIN
    else:
        shown = _FORMATS[question.kind]
    narrowest = 30 if question.kind is Kind.TEXT else 11
    return Column(question.code, max(narrowest, min(len(question.code) + 2, 26)), shown)
