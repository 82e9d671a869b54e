"""What changed between two editions."""

from __future__ import annotations

from dataclasses import astuple, replace
from pathlib import Path

import pytest

from surveys.questionnaires.changes import Changes, Replaced, Reworded, changes_between
from surveys.questionnaires.loader import load_edition, years
from tests.questionnaires.definitions import GOOD, write_edition

NOTHING = Changes((), (), (), ())


def changed(root: Path, **files: str) -> tuple[dict[str, Changes], dict, dict]:
    write_edition(root, 2001)
    write_edition(root, 2002, {**GOOD, **files})
    before, now = load_edition(2001, root), load_edition(2002, root)
    return dict(changes_between(before, now)), dict(before.questions), dict(now.questions)


def test_a_copy_has_no_changes(tmp_path: Path) -> None:
    found, _, _ = changed(tmp_path)
    assert found == dict.fromkeys(("profiel", "bezit", "kernfuncties", "personeel", "financieel"), NOTHING)
    assert not any(found.values())


def test_new_reworded_replaced_and_gone_questions(tmp_path: Path) -> None:
    text = (
        GOOD["kernfuncties"]
        .replace('label = "School"', 'label = "Basisschool"\nhelp = "Ook kinderopvang."')
        .replace('code = "partner_museum"', 'code = "partner_musea"\nreplaces = ["partner_museum"]')
        .replace('"partner_school", "partner_museum"', '"partner_school", "partner_musea"')
        .replace('code = "partners_lijst"', 'code = "partners_nieuw"')
    )
    found, before, now = changed(tmp_path, kernfuncties=text)
    assert found.pop("kernfuncties") == Changes(
        new=(now["partners_nieuw"],),
        reworded=(Reworded(before["partner_school"], now["partner_school"], ("label", "help")),),
        replaced=(Replaced((before["partner_museum"],), now["partner_musea"]),),
        gone=(before["partners_lijst"],),
    )
    assert not any(found.values())


@pytest.mark.parametrize("part", range(4))
def test_any_change_counts(tmp_path: Path, part: int) -> None:
    parts = list(astuple(NOTHING))
    parts[part] = ("iets",)
    assert bool(replace(NOTHING, **dict(zip(("new", "reworded", "replaced", "gone"), parts, strict=True))))


def test_the_real_years_differ_in_every_list() -> None:
    """Each list of the newest year has a new question, a changed wording and a successor."""
    earlier, latest = years()[-2:]
    found = changes_between(load_edition(earlier), load_edition(latest))
    assert {
        code: (bool(c.new), bool(c.reworded), bool(c.replaced)) for code, c in found.items()
    } == dict.fromkeys(load_edition(latest).by_code, (True, True, True))
