"""Filling in, as the colleague at the desk does it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from surveys.actions.answers import Entry, save_answers
from surveys.models import Organisation, Source, User
from surveys.queries.answers import answers_of, values_of
from surveys.values import Value
from surveys.workflow import Role
from tests.factories import YEAR, complete, give, make_library, make_user, submission_of, take_part

COMBINED = {"gecombineerd": "ja", "gedeelde_cijfers": "ja"}
LogIn = Callable[[Page, User], None]


def visits(number: int) -> dict[tuple[str, str], int]:
    """All at the first location, none at the second."""
    return {
        ("bezoeken_locatie", "NL-08000011001"): number,
        ("bezoeken_locatie", "NL-08000011002"): 0,
    }


@pytest.fixture
def library() -> Organisation:
    library = make_library(locations=2)
    take_part(library, YEAR - 1)
    take_part(library)
    return library


@pytest.fixture
def anna(library: Organisation) -> User:
    return make_user(Role.LIBRARY, library, name="Anna Bos")


@pytest.fixture
def go(
    live_server: LiveServer, library: Organisation, page: Page, anna: User, log_in: LogIn
) -> Callable[..., None]:
    """Opens a page below the library's list, as Anna."""
    log_in(page, anna)

    def go(path: str) -> None:
        page.goto(f"{live_server.url}/levering/{YEAR}/{library.isil}/{path}")

    return go


def test_a_figure_is_saved_as_the_field_is_left(page: Page, go: Callable, library: Organisation) -> None:
    give(submission_of(library, "bezit", YEAR - 1), {"leden_jeugd": 1000})
    go("bezit/deel/leden/")
    page.fill("#f-leden_jeugd", "1.100")
    expect(page.locator("#s-leden_jeugd")).to_have_text("nog niet opgeslagen")
    expect(page.locator("#d-leden_jeugd")).to_have_text("+100 (+10%)")
    expect(page.locator("#o-leden")).to_have_text("1.100")
    page.press("#f-leden_jeugd", "Tab")
    expect(page.locator("#s-leden_jeugd")).to_have_text("opgeslagen")
    assert values_of(submission_of(library, "bezit"))["leden_jeugd", ""] == Value.of(1100)


def test_letters_in_a_number_stay_in_the_field(page: Page, go: Callable, library: Organisation) -> None:
    go("bezit/deel/leden/")
    page.fill("#f-leden_jeugd", "duizend")
    page.press("#f-leden_jeugd", "Tab")
    expect(page.locator("#m-leden_jeugd")).to_contain_text("‘duizend’ is geen getal.")
    expect(page.locator("#f-leden_jeugd")).to_have_value("duizend")
    expect(page.locator("#f-leden_jeugd")).to_have_attribute("aria-invalid", "true")
    assert answers_of(submission_of(library, "bezit")) == {}
    page.fill("#f-leden_jeugd", "1000")
    page.press("#f-leden_jeugd", "Tab")
    expect(page.locator("#s-leden_jeugd")).to_have_text("opgeslagen")
    expect(page.locator("#m-leden_jeugd")).to_have_text("")


def test_a_refused_text_keeps_its_message_when_a_neighbour_is_saved(
    page: Page, go: Callable, library: Organisation
) -> None:
    go("bezit/deel/leden_leeftijd/")
    page.fill("#f-leden_0_3", "tien")
    page.press("#f-leden_0_3", "Tab")
    expect(page.locator("#m-leden_0_3")).to_contain_text("‘tien’ is geen getal.")
    page.fill("#f-leden_4_8", "5")
    page.press("#f-leden_4_8", "Tab")
    expect(page.locator("#s-leden_4_8")).to_have_text("opgeslagen")
    expect(page.locator("#m-leden_0_3")).to_contain_text("‘tien’ is geen getal.")


