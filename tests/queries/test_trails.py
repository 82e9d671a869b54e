"""What happened to answers after they were first given."""

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.actions.answers import Entry, Gate, save_answers
from surveys.models import Organisation, Source, Submission, User
from surveys.queries.deliveries import delivery_of
from surveys.queries.trails import trails_of
from surveys.values import Value
from surveys.workflow import Role
from tests.factories import give, make_library, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db
KEY = ("afhaalpunten", "")


@pytest.fixture
def library() -> Organisation:
    library = make_library()
    take_part(library)
    return library


@pytest.fixture
def kb() -> User:
    return make_user(Role.KB, name="Noor Berg")


def _approve(submission: Submission, kb: User) -> Submission:
    moment = timezone.now()
    Submission.objects.filter(pk=submission.pk).update(
        state="approved", submitted_at=moment, submitted_by=kb, approved_at=moment, approved_by=kb
    )
    submission.refresh_from_db()
    return submission


def _correct(submission: Submission, number: int, reason: str, kb: User) -> None:
    entry = Entry(*KEY, Value.of(number), delivery_of(submission).answers.get(KEY))
    saved = save_answers(
        submission=submission,
        entries=[entry],
        by=kb,
        source=Source.KB.value,
        reason=reason,
        gate=Gate.CORRECTING,
    )
    assert not saved.conflicts


def test_an_answer_that_was_given_once_has_no_trail(library: Organisation) -> None:
    submission = submission_of(library, "bezit")
    give(submission, {"afhaalpunten": 3})
    assert trails_of(submission) == {}


def test_changes_are_counted_after_the_first(library: Organisation) -> None:
    submission = submission_of(library, "bezit")
    for number in (3, 4, 5):
        give(submission, {"afhaalpunten": number})
    trail = trails_of(submission)[KEY]
    assert (trail.changes, trail.is_later, trail.correction) == (2, False, None)


def test_a_correction_keeps_what_the_library_gave(library: Organisation, kb: User) -> None:
    submission = submission_of(library, "bezit")
    give(submission, {"afhaalpunten": 3})
    submission = _approve(submission, kb)
    _correct(submission, 30, "nul vergeten", kb)
    _correct(submission, 31, "één vergeten", kb)
    trail = trails_of(submission)[KEY]
    assert trail.is_later
    assert trail.correction is not None
    assert trail.correction.original == Value.of(3)
    assert (trail.correction.reason, trail.correction.by) == ("één vergeten", "Noor Berg")


def test_what_is_checked_again_is_later_no_more(library: Organisation, kb: User) -> None:
    submission = submission_of(library, "bezit")
    give(submission, {"afhaalpunten": 3})
    submission = _approve(submission, kb)
    _correct(submission, 30, "nul vergeten", kb)
    submission.approved_at = timezone.now() + timedelta(seconds=1)
    assert not trails_of(submission)[KEY].is_later


def test_an_answer_of_the_library_ends_a_correction(library: Organisation, kb: User) -> None:
    submission = submission_of(library, "bezit")
    give(submission, {"afhaalpunten": 3})
    submission = _approve(submission, kb)
    _correct(submission, 30, "nul vergeten", kb)
    Submission.objects.filter(pk=submission.pk).update(
        state="in_progress", submitted_at=None, submitted_by=None, approved_at=None, approved_by=None
    )
    submission.refresh_from_db()
    give(submission, {"afhaalpunten": 4})
    assert trails_of(submission)[KEY].correction is None
