"""Months as they are typed, and periods as they are read."""

from __future__ import annotations

from datetime import date

import pytest

from surveys.forms.events import event_in_words, parse_month, period_in_words
from surveys.models import Event
from surveys.values import InputError


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("februari 2023", date(2023, 2, 1), date(2023, 2, 28)),
        ("Feb. 2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("mrt 2023", date(2023, 3, 1), date(2023, 3, 31)),
        ("mei 2023", date(2023, 5, 1), date(2023, 5, 31)),
        ("12-2022", date(2022, 12, 1), date(2022, 12, 31)),
        ("2/2023", date(2023, 2, 1), date(2023, 2, 28)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("6-2-2023", date(2023, 2, 6), date(2023, 2, 6)),
        ("2023-02-06", date(2023, 2, 6), date(2023, 2, 6)),
    ],
)
def test_a_month_is_its_first_day_or_its_last(text: str, first: date, last: date) -> None:
    assert (parse_month(text), parse_month(text, is_end=True)) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["voorjaar", "maand 2023", "ju 2023", "13-2023", "0-2023", "2023-13", "2023", "31-2-2023", "mei 0000"],
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_month(text)


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        (date(2023, 2, 1), date(2023, 8, 31), "februari–augustus 2023"),
        (date(2022, 11, 1), date(2023, 3, 31), "november 2022–maart 2023"),
        (date(2023, 2, 1), date(2023, 2, 28), "in februari 2023"),
        (date(2023, 2, 6), date(2023, 8, 20), "6 februari tot en met 20 augustus 2023"),
        (date(2022, 12, 6), date(2023, 1, 31), "6 december 2022 tot en met 31 januari 2023"),
        (date(2023, 2, 6), date(2023, 2, 6), "op 6 februari 2023"),
        (date(2023, 1, 1), None, "vanaf januari 2023"),
        (date(2023, 1, 16), None, "vanaf 16 januari 2023"),
    ],
)
def test_a_period_reads_like_a_sentence(starts: date, ends: date | None, words: str) -> None:
    event = Event(kind="verbouwing", description="half open", starts=starts, ends=ends)
    assert period_in_words(event) == words
    assert event_in_words(event) == f"Verbouwing, {words}: half open"
