"""How far everyone is: the earlier year is delivered and approved, the later year is being collected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from surveys.demo.chance import uniform
from surveys.demo.country import Country
from surveys.demo.moments import LATE_LIST
from surveys.demo.people import DEMO_COMBINED, DEMO_LIBRARY
from surveys.demo.sheets import Cell, Sheet
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import PROFILE, Questionnaire
from surveys.workflow import DELIVERED, SubmissionState

DELIVERED_PART, RETURNED_PART, BUSY_PART = 0.35, 0.04, 0.30
APPROVED_PART = 0.3
"""Of what is delivered."""
_LATER = 0.15
"""How far behind the late list is."""
_GAPS = 0.04
UNTOUCHED = frozenset({DEMO_LIBRARY, DEMO_COMBINED})
"""Here the visitor does the work: the later year is still empty."""


@dataclass(frozen=True, slots=True)
class Stage:
    """`part`: how much of the answers is there."""

    state: SubmissionState
    part: float = 1.0


_DONE = Stage(SubmissionState.APPROVED)
_EMPTY = Stage(SubmissionState.NOT_STARTED, 0.0)


@cache
def stages(country: Country, year: int) -> Mapping[tuple[str, str], Stage]:
    """(ISIL code, questionnaire) to how far it is, for the whole country."""
    edition = load_edition(year)
    if year == country.earlier:
        return {(one.isil, q.code): _DONE for one in country.organisations for q in edition.questionnaires}
    codes = [q.code for q in edition.lists]
    found = _lists(country, codes)
    for one in country.organisations:
        states = {found[one.isil, code].state for code in codes}
        found[one.isil, PROFILE] = _profile(one.isil, states)
    return found


def _lists(country: Country, codes: list[str]) -> dict[tuple[str, str], Stage]:
    places = [
        (one.isil, code) for one in country.organisations if one.isil not in UNTOUCHED for code in codes
    ]
    places.sort(key=_eagerness)
    count = len(places) + len(UNTOUCHED) * len(codes)
    delivered = round(DELIVERED_PART * count)
    returned = delivered + round(RETURNED_PART * count)
    busy = returned + round(BUSY_PART * count)
    found = {(isil, code): _EMPTY for isil in UNTOUCHED for code in codes}
    for rank, place in enumerate(places):
        if rank < delivered:
            is_approved = uniform("approved", *place) < APPROVED_PART
            state = SubmissionState.APPROVED if is_approved else SubmissionState.SUBMITTED
            found[place] = Stage(state)
        elif rank < returned:
            found[place] = Stage(SubmissionState.RETURNED)
        elif rank < busy:
            part = min(0.999, 0.08 + uniform("part", *place))
            found[place] = Stage(SubmissionState.IN_PROGRESS, part)
        else:
            found[place] = _EMPTY
    return found


def _eagerness(place: tuple[str, str]) -> float:
    isil, code = place
    own = 0.5 * uniform("eager", isil) + 0.5 * uniform("eager", isil, code)
    return own + (_LATER if code == LATE_LIST else 0)


def _profile(isil: str, states: set[SubmissionState]) -> Stage:
    """A list can only be delivered after the profile."""
    chance = uniform("profile", isil)
    if states & {*DELIVERED, SubmissionState.RETURNED}:
        is_approved = chance < APPROVED_PART
        return _DONE if is_approved else Stage(SubmissionState.SUBMITTED)
    if SubmissionState.IN_PROGRESS in states:
        is_delivered = chance < 0.7
        return Stage(SubmissionState.SUBMITTED) if is_delivered else Stage(SubmissionState.IN_PROGRESS, 0.85)
    if isil not in UNTOUCHED and chance < 0.25:
        return Stage(SubmissionState.IN_PROGRESS, 0.6)
    return _EMPTY


def delivered_part(
    sheet: Sheet, questionnaire: Questionnaire, isil: str, stage: Stage
) -> dict[tuple[str, str], Cell]:
    """What of the sheet has been answered so far, in order; what other surveys delivered is always there."""
    asked = questionnaire.questions
    own = {key: cell for key, cell in sheet.items() if key[0] in asked}
    if stage.part >= 1:
        return own
    typed = [key for key in own if not asked[key[0]].given_by]
    reached = set(typed[: int(len(typed) * stage.part)])
    return {
        key: cell
        for key, cell in own.items()
        if asked[key[0]].given_by or (key in reached and uniform("gap", isil, *key) >= _GAPS)
    }
