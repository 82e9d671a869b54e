"""What production refuses to start without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEEDED = {"SECRET_KEY": "lang", "BASE_URL": "https://wsob.example.org/"}


def started(**environment: str) -> subprocess.CompletedProcess[str]:
    code = "import wsob.settings as s; print(s.BASE_URL)"
    inherited = {name: value for name, value in os.environ.items() if name not in {*NEEDED, "DEBUG", "DEMO"}}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", NEEDED)
def test_production_does_not_start_without(name: str) -> None:
    refused = started(**{one: text for one, text in NEEDED.items() if one != name})
    assert refused.returncode == 1
    assert f"{name} is not set." in refused.stderr


def test_the_address_of_the_site_ends_without_a_slash() -> None:
    assert started(**NEEDED).stdout == "https://wsob.example.org\n"


@pytest.mark.parametrize("name", ["DEBUG", "DEMO"])
def test_to_develop_and_to_show_nothing_is_needed(name: str) -> None:
    assert started(**{name: "1"}).stdout == "http://localhost:8000\n"
