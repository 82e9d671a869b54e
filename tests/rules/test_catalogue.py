"""The rules of an edition as they are told: in what order, what stands together, and what is usual among peers."""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from pathlib import Path

import pytest

from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.rule import Rule, RuleKind
from surveys.questionnaires.schema import Edition
from surveys.rules.catalogue import KIND_ORDER, Entry, Usual, described, entries, usual_in
from surveys.rules.context import Bound
from tests.questionnaires.definitions import GOOD, write_edition

MORE = {
    "bezit": """
[[rule]]
code = "sprong"
kind = "change"
each = ["boeken", "muziek"]
margin = 20
floor = 50
hint = "Kijk het na."
only_if = {question = "heeft_collectie", is = "ja"}

[[rule]]
code = "sprong_boeken_kort"
kind = "range"
left = ["boeken"]
low = 10

[[rule]]
code = "podium_binnen_bezoeken"
left = ["bezoeken_nb_podium"]
is = "<="
right = ["boeken_jeugd"]
""",
    "personeel": """
[[rule]]
code = "boeken_per_persoon"
kind = "ratio"
left = ["boeken_niet_bib"]
right = ["personen"]
high = 5000
only_if = {question = "gecombineerd", is = ["ja"]}

[[rule]]
code = "personen_gelijk"
kind = "same"
each = ["personen"]
""",
}


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    files = {name: text + MORE.get(name, "") for name, text in GOOD.items()}
    return load_edition(2001, write_edition(tmp_path, files=files))


def told(found: tuple[Entry, ...]) -> list[tuple[str, str, str]]:
    return [(one.code, one.level, one.what) for one in found]


def test_errors_stand_first_and_alike_rules_of_several_totals_together(edition: Edition) -> None:
    assert told(entries(edition)["bezit"]) == [
        (
            "bezit_totalen_nb_binnen_totaal",
            "fout",
            "Het deel dat niet van de bibliotheek is mag niet meer zijn dan het totaal",
        ),
        (
            "bezit_totalen_nb_delen",
            "fout",
            "De som van de regels ‘waarvan …’ moet gelijk zijn aan het deel dat niet van de bibliotheek is",
        ),
        (
            "podium_binnen_bezoeken",
            "fout",
            "‘Waarvan theater en podium’ (niet van de bibliotheek) mag niet meer zijn dan ‘Boeken: jeugd’",
        ),
        ("bezit_totalen_nb_waarvoor", "nog te doen", "Minstens één van de regels ‘waarvan …’ is ingevuld"),
        ("bemand_binnen_open", "signaal", "‘Uren bemand’ is meestal niet meer dan ‘Uren open’, per locatie"),
        ("sprong_boeken_kort", "signaal", "‘Boeken: totaal’ ligt meestal binnen de grenzen"),
        (
            "bezit_totalen_omvang",
            "signaal",
            "Het totaal gaat over hetzelfde als vorig jaar: de hele instelling of alleen de bibliotheek",
        ),
        ("sprong", "signaal", "Elk van deze cijfers verschilt meestal niet veel van vorig jaar"),
    ]
    assert [code for code, found in entries(edition).items() if not found] == [
        *("profiel", "kernfuncties", "financieel")
    ]


def test_a_family_names_its_questions_and_loses_a_unit_they_do_not_share(edition: Edition) -> None:
    by_code = {one.code: one for one in entries(edition)["bezit"]}
    family = by_code["sprong"]
    assert [(rule.code, question.code) for rule, question in family.members] == [
        ("sprong_boeken", "boeken"),
        ("sprong_muziek", "muziek"),
    ]
    assert family.bounds == "signaal bij meer dan 20% verschil met vorig jaar, en minstens 50"
    assert family.condition == "‘Hebt u een collectie?’ is ‘Ja’"
    assert [question.code for _, question in by_code["bezit_totalen_nb_delen"].members] == [
        "bezoeken",
        "boeken",
    ]
    assert (family.is_family, by_code["bemand_binnen_open"].is_family) == (True, False)
    assert by_code["bemand_binnen_open"].bounds == "een verschil tot 0,5 uren mag"


def test_a_question_of_another_list_is_told_with_that_list(edition: Edition) -> None:
    ratio, same = entries(edition)["personeel"]
    assert told((ratio,)) == [
        (
            "boeken_per_persoon",
            "signaal",
            "‘Niet van de bibliotheek: boeken’ (Bezit) gedeeld door ‘Personen in dienst’ ligt meestal binnen de grenzen",
        )
    ]
    assert ratio.condition == "‘Bent u een gecombineerde instelling?’ (Profiel) is ‘Ja’"
    assert [one.code for one in ratio.questions] == ["boeken_niet_bib", "personen"]
    assert told((same,)) == [
        (
            "personen_gelijk",
            "signaal",
            "Elk van deze cijfers is meestal niet precies gelijk aan vorig jaar",
        )
    ]


def test_one_rule_of_a_family_by_itself(edition: Edition) -> None:
    [rule] = [one for one in edition.rules if one.code == "sprong_boeken"]
    one = described(edition, rule)
    assert (one.code, one.what, one.bounds, one.is_family) == (
        "sprong_boeken",
        "‘Boeken: totaal’ verschilt meestal niet veel van vorig jaar",
        "signaal bij meer dan 20% verschil met vorig jaar, en minstens 50 boeken",
        False,
    )
    assert [question.code for question in one.questions] == ["boeken"]


@pytest.mark.parametrize("year", years())
def test_every_rule_of_an_edition_is_told_once(year: int) -> None:
    edition = load_edition(year)

    def every() -> Iterator[Rule]:
        for found in entries(edition).values():
            for entry in found:
                assert {rule.kind for rule in entry.rules} == {entry.first.kind}
                assert {described(edition, rule).level for rule in entry.rules} == {entry.level}
                yield from entry.rules

    assert sorted(rule.code for rule in every()) == sorted(rule.code for rule in edition.rules)


@pytest.mark.parametrize("year", years())
def test_every_entry_and_every_rule_of_a_family_has_a_code_of_its_own(year: int) -> None:
    every = [entry for found in entries(load_edition(year)).values() for entry in found]
    codes = [entry.code for entry in every]
    codes += [rule.code for entry in every if entry.is_family for rule in entry.rules]
    assert len(codes) == len(set(codes))


def test_every_kind_has_its_place() -> None:
    assert set(KIND_ORDER) == set(RuleKind)


def test_what_peers_report_is_told_for_everyone_first_and_then_by_size() -> None:
    rule = Rule(code="r", kind=RuleKind.PEERS, left=("a",), width=1)  # type: ignore[arg-type]
    bound = Bound(9, log(4), log(2) / 1.4826)
    groups = (
        "120.000 inwoners of meer",
        "tot 30.000 inwoners, niet gecombineerd",
        "alle",
        "tot 30.000 inwoners",
    )
    found = usual_in(rule, {"r": dict.fromkeys(groups, bound)})
    assert found[0] == Usual("alle bibliotheken", 9, "2", "4", "8")
    assert [one.group for one in found[1:]] == [groups[3], groups[1], groups[0]]
    assert usual_in(rule, {}) == ()
