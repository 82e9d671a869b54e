"""The page of reminders: exactly what was shown is sent."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from surveys.models import Reminder, User
from surveys.workflow import Role
from tests.actions.test_bounds import move
from tests.actions.test_reminders import addresses, with_people
from tests.factories import YEAR, make_user
from tests.refusing import REFUSING

pytestmark = pytest.mark.django_db
PAGE = f"/kb/{YEAR}/herinneringen/"


@pytest.fixture
def kb() -> Client:
    client = Client()
    client.force_login(make_user(Role.KB, name="Noor Wessenaar"))
    return client


def hidden(page: str) -> dict[str, Any]:
    """What the form of the page would post."""
    form = page.split('class="send-reminders"')[1].split("</form>", maxsplit=1)[0]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(unescape(value))
    return found


def test_the_whole_text_is_shown_and_that_is_what_goes(kb: Client) -> None:
    with_people(1, "Anna Bos")
    page = kb.get(PAGE, {"soort": "late", "alinea": "Bel ons\r\ngerust & snel."}).text
    assert "1 mail over 5 lijsten" in page
    assert "Verstuur 1 mail" in page
    assert mail.outbox == []
    response = kb.post(PAGE, hidden(page), follow=True)
    assert f'1 mail verstuurd. <a href="/kb/{YEAR}/contact/">Bekijk hem bij Contact</a>.' in response.text
    assert response.request["QUERY_STRING"] == "soort=late"
    [message] = mail.outbox
    assert "Bel ons\ngerust & snel." in message.body
    assert "Noor Wessenaar" in message.body
    shown = re.search(r'class="mail-text">(.*?)</div>', page, re.DOTALL)
    assert shown is not None
    assert unescape(shown[1]) == message.body
    after = kb.get(PAGE, {"soort": "late"}).text
    assert "Geen mails te versturen" in after
    assert "Hierover is al gemaild: 5 lijsten van 1 organisatie" in after


def test_a_page_of_before_is_refused_with_what_changed(kb: Client) -> None:
    library = with_people(1, "Anna Bos")
    with_people(2, "Bram Vos")
    data = hidden(kb.get(PAGE, {"soort": "late"}).text)
    move(library, "bezit", "submitted", User.objects.get(name="Anna Bos"))
    response = kb.post(PAGE, data)
    assert response.status_code == 409
    assert "De mail aan Anna Bos van Bibliotheek 1 is veranderd." in response.text
    assert mail.outbox == []
    assert kb.post(PAGE, hidden(response.text)).status_code == 302
    assert addresses() == ["anna.bos", "bram.vos"]
    assert kb.post(PAGE, data).status_code == 409
    assert len(mail.outbox) == 2


def test_what_is_new_and_what_is_gone_is_told(kb: Client) -> None:
    library = with_people(1, "Anna Bos")
    data = hidden(kb.get(PAGE, {"soort": "late"}).text)
    library.memberships.all().delete()
    with_people(2, "Bram Vos")
    page = kb.post(PAGE, data).text
    assert "De mail aan Bram Vos van Bibliotheek 2 is er nieuw bij." in page
    assert "1 mail is niet meer nodig" in page
    assert mail.outbox == []


def test_a_forged_paragraph_or_kind_sends_nothing(kb: Client) -> None:
    with_people(1, "Anna Bos")
    data = hidden(kb.get(PAGE, {"soort": "late"}).text)
    assert kb.post(PAGE, {**data, "alinea": "Iets anders."}).status_code == 409
    assert kb.post(PAGE, {**data, "soort": "boos"}).status_code == 422
    assert kb.post(PAGE, {**data, "alinea": "x" * 1001}).status_code == 422
    assert mail.outbox == []


def test_the_kinds_tell_how_many_and_the_first_with_any_is_chosen(kb: Client) -> None:
    with_people(1, "Anna Bos")
    with_people(2, "Bram Vos", "Cor Dam")
    page = kb.get(PAGE).text
    assert "De termijn nadert (0 mails)" in page
    assert '<option value="late" selected>De termijn is voorbij (3 mails)</option>' in page
    assert "Verstuur 3 mails" in page
    assert "Verstuur" not in kb.get(PAGE, {"soort": "ahead"}).text


def test_the_mails_are_paged_and_sent_all(kb: Client) -> None:
    with_people(1, *(f"Anna {number:02}" for number in range(60)))
    page = kb.get(PAGE, {"alinea": "Bel ons."}).text
    assert page.count("<details") == 50
    assert "?soort=late&amp;alinea=Bel+ons.&amp;pagina=2" in page
    second = kb.get(PAGE, {"soort": "late", "alinea": "Bel ons.", "pagina": "2"}).text
    assert second.count("<details") == 10
    assert len(hidden(second)["mail"]) == 60
    assert "60 mails verstuurd." in kb.post(PAGE, hidden(second), follow=True).text
    assert len(mail.outbox) == 60


def test_a_refused_address_is_told(kb: Client, settings: Any) -> None:
    with_people(1, "Weg Gegaan")
    with_people(2, "Bram Vos")
    settings.EMAIL_BACKEND = REFUSING
    page = kb.post(PAGE, hidden(kb.get(PAGE, {"soort": "late"}).text), follow=True).text
    assert "1 mail verstuurd." in page
    assert "Weg Gegaan (weg.gegaan@example.org) van Bibliotheek 1 is geweigerd: 550 5.1.1" in page
    assert Reminder.objects.count() == 5


def test_who_cannot_be_mailed_is_named(kb: Client) -> None:
    with_people(1)
    page = kb.get(PAGE, {"soort": "late"}).text
    assert "Er is niemand om te mailen: 5 lijsten van 1 organisatie" in page
    assert "Geen mails te versturen" in page


@pytest.mark.parametrize("count", [1, 3, 30])
def test_a_preview_takes_a_fixed_number_of_queries(kb: Client, django_assert_num_queries, count: int) -> None:
    for number in range(1, count + 1):
        with_people(number, f"Anna {number}")
    with django_assert_num_queries(7):
        page = kb.get(PAGE, {"soort": "late"}).text
    assert f"Verstuur {count} mail" in page
    assert page.count('type="submit">Verstuur') + page.count('form="versturen">Verstuur') == min(count, 2)
