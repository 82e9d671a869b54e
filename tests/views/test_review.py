"""The KB's pages: who may see them, what they show, and that they stay light."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from surveys.actions.answers import Entry
from surveys.actions.corrections import correct
from surveys.actions.remarks import draft_remark
from surveys.models import Organisation, Submission, Transition, User
from surveys.queries.deliveries import delivery_of
from surveys.values import Value
from surveys.workflow import Role
from tests.actions.test_bounds import move
from tests.factories import (
    YEAR,
    give,
    make_library,
    make_poi,
    make_round,
    make_user,
    set_window,
    submission_of,
    take_part,
)

pytestmark = pytest.mark.django_db
TABLE = f"/kb/{YEAR}/"


def _as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def library() -> Organisation:
    library = make_library(1, poi=make_poi())
    take_part(library)
    return library


@pytest.fixture
def kb() -> Client:
    return _as(make_user(Role.KB))


def _page(library: Organisation, questionnaire: str = "bezit") -> str:
    return reverse("review_submission", args=[YEAR, library.isil, questionnaire])


def test_addresses() -> None:
    assert reverse("review_table", args=[YEAR]) == TABLE
    assert reverse("export", args=[YEAR]) == f"{TABLE}export.xlsx"


@pytest.mark.parametrize("path", [TABLE, f"{TABLE}aandeel/", f"{TABLE}export.xlsx"])
def test_a_library_is_refused(library: Organisation, path: str) -> None:
    assert _as(make_user(Role.LIBRARY, library)).get(path).status_code == 403


def test_a_library_is_refused_its_own_delivery_here(library: Organisation) -> None:
    assert _as(make_user(Role.LIBRARY, library)).get(_page(library)).status_code == 403


def test_a_visitor_logs_in_first(library: Organisation) -> None:
    response = Client().get(TABLE)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_a_poi_sees_only_its_own_libraries_and_reads(library: Organisation) -> None:
    other = make_library(2, poi=make_poi(2))
    take_part(other)
    client = _as(make_user(Role.POI, library.poi))
    page = client.get(TABLE)
    assert [row.name for row in page.context["table"].rows] == ["Bibliotheek 1"]
    assert "u leest mee" in page.text
    assert "Werkboek downloaden" not in page.text
    assert client.get(f"{TABLE}export.xlsx").status_code == 403
    assert client.get(_page(library)).status_code == 200
    assert client.get(_page(other)).status_code == 403


def test_the_address_holds_the_selection(kb: Client, library: Organisation) -> None:
    take_part(make_library(2, province="Zeeland"))
    page = kb.get(TABLE, {"provincie": "Zeeland", "volgorde": "-bezit", "status": "niet-begonnen"})
    assert [row.name for row in page.context["table"].rows] == ["Bibliotheek 2"]
    assert "1 van 2 organisaties" in page.text
    tally = page.context["tallies"][1]
    assert tally.counts[0].url == "?provincie=Zeeland&status=niet-begonnen&volgorde=-bezit&vragenlijst=bezit"


def test_what_cannot_be_chosen_is_left_out(kb: Client, library: Organisation) -> None:
    page = kb.get(TABLE, {"provincie": "Atlantis", "status": "zoek", "volgorde": "; drop"})
    assert page.status_code == 200
    assert len(page.context["table"].rows) == 1


def test_headers_sort_and_turn_round(kb: Client, library: Organisation) -> None:
    def header(query: dict[str, str], place: int) -> tuple[str, str]:
        one = kb.get(TABLE, query).context["headers"][place]
        return one.url, one.sort

    assert header({}, 0) == ("?volgorde=-naam", "ascending")
    assert header({"volgorde": "-naam"}, 0) == ("?volgorde=naam", "descending")
    assert header({}, 1) == ("?volgorde=te-laat", "")
    assert header({"volgorde": "activiteit"}, -1) == ("?volgorde=-activiteit", "descending")


@pytest.mark.parametrize("path", ["/kb/1999/", "/kb/1999/aandeel/", "/kb/1999/export.xlsx"])
def test_no_such_year(kb: Client, library: Organisation, path: str) -> None:
    assert kb.get(path).status_code == 404


def test_queries_of_the_table_do_not_grow(kb: Client, library: Organisation) -> None:
    counts = []
    for numbers in ((), (2, 3)):
        for number in numbers:
            take_part(make_library(number, poi=library.poi))
        kb.get(TABLE)
        with CaptureQueriesContext(connection) as queries:
            kb.get(TABLE)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16


def test_queries_of_a_delivery_do_not_grow(kb: Client, library: Organisation) -> None:
    counts = []
    for numbers in ((), (2, 3)):
        for number in numbers:
            take_part(make_library(number, locations=9))
        kb.get(_page(library))
        with CaptureQueriesContext(connection) as queries:
            kb.get(_page(library))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 22


def test_a_delivery_stands_beside_last_year(kb: Client, library: Organisation) -> None:
    take_part(library, YEAR - 1)
    give(submission_of(library, "bezit", YEAR - 1), {"afhaalpunten": 4})
    give(submission_of(library, "bezit"), {"afhaalpunten": 5})
    page = kb.get(_page(library))
    figures = {
        figure.question.code: figure for part in page.context["pages"][1].parts for figure in part.figures
    }
    one = figures["afhaalpunten"]
    assert (one.text, one.last_year, one.difference, one.percentage) == ("5", "4", "+1", "+25,0%")


def test_the_block_of_a_combined_institution(kb: Client, library: Organisation) -> None:
    give(submission_of(library, "profiel"), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    [first, second] = library.locations.order_by("isil").values_list("isil", flat=True)
    give(
        submission_of(library, "bezit"),
        {
            ("bezoeken_locatie", first): 600,
            ("bezoeken_locatie", second): 400,
            "bezoeken_nb_zit_erin": "ja",
            "bezoeken_nb_invoer": "percentage",
            "bezoeken_nb_percentage": 18,
            "bezoeken_nb_podium": 150,
        },
    )
    page = kb.get(_page(library))
    [block] = [
        part for one in page.context["pages"] for part in one.parts if part.template == "review/_block.html"
    ]
    assert [(line.question.code, line.text) for line in block.lines] == [
        ("bezoeken", "1.000"),
        ("bezoeken_niet_bib", "180"),
        ("bezoeken_nb_podium", "150"),
        ("bezoeken_nb_rest", "30"),
        ("bezoeken_bib", "820"),
        ("bezoeken_bib_aandeel", "82%"),
    ]
    assert "<strong>bibliotheek 82%</strong> (820)" in page.text
    assert "overig 18% (180)" in page.text


def test_a_library_alone_has_no_block(kb: Client, library: Organisation) -> None:
    give(submission_of(library, "profiel"), {"gecombineerd": "nee"})
    parts = [part for page in kb.get(_page(library)).context["pages"] for part in page.parts]
    assert parts
    assert not [part for part in parts if part.template == "review/_block.html"]


def test_what_is_wrong_stands_at_the_answer(kb: Client, library: Organisation) -> None:
    isil = library.locations.order_by("isil")[0].isil
    give(submission_of(library, "bezit"), {("uren_open", isil): 20, ("uren_bemand", isil): 25})
    page = kb.get(_page(library))
    assert "1 klopt niet" in page.text
    assert f'href="#uren_bemand-{isil}"' in page.text
    assert "‘Waarvan bemand’ (25) kan niet meer zijn dan ‘Uren open per week’ (20). Verschil: 5." in page.text


def test_from_one_organisation_to_the_next(kb: Client, library: Organisation) -> None:
    following = make_library(2)
    take_part(following)
    page = kb.get(_page(library))
    assert page.context["previous"] is None
    assert page.context["following"] == (following.isil, following.name)
    assert kb.get(_page(following)).context["following"] is None


def test_the_workbook_of_one_questionnaire(kb: Client, library: Organisation) -> None:
    response = kb.get(f"{TABLE}export.xlsx", {"questionnaire": "personeel"})
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith(f'attachment; filename="wsob-{YEAR}-personeel-')
    assert b"".join(response)[:2] == b"PK"
    assert kb.get(f"{TABLE}export.xlsx", {"questionnaire": "quiz"}).status_code == 404


def test_of_one_list_a_column_for_all_that_is_known(kb: Client, library: Organisation) -> None:
    page = kb.get(TABLE, {"vragenlijst": "bezit"})
    assert [one.text for one in page.context["headers"]] == [
        "Organisatie",
        "Provincie",
        "Status",
        "Te laat",
        "Signalen",
        "Vragen",
        "Ingevuld",
        "Gewijzigd",
    ]
    assert f'href="{library.isil}/bezit/"' in page.text


def test_a_name_leads_to_the_page_of_the_organisation(kb: Client, library: Organisation) -> None:
    assert f'<a href="{library.isil}/">Bibliotheek 1</a>' in kb.get(TABLE).text
    assert kb.get(f"{TABLE}{library.isil}/").status_code == 200


def test_what_is_late_can_be_clicked(kb: Client, library: Organisation) -> None:
    set_window(make_round(), "bezit", opens=-30, deadline=-2, last_change=30)
    page = kb.get(TABLE)
    tally = page.context["tallies"][1]
    assert (tally.late.count, tally.late.url) == (1, "?vragenlijst=bezit&toon=te-laat")
    assert "2 dagen te laat" in page.text
    assert [row.name for row in kb.get(TABLE + tally.late.url).context["table"].rows] == ["Bibliotheek 1"]


def test_the_middle_of_peers_stands_beside_a_figure(kb: Client, library: Organisation) -> None:
    who = User.objects.get()
    for number in range(2, 10):
        peer = make_library(number, locations=1)
        take_part(peer)
        give(submission_of(peer, "bezit"), {"afhaalpunten": 7})
        move(peer, "bezit", "submitted", who)
    give(submission_of(library, "bezit"), {"afhaalpunten": 5})
    page = kb.get(_page(library))
    assert "Vergelijkbaar" in page.text
    assert '<td class="num figure-peers">7</td>' in page.text
    assert "het midden van 8 andere bibliotheken" in page.text


def test_every_figure_leads_to_the_page_about_it(kb: Client, library: Organisation) -> None:
    isil = library.locations.order_by("isil")[0].isil
    give(submission_of(library, "bezit"), {"afhaalpunten": 5, ("uren_open", isil): 20})
    text = kb.get(_page(library)).text
    place = {"year": YEAR, "isil": library.isil, "questionnaire": "bezit"}
    for url in (
        reverse("answer_page", kwargs={**place, "code": "afhaalpunten"}),
        reverse("answer_page_row", kwargs={**place, "code": "uren_open", "row": isil}),
    ):
        assert f'href="{url}"' in text
        assert kb.get(url).status_code == 200


def test_a_signal_leads_to_a_question_about_it(kb: Client, library: Organisation) -> None:
    isil = library.locations.order_by("isil")[0].isil
    give(submission_of(library, "bezit"), {("uren_open", isil): 20, ("uren_bemand", isil): 25})
    page = kb.get(_page(library))
    [told] = page.context["signals"]
    assert f"antwoord/uren_bemand/{isil}/?controle=" in told.ask_url
    assert "Vraag stellen" in page.text
    poi = _as(make_user(Role.POI, library.poi)).get(_page(library))
    assert "Vraag stellen" not in poi.text
    assert "Opmerking aan de KB" in poi.text


def test_questions_stand_above_the_answers_and_at_their_own(kb: Client, library: Organisation) -> None:
    who = User.objects.get()
    give(submission_of(library, "bezit"), {"afhaalpunten": 5})
    move(library, "bezit", "submitted", who)
    draft_remark(
        submission=submission_of(library, "bezit"),
        by=who,
        text="Zijn het er vijf?",
        question="afhaalpunten",
        row="",
        rule="",
        may_change=True,
    )
    page = kb.get(_page(library))
    assert page.text.count("Zijn het er vijf?") == 2
    assert "Verstuur 1 vraag" in page.text
    assert "1 vraag is nog niet verstuurd" in page.context["obstacle"]
    assert "Zijn het er vijf?" not in _as(make_user(Role.POI, library.poi)).get(_page(library)).text


def _approved(library: Organisation, by: User) -> Submission:
    submission, now = submission_of(library, "bezit"), timezone.now()
    Transition.objects.create(
        submission=submission, step="approve", before="submitted", after="approved", at=now, by=by
    )
    Submission.objects.filter(pk=submission.pk).update(
        state="approved", submitted_at=now, submitted_by=by, approved_at=now, approved_by=by
    )
    return submission_of(library, "bezit")


def test_a_correction_is_shown_to_the_library_with_what_it_gave(kb: Client, library: Organisation) -> None:
    who = User.objects.get()
    give(submission_of(library, "bezit"), {"afhaalpunten": 5})
    submission = _approved(library, who)
    before = delivery_of(submission).answers["afhaalpunten", ""]
    entry = Entry("afhaalpunten", "", Value.of(50), before)
    correct(submission=submission, entry=entry, reason="een nul vergeten", by=who)
    page = kb.get(_page(library))
    assert page.context["is_changed"]
    assert "gewijzigd na controle" in page.text
    assert "Wijziging gezien, opnieuw goedgekeurd" in page.text
    for text in (page.text, _as(make_user(Role.LIBRARY, library)).get(_read(library)).text):
        assert "Was: 5. <q>een nul vergeten</q>" in text


def _read(library: Organisation) -> str:
    return reverse("read", args=[YEAR, library.isil, "bezit"])


def test_who_has_it_can_let_go_from_the_page(kb: Client, library: Organisation) -> None:
    move(library, "bezit", "submitted", User.objects.get())
    take = reverse("take", args=[YEAR, library.isil, "bezit"])
    assert "Nog niemand heeft deze lijst in behandeling" in kb.get(_page(library)).text
    page = kb.post(take, {"doe": "neem", "vanaf": "lijst"}, follow=True)
    assert page.redirect_chain == [(_page(library), 302)]
    assert "U hebt deze lijst in behandeling" in page.text
    assert "In behandeling bij" in _as(make_user(Role.KB, name="Kees Dam")).get(_page(library)).text
    poi = _as(make_user(Role.POI, library.poi)).get(_page(library)).text
    assert "In behandeling bij" in poi
    assert "Neem" not in poi


def test_from_one_organisation_to_the_next_by_weight(kb: Client, library: Organisation) -> None:
    page = kb.get(_page(library), {"volgorde": "belang"})
    assert (page.context["previous"], page.context["following"]) == (None, None)
    assert "Op volgorde van belang" in page.text
