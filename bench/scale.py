"""The same page and the same save with ten times the organisations in the database."""

from __future__ import annotations

from collections.abc import Iterator

from bench import page, saving
from bench.data import TIMES, World
from bench.database import COUNTRY, TENFOLD, Databases
from bench.report import Goal
from bench.requests import Browser
from bench.timing import Prepare, compare

RATIO = 1.15


def goals(both: Databases, world: World) -> Iterator[Goal]:
    """Both databases take turns."""
    pages: dict[str, Prepare] = {}
    saves: dict[str, Prepare] = {}
    for name in (COUNTRY, TENFOLD):
        both.use(name)
        pages[name] = _page(Browser(world.combined.user), page.address(world.combined, *page.BLOCKS))
        saves[name] = saving.Field(world.combined, *saving.IN_TABLE).ours
    for what, prepare, rounds in (("section page", pages, page.ROUNDS), ("autosave", saves, saving.ROUNDS)):
        pair = compare(
            _within(both, TENFOLD, prepare[TENFOLD]), _within(both, COUNTRY, prepare[COUNTRY]), rounds=rounds
        )
        yield Goal.of_pair(f"{what} with {TIMES} times the organisations", "with one country", RATIO, pair)


def _page(browser: Browser, path: str) -> Prepare:
    return lambda: browser.get(path)


def _within(both: Databases, name: str, prepare: Prepare) -> Prepare:
    def prepared() -> object:
        both.use(name)
        return prepare()

    return prepared
