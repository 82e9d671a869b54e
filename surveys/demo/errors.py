"""The usual mistakes, planted on purpose in the later year, so that they can be looked for and found back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from surveys.demo.chance import uniform
from surveys.demo.country import Country, DemoOrganisation, country
from surveys.demo.sheets import Cell, Sheet, sheet
from surveys.demo.stages import UNTOUCHED, delivered_part, stages
from surveys.models.answer import to_value
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.non_library import code_of
from surveys.questionnaires.schema import BlockRole
from surveys.values import NO, YES, Key, Value
from surveys.workflow import SubmissionState

Changes = Mapping[Key, Cell]
Answers = Mapping[Key, Cell]


_BALANCE = (
    "balans_vaste_activa",
    "balans_vorderingen",
    "balans_liquide_middelen",
    "balans_bestemmingsreserves",
    "balans_voorzieningen",
    "balans_langlopende_schulden",
    "balans_kortlopende_schulden",
)


class Mistake(StrEnum):
    WHOLE_INSTITUTION = "whole_institution"
    THOUSANDS = "thousands"
    ROUNDED_VISITS = "rounded_visits"
    RENEWALS_IN_LOANS = "renewals_in_loans"
    CENTS = "cents"
    PUPILS_DOUBLED = "pupils_doubled"
    PUPILS_MISSING = "pupils_missing"
    REPORTED_TWICE = "reported_twice"
    FTE_ABOVE_PERSONS = "fte_above_persons"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class PlantedError:
    kind: Mistake
    organisation: str
    questionnaire: str
    code: str
    row: str
    true_value: Value
    planted_value: Value


def _whole_institution(answers: Answers, neighbour: Answers) -> Changes:
    """All income is said to be the library's, where last year a part was not."""
    gate = (code_of("baten", BlockRole.GATE), "")
    cell = answers.get(gate)
    return {gate: cell._replace(text=NO)} if cell and cell.text == YES else {}


def _thousands(answers: Answers, neighbour: Answers) -> Changes:
    return _rescaled(answers, "kosten_automatisering", 0.001)


def _cents(answers: Answers, neighbour: Answers) -> Changes:
    return _rescaled(answers, "baten_sponsoring", 100)


def _rescaled(answers: Answers, code: str, times: float) -> Changes:
    cell = answers.get((code, ""))
    if cell is None or not cell.hundredths or _has_block(answers):
        return {}
    return {(code, ""): cell._replace(hundredths=round(cell.hundredths / 100 * times) * 100)}


def _rounded_visits(answers: Answers, neighbour: Answers) -> Changes:
    keys = [key for key in answers if key[0] == "bezoeken_locatie"]
    if _has_block(answers) or not keys:
        return {}
    key = max(keys, key=lambda one: answers[one].hundredths or 0)
    number = answers[key].hundredths or 0
    rounded = round(number / 100_000) * 100_000
    if rounded in (0, number):
        return {}
    return {key: answers[key]._replace(hundredths=rounded, is_estimate=True)}


def _renewals_in_loans(answers: Answers, neighbour: Answers) -> Changes:
    return _added(answers, ("uitl_volw_fictie",), _number(answers, "verlengingen"))


def _pupils_doubled(answers: Answers, neighbour: Answers) -> Changes:
    pupils = _number(answers, "leerlingen_school")
    return _added(answers, ("leden_jeugd", "leden_9_12"), pupils)


