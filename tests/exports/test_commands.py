"""manage.py export_answers and check_questionnaires: what they say, and when they refuse."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from surveys.exports.codebook import coverage
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.schema import Edition
from tests.exports.edition import make_edition
from tests.factories import YEAR, make_library, take_part


def run(name: str, **options: object) -> str:
    out = StringIO()
    call_command(name, stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_export_writes_the_file_and_says_what_is_in_it(tmp_path: Path) -> None:
    take_part(make_library())
    path = tmp_path / "bezit.xlsx"
    said = run("export_answers", year=YEAR, out=path, questionnaire="bezit")
    assert said.startswith(f"{path}: 1 organisaties, 2 vestigingen, vingerafdruk ")
    assert "Bezit" in openpyxl.load_workbook(path).sheetnames


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"year": 1850}, f"Er is geen verslagjaar 1850. Kies uit {', '.join(map(str, years()))}."),
        (
            {"questionnaire": "bezitt"},
            "Er is geen vragenlijst ‘bezitt’. Kies uit profiel, bezit, kernfuncties, personeel, financieel.",
        ),
        ({"out": Path("jaar.csv")}, "‘jaar.csv’ moet op .xlsx eindigen."),
        ({"out": Path("/geen/map/jaar.xlsx")}, "De map /geen/map bestaat niet."),
    ],
)
def test_export_refuses_what_there_is_not(options: dict[str, object], message: str, tmp_path: Path) -> None:
    wanted = {"year": YEAR, "out": tmp_path / "jaar.xlsx", **options}
    with pytest.raises(CommandError) as refused:
        run("export_answers", **wanted)
    assert str(refused.value) == message


def test_the_questionnaires_are_sound_and_complete() -> None:
    said = run("check_questionnaires")
    assert said.splitlines()[-1] == "Geen problemen."
    assert [line for line in said.splitlines() if line.isdigit()] == [str(year) for year in years()]
    assert all(all(coverage(load_edition(year)).values()) for year in years())


def test_check_names_every_problem(edition: Edition, tmp_path: Path) -> None:
    (tmp_path / "2002").mkdir()
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("check_questionnaires", folder=tmp_path, stdout=out)
    assert out.getvalue().splitlines()[:3] == [
        "2001",
        "  profiel         1 delen,    1 gevraagd,    0 berekend,   1 feiten",
        "  bezit           3 delen,   12 gevraagd,    5 berekend,   1 feiten",
    ]
    problems = str(refused.value).splitlines()
    assert problems[0] == f"{len(problems) - 1} problemen:"
    assert problems[1] == "2002/niet_bibliotheek.toml: het bestand ontbreekt"
    assert len([one for one in problems if "geen vraag levert" in one]) == 70
    assert problems[2].startswith("2001: I.a2: Gemeente(n)")


def test_check_names_what_lint_finds(tmp_path: Path) -> None:
    make_edition(
        tmp_path,
        financieel="""
code = "financieel"
title = "Financieel"
[[section]]
code = "baten"
title = "Baten"
[[section.question]]
code = "subsidie"
label = "Subsidie"
kind = "euro"
source = ["II.z9"]
""",
    )
    with pytest.raises(CommandError, match=r"financieel.toml: subsidie: source: ‘II.z9’ staat niet"):
        run("check_questionnaires", folder=tmp_path)


def test_check_names_a_function_that_is_not_there(tmp_path: Path) -> None:
    make_edition(
        tmp_path,
        financieel="""
code = "financieel"
title = "Financieel"
[[section]]
code = "baten"
title = "Baten"
[[section.question]]
code = "subsidie"
label = "Subsidie"
kind = "euro"
[[rule]]
code = "gelijk"
kind = "function"
left = ["subsidie"]
function = "gelijke_locaties"
""",
    )
    with pytest.raises(CommandError) as refused:
        run("check_questionnaires", folder=tmp_path)
    assert str(refused.value).splitlines()[-1] == (
        "2001/financieel.toml: gelijk: function: ‘gelijke_locaties’ bestaat niet; kies uit equal_locations"
    )
