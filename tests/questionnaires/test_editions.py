"""The real editions: complete, readable, and a question is one edit in one file."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest

from surveys.exports.codebook import codebook
from surveys.questionnaires.layout import parts_of
from surveys.questionnaires.lint import lint, load_all, statutory_items
from surveys.questionnaires.loader import ROOT, load_edition, years
from surveys.questionnaires.rule import RuleKind
from surveys.questionnaires.schema import Edition, Operation

INVENTORY = Path(__file__).parent.parent / "data" / "inventory.csv"
"""What the KB is known to ask for, by code, with how sure that is (S, P or X)."""
PERSONS = {"A005", "A006"}
"""Contact persons: personal data, shown from the accounts and never asked."""


@pytest.fixture(params=years(), ids=str)
def edition(request: pytest.FixtureRequest) -> Edition:
    return load_edition(request.param)


def test_every_edition_is_sound() -> None:
    assert list(lint(load_all())) == []


def test_every_statutory_item_is_answered(edition: Edition) -> None:
    assert {item for question in edition.questions.values() for item in question.source} == set(
        statutory_items()
    )


def test_every_variable_of_the_inventory_is_answered(edition: Edition) -> None:
    with INVENTORY.open(encoding="utf-8", newline="") as file:
        wanted = {row["code"] for row in csv.DictReader(file)}
    covered = {one for question in edition.questions.values() for one in question.variables}
    assert wanted - covered == PERSONS


def test_every_text_fits(edition: Edition) -> None:
    for question in edition.questions.values():
        assert question.label
        assert len(question.label) <= 200
        assert len(question.help) <= 600
        assert all(question.labels.values())
        assert not re.search(r"[{}]|\s\s", question.label)
        assert question.number
    for questionnaire in edition.questionnaires:
        assert questionnaire.title
        assert all(section.title and section.questions for section in questionnaire.sections)


def test_no_question_asks_for_the_name_of_a_person(edition: Edition) -> None:
    asked = [q.label.lower() for q in edition.questions.values() if q.is_asked]
    persons = re.compile(
        r"contactpersoon|naam van (de|uw) (directeur|medewerker|persoon)|e-mail|telefoon|geboorte"
    )
    assert [label for label in asked if persons.search(label)] == []


def test_every_number_but_a_ratio_has_a_unit(edition: Edition) -> None:
    without = [q for q in edition.questions.values() if q.kind.is_number and not q.unit]
    assert [q.code for q in without if not (q.formula and q.formula.operation is Operation.RATIO)] == []


def test_every_rule_judges_an_answer_of_its_own_list(edition: Edition) -> None:
    """Otherwise it could be told nowhere. What is still to do is about nothing else."""
    for questionnaire in edition.questionnaires:
        for rule in questionnaire.rules:
            assert not questionnaire.questions.keys().isdisjoint(rule.reads)
            if rule.kind is RuleKind.PRESENCE:
                assert questionnaire.questions.keys() >= {*rule.left}


def test_every_written_rule_says_what_usually_went_wrong(edition: Edition) -> None:
    written = [
        one
        for one in edition.rules
        if not edition.questions[one.left[0]].total and not one.code.endswith("_omvang")
    ]
    assert [one.code for one in written if not one.hint] == []


def test_a_code_that_stays_stays_the_same_kind_of_rule() -> None:
    for before, now in zip(map(load_edition, years()), map(load_edition, years()[1:]), strict=False):
        kinds = {rule.code: rule.kind for rule in before.rules}
        assert [one.code for one in now.rules if kinds.get(one.code, one.kind) is not one.kind] == []


def test_a_new_question_is_one_edit(tmp_path: Path) -> None:
    year = years()[-1]
    shutil.copytree(ROOT / str(year), tmp_path / str(year))
    path = tmp_path / str(year) / "personeel.toml"
    head, mark, tail = path.read_text("utf-8").partition("[[section.question]]")
    new = 'code = "stagiairs"\nlabel = "Stagiairs"\nkind = "integer"\nunit = "personen"\n\n'
    path.write_text(f"{head}{mark}\n{new}{mark}{tail}", "utf-8")

    (edition,) = load_all(tmp_path)
    real = load_edition(year)
    assert set(edition.questions) - set(real.questions) == {"stagiairs"}
    section = edition.by_code["personeel"].sections[0]
    assert parts_of(section)[0].question is edition.questions["stagiairs"]  # type: ignore[union-attr]
    assert edition.questions["stagiairs"].number == "1.1"
    rows = codebook(edition, edition.questionnaires).rows
    assert [row[:2] for row in rows if row[0] == "stagiairs"] == [("stagiairs", "1.1")]
    assert len(rows) == len(real.questions) + 1


def test_the_key_figures_are_about_the_library_and_stand_in_every_year(edition: Edition) -> None:
    assert {one.code for one in edition.headlines} == {
        "uitleningen_totaal",
        "leden_jeugd",
        "leden",
        "bezoeken_bib",
        "activiteiten_bib",
        "deelnemers_bib",
        "personeel_fte_bib",
        "subsidie_gemeente_exploitatie",
        "baten_bib",
        "lasten_bib",
    }
    assert not any(one.guidance for one in edition.headlines)
