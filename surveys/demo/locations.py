"""The locations of the demo country: from main library to bus stop, with their opening hours. Pure."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from typing import NamedTuple

from surveys.demo import names
from surveys.demo.chance import apportion, factor, pick, uniform

BRANCH, BUS, STOP = "Bibliotheekvestiging", "Bibliobus", "Bibliobushalte"
MAIN = "Hoofdvestiging"
SHARED = 0.575
"""Part of the locations in a building that is shared with others."""
SHARING_ORGANISATIONS = 0.9
BUSES = 8
_SELF_SERVICE, _LONG = 0.2, 20
"""Part of the locations with long hours that are open without staff for some of them."""
_FIRST_BRANCH, _FIRST_BUS, _FIRST_SPECIAL = 1_001, 2_000, 3_000
"""Where the numbers of the locations start; stops come after their bus."""
_LEFT_LONG_AGO, _LEFT_EARLIER, _LEFT_LATER, _CAME_LATER = 10, 4, 7, 12
_CAME_LARGE = range(_LEFT_LONG_AGO + 1, _LEFT_LONG_AGO + 4)
"""Of those that came later: ordinary branches, early in the year; the others are small."""


class Sort(NamedTuple):
    """A sort of location: its opening hours a week, how busy it is beside an ordinary branch, how many there are."""

    kind: str
    subkind: str
    hours: float
    busy: float
    often: int = 0


_MAIN = Sort(BRANCH, MAIN, 48, 3)
_BUS = Sort(BUS, "", 20, 0.15)
_STOP = Sort(STOP, "", 0.75, 0.02)
_BRANCH = Sort(BRANCH, "Vestiging", 30, 1, 607)
_OTHERS = (
    _BRANCH,
    Sort(BRANCH, "Servicepunt", 9, 0.16, 162),
    Sort(BRANCH, "Miniservicepunt", 3.5, 0.05, 80),
    Sort(BRANCH, "Zelfbedieningsbibliotheek", 40, 0.35, 70),
    Sort(BRANCH, "Afhaalpunt", 11, 0.04, 70),
    Sort(BRANCH, "School- of instellingsbibliotheek", 11, 0.08, 50),
)


@dataclass(frozen=True, slots=True)
class DemoLocation:
    """`hours`: open per week. `busy`: its weight in the visits. `is_shared`: others use the building too."""

    isil: str
    name: str
    address: str
    kind: str
    subkind: str
    opened: date
    closed: date | None
    hours: float
    busy: float
    is_shared: bool = False

    @property
    def is_staffed(self) -> bool:
        return self.subkind not in ("Zelfbedieningsbibliotheek", "Afhaalpunt")

    @property
    def is_self_service(self) -> bool:
        """Open without staff as well: always, or for a part of the hours."""
        is_large = self.kind == BRANCH and self.hours >= _LONG
        return not self.is_staffed or (is_large and uniform("self_service", self.isil) < _SELF_SERVICE)

    @property
    def staffed_hours(self) -> float:
        if not self.is_staffed:
            return 0.0
        part = 0.55 + 0.35 * uniform("staffed", self.isil) if self.is_self_service else 1.0
        return round(self.hours * part * 2) / 2

    def part_of(self, year: int) -> float:
        """The part of the year in which it was open."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        days = min(self.closed or last, last) - max(self.opened, first)
        return days.days / (last - first).days


def draw(
    isils: Sequence[str],
    sizes: Sequence[int],
    areas: Sequence[tuple[str, ...]],
    *,
    total: int,
    earlier: int,
    later: int,
    sharing: Set[str],
) -> list[tuple[DemoLocation, ...]]:
    """Per organisation its locations: `total` of them were open in the earlier year.

    `sharing`: who surely shares a building.
    """
    weights = [
        (size**0.7) * factor("locations", isil, spread=0.25) for isil, size in zip(isils, sizes, strict=True)
    ]
    counts = apportion(total, weights, floors=[2] * len(isils))
    wide = [isil for isil, n in zip(isils, counts, strict=True) if n >= 12]
    buses = set(sorted(wide, key=lambda isil: uniform("bus", isil))[:BUSES])
    drawn = [
        _of(isil, area, n, isil in buses, earlier) for isil, area, n in zip(isils, areas, counts, strict=True)
    ]
    return _changed(_with_roofs(isils, drawn, total, sharing), earlier, later)


