"""What an answer can be, and how it is written in Dutch.

The lowest layer: it knows no questionnaire, no database and no Django.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TypeAlias

YES, NO = "ja", "nee"
CENT = Decimal("0.01")
MAX_TEXT = 4000
MAX_DIGITS = 20
"""More than any limit, and few enough to be exact."""


class State(StrEnum):
    """Zero is a number; not yet answered is no value at all (None), never a state."""

    GIVEN = "given"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Kind(StrEnum):
    INTEGER = "integer"
    DECIMAL = "decimal"
    EURO = "euro"
    PERCENT = "percent"
    YES_NO = "yes_no"
    CHOICE = "choice"
    TEXT = "text"
    DATE = "date"

    @property
    def is_number(self) -> bool:
        return self in NUMBER_KINDS


NUMBER_KINDS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.EURO, Kind.PERCENT})

STATE_WORDS = {State.UNKNOWN: "onbekend", State.NOT_APPLICABLE: "n.v.t."}
_SPOKEN_STATES = {
    "onbekend": State.UNKNOWN,
    "weet niet": State.UNKNOWN,
    "?": State.UNKNOWN,
    "nvt": State.NOT_APPLICABLE,
    "n.v.t.": State.NOT_APPLICABLE,
    "niet van toepassing": State.NOT_APPLICABLE,
}


@dataclass(frozen=True, slots=True)
class Value:
    """One answer: a number (at most two decimals) or a text, or a state that says why neither."""

    state: State
    number: Decimal | None = None
    text: str = ""

    @classmethod
    def of(cls, scalar: int | str | Decimal | date) -> Value:
        """A given value. Numbers are rounded half up to two decimals, dates kept as ISO text."""
        if isinstance(scalar, str):
            return cls(State.GIVEN, text=scalar)
        if isinstance(scalar, date):
            return cls(State.GIVEN, text=scalar.isoformat())
        # Adding zero turns -0 into 0.
        return cls(State.GIVEN, number=Decimal(scalar).quantize(CENT, ROUND_HALF_UP) + 0)

    @property
    def is_given(self) -> bool:
        return self.state is State.GIVEN


UNKNOWN = Value(State.UNKNOWN)
NOT_APPLICABLE = Value(State.NOT_APPLICABLE)

Key: TypeAlias = tuple[str, str]
"""(question code, row); row is a location's code, or empty."""
Values: TypeAlias = Mapping[Key, Value]


class InputError(ValueError):
    """What was typed cannot be kept; the message says why and what to do, in Dutch."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a question accepts. `decimals` counts digits behind the comma."""

    kind: Kind
    decimals: int = 0
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    choices: Mapping[str, str] | None = None
    may_be: frozenset[State] = frozenset()


def parse(raw: str, limits: Limits) -> Value | None:
    """The value that was typed; None when nothing was. Raises InputError."""
    text = raw.strip()
    if not text:
        return None
    spoken = _SPOKEN_STATES.get(text.lower())
    if spoken is not None and limits.kind is not Kind.TEXT:
        if spoken not in limits.may_be:
            raise InputError(f"‘{text}’ kan hier niet. {_what_is_wanted(limits)}")
        return Value(spoken)
    if limits.kind.is_number:
        return _parse_number(text, limits)
    if limits.kind is Kind.DATE:
        return Value.of(parse_date(text))
    if limits.kind is Kind.TEXT:
        return _parse_text(raw)
    return _parse_choice(text, limits)


def _parse_number(text: str, limits: Limits) -> Value:
    number = parse_number(text)
    if text.endswith("%") and limits.kind is not Kind.PERCENT:
        raise InputError(f"{text} is een percentage. Vul hier het getal zelf in.")
    if -number.normalize().as_tuple().exponent > limits.decimals:  # type: ignore[operator]
        if limits.decimals == 0:
            raise InputError(f"{text} is geen heel getal. Vul een geheel getal in, zonder komma.")
        digits = "1 decimaal" if limits.decimals == 1 else f"{limits.decimals} decimalen"
        raise InputError(f"{text} heeft te veel cijfers achter de komma. Rond af op {digits}.")
    if limits.minimum is not None and number < limits.minimum:
        raise InputError(
            f"{format_number(number)} is te klein. Het kleinste getal dat hier kan is "
            f"{format_number(limits.minimum)}."
        )
    if limits.maximum is not None and number > limits.maximum:
        raise InputError(
            f"{format_number(number)} is te groot. Het grootste getal dat hier kan is "
            f"{format_number(limits.maximum)}. Staat er een cijfer te veel?"
        )
    return Value.of(number)


