"""A round of reminders: read, sent, found back in the log; and nothing is left to send."""

from __future__ import annotations

from collections.abc import Callable

from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from surveys.models import Round, User
from surveys.workflow import Role
from tests.actions.test_reminders import with_people
from tests.factories import YEAR, make_user, set_window

LogIn = Callable[[Page, User], None]


def test_a_round_of_reminders(
    live_server: LiveServer, page: Page, log_in: LogIn, violations: Callable[[Page], list[str]]
) -> None:
    library = with_people(1, "Anna Bos")
    with_people(2, "Bram Vos")
    anna = User.objects.get(name="Anna Bos")
    log_in(page, make_user(Role.KB, name="Noor Wessenaar"))
    page.goto(f"{live_server.url}/kb/{YEAR}/")
    page.click("nav >> text=Herinneringen")
    page.select_option("#id_soort", "late")
    page.fill("#id_alinea", "Wij helpen u graag.")
    page.click("text=Mails bekijken")
    expect(page.locator("h2#mails")).to_have_text("2 mails over 10 lijsten")
    expect(page.locator(".mail-text").first).to_contain_text("Beste Anna Bos,")
    expect(page.locator(".mail-text").first).to_contain_text("Wij helpen u graag.")
    page.locator(".preview-list summary").nth(1).press("Enter")
    expect(page.locator(".preview-list .mail-text").nth(1)).to_be_visible()
    assert violations(page) == []
    assert mail.outbox == []

    page.locator("text=Verstuur 2 mails").last.click()
    expect(page.locator(".notice--done")).to_contain_text("2 mails verstuurd.")
    assert [one.to for one in mail.outbox] == [[anna.email], ["bram.vos@example.org"]]
    expect(page.locator("h2#mails")).to_have_text("Geen mails te versturen")
    expect(page.locator("text=Hierover is al gemaild: 10 lijsten")).to_be_visible()

    page.click("nav >> text=Contact")
    expect(page.locator(".contact-list > li")).to_have_count(2)
    page.select_option("#filter_soort", "thanks")
    page.click("text=Tonen")
    expect(page.locator(".empty")).to_contain_text("Niets gevonden")
    page.click("text=Alles tonen")
    page.click(f"text={library.name}")
    expect(page.locator(".contact-list")).to_contain_text("Herinnering aan Anna Bos door Noor Wessenaar")
    page.click("text=Gesprek, e-mail of notitie toevoegen")
    page.fill("#id_tekst", "Gebeld: komt vrijdag.")
    assert violations(page) == []
    page.click("text=Toevoegen aan het contact")
    expect(page.locator(".contact-list > li").first).to_contain_text("Gebeld: komt vrijdag.")


def test_more_time_opens_a_list_again(live_server: LiveServer, page: Page, log_in: LogIn) -> None:
    library = with_people(1, "Anna Bos")
    anna = User.objects.get(name="Anna Bos")
    set_window(Round.objects.get(year=YEAR), "bezit", opens=-90, deadline=-60, last_change=-30)
    here = f"{live_server.url}/levering/{YEAR}/{library.isil}/bezit/deel/leden/"
    log_in(page, anna)
    page.goto(here)
    expect(page.locator(".notice--info")).to_contain_text("Vraag de KB om uitstel.")
    expect(page.locator("#f-leden_jeugd")).to_have_count(0)

    page.context.clear_cookies()
    log_in(page, make_user(Role.KB, name="Noor Wessenaar"))
    page.goto(f"{live_server.url}/kb/{YEAR}/{library.isil}/")
    page.click("summary >> text=Uitstel geven")
    page.get_by_label("Bezit", exact=True).check()
    until = timezone.localdate()
    page.fill("#uitstel-tot", f"{until.day}-{until.month}-{until.year}")
    page.fill("#uitstel-reden", "De accountant is ziek.")
    page.click("details[open] button")
    expect(page.locator(".notice--done")).to_contain_text("Bezit heeft uitstel tot en met")
    expect(page.locator(".extension-list")).to_contain_text("De accountant is ziek.")

    page.context.clear_cookies()
    log_in(page, anna)
    [message] = mail.outbox
    [link] = [line for line in message.body.splitlines() if line.startswith("http")]
    page.goto(link.replace("http://localhost:8000", live_server.url))
    page.goto(here)
    page.fill("#f-leden_jeugd", "12")
    page.press("#f-leden_jeugd", "Tab")
    expect(page.locator("#s-leden_jeugd")).to_contain_text("pgeslagen")


def test_what_was_typed_when_the_list_shut_is_kept(
    live_server: LiveServer, page: Page, log_in: LogIn
) -> None:
    library = with_people(1, "Anna Bos")
    log_in(page, User.objects.get(name="Anna Bos"))
    page.goto(f"{live_server.url}/levering/{YEAR}/{library.isil}/bezit/deel/leden/")
    set_window(Round.objects.get(year=YEAR), "bezit", opens=-90, deadline=-60, last_change=-30)
    page.fill("#f-leden_jeugd", "12")
    page.press("#f-leden_jeugd", "Tab")
    expect(page.locator("#s-leden_jeugd")).to_contain_text("niet opgeslagen")
    expect(page.locator("#f-leden_jeugd")).to_have_value("12")


def test_whoever_is_refused_starts_at_what_is_wrong(
    live_server: LiveServer, page: Page, log_in: LogIn, violations: Callable[[Page], list[str]]
) -> None:
    library = with_people(1, "Anna Bos")
    log_in(page, make_user(Role.KB, name="Noor Wessenaar"))
    page.goto(f"{live_server.url}/kb/{YEAR}/termijnen/")
    assert violations(page) == []
    expect(page.locator("#inhoud")).not_to_be_focused()
    page.fill("#id_bezit-opens", "1-1-0001")
    page.click("text=Termijnen vastleggen")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_contain_text("Bezit, open vanaf: Kies een dag van")
    described = page.locator("#id_bezit-opens").get_attribute("aria-describedby")
    expect(page.locator(f"#{described}")).to_contain_text("Kies een dag van")
    page.set_viewport_size({"width": 320, "height": 700})
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.click(".error-summary a")
    expect(page.locator("#id_bezit-opens")).to_be_focused()
    page.goto(f"{live_server.url}/kb/{YEAR}/{library.isil}/")
    page.click("summary >> text=Uitstel geven")
    assert violations(page) == []
    page.click("text=Uitstel geven >> nth=-1")
    expect(page.locator(".error-summary")).to_be_focused()
    assert violations(page) == []
