"""Two other ways to write the workbook of a year, from the same tables: the anchors of the export.

`xlsxwriter_workbook`: the fastest well-known streaming writer, fed with the very rows that the application writes,
read, judged and digested as the application does: what differs is the writing.
`openpyxl_workbook`: what Django's and openpyxl's documentation teach: model objects, and a workbook in memory.
The second leaves out what only the application does: the fingerprint over the content.
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

from surveys.exports.content import Content, content_of, pour
from surveys.exports.readme import NAME, Tally, readme
from surveys.exports.record import Record
from surveys.exports.table import Column, Format, Listing, Row, Table
from surveys.models import Answer, Location, Participation
from surveys.models.answer import to_value
from surveys.queries.answers import Stored
from surveys.queries.facts import facts_of, was_open
from surveys.queries.told import told_year
from surveys.queries.year import COMBINED, YearRecord
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


def _content(year: int) -> Content:
    edition = load_edition(year)
    return content_of(edition, edition.questionnaires, is_whole=True)


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

    def close(self) -> None:
        """The book closes all at once."""


def xlsxwriter_workbook(path: Path, year: int) -> None:
    """XlsxWriter with constant_memory: each sheet streams to a file of its own."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    formats = {one: book.add_format({"num_format": shown}) for one, shown in _FORMATS.items()}
    first = _XlsxSheet(book, NAME, (Column("", 28), Column("", 110)), {})
    names = []

    def sheet_of(source: Table[Any] | Listing) -> _XlsxSheet:
        names.append(source.name)
        return _XlsxSheet(book, source.name, source.columns, formats)

    tally = pour(_content(year), told_year(year), sheet_of).tally
    for subject, text in _readme(year, names, tally):
        first.append((str(subject), str(text)))
    book.close()


def openpyxl_workbook(path: Path, year: int) -> None:
    """Model objects, and openpyxl's ordinary workbook, written cell by cell."""
    book = Workbook()
    first = book.active
    first.title = NAME
    content = _content(year)
    figures = [(one, _openpyxl_sheet(book, one.name, one.columns)) for one in content.figures]
    said = [(one, _openpyxl_sheet(book, one.name, one.columns)) for one in content.told]
    tally = Tally()
    for record in _records_of_objects(year):
        tally.add(record)
        for one, sheet in figures:
            for row in one.rows_of(record):
                _append(sheet, row, one.columns)
    # What was said has no other reading than the application's own: it costs both the same.
    for told in told_year(year):
        for of_told, sheet in said:
            for row in of_told.rows_of(told):
                _append(sheet, row, of_told.columns)
    for listing in content.listings:
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
