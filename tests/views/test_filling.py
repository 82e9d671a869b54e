"""The pages of a section as the server gives them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys.forms import section as section_form
from surveys.models import AnswerChange, Organisation, Submission, User
from surveys.queries.answers import answers_of, values_of
from surveys.values import Value
from surveys.workflow import Role
from tests.factories import YEAR, give, make_library, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> Organisation:
    library = make_library(locations=3)
    take_part(library, YEAR - 1)
    take_part(library)
    return library


@pytest.fixture
def user(library: Organisation) -> User:
    return make_user(Role.LIBRARY, library, name="Anna Bos")


@pytest.fixture
def client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def section_url(library: Organisation, section: str, questionnaire: str = "bezit", row: str = "") -> str:
    kwargs = {"year": YEAR, "isil": library.isil, "questionnaire": questionnaire, "section": section}
    return reverse("section_row" if row else "section", kwargs={**kwargs, **({"row": row} if row else {})})


@pytest.mark.parametrize("locations", [1, 3])
@pytest.mark.parametrize("section", ["leden", "bezoeken_locaties", "gebouw"])
def test_a_section_takes_five_queries(locations: int, section: str) -> None:
    library = make_library(number=8, locations=locations)
    take_part(library)
    client = Client()
    client.force_login(make_user(Role.LIBRARY, library))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(section_url(library, section)).status_code == 200
    assert len(queries) == 5


def test_a_page_that_was_drawn_before_can_ask_how_far_the_list_is_now(
    client: Client, library: Organisation
) -> None:
    """State and counts, each as the page itself shows it."""
    give(submission_of(library, "bezit"), {"pcs_internet": 3, "pcs_bdc": 5, "leden_online": 4})
    standing = reverse("standing", kwargs={"year": YEAR, "isil": library.isil, "questionnaire": "bezit"})
    page, told = (client.get(url) for url in (section_url(library, "leden"), standing))
    counts = [(one.code, one.progress) for one in told.context["rail"]]
    assert counts == [(one.code, one.progress) for one in page.context["rail"]]
    assert told.context["all_progress"] == page.context["all_progress"]
    html = told.content.decode()
    assert sum(one.errors for _, one in counts) == 1
    assert all(f'id="rail-{code}"' in html for code, _ in counts)
    assert 'id="list-state" class="status status--in_progress"' in html


def test_last_year_stands_beside_the_field(client: Client, library: Organisation) -> None:
    give(submission_of(library, "bezit", YEAR - 1), {"leden_jeugd": 1000})
    give(submission_of(library, "bezit"), {"leden_jeugd": 1100})
    page = client.get(section_url(library, "leden")).content.decode()
    assert f"{YEAR - 1}: 1.000 " in page
    assert "+100 (+10%)" in page


def test_a_successor_shows_its_predecessors_value(client: Client, library: Organisation) -> None:
    give(submission_of(library, "financieel", YEAR - 1), {"subsidie_rijk": 5000})
    page = client.get(section_url(library, "subsidies_bijdragen", "financieel")).content.decode()
    assert f'{YEAR - 1}: <span class="num">5.000</span>' in page


def test_the_scope_is_said_to_a_combined_institution_only(client: Client, library: Organisation) -> None:
    url = section_url(library, "contract", "personeel")
    assert "hele instelling" not in client.get(url).content.decode().lower().partition("<form method")[0]
    give(submission_of(library, "profiel"), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    page = client.get(url).content.decode()
    assert "U vult dit onderdeel in voor de hele instelling" in page
    page = client.get(section_url(library, "leden")).content.decode()
    assert "U vult dit onderdeel alleen in voor de bibliotheek" in page


def test_who_shares_only_a_roof_gets_no_follow_up_questions(client: Client, library: Organisation) -> None:
    give(submission_of(library, "profiel"), {"gecombineerd": "ja", "gedeelde_cijfers": "nee"})
    page = client.get(section_url(library, "contract", "personeel")).content.decode()
    assert '<div class="block" id="q-personeel-blok" hidden>' in page


def test_a_hidden_answer_is_kept_and_does_not_count(client: Client, library: Organisation) -> None:
    profile = submission_of(library, "profiel")
    give(profile, {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    give(submission_of(library, "personeel"), {"personeel_nb_zit_erin": "ja"})
    stored = answers_of(profile)["gecombineerd", ""]
    client.post(
        section_url(library, "gecombineerde_instelling", "profiel"),
        {"gecombineerd": "nee", "gecombineerd~v": stored.version},
    )
    assert values_of(submission_of(library, "personeel")) == {("personeel_nb_zit_erin", ""): Value.of("ja")}
    url = reverse("read", kwargs={"year": YEAR, "isil": library.isil, "questionnaire": "personeel"})
    assert "niet aan de bibliotheekfunctie zijn toe te wijzen" not in client.get(url).content.decode()


def test_a_page_is_saved_and_the_faults_stay_with_their_text(client: Client, library: Organisation) -> None:
    data = {
        "leden_jeugd": "1.000",
        "leden_jeugd~v": "0",
        "leden_jeugd~e": "on",
        "leden_jeugd~n": "Uit het systeem van november.",
        "leden_volwassen": "-5",
        "leden_volwassen~v": "0",
        "leden_nieuw_jeugd": "",
        "leden_nieuw_jeugd~v": "0",
        "leden_nieuw_jeugd~n": "weet ik nog niet",
    }
    response = client.post(section_url(library, "leden"), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "2 antwoorden zijn niet opgeslagen" in page
    assert "-5 is te klein. Het kleinste getal dat hier kan is 0." in page
    assert 'value="-5"' in page
    assert "Vul eerst het antwoord in." in page
    assert 'name="leden_jeugd" value="1.000"' in page  # what was saved stands there as it was saved
    assert re.search(r'name="leden_jeugd~v" value="[1-9]', page)
    assert re.search(r'id="o-leden"[^>]*>1.000<', page)
    [(key, stored)] = answers_of(submission_of(library, "bezit")).items()
    assert (key, stored.value, stored.is_estimate, stored.note, stored.changed_by) == (
        ("leden_jeugd", ""),
        Value.of(1000),
        True,
        "Uit het systeem van november.",
        "Anna Bos",
    )


def test_an_untouched_field_of_an_old_page_is_in_nobodys_way(client: Client, library: Organisation) -> None:
    submission = submission_of(library, "bezit")
    give(submission, {"leden_jeugd": 10})
    seen = answers_of(submission)["leden_jeugd", ""].version
    give(submission, {"leden_jeugd": 20})
    data = {
        "leden_jeugd": "10",
        "leden_jeugd~v": str(seen),
        "leden_volwassen": "30",
        "leden_volwassen~v": "0",
    }
    assert client.post(section_url(library, "leden"), data).status_code == 302
    assert values_of(submission) == {
        ("leden_jeugd", ""): Value.of(20),
        ("leden_volwassen", ""): Value.of(30),
    }


def test_a_touched_field_of_an_old_page_shows_both_texts(client: Client, library: Organisation) -> None:
    submission = submission_of(library, "bezit")
    give(submission, {"leden_jeugd": 20}, by=make_user(Role.LIBRARY, library, name="Bob de Wit"))
    response = client.post(section_url(library, "leden"), {"leden_jeugd": "30", "leden_jeugd~v": "0"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Bob de Wit was u voor en vulde hier in: <strong>20</strong>" in page
    assert 'value="30"' in page
    assert values_of(submission) == {("leden_jeugd", ""): Value.of(20)}
    again = {"leden_jeugd": "30", "leden_jeugd~v": str(answers_of(submission)["leden_jeugd", ""].version)}
    assert client.post(section_url(library, "leden"), again).status_code == 302
    assert values_of(submission) == {("leden_jeugd", ""): Value.of(30)}


def test_a_chosen_answer_stays_chosen_where_a_colleague_was_first(
    client: Client, library: Organisation
) -> None:
    profile = submission_of(library, "profiel")
    give(profile, {"gecombineerd": "nee"})
    data = {"gecombineerd": "ja", "gecombineerd~v": "0"}
    page = client.post(section_url(library, "gecombineerde_instelling", "profiel"), data).content.decode()
    assert "vulde hier in: <strong>Nee</strong>" in page
    assert '<input type="radio" name="gecombineerd" value="ja" checked>' in page
    assert '<input type="radio" name="gecombineerd" value="nee">' in page


def test_a_fault_does_not_hide_what_a_colleague_did(client: Client, library: Organisation) -> None:
    """The corrected text still starts from the version that its writer saw."""
    submission = submission_of(library, "bezit")
    give(submission, {"leden_jeugd": 20})
    page = client.post(section_url(library, "leden"), {"leden_jeugd": "x", "leden_jeugd~v": "0"}).text
    assert 'name="leden_jeugd~v" value="0"' in page
    data = {"leden_jeugd": "30", "leden_jeugd~v": "0"}
    assert "was u voor" in client.post(section_url(library, "leden"), data).text
    assert values_of(submission) == {("leden_jeugd", ""): Value.of(20)}


def test_a_list_that_a_colleague_submits_meanwhile_takes_no_page(
    client: Client, library: Organisation, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    Submission.objects.update(state="returned")
    begin = section_form.begin

    def late(**kwargs: Any) -> None:
        Submission.objects.update(state="submitted", submitted_at=user.date_joined, submitted_by=user)
        begin(**kwargs)

    monkeypatch.setattr(section_form, "begin", late)
    data = {"leden_jeugd": "30", "leden_jeugd~v": "0"}
    assert client.post(section_url(library, "leden"), data).status_code == 403


def test_the_colleagues_at_work_are_named_and_not_oneself(
    client: Client, library: Organisation, user: User
) -> None:
    submission = submission_of(library, "bezit")
    give(submission, {"leden_jeugd": 1}, by=user)
    assert "Zojuist bezig" not in client.get(section_url(library, "leden")).content.decode()
    give(submission, {"leden_volwassen": 1}, by=make_user(Role.LIBRARY, library, name="Bob de Wit"))
    page = client.get(section_url(library, "leden")).content.decode()
    assert "<dt>Zojuist bezig</dt><dd>Bob de Wit</dd>" in page


def test_looking_writes_nothing(client: Client, library: Organisation) -> None:
    client.get(section_url(library, "leden"))
    client.get(section_url(library, "gebouw", row="NL-08000011001"))
    assert submission_of(library, "bezit").state == "not_started"
    assert not AnswerChange.objects.exists()


def test_rows_of_a_location_are_its_own_page(client: Client, library: Organisation) -> None:
    row = "NL-08000011002"
    data = {f"mfa__{row}": "ja", f"mfa__{row}~v": "0", "next": "1"}
    response = client.post(section_url(library, "gebouw", row=row), data)
    assert response.headers["Location"] == section_url(library, "gebouw", row="NL-08000011003")
    assert values_of(submission_of(library, "bezit")) == {("mfa", row): Value.of("ja")}
