"""How a section is laid out: single questions, grids with real headers, blocks under their total."""

from __future__ import annotations

from pathlib import Path

import pytest

from surveys.questionnaires.layout import Block, Grid, Part, Single, parts_of, runs_of
from surveys.questionnaires.loader import load_edition, years
from tests.questionnaires.definitions import spoilt, write_edition


def in_short(part: Part) -> tuple[object, ...]:
    if isinstance(part, Single):
        return ("single", part.question.code)
    if isinstance(part, Block):
        return (
            "block",
            part.total.code,
            len(part.questions),
            part.questions[0].code,
            part.questions[-1].code,
        )
    rows = tuple((row, tuple(cell and cell.code for cell in cells)) for row, cells in part.rows)
    return ("grid", part.table.code, part.columns, rows)


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (
            "gebruik",
            [
                ("single", "bezoeken"),
                ("block", "bezoeken", 12, "bezoeken_nb_zit_erin", "bezoeken_bib_aandeel"),
                ("single", "vestigingen_open"),
                ("single", "per_vestiging"),
            ],
        ),
        (
            "collectie",
            [
                (
                    "grid",
                    "materialen",
                    ("Jeugd", "Totaal"),
                    (("Boeken", ("boeken_jeugd", "boeken")), ("Muziek", (None, "muziek"))),
                ),
                ("block", "boeken", 11, "boeken_nb_zit_erin", "boeken_bib_aandeel"),
                ("single", "materialen_anders"),
            ],
        ),
    ],
)
def test_a_section_in_parts(tmp_path: Path, section: str, expected: list[tuple[object, ...]]) -> None:
    found = load_edition(2001, write_edition(tmp_path)).by_code["bezit"].section(section)
    assert found is not None
    assert [in_short(part) for part in parts_of(found)] == expected
    assert parts_of(found) is parts_of(found)


def test_a_question_between_two_cells_parts_the_table(tmp_path: Path) -> None:
    single = '[[section.question]]\ncode = "tussendoor"\nlabel = "T"\nkind = "text"\n\n[[section.question]]\n'
    files = spoilt("bezit", '[[section.question]]\ncode = "muziek"', f'{single}code = "muziek"')
    section = load_edition(2001, write_edition(tmp_path, files=files)).by_code["bezit"].section("collectie")
    assert section is not None
    assert [in_short(part)[:2] for part in parts_of(section)] == [
        ("grid", "materialen"),
        ("block", "boeken"),
        ("single", "tussendoor"),
        ("grid", "materialen"),
        ("single", "materialen_anders"),
    ]


@pytest.mark.parametrize("year", years())
def test_every_question_is_laid_out_once(year: int) -> None:
    for questionnaire in load_edition(year).questionnaires:
        for section in questionnaire.sections:
            shown: list[str] = []
            for part in parts_of(section):
                if isinstance(part, Single):
                    shown.append(part.question.code)
                elif isinstance(part, Grid):
                    shown += [cell.code for _, cells in part.rows for cell in cells if cell]
                else:
                    shown += [one.code for one in part.questions]
            assert sorted(shown) == sorted(one.code for one in section.questions)


def test_single_questions_that_follow_each_other_are_one_run(tmp_path: Path) -> None:
    edition = load_edition(2001, write_edition(tmp_path))
    section = edition.by_code["bezit"].section("gebruik")
    assert section is not None
    runs = [
        tuple(one.code for one in run) if isinstance(run, tuple) else type(run) for run in runs_of(section)
    ]
    assert runs == [("bezoeken",), Block, ("vestigingen_open", "per_vestiging")]
