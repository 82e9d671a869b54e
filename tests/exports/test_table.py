"""Rows and columns, whole: what stands where, and that columns never depend on rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from surveys.exports import table
from surveys.exports.table import Column, Format, Table
from surveys.questionnaires.schema import Edition
from surveys.values import NOT_APPLICABLE, UNKNOWN, Kind, Value
from surveys.workflow import SubmissionState
from tests.exports.edition import Kept, Library, library

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_BLOCK = [
    "bezoeken_nb_zit_erin",
    "bezoeken_nb_invoer",
    "bezoeken_nb_aantal",
    "bezoeken_nb_percentage",
    "bezoeken_niet_bib",
    "bezoeken_nb_film",
    "bezoeken_nb_rest",
    "bezoeken_nb_bron",
    "bezoeken_nb_uitleg",
    "bezoeken_bib",
    "bezoeken_bib_aandeel",
]


def headers(one: Table | None) -> list[str]:
    assert one
    return [column.header for column in one.columns]


def rows(one: Table | None, *records: Library) -> list[tuple[object, ...]]:
    assert one
    return [tuple(row) for row in one.rows(records)]


def long(edition: Edition) -> Table:
    return table.long(edition.questionnaires, sources={"form": "formulier"}, zone=AMSTERDAM)


@pytest.fixture
def theatre(edition: Edition) -> Library:
    """A combined institution with two locations, of which one has not said its hours."""
    return library(
        edition,
        1,
        {
            ("uren", "NL-1-1"): Value.of(Decimal("37.5")),
            ("adres", "NL-1-1"): Value.of("Dorpsstraat 1"),
            ("bezoeken", ""): Value.of(1000),
            ("bezoeken_nb_zit_erin", ""): Value.of("ja"),
            ("bezoeken_nb_invoer", ""): Value.of("percentage"),
            ("bezoeken_nb_percentage", ""): Value.of(Decimal("12.5")),
            ("bezoeken_nb_bron", ""): Value.of("schatting"),
            ("geteld_op", ""): Value.of(date(2001, 6, 1)),
            ("wijze", ""): Value.of("poort"),
            ("waarom_hand", ""): Value.of("verborgen"),
            ("cursisten", ""): Value.of(0),
            ("verzuim", ""): UNKNOWN,
        },
        locations=2,
        combined=True,
        states={"bezit": SubmissionState.SUBMITTED},
        answers={
            "bezit": {
                ("bezoeken", ""): Kept(
                    True, "ongeveer", "form", datetime(2002, 1, 31, 23, 30, 1, 999, tzinfo=UTC)
                ),
                ("wijze", ""): Kept(source="kb"),
            }
        },
    )


def test_wide_has_a_row_per_organisation_and_a_column_per_question(
    edition: Edition, theatre: Library
) -> None:
    one = table.wide(edition.by_code["bezit"])
    plain = library(edition, 2, {("bezoeken", ""): NOT_APPLICABLE})
    assert one.name == "Bezit"
    assert headers(one) == [
        *("isil", "organisatie", "provincie", "jaar", "status", "bezoeken"),
        *_BLOCK,
        *("geteld_op", "wijze", "waarom_hand", "uren_totaal"),
    ]
    assert rows(one, theatre, plain) == [
        (
            *("NL-1", "Bibliotheek 1", "Zeeland", 2001, "ingediend", 1000),
            *("ja", "percentage", None, 12.5, 125, None, 125, "schatting", None, 875, 87.5),
            *(date(2001, 6, 1), "poort", None, 37.5),
        ),
        (
            *("NL-2", "Bibliotheek 2", "Zeeland", 2001, None, None),
            *(None, None, None, None, 0, None, None, None, None, None, None),
            *(None, None, None, None),
        ),
    ]


def test_whole_numbers_are_int_and_others_float(edition: Edition, theatre: Library) -> None:
    (row,) = rows(table.wide(edition.by_code["bezit"]), theatre)
    assert [type(row[i]) for i in (5, 9, 10)] == [int, float, int]


def test_locations_have_a_row_each(edition: Edition, theatre: Library) -> None:
    one = table.locations(edition.questionnaires)
    assert headers(one) == [
        *("isil", "organisatie", "vestiging", "vestiging_naam", "provincie", "jaar"),
        *("adres", "uren"),
    ]
    assert rows(one, library(edition, 2), theatre) == [
        ("NL-1", "Bibliotheek 1", "NL-1-1", "Vestiging 1", "Zeeland", 2001, "Dorpsstraat 1", 37.5),
        ("NL-1", "Bibliotheek 1", "NL-1-2", "Vestiging 2", "Zeeland", 2001, None, None),
    ]


def test_without_repeating_questions_or_totals_there_is_no_such_table(edition: Edition) -> None:
    assert table.locations([edition.by_code["personeel"]]) is None
    assert table.combined(edition, [edition.by_code["personeel"]]) is None


def test_long_tells_the_state_of_every_value_that_counts(edition: Edition, theatre: Library) -> None:
    one = long(edition)
    assert headers(one) == [
        *("isil", "organisatie", "provincie", "jaar", "vragenlijst", "code", "vestiging", "omschrijving"),
        *("waarde", "waarde_tekst", "eenheid", "toestand", "schatting", "bron", "toelichting"),
        "gewijzigd_op",
    ]
    found = rows(one, theatre)
    assert {row[:4] for row in found} == {("NL-1", "Bibliotheek 1", "Zeeland", 2001)}
    none = (None,) * 4
    moment = datetime(2002, 2, 1, 0, 30, 1)  # noqa: DTZ001  a workbook knows no zones
    assert [row[4:] for row in found] == [
        ("profiel", "verslagjaar", None, "Verslagjaar", 2001, None, None, "feit", *none),
        ("profiel", "gecombineerd", None, "Gecombineerd?", None, "ja", None, "gegeven", *none),
        ("bezit", "adres", "NL-1-1", "Adres", None, "Dorpsstraat 1", None, "feit", *none),
        ("bezit", "uren", "NL-1-1", "Uren open", 37.5, None, "uren", "gegeven", *none),
        (
            *("bezit", "bezoeken", None, "Bezoeken", 1000, None, "bezoeken", "gegeven"),
            *("ja", "formulier", "ongeveer", moment),
        ),
        ("bezit", "bezoeken_nb_zit_erin", None, "Zit er iets in?", None, "ja", None, "gegeven", *none),
        ("bezit", "bezoeken_nb_invoer", None, "Hoe?", None, "percentage", None, "gegeven", *none),
        ("bezit", "bezoeken_nb_percentage", None, "Welk deel?", 12.5, None, "%", "gegeven", *none),
        (
            *("bezit", "bezoeken_niet_bib", None, "Niet van de bibliotheek", 125, None, "bezoeken"),
            *("berekend", *none),
        ),
        ("bezit", "bezoeken_nb_rest", None, "Rest", 125, None, "bezoeken", "berekend", *none),
        ("bezit", "bezoeken_nb_bron", None, "Bron", None, "schatting", None, "gegeven", *none),
        ("bezit", "bezoeken_bib", None, "Van de bibliotheek", 875, None, "bezoeken", "berekend", *none),
        ("bezit", "bezoeken_bib_aandeel", None, "Aandeel", 87.5, None, "%", "berekend", *none),
        ("bezit", "geteld_op", None, "Geteld op", None, "2001-06-01", None, "gegeven", *none),
        ("bezit", "wijze", None, "Wijze", None, "poort", None, "gegeven", None, "kb", None, None),
        (
            *("bezit", "uren_totaal", None, "Uren van alle locaties", 37.5, None, "uren"),
            *("berekend (onvolledig)", *none),
        ),
        ("kernfuncties", "cursisten", None, "Cursisten", 0, None, "cursisten", "feit", *none),
        ("personeel", "verzuim", None, "Verzuim", None, None, "%", "onbekend", *none),
    ]


def test_long_says_not_applicable(edition: Edition) -> None:
    found = rows(long(edition), library(edition, 2, {("bezoeken", ""): NOT_APPLICABLE}))
    assert ("bezoeken", None, "niet van toepassing") in [(row[5], row[8], row[11]) for row in found]


def test_combined_splits_every_total(edition: Edition, theatre: Library) -> None:
    one = table.combined(edition, edition.questionnaires)
    plain = library(edition, 2, {("bezoeken", ""): Value.of(300)})
    assert headers(one)[4:] == [
        *("gecombineerd", "vragenlijst", "code", "omschrijving", "kerncijfer", "eenheid"),
        *("totaal", "niet_bibliotheek", "bibliotheek", "aandeel_bibliotheek", "hoe_bekend"),
    ]
    assert [row[4:] for row in rows(one, theatre, plain)] == [
        ("ja", "bezit", "bezoeken", "Bezoeken", "ja", "bezoeken", 1000, 125, 875, 87.5, "schatting"),
        ("nee", "bezit", "bezoeken", "Bezoeken", "ja", "bezoeken", 300, 0, 300, 100, None),
    ]


def test_every_kind_has_its_format(edition: Edition) -> None:
    shown = {
        column.header: column
        for one in edition.questionnaires
        for column in table.wide(one).columns
        if column.header in edition.questions
    }
    assert {
        code: shown[code].format
        for code in ("verslagjaar", "bezoeken", "verzuim", "subsidie", "geteld_op", "wijze", "waarom_hand")
    } == {
        "verslagjaar": Format.PLAIN,
        "bezoeken": Format.WHOLE,
        "verzuim": Format.DECIMAL,
        "subsidie": Format.WHOLE,
        "geteld_op": Format.DATE,
        "wijze": Format.TEXT,
        "waarom_hand": Format.TEXT,
    }
    assert shown["bezoeken_nb_percentage"] == Column("bezoeken_nb_percentage", 24, Format.DECIMAL)
    assert shown["bezoeken_nb_uitleg"] == Column("bezoeken_nb_uitleg", 30, Format.TEXT)


def test_columns_are_the_same_whatever_the_rows_hold(edition: Edition, theatre: Library) -> None:
    """Every row, of whoever and however empty, is as long as the columns are."""
    empty = library(edition, 2, locations=1)
    tables = [
        *map(table.wide, edition.questionnaires),
        table.locations(edition.questionnaires),
        table.combined(edition, edition.questionnaires),
        long(edition),
    ]
    for one in tables:
        assert one
        before = one.columns
        assert {len(row) for row in rows(one, theatre, empty)} == {len(one.columns)}
        assert one.columns == before


def test_rows_are_taken_one_record_at_a_time(edition: Edition) -> None:
    asked = []

    def records() -> Iterator[Library]:
        for number in (1, 2, 3):
            asked.append(number)
            yield library(edition, number)

    found = table.wide(edition.by_code["bezit"]).rows(records())
    assert asked == []
    next(found)
    assert asked == [1]


def test_a_value_that_is_not_given_is_an_empty_cell() -> None:
    assert [table.cell_of(value, Kind.INTEGER) for value in (None, UNKNOWN, NOT_APPLICABLE)] == [None] * 3
