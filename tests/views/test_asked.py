"""The library's page of a question of the KB: a plain form, all of it or nothing; and where it hears of it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from surveys.actions.remarks import close, comment
from surveys.models import Remark, User
from surveys.queries.answers import answers_of
from surveys.values import Value
from surveys.workflow import Role
from tests.actions.asking_world import World
from tests.factories import YEAR, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(world: World, remark: Remark) -> str:
    place = {"year": YEAR, "isil": world.library.isil, "questionnaire": "personeel"}
    return reverse("asked", kwargs={**place, "remark": remark.pk})


def form(world: World, remark: Remark, number: str, **more: str) -> dict[str, str]:
    version = answers_of(world.submission)["vrijwilligers", ""].version
    typed = {"vrijwilligers": number, "vrijwilligers~v": str(version), "gezien": world.seen(remark)}
    return {**typed, "tekst": "Wij telden anders.", **more}


def value(world: World) -> Value:
    return answers_of(world.submission)["vrijwilligers", ""].value


def test_the_page_has_the_question_and_the_field(world: World) -> None:
    remark = world.ask("Zijn er <echt> zo weinig?")
    page = client_of(world.anna).get(url(world, remark)).content.decode()
    assert "Zijn er &lt;echt&gt; zo weinig?" in page
    assert 'name="vrijwilligers" value="1"' in page
    assert 'name="vrijwilligers_uren"' not in page
    assert page.count("Antwoord versturen") == 1
    assert "hx-disable" in page


def test_answering_sends_words_and_change_and_the_list_stays(world: World) -> None:
    remark, client = world.ask(), client_of(world.anna)
    response = client.post(url(world, remark), form(world, remark, "2"), follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(url(world, remark), 302)]
    assert "Uw antwoord is verstuurd; u hoeft verder niets in te dienen. De KB leest uw antwoord" in page
    assert "van <strong>1</strong> naar <strong>2</strong>" in page
    assert "Antwoord versturen" not in page
    assert "vrijwilligers~v" not in page
    assert (value(world), world.submission.state) == (Value.of(2), "submitted")


def test_nothing_to_say_keeps_what_was_typed(world: World) -> None:
    remark = world.ask()
    response = client_of(world.anna).post(url(world, remark), form(world, remark, "2", tekst=" "))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Schrijf een antwoord aan de KB, ook als u het cijfer wijzigt." in page
    assert 'name="vrijwilligers" value="2"' in page
    assert value(world) == Value.of(1)


@pytest.mark.parametrize(("typed", "told"), [("twee", "getal"), ("", "nog niet ingevuld")])
def test_what_cannot_be_kept_is_told_and_kept_on_screen(world: World, typed: str, told: str) -> None:
    remark = world.ask()
    response = client_of(world.anna).post(url(world, remark), form(world, remark, typed))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Uw antwoord is nog niet verstuurd" in page
    assert told in page
    assert f'name="vrijwilligers" value="{typed}"' in page
    assert "Wij telden anders." in page
    assert (value(world), world.now(remark).state) == (Value.of(1), "open")


def test_an_odd_figure_is_explained_on_the_same_form(world: World) -> None:
    remark, client = world.ask(), client_of(world.anna)
    response = client.post(url(world, remark), form(world, remark, "900"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Dit valt op aan uw nieuwe cijfer" in page
    assert value(world) == Value.of(1)
    asked = dict(one.split('" value="') for one in _hidden(page))
    stands = {name: text for name, text in asked.items() if name.endswith("-stand")}
    said = {f"{name.removesuffix('-stand')}-reden": "telling" for name in stands}
    said |= {f"{name.removesuffix('-stand')}-uitleg": "Met een nieuw systeem geteld." for name in stands}
    other = client.post(url(world, remark), form(world, remark, "901", **stands, **said))
    assert other.status_code == 422
    assert "Een cijfer is intussen gewijzigd." in other.content.decode()
    done = client.post(url(world, remark), form(world, remark, "900", **stands, **said))
    assert done.status_code == 302
    assert (value(world), world.now(remark).state) == (Value.of(900), "answered")


def _hidden(page: str) -> list[str]:
    """`name" value="text` of the hidden fields."""
    return [one.split('">')[0] for one in page.split('<input type="hidden" name="')[1:] if '" value="' in one]


def test_who_was_first_stands_beside_what_was_typed(world: World) -> None:
    remark = world.ask()
    typed = form(world, remark, "2")
    world.correct_silently(3, world.kees)
    response = client_of(world.anna).post(url(world, remark), typed)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Kees Berg was u voor" in page
    assert 'name="vrijwilligers" value="2"' in page
    assert value(world) == Value.of(3)
    again = client_of(world.anna).post(url(world, remark), form(world, remark, "2"))
    assert (again.status_code, value(world)) == (302, Value.of(2))


def test_a_page_of_before_tells_what_happened(world: World) -> None:
    remark = world.ask()
    typed = form(world, remark, "2")
    close(remark=remark, by=world.noor, seen=world.seen(remark), reason="Al gebeld.")
    response = client_of(world.anna).post(url(world, remark), typed)
    assert response.status_code == 409
    assert "Noor Wessenaar sloot deze vraag om" in response.content.decode()
    assert value(world) == Value.of(1)


def test_only_who_fills_in_the_list_answers(world: World) -> None:
    remark = world.ask()
    outsiders = [
        make_user(Role.LIBRARY, world.library, questionnaires="financieel"), world.piet, world.kees,
    ]  # fmt: skip
    for user in outsiders:
        page = client_of(user).get(url(world, remark)).content.decode()
        assert "Antwoord versturen" not in page
        assert "vrijwilligers~v" not in page
        assert client_of(user).post(url(world, remark), form(world, remark, "2")).status_code == 403
    assert value(world) == Value.of(1)


def test_what_is_not_put_to_the_library_is_not_there(world: World) -> None:
    hidden = [world.draft(), comment(submission=world.submission, by=world.piet, text="Let op.")]
    for remark in hidden:
        assert client_of(world.anna).get(url(world, remark)).status_code == 404
    other = reverse(
        "asked",
        kwargs={"year": YEAR, "isil": world.library.isil, "questionnaire": "bezit", "remark": world.ask().pk},
    )
    assert client_of(world.anna).get(other).status_code == 404


def test_the_library_hears_of_it_where_it_comes_in_and_at_its_list(world: World) -> None:
    remark = world.ask()
    home = reverse("delivery_home", kwargs={"year": YEAR, "isil": world.library.isil})
    place = {"year": YEAR, "isil": world.library.isil, "questionnaire": "personeel"}
    for path in (home, reverse("read", kwargs=place), reverse("receipt", kwargs=place)):
        page = client_of(world.anna).get(path).content.decode()
        assert "De KB heeft 1 vraag" in page
        assert f'href="{url(world, remark)}#antwoord"' in page
    close(remark=remark, by=world.kees, seen=world.seen(remark), reason="Al gebeld.")
    assert "De KB heeft" not in client_of(world.anna).get(home).content.decode()


def test_a_correction_is_told_where_the_library_comes_in(world: World) -> None:
    world.correct_silently(2, world.kees)
    home = reverse("delivery_home", kwargs={"year": YEAR, "isil": world.library.isil})
    page = client_of(world.anna).get(home).content.decode()
    assert "De KB heeft 1 antwoord gecorrigeerd" in page
    assert (
        "van <strong>1</strong> naar <strong>2</strong>, omdat: <q>Nageteld bij de bibliotheek.</q>" in page
    )
