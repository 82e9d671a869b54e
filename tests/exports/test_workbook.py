"""The written file, read back by two readers: cell by cell what the tables say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import openpyxl
import pandas
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.exports import table, workbook
from surveys.exports.content import content_of
from surveys.exports.table import Column, Format, Listing
from surveys.exports.workbook import Text, write_workbook
from surveys.models import Answer, Organisation, Participation
from surveys.queries.told import Told, told_year
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import PROFILE
from tests.factories import YEAR, give, make_library, submission_of, take_part

EDITION = load_edition(YEAR)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SOM(A1)",
    "\tx",
    "\rx",
    "=",
    "#N/A",
    "#DIV/0!",
    "  ruim  ",
    "é & <b>",
    "_x0041_",
]


@pytest.fixture
def libraries(db: None) -> list[Organisation]:
    """1 has said nothing; 2 is combined, with dangerous texts and every kind of number."""
    found = [make_library(number) for number in (2, 1)]
    for one in found:
        take_part(one)
    first = found[0]
    with time_machine.travel(datetime(YEAR + 1, 2, 1, 12, 30, tzinfo=UTC), tick=False):
        give(submission_of(first, PROFILE), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
        give(submission_of(first, "personeel"), {"opmerkingen_personeel": "=HYPERLINK(1)"})
        give(submission_of(first, "bezit"), {"opmerkingen_bezit": "@SOM(A1)\nregel twee"})
        numbers = {q.code: 1234 for q in EDITION.by_code["financieel"].questions.values() if q.is_asked}
        euros = {code: 1234 for code in numbers if EDITION.questions[code].kind.is_number}
        give(submission_of(first, "financieel"), euros)
    Answer.objects.filter(question=next(iter(euros))).update(is_estimate=True, note="geschat")
    return found


def written(**choice: object) -> BytesIO:
    stream = BytesIO()
    write_workbook(stream, year=YEAR, **choice)  # type: ignore[arg-type]
    return stream


def expected() -> dict[str, list[tuple[object, ...]]]:
    """What each sheet but Leesmij must hold, from the tables themselves."""
    content = content_of(EDITION, EDITION.questionnaires, is_whole=True)
    told = list(told_year(YEAR))
    found = {}
    for one in content.figures:
        rows = [tuple(row) for row in one.rows(of.record for of in told)]
        found[one.name] = [tuple(column.header for column in one.columns), *rows]
    for one in content.told:
        found[one.name] = [tuple(column.header for column in one.columns), *map(tuple, one.rows(told))]
    for listing in content.listings:
        found[listing.name] = [tuple(c.header for c in listing.columns), *map(tuple, listing.rows)]
    return found


def test_openpyxl_reads_back_every_cell(libraries: list[Organisation]) -> None:
    book = openpyxl.load_workbook(written())
    sheets = expected()
    assert book.sheetnames == ["Leesmij", *sheets]
    for name, rows in sheets.items():
        found = [tuple(_day(value) for value in row) for row in book[name].iter_rows(values_only=True)]
        assert found == [tuple(_day(value) for value in row) for row in rows], name


def test_calamine_reads_back_every_cell(libraries: list[Organisation]) -> None:
    frames = pandas.read_excel(written(), sheet_name=None, header=None, engine="calamine", dtype=object)
    for name, rows in expected().items():
        found = [
            tuple(None if pandas.isna(value) else _day(value) for value in row)
            for row in frames[name].itertuples(index=False)
        ]
        assert found == [tuple(_day(value) for value in row) for row in rows], name


def _day(value: object) -> object:
    """A reader gives a date as the midnight with which it began."""
    return datetime(value.year, value.month, value.day) if type(value) is date else value  # noqa: DTZ001


def test_numbers_stay_numbers_for_an_analyst(libraries: list[Organisation]) -> None:
    frame = pandas.read_excel(written(), sheet_name="Financieel", engine="calamine")
    codes = [q.code for q in EDITION.by_code["financieel"].questions.values() if q.kind.is_number]
    assert all(pandas.api.types.is_numeric_dtype(frame[code]) for code in codes)


def test_no_cell_is_a_formula(libraries: list[Organisation]) -> None:
    for sheet in openpyxl.load_workbook(written()):
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"n", "s", "d"}


def _sheet_with(texts: list[str]) -> BytesIO:
    book = openpyxl.Workbook(write_only=True)
    listing = Listing("Blad", (Column("tekst", 9), Column("getal", 9, Format.DECIMAL)), ())
    sheet = workbook._Sheet(book, listing, Text)
    for text in texts:
        sheet.append((text, 1.5))
    sheet.close()
    stream = BytesIO()
    book.save(stream)
    return stream


def test_text_stays_text_whatever_it_looks_like() -> None:
    stream = _sheet_with(DANGEROUS)
    cells = [row[0] for row in openpyxl.load_workbook(stream)["Blad"].iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type) for cell in cells] == [(text, "s") for text in DANGEROUS]
    rows = pandas.read_excel(stream, engine="calamine", keep_default_na=False)["tekst"]
    assert list(rows) == [text if text != "_x0041_" else "A" for text in DANGEROUS]
    with ZipFile(stream) as file:
        assert b"<f>" not in file.read("xl/worksheets/sheet1.xml")


def test_what_a_cell_cannot_hold_is_left_out() -> None:
    texts = ["a\x00\x0b\x1fb\ud800\ufffe", "x" * 40_000, "", "\x01"]
    cells = openpyxl.load_workbook(_sheet_with(texts))["Blad"].iter_rows(min_row=2, values_only=True)
    assert [row[0] for row in cells] == ["ab", "x" * 32_767, None, ""]


def test_sheets_are_ready_to_be_used(libraries: list[Organisation]) -> None:
    book = openpyxl.load_workbook(written())
    sheet = book["Bezit"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == f"A1:{openpyxl.utils.get_column_letter(sheet.max_column)}3"
    assert sheet["A1"].font.bold
    assert sheet["A1"].alignment.wrap_text
    assert sheet.column_dimensions["B"].width == 28
    financial = book["Financieel"]
    codes = {cell.value: cell.column_letter for cell in financial[1]}
    assert financial[f"{codes['subsidies']}3"].number_format == "#,##0"
    moments = {row[-1].number_format for row in book["Lang"].iter_rows(min_row=2) if row[-1].value}
    assert moments == {"dd-mm-yyyy hh:mm"}


def test_one_questionnaire(libraries: list[Organisation]) -> None:
    book = openpyxl.load_workbook(written(questionnaire="bezit"))
    assert book.sheetnames == [
        *("Leesmij", "Bezit", "Vestigingen", "Lang", "Gecombineerd", "Signalen", "Opmerkingen"),
        *("Codeboek", "Controles"),
    ]
    lists = {row[4] for row in book["Lang"].iter_rows(min_row=2, values_only=True)}
    assert lists == {"bezit"}
    codes = [row[0] for row in book["Codeboek"].iter_rows(min_row=2, values_only=True)]
    assert codes == list(EDITION.by_code["bezit"].questions)
    rules = [row[0] for row in book["Controles"].iter_rows(min_row=2, values_only=True)]
    assert rules == [rule.code for rule in EDITION.by_code["bezit"].rules]
    assert openpyxl.load_workbook(written(questionnaire=PROFILE)).sheetnames == [
        *("Leesmij", "Profiel", "Lang", "Signalen", "Opmerkingen", "Codeboek", "Controles")
    ]


def test_one_organisation(libraries: list[Organisation]) -> None:
    own = Organisation.objects.filter(pk=libraries[0].pk)
    book = openpyxl.load_workbook(written(organisations=own))
    whole = openpyxl.load_workbook(written())
    for name in ("Profiel", "Vestigingen", "Lang", "Gecombineerd"):
        isil = libraries[0].isil
        rows = [row for row in whole[name].iter_rows(values_only=True) if row[0] in ("isil", isil)]
        assert list(book[name].iter_rows(values_only=True)) == rows


def test_no_personal_data(libraries: list[Organisation]) -> None:
    stream = written()
    with ZipFile(stream) as file:
        content = b"".join(file.read(name) for name in file.namelist())
    assert b"@example.org" not in content


def test_fingerprint_is_of_the_content_not_of_the_moment(libraries: list[Organisation]) -> None:
    with time_machine.travel(datetime(YEAR + 1, 5, 1, tzinfo=UTC)):
        first = write_workbook(BytesIO(), year=YEAR)
    second = write_workbook(BytesIO(), year=YEAR)
    assert first == second
    assert re.fullmatch("[0-9a-f]{64}", first.fingerprint)
    give(submission_of(libraries[0], "personeel"), {"opmerkingen_personeel": "anders"})
    assert write_workbook(BytesIO(), year=YEAR).fingerprint != first.fingerprint


def test_leesmij_stands_first_and_tells_moment_and_fingerprint(libraries: list[Organisation]) -> None:
    stream = BytesIO()
    with time_machine.travel(datetime(YEAR + 1, 5, 1, 10, 15, tzinfo=UTC), tick=False):
        done = write_workbook(stream, year=YEAR)
    rows = dict(openpyxl.load_workbook(stream)["Leesmij"].iter_rows(values_only=True))
    assert rows["Gemaakt op"] == datetime(YEAR + 1, 5, 1, 12, 15)  # noqa: DTZ001
    assert rows["Organisaties"] == done.tally.organisations == 2
    assert rows["Waarvan gecombineerd"] == 1
    assert rows["Vestigingen"] == 4
    assert rows["Status Bezit"] == "1 niet begonnen, 1 bezig"
    assert f"sha256:{done.fingerprint}" in rows["Vingerafdruk"]


def test_as_many_queries_for_one_as_for_three(libraries: list[Organisation]) -> None:
    take_part(make_library(3))
    with CaptureQueriesContext(connection) as for_three:
        written()
    with CaptureQueriesContext(connection) as for_one:
        written(organisations=Organisation.objects.filter(pk=libraries[0].pk))
    assert len(for_one) == len(for_three) == 16
    assert Participation.objects.count() == 3


def test_numbers_are_written_as_they_are() -> None:
    assert [table.number_of(Decimal(one)) for one in ("0.00", "12.50", "-3.00")] == [0, 12.5, -3]


def test_an_export_that_fails_leaves_no_files_behind(
    libraries: list[Organisation], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def told(*args: object, **kwargs: object) -> Iterator[Told]:
        yield next(told_year(YEAR))
        assert list(tmp_path.iterdir())
        raise OSError

    monkeypatch.setattr(workbook, "told_year", told)
    with pytest.raises(OSError):  # noqa: PT011
        written()
    assert list(tmp_path.iterdir()) == []


def test_a_file_on_disk_appears_whole_or_not_at_all(
    libraries: list[Organisation], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "jaar.xlsx"
    path.write_bytes(b"what was there")

    def fail(self: object, stream: BytesIO) -> None:
        stream.write(b"half")
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(workbook._Book, "save", fail)
        with pytest.raises(OSError):  # noqa: PT011
            write_workbook(path, year=YEAR)
    assert [one.name for one in tmp_path.iterdir()] == ["jaar.xlsx"]
    assert path.read_bytes() == b"what was there"
    write_workbook(path, year=YEAR)
    assert [one.name for one in tmp_path.iterdir()] == ["jaar.xlsx"]
    assert openpyxl.load_workbook(path).sheetnames[0] == "Leesmij"
