"""The calibration: the published national figures, and each organisation's part of them.

A total with a non-library block is published as the library's part of it; what is not the library's comes on top.
Book loans are set at the 52.5 million that the definitive series implies, not at the provisional 53.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from surveys.demo.chance import apportion, factor, restlessness, uniform
from surveys.demo.country import Country, DemoOrganisation
from surveys.demo.events import TrueEvent, effects_of, events_of
from surveys.demo.shares import non_library_fractions
from surveys.values import YES

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class National:
    """`growth`: into the later year. `spread`: of the organisations round the mean per inhabitant.

    `like`: in proportion to this earlier figure, as it usually is, rather than to the inhabitants.
    `restless`: how much of that spread is of one year only; stock and members hardly move, diverse income does.
    `holders`: in how many organisations it occurs (0: everywhere). `within`: never more than this figure.
    `extra`: of the whole institutions, the part that comes on top because it is not the library's.
    """

    total: int
    growth: float = 1.0
    spread: float = 0.2
    restless: float = 0.2
    holders: int = 0
    within: str = ""
    like: str = ""
    extra: int = 0


NATIONAL: Mapping[str, National] = {
    "leden_jeugd": National(2_162_300, 1.05, 0.15, 0.13),
    "leden_volwassen": National(1_277_700, 1.03, 0.15, 0.13),
    "uitleningen_boeken": National(52_500_000, 1.02, 0.2, 0.18),
    "uitl_materialen": National(1_300_000, 0.92, 0.4, 0.18),
    "bezit_boeken": National(23_000_000, 0.995, 0.18, 0.06),
    "bezit_materialen": National(1_300_000, 0.93, 0.35, 0.08),
    "ibl_aangevraagd": National(1_600_000, 1.01, 0.4),
    "bezoeken": National(50_300_000, 1.11, 0.25, 0.22, extra=1_263_000),
    "activiteiten": National(306_000, 1.1, 0.35, 0.3, extra=8_400),
    "deelnemers": National(3_400_000, 1.12, 0.3, 0.33, extra=150_000),
    "subsidies": National(492_500_000, 1.06, 0.15, 0.17),
    "personeel": National(7_535, 1.045, 0.1, 0.25, like="subsidies", extra=163),
    "vrijwilligers": National(24_500, 1.06, 0.3, 0.25, extra=420),
    "eigen_inkomsten": National(77_800_000, 1.05, 0.25),
    "diverse_baten": National(17_700_000, 1.0, 0.4, 0.4),
    "informatiepunten": National(2_200, 1.08, 0.3),
    "ido_aantal": National(664, 1.05, 0.3, holders=137),
    "ido_vragen": National(52_000, 1.5, 0.5, holders=137),
    "po_locaties_gebied": National(6_820, 1.0, 0.1, holders=137),
    "po_locaties": National(6_137, 1.0, 0.04, holders=137, within="po_locaties_gebied"),
    "po_structureel": National(3_493, 1.03, 0.2, within="po_locaties"),
    "po_lezen": National(5_719, 1.0, 0.04, within="po_locaties"),
    "po_digitaal": National(1_881, 1.08, 0.3, within="po_locaties"),
    "po_cultuur": National(1_678, 1.0, 0.3, within="po_locaties"),
    "vo_locaties_gebied": National(1_838, 1.0, 0.1, holders=133),
    "vo_locaties": National(919, 1.04, 0.15, holders=122, within="vo_locaties_gebied"),
    "vo_verkenning": National(273, 1.05, 0.3, holders=76, within="vo_locaties_gebied"),
}
"""In the order in which they are shared out: `within` names an earlier one."""

INCOME = ("subsidies", "eigen_inkomsten", "diverse_baten")
INCOME_EXTRA = 29_200_000
COSTS, COSTS_EXTRA = 616_400_000, 29_000_000
MONEY_GROWTH = 1.065
"""Income: 588.0 million of the library, 617.2 of the whole institutions. Costs are published as a whole only."""
MONEY_EARNED_BY_OTHERS = "eigen_inkomsten"
INCOME_TOTAL, COSTS_TOTAL = "baten", "lasten"
EARNING_LINE, EARNING_PART = "inkomsten_specifiek", 0.31
EARNED_BY = {
    "specifiek_entree": (5, ("podium", "film", "museum")),
    "specifiek_cursussen": (3, ("kunst_muziek", "volksuniversiteit")),
    "specifiek_zaalverhuur": (1.2, ()),
    "specifiek_horeca": (0.8, ()),
}
"""Line to its weight, and the functions that earn there; none named: all do."""
DONE_AS = {"activiteiten": "activiteiten_kunst", "deelnemers": "deelnemers_kunst"}
SPENT_ON = {"kosten_programmering": 0.6, "kosten_horeca": 0.15, "kosten_personeel": 0.25}


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one organisation and year. `totals`: of the whole institution; `non_library`: what is not the library's.

    `heavier`: what others earn or spend on a line, as a part of what the library does in the whole table.
    """

    totals: Mapping[str, int]
    non_library: Mapping[str, int]
    heavier: Mapping[str, float] = field(default_factory=dict)


