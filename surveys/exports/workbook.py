"""A year as one .xlsx workbook, streamed: one pass over the records feeds all sheets at once.

openpyxl's write-only sheets each stream to a file of their own, and stand in the workbook in the order in which they
were made. So Leesmij is made first and filled last, when the counts and the fingerprint are known.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from django.db.models import QuerySet
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.styles import Alignment, Font
from openpyxl.styles.fonts import DEFAULT_FONT
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.xml.constants import XML_NS
from openpyxl.xml.functions import Element, SubElement

from surveys.exports import table
from surveys.exports.codebook import checks, codebook, statutory
from surveys.exports.readme import NAME as README
from surveys.exports.readme import Tally, readme
from surveys.exports.record import Record
from surveys.exports.table import Cell, Column, Format, Listing, Row, Table
from surveys.models import Organisation, Source
from surveys.queries.year import records_of_year
from surveys.questionnaires.loader import edition_before, load_edition
from surveys.questionnaires.schema import Edition, Questionnaire

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_TEXT = 32_767
"""Characters that fit in a cell."""

_README_WIDTH, _LINE = 100, 15
"""Characters to a line of Leesmij, and the height of a line in points."""
_BOLD = Font(name=DEFAULT_FONT.name, size=DEFAULT_FONT.sz, bold=True)
_HEADER = Alignment(wrap_text=True, vertical="top")
_NUMBER_FORMATS = {
    Format.WHOLE: "#,##0",
    Format.DECIMAL: "#,##0.00",
    Format.DATE: "dd-mm-yyyy",
    Format.MOMENT: "dd-mm-yyyy hh:mm",
}
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Written:
    """What went into a workbook. `fingerprint`: sha256 over all sheets but Leesmij; the same content gives the same."""

    tally: Tally
    fingerprint: str


def write_workbook(
    file: Path | IO[bytes],
    *,
    year: int,
    questionnaire: str | None = None,
    organisations: QuerySet[Organisation] | None = None,
    delivered_only: bool = False,
) -> Written:
    """Write the year, or one questionnaire of it, of all organisations of the round or of those chosen.

    On disk the file appears under its name when it is complete, never half.
    """
    edition = load_edition(year)
    chosen = (edition.by_code[questionnaire],) if questionnaire else edition.questionnaires
    book = _Book(edition, chosen, is_whole=questionnaire is None)
    try:
        written = book.fill(records_of_year(year, organisations=organisations, delivered_only=delivered_only))
        if isinstance(file, Path):
            _in_place(file, book.save)
        else:
            book.save(file)
    except Exception:
        book.discard()
        raise
    return written


def _in_place(path: Path, save: Callable[[IO[bytes]], None]) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as stream:
            save(stream)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


class _Book:
    """The sheets of one workbook, and the tables that fill them."""

    def __init__(self, edition: Edition, chosen: Sequence[Questionnaire], *, is_whole: bool) -> None:
        self._workbook = Workbook(write_only=True)
        self._readme = self._workbook.create_sheet(README)
        self._year, self._chosen = edition.year, chosen
        tables = [
            *map(table.wide, chosen),
            table.locations(chosen),
            table.long(chosen, sources=dict(Source.choices), zone=timezone.get_current_timezone()),
            table.combined(edition, chosen),
        ]
        text = lru_cache(maxsize=4096)(Text)
        listings = [
            codebook(edition, chosen),
            checks(edition, chosen, edition_before(edition.year)),
            statutory(edition) if is_whole else None,
        ]
        self._tables = [(one, _Sheet(self._workbook, one, text)) for one in tables if one]
        self._listings = [(one, _Sheet(self._workbook, one, text)) for one in listings if one]

    def fill(self, records: Iterable[Record]) -> Written:
        tally = Tally()
        for record in records:
            tally.add(record)
            for one, sheet in self._tables:
                for row in one.rows_of(record):
                    sheet.append(row)
        for listing, sheet in self._listings:
            for row in listing.rows:
                sheet.append(row)
        sheets = [sheet for _, sheet in (*self._tables, *self._listings)]
        whole = hashlib.sha256("\n".join(sheet.close() for sheet in sheets).encode())
        written = Written(tally, whole.hexdigest())
        self._explain(written, [sheet.name for sheet in sheets])
        return written

    def _explain(self, written: Written, sheets: Sequence[str]) -> None:
        sheet = self._readme
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, _README_WIDTH
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        rows = readme(
            year=self._year,
            moment=timezone.localtime().replace(tzinfo=None, microsecond=0),
            questionnaires=self._chosen,
            sheets=sheets,
            tally=written.tally,
            fingerprint=written.fingerprint,
        )
        for number, (subject, text) in enumerate(rows, 1):
            # Not every program gives a wrapped text its lines by itself.
            lines = 1 + len(str(text)) // (_README_WIDTH - 8)
            sheet.row_dimensions[number].height = lines * _LINE
            styled = _styled(
                sheet, _NUMBER_FORMATS[Format.MOMENT] if isinstance(text, datetime) else "General"
            )
            styled.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
            styled.value = text
            sheet.append([_header(sheet, str(subject)), styled])

    def save(self, stream: IO[bytes]) -> None:
        self._workbook.save(stream)

    def discard(self) -> None:
        """Only saving makes openpyxl close and remove the files that it streamed to."""
        with suppress(Exception):
            self._workbook.save(os.devnull)


class _Sheet:
    """One streamed sheet: header, rows, and a digest over both."""

    def __init__(self, workbook: Workbook, source: Table | Listing, text: Callable[[str], Text]) -> None:
        sheet = self._sheet = workbook.create_sheet(source.name)
        self.name, self._columns, self._rows = source.name, source.columns, 0
        sheet.freeze_panes = f"{get_column_letter(source.frozen + 1)}2"
        for index, column in enumerate(source.columns, 1):
            sheet.column_dimensions[get_column_letter(index)].width = column.width
        headers = [column.header for column in source.columns]
        self._digest = hashlib.sha256(repr((source.name, headers)).encode())
        self._text = text
        # One styled cell a column serves all its rows: it is written before it gets its next value.
        self._styled = [_styled_for(sheet, column) for column in source.columns]
        sheet.append([_header(sheet, header) for header in headers])

    def append(self, row: Row) -> None:
        self._digest.update(repr(row).encode())
        self._rows += 1
        text = self._text
        self._sheet.append(
            [
                (text(value) if value else None) if type(value) is str else _shown(value, styled)
                for value, styled in zip(row, self._styled, strict=True)
            ]
        )

    def close(self) -> str:
        """Set the filter over all rows. Gives the digest of the content."""
        last = get_column_letter(len(self._columns))
        self._sheet.auto_filter.ref = f"A1:{last}{self._rows + 1}"
        return self._digest.hexdigest()


def _shown(value: Cell, styled: Any) -> Any:
    if value is None or styled is None:
        return value
    styled.value = value
    return styled


def _styled_for(sheet: Any, column: Column) -> Any:
    number_format = _NUMBER_FORMATS.get(column.format)
    return number_format and _styled(sheet, number_format)


def _styled(sheet: Any, number_format: str) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.number_format = number_format
    return cell


def _header(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font, cell.alignment = _BOLD, _HEADER
    return cell


class Text(CellRichText):  # type: ignore[misc]  # openpyxl has no types
    """Text that is text, whatever it looks like, and is rendered once however often it is written.

    Handed over as one run of rich text it is never taken for a formula or an error, and it becomes the same XML as
    plain text does; openpyxl's own writing of plain text costs nearly half as much again.
    """

    def __init__(self, text: str) -> None:
        text = clean(text)
        super().__init__(text)
        self._tree = Element("is")
        run = SubElement(self._tree, "t")
        run.text = text
        if text != text.strip():
            run.set(f"{{{XML_NS}}}space", "preserve")

    def to_tree(self) -> Any:
        return self._tree


def clean(text: str) -> str:
    """Text as a cell can hold it: without characters that XML forbids, and not longer than fits."""
    return _ILLEGAL.sub("", text)[:MAX_TEXT]
