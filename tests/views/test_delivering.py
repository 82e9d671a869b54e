"""Bringing a list to its end."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from surveys.models import Organisation, Submission, Transition
from surveys.queries.deliveries import delivery_of
from surveys.queries.progress import todo_of
from surveys.workflow import Role
from tests.factories import YEAR, complete, give, make_library, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> Organisation:
    library = make_library()
    take_part(library)
    return library


@pytest.fixture
def client(library: Organisation) -> Client:
    client = Client()
    client.force_login(make_user(Role.LIBRARY, library, name="Anna Bos"))
    return client


def url(name: str, library: Organisation, questionnaire: str) -> str:
    return reverse(name, kwargs={"year": YEAR, "isil": library.isil, "questionnaire": questionnaire})


def deliver(client: Client, library: Organisation, questionnaire: str) -> None:
    response = client.post(url("submit", library, questionnaire))
    assert response.headers["Location"] == url("receipt", library, questionnaire)


def test_the_page_shows_the_list_that_submit_enforces(client: Client, library: Organisation) -> None:
    give(submission_of(library, "bezit"), {"pcs_internet": 1, "pcs_bdc": 5})
    todo = todo_of(delivery_of(submission_of(library, "bezit")))
    page = client.get(url("todo", library, "bezit")).content.decode()
    assert page.count('<a href="/levering') - page.count('class="crumbs"') >= len(todo)
    for one in todo:
        assert f"#f-{one.question.code}" in page
    response = client.post(url("submit", library, "bezit"), follow=True)
    assert f"nog {len(todo) + 1} te doen" in response.content.decode()  # and the profile
    assert submission_of(library, "bezit").state == "in_progress"


def test_submit_twice_is_one_delivery(client: Client, library: Organisation) -> None:
    complete(submission_of(library, "profiel"), {"gecombineerd": "nee"})
    deliver(client, library, "profiel")
    complete(submission_of(library, "personeel"))
    deliver(client, library, "personeel")
    first = submission_of(library, "personeel").submitted_at
    deliver(client, library, "personeel")
    assert submission_of(library, "personeel").submitted_at == first
    made = Transition.objects.filter(submission__questionnaire="personeel", step="submit")
    assert made.count() == 1


def test_the_receipt_says_who_and_when(client: Client, library: Organisation) -> None:
    complete(submission_of(library, "profiel"), {"gecombineerd": "nee"})
    deliver(client, library, "profiel")
    page = client.get(url("receipt", library, "profiel")).content.decode()
    assert "Dank u wel, Profiel van de organisatie is ingediend" in page
    assert "<dt>Ingediend door</dt><dd>Anna Bos</dd>" in page
    read = client.get(url("read", library, "profiel")).content.decode()
    assert "door Anna Bos." in read


def test_a_colleague_without_this_list_cannot_submit_it(library: Organisation) -> None:
    complete(submission_of(library, "profiel"), {"gecombineerd": "nee"})
    client = Client()
    client.force_login(make_user(Role.LIBRARY, library, questionnaires="bezit"))
    assert client.post(url("submit", library, "profiel")).status_code == 302  # the profile is everybody's
    complete(submission_of(library, "personeel"))
    assert client.post(url("submit", library, "personeel")).status_code == 403
    assert "Een collega met invulrecht" in client.get(url("todo", library, "personeel")).content.decode()


def test_the_workbook_of_a_library_holds_only_its_own(client: Client, library: Organisation) -> None:
    other = make_library(number=2)
    take_part(other)
    give(submission_of(library, "bezit"), {"leden_jeugd": 12})
    give(submission_of(other, "bezit"), {"leden_jeugd": 99})
    response = client.get(reverse("delivery_workbook", kwargs={"year": YEAR, "isil": library.isil}))
    assert (
        response.headers["Content-Disposition"] == f'attachment; filename="wsob-{YEAR}-{library.isil}.xlsx"'
    )
    book = load_workbook(BytesIO(response.getvalue()))
    header, *rows = book["Bezit"].iter_rows(values_only=True)
    [row] = rows
    figures = dict(zip(header, row, strict=True))
    assert (figures["isil"], figures["leden_jeugd"], figures["leden"]) == (library.isil, 12, 12)


def test_a_list_in_which_nobody_has_begun_is_not_submitted(client: Client, library: Organisation) -> None:
    """All of it put ready beforehand: somebody must still have looked at it."""
    profile = submission_of(library, "profiel")
    complete(profile, {"gecombineerd": "nee"})
    Submission.objects.update(state="not_started")
    page = client.post(url("submit", library, "profiel"), follow=True)
    assert "Deze vragenlijst is niet begonnen; deze stap kan nu niet." in page.text
    assert submission_of(library, "profiel").state == "not_started"


def test_a_list_opens_where_something_is_wrong(client: Client, library: Organisation) -> None:
    complete(submission_of(library, "profiel"), {"gecombineerd": "nee"})
    complete(submission_of(library, "bezit"))
    give(submission_of(library, "bezit"), {"pcs_bdc": 5})
    [todo] = todo_of(delivery_of(submission_of(library, "bezit")))
    response = client.get(url("questionnaire", library, "bezit"))
    assert response.headers["Location"].endswith(f"/deel/{todo.section.code}/")
    assert todo.section is not delivery_of(submission_of(library, "bezit")).questionnaire.sections[0]
