"""The country itself: its organisations, their areas, locations and partners under one roof. Pure; no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import exp
from statistics import NormalDist

from surveys.demo import locations, names
from surveys.demo.chance import apportion, factor, pick, uniform
from surveys.demo.locations import DemoLocation
from surveys.demo.people import (
    DEMO_COMBINED,
    DEMO_COMBINED_NAME,
    DEMO_LIBRARY,
    DEMO_POI_NAME,
)

ORGANISATIONS = 137
LOCATIONS = 1_270
INHABITANTS = 17_600_000
SMALLEST, LARGEST = 25_000, 900_000
MUNICIPALITIES = 342
GROWTH = 0.006

PROVINCE_SHARES = {
    "Drenthe": 2.8, "Flevoland": 2.5, "Fryslân": 3.7, "Gelderland": 12.0, "Groningen": 3.4, "Limburg": 6.4,
    "Noord-Brabant": 14.8, "Noord-Holland": 16.6, "Overijssel": 6.7, "Utrecht": 7.8, "Zeeland": 2.2,
    "Zuid-Holland": 21.1,
}  # fmt: skip
POIS = (
    (DEMO_POI_NAME, "Gelderland", ("Gelderland", "Overijssel")),
    ("Steunpunt Noorderkim", "Groningen", ("Groningen",)),
    ("Steunpunt Zandrug", "Drenthe", ("Drenthe",)),
    ("Steunpunt It Boekeskip", "Fryslân", ("Fryslân",)),
    ("Steunpunt Het Middelpunt", "Utrecht", ("Utrecht", "Flevoland")),
    ("Steunpunt Duin en Plas", "Zuid-Holland", ("Noord-Holland", "Zuid-Holland")),
    ("Steunpunt De Schelpenbank", "Zeeland", ("Zeeland",)),
    ("Steunpunt De Populier", "Noord-Brabant", ("Noord-Brabant",)),
    ("Steunpunt De Mergel", "Limburg", ("Limburg",)),
)
JOINED = 22
"""Organisations that merged or have one board with others: 16%."""
COMBINED_VOLUME, DECLARED_VOLUME = 0.575, 0.635
"""Of the inhabitants: where figures of others are in the totals; where there is at least a shared roof declared."""
_SHARE_OF_DEMO_PLACES = (0.56, 0.62)

_FUNCTIONS_JOINED = {
    "podium": 0.6, "film": 0.3, "museum": 0.25, "kunst_muziek": 0.6, "volksuniversiteit": 0.3, "erfgoed": 0.2,
    "horeca": 0.6, "welzijn": 0.15, "anders": 0.05,
}  # fmt: skip
_FUNCTIONS_ROOF = {
    "podium": 0.3, "film": 0.12, "museum": 0.2, "kunst_muziek": 0.35, "volksuniversiteit": 0.2, "erfgoed": 0.2,
    "horeca": 0.4, "welzijn": 0.5, "anders": 0.1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Combination:
    """With whom a library is combined. `shares_figures`: figures of others are in the totals."""

    form: str
    functions: tuple[str, ...]
    shares_figures: bool

    @property
    def is_joined(self) -> bool:
        return self.form != "gedeeld_gebouw"


@dataclass(frozen=True, slots=True, eq=False)
class DemoOrganisation:
    isil: str
    name: str
    province: str
    poi: str
    inhabitants: int
    counted_in: int
    municipalities: tuple[str, ...]
    locations: tuple[DemoLocation, ...]
    combination: Combination | None

    @property
    def place(self) -> str:
        return self.municipalities[0]

    def inhabitants_in(self, year: int) -> int:
        """They grow a little each year; `inhabitants` are those of the earlier year."""
        years = year - self.counted_in
        return round(self.inhabitants * (1 + years * GROWTH * (0.5 + uniform("growth", self.isil))))

    def locations_of(self, year: int) -> tuple[DemoLocation, ...]:
        """Those that were open at some time in the year."""
        return tuple(
            one
            for one in self.locations
            if one.opened <= date(year, 12, 31) and (one.closed is None or one.closed >= date(year, 1, 1))
        )


@dataclass(frozen=True, slots=True)
class DemoPoi:
    isil: str
    name: str
    province: str


@dataclass(frozen=True, slots=True, eq=False)
class Country:
    """`earlier` and `later` are its two years: the one that is delivered, and the one that is being collected."""

    earlier: int
    later: int
    pois: tuple[DemoPoi, ...]
    organisations: tuple[DemoOrganisation, ...]


@cache
def country(earlier: int, later: int) -> Country:
    sizes = _sizes()
    isils = _isils(sizes)
    combinations = _combinations(isils, sizes)
    provinces = _provinces(isils)
    pois = tuple(DemoPoi(_isil(75, number), name, home) for number, (name, home, _) in enumerate(POIS, 1))
    poi_of = {
        province: poi.isil for poi, (_, _, served) in zip(pois, POIS, strict=True) for province in served
    }
    areas = _areas(isils, sizes)
    drawn = locations.draw(
        isils, sizes, areas, total=LOCATIONS, earlier=earlier, later=later, sharing=combinations.keys()
    )
    organisations = tuple(
        DemoOrganisation(
            isil=isil,
            name=_name(index, isil, areas[index], combinations.get(isil)),
            province=provinces[index],
            poi=poi_of[provinces[index]],
            inhabitants=sizes[index],
            counted_in=earlier,
            municipalities=areas[index],
            locations=drawn[index],
            combination=combinations.get(isil),
        )
        for index, isil in enumerate(isils)
    )
    return Country(earlier, later, pois, organisations)


def _isil(series: int, number: int) -> str:
    """NL-08nnnnn0000 for a library, NL-07… for a POI; the demo people's own come first."""
    return f"NL-0{series}{number:04}0000"[:14]


