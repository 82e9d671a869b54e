"""The whole loop: the KB asks, the library follows the link of its mail, changes the figure, and the KB approves."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.core import mail
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from surveys.models import Explanation
from surveys.queries.answers import answers_of, values_of
from surveys.values import Value
from tests.actions.asking_world import World
from tests.factories import YEAR

LogIn = Callable[[Page, object], None]
Violations = Callable[[Page], list[str]]
WIDTHS = (1280, 320)


def check(page: Page, violations: Violations) -> None:
    """As it is now, broad and narrow."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def links(base: str) -> list[str]:
    """What the last mail leads to, on this server."""
    return [
        url.replace(settings.BASE_URL, base) for url in re.findall(r"https?://\S+", str(mail.outbox[-1].body))
    ]


def ask(page: Page, violations: Violations, base: str, desk: str) -> None:
    """A question is written at the answer and sent from the page of the year."""
    page.goto(f"{desk}antwoord/vrijwilligers/")
    page.fill("#vraag-tekst", "Zijn er echt zo weinig vrijwilligers?")
    page.click("text=Vraag klaarzetten")
    expect(page.locator(".notice--done")).to_contain_text("pas als u hieronder op Verstuur drukt.")
    check(page, violations)
    page.goto(desk)
    expect(page.locator(".decide")).to_contain_text("1 vraag is nog niet verstuurd.")
    page.goto(f"{base}/kb/{YEAR}/vragen/")
    check(page, violations)
    page.click("text=Verstuur 1 vraag aan Bibliotheek 1")
    expect(page.locator(".notice--done")).to_contain_text("1 vraag verstuurd aan Anna Bos.")


def answer(page: Page, violations: Violations, world: World, base: str) -> None:
    """By the link of the mail, with another figure that stands out."""
    [link] = links(base)
    page.goto(link)
    expect(page.locator("#antwoord")).to_be_in_viewport()
    expect(page.locator("#f-vrijwilligers")).to_have_value("1")
    check(page, violations)
    page.fill("#f-vrijwilligers", "900")
    page.fill("#id_tekst", "Wij vergaten de taalmaatjes.")
    page.click("text=Antwoord versturen")
    expect(page.locator(".error-summary")).to_contain_text("Uw nieuwe cijfer valt op.")
    expect(page.locator("#f-vrijwilligers")).to_have_value("900")
    check(page, violations)
    assert values_of(world.submission)["vrijwilligers", ""] == Value.of(1)
    for field in page.locator(".asked-explain select").all():
        field.select_option("telling")
    for field in page.locator(".asked-explain textarea").all():
        field.fill("De taalmaatjes tellen nu mee.")
    page.click("text=Antwoord versturen")
    expect(page.locator(".notice--done")).to_contain_text("u hoeft verder niets in te dienen.")
    expect(page.locator("main")).to_contain_text("van 1 naar 900")
    check(page, violations)


def close_and_approve(page: Page, violations: Violations, base: str, desk: str) -> None:
    page.goto(f"{base}/kb/{YEAR}/vragen/?status=beantwoord")
    page.click(".remark-table td a")
    expect(page.locator(".talk-lines")).to_contain_text("Wij vergaten de taalmaatjes.")
    expect(page.locator(".changes-table tbody tr")).to_have_count(2)
    check(page, violations)
    page.click("button:text-is('Afsluiten')")
    expect(page.locator(".notice--done")).to_contain_text("is afgesloten.")
    page.goto(f"{desk}vragen/")
    expect(page.locator(".talk h3")).to_contain_text("afgesloten")
    check(page, violations)
    page.goto(desk)
    page.click("button:text-is('Goedkeuren')")
    expect(page.locator(".notice--done")).to_contain_text("is goedgekeurd.")


def test_ask_answer_close_and_approve(
    live_server: LiveServer, page: Page, log_in: LogIn, violations: Violations
) -> None:
    world, base = World(), live_server.url
    desk = f"{base}/kb/{YEAR}/{world.library.isil}/personeel/"
    log_in(page, world.kees)
    ask(page, violations, base, desk)
    page.context.clear_cookies()
    log_in(page, world.anna)
    page.goto(f"{base}/levering/{YEAR}/{world.library.isil}/")
    expect(page.locator(".asked-notice")).to_contain_text("De KB heeft 1 vraag")
    check(page, violations)
    answer(page, violations, world, base)
    assert values_of(world.submission)["vrijwilligers", ""] == Value.of(900)
    assert world.submission.state == "submitted"
    assert Explanation.objects.filter(by=world.anna, text="De taalmaatjes tellen nu mee.").exists()
    page.context.clear_cookies()
    log_in(page, world.noor)
    close_and_approve(page, violations, base, desk)
    assert world.submission.state == "approved"


def test_a_correction_after_approval_without_javascript(
    live_server: LiveServer, browser: Browser, log_in: LogIn
) -> None:
    world = World()
    world.approve()
    context = browser.new_context(java_script_enabled=False, locale="nl-NL")
    page = context.new_page()
    desk = f"{live_server.url}/kb/{YEAR}/{world.library.isil}/personeel/"
    log_in(page, world.kees)
    page.goto(f"{desk}antwoord/vrijwilligers/")
    page.click("summary:has-text('Corrigeren')")
    page.fill("#corrigeren-waarde", "2")
    page.fill("#corrigeren-reden", "Nageteld met Anna.")
    page.click("button:text-is('Corrigeren')")
    expect(page.locator(".notice--done")).to_contain_text("De bibliotheek ziet wat er stond")
    assert answers_of(world.submission)["vrijwilligers", ""].source == "kb"
    page.goto(desk)
    expect(page.locator("main")).to_contain_text(re.compile("gewijzigd na controle", re.IGNORECASE))
    page.click(".decide form button >> nth=0")
    expect(page.locator(".notice--done")).to_contain_text(
        "De wijziging in Personeel van Bibliotheek 1 is goedgekeurd."
    )
    context.clear_cookies()
    log_in(page, world.anna)
    page.goto(f"{live_server.url}/levering/{YEAR}/{world.library.isil}/")
    expect(page.locator(".corrected-notice")).to_contain_text("van 1 naar 2, omdat: Nageteld met Anna.")
    context.close()
