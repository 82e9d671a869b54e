"""How messages name questions and write figures."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.rules.words import (
    apart,
    either,
    figure,
    in_unit,
    named,
    passed,
    percentage,
    rounded,
    sentence,
    signed,
    summed,
)
from surveys.values import Kind
from tests.rules.world import QUESTIONS, question


@pytest.mark.parametrize(
    ("codes", "added", "chosen"),
    [
        ("a", "‘Boeken’", "‘Boeken’"),
        ("a b", "de som van ‘Boeken’ en ‘Films’", "‘Boeken’ of ‘Films’"),
        ("a b c", "de som van ‘Boeken’, ‘Films’ en ‘Muziek’", "‘Boeken’, ‘Films’ of ‘Muziek’"),
        (
            "a b c d",
            "de som van 4 regels, ‘Boeken’ tot en met ‘Games’",
            "een van 4 vragen, ‘Boeken’ tot en met ‘Games’,",
        ),
    ],
)
def test_questions_by_name(codes: str, added: str, chosen: str) -> None:
    assert named(codes.split(), QUESTIONS) == added
    assert either(codes.split(), QUESTIONS) == chosen


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.INTEGER, "1.234,5"),
        (Kind.DECIMAL, "1.234,5"),
        (Kind.EURO, "€ 1.234,5"),
        (Kind.PERCENT, "1.234,5%"),
    ],
)
def test_a_figure_has_its_sign(kind: Kind, text: str) -> None:
    assert figure(Decimal("1234.50"), question("q", "Q", kind=kind)) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0", "0"),
        ("0.0004", "0,0004"),
        ("0.0005", "0,0005"),
        ("0.00000123", "0,000001"),
        ("0.01234", "0,012"),
        ("0.9994", "0,999"),
        ("1", "1"),
        ("1.125", "1,13"),
        ("9.994", "9,99"),
        ("10.04", "10"),
        ("12.35", "12,4"),
        ("99.94", "99,9"),
        ("100.4", "100"),
        ("1250.5", "1.251"),
        ("-0.0004", "-0,0004"),
        ("-2.345", "-2,35"),
        ("1e27", "1.000.000.000.000.000.000.000.000.000"),
    ],
)
def test_a_ratio_has_about_three_digits(number: str, text: str) -> None:
    assert rounded(Decimal(number)) == text


@pytest.mark.parametrize(
    ("number", "bound", "text"),
    [
        ("4.004", "4", "4,004"),
        ("4.006", "4", "4,01"),
        ("3.9996", "4", "3,9996"),
        ("0.0804", "0.0806", "0,08"),
        ("0.08059", "0.0806", "0,08059"),
        ("0", "0.08", "0"),
        ("-0.0004", "0", "-0,0004"),
        ("100.4", "100", "100,4"),
        ("7", "7", "7"),
    ],
)
def test_a_ratio_that_passes_a_bound_is_seen_to(number: str, bound: str, text: str) -> None:
    assert passed(Decimal(number), Decimal(bound)) == text


@pytest.mark.parametrize(
    ("number", "bound", "texts"),
    [
        ("9", "6.204", ("9", "6,2")),
        ("6.2051", "6.2049", ("6,21", "6,2")),
        ("6.1982", "6.196", ("6,198", "6,196")),
        ("1.448", "1.4484", ("1,448", "1,4484")),
        ("7", "7", ("7", "7")),
    ],
)
def test_two_figures_are_told_apart(number: str, bound: str, texts: tuple[str, str]) -> None:
    assert apart(Decimal(number), Decimal(bound)) == texts


@pytest.mark.parametrize(
    ("codes", "text"),
    [("baten", "€ 5"), ("aandeel", "5%"), ("baten baten", "€ 5"), ("baten leden", "5"), ("a leden", "5")],
)
def test_a_sum_has_the_sign_of_its_parts(codes: str, text: str) -> None:
    assert summed(Decimal(5), codes.split(), QUESTIONS) == text


@pytest.mark.parametrize(
    ("unit", "named_once", "after"),
    [
        ("", "5", "5"),
        ("leden per 100 inwoners", "5 leden per 100 inwoners", "5"),
        ("activiteiten per 10.000 euro", "5 activiteiten per 10.000 euro", "5"),
        ("euro per inwoner", "€ 5 per inwoner", "€ 5"),
        ("procent van de baten", "5% van de baten", "5%"),
        ("procent", "5%", "5%"),
    ],
)
def test_a_ratio_in_its_unit(unit: str, named_once: str, after: str) -> None:
    assert (in_unit("5", unit), signed("5", unit)) == (named_once, after)


@given(st.floats(min_value=1e-300, max_value=1e300))
def test_a_ratio_of_any_size_can_be_written(number: float) -> None:
    text = rounded(Decimal(number))
    read = Decimal(text.replace(".", "").replace(",", "."))
    assert abs(read - Decimal(number)) <= max(Decimal("0.0005"), abs(Decimal(number)) * Decimal("0.006"))


@pytest.mark.parametrize(
    ("now", "last", "text"),
    [
        ("7", "7", "gelijk"),
        ("100004", "100000", "bijna gelijk"),
        ("1000.5", "1000", "0,1% meer"),
        ("1009", "1000", "0,9% meer"),
        ("1010", "1000", "1% meer"),
        ("1015", "1000", "2% meer"),
        ("1004", "1000", "0,4% meer"),
        ("995", "1000", "0,5% minder"),
        ("1200", "2400", "50% minder"),
        ("1250", "1000", "25% meer"),
        ("2999", "1000", "200% meer"),
        ("334", "1000", "67% minder"),
        ("3000", "1000", "3 keer zo veel"),
        ("3450", "1000", "3,5 keer zo veel"),
        ("1000", "3000", "3 keer zo weinig"),
        ("9960", "1000", "10 keer zo veel"),
        ("10400", "1000", "10 keer zo veel"),
        ("12345", "1000", "12 keer zo veel"),
        ("1", "1234567", "1.234.567 keer zo weinig"),
    ],
)
def test_more_or_less_than_last_year(now: str, last: str, text: str) -> None:
    assert percentage(Decimal(now), Decimal(last)) == text


def test_a_sentence_starts_with_a_capital() -> None:
    assert (sentence("de som"), sentence("‘Boeken’")) == ("De som", "‘Boeken’")
