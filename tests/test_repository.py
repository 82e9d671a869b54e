"""The repository itself: no year in code, small modules, a short README."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = sorted(
    path
    for folder in ("surveys", "wsob")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts and not path.parent.name.isdigit()
)
TEMPLATES = sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "surveys").rglob("*.html")])
_YEAR = re.compile(r"(?<![\w.#])20(?!00)\d\d(?!\w)")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_code_to_look_at() -> None:
    assert ROOT / "surveys" / "values.py" in CODE


@pytest.mark.parametrize("path", [*CODE, *TEMPLATES], ids=_name)
def test_no_year_stands_in_code(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert [line for line in lines if _YEAR.search(line)] == []


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_a_module_is_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", [path for path in CODE if path.stat().st_size], ids=_name)
def test_a_module_opens_with_its_place(path: Path) -> None:
    assert path.read_text("utf-8").startswith('"""')
