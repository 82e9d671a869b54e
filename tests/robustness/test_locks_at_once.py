"""Who needs more than one list waits for who submits, and is waited for: nobody is thrown out by the database."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction
from django.db.models import QuerySet

from surveys.actions import submissions
from surveys.actions.answers import Entry, save_answers
from surveys.actions.contact import set_contacts
from surveys.actions.locks import in_lock_order
from surveys.actions.releases import ReleaseError, make_release
from surveys.actions.submissions import NotReadyError, submit
from surveys.actions.succession import SuccessionError, record_change
from surveys.models import (
    Answer,
    ChangeKind,
    Organisation,
    Participation,
    ReleaseStatus,
    Source,
    Submission,
    User,
)
from surveys.queries.succession import Plan
from surveys.values import Value
from surveys.workflow import DELIVERED, Role, StepRefusedError, SubmissionState
from tests.factories import YEAR, make_library, make_user, submission_of, take_part
from tests.robustness.test_two_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
REFUSED = (NotReadyError, ReleaseError, SuccessionError, StepRefusedError)


@pytest.fixture
def library() -> Organisation:
    library = make_library(locations=1)
    take_part(library)
    return library


@pytest.fixture
def anna(library: Organisation) -> User:
    return make_user(Role.LIBRARY, library, name="Anna Bos")


@pytest.fixture
def kees() -> User:
    return make_user(Role.KB, name="Kees Berg")


@pytest.fixture
def _slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever submits has its list, and takes a moment before it wants the profile."""
    asked = submissions._holds_settled_profile

    def later(submission: Submission) -> bool:
        time.sleep(0.5)
        return asked(submission)

    monkeypatch.setattr(submissions, "_holds_settled_profile", later)


def of(work: Callable[[], object]) -> Callable[[], str]:
    """A refusal in words is an answer; what the database throws is not."""

    def told() -> str:
        try:
            work()
        except REFUSED as refused:
            return type(refused).__name__
        return ""

    return told


def later(work: Callable[[], object]) -> Callable[[], object]:
    def waits() -> object:
        time.sleep(0.2)
        return work()

    return waits


@pytest.mark.usefixtures("_slow")
@pytest.mark.parametrize("other", ["change", "release", "contacts"])
def test_who_submits_and_who_needs_all_lists_wait_for_each_other(
    library: Organisation, anna: User, kees: User, other: str
) -> None:
    submission = submission_of(library, "personeel")
    Submission.objects.filter(pk=submission.pk).update(state=SubmissionState.IN_PROGRESS.value)
    plan = Plan(ChangeKind.CLOSURE, date(YEAR, 6, 1), (library.isil,))
    works: dict[str, Callable[[], object]] = {
        "change": lambda: record_change(plan=plan, by=kees),
        "release": lambda: make_release(year=YEAR, status=ReleaseStatus.PROVISIONAL, by=kees),
        "contacts": lambda: set_contacts(
            participation=submission.participation, contacts={"profiel": anna, "personeel": anna}, by=kees
        ),
    }
    told = at_once(
        of(lambda: submit(submission=submission, by=anna)),
        of(later(works[other])),
    )
    assert told == ["NotReadyError", "ReleaseError" if other == "release" else ""]


def test_the_profiles_come_last_and_the_rest_in_one_order(library: Organisation) -> None:
    take_part(make_library(2))
    lists: QuerySet[Submission] = Submission.objects.order_by("-pk")
    found = [(one.questionnaire == "profiel", one.pk) for one in in_lock_order(lists)]
    assert found == sorted(found)
    assert sum(is_profile for is_profile, _ in found) == 2


def test_an_answer_that_waited_for_the_end_of_a_participation_is_not_written(
    library: Organisation, anna: User, kees: User
) -> None:
    submission = submission_of(library, "personeel")
    plan = Plan(ChangeKind.CLOSURE, date(YEAR, 6, 1), (library.isil,))

    def end() -> int:
        with transaction.atomic():
            record_change(plan=plan, by=kees)
            time.sleep(0.5)
        return 0

    def save() -> int:
        time.sleep(0.2)
        entry = Entry("vrijwilligers", "", Value.of(3))
        saved = save_answers(submission=submission, entries=[entry], by=anna, source=Source.FORM.value)
        return len(saved.conflicts)

    assert at_once(end, save) == [0, 1]
    assert not Answer.objects.exists()


def test_a_list_that_waited_for_the_end_of_a_participation_is_not_submitted(
    library: Organisation, anna: User, kees: User
) -> None:
    profile = submission_of(library, "profiel")
    Submission.objects.filter(pk=profile.pk).update(state=SubmissionState.IN_PROGRESS.value)
    plan = Plan(ChangeKind.CLOSURE, date(YEAR, 6, 1), (library.isil,))

    def end() -> str:
        with transaction.atomic():
            record_change(plan=plan, by=kees)
            time.sleep(0.5)
        return ""

    told = at_once(end, of(later(lambda: submit(submission=profile, by=anna))))
    assert told == ["", "StepRefusedError"]
    assert submission_of(library, "profiel").current_state not in DELIVERED
    assert Participation.objects.filter(organisation=library).exclude(ended_by=None).exists()
