"""The documents: short, true to the code, and leading somewhere."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands

import surveys

ROOT = Path(__file__).parent.parent
DOCS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
DECISIONS = sorted((ROOT / "docs" / "decisions").iterdir())
INDENT = "    "
"""What a line of code begins with in a document."""


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _code_in(path: Path) -> Iterator[str]:
    """Every piece of code in a document: in backticks, fenced or indented."""
    text = path.read_text("utf-8")
    for fenced in re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
        yield from fenced.splitlines()
    rest = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"`([^`\n]+)`", rest)
    yield from (line for line in rest.splitlines() if line.startswith(INDENT))


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 60


@pytest.mark.parametrize("path", DOCS, ids=_name)
def test_every_make_target_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {target for code in _code_in(path) for target in re.findall(r"^\s*make ([a-z-]+)", code)}
    assert named <= targets


@pytest.mark.parametrize("path", DOCS, ids=_name)
def test_every_management_command_exists(path: Path) -> None:
    named = {name for code in _code_in(path) for name in re.findall(r"manage\.py ([a-z_]+)", code)}
    assert named <= set(get_commands())


@pytest.mark.parametrize("path", DOCS, ids=_name)
def test_every_file_that_is_named_exists(path: Path) -> None:
    named = {
        code
        for code in _code_in(path)
        if re.fullmatch(r"(bench|docs|surveys|templates|tests|wsob)/[\w./-]*", code)
    }
    assert [one for one in sorted(named) if not (ROOT / one).exists()] == []


@pytest.mark.parametrize("path", DOCS, ids=_name)
def test_every_link_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8"))
    near = [link for link in links if not link.startswith(("http:", "https:"))]
    assert [link for link in near if not (path.parent / link).exists()] == []


def test_every_environment_variable_is_told() -> None:
    settings = (ROOT / "wsob" / "settings.py").read_text("utf-8")
    read = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', settings))
    told = set(
        re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "deploy.md").read_text("utf-8"), re.MULTILINE)
    )
    assert len(read) > 10
    assert told == read


@cache
def _known_names() -> dict[str, list[Any]]:
    """Every name that a module of the application defines or imports, with all that it means."""
    found: dict[str, list[Any]] = {}
    for module in pkgutil.walk_packages(surveys.__path__, "surveys."):
        for name, meaning in vars(importlib.import_module(module.name)).items():
            found.setdefault(name, []).append(meaning)
    return found


def _exists(dotted: str) -> bool:
    name, _, member = dotted.partition(".")
    return any(not member or _has(one, member) for one in _known_names().get(name, ()))


def _has(owner: Any, member: str) -> bool:
    fields = getattr(owner, "__dataclass_fields__", {})
    return hasattr(owner, member) or member in fields


def _glossary() -> set[str]:
    rows = (line.split("|") for line in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines())
    return {name for row in rows if len(row) > 3 for name in re.findall(r"`([^`]+)`", row[2])}


def test_the_glossary_names_what_exists() -> None:
    names = _glossary()
    assert len(names) > 50
    assert [name for name in sorted(names) if not _exists(name)] == []


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_short_and_complete(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 30
    assert text.startswith(f"# {path.name[:4]} ")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == ["Context", "Decision", "Consequences"]


def test_decisions_are_numbered_without_gaps() -> None:
    assert [path.name[:5] for path in DECISIONS] == [f"{n:04}-" for n in range(1, len(DECISIONS) + 1)]
