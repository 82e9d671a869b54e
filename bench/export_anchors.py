"""Two other ways to write the workbook of a year, from the same tables: the anchors of the export.

`xlsxwriter_workbook`: the fastest well-known streaming writer, fed with the very rows that the application writes.
`openpyxl_workbook`: what Django's and openpyxl's documentation teach: model objects, and a workbook in memory.
Both leave out what only the application does: the fingerprint over the content.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from surveys.exports import table
from surveys.exports.codebook import codebook, statutory
from surveys.exports.readme import NAME, Tally, readme
from surveys.exports.record import Record
from surveys.exports.table import Column, Format, Listing, Row, Table
from surveys.models import Answer, Location, Participation, Source
from surveys.models.answer import to_value
from surveys.queries.answers import Stored
from surveys.queries.facts import facts_of, was_open
from surveys.queries.year import COMBINED, YearRecord, records_of_year
from surveys.questionnaires.dependencies import in_order
from surveys.questionnaires.figures import evaluate
from surveys.questionnaires.loader import load_edition
from surveys.values import YES
from surveys.workflow import SubmissionState

_FORMATS = {
    Format.WHOLE: "#,##0",
    Format.DECIMAL: "#,##0.00",
    Format.DATE: "dd-mm-yyyy",
    Format.MOMENT: "dd-mm-yyyy hh:mm",
}


def _tables(year: int) -> list[Table]:
    edition = load_edition(year)
    chosen, zone = edition.questionnaires, timezone.get_current_timezone()
    found = (
        *map(table.wide, chosen),
        table.locations(chosen),
        table.long(chosen, sources=dict(Source.choices), zone=zone),
        table.combined(edition, chosen),
    )
    return [one for one in found if one]


def _listings(year: int) -> list[Listing]:
    edition = load_edition(year)
    return [codebook(edition, edition.questionnaires), statutory(edition)]


def _readme(year: int, sheets: Iterable[str], tally: Tally) -> list[Row]:
    return readme(
        year=year,
        moment=timezone.localtime().replace(tzinfo=None, microsecond=0),
        questionnaires=load_edition(year).questionnaires,
        sheets=sheets,
        tally=tally,
        fingerprint="",
    )


class _XlsxSheet:
    def __init__(self, book: Any, name: str, columns: Sequence[Column], formats: dict[Format, Any]) -> None:
        self.sheet = book.add_worksheet(name)
        self.formats = [formats.get(column.format) for column in columns]
        self.last = 0
        for place, column in enumerate(columns):
            self.sheet.set_column(place, place, column.width)
            self.sheet.write_string(0, place, column.header)

    def append(self, row: Row) -> None:
        self.last += 1
        sheet, last = self.sheet, self.last
        for place, (value, shown) in enumerate(zip(row, self.formats, strict=True)):
            if value is None:
                continue
            if isinstance(value, str):
                sheet.write_string(last, place, value, shown)
            elif isinstance(value, date):
                sheet.write_datetime(last, place, value, shown)
            else:
                sheet.write_number(last, place, value, shown)


def xlsxwriter_workbook(path: Path, year: int) -> None:
    """XlsxWriter with constant_memory: each sheet streams to a file of its own."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    formats = {one: book.add_format({"num_format": shown}) for one, shown in _FORMATS.items()}
    first = _XlsxSheet(book, NAME, (Column("", 28), Column("", 110)), {})
    tables = [(one, _XlsxSheet(book, one.name, one.columns, formats)) for one in _tables(year)]
    listings = [(one, _XlsxSheet(book, one.name, one.columns, formats)) for one in _listings(year)]
    tally = Tally()
    for record in records_of_year(year):
        tally.add(record)
        for one, sheet in tables:
            for row in one.rows_of(record):
                sheet.append(row)
    for listing, sheet in listings:
        for row in listing.rows:
            sheet.append(row)
    for subject, text in _readme(year, [one.name for one, _ in (*tables, *listings)], tally):
        first.append((str(subject), str(text)))
    book.close()


def openpyxl_workbook(path: Path, year: int) -> None:
    """Model objects, and openpyxl's ordinary workbook, written cell by cell."""
    book = Workbook()
    first = book.active
    first.title = NAME
    tables = [(one, _openpyxl_sheet(book, one.name, one.columns)) for one in _tables(year)]
    tally = Tally()
    for record in _records_of_objects(year):
        tally.add(record)
        for one, sheet in tables:
            for row in one.rows_of(record):
                _append(sheet, row, one.columns)
    for listing in _listings(year):
        sheet = _openpyxl_sheet(book, listing.name, listing.columns)
        for row in listing.rows:
            _append(sheet, row, listing.columns)
    for row in _readme(year, book.sheetnames[1:], tally):
        first.append(list(row))
    book.save(path)


def _openpyxl_sheet(book: Workbook, name: str, columns: Sequence[Column]) -> Any:
    sheet = book.create_sheet(name)
    sheet.append([column.header for column in columns])
    for place, (cell, column) in enumerate(zip(sheet[1], columns, strict=True), 1):
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    return sheet


def _append(sheet: Any, row: Row, columns: Sequence[Column]) -> None:
    cells = []
    for value, column in zip(row, columns, strict=True):
        cell = Cell(sheet, value=value)
        if value is not None and column.format in _FORMATS:
            cell.number_format = _FORMATS[column.format]
        cells.append(cell)
    sheet.append(cells)


def _records_of_objects(year: int) -> Iterator[Record]:
    """One record per organisation, from model objects with what they hang on."""
    edition = load_edition(year)
    order = in_order(edition.questions)
    answers = (
        Answer.objects.filter(submission__participation__round=year)
        .select_related("submission__participation")
        .order_by("submission__participation__organisation__isil")
    )
    groups = groupby(answers, lambda one: one.submission.participation)
    of = {participation: _stored(group) for participation, group in groups}
    participations = (
        Participation.objects.filter(round=year)
        .select_related("organisation__poi")
        .prefetch_related("submissions", "organisation__locations")
        .order_by("organisation__isil")
    )
    for participation in participations:
        stored = of.get(participation, {})
        locations: list[Location] = [
            one for one in participation.organisation.locations.all() if was_open(one, year)
        ]
        values = facts_of(edition.questionnaires, participation, locations)
        for of_list in stored.values():
            values.update((key, one.value) for key, one in of_list.items())
        evaluation = evaluate(order, values, [one.isil for one in locations])
        texts = (evaluation.counted.get((code, "")) for code in COMBINED)
        yield YearRecord(
            isil=participation.organisation.isil,
            organisation=participation.organisation.name,
            province=participation.organisation.province,
            participation_id=participation.pk,
            is_combined=all(value is not None and value.text == YES for value in texts),
            states={one.questionnaire: SubmissionState(one.state) for one in participation.submissions.all()},
            locations=locations,
            answers=stored,
            evaluation=evaluation,
        )


def _stored(answers: Iterable[Answer]) -> dict[str, dict[tuple[str, str], Stored]]:
    found: dict[str, dict[tuple[str, str], Stored]] = {}
    for one in answers:
        value = to_value(one.state, one.hundredths, one.text)
        found.setdefault(one.submission.questionnaire, {})[one.question, one.row] = Stored(
            value, one.is_estimate, one.note, one.source, one.version, one.changed_at
        )
    return found
