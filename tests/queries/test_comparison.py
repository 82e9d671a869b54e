"""What changed between two releases, against what each of them gives; and what it costs."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.actions.answers import Entry, Gate, save_answers
from surveys.models import Location, Organisation, Participation, Release, Submission, User
from surveys.queries.answers import answers_of
from surveys.queries.as_of import as_of_release
from surveys.queries.comparison import (
    ChangedAnswer,
    answer_in,
    changed_answers,
    changed_facts,
    totals_at,
    totals_now,
)
from surveys.queries.summaries import forget
from surveys.queries.year import records_of_year
from surveys.questionnaires.loader import load_edition
from surveys.values import UNKNOWN, Key, Value
from tests.actions.test_releases import deliver, libraries, noor, release_now
from tests.factories import YEAR, make_library, submission_of, take_part

__all__ = ["libraries", "noor"]
pytestmark = pytest.mark.django_db
PLACE = "NL-08000011001"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()
    forget()


def put(submission: Submission, key: Key, value: Value | None, by: User, reason: str = "") -> None:
    """Whatever the list's state: a correction."""
    Submission.objects.filter(pk=submission.pk).update(
        state="in_progress", submitted_at=None, submitted_by=None
    )
    entry = Entry(*key, value, answers_of(submission).get(key))
    save_answers(submission=submission, entries=[entry], by=by, source="kb", reason=reason)


def changes(first: Release, second: Release | None, **chosen: str) -> list[ChangedAnswer]:
    return [answer_in(row) for row in changed_answers(first, second, **chosen)]


def values_in(release: Release) -> dict[tuple[str, str, Key], Value]:
    return {
        (record.isil, code, key): stored.value
        for record in records_of_year(YEAR, as_of=as_of_release(release))
        for code, of_list in record.answers.items()
        for key, stored in of_list.items()
    }


def test_a_change_is_told_with_both_values_its_reason_and_its_source(
    libraries: list[Organisation], noor: User
) -> None:
    first = release_now(noor)
    bezit = submission_of(libraries[0], "bezit")
    put(bezit, ("leden_jeugd", ""), Value.of(70), noor)
    put(bezit, ("leden_jeugd", ""), Value.of(80), noor, "verteld aan de telefoon")
    second = release_now(noor)
    put(bezit, ("leden_jeugd", ""), Value.of(90), noor)
    [one] = changes(first, second)
    assert (one.isil, one.questionnaire, one.key) == (libraries[0].isil, "bezit", ("leden_jeugd", ""))
    assert (one.before, one.after) == (Value.of(100), Value.of(80))
    assert (one.source, one.reason) == ("kb", "verteld aan de telefoon")
    assert first.at < one.at <= second.at
    assert [(one.before, one.after) for one in changes(second, None)] == [(Value.of(80), Value.of(90))]
    assert [(one.before, one.after) for one in changes(first, None)] == [(Value.of(100), Value.of(90))]


def test_what_was_changed_back_has_not_changed(libraries: list[Organisation], noor: User) -> None:
    first = release_now(noor)
    bezit = submission_of(libraries[0], "bezit")
    for number in (70, 100):
        put(bezit, ("leden_jeugd", ""), Value.of(number), noor)
    put(bezit, ("opmerkingen_bezit", ""), Value.of("kort"), noor)
    put(bezit, ("opmerkingen_bezit", ""), None, noor)
    assert changes(first, None) == []


def test_they_can_be_narrowed_to_a_list_and_a_province(libraries: list[Organisation], noor: User) -> None:
    first = release_now(noor)
    Organisation.objects.filter(pk=libraries[1].pk).update(province="Zeeland")
    put(submission_of(libraries[0], "bezit"), ("leden_jeugd", ""), Value.of(1), noor)
    put(submission_of(libraries[1], "personeel"), ("vrijwilligers", ""), Value.of(2), noor)
    assert [one.questionnaire for one in changes(first, None)] == ["bezit", "personeel"]
    assert [one.questionnaire for one in changes(first, None, questionnaire="bezit")] == ["bezit"]
    assert [one.questionnaire for one in changes(first, None, province="Zeeland")] == ["personeel"]


EDITS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(
            [("bezit", ("leden_jeugd", "")), ("bezit", ("uren", PLACE)), ("personeel", ("tekst", ""))]
        ),
        st.sampled_from([Value.of(1), Value.of(2), Value.of("a"), UNKNOWN, None]),
    ),
    max_size=6,
)


