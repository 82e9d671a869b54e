"""Which question reads which, and what one answer touches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from graphlib import CycleError
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.questionnaires.dependencies import Dependencies, dependencies, in_order, reads
from surveys.questionnaires.loader import edition_before, load_edition, years
from surveys.questionnaires.rule import RuleKind
from surveys.questionnaires.schema import Edition, Formula, Operation, Question
from surveys.rules import Finding, absences, findings
from surveys.rules.peers import COMBINED, INHABITANTS
from surveys.values import Kind
from tests.questionnaires.definitions import GOOD, write_edition
from tests.questionnaires.likely import ROWS, Year, likely_year, something

Expected = tuple[list[str], set[str], list[str], list[str]]
"""Questions, judged, rules, needed; by code."""


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    return load_edition(2001, write_edition(tmp_path))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("naam", ()),
        ("bezoeken_locatie", ("open",)),
        ("per_vestiging", ("bezoeken", "vestigingen_open")),
        ("bezoeken_nb_rest", ("gecombineerd", "bezoeken_nb_zit_erin", "bezoeken_niet_bib", "bezoeken_nb_podium",
                              "bezoeken_nb_verhuur")),
    ],
)  # fmt: skip
def test_a_question_reads_its_conditions_and_operands(
    edition: Edition, code: str, expected: tuple[str, ...]
) -> None:
    assert reads(edition.questions[code]) == expected


def test_every_question_stands_after_what_it_reads(edition: Edition) -> None:
    order = [question.code for question in dependencies(edition, "bezit").order]
    assert sorted(order) == sorted([*edition.profile.questions, *edition.by_code["bezit"].questions])
    for question in dependencies(edition, "bezit").order:
        assert all(order.index(code) < order.index(question.code) for code in reads(question))


def test_a_circle_has_no_order() -> None:
    a, b = (
        Question(code=code, label=code, kind=Kind.INTEGER, formula=Formula(Operation.SUM, (other,)))
        for code, other in (("a", "b"), ("b", "a"))
    )
    with pytest.raises(CycleError):
        in_order({"a": a, "b": b})


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("naam", ([], {"naam"}, [], ["naam"])),
        ("muziek", ([], {"muziek"}, [], ["heeft_collectie", "muziek"])),
        ("uren", ([], {"uren", "uren_bemand"}, ["bemand_binnen_open"], ["uren", "uren_bemand"])),
        (
            "boeken_nb_overig",
            (
                ["boeken_nb_rest"],
                {
                    "boeken",
                    "boeken_bib",
                    "boeken_nb_aantal",
                    "boeken_nb_overig",
                    "boeken_nb_zit_erin",
                    "boeken_niet_bib",
                },
                ["boeken_nb_binnen_totaal", "boeken_nb_delen", "boeken_nb_waarvoor", "boeken_omvang"],
                [
                    "boeken",
                    "boeken_bib",
                    "boeken_jeugd",
                    "boeken_nb_aantal",
                    "boeken_nb_invoer",
                    "boeken_nb_overig",
                    "boeken_nb_percentage",
                    "boeken_nb_rest",
                    "boeken_nb_zit_erin",
                    "boeken_niet_bib",
                    "gecombineerd",
                    "heeft_collectie",
                ],
            ),
        ),
        (
            "open",
            (
                [
                    "bezoeken_locatie",
                    "bezoeken",
                    "bezoeken_niet_bib",
                    "bezoeken_nb_rest",
                    "bezoeken_bib",
                    "bezoeken_bib_aandeel",
                    "vestigingen_open",
                    "per_vestiging",
                ],
                {"open"},
                [],
                [
                    "bezoeken",
                    "bezoeken_bib",
                    "bezoeken_bib_aandeel",
                    "bezoeken_locatie",
                    "bezoeken_nb_aantal",
                    "bezoeken_nb_invoer",
                    "bezoeken_nb_percentage",
                    "bezoeken_nb_podium",
                    "bezoeken_nb_rest",
                    "bezoeken_nb_verhuur",
                    "bezoeken_nb_zit_erin",
                    "bezoeken_niet_bib",
                    "gecombineerd",
                    "open",
                    "per_vestiging",
                    "vestigingen_open",
                ],
            ),
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_one_answer_touches(edition: Edition, code: str, expected: Expected) -> None:
    questions, judged, rules, needed = expected
    questionnaire = edition.questions[code].questionnaire
    touched = dependencies(edition, questionnaire).touched_by(code)
    assert [one.code for one in touched.questions] == questions
    assert touched.judged == judged
    assert [one.code for one in touched.rules] == rules
    assert sorted(one.code for one in touched.needed) == needed
    assert touched.needed_before == ()


def test_the_profile_touches_no_question_of_another_list(edition: Edition) -> None:
    assert dependencies(edition, "profiel").touched_by("gecombineerd").questions == ()


def test_relations_are_worked_out_once(edition: Edition) -> None:
    relations = dependencies(edition, "bezit")
    assert dependencies(edition, "bezit") is relations
    assert relations.touched_by("open") is relations.touched_by("open")
    assert Dependencies(edition, "bezit").touched_by("open") == relations.touched_by("open")


# Rules that read other lists, and last year.

_RULES = {
    "personeel": """
