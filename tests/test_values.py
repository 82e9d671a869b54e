"""What can be typed, and how it is written back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.values import (
    MAX_TEXT,
    NOT_APPLICABLE,
    UNKNOWN,
    InputError,
    Kind,
    Limits,
    State,
    Value,
    clean_text,
    format_number,
    format_value,
    parse,
    parse_date,
    parse_number,
)

COUNT = Limits(kind=Kind.INTEGER, minimum=Decimal(0), maximum=Decimal(100_000_000))
FTE = Limits(kind=Kind.DECIMAL, decimals=2, minimum=Decimal(0), maximum=Decimal(1_000_000))
EURO = Limits(kind=Kind.EURO, minimum=Decimal(-1_000_000), maximum=Decimal(1_000_000_000))
PERCENT = Limits(kind=Kind.PERCENT, decimals=1, minimum=Decimal(0), maximum=Decimal(100))
DAY = Limits(kind=Kind.DATE)
TEXT = Limits(kind=Kind.TEXT)
YES_NO = Limits(kind=Kind.YES_NO)
WAY = Limits(kind=Kind.CHOICE, choices={"aantal": "Als aantal", "percentage": "Als percentage"})
OPEN_COUNT = Limits(
    kind=Kind.INTEGER,
    minimum=Decimal(0),
    maximum=Decimal(100),
    may_be=frozenset({State.UNKNOWN, State.NOT_APPLICABLE}),
)
OPEN_YES_NO = Limits(kind=Kind.YES_NO, may_be=frozenset({State.UNKNOWN}))
ALL_LIMITS = (
    COUNT,
    FTE,
    EURO,
    PERCENT,
    DAY,
    TEXT,
    YES_NO,
    WAY,
    OPEN_COUNT,
    OPEN_YES_NO,
    Limits(Kind.DECIMAL, 2),
)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("1.234,5", "1234.5"),
        ("1234.5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1.234", "1234"),
        ("1.23", "1.23"),
        ("1.234,00", "1234"),
        ("1.234.567", "1234567"),
        ("1 234", "1234"),
        ("1\u00a0234", "1234"),
        ("1\u202f234", "1234"),
        ("€ 1.234", "1234"),
        ("€1.234,50", "1234.5"),
        ("-€ 5", "-5"),
        ("€ -5", "-5"),
        ("1.234,-", "1234"),
        ("1.234,--", "1234"),
        ("12%", "12"),
        ("12,5 %", "12.5"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("–5", "-5"),
        ("007", "7"),
        ("99.999.999.999.999", "99999999999999"),
    ],
)
def test_a_number_is_read_the_dutch_way(typed: str, number: str) -> None:
    assert str(parse_number(typed).normalize() + 0) == str(Decimal(number).normalize() + 0)


@pytest.mark.parametrize(
    "typed",
    [
        "twaalf",
        "1.23.4",
        "12.34.567",
        "0.125",
        "012.345",
        "1,2,3",
        "1e5",
        "NaN",
        "oneindig",
        "٣",
        "１２",
        "--5",
        "5-",
        "€",
        "%",
        ",5",
        "5,",
        "1/2",
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_number(typed)
    assert str(refused.value) == f"‘{typed}’ is geen getal. Gebruik alleen cijfers, zoals 1.234,5."


@pytest.mark.parametrize("typed", ["9" * 21, "0," + "0" * 40 + "1", "99," + "9" * 40])
def test_more_digits_than_can_be_kept_exactly_are_refused(typed: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_number(typed)
    assert str(refused.value) == f"‘{typed}’ heeft te veel cijfers. Staat er een cijfer te veel?"


@pytest.mark.parametrize(
    ("typed", "limits", "value"),
    [
        ("", COUNT, None),
        (" \t\n", COUNT, None),
        (" 12 ", COUNT, Value.of(12)),
        ("12,00", COUNT, Value.of(12)),
        ("0", COUNT, Value.of(0)),
        ("100.000.000", COUNT, Value.of(100_000_000)),
        ("1,25", FTE, Value.of(Decimal("1.25"))),
        ("-1.000", EURO, Value.of(-1000)),
        ("12,5%", PERCENT, Value.of(Decimal("12.5"))),
        ("100", PERCENT, Value.of(100)),
        ("5-7-1999", DAY, Value.of(date(1999, 7, 5))),
        ("05-07-1999", DAY, Value.of(date(1999, 7, 5))),
        ("5/7/1999", DAY, Value.of(date(1999, 7, 5))),
        ("5.7.1999", DAY, Value.of(date(1999, 7, 5))),
        ("1999-07-05", DAY, Value.of(date(1999, 7, 5))),
        ("ja", YES_NO, Value.of("ja")),
        (" nee ", YES_NO, Value.of("nee")),
        ("aantal", WAY, Value.of("aantal")),
        ("onbekend", OPEN_COUNT, UNKNOWN),
        ("Weet niet", OPEN_COUNT, UNKNOWN),
        ("?", OPEN_COUNT, UNKNOWN),
        ("N.v.t.", OPEN_COUNT, NOT_APPLICABLE),
        ("nvt", OPEN_COUNT, NOT_APPLICABLE),
        ("niet van toepassing", OPEN_COUNT, NOT_APPLICABLE),
        ("onbekend", OPEN_YES_NO, UNKNOWN),
        ("onbekend", TEXT, Value.of("onbekend")),
        ("n.v.t.", TEXT, Value.of("n.v.t.")),
        (" één\r\ntwee\rdrie ", TEXT, Value.of("één\ntwee\ndrie")),
        ("a\x00b\x1bc\ufffe\ud800", TEXT, Value.of("abc")),
        ("\x00\x1b", TEXT, None),
        ("x" * MAX_TEXT, TEXT, Value.of("x" * MAX_TEXT)),
    ],
)
def test_what_is_typed_becomes_a_value(typed: str, limits: Limits, value: Value | None) -> None:
    assert parse(typed, limits) == value


@pytest.mark.parametrize(
    ("typed", "limits", "message"),
    [
        ("12,5", COUNT, "12,5 is geen heel getal. Vul een geheel getal in, zonder komma."),
        ("50%", COUNT, "50% is een percentage. Vul hier het getal zelf in."),
        ("1,234", FTE, "1,234 heeft te veel cijfers achter de komma. Rond af op 2 decimalen."),
        ("12,34", PERCENT, "12,34 heeft te veel cijfers achter de komma. Rond af op 1 decimaal."),
        ("-5", COUNT, "-5 is te klein. Het kleinste getal dat hier kan is 0."),
        ("-2.000.000", EURO, "-2.000.000 is te klein. Het kleinste getal dat hier kan is -1.000.000."),
        (
            "100,1",
            PERCENT,
            "100,1 is te groot. Het grootste getal dat hier kan is 100. Staat er een cijfer te veel?",
        ),
        (
            "100000001",
            COUNT,
            "100.000.001 is te groot. Het grootste getal dat hier kan is 100.000.000. Staat er een cijfer te veel?",
        ),
        ("tien", COUNT, "‘tien’ is geen getal. Gebruik alleen cijfers, zoals 1.234,5."),
        ("onbekend", COUNT, "‘onbekend’ kan hier niet. Vul een getal in; 0 als het er geen zijn."),
        ("nvt", PERCENT, "‘nvt’ kan hier niet. Vul een getal in; 0 als het er geen zijn."),
        ("nvt", OPEN_YES_NO, "‘nvt’ kan hier niet. Kies uit: Ja, Nee."),
        ("?", WAY, "‘?’ kan hier niet. Kies uit: Als aantal, Als percentage."),
        ("onbekend", DAY, "‘onbekend’ kan hier niet. Vul een datum in, zoals 31-12-1999."),
        ("31-2-1999", DAY, "‘31-2-1999’ is geen datum. Schrijf dag-maand-jaar, zoals 31-12-1999."),
        ("1999", DAY, "‘1999’ is geen datum. Schrijf dag-maand-jaar, zoals 31-12-1999."),
        ("0000-01-01", DAY, "‘0000-01-01’ is geen datum. Schrijf dag-maand-jaar, zoals 31-12-1999."),
        ("misschien", YES_NO, "‘misschien’ staat niet in de lijst. Kies uit: Ja, Nee."),
        ("geen", WAY, "‘geen’ staat niet in de lijst. Kies uit: Als aantal, Als percentage."),
        ("x" * 4001, TEXT, "Deze tekst is 4.001 tekens lang; er passen er 4.000. Kort de tekst in."),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_reason(typed: str, limits: Limits, message: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(typed, limits)
    assert str(refused.value) == message


def read(raw: str, limits: Limits) -> tuple[Value | None, str]:
    """What was read, or the message with which it was refused."""
    try:
        return parse(raw, limits), ""
    except InputError as refused:
        return None, str(refused)


@given(raw=st.text(max_size=30), limits=st.sampled_from(ALL_LIMITS))
def test_anything_typed_is_read_or_refused_with_what_was_typed(raw: str, limits: Limits) -> None:
    value, message = read(raw, limits)
    is_empty = not clean_text(raw) if limits.kind is Kind.TEXT else not raw.strip()
    if message:
        assert not is_empty
        assert raw.strip() in message or "te groot" in message
    else:
        assert (value is None) == is_empty


_TYPED_NUMBER = st.from_regex(r"-?(€ )?[0-9]{1,25}([.,][0-9]{1,30})?%?", fullmatch=True)


@given(raw=_TYPED_NUMBER, limits=st.sampled_from([one for one in ALL_LIMITS if one.kind.is_number]))
def test_any_number_is_kept_exactly_or_refused_by_name_or_limit(raw: str, limits: Limits) -> None:
    value, message = read(raw, limits)
    if message:
        shown = (raw, *(format_number(one) for one in (limits.minimum, limits.maximum) if one is not None))
        assert any(one in message for one in shown)
    else:
        assert value == Value(State.GIVEN, parse_number(raw))


def _numbers(limits: Limits) -> st.SearchStrategy[Value]:
    return st.decimals(
        limits.minimum, limits.maximum, places=limits.decimals, allow_nan=False, allow_infinity=False
    ).map(Value.of)


_GIVEN = st.one_of(
    *(_numbers(one).map(lambda value, one=one: (value, one)) for one in (COUNT, FTE, EURO, PERCENT)),
    st.dates().map(lambda day: (Value.of(day), DAY)),
    st.text(max_size=50).map(lambda text: (parse(text, TEXT), TEXT)),
    st.sampled_from([(UNKNOWN, OPEN_COUNT), (NOT_APPLICABLE, OPEN_COUNT), (None, COUNT), (None, TEXT)]),
)


@given(_GIVEN)
def test_a_value_as_shown_is_read_back_the_same(pair: tuple[Value | None, Limits]) -> None:
    value, limits = pair
    assert parse(format_value(value, limits.kind), limits) == value


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (None, Kind.INTEGER, ""),
        (UNKNOWN, Kind.INTEGER, "onbekend"),
        (NOT_APPLICABLE, Kind.YES_NO, "n.v.t."),
        (Value.of(0), Kind.INTEGER, "0"),
        (Value.of(1234567), Kind.EURO, "1.234.567"),
        (Value.of(Decimal("1234.50")), Kind.DECIMAL, "1.234,5"),
        (Value.of(Decimal("-0.001")), Kind.DECIMAL, "0"),
        (Value.of(date(99, 1, 2)), Kind.DATE, "02-01-0099"),
        (Value.of("ja"), Kind.YES_NO, "Ja"),
        (Value.of("b"), Kind.CHOICE, "De tweede"),
        (Value.of("weg"), Kind.CHOICE, "weg"),
        (Value.of("vrije tekst"), Kind.TEXT, "vrije tekst"),
    ],
)
def test_a_value_is_shown_in_dutch(value: Value | None, kind: Kind, shown: str) -> None:
    choices = {"a": "De eerste", "b": "De tweede"} if kind is Kind.CHOICE else None
    assert format_value(value, kind, choices) == shown


@pytest.mark.parametrize(
    ("number", "decimals", "shown"),
    [
        (Decimal("1234.5"), None, "1.234,5"),
        (Decimal("1234.50"), 2, "1.234,50"),
        (Decimal("0.05"), 1, "0,1"),
        (Decimal("-0.04"), 1, "0,0"),
        (Decimal("1E+3"), None, "1.000"),
        (1000, 0, "1.000"),
        (10, None, "10"),
    ],
)
def test_a_number_is_shown_in_dutch(number: Decimal | int, decimals: int | None, shown: str) -> None:
    assert format_number(number, decimals) == shown


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        (3, Value(State.GIVEN, Decimal("3.00"))),
        (Decimal("2.005"), Value(State.GIVEN, Decimal("2.01"))),
        ("tekst", Value(State.GIVEN, text="tekst")),
        (date(1999, 12, 31), Value(State.GIVEN, text="1999-12-31")),
    ],
)
def test_a_given_value_is_made_of_one_scalar(scalar: int | str | Decimal | date, value: Value) -> None:
    assert (Value.of(scalar), Value.of(scalar).is_given) == (value, True)


def test_states_without_value_are_not_given() -> None:
    assert (UNKNOWN.is_given, NOT_APPLICABLE.is_given) == (False, False)


def test_kinds_that_are_numbers() -> None:
    assert [kind.value for kind in Kind if kind.is_number] == ["integer", "decimal", "euro", "percent"]


def test_a_date_keeps_day_before_month() -> None:
    assert parse_date("2-1-1999") == date(1999, 1, 2)
