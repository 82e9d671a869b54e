"""A year as one .xlsx workbook, streamed: one pass over the records feeds all sheets at once.

openpyxl's write-only sheets each stream to a file of their own, and stand in the workbook in the order in which they
were made. So Leesmij is made first and filled last, when the counts and the fingerprint are known.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.db.models import QuerySet
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.styles import Alignment, Font
from openpyxl.styles.fonts import DEFAULT_FONT
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import XML_NS
from openpyxl.xml.functions import Element, SubElement

from surveys.exports.content import Written, content_of, pour
from surveys.exports.readme import NAME as README
from surveys.exports.readme import Released, readme
from surveys.exports.record import Told
from surveys.exports.table import Cell, Column, Format, Listing, Row, Table
from surveys.models import Organisation, Release
from surveys.queries.as_of import as_of_release
from surveys.queries.snapshot import one_snapshot
from surveys.queries.told import told_year
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import Edition, Questionnaire
from surveys.workflow import Audience

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


def write_workbook(
    file: Path | IO[bytes],
    *,
    year: int,
    questionnaire: str | None = None,
    organisations: QuerySet[Organisation] | None = None,
    delivered_only: bool = False,
    audiences: Iterable[Audience] = Audience,
    release: Release | None = None,
) -> Written:
    """Write the year, or one questionnaire of it, of all organisations of the round or of those chosen.

    As it stands, or as `release` gave it out: then every sheet but Leesmij is the same at any later time. `audiences`:
    remarks to these. On disk the file appears under its name when it is complete, never half.
    """
    edition = load_edition(year)
    chosen = (edition.by_code[questionnaire],) if questionnaire else edition.questionnaires
    book = _Book(edition, chosen, is_whole=questionnaire is None, release=release)
    try:
        with one_snapshot():
            written = book.fill(
                told_year(
                    year,
                    organisations=organisations,
                    questionnaires=[one.code for one in chosen],
                    delivered_only=delivered_only,
                    audiences=audiences,
                    as_of=as_of_release(release) if release else None,
                )
            )
        if isinstance(file, Path):
            _in_place(file, book.save)
        else:
            book.save(file)
    except Exception:
        book.discard()
        raise
    return written


def write_sheets(stream: IO[bytes], sheets: Iterable[tuple[Listing, Iterable[Row]]]) -> None:
    """A workbook of these sheets, without Leesmij."""
    book = Workbook(write_only=True)
    text = lru_cache(maxsize=4096)(Text)
    for source, rows in sheets:
        sheet = _Sheet(book, source, text)
        for row in rows:
            sheet.append(row)
        sheet.close()
    book.save(stream)


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

    def __init__(
        self,
        edition: Edition,
        chosen: Sequence[Questionnaire],
        *,
        is_whole: bool,
        release: Release | None = None,
    ) -> None:
        self._workbook = Workbook(write_only=True)
        self._readme = self._workbook.create_sheet(README)
        self._year, self._chosen, self._release = edition.year, chosen, release
        self._content = content_of(edition, chosen, is_whole=is_whole)

    def fill(self, organisations: Iterable[Told]) -> Written:
        sheets: list[_Sheet] = []
        text = lru_cache(maxsize=4096)(Text)

        def sheet_of(source: Table[Any] | Listing) -> _Sheet:
            sheets.append(_Sheet(self._workbook, source, text))
            return sheets[-1]

        written = pour(self._content, organisations, sheet_of)
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
            release=_named(self._release) if self._release else None,
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
        """Not by openpyxl's own save, which writes the moment of saving into the properties."""
        properties = self._workbook.properties
        moment = self._release.at if self._release else timezone.now()
        properties.created = properties.modified = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        ExcelWriter(self._workbook, ZipFile(stream, "w", ZIP_DEFLATED, allowZip64=True)).save()

    def discard(self) -> None:
        """Only saving makes openpyxl close and remove the files that it streamed to."""
        with suppress(Exception):
            self._workbook.save(os.devnull)


def _named(release: Release) -> Released:
    at = timezone.localtime(release.at).replace(tzinfo=None, microsecond=0)
    return Released(release.get_status_display(), at, release.note)


class _Sheet:
    """One streamed sheet."""

    def __init__(self, workbook: Workbook, source: Table[Any] | Listing, text: Callable[[str], Text]) -> None:
        sheet = self._sheet = workbook.create_sheet(source.name)
        self.name, self._columns, self._rows = source.name, source.columns, 0
        sheet.freeze_panes = f"{get_column_letter(source.frozen + 1)}2"
        for index, column in enumerate(source.columns, 1):
            sheet.column_dimensions[get_column_letter(index)].width = column.width
        headers = [column.header for column in source.columns]
        self._text = text
        # One styled cell a column serves all its rows: it is written before it gets its next value.
        self._styled = [_styled_for(sheet, column) for column in source.columns]
        sheet.append([_header(sheet, header) for header in headers])

    def append(self, row: Row) -> None:
        self._rows += 1
        text = self._text
        self._sheet.append(
            [
                (text(value) if value else None) if type(value) is str else _shown(value, styled)
                for value, styled in zip(row, self._styled, strict=True)
            ]
        )

    def close(self) -> None:
        """Set the filter over all rows."""
        last = get_column_letter(len(self._columns))
        self._sheet.auto_filter.ref = f"A1:{last}{self._rows + 1}"


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