[[rule]]
code = "per_persoon"
kind = "ratio"
left = ["muziek"]
right = ["personen"]
high = 100
only_if = {question = "partner_school", is = "ja"}

[[rule]]
code = "personen_groei"
kind = "change"
left = ["personen"]
margin = 20
""",
    "bezit": """
[[rule]]
code = "stroom"
left = ["muziek"]
is = "="
right = ["boeken"]
last = ["muziek"]
level = "warning"
""",
}
"""Muziek was called platen the year before."""


@pytest.fixture
def both(tmp_path: Path) -> tuple[Edition, Edition]:
    """This year and the year before."""
    before = {name: text.replace('code = "muziek"', 'code = "platen"') for name, text in GOOD.items()}
    now = {
        name: text.replace('code = "muziek"', 'code = "muziek"\nreplaces = ["platen"]') + _RULES.get(name, "")
        for name, text in GOOD.items()
    }
    write_edition(tmp_path, 2001, before)
    write_edition(tmp_path, 2002, now)
    return load_edition(2002, tmp_path), load_edition(2001, tmp_path)


def codes(questions: Iterable[Question]) -> set[str]:
    return {question.code for question in questions}


def test_a_list_knows_the_rules_that_judge_its_answers_wherever_they_stand(
    both: tuple[Edition, Edition],
) -> None:
    edition, before = both
    found = {
        code: {
            rule.code
            for rule in dependencies(edition, code, before).rules
            if rule.code in ("per_persoon", "stroom")
        }
        for code in edition.by_code
    }
    assert found == {
        "profiel": set(),
        "bezit": {"per_persoon", "stroom"},
        "kernfuncties": set(),
        "personeel": {"per_persoon"},
        "financieel": set(),
    }


def test_what_its_rules_read_elsewhere_is_read_along_and_nothing_more(both: tuple[Edition, Edition]) -> None:
    edition, before = both
    of_personeel = dependencies(edition, "personeel", before)
    at_home = {*edition.profile.questions, "personen"}
    assert codes(of_personeel.order) == {*at_home, "muziek", "heeft_collectie", "partner_school"}
    assert of_personeel.others == {"muziek", "heeft_collectie", "partner_school"}
    assert codes(dependencies(edition, "financieel", before).order) == {
        *edition.profile.questions,
        *edition.by_code["financieel"].questions,
    }


def test_of_the_year_before_it_is_what_was_read_then_under_its_own_codes(
    both: tuple[Edition, Edition],
) -> None:
    edition, before = both
    of_bezit, of_personeel = (dependencies(edition, code, before) for code in ("bezit", "personeel"))
    home = {*before.profile.questions, *before.by_code["bezit"].questions}
    assert codes(of_bezit.before) == home
    assert "platen" in home
    assert codes(of_personeel.before) == {*before.profile.questions, "personen"}
    assert codes(of_bezit.touched_by("muziek").needed_before) >= {"platen", "heeft_collectie"}
    assert "muziek" not in codes(of_bezit.touched_by("muziek").needed_before)
    assert codes(of_personeel.touched_by("personen").needed_before) == {"personen"}


def test_without_a_year_before_nothing_of_it_is_read(both: tuple[Edition, Edition]) -> None:
    edition, _ = both
    alone = dependencies(edition, "bezit")
    assert (alone.before, alone.touched_by("muziek").needed_before) == ((), ())


def test_an_answer_of_one_list_is_judged_with_those_of_another(both: tuple[Edition, Edition]) -> None:
    edition, before = both
    touched = dependencies(edition, "bezit", before).touched_by("muziek")
    assert {rule.code for rule in touched.rules} >= {"per_persoon", "stroom"}
    assert codes(touched.needed) >= {"muziek", "boeken", "personen", "partner_school", "heeft_collectie"}
    assert touched.judged >= {"muziek", "boeken"}
    assert touched.judged <= edition.by_code["bezit"].questions.keys()


@pytest.mark.parametrize("year", years())
def test_beside_peers_it_is_known_which_peers(year: int) -> None:
    edition = load_edition(year)
    for code, questionnaire in edition.by_code.items():
        relations = dependencies(edition, code, edition_before(year))
        beside = [one for rule in relations.rules if rule.kind is RuleKind.PEERS for one in rule.reads]
        for one in questionnaire.questions.keys() & beside:
            assert codes(relations.touched_by(one).needed) >= {INHABITANTS, COMBINED}


# On the real editions, whatever is answered.

LISTS = [(year, code) for year in years() for code in load_edition(year).by_code]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.sampled_from(LISTS), seed=st.integers(min_value=0))
def test_what_a_save_tells_is_what_the_whole_list_tells(place: tuple[int, str], seed: int) -> None:
    """Beside the answers at which something may come or go: message, figures, slips and order."""
    random = Random(seed)
    edition = load_edition(place[0])
    relations = dependencies(edition, place[1], edition_before(place[0]))
    own = relations.questionnaire.questions
    year = likely_year(edition, relations.order, relations.before, random)
    whole = year.context(relations.order, relations.before)
    told, missing = findings(relations.rules, whole, own), absences(relations.rules, whole.now, ROWS)
    for saved in random.sample(sorted(own), min(20, len(own))):
        touched = relations.touched_by(saved)
        part = year.context(touched.needed, touched.needed_before)
        here = [one for one in findings(touched.rules, part, own) if one.anchor[0] in touched.judged]
        assert here == [one for one in told if one.anchor[0] in touched.judged]
        absent = [one for one in absences(touched.rules, part.now, ROWS) if touched.judged & {*one[0].left}]
        assert absent == [one for one in missing if touched.judged & {*one[0].left}]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.sampled_from(LISTS), seed=st.integers(min_value=0))
def test_a_save_changes_nothing_that_is_told_elsewhere_in_its_section(
    place: tuple[int, str], seed: int
) -> None:
    """What the page does not draw anew stays true: also what another finding silences, and the slips."""
    random = Random(seed)
    edition = load_edition(place[0])
    relations = dependencies(edition, place[1], edition_before(place[0]))
    own = relations.questionnaire.questions
    year = likely_year(edition, relations.order, relations.before, random)

    def told(one: Year) -> list[Finding]:
        return findings(relations.rules, one.context(relations.order, relations.before), own)

    before = told(year)
    for saved in random.sample([one for one in own.values() if one.is_asked], 4):
        judged = relations.touched_by(saved.code).judged
        key = (saved.code, ROWS[0] if saved.repeats else "")
        after = told(replace(year, now={**year.now, key: something(saved, random)}))
        elsewhere = {code for code, one in own.items() if one.section == saved.section} - judged
        assert [one for one in after if one.anchor[0] in elsewhere] == [
            one for one in before if one.anchor[0] in elsewhere
        ]


def test_the_years_that_this_is_proven_on_have_much_to_tell() -> None:
    kinds = set[RuleKind]()
    for number in range(30):
        random = Random(number)
        edition = load_edition(years()[-1])
        relations = dependencies(
            edition, random.choice(sorted(edition.by_code)), edition_before(edition.year)
        )
        year = likely_year(edition, relations.order, relations.before, random)
        around = year.context(relations.order, relations.before)
        kinds |= {
            one.rule.kind for one in findings(relations.rules, around, relations.questionnaire.questions)
        }
    assert kinds >= {
        RuleKind.CHANGE,
        RuleKind.COMPARISON,
        RuleKind.PEERS,
        RuleKind.RANGE,
        RuleKind.RATIO,
        RuleKind.SAME,
        RuleKind.TOGETHER,
        RuleKind.VANISHED,
    }
