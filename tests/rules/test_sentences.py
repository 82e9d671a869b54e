"""What a rule compares and where its bounds are, in words: one sentence per kind."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.rule import Level, Rule, RuleKind
from surveys.questionnaires.schema import Question
from surveys.questionnaires.words import by_label
from surveys.rules.named import FUNCTIONS
from surveys.rules.sentences import Told, bounds, listed, what
from surveys.values import Kind

QUESTIONS = {
    code: Question(code=code, label=label, kind=kind)
    for code, label, kind in (
        ("a", "Boeken", Kind.INTEGER),
        ("b", "Films", Kind.INTEGER),
        ("c", "Muziek", Kind.INTEGER),
        ("d", "Games", Kind.INTEGER),
        ("e", "Kaarten", Kind.INTEGER),
        ("bus", "Rijdt er een bus?", Kind.YES_NO),
        ("balie", "Is er een balie?", Kind.YES_NO),
    )
}


def rule(kind: RuleKind, left: str, right: str = "", **facts: object) -> Rule:
    """Codes of one letter; numbers as they are written."""
    numbers = {key: Decimal(str(one)) if isinstance(one, int | float) else one for key, one in facts.items()}
    made = Rule(
        code="r", kind=kind, left=tuple(left.split()), right=tuple(right.split()), level=Level.WARNING
    )
    return replace(made, **numbers)  # type: ignore[arg-type]


K = RuleKind
SUM = rule(K.COMPARISON, "a b", "c", operator="=", level=Level.ERROR)
FLOW = rule(K.COMPARISON, "a", "b", operator="=", minus=("c", "d"), last=("a",))


@pytest.mark.parametrize(
    ("one", "sentence", "where"),
    [
        (SUM, "De som van ‘Boeken’ en ‘Films’ moet gelijk zijn aan ‘Muziek’", ""),
        (
            replace(SUM, operator="<=", tolerance=Decimal(5)),
            "De som van ‘Boeken’ en ‘Films’ mag niet meer zijn dan ‘Muziek’",
            "een verschil tot 5 stuks mag",
        ),
        (
            replace(SUM, operator=">=", margin=Decimal(10), level=Level.WARNING),
            "De som van ‘Boeken’ en ‘Films’ is meestal niet minder dan ‘Muziek’",
            "een verschil tot 10% mag",
        ),
        (
            replace(FLOW, margin=Decimal(5), tolerance=Decimal(50)),
            "‘Boeken’ past bij ‘Boeken’ van vorig jaar plus ‘Films’ min ‘Muziek’ en ‘Games’",
            "een verschil tot 5% mag, of tot 50 stuks als dat meer is",
        ),
        (
            rule(K.COMPARISON, "a", operator="<=", last=("b",)),
            "‘Boeken’ is meestal niet meer dan ‘Films’ van vorig jaar",
            "",
        ),
        (
            rule(K.PRESENCE, "a b c d e"),
            "Minstens één van de 5 vragen van ‘Boeken’ tot en met ‘Kaarten’ is ingevuld",
            "",
        ),
        (
            rule(K.RANGE, "a", low=2, high=1000, level=Level.ERROR),
            "‘Boeken’ moet binnen de grenzen liggen",
            "tussen 2 en 1.000 stuks",
        ),
        (rule(K.RANGE, "a", low=1), "‘Boeken’ ligt meestal binnen de grenzen", "minstens 1"),
        (rule(K.RANGE, "a", high=53), "‘Boeken’ ligt meestal binnen de grenzen", "hoogstens 53 stuks"),
        (
            rule(K.RATIO, "a", "b c", low=0.08, high=0.35, unit="boeken per film", floor=100),
            "‘Boeken’ gedeeld door de som van ‘Films’ en ‘Muziek’ ligt meestal binnen de grenzen",
            "tussen 0,08 en 0,35 boeken per film; alleen als de som van ‘Films’ en ‘Muziek’ minstens 100 is",
        ),
        (
            rule(K.RATIO, "a", "b", high=2),
            "‘Boeken’ gedeeld door ‘Films’ ligt meestal binnen de grenzen",
            "hoogstens 2",
        ),
        (
            rule(K.TOGETHER, "a b", "bus"),
            "‘Boeken’ of ‘Films’ en ‘Rijdt er een bus?’ horen bij elkaar: is één ervan meer dan 0 of ja, dan de andere ook",
            "",
        ),
        (
            rule(K.TOGETHER, "bus", "balie"),
            "‘Rijdt er een bus?’ en ‘Is er een balie?’ horen bij elkaar: is één ervan ja, dan de andere ook",
            "",
        ),
        (
            rule(K.TOGETHER, "a b c"),
            "‘Boeken’, ‘Films’ en ‘Muziek’ horen bij elkaar: is één ervan meer dan 0, dan de andere ook",
            "",
        ),
        (
            rule(K.CHANGE, "a", margin=20, floor=50),
            "‘Boeken’ verschilt meestal niet veel van vorig jaar",
            "signaal bij meer dan 20% verschil met vorig jaar, en minstens 50 stuks",
        ),
        (
            rule(K.CHANGE, "a", times=3),
            "‘Boeken’ verschilt meestal niet veel van vorig jaar",
            "signaal vanaf 3 keer zo veel of 3 keer zo weinig als vorig jaar",
        ),
        (
            rule(K.VANISHED, "a", floor=10),
            "‘Boeken’ is niet ineens 0",
            "signaal als het vorig jaar minstens 10 stuks was",
        ),
        (
            rule(K.SAME, "a", floor=100),
            "‘Boeken’ is meestal niet precies gelijk aan vorig jaar",
            "signaal vanaf 100 stuks",
        ),
        (
            rule(K.INCLUDED, "a", "b", margin=10),
            "In ‘Boeken’ telt ‘Films’ net zo mee als vorig jaar",
            (
                "signaal bij meer dan 10% verschil met vorig jaar, als dat verschil verdwijnt door ‘Films’ wel of juist niet "
                "mee te tellen"
            ),
        ),
        (
            rule(K.ROUNDED, "a", floor=10000, step=1000),
            "‘Boeken’ is niet ineens een rond getal",
            "signaal bij een veelvoud van 1.000 vanaf 10.000 stuks, als het vorig jaar geen veelvoud was",
        ),
        (
            rule(K.PEERS, "a", "b", width=3.5, unit="boeken per film", floor=10),
            "‘Boeken’ gedeeld door ‘Films’ ligt meestal niet ver van wat vergelijkbare bibliotheken opgeven",
            (
                "signaal bij meer dan 3,5 keer de gewone spreiding boven of onder het midden van de groep, in boeken per "
                "film; alleen als ‘Films’ minstens 10 is"
            ),
        ),
        (
            rule(K.PEERS, "a", width=3),
            "‘Boeken’ ligt meestal niet ver van wat vergelijkbare bibliotheken opgeven",
            "signaal bij meer dan 3 keer de gewone spreiding boven of onder het midden van de groep",
        ),
        (
            rule(K.SCOPE, "a", "b c bus", margin=2),
            "‘Boeken’ gaat over hetzelfde als vorig jaar: de hele instelling of alleen de bibliotheek",
            "signaal vanaf 2% van het totaal",
        ),
        (
            rule(K.FUNCTION, "a", function="equal_locations"),
            "Bij ‘Boeken’ geven geen twee locaties precies hetzelfde getal",
            "",
        ),
    ],
)
def test_each_kind_is_told_in_a_sentence(one: Rule, sentence: str, where: str) -> None:
    told = Told(one, QUESTIONS, by_label, "stuks")
    assert (what(told), bounds(told)) == (sentence, where)


def test_every_kind_and_every_function_has_a_sentence() -> None:
    for edition in map(load_edition, years()):
        for one in edition.rules:
            assert what(Told(one, edition.questions, by_label))
    for name in FUNCTIONS:
        assert what(Told(rule(K.FUNCTION, "a", function=name), QUESTIONS, by_label))


def test_what_is_asked_for_each_location_is_judged_for_each() -> None:
    repeating = {code: replace(one, repeats=True) for code, one in QUESTIONS.items()}
    told = Told(rule(K.RANGE, "a", low=1), repeating, by_label)
    assert what(told) == "‘Boeken’ ligt meestal binnen de grenzen, per locatie"
    by_itself = Told(rule(K.FUNCTION, "a", function="equal_locations"), repeating, by_label)
    assert "per locatie" not in what(by_itself)


@pytest.mark.parametrize(
    ("unit", "where"),
    [("euro", "signaal vanaf € 1.000"), ("%", "signaal vanaf 1.000%"), ("", "signaal vanaf 1.000")],
)
def test_an_amount_has_its_unit(unit: str, where: str) -> None:
    assert bounds(Told(rule(K.SAME, "a", floor=1000), QUESTIONS, by_label, unit)) == where


def test_a_name_is_told_once() -> None:
    assert Told(SUM, QUESTIONS, lambda _: "dit").sum(("a", "b")) == "de som van dit"
    assert listed(["‘A’"]) == "‘A’"
