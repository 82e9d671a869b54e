"""The technical back room: what it may change, and what it keeps from changing."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client, override_settings

from surveys.models import Event, Explanation, Organisation, Participation, PeerBound, Round, User
from surveys.questionnaires.loader import load_edition
from surveys.workflow import Role
from tests.factories import YEAR, make_library, make_round, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser(email="beheer@example.org", name="Beheer"))
    return client


@pytest.fixture
def library() -> Organisation:
    return make_library(locations=1)


def no_rows(prefix: str, initial: int = 0) -> dict[str, str]:
    return {f"{prefix}-TOTAL_FORMS": str(initial), f"{prefix}-INITIAL_FORMS": str(initial)}


def contacts(participation: Participation, contact: User | None = None) -> dict[str, str]:
    """The rows of the lists, each with this contact person."""
    rows = list(participation.submissions.order_by("pk"))
    data = no_rows("submissions", len(rows))
    for place, one in enumerate(rows):
        data |= {
            f"submissions-{place}-id": str(one.pk),
            f"submissions-{place}-participation": str(participation.pk),
        }
        data[f"submissions-{place}-contact"] = str(contact.pk) if contact else ""
    return data


def test_to_add_a_participation_is_to_enrol(client: Client, library: Organisation) -> None:
    make_round()
    data = {"organisation": str(library.pk), "round": str(YEAR), "inhabitants": "50000"}
    assert client.post("/beheer/surveys/participation/add/", data).status_code == 302
    participation = Participation.objects.get(organisation=library, inhabitants=50_000)
    assert participation.submissions.count() == len(load_edition(YEAR).by_code)
    assert LogEntry.objects.get().object_id == str(participation.pk)


def test_a_participation_stays_with_its_organisation_and_year(client: Client, library: Organisation) -> None:
    participation = take_part(library)
    data = {"organisation": str(make_library(2).pk), "inhabitants": "60000", **contacts(participation)}
    url = f"/beheer/surveys/participation/{participation.pk}/change/"
    assert client.post(url, data).status_code == 302
    participation.refresh_from_db()
    assert (participation.organisation, participation.inhabitants) == (library, 60_000)


def test_the_contact_person_of_a_list_is_chosen_here(client: Client, library: Organisation) -> None:
    participation, anna = take_part(library), make_user(Role.LIBRARY, library, name="Anna Bos")
    data = {"inhabitants": "50000", **contacts(participation, anna)}
    url = f"/beheer/surveys/participation/{participation.pk}/change/"
    assert client.post(url, data).status_code == 302
    submission = submission_of(library, "bezit")
    assert (submission.contact, submission.state) == (anna, "not_started")


def test_a_location_keeps_its_code_and_is_not_deleted(client: Client, library: Organisation) -> None:
    """Its answers hang on the code."""
    location = library.locations.get()
    data = {
        "isil": library.isil, "name": "Nieuwe naam", "type": "library", "province": "Drenthe", "poi": "",
        **no_rows("locations", 1),
        "locations-0-id": str(location.pk), "locations-0-organisation": str(library.pk),
        "locations-0-isil": "NL-08000019999", "locations-0-name": "Dorpshuis", "locations-0-address": "Plein 1",
        "locations-0-kind": "Bibliotheekvestiging", "locations-0-DELETE": "on",
    }  # fmt: skip
    response = client.post(f"/beheer/surveys/organisation/{library.pk}/change/", data)
    assert response.status_code == 302
    assert library.locations.values_list("isil", "name").get() == (location.isil, "Dorpshuis")


def test_a_round_waits_for_its_questionnaires(client: Client) -> None:
    data = {"year": str(YEAR + 50), **no_rows("windows")}
    page = client.post("/beheer/surveys/round/add/", data)
    assert f"Over {YEAR + 50} zijn er nog geen vragenlijsten." in page.text
    assert not Round.objects.exists()
    assert client.post("/beheer/surveys/round/add/", data | {"year": str(YEAR)}).status_code == 302
    assert Round.objects.get().year == YEAR


@pytest.mark.parametrize("name", ["event", "explanation", "peerbound"])
def test_what_has_one_writer_is_looked_up_and_not_changed(
    client: Client, library: Organisation, name: str
) -> None:
    at, by = datetime(1999, 12, 31, tzinfo=UTC), User.objects.get()
    participation = take_part(library)
    event = Event.objects.create(
        organisation=library,
        kind="fusie",
        description="met de buren",
        starts=date(1999, 1, 1),
        added_at=at,
        added_by=by,
    )
    explanation = Explanation.objects.create(
        participation=participation,
        rule="bezoeken_anders",
        question="bezoeken",
        figures="bezoeken=1",
        reason="fusie",
        text="Samen groter.",
        event=event,
        at=at,
        by=by,
    )
    bound = PeerBound.objects.create(
        round=participation.round,
        rule="bezoeken_anders",
        group="alle",
        count=8,
        median=1.5,
        mad=0.5,
        computed_at=at,
    )
    one = {"event": event, "explanation": explanation, "peerbound": bound}[name]
    folder = f"/beheer/surveys/{name}"
    shown = client.get(f"{folder}/?q=b").text
    assert ("met de buren" if name == "event" else "bezoeken_anders") in shown
    page = client.get(f"{folder}/{one.pk}/change/")
    assert (page.status_code, 'name="_save"' in page.text) == (200, False)
    refused = [
        client.get(f"{folder}/add/"),
        client.post(f"{folder}/{one.pk}/change/", {}),
        client.post(f"{folder}/{one.pk}/delete/", {"post": "yes"}),
    ]
    assert [response.status_code for response in refused] == [403, 403, 403]


@pytest.mark.parametrize("path", ["/beheer/", "/beheer/login/"])
def test_the_front_door_is_the_only_one(path: str) -> None:
    """Django's own log-in page would not count the failed attempts."""
    client = Client()
    assert client.get(path, follow=True).redirect_chain[-1][0].startswith("/account/login/")
    client.force_login(make_user(Role.KB))
    assert client.get(path, follow=True).status_code == 403


@override_settings(DEMO=True)
def test_a_demo_is_not_deployed() -> None:
    with pytest.raises(SystemCheckError, match="DEMO staat aan"):
        call_command("check", deploy=True, tags=["security"])