def _of(isil: str, area: tuple[str, ...], wanted: int, has_bus: bool, earlier: int) -> list[DemoLocation]:
    stops = wanted * 2 // 5 if has_bus else 0
    drawn = [_branch(isil, area, number, earlier) for number in range(wanted - stops - has_bus)]
    if has_bus:
        drawn.append(_make(f"{isil[:-4]}{_FIRST_BUS}", f"Bibliobus {area[0]}", area[0], _BUS, earlier))
    for stop in range(1, stops + 1):
        place = area[stop % len(area)]
        name = f"Halte {place}-{names.quarter(stop + 7)}"
        drawn.append(_make(f"{isil[:-4]}{_FIRST_BUS + stop}", name, place, _STOP, earlier))
    return drawn


def _branch(isil: str, area: tuple[str, ...], number: int, earlier: int) -> DemoLocation:
    place = area[number % len(area)]
    sort = _MAIN if number == 0 else _OTHERS[pick([one.often for one in _OTHERS], "sort", isil, number)]
    first = _FIRST_SPECIAL if sort.subkind.startswith("School") else _FIRST_BRANCH
    name = place if number < len(area) else f"{place}-{names.quarter(number // len(area) - 1)}"
    return _make(f"{isil[:-4]}{first + number}", f"Bibliotheek {name}", place, sort, earlier)


def _make(isil: str, name: str, place: str, sort: Sort, earlier: int) -> DemoLocation:
    age = 1 + int(uniform("age", isil) * 38)
    day = timedelta(days=int(uniform("day", isil) * 364))
    hours = sort.hours * factor("hours", isil, spread=0.12)
    return DemoLocation(
        isil=isil,
        name=name,
        address=names.address(place, isil),
        kind=sort.kind,
        subkind=sort.subkind,
        opened=date(earlier - age, 1, 1) + day,
        closed=None,
        hours=round(hours * 2) / 2,
        busy=sort.busy * factor("busy", isil, spread=0.3),
    )


def _with_roofs(
    isils: Sequence[str], drawn: Sequence[list[DemoLocation]], total: int, surely: Set[str]
) -> list[list[DemoLocation]]:
    """Exactly SHARED of the locations share a building, in SHARING_ORGANISATIONS of the organisations."""
    sharing = sorted(range(len(isils)), key=lambda i: (isils[i] not in surely, uniform("sharing", isils[i])))
    sharing = sharing[: round(SHARING_ORGANISATIONS * len(isils))]
    candidates = [one for i in sharing for one in drawn[i] if one.kind == BRANCH and one.subkind != MAIN]
    mains = [next(one for one in drawn[i] if one.subkind == MAIN) for i in sharing]
    candidates.sort(key=lambda one: uniform("roof", one.isil))
    shared = {one.isil for one in (mains + candidates)[: round(SHARED * total)]}
    return [[replace(one, is_shared=one.isil in shared) for one in locations] for locations in drawn]


def _changed(drawn: list[list[DemoLocation]], earlier: int, later: int) -> list[tuple[DemoLocation, ...]]:
    """Some close and some open; what closed long ago stays in the register under its own code."""
    small = sorted(
        (
            (i, j)
            for i, locations in enumerate(drawn)
            for j, one in enumerate(locations)
            if one.kind == BRANCH and one.subkind not in (MAIN, "Vestiging")
        ),
        key=lambda place: uniform("change", drawn[place[0]][place[1]].isil),
    )
    for number, (i, j) in zip(count(), small[: _LEFT_EARLIER + _LEFT_LATER]):
        year = earlier if number < _LEFT_EARLIER else later
        drawn[i][j] = replace(drawn[i][j], closed=date(year, 3 + number % 9, 28))
    for number, (i, j) in zip(count(), small[_LEFT_EARLIER + _LEFT_LATER :][: _LEFT_LONG_AGO + _CAME_LATER]):
        one = drawn[i][j]
        code = f"{one.isil[:-4]}{1500 + number}"
        name = f"Bibliotheek {names.quarter(number + 11)}"
        if number < _LEFT_LONG_AGO:
            gone = date(earlier - 1 - number % 3, 6, 30)
            extra = replace(one, isil=code, name=name, closed=gone, opened=date(earlier - 30, 1, 2))
        else:
            extra = replace(one, isil=code, name=name, opened=date(later, 1 + number % 11, 15))
            if number in _CAME_LARGE:
                extra = replace(extra, subkind=_BRANCH.subkind, hours=_BRANCH.hours, busy=_BRANCH.busy)
        drawn[i].append(extra)
    return [tuple(sorted(locations, key=lambda one: one.isil)) for locations in drawn]
