"""Every page and state: axe without violation at 1280 and 320 pixels, and no sideways scrolling."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from surveys.actions.releases import make_release
from surveys.actions.remarks import comment, draft_remark
from surveys.models import ReleaseStatus, User
from surveys.questionnaires.loader import load_edition
from surveys.workflow import Role
from tests.actions.test_bounds import move
from tests.factories import (
    PASSWORD,
    YEAR,
    complete,
    give,
    make_library,
    make_poi,
    make_user,
    submission_of,
    take_part,
)

Violations = Callable[[Page], list[str]]
LIBRARY = f"/levering/{YEAR}/NL-08000010000/"


@pytest.fixture
def people() -> dict[str, User]:
    """A combined institution at work, one that has delivered its profile, and those who look on."""
    poi = make_poi()
    library, other = make_library(1, poi=poi), make_library(2, poi=poi)
    for one in (library, other):
        take_part(one, YEAR - 1)
        take_part(one)
    give(submission_of(library, "profiel"), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    give(
        submission_of(library, "bezit"),
        {
            ("bezoeken_locatie", "NL-08000011001"): 1000,
            ("bezoeken_locatie", "NL-08000011002"): 500,
            "bezoeken_nb_zit_erin": "ja",
            "bezoeken_nb_invoer": "aantal",
            "bezoeken_nb_aantal": 2000,
            "bezoeken_nb_podium": 100,
        },
    )
    give(
        submission_of(library, "bezit", YEAR - 1),
        {
            "leden_jeugd": 900,
            "leden_volwassen": 4000,
            "bezoeken_website": 65_000,
            ("bezoeken_locatie", "NL-08000011001"): 60_000,
        },
    )
    give(submission_of(library, "bezit"), {"leden_volwassen": 1000, "bezoeken_website": 0})
    complete(submission_of(library, "personeel"))
    kees = make_user(Role.KB, name="Kees Berg")
    move(other, "bezit", "submitted", kees)
    move(other, "personeel", "submitted", kees)
    move(other, "personeel", "returned", kees)
    asked = submission_of(other, "bezit")
    draft_remark(submission=asked, by=kees, text="Klopt dit?", question="leden_jeugd")
    comment(submission=asked, by=kees, text="Let op de uren.", question="leden_jeugd")
    make_release(year=YEAR, status=ReleaseStatus.PROVISIONAL, by=kees)
    give(submission_of(library, "bezit"), {"leden_volwassen": 1001})
    return {
        "library": make_user(Role.LIBRARY, library, name="Anna Bos"),
        "poi": make_user(Role.POI, poi, name="Piet Oever"),
        "kb": kees,
        "nobody": make_user(None, name="Nelis Vreemd"),
    }


def every_section() -> list[str]:
    return [
        f"{LIBRARY}{one.code}/deel/{section.code}/"
        for one in load_edition(YEAR).questionnaires
        for section in one.sections
    ]


PAGES = {
    "library": [
        LIBRARY,
        *every_section(),
        f"{LIBRARY}bezit/deel/gebouw/NL-08000011001/",
        f"{LIBRARY}bezit/nog-te-doen/",
        f"{LIBRARY}bezit/controleren/",
        f"{LIBRARY}personeel/controleren/",
        f"{LIBRARY}gebeurtenissen/",
        f"{LIBRARY}contactpersonen/",
        f"{LIBRARY}personeel/nog-te-doen/",
        f"{LIBRARY}bezit/lezen/",
        "/kb/1999/",
        "/bestaat/niet/",
    ],
    "kb": [
        f"/kb/{YEAR}/",
        f"/kb/{YEAR}/aandeel/",
        f"/kb/{YEAR}/uitgaven/",
        f"/kb/{YEAR}/uitgaven/vergelijken/",
        f"/kb/{YEAR}/?vragenlijst=bezit&toon=open-signalen",
        f"/kb/{YEAR}/respons/",
        f"/kb/{YEAR}/nakijken/",
        f"/kb/{YEAR}/totalen/",
        f"/kb/{YEAR}/vragen/",
        f"/kb/{YEAR}/NL-08000020000/bezit/vragen/",
        f"/kb/{YEAR}/NL-08000020000/bezit/antwoord/leden_jeugd/",
        f"/kb/{YEAR}/NL-08000020000/bezit/antwoord/bezoeken_locatie/NL-08000021001/",
        f"/kb/{YEAR}/controles/",
        f"/kb/{YEAR}/termijnen/",
        f"/kb/{YEAR}/herinneringen/?soort=thanks",
        f"/kb/{YEAR}/contact/",
        f"/kb/{YEAR}/NL-08000010000/",
        f"/kb/{YEAR}/NL-08000010000/bezit/",
        f"/kb/{YEAR}/NL-08000020000/bezit/",
        f"/kb/{YEAR}/?vragenlijst=bezit&kies=alle",
        "/kb/organisaties/",
        "/kb/organisaties/nieuw/fusie/",
        "/kb/organisaties/nieuw/splitsing/",
        "/kb/organisaties/nieuw/splitsing/?van=NL-08000010000",
        "/kb/organisaties/nieuw/naam/",
        f"/vragenlijsten/{YEAR}/",
        f"/vragenlijsten/{YEAR}/wettelijk/",
        f"/vragenlijsten/{YEAR}/controles/",
        f"/vragenlijsten/{YEAR}/personeel/",
        "/vragenlijsten/",
        "/account/logout/",
        "/account/password/change/",
    ],
    "poi": [
        f"/kb/{YEAR}/",
        f"/kb/{YEAR}/respons/",
        f"/kb/{YEAR}/NL-08000010000/bezit/",
        f"/kb/{YEAR}/contact/",
        f"/kb/{YEAR}/NL-08000010000/",
        f"/kb/{YEAR}/nakijken/",
        f"/kb/{YEAR}/totalen/",
        f"/kb/{YEAR}/vragen/",
        f"/kb/{YEAR}/NL-08000020000/bezit/vragen/",
        f"/kb/{YEAR}/NL-08000020000/bezit/antwoord/leden_jeugd/",
        f"{LIBRARY}bezit/deel/leden/",
        f"{LIBRARY}bezit/controleren/",
        f"{LIBRARY}gebeurtenissen/",
    ],
    "nobody": ["/"],
    "": ["/account/login/", "/account/password/reset/", "/account/signup/"],
}


@pytest.mark.parametrize("width", [1280, 320])
def test_no_page_has_a_violation(
    live_server: LiveServer,
    page: Page,
    people: dict[str, User],
    log_in: Callable[[Page, User], None],
    violations: Violations,
    width: int,
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    found = {}
    for who, paths in PAGES.items():
        page.context.clear_cookies()
        if who:
            log_in(page, people[who])
        for path in paths:
            page.goto(live_server.url + path)
            wrong = violations(page)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append("scrolls sideways")
            if wrong:
                found[path] = wrong
    assert found == {}


def test_states_of_a_form_have_no_violation(
    live_server: LiveServer,
    page: Page,
    people: dict[str, User],
    log_in: Callable[[Page, User], None],
    violations: Violations,
) -> None:
    """An input error, a conflict, opened remarks, a refused log-in."""
    log_in(page, people["library"])
    page.goto(f"{live_server.url}{LIBRARY}bezit/deel/leden/")
    page.fill("#f-leden_jeugd", "x")
    page.press("#f-leden_jeugd", "Tab")
    page.wait_for_selector("#m-leden_jeugd .message")
    page.click("text=Schattingen en notities")
    page.click("text=Wat betekenen deze regels")
    assert violations(page) == []
    page.evaluate("sessionStorage.clear()")
    page.reload()
    give(submission_of(people["library"].memberships.get().organisation, "bezit"), {"leden_volwassen": 2})
    page.fill("#f-leden_volwassen", "3")
    page.press("#f-leden_volwassen", "Tab")
    page.wait_for_selector("#m-leden_volwassen .message")
    assert violations(page) == []
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/account/login/")
    page.fill("input[name=login]", "niemand@example.org")
    page.fill("input[name=password]", "verkeerd-wachtwoord")
    page.click("main button[type=submit]")
    page.wait_for_selector(".error-summary, .message--error, .notice--error, [aria-invalid=true]")
    assert violations(page) == []


def test_log_in_with_the_e_mail_address(live_server: LiveServer, page: Page, people: dict[str, User]) -> None:
    User.objects.filter(pk=people["library"].pk).update(password=make_password(PASSWORD))
    page.goto(live_server.url)
    page.fill("input[name=login]", "Anna.Bos@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"**{LIBRARY}")
    page.click("text=Uitloggen")
    page.wait_for_url("**/account/login/**")
