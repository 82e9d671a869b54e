"""One organisation at the KB's desk, the contact log, and the contact persons."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from surveys.models import ContactMoment, Organisation, Participation, Round, Submission, User
from surveys.workflow import Role
from tests.factories import YEAR, make_library, make_poi, make_round, make_user, set_window, take_part

pytestmark = pytest.mark.django_db
LOG = f"/kb/{YEAR}/contact/"


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def library() -> Organisation:
    library = make_library(locations=1, poi=make_poi())
    take_part(library)
    return library


@pytest.fixture
def noor() -> User:
    return make_user(Role.KB, name="Noor Wessenaar")


def desk(library: Organisation) -> str:
    return f"/kb/{YEAR}/{library.isil}/"


def moment(library: Organisation, kind: str = "phone", **more: object) -> ContactMoment:
    facts = {"text": "Besproken", "at": timezone.now(), **more}
    participation = Participation.objects.get(organisation=library)
    return ContactMoment.objects.create(participation=participation, kind=kind, **facts)


def test_everything_about_one_library_on_one_page(library: Organisation, noor: User) -> None:
    anna = make_user(Role.LIBRARY, library, name="Anna Bos")
    Submission.objects.filter(questionnaire="bezit").update(contact=anna)
    moment(library, text="Komt vrijdag.", by=noor)
    moment(library, "reminder", subject="Nog niet binnen", text="Beste Anna", recipient=anna, error="550 weg")
    moment(library, "thanks", subject="Bedankt", recipient=anna, sent_at=timezone.now())
    moment(library, "reminder", subject="Onderweg", recipient=anna)
    set_window(Round.objects.get(year=YEAR), "bezit", opens=-30, deadline=-5, last_change=60)
    page = as_user(noor).get(desk(library)).text
    for told in (
        f"mailto:{anna.email}",
        "Komt vrijdag.",
        "550 weg",
        "geweigerd",
        "verstuurd",
        "de mailserver antwoordde nog niet",
        "Uitstel geven",
        "5 dagen te laat",
        "iedereen die mag invullen",
    ):
        assert told in page
    assert page.index("Onderweg") < page.index("Nog niet binnen") < page.index("Komt vrijdag."), (
        "newest first"
    )


def test_a_poi_reads_along(library: Organisation) -> None:
    assert library.poi is not None
    moment(library, text="Komt vrijdag.")
    poi = as_user(make_user(Role.POI, library.poi))
    page = poi.get(desk(library)).text
    assert "Komt vrijdag." in page
    assert "<form" not in page.split("<main")[1]
    assert poi.post(f"{desk(library)}contact/", {"soort": "phone", "tekst": "Gebeld."}).status_code == 403
    assert "Komt vrijdag." in poi.get(LOG).text
    other = make_library(2, poi=make_poi(2))
    take_part(other)
    moment(other, text="Van een ander.")
    assert "Van een ander." not in poi.get(LOG).text
    assert poi.get(desk(other)).status_code == 403


def test_a_call_is_added(library: Organisation, noor: User) -> None:
    kb = as_user(noor)
    response = kb.post(
        f"{desk(library)}contact/", {"soort": "phone", "tekst": "Komt <vrijdag>."}, follow=True
    )
    assert "Komt &lt;vrijdag&gt;." in response.text
    assert "Telefoon toegevoegd aan het contact." in response.text
    assert ContactMoment.objects.get().by == noor
    for data in ({"soort": "phone", "tekst": " "}, {"soort": "thanks", "tekst": "x"}, {"tekst": " . "}):
        assert kb.post(f"{desk(library)}contact/", data).status_code == 422
    assert ContactMoment.objects.count() == 1


@pytest.mark.parametrize("count", [1, 60])
def test_the_page_takes_a_fixed_number_of_queries(
    library: Organisation, noor: User, django_assert_num_queries, count: int
) -> None:
    anna = make_user(Role.LIBRARY, library, name="Anna Bos")
    for _ in range(count):
        moment(library, "reminder", subject="x", recipient=anna, by=noor)
    kb = as_user(noor)
    with django_assert_num_queries(9):
        assert kb.get(desk(library)).text.count("Herinnering</strong>") == min(count, 50)


@pytest.mark.parametrize("count", [1, 3, 1_000])
def test_the_log_takes_a_fixed_number_of_queries(noor: User, django_assert_num_queries, count: int) -> None:
    round_ = make_round()
    libraries = Organisation.objects.bulk_create(
        Organisation(isil=f"NL-09{number:05}0000", name=f"Bibliotheek {number}", province="Drenthe")
        for number in range(count)
    )
    participations = Participation.objects.bulk_create(
        Participation(organisation=one, round=round_) for one in libraries
    )
    ContactMoment.objects.bulk_create(
        ContactMoment(participation=one, kind="phone", text="Besproken", at=timezone.now(), by=noor)
        for one in participations
    )
    kb = as_user(noor)
    with django_assert_num_queries(6):
        page = kb.get(LOG).text
    assert page.count("Besproken") == min(count, 50)
    assert ("pagina=2" in page) is (count > 50)


def test_the_log_is_narrowed_in_the_address(library: Organisation, noor: User) -> None:
    other = make_library(2)
    take_part(other)
    moment(library, text="Gebeld over bezit.")
    moment(other, "reminder", subject="Geweigerd bericht", error="550")
    kb = as_user(noor)
    assert "Gebeld over bezit." in kb.get(f"{LOG}?soort=phone&zoek=bibliotheek+1").text
    refused = kb.get(f"{LOG}?mislukt=on").text
    assert "Geweigerd bericht" in refused
    assert "Gebeld over bezit." not in refused
    assert "Niets gevonden" in kb.get(f"{LOG}?zoek=bestaat+niet").text
    assert "2 contactmomenten" in kb.get(f"{LOG}?soort=onzin&pagina=99").text


def test_pages_keep_what_was_chosen(library: Organisation, noor: User) -> None:
    for number in range(51):
        moment(library, text=f"Gesprek {number}.", at=timezone.now() - timedelta(hours=number))
    kb = as_user(noor)
    page = kb.get(f"{LOG}?soort=phone").text
    assert 'href="?soort=phone&amp;pagina=2"' in page
    older = kb.get(f"{LOG}?soort=phone&pagina=2").text
    assert "Gesprek 50." in older
    assert "Gesprek 49." not in older


CONTACTS = f"/levering/{YEAR}/NL-08000010000/contactpersonen/"


def test_the_library_says_whom_to_turn_to(library: Organisation) -> None:
    anna = make_user(Role.LIBRARY, library, name="Anna Bos")
    bram = make_user(Role.LIBRARY, library, name="Bram Vos", questionnaires="personeel")
    client = as_user(anna)
    page = client.get(CONTACTS).text
    assert page.count("Bram Vos (") == 2, "at the profile and at his own list"
    assert "niet verplicht" not in page
    assert "Terug naar de vragenlijsten over" in page
    response = client.post(CONTACTS, {"bezit": str(anna.pk), "personeel": str(bram.pk)}, follow=True)
    assert "Personeel: Bram Vos (was geen)." in response.text
    assert Submission.objects.get(questionnaire="personeel").contact == bram
    refused = client.post(CONTACTS, {"bezit": str(bram.pk)})
    assert refused.status_code == 422
    assert "Deze collega mag de lijst niet (meer) invullen." in refused.text
    assert Submission.objects.get(questionnaire="bezit").contact == anna


def test_a_page_of_before_overrules_no_colleague(library: Organisation) -> None:
    anna = make_user(Role.LIBRARY, library, name="Anna Bos")
    bram = make_user(Role.LIBRARY, library, name="Bram Vos")
    client = as_user(anna)
    stale = {"bezit": str(anna.pk), "bezit-getoond": "", "personeel": "", "personeel-getoond": ""}
    Submission.objects.filter(questionnaire__in=("bezit", "personeel")).update(contact=bram)
    response = client.post(CONTACTS, stale)
    assert response.status_code == 409
    assert response.text.count("Intussen is Bram Vos gekozen.") == 4, "in the summary and at both fields"
    assert set(Submission.objects.exclude(contact=None).values_list("contact", flat=True)) == {bram.pk}
    form = response.context["form"]
    assert (form["bezit"].value(), form["personeel"].value()) == (str(anna.pk), str(bram.pk))
    shown = {name: form[name].value() for name in form.fields}
    assert client.post(CONTACTS, shown).status_code == 302
    assert Submission.objects.get(questionnaire="bezit").contact == anna
    assert Submission.objects.get(questionnaire="personeel").contact == bram


def test_each_for_the_lists_they_fill_in(library: Organisation) -> None:
    bram = make_user(Role.LIBRARY, library, name="Bram Vos", questionnaires="personeel")
    client = as_user(bram)
    page = client.get(CONTACTS).text
    assert 'name="personeel"' in page
    assert 'name="bezit"' not in page
    client.post(CONTACTS, {"bezit": str(bram.pk), "personeel": str(bram.pk)})
    assert Submission.objects.get(questionnaire="bezit").contact is None
    assert Submission.objects.get(questionnaire="personeel").contact == bram


def test_the_kb_reads_whom_to_turn_to(library: Organisation, noor: User) -> None:
    make_user(Role.LIBRARY, library, name="Anna Bos")
    page = as_user(noor).get(CONTACTS).text
    assert "Anna Bos" in page
    assert "<select" not in page
    assert "contactpersonen/" in as_user(noor).get(f"/levering/{YEAR}/{library.isil}/").text


@pytest.mark.parametrize("count", [1, 5])
def test_the_contact_persons_take_a_fixed_number_of_queries(
    library: Organisation, django_assert_num_queries, count: int
) -> None:
    for number in range(count):
        make_user(Role.LIBRARY, library, name=f"Anna {number}")
    client = as_user(User.objects.all()[0])
    with django_assert_num_queries(5):
        assert client.get(CONTACTS).status_code == 200
