"""The pages about releases: what they promise, what they refuse, what they lead to."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from surveys.actions.submissions import send_back
from surveys.exports.content import fingerprint_of
from surveys.models import Organisation, Participation, Release, Submission, Transition, User
from surveys.queries.summaries import forget
from surveys.values import Value
from surveys.workflow import Role
from tests.actions.test_releases import FINAL, PROVISIONAL, REVISED, deliver, libraries, noor, release_now
from tests.factories import YEAR, make_library, make_user, submission_of, take_part
from tests.queries.test_comparison import put

__all__ = ["libraries", "noor"]
pytestmark = pytest.mark.django_db
PAGE, COMPARE = f"/kb/{YEAR}/uitgaven/", f"/kb/{YEAR}/uitgaven/vergelijken/"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()
    forget()


@pytest.fixture
def kb(noor: User) -> Client:
    client = Client()
    client.force_login(noor)
    return client


def test_a_release_is_made_and_stands_in_the_list(kb: Client, libraries: list[Organisation]) -> None:
    page = kb.get(PAGE)
    assert "Nog geen uitgave" in page.text
    assert "<strong>4 van de 10 lijsten</strong> ingediend, waarvan 0 goedgekeurd" in page.text
    answer = {"status": "provisional", "toelichting": "Eerste stand", "gezien": "0"}
    page = kb.post(PAGE, answer, follow=True)
    release = Release.objects.get()
    assert "Uitgave 1 · voorlopig, " in page.text
    assert (release.note, len(release.fingerprint)) == ("Eerste stand", 64)
    assert release.fingerprint[:12] in page.text
    assert f"/kb/{YEAR}/export.xlsx?uitgave={release.pk}" in page.text
    page = kb.post(PAGE, answer, follow=True)
    assert "Intussen maakte Noor Wessenaar al een uitgave" in page.text
    assert Release.objects.count() == 1


def test_the_form_offers_only_what_can_follow(kb: Client, libraries: list[Organisation], noor: User) -> None:
    release_now(noor, REVISED)
    page = kb.get(PAGE)
    assert [value for value, _ in page.context["form"].fields["status"].choices] == ["", "revised", "final"]
    refused = kb.post(PAGE, {"status": "provisional"})
    assert refused.status_code == 422
    assert kb.post(PAGE, {"status": ""}).status_code == 422
    assert Release.objects.count() == 1


def test_nothing_to_release_is_told(kb: Client) -> None:
    take_part(make_library())
    page = kb.get(PAGE)
    assert "nog niets ingediend" in page.text
    assert 'name="status"' not in page.text
    assert "Nog geen uitgave" in kb.get(COMPARE).text


def test_after_the_final_one_changes_are_shown_apart(
    kb: Client, libraries: list[Organisation], noor: User
) -> None:
    final = release_now(noor, FINAL)
    page = kb.get(PAGE)
    assert "is er geen antwoord gewijzigd" in page.text
    assert 'name="status"' not in page.text
    put(submission_of(libraries[0], "bezit"), ("leden_jeugd", ""), Value.of(7), noor, "nieuwe telling")
    page = kb.get(PAGE)
    assert f'<a href="{COMPARE}?van={final.pk}">1 antwoord gewijzigd</a>' in page.text
    page = kb.get(f"{COMPARE}?van={final.pk}")
    assert "Dit zijn de wijzigingen na de definitieve uitgave" in page.text
    assert "nieuwe telling" in page.text


def test_the_comparison_tells_from_to_and_leads_to_the_answer(
    kb: Client, libraries: list[Organisation], noor: User
) -> None:
    first = release_now(noor)
    bezit = submission_of(libraries[0], "bezit")
    put(bezit, ("leden_jeugd", ""), Value.of(1_100), noor, "nieuwe telling")
    deliver(bezit, noor)
    Participation.objects.filter(organisation=libraries[1], round_id=YEAR).update(inhabitants=42_000)
    second = release_now(noor)
    for tot in ("", str(second.pk)):
        page = kb.get(COMPARE, {"van": first.pk, "tot": tot})
        [line] = page.context["lines"]
        assert (line.before, line.after, line.difference, line.source) == ("100", "1.100", "+1.000", "KB")
        assert f"/kb/{YEAR}/{libraries[0].isil}/bezit/antwoord/leden_jeugd/" in page.text
        assert [(one.what, *shown) for one, _, *shown in page.context["facts"]] == [
            ("inwoners", "41.000", "42.000")
        ]
        moved = {one.question.code: (one.difference, one.percentage) for one in page.context["totals"]}
        assert moved["leden"] == ("+1.000", "+5,5%")
        assert "1 gewijzigd antwoord<" in page.text
    assert [line.change for line in kb.get(COMPARE, {"vragenlijst": "personeel"}).context["lines"]] == []
    assert "Draai" in kb.get(COMPARE, {"van": second.pk, "tot": first.pk}).text


def test_the_comparison_as_a_workbook(kb: Client, libraries: list[Organisation], noor: User) -> None:
    first = release_now(noor)
    put(submission_of(libraries[0], "bezit"), ("leden_jeugd", ""), Value.of(1_100), noor, "=1+1")
    put(submission_of(libraries[0], "bezit"), ("uren", "NL-08000011001"), Value.of(12), noor)
    Participation.objects.filter(organisation=libraries[1], round_id=YEAR).update(inhabitants=42_000)
    response = kb.get(f"/kb/{YEAR}/uitgaven/vergelijken.xlsx", {"van": first.pk})
    sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))["Wijzigingen"]
    header, *rows = sheet.iter_rows(values_only=True)
    told = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(one["soort"], one["code"], one["vestiging"]) for one in told] == [
        ("antwoord", "leden_jeugd", None),
        ("antwoord", "uren", "NL-08000011001"),
        ("register", None, None),
    ]
    assert (told[0]["van"], told[0]["naar"], told[0]["verschil"], told[0]["reden"]) == (
        100,
        1100,
        1000,
        "=1+1",
    )
    assert (told[2]["omschrijving"], told[2]["verschil"]) == ("inwoners", 1000)


def test_workbook_and_report_as_of_a_release(kb: Client, libraries: list[Organisation], noor: User) -> None:
    release = release_now(noor, note="Stand mei")
    Organisation.objects.filter(pk=libraries[0].pk).update(name="Later")
    response = kb.get(f"/kb/{YEAR}/export.xlsx?uitgave={release.pk}&questionnaire=bezit")
    assert "-bezit-voorlopig-" in response.headers["Content-Disposition"]
    book = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))
    assert book["Bezit"]["B2"].value == "Bibliotheek 1"
    readme = dict(book["Leesmij"].iter_rows(values_only=True))
    assert (readme["Uitgave"], readme["Toelichting bij de uitgave"]) == ("voorlopig", "Stand mei")
    assert (
        "Dit is de stand van de uitgave ‘voorlopig’"
        in kb.get(f"/kb/{YEAR}/aandeel/?uitgave={release.pk}").text
    )


@pytest.mark.parametrize("number", ["0", "999999", "x", "²", "9" * 30, "-1"])
@pytest.mark.parametrize("path", ["export.xlsx", "aandeel/"])
def test_what_is_no_release_of_the_year_is_not_there(
    kb: Client, libraries: list[Organisation], path: str, number: str
) -> None:
    assert kb.get(f"/kb/{YEAR}/{path}", {"uitgave": number}).status_code == 404


def test_a_release_of_another_year_is_not_of_this(
    kb: Client, libraries: list[Organisation], noor: User
) -> None:
    release = release_now(noor)
    assert kb.get(f"/kb/{YEAR - 1}/export.xlsx", {"uitgave": release.pk}).status_code == 404


def test_a_poi_reads_no_releases(libraries: list[Organisation], noor: User) -> None:
    release = release_now(noor)
    client = Client()
    client.force_login(make_user(Role.POI, libraries[0].poi))
    assert client.get(PAGE).status_code == client.get(COMPARE).status_code == 403
    assert "Dit is de stand" not in client.get(f"/kb/{YEAR}/aandeel/?uitgave={release.pk}").text


def test_queries_do_not_grow(kb: Client, libraries: list[Organisation], noor: User) -> None:
    first = release_now(noor, PROVISIONAL)
    for page in (PAGE, COMPARE):
        kb.get(page)  # the summaries and the totals of the release are remembered
    counts = []
    for number in (None, 11, 12):
        if number:
            library = make_library(number)
            take_part(library)
            put(submission_of(library, "bezit"), ("leden_jeugd", ""), Value.of(number), noor)
            kb.get(COMPARE)
        with CaptureQueriesContext(connection) as queries:
            assert kb.get(COMPARE, {"van": first.pk}).status_code == 200
        with CaptureQueriesContext(connection) as of_list:
            kb.get(PAGE)
        counts.append((len(queries), len(of_list)))
    assert counts[1] == counts[2]
    assert Submission.objects.count() > 0


def test_a_list_that_came_in_is_told_and_explains_the_totals(
    kb: Client, libraries: list[Organisation], noor: User
) -> None:
    """Not a single answer changed; the total did."""
    late, back = submission_of(libraries[0], "bezit"), submission_of(libraries[1], "bezit")
    Transition.objects.filter(submission=late).delete()
    Submission.objects.filter(pk=late.pk).update(state="in_progress", submitted_at=None, submitted_by=None)
    begun = {
        "step": "begin",
        "before": "not_started",
        "after": "in_progress",
        "at": timezone.now(),
        "by": noor,
    }
    Transition.objects.create(submission=late, **begun)
    first = release_now(noor)
    deliver(late, noor)
    send_back(submission=back, by=noor, reason="De leden kloppen niet", seen=back.transitions.latest("pk").pk)
    second = release_now(noor, REVISED)
    for tot in ("", str(second.pk)):
        page = kb.get(COMPARE, {"van": first.pk, "tot": tot})
        assert "1 lijst kwam erbij, 1 ging terug, geen antwoord is gewijzigd." in page.text
        told = [
            (one.isil, one.before, one.after, one.reason, one.answers) for one, _ in page.context["lists"]
        ]
        assert told == [
            (libraries[0].isil, "in_progress", "submitted", "", 3),
            (libraries[1].isil, "submitted", "returned", "De leden kloppen niet", 3),
        ]
        [leden] = [one for one in page.context["totals"] if one.question.code == "leden"]
        assert (leden.difference, leden.by_lists, leden.by_answers) == ("−100", "−100", "")
        assert leden.percentage == "−1,1%"
    response = kb.get(f"/kb/{YEAR}/uitgaven/vergelijken.xlsx", {"van": first.pk})
    book = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))
    header, *rows = book["Lijsten"].iter_rows(values_only=True)
    told = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(one["van"], one["naar"], one["telt_mee"], one["antwoorden"]) for one in told] == [
        ("bezig", "ingediend", "voortaan wel", 3),
        ("ingediend", "teruggestuurd", "niet meer", 3),
    ]
    assert kb.get(COMPARE, {"van": first.pk, "vragenlijst": "personeel"}).context["lists"] == []


def test_the_final_one_is_made_only_after_what_it_lacks_was_seen(
    kb: Client, libraries: list[Organisation], noor: User
) -> None:
    release_now(noor)
    asked = {"status": "final", "toelichting": "Klaar", "gezien": str(Release.objects.get().pk)}
    page = kb.post(PAGE, asked)
    assert page.status_code == 200
    assert "<strong>6 van de 10 lijsten zijn niet ingediend.</strong>" in page.text
    assert "geen andere uitgave meer" in page.text
    assert kb.post(PAGE, asked | {"bevestigen": "ja"}).status_code == 422
    assert Release.objects.count() == 1
    page = kb.post(PAGE, asked | {"bevestigen": "ja", "zeker": "ja"}, follow=True)
    assert "Uitgave 2 · definitief, " in page.text
    assert list(Release.objects.values_list("status", "note"))[1:] == [("final", "Klaar")]


def test_that_nothing_changed_is_told_before_another_is_made(
    kb: Client, libraries: list[Organisation], noor: User
) -> None:
    release_now(noor)
    warning = "Een nieuwe uitgave geeft dezelfde cijfers."
    assert warning in kb.get(PAGE).text
    deliver(submission_of(libraries[0], "personeel"), noor)
    assert warning not in kb.get(PAGE).text


def test_a_fingerprint_that_is_missing_is_made_when_asked(
    kb: Client, libraries: list[Organisation], noor: User
) -> None:
    release = release_now(noor)
    assert "Alsnog berekenen" in kb.get(PAGE).text
    release.refresh_from_db()
    assert release.fingerprint == ""
    assert kb.post(PAGE, {"vingerafdruk": "ja"}).status_code == 302
    release.refresh_from_db()
    assert release.fingerprint == fingerprint_of(release)
