"""What the KB did at its desk while the later year came in: questions and answers, corrections, extensions, calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from surveys.actions.remarks import opens
from surveys.demo.accounts import Accounts
from surveys.demo.chance import uniform
from surveys.demo.country import Country
from surveys.demo.deliver import Delivery
from surveys.demo.moments import dates_of, today
from surveys.models import (
    ContactKind,
    ContactMoment,
    Extension,
    Organisation,
    Remark,
    Reminder,
    ReminderKind,
    ReopenedAnswer,
    Reply,
    Submission,
)
from surveys.queries.checks import Checked, checked_year
from surveys.queries.deliveries import delivery_of
from surveys.questionnaires.rule import Level
from surveys.rules import Finding
from surveys.workflow import OPEN, RemarkState, Role, SubmissionState

ASKED_LISTS = 14
"""So many lists were asked about something; the first of them still waits to be sent, the last has been closed."""
_STATES = (
    *[RemarkState.DRAFT] * 2,
    *[RemarkState.OPEN] * 5,
    *[RemarkState.ANSWERED] * 4,
    *[RemarkState.CLOSED] * 3,
)
TAKEN_PART, EXTENDED_LISTS = 0.12, 4
_QUESTION = (
    "Wij zien hier een groot verschil met wat wij verwachtten. Klopt dit cijfer, en wat is de oorzaak?",
    "U schrijft dat dit klopt. Kunt u nagaan of ook de cijfers van de andere functies hierin zitten?",
    "Dit cijfer wijkt af van dat van vergelijkbare bibliotheken. Wilt u het nakijken in uw systeem?",
)
_ANSWER = (
    "Nagekeken: het cijfer klopt. De telling loopt sinds dit jaar via het nieuwe systeem.",
    "Het klopt. In het voorjaar is een vestiging vier maanden dicht geweest.",
    "Wij hebben het bij onze administratie nagevraagd; dit is het juiste cijfer.",
)
_EXTENSION = (
    "De jaarrekening wordt later vastgesteld dan anders.",
    "De medewerker die de cijfers verzamelt is langdurig ziek.",
    "De cijfers over vorig jaar komen uit twee systemen en moeten nog worden samengevoegd.",
)
_CALL = (
    "Gebeld: de lijst wordt deze week afgemaakt.",
    "Gebeld, niet bereikt. Voicemail ingesproken.",
    "Gebeld: wacht op de controle door de accountant.",
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose desk it is, and the day on which the visitor comes by."""

    land: Country
    accounts: Accounts

    @property
    def morning(self) -> datetime:
        return datetime.combine(today(self.land), time(8, 30), ZoneInfo(settings.TIME_ZONE))


def work(land: Country, accounts: Accounts, deliveries: Sequence[Delivery]) -> None:
    """Everything at the desk of the later year, from its deliveries."""
    desk = Desk(land, accounts)
    later = [one for one in deliveries if one.questionnaire.year == land.later]
    _take(desk, later)
    _ask(desk, later)
    _extend(desk, later)
    _call(desk, later)
    _remind(desk, later)


def _by_chance(what: str, deliveries: Sequence[Delivery]) -> list[Delivery]:
    return sorted(deliveries, key=lambda one: uniform(what, one.organisation.isil, one.questionnaire.code))


def _submitted(deliveries: Sequence[Delivery]) -> list[Delivery]:
    return [one for one in deliveries if one.stage.state is SubmissionState.SUBMITTED]


def _take(desk: Desk, deliveries: Sequence[Delivery]) -> None:
    """Some lists are being looked at, by one of the two."""
    taken = []
    for one in _submitted(deliveries):
        chance = uniform("taken", one.organisation.isil, one.questionnaire.code)
        if chance < TAKEN_PART:
            reviewers = desk.accounts.reviewers
            one.submission.reviewer = reviewers[int(chance / TAKEN_PART * len(reviewers))]
            one.submission.taken_at = one.moments.submitted + timedelta(hours=19)
            taken.append(one.submission)
    Submission.objects.bulk_update(taken, ["reviewer", "taken_at"])


def _ask(desk: Desk, deliveries: Sequence[Delivery]) -> None:
    """Questions about signals of submitted lists, in each of the states that a question can be in."""
    chosen = _by_chance("asked", _submitted(deliveries))
    isils = [one.organisation.isil for one in chosen]
    organisations = Organisation.objects.filter(isil__in=isils[: 3 * ASKED_LISTS])
    checked = {one.record.isil: one for one in checked_year(desk.land.later, organisations=organisations)}
    told = [
        (one, finding)
        for one in chosen
        if one.organisation.isil in checked
        and (finding := _warning(checked[one.organisation.isil], one.questionnaire.code))
    ]
    for number, ((one, finding), state) in enumerate(zip(told, _STATES, strict=False)):
        _thread(desk, one, finding, state, number)


def _warning(checked: Checked, questionnaire: str) -> Finding | None:
    """What this list is asked about; an answer that was typed, so that it can be reopened."""
    edition_questions = checked.context.questions
    found = checked.findings(questionnaire)
    return next(
        (one for one in found if one.level is Level.WARNING and edition_questions[one.anchor[0]].is_asked),
        None,
    )


