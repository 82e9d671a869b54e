"""The database refuses what cannot be true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, models, transaction

from surveys.models import (
    Answer,
    AnswerChange,
    Event,
    Explanation,
    Location,
    Membership,
    Organisation,
    Participation,
    PeerBound,
    Submission,
    Transition,
    User,
    Window,
)
from surveys.workflow import Role
from tests.factories import make_library, make_poi, make_round, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db
NOW = datetime(1999, 12, 31, 12, tzinfo=UTC)


class World:
    """One library with a POI, enrolled, and one user."""

    def __init__(self) -> None:
        self.poi = make_poi()
        self.library = make_library(locations=1, poi=self.poi)
        self.participation = take_part(self.library)
        self.round = self.participation.round
        self.submission = submission_of(self.library, "bezit")
        self.user = make_user(Role.LIBRARY, self.library)

    def answer(self, **facts: object) -> Answer:
        given = {"state": "given", "hundredths": None, "text": "", "question": "muziek", **facts}
        return Answer(submission=self.submission, source="form", version=1, changed_at=NOW, **given)

    def event(self, **facts: object) -> Event:
        told = {"kind": "fusie", "description": "Met de buren.", "starts": date(1999, 2, 1), **facts}
        return Event(organisation=self.library, added_at=NOW, added_by=self.user, **told)

    def explanation(self, **facts: object) -> Explanation:
        given = {
            "rule": "bezoeken",
            "question": "bezoeken",
            "reason": "fusie",
            "text": "Samen groter.",
            **facts,
        }
        return Explanation(participation=self.participation, figures="", at=NOW, by=self.user, **given)

    def bound(self, **facts: object) -> PeerBound:
        found = {"rule": "bezoeken", "group": "alle", "count": 8, "median": -1.5, "mad": 0.25, **facts}
        return PeerBound(round=self.round, computed_at=NOW, **found)

    def in_state(self, state: str, **facts: object) -> Submission:
        Submission.objects.filter(pk=self.submission.pk).update(state=state, **facts)
        return Submission.objects.get(pk=self.submission.pk)


@pytest.fixture
def world() -> World:
    return World()


def _delivered(world: World) -> dict[str, object]:
    return {"submitted_at": NOW, "submitted_by": world.user}


REFUSED: dict[str, Callable[[World], object]] = {
    "given without anything": lambda w: w.answer().save(),
    "number and text": lambda w: w.answer(hundredths=100, text="x").save(),
    "unknown with a number": lambda w: w.answer(state="unknown", hundredths=0).save(),
    "not applicable with a text": lambda w: w.answer(state="not_applicable", text="x").save(),
    "no such state": lambda w: w.answer(state="maybe", hundredths=100).save(),
    "an answer twice": lambda w: Answer.objects.bulk_create([w.answer(text="a"), w.answer(text="b")]),
    "submitted without moment": lambda w: w.in_state("submitted"),
    "submitted without person": lambda w: w.in_state("submitted", submitted_at=NOW),
    "submitted without date": lambda w: w.in_state("submitted", submitted_by=w.user),
    "in progress with moment": lambda w: w.in_state("in_progress", **_delivered(w)),
    "in progress with person": lambda w: w.in_state("in_progress", submitted_by=w.user),
    "approved without moment": lambda w: w.in_state("approved", **_delivered(w)),
    "approved without person": lambda w: w.in_state("approved", **_delivered(w), approved_at=NOW),
    "approved but not submitted": lambda w: w.in_state("approved", approved_at=NOW, approved_by=w.user),
    "submitted with approval": lambda w: w.in_state(
        "submitted", **_delivered(w), approved_at=NOW, approved_by=w.user
    ),
    "a submission twice": lambda w: Submission.objects.create(
        participation=w.participation, questionnaire="bezit"
    ),
    "a participation twice": lambda w: Participation.objects.create(organisation=w.library, round=w.round),
    "an organisation twice": lambda w: make_library(),
    "a location twice": lambda w: Location.objects.create(
        organisation=w.library, isil=w.library.locations.get().isil, name="V", address="A", kind="K"
    ),
    "a POI with a POI": lambda w: Organisation.objects.create(
        isil="NL-0799999", name="P", type="poi", province="Drenthe", poi=w.poi
    ),
    "closed before it opened": lambda w: w.library.locations.update(
        opened=date(1999, 2, 1), closed=date(1999, 1, 31)
    ),
    "a window twice": lambda w: Window.objects.create(
        round=w.round,
        questionnaire="bezit",
        opens=date(1999, 1, 1),
        deadline=date(1999, 1, 1),
        last_change=date(1999, 1, 1),
    ),
    "a deadline before the opening": lambda w: Window.objects.update(deadline=date(1999, 1, 1)),
    "a last change before the deadline": lambda w: Window.objects.update(last_change=date(1999, 1, 1)),
    "the KB of an organisation": lambda w: Membership.objects.create(
        user=w.user, role="kb", organisation=w.library
    ),
    "a library member of nothing": lambda w: Membership.objects.create(user=w.user, role="library"),
    "a POI member of nothing": lambda w: Membership.objects.create(user=w.user, role="poi"),
    "no such role": lambda w: Membership.objects.create(user=w.user, role="baas", organisation=w.library),
    "a membership twice": lambda w: Membership.objects.create(
        user=w.user, role="library", organisation=w.library
    ),
    "the KB twice": lambda w: Membership.objects.bulk_create(
        [Membership(user=w.user, role="kb"), Membership(user=w.user, role="kb")]
    ),
    "an address in another case": lambda w: User.objects.create(email=w.user.email.upper(), name="Dubbel"),
    "an event that ended before it started": lambda w: w.event(ends=date(1999, 1, 31)).save(),
    "no such event": lambda w: w.event(kind="feest").save(),
    "an event of nothing": lambda w: w.event(description="  ").save(),
    "an explanation without words": lambda w: w.explanation(text="").save(),
    "an explanation of spaces": lambda w: w.explanation(text="   ").save(),
    "no such reason": lambda w: w.explanation(reason="zomaar").save(),
    "a bound twice": lambda w: PeerBound.objects.bulk_create([w.bound(), w.bound()]),
    "a spread below nothing": lambda w: w.bound(mad=-0.25).save(),
}


@pytest.mark.parametrize("write", REFUSED.values(), ids=REFUSED)
def test_the_database_refuses(world: World, write: Callable[[World], object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write(world)


KEPT: dict[str, Callable[[World], object]] = {
    "a zero": lambda w: w.answer(hundredths=0).save(),
    "a text": lambda w: w.answer(text="x").save(),
    "unknown": lambda w: w.answer(state="unknown").save(),
    "not applicable": lambda w: w.answer(state="not_applicable").save(),
    "the same question of two rows": lambda w: Answer.objects.bulk_create(
        [w.answer(text="a", row="1"), w.answer(text="a", row="2")]
    ),
    "submitted": lambda w: w.in_state("submitted", **_delivered(w)),
    "approved": lambda w: w.in_state("approved", **_delivered(w), approved_at=NOW, approved_by=w.user),
    "closed on the day it opened": lambda w: w.library.locations.update(
        opened=date(1999, 2, 1), closed=date(1999, 2, 1)
    ),
    "library and KB": lambda w: Membership.objects.create(user=w.user, role="kb"),
    "an event of one day": lambda w: w.event(ends=date(1999, 2, 1)).save(),
    "an event without an end": lambda w: w.event().save(),
    "two explanations of one signal": lambda w: Explanation.objects.bulk_create(
        [w.explanation(), w.explanation()]
    ),
    "a bound of each group": lambda w: PeerBound.objects.bulk_create([w.bound(), w.bound(group="klein")]),
}


@pytest.mark.parametrize("write", KEPT.values(), ids=KEPT)
def test_the_database_keeps(world: World, write: Callable[[World], object]) -> None:
    write(world)


def test_what_has_answers_cannot_be_deleted(world: World) -> None:
    world.answer(text="x").save()
    for owner in (world.submission, world.participation, world.library):
        with pytest.raises(models.ProtectedError):
            owner.delete()


def test_what_an_explanation_names_cannot_be_deleted(world: World) -> None:
    event = world.event()
    event.save()
    world.explanation(event=event).save()
    for named in (event, world.participation, world.user):
        with pytest.raises(models.ProtectedError):
            named.delete()


def test_bounds_go_with_their_round(world: World) -> None:
    world.bound().save()
    world.submission.participation.submissions.all().delete()
    world.participation.delete()
    world.round.delete()
    assert not PeerBound.objects.exists()


LOG_IS_CLOSED: dict[str, Callable[[AnswerChange], object]] = {
    "save": lambda one: one.save(),
    "delete": lambda one: one.delete(),
    "update all": lambda one: AnswerChange.objects.update(text="anders"),
    "update some": lambda one: AnswerChange.objects.filter(pk=one.pk).update(text="anders"),
    "delete all": lambda one: AnswerChange.objects.all().delete(),
    "delete of a submission": lambda one: one.submission.changes.all().delete(),
}


@pytest.mark.parametrize("rewrite", LOG_IS_CLOSED.values(), ids=LOG_IS_CLOSED)
def test_the_log_is_never_rewritten(world: World, rewrite: Callable[[AnswerChange], object]) -> None:
    one = AnswerChange.objects.create(
        submission=world.submission, question="muziek", state="given", text="eerst", source="form", at=NOW
    )
    one.text = "anders"
    with pytest.raises(TypeError, match="never rewritten"):
        rewrite(one)
    assert list(AnswerChange.objects.values_list("text", flat=True)) == ["eerst"]


EXPLANATION_IS_FINAL: dict[str, Callable[[Explanation], object]] = {
    "save": lambda one: one.save(),
    "delete": lambda one: one.delete(),
    "update all": lambda one: Explanation.objects.update(text="anders"),
    "update in bulk": lambda one: Explanation.objects.bulk_update([one], ["text"]),
    "delete all": lambda one: Explanation.objects.all().delete(),
    "delete of a participation": lambda one: one.participation.explanations.all().delete(),
}


@pytest.mark.parametrize("rewrite", EXPLANATION_IS_FINAL.values(), ids=EXPLANATION_IS_FINAL)
def test_an_explanation_is_never_rewritten(world: World, rewrite: Callable[[Explanation], object]) -> None:
    one = world.explanation(text="eerst dit")
    one.save()
    one.text = "anders"
    with pytest.raises(TypeError, match="never rewritten"), transaction.atomic():
        rewrite(one)
    assert list(Explanation.objects.values_list("text", flat=True)) == ["eerst dit"]


def test_rows_in_words(world: World) -> None:
    change = AnswerChange(submission=world.submission, question="muziek", row="1", at=NOW)
    transition = Transition(submission=world.submission, before="in_progress", after="submitted")
    year = world.round.year
    assert [
        str(one)
        for one in (
            world.round,
            world.library,
            world.library.locations.get(),
            world.participation,
            Window.objects.get(questionnaire="bezit"),
            world.submission,
            world.user,
            world.user.memberships.get(),
            make_user(Role.KB).memberships.get(),
            world.answer(text="x"),
            change,
            transition,
            world.event(),
            world.event(kind="verbouwing", ends=date(1999, 2, 1)),
            world.event(kind="sluiting", ends=date(1999, 8, 31)),
            world.explanation(row="1"),
            world.bound(),
        )
    ] == [
        str(year),
        "Bibliotheek 1",
        "Vestiging 1",
        f"Bibliotheek 1 {year}",
        f"bezit {year}",
        f"bezit · Bibliotheek 1 {year}",
        "library 1",
        "library 1 · library · Bibliotheek 1",
        "kb 2 · kb · KB",
        "muziek",
        "muziek 1 1999-12-31 12:00:00+00:00",
        f"bezit · Bibliotheek 1 {year}: in_progress → submitted",
        "fusie vanaf 01-02-1999: Met de buren.",
        "verbouwing op 01-02-1999: Met de buren.",
        "sluiting 01-02-1999 tot en met 31-08-1999: Met de buren.",
        "bezoeken 1 1999-12-31 12:00:00+00:00",
        f"bezoeken alle {year}",
    ]


def test_an_account_is_known_by_its_address_in_lower_case() -> None:
    user = User.objects.create_user("Jan@Example.ORG", "een-lang-wachtwoord", name="Jan")
    admin = User.objects.create_superuser("piet@example.org", "een-lang-wachtwoord", name="Piet")
    assert (user.email, user.get_full_name(), user.check_password("een-lang-wachtwoord")) == (
        "jan@example.org",
        "Jan",
        True,
    )
    assert (user.is_staff, user.is_superuser, admin.is_staff, admin.is_superuser) == (
        False,
        False,
        True,
        True,
    )


def test_a_round_is_made_once() -> None:
    assert make_round() == make_round()
