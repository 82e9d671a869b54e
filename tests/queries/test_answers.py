"""Reading answers: of one submission, of some questions, of several years at once."""

from __future__ import annotations

import pytest

from surveys.queries.answers import answers_of, answers_of_years, values_of
from surveys.questionnaires.loader import years
from surveys.values import Value
from tests.factories import YEAR, give, make_library, submission_of, take_part

pytestmark = pytest.mark.django_db


def test_the_answers_of_one_submission(django_assert_num_queries) -> None:
    library = make_library(locations=1)
    take_part(library)
    submission = submission_of(library, "personeel")
    give(submission, {"a": 1, ("a", "NL-1"): 2, "b": "tekst"})
    give(submission_of(library, "bezit"), {"c": 3})
    with django_assert_num_queries(1):
        everything = answers_of(submission)
    with django_assert_num_queries(1):
        some = answers_of(submission, iter(["a", "c"]))
    assert {key: one.value for key, one in everything.items()} == {
        ("a", ""): Value.of(1),
        ("a", "NL-1"): Value.of(2),
        ("b", ""): Value.of("tekst"),
    }
    assert some == {key: one for key, one in everything.items() if key[0] == "a"}
    assert answers_of(submission, []) == {}
    assert values_of(submission) == {key: one.value for key, one in everything.items()}


def test_the_answers_of_several_years(django_assert_num_queries) -> None:
    library, other = make_library(1), make_library(2)
    for one in (library, other):
        for year in years():
            take_part(one, year)
            for questionnaire in ("profiel", "bezit", "personeel"):
                give(submission_of(one, questionnaire, year), {questionnaire: year})
    with django_assert_num_queries(1):
        found = answers_of_years(
            organisation_id=library.pk, years=iter(years()), questionnaires=iter(["profiel", "bezit"])
        )
    assert {place: {key: one.value for key, one in answers.items()} for place, answers in found.items()} == {
        (year, code): {(code, ""): Value.of(year)} for year in years() for code in ("profiel", "bezit")
    }
    assert answers_of_years(organisation_id=library.pk, years=[YEAR], questionnaires=[]) == {}
