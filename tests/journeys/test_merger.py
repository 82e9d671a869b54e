"""The KB records a merger after reading what it does; the library that goes on sees both last years added up."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from surveys.models import Organisation, OrganisationChange, User
from surveys.workflow import Role
from tests.factories import YEAR, give, make_library, make_user, submission_of, take_part

LogIn = Callable[[Page, User], None]


def library_with_a_year(number: int) -> Organisation:
    library = make_library(number, locations=1)
    take_part(library, YEAR - 1, inhabitants=20_000)
    take_part(library, inhabitants=20_000)
    give(submission_of(library, "profiel", YEAR - 1), {"gecombineerd": "nee"})
    counts = {"leden_jeugd": 4_000, "verlengingen": 10_000, "tarief_volwassenen": 40 + number}
    give(submission_of(library, "bezit", YEAR - 1), counts)
    return library


def test_a_merger_and_the_year_after(
    live_server: LiveServer, page: Page, log_in: LogIn, violations: Callable[[Page], list[str]]
) -> None:
    library_with_a_year(1)
    gone = library_with_a_year(2)
    piet = make_user(Role.LIBRARY, gone, name="Piet Vos")
    log_in(page, make_user(Role.KB, name="Noor Wessenaar"))
    page.goto(f"{live_server.url}/kb/organisaties/")
    page.click("text=Fusie vastleggen")
    page.fill("#id_dag", f"1-3-{YEAR}")
    page.fill("#id_bibliotheek_1", "Bibliotheek 1")
    page.fill("#id_bibliotheek_2", "Bibliotheek 1")
    page.fill("#id_als", "Bibliotheek 1")
    page.click("text=Gevolgen bekijken")
    expect(page.locator("main")).to_contain_text("Bibliotheek 1 kan niet met zichzelf fuseren")
    expect(page.locator("#id_dag")).to_have_value(f"1-3-{YEAR}")
    assert violations(page) == []
    page.fill("#id_bibliotheek_2", "Bibliotheek 2")
    page.click("text=Gevolgen bekijken")
    expect(page.locator("h1")).to_contain_text("de gevolgen")
    expect(page.locator("main")).to_contain_text(f"Bibliotheek 2 levert niet meer over {YEAR}.")
    expect(page.locator("main")).to_contain_text("Piet Vos")
    assert not OrganisationChange.objects.exists()
    assert violations(page) == []
    page.get_by_role("button", name="Terug en aanpassen").click()
    expect(page.locator("#id_bibliotheek_2")).to_have_value("Bibliotheek 2")
    page.click("text=Gevolgen bekijken")
    page.get_by_role("button", name="Fusie vastleggen").click()
    expect(page.locator(".notice--done")).to_contain_text("Bibliotheek 2 gaat op in Bibliotheek 1.")
    assert violations(page) == []

    page.context.clear_cookies()
    log_in(page, piet)
    page.goto(f"{live_server.url}/levering/{YEAR}/{gone.isil}/")
    page.locator(".notice").get_by_role("link", name="Bibliotheek 1").click()
    expect(page.locator("h1")).to_contain_text(f"Uw gegevens over {YEAR}")
    here = f"{live_server.url}/levering/{YEAR}/NL-08000010000/bezit/deel"
    page.goto(f"{here}/leden/")
    expect(page.locator("main")).to_contain_text("zijn die van Bibliotheek 1 en Bibliotheek 2 samen")
    expect(page.locator("#q-leden_jeugd")).to_contain_text(f"{YEAR - 1}: 8.000")
    page.fill("#f-leden_jeugd", "8100")
    page.press("#f-leden_jeugd", "Tab")
    expect(page.locator("#v-leden_jeugd")).not_to_have_value("0")
    expect(page.locator("#m-leden_jeugd")).to_be_empty()
    page.reload()
    expect(page.locator("#m-leden_jeugd")).to_be_empty()
    page.fill("#f-leden_jeugd", "4100")
    page.press("#f-leden_jeugd", "Tab")
    expect(page.locator("#m-leden_jeugd")).to_contain_text("groot verschil")
    page.goto(f"{here}/tarieven/")
    expect(page.locator("#q-tarief_volwassenen")).to_contain_text("niet op te tellen (Bibliotheek 1 41")
    assert violations(page) == []
    page.goto(f"{live_server.url}/levering/{YEAR - 1}/{gone.isil}/bezit/lezen/")
    expect(page.locator("main")).to_contain_text("4.000")
