"""The deliveries of a year: how each stands, the steps that led there, and every answer with its moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from surveys.actions.answers import Corrected
from surveys.demo.accounts import Accounts
from surveys.demo.chance import uniform
from surveys.demo.country import DemoOrganisation
from surveys.demo.first_typed import FirstTyped
from surveys.demo.moments import Moments, prefilled_at
from surveys.demo.sheets import Cell, Sheet
from surveys.demo.stages import Stage, delivered_part
from surveys.models import Answer, Participation, Source, Submission, Transition
from surveys.models.answer import to_hundredths
from surveys.questionnaires.schema import Questionnaire
from surveys.values import Key, Value
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
class Delivery:
    organisation: DemoOrganisation
    questionnaire: Questionnaire
    stage: Stage
    moments: Moments
    submission: Submission


def delivery_for(
    organisation: DemoOrganisation,
    *,
    questionnaire: Questionnaire,
    stage: Stage,
    moments: Moments,
    participation: Participation,
    accounts: Accounts,
) -> Delivery:
    contact = accounts.contact(organisation.isil, questionnaire.code)
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
    return Delivery(organisation, questionnaire, stage, moments, submission)


_STEPS_TO: Mapping[SubmissionState, tuple[str, ...]] = {
    SubmissionState.NOT_STARTED: (),
    SubmissionState.IN_PROGRESS: ("begin",),
    SubmissionState.SUBMITTED: ("begin", "submit"),
    SubmissionState.RETURNED: ("begin", "submit", "return"),
    SubmissionState.APPROVED: ("begin", "submit", "approve"),
}


def transitions(delivery: Delivery, accounts: Accounts) -> Iterator[Transition]:
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


Planted = Mapping[tuple[str, Key], Value]
"""(ISIL code, key) to the mistake that stands there instead of the answer."""
First = Mapping[tuple[str, Key], FirstTyped]
"""(ISIL code, key) to what was typed before the answer."""


def answers_in(
    delivery: Delivery, sheet_: Sheet, planted: Planted, first: First
) -> Iterator[Answer | Corrected]:
    questionnaire, moments, isil = delivery.questionnaire, delivery.moments, delivery.organisation.isil
    cells = delivered_part(sheet_, questionnaire, isil, delivery.stage)
    places = {section.code: place for place, section in enumerate(questionnaire.sections)}
    year, submission_id = questionnaire.year, delivery.submission.pk
    ready = prefilled_at(year)
    came_as_workbook = uniform("workbook", isil, year, questionnaire.code) < WORKBOOK_PART
    source = Source.WORKBOOK if came_as_workbook else Source.FORM
    by = delivery.submission.contact_id
    counts = [0] * len(places)
    for key, true_cell in cells.items():
        question = questionnaire.questions[key[0]]
        mistake, slip = planted.get((isil, key)), first.get((isil, key))
        cell = _mistaken(true_cell, mistake) if mistake else true_cell
        is_ready = bool(question.given_by)
        if is_ready:
            at = ready
        elif came_as_workbook:
            at = datetime.combine(moments.filled, time(15, 30), ZoneInfo(settings.TIME_ZONE))
        else:
            place = places[question.section]
            at = moments.answered(place, len(places), counts[place])
            counts[place] += 1
        last_at = moments.corrected(at, uniform("corrected", isil, *key)) if slip else at
        answer = Answer(
            submission_id=submission_id,
            question=key[0],
            row=key[1],
            state=cell.state,
            hundredths=cell.hundredths,
            text=cell.text,
            is_estimate=cell.is_estimate,
            note=_NOTE if cell.is_estimate and uniform("note", isil, key[1]) < 0.1 else "",
            source=Source.PREFILL if is_ready else source,
            version=round(last_at.timestamp() * 1_000_000),
            changed_at=last_at,
            changed_by_id=None if is_ready else by,
        )
        yield Corrected(answer, slip.wrong_value, at, slip.reason) if slip else answer


def _mistaken(cell: Cell, value: Value) -> Cell:
    return cell._replace(
        state=value.state.value, hundredths=to_hundredths(value.number), text=value.text, is_estimate=False
    )
