"""What an event lets expect of the figures, year by year."""

from __future__ import annotations

from datetime import date

import pytest

from surveys.models import Effect, Event, EventKind, Reason

DOWN, UP, EITHER = Effect.DOWN, Effect.UP, Effect.EITHER


def expected(kind: str, starts: date, ends: date | None) -> list[Effect | None]:
    """Of 1998 up to and including 2002."""
    event = Event(kind=kind, starts=starts, ends=ends)
    return [event.expected(year) for year in range(1998, 2003)]


@pytest.mark.parametrize(
    ("kind", "starts", "ends", "effects"),
    [
        ("verbouwing", date(1999, 2, 1), date(1999, 8, 31), [None, DOWN, UP, None, None]),
        ("verbouwing", date(1999, 12, 31), date(2000, 1, 1), [None, DOWN, DOWN, UP, None]),
        ("sluiting", date(1995, 1, 1), date(1998, 12, 31), [DOWN, UP, None, None, None]),
        ("sluiting", date(1999, 2, 1), None, [None, DOWN, DOWN, DOWN, DOWN]),
        ("nieuwe_vestiging", date(1999, 10, 1), None, [None, UP, UP, None, None]),
        ("nieuwe_vestiging", date(1999, 6, 1), date(1999, 9, 1), [None, UP, DOWN, None, None]),
        ("fusie", date(1999, 1, 1), None, [None, UP, UP, None, None]),
        ("splitsing", date(1999, 1, 1), None, [None, DOWN, DOWN, None, None]),
        ("telling", date(1999, 7, 1), None, [None, EITHER, EITHER, None, None]),
        ("anders", date(1999, 7, 1), date(1999, 7, 2), [None, EITHER, EITHER, None, None]),
        ("eenmalig", date(1999, 7, 1), None, [None, UP, DOWN, None, None]),
        ("eenmalig", date(1999, 7, 1), date(2000, 1, 1), [None, UP, UP, DOWN, None]),
        ("verbouwing", date(2003, 1, 1), None, [None] * 5),
    ],
)
def test_what_is_expected(kind: str, starts: date, ends: date | None, effects: list[Effect | None]) -> None:
    assert expected(kind, starts, ends) == effects


def test_every_kind_has_an_effect_and_a_reason() -> None:
    assert {kind.value: (kind.effect.value, kind.reason) for kind in EventKind} == {
        "verbouwing": ("down", Reason.RENOVATION),
        "sluiting": ("down", Reason.RENOVATION),
        "nieuwe_vestiging": ("up", Reason.LOCATION),
        "verhuizing": ("either", Reason.LOCATION),
        "fusie": ("up", Reason.MERGER),
        "splitsing": ("down", Reason.MERGER),
        "telling": ("either", Reason.COUNTING),
        "systeem": ("either", Reason.COUNTING),
        "eenmalig": ("up", Reason.ONE_OFF),
        "anders": ("either", Reason.OTHER),
    }
