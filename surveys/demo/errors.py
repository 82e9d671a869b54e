"""The usual mistakes, planted on purpose in the later year, so that they can be looked for and found back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from surveys.demo import mistakes
from surveys.demo.chance import uniform
from surveys.demo.country import Country, DemoOrganisation, country
from surveys.demo.events import events_of
from surveys.demo.mistakes import Look
from surveys.demo.sheets import Cell, Sheet, Sheets
from surveys.demo.slips import Changes
from surveys.demo.stages import UNTOUCHED, delivered_part, stages
from surveys.models.answer import to_value
from surveys.questionnaires.loader import load_edition, years
from surveys.values import Value
from surveys.workflow import SubmissionState


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
    SWAPPED = "swapped"
    TOTAL_IN_PART = "total_in_part"
    COPIED = "copied"


@dataclass(frozen=True, slots=True)
class PlantedError:
    kind: Mistake
    organisation: str
    questionnaire: str
    code: str
    row: str
    true_value: Value
    wrong_value: Value


@dataclass(frozen=True, slots=True)
class Plan:
    questionnaire: str
    times: int
    make: Callable[[Look], Changes]
    state: SubmissionState = SubmissionState.SUBMITTED


PLANS: Mapping[Mistake, Plan] = {
    Mistake.WHOLE_INSTITUTION: Plan("financieel", 3, mistakes.whole_institution),
    Mistake.THOUSANDS: Plan("financieel", 2, mistakes.thousands),
    Mistake.CENTS: Plan("financieel", 2, mistakes.cents),
    Mistake.REPORTED_TWICE: Plan("financieel", 1, mistakes.reported_twice),
    Mistake.ROUNDED_VISITS: Plan("bezit", 6, mistakes.rounded_visits),
    Mistake.RENEWALS_IN_LOANS: Plan("bezit", 3, mistakes.renewals_in_loans),
    Mistake.PUPILS_DOUBLED: Plan("bezit", 3, mistakes.pupils_doubled),
    Mistake.PUPILS_MISSING: Plan("bezit", 3, mistakes.pupils_missing),
    Mistake.SWAPPED: Plan("bezit", 2, mistakes.lines_swapped),
    Mistake.TOTAL_IN_PART: Plan("bezit", 2, mistakes.total_in_line),
    Mistake.COPIED: Plan("bezit", 3, mistakes.copied),
    Mistake.FTE_ABOVE_PERSONS: Plan("personeel", 2, mistakes.fte_above_persons, SubmissionState.IN_PROGRESS),
    Mistake.SIGN: Plan("financieel", 1, mistakes.sign, SubmissionState.IN_PROGRESS),
}


SheetOf = Callable[[DemoOrganisation, int], Sheet]


def plant(land: Country, sheet_of: SheetOf) -> tuple[PlantedError, ...]:
    """The mistakes of the later year; at most one kind in a questionnaire of an organisation.

    None where something really happened, so that the one is not taken for the other.
    """
    edition = load_edition(land.later)
    how_far = stages(land, land.later)
    eventful = {isil for isil, _ in events_of(land)}
    used: set[tuple[str, str]] = set()
    found: list[PlantedError] = []
    for kind, plan in PLANS.items():
        questionnaire = edition.by_code[plan.questionnaire]
        candidates = [
            one
            for one in land.organisations
            if one.isil not in UNTOUCHED | eventful
            and how_far[one.isil, plan.questionnaire].state is plan.state
        ]
        candidates.sort(key=lambda one: uniform("mistake", kind, one.isil))
        left = plan.times
        for place, one in enumerate(candidates):
            if not left:
                break
            if (one.isil, plan.questionnaire) in used:
                continue
            stage = how_far[one.isil, plan.questionnaire]
            answers = delivered_part(sheet_of(one, land.later), questionnaire, one.isil, stage)
            neighbour = sheet_of(candidates[place - 1], land.later)
            changes = plan.make(Look(answers, neighbour, sheet_of(one, land.earlier)))
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


@cache
def planted_errors(year: int) -> tuple[PlantedError, ...]:
    """The mistakes that stand in the demo country's answers about this year; the same in every build."""
    earlier, later = years()[-2:]
    land = country(earlier, later)
    if year != later:
        return ()
    return plant(land, Sheets(land))
