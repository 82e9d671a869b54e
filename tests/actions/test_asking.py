"""Questions go out in one mail, to the contact person, with a link to each."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPResponseException

import pytest
from django.conf import LazySettings, settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from surveys.actions.answering import answer_remark
from surveys.actions.asking import ask_anew, mail_again, send_remarks
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


def test_what_was_refused_is_mailed_again_once(world: World, settings: LazySettings) -> None:
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.actions.test_asking.Refusing"
    remark = world.draft()
    send_remarks(submission=world.submission, only=[remark.pk], by=world.kees)
    settings.EMAIL_BACKEND = backend
    for count in (1, 0):
        sent = mail_again(submission=world.submission, by=world.kees)
        assert (len(sent.remarks), len(sent.mails)) == (count, count)
    assert [one.to for one in mail.outbox] == [[world.anna.email]]


def test_a_crash_leaves_the_drafts_as_they_were(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    remark = world.draft()
    monkeypatch.setattr("surveys.actions.asking.letter", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        send_remarks(submission=world.submission, only=[remark.pk], by=world.kees)
    assert (world.now(remark).state, ContactMoment.objects.count()) == ("draft", 0)


def test_a_mail_that_never_left_is_mailed_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    remark = world.draft()
    with monkeypatch.context() as patched:
        patched.setattr("surveys.actions.asking.deliver", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send_remarks(submission=world.submission, only=[remark.pk], by=world.kees)
    assert ContactMoment.objects.get().sent_at is None
    assert not mail_again(submission=world.submission, by=world.kees).remarks, "still under way"
    monkeypatch.setattr("surveys.queries.untold.UNDER_WAY", timedelta(0))
    assert len(mail_again(submission=world.submission, by=world.kees).mails) == 1


def test_asking_again_is_mailed_once_with_the_new_words(world: World) -> None:
    remark = world.draft()
    send_remarks(submission=world.submission, only=[remark.pk], by=world.kees)
    answer_remark(remark=remark, by=world.anna, text="Ja.", seen=world.seen(remark))
    mail.outbox.clear()
    seen = world.seen(remark)
    for _ in range(2):
        ask_anew(remark=remark, by=world.kees, text="Maar waarom dan?", seen=seen)
    [one] = mail.outbox
    assert "Maar waarom dan?" in one.body
    assert f"/vraag/{remark.pk}/#antwoord" in one.body


class Refusing(BaseEmailBackend):
    """A server that knows nobody."""

    def send_messages(self, messages: object) -> int:
        raise SMTPResponseException(550, "onbekend")
