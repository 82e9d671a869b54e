"""What changed in the rules between two years."""

from __future__ import annotations

from pathlib import Path

import pytest

from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import Edition
from surveys.rules.changes import RuleChanges, rule_changes
from tests.questionnaires.definitions import GOOD, write_edition

PERSONEEL = """
[[section.question]]
code = "fte"
label = "Fte"
kind = "decimal"

[[rule]]
code = "personen_van_tot"
kind = "range"
left = ["personen"]
low = 1
high = 500
only_if = {question = "gecombineerd", is = "ja"}

[[rule]]
code = "sprong"
kind = "change"
each = ["personen", "fte"]
margin = 20
"""


def changes(tmp_path: Path, old: str, new: str) -> RuleChanges:
    """Of personeel, when in the later year `old` has become `new`."""
    personeel = GOOD["personeel"] + PERSONEEL
    assert personeel.count(old) == 1
    write_edition(tmp_path, 2001, {**GOOD, "personeel": personeel})
    write_edition(tmp_path, 2002, {**GOOD, "personeel": personeel.replace(old, new)})
    earlier, later = load_edition(2001, tmp_path), load_edition(2002, tmp_path)
    found = rule_changes(earlier, later)
    assert not any(one for code, one in found.items() if code != "personeel")
    return found["personeel"]


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("high = 500", "high = 400", ("grens",)),
        ("low = 1\n", "", ("grens",)),
        ('only_if = {question = "gecombineerd", is = "ja"}', "", ("voorwaarde",)),
        ("high = 500", 'high = 500\nlevel = "error"', ("zwaarte",)),
        ('left = ["personen"]', 'left = ["fte"]', ("vergelijking",)),
        ("margin = 20", "margin = 25", ("grens",)),
    ],
)
def test_a_rule_that_is_another_says_in_what(
    tmp_path: Path, old: str, new: str, parts: tuple[str, ...]
) -> None:
    found = changes(tmp_path, old, new)
    assert [one.parts for one in found.changed] == [parts]
    assert (found.new, found.gone) == ((), ())


def test_new_and_retired_rules(tmp_path: Path) -> None:
    found = changes(tmp_path, 'code = "personen_van_tot"', 'code = "personen_anders"')
    assert [one.code for one in found.new] == ["personen_anders"]
    assert [one.code for one in found.gone] == ["personen_van_tot"]
    assert found.changed == ()


def test_a_family_that_gains_and_loses_a_question(tmp_path: Path) -> None:
    more = changes(tmp_path / "more", 'each = ["personen", "fte"]', 'each = ["fte"]')
    assert [([q.code for q in one.new], [q.code for q in one.gone]) for one in more.changed] == [
        ([], ["personen"])
    ]


def test_new_words_and_a_successor_are_no_change_of_the_rule(tmp_path: Path) -> None:
    assert not changes(tmp_path / "words", 'label = "Fte"', 'label = "Voltijdbanen"')
    personeel = GOOD["personeel"] + PERSONEEL
    successor = personeel.replace('"personen"', '"mensen_in_dienst"').replace(
        'label = "Personen in dienst"', 'label = "Mensen"\nreplaces = ["personen"]'
    )
    assert not _between(tmp_path, personeel, successor)["personeel"].changed


def _between(tmp_path: Path, before: str, now: str) -> dict[str, RuleChanges]:
    write_edition(tmp_path / "two", 2001, {**GOOD, "personeel": before})
    write_edition(tmp_path / "two", 2002, {**GOOD, "personeel": now})
    editions: list[Edition] = [load_edition(year, tmp_path / "two") for year in (2001, 2002)]
    return dict(rule_changes(*editions))
