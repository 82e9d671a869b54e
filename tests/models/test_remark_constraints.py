"""Of remarks, and of the steps of a list, the database refuses what cannot be."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from surveys.models import Remark, ReopenedAnswer, Reply, Submission, Transition, User
from surveys.workflow import Role
from tests.factories import make_library, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db


class World:
    def __init__(self) -> None:
        library = make_library(locations=1)
        take_part(library)
        self.submission: Submission = submission_of(library, "bezit")
        self.user: User = make_user(Role.KB, name="Kees")
        self.now = timezone.now()

    def remark(self, state: str = "draft", **facts: object) -> Remark:
        moments: dict[str, dict[str, object]] = {
            "draft": {},
            "open": {"sent_at": self.now},
            "answered": {"sent_at": self.now, "answered_at": self.now},
            "closed": {"sent_at": self.now, "closed_at": self.now, "closed_by": self.user},
        }
        given = {"text": "Klopt dit?", "question": "leden_jeugd", **moments.get(state, {}), **facts}
        return Remark.objects.create(
            submission=self.submission, state=state, made_at=self.now, made_by=self.user, **given
        )

    def reply(self, **facts: object) -> Reply:
        said = {"text": "Ja.", "side": "library", **facts}
        return Reply.objects.create(remark=self.remark("open"), at=self.now, by=self.user, **said)

    def step(self, step: str, before: str, after: str, reason: str = "") -> Transition:
        return Transition.objects.create(
            submission=self.submission, step=step, before=before, after=after, at=self.now, by=self.user,
            reason=reason,
        )  # fmt: skip


@pytest.fixture
def world() -> World:
    return World()


def _twice(world: World) -> None:
    remark = world.remark()
    for _ in range(2):
        ReopenedAnswer.objects.create(remark=remark, question="leden_jeugd")


REFUSED: dict[str, Callable[[World], object]] = {
    "a question of nothing": lambda w: w.remark(text=""),
    "to nobody": lambda w: w.remark(audience="poi"),
    "no such state": lambda w: w.remark("weg", sent_at=w.now),
    "a draft that was sent": lambda w: w.remark(sent_at=w.now),
    "open but never sent": lambda w: w.remark("open", sent_at=None),
    "answered without a moment": lambda w: w.remark("answered", answered_at=None),
    "answered while it is open": lambda w: w.remark("open", answered_at=w.now),
    "closed by nobody": lambda w: w.remark("closed", closed_by=None),
    "closed without a moment": lambda w: w.remark("closed", closed_at=None),
    "closed but open": lambda w: w.remark("open", closed_at=w.now, closed_by=w.user),
    "a draft to the KB": lambda w: w.remark(audience="kb"),
    "answered by the KB to itself": lambda w: w.remark("answered", audience="kb"),
    "a location of no question": lambda w: w.remark(question="", row="NL-1"),
    "an answer opened twice": _twice,
    "a reply of nothing": lambda w: w.reply(text=""),
    "a reply of no side": lambda w: w.reply(side="baas"),
    "no such step": lambda w: w.step("weg", "submitted", "approved"),
    "a step from elsewhere": lambda w: w.step("approve", "in_progress", "approved"),
    "a step to elsewhere": lambda w: w.step("confirm", "approved", "submitted"),
    "confirmed before it was approved": lambda w: w.step("confirm", "submitted", "approved"),
    "sent back without a reason": lambda w: w.step("return", "submitted", "returned"),
}


@pytest.mark.parametrize("write", REFUSED.values(), ids=REFUSED)
def test_the_database_refuses(world: World, write: Callable[[World], object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write(world)


KEPT: dict[str, Callable[[World], object]] = {
    "a draft": lambda w: w.remark(),
    "open": lambda w: w.remark("open"),
    "answered": lambda w: w.remark("answered"),
    "closed without an answer": lambda w: w.remark("closed"),
    "closed after an answer": lambda w: w.remark("closed", answered_at=w.now),
    "a remark to the KB": lambda w: w.remark("open", audience="kb"),
    "about the whole list": lambda w: w.remark(question=""),
    "a reply": lambda w: w.reply(),
    "what was changed is approved too": lambda w: w.step("confirm", "approved", "approved"),
    "sent back with a reason": lambda w: w.step("return", "approved", "returned", "Kijk dit na."),
}


@pytest.mark.parametrize("write", KEPT.values(), ids=KEPT)
def test_the_database_keeps(world: World, write: Callable[[World], object]) -> None:
    write(world)


def test_what_was_said_cannot_be_deleted(world: World) -> None:
    reply = world.reply()
    for owner in (reply.remark, reply.by, world.submission):
        with pytest.raises(models.ProtectedError):
            owner.delete()


def test_what_it_opens_goes_with_a_draft(world: World) -> None:
    remark = world.remark()
    ReopenedAnswer.objects.create(remark=remark, question="leden_jeugd")
    remark.delete()
    assert not ReopenedAnswer.objects.exists()


def test_rows_in_words(world: World) -> None:
    remark = world.remark("open")
    reply = Reply.objects.create(remark=remark, at=world.now, by=world.user, side="kb", text="x" * 60)
    opened = ReopenedAnswer.objects.create(remark=remark, question="leden_jeugd", row="NL-1")
    assert str(remark) == f"{world.submission}: leden_jeugd"
    assert str(world.remark(question="")) == f"{world.submission}: de hele lijst"
    assert (str(reply), str(opened)) == (f"{remark}: {'x' * 40}", "leden_jeugd NL-1")