_GROUPED = re.compile(r"[1-9]\d{0,2}(\.\d{3})+(,\d+)?")
_PLAIN = re.compile(r"\d+(,\d+)?")
_POINT = re.compile(r"\d+\.\d{1,2}")
_ORNAMENT = re.compile(r"[\s\u00a0\u202f]|^(-?)€|%$|(?<=\d),-{1,2}$")


def parse_number(text: str) -> Decimal:
    """A number as written in Dutch: 1.234,5. Also reads 1234,5 and 1234.5; € and % may stand by it.

    A point before exactly three digits groups thousands; before one or two digits it is a comma.
    """
    bare = _ORNAMENT.sub(r"\1", text.strip()).replace("−", "-").replace("–", "-")
    bare = _ORNAMENT.sub(r"\1", bare)
    sign, digits = ("-", bare[1:]) if bare.startswith("-") else ("", bare)
    if not digits.isascii():
        raise InputError(f"‘{text}’ is geen getal. Gebruik alleen cijfers, zoals 1.234,5.")
    if _GROUPED.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif _PLAIN.fullmatch(digits):
        digits = digits.replace(",", ".")
    elif not _POINT.fullmatch(digits):
        raise InputError(f"‘{text}’ is geen getal. Gebruik alleen cijfers, zoals 1.234,5.")
    if len(digits) > MAX_DIGITS:
        raise InputError(f"‘{text}’ heeft te veel cijfers. Staat er een cijfer te veel?")
    return Decimal(sign + digits) + 0


def parse_date(text: str) -> date:
    """A date as written in Dutch, 31-12-1999, or in ISO form as a browser sends it."""
    match = re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", text)
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text)
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1]))
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        pass
    raise InputError(f"‘{text}’ is geen datum. Schrijf dag-maand-jaar, zoals 31-12-1999.")


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What a database or a workbook refuses."""
_LINE_END = re.compile(r"\r\n?")


def clean_text(raw: str) -> str:
    return _LINE_END.sub("\n", _CONTROL.sub("", raw)).strip()


def _parse_text(raw: str) -> Value | None:
    text = clean_text(raw)
    if not text:
        return None
    if len(text) > MAX_TEXT:
        raise InputError(
            f"Deze tekst is {format_number(len(text))} tekens lang; er passen er "
            f"{format_number(MAX_TEXT)}. Kort de tekst in."
        )
    return Value.of(text)


def _parse_choice(text: str, limits: Limits) -> Value:
    choices = limits.choices or {YES: "Ja", NO: "Nee"}
    if text not in choices:
        raise InputError(f"‘{text}’ staat niet in de lijst. {_what_is_wanted(limits)}")
    return Value.of(text)


def _what_is_wanted(limits: Limits) -> str:
    if limits.kind.is_number:
        return "Vul een getal in; 0 als het er geen zijn."
    if limits.kind is Kind.DATE:
        return "Vul een datum in, zoals 31-12-1999."
    labels = (limits.choices or {YES: "Ja", NO: "Nee"}).values()
    return f"Kies uit: {', '.join(labels)}."


def format_number(number: Decimal | int, decimals: int | None = None) -> str:
    """1.234,5: Dutch separators, no trailing zeros unless `decimals` fixes their count."""
    if decimals is None:
        plain = f"{Decimal(number):,f}"
        plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    else:
        plain = f"{Decimal(number).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0:,f}"
    return plain.translate(str.maketrans(",.", ".,"))


def format_value(value: Value | None, kind: Kind, choices: Mapping[str, str] | None = None) -> str:
    """A value as its field shows it, which `parse` reads back to the same value; a choice by its label."""
    if value is None:
        return ""
    if value.state is not State.GIVEN:
        return STATE_WORDS[value.state]
    if value.number is not None:
        return format_number(value.number)
    if kind is Kind.DATE:
        day = date.fromisoformat(value.text)
        return f"{day:%d-%m}-{day.year:04}"
    if kind in (Kind.YES_NO, Kind.CHOICE):
        return (choices or {YES: "Ja", NO: "Nee"}).get(value.text, value.text)
    return value.text
