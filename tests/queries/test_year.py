"""A year as records: what is in them, in what order, and at what price."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.models import Answer, Location, Organisation, Submission
from surveys.queries.answers import answers_of
from surveys.queries.year import YearRecord, _Groups, records_of_year
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import PROFILE
from surveys.values import Value
from surveys.workflow import SubmissionState
from tests.factories import YEAR, give, make_library, submission_of, take_part

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


def test_as_many_queries_for_one_as_for_three(libraries: list[Organisation]) -> None:
    only = Organisation.objects.filter(pk=libraries[0].pk)
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        _records(organisations=only)
    take_part(libraries[2])
    with CaptureQueriesContext(connection) as for_three:
        assert len(_records()) == 3
    assert len(for_one) == len(for_three) == 5


def test_records_are_read_as_they_are_asked_for(libraries: list[Organisation]) -> None:
    with CaptureQueriesContext(connection) as queries:
        records = records_of_year(YEAR)
        assert len(queries) == 0
        assert next(records).isil == "NL-08000010000"


def test_answers_are_never_model_objects(
    libraries: list[Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Answer, "from_db", refuse)
    monkeypatch.setattr(Submission, "from_db", refuse)
    assert len(_records()) == 2


def test_rows_of_who_joins_while_it_is_read_are_skipped() -> None:
    groups = _Groups([(7, "a"), (9, "strange"), (8, "b"), (8, "c")], [7, 8, 6])
    assert [groups.take(owner) for owner in (6, 7, 8, 6)] == [[], [(7, "a")], [(8, "b"), (8, "c")], []]
