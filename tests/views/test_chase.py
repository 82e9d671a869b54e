"""The provisional totals on screen."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from surveys.forms.chase import amount
from surveys.forms.queue import line_in_words, percentage
from surveys.models import Organisation, User
from surveys.questionnaires.loader import load_edition
from surveys.values import Kind
from surveys.workflow import Role
from tests.factories import YEAR, make_poi, make_user
from tests.queries.country import deliver, library_with, quiet_libraries

pytestmark = pytest.mark.django_db
BEFORE = {"leden_jeugd": 1_000, "leden_volwassen": 2_000}


@pytest.fixture
def kees() -> User:
    return make_user(Role.KB, name="Kees Berg")


def page(user: User, query: str = "") -> str:
    client = Client()
    client.force_login(user)
    return " ".join(client.get(f"/kb/{YEAR}/totalen/{query}").content.decode().split())


def test_a_total_with_its_band_beside_last_year(kees: User) -> None:
    quiet_libraries()
    library_with(20, None, BEFORE)
    text = page(kees)
    assert "Leden totaal op 31 december: 27.300, vorig jaar 27.000; tussen 27." in text
    assert re.search(r'href="\.\./\?vragenlijst=bezit&amp;status=binnen"[^>]*>8 van 9', text)
    assert "Bezit, kernfuncties, personeel en financieel, uiterlijk" in text
    assert f'href="/kb/{YEAR}/NL-08000200000/"' in text


def test_with_all_lists_in_there_is_no_band_and_nobody_to_chase(kees: User) -> None:
    for library in quiet_libraries():
        for code in load_edition(YEAR).by_code:
            deliver(library, code)
    text = page(kees)
    assert "Alle lijsten zijn binnen: dit zijn de totalen zelf, zonder marge." in text
    assert "Wie de totalen het meest zeker maakt" not in text


def test_a_province_of_its_own(kees: User) -> None:
    quiet_libraries()
    library_with(20, None, BEFORE, province="Zeeland")
    text = page(kees, "?provincie=Zeeland")
    assert "· Zeeland" in text
    assert "0 van 1" in text
    assert "0 van 9" in page(kees, "?provincie=Nergens")


def test_a_poi_sees_the_part_of_its_own_libraries() -> None:
    quiet_libraries()
    poi, own = make_poi(), library_with(20, None, BEFORE)
    Organisation.objects.filter(pk=own.pk).update(poi=poi)
    text = page(make_user(Role.POI, poi))
    assert "Al uw bibliotheken" in text
    assert "0 van 1" in text
    assert "Bibliotheek 1<" not in text


def test_nobody_takes_part_yet(kees: User) -> None:
    library_with(1)
    assert "Nog geen organisaties" in page(make_user(Role.POI, make_poi()))


def test_as_many_queries_for_one_library_as_for_three(kees: User) -> None:
    client, counts = Client(), []
    client.force_login(kees)
    for number in (1, 2, 3):
        library_with(number, None, BEFORE)
        client.get(f"/kb/{YEAR}/totalen/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/kb/{YEAR}/totalen/")
        counts.append(len(queries))
    assert counts == [13, 13, 13]


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.234, "23%"),
        (0.0432, "4,3%"),
        (0.0043, "0,43%"),
        (0.001, "0,1%"),
        (0.00001, "minder dan 0,01%"),
        (1.0, "100%"),
    ],
)
def test_a_part_in_words(share: float, text: str) -> None:
    assert percentage(share) == text


@pytest.mark.parametrize(
    ("number", "kind", "text"),
    [
        (60_312_345, Kind.INTEGER, "60,31 miljoen"),
        (588_000_000, Kind.EURO, "€ 588 miljoen"),
        (340_912, Kind.INTEGER, "340.900"),
        (812.4, Kind.DECIMAL, "812"),
    ],
)
def test_an_amount_has_no_more_digits_than_an_estimate(number: float, kind: Kind, text: str) -> None:
    assert amount(number, kind) == text


def test_two_amounts_in_one_row_are_rounded_alike() -> None:
    assert amount(2_300_000, Kind.INTEGER, 2_160_000) == "2,30 miljoen"
    assert amount(990_000, Kind.INTEGER, 1_010_000) == "0,99 miljoen"


@pytest.mark.parametrize(
    ("line", "count", "text"),
    [
        (0, 5, "Wat hier staat verandert samen geen landelijk kerncijfer meer dan 0,1%."),
        (1, 5, "Kijkt u het eerste antwoord na, dan verandert wat overblijft geen landelijk kerncijfer meer dan 0,1%."),
        (1, 1, "Kijkt u dit ene antwoord na, dan verandert wat overblijft geen landelijk kerncijfer meer dan 0,1%."),
        (5, 5, "Kijkt u alle 5 antwoorden na, dan verandert wat overblijft geen landelijk kerncijfer meer dan 0,1%."),
        (3, 5, "Kijkt u de eerste 3 van de 5 antwoorden na, dan verandert wat overblijft geen landelijk kerncijfer meer dan 0,1%."),
    ],
)  # fmt: skip
def test_the_line_in_words(line: int, count: int, text: str) -> None:
    assert line_in_words(line, count, 0.001) == text
