"""The block that splits off what is not library: its questions in order, their conditions and rules."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.non_library import code_of
from surveys.questionnaires.rule import Condition, Level, Rule, RuleKind
from surveys.questionnaires.schema import BlockRole, Edition, Formula, Operation, Question, Scope
from surveys.values import Kind
from tests.questionnaires.definitions import spoilt, write_edition

COMBINED = Condition("gecombineerd", ("ja",))
SPLIT = (COMBINED, Condition("bezoeken_nb_zit_erin", ("ja",)))
BY_AMOUNT = (*SPLIT, Condition("bezoeken_nb_invoer", ("aantal",)))
BY_PERCENTAGE = (*SPLIT, Condition("bezoeken_nb_invoer", ("percentage",)))


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    return load_edition(2001, write_edition(tmp_path))


def block(edition: Edition, total: str) -> list[Question]:
    return [question for question in edition.questions.values() if question.total == total]


def test_the_block_in_order(edition: Edition) -> None:
    assert [(q.code, q.role, q.only_if, q.kind, q.required) for q in block(edition, "bezoeken")] == [
        ("bezoeken_nb_zit_erin", BlockRole.GATE, (COMBINED,), Kind.CHOICE, True),
        ("bezoeken_nb_invoer", BlockRole.WAY, SPLIT, Kind.CHOICE, True),
        ("bezoeken_nb_aantal", BlockRole.AMOUNT, BY_AMOUNT, Kind.INTEGER, True),
        ("bezoeken_nb_percentage", BlockRole.PERCENTAGE, BY_PERCENTAGE, Kind.PERCENT, True),
        ("bezoeken_niet_bib", BlockRole.NON_LIBRARY, (), Kind.INTEGER, False),
        ("bezoeken_nb_podium", BlockRole.PART, SPLIT, Kind.INTEGER, False),
        ("bezoeken_nb_verhuur", BlockRole.PART, SPLIT, Kind.INTEGER, False),
        ("bezoeken_nb_rest", BlockRole.REST, SPLIT, Kind.INTEGER, False),
        ("bezoeken_nb_bron", BlockRole.BASIS, SPLIT, Kind.CHOICE, True),
        ("bezoeken_nb_uitleg", BlockRole.REASON, SPLIT, Kind.TEXT, True),
        ("bezoeken_bib", BlockRole.LIBRARY, (), Kind.INTEGER, False),
        ("bezoeken_bib_aandeel", BlockRole.LIBRARY_SHARE, (), Kind.PERCENT, False),
    ]


def test_its_formulas(edition: Edition) -> None:
    assert {q.code: q.formula for q in block(edition, "bezoeken") if q.formula} == {
        "bezoeken_niet_bib": Formula(
            Operation.NON_LIBRARY,
            (
                "bezoeken",
                "bezoeken_nb_zit_erin",
                "bezoeken_nb_invoer",
                "bezoeken_nb_aantal",
                "bezoeken_nb_percentage",
            ),
        ),
        "bezoeken_nb_rest": Formula(
            Operation.REMAINDER, ("bezoeken_niet_bib", "bezoeken_nb_podium", "bezoeken_nb_verhuur")
        ),
        "bezoeken_bib": Formula(Operation.DIFFERENCE, ("bezoeken", "bezoeken_niet_bib")),
        "bezoeken_bib_aandeel": Formula(Operation.SHARE, ("bezoeken_bib", "bezoeken")),
    }


def test_its_rules(edition: Edition) -> None:
    parts = ("bezoeken_nb_podium", "bezoeken_nb_verhuur")
    assert edition.by_code["bezit"].rules[:4] == (
        Rule(
            code="bezoeken_nb_binnen_totaal",
            kind=RuleKind.COMPARISON,
            left=("bezoeken_nb_aantal",),
            operator="<=",
            right=("bezoeken",),
            questionnaire="bezit",
        ),
        Rule(
            code="bezoeken_nb_delen",
            kind=RuleKind.COMPARISON,
            left=parts,
            operator="=",
            right=("bezoeken_niet_bib",),
            hint="Verdeel het hele deel over de regels, of verbeter het deel zelf.",
            questionnaire="bezit",
        ),
        Rule(code="bezoeken_nb_waarvoor", kind=RuleKind.PRESENCE, left=parts, questionnaire="bezit"),
        Rule(
            code="bezoeken_omvang",
            kind=RuleKind.SCOPE,
            left=("bezoeken",),
            right=("bezoeken_bib", "bezoeken_niet_bib", "bezoeken_nb_zit_erin"),
            margin=Decimal(2),
            level=Level.WARNING,
            hint="Kijk eerst of u dezelfde instelling bedoelt als vorig jaar: alles samen, of alleen de bibliotheek.",
            questionnaire="bezit",
        ),
    )


def test_amounts_are_in_the_unit_of_the_total(edition: Edition) -> None:
    facts = {
        (q.unit, q.kind, q.decimals, q.minimum, q.maximum)
        for q in block(edition, "boeken")
        if q.role
        in (BlockRole.AMOUNT, BlockRole.NON_LIBRARY, BlockRole.PART, BlockRole.REST, BlockRole.LIBRARY)
    }
    assert facts == {("boeken", Kind.INTEGER, 0, Decimal(0), Decimal(100_000_000))}


def test_its_words_name_what_is_counted(edition: Edition) -> None:
    questions = edition.questions
    gate, part, own = (questions[f"bezoeken_nb_{one}"] for one in ("zit_erin", "podium", "verhuur"))
    assert (gate.label, gate.help) == (
        "Zitten hierin bezoeken van een andere functie?",
        "Denk aan bezoeken van het theater.",
    )
    assert (part.label, part.help) == ("Waarvan theater en podium", "De bezoeken voor theater en podium.")
    assert own.label == "Waarvan verhuur van zalen"
    assert gate.choices == {"ja": "Ja", "nee": "Nee", "weet_niet": "Dat weet ik niet"}
    assert (gate.variables, part.variables, own.variables) == (("B110",), ("B111",), ())


def test_the_total_is_of_the_whole_institution_and_only_the_rest_is_library(edition: Edition) -> None:
    total = edition.questions["boeken"]
    assert (total.scope, total.guidance) == (Scope.INSTITUTION, "Alleen boeken om uit te lenen.")
    assert {q.role: q.scope for q in block(edition, "boeken")} == {
        role: Scope.LIBRARY if role in (BlockRole.LIBRARY, BlockRole.LIBRARY_SHARE) else Scope.NON_LIBRARY
        for role in BlockRole
    }


def test_a_block_is_asked_only_where_its_total_is(edition: Edition) -> None:
    asked = Condition("heeft_collectie", ("ja",))
    assert {q.only_if[:1] for q in block(edition, "boeken")} == {(asked,)}
    assert edition.questions["boeken_nb_zit_erin"].only_if == (asked, COMBINED)


def test_parts_beyond_the_first_come_in_their_order(tmp_path: Path) -> None:
    files = spoilt("bezit", 'parts = ["podium", "verhuur"]', 'parts = ["verhuur", "overig", "podium"]')
    edition = load_edition(2001, write_edition(tmp_path, files=files))
    parts = [q.code for q in block(edition, "bezoeken") if q.role is BlockRole.PART]
    assert parts == ["bezoeken_nb_verhuur", "bezoeken_nb_overig", "bezoeken_nb_podium"]


@pytest.mark.parametrize(
    ("role", "part", "code"),
    [
        (BlockRole.GATE, "", "baten_nb_zit_erin"),
        (BlockRole.PART, "horeca", "baten_nb_horeca"),
        (BlockRole.NON_LIBRARY, "", "baten_niet_bib"),
        (BlockRole.LIBRARY, "", "baten_bib"),
    ],
)
def test_codes_follow_from_total_and_role(role: BlockRole, part: str, code: str) -> None:
    assert code_of("baten", role, part) == code
