"""What is not the library's: which part of each total, and the answers that say so."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from surveys.demo.chance import factor, uniform
from surveys.demo.country import DemoOrganisation
from surveys.demo.people import DEMO_COMBINED

TAIL = ("podium", "film", "museum")
DEMO_FRACTION = 0.24
ITEMS = (
    "bezoeken",
    "activiteiten",
    "deelnemers",
    "personeel",
    "vrijwilligers",
    "baten",
)
_NO_STAFF = 0.45
"""Chance that a shared building brings no staff, volunteers or activities of others into the totals."""

PARTS: Mapping[str, tuple[float, tuple[str, ...]]] = {
    "podium": (4, ("podium",)),
    "film": (3, ("film",)),
    "museum": (3, ("museum", "erfgoed")),
    "kunst_muziek": (3, ("kunst_muziek", "volksuniversiteit")),
    "horeca": (0.7, ("horeca",)),
    "zaalverhuur": (0.7, ("podium", "film", "museum")),
    "kaartverkoop": (5, ("podium", "film", "museum")),
    "lesgeld": (3, ("kunst_muziek", "volksuniversiteit")),
    "verhuur_horeca": (2, ()),
    "personeel": (4, ()),
    "huisvesting": (2, ()),
    "programmering": (4, ()),
    "overig": (1, ("welzijn", "anders")),
}
"""Part of a block to its weight, and the functions of the profile that bring it; none named: all do."""

WAGES: Mapping[str, tuple[str, int]] = {"lasten_nb_personeel": ("personeel_fte", 62_000)}
"""A part of a block to the total whose own part it pays for, and the euros a year for each of those."""

REASONS = {
    "geregistreerd": "Apart geteld: {what}. Dit staat los in onze administratie.",
    "verdeelsleutel": "Verdeeld naar vierkante meters en openingsuren; het gaat om {what}.",
    "schatting": "Geschat door de teamleider op basis van de agenda van het gebouw; het gaat om {what}.",
}


@cache
def non_library_fractions(organisation: DemoOrganisation) -> Mapping[str, float]:
    """Total to the part that is not the library's, before it is scaled to the national picture."""
    combination = organisation.combination
    if combination is None or not combination.shares_figures:
        return {}
    isil = organisation.isil
    has_tail = any(one in TAIL for one in combination.functions)
    chance = uniform("fraction", isil)
    if isil == DEMO_COMBINED:
        middle = DEMO_FRACTION
    elif combination.is_joined:
        middle = 0.10 + 0.35 * chance**1.6 if has_tail else 0.03 + 0.09 * chance
    else:
        middle = 0.005 + 0.05 * chance**2 if has_tail else 0.03 * chance**2
    found = {code: min(0.5, middle * factor("fraction", code, isil, spread=0.25)) for code in ITEMS}
    if not combination.is_joined:
        for code in ("activiteiten", "deelnemers"):
            if uniform("none", "activiteiten", isil) < _NO_STAFF:
                found.pop(code)
        for code in ("personeel", "vrijwilligers"):
            if uniform("none", code, isil) < _NO_STAFF:
                found.pop(code)
    return found
