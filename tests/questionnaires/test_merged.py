"""Several organisations as one: what adds up, what must agree, and what is absent with a reason."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaires.dependencies import in_order
from surveys.questionnaires.figures import Evaluation, evaluate
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.merged import Merged, adds_up, merge, names_of
from surveys.questionnaires.schema import BlockRole, Operation
from surveys.rules.context import NOTHING
from surveys.values import NOT_APPLICABLE, UNKNOWN, Key, Kind, Value

EDITION = load_edition(years()[-1])
ORDER = in_order(EDITION.questions)


def year_of(answers: dict[str | Key, int | str | Value], rows: tuple[str, ...] = ()) -> Evaluation:
    values = {
        (place if isinstance(place, tuple) else (place, "")): one if isinstance(one, Value) else Value.of(one)
        for place, one in answers.items()
    }
    return evaluate(ORDER, values, rows)


def together(*parts: dict[str | Key, int | str | Value]) -> Merged:
    return merge(ORDER, {f"B{number}": year_of(one) for number, one in enumerate(parts, 1)})


@pytest.mark.parametrize(
    ("code", "one", "other", "value", "why"),
    [
        ("leden_jeugd", 3, 4, Value.of(7), ""),
        ("leden_jeugd", 0, 4, Value.of(4), ""),
        ("leden_jeugd", 3, None, None, "B2 gaf dit niet op"),
        ("leden_jeugd", None, None, None, "B1 en B2 gaven dit niet op"),
        ("leden_jeugd", 3, UNKNOWN, None, "B2 gaf dit niet op"),
        ("leden_jeugd", 3, NOT_APPLICABLE, Value.of(3), ""),
        ("leden_jeugd", NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE, ""),
        ("leden_totaal", 3, 4, None, "B1 en B2 gaven dit niet volledig op"),
        ("tarief_volwassenen", 40, 40, Value.of(40), ""),
        ("tarief_volwassenen", 40, 41, None, "niet op te tellen (B1 40; B2 41)"),
        ("tarief_volwassenen", 40, None, None, "B2 gaf dit niet op"),
        ("gecombineerd", "nee", "nee", Value.of("nee"), ""),
        ("gecombineerd", "ja", "nee", None, "verschilt (B1: Ja; B2: Nee)"),
        ("opmerkingen_bezit", "a", "b", None, "elk gaf een eigen tekst"),
        ("opmerkingen_bezit", None, None, None, ""),
    ],
)  # fmt: skip
def test_one_question_of_two(
    code: str, one: int | str | Value | None, other: int | str | Value | None, value: Value | None, why: str
) -> None:
    if code == "leden_totaal":
        code = next(q.code for q in ORDER if q.formula and "leden_jeugd" in q.formula.operands)
        asked = "leden_jeugd"
    else:
        asked = code
    found = together(*({asked: each} if each is not None else {} for each in (one, other)))
    assert found.evaluation.counted.get((code, "")) == value
    assert found.absent.get((code, ""), "") == why
    assert ((code, "") in found.evaluation.partial) is bool(why)


def test_a_text_of_one_is_not_the_text_of_both() -> None:
    found = together({"opmerkingen_bezit": "a"}, {})
    assert found.absent["opmerkingen_bezit", ""] == "B2 gaf dit niet op"


def test_who_took_no_part_leaves_every_sum_open() -> None:
    found = merge(ORDER, {"B1": year_of({"leden_jeugd": 3}), "B2": NOTHING})
    assert found.absent["leden_jeugd", ""] == "B2 gaf dit niet op"
    assert not any(
        EDITION.questions[code].kind.is_number for code, row in found.evaluation.counted if not row
    )


def test_answers_of_locations_are_united() -> None:
    one = year_of({("bezoeken_locatie", "a"): 3}, ("a",))
    other = year_of({("bezoeken_locatie", "b"): 4}, ("b",))
    found = merge(ORDER, {"B1": one, "B2": other})
    counted = found.evaluation.counted
    assert (counted["bezoeken_locatie", "a"], counted["bezoeken_locatie", "b"]) == (Value.of(3), Value.of(4))
    assert counted["bezoeken", ""] == Value.of(7)


def test_a_share_is_computed_from_what_was_added() -> None:
    """A tenth of 100 and half of 300 are two fifths of 400, not the mean of 10% and 50%."""
    split = {"gecombineerd": "ja", "gedeelde_cijfers": "ja", "bezoeken_nb_zit_erin": "ja"}
    parts = {}
    for name, row, visits, way in (
        ("B1", "a", 100, {"bezoeken_nb_invoer": "percentage", "bezoeken_nb_percentage": 10}),
        ("B2", "b", 300, {"bezoeken_nb_invoer": "aantal", "bezoeken_nb_aantal": 150}),
    ):
        parts[name] = year_of({**split, **way, ("bezoeken_locatie", row): visits}, (row,))
    counted = merge(ORDER, parts).evaluation.counted
    assert counted["bezoeken_niet_bib", ""].number == 160
    assert counted["bezoeken_bib_aandeel", ""].number == 60


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=5))
def test_a_sum_is_a_sum_in_whatever_order(counts: list[int]) -> None:
    found = together(*({"leden_jeugd": one} for one in counts))
    assert found.evaluation.number(("leden_jeugd", "")) == Decimal(sum(counts))
    assert (
        together(*({"leden_jeugd": one} for one in reversed(counts))).evaluation.counted
        == found.evaluation.counted
    )


def test_one_alone_is_itself() -> None:
    alone = year_of({"leden_jeugd": 3, "tarief_volwassenen": 40, "gecombineerd": "nee"})
    found = merge(ORDER, {"B1": alone}).evaluation
    figures = {key: one for key, one in alone.counted.items() if key not in alone.partial}
    assert {key: one for key, one in found.counted.items() if key in figures} == figures


def test_what_adds_up_is_a_number_of_something() -> None:
    for edition in map(load_edition, years()):
        for one in edition.questions.values():
            is_rate = one.kind is Kind.PERCENT or (
                one.formula and one.formula.operation in (Operation.SHARE, Operation.RATIO)
            )
            if is_rate or not one.kind.is_number or one.unit == "jaar":
                assert one.role is BlockRole.NON_LIBRARY or not adds_up(one, edition.questions), one.code


def test_names_are_told_as_people_do() -> None:
    assert [names_of(one) for one in ("A", "AB", "ABC")] == ["A", "A en B", "A, B en C"]
