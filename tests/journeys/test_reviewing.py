"""Reviewing by keyboard: off until it is asked for, and everything also by links."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from surveys.models import Organisation, User
from surveys.workflow import Role
from tests.actions.test_bounds import move
from tests.factories import YEAR, give, make_library, make_user, submission_of, take_part

LIST = f"/kb/{YEAR}/NL-08000010000/bezit/"


@pytest.fixture
def kb() -> User:
    return make_user(Role.KB, name="Noor Berg")


@pytest.fixture
def libraries(kb: User) -> list[Organisation]:
    """The first has two answers that cannot be right; both have delivered."""
    found = [make_library(1), make_library(2)]
    for library in found:
        take_part(library)
    rows = found[0].locations.values_list("isil", flat=True)
    give(
        submission_of(found[0], "bezit"),
        {(code, row): hours for row in rows for code, hours in (("uren_open", 20), ("uren_bemand", 25))},
    )
    for library in found:
        move(library, "bezit", "submitted", kb)
    return found


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_single_letters_do_nothing_until_they_are_switched_on(
    live_server: LiveServer,
    page: Page,
    libraries: list[Organisation],
    kb: User,
    log_in: Callable[[Page, User], None],
) -> None:
    log_in(page, kb)
    page.goto(live_server.url + LIST)
    page.keyboard.press("n")
    page.keyboard.press("j")
    assert (_focused(page), page.url) == ("", live_server.url + LIST)
    toggle = page.get_by_role("button", name="Sneltoetsen")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    toggle.click()
    expect(page.locator("#sneltoetsen")).to_be_visible()
    for key, place in (("n", "signaal-1"), ("n", "signaal-2"), ("n", "signaal-2"), ("p", "signaal-1")):
        page.keyboard.press(key)
        assert _focused(page) == place
    page.click("summary:has-text('Terugsturen')")
    page.locator("textarea").press_sequentially("nj")
    expect(page.locator("textarea")).to_have_value("nj")


def test_from_list_to_list_and_to_a_question_by_keyboard(
    live_server: LiveServer,
    page: Page,
    libraries: list[Organisation],
    kb: User,
    log_in: Callable[[Page, User], None],
) -> None:
    log_in(page, kb)
    page.goto(live_server.url + LIST)
    page.get_by_role("button", name="Sneltoetsen").click()
    page.keyboard.press("j")
    page.wait_for_url("**/NL-08000020000/bezit/")
    expect(page.get_by_role("button", name="Sneltoetsen")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("k")
    page.wait_for_url("**/NL-08000010000/bezit/")
    page.keyboard.press("n")
    page.keyboard.press("a")
    page.wait_for_url("**/antwoord/uren_bemand/*/?controle=*")
    expect(page.get_by_label("Uw vraag")).to_be_focused()


def test_without_javascript_links_do_the_same(
    live_server: LiveServer,
    browser: Browser,
    libraries: list[Organisation],
    kb: User,
    log_in: Callable[[Page, User], None],
) -> None:
    plain = browser.new_context(java_script_enabled=False).new_page()
    log_in(plain, kb)
    plain.goto(live_server.url + LIST)
    expect(plain.get_by_role("button", name="Sneltoetsen")).to_be_hidden()
    plain.get_by_role("link", name="Volgend signaal").first.click()
    assert plain.url.endswith("#signaal-2")
    plain.click("text=Volgende: Bibliotheek 2")
    plain.wait_for_url("**/NL-08000020000/bezit/")


def test_what_has_the_focus_is_in_sight(
    live_server: LiveServer,
    page: Page,
    libraries: list[Organisation],
    kb: User,
    log_in: Callable[[Page, User], None],
) -> None:
    """Of the table of all lists: no header or bar that stays lies over it."""
    for number in range(3, 40):
        take_part(make_library(number))
    log_in(page, kb)
    page.goto(f"{live_server.url}/kb/{YEAR}/?vragenlijst=bezit")
    names = page.locator(".review-table tbody th a")
    names.nth(38).focus()
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        is_seen = page.evaluate(
            """() => { const box = document.activeElement.getBoundingClientRect();
                       const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                       return document.activeElement.contains(top); }"""
        )
        assert is_seen, page.evaluate("document.activeElement.outerHTML")