@given(early=EDITS, late=EDITS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_done_it_is_the_difference_of_the_two(
    libraries: list[Organisation], noor: User, early: list[object], late: list[object]
) -> None:
    with transaction.atomic():
        made = []
        for edits in (early, late):
            for which, (code, key), value in edits:  # type: ignore[misc]
                put(submission_of(libraries[which], code), key, value, noor)
            made.append(release_now(noor))
        before, after = map(values_in, made)
        expected = {
            place: (before.get(place), after.get(place))
            for place in before.keys() | after.keys()
            if before.get(place) != after.get(place)
        }
        told = changes(*made)
        assert {(one.isil, one.questionnaire, one.key): (one.before, one.after) for one in told} == expected
        assert len(told) == len(expected)
        transaction.set_rollback(True)


def test_registers_are_compared_too(libraries: list[Organisation], noor: User) -> None:
    first = release_now(noor)
    one, two = libraries
    Participation.objects.filter(organisation=one, round_id=YEAR).update(inhabitants=None)
    Organisation.objects.filter(pk=one.pk).update(name="De Kade", province="Zeeland")
    moved, renamed = Location.objects.filter(organisation=one).order_by("isil")
    Location.objects.filter(pk=moved.pk).update(organisation=two)
    Location.objects.filter(pk=renamed.pk).update(address="Kade 2")
    new = make_library(9)
    take_part(new)
    told = [(c.isil, c.about, c.what, c.before, c.after) for c in changed_facts(first, None)]
    assert told == [
        (one.isil, one.isil, "naam", "Bibliotheek 1", "De Kade"),
        (one.isil, one.isil, "provincie", "Drenthe", "Zeeland"),
        (one.isil, one.isil, "inwoners", 41_000, ""),
        (one.isil, moved.isil, "vestiging", "Vestiging 1", ""),
        (one.isil, renamed.isil, "adres", "Dorpsstraat 2, 1234 AB Elzenveen", "Kade 2"),
        (two.isil, moved.isil, "vestiging", "", "Vestiging 1"),
        (new.isil, new.isil, "doet mee", "nee", "ja"),
    ]
    second = release_now(noor)
    assert [(c.isil, c.about, c.what, c.before, c.after) for c in changed_facts(first, second)] == told
    assert changed_facts(second, None) == []


def test_totals_count_what_is_delivered(libraries: list[Organisation], noor: User) -> None:
    first = release_now(noor)
    assert totals_at(first)["leden"] == totals_now(YEAR)["leden"]
    assert totals_at(first)["leden"] == Decimal(100 + 9_000 + 200 + 9_000)
    bezit = submission_of(libraries[0], "bezit")
    put(bezit, ("leden_jeugd", ""), Value.of(1), noor)
    assert totals_now(YEAR)["leden"] == Decimal(9_200)
    deliver(bezit, noor)
    assert totals_now(YEAR)["leden"] == Decimal(18_201)
    second = release_now(noor)
    assert (totals_at(second)["leden"], totals_at(first)["leden"]) == (Decimal(18_201), Decimal(18_300))
    [code, *_] = [one.code for one in load_edition(YEAR).headlines if one.questionnaire == "financieel"]
    assert totals_at(second)[code] is None


def test_as_many_queries_however_much_changed(libraries: list[Organisation], noor: User) -> None:
    first = release_now(noor)
    counts = []
    for which in (0, 1):
        for number in range(3):
            put(submission_of(libraries[which], "bezit"), ("leden_jeugd", ""), Value.of(number), noor)
        with CaptureQueriesContext(connection) as queries:
            assert len(changes(first, None)) == which + 1
            changed_facts(first, None)
        counts.append(len(queries))
    assert counts == [5, 5]


def test_an_estimate_or_a_note_beside_the_same_value_is_told(
    libraries: list[Organisation], noor: User
) -> None:
    bezit = submission_of(libraries[0], "bezit")
    stored = answers_of(bezit)["leden_jeugd", ""]

    def say(*, is_estimate: bool, note: str) -> None:
        was = answers_of(bezit)["leden_jeugd", ""]
        entry = Entry("leden_jeugd", "", stored.value, was, is_estimate, note)
        save_answers(
            submission=bezit, entries=[entry], by=noor, source="kb", gate=Gate.CORRECTING, reason="x"
        )

    first = release_now(noor)
    say(is_estimate=True, note="geschat")
    second = release_now(noor)
    for until in (second, None):
        [one] = changes(first, until)
        assert (one.before, one.after, one.estimates) == (stored.value, stored.value, (False, True))
        assert one.beside == "nu een schatting; notitie: geschat"
    say(is_estimate=False, note="")
    assert changes(first, None) == []
    assert [one.beside for one in changes(second, None)] == ["geen schatting meer; notitie weggehaald"]


def test_another_isil_code_is_a_change_and_not_another_library(
    libraries: list[Organisation], noor: User
) -> None:
    first = release_now(noor)
    old = libraries[0].isil
    Organisation.objects.filter(pk=libraries[0].pk).update(isil="NL-0899990000")
    told = [(one.what, one.before, one.after) for one in changed_facts(first, None)]
    assert told == [("ISIL-code", old, "NL-0899990000")]
