"""The save of one field."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys.models import AnswerChange, Organisation, Submission, User
from surveys.queries.answers import answers_of, values_of
from surveys.values import UNKNOWN, Value
from surveys.views import saving
from surveys.workflow import Role
from tests.factories import YEAR, give, make_library, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> Organisation:
    library = make_library(locations=2)
    take_part(library)
    give(submission_of(library, "bezit"), {"leden_volwassen": 500})
    return library


@pytest.fixture
def client(library: Organisation) -> Client:
    client = Client()
    client.force_login(make_user(Role.LIBRARY, library, name="Anna Bos"))
    return client


def save_url(library: Organisation, questionnaire: str = "bezit") -> str:
    return reverse("answer", kwargs={"year": YEAR, "isil": library.isil, "questionnaire": questionnaire})


def test_a_save_answers_with_what_hangs_on_it(client: Client, library: Organisation) -> None:
    response = client.post(save_url(library), {"leden_jeugd": "1.000", "leden_jeugd~v": "0"})
    page = response.content.decode()
    stored = answers_of(submission_of(library, "bezit"))["leden_jeugd", ""]
    assert (response.status_code, stored.value) == (200, Value.of(1000))
    assert f'name="leden_jeugd~v" value="{stored.version}"' in page
    assert 'id="s-leden_jeugd" data-hx-swap-oob="innerHTML">opgeslagen<' in page
    assert 'id="o-leden" data-hx-swap-oob="innerHTML">1.500<' in page
    assert 'name="leden_jeugd" ' not in page  # never the field itself


def test_a_gate_tells_which_questions_come(client: Client, library: Organisation) -> None:
    give(submission_of(library, "profiel"), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    response = client.post(
        save_url(library, "personeel"), {"personeel_nb_zit_erin": "ja", "personeel_nb_zit_erin~v": "0"}
    )
    visible = json.loads(response.headers["HX-Trigger"])["wsob:visible"]
    assert visible["personeel_nb_invoer"] is True
    assert visible["personeel_nb_aantal"] is False
    assert visible["personeel_nb_podium"] is True


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("veel", "‘veel’ is geen getal."),
        ("999999999999", "999.999.999.999 is te groot."),
        ("-1", "-1 is te klein."),
        ("1,5", "1,5 is geen heel getal."),
        ("n.v.t.", "‘n.v.t.’ kan hier niet."),
    ],
)
def test_bad_input_is_told_and_not_kept(
    client: Client, library: Organisation, typed: str, message: str
) -> None:
    response = client.post(save_url(library), {"leden_jeugd": typed, "leden_jeugd~v": "0"})
    assert response.status_code == 422
    assert message in response.content.decode()
    assert ("leden_jeugd", "") not in values_of(submission_of(library, "bezit"))


def test_three_decimals_in_fte(client: Client, library: Organisation) -> None:
    data = {"personeel_vast_fte": "1,234", "personeel_vast_fte~v": "0"}
    response = client.post(save_url(library, "personeel"), data)
    assert response.status_code == 422
    assert "1,234 heeft te veel cijfers achter de komma. Rond af op 2 decimalen." in response.content.decode()


def test_unknown_typed_as_a_word(client: Client, library: Organisation) -> None:
    data = {"bezoeken_website": "Onbekend", "bezoeken_website~v": "0"}
    assert client.post(save_url(library), data).status_code == 200
    assert values_of(submission_of(library, "bezit"))["bezoeken_website", ""] == UNKNOWN


def test_who_is_second_sees_both_and_loses_nothing(client: Client, library: Organisation) -> None:
    response = client.post(save_url(library), {"leden_volwassen": "600", "leden_volwassen~v": "0"})
    assert response.status_code == 409
    assert "vulde hier in: <strong>500</strong>" in response.content.decode()
    assert values_of(submission_of(library, "bezit"))["leden_volwassen", ""] == Value.of(500)


def test_the_same_save_again_changes_nothing(client: Client, library: Organisation) -> None:
    changes = AnswerChange.objects.count()
    response = client.post(save_url(library), {"leden_volwassen": "500", "leden_volwassen~v": "0"})
    assert (response.status_code, AnswerChange.objects.count()) == (200, changes)


@pytest.mark.parametrize(
    "data",
    [
        {"bestaat_niet": "1", "bestaat_niet~v": "0"},
        {"leden": "1", "leden~v": "0"},  # computed
        {"bezoeken_locatie": "1", "bezoeken_locatie~v": "0"},  # asked per location
        {"bezoeken_locatie__NL-08000021001": "1", "bezoeken_locatie__NL-08000021001~v": "0"},
        {"leden_jeugd__NL-08000011001": "1", "leden_jeugd__NL-08000011001~v": "0"},
        {"leden_jeugd": "1"},
        {},
    ],
)
def test_what_is_not_asked_is_404_and_nothing_changes(
    client: Client, library: Organisation, data: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    make_library(number=2)
    before = AnswerChange.objects.count()
    assert client.post(save_url(library), data).status_code == 404
    assert AnswerChange.objects.count() == before
    assert "404 POST" in caplog.text


def test_a_choice_that_does_not_exist(client: Client, library: Organisation) -> None:
    data = {"samenwerkingsvorm": "vriendschap", "samenwerkingsvorm~v": "0"}
    response = client.post(save_url(library, "profiel"), data)
    assert response.status_code == 422
    assert "‘vriendschap’ staat niet in de lijst. Kies uit:" in response.content.decode()


def test_the_list_of_another_library_is_refused_and_logged(
    client: Client, library: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    other = make_library(number=2)
    take_part(other)
    response = client.post(save_url(other), {"leden_jeugd": "1", "leden_jeugd~v": "0"})
    assert response.status_code == 403
    assert not answers_of(submission_of(other, "bezit"))
    assert "403 POST" in caplog.text


def test_a_delivered_list_takes_no_answers(client: Client, library: Organisation) -> None:
    submission = submission_of(library, "bezit")
    by = User.objects.get(name="Anna Bos")
    Submission.objects.filter(pk=submission.pk).update(
        state="submitted", submitted_at=by.date_joined, submitted_by=by
    )
    response = client.post(save_url(library), {"leden_jeugd": "1", "leden_jeugd~v": "0"})
    assert response.status_code == 403


def test_an_ended_session_is_said_and_not_redirected(library: Organisation) -> None:
    data = {"leden_jeugd": "1", "leden_jeugd~v": "0"}
    assert Client().post(save_url(library), data, headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize(
    ("questionnaire", "name"),
    [
        ("bezit", "leden_jeugd"),
        ("bezit", "bezoeken_locatie__NL-08000011001"),
        ("personeel", "personeel_vast_fte"),
        ("financieel", "kosten_huisvesting"),
    ],
)
def test_a_save_takes_seven_statements_at_most(
    client: Client, library: Organisation, questionnaire: str, name: str
) -> None:
    Submission.objects.update(state="in_progress")
    with CaptureQueriesContext(connection) as queries:
        response = client.post(save_url(library, questionnaire), {name: "10", f"{name}~v": "0"})
    assert response.status_code == 200
    statements = [one["sql"] for one in queries if "SAVEPOINT" not in one["sql"]]
    assert len(statements) + 2 <= 7  # and BEGIN and COMMIT, which the test's own transaction swallows


def test_a_version_that_no_calendar_has_is_no_version(client: Client, library: Organisation) -> None:
    for version in ("9" * 18, "9" * 5000, "٣"):
        response = client.post(save_url(library), {"leden_volwassen": "600", "leden_volwassen~v": version})
        assert response.status_code == 409


def _meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Something that a colleague does between the read of a save and its write."""

    def begin(**kwargs: object) -> None:
        happens()

    monkeypatch.setattr(saving, "begin", begin)


