"""A signal, from the field at which it comes to the explanation that the KB reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from surveys.models import Event, Explanation, Organisation, User
from surveys.queries.answers import values_of
from surveys.values import Value
from surveys.workflow import Role
from tests.factories import YEAR, give, make_library, make_user, submission_of, take_part

LogIn = Callable[[Page, User], None]
Violations = Callable[[Page], list[str]]

VISITS = "#s-verdwenen_bezoeken_bezoeken_website"
YOUNG, ADULT = "#s-sprong_leden_leden_jeugd", "#s-sprong_leden_leden_volwassen"
SOFTWARE = "#s-sprong_bedrag_kosten_automatisering"


@pytest.fixture
def library() -> Organisation:
    library = make_library(locations=2)
    take_part(library, YEAR - 1)
    take_part(library)
    before = {"bezoeken_website": 65_000, "leden_jeugd": 4000, "leden_volwassen": 6000}
    give(submission_of(library, "bezit", YEAR - 1), before)
    give(submission_of(library, "financieel", YEAR - 1), {"kosten_automatisering": 131_000})
    return library


@pytest.fixture
def anna(library: Organisation) -> User:
    return make_user(Role.LIBRARY, library, name="Anna Bos")


@pytest.fixture
def go(
    live_server: LiveServer, library: Organisation, page: Page, anna: User, log_in: LogIn
) -> Callable[..., None]:
    log_in(page, anna)

    def go(path: str) -> None:
        page.goto(f"{live_server.url}/levering/{YEAR}/{library.isil}/{path}")

    return go


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, locale="nl-NL")
    yield context.new_page()
    context.close()


def members(library: Organisation) -> None:
    give(submission_of(library, "bezit"), {"leden_jeugd": 2000, "leden_volwassen": 3000})


def test_a_signal_comes_with_the_save_and_is_explained_on_the_spot(
    page: Page, go: Callable, violations: Violations
) -> None:
    go("bezit/deel/website/")
    page.fill("#f-bezoeken_website", "0")
    page.press("#f-bezoeken_website", "Tab")
    expect(page.locator(VISITS)).to_contain_text("is 0, vorig jaar 65.000")
    expect(page.locator("#s-bezoeken_website")).to_have_text("opgeslagen, met signaal")
    expect(page.locator("#q-bezoeken_website")).to_have_class("q q--warning")
    page.click(f"{VISITS} summary")
    assert violations(page) == []
    page.click("text=Bewaar uitleg")
    expect(page.locator(VISITS)).to_contain_text("Kies een reden.")
    expect(page.locator(f"{VISITS} select")).to_be_focused()
    assert violations(page) == []
    page.select_option(f"{VISITS} select", "telling")
    page.fill(f"{VISITS} textarea", "De teller van de website was stuk.")
    page.click("text=Bewaar uitleg")
    expect(page.locator(VISITS)).to_contain_text("Toegelicht")
    expect(page.locator(VISITS)).to_be_focused()
    expect(page.locator("#s-bezoeken_website")).to_have_text("opgeslagen")
    expect(page.locator("#q-bezoeken_website")).to_have_class("q")
    expect(page.locator("#rail-check")).to_have_text("geen open signalen")
    [given] = Explanation.objects.all()
    assert (given.text, given.by.name) == ("De teller van de website was stuk.", "Anna Bos")
    assert violations(page) == []


def test_typing_a_reason_saves_no_answer_and_outlives_the_save_of_a_neighbour(
    page: Page, go: Callable, library: Organisation
) -> None:
    members(library)
    go("bezit/deel/leden/")
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if "antwoord" in one.url else None)
    page.click(f"{YOUNG} summary")
    page.select_option(f"{YOUNG} select", "beleid")
    page.fill(f"{YOUNG} textarea", "Wij stopten met")
    assert sent == []
    page.fill("#f-leden_jeugd", "2.100")  # its own figure, so that its signal comes anew
    page.press("#f-leden_jeugd", "Tab")
    expect(page.locator(YOUNG)).to_contain_text("is 2.100, vorig jaar 4.000")
    expect(page.locator(f"{YOUNG} select")).to_have_value("beleid")
    expect(page.locator(f"{YOUNG} textarea")).to_have_value("Wij stopten met")
    expect(page.locator(f"{YOUNG} textarea")).to_be_visible()


def test_the_short_word_in_a_table_leads_to_the_whole_signal(page: Page, go: Callable) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    go("bezit/deel/leden/")
    page.fill("#f-leden_jeugd", "2000")
    page.press("#f-leden_jeugd", "Tab")
    short = page.locator("#m-leden_jeugd a")
    expect(short).to_contain_text("groot verschil")
    expect(page.locator(YOUNG)).to_contain_text("50% minder")
    short.click()
    expect(page.locator(YOUNG)).to_be_in_viewport()
    page.fill("#f-leden_jeugd", "4001")
    page.press("#f-leden_jeugd", "Tab")
    expect(page.locator(YOUNG)).to_have_count(0)
    expect(page.locator(".table-signals")).to_be_hidden()


def test_a_slip_is_undone_with_one_button(page: Page, go: Callable, library: Organisation) -> None:
    go("financieel/deel/kosten/")
    page.fill("#f-kosten_automatisering", "130.000.000")
    page.press("#f-kosten_automatisering", "Tab")
    page.click("text=Herstel: Duizend keer te veel")
    expect(page.locator("#f-kosten_automatisering")).to_have_value("130.000")
    expect(page.locator(".notice")).to_contain_text("Hersteld: ‘Automatisering’ is nu 130.000.")
    expect(page.locator("#f-kosten_automatisering")).to_be_focused()
    expect(page.locator(SOFTWARE)).to_have_count(0)
    key = ("kosten_automatisering", "")
    assert values_of(submission_of(library, "financieel"))[key] == Value.of(130_000)


def test_an_explanation_that_could_not_be_sent_says_so(
    page: Page, go: Callable, library: Organisation
) -> None:
    members(library)
    go("bezit/deel/leden/")
    page.click(f"{YOUNG} summary")
    page.fill(f"{YOUNG} textarea", "Wij stopten met een actie.")

    def abort(route: Route) -> None:
        route.abort()

    page.route("**/verklaren/", abort)
    page.click(f"{YOUNG} >> text=Bewaar uitleg")
    expect(page.locator(f"{YOUNG} .explain-state")).to_have_text("Niet bewaard. Probeer het nog eens.")
    expect(page.locator(f"{YOUNG} textarea")).to_have_value("Wij stopten met een actie.")


def test_signals_are_answered_one_after_the_other(
    page: Page, go: Callable, library: Organisation, violations: Violations
) -> None:
    members(library)
    go("bezit/controleren/")
    expect(page.locator(".lead")).to_contain_text("Bij 2 signalen vragen wij u")
    page.fill(f"{ADULT} textarea", "Hier was ik nog mee bezig")
    page.select_option(f"{YOUNG} select", "beleid")
    page.fill(f"{YOUNG} textarea", "Wij stopten met een actie.")
    page.click(f"{YOUNG} >> text=Bewaar uitleg")
    expect(page.locator("#verder")).to_contain_text("Uitleg bewaard bij ‘Jeugd")
    expect(page.locator("#verder")).to_be_focused()
    expect(page.locator("#verder + article")).to_have_id(ADULT.removeprefix("#"))
    expect(page.locator(f"{ADULT} textarea")).to_have_value("Hier was ik nog mee bezig")
    assert violations(page) == []
    page.select_option(f"{ADULT} select", "beleid")
    page.click(f"{ADULT} >> text=Bewaar uitleg")
    expect(page.locator(".check-empty")).to_contain_text("klopt of is toegelicht.")
    page.click("text=Toegelicht (2)")
    expect(page.locator(YOUNG)).to_contain_text("Wij stopten met een actie.")
    assert violations(page) == []


def test_the_keyboard_is_enough(page: Page, go: Callable, library: Organisation) -> None:
    members(library)
    go("bezit/controleren/")
    page.focus(f"{YOUNG} select")
    page.keyboard.type("ander b")
    page.keyboard.press("Tab")
    page.keyboard.type("Wij stopten met een actie.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#verder")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(f"{ADULT} h3 a")).to_be_focused()
    assert Explanation.objects.get().reason == "beleid"


def test_one_event_answers_all_that_it_explains(
    page: Page, go: Callable, library: Organisation, violations: Violations
) -> None:
    members(library)
    go("bezit/controleren/")
    page.click(".page-aside >> text=Gebeurtenissen")
    page.select_option("#id_soort", "verbouwing")
    page.fill("#id_omschrijving", "Hoofdvestiging half open.")
    page.fill("#id_van", f"februari {YEAR}")
    page.fill("#id_tot", f"augustus {YEAR}")
    page.click("text=Gebeurtenis toevoegen >> nth=-1")
    boxes = page.locator("input[name=signalen]")
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        expect(box).to_be_checked()
    assert violations(page) == []
    page.click("text=Beantwoord wat is aangekruist")
    expect(page.locator(".notice--done")).to_contain_text("2 signalen beantwoord")
    expect(page.locator(".timeline")).to_contain_text("Beantwoordt 2 signalen")
    assert Explanation.objects.filter(event=Event.objects.get()).count() == 2
    page.set_viewport_size({"width": 320, "height": 800})
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_without_javascript_the_same_is_done_on_its_page(
    live_server: LiveServer, plain_page: Page, library: Organisation, anna: User, log_in: LogIn
) -> None:
    page = plain_page
    members(library)
    give(submission_of(library, "financieel"), {"kosten_automatisering": 130_000_000})
    log_in(page, anna)
    page.goto(f"{live_server.url}/levering/{YEAR}/{library.isil}/bezit/deel/leden/")
    expect(page.locator(f"{YOUNG} button").first).to_be_hidden()
    page.click(f"{YOUNG} >> text=Uitleggen")
    expect(page.locator("h1")).to_have_text("Bezit controleren")
    page.fill(f"{YOUNG} textarea", "ja")
    page.click(f"{YOUNG} >> text=Bewaar uitleg")
    expect(page.locator(YOUNG)).to_contain_text("Leg in een paar woorden uit")
    page.select_option(f"{YOUNG} select", "beleid")
    page.fill(f"{YOUNG} textarea", "Wij stopten met een actie.")
    page.click(f"{YOUNG} >> text=Bewaar uitleg")
    expect(page.locator("#verder")).to_contain_text("Uitleg bewaard")
    page.goto(f"{live_server.url}/levering/{YEAR}/{library.isil}/financieel/controleren/")
    page.click("text=Herstel: Duizend keer te veel")
    expect(page.locator("#verder")).to_contain_text("Hersteld: ‘Automatisering’ is nu 130.000.")
    assert Explanation.objects.get().text == "Wij stopten met een actie."


def test_a_signal_that_comes_does_not_stand_in_the_way_of_the_next_figure(
    page: Page, go: Callable, library: Organisation
) -> None:
    go("bezit/deel/leden/")
    page.focus("#f-leden_jeugd")
    page.keyboard.type("2000")
    page.keyboard.press("Tab")
    expect(page.locator("#m-leden_jeugd a")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#f-leden_jeugd")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#f-leden_nieuw_jeugd")).to_be_focused()
