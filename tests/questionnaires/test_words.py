"""A definition in Dutch words."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.rule import Condition
from surveys.questionnaires.schema import Edition, Formula, Operation, Question, Scope
from surveys.questionnaires.words import (
    KIND_WORDS,
    SCOPE_WORDS,
    condition_in_words,
    formula_in_words,
    kind_in_words,
    origin_in_words,
)
from surveys.values import Kind
from tests.questionnaires.definitions import write_edition


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    return load_edition(2001, write_edition(tmp_path))


@pytest.mark.parametrize(
    ("kind", "decimals", "words"),
    [
        (Kind.INTEGER, 0, "geheel getal"),
        (Kind.DECIMAL, 0, "getal"),
        (Kind.DECIMAL, 2, "getal, hoogstens 2 cijfers achter de komma"),
        (Kind.PERCENT, 1, "percentage, hoogstens 1 cijfer achter de komma"),
        (Kind.EURO, 0, "bedrag in hele euro’s"),
        (Kind.YES_NO, 0, "ja of nee"),
        (Kind.CHOICE, 0, "keuze uit een lijst"),
        (Kind.TEXT, 0, "tekst"),
        (Kind.DATE, 0, "datum"),
    ],
)
def test_kinds(kind: Kind, decimals: int, words: str) -> None:
    assert kind_in_words(Question(code="q", label="Q", kind=kind, decimals=decimals)) == words


def test_every_kind_and_scope_has_its_words() -> None:
    assert (set(KIND_WORDS), set(SCOPE_WORDS)) == (set(Kind), set(Scope))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("naam", "uit een register"),
        ("bezoeken", "berekend"),
        ("partners_lijst", "aangeleverd door de partnerlijst"),
        ("personen", "ingevuld door de bibliotheek"),
    ],
)
def test_origins(edition: Edition, code: str, words: str) -> None:
    assert origin_in_words(edition.questions[code]) == words


@pytest.mark.parametrize(
    ("operation", "operands", "words"),
    [
        (Operation.SUM, "a", "de som van ‘A’"),
        (Operation.SUM, "ab", "de som van ‘A’ en ‘B’"),
        (Operation.SUM, "abc", "de som van ‘A’, ‘B’ en ‘C’"),
        (Operation.DIFFERENCE, "abc", "‘A’ min ‘B’ en ‘C’"),
        (Operation.REMAINDER, "ab", "‘A’ min ‘B’ (voor zover ingevuld)"),
        (Operation.SHARE, "ab", "‘A’ als percentage van ‘B’"),
        (Operation.RATIO, "ab", "‘A’ gedeeld door ‘B’"),
        (Operation.DIVIDE, "a", "‘A’ gedeeld door 1.000"),
        (Operation.COUNT_YES, "ab", "hoe vaak ja bij ‘A’ en ‘B’"),
        (Operation.ANY_YES, "ab", "ja als minstens één ja is van ‘A’ en ‘B’"),
        (Operation.SUM_ROWS, "a", "de som van ‘A’ over alle locaties"),
        (Operation.COUNT_ROWS_YES, "a", "het aantal locaties met ja bij ‘A’"),
        (
            Operation.NON_LIBRARY,
            "abcde",
            "‘D’, of ‘E’ van ‘A’; 0 als het antwoord op ‘B’ nee is of die vraag niet is gesteld",
        ),
    ],
)
def test_formulas(operation: Operation, operands: str, words: str) -> None:
    questions = {code: Question(code=code, label=code.upper(), kind=Kind.INTEGER) for code in "abcde"}
    divisor = Decimal(1000) if operation is Operation.DIVIDE else None
    figure = Question(
        code="f", label="F", kind=Kind.INTEGER, formula=Formula(operation, tuple(operands), divisor)
    )
    assert formula_in_words(figure, questions) == words
    assert formula_in_words(questions["a"], questions) == ""


def test_conditions(edition: Edition) -> None:
    questions = edition.questions
    assert [
        condition_in_words(questions[code], questions)
        for code in ("personen", "muziek", "bezoeken_nb_invoer")
    ] == [
        "",
        "‘Hebt u een collectie?’ is ‘Ja’",
        (
            "‘Bent u een gecombineerde instelling?’ is ‘Ja’ en "
            "‘Zitten hierin bezoeken van een andere functie?’ is ‘Ja’"
        ),
    ]


def test_a_condition_on_several_answers_by_number() -> None:
    gate = Question(
        code="g", label="G", kind=Kind.CHOICE, choices={"a": "A", "b": "B", "c": "C"}, number="1.1"
    )
    one = Question(code="q", label="Q", kind=Kind.TEXT, only_if=(Condition("g", ("a", "b", "c")),))
    assert (
        condition_in_words(one, {"g": gate}, lambda q: f"vraag {q.number}") == "vraag 1.1 is ‘A’, ‘B’ of ‘C’"
    )


@pytest.mark.parametrize("year", years())
def test_all_that_is_computed_or_asked_sometimes_can_be_said(year: int) -> None:
    edition = load_edition(year)
    for questionnaire in edition.questionnaires:
        known = {**edition.profile.questions, **questionnaire.questions}
        for question in questionnaire.questions.values():
            assert bool(formula_in_words(question, known)) == bool(question.formula)
            assert bool(condition_in_words(question, known)) == bool(question.only_if)
