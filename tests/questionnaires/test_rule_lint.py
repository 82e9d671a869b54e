"""What a rule must hold beyond its own file: every refusal names file, rule and key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from surveys.questionnaires.lint import lint
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.rule import RuleKind
from tests.questionnaires.definitions import GOOD, spoilt, write_edition

ROWS = "vergelijkt vragen per vestiging met vragen voor de hele organisatie"


def rule(text: str, code: str = "r") -> str:
    return f'\n[[rule]]\ncode = "{code}"\n{text}\n'


def with_rules(**added: str) -> dict[str, str]:
    """The good files, with rules at the end of some."""
    return {name: f"{text}\n{added.get(name, '')}" for name, text in GOOD.items()}


def problems(root: Path, *editions: Mapping[str, str]) -> list[str]:
    for year, files in enumerate(editions, 2001):
        write_edition(root, year, files)
    found = lint([load_edition(2001 + place, root) for place in range(len(editions))], root)
    return [str(one) for one in found]


SOUND = {
    "over two lists": ("personeel", 'kind = "ratio"\nleft = ["personen"]\nright = ["muziek"]\nlow = 1'),
    "with the profile's gate": (
        "personeel", 'kind = "range"\nleft = ["personen"]\nlow = 1\nonly_if = {question = "gecombineerd", is = "ja"}',
    ),
    "with a gate of another list": (
        "personeel", 'kind = "range"\nleft = ["personen"]\nlow = 1\nonly_if = {question = "partner_school", is = ["ja", "nee"]}',
    ),
    "over computed figures": ("bezit", 'left = ["bezoeken_bib"]\nis = "<="\nright = ["bezoeken"]'),
    "per location": ("bezit", 'left = ["uren_bemand"]\nis = "<="\nright = ["uren"]\nlast = ["uren"]'),
    "per location, with the gate of all": (
        "bezit", 'kind = "range"\nleft = ["uren"]\nhigh = 100\nonly_if = {question = "heeft_collectie", is = "ja"}',
    ),
    "per location, with its gate": (
        "bezit", 'kind = "range"\nleft = ["uren"]\nhigh = 100\nonly_if = {question = "open", is = "ja"}',
    ),
    "yes and no together with a number": ("bezit", 'kind = "together"\nleft = ["heeft_collectie"]\nright = ["muziek"]'),
    "presence of anything": ("bezit", 'kind = "presence"\nleft = ["materialen_anders", "heeft_collectie"]'),
    "a family": ("bezit", 'kind = "same"\neach = ["muziek", "boeken"]'),
    "a function of anything": ("bezit", 'kind = "function"\nleft = ["open"]\nfunction = "f"'),
}  # fmt: skip


@pytest.mark.parametrize(("file", "text"), SOUND.values(), ids=SOUND)
def test_a_sound_rule_has_no_problem(tmp_path: Path, file: str, text: str) -> None:
    assert problems(tmp_path, with_rules(**{file: rule(text)})) == []


REFUSED = {
    # Codes.
    "unknown left": (
        'left = ["uuren"]\nis = "="\nright = ["uren"]', ["r: left: ‘uuren’ bestaat niet; bedoelt u ‘uren’?"],
    ),
    "unknown right": (
        'left = ["uren"]\nis = "="\nright = ["urn"]', ["r: right: ‘urn’ bestaat niet; bedoelt u ‘uren’?"],
    ),
    "unknown minus": (
        'left = ["uren"]\nis = "="\nright = ["uren_bemand"]\nminus = ["xyz"]', ["r: minus: ‘xyz’ bestaat niet"],
    ),
    "unknown last": (
        'left = ["uren"]\nis = "="\nlast = ["ure"]', ["r: last: ‘ure’ bestaat niet; bedoelt u ‘uren’?"],
    ),
    "unknown each": (
        'kind = "same"\neach = ["boeken", "muzieke"]', ["r: each: ‘muzieke’ bestaat niet; bedoelt u ‘muziek’?"],
    ),
    "unknown gate": (
        'kind = "range"\nleft = ["uren"]\nlow = 1\nonly_if = {question = "opn", is = "ja"}',
        ["r: only_if: ‘opn’ bestaat niet; bedoelt u ‘open’?"],
    ),
    "several at once": (
        'left = ["xyz", "uren"]\nis = "="\nright = ["muziek", "qqq"]',
        ["r: left: ‘xyz’ bestaat niet", "r: right: ‘qqq’ bestaat niet"],
    ),
    "nothing of its own list": (
        'left = ["personen"]\nis = "="\nright = ["subsidie"]', ["r: left: noem minstens één vraag van deze lijst"],
    ),
    "nothing of its own list but last year": (
        'left = ["personen"]\nis = "="\nlast = ["muziek"]', ["r: left: noem minstens één vraag van deze lijst"],
    ),
    "each of another list": (
        'kind = "same"\neach = ["muziek", "personen"]', ["r: each: noem minstens één vraag van deze lijst"],
    ),
    "presence in another list": (
        'kind = "presence"\nleft = ["muziek", "personen"]', ["r: left: kan alleen over vragen van deze lijst gaan"],
    ),
    # Locations.
    "left per location": ('left = ["uren"]\nis = "="\nright = ["muziek"]', [f"r: right: {ROWS}"]),
    "right per location": ('left = ["muziek"]\nis = "="\nright = ["uren"]', [f"r: right: {ROWS}"]),
    "one of left per location": ('left = ["muziek", "uren"]\nis = "="\nright = ["boeken"]', [f"r: left: {ROWS}"]),
    "minus per location": ('left = ["muziek"]\nis = "="\nright = ["boeken"]\nminus = ["uren"]', [f"r: minus: {ROWS}"]),
    "last per location": ('left = ["muziek"]\nis = "="\nlast = ["uren"]', [f"r: last: {ROWS}"]),
    "gate per location": (
        'kind = "range"\nleft = ["muziek"]\nlow = 1\nonly_if = {question = "open", is = "ja"}',
        ["r: only_if: ‘open’ wordt per vestiging gevraagd, deze controle niet"],
    ),
    # Kinds of question.
    "sum of yes and no": (
        'left = ["heeft_collectie"]\nis = "="\nright = ["muziek"]', ["r: left: ‘heeft_collectie’ is geen getal"],
    ),
    "ratio by text": (
        'kind = "ratio"\nleft = ["muziek"]\nright = ["materialen_anders"]\nlow = 1',
        ["r: right: ‘materialen_anders’ is geen getal"],
    ),
    "minus yes and no": (
        'left = ["boeken"]\nis = "="\nright = ["muziek"]\nminus = ["heeft_collectie"]',
        ["r: minus: ‘heeft_collectie’ is geen getal"],
    ),
    "last year's choice": (
        'left = ["boeken"]\nis = "="\nlast = ["boeken_nb_zit_erin"]', ["r: last: ‘boeken_nb_zit_erin’ is geen getal"],
    ),
    "change of yes and no": ('kind = "change"\nleft = ["open"]\nmargin = 5', ["r: left: ‘open’ is geen getal"]),
    "each of yes and no": ('kind = "same"\neach = ["muziek", "heeft_collectie"]', ["r: each: ‘heeft_collectie’ is geen getal"]),
    "text together with a number": (
        'kind = "together"\nleft = ["muziek"]\nright = ["materialen_anders"]',
        ["r: right: ‘materialen_anders’ is geen getal en geen ja/nee-vraag"],
    ),
    "a choice together with a number": (
        'kind = "together"\nleft = ["boeken_nb_zit_erin"]\nright = ["muziek"]',
        ["r: left: ‘boeken_nb_zit_erin’ is geen getal en geen ja/nee-vraag"],
    ),
    "a gate without such an answer": (
        'kind = "range"\nleft = ["muziek"]\nlow = 1\nonly_if = {question = "heeft_collectie", is = ["ja", "soms"]}',
        ["r: only_if: ‘soms’ is geen antwoord op ‘heeft_collectie’"],
    ),
    "a gate that is a number": (
        'kind = "range"\nleft = ["muziek"]\nlow = 1\nonly_if = {question = "boeken", is = "ja"}',
        ["r: only_if: ‘ja’ is geen antwoord op ‘boeken’"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "told"), REFUSED.values(), ids=REFUSED)
def test_a_fault_is_told_by_file_rule_and_key(tmp_path: Path, text: str, told: list[str]) -> None:
    assert problems(tmp_path, with_rules(bezit=rule(text))) == [f"2001/bezit.toml: {one}" for one in told]


_RANGE = 'kind = "range"\nleft = ["{}"]\nlow = 1'


@pytest.mark.parametrize(
    ("added", "told"),
    [
        pytest.param(
            {"bezit": rule(_RANGE.format("muziek"), "bemand_binnen_open")},
            ["bezit.toml: bemand_binnen_open"],
            id="within a list",
        ),
        pytest.param(
            {"personeel": rule(_RANGE.format("personen"), "bemand_binnen_open")},
            ["bezit.toml: bemand_binnen_open", "personeel.toml: bemand_binnen_open"],
            id="in two lists",
        ),
        pytest.param(
            {"bezit": rule(_RANGE.format("muziek"), "boeken_omvang")},
            ["bezit.toml: boeken_omvang"],
            id="as a block makes",
        ),
        pytest.param(
            {
                "bezit": rule(_RANGE.format("boeken"), "r_muziek")
                + rule('kind = "same"\neach = ["muziek"]', "r")
            },
            ["bezit.toml: r_muziek"],
            id="as a family makes",
        ),
    ],
)
def test_a_code_stands_for_one_rule(tmp_path: Path, added: dict[str, str], told: list[str]) -> None:
    assert problems(tmp_path, with_rules(**added)) == [
        f"2001/{one}: code: deze controle staat er twee keer" for one in told
    ]


@pytest.mark.parametrize(("year", "other"), [(2001, 2002), (2002, 2001)])
def test_a_code_of_another_year_is_told_with_its_year(tmp_path: Path, year: int, other: int) -> None:
    """What is muziek in the one is platen in the other."""
    editions = {
        year: {name: text.replace('code = "muziek"', 'code = "platen"') for name, text in GOOD.items()},
        other: GOOD,
    }
    editions[year] = {**editions[year], "bezit": editions[year]["bezit"] + rule(_RANGE.format("muziek"))}
    assert problems(tmp_path, editions[2001], editions[2002]) == [
        f"{year}/bezit.toml: r: left: ‘muziek’ bestaat niet in dit jaar, wel in {other}"
    ]


def test_the_gate_of_a_scope_rule_is_no_number_and_need_not_be(tmp_path: Path) -> None:
    edition = load_edition(2001, write_edition(tmp_path))
    assert {
        edition.questions[one.right[2]].kind.is_number for one in edition.rules if one.kind is RuleKind.SCOPE
    } == {False}
    assert list(lint([edition], tmp_path)) == []


def test_a_block_over_what_has_no_place_in_a_rule(tmp_path: Path) -> None:
    """A total per location is refused with its block; so are the rules that the block makes."""
    block = '[section.question.non_library]\nwhat = "uren"\nguidance = "G"\nparts = ["overig"]'
    files = spoilt("bezit", 'unit = "uren"\nmax = 168', f'unit = "uren"\n{block}')
    assert [one for one in problems(tmp_path, files) if ROWS in one] == [
        f"2001/bezit.toml: {code}: right: {ROWS}" for code in ("uren_nb_binnen_totaal", "uren_omvang")
    ]
