"""The rare rules with a function of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from surveys.questionnaires.lint import load_all
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.rule import RuleKind
from surveys.rules import Outcome, judge
from surveys.rules.named import FUNCTIONS, unknown_functions
from surveys.values import NOT_APPLICABLE, UNKNOWN
from tests.questionnaires.definitions import spoilt, write_edition
from tests.rules.world import HOLDS, SILENT, Scalar, context, per_location, rule, said

EQUAL = rule(RuleKind.FUNCTION, "bezoeken", function="equal_locations")
TOLD = "‘Bezoeken’ is bij twee locaties precies gelijk: {}."


@pytest.mark.parametrize(
    ("visits", "told"),
    [
        ({"1": 12_345, "2": 12_345}, [HOLDS, TOLD.format("12.345")]),
        ({"1": 12_345, "2": 12_346}, [HOLDS, HOLDS]),
        ({"1": 12_345, "2": 500, "3": 12_345}, [HOLDS, HOLDS, TOLD.format("12.345")]),
        ({"1": 1000, "2": 1000, "3": 1000}, [HOLDS, TOLD.format("1.000"), TOLD.format("1.000")]),
        ({"1": 999, "2": 999}, [HOLDS, HOLDS]),
        ({"1": 0, "2": 0}, [HOLDS, HOLDS]),
        ({"2": 12_345}, [SILENT, HOLDS]),
        ({"1": 12_345}, [HOLDS, SILENT]),
        ({"1": UNKNOWN, "2": UNKNOWN}, [SILENT, SILENT]),
        ({"1": NOT_APPLICABLE, "2": 12_345}, [SILENT, HOLDS]),
        ({}, [SILENT, SILENT]),
    ],
)
def test_two_locations_with_the_same_figure(visits: dict[str, Scalar], told: list[str | None]) -> None:
    rows = tuple(sorted(visits.keys() | {"1", "2"}))
    around = context(
        {("bezoeken", row): one for row, one in visits.items()}, questions=per_location(), rows=rows
    )
    assert [said(EQUAL, around, row) for row in rows] == told


def test_it_is_told_once_and_mildly() -> None:
    around = context(
        {("bezoeken", "2"): 5000, ("bezoeken", "1"): 5000}, questions=per_location(), rows=("2", "1")
    )
    assert judge(EQUAL, around, "2") == Outcome(holds=False, message=TOLD.format("5.000"), deviation=0.2)
    assert said(EQUAL, around, "1") == HOLDS


def test_every_function_is_used() -> None:
    used = {
        rule.function for edition in load_all() for rule in edition.rules if rule.kind is RuleKind.FUNCTION
    }
    assert used == set(FUNCTIONS)


def test_fewer_than_one_rule_in_twenty_has_a_function() -> None:
    for edition in load_all():
        written = {(one.questionnaire, one.family or one.code): one for one in edition.rules}
        named = [one for one in written.values() if one.kind is RuleKind.FUNCTION]
        assert len(named) * 20 < len(written)


def test_a_function_that_is_not_here_is_refused_by_file_and_rule(tmp_path: Path) -> None:
    fault = '[[rule]]\ncode = "gelijk"\nkind = "function"\nleft = ["uren"]\nfunction = "gelijke_locaties"\n'
    files = spoilt("bezit", "tolerance = 0.5", f"tolerance = 0.5\n{fault}")
    edition = load_edition(2001, write_edition(tmp_path, files=files))
    assert [str(one) for one in unknown_functions([edition], tmp_path)] == [
        "2001/bezit.toml: gelijk: function: ‘gelijke_locaties’ bestaat niet; kies uit equal_locations"
    ]


def test_the_real_editions_name_only_functions_that_are_here() -> None:
    assert list(unknown_functions(load_all())) == []
