"""manage.py backtest_rules: what it prints, and when it refuses."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.rule import RuleKind
from tests.factories import YEAR, complete, make_library, submission_of, take_part
from tests.queries.test_backtest import RIGHT, RULE, WRONG, delivered, hand_in

pytestmark = pytest.mark.django_db


def run(**options: object) -> list[str]:
    out = StringIO()
    call_command("backtest_rules", stdout=out, **options)
    return out.getvalue().splitlines()


def test_a_line_per_rule_in_columns_with_their_sums() -> None:
    delivered(1, WRONG, RIGHT)
    lines = run(year=YEAR, questionnaire="personeel")
    own = [one for one in load_edition(YEAR).by_code["personeel"].rules if one.kind is not RuleKind.PRESENCE]
    header, title, *rules, total = lines
    assert header.split() == ["beoordeeld", "zweeg", "ging", "af", "getoond", "gewijzigd", "uitgelegd"]
    assert title == "personeel (1 ingediend)"
    assert [line.split()[0] for line in rules] == [rule.code for rule in own]
    [line] = [line for line in rules if line.split()[0] == RULE]
    assert line.split()[1:] == ["1", "0", "1", "1", "1", "0"]
    assert {len(line) for line in (header, *rules, total)} == {len(header)}
    assert total.startswith(f"samen ({len(own)} controles)")


def test_all_lists_and_the_rules_of_another_year() -> None:
    delivered(1, RIGHT)
    assert {"personeel (1 ingediend)", "financieel (0 ingediend)"} <= set(run(year=YEAR))
    assert any(line.startswith(RULE) for line in run(year=YEAR, rules_of=YEAR - 1))


def test_a_rule_that_only_costs_time_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveys.rules.backtest.ENOUGH", 1)
    library = make_library()
    take_part(library)
    complete(submission_of(library, "personeel"))
    hand_in(library, "personeel")
    assert any(line.endswith("  nooit afgegaan") for line in run(year=YEAR, questionnaire="personeel"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"year": 1850}, f"Er is geen verslagjaar 1850. Kies uit {', '.join(map(str, years()))}."),
        ({"rules_of": 1850}, f"Er is geen verslagjaar 1850. Kies uit {', '.join(map(str, years()))}."),
        (
            {"questionnaire": "bezitt"},
            "Er is geen vragenlijst ‘bezitt’. Kies uit profiel, bezit, kernfuncties, personeel, financieel.",
        ),
        ({}, f"Meetjaar {YEAR} staat niet in deze database."),
    ],
)
def test_refuses_what_there_is_not(options: dict[str, object], message: str) -> None:
    with pytest.raises(CommandError) as refused:
        run(**{"year": YEAR, **options})
    assert str(refused.value) == message


def test_refuses_a_year_of_which_nothing_was_delivered() -> None:
    take_part(make_library())
    with pytest.raises(CommandError, match="nog geen vragenlijst ingediend"):
        run(year=YEAR)