def _sizes() -> list[int]:
    """Inhabitants per organisation: log-normal, largest first, adding up to the country's."""
    quantile = NormalDist().inv_cdf
    shape = [exp(0.97 * quantile(1 - (place + 0.5) / ORGANISATIONS)) for place in range(ORGANISATIONS)]
    weights = [one * factor("size", place, spread=0.03) for place, one in enumerate(shape)]
    sizes = apportion(
        INHABITANTS,
        weights,
        caps=[LARGEST] * ORGANISATIONS,
        floors=[SMALLEST] * ORGANISATIONS,
    )
    return sorted(sizes, reverse=True)


def _isils(sizes: Sequence[int]) -> list[str]:
    """By size; two of middle size are the demo library and the demo combined institution."""
    numbers = iter(range(3, ORGANISATIONS + 1))
    special = {
        int(ORGANISATIONS * share): isil
        for share, isil in zip(_SHARE_OF_DEMO_PLACES, (DEMO_COMBINED, DEMO_LIBRARY), strict=True)
    }
    return [special.get(place) or _isil(85, next(numbers) * 10) for place in range(len(sizes))]


def _provinces(isils: Sequence[str]) -> list[str]:
    """In the country's proportions; the demo people share a province, and so their POI."""
    counts = apportion(len(isils), list(PROVINCE_SHARES.values()))
    pool = [province for province, count in zip(PROVINCE_SHARES, counts, strict=True) for _ in range(count)]
    home = POIS[0][1]
    special = [place for place, isil in enumerate(isils) if _is_demo(isil)]
    for _ in special:
        pool.remove(home)
    pool.sort(key=lambda province: province)
    order = sorted(range(len(pool)), key=lambda i: uniform("province", i))
    rest = iter([pool[i] for i in order])
    return [home if place in special else next(rest) for place in range(len(isils))]


def _is_demo(isil: str) -> bool:
    return isil in (DEMO_LIBRARY, DEMO_COMBINED)


def _areas(isils: Sequence[str], sizes: Sequence[int]) -> list[tuple[str, ...]]:
    """The municipalities that each organisation serves; a city is served alone."""
    floors = [1] * len(isils)
    caps = [2 if size > 350_000 else 13 for size in sizes]
    caps = [1 if _is_demo(isil) else cap for isil, cap in zip(isils, caps, strict=True)]
    weights = [
        size**0.3 * factor("municipalities", isil, spread=1.7)
        for isil, size in zip(isils, sizes, strict=True)
    ]
    counts = apportion(MUNICIPALITIES, weights, caps=caps, floors=floors)
    library, combined, *pool = names.places()
    own = {DEMO_LIBRARY: library, DEMO_COMBINED: combined}
    rest = iter(pool)
    return [
        (own[isil],) if isil in own else tuple(next(rest) for _ in range(count))
        for isil, count in zip(isils, counts, strict=True)
    ]


def _combinations(isils: Sequence[str], sizes: Sequence[int]) -> dict[str, Combination]:
    """Merged organisations first, then shared buildings until the wanted part of the country is reached."""
    size_of = dict(zip(isils, sizes, strict=True))
    drawn = sorted(isils, key=lambda isil: uniform("combined", isil))
    order = [one for one in drawn if not _is_demo(one) and size_of[one] < LARGEST]
    found = {DEMO_COMBINED: Combination("fusie", ("podium", "kunst_muziek", "horeca"), True)}
    for isil in order[: JOINED - 1]:
        form = ("fusie", "gezamenlijk_bestuur", "koepel")[pick((5, 3, 2), "form", isil)]
        found[isil] = Combination(form, _functions(isil, _FUNCTIONS_JOINED), True)
    volume = sum(size_of[isil] for isil in found)
    for isil in order[JOINED - 1 :]:
        if volume + size_of[isil] <= COMBINED_VOLUME * INHABITANTS:
            volume += size_of[isil]
            found[isil] = Combination("gedeeld_gebouw", _functions(isil, _FUNCTIONS_ROOF), True)
    for isil in sorted(order, key=lambda one: size_of[one]):
        room = DECLARED_VOLUME * INHABITANTS - volume
        if isil not in found and size_of[isil] <= room and uniform("roof", isil) < 0.7:
            volume += size_of[isil]
            found[isil] = Combination("gedeeld_gebouw", _functions(isil, _FUNCTIONS_ROOF), False)
    return found


def _functions(isil: str, chances: dict[str, float]) -> tuple[str, ...]:
    marks = {name: uniform("function", name, isil) / c for name, c in chances.items()}
    present = tuple(name for name in chances if marks[name] < 1)
    return present or (min(marks, key=marks.__getitem__),)


def _name(index: int, isil: str, area: tuple[str, ...], combination: Combination | None) -> str:
    if isil == DEMO_COMBINED:
        return DEMO_COMBINED_NAME
    joined = combination.functions if combination and combination.is_joined else ()
    return names.organisation_name(index, area[0], len(area), joined)
