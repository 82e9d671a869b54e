"""What really happened to an organisation and honestly changes its figures: a rebuilding, a merger, a new branch. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType

from surveys.demo import names
from surveys.demo.chance import uniform
from surveys.demo.country import Country, DemoOrganisation, country
from surveys.demo.locations import MAIN, DemoLocation
from surveys.demo.people import DEMO_COMBINED, DEMO_LIBRARY
from surveys.questionnaires.loader import years

NOTHING: Mapping[str, float] = MappingProxyType({})
_LOANS = ("uitleningen_boeken", "uitl_materialen")
_EVENTS_HELD = ("activiteiten", "deelnemers")
_MEMBERS = ("leden_jeugd", "leden_volwassen")
_STOCK = ("bezit_boeken", "bezit_materialen")
_VOLUME = (
    *_LOANS, *_EVENTS_HELD, *_MEMBERS, *_STOCK, "bezoeken", "ibl_aangevraagd", "personeel", "vrijwilligers",
    "subsidies", "eigen_inkomsten", "informatiepunten",
)  # fmt: skip
"""What grows when another library comes in. Not the schools and the help desks: other surveys count these."""


@dataclass(frozen=True, slots=True)
class TrueEvent:
    """`kind`: as on the timeline. `effects`: a calibrated figure to the factor by which it differs that year.

    `lines`: a line to what comes on top, as a part of its table. `outside`: a line of stock or members, or a pattern,
    to the factor that did not come about by acquiring and withdrawing, or by joining and leaving. `place`: the
    location it is about, with `there` the part of its visits that is left and `weeks` that it was closed.
    `gained`: the municipality that came in.
    """

    organisation: str
    year: int
    kind: str
    description: str
    starts: date
    ends: date | None = None
    effects: Mapping[str, float] = field(default_factory=dict)
    lines: Mapping[str, float] = field(default_factory=dict)
    outside: Mapping[str, float] = field(default_factory=dict)
    place: str = ""
    there: float = 1.0
    weeks: int = 0
    gained: str = ""
    growth: float = 1.0


def _part(one: DemoOrganisation, place: DemoLocation, year: int) -> float:
    """The part of the visits that this location has in an ordinary year."""
    return place.busy / sum(other.busy * other.part_of(year) for other in one.locations_of(year))


def _main(one: DemoOrganisation, year: int) -> DemoLocation | None:
    """The main library, where it is a fair part of the whole but not all of it."""
    found = next(other for other in one.locations_of(year) if other.subkind == MAIN)
    return found if 0.25 <= _part(one, found, year) <= 0.8 else None


def _rebuilding(one: DemoOrganisation, year: int) -> TrueEvent | None:
    place = _main(one, year)
    if place is None:
        return None
    lost = 0.3 + 0.3 * uniform("lost", one.isil, year)
    first = 2 + int(3 * uniform("first", one.isil, year))
    weeks = round(lost * 40)
    part = _part(one, place, year)
    return TrueEvent(
        one.isil,
        year,
        "verbouwing",
        f"Verbouwing van de hoofdvestiging in {one.place}: {weeks} weken dicht, daarna deels open.",
        starts=date(year, first, 6),
        ends=date(year, first + 6, 20),
        effects=_less(part * lost),
        place=place.isil,
        there=1 - lost,
        weeks=weeks,
    )


def _less(lost: float) -> dict[str, float]:
    """`lost`: of the visits; part of the loans and activities find another place."""
    return {
        "bezoeken": 1 - lost,
        **dict.fromkeys(_LOANS, 1 - 0.8 * lost),
        **dict.fromkeys(_EVENTS_HELD, 1 - 0.7 * lost),
    }


def _removal(one: DemoOrganisation, year: int) -> TrueEvent | None:
    place = _main(one, year)
    if place is None:
        return None
    part, lost = _part(one, place, year), 0.35
    return TrueEvent(
        one.isil,
        year,
        "verhuizing",
        f"De hoofdvestiging in {one.place} is verhuisd; tussen de twee gebouwen zat veertien weken.",
        starts=date(year, 5, 8),
        ends=date(year, 8, 19),
        effects=_less(part * lost) | {"subsidies": 1.05},
        lines={"subsidie_gemeente_overig": 0.05, "kosten_huisvesting": 0.06},
        place=place.isil,
        there=1 - lost,
        weeks=14,
    )


def _new_branch(one: DemoOrganisation, year: int) -> TrueEvent | None:
    place = next(
        (x for x in one.locations_of(year) if x.opened.year == year and x.subkind == "Vestiging"), None
    )
    if place is None:
        return None
    part = place.busy * place.part_of(year) / sum(x.busy for x in one.locations_of(year - 1))
    more: dict[str, float] = {
        "bezoeken": 1 + part,
        **dict.fromkeys(_LOANS, 1 + 0.8 * part),
        **dict.fromkeys(_MEMBERS, 1 + 0.4 * part),
        "bezit_boeken": 1 + 0.5 * part,
        "subsidies": 1 + 0.4 * part,
    }
    return TrueEvent(
        one.isil,
        year,
        "nieuwe_vestiging",
        f"Nieuwe vestiging geopend: {place.name}.",
        starts=place.opened,
        effects=more,
        place=place.isil,
    )


def _merger(one: DemoOrganisation, year: int) -> TrueEvent | None:
    if one.combination or not 60_000 < one.inhabitants < 200_000:
        return None
    grown = 1.22
    gained = names.places()[-1]
    return TrueEvent(
        one.isil,
        year,
        "fusie",
        f"Fusie met Bibliotheek {gained}: de cijfers zijn vanaf 1 januari samengevoegd.",
        starts=date(year, 1, 1),
        effects=dict.fromkeys(_VOLUME, grown),
        outside={"bezit_*": grown, "leden_*": grown, "balans_*": grown},
        gained=gained,
        growth=grown,
    )


def _once(one: DemoOrganisation, year: int) -> TrueEvent:
    part = 0.12 + 0.1 * uniform("once", one.isil, year)
    what, line = (
        ("de inrichting van de jeugdafdeling", "kosten_huisvesting"),
        ("zelfbediening en RFID in alle vestigingen", "kosten_automatisering"),
        ("de aanpak van laaggeletterdheid", "kosten_specifiek"),
    )[int(3 * uniform("once", one.isil, year, "what"))]
    return TrueEvent(
        one.isil,
        year,
        "eenmalig",
        f"Eenmalige subsidie van de gemeente voor {what}, in hetzelfde jaar uitgegeven.",
        starts=date(year, 1, 1),
        ends=date(year, 12, 31),
        effects={"subsidies": 1 + part},
        lines={"subsidie_gemeente_overig": part, line: part * 0.85},
    )


def _counted_visits(one: DemoOrganisation, year: int) -> TrueEvent:
    return TrueEvent(
        one.isil,
        year,
        "telling",
        "Alle vestigingen hebben nieuwe telpoorten; tot nu toe werden personeel en dubbele passages meegeteld.",
        starts=date(year, 1, 1),
        effects={"bezoeken": 0.68},
    )


def _counted_stock(one: DemoOrganisation, year: int) -> TrueEvent:
    return TrueEvent(
        one.isil,
        year,
        "telling",
        "Inventarisatie van de hele collectie: wat al jaren vermist was, is uit de catalogus gehaald.",
        starts=date(year, 3, 1),
        ends=date(year, 6, 30),
        effects=dict.fromkeys(_STOCK, 0.92),
        outside={"bezit_*": 0.92},
    )


def _new_system(one: DemoOrganisation, year: int) -> TrueEvent:
    return TrueEvent(
        one.isil,
        year,
        "systeem",
        "Nieuw bibliotheeksysteem: leden die al twee jaar niets hadden gedaan, zijn bij de overgang vervallen.",
        starts=date(year, 9, 4),
        effects=dict.fromkeys(_MEMBERS, 0.91),
        outside={"leden_*": 0.93},
    )


def _weeding(one: DemoOrganisation, year: int) -> TrueEvent:
    return TrueEvent(
        one.isil,
        year,
        "anders",
        "Sanering van de collectie: verouderde non-fictie en dubbele exemplaren zijn in één keer afgevoerd.",
        starts=date(year, 1, 15),
        ends=date(year, 4, 30),
        effects={"bezit_boeken": 0.91},
    )


Make = Callable[[DemoOrganisation, int], TrueEvent | None]
_LATER: tuple[tuple[Make, int], ...] = (
    (_new_branch, 3), (_merger, 1), (_removal, 1), (_rebuilding, 5), (_once, 3), (_counted_visits, 1),
    (_counted_stock, 1), (_new_system, 1), (_weeding, 1),
)  # fmt: skip
"""One organisation in eight."""
_EARLIER: tuple[tuple[Make, int], ...] = ((_rebuilding, 1), (_once, 1))
"""A year later the figures of these go the other way."""


@cache
def events_of(land: Country) -> Mapping[tuple[str, int], TrueEvent]:
    """(ISIL code, year) to what happened; at most one thing an organisation."""
    library = next(one for one in land.organisations if one.isil == DEMO_LIBRARY)
    found = [event for event in (_rebuilding(library, land.earlier),) if event]
    ones = sorted(land.organisations, key=lambda one: uniform("event", one.isil))
    ones = [one for one in ones if one.isil not in (DEMO_LIBRARY, DEMO_COMBINED)]
    for year, wanted in ((land.later, _LATER), (land.earlier, _EARLIER)):
        for make, times in wanted:
            made = list(_made(make, times, ones, year))
            taken = {event.organisation for event in made}
            ones = [one for one in ones if one.isil not in taken]
            found += made
    return {(event.organisation, event.year): event for event in found}


def _made(make: Make, times: int, ones: list[DemoOrganisation], year: int) -> Iterator[TrueEvent]:
    for one in ones:
        event = make(one, year) if times else None
        if event is not None:
            times -= 1
            yield event


def effects_of(land: Country, isil: str, year: int) -> Mapping[str, float]:
    event = events_of(land).get((isil, year))
    return event.effects if event else NOTHING


def inhabitants_of(land: Country, one: DemoOrganisation, year: int) -> int:
    """As Statistics Netherlands counts them, with those of a library that came in."""
    event = events_of(land).get((one.isil, year))
    return round(one.inhabitants_in(year) * (event.growth if event else 1))


def true_events(year: int) -> tuple[TrueEvent, ...]:
    """What happened in the demo country in this year; the same in every build."""
    land = country(*years()[-2:])
    return tuple(event for (_, of), event in events_of(land).items() if of == year)
