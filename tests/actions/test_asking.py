"""Questions go out in one mail, to the contact person, with a link to each."""

from __future__ import annotations

from smtplib import SMTPResponseException

import pytest
from django.conf import LazySettings, settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from surveys.actions.asking import send_remarks
from surveys.models import ContactMoment, Submission, User
from surveys.workflow import Role
from tests.actions.asking_world import World
from tests.factories import YEAR, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return World()


def test_one_mail_tells_of_all_questions(world: World) -> None:
    bea = make_user(Role.LIBRARY, world.library, name="Bea Vos")
    Submission.objects.filter(pk=world.submission.pk).update(contact=bea)
    first, second = world.draft("Zijn het er maar <zo> weinig?"), world.draft("Ligt er een lijst?", "")
    sent = send_remarks(submission=world.submission, only=[first.pk, second.pk], by=world.kees)
    assert [one.state for one in sent.remarks] == ["open", "open"]
    [one] = mail.outbox
    assert one.to == [bea.email]
    assert one.subject == f"Personeel {YEAR}: de KB heeft 2 vragen voor Bibliotheek 1"
    assert "Zijn het er maar <zo> weinig?" in one.body
    assert "- Over de hele lijst" in one.body
    for remark in (first, second):
        assert (
            f"{settings.BASE_URL}/levering/{YEAR}/{world.library.isil}/personeel/vraag/{remark.pk}/#antwoord"
            in one.body
        )
    assert one.body.rstrip().endswith("Kees Berg\nKoninklijke Bibliotheek")
    moment = ContactMoment.objects.get()
    assert (moment.kind, moment.recipient, moment.by, moment.sent_at is not None) == (
        "question", bea, world.kees, True,
    )  # fmt: skip


def test_a_double_click_mails_once(world: World) -> None:
    remark = world.draft()
    for count in (1, 0):
        sent = send_remarks(submission=world.submission, only=[remark.pk], by=world.kees)
        assert (len(sent.remarks), len(sent.mails)) == (count, count)
    assert len(mail.outbox) == 1


def test_without_anybody_to_mail_the_question_is_open_all_the_same(world: World) -> None:
    User.objects.filter(pk=world.anna.pk).update(is_active=False)
    sent = send_remarks(submission=world.submission, only=[world.draft().pk], by=world.kees)
    assert ([one.state for one in sent.remarks], list(sent.mails), mail.outbox) == (["open"], [], [])


def test_a_mail_that_is_refused_is_logged_and_the_question_stays_open(
    world: World, settings: LazySettings
) -> None:
    settings.EMAIL_BACKEND = "tests.actions.test_asking.Refusing"
    sent = send_remarks(submission=world.submission, only=[world.draft().pk], by=world.kees)
    [moment] = sent.refused
    assert (moment.error, moment.sent_at) == ("550 onbekend", None)
    assert [one.state for one in sent.remarks] == ["open"]


class Refusing(BaseEmailBackend):
    """A server that knows nobody."""

    def send_messages(self, messages: object) -> int:
        raise SMTPResponseException(550, "onbekend")
