"""A full year checked by all rules of all lists, from values to findings, beside the bare sums and comparisons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import process_time

from bench.checking_anchor import Floor
from bench.data import OPEN_YEAR, TIMES
from bench.full_year import Bounds, Library, bounds_of, full_year
from bench.report import Goal, duration
from bench.timing import Turn, compare
from surveys.questionnaires.loader import load_edition
from surveys.rules import Finding

SECONDS, RATIO = 1.0, 9.0
TENFOLD = 1.05
"""For every one of ten times the organisations: ten times as many cost at most 10.5 times as much."""
ROUNDS, ROUNDS_TENFOLD = 9, 3


def goals() -> Iterator[Goal]:
    libraries = full_year()
    bounds = bounds_of(libraries)
    floor = Floor(libraries)
    what = f"check of a year, {len(libraries)} organisations, {_size(libraries)}"
    pair = compare(
        lambda: _check(libraries, bounds), lambda: floor, rounds=ROUNDS, warm_up=1, clock=process_time
    )
    yield Goal(what, f"<= {SECONDS:g} s", duration(pair.ours), "", "", pair.ours <= SECONDS)
    yield Goal.of_pair(what, "bare sums and comparisons", RATIO, pair)
    tenfold = [one.copy() for one in libraries for _ in range(TIMES)]
    pair = compare(
        lambda: _check(tenfold, bounds),
        lambda: lambda: [findings_of(libraries, bounds) for _ in range(TIMES)],
        rounds=ROUNDS_TENFOLD,
        warm_up=0,
        clock=process_time,
    )
    yield Goal.of_pair(
        f"check of {TIMES} times the organisations at once", f"one country, {TIMES} times", TENFOLD, pair
    )


def _check(libraries: Sequence[Library], bounds: Bounds) -> Turn:
    return lambda: findings_of(libraries, bounds)


def findings_of(libraries: Sequence[Library], bounds: Bounds) -> list[Finding]:
    """What is told in all lists of all libraries."""
    lists = tuple(load_edition(OPEN_YEAR).by_code)
    found: list[Finding] = []
    for library in libraries:
        checked = library.checked(bounds)
        for questionnaire in lists:
            found += checked.findings(questionnaire)
    return found


def _size(libraries: Sequence[Library]) -> str:
    answers = sum(len(one.now.values) + len(one.last.values) for one in libraries)
    return f"{answers:,} answers, {len(load_edition(OPEN_YEAR).rules)} rules"
