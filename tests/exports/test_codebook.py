"""The definition as tables."""

from __future__ import annotations

from pathlib import Path

from surveys.exports.codebook import codebook, coverage, statutory
from surveys.questionnaires.lint import statutory_items
from surveys.questionnaires.schema import Edition
from tests.exports.edition import make_edition


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
