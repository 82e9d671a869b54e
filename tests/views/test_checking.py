"""Signals: on the page Controleren, beside their field, explained and repaired."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from surveys.actions import repairs
from surveys.actions.repairs import mark_of
from surveys.forms.explaining import stand_of
from surveys.models import AnswerChange, Event, EventKind, Explanation, Organisation, Submission, User
from surveys.queries.answers import answers_of, values_of
from surveys.queries.deliveries import delivery_of
from surveys.queries.signals import Signal
from surveys.questionnaires.loader import load_edition
from surveys.values import Value
from surveys.views import checking
from surveys.workflow import Role
from tests.factories import YEAR, give, make_library, make_poi, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db

VISITS = "verdwenen_bezoeken_bezoeken_website"
MEMBERS = "sprong_leden_leden_jeugd"
SOFTWARE = "sprong_bedrag_kosten_automatisering"
WHY = "De teller van de website was stuk."


@pytest.fixture
def library() -> Organisation:
    """No visits to the website counted, half of the young members, an amount in thousands."""
    library = make_library(poi=make_poi())
    take_part(library, YEAR - 1)
    take_part(library)
    give(submission_of(library, "bezit", YEAR - 1), {"bezoeken_website": 65_000, "leden_jeugd": 4000})
    give(submission_of(library, "bezit"), {"bezoeken_website": 0, "leden_jeugd": 2000})
    give(submission_of(library, "financieel", YEAR - 1), {"kosten_automatisering": 131_000})
    give(submission_of(library, "financieel"), {"kosten_automatisering": 130_000_000})
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


def url(name: str, library: Organisation, questionnaire: str = "bezit") -> str:
    return reverse(name, kwargs={"year": YEAR, "isil": library.isil, "questionnaire": questionnaire})


def signal_of(library: Organisation, name: str, questionnaire: str = "bezit", year: int = YEAR) -> Signal:
    signals = delivery_of(submission_of(library, questionnaire, year)).signals
    return next(one for one in signals if one.finding.id == name)


def explained(library: Organisation, name: str, **typed: str) -> dict[str, str]:
    """What the form of this signal sends."""
    fields = {f"{name}-{field}": text for field, text in typed.items() if field in ("reden", "uitleg")}
    others = {field: text for field, text in typed.items() if field not in ("reden", "uitleg")}
    return {"signaal": name, "stand": stand_of(signal_of(library, name).finding), **fields, **others}


def names(page: str) -> list[str]:
    return re.findall(r'<article class="check [^"]*" id="s-([^"]+)"', page)


def make_event(library: Organisation, by: User, kind: str = "verbouwing") -> Event:
    return Event.objects.create(
        organisation=library, kind=kind, description="Hoofdvestiging half open.", starts=f"{YEAR}-02-01",
        ends=f"{YEAR}-08-31", added_at=by.date_joined, added_by=by,
    )  # fmt: skip


def test_all_signals_stand_together_with_figures_and_links(client: Client, library: Organisation) -> None:
    page = client.get(url("check", library)).content.decode()
    assert names(page) == [VISITS, MEMBERS]
    assert "Bij 2 signalen vragen wij u om een verbetering of een korte uitleg." in page
    assert "is 2.000, vorig jaar 4.000: 50% minder." in page
    assert f'href="/levering/{YEAR}/{library.isil}/bezit/deel/website/#f-bezoeken_website"' in page
    assert f'aria-label="{YEAR}: 2.000; {YEAR - 1}: 4.000"' in page


def test_the_answer_that_made_it_a_signal_is_linked_too(client: Client, library: Organisation) -> None:
    give(submission_of(library, "kernfuncties"), {"partner_po": "nee", "po_locaties": 4})
    page = client.get(url("check", library, "kernfuncties")).content.decode()
    label = load_edition(YEAR).questions["partner_po"].label
    assert f"Bij ‘{label}’ staat nee, maar ‘" in page
    assert re.search(rf'href="[^"]*#f-partner_po"><span class="q-number">[^<]*</span>&nbsp;{label}</a>', page)


def test_an_error_comes_first_and_takes_no_explanation(client: Client, library: Organisation) -> None:
    give(submission_of(library, "bezit"), {"leden_0_3": 1, "leden_4_8": 1, "leden_9_12": 1, "leden_13_17": 1})
    page = client.get(url("check", library)).content.decode()
    assert names(page) == ["leeftijden_jeugd", VISITS]  # what is wrong explains what is odd about it
    assert "leeftijden_jeugd-reden" not in page
    data = {"signaal": "leeftijden_jeugd", "leeftijden_jeugd-reden": "anders", "leeftijden_jeugd-uitleg": WHY}
    assert "Er is niets bewaard" in client.post(url("explain", library), data, follow=True).content.decode()
    assert not Explanation.objects.exists()


def test_an_explanation_is_kept_and_told(client: Client, library: Organisation, anna: User) -> None:
    data = explained(library, VISITS, reden="telling", uitleg=f"  {WHY} ")
    response = client.post(url("explain", library), data, follow=True)
    assert response.redirect_chain == [(f"{url('check', library)}?na={VISITS}#verder", 302)]
    page = response.content.decode()
    assert "Uitleg bewaard bij ‘Bezoeken aan de website’." in page
    assert names(page) == [MEMBERS, VISITS]
    assert "Toegelicht (1)" in page
    [given] = Explanation.objects.all()
    assert (given.rule, given.reason, given.text, given.by, given.is_confirmed) == (
        VISITS,
        "telling",
        WHY,
        anna,
        False,
    )
    assert signal_of(library, VISITS).is_explained


@pytest.mark.parametrize("text", ["", "   ", "klopt", " . . . "])
def test_spaces_or_one_word_explain_nothing(client: Client, library: Organisation, text: str) -> None:
    data = explained(library, VISITS, reden="telling", uitleg=text)
    response = client.post(url("explain", library), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Leg in een paar woorden uit waarom dit cijfer klopt." in page
    assert '<option value="telling" selected>' in page
    assert not Explanation.objects.exists()


def test_what_was_typed_stays_when_the_reason_is_missing(client: Client, library: Organisation) -> None:
    response = client.post(url("explain", library), explained(library, VISITS, reden="", uitleg=WHY))
    assert response.status_code == 422
    assert "Kies een reden." in response.content.decode()
    assert f"{WHY}</textarea>" in response.content.decode()


def test_beside_the_field_only_its_messages_come_back(client: Client, library: Organisation) -> None:
    data = explained(library, VISITS, reden="telling", uitleg=WHY, veld="1")
    page = client.post(url("explain", library), data).content.decode()
    assert '<div class="q-messages" id="m-bezoeken_website" data-hx-swap-oob="true">' in page
    assert f"<q>{WHY}</q>" in page
    assert 'name="bezoeken_website"' not in page
    assert 'id="rail-check"' in page
    assert "1 signaal" in page


def test_beside_the_field_what_is_refused_says_why(client: Client, library: Organisation) -> None:
    data = explained(library, VISITS, reden="telling", uitleg="ja", veld="1")
    response = client.post(url("explain", library), data)
    assert response.status_code == 422
    assert "Leg in een paar woorden uit" in response.content.decode()
    assert re.search(r"<textarea[^>]* autofocus", response.content.decode())


def test_a_figure_that_changed_meanwhile_is_looked_at_first(client: Client, library: Organisation) -> None:
    data = explained(library, MEMBERS, reden="beleid", uitleg="Wij stopten met een actie.")
    give(submission_of(library, "bezit"), {"leden_jeugd": 1500})
    response = client.post(url("explain", library), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Een cijfer is intussen gewijzigd." in page
    assert "is 1.500, vorig jaar 4.000" in page
    assert "Wij stopten met een actie.</textarea>" in page
    assert not Explanation.objects.exists()


def test_a_signal_that_is_gone_is_told_kindly(client: Client, library: Organisation) -> None:
    data = explained(library, MEMBERS, reden="beleid", uitleg=WHY)
    give(submission_of(library, "bezit"), {"leden_jeugd": 4001})
    page = client.post(url("explain", library), data, follow=True).content.decode()
    assert "Dit signaal is er niet meer" in page
    beside = client.post(url("explain", library), {**data, "veld": "1"})
    assert beside.headers["HX-Refresh"] == "true"
    assert not Explanation.objects.exists()


def test_a_stale_explanation_is_shown_and_confirmed_anew(client: Client, library: Organisation) -> None:
    client.post(
        url("explain", library), explained(library, MEMBERS, reden="beleid", uitleg="Minder op school.")
    )
    give(submission_of(library, "bezit"), {"leden_jeugd": 1500})
    page = client.get(url("check", library)).content.decode()
    assert "Bij een ander cijfer schreef Anna Bos" in page
    assert "Deze uitleg geldt ook voor dit cijfer" in page
    client.post(url("explain", library), explained(library, MEMBERS, opnieuw="1"))
    assert signal_of(library, MEMBERS).is_explained
    assert list(Explanation.objects.values_list("text", flat=True)) == ["Minder op school."] * 2


def test_last_years_words_can_be_confirmed(client: Client, library: Organisation, anna: User) -> None:
    Explanation.objects.create(
        participation=submission_of(library, "bezit", YEAR - 1).participation, rule=MEMBERS, figures="x",
        question="leden_jeugd", reason="beleid", text="Geen actie op school.", at=anna.date_joined, by=anna,
    )  # fmt: skip
    page = client.get(url("check", library)).content.decode()
    assert "Vorig jaar schreef Anna Bos bij ditzelfde signaal:" in page
    assert "Geen actie op school." in page
    client.post(url("explain", library), explained(library, MEMBERS, vorig_jaar="1"))
    given = signal_of(library, MEMBERS).explanation
    assert given is not None
    assert (given.text, given.is_confirmed, given.year) == ("Geen actie op school.", True, YEAR)


def test_a_button_of_an_older_page_confirms_nothing(
    client: Client, library: Organisation, anna: User
) -> None:
    event = make_event(library, anna)
    data = explained(library, MEMBERS, gebeurtenis=str(event.pk))
    give(submission_of(library, "bezit"), {"leden_jeugd": 1500})
    assert "Er is niets bewaard" in client.post(url("explain", library), data, follow=True).content.decode()
    assert not Explanation.objects.exists()


def test_an_event_that_fits_is_offered_and_answers(client: Client, library: Organisation, anna: User) -> None:
    event = make_event(library, anna)
    make_event(library, anna, kind="nieuwe_vestiging")  # makes figures go up
    page = client.get(url("check", library)).content.decode()
    assert page.count(f'value="{event.pk}">Dit komt door: verbouwing februari–augustus {YEAR}') == 2
    assert "Dit komt door: nieuwe vestiging" not in page
    assert f"Verbouwing februari–augustus {YEAR} kan 2 van deze signalen verklaren." in page
    client.post(url("explain", library), explained(library, MEMBERS, gebeurtenis=str(event.pk)))
    given = signal_of(library, MEMBERS).explanation
    assert given is not None
    assert (given.event, given.reason) == (event, EventKind.RENOVATION.reason)
    assert given.text == f"Verbouwing, februari–augustus {YEAR}: Hoofdvestiging half open"


def repair_data(library: Organisation) -> dict[str, str]:
    finding = signal_of(library, SOFTWARE, "financieel").finding
    return {"signaal": SOFTWARE, "herstel": mark_of(finding, finding.slips[0])}


def test_a_slip_is_repaired_as_its_button_says(client: Client, library: Organisation, anna: User) -> None:
    page = client.get(url("check", library, "financieel")).content.decode()
    assert "Herstel: duizend keer te veel bij ‘Automatisering’; maak er € 130.000 van." in page
    response = client.post(url("repair", library, "financieel"), repair_data(library), follow=True)
    page = response.content.decode()
    assert "Hersteld: ‘Automatisering’ is nu 130.000." in page
    assert names(page) == []
    key = ("kosten_automatisering", "")
    assert values_of(submission_of(library, "financieel"))[key] == Value.of(130_000)
    change = AnswerChange.objects.get(by=anna)
    assert (change.source, change.reason) == (
        "form",
        "vergissing hersteld: duizend keer te veel of te weinig",
    )


def test_a_repair_beside_the_field_leads_to_the_field(client: Client, library: Organisation) -> None:
    response = client.post(url("repair", library, "financieel"), {**repair_data(library), "veld": "1"})
    version = answers_of(submission_of(library, "financieel"))["kosten_automatisering", ""].version
    assert response.headers["HX-Redirect"] == (
        f"/levering/{YEAR}/{library.isil}/financieel/deel/kosten/?hersteld={version}#f-kosten_automatisering"
    )


def test_a_repair_keeps_mark_and_note(client: Client, library: Organisation) -> None:
    stored = answers_of(submission_of(library, "financieel"))["kosten_automatisering", ""]
    data = {"kosten_automatisering": "130.000.000", "kosten_automatisering~v": str(stored.version)}
    data |= {"kosten_automatisering~e": "on", "kosten_automatisering~n": "Nog zonder de laatste factuur."}
    assert client.post(url("answer", library, "financieel"), data).status_code == 200
    client.post(url("repair", library, "financieel"), repair_data(library))
    stored = answers_of(submission_of(library, "financieel"))["kosten_automatisering", ""]
    assert (stored.value, stored.is_estimate, stored.note) == (
        Value.of(130_000),
        True,
        "Nog zonder de laatste factuur.",
    )


@pytest.mark.parametrize("veld", [{}, {"veld": "1"}])
def test_nothing_is_repaired_when_another_answer_stands_there(
    client: Client, library: Organisation, veld: dict[str, str]
) -> None:
    data = repair_data(library)
    give(submission_of(library, "financieel"), {"kosten_automatisering": 131_000_000})
    response = client.post(url("repair", library, "financieel"), {**data, **veld})
    assert response.headers.get("HX-Refresh") == ("true" if veld else None)
    page = client.get(url("check", library, "financieel")).content.decode()
    assert "Een antwoord is intussen gewijzigd. Er is niets hersteld" in page
    key = ("kosten_automatisering", "")
    assert values_of(submission_of(library, "financieel"))[key] == Value.of(131_000_000)


def test_nothing_is_repaired_when_a_colleague_is_first_by_a_blink(
    client: Client, library: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = submission_of(library, "financieel")
    monkeypatch.setattr(repairs, "begin", lambda **_: give(submission, {"kosten_automatisering": 140_000}))
    response = client.post(url("repair", library, "financieel"), repair_data(library), follow=True)
    assert "Er is niets hersteld" in response.content.decode()
    assert values_of(submission)["kosten_automatisering", ""] == Value.of(140_000)


def deliver(library: Organisation, by: User) -> None:
    Submission.objects.filter(participation__organisation=library).update(
        state="submitted", submitted_at=by.date_joined, submitted_by=by
    )


def test_who_may_not_fill_in_reads_only(library: Organisation) -> None:
    poi = make_user(Role.POI, library.poi)
    kb = make_user(Role.KB)
    partial = make_user(Role.LIBRARY, library, questionnaires="personeel")
    for user in (poi, kb, partial):
        client = client_of(user)
        page = client.get(url("check", library)).content.decode()
        assert "Alleen lezen" in page
        assert names(page) == [VISITS, MEMBERS]
        assert 'name="signaal"' not in page
        data = explained(library, VISITS, reden="telling", uitleg=WHY)
        assert client.post(url("explain", library), data).status_code == 403
        assert client.post(url("repair", library, "financieel"), repair_data(library)).status_code == 403
    assert not Explanation.objects.exists()


def test_a_delivered_list_takes_no_explanation(client: Client, library: Organisation, anna: User) -> None:
    data = explained(library, VISITS, reden="telling", uitleg=WHY)
    deliver(library, anna)
    assert client.post(url("explain", library), data).status_code == 403
    assert "Alleen lezen" in client.get(url("check", library)).content.decode()


def test_a_list_that_is_submitted_by_a_blink_takes_no_explanation(
    client: Client, library: Organisation, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = checking.keep_explanation

    def late(**kwargs: object) -> object:
        deliver(library, anna)
        return keep(**kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(checking, "keep_explanation", late)
    data = explained(library, VISITS, reden="telling", uitleg=WHY)
    assert client.post(url("explain", library), data).status_code == 403
    assert not Explanation.objects.exists()


def test_looking_writes_nothing(client: Client, library: Organisation) -> None:
    changes = AnswerChange.objects.count()
    client.get(f"{url('check', library)}?na={VISITS}")
    client.get(reverse("events", kwargs={"year": YEAR, "isil": library.isil}))
    assert (AnswerChange.objects.count(), Explanation.objects.count()) == (changes, 0)


def test_an_empty_page_says_what_was_checked(client: Client, library: Organisation) -> None:
    page = client.get(url("check", library, "personeel")).content.decode()
    assert re.search(r"\d+ controles, geen signalen\.", page)
    assert "Naar wat nog te doen is" in page
    assert reverse("rules", kwargs={"year": YEAR}) in page


def test_the_page_of_a_section_shows_the_signal_at_its_field(client: Client, library: Organisation) -> None:
    place = {"year": YEAR, "isil": library.isil, "questionnaire": "bezit"}
    page = client.get(reverse("section", kwargs={**place, "section": "website"})).content.decode()
    assert f'id="s-{VISITS}"' in page
    assert f'name="{VISITS}-uitleg"' in page
    assert "opgeslagen, met signaal" in page
    assert "Controleren" in page
    assert '<span id="pager-check"> (2)' in page
    in_table = client.get(reverse("section", kwargs={**place, "section": "leden"})).content.decode()
    cell, below = in_table.split('<div class="table-signals">')
    assert f'href="#s-{MEMBERS}"' in cell
    assert f'id="s-{MEMBERS}"' in below


def test_a_save_answers_with_the_signal(client: Client, library: Organisation) -> None:
    stored = answers_of(submission_of(library, "bezit"))
    data = {"leden_jeugd": "1.900", "leden_jeugd~v": str(stored["leden_jeugd", ""].version)}
    page = client.post(url("answer", library), data).content.decode()
    assert f'href="#s-{MEMBERS}"' in page
    assert '<div id="ms-leden_jeugd" data-hx-swap-oob="true">' in page
    assert "is 1.900, vorig jaar 4.000" in page
    assert f'name="{MEMBERS}-uitleg"' in page


def test_a_library_with_nothing_but_signals_is_led_to_them(client: Client, library: Organisation) -> None:
    home = client.get(reverse("delivery_home", kwargs={"year": YEAR, "isil": library.isil})).content.decode()
    assert "2 signalen" in home
    todo = client.get(url("todo", library)).content.decode()
    assert "uitleg gevraagd" in todo
    assert url("check", library) in todo


def test_the_reader_sees_the_explanation(client: Client, library: Organisation) -> None:
    client.post(url("explain", library), explained(library, VISITS, reden="telling", uitleg=WHY))
    kb = client_of(make_user(Role.KB))
    page = kb.get(url("review_submission", library)).content.decode()
    assert "Signalen (2)" in page
    assert "1 zonder uitleg" in page
    assert "1 toegelicht" in page
    assert page.count(f"<q>{WHY}</q>") == 2  # among the signals, and at the answer
