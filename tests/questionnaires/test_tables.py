"""A TOML table is read strictly; the loader's tests hold most of it, these what it leaves."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from surveys.questionnaires.tables import DefinitionError, Entry
from surveys.values import Kind


def entry(**data: Any) -> Entry:
    return Entry(data, Path("2001/bezit.toml"))


def test_what_was_asked_for_may_be_closed() -> None:
    one = entry(code="a_1", label=" Naam ", texts=["x"], flag=True, count=3, number=0.1, kind="euro")
    read = (
        one.code(),
        one.text("label"),
        one.texts("texts"),
        one.flag("flag", False),
        one.integer("count", 0),
        one.number("number", None),
        one.member("kind", Kind),
        one.choice("is", ("=",), ""),
        one.number("absent", Decimal(2)),
        one.optional_table("none"),
    )
    one.close()
    assert read == ("a_1", "Naam", ("x",), True, 3, Decimal("0.1"), Kind.EURO, "", Decimal(2), None)


def test_an_error_names_the_nearest_code() -> None:
    child = entry(code="boeken").child({"a": 1}, "non_library")
    assert (child.name, str(child.error("a", "kan niet"))) == (
        "boeken",
        "2001/bezit.toml: boeken: a: kan niet",
    )


@pytest.mark.parametrize("number", [float("nan"), float("-inf"), Decimal("sNaN"), Decimal("Infinity")])
def test_a_number_is_finite(number: float | Decimal) -> None:
    with pytest.raises(DefinitionError) as refused:
        entry(code="r", high=number).number("high", None)
    assert str(refused.value) == "2001/bezit.toml: r: high: moet een eindig getal zijn"


@pytest.mark.parametrize("code", ["", "1a", "A", "a b", "a-b", "a__b", "_a", "a_", "é"])
def test_a_code_is_plain(code: str) -> None:
    with pytest.raises(DefinitionError):
        entry(code=code).code()
