"""Who is mailed about which lists, and who is not and why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from surveys.models import (
    ContactMoment,
    Extension,
    Organisation,
    OrganisationChange,
    Participation,
    Reminder,
    ReminderKind,
    Round,
    Submission,
)
from surveys.queries.reminders import DueReminders, Why, due_reminders
from surveys.workflow import Role
from tests.actions.test_bounds import move
from tests.factories import YEAR, make_library, make_user, set_window, submission_of, take_part

pytestmark = pytest.mark.django_db
CODES = ("profiel", "bezit", "kernfuncties", "personeel", "financieel")
AHEAD, LATE, LAST, THANKS = (
    ReminderKind.AHEAD,
    ReminderKind.LATE,
    ReminderKind.LAST,
    ReminderKind.THANKS,
)


def today() -> date:
    return timezone.localdate()


def due(kind: ReminderKind) -> DueReminders:
    return due_reminders(YEAR, kind, today())


def mails(kind: ReminderKind) -> list[tuple[str, str, list[str]]]:
    return [
        (
            one.participation.organisation.name,
            str(one.recipient),
            [of.submission.questionnaire for of in one.lists],
        )
        for one in due(kind).letters
    ]


def windows(opens: int, deadline: int, last_change: int) -> None:
    for code in CODES:
        set_window(
            Round.objects.get(year=YEAR), code, opens=opens, deadline=deadline, last_change=last_change
        )


@pytest.fixture
def library() -> Organisation:
    library = make_library()
    take_part(library)
    make_user(Role.LIBRARY, library, name="Anna Bos")
    return library


def test_one_mail_a_person_names_all_lists_in_order(library: Organisation) -> None:
    bram = make_user(Role.LIBRARY, library, name="Bram Vos", questionnaires="personeel financieel")
    Submission.objects.filter(questionnaire__in=("personeel", "financieel")).update(contact=bram)
    Submission.objects.filter(questionnaire="profiel").update(
        contact=library.memberships.get(questionnaires="").user
    )
    windows(-30, 10, 60)
    assert mails(AHEAD) == [
        ("Bibliotheek 1", "Anna Bos", ["profiel", "bezit", "kernfuncties"]),
        ("Bibliotheek 1", "Bram Vos", ["personeel", "financieel"]),
    ]


@pytest.mark.parametrize(
    ("dates", "kinds"),
    [
        ((-30, 15, 60), set()),
        ((-30, 14, 60), {AHEAD}),
        ((-30, 0, 60), {AHEAD}),
        ((1, 5, 60), set()),
        ((-30, -1, 60), {LATE}),
        ((-30, -1, 8), {LATE}),
        ((-30, -1, 7), {LATE, LAST}),
        ((-30, 0, 0), {AHEAD, LAST}),
        ((-30, -5, -1), set()),
    ],
)
def test_each_kind_has_its_time(
    library: Organisation, dates: tuple[int, int, int], kinds: set[ReminderKind]
) -> None:
    windows(*dates)
    assert {kind for kind in ReminderKind if mails(kind)} == kinds


def test_an_extension_moves_the_time(library: Organisation) -> None:
    windows(-30, -5, 60)
    Extension.objects.create(
        submission=submission_of(library, "bezit"),
        until=today() + timedelta(days=3),
        reason="Ziekte",
        at=timezone.now(),
        by=make_user(Role.KB),
    )
    assert [lists for _, _, lists in mails(LATE)] == [["profiel", "kernfuncties", "personeel", "financieel"]]
    assert [lists for _, _, lists in mails(AHEAD)] == [["bezit"]]


def test_what_is_in_is_thanked_for_and_not_asked_for(library: Organisation) -> None:
    windows(-30, -5, 60)
    kees = make_user(Role.KB, name="Kees Berg")
    move(library, "bezit", "submitted", kees)
    move(library, "kernfuncties", "submitted", kees)
    for state in ("submitted", "returned"):
        move(library, "personeel", state, kees)
    assert [lists for _, _, lists in mails(LATE)] == [["profiel", "personeel", "financieel"]]
    assert [lists for _, _, lists in mails(THANKS)] == [["bezit", "kernfuncties"]]
    [thanks] = due(THANKS).letters
    assert thanks.lists[0].day == date(YEAR, 12, 31), "one day for a whole round: thanks come once"


def test_whoever_takes_no_part_any_more_is_left_alone(library: Organisation) -> None:
    windows(-30, -5, 60)
    change = OrganisationChange.objects.create(
        kind="closure", date=today(), added_by=make_user(Role.KB), added_at=timezone.now()
    )
    Participation.objects.update(ended_by=change)
    assert due(LATE) == DueReminders(LATE, (), ())


def test_what_is_skipped_and_why(library: Organisation) -> None:
    windows(-30, -5, 60)
    set_window(Round.objects.get(year=YEAR), "profiel", opens=-30, deadline=-5, last_change=-1)
    set_window(Round.objects.get(year=YEAR), "bezit", opens=-30, deadline=5, last_change=60)
    take_part(make_library(2))
    told = submission_of(library, "financieel")
    moment = ContactMoment.objects.create(
        participation=told.participation, kind="reminder", subject="x", text="x", at=timezone.now()
    )
    Reminder.objects.create(submission=told, kind=LATE.value, day=told.term.due, moment=moment)
    found = due(LATE)
    assert {(one.participation.organisation.name, one.list.title, one.why) for one in found.skipped} == {
        ("Bibliotheek 1", "Profiel van de organisatie", Why.SHUT),
        ("Bibliotheek 2", "Profiel van de organisatie", Why.SHUT),
        ("Bibliotheek 1", "Financieel", Why.TOLD),
        ("Bibliotheek 2", "Kernfuncties", Why.NOBODY),
        ("Bibliotheek 2", "Personeel", Why.NOBODY),
        ("Bibliotheek 2", "Financieel", Why.NOBODY),
    }
    assert found.others == 2
    assert mails(LATE) == [("Bibliotheek 1", "Anna Bos", ["kernfuncties", "personeel"])]


@pytest.mark.parametrize("count", [1, 3])
def test_three_queries_however_many(django_assert_num_queries, count: int) -> None:
    for number in range(1, count + 1):
        library = make_library(number)
        take_part(library)
        make_user(Role.LIBRARY, library, name=f"Anna {number}")
    windows(-30, -5, 60)
    with django_assert_num_queries(3):
        found = due(LATE)
        assert [one.participation.organisation.name for one in found.letters]
    assert len(found.lists) == 5 * count
