"""Approving and returning from the KB's pages: one list, many at once, and what a page of before may do."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys.actions.answers import Entry, Gate, save_answers
from surveys.actions.submissions import approve, begin, send_back, submit
from surveys.models import Organisation, Submission, Transition, User
from surveys.queries.answers import answers_of
from surveys.values import Value
from surveys.workflow import Role
from tests.actions.test_bounds import move
from tests.factories import (
    YEAR,
    complete,
    explain_all,
    give,
    make_library,
    make_poi,
    make_user,
    seen_at,
    submission_of,
    take_part,
)

pytestmark = pytest.mark.django_db
TABLE = f"/kb/{YEAR}/"


@pytest.fixture
def library() -> Organisation:
    return with_list(1)


def with_list(number: int) -> Organisation:
    """Takes part; its list bezit has been submitted."""
    library = make_library(number, locations=1, poi=make_poi(number))
    take_part(library)
    move(library, "bezit", "submitted", make_user(Role.LIBRARY, library, name=f"Anna {number}"))
    return library


@pytest.fixture
def noor() -> User:
    return make_user(Role.KB, name="Noor Wessenaar")


@pytest.fixture
def kb(noor: User) -> Client:
    return as_user(noor)


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, library: Organisation, questionnaire: str = "bezit") -> str:
    return reverse(name, args=[YEAR, library.isil, questionnaire])


def state(library: Organisation, questionnaire: str = "bezit") -> str:
    return submission_of(library, questionnaire).state


def seen(library: Organisation, questionnaire: str = "bezit") -> int:
    return seen_at(submission_of(library, questionnaire))


def mistake(library: Organisation) -> None:
    """More hours with staff than hours open."""
    isil = library.locations.get().isil
    give(submission_of(library, "bezit"), {("uren_open", isil): 20, ("uren_bemand", isil): 25})


def test_a_submitted_list_is_approved(kb: Client, library: Organisation) -> None:
    page = kb.get(url("review_submission", library))
    assert f'action="{url("approve", library)}"' in page.text
    data = {"gezien": page.context["seen"]}
    page = kb.post(url("approve", library), data, follow=True)
    assert page.redirect_chain == [(url("review_submission", library), 302)]
    assert "Bezit van Bibliotheek 1 is goedgekeurd." in page.text
    assert f'action="{url("approve", library)}"' not in page.text
    assert f'action="{url("send_back", library)}"' in page.text
    assert state(library) == "approved"
    assert "is goedgekeurd." in kb.post(url("approve", library), data, follow=True).text
    assert Transition.objects.filter(step="approve").count() == 1


def test_what_is_open_is_told_instead_of_a_button(kb: Client, library: Organisation, noor: User) -> None:
    move(library, "bezit", "returned", noor)
    assert (
        "Goedkeuren kan zodra de bibliotheek deze lijst indient."
        in kb.get(url("review_submission", library)).text
    )
    mistake(library)
    move(library, "bezit", "submitted", noor)
    page = kb.get(url("review_submission", library))
    assert "Er staat nog 1 fout open." in page.text
    assert f'action="{url("approve", library)}"' not in page.text
    page = kb.post(url("approve", library), {"gezien": seen(library)}, follow=True)
    assert "Er staat nog 1 fout open. Er is niets goedgekeurd." in page.text
    assert state(library) == "submitted"


def test_a_poi_reads_the_state_and_decides_nothing(library: Organisation) -> None:
    page = as_user(make_user(Role.POI, library.poi)).get(url("review_submission", library))
    assert "ingediend" in page.text
    assert "Goedkeuren" not in page.text
    assert "Terugsturen" not in page.text
    page = as_user(make_user(Role.POI, library.poi)).get(TABLE, {"vragenlijst": "bezit"})
    assert "checkbox" not in page.text


def test_a_list_goes_back_with_a_reason(kb: Client, library: Organisation) -> None:
    data = {"gezien": seen(library), "reden": "  Kijk het aantal leden na. "}
    page = kb.post(url("send_back", library), data, follow=True)
    assert "Bezit van Bibliotheek 1 is teruggestuurd." in page.text
    assert "<q>Kijk het aantal leden na.</q>" in page.text
    assert state(library) == "returned"
    kb.post(url("send_back", library), data)
    assert Transition.objects.filter(step="return").count() == 1


@pytest.mark.parametrize("reason", ["", "  ", "Nee"])
def test_a_reason_takes_a_few_words(kb: Client, library: Organisation, reason: str) -> None:
    page = kb.post(url("send_back", library), {"gezien": seen(library), "reden": reason})
    assert page.status_code == 422
    assert "Schrijf in een paar woorden wat de bibliotheek moet nakijken." in page.text
    assert f"{reason.strip()}</textarea>" in page.text
    assert state(library) == "submitted"


def test_a_page_of_before_tells_what_happened_and_keeps_the_words(
    kb: Client, library: Organisation, noor: User
) -> None:
    stale = seen(library)
    approve(submission=submission_of(library, "bezit"), by=make_user(Role.KB, name="Kees Berg"), seen=stale)
    page = kb.post(url("approve", library), {"gezien": stale}, follow=True)
    assert "Kees Berg keurde deze lijst om" in page.text
    assert "Er is niets goedgekeurd." in page.text
    page = kb.post(url("send_back", library), {"gezien": stale, "reden": "Kijk dit na."})
    assert page.status_code == 409
    assert "Kees Berg keurde deze lijst om" in page.text
    assert "Kijk dit na.</textarea>" in page.text
    assert f'name="gezien" value="{seen(library)}"' in page.text
    assert state(library) == "approved"
    send_back(submission=submission_of(library, "bezit"), by=noor, reason="Nog iets.", seen=seen(library))
    page = kb.post(url("send_back", library), {"gezien": stale, "reden": "Kijk dit na."})
    assert page.status_code == 409
    assert "Uw reden is niet verstuurd: <q>Kijk dit na.</q>" in page.text
    assert page.text.count('name="reden"') == 0


@pytest.mark.parametrize("number", ["", "x", "-1", "²", "9" * 30])
def test_a_page_that_names_no_step_decides_nothing(kb: Client, library: Organisation, number: str) -> None:
    kb.post(url("approve", library), {"gezien": number})
    data = {"gezien": number, "reden": "Kijk dit na."}
    assert kb.post(url("send_back", library), data).status_code == 409
    assert state(library) == "submitted"


def test_the_profile_stays_while_lists_rest_on_it(kb: Client, library: Organisation, noor: User) -> None:
    move(library, "profiel", "submitted", noor)
    page = kb.get(url("review_submission", library, "profiel"))
    assert "Bezit is al ingediend en berust op dit profiel." in page.text
    assert 'name="reden"' not in page.text
    data = {"gezien": seen(library, "profiel"), "reden": "Kijk dit na."}
    page = kb.post(url("send_back", library, "profiel"), data)
    assert page.status_code == 409
    assert "Stuur eerst deze lijst terug en daarna het profiel. Er is niets teruggestuurd." in page.text
    assert state(library, "profiel") == "submitted"


def test_the_library_reads_why_until_it_submits_again(kb: Client, noor: User) -> None:
    library = make_library(5, locations=1)
    take_part(library)
    anna = make_user(Role.LIBRARY, library)
    complete(submission_of(library, "profiel"), {"gecombineerd": "nee"})
    submit(submission=submission_of(library, "profiel"), by=anna)
    kb.post(
        url("send_back", library, "profiel"), {"gezien": seen(library, "profiel"), "reden": "Kijk dit na."}
    )
    home = reverse("delivery_home", args=[YEAR, library.isil])
    section = reverse("section", args=[YEAR, library.isil, "profiel", "organisatie"])
    for expected in ("returned", "in_progress"):
        assert state(library, "profiel") == expected
        for place in (home, section):
            page = as_user(anna).get(place)
            assert "Noor Wessenaar (KB) schreef op" in page.text
            assert page.text.count("<q>Kijk dit na.</q>") == 1
        begin(submission=submission_of(library, "profiel"), by=anna)
    submit(submission=submission_of(library, "profiel"), by=anna)
    for place in (home, section):
        assert "Kijk dit na." not in as_user(anna).get(place).text


def boxes(client: Client, **query: str) -> list[str]:
    page = client.get(TABLE, {"vragenlijst": "bezit", **query})
    return [box for *_, box in page.context["lines"] if box]


def test_boxes_stand_at_submitted_lists_of_the_chosen_questionnaire(
    kb: Client, library: Organisation, noor: User
) -> None:
    other = with_list(2)
    approve(submission=submission_of(other, "bezit"), by=noor, seen=seen(other))
    assert "checkbox" not in kb.get(TABLE).text
    page = kb.get(TABLE, {"vragenlijst": "bezit"})
    assert page.text.count('<input type="checkbox" name=') == 1
    assert " checked" not in page.text
    all_url = page.context["all_url"]
    assert all_url == "?vragenlijst=bezit&kies=alle"
    assert kb.get(TABLE + all_url).text.count(" checked>") == 1
    assert "geen ingediende lijst" in kb.get(TABLE, {"vragenlijst": "personeel"}).text


CHOOSE = f"{TABLE}goedkeuren/bezit/"
CONFIRM = f"{CHOOSE}bevestigen/"


def test_many_at_once_with_what_stays_and_why(kb: Client, library: Organisation, noor: User) -> None:
    libraries = [library, *(with_list(number) for number in (2, 3, 4))]
    chosen = boxes(kb)
    assert len(chosen) == 4
    mistake_of(libraries[1])
    send_back(
        submission=submission_of(libraries[2], "bezit"), by=noor, reason="Kijk na.", seen=seen(libraries[2])
    )
    chosen.append("NL-onbekend.3")
    page = kb.post(CHOOSE, {"kies": chosen, "terug": "vragenlijst=bezit&provincie=Drenthe&kies=alle"})
    assert [one.organisation.name for one, _ in page.context["ready"]] == ["Bibliotheek 1", "Bibliotheek 4"]
    held = {one.organisation.name: one.obstacle for one in page.context["held"]}
    assert held["Bibliotheek 2"] == "Er staat nog 1 fout open."
    assert held["Bibliotheek 3"].startswith("Noor Wessenaar stuurde deze lijst om ")
    assert "2 lijsten goedkeuren" in page.text
    assert Transition.objects.filter(step="approve").count() == 0

    kees = make_user(Role.KB, name="Kees Berg")
    approve(submission=submission_of(libraries[3], "bezit"), by=kees, seen=seen(libraries[3]))
    ready = [box for _, box in page.context["ready"]]
    for _ in range(2):  # also by a double click
        done = kb.post(CONFIRM, {"kies": ready, "terug": page.context["back"]}, follow=True)
        assert done.redirect_chain == [(f"{TABLE}?vragenlijst=bezit&provincie=Drenthe", 302)]
        assert "Bezit is goedgekeurd van 1 organisatie: Bibliotheek 1." in done.text
        assert "Bibliotheek 4 is niet goedgekeurd. Kees Berg keurde deze lijst om" in done.text
    assert [state(one) for one in libraries] == ["approved", "submitted", "returned", "approved"]
    assert Transition.objects.filter(step="approve").count() == 2


@pytest.mark.parametrize("place", [CHOOSE, CONFIRM])
def test_what_was_changed_since_without_a_step_is_looked_at_first(
    kb: Client, library: Organisation, noor: User, place: str
) -> None:
    chosen = boxes(kb)
    code = "leden_jeugd"
    save_answers(
        submission=submission_of(library, "bezit"),
        entries=[Entry(code, "", Value.of(3), answers_of(submission_of(library, "bezit")).get((code, "")))],
        by=noor,
        source="kb",
        gate=Gate.CORRECTING,
    )
    page = kb.post(place, {"kies": chosen}, follow=True)
    assert "Een antwoord is intussen gewijzigd. Kijk de lijst nog eens na." in page.text
    assert state(library) == "submitted"
    kb.post(CONFIRM, {"kies": boxes(kb)})
    assert state(library) == "approved"


def mistake_of(library: Organisation) -> None:
    """Found since it was submitted."""
    Submission.objects.filter(pk=submission_of(library, "bezit").pk).update(
        state="in_progress", submitted_at=None, submitted_by=None
    )
    mistake(library)
    by = User.objects.earliest("pk")
    Submission.objects.filter(pk=submission_of(library, "bezit").pk).update(
        state="submitted", submitted_at=by.date_joined, submitted_by=by
    )


def test_what_was_submitted_again_is_looked_at_first(kb: Client, library: Organisation, noor: User) -> None:
    chosen = boxes(kb)
    for to in ("returned", "submitted"):
        move(library, "bezit", to, noor)
    [held] = kb.post(CHOOSE, {"kies": chosen}).context["held"]
    assert "Noor Wessenaar diende deze lijst om" in held.obstacle


def test_nothing_chosen(kb: Client, library: Organisation) -> None:
    assert "U hebt niets gekozen" in kb.post(CHOOSE).text
    done = kb.post(CONFIRM, {"terug": "//elders.example?a=1"})
    assert done["Location"].startswith(f"{TABLE}?")


def test_no_such_list(kb: Client, library: Organisation) -> None:
    assert kb.post(f"{TABLE}goedkeuren/quiz/").status_code == 404
    assert kb.post("/kb/1999/goedkeuren/bezit/").status_code == 404


def test_a_form_of_elsewhere_is_refused(library: Organisation, noor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(noor)
    for place in (url("approve", library), url("send_back", library), CHOOSE, CONFIRM):
        assert client.post(place, {"kies": boxes(client), "gezien": seen(library)}).status_code == 403
    assert state(library) == "submitted"


def test_queries_do_not_grow_with_organisations(kb: Client, library: Organisation) -> None:
    tables, choices = [], []
    kb.get(TABLE)
    for numbers in ((), (2, 3), (4, 5, 6, 7)):
        for number in numbers:
            with_list(number)
        boxes(kb)  # what is remembered is computed
        with CaptureQueriesContext(connection) as queries:
            chosen = boxes(kb)
        tables.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            page = kb.post(CHOOSE, {"kies": chosen})
        choices.append(len(queries))
    assert len(page.context["ready"]) == 7
    assert tables[0] == tables[1] == tables[2] <= 16
    assert choices[0] == choices[1] == choices[2] <= 20


def test_an_explained_signal_is_in_nobodys_way(kb: Client) -> None:
    """And the page for many tells the same as the page of the one."""
    library = make_library(8, locations=1)
    take_part(library, YEAR - 1)
    take_part(library)
    give(submission_of(library, "bezit", YEAR - 1), {"leden_jeugd": 4000})
    give(submission_of(library, "bezit"), {"leden_jeugd": 2000})
    anna = make_user(Role.LIBRARY, library)

    def told() -> tuple[str, list[str]]:
        page = kb.get(url("review_submission", library))
        choice = kb.post(CHOOSE, {"kies": boxes(kb)}).context
        return page.context["obstacle"], [one.obstacle for one in choice["held"]]

    explained = submission_of(library, "bezit")
    move(library, "bezit", "submitted", anna)
    why, held = told()
    assert "zonder uitleg" in why
    assert held == [why]
    move(library, "bezit", "returned", anna)
    explain_all(explained, anna)
    move(library, "bezit", "submitted", anna)
    assert told() == ("", [])
    [(one, _)] = kb.post(CHOOSE, {"kies": boxes(kb)}).context["ready"]
    assert one.explained > 0


BY_WEIGHT = "?volgorde=belang"


@pytest.mark.parametrize("step", ["take", "approve", "send_back"])
def test_the_order_by_weight_survives_each_step(kb: Client, library: Organisation, step: str) -> None:
    page = kb.get(url("review_submission", library) + BY_WEIGHT)
    place = url(step, library) + BY_WEIGHT
    assert f'action="{place}"' in page.text
    data = {"gezien": page.context["seen"], "reden": "Kijk dit na", "vanaf": "lijst"}
    page = kb.post(place, data, follow=True)
    assert page.redirect_chain == [(url("review_submission", library) + BY_WEIGHT, 302)]
    assert page.context["by_weight"]


def test_a_return_without_a_reason_keeps_the_order_by_weight(kb: Client, library: Organisation) -> None:
    page = kb.post(url("send_back", library) + BY_WEIGHT, {"gezien": seen(library), "reden": ""})
    assert page.status_code == 422
    assert f'action="{url("send_back", library)}{BY_WEIGHT}"' in page.text


def test_an_answer_leads_back_to_the_list_in_the_same_order(kb: Client, library: Organisation) -> None:
    listed = url("review_submission", library)
    [_, link, *_] = kb.get(listed + BY_WEIGHT).text.split(f'href="{listed}antwoord/')
    address = link.partition('"')[0]
    assert address.endswith(BY_WEIGHT)
    assert f'href="{listed}{BY_WEIGHT}#' in kb.get(f"{listed}antwoord/{address}").text


def test_after_an_approval_the_next_one_is_offered(kb: Client, library: Organisation) -> None:
    following = make_library(2)
    take_part(following)
    page = kb.post(url("approve", library), {"gezien": seen(library)}, follow=True)
    link = f'<a href="{url("review_submission", following)}">Volgende: {following.name}</a>'
    assert f"is goedgekeurd. {link}" in page.text
