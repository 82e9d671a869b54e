"""Which question reads which, and what one answer touches."""

from __future__ import annotations

from graphlib import CycleError
from pathlib import Path

import pytest

from surveys.questionnaires.dependencies import Dependencies, dependencies, in_order, reads
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import Edition, Formula, Operation, Question
from surveys.values import Kind
from tests.questionnaires.definitions import write_edition

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
                {"boeken_nb_overig", "boeken_niet_bib"},
                ["boeken_nb_delen", "boeken_nb_waarvoor"],
                [
                    "boeken",
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
                {
                    "open",
                    "bezoeken",
                    "bezoeken_nb_aantal",
                    "bezoeken_nb_podium",
                    "bezoeken_nb_verhuur",
                    "bezoeken_niet_bib",
                },
                ["bezoeken_nb_binnen_totaal", "bezoeken_nb_delen", "bezoeken_nb_waarvoor"],
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


def test_the_profile_touches_no_question_of_another_list(edition: Edition) -> None:
    assert dependencies(edition, "profiel").touched_by("gecombineerd").questions == ()


def test_relations_are_worked_out_once(edition: Edition) -> None:
    relations = dependencies(edition, "bezit")
    assert dependencies(edition, "bezit") is relations
    assert relations.touched_by("open") is relations.touched_by("open")
    assert Dependencies(edition, "bezit").touched_by("open") == relations.touched_by("open")