def test_typing_goes_on_while_an_answer_is_on_its_way(
    page: Page, go: Callable, library: Organisation
) -> None:
    """The response never swaps a field: what is typed meanwhile stays, in this field and in the next."""
    go("bezit/deel/leden/")
    held: list[Route] = []
    page.route("**/antwoord/", lambda route: held.append(route), times=1)
    page.fill("#f-leden_jeugd", "100")
    page.press("#f-leden_jeugd", "Tab")
    page.press("#f-leden_jeugd", "End")
    page.locator("#f-leden_jeugd").press_sequentially("0")
    page.locator("#f-leden_volwassen").press_sequentially("12345")
    for route in held:
        route.continue_()
    expect(page.locator("#s-leden_jeugd")).to_have_text("opgeslagen")
    expect(page.locator("#f-leden_volwassen")).to_have_value("12345")
    assert values_of(submission_of(library, "bezit"))["leden_jeugd", ""] == Value.of(1000)


def test_a_figure_and_its_mark_in_one_breath_are_no_conflict(
    page: Page, go: Callable, library: Organisation
) -> None:
    """They stand apart on the page, but wait for each other."""
    go("bezit/deel/leden/")
    page.click("text=Schattingen en notities bij deze tabel")
    held: list[Route] = []
    page.route("**/antwoord/", lambda route: held.append(route), times=1)
    page.fill("#f-leden_jeugd", "100")
    page.press("#f-leden_jeugd", "Tab")
    page.check("#r-leden_jeugd input[name='leden_jeugd~e']")
    for route in held:
        route.continue_()
    expect(page.locator("#s-leden_jeugd")).to_have_text("opgeslagen")
    expect(page.locator("#m-leden_jeugd")).to_have_text("")
    page.reload()
    expect(page.locator("#r-leden_jeugd input[name='leden_jeugd~e']")).to_be_checked()
    [stored] = answers_of(submission_of(library, "bezit")).values()
    assert (stored.value, stored.is_estimate) == (Value.of(100), True)


def test_the_split_shows_at_once_what_belongs_to_the_library(
    page: Page, go: Callable, library: Organisation
) -> None:
    give(submission_of(library, "profiel"), COMBINED)
    give(submission_of(library, "bezit"), visits(35_000))
    go("bezit/deel/bezoeken/")
    expect(page.locator("#q-bezoeken_nb_invoer")).to_be_hidden()
    page.check("#f-bezoeken_nb_zit_erin input[value=ja]")
    page.check("#f-bezoeken_nb_invoer input[value=percentage]")
    page.fill("#f-bezoeken_nb_percentage", "18")
    page.press("#f-bezoeken_nb_percentage", "Tab")
    expect(page.locator("#o-bezoeken_niet_bib")).to_have_text("6.300")
    expect(page.locator("#bar-bezoeken")).to_contain_text("bibliotheek 82% · 28.700")
    page.fill("#f-bezoeken_nb_podium", "6.000")
    expect(page.locator("#o-bezoeken_nb_rest")).to_have_text("300")
    page.press("#f-bezoeken_nb_podium", "Tab")
    expect(page.locator("#m-bezoeken_nb_overig")).to_contain_text("(6.000) moet gelijk zijn aan")
    page.fill("#f-bezoeken_nb_overig", "300")
    page.press("#f-bezoeken_nb_overig", "Tab")
    expect(page.locator("#m-bezoeken_nb_overig")).to_have_text("")


def test_a_part_larger_than_its_total_is_told_with_both_figures(
    page: Page, go: Callable, library: Organisation
) -> None:
    give(submission_of(library, "profiel"), COMBINED)
    give(submission_of(library, "bezit"), visits(1000))
    go("bezit/deel/bezoeken/")
    page.check("#f-bezoeken_nb_zit_erin input[value=ja]")
    page.check("#f-bezoeken_nb_invoer input[value=aantal]")
    page.fill("#f-bezoeken_nb_aantal", "1500")
    page.press("#f-bezoeken_nb_aantal", "Tab")
    expect(page.locator("#m-bezoeken_nb_aantal")).to_contain_text("(1.500) kan niet meer zijn dan")
    expect(page.locator("#m-bezoeken_nb_aantal")).to_contain_text("(1.000). Verschil: 500.")


def test_a_lost_line_loses_nothing(
    page: Page, go: Callable, library: Organisation, offline: Callable[[Page], Callable[[], None]]
) -> None:
    go("bezit/deel/leden/")
    mend = offline(page)
    page.fill("#f-leden_jeugd", "777")
    page.press("#f-leden_jeugd", "Tab")
    expect(page.locator("#s-leden_jeugd")).to_have_text("niet opgeslagen, wordt opnieuw geprobeerd")
    mend()
    expect(page.locator("#s-leden_jeugd")).to_have_text("opgeslagen")
    assert values_of(submission_of(library, "bezit"))["leden_jeugd", ""] == Value.of(777)


