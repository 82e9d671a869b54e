"""What is asked, for everyone to read."""

import re

import pytest
from django.test import Client

from surveys.questionnaires.lint import statutory_items
from surveys.questionnaires.loader import load_edition, years

pytestmark = pytest.mark.django_db  # the frame of the page looks who is logged in
FIRST, LAST = years()[0], years()[-1]
EDITION = load_edition(LAST)


@pytest.mark.parametrize("path", ["", f"{LAST}/", f"{LAST}/wettelijk/", f"{LAST}/bezit/"])
def test_everybody_may_read(client: Client, path: str) -> None:
    assert client.get(f"/vragenlijsten/{path}").status_code == 200


@pytest.mark.parametrize("path", ["1999/", "1999/wettelijk/", "1999/bezit/", f"{LAST}/quiz/"])
def test_what_there_is_not(client: Client, path: str) -> None:
    assert client.get(f"/vragenlijsten/{path}").status_code == 404


def test_every_question_has_its_anchor_once(client: Client) -> None:
    page = client.get(f"/vragenlijsten/{LAST}/").text
    anchors = re.findall(r'<article class="entry" id="(\w+)"', page)
    assert anchors == list(EDITION.questions)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_every_link_within_the_codebook_leads_somewhere(client: Client) -> None:
    page = client.get(f"/vragenlijsten/{LAST}/").text
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r' id="([^"]+)"', page))


def test_every_statutory_item_has_a_question(client: Client) -> None:
    page = client.get(f"/vragenlijsten/{LAST}/wettelijk/")
    items = [item for _, of_category in page.context["categories"] for item in of_category]
    assert [number for number, _, _ in items] == list(statutory_items())
    assert all(questions for _, _, questions in items)
    assert "vragen ze alle 73" in page.text


@pytest.mark.parametrize("year", years())
def test_what_changed_is_told_against_the_year_before(client: Client, year: int) -> None:
    page = client.get(f"/vragenlijsten/{year}/").text
    assert ("eerste editie" in page) is (year == FIRST)


@pytest.mark.parametrize("questionnaire", EDITION.questionnaires, ids=lambda one: one.code)
def test_the_blank_questionnaire_asks_all(client: Client, questionnaire) -> None:  # type: ignore[no-untyped-def]
    page = client.get(f"/vragenlijsten/{LAST}/{questionnaire.code}/")
    asked = set()
    for _, parts in page.context["sections"]:
        for part in parts:
            if hasattr(part, "grid"):
                asked |= {q.code for _, cells in part.grid.rows for q in cells if q and q.is_asked}
            else:
                asked |= {box.question.code for box in part.boxes}
    assert asked == {q.code for q in questionnaire.questions.values() if q.is_asked}
