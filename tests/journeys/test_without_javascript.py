"""The same pages without JavaScript: one form with a save button."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from surveys.models import User
from surveys.queries.answers import values_of
from surveys.values import Value
from surveys.workflow import Role
from tests.factories import YEAR, give, make_library, make_user, submission_of, take_part


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, locale="nl-NL")
    yield context.new_page()
    context.close()


def test_fill_in_correct_and_go_on(
    live_server: LiveServer, plain_page: Page, log_in: Callable[[Page, User], None]
) -> None:
    library = make_library()
    take_part(library)
    log_in(plain_page, make_user(Role.LIBRARY, library))
    plain_page.goto(f"{live_server.url}/levering/{YEAR}/{library.isil}/bezit/deel/leden/")
    plain_page.fill("#f-leden_jeugd", "1.000")
    plain_page.fill("#f-leden_volwassen", "veel")
    plain_page.click("button[name=next]")
    expect(plain_page.locator(".error-summary")).to_contain_text("1 antwoord is niet opgeslagen")
    expect(plain_page.locator("#f-leden_volwassen")).to_have_value("veel")
    assert values_of(submission_of(library, "bezit")) == {("leden_jeugd", ""): Value.of(1000)}
    plain_page.fill("#f-leden_volwassen", "500")
    plain_page.click("button[name=next]")
    expect(plain_page.locator("h1")).to_have_text("Leden naar leeftijd")
    expect(plain_page.locator("[role=status]").first).to_contain_text("1 antwoord opgeslagen.")
    assert values_of(submission_of(library, "bezit"))["leden_volwassen", ""] == Value.of(500)


def test_the_follow_up_questions_come_after_saving(
    live_server: LiveServer, plain_page: Page, log_in: Callable[[Page, User], None]
) -> None:
    library = make_library()
    take_part(library)
    give(submission_of(library, "profiel"), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    log_in(plain_page, make_user(Role.LIBRARY, library))
    contract = f"{live_server.url}/levering/{YEAR}/{library.isil}/personeel/deel/contract/"
    plain_page.goto(contract)
    plain_page.check("#f-personeel_nb_zit_erin input[value=ja]")
    plain_page.click("button[name=next]")
    plain_page.wait_for_url("**/deel/opbouw/")
    plain_page.goto(contract)
    expect(plain_page.locator("#q-personeel_nb_invoer")).to_be_visible()
