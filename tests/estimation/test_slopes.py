"""How far a key figure moves with one answer, against working the whole list out again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from surveys.estimation.slopes import slopes_of
from surveys.questionnaires.closure import closure_of
from surveys.questionnaires.dependencies import in_order
from surveys.questionnaires.figures import evaluate
from surveys.questionnaires.loader import load_edition, years
from surveys.rules.context import Context
from surveys.values import Key, Value

EDITION = load_edition(years()[-1])
ROWS = ("a", "b")
COMBINED = {("gecombineerd", ""): "ja", ("gedeelde_cijfers", ""): "ja"}
SHARED: dict[Key, int | str] = {
    **COMBINED,
    ("bezoeken_locatie", "a"): 4_000,
    ("bezoeken_locatie", "b"): 6_000,
    ("bezoeken_nb", ""): "ja",
    ("bezoeken_nb_wijze", ""): "percentage",
    ("bezoeken_nb_percentage", ""): 10,
}


def context(answers: dict[Key, int | str]) -> Context:
    values = {key: Value.of(one) for key, one in answers.items()}
    return Context(
        questions=EDITION.questions,
        closure=closure_of(EDITION),
        now=evaluate(in_order(EDITION.questions), values, ROWS),
        rows=ROWS,
    )


def block(role: str) -> str:
    return next(
        one.code for one in EDITION.questions.values() if one.total == "bezoeken" and one.role == role
    )


def shared() -> dict[Key, int | str]:
    renamed = {
        "bezoeken_nb": block("gate"),
        "bezoeken_nb_wijze": block("way"),
        "bezoeken_nb_percentage": block("percentage"),
    }
    return {(renamed.get(code, code), row): value for (code, row), value in SHARED.items()}


def test_a_location_counts_for_the_part_that_is_the_librarys() -> None:
    found = slopes_of(EDITION, context(shared()), ("bezoeken_locatie", "a"))
    assert found == pytest.approx({"bezoeken_bib": 0.9}, abs=0.001)


def test_the_percentage_moves_it_by_a_hundredth_of_the_total() -> None:
    found = slopes_of(EDITION, context(shared()), (block("percentage"), ""))
    assert found == pytest.approx({"bezoeken_bib": -100}, abs=0.1)


@pytest.mark.parametrize(
    ("answers", "key", "found"),
    [
        ({("leden_jeugd", ""): 5, ("leden_volwassen", ""): 7}, ("leden_jeugd", ""), {"leden_jeugd": 1, "leden": 1}),
        ({("leden_jeugd", ""): 5, ("leden_volwassen", ""): 7}, ("leden_volwassen", ""), {"leden": 1}),
        ({("leden_jeugd", ""): 5, ("leden_volwassen", ""): 7}, ("leden", ""), {"leden": 1}),
        ({("leden_0_3", ""): 2, ("leden_4_8", ""): 3, ("leden_9_12", ""): 0, ("leden_13_17", ""): 0,
          ("leden_jeugd", ""): 5, ("leden_volwassen", ""): 7}, ("leden_0_3", ""), {"leden_jeugd": 1, "leden": 1}),
        ({("leden_0_3", ""): 2}, ("leden_0_3", ""), {}),
        ({("bezit_cds", ""): 5}, ("bezit_cds", ""), {}),
        ({}, ("leden_jeugd", ""), {}),
        ({**COMBINED, ("subsidie_gemeente_exploitatie", ""): 5}, ("subsidie_gemeente_exploitatie", ""),
         {"subsidie_gemeente_exploitatie": 1}),
        ({("gecombineerd", ""): "nee", ("subsidie_gemeente_exploitatie", ""): 5}, ("subsidie_gemeente_exploitatie", ""),
         {"subsidie_gemeente_exploitatie": 1, "baten_bib": 1}),
    ],
)  # fmt: skip
def test_slopes(answers: dict[Key, int | str], key: Key, found: dict[str, float]) -> None:
    assert slopes_of(EDITION, context(answers), key) == found


def test_every_slope_is_what_working_it_all_out_again_gives() -> None:
    numbers = [one for one in EDITION.questions.values() if one.is_asked and one.kind.is_number]
    answers: dict[Key, int | str] = {("gecombineerd", ""): "nee"}
    for place, one in enumerate(numbers):
        for row in ROWS if one.repeats else ("",):
            answers[one.code, row] = 10 + place
    before = context(answers)
    parts = {part for rule in EDITION.rules for part in rule.left if before.closure.typed_totals(part)}
    for one in numbers:
        key = (one.code, "a" if one.repeats else "")
        if one.code in parts or key not in before.now.counted:
            continue
        step = 1_000
        after = context({**answers, key: int(answers[key]) + step})
        moved = {
            head.code: float(
                (after.now.number((head.code, "")) or Decimal(0))
                - (before.now.number((head.code, "")) or Decimal(0))
            )
            / step
            for head in EDITION.headlines
        }
        assert slopes_of(EDITION, before, key) == {code: slope for code, slope in moved.items() if slope}, key
