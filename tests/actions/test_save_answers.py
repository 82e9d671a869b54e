"""The only writer of answers: what is written, what is logged, and who was first."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from surveys.actions.answers import Corrected, Entry, Saved, load_answers, save_answers
from surveys.models import Answer, AnswerChange, Submission, User
from surveys.queries.answers import Stored, answer_at, answers_of, values_of
from surveys.values import NOT_APPLICABLE, UNKNOWN, Key, Value
from surveys.workflow import DELIVERED, OPEN, Role
from tests.factories import make_library, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db
KEY = ("muziek", "")
ROW = ("muziek", "NL-1")


@pytest.fixture
def submission() -> Submission:
    take_part(make_library(locations=1))
    return submission_of(Submission.objects.get(questionnaire="bezit").participation.organisation, "bezit")


@pytest.fixture
def user(submission: Submission) -> User:
    return make_user(Role.LIBRARY, submission.participation.organisation, name="Anna")


def save(submission: Submission, *entries: Entry, by: User | None = None, reason: str = "") -> Saved:
    return save_answers(submission=submission, entries=entries, by=by, source="form", reason=reason)


def write(submission: Submission, key: Key, scalar: int | str | Decimal | None) -> Saved:
    """From what stands there now."""
    value = None if scalar is None else Value.of(scalar)
    return save(submission, Entry(*key, value, answers_of(submission).get(key)))


def log(submission: Submission) -> list[tuple[object, ...]]:
    fields = ("question", "row", "old_state", "old_hundredths", "old_text", "state", "hundredths", "text")
    return list(AnswerChange.objects.filter(submission=submission).order_by("pk").values_list(*fields))


def close(submission: Submission, state: str, by: User) -> None:
    at = datetime(1999, 12, 31, tzinfo=UTC)
    approved = {"approved_at": at, "approved_by": by} if state == "approved" else {}
    Submission.objects.filter(pk=submission.pk).update(
        state=state, submitted_at=at, submitted_by=by, **approved
    )


@pytest.mark.parametrize(
    "value",
    [
        Value.of(0),
        Value.of(Decimal("-12.34")),
        Value.of(1_000_000_000),
        Value.of("é ‘tekst’\nmet regels"),
        UNKNOWN,
        NOT_APPLICABLE,
    ],
)
def test_a_first_answer_is_kept_and_logged(submission: Submission, user: User, value: Value) -> None:
    before = datetime.now(UTC)
    saved = save(submission, Entry(*ROW, value, is_estimate=True, note="Geschat."), by=user, reason="Omdat.")
    version = saved.versions[ROW]
    moment = datetime.fromtimestamp(version / 1_000_000, UTC)
    assert saved == Saved({ROW: version}, [])
    assert before <= moment <= datetime.now(UTC)
    assert answers_of(submission) == {
        ROW: Stored(value, True, "Geschat.", "form", version, moment, "Anna"),
    }
    (change,) = AnswerChange.objects.values()
    hundredths = None if value.number is None else int(value.number * 100)
    assert change == {
        "id": change["id"],
        "submission_id": submission.pk,
        "question": "muziek",
        "row": "NL-1",
        "old_state": "",
        "old_hundredths": None,
        "old_text": "",
        "state": value.state.value,
        "hundredths": hundredths,
        "text": value.text,
        "is_estimate": True,
        "note": "Geschat.",
        "source": "form",
        "reason": "Omdat.",
        "at": moment,
        "by_id": user.pk,
    }


def test_a_life_of_an_answer(submission: Submission) -> None:
    write(submission, KEY, 3)
    write(submission, KEY, 4)
    write(submission, KEY, "vier")
    assert write(submission, KEY, None) == Saved({KEY: 0}, [])
    write(submission, KEY, 5)
    assert log(submission) == [
        (*KEY, "", None, "", "given", 300, ""),
        (*KEY, "given", 300, "", "given", 400, ""),
        (*KEY, "given", 400, "", "given", None, "vier"),
        (*KEY, "given", None, "vier", "", None, ""),
        (*KEY, "", None, "", "given", 500, ""),
    ]
    assert values_of(submission) == {KEY: Value.of(5)}


def test_clearing_what_is_empty_changes_nothing(submission: Submission) -> None:
    assert write(submission, KEY, None) == Saved({KEY: 0}, [])
    assert log(submission) == []


@pytest.mark.parametrize("scalar", [9, None], ids=["write", "clear"])
def test_a_colleague_was_first(submission: Submission, scalar: int | None) -> None:
    write(submission, KEY, 3)
    seen = answers_of(submission)[KEY]
    write(submission, KEY, 4)
    value = None if scalar is None else Value.of(scalar)
    assert save(submission, Entry(*KEY, value, seen)) == Saved({}, [KEY])
    assert (values_of(submission), len(log(submission))) == ({KEY: Value.of(4)}, 2)


@pytest.mark.parametrize("scalar", [9, None], ids=["write", "clear"])
def test_a_colleague_cleared_it_first(submission: Submission, scalar: int | None) -> None:
    """To write then makes it anew, since nothing stands there to be lost; to clear finds nothing."""
    write(submission, KEY, 3)
    seen = answers_of(submission)[KEY]
    write(submission, KEY, None)
    value = None if scalar is None else Value.of(scalar)
    saved = save(submission, Entry(*KEY, value, seen))
    if scalar is None:
        assert (saved, values_of(submission)) == (Saved({}, [KEY]), {})
    else:
        assert (saved.conflicts, values_of(submission)) == ([], {KEY: Value.of(9)})


def test_two_first_answers_race(submission: Submission) -> None:
    first, second = Entry(*KEY, Value.of(1)), Entry(*KEY, Value.of(2))
    assert save(submission, first).conflicts == []
    assert save(submission, second) == Saved({}, [KEY])
    assert (values_of(submission), len(log(submission))) == ({KEY: Value.of(1)}, 1)


def test_one_conflict_keeps_the_others(submission: Submission) -> None:
    write(submission, KEY, 3)
    entries = [Entry(*KEY, Value.of(9)), Entry("a", "", Value.of(1)), Entry("b", "x", Value.of("t"))]
    saved = save(submission, *entries)
    assert (sorted(saved.versions), saved.conflicts) == ([("a", ""), ("b", "x")], [KEY])
    assert values_of(submission) == {KEY: Value.of(3), ("a", ""): Value.of(1), ("b", "x"): Value.of("t")}
    assert log(submission)[1:] == [
        ("a", "", "", None, "", "given", 100, ""),
        ("b", "x", "", None, "", "given", None, "t"),
    ]


@pytest.mark.parametrize("state", sorted(DELIVERED))
def test_a_closed_submission_never_changes(submission: Submission, user: User, state: str) -> None:
    write(submission, KEY, 3)
    close(submission, state, user)
    stored = answers_of(submission)[KEY]
    entries = [
        Entry(*KEY, Value.of(4), stored),
        Entry(*KEY, None, stored),
        Entry("nieuw", "", Value.of(1)),
    ]
    assert save(submission, *entries) == Saved({}, [KEY, KEY, ("nieuw", "")])
    assert save(submission, Entry("leeg", "", None)) == Saved({("leeg", ""): 0}, [])
    assert (values_of(submission), len(log(submission))) == ({KEY: Value.of(3)}, 1)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_an_open_submission_is_written(submission: Submission, state: str) -> None:
    Submission.objects.filter(pk=submission.pk).update(state=state)
    assert write(submission, KEY, 3).conflicts == []


def test_nothing_to_write(submission: Submission) -> None:
    assert save(submission) == Saved({}, [])


@pytest.mark.parametrize(("count", "queries"), [(1, 4), (3, 6)])
def test_two_statements_an_answer_when_one_is_saved(
    submission: Submission, django_assert_num_queries, count: int, queries: int
) -> None:
    """Savepoint and release stand around them, since the test itself is a transaction."""
    entries = [Entry(f"v{one}", "", Value.of(one)) for one in range(count)]
    with django_assert_num_queries(queries):
        save(submission, *entries)


def test_the_values_as_of_a_moment(submission: Submission) -> None:
    moments = [datetime(1999, 1, 1, tzinfo=UTC)]
    for key, scalar in ((KEY, 3), (KEY, 4), (ROW, 7), (KEY, None)):
        write(submission, key, scalar)
        last = AnswerChange.objects.latest("pk").at
        assert last > moments[-1]
        moments.append(last)
    assert [values_of(submission, one) for one in moments] == [
        {},
        {KEY: Value.of(3)},
        {KEY: Value.of(4)},
        {KEY: Value.of(4), ROW: Value.of(7)},
        {ROW: Value.of(7)},
    ]
    assert values_of(submission, moments[-1]) == values_of(submission)


def test_the_answer_of_a_version(submission: Submission) -> None:
    one = save(submission, Entry(*KEY, Value.of(3), note="Eerst.", is_estimate=True)).versions[KEY]
    two = write(submission, KEY, 4).versions[KEY]
    write(submission, KEY, None)
    cleared = int(AnswerChange.objects.latest("pk").at.timestamp() * 1_000_000)
    assert [answer_at(submission, KEY, version) for version in (one, two, cleared, 1)] == [
        Stored(Value.of(3), True, "Eerst.", version=one),
        Stored(Value.of(4), version=two),
        None,
        None,
    ]
    assert answer_at(submission, ROW, one) is None


def test_many_new_answers_are_loaded_with_their_log(submission: Submission, user: User) -> None:
    at = datetime(1999, 12, 31, 12, tzinfo=UTC)
    answers = [
        Answer(
            submission=submission,
            question="muziek",
            row=row,
            state=state,
            hundredths=hundredths,
            is_estimate=row == "1",
            note=f"Rij {row}.",
            source="prefill",
            version=1,
            changed_at=at,
            changed_by=user,
        )
        for row, state, hundredths in (("1", "given", 150), ("2", "unknown", None))
    ]
    assert load_answers(iter(answers)) == 2
    assert answers_of(submission) == {
        ("muziek", "1"): Stored(Value.of(Decimal("1.5")), True, "Rij 1.", "prefill", 1, at, "Anna"),
        ("muziek", "2"): Stored(UNKNOWN, False, "Rij 2.", "prefill", 1, at, "Anna"),
    }
    assert log(submission) == [
        ("muziek", "1", "", None, "", "given", 150, ""),
        ("muziek", "2", "", None, "", "unknown", None, ""),
    ]
    fields = AnswerChange.objects.order_by("pk").values_list("is_estimate", "note", "source", "at", "by")
    assert list(fields) == [
        (True, "Rij 1.", "prefill", at, user.pk),
        (False, "Rij 2.", "prefill", at, user.pk),
    ]


def test_an_answer_that_was_first_given_otherwise_is_loaded_with_both_lines(
    submission: Submission, user: User
) -> None:
    first, last = datetime(1999, 12, 30, 12, tzinfo=UTC), datetime(1999, 12, 31, 12, tzinfo=UTC)
    answer = Answer(
        submission=submission,
        question="muziek",
        state="given",
        hundredths=300,
        source="form",
        version=2,
        changed_at=last,
        changed_by=user,
    )
    assert load_answers([Corrected(answer, Value.of(3000), first, "vergissing hersteld")]) == 1
    assert answers_of(submission) == {KEY: Stored(Value.of(3), False, "", "form", 2, last, "Anna")}
    assert log(submission) == [
        ("muziek", "", "", None, "", "given", 300_000, ""),
        ("muziek", "", "given", 300_000, "", "given", 300, ""),
    ]
    lines = AnswerChange.objects.order_by("pk").values_list("at", "reason", "by")
    assert list(lines) == [(first, "", user.pk), (last, "vergissing hersteld", user.pk)]


def test_a_moment_is_kept_the_same_by_both_writers(submission: Submission) -> None:
    """One writes by hand-made SQL, the other by the ORM; to the database their moments compare."""
    version = write(submission, KEY, 3).versions[KEY]
    moment = datetime.fromtimestamp(version / 1_000_000, UTC)
    assert Answer.objects.filter(changed_at=moment).count() == 1
    assert AnswerChange.objects.filter(at=moment).count() == 1