def _pupils_missing(answers: Answers, neighbour: Answers) -> Changes:
    """Left out of the age that most of them have, so that the ages still add up."""
    pupils = min(_number(answers, "leerlingen_school"), _number(answers, "leden_4_8") * 4 // 500 * 100)
    return _added(answers, ("leden_jeugd", "leden_4_8"), -pupils)


def _reported_twice(answers: Answers, neighbour: Answers) -> Changes:
    """A merged organisation counts its partner's subsidy, which the partner reports as well."""
    code = "subsidie_gemeente_exploitatie"
    if _has_block(answers):
        return {}
    return _added(answers, (code,), _number(neighbour, code))


def _fte_above_persons(answers: Answers, neighbour: Answers) -> Changes:
    """Hours filled in for fte: a hard rule stops this one."""
    code = ("personeel_vast_fte", "")
    cell = answers.get(code)
    if cell is None or ("personeel_vast_parttime", "") not in answers:
        return {}
    return {code: cell._replace(hundredths=(cell.hundredths or 0) * 36)}


def _sign(answers: Answers, neighbour: Answers) -> Changes:
    """A reserve written as a debt: the balance sheet no longer closes, and a hard rule says so."""
    code = ("balans_algemene_reserve", "")
    cell = answers.get(code)
    if cell is None or not cell.hundredths or not all((one, "") in answers for one in _BALANCE):
        return {}
    return {code: cell._replace(hundredths=-cell.hundredths)}


def _added(answers: Answers, codes: Iterable[str], amount: int) -> Changes:
    keys = [(code, "") for code in codes]
    if not amount or not all(key in answers and answers[key].hundredths for key in keys):
        return {}
    return {key: answers[key]._replace(hundredths=(answers[key].hundredths or 0) + amount) for key in keys}


def _number(answers: Answers, code: str) -> int:
    cell = answers.get((code, ""))
    return (cell.hundredths or 0) if cell else 0


def _has_block(answers: Answers) -> bool:
    """A part in percent moves with its total; there the mistake would break a hard rule as well."""
    return any(code.endswith(code_of("", BlockRole.GATE)) for code, _ in answers)


@dataclass(frozen=True, slots=True)
class Plan:
    questionnaire: str
    times: int
    make: Callable[[Answers, Answers], Changes]
    state: SubmissionState = SubmissionState.SUBMITTED


PLANS: Mapping[Mistake, Plan] = {
    Mistake.WHOLE_INSTITUTION: Plan("financieel", 3, _whole_institution),
    Mistake.THOUSANDS: Plan("financieel", 2, _thousands),
    Mistake.CENTS: Plan("financieel", 2, _cents),
    Mistake.REPORTED_TWICE: Plan("financieel", 1, _reported_twice),
    Mistake.ROUNDED_VISITS: Plan("bezit", 6, _rounded_visits),
    Mistake.RENEWALS_IN_LOANS: Plan("bezit", 3, _renewals_in_loans),
    Mistake.PUPILS_DOUBLED: Plan("bezit", 3, _pupils_doubled),
    Mistake.PUPILS_MISSING: Plan("bezit", 3, _pupils_missing),
    Mistake.FTE_ABOVE_PERSONS: Plan("personeel", 2, _fte_above_persons, SubmissionState.IN_PROGRESS),
    Mistake.SIGN: Plan("financieel", 1, _sign, SubmissionState.IN_PROGRESS),
}


def plant(land: Country, sheet_of: Callable[[DemoOrganisation], Sheet]) -> tuple[PlantedError, ...]:
    """The mistakes of the later year; at most one kind in a questionnaire of an organisation."""
    edition = load_edition(land.later)
    how_far = stages(land, land.later)
    used: set[tuple[str, str]] = set()
    found: list[PlantedError] = []
    for kind, plan in PLANS.items():
        questionnaire = edition.by_code[plan.questionnaire]
        candidates = [
            one
            for one in land.organisations
            if one.isil not in UNTOUCHED and how_far[one.isil, plan.questionnaire].state is plan.state
        ]
        candidates.sort(key=lambda one: uniform("mistake", kind, one.isil))
        left = plan.times
        for place, one in enumerate(candidates):
            if not left:
                break
            if (one.isil, plan.questionnaire) in used:
                continue
            stage = how_far[one.isil, plan.questionnaire]
            answers = delivered_part(sheet_of(one), questionnaire, one.isil, stage)
            changes = plan.make(answers, sheet_of(candidates[place - 1]))
            if changes:
                left -= 1
                used.add((one.isil, plan.questionnaire))
                found += [
                    PlantedError(kind, one.isil, plan.questionnaire, *key, _value(answers[key]), _value(cell))
                    for key, cell in changes.items()
                ]
    return tuple(found)


def _value(cell: Cell) -> Value:
    return to_value(cell.state, cell.hundredths, cell.text)


def planted_errors(year: int) -> tuple[PlantedError, ...]:
    """The mistakes that stand in the demo country's answers about this year; the same in every build."""
    earlier, later = years()[-2:]
    land = country(earlier, later)
    if year != later:
        return ()
    sheets: dict[str, Sheet] = {}

    def sheet_of(one: DemoOrganisation) -> Sheet:
        if one.isil not in sheets:
            sheets[one.isil] = sheet(land, one, later)
        return sheets[one.isil]

    return plant(land, sheet_of)
