"""The KB's pages: who may see them, what they show, and that they stay light."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys.models import Organisation, User
from surveys.workflow import Role
from tests.factories import (
    YEAR,
    give,
    make_library,
    make_poi,
    make_user,
    submission_of,
    take_part,
)

pytestmark = pytest.mark.django_db
TABLE = f"/kb/{YEAR}/"


def _as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def library() -> Organisation:
    library = make_library(1, poi=make_poi())
    take_part(library)
    return library


@pytest.fixture
def kb() -> Client:
    return _as(make_user(Role.KB))


def _page(library: Organisation, questionnaire: str = "bezit") -> str:
    return reverse("review_submission", args=[YEAR, library.isil, questionnaire])


def test_addresses() -> None:
    assert reverse("review_table", args=[YEAR]) == TABLE
    assert reverse("export", args=[YEAR]) == f"{TABLE}export.xlsx"


@pytest.mark.parametrize("path", [TABLE, f"{TABLE}aandeel/", f"{TABLE}export.xlsx"])
def test_a_library_is_refused(library: Organisation, path: str) -> None:
    assert _as(make_user(Role.LIBRARY, library)).get(path).status_code == 403


def test_a_library_is_refused_its_own_delivery_here(library: Organisation) -> None:
    assert _as(make_user(Role.LIBRARY, library)).get(_page(library)).status_code == 403


def test_a_visitor_logs_in_first(library: Organisation) -> None:
    response = Client().get(TABLE)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_a_poi_sees_only_its_own_libraries_and_reads(library: Organisation) -> None:
    other = make_library(2, poi=make_poi(2))
    take_part(other)
    client = _as(make_user(Role.POI, library.poi))
    page = client.get(TABLE)
    assert [row.name for row in page.context["table"].rows] == ["Bibliotheek 1"]
    assert "alleen lezen" in page.text
    assert "Werkboek downloaden" not in page.text
    assert client.get(f"{TABLE}export.xlsx").status_code == 403
    assert client.get(_page(library)).status_code == 200
    assert client.get(_page(other)).status_code == 403


def test_the_address_holds_the_selection(kb: Client, library: Organisation) -> None:
    take_part(make_library(2, province="Zeeland"))
    page = kb.get(TABLE, {"provincie": "Zeeland", "volgorde": "-bezit", "status": "niet-begonnen"})
    assert [row.name for row in page.context["table"].rows] == ["Bibliotheek 2"]
    assert "1 van 2 organisaties" in page.text
    tally = page.context["tallies"][1]
    assert tally.counts[0].url == "?provincie=Zeeland&status=niet-begonnen&volgorde=-bezit&vragenlijst=bezit"


def test_what_cannot_be_chosen_is_left_out(kb: Client, library: Organisation) -> None:
    page = kb.get(TABLE, {"provincie": "Atlantis", "status": "zoek", "volgorde": "; drop"})
    assert page.status_code == 200
    assert len(page.context["table"].rows) == 1


def test_headers_sort_and_turn_round(kb: Client, library: Organisation) -> None:
    def header(query: dict[str, str], place: int) -> tuple[str, str]:
        one = kb.get(TABLE, query).context["headers"][place]
        return one.url, one.sort

    assert header({}, 0) == ("?volgorde=-naam", "ascending")
    assert header({"volgorde": "-naam"}, 0) == ("?volgorde=naam", "descending")
    assert header({}, 1) == ("?volgorde=provincie", "")
    assert header({"volgorde": "activiteit"}, -1) == ("?volgorde=-activiteit", "descending")


@pytest.mark.parametrize("path", ["/kb/1999/", "/kb/1999/aandeel/", "/kb/1999/export.xlsx"])
def test_no_such_year(kb: Client, library: Organisation, path: str) -> None:
    assert kb.get(path).status_code == 404


def test_queries_of_the_table_do_not_grow(kb: Client, library: Organisation) -> None:
    counts = []
    for numbers in ((), (2, 3)):
        for number in numbers:
            take_part(make_library(number, poi=library.poi))
        with CaptureQueriesContext(connection) as queries:
            kb.get(TABLE)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 11


def test_queries_of_a_delivery_do_not_grow(kb: Client, library: Organisation) -> None:
    kb.get(_page(library))
    counts = []
    for numbers in ((), (2, 3)):
        for number in numbers:
            take_part(make_library(number, locations=9))
        with CaptureQueriesContext(connection) as queries:
            kb.get(_page(library))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_a_delivery_stands_beside_last_year(kb: Client, library: Organisation) -> None:
    take_part(library, YEAR - 1)
    give(submission_of(library, "bezit", YEAR - 1), {"afhaalpunten": 4})
    give(submission_of(library, "bezit"), {"afhaalpunten": 5})
    page = kb.get(_page(library))
    figures = {
        figure.question.code: figure for part in page.context["pages"][1].parts for figure in part.figures
    }
    one = figures["afhaalpunten"]
    assert (one.text, one.last_year, one.difference, one.percentage) == ("5", "4", "+1", "+25,0%")


def test_the_block_of_a_combined_institution(kb: Client, library: Organisation) -> None:
    give(submission_of(library, "profiel"), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    [first, second] = library.locations.order_by("isil").values_list("isil", flat=True)
    give(
        submission_of(library, "bezit"),
        {
            ("bezoeken_locatie", first): 600,
            ("bezoeken_locatie", second): 400,
            "bezoeken_nb_zit_erin": "ja",
            "bezoeken_nb_invoer": "percentage",
            "bezoeken_nb_percentage": 18,
            "bezoeken_nb_podium": 150,
        },
    )
    page = kb.get(_page(library))
    [block] = [
        part for one in page.context["pages"] for part in one.parts if part.template == "review/_block.html"
    ]
    assert [(line.question.code, line.text) for line in block.lines] == [
        ("bezoeken", "1.000"),
        ("bezoeken_niet_bib", "180"),
        ("bezoeken_nb_podium", "150"),
        ("bezoeken_nb_rest", "30"),
        ("bezoeken_bib", "820"),
        ("bezoeken_bib_aandeel", "82%"),
    ]
    assert "<strong>bibliotheek 82%</strong> (820)" in page.text
    assert "overig 18% (180)" in page.text


def test_a_library_alone_has_no_block(kb: Client, library: Organisation) -> None:
    give(submission_of(library, "profiel"), {"gecombineerd": "nee"})
    parts = [part for page in kb.get(_page(library)).context["pages"] for part in page.parts]
    assert parts
    assert not [part for part in parts if part.template == "review/_block.html"]


def test_what_is_wrong_stands_at_the_answer(kb: Client, library: Organisation) -> None:
    isil = library.locations.order_by("isil")[0].isil
    give(submission_of(library, "bezit"), {("uren_open", isil): 20, ("uren_bemand", isil): 25})
    page = kb.get(_page(library))
    assert "1 klopt niet" in page.text
    assert f'href="#uren_bemand-{isil}"' in page.text
    assert "‘Waarvan bemand’ (25) kan niet meer zijn dan ‘Uren open per week’ (20). Verschil: 5." in page.text


def test_from_one_organisation_to_the_next(kb: Client, library: Organisation) -> None:
    following = make_library(2)
    take_part(following)
    page = kb.get(_page(library))
    assert page.context["previous"] is None
    assert page.context["following"] == (following.isil, following.name)
    assert kb.get(_page(following)).context["following"] is None


def test_the_workbook_of_one_questionnaire(kb: Client, library: Organisation) -> None:
    response = kb.get(f"{TABLE}export.xlsx", {"questionnaire": "personeel"})
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith(f'attachment; filename="wsob-{YEAR}-personeel-')
    assert b"".join(response)[:2] == b"PK"  # type: ignore[arg-type]
    assert kb.get(f"{TABLE}export.xlsx", {"questionnaire": "quiz"}).status_code == 404
