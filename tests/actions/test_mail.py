"""Mail of the desk: logged before it is sent, with what came of it; a refusal stops nothing."""

from __future__ import annotations

from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.db import transaction

from surveys.actions.links import absolute
from surveys.actions.mail import Outbox, in_words, letter, send_mail_to, wrapped
from surveys.models import ContactKind, ContactMoment, Participation, User
from surveys.workflow import Role
from tests.factories import make_library, make_user, take_part
from tests.refusing import REFUSING, SILENT, RefusingBackend

pytestmark = pytest.mark.django_db


@pytest.fixture
def participation() -> Participation:
    return take_part(make_library())


def member(participation: Participation, name: str) -> User:
    return make_user(Role.LIBRARY, participation.organisation, name=name)


def send(participation: Participation, to: User, **more: Any) -> ContactMoment:
    facts = {"kind": ContactKind.REMINDER, "subject": "Nog\nin te dienen", "text": "Beste Anna", "by": None}
    return send_mail_to(participation=participation, recipient=to, **{**facts, **more})


def test_a_mail_is_logged_and_sent(participation: Participation) -> None:
    anna = member(participation, "Anna Bos")
    sent = send(participation, anna)
    [message] = mail.outbox
    assert (message.to, message.subject, message.body) == ([anna.email], "Nog in te dienen", "Beste Anna")
    stored = ContactMoment.objects.get()
    assert stored == sent
    assert (stored.recipient, stored.kind, stored.error) == (anna, "reminder", "")
    assert stored.sent_at is not None
    assert stored.sent_at >= stored.at


def test_a_refused_mail_is_logged_and_the_next_one_goes(
    participation: Participation, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = REFUSING
    RefusingBackend.opened = 0
    people = [member(participation, name) for name in ("Anna Bos", "Weg Gegaan", "Kees Berg", "Piet Oever")]
    with Outbox() as outbox:
        moments = [send(participation, one, outbox=outbox) for one in people]
    assert [one.error for one in moments] == ["", "550 5.1.1 User unknown", "", ""]
    assert [one.sent_at is None for one in moments] == [False, True, False, False]
    assert [one.to[0] for one in mail.outbox] == [people[place].email for place in (0, 2, 3)]
    assert RefusingBackend.opened == 2, "one connection until the refusal, and one after it"
    assert [one.getMessage() for one in caplog.records] == [
        f"Mail {moments[1].pk} to user {people[1].pk} refused: 550 5.1.1 User unknown"
    ]


def test_a_server_that_is_not_there_is_logged(participation: Participation, settings: Any) -> None:
    settings.EMAIL_BACKEND = SILENT
    moment = send(participation, member(participation, "Anna Bos"))
    assert (moment.sent_at, moment.error) == (None, "Connection refused")


@pytest.mark.django_db(transaction=True)
def test_it_is_in_the_log_before_it_goes_and_never_within_a_transaction(
    participation: Participation, settings: Any
) -> None:
    """Rolled back after it was sent, it would have been sent without a trace."""
    anna = member(participation, "Anna Bos")
    with pytest.raises(RuntimeError), transaction.atomic():
        send(participation, anna)
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (SMTPRecipientsRefused({"a@b.nl": (550, b"No such\nuser")}), "550 No such user"),
        (SMTPRecipientsRefused({}), "{}"),
        (SMTPDataError(552, "Mailbox full"), "552 Mailbox full"),
        (SMTPServerDisconnected("Connection lost"), "Connection lost"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_what_the_server_said(error: Exception, told: str) -> None:
    assert in_words(error) == told


def test_lines_are_short_and_addresses_whole() -> None:
    long = "https://wsob.example.org/" + "a" * 90
    text = wrapped(f"{'woord ' * 30}\n\n\n\n- {'lijst ' * 20}\n  {long}\nEinde")
    lines = text.splitlines()
    assert max(len(line) for line in lines if long not in line) <= 72
    assert f"  {long}" in lines
    assert "\n\n\n" not in text
    assert all(line.startswith("  lijst") for line in lines[lines.index("") + 2 :][:1])


def test_links_lead_to_the_site(settings: Any) -> None:
    settings.BASE_URL = "https://wsob.example.org"
    assert absolute("/levering/1999/") == "https://wsob.example.org/levering/1999/"


def test_what_people_wrote_stands_in_a_letter_as_they_wrote_it(participation: Participation) -> None:
    organisation, reason = participation.organisation, "Is 3 < 5 & 'klopt' \"het\"?"
    drafted = letter(
        "returned",
        {"organisation": organisation, "reason": reason, "title": "Bezit", "year": 2000, "url": "https://x/"},
    )
    assert reason in drafted.text
    assert drafted.subject == "Bezit 2000 van Bibliotheek 1 is teruggestuurd"
