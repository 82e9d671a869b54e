"""The timeline of an organisation: what is kept, and which dates cannot be meant."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from surveys.actions.events import EventError, add_event, problems_of
from surveys.models import Event, Organisation, User
from surveys.workflow import Role
from tests.factories import make_library, make_user

NOW = datetime(2000, 2, 29, 12, tzinfo=UTC)
TODAY = NOW.date()
TOLD: dict[str, Any] = {
    "kind": "verbouwing",
    "description": "Nieuw dak",
    "starts": date(1999, 2, 1),
    "ends": date(1999, 8, 31),
}


@pytest.fixture
def library(db: None) -> Organisation:
    return make_library(locations=1)


@pytest.fixture
def anna(library: Organisation) -> User:
    return make_user(Role.LIBRARY, library, name="Anna")


@time_machine.travel(NOW, tick=False)
def test_an_event_is_kept(library: Organisation, anna: User) -> None:
    one = add_event(organisation=library, by=anna, **TOLD | {"description": " Nieuw\x00 dak\r\nen kelder "})
    assert Event.objects.values().get() == {
        "id": one.pk,
        "organisation_id": library.pk,
        "kind": "verbouwing",
        "description": "Nieuw dak\nen kelder",
        "starts": date(1999, 2, 1),
        "ends": date(1999, 8, 31),
        "added_at": NOW,
        "added_by_id": anna.pk,
    }


@time_machine.travel(NOW)
def test_a_double_click_is_one_event(library: Organisation, anna: User) -> None:
    first = add_event(organisation=library, by=anna, **TOLD)
    assert add_event(organisation=library, by=anna, **TOLD) == first
    for other in ({"description": "Nieuwe kelder"}, {"ends": None}, {"ends": date(1999, 9, 1)}):
        assert add_event(organisation=library, by=anna, **TOLD | other) != first
    assert add_event(organisation=make_library(2), by=anna, **TOLD) != first


@pytest.mark.parametrize(
    ("facts", "problems"),
    [
        ({}, {}),
        ({"ends": None}, {}),
        ({"ends": date(1999, 2, 1)}, {}),
        ({"starts": date(1990, 2, 28)}, {}),
        ({"starts": date(2001, 2, 28), "ends": None}, {}),
        ({"ends": date(2010, 2, 28)}, {}),
        ({"kind": ""}, {"kind": "Kies een soort gebeurtenis."}),
        ({"kind": "feest"}, {"kind": "Kies een soort gebeurtenis."}),
        (
            {"description": " \n. "},
            {"description": "Schrijf op wat er is gebeurd, zoals ‘hoofdvestiging verbouwd’."},
        ),
        (
            {"description": "a" * 1001},
            {
                "description": "Deze omschrijving is 1.001 tekens lang; er passen er 1.000. Kort de omschrijving in."
            },
        ),
        ({"starts": None}, {"starts": "Vul in wanneer het begon."}),
        (
            {"starts": date(1990, 2, 27)},
            {"starts": "De begindatum 27-02-1990 is meer dan 10 jaar geleden. Klopt het jaartal?"},
        ),
        (
            {"starts": date(99, 2, 1), "ends": None},
            {"starts": "De begindatum 01-02-0099 is meer dan 10 jaar geleden. Klopt het jaartal?"},
        ),
        (
            {"starts": date(2001, 3, 1), "ends": None},
            {"starts": "De begindatum 01-03-2001 ligt meer dan een jaar in de toekomst. Klopt het jaartal?"},
        ),
        (
            {"ends": date(1999, 1, 31)},
            {"ends": "De einddatum 31-01-1999 ligt voor de begindatum 01-02-1999."},
        ),
        (
            {"ends": date(2010, 3, 1)},
            {"ends": "De einddatum 01-03-2010 ligt meer dan 10 jaar in de toekomst. Klopt het jaartal?"},
        ),
        (
            {"starts": None, "kind": "", "description": ""},
            {
                "kind": "Kies een soort gebeurtenis.",
                "description": "Schrijf op wat er is gebeurd, zoals ‘hoofdvestiging verbouwd’.",
                "starts": "Vul in wanneer het begon.",
            },
        ),
    ],
)
def test_what_cannot_be_an_event(facts: dict[str, Any], problems: dict[str, str]) -> None:
    assert problems_of(**TOLD | facts, today=TODAY) == problems


@time_machine.travel(NOW)
def test_what_cannot_be_an_event_is_not_kept(library: Organisation, anna: User) -> None:
    with pytest.raises(EventError) as refused:
        add_event(organisation=library, by=anna, **TOLD | {"kind": "feest", "ends": date(1999, 1, 1)})
    assert list(refused.value.problems) == ["kind", "ends"]
    assert str(refused.value) == (
        "Kies een soort gebeurtenis. De einddatum 01-01-1999 ligt voor de begindatum 01-02-1999."
    )
    assert not Event.objects.exists()
