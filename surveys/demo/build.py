"""Write the demo country into an empty database: register, rounds, deliveries and answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from surveys.actions.answers import load_answers
from surveys.demo.accounts import Accounts, create_accounts
from surveys.demo.chance import uniform
from surveys.demo.country import Country, DemoOrganisation, country
from surveys.demo.errors import PlantedError, plant
from surveys.demo.moments import Moments, dates_of, moments_of, prefilled_at
from surveys.demo.people import DEMO_COMBINED, DEMO_LIBRARY
from surveys.demo.sheets import Cell, Sheet, sheet
from surveys.demo.stages import Stage, delivered_part, stages
from surveys.models import (
    Answer,
    Location,
    Organisation,
    Participation,
    Round,
    Source,
    Submission,
    Transition,
    Window,
)
from surveys.models.answer import to_hundredths
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.schema import Questionnaire
from surveys.values import Key
from surveys.workflow import DELIVERED, STEPS, SubmissionState

WORKBOOK_PART = 0.15
"""Part of the questionnaires that came in as a workbook."""
RETURN_REASONS = {
    "bezit": "Het aantal uitleningen is veel hoger dan vorig jaar. Zijn verlengingen meegeteld?",
    "kernfuncties": "Het aantal activiteiten is meer dan verdubbeld. Kunt u dit nakijken of toelichten?",
    "personeel": "Het aantal medewerkers wijkt sterk af van vorig jaar. Zijn collega’s van andere functies meegeteld?",
    "financieel": "De lasten sluiten niet aan op de jaarrekening die wij van u kregen. Wilt u de huisvesting nakijken?",
}
_NOTE = "Geschat op basis van tellingen in twee weken per seizoen."


@dataclass(frozen=True, slots=True)
class Built:
    """`errors`: the mistakes planted in what was written. `answers`: how many were written."""

    country: Country
    organisations: tuple[DemoOrganisation, ...]
    errors: tuple[PlantedError, ...]
    answers: int


def build(*, organisations: int | None = None) -> Built:
    """Build it in one transaction. With `organisations` only so many are written, the demo's own first.

    Those get exactly what they get in the whole country.
    """
    earlier, later = years()[-2:]
    land = country(earlier, later)
    chosen = _chosen(land, organisations)
    sheets = {(one.isil, year): sheet(land, one, year) for year in (earlier, later) for one in chosen}
    errors = plant(land, lambda one: sheets.get((one.isil, later)) or sheet(land, one, later))
    with transaction.atomic():
        stored = _register(land, chosen)
        joined = prefilled_at(earlier) - timedelta(days=10)
        accounts = create_accounts(chosen, land.pois, stored, joined)
        answers = 0
        for year in (earlier, later):
            answers += _year(
                land, year, chosen=chosen, stored=stored, accounts=accounts, sheets=sheets, errors=errors
            )
    isils = {one.isil for one in chosen}
    return Built(land, chosen, tuple(e for e in errors if e.organisation in isils), answers)


def _chosen(land: Country, number: int | None) -> tuple[DemoOrganisation, ...]:
    own = (DEMO_LIBRARY, DEMO_COMBINED)
    ordered = sorted(land.organisations, key=lambda one: one.isil not in own)
    return land.organisations if number is None else tuple(ordered[:number])


def _register(land: Country, chosen: Sequence[DemoOrganisation]) -> Mapping[str, Organisation]:
    """Organisations by ISIL code, with their locations."""
    pois = [
        Organisation(isil=one.isil, name=one.name, type=Organisation.Type.POI, province=one.province)
        for one in land.pois
    ]
    Organisation.objects.bulk_create(pois)
    poi_of = {one.isil: one for one in pois}
    libraries = [
        Organisation(isil=one.isil, name=one.name, province=one.province, poi=poi_of[one.poi])
        for one in chosen
    ]
    Organisation.objects.bulk_create(libraries)
    stored = {one.isil: one for one in (*pois, *libraries)}
    Location.objects.bulk_create(
        Location(
            organisation=stored[one.isil],
            isil=place.isil,
            name=place.name,
            address=place.address,
            kind=place.kind,
            subkind=place.subkind,
            opened=place.opened,
            closed=place.closed,
        )
        for one in chosen
        for place in one.locations
    )
    return stored


def _year(
    land: Country,
    year: int,
    *,
    chosen: Sequence[DemoOrganisation],
    stored: Mapping[str, Organisation],
    accounts: Accounts,
    sheets: Mapping[tuple[str, int], Sheet],
    errors: Sequence[PlantedError],
) -> int:
    edition, how_far = load_edition(year), stages(land, year)
    round_ = Round.objects.create(year=year)
    Window.objects.bulk_create(_window(round_, one.code) for one in edition.questionnaires)
    participations = Participation.objects.bulk_create(
        Participation(organisation=stored[one.isil], round=round_, inhabitants=one.inhabitants_in(year))
        for one in chosen
    )
    deliveries = []
    for one, participation in zip(chosen, participations, strict=True):
        for questionnaire in edition.questionnaires:
            stage = how_far[one.isil, questionnaire.code]
            moments = moments_of(land, one.isil, year, questionnaire.code, stage.state)
            deliveries.append(_delivery(questionnaire, stage, moments, participation, accounts))
    Submission.objects.bulk_create(delivery.submission for delivery in deliveries)
    Transition.objects.bulk_create(
        transition for delivery in deliveries for transition in _transitions(delivery, accounts)
    )
    planted = _planted(errors) if year == land.later else {}
    return load_answers(
        answer
        for delivery in deliveries
        for answer in _answers(delivery, sheets[delivery.isil, year], planted)
    )


def _window(round_: Round, questionnaire: str) -> Window:
    dates = dates_of(round_.year, questionnaire)
    return Window(
        round=round_,
        questionnaire=questionnaire,
        opens=dates.opens,
        deadline=dates.deadline,
        last_change=dates.last_change,
    )


@dataclass(frozen=True, slots=True)
class _Delivery:
    isil: str
    questionnaire: Questionnaire
    stage: Stage
    moments: Moments
    submission: Submission


def _delivery(
    questionnaire: Questionnaire,
    stage: Stage,
    moments: Moments,
    participation: Participation,
    accounts: Accounts,
) -> _Delivery:
    isil = participation.organisation.isil
    contact = accounts.contact(isil, questionnaire.code)
    submission = Submission(
        participation=participation,
        questionnaire=questionnaire.code,
        state=stage.state.value,
        contact=contact,
    )
    if stage.state in DELIVERED:
        submission.submitted_at, submission.submitted_by = moments.submitted, contact
    if stage.state is SubmissionState.APPROVED:
        submission.approved_at, submission.approved_by = moments.checked, accounts.reviewer
    return _Delivery(isil, questionnaire, stage, moments, submission)


_STEPS_TO: Mapping[SubmissionState, tuple[str, ...]] = {
    SubmissionState.NOT_STARTED: (),
    SubmissionState.IN_PROGRESS: ("begin",),
    SubmissionState.SUBMITTED: ("begin", "submit"),
    SubmissionState.RETURNED: ("begin", "submit", "return"),
    SubmissionState.APPROVED: ("begin", "submit", "approve"),
}


def _transitions(delivery: _Delivery, accounts: Accounts) -> Iterator[Transition]:
    state, moments = SubmissionState.NOT_STARTED, delivery.moments
    for name in _STEPS_TO[delivery.stage.state]:
        is_library = name in ("begin", "submit")
        after = STEPS[name].after
        yield Transition(
            submission=delivery.submission,
            step=name,
            before=state.value,
            after=after.value,
            at={"begin": moments.begun, "submit": moments.submitted}.get(name, moments.checked),
            by=delivery.submission.contact if is_library else accounts.reviewer,
            reason=RETURN_REASONS.get(delivery.questionnaire.code, "") if name == "return" else "",
        )
        state = after


def _planted(errors: Sequence[PlantedError]) -> dict[tuple[str, Key], Cell]:
    return {
        (one.organisation, (one.code, one.row)): Cell(
            one.planted_value.state.value,
            to_hundredths(one.planted_value.number),
            one.planted_value.text,
        )
        for one in errors
    }


def _answers(delivery: _Delivery, sheet_: Sheet, planted: Mapping[tuple[str, Key], Cell]) -> Iterator[Answer]:
    questionnaire, moments, isil = delivery.questionnaire, delivery.moments, delivery.isil
    cells = delivered_part(sheet_, questionnaire, isil, delivery.stage)
    places = {section.code: place for place, section in enumerate(questionnaire.sections)}
    year, submission_id = questionnaire.year, delivery.submission.pk
    ready = prefilled_at(year)
    came_as_workbook = uniform("workbook", isil, year, questionnaire.code) < WORKBOOK_PART
    source = Source.WORKBOOK if came_as_workbook else Source.FORM
    by = delivery.submission.contact_id
    counts = [0] * len(places)
    for (code, row), true_cell in cells.items():
        question = questionnaire.questions[code]
        cell = planted.get((isil, (code, row)), true_cell)
        is_ready = bool(question.given_by)
        if is_ready:
            at = ready
        elif came_as_workbook:
            at = datetime.combine(moments.filled, time(15, 30), ZoneInfo(settings.TIME_ZONE))
        else:
            place = places[question.section]
            at = moments.answered(place, len(places), counts[place])
            counts[place] += 1
        yield Answer(
            submission_id=submission_id,
            question=code,
            row=row,
            state=cell.state,
            hundredths=cell.hundredths,
            text=cell.text,
            is_estimate=cell.is_estimate,
            note=_NOTE if cell.is_estimate and uniform("note", isil, row) < 0.1 else "",
            source=Source.PREFILL if is_ready else source,
            version=round(at.timestamp() * 1_000_000),
            changed_at=at,
            changed_by_id=None if is_ready else by,
        )
