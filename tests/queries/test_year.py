"""A year as records: what is in them, in what order, and at what price."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.actions.answers import Entry, load_answers, save_answers
from surveys.actions.submissions import begin
from surveys.models import Answer, AnswerChange, Location, Organisation, Submission, Transition, User
from surveys.queries.answers import answers_of, values_of
from surveys.queries.as_of import AsOf
from surveys.queries.streams import Groups
from surveys.queries.year import YearRecord, records_of_year
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import PROFILE
from surveys.values import UNKNOWN, Value
from surveys.workflow import Role, SubmissionState
from tests.factories import YEAR, give, make_library, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db
EDITION = load_edition(YEAR)


@pytest.fixture
def libraries() -> list[Organisation]:
    """Taking part out of order: 2 is combined and busy, 1 has said nothing; 3 does not take part."""
    found = [make_library(number) for number in (2, 1, 3)]
    for one in found[:2]:
        take_part(one)
    two = found[0]
    give(submission_of(two, PROFILE), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    give(submission_of(two, "personeel"), {"opmerkingen_personeel": "=1+1"})
    return found


def _records(**choice: object) -> list[YearRecord]:
    return list(records_of_year(YEAR, **choice))  # type: ignore[arg-type]


def test_a_record_per_participant_by_isil(libraries: list[Organisation]) -> None:
    one, two = _records()
    assert (one.isil, one.organisation, one.province) == ("NL-08000010000", "Bibliotheek 1", "Drenthe")
    assert (one.is_combined, two.is_combined) == (False, True)
    assert [place.isil for place in two.locations] == ["NL-08000021001", "NL-08000021002"]
    busy = dict.fromkeys(EDITION.by_code, SubmissionState.NOT_STARTED)
    assert one.states == busy
    assert two.states == {
        **busy,
        PROFILE: SubmissionState.IN_PROGRESS,
        "personeel": SubmissionState.IN_PROGRESS,
    }


def test_answers_are_as_stored_but_say_not_by_whom(libraries: list[Organisation]) -> None:
    two = _records()[1]
    stored = answers_of(submission_of(libraries[0], "personeel"))
    assert two.answers["personeel"] == stored
    assert {one.changed_by for of_list in two.answers.values() for one in of_list.values()} == {""}
    assert set(two.answers) == {PROFILE, "personeel"}


def test_facts_are_there_before_anything_is_answered(libraries: list[Organisation]) -> None:
    one = _records()[0]
    facts = {code for code, question in EDITION.questions.items() if question.register}
    assert {code for code, _ in one.evaluation.counted} <= facts
    assert one.evaluation.counted["organisatie_naam", ""] == Value.of("Bibliotheek 1")


def test_figures_are_worked_out_only_where_something_is_answered(libraries: list[Organisation]) -> None:
    one, two = _records()
    assert two.evaluation.is_visible(("opmerkingen_personeel", ""))
    assert not one.evaluation.is_visible(("opmerkingen_personeel", ""))


def test_delivered_only_leaves_out_what_was_not_submitted(libraries: list[Organisation]) -> None:
    key = ("opmerkingen_personeel", "")
    assert _records()[1].evaluation.counted[key] == Value.of("=1+1")
    busy = _records(delivered_only=True)[1]
    assert key not in busy.evaluation.counted
    assert busy.is_combined


def test_only_the_chosen_organisations(libraries: list[Organisation]) -> None:
    chosen = Organisation.objects.filter(pk=libraries[0].pk)
    assert _records(organisations=chosen) == [_records()[1]]
    assert _records(organisations=Organisation.objects.none()) == []


def test_locations_that_were_open_in_the_year(libraries: list[Organisation]) -> None:
    Location.objects.filter(isil="NL-08000021001").update(closed=date(YEAR - 1, 12, 31))
    Location.objects.filter(isil="NL-08000021002").update(closed=date(YEAR, 1, 1))
    assert [place.isil for place in _records()[1].locations] == ["NL-08000021002"]


NOW_OR_THEN = pytest.mark.parametrize(
    "as_of", [None, AsOf(datetime(9999, 1, 1, tzinfo=UTC))], ids=["now", "then"]
)


@NOW_OR_THEN
def test_as_many_queries_for_one_as_for_three(libraries: list[Organisation], as_of: AsOf | None) -> None:
    only = Organisation.objects.filter(pk=libraries[0].pk)
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        _records(organisations=only, as_of=as_of)
    take_part(libraries[2])
    with CaptureQueriesContext(connection) as for_three:
        assert len(_records(as_of=as_of)) == 3
    assert len(for_one) == len(for_three) == 5


@NOW_OR_THEN
def test_records_are_read_as_they_are_asked_for(libraries: list[Organisation], as_of: AsOf | None) -> None:
    with CaptureQueriesContext(connection) as queries:
        records = records_of_year(YEAR, as_of=as_of)
        assert len(queries) == 0
        assert next(records).isil == "NL-08000010000"


@NOW_OR_THEN
def test_answers_are_never_model_objects(
    libraries: list[Organisation], monkeypatch: pytest.MonkeyPatch, as_of: AsOf | None
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError

    for model in (Answer, AnswerChange, Submission, Transition):
        monkeypatch.setattr(model, "from_db", refuse)
    assert len(_records(as_of=as_of)) == 2


def _moment() -> datetime:
    """Between what was written before and what is written after."""
    moment = timezone.now()
    while timezone.now() == moment:
        pass
    return moment


@pytest.fixture
def anna(db: None) -> User:
    return make_user(Role.LIBRARY, make_library(7), name="Anna")


def test_a_year_as_it_was_is_what_was_read_then(libraries: list[Organisation], anna: User) -> None:
    """Answers given, changed, cleared and given again; steps made: each moment is found back whole."""
    Submission.objects.update(state="not_started")
    two = submission_of(libraries[0], "personeel")
    seen: list[tuple[datetime, list[YearRecord]]] = []

    def look() -> None:
        seen.append((_moment(), _records()))

    def put(code: str, value: Value | None, row: str = "") -> None:
        before = answers_of(two).get((code, row))
        entry = Entry(code, row, value, before, is_estimate=value is not None, note="Zo ongeveer.")
        assert not save_answers(submission=two, entries=[entry], by=anna, source="form").conflicts

    look()
    begin(submission=two, by=anna)
    look()
    put("vrijwilligers", Value.of(3))
    look()
    put("vrijwilligers", Value.of(4))
    put("opmerkingen_personeel", Value.of("tekst"))
    look()
    put("vrijwilligers", None)
    put("opmerkingen_personeel", UNKNOWN)
    look()
    put("vrijwilligers", Value.of(5))
    put("uren", Value.of(6), "NL-08000021001")
    Transition.objects.create(
        submission=two, step="submit", before="in_progress", after="submitted", at=timezone.now(), by=anna
    )
    at = {"submitted_at": timezone.now(), "submitted_by": anna}
    Submission.objects.filter(pk=two.pk).update(state="submitted", **at)
    look()
    assert [_records(as_of=AsOf(moment)) for moment, _ in seen] == [records for _, records in seen]
    assert [records[1].states["personeel"] for _, records in seen] == [
        "not_started",
        *["in_progress"] * 4,
        "submitted",
    ]
    counted = [_records(as_of=AsOf(moment), delivered_only=True)[1].evaluation.counted for moment, _ in seen]
    assert [one.get(("vrijwilligers", "")) for one in counted] == [*[None] * 5, Value.of(5)]


def test_before_the_first_answer_there_is_nothing(libraries: list[Organisation]) -> None:
    one, two = _records(as_of=AsOf(datetime(1999, 12, 31, tzinfo=UTC)))
    assert (one.answers, two.answers) == ({}, {})
    assert set(two.states.values()) == {SubmissionState.NOT_STARTED}
    assert not two.is_combined
    assert two.evaluation.counted["organisatie_naam", ""] == Value.of("Bibliotheek 2")


def test_what_was_loaded_is_found_back_too(libraries: list[Organisation]) -> None:
    at = datetime(1999, 12, 31, 12, 0, 0, 123_457, tzinfo=UTC)
    answer = Answer(
        submission=submission_of(libraries[1], "personeel"),
        question="vrijwilligers",
        state="given",
        hundredths=300,
        source="prefill",
        version=946_641_600_123_457,
        changed_at=at,
    )
    load_answers([answer])
    [one, _] = _records()
    assert _records(as_of=AsOf(at))[0].answers == one.answers
    assert _records(as_of=AsOf(at.replace(microsecond=0)))[0].answers == {}


def test_of_two_changes_at_one_moment_the_last_counts(libraries: list[Organisation]) -> None:
    at = datetime(1999, 12, 31, tzinfo=UTC)
    for hundredths in (100, 200):
        AnswerChange.objects.create(
            submission=submission_of(libraries[0], "personeel"),
            question="vrijwilligers",
            state="given",
            hundredths=hundredths,
            source="form",
            at=at,
        )
    [_, two] = _records(as_of=AsOf(at))
    assert two.answers["personeel"]["vrijwilligers", ""].value == Value.of(2)


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["bezit", "personeel"]),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["", "NL-1"]),
        st.integers(min_value=1, max_value=6),
        st.sampled_from(["", "given", "unknown"]),
    ),
    max_size=24,
)


@given(changes=CHANGES, moment=st.integers(min_value=0, max_value=7))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_log_holds_it_is_read_as_for_one_submission(
    libraries: list[Organisation], changes: list[tuple[str, str, str, int, str]], moment: int
) -> None:
    """Changes in any order and at equal moments, against the reading of one submission line by line."""
    lists = {code: submission_of(libraries[0], code) for code in ("bezit", "personeel")}
    with transaction.atomic():
        AnswerChange.objects.bulk_create(
            AnswerChange(
                submission=lists[code],
                question=question,
                row=row,
                at=datetime(1999, 12, 31, 12, second, tzinfo=UTC),
                state=state,
                hundredths=place * 100 if state == "given" else None,
                source="form",
            )
            for place, (code, question, row, second, state) in enumerate(changes)
        )
        as_of = datetime(1999, 12, 31, 12, moment, tzinfo=UTC)
        [_, two] = _records(as_of=AsOf(as_of))
        found = {code: {key: one.value for key, one in of.items()} for code, of in two.answers.items()}
        expected = {code: values_of(one, as_of) for code, one in lists.items()}
        assert found == {code: values for code, values in expected.items() if values}
        transaction.set_rollback(True)


def test_rows_of_who_joins_while_it_is_read_are_skipped() -> None:
    groups = Groups([(7, "a"), (9, "strange"), (8, "b"), (8, "c")], [7, 8, 6])
    assert [groups.take(owner) for owner in (6, 7, 8, 6)] == [[], [(7, "a")], [(8, "b"), (8, "c")], []]
