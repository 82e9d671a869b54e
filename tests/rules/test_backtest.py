"""What a rule came to over organisations: counted once for each row, on what was first given and on what stands now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from surveys.questionnaires.closure import Closure
from surveys.questionnaires.dependencies import in_order
from surveys.questionnaires.figures import evaluate
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.rule import Level, Rule, RuleKind
from surveys.questionnaires.schema import Edition
from surveys.rules.backtest import ENOUGH, Backtest, Tally, verdict
from surveys.rules.context import Context
from surveys.values import Key, Value
from tests.questionnaires.definitions import GOOD, write_edition

RULES = """
[[rule]]
code = "hoogstens"
kind = "range"
left = ["personen"]
high = 100

[[rule]]
code = "ruim_hoogstens"
kind = "ratio"
left = ["personen"]
right = ["subsidie"]
factor = 1000
high = 10

[[rule]]
code = "ruimer_hoogstens"
kind = "ratio"
left = ["personen"]
right = ["subsidie"]
high = 0.1

[[rule]]
code = "gegeven"
kind = "presence"
left = ["personen"]
"""


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    files = {**GOOD, "personeel": GOOD["personeel"] + RULES}
    return load_edition(2001, write_edition(tmp_path, files=files))


def context(edition: Edition, answers: Mapping[Key, int | str], rows: tuple[str, ...] = ()) -> Context:
    values = {key: Value.of(one) for key, one in answers.items()}
    return Context(
        questions=edition.questions,
        closure=Closure(edition.questions, edition.rules),
        now=evaluate(in_order(edition.questions), values, rows),
        rows=rows,
    )


PERSONS, SUBSIDY = ("personen", ""), ("subsidie", "")
BOTH = frozenset({"personeel", "financieel"})


def test_what_holds_is_evaluated_and_what_misses_data_is_silent(edition: Edition) -> None:
    found = Backtest(edition, edition.questions)
    now = context(edition, {PERSONS: 50})
    found.add(now, now, delivered=BOTH)
    assert found.tallies["hoogstens"] == Tally(evaluated=1)
    assert found.tallies["ruim_hoogstens"] == Tally(silent=1)
    assert "gegeven" not in found.tallies
    assert found.delivered == {"personeel": 1, "financieel": 1}


def test_only_what_was_delivered_with_all_that_it_reads_is_judged(edition: Edition) -> None:
    found = Backtest(edition, edition.questions)
    now = context(edition, {PERSONS: 200, SUBSIDY: 1000})
    found.add(now, now, delivered=frozenset({"personeel"}))
    found.add(now, now, delivered=frozenset())
    assert found.tallies["hoogstens"] == Tally(evaluated=1, fired=1, shown=1)
    assert found.tallies["ruim_hoogstens"] == Tally()


def test_of_one_cause_one_signal_is_shown(edition: Edition) -> None:
    found = Backtest(edition, edition.questions)
    now = context(edition, {PERSONS: 200, SUBSIDY: 1000})
    found.add(now, now, delivered=BOTH)
    tallies = [found.tallies[code] for code in ("ruim_hoogstens", "ruimer_hoogstens")]
    assert [one.fired for one in tallies] == [1, 1]
    assert sum(one.shown for one in tallies) == 1


def test_changed_afterwards_is_what_fired_on_the_first_answers_and_no_longer_does(edition: Edition) -> None:
    found = Backtest(edition, edition.questions)
    wrong, right, wrong_still = (context(edition, {PERSONS: number}) for number in (5000, 50, 500))
    found.add(right, wrong, delivered=BOTH)
    found.add(wrong_still, wrong, delivered=BOTH)
    found.add(wrong, right, delivered=BOTH)
    assert found.tallies["hoogstens"] == Tally(evaluated=3, fired=3, shown=3, changed=1)
    assert found.tallies["hoogstens"].corrected == pytest.approx(1 / 3)


def test_an_explanation_counts_where_the_rule_fired(edition: Edition) -> None:
    found = Backtest(edition, edition.questions)
    right, wrong = (context(edition, {PERSONS: number}) for number in (50, 500))
    explained = frozenset({("hoogstens", "")})
    found.add(wrong, wrong, delivered=BOTH, explained=explained)
    found.add(right, right, delivered=BOTH, explained=explained)
    assert found.tallies["hoogstens"] == Tally(evaluated=2, fired=1, shown=1, explained=1)


def test_a_rule_per_location_counts_every_location(edition: Edition) -> None:
    found = Backtest(edition, edition.questions)
    now = context(
        edition,
        {("uren", "A"): 10, ("uren_bemand", "A"): 20, ("uren", "B"): 10, ("uren_bemand", "B"): 9, ("uren", "C"): 1},
        rows=("A", "B", "C"),
    )  # fmt: skip
    found.add(now, now, delivered=frozenset({"bezit"}))
    assert found.tallies["bemand_binnen_open"] == Tally(evaluated=2, silent=1, fired=1, shown=1)


def test_rules_of_another_year_are_tried_as_far_as_that_year_asked_what_they_read(edition: Edition) -> None:
    without = {code: one for code, one in edition.questions.items() if code != "subsidie"}
    assert "hoogstens" in Backtest(edition, without).tallies
    assert "ruim_hoogstens" not in Backtest(edition, without).tallies


def test_tallies_add_up() -> None:
    assert Tally(1, 2, 3, 4, 5, 6) + Tally(10, 20, 30, 40, 50, 60) == Tally(11, 22, 33, 44, 55, 66)
    assert Tally().corrected is None


@pytest.mark.parametrize(
    ("level", "tally", "words"),
    [
        (Level.WARNING, Tally(evaluated=ENOUGH, fired=3), "overweeg te schrappen"),
        (Level.WARNING, Tally(evaluated=ENOUGH), "nooit afgegaan"),
        (Level.WARNING, Tally(evaluated=ENOUGH - 1, fired=3), ""),
        (Level.WARNING, Tally(evaluated=ENOUGH, fired=3, changed=1), ""),
        (Level.ERROR, Tally(evaluated=ENOUGH, fired=3), ""),
    ],
)
def test_a_signal_that_never_corrected_anything_could_go(level: Level, tally: Tally, words: str) -> None:
    assert verdict(Rule(code="r", kind=RuleKind.RANGE, left=("a",), level=level), tally) == words
