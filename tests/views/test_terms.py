"""The page of the dates, more time for one list, and what a library sees of dates that lock."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys.models import Answer, Extension, Organisation, Round, User, Window
from surveys.queries.answers import values_of
from surveys.questionnaires.loader import load_edition
from surveys.workflow import Role
from tests.actions.test_bounds import move
from tests.factories import (
    YEAR,
    give,
    make_library,
    make_round,
    make_user,
    seen_at,
    set_window,
    submission_of,
    take_part,
)
from tests.refusing import REFUSING

pytestmark = pytest.mark.django_db
WINDOWS = f"/kb/{YEAR}/termijnen/"


def day(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


def typed(one: date) -> str:
    return f"{one.day}-{one.month}-{one.year}"


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def library() -> Organisation:
    library = make_library(locations=1)
    take_part(library)
    return library


@pytest.fixture
def anna(library: Organisation) -> User:
    return make_user(Role.LIBRARY, library, name="Anna Bos")


@pytest.fixture
def kb() -> Client:
    return as_user(make_user(Role.KB, name="Kees Berg"))


def dates(**changes: str) -> dict[str, str]:
    found = {}
    for one in Window.objects.filter(round_id=YEAR):
        for name in ("opens", "deadline", "last_change"):
            found[f"{one.questionnaire}-{name}"] = typed(getattr(one, name))
    return {**found, **{name.replace("__", "-"): text for name, text in changes.items()}}


def url(library: Organisation, name: str, **more: str) -> str:
    place = {"year": YEAR, "isil": library.isil, "questionnaire": "bezit"}
    return reverse(name, kwargs={**place, **more})


def extending(library: Organisation) -> str:
    return reverse("extend", kwargs={"year": YEAR, "isil": library.isil})


def set_dates(opens: int, deadline: int, last_change: int) -> None:
    set_window(Round.objects.get(year=YEAR), "bezit", opens=opens, deadline=deadline, last_change=last_change)


def test_the_kb_sets_the_dates(kb: Client) -> None:
    make_round()
    page = kb.get(WINDOWS).text
    assert page.count(typed(day(30))) == 5
    response = kb.post(WINDOWS, dates(bezit__deadline=typed(day(33))), follow=True)
    assert Window.objects.get(questionnaire="bezit").deadline == day(33)
    assert Window.objects.get(questionnaire="personeel").deadline == day(30)
    assert "Bezit: open van" in response.text
    assert "Laatst gewijzigd door Kees Berg" in response.text
    assert "Er was niets gewijzigd." in kb.post(WINDOWS, dates(), follow=True).text


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("deadline", "", "Vul in op welke dag Bezit uiterlijk binnen moet zijn."),
        ("opens", "morgen", "‘morgen’ is geen datum. Schrijf dag-maand-jaar, zoals "),
        ("opens", "1-1-0001", "Bezit, open vanaf: Kies een dag van 1-1-"),
        ("last_change", "31-12-9999", "Bezit, wijzigen tot en met: Kies een dag van 1-1-"),
        ("deadline", typed(day(-31)), "Bezit, uiterlijk indienen: Dit ligt vóór de eerste dag ("),
        ("last_change", typed(day(1)), "Bezit, wijzigen tot en met: Dit ligt vóór de dag van indienen ("),
    ],
)
def test_dates_that_cannot_be_are_named_and_kept(kb: Client, field: str, text: str, told: str) -> None:
    make_round()
    before = Window.objects.get(questionnaire="bezit")
    response = kb.post(WINDOWS, dates(**{f"bezit__{field}": text, "personeel__opens": typed(day(-50))}))
    assert response.status_code == 422
    assert told in response.text
    assert typed(day(-50)) in response.text, "what was typed stays"
    assert Window.objects.get(questionnaire="bezit").deadline == before.deadline
    assert Window.objects.get(questionnaire="personeel").opens == day(-30)


def test_a_round_without_dates_gets_them(kb: Client) -> None:
    Round.objects.create(year=YEAR)
    asked = {
        f"{one.code}-{name}": typed(day(number))
        for one in load_edition(YEAR).questionnaires
        for name, number in (("opens", 1), ("deadline", 2), ("last_change", 3))
    }
    assert kb.post(WINDOWS, asked).status_code == 302
    assert Window.objects.count() == 5


@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_extensions_of_a_round_in_a_fixed_number_of_queries(
    kb: Client, django_assert_num_queries, count: int
) -> None:
    kees = User.objects.get()
    for number in range(1, count + 1):
        library = make_library(number, locations=0)
        take_part(library)
        Extension.objects.create(
            submission=submission_of(library, "bezit"),
            until=day(99),
            reason=f"Reden {number}.",
            at=timezone.now(),
            by=kees,
        )
    with django_assert_num_queries(7):
        page = kb.get(WINDOWS).text
    assert page.count("Reden ") == count


@pytest.mark.django_db(transaction=True)
def test_more_time_and_a_mail_about_it(kb: Client, library: Organisation, anna: User) -> None:
    set_dates(-90, -60, -30)
    asked = {"lijsten": "bezit", "tot": typed(day(9)), "reden": "De accountant is ziek.", "mailen": "on"}
    response = kb.post(extending(library), asked)
    assert response.status_code == 302
    page = kb.get(response.url).text
    assert "De accountant is ziek." in page
    assert "Gemaild aan Anna Bos." in page
    assert mail.outbox[0].to == [anna.email]
    assert "De accountant is ziek." in kb.get(WINDOWS).text


def test_without_the_box_nobody_is_mailed(
    kb: Client, library: Organisation, anna: User, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        kb.post(extending(library), {"lijsten": "bezit", "tot": typed(day(99)), "reden": "Ziekte."})
    assert Extension.objects.get().until == day(99)
    assert mail.outbox == []


def test_an_extension_that_cannot_be_stays_on_the_page(kb: Client, library: Organisation) -> None:
    response = kb.post(
        extending(library), {"lijsten": "bezit", "tot": "1-1-1999", "reden": "De accountant is ziek."}
    )
    assert response.status_code == 422
    assert "1 januari 1999 is voorbij. Kies vandaag of een latere dag." in response.text
    assert "De accountant is ziek." in response.text
    assert response.text.count('<details class="extend-form screen-only" open>') == 1
    assert not Extension.objects.exists()


def test_several_lists_get_more_time_or_none(kb: Client, library: Organisation, anna: User) -> None:
    page = kb.get(f"/kb/{YEAR}/{library.isil}/").text
    assert page.count('name="lijsten"') == 5
    asked = {"lijsten": ["bezit", "personeel"], "tot": typed(day(70)), "reden": "De accountant is ziek."}
    told = kb.post(extending(library), asked, follow=True).text
    assert f"Bezit, Personeel hebben uitstel tot en met {typed(day(70))}." in told
    assert Extension.objects.count() == 2
    asked |= {"lijsten": ["bezit", "financieel"], "tot": typed(day(60))}
    refused = kb.post(extending(library), asked)
    assert refused.status_code == 422
    assert "Bezit: Deze lijst heeft al uitstel tot en met" in refused.text
    assert Extension.objects.count() == 2
    move(library, "financieel", "submitted", anna)
    for codes, problem in (
        ([], "Kies welke lijsten uitstel krijgen."),
        (["financieel"], "intussen ingediend"),
    ):
        refused = kb.post(extending(library), {**asked, "lijsten": codes})
        assert refused.status_code == 422
        assert problem in refused.text


@pytest.mark.parametrize(
    ("dates", "told"),
    [((2, 5, 9), "Deze vragenlijst gaat open op "), ((-90, -60, -30), "Wijzigen kon tot en met ")],
)
def test_outside_its_dates_a_list_is_read_and_not_changed(
    library: Organisation, anna: User, dates: tuple[int, int, int], told: str
) -> None:
    give(submission_of(library, "bezit"), {"leden_jeugd": 10})
    set_dates(*dates)
    client = as_user(anna)
    pages = {
        name: client.get(url(library, name, **more)).text
        for name, more in (("section", {"section": "leden"}), ("todo", {}), ("check", {}))
    }
    pages["delivery_home"] = client.get(f"/levering/{YEAR}/{library.isil}/").text
    for name, page in pages.items():
        assert told in page, name
        assert "leden_jeugd~v" not in page
    posts = [
        client.post(url(library, "answer"), {"leden_jeugd": "20", "leden_jeugd~v": "0"}),
        client.post(url(library, "section", section="leden"), {"leden_jeugd": "20", "leden_jeugd~v": "0"}),
        client.post(url(library, "submit")),
        client.post(url(library, "explain")),
        client.post(url(library, "repair")),
    ]
    for response in posts:
        assert response.status_code == 403
        assert told in response.text
    assert values_of(submission_of(library, "bezit"))["leden_jeugd", ""].number == 10
    assert Answer.objects.count() == 1


@pytest.mark.parametrize("days", [0, 9])
def test_with_more_time_it_is_filled_in_again(library: Organisation, anna: User, days: int) -> None:
    set_dates(-90, -60, -30)
    Extension.objects.create(
        submission=submission_of(library, "bezit"),
        until=day(days),
        reason="Ziekte",
        at=timezone.now(),
        by=make_user(Role.KB),
    )
    client = as_user(anna)
    assert "leden_jeugd~v" in client.get(url(library, "section", section="leden")).text
    response = client.post(url(library, "answer"), {"leden_jeugd": "20", "leden_jeugd~v": "0"})
    assert response.status_code == 200
    assert "(uitstel)" in client.get(f"/levering/{YEAR}/{library.isil}/").text


def test_a_poi_is_not_told_to_ask_for_more_time(library: Organisation) -> None:
    set_dates(-90, -60, -30)
    page = as_user(make_user(Role.KB)).get(url(library, "section", section="leden")).text
    assert "U kunt deze vragenlijst lezen, niet invullen." in page


def send_back(kb: Client, library: Organisation) -> str:
    submission = submission_of(library, "bezit")
    response = kb.post(
        url(library, "send_back"),
        {"reden": "Kijk de leden na.", "gezien": str(seen_at(submission))},
        follow=True,
    )
    return response.text


def test_a_list_that_came_back_late_can_be_mended(
    kb: Client, library: Organisation, anna: User, django_capture_on_commit_callbacks
) -> None:
    move(library, "bezit", "submitted", anna)
    set_dates(-90, -60, -30)
    with django_capture_on_commit_callbacks(execute=True):
        page = send_back(kb, library)
    assert "en kan de lijst wijzigen tot en met" in page
    assert "Kijk de leden na." in mail.outbox[0].body
    own = as_user(anna).get(url(library, "section", section="leden")).text
    assert "Wijzigen en opnieuw indienen kan tot en met" in own
    assert "leden_jeugd~v" in own


@pytest.mark.django_db(transaction=True)
def test_a_refused_mail_is_told_and_the_list_goes_back_all_the_same(
    kb: Client, library: Organisation, settings
) -> None:
    weg = make_user(Role.LIBRARY, library, name="Weg Gegaan")
    move(library, "bezit", "submitted", weg)
    settings.EMAIL_BACKEND = REFUSING
    page = send_back(kb, library)
    assert "De mail aan Weg Gegaan is geweigerd: 550 5.1.1 User unknown" in page
    assert submission_of(library, "bezit").state == "returned"


@pytest.mark.django_db(transaction=True)
def test_where_nobody_can_log_in_the_kb_is_told(kb: Client, library: Organisation) -> None:
    move(library, "bezit", "submitted", User.objects.get(name="Kees Berg"))
    assert "Er is niemand gemaild" in send_back(kb, library)
