"""Two requests at the very same time, on real connections: one is first, nothing is lost or done twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from surveys.actions.answers import Entry, Saved, save_answers
from surveys.actions.submissions import begin, submit
from surveys.models import AnswerChange, Organisation, Source, Submission, Transition, User
from surveys.queries.answers import answers_of, values_of
from surveys.values import Value
from surveys.workflow import Role
from tests.factories import complete, make_library, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db(transaction=True)
FIELDS = ("leden_jeugd", "leden_volwassen", "leden_online", "leden_nieuw_jeugd", "leden_nieuw_volwassen")
Outcome = TypeVar("Outcome")


@pytest.fixture
def library() -> Organisation:
    library = make_library(locations=1)
    take_part(library)
    complete(submission_of(library, "profiel"), {"gecombineerd": "nee"})
    return library


@pytest.fixture
def anna(library: Organisation) -> User:
    return make_user(Role.LIBRARY, library, name="Anna Bos")


def at_once(*works: Callable[[], Outcome]) -> list[Outcome]:
    """Each on a connection of its own, let go at one moment."""
    start = Barrier(len(works))

    def run(work: Callable[[], Outcome]) -> Outcome:
        try:
            connection.ensure_connection()
            start.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def save(submission: Submission, code: str, number: int, *, by: User) -> Saved:
    before = answers_of(submission).get((code, ""))
    entry = Entry(code, "", Value.of(number), before)
    return save_answers(submission=submission, entries=[entry], by=by, source=Source.FORM.value)


@pytest.mark.parametrize("code", FIELDS)
def test_of_two_first_answers_one_is_kept_and_one_is_told(
    library: Organisation, anna: User, code: str
) -> None:
    submission = submission_of(library, "bezit")
    entries = [Entry(code, "", Value.of(number)) for number in (1, 2)]

    def write(entry: Entry) -> Saved:
        return save_answers(submission=submission, entries=[entry], by=anna, source=Source.FORM.value)

    outcomes = at_once(*(lambda entry=entry: write(entry) for entry in entries))
    kept = [entry.value for entry, one in zip(entries, outcomes, strict=True) if one.versions]
    assert sorted(len(one.conflicts) for one in outcomes) == [0, 1]
    assert [values_of(submission)[code, ""]] == kept
    assert AnswerChange.objects.filter(question=code).count() == 1


def test_two_who_begin_make_one_step(library: Organisation, anna: User) -> None:
    ones = [submission_of(library, "bezit") for _ in range(2)]
    at_once(*(lambda one=one: begin(submission=one, by=anna) for one in ones))
    assert Transition.objects.filter(submission=ones[0]).count() == 1


def test_a_double_click_is_one_delivery(library: Organisation, anna: User) -> None:
    profile = submission_of(library, "profiel")
    first, second = at_once(*[lambda: submit(submission=profile, by=anna)] * 2)
    assert first.submitted_at == second.submitted_at
    assert Transition.objects.filter(submission=profile, step="submit").count() == 1


def test_what_is_saved_while_it_is_submitted_is_in_it_or_refused(library: Organisation, anna: User) -> None:
    """Never an answer that changes after the moment of submitting."""
    profile = submission_of(library, "profiel")
    submit(submission=profile, by=anna)
    submission = submission_of(library, "personeel")
    complete(
        submission, {"vrijwilligers": 1, "vrijwilligers_uren": 3}
    )  # nothing odd about these, nor with two
    delivered, saved = at_once(
        lambda: submit(submission=submission, by=anna), lambda: save(submission, "vrijwilligers", 2, by=anna)
    )
    stored = answers_of(submission)["vrijwilligers", ""]
    assert stored.value == Value.of(2 if saved.versions else 1)  # type: ignore[union-attr]
    assert stored.changed_at is not None
    assert stored.changed_at <= delivered.submitted_at  # type: ignore[union-attr,operator]
