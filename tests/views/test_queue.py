"""The queue on screen: in order, with the line, and who has what."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys.models import Organisation, Submission, User
from surveys.views import queue as view
from surveys.workflow import Role
from tests.factories import YEAR, make_poi, make_user, submission_of
from tests.queries.country import deliver, library_with, quiet_libraries

pytestmark = pytest.mark.django_db
BEFORE = {"leden_jeugd": 1_000, "leden_volwassen": 2_000}
ADDRESS = f"/kb/{YEAR}/nakijken/"


@pytest.fixture
def kees() -> User:
    return make_user(Role.KB, name="Kees Berg")


@pytest.fixture
def library(kees: User) -> Organisation:
    quiet_libraries()
    library = library_with(20, {"leden_jeugd": 9_000, "leden_volwassen": 2_000}, BEFORE)
    deliver(library)
    return library


def page(user: User, query: str = "") -> str:
    client = Client()
    client.force_login(user)
    return " ".join(client.get(f"{ADDRESS}{query}").content.decode().split())


def take(user: User, library: Organisation, what: str, back: str = "") -> tuple[int, str]:
    """Where it leads, and what is told there."""
    client = Client()
    client.force_login(user)
    url = reverse("take", kwargs={"year": YEAR, "isil": library.isil, "questionnaire": "bezit"})
    answer = client.post(url, {"doe": what, "terug": back}, follow=True)
    told = re.findall(r'class="alert[^"]*"[^>]*>(.*?)</', answer.content.decode(), re.S)
    return answer.redirect_chain[-1][0] if answer.redirect_chain else answer.status_code, " ".join(told)


def reviewer(library: Organisation) -> User | None:
    return Submission.objects.get(pk=submission_of(library, "bezit").pk).reviewer


def test_a_row_tells_where_what_and_how_much(kees: User, library: Organisation) -> None:
    text = page(kees)
    assert f'href="/kb/{YEAR}/NL-08000200000/bezit/antwoord/leden_jeugd/?controle=' in text
    assert '<strong>9.000</strong> <span class="muted">verwacht 1.0' in text
    assert re.search(r"\d+% van landelijk ‘[^’]+’", text)
    assert "Bibliotheek 20 ·" in text


def test_the_line_stands_once_and_its_sentence_above(kees: User, library: Organisation) -> None:
    text = page(kees)
    assert text.count("Onder deze lijn verandert geen landelijk kerncijfer meer dan 0,1%.") == 1
    assert re.search(
        r"Kijkt u (het eerste antwoord|de eerste \d+ van de \d+ antwoorden|alle \d+ antwoorden|dit ene antwoord) na, dan",
        text,
    )


def test_nothing_to_look_at(kees: User) -> None:
    library_with(1, BEFORE)
    assert "Er is niets om na te kijken" in page(kees)


def test_nothing_that_is_selected(kees: User, library: Organisation) -> None:
    text = page(kees, "?vragenlijst=personeel")
    assert "Geen signaal voldoet hieraan" in text
    assert "alle tonen" in text


def test_it_comes_in_pages(kees: User, library: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "PER_PAGE", 1)
    first, second = page(kees, "?provincie=Drenthe"), page(kees, "?provincie=Drenthe&pagina=2")
    assert "?provincie=Drenthe&amp;pagina=2" in first
    assert "?provincie=Drenthe&amp;pagina=1" in second
    assert '<td class="num">1</td>' in first
    assert '<td class="num">2</td>' in second


def test_taking_a_list_and_letting_it_go(kees: User, library: Organisation) -> None:
    where, _ = take(kees, library, "neem", "vragenlijst=bezit&pagina=2")
    assert where == f"{ADDRESS}?vragenlijst=bezit&pagina=2"
    assert reviewer(library) == kees
    assert "Laat los" in page(kees)
    take(kees, library, "loslaten")
    assert reviewer(library) is None


def test_a_colleague_sees_who_has_it_and_takes_it_over_in_two_steps(
    kees: User, library: Organisation
) -> None:
    noor = make_user(Role.KB, name="Noor Wessenaar")
    take(kees, library, "neem")
    take(noor, library, "neem")
    assert reviewer(library) == kees
    text = page(noor)
    assert "Kees Berg" in text
    assert f'value="overnemen.{kees.pk}"' in text
    take(noor, library, f"overnemen.{kees.pk}")
    assert reviewer(library) == noor
    take(kees, library, "overnemen.geen")
    assert reviewer(library) == noor


@pytest.mark.parametrize("number", ["9" * 20, "9" * 5_000, "٣"])
def test_a_colleague_that_cannot_be_is_nobody(kees: User, library: Organisation, number: str) -> None:
    take(kees, library, f"overnemen.{number}")
    assert reviewer(library) in (None, kees)


def test_the_line_is_one_click_away(
    kees: User, library: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "PER_PAGE", 1)
    (address,) = re.findall(r'href="([^"]+)#lijn"', page(kees))
    assert 'id="lijn"' in page(kees, address)


def test_a_poi_sees_its_own_libraries_with_national_ranks_and_takes_nothing(library: Organisation) -> None:
    poi = make_poi()
    other = library_with(21, {"leden_jeugd": 3_000, "leden_volwassen": 2_000}, BEFORE)
    deliver(other)
    Organisation.objects.filter(pk=other.pk).update(poi=poi)
    text = page(make_user(Role.POI, poi))
    assert "Bibliotheek 21" in text
    assert "Bibliotheek 20" not in text
    assert "u leest mee" in text
    assert re.search(
        r"\d+ antwoord(en)? met een signaal bij uw bibliotheken, \d+ boven de landelijke lijn\.", text
    )
    assert "formaction" not in text
    assert '<td class="num">1</td>' not in text


def test_a_year_without_a_round_is_not_found(kees: User) -> None:
    client = Client()
    client.force_login(kees)
    assert client.get("/kb/1999/nakijken/").status_code == 404
    assert client.get("/kb/1999/totalen/").status_code == 404


def test_as_many_queries_for_one_library_as_for_three(kees: User) -> None:
    client, counts = Client(), []
    client.force_login(kees)
    for number in (1, 2, 3):
        library = library_with(number, {"leden_jeugd": 9_000 * number, "leden_volwassen": 2_000}, BEFORE)
        deliver(library)
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as queries:
            client.get(ADDRESS)
        counts.append(len(queries))
    assert counts == [14, 14, 14]
