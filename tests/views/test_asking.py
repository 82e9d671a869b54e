"""The KB's pages about answers: ask, send, follow up, correct and explain; what a POI sees of it and says."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from surveys.actions.answering import answer_remark
from surveys.actions.remarks import close, comment
from surveys.actions.submissions import send_back
from surveys.models import Explanation, Organisation, Participation, Remark, Reply, Submission, User
from surveys.queries.answers import answers_of
from surveys.queries.deliveries import delivery_of
from surveys.values import Value
from surveys.workflow import Role
from tests.actions.asking_world import World
from tests.factories import YEAR, make_library, make_poi, make_user, seen_at, take_part

pytestmark = pytest.mark.django_db(transaction=True)
YEARLY = f"/kb/{YEAR}/vragen/"


@pytest.fixture
def world() -> World:
    return World()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(world: World, name: str, **more: object) -> str:
    place = {"year": YEAR, "isil": world.library.isil, "questionnaire": "personeel"}
    return reverse(name, kwargs={**place, **more})


def answer_page(world: World, code: str = "vrijwilligers") -> str:
    return url(world, "answer_page", code=code)


def post(world: World, user: User, name: str, data: dict[str, Any], **more: object) -> Any:
    return client_of(user).post(url(world, name, **more), data)


def test_everything_about_one_answer(world: World) -> None:
    remark = world.ask("Zo weinig?")
    answer_remark(
        remark=remark, by=world.anna, text="Twee dus.", seen=world.seen(remark), entries=[world.entry(2)]
    )
    page = client_of(world.kees).get(answer_page(world)).content.decode()
    for text in (
        "Zo weinig?",
        "Twee dus.",
        "Anna Bos",
        "Gevraagd door de KB: Zo weinig? Antwoord:",
        "Opnieuw vragen",
        "Corrigeren",
    ):
        assert text in page
    assert page.count('<td class="num">') == 4


def test_a_question_is_asked_with_the_signal_that_raised_it(world: World) -> None:
    world.correct_silently(900, world.kees)
    finding = delivery_of(world.submission).findings[0]
    code, _ = finding.anchor
    page = client_of(world.kees).get(f"{answer_page(world, code)}?controle={finding.code}").content.decode()
    assert "Klopt dit?</textarea>" in page
    assert f'name="regel" value="{finding.code}"' in page
    data = {"vraag": code, "rij": "", "regel": finding.code, "tekst": "Zoveel ineens?", "openzetten": "on"}
    response = post(world, world.kees, "ask", data)
    remark = Remark.objects.get()
    assert response.headers["Location"] == f"{answer_page(world, code)}#v{remark.pk}"
    assert (remark.rule, remark.state, remark.reopened.count() > 0) == (finding.code, "draft", True)


def test_a_question_may_leave_the_answer_shut_and_be_about_the_whole_list(world: World) -> None:
    post(world, world.kees, "ask", {"vraag": "vrijwilligers", "tekst": "Hoe telde u?"})
    response = post(world, world.kees, "ask", {"tekst": "Wie vulde dit in?", "openzetten": "on"})
    assert response.headers["Location"].startswith(url(world, "list_remarks"))
    assert [one.reopened.count() for one in Remark.objects.all()] == [0, 0]
    assert sorted(Remark.objects.values_list("question", flat=True)) == ["", "vrijwilligers"]


def test_an_empty_question_keeps_the_page(world: World) -> None:
    for data in ({"vraag": "vrijwilligers", "tekst": " "}, {"tekst": " "}):
        response = post(world, world.kees, "ask", data)
        assert response.status_code == 422
        assert "Schrijf op wat u wilt vragen." in response.content.decode()


def test_drafts_go_out_in_one_mail_from_the_page_of_the_year(world: World) -> None:
    drafts = [world.draft(), world.draft("En dit?", "vrijwilligers_uren")]
    page = client_of(world.kees).get(YEARLY).content.decode()
    assert "Verstuur 2 vragen aan Bibliotheek 1" in page
    data = {"vraag": [one.pk for one in drafts], "terug": "status=open"}
    response = client_of(world.kees).post(url(world, "send_remarks"), data, follow=True)
    assert response.redirect_chain == [(f"{YEARLY}?status=open", 302)]
    assert "2 vragen verstuurd aan Anna Bos." in response.content.decode()
    assert len(mail.outbox) == 1
    again = client_of(world.kees).post(url(world, "send_remarks"), data, follow=True)
    assert "Er stond niets meer klaar om te versturen." in again.content.decode()
    assert len(mail.outbox) == 1


def test_following_up(world: World) -> None:
    remark = world.ask()
    answer_remark(remark=remark, by=world.anna, text="Ja.", seen=world.seen(remark))
    data = {"gezien": world.seen(remark), "tekst": "Echt?"}
    post(world, world.kees, "follow_up", data, remark=remark.pk, move="opnieuw")
    assert world.now(remark).state == "open"
    data = {"was": str(world.kees.pk), "behandelaar": str(world.noor.pk)}
    post(world, world.kees, "follow_up", data, remark=remark.pk, move="toewijzen")
    assert world.now(remark).assignee == world.noor
    seen = {"gezien": world.seen(remark)}
    refused = post(world, world.kees, "follow_up", seen, remark=remark.pk, move="sluiten")
    assert refused.status_code == 409
    assert "Schrijf waarom u deze vraag sluit" in refused.content.decode()
    seen["tekst"] = "Al gebeld."
    post(world, world.kees, "follow_up", seen, remark=remark.pk, move="sluiten")
    assert world.now(remark).state == "closed"
    assert post(world, world.kees, "follow_up", seen, remark=remark.pk, move="iets").status_code == 404


def test_a_page_of_before_keeps_the_words_and_tells_what_happened(world: World) -> None:
    remark = world.ask()
    answer_remark(remark=remark, by=world.anna, text="Ja.", seen=world.seen(remark))
    data = {"gezien": "open.0", "tekst": "Weet u het zeker?"}
    response = post(world, world.kees, "follow_up", data, remark=remark.pk, move="opnieuw")
    page = response.content.decode()
    assert response.status_code == 409
    assert "Anna Bos antwoordde om" in page
    assert "Weet u het zeker?</textarea>" in page
    assert Reply.objects.count() == 1


def test_a_draft_is_taken_back_once_and_twice(world: World) -> None:
    remark = world.draft()
    for _ in range(2):
        response = post(world, world.kees, "follow_up", {}, remark=remark.pk, move="intrekken")
        assert response.status_code == 302
    assert not Remark.objects.exists()


def correction(world: World, text: str, **more: str) -> dict[str, str]:
    version = answers_of(world.submission)["vrijwilligers", ""].version
    return {
        "vraag": "vrijwilligers",
        "waarde": text,
        "versie": str(version),
        "reden": "Nageteld met Anna.",
        **more,
    }


def value(world: World) -> Value:
    return answers_of(world.submission)["vrijwilligers", ""].value


def test_a_correction_is_made(world: World) -> None:
    response = post(world, world.kees, "correct", correction(world, "2"))
    assert response.headers["Location"] == answer_page(world)
    page = client_of(world.kees).get(answer_page(world)).content.decode()
    assert "Nageteld met Anna." in page
    assert value(world) == Value.of(2)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"waarde": "twee"}, "getal"),
        ({"waarde": ""}, "stel haar hiernaast een vraag over dit antwoord"),
        ({"reden": "Nee"}, "Schrijf in een paar woorden waarom u dit corrigeert."),
    ],
)
def test_what_cannot_be_a_correction_is_told(world: World, change: dict[str, str], told: str) -> None:
    response = post(world, world.kees, "correct", {**correction(world, "2"), **change})
    assert response.status_code == 422
    assert told in response.content.decode()
    assert value(world) == Value.of(1)


def test_a_correction_that_makes_an_error_is_refused(world: World) -> None:
    stored = answers_of(world.submission)["inhuur_fte", ""]
    data = {
        "vraag": "inhuur_fte",
        "waarde": "7",
        "versie": str(stored.version),
        "reden": "Nageteld met Anna.",
    }
    response = post(world, world.kees, "correct", data)
    assert response.status_code == 422
    assert "Niet bewaard" in response.content.decode()
    assert answers_of(world.submission)["inhuur_fte", ""] == stored


def test_who_corrected_first_is_not_overwritten_unseen(world: World) -> None:
    data = correction(world, "2")
    world.correct_silently(3, world.noor)
    response = post(world, world.kees, "correct", data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Een antwoord is intussen gewijzigd." in page
    assert 'name="waarde" value="2"' in page
    assert value(world) == Value.of(3)
    assert post(world, world.kees, "correct", correction(world, "2")).status_code == 302
    assert value(world) == Value.of(2)


def test_the_kb_explains_in_its_own_name(world: World) -> None:
    world.correct_silently(900, world.kees)
    finding = delivery_of(world.submission).findings[0]
    page = client_of(world.noor).get(answer_page(world, finding.anchor[0])).content.decode()
    stand = page.split('name="stand" value="')[1].split('"')[0]
    data = {
        "vraag": finding.anchor[0],
        "signaal": finding.id,
        "stand": stand,
        f"{finding.id}-reden": "telling",
    }
    assert post(world, world.noor, "explain_for", data).status_code == 422
    data[f"{finding.id}-uitleg"] = "Zo verteld aan de telefoon."
    stale = post(world, world.noor, "explain_for", {**data, "stand": "anders"})
    assert stale.status_code == 302
    assert not Explanation.objects.filter(by=world.noor).exists()
    assert post(world, world.noor, "explain_for", data).status_code == 302
    assert Explanation.objects.get(by=world.noor).text == "Zo verteld aan de telefoon."


def test_a_poi_reads_along_and_says_something_to_the_kb(world: World) -> None:
    draft, asked = world.draft("Nog niet verstuurd"), world.ask("Wel verstuurd", "vrijwilligers_uren")
    colleague = make_user(Role.POI, world.poi, name="Paula Oever")
    stranger = make_user(Role.POI, make_poi(2), name="Sam Overkant")
    comment(submission=world.submission, by=colleague, text="Van mijn collega")
    comment(submission=world.submission, by=stranger, text="Van een ander steunpunt")
    client = client_of(world.piet)
    page = client.get(YEARLY).content.decode()
    assert asked.text in page
    assert draft.text not in page
    assert "Van mijn collega" in page
    assert "Van een ander steunpunt" not in page
    response = client.post(url(world, "comment"), {"vraag": "vrijwilligers", "tekst": "Ik bel haar even."})
    mine = Remark.objects.get(made_by=world.piet)
    assert response.headers["Location"].endswith(f"#v{mine.pk}")
    page = client.get(answer_page(world)).content.decode()
    assert "Ik bel haar even." in page
    for words in ("Vraag klaarzetten", "Corrigeren", "Afsluiten", "Intrekken"):
        assert words not in page
    data = {"gezien": world.seen(mine), "tekst": "Zij is met vakantie."}
    client.post(url(world, "follow_up", remark=mine.pk, move="reageren"), data)
    assert world.now(mine).replies.get().side == "poi"
    assert "Zij is met vakantie." in client_of(world.kees).get(answer_page(world)).content.decode()


def test_the_page_of_the_year_filters_and_counts(world: World) -> None:
    mine, other = world.ask("Van mij"), world.ask("Van een ander", "vrijwilligers_uren", by=world.noor)
    done = world.ask("Klaar", "inhuur_fte")
    close(remark=done, by=world.kees, seen=world.seen(done), reason="Al gebeld.")
    client = client_of(world.kees)

    def shown(query: str) -> list[str]:
        page = client.get(f"{YEARLY}{query}").content.decode()
        return [one.text for one in (mine, other, done) if one.text in page]

    assert shown("") == ["Van mij", "Van een ander"]
    assert shown("?status=afgesloten") == ["Klaar"]
    assert shown("?van=mij") == ["Van mij"]
    assert shown("?vragenlijst=bezit") == []
    assert shown("?provincie=Drenthe") == ["Van mij", "Van een ander"]
    assert shown("?status=onzin&van=onzin") == ["Van mij", "Van een ander"]
    page = client.get(YEARLY).content.decode()
    assert ">2 open</a>" in page
    assert ">1 afgesloten</a>" in page
    assert client.get("/kb/1999/vragen/").status_code == 404


def test_what_waits_longest_comes_first(world: World) -> None:
    first, second = world.ask("Eerste"), world.ask("Tweede", "vrijwilligers_uren")
    answer_remark(remark=first, by=world.anna, text="Ja.", seen=world.seen(first))
    page = client_of(world.kees).get(YEARLY).content.decode()
    assert page.index(second.text) < page.index(first.text)


@pytest.mark.parametrize("others", [0, 2, 999])
def test_the_page_of_the_year_takes_as_many_queries_however_many(world: World, others: int) -> None:
    world.ask()
    _ask_all(world, others)
    client = client_of(world.kees)
    with CaptureQueriesContext(connection) as found:
        response = client.get(YEARLY)
    assert response.content.decode().count('<th scope="row">') == min(1 + others, 100)
    # session and user, oversight, round, counts, how many, remarks, their replies, what they reopen, drafts
    assert len(found) == 10, [one["sql"][:90] for one in found]


def test_who_waits_longer_stands_on_the_next_page(world: World) -> None:
    _ask_all(world, 101)
    page = client_of(world.kees).get(f"{YEARLY}?pagina=2").content.decode()
    assert page.count('<th scope="row">') == 1
    assert "101 tot en met 101 van 101" in page


def test_a_draft_is_sent_from_the_page_of_its_answer(world: World) -> None:
    world.draft()
    page = client_of(world.kees).get(answer_page(world)).content.decode()
    assert "Verstuur 1 vraag aan" in page
    assert "nog niet verstuurd</span></td>" in client_of(world.kees).get(YEARLY).content.decode()


def test_what_was_refused_is_told_at_the_top_with_a_link(world: World) -> None:
    page = post(world, world.kees, "correct", correction(world, "twee")).content.decode()
    assert '<a href="#corrigeren-waarde">Juiste antwoord' in page


def test_what_was_not_mailed_is_mailed_again(world: World) -> None:
    world.ask()
    assert "Opnieuw mailen" in client_of(world.kees).get(answer_page(world)).content.decode()
    response = client_of(world.kees).post(url(world, "mail_remarks"), follow=True)
    assert "1 vraag opnieuw gemaild aan Anna Bos." in response.content.decode()
    assert "Opnieuw mailen" not in response.content.decode()


def test_drafts_of_a_list_that_was_sent_back_stay(world: World) -> None:
    remark = world.draft()
    send_back(submission=world.submission, by=world.kees, reason="Kijk na.", seen=seen_at(world.submission))
    response = client_of(world.kees).post(url(world, "send_remarks"), {"vraag": remark.pk}, follow=True)
    assert "Verstuur uw vraag als de lijst weer is ingediend" in response.content.decode()


def _ask_all(world: World, others: int) -> None:
    """As many other libraries, each with a question and an answer."""
    now = timezone.now()
    libraries = Organisation.objects.bulk_create(
        Organisation(isil=f"NL-09{number:05}", name=f"Andere {number}", province="Drenthe")
        for number in range(others)
    )
    participations = Participation.objects.bulk_create(
        Participation(round_id=YEAR, organisation=one) for one in libraries
    )
    lists = Submission.objects.bulk_create(
        Submission(
            participation=one,
            questionnaire="bezit",
            state="submitted",
            submitted_at=now,
            submitted_by=world.anna,
        )
        for one in participations
    )
    remarks = Remark.objects.bulk_create(
        Remark(
            submission=one, question="leden_jeugd", text="Klopt dit?", state="answered", made_at=now,
            made_by=world.kees, sent_at=now, answered_at=now,
        )
        for one in lists
    )  # fmt: skip
    Reply.objects.bulk_create(
        Reply(remark=one, side="library", text="Ja.", at=now, by=world.anna) for one in remarks
    )


def test_a_location_is_named(world: World) -> None:
    library = make_library(3, locations=1)
    take_part(library)
    isil = library.locations.get().isil
    place = {"year": YEAR, "isil": library.isil, "questionnaire": "bezit", "code": "bezoeken_locatie"}
    client = client_of(world.kees)
    assert (
        "Vestiging 1"
        in client.get(reverse("answer_page_row", kwargs={**place, "row": isil})).content.decode()
    )
    for path in (
        reverse("answer_page", kwargs=place),
        reverse("answer_page_row", kwargs={**place, "row": "NL-bestaat-niet"}),
        reverse("answer_page_row", kwargs={**place, "code": "leden_jeugd", "row": isil}),
    ):
        assert client.get(path).status_code == 404