def _thread(desk: Desk, one: Delivery, finding: Finding, state: RemarkState, number: int) -> None:
    reviewers = desk.accounts.reviewers
    reviewer, contact = reviewers[number % len(reviewers)], one.submission.contact
    asked = min(one.moments.submitted + timedelta(days=2), desk.morning - timedelta(days=3))
    answered, closed = asked + timedelta(days=1, hours=3), asked + timedelta(days=2)
    is_sent = state is not RemarkState.DRAFT
    is_closed = state is RemarkState.CLOSED
    has_answer = state in {RemarkState.ANSWERED, RemarkState.CLOSED}
    question, row = finding.anchor
    remark = Remark.objects.create(
        submission=one.submission,
        question=question,
        row=row,
        rule=finding.code,
        text=_QUESTION[number % len(_QUESTION)],
        state=state.value,
        assignee=reviewer,
        made_at=asked,
        made_by=reviewer,
        sent_at=asked + timedelta(minutes=10) if is_sent else None,
        answered_at=answered if has_answer else None,
        closed_at=closed if is_closed else None,
        closed_by=reviewer if is_closed else None,
    )
    keys = opens(delivery_of(one.submission), question=question, row=row, rule=finding.code)
    ReopenedAnswer.objects.bulk_create(
        ReopenedAnswer(remark=remark, question=code, row=at) for code, at in keys
    )
    if has_answer and contact is not None:
        Reply.objects.create(
            remark=remark,
            side=Role.LIBRARY.value,
            text=_ANSWER[number % len(_ANSWER)],
            at=answered,
            by=contact,
        )
    if is_sent:
        label = one.questionnaire.questions[question].label
        ContactMoment.objects.create(
            participation=one.submission.participation,
            kind=ContactKind.QUESTION,
            recipient=contact,
            subject=f"Een vraag over {one.questionnaire.title} {one.questionnaire.year}",
            text=f"{label}: {remark.text}",
            at=asked + timedelta(minutes=10),
            by=reviewer,
            sent_at=asked + timedelta(minutes=10, seconds=2),
        )


def _extend(desk: Desk, deliveries: Sequence[Delivery]) -> None:
    late = [one for one in deliveries if one.stage.state is SubmissionState.IN_PROGRESS]
    for number, one in enumerate(_by_chance("extended", late)[:EXTENDED_LISTS]):
        Extension.objects.create(
            submission=one.submission,
            until=max(_deadline(one), today(desk.land)) + timedelta(days=10 + 7 * number),
            reason=_EXTENSION[number % len(_EXTENSION)],
            at=desk.morning - timedelta(days=6, hours=number),
            by=desk.accounts.reviewer,
        )


def _call(desk: Desk, deliveries: Sequence[Delivery]) -> None:
    late = [one for one in deliveries if one.stage.state in OPEN and _is_late(desk, one)]
    ContactMoment.objects.bulk_create(
        ContactMoment(
            participation=one.submission.participation,
            kind=ContactKind.PHONE,
            recipient=one.submission.contact,
            text=f"{one.questionnaire.title}. {_CALL[number % len(_CALL)]}",
            at=desk.morning - timedelta(days=1 + number % 5, minutes=13 * number),
            by=desk.accounts.reviewers[number % 2],
        )
        for number, one in enumerate(_by_chance("called", late)[:9])
    )


def _is_late(desk: Desk, one: Delivery) -> bool:
    return _deadline(one) < today(desk.land)


def _deadline(one: Delivery) -> date:
    return dates_of(one.questionnaire.year, one.questionnaire.code).deadline


def _remind(desk: Desk, deliveries: Sequence[Delivery]) -> None:
    """One round of reminders a week before the first deadline, to whom had not delivered by then."""
    for isil, lists in _groups(desk, deliveries):
        day = dates_of(lists[0].questionnaire.year, lists[0].questionnaire.code).deadline
        at = datetime.combine(day - timedelta(days=7), time(10, 0), ZoneInfo(settings.TIME_ZONE))
        titles = ", ".join(one.questionnaire.title for one in lists)
        moment = ContactMoment.objects.create(
            participation=lists[0].submission.participation,
            kind=ContactKind.REMINDER,
            recipient=lists[0].submission.contact,
            subject=f"Nog in te dienen: {titles}",
            text=f"Wij ontvingen van u nog niet: {titles}. Indienen kan tot en met {day.day}-{day.month}-{day.year}.",
            at=at,
            by=desk.accounts.reviewers[int(uniform("round", isil) * 2)],
            sent_at=at + timedelta(seconds=1),
        )
        Reminder.objects.bulk_create(
            Reminder(submission=one.submission, kind=ReminderKind.AHEAD, day=day, moment=moment)
            for one in lists
        )


def _groups(desk: Desk, deliveries: Sequence[Delivery]) -> Iterator[tuple[str, list[Delivery]]]:
    """Per recipient of an organisation the lists that were not in a week before their deadline."""
    found: dict[tuple[str, int | None], list[Delivery]] = {}
    for one in deliveries:
        day = dates_of(one.questionnaire.year, one.questionnaire.code).deadline
        is_delivered = one.stage.state not in OPEN
        was_in = is_delivered and one.moments.submitted.date() < day - timedelta(days=7)
        if _is_late(desk, one) and not was_in:
            found.setdefault((one.organisation.isil, one.submission.contact_id), []).append(one)
    for (isil, _), lists in found.items():
        yield isil, lists