def test_who_is_second_by_a_blink_sees_what_the_first_left(
    client: Client, library: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = submission_of(library, "bezit")
    bob = make_user(Role.LIBRARY, library, name="Bob de Wit")
    _meanwhile(monkeypatch, lambda: give(submission, {"leden_jeugd": 20}, by=bob))
    response = client.post(save_url(library), {"leden_jeugd": "30", "leden_jeugd~v": "0"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Bob de Wit was u voor en vulde hier in: <strong>20</strong>" in page
    assert f'name="leden_jeugd~v" value="{answers_of(submission)["leden_jeugd", ""].version}"' in page
    assert values_of(submission)["leden_jeugd", ""] == Value.of(20)


def test_a_list_that_is_submitted_by_a_blink_takes_no_answers(
    client: Client, library: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = submission_of(library, "bezit")
    by = User.objects.get(name="Anna Bos")

    def deliver() -> None:
        Submission.objects.update(state="submitted", submitted_at=by.date_joined, submitted_by=by)

    _meanwhile(monkeypatch, deliver)
    response = client.post(save_url(library), {"leden_jeugd": "30", "leden_jeugd~v": "0"})
    assert response.status_code == 403
    assert "zojuist ingediend" in response.content.decode()
    assert ("leden_jeugd", "") not in values_of(submission)


def test_a_returned_list_that_a_colleague_submits_again_takes_no_answers(
    client: Client, library: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first save after a return makes a step, which finds the list submitted."""
    Submission.objects.update(state="returned")
    by = User.objects.get(name="Anna Bos")
    begin = saving.begin

    def late(**kwargs: Any) -> None:
        Submission.objects.update(state="submitted", submitted_at=by.date_joined, submitted_by=by)
        begin(**kwargs)

    monkeypatch.setattr(saving, "begin", late)
    response = client.post(save_url(library), {"leden_jeugd": "30", "leden_jeugd~v": "0"})
    assert response.status_code == 403