@cache
def figures(country: Country, year: int) -> Mapping[str, Figures]:
    """By ISIL code. The years share their chance, so that a figure moves as figures do."""
    ones = country.organisations
    is_later = year == country.later
    shared: dict[str, list[int]] = {}
    extra: dict[str, list[int]] = {}
    for code, one in NATIONAL.items():
        growth = one.growth if is_later else 1
        shared[code] = _shared(country, code, one, shared, year, total=round(one.total * growth))
        if one.extra:
            extra[code] = _extra(ones, code, round(one.extra * growth), shared[code])
    library_income = [sum(parts) for parts in zip(*(shared[c] for c in INCOME), strict=True)]
    growth = MONEY_GROWTH if is_later else 1
    extra[INCOME_TOTAL] = _extra(ones, INCOME_TOTAL, round(INCOME_EXTRA * growth), library_income)
    income = [a + b for a, b in zip(library_income, extra[INCOME_TOTAL], strict=True)]
    shared[COSTS_TOTAL] = apportion(
        round(COSTS * growth),
        [
            amount * factor("costs", one.isil, year, spread=0.02)
            for amount, one in zip(income, ones, strict=True)
        ],
    )
    extra[COSTS_TOTAL] = apportion(round(COSTS_EXTRA * growth), extra[INCOME_TOTAL])
    return {
        one.isil: _of(
            one,
            {c: v[i] for c, v in shared.items()},
            {c: v[i] for c, v in extra.items()},
            events_of(country).get((one.isil, year)),
        )
        for i, one in enumerate(ones)
    }


def _of(
    one: DemoOrganisation, shared: Mapping[str, int], extra: Mapping[str, int], event: TrueEvent | None
) -> Figures:
    functions = set(one.combination.functions) if one.combination else set()
    totals = dict(shared)
    for code in NATIONAL:
        totals[code] += extra.get(code, 0)
    own = totals[MONEY_EARNED_BY_OTHERS]
    earned, spent = extra[INCOME_TOTAL], extra[COSTS_TOTAL]
    totals[MONEY_EARNED_BY_OTHERS] = own + earned
    heavier = {
        line: extra[code] / (totals[code] - extra[code]) for code, line in DONE_AS.items() if extra.get(code)
    }
    if earned:
        heavier[EARNING_LINE] = earned / own
        usual = own * EARNING_PART
        earning = {
            line: weight
            for line, (weight, wanted) in EARNED_BY.items()
            if not wanted or functions.intersection(wanted)
        }
        whole = sum(earning.values())
        heavier |= {line: earned / usual * weight / whole for line, weight in earning.items()}
        left = totals[COSTS_TOTAL] - spent
        heavier |= {line: spent * part / left for line, part in SPENT_ON.items()}
    if event:
        for line, part in event.lines.items():
            heavier[line] = heavier.get(line, 0.0) + part
    return Figures(totals, extra, heavier)


def _shared(
    country: Country,
    code: str,
    national: National,
    shared: Mapping[str, list[int]],
    year: int,
    *,
    total: int,
) -> list[int]:
    ones = country.organisations
    caps = shared[national.within] if national.within else None
    sizes: Sequence[float] = caps or [one.inhabitants for one in ones]
    if like := national.like:
        usual = (effects_of(country, one.isil, year).get(like, 1) for one in ones)
        sizes = [size / effect for size, effect in zip(shared[like], usual, strict=True)]
    holders = _holders(ones, code, national.holders, caps)
    weights = [
        size
        * factor("figure", code, one.isil, spread=national.spread)
        * factor(
            "figure",
            code,
            one.isil,
            year,
            spread=national.spread * national.restless * restlessness(one.isil),
        )
        * effects_of(country, one.isil, year).get(code, 1)
        * (one.isil in holders)
        for size, one in zip(sizes, ones, strict=True)
    ]
    floors = [int(bool(national.holders) and one.isil in holders) for one in ones]
    return apportion(total, weights, caps=caps, floors=floors)


def _holders(
    ones: Sequence[DemoOrganisation],
    code: str,
    number: int,
    caps: Sequence[int] | None,
) -> frozenset[str]:
    able = [one.isil for i, one in enumerate(ones) if caps is None or caps[i] > 0]
    if not number:
        return frozenset(able)
    return frozenset(sorted(able, key=lambda isil: uniform("holder", code, isil))[:number])


def _extra(ones: Sequence[DemoOrganisation], code: str, total: int, library: Sequence[int]) -> list[int]:
    """What is not the library's, over the institutions that have it; never more than the library's own part."""
    weights = []
    for amount, one in zip(library, ones, strict=True):
        fraction = non_library_fractions(one).get(code, 0.0)
        weights.append(amount * fraction / (1 - fraction))
    return apportion(total, weights, caps=library)


@cache
def yes_sayers(country: Country, code: str, chance: float, year: int) -> frozenset[str]:
    """The organisations that answer yes: exactly the wanted part of them, and mostly the same ones each year."""
    ones = sorted(
        country.organisations,
        key=lambda one: uniform(YES, code, one.isil) + 0.08 * uniform(YES, code, one.isil, year),
    )
    return frozenset(one.isil for one in ones[: round(chance * len(ones))])