def test_what_waited_for_the_line_does_not_overrule_a_colleague(
    page: Page, go: Callable, library: Organisation, offline: Callable[[Page], Callable[[], None]]
) -> None:
    """The page comes back with a colleague's answer; what was typed before starts from what was seen then."""
    go("bezit/deel/leden/")
    mend = offline(page)
    page.fill("#f-leden_jeugd", "3000")
    page.press("#f-leden_jeugd", "Tab")
    expect(page.locator("#s-leden_jeugd")).to_have_text("niet opgeslagen, wordt opnieuw geprobeerd")
    bob = make_user(Role.LIBRARY, library, name="Bob de Wit")
    give(submission_of(library, "bezit"), {"leden_jeugd": 2000}, by=bob)
    go("bezit/deel/leden/")
    mend()
    expect(page.locator("#m-leden_jeugd")).to_contain_text("Bob de Wit was u voor en vulde hier in: 2.000")
    expect(page.locator("#f-leden_jeugd")).to_have_value("3000")
    assert values_of(submission_of(library, "bezit"))["leden_jeugd", ""] == Value.of(2000)


def test_an_ended_session_loses_nothing(
    page: Page, go: Callable, library: Organisation, anna: User, log_in: LogIn
) -> None:
    go("bezit/deel/leden/")
    page.context.clear_cookies(name="sessionid")
    page.fill("#f-leden_jeugd", "888")
    page.press("#f-leden_jeugd", "Tab")
    expect(page.locator("#s-leden_jeugd")).to_contain_text("u bent uitgelogd")
    log_in(page, anna)
    go("bezit/deel/leden/")  # the page as it opens after logging in again
    expect(page.locator("#f-leden_jeugd")).to_have_value("888")
    expect(page.locator("#s-leden_jeugd")).to_have_text("opgeslagen")
    assert values_of(submission_of(library, "bezit"))["leden_jeugd", ""] == Value.of(888)


def test_two_colleagues_in_one_field_lose_neither_text(
    page: Page, go: Callable, library: Organisation
) -> None:
    go("bezit/deel/leden/")
    bob = make_user(Role.LIBRARY, library, name="Bob de Wit")
    give(submission_of(library, "bezit"), {"leden_jeugd": 2000}, by=bob)
    page.fill("#f-leden_jeugd", "3000")
    page.press("#f-leden_jeugd", "Tab")
    message = page.locator("#m-leden_jeugd")
    expect(message).to_contain_text("Bob de Wit was u voor en vulde hier in: 2.000")
    expect(page.locator("#f-leden_jeugd")).to_have_value("3000")
    assert values_of(submission_of(library, "bezit"))["leden_jeugd", ""] == Value.of(2000)
    page.click("text=Bewaar mijn antwoord")
    expect(page.locator("#s-leden_jeugd")).to_have_text("opgeslagen")
    assert values_of(submission_of(library, "bezit"))["leden_jeugd", ""] == Value.of(3000)


def test_the_answer_of_a_colleague_can_be_taken_over(page: Page, go: Callable, library: Organisation) -> None:
    go("bezit/deel/leden/")
    give(submission_of(library, "bezit"), {"leden_jeugd": 2000})
    page.fill("#f-leden_jeugd", "3000")
    page.press("#f-leden_jeugd", "Tab")
    page.click("text=Neem het antwoord van mijn collega over")
    expect(page.locator("#s-leden_jeugd")).to_have_text("opgeslagen")
    expect(page.locator("#f-leden_jeugd")).to_have_value("2.000")
    assert values_of(submission_of(library, "bezit"))["leden_jeugd", ""] == Value.of(2000)


