"""A round of reminders: claimed before it goes, never twice about one date, and a refusal stops nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from surveys.actions.reminders import Draft, Sent, drafts, send_reminders
from surveys.actions.terms import extend
from surveys.models import (
    ContactMoment,
    Organisation,
    OrganisationChange,
    Participation,
    Reminder,
    ReminderKind,
    Round,
    Submission,
    User,
)
from surveys.queries.reminders import due_reminders
from surveys.workflow import Role
from tests.actions.test_bounds import move
from tests.factories import YEAR, make_library, make_user, set_window, take_part
from tests.refusing import REFUSING

pytestmark = pytest.mark.django_db
LATE, THANKS = ReminderKind.LATE, ReminderKind.THANKS
CODES = ("profiel", "bezit", "kernfuncties", "personeel", "financieel")


def drafted(kind: ReminderKind = LATE, paragraph: str = "") -> list[Draft]:
    today = timezone.localdate()
    return drafts(due_reminders(YEAR, kind, today), today=today, paragraph=paragraph)


def send(kind: ReminderKind = LATE, ones: list[Draft] | None = None, by: User | None = None) -> Sent:
    return send_reminders(kind=kind, drafted=drafted(kind) if ones is None else ones, by=by)


def addresses() -> list[str]:
    return [one.to[0].partition("@")[0] for one in mail.outbox]


def with_people(number: int, *names: str) -> Organisation:
    library = make_library(number)
    take_part(library)
    for name in names:
        make_user(Role.LIBRARY, library, name=name)
    for code in CODES:
        set_window(Round.objects.get(year=YEAR), code, opens=-30, deadline=-5, last_change=60)
    return library


def test_what_a_reminder_says() -> None:
    library = with_people(1, "Anna Bos")
    [draft] = drafted(paragraph="Een <eigen> alinea.")
    text = draft.letter.text
    assert draft.letter.subject == f"Nog niet binnen: 5 vragenlijsten over {YEAR} van Bibliotheek 1"
    assert text.startswith("Beste Anna Bos,\n")
    assert "Een <eigen> alinea." in text
    assert "niet begonnen" in text
    for code in CODES:
        assert f"http://localhost:8000/levering/{YEAR}/{library.isil}/{code}/" in text
    assert "Er is geen contactpersoon aangewezen" in text
    Submission.objects.update(contact=User.objects.get(name="Anna Bos"))
    assert "U krijgt deze mail als contactpersoon." in drafted()[0].letter.text


@pytest.mark.parametrize("kind", ReminderKind)
def test_every_kind_reads_well(kind: ReminderKind) -> None:
    library = with_people(1, "Anna Bos")
    days = {"ahead": (2, 60), "last": (-5, 3)}.get(kind.value, (-5, 60))
    for code in CODES[1:]:
        set_window(Round.objects.get(year=YEAR), code, opens=-30, deadline=days[0], last_change=days[1])
    move(library, "profiel", "submitted", make_user(Role.KB, name="Kees Berg"))
    [draft] = drafted(kind)
    lines = draft.letter.text.splitlines()
    assert max(len(one) for one in lines if "http" not in one) <= 72
    assert not any(word in draft.letter.text for word in ("None", "{", "  -", "()"))
    named = sum(one.startswith("- ") for one in lines)
    assert named == (1 if kind is THANKS else 4)
    assert ("/profiel/ontvangst/" in draft.letter.text) is (kind is THANKS)


def test_it_is_sent_once_and_logged() -> None:
    with_people(1, "Anna Bos")
    with_people(2, "Bram Vos")
    kees = make_user(Role.KB, name="Kees Berg")
    sent = send(by=kees)
    assert (len(sent.taken), sent.refused, sent.overtaken) == (2, [], [])
    assert addresses() == ["anna.bos", "bram.vos"]
    assert Reminder.objects.count() == 10
    assert {one.by for one in ContactMoment.objects.all()} == {kees}
    assert send() == Sent()
    assert len(mail.outbox) == 2


def test_a_preview_of_before_sends_nothing_again() -> None:
    with_people(1, "Anna Bos")
    before = drafted()
    send()
    again = send(ones=before)
    assert [one.organisation.name for one in again.overtaken] == ["Bibliotheek 1"]
    assert len(mail.outbox) == ContactMoment.objects.count() == 1


def test_whoever_delivered_while_the_others_were_mailed_is_not() -> None:
    library = with_people(1, "Anna Bos")
    before = drafted()
    move(library, "bezit", "submitted", make_user(Role.KB, name="Kees Berg"))
    assert [one.organisation.name for one in send(ones=before).overtaken] == ["Bibliotheek 1"]
    assert mail.outbox == []
    assert not Reminder.objects.exists()
    assert not ContactMoment.objects.exists()
    assert len(send().taken) == 1


def test_a_refusal_is_logged_and_tried_again_next_time(settings: Any) -> None:
    with_people(1, "Anna Bos")
    with_people(2, "Weg Gegaan")
    with_people(3, "Cor Dam")
    settings.EMAIL_BACKEND = REFUSING
    sent = send()
    assert addresses() == ["anna.bos", "cor.dam"]
    assert [(str(one.recipient), one.error) for one in sent.refused] == [
        ("Weg Gegaan", "550 5.1.1 User unknown")
    ]
    assert Reminder.objects.count() == 10
    User.objects.filter(name="Weg Gegaan").update(email="terug@example.org")
    assert [str(one.recipient) for one in send().taken] == ["Weg Gegaan"]
    assert addresses() == ["anna.bos", "cor.dam", "terug"]


def test_a_list_counts_as_told_when_one_of_its_people_was_reached(settings: Any) -> None:
    library = with_people(1, "Weg Gegaan", "Xander Zee")
    make_user(Role.LIBRARY, library, name="Weg Alleen")
    personeel = Submission.objects.get(questionnaire="personeel")
    personeel.contact = User.objects.get(name="Weg Alleen")
    personeel.save()
    settings.EMAIL_BACKEND = REFUSING
    send()
    told = Reminder.objects.select_related("moment__recipient", "submission")
    assert {one.submission.questionnaire for one in told} == set(CODES) - {"personeel"}
    assert {str(one.moment.recipient) for one in told} == {"Xander Zee"}
    [again] = drafted()
    assert [one.title for one in again.addressed.lists] == ["Personeel"]


def test_another_date_is_another_reminder() -> None:
    with_people(1, "Anna Bos")
    send()
    for code in CODES:
        set_window(Round.objects.get(year=YEAR), code, opens=-30, deadline=-4, last_change=60)
    assert len(send().taken) == 1


def test_thanks_once_for_each_list() -> None:
    library = with_people(1, "Anna Bos")
    kees = make_user(Role.KB, name="Kees Berg")
    move(library, "bezit", "submitted", kees)
    assert (len(send(THANKS).taken), len(send(THANKS).taken)) == (1, 0)
    assert ContactMoment.objects.get().kind == "thanks"
    move(library, "personeel", "submitted", kees)
    [draft] = drafted(THANKS)
    assert [one.title for one in draft.addressed.lists] == ["Personeel"]
    Submission.objects.filter(questionnaire="bezit").update(submitted_at=timezone.now() + timedelta(days=2))
    assert [one.title for one in drafted(THANKS)[0].addressed.lists] == ["Personeel"]
    assert len(send(THANKS).taken) == 1
    assert drafted(THANKS) == []


def new_dates() -> None:
    set_window(Round.objects.get(year=YEAR), "bezit", opens=-30, deadline=-6, last_change=60)


def more_time() -> None:
    extend(
        submission=Submission.objects.get(questionnaire="bezit"),
        until=timezone.localdate() + timedelta(days=70),
        reason="Ziekte.",
        by=make_user(Role.KB),
    )


def the_end() -> None:
    change = OrganisationChange.objects.create(
        kind="closure", date=timezone.localdate(), added_by=make_user(Role.KB), added_at=timezone.now()
    )
    Participation.objects.update(ended_by=change)


def begun() -> None:
    Submission.objects.filter(questionnaire="bezit").update(state="in_progress")


@pytest.mark.parametrize("happens", [new_dates, more_time, the_end, begun])
def test_what_changed_since_the_preview_is_not_mailed(happens: Callable[[], None]) -> None:
    with_people(1, "Anna Bos")
    before = drafted()
    happens()
    assert [one.organisation.name for one in send(ones=before).overtaken] == ["Bibliotheek 1"]
    assert mail.outbox == []
    assert not ContactMoment.objects.exists()


def test_a_mail_of_yesterday_is_not_sent_today() -> None:
    with_people(1, "Anna Bos")
    for code in CODES:
        set_window(Round.objects.get(year=YEAR), code, opens=-30, deadline=0, last_change=60)
    before = drafted(ReminderKind.AHEAD)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert len(send(ReminderKind.AHEAD, ones=before).overtaken) == 1
    assert mail.outbox == []
