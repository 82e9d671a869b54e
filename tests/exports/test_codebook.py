"""The definition as tables."""

from __future__ import annotations

from pathlib import Path

from surveys.exports.codebook import checks, codebook, coverage, statutory
from surveys.questionnaires.lint import statutory_items
from surveys.questionnaires.schema import Edition
from tests.exports.edition import FILES, make_edition


def test_codebook_has_a_row_per_question_in_order(edition: Edition) -> None:
    listing = codebook(edition, edition.questionnaires)
    assert [row[0] for row in listing.rows] == list(edition.questions)
    assert {len(row) for row in listing.rows} == {len(listing.columns)}
    assert [row[0] for row in codebook(edition, [edition.by_code["personeel"]]).rows] == ["verzuim"]


def test_codebook_says_all_of_a_question(edition: Edition) -> None:
    listing = codebook(edition, edition.questionnaires)
    headers = [column.header for column in listing.columns]
    rows = {str(row[0]): dict(zip(headers, row, strict=True)) for row in listing.rows}
    assert rows["bezoeken"] == {
        "code": "bezoeken",
        "nummer": "2.1",
        "vragenlijst": "bezit",
        "deel": "Bezoek",
        "omschrijving": "Bezoeken",
        "definitie": "Tel elke keer. Ook de bus. Film telt niet.",
        "soort": "geheel getal",
        "eenheid": "bezoeken",
        "keuzes": None,
        "herkomst": "ingevuld door de bibliotheek",
        "berekening": None,
        "alleen_als": None,
        "geldt_voor": "de hele instelling",
        "per_vestiging": "nee",
        "blad": "Bezit",
        "wettelijk": "I.a1; I.b1",
        "variabelen": "B100",
        "vervangt": "oud",
    }
    assert rows["wijze"]["keuzes"] == "poort = Telpoort; hand = Met de hand"
    assert rows["waarom_hand"]["alleen_als"] == "wijze is ‘Met de hand’"
    assert rows["uren_totaal"]["berekening"] == "de som van uren over alle locaties"
    assert rows["uren"]["blad"] == "Vestigingen"
    assert rows["uren"]["per_vestiging"] == "ja"
    assert rows["cursisten"]["herkomst"] == "aangeleverd door een ander onderzoek"


RULES = """
[[rule]]
code = "uren_tussen"
kind = "range"
left = ["uren"]
low = 1
high = {high}
hint = "Tel per week."
only_if = {{question = "gecombineerd", is = "nee"}}

[[rule]]
code = "sprong"
kind = "change"
each = ["uren_totaal"]
margin = 20
"""


def _with_rules(root: Path, high: int) -> Edition:
    root.mkdir()
    return make_edition(root, bezit=FILES["bezit"] + RULES.format(high=high))


def test_checks_has_a_row_per_rule_with_what_was_another_bound_last_year(tmp_path: Path) -> None:
    earlier, edition = _with_rules(tmp_path / "before", 80), _with_rules(tmp_path / "now", 90)
    listing = checks(edition, edition.questionnaires, earlier)
    assert listing
    assert [row[0] for row in listing.rows] == [rule.code for rule in edition.rules]
    assert {len(row) for row in listing.rows} == {len(listing.columns)}
    headers = [column.header for column in listing.columns]
    rows = {str(row[0]): dict(zip(headers, row, strict=True)) for row in listing.rows}
    assert rows["uren_tussen"] == {
        "code": "uren_tussen",
        "vragenlijst": "bezit",
        "niveau": "signaal",
        "soort": "gebruikelijke waarde",
        "controle": "‘Uren open’ ligt meestal binnen de grenzen, per locatie",
        "grens": "tussen 1 en 90 uren",
        "grens_vorig_jaar": "tussen 1 en 80 uren",
        "alleen_als": "‘Gecombineerd?’ (Profiel van de organisatie) is ‘Nee’",
        "aanwijzing": "Tel per week.",
        "vragen": "uren",
        "groep": None,
    }
    assert (rows["sprong_uren_totaal"]["groep"], rows["sprong_uren_totaal"]["grens_vorig_jaar"]) == (
        "sprong",
        None,
    )
    assert rows["bezoeken_nb_waarvoor"]["niveau"] == "nog te doen"


def test_checks_of_the_first_year_and_of_a_list_without_rules(edition: Edition) -> None:
    first = checks(edition, edition.questionnaires, None)
    assert first
    assert {row[6] for row in first.rows} == {None}
    assert checks(edition, [edition.by_code["personeel"]], None) is None


def test_statutory_has_every_item_with_the_questions_that_answer_it(edition: Edition) -> None:
    listing = statutory(edition)
    assert [row[0] for row in listing.rows] == list(statutory_items())
    assert {len(row) for row in listing.rows} == {len(listing.columns)}
    rows = {row[0]: row for row in listing.rows}
    assert rows["I.f7"][3:] == ("financieel", "1.1", "subsidie", "Subsidie")
    assert rows["I.f1"][3:] == (None, None, None, None)


def test_coverage_leaves_what_is_no_item_to_lint(tmp_path: Path) -> None:
    strange = make_edition(
        tmp_path,
        personeel="""
code = "personeel"
title = "Personeel"
[[section]]
code = "mensen"
title = "Mensen"
[[section.question]]
code = "verzuim"
label = "Verzuim"
kind = "percent"
source = ["II.z9"]
""",
    )
    assert list(coverage(strange)) == list(statutory_items())
