"""Slips in the earlier year that the library put right before submitting: only the log still tells of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from surveys.demo import slips
from surveys.demo.chance import uniform
from surveys.demo.country import Country, DemoOrganisation, country
from surveys.demo.people import DEMO_LIBRARY
from surveys.demo.sheets import Cell, Sheet, Sheets
from surveys.demo.slips import Answers, Changes
from surveys.models.answer import to_value
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.schema import Questionnaire
from surveys.rules.slips import REPAIRED
from surveys.values import Value


class FirstSlip(StrEnum):
    THOUSANDFOLD = "thousandfold"
    HUNDREDFOLD = "hundredfold"
    SWAPPED = "swapped"
    TOTAL_IN_PART = "total_in_part"
    SIGN = "sign"
    HOURS_FOR_FTE = "hours_for_fte"


@dataclass(frozen=True, slots=True)
class FirstTyped:
    """One answer: what stood there first and what stands there now. `reason`: of the correction, often none."""

    kind: FirstSlip
    organisation: str
    questionnaire: str
    code: str
    row: str
    wrong_value: Value
    true_value: Value
    reason: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """`make`: several ways to make this slip; one is drawn per organisation."""

    questionnaire: str
    times: int
    make: Sequence[Callable[[Answers], Changes]]
    reason: str


def _scale(code: str, kind: FirstSlip) -> Callable[[Answers], Changes]:
    times = {
        FirstSlip.THOUSANDFOLD: slips.THOUSANDTH,
        FirstSlip.HUNDREDFOLD: slips.HUNDREDFOLD,
        FirstSlip.HOURS_FOR_FTE: slips.HOURS_FOR_FTE,
    }[kind]
    return lambda answers: slips.rescaled(answers, code, times)


def _swap(code: str, other: str) -> Callable[[Answers], Changes]:
    return lambda answers: slips.swapped(answers, code, other)


def _total(*codes: str) -> Callable[[Answers], Changes]:
    return lambda answers: slips.total_in_part(answers, codes)


_IN_THOUSANDS = (
    "subsidie_gemeente_exploitatie", "kosten_automatisering", "kosten_huisvesting", "kosten_personeel_loondienst",
    "kosten_media", "inkomsten_gebruikers",
)  # fmt: skip
_WITH_CENTS = (
    "baten_sponsoring", "gebruikers_contributies", "kosten_administratie", "kosten_media_fysiek", "reserve_toevoeging",
)  # fmt: skip
PLANS: Mapping[FirstSlip, Sequence[_Plan]] = {
    FirstSlip.THOUSANDFOLD: (
        _Plan(
            "financieel", 13, [_scale(code, FirstSlip.THOUSANDFOLD) for code in _IN_THOUSANDS],
            "bedragen stonden in duizenden euro’s",
        ),
    ),
    FirstSlip.HUNDREDFOLD: (
        _Plan(
            "financieel", 10, [_scale(code, FirstSlip.HUNDREDFOLD) for code in _WITH_CENTS],
            "de centen waren zonder komma meegenomen",
        ),
    ),
    FirstSlip.SWAPPED: (
        _Plan(
            "bezit", 5,
            [
                _swap("leden_jeugd", "leden_volwassen"), _swap("bezit_jeugd_fictie", "aanschaf_jeugd_fictie"),
                _swap("ibl_aangevraagd", "ibl_binnen"), _swap("uitl_volw_fictie", "uitl_volw_nonfictie"),
            ],
            "twee regels waren verwisseld",
        ),
        _Plan("personeel", 4, [_swap("geslacht_man", "geslacht_vrouw")], "man en vrouw waren verwisseld"),
    ),
    FirstSlip.TOTAL_IN_PART: (
        _Plan("personeel", 4, [_total("geslacht_vrouw", "geslacht_man", "geslacht_anders")], "hier stond het totaal"),
        _Plan(
            "bezit", 4,
            [
                _total("leden_21_64", "leden_18_20", "leden_65"),
                _total("uitl_jeugd_fictie", "uitl_jeugd_nonfictie", "uitl_volw_fictie", "uitl_volw_nonfictie"),
            ],
            "hier stond het totaal van de regels",
        ),
    ),
    FirstSlip.SIGN: (
        _Plan("financieel", 3, [lambda answers: slips.negated(answers, "balans_algemene_reserve")], "minteken te veel"),
    ),
    FirstSlip.HOURS_FOR_FTE: (
        _Plan(
            "personeel", 6,
            [_scale(f"personeel_{one}_fte", FirstSlip.HOURS_FOR_FTE) for one in ("vast", "tijdelijk")],
            "er stonden uren in plaats van fte",
        ),
    ),
}  # fmt: skip
"""About sixty answers together."""
_TOLD = 0.35
"""Part of the corrections for which somebody wrote why."""


def draw(land: Country, sheet_of: Callable[[DemoOrganisation, int], Sheet]) -> tuple[FirstTyped, ...]:
    """What was typed first; at most one slip in a questionnaire of an organisation."""
    edition = load_edition(land.earlier)
    used: set[tuple[str, str]] = set()
    found: list[FirstTyped] = []
    for kind, plans in PLANS.items():
        for plan in plans:
            left = plan.times
            questionnaire = edition.by_code[plan.questionnaire]
            for one in sorted(land.organisations, key=lambda one: uniform("first", kind, one.isil)):
                if not left:
                    break
                if (one.isil, plan.questionnaire) in used or one.isil == DEMO_LIBRARY:
                    continue
                made = list(_made(kind, plan, questionnaire, one, sheet_of(one, land.earlier)))
                if made:
                    left -= 1
                    used.add((one.isil, plan.questionnaire))
                    found += made
    return tuple(found)


def _made(
    kind: FirstSlip, plan: _Plan, questionnaire: Questionnaire, one: DemoOrganisation, answers: Sheet
) -> Iterator[FirstTyped]:
    make = plan.make[int(uniform("first", kind, one.isil, "which") * len(plan.make))]
    changes = {key: cell for key, cell in make(answers).items() if cell != answers[key]}
    if all(_is_typeable(questionnaire, key[0], cell) for key, cell in changes.items()):
        is_told = uniform("first", kind, one.isil, "told") < _TOLD
        reason = f"{REPAIRED}{plan.reason}" if is_told else ""
        for key, cell in changes.items():
            first, true = _value(cell), _value(answers[key])
            yield FirstTyped(kind, one.isil, questionnaire.code, *key, first, true, reason)


def _is_typeable(questionnaire: Questionnaire, code: str, cell: Cell) -> bool:
    """The field would have taken it."""
    question, number = questionnaire.questions[code], _value(cell).number
    low, high = question.minimum, question.maximum
    return number is not None and (low is None or number >= low) and (high is None or number <= high)


def _value(cell: Cell) -> Value:
    return to_value(cell.state, cell.hundredths, cell.text)


@cache
def first_typed(year: int) -> tuple[FirstTyped, ...]:
    """The answers about this year that were first typed wrong in the demo country; the same in every build."""
    earlier, later = years()[-2:]
    if year != earlier:
        return ()
    land = country(earlier, later)
    return draw(land, Sheets(land))