def test_unknown_is_an_answer_and_so_is_a_note(page: Page, go: Callable, library: Organisation) -> None:
    go("bezit/deel/website/")
    page.click("#q-bezoeken_website button:has-text('onbekend')")
    expect(page.locator("#s-bezoeken_website")).to_have_text("opgeslagen")
    page.click("#q-bezoeken_website summary:has-text('Schatting')")
    page.fill("#n-bezoeken_website", "De teller was stuk.")
    page.press("#n-bezoeken_website", "Tab")
    expect(page.locator("#s-bezoeken_website")).to_have_text("opgeslagen")
    page.reload()
    expect(page.locator("#f-bezoeken_website")).to_have_value("onbekend")
    expect(page.locator("#n-bezoeken_website")).to_have_value("De teller was stuk.")


def test_a_radio_can_be_cleared(page: Page, go: Callable, library: Organisation) -> None:
    go("profiel/deel/gecombineerde_instelling/")
    page.check("#f-gecombineerd input[value=ja]")
    expect(page.locator("#s-gecombineerd")).to_have_text("opgeslagen")
    page.click("#q-gecombineerd summary:has-text('Schatting')")
    page.check("#q-gecombineerd input[name='gecombineerd~c']")
    expect(page.locator("#s-gecombineerd")).to_have_text("nog leeg")
    expect(page.locator("#f-gecombineerd input:checked")).to_have_count(0)
    assert answers_of(submission_of(library, "profiel")) == {}


def test_the_keyboard_is_enough(page: Page, go: Callable, library: Organisation) -> None:
    go("bezit/deel/leden/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip-link")).to_be_focused()
    page.focus("#f-leden_jeugd")
    for figure in ("10", "3", "2", "20", "5", "4"):
        page.keyboard.type(figure)
        page.keyboard.press("Tab")
    expect(page.locator("#o-leden")).to_have_text("30")
    expect(page.locator("#s-leden_vervallen_volwassen")).to_have_text("opgeslagen")
    page.locator("button[name=next]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Leden naar leeftijd")


def test_a_list_is_brought_to_its_receipt(page: Page, go: Callable, library: Organisation) -> None:
    complete(submission_of(library, "profiel"), {"gecombineerd": "nee"})
    complete(submission_of(library, "bezit"), {"leden_volwassen": 10})
    go("bezit/nog-te-doen/")
    expect(page.locator("text=Eerst het profiel")).to_be_visible()
    go("profiel/nog-te-doen/")
    page.click("text=Profiel vaststellen")
    expect(page.locator("h1")).to_contain_text("Profiel van de organisatie is ingediend")
    go("bezit/nog-te-doen/")
    page.locator(".todo-list a").first.click()  # ten adults, and no age given
    expect(page.locator("h1")).to_have_text("Leden naar leeftijd")
    page.fill("#f-leden_21_64", "10")
    page.press("#f-leden_21_64", "Tab")
    expect(page.locator("#s-leden_21_64")).to_have_text("opgeslagen")
    go("bezit/controleren/")
    while page.locator(
        ".explain-form:visible"
    ).count():  # so few members, visits and pc's: each wants its reason
        page.locator(".explain-form select").first.select_option("anders")
        page.locator(".explain-form textarea").first.fill("Dit is een proef.")
        page.locator(".explain-form button").first.click()
        expect(page.locator("#verder")).to_be_focused()
    page.click("button:has-text('Vragenlijst indienen')")
    expect(page.locator("h1")).to_have_text("Dank u wel, Bezit is ingediend")
    expect(page.locator("main")).to_contain_text("Anna Bos")
    go("bezit/deel/leden/")
    expect(page.locator("text=Alleen lezen")).to_be_visible()
    expect(page.locator("form[data-wsob-form] input[type=text]")).to_have_count(0)


def test_a_closed_list_refuses_a_late_save(
    page: Page, go: Callable, library: Organisation, anna: User
) -> None:
    go("bezit/deel/leden/")
    submission = submission_of(library, "bezit")
    give(submission, {"leden_jeugd": 5}, by=anna)
    stored = answers_of(submission)
    late = Entry("leden_jeugd", "", Value.of(6), stored["leden_jeugd", ""])
    submission.state, submission.submitted_by = "submitted", anna
    submission.submitted_at = stored["leden_jeugd", ""].changed_at
    submission.save()
    saved = save_answers(submission=submission, entries=[late], by=anna, source=Source.FORM.value)
    assert saved.conflicts == [("leden_jeugd", "")]
    assert values_of(submission)["leden_jeugd", ""] == Value.of(5)
