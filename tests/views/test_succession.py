"""The pages of organisations over time, as they work without scripts."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from surveys.actions.succession import record_change
from surveys.models import ChangeKind, Organisation, OrganisationChange, Submission, User
from surveys.queries.succession import Heir, Plan
from surveys.views import saving
from surveys.workflow import Role
from tests.factories import YEAR, give, make_library, make_poi, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db
DAY = date(YEAR, 3, 1)
ONE, TWO = "NL-08000010000", "NL-08000020000"
LIST = "/kb/organisaties/"


@pytest.fixture
def kb() -> User:
    return make_user(Role.KB, name="Noor Wessenaar")


@pytest.fixture
def desk(client: Client, kb: User) -> Client:
    poi = make_poi()
    for number in (1, 2):
        library = make_library(number, poi=poi)
        take_part(library, YEAR - 1, inhabitants=10_000)
        take_part(library, inhabitants=10_000)
        give(
            submission_of(library, "bezit", YEAR - 1),
            {"leden_jeugd": 100 * number, "tarief_volwassenen": 40 + number},
        )
    client.force_login(kb)
    return client


def address(kind: str) -> str:
    return reverse("organisation_change", kwargs={"kind": kind})


MERGER = {
    "dag": f"1-3-{YEAR}",
    "bibliotheek_1": f"Bibliotheek 1 ({ONE})",
    "bibliotheek_2": "bibliotheek 2",
    "naam": "Bibliotheek Samen",
    "isil": "nl-0800099",
    "provincie": "Drenthe",
    "poi": "NL-07000010000",
    "toelichting": "Raadsbesluit.",
}


def test_a_merger_is_previewed_and_then_recorded(desk: Client) -> None:
    preview = desk.post(address("fusie"), MERGER)
    text = preview.content.decode()
    assert preview.status_code == 200
    assert not OrganisationChange.objects.exists()
    for told in (
        "Bibliotheek 1 en Bibliotheek 2 gaan verder als Bibliotheek Samen",
        f"Bibliotheek 1 levert niet meer over {YEAR}.",
        f"Bibliotheek Samen doet mee over {YEAR}, met 20.000 inwoners.",
        "Bibliotheek Samen (NL-0800099) wordt aangemaakt in Drenthe, met POI 1 als POI.",
        "4 vestigingen gaan over",
        "niet op te tellen (Bibliotheek 1 41; Bibliotheek 2 42)",
        'name="bibliotheek_2" value="bibliotheek 2"',
    ):
        assert told in text, told
    done = desk.post(address("fusie"), {**MERGER, "gezien": preview.context["told"].seen}, follow=True)
    assert done.redirect_chain == [(LIST, 302)]
    assert (
        "Vastgelegd: Bibliotheek 1 en Bibliotheek 2 gaan samen verder als Bibliotheek Samen."
        in done.content.decode()
    )
    assert OrganisationChange.objects.get().note == "Raadsbesluit."


def test_what_was_read_must_still_be_what_happens(desk: Client) -> None:
    again = desk.post(address("fusie"), {**MERGER, "gezien": "iets anders"})
    assert "Er is intussen iets veranderd" in again.content.decode()
    assert "gezien" in again.content.decode()
    assert not OrganisationChange.objects.exists()


def test_back_from_the_preview_everything_is_as_it_was_typed(desk: Client) -> None:
    back = desk.post(address("fusie"), {**MERGER, "wijzigen": "ja"})
    assert back.status_code == 200
    assert [back.context["form"][name].value() for name in MERGER] == list(MERGER.values())


@pytest.mark.parametrize(
    ("changed", "field", "text"),
    [
        ({"dag": "31-2-2023"}, "dag", "geen datum"),
        ({"dag": ""}, "dag", "Vul de dag in"),
        ({"bibliotheek_2": "Bibliotheek 1"}, "bibliotheek_1", "kan niet met zichzelf fuseren"),
        ({"bibliotheek_2": "Bestaat niet"}, "bibliotheek_1", "‘Bestaat niet’ is geen bekende bibliotheek"),
        ({"als": ONE}, "als", "niet allebei"),
        ({"isil": TWO}, "als", "is al in gebruik"),
        ({"naam": "", "isil": ""}, "als", "Zeg als welke organisatie"),
    ],
)  # fmt: skip
def test_what_is_refused_stays_in_the_form(desk: Client, changed: dict, field: str, text: str) -> None:
    typed = MERGER | changed
    page = desk.post(address("fusie"), typed)
    assert page.status_code == 422
    form = page.context["form"]
    assert text in " ".join(form.errors[field])
    assert [form[name].value() for name in typed] == list(typed.values())


def test_a_split_asks_first_of_whom_and_then_divides_the_locations(desk: Client) -> None:
    first = desk.get(address("splitsing"))
    assert f'value="Bibliotheek 1 ({ONE})"' in first.content.decode()
    form = desk.get(address("splitsing"), {"van": f"Bibliotheek 1 ({ONE})"}).context["form"]
    assert {name for name in form.fields if name.startswith("naar_")} == {
        "naar_NL-08000011001",
        "naar_NL-08000011002",
    }
    posted = {
        "dag": f"1-3-{YEAR}",
        "bibliotheek": ONE,
        "deel1_als": ONE,
        "deel1_inwoners": "6.000",
        "deel2_naam": "Deel",
        "deel2_isil": "NL-0800099",
        "deel2_provincie": "Drenthe",
        "naar_NL-08000011001": "1",
        "naar_NL-08000011002": "2",
    }
    refused = desk.post(address("splitsing"), posted)
    assert "Vul bij elk deel het aantal inwoners in" in refused.content.decode()
    preview = desk.post(address("splitsing"), {**posted, "deel2_inwoners": "4000"})
    assert "Er staan geen cijfers over" in preview.content.decode()
    seen = preview.context["told"].seen
    desk.post(address("splitsing"), {**posted, "deel2_inwoners": "4000", "gezien": seen})
    assert Organisation.objects.get(isil="NL-0800099").locations.get().isil == "NL-08000011002"


@pytest.mark.parametrize(
    ("kind", "more", "text"),
    [
        ("opheffing", {}, "Bibliotheek 1 houdt op te bestaan."),
        ("naam", {"naam": "De Nieuwe"}, "Bibliotheek 1 heet voortaan De Nieuwe."),
    ],
)
def test_a_closure_and_a_new_name_come_in_the_list(desk: Client, kind: str, more: dict, text: str) -> None:
    posted = {"dag": f"1-3-{YEAR}", "bibliotheek": "Bibliotheek 1", **more}
    seen = desk.post(address(kind), posted).context["told"].seen
    page = desk.post(address(kind), {**posted, "gezien": seen}, follow=True)
    assert text in page.content.decode()
    found = desk.get(LIST, {"zoek": "bibliotheek 1"}).content.decode()
    assert f"1 maart {YEAR}: {text}" in found


def test_a_library_reads_what_became_of_its_participation(desk: Client, kb: User) -> None:
    anna = make_user(Role.LIBRARY, Organisation.objects.get(isil=TWO))
    plan = Plan(ChangeKind.MERGER, DAY, (ONE, TWO), (Heir(ONE),))
    record_change(plan=plan, by=kb)
    desk.force_login(anna)
    page = desk.get(f"/levering/{YEAR}/{TWO}/").content.decode()
    assert f"1 maart {YEAR}: Bibliotheek 2 gaat op in Bibliotheek 1." in page
    assert f'<a href="/levering/{YEAR}/{ONE}/">Bibliotheek 1</a>' in page
    assert desk.get(f"/levering/{YEAR}/{ONE}/").status_code == 200
    posted = {"leden_jeugd": "1", "leden_jeugd~v": "0"}
    assert desk.post(f"/levering/{YEAR}/{TWO}/bezit/antwoord/", posted).status_code == 403
    assert desk.post(f"/levering/{YEAR}/{ONE}/bezit/antwoord/", posted).status_code == 200


def test_the_pages_tell_last_year_of_both(desk: Client, kb: User) -> None:
    record_change(plan=Plan(ChangeKind.MERGER, DAY, (ONE, TWO), (Heir(ONE),)), by=kb)
    desk.force_login(make_user(Role.LIBRARY, Organisation.objects.get(isil=ONE)))
    members = desk.get(f"/levering/{YEAR}/{ONE}/bezit/deel/leden/").content.decode()
    assert f"De cijfers over {YEAR - 1} zijn die van Bibliotheek 1 en Bibliotheek 2 samen." in members
    assert f"{YEAR - 1}: 300" in members
    fees = desk.get(f"/levering/{YEAR}/{ONE}/bezit/deel/tarieven/").content.decode()
    assert f"{YEAR - 1}: niet op te tellen (Bibliotheek 1 41; Bibliotheek 2 42)" in fees


def test_the_list_takes_as_many_queries_for_one_change_as_for_three(desk: Client, kb: User) -> None:
    counts = []
    for number in range(1, 4):
        plan = Plan(ChangeKind.RENAMING, DAY, (make_library(10 + number).isil,), new_name=f"Naam {number}")
        record_change(plan=plan, by=kb)
        if number != 2:
            with CaptureQueriesContext(connection) as taken:
                desk.get(LIST, {"zoek": "Naam"})
            counts.append(len(taken))
    assert counts[0] == counts[1] <= 14


def test_the_preview_tells_first_who_ends_and_counts_people(desk: Client) -> None:
    anna = make_user(Role.LIBRARY, Organisation.objects.get(isil=ONE), name="Anna Bos")
    text = desk.post(address("fusie"), MERGER).text
    lead = text[text.index('<p class="lead">') :]
    assert lead.startswith(
        f'<p class="lead">Bibliotheek 1 ({ONE}) en Bibliotheek 2 ({TWO}) leveren vanaf {YEAR} niet meer.'
    )
    assert "1 persoon krijgt toegang" in text
    assert anna.email in text
    assert "Toon de 4 vestigingen" in text
    assert "U kunt dit niet terugdraaien" in text


@pytest.mark.parametrize(
    ("year", "told", "not_told"),
    [
        (YEAR + 1, "geen antwoorden. Zolang dat zo is", "Aantallen en bedragen zijn opgeteld"),
        (YEAR + 2, f"Er is nog geen vragenlijst over {YEAR + 1}; wat wordt opgeteld", "geen antwoorden"),
    ],
)  # fmt: skip
def test_the_preview_of_a_year_without_a_questionnaire_does_not_contradict_itself(
    desk: Client, monkeypatch: pytest.MonkeyPatch, year: int, told: str, not_told: str
) -> None:
    now = timezone.now().replace(year=year, month=6, day=1)
    monkeypatch.setattr(timezone, "now", lambda: now)
    text = desk.post(address("fusie"), MERGER | {"dag": f"1-3-{year}"}).text
    assert told in text
    assert not_told not in text


def test_the_preview_of_a_year_without_an_edition_counts_by_that_of_before(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(submission_of(Organisation.objects.get(isil=ONE), "bezit"), {"leden_jeugd": 100})
    now = timezone.now().replace(year=YEAR + 1, month=6, day=1)
    monkeypatch.setattr(timezone, "now", lambda: now)
    page = desk.post(address("fusie"), MERGER | {"dag": f"1-3-{YEAR + 1}"})
    assert [one.questionnaire.code for one in page.context["told"].lists] == ["bezit"]


def test_lists_in_the_way_are_told_once_by_library_with_where_to_send_them_back(desk: Client) -> None:
    Submission.objects.filter(participation__round_id=YEAR).update(
        state="submitted", submitted_at=timezone.now(), submitted_by=User.objects.earliest("pk")
    )
    page = desk.post(address("fusie"), MERGER)
    assert page.status_code == 422
    assert page.context["form"].errors == {"dag": [f"Kies een dag na {YEAR}."]}
    for isil in (ONE, TWO):
        assert page.text.count(f'href="/kb/{YEAR}/{isil}/bezit/"') == 1
    assert page.text.count("Stuur eerst terug over") == 2


def test_a_split_tells_all_that_is_wrong_at_once(desk: Client) -> None:
    posted = {
        "dag": f"1-3-{YEAR}", "bibliotheek": ONE, "deel1_als": ONE, "naar_NL-08000011001": "3",
    }  # fmt: skip
    page = desk.post(address("splitsing"), posted)
    assert page.context["form"].errors == {
        "deel1_inwoners": [f"Vul bij elk deel het aantal inwoners in; het doet mee over {YEAR}."],
        "deel2_als": ["Kies een bibliotheek of vul een nieuwe organisatie in."],
        "naar_NL-08000011001": ["Deel 3 is niet ingevuld. Kies een deel dat u hierboven invult."],
        "naar_NL-08000011002": ["Kies bij welk deel deze vestiging hoort."],
    }
    errors = desk.post(address("splitsing"), posted | {"deel2_naam": "Nieuw"}).context["form"].errors
    assert {"deel2_isil", "deel2_provincie", "deel2_inwoners"} < errors.keys()


def test_what_is_found_leads_to_its_newest_year(desk: Client, kb: User) -> None:
    record_change(plan=Plan(ChangeKind.MERGER, DAY, (ONE, TWO), (Heir(ONE),)), by=kb)
    found = desk.get(LIST, {"zoek": "bibliotheek"}).text
    assert f'<a href="/kb/{YEAR}/{ONE}/">Bibliotheek 1</a>' in found
    assert f'<a href="/kb/{YEAR - 1}/{TWO}/">Bibliotheek 2</a>' in found


@pytest.mark.parametrize("address", ["nieuw/splitsing/?van=%00", "?zoek=%00", "nieuw/fusie/?van=%00"])
def test_control_characters_are_no_error_of_ours(desk: Client, address: str) -> None:
    assert desk.get(LIST + address).status_code == 200
    for kind in ("fusie", "splitsing", "opheffing", "naam"):
        posted = {"bibliotheek": "\x00", "bibliotheek_1": "\x00", "dag": "\x00", "gezien": "\x00"}
        assert desk.post(f"{LIST}nieuw/{kind}/", posted).status_code in {200, 422}


@pytest.mark.parametrize("code", ["NL-%00", "x%00", "%0a", "%7f"])
def test_no_code_has_a_control_character(desk: Client, code: str) -> None:
    for place in (f"/kb/{YEAR}/{code}/", f"/kb/{YEAR}/{code}/bezit/", f"/levering/{YEAR}/{code}/bezit/"):
        assert desk.get(place).status_code == 404
    assert desk.get(f"/levering/{YEAR}/{ONE}/bezit/deel/leden/{code}/").status_code == 404


def test_a_save_that_the_end_of_a_participation_passed_is_refused_in_words(
    desk: Client, kb: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = saving.save_answers

    def ended_first(**given: object) -> object:
        record_change(plan=Plan(ChangeKind.CLOSURE, DAY, (TWO,)), by=kb)
        return write(**given)

    monkeypatch.setattr(saving, "save_answers", ended_first)
    desk.force_login(make_user(Role.LIBRARY, Organisation.objects.get(isil=TWO)))
    posted = {"leden_jeugd": "1", "leden_jeugd~v": "0"}
    page = desk.post(f"/levering/{YEAR}/{TWO}/bezit/antwoord/", posted)
    assert page.status_code == 403
    assert "Deze organisatie levert niet meer over dit jaar." in page.text
