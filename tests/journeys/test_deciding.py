"""The KB sends a list back, the library mends it and submits again, the KB approves; and many at once."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from surveys.actions.submissions import submit
from surveys.models import Organisation, User
from surveys.queries.answers import values_of
from surveys.values import Value
from surveys.workflow import Role
from tests.factories import YEAR, complete, make_library, make_user, submission_of, take_part

LogIn = Callable[[Page, User], None]


def delivered(number: int) -> Organisation:
    """Has submitted its profile."""
    library = make_library(number, locations=1)
    take_part(library)
    profile = submission_of(library, "profiel")
    complete(profile, {"gecombineerd": "nee"})
    submit(submission=profile, by=make_user(Role.LIBRARY, library, name=f"Anna Bos {number}"))
    return library


def test_there_and_back_and_approved(
    live_server: LiveServer, page: Page, log_in: LogIn, violations: Callable[[Page], list[str]]
) -> None:
    library = delivered(1)
    anna, noor = User.objects.get(), make_user(Role.KB, name="Noor Wessenaar")
    here = f"{live_server.url}/kb/{YEAR}/{library.isil}/profiel/"
    log_in(page, noor)
    page.goto(here)
    page.click(".decide summary")
    page.click(".decide details button")
    expect(page.locator(".decide textarea")).to_be_focused()
    assert violations(page) == []
    page.fill(".decide textarea", "Kijk uw opmerking nog eens na.")
    page.click(".decide details button")
    expect(page.locator(".notice--done")).to_contain_text(
        "Profiel van de organisatie van Bibliotheek 1 is teruggestuurd."
    )
    expect(page).to_have_url(here)

    page.context.clear_cookies()
    log_in(page, anna)
    page.goto(f"{live_server.url}/levering/{YEAR}/{library.isil}/")
    expect(page.locator(".returned")).to_contain_text("Noor Wessenaar (KB) schreef op")
    page.click("text=Verder invullen: Profiel")
    expect(page.locator(".returned")).to_contain_text("Kijk uw opmerking nog eens na.")
    assert violations(page) == []
    page.goto(f"{live_server.url}/levering/{YEAR}/{library.isil}/profiel/deel/opmerkingen/")
    page.fill("#f-opmerkingen_profiel", "Nagekeken")
    page.press("#f-opmerkingen_profiel", "Tab")
    expect(page.locator("#s-opmerkingen_profiel")).to_contain_text("pgeslagen")
    page.goto(f"{live_server.url}/levering/{YEAR}/{library.isil}/profiel/nog-te-doen/")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/ontvangst/")

    page.context.clear_cookies()
    log_in(page, noor)
    page.goto(here)
    page.click("button:text-is('Goedkeuren')")
    expect(page.locator(".notice--done")).to_contain_text("is goedgekeurd.")
    expect(page.locator(".history li")).to_have_count(5)
    assert submission_of(library, "profiel").state == "approved"
    assert values_of(submission_of(library, "profiel"))["opmerkingen_profiel", ""] == Value.of("Nagekeken")


def test_many_at_once_without_javascript(
    live_server: LiveServer,
    browser: Browser,
    log_in: LogIn,
    page: Page,
    violations: Callable[[Page], list[str]],
) -> None:
    libraries = [delivered(number) for number in (1, 2, 3)]
    context = browser.new_context(java_script_enabled=False, locale="nl-NL")
    plain = context.new_page()
    noor = make_user(Role.KB, name="Noor Wessenaar")
    log_in(plain, noor)
    plain.goto(f"{live_server.url}/kb/{YEAR}/?vragenlijst=profiel")
    plain.click("text=alle 3 kiezen")
    plain.get_by_label("Kies Bibliotheek 2").uncheck()
    plain.click("form.choosing button")
    expect(plain.locator("h2")).to_have_text("Wordt goedgekeurd (2)")
    plain.click("button:text-is('2 lijsten goedkeuren')")
    expect(plain.locator(".notice--done")).to_contain_text(
        "is goedgekeurd van 2 organisaties: Bibliotheek 1; Bibliotheek 3."
    )
    expect(plain).to_have_url(f"{live_server.url}/kb/{YEAR}/?vragenlijst=profiel")
    states = [submission_of(one, "profiel").state for one in libraries]
    assert states == ["approved", "submitted", "approved"]
    context.close()
    log_in(page, noor)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{live_server.url}/kb/{YEAR}/?vragenlijst=profiel&kies=alle")
        assert violations(page) == []
        page.click("form.choosing button")
        expect(page.locator("h2")).to_have_text("Wordt goedgekeurd (1)")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
