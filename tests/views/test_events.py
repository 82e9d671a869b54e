"""The timeline: what happened, and the signals in all lists that it answers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from surveys.models import Event, Explanation, Organisation, Submission, User
from surveys.views import events
from surveys.workflow import Role
from tests.factories import YEAR, give, make_library, make_poi, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db

REBUILDING = {
    "soort": "verbouwing",
    "omschrijving": "Hoofdvestiging half open.",
    "van": f"februari {YEAR}",
    "tot": f"augustus {YEAR}",
}


@pytest.fixture
def library() -> Organisation:
    """Less members and no loans on request, and more costs: three signals in two lists."""
    library = make_library(poi=make_poi())
    take_part(library, YEAR - 1)
    take_part(library)
    give(submission_of(library, "bezit", YEAR - 1), {"leden_jeugd": 4000, "reserveringen": 8000})
    give(submission_of(library, "bezit"), {"leden_jeugd": 2000, "reserveringen": 0})
    give(submission_of(library, "financieel", YEAR - 1), {"kosten_huisvesting": 400_000})
    give(submission_of(library, "financieel"), {"kosten_huisvesting": 900_000})
    return library


@pytest.fixture
def anna(library: Organisation) -> User:
    return make_user(Role.LIBRARY, library, name="Anna Bos")


@pytest.fixture
def client(anna: User) -> Client:
    return client_of(anna)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(library: Organisation, year: int = YEAR) -> str:
    return reverse("events", kwargs={"year": year, "isil": library.isil})


def add(client: Client, library: Organisation, **facts: str) -> Any:
    return client.post(url(library), {**REBUILDING, **facts}, follow=True)


def offered(page: str) -> dict[str, bool]:
    """List and signal to whether it is ticked."""
    boxes = re.findall(r'<input type="checkbox" id="[^"]+" name="signalen" value="([^"]+)"( checked)?>', page)
    return {name.rpartition("/")[0]: bool(ticked) for name, ticked in boxes}


def chosen(page: str) -> list[str]:
    return [
        name for name, ticked in re.findall(r'name="signalen" value="([^"]+)"( checked)?>', page) if ticked
    ]


def test_an_event_is_told_once_and_offers_what_went_its_way(client: Client, library: Organisation) -> None:
    page = add(client, library).content.decode()
    [event] = Event.objects.all()
    assert (f"{event.starts}", f"{event.ends}") == (f"{YEAR}-02-01", f"{YEAR}-08-31")
    assert f"februari–augustus {YEAR}" in page
    assert offered(page) == {
        "bezit/verdwenen_uitleningen_reserveringen": True,
        "bezit/sprong_leden_leden_jeugd": True,
        "financieel/sprong_regel_kosten_huisvesting": False,
    }


def test_a_year_later_it_is_offered_for_what_went_up_again(client: Client, library: Organisation) -> None:
    facts = {"van": f"februari {YEAR - 1}", "tot": f"augustus {YEAR - 1}"}
    assert [
        name for name, ticked in offered(add(client, library, **facts).content.decode()).items() if ticked
    ] == ["financieel/sprong_regel_kosten_huisvesting"]


def test_one_button_answers_all_that_is_ticked(client: Client, library: Organisation) -> None:
    page = add(client, library).content.decode()
    [event] = Event.objects.all()
    response = client.post(url(library), {"gebeurtenis": event.pk, "signalen": chosen(page)}, follow=True)
    page = response.content.decode()
    assert "2 signalen beantwoord met deze gebeurtenis." in page
    assert f"Beantwoordt 2 signalen over {YEAR}." in page
    assert offered(page) == {"financieel/sprong_regel_kosten_huisvesting": False}
    given = Explanation.objects.values_list("rule", "reason", "event", "text")
    words = f"Verbouwing, februari–augustus {YEAR}: Hoofdvestiging half open"
    assert set(given) == {
        ("verdwenen_uitleningen_reserveringen", "verbouwing", event.pk, words),
        ("sprong_leden_leden_jeugd", "verbouwing", event.pk, words),
    }


def test_all_or_nothing(client: Client, library: Organisation) -> None:
    page = add(client, library).content.decode()
    [event] = Event.objects.all()
    give(submission_of(library, "bezit"), {"leden_jeugd": 4000})
    response = client.post(url(library), {"gebeurtenis": event.pk, "signalen": chosen(page)})
    assert response.status_code == 422
    assert "Een van deze signalen is er niet meer." in response.content.decode()
    assert offered(response.content.decode())["bezit/verdwenen_uitleningen_reserveringen"] is True
    assert not Explanation.objects.exists()


def test_nothing_ticked_is_told(client: Client, library: Organisation) -> None:
    add(client, library)
    response = client.post(url(library), {"gebeurtenis": Event.objects.get().pk})
    assert response.status_code == 422
    assert "Kruis aan welke signalen door deze gebeurtenis komen." in response.content.decode()


def test_a_list_that_somebody_may_not_fill_in_is_not_offered(library: Organisation) -> None:
    finance = client_of(make_user(Role.LIBRARY, library, questionnaires="financieel"))
    page = add(finance, library).content.decode()
    assert list(offered(page)) == ["financieel/sprong_regel_kosten_huisvesting"]
    event = Event.objects.get()
    everything = client_of(make_user(Role.LIBRARY, library)).get(f"{url(library)}?gebeurtenis={event.pk}")
    posted = {"gebeurtenis": event.pk, "signalen": chosen(everything.content.decode())}
    assert finance.post(url(library), posted).status_code == 422
    assert not Explanation.objects.exists()


def test_a_list_that_is_submitted_meanwhile_keeps_nothing(
    client: Client, library: Organisation, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = add(client, library).content.decode()
    explain_many = events.explain_many

    def late(**kwargs: Any) -> Any:
        Submission.objects.filter(questionnaire="bezit", participation__round_id=YEAR).update(
            state="submitted", submitted_at=anna.date_joined, submitted_by=anna
        )
        return explain_many(**kwargs)

    monkeypatch.setattr(events, "explain_many", late)
    posted = {"gebeurtenis": Event.objects.get().pk, "signalen": chosen(page)}
    assert client.post(url(library), posted).status_code == 403
    assert not Explanation.objects.exists()


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"soort": ""}, "Kies een soort gebeurtenis."),
        ({"soort": "ramp"}, "Kies een soort gebeurtenis."),
        ({"omschrijving": "  "}, "Schrijf op wat er is gebeurd"),
        ({"van": ""}, "Vul in wanneer het begon."),
        ({"van": "voorjaar"}, "‘voorjaar’ is geen maand of dag."),
        ({"tot": f"januari {YEAR}"}, "ligt voor de begindatum"),
    ],
)
def test_what_is_no_event_is_told_at_its_field(
    client: Client, library: Organisation, facts: dict[str, str], message: str
) -> None:
    response = add(client, library, **facts)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Event.objects.exists()


def test_others_read_the_timeline_only(client: Client, library: Organisation) -> None:
    add(client, library)
    for user in (make_user(Role.POI, library.poi), make_user(Role.KB)):
        reader = client_of(user)
        page = reader.get(f"{url(library)}?gebeurtenis={Event.objects.get().pk}").content.decode()
        assert "Hoofdvestiging half open." in page
        assert "Gebeurtenis toevoegen" not in page
        assert offered(page) == {}
        assert reader.post(url(library), REBUILDING).status_code == 403
    assert Event.objects.count() == 1


def test_an_event_of_another_library_is_not_there(client: Client, library: Organisation) -> None:
    other = make_library(number=2)
    take_part(other)
    add(client_of(make_user(Role.LIBRARY, other)), other)
    assert client.get(f"{url(library)}?gebeurtenis={Event.objects.get().pk}").status_code == 404


def test_the_same_event_again_is_one(client: Client, library: Organisation) -> None:
    add(client, library)
    add(client, library)
    assert Event.objects.count() == 1
