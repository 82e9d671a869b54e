"""What the database refuses of changes of organisations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, models, transaction

from surveys.models import LocationMove, Organisation, OrganisationChange, Succession, User
from surveys.workflow import Role
from tests.factories import make_library, make_user

pytestmark = pytest.mark.django_db
NOW, DAY = datetime(1999, 12, 31, 12, tzinfo=UTC), date(1999, 3, 1)


class World:
    """Two libraries and a merger of them."""

    def __init__(self) -> None:
        self.one, self.other = make_library(1, locations=1), make_library(2, locations=0)
        self.user = make_user(Role.KB)
        self.merger = self.change()
        self.merger.save()

    def change(self, **facts: object) -> OrganisationChange:
        told = {"kind": "merger", "date": DAY, "added_at": NOW, "added_by": self.user, **facts}
        return OrganisationChange(**told)

    def link(self, was: Organisation, became: Organisation | None) -> Succession:
        return Succession(change=self.merger, predecessor=was, successor=became)

    def move(self, day: date = DAY) -> LocationMove:
        place = self.one.locations.get()
        return LocationMove(location=place, before=self.other, date=day, change=self.merger)


REFUSED: dict[str, Callable[[World], list[models.Model]]] = {
    "an unknown kind": lambda w: [w.change(kind="oorlog")],
    "a new name without names": lambda w: [w.change(kind="renaming")],
    "a new name without the old one": lambda w: [w.change(kind="renaming", new_name="Anders")],
    "the same name": lambda w: [w.change(kind="renaming", old_name="Zo", new_name="Zo")],
    "a merger with a name": lambda w: [w.change(new_name="Anders")],
    "the same succession twice": lambda w: [w.link(w.one, w.other), w.link(w.one, w.other)],
    "an end twice": lambda w: [w.link(w.one, None), w.link(w.one, None)],
    "a location twice on a day": lambda w: [w.move(), w.move()],
}
ACCEPTED: dict[str, Callable[[World], list[models.Model]]] = {
    "a new name": lambda w: [w.change(kind="renaming", old_name="Zo", new_name="Anders")],
    "its own successor": lambda w: [w.link(w.one, w.one), w.link(w.other, w.one)],
    "two parts": lambda w: [w.link(w.one, w.one), w.link(w.one, w.other)],
    "an end each": lambda w: [w.link(w.one, None), w.link(w.other, None)],
    "a location on two days": lambda w: [w.move(), w.move(date(1999, 4, 1))],
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_true_is_refused(name: str) -> None:
    world = World()
    *first, last = REFUSED[name](world)
    for one in first:
        one.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        last.save()


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_can_be_is_kept(name: str) -> None:
    for one in ACCEPTED[name](World()):
        one.save()


def test_who_recorded_a_change_cannot_be_removed() -> None:
    world = World()
    with pytest.raises(models.ProtectedError):
        User.objects.get(pk=world.user.pk).delete()
