"""Whose participation has ended: no step of its lists can be made any more, whichever page was still open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from surveys.actions.answers import Entry, save_answers
from surveys.actions.submissions import NO_LONGER, approve, begin, confirm, send_back, submit
from surveys.actions.terms import TermRefusedError, extend
from surveys.models import (
    Answer,
    ChangeKind,
    Extension,
    OrganisationChange,
    Participation,
    Source,
    Submission,
    Transition,
    User,
)
from surveys.values import Value
from surveys.workflow import Role, StepRefusedError
from tests.factories import YEAR, complete, make_library, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def kees() -> User:
    return make_user(Role.KB, name="Kees Berg")


@pytest.fixture
def profile(kees: User) -> Submission:
    """Complete, and so it could be submitted."""
    library = make_library(1, locations=1)
    take_part(library)
    profile = submission_of(library, "profiel")
    complete(profile, {"gecombineerd": "nee"})
    change = OrganisationChange.objects.create(
        kind=ChangeKind.CLOSURE, date=date(YEAR, 6, 1), added_at=timezone.now(), added_by=kees
    )
    Participation.objects.filter(organisation=library).update(ended_by=change)
    return profile


STEPS: dict[str, tuple[str, Callable[[Submission, User], object]]] = {
    "begin": ("not_started", lambda one, by: begin(submission=one, by=by)),
    "submit": ("in_progress", lambda one, by: submit(submission=one, by=by)),
    "approve": ("submitted", lambda one, by: approve(submission=one, by=by, seen=10**9)),
    "confirm": ("approved", lambda one, by: confirm(submission=one, by=by, seen=10**9, seen_change=0)),
    "return": (
        "submitted",
        lambda one, by: send_back(submission=one, by=by, reason="Kijk na.", seen=10**9),
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_no_step_is_made(profile: Submission, kees: User, name: str) -> None:
    state, make = STEPS[name]
    given = (
        {"submitted_at": timezone.now(), "submitted_by": kees} if state in {"submitted", "approved"} else {}
    )
    if state == "approved":
        given |= {"approved_at": timezone.now(), "approved_by": kees}
    Submission.objects.filter(pk=profile.pk).update(state=state, **given)
    profile.refresh_from_db()
    made = Transition.objects.count()
    with pytest.raises(StepRefusedError, match=NO_LONGER):
        make(profile, kees)
    profile.refresh_from_db()
    assert profile.state == state
    assert Transition.objects.count() == made


def test_no_answer_is_written_or_cleared(profile: Submission, kees: User) -> None:
    before = list(Answer.objects.order_by("pk").values())
    for value in (Value.of("ja"), None):
        entry = Entry("opmerkingen_profiel", "", value)
        save_answers(submission=profile, entries=[entry], by=kees, source=Source.FORM.value)
    assert list(Answer.objects.order_by("pk").values()) == before
    bezit = submission_of(profile.participation.organisation, "bezit")
    saved = save_answers(
        submission=bezit,
        entries=[Entry("leden_jeugd", "", Value.of(3))],
        by=kees,
        source=Source.WORKBOOK.value,
    )
    assert saved.conflicts == [("leden_jeugd", "")]


def test_no_extension_is_given(profile: Submission, kees: User) -> None:
    until = timezone.localdate() + timedelta(days=30)
    with pytest.raises(TermRefusedError, match=NO_LONGER):
        extend(submission=profile, until=until, reason="Een collega is ziek.", by=kees)
    assert not Extension.objects.exists()
