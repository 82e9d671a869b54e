"""A delivery: what is stored, what counts, and what counted last year."""

from __future__ import annotations

from datetime import date

import pytest

from surveys.models import Organisation
from surveys.queries.deliveries import Delivery, delivery_of
from surveys.questionnaires.loader import load_edition, years
from surveys.values import Value
from tests.factories import YEAR, give, make_library, submission_of, take_part

pytestmark = pytest.mark.django_db
FIRST = years()[0]


@pytest.fixture
def library() -> Organisation:
    library = make_library(locations=2)
    for year in years():
        take_part(library, year)
    return library


def delivery(library: Organisation, questionnaire: str, year: int = YEAR) -> Delivery:
    return delivery_of(submission_of(library, questionnaire, year))


@pytest.mark.parametrize("questionnaire", load_edition(YEAR).by_code)
def test_two_queries(library: Organisation, django_assert_num_queries, questionnaire: str) -> None:
    submission = submission_of(library, questionnaire)
    with django_assert_num_queries(2):
        found = delivery_of(submission)
    assert (found.questionnaire.code, found.edition, len(found.locations)) == (
        questionnaire,
        load_edition(YEAR),
        2,
    )
    assert found.rows == ("NL-08000011001", "NL-08000011002")


def test_a_list_reads_the_profile(library: Organisation) -> None:
    give(submission_of(library, "profiel"), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    give(submission_of(library, "personeel"), {"vrijwilligers": 12})
    found = delivery(library, "personeel")
    assert {key: one.value for key, one in found.answers.items()} == {("vrijwilligers", ""): Value.of(12)}
    assert found.evaluation.is_visible(("vrijwilligers_nb_zit_erin", ""))
    assert found.is_combined is True
    assert found.questions is load_edition(YEAR).questions


@pytest.mark.parametrize(("answer", "is_combined"), [(None, False), ("nee", False), ("ja", True)])
def test_an_institution_is_combined_when_it_says_so(
    library: Organisation, answer: str | None, is_combined: bool
) -> None:
    if answer:
        give(submission_of(library, "profiel"), {"gecombineerd": answer})
    assert delivery(library, "profiel").is_combined is is_combined
    assert delivery(library, "bezit").is_combined is is_combined


def test_findings_are_worked_out_from_the_answers(library: Organisation) -> None:
    give(submission_of(library, "profiel"), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    answers = {
        "vrijwilligers": 12,
        "vrijwilligers_nb_zit_erin": "ja",
        "vrijwilligers_nb_invoer": "aantal",
        "vrijwilligers_nb_aantal": 13,
    }
    give(submission_of(library, "personeel"), answers)
    assert [one.code for one in delivery(library, "personeel").findings] == ["vrijwilligers_nb_binnen_totaal"]


def test_last_year_stands_under_this_years_codes(library: Organisation) -> None:
    """A successor shows its predecessor's value, figures are computed, and hidden answers did not count."""
    (successor,) = (q for q in load_edition(YEAR).by_code["personeel"].questions.values() if q.replaces)
    before = load_edition(FIRST).questions[successor.replaces[0]]
    give(submission_of(library, "profiel", FIRST), {"gecombineerd": "nee"})
    hidden = {"vrijwilligers_nb_zit_erin": "ja"}
    gates = {condition.question: condition.values[0] for condition in before.only_if}
    give(submission_of(library, "personeel", FIRST), {"vrijwilligers": 7, before.code: 3, **gates, **hidden})
    last_year = delivery(library, "personeel").last_year
    wanted = ("vrijwilligers", "vrijwilligers_bib", before.code, successor.code, "vrijwilligers_nb_zit_erin")
    assert {code: last_year.get((code, "")) for code in wanted} == {
        "vrijwilligers": Value.of(7),
        "vrijwilligers_bib": Value.of(7),
        before.code: Value.of(3),
        successor.code: Value.of(3),
        "vrijwilligers_nb_zit_erin": None,
    }


def test_last_years_totals_hold_the_locations_that_have_closed_since(library: Organisation) -> None:
    first, second = library.locations.values_list("isil", flat=True)
    visits = {("open", first): "ja", ("open", second): "ja"}
    visits |= {("bezoeken_locatie", first): 700, ("bezoeken_locatie", second): 40}
    give(submission_of(library, "bezit", FIRST), visits)
    assert delivery(library, "bezit", FIRST).evaluation.number(("bezoeken", "")) == 740
    library.locations.filter(isil=second).update(closed=date(FIRST, 12, 31))
    found = delivery(library, "bezit", FIRST + 1)
    assert (found.rows, found.last_year["bezoeken", ""]) == ((first,), Value.of(740))


def test_without_a_last_year_there_is_nothing_beside_it(library: Organisation) -> None:
    assert delivery(library, "personeel").last_year == {}
    give(submission_of(library, "personeel", FIRST), {"vrijwilligers": 7})
    assert delivery(library, "personeel", FIRST).last_year == {}
    assert delivery(library, "bezit").last_year == {}


def test_the_facts_of_the_register_count(library: Organisation) -> None:
    counted = delivery(library, "profiel").evaluation.counted
    assert (counted["organisatie_naam", ""], counted["inwoners", ""]) == (
        Value.of("Bibliotheek 1"),
        Value.of(50_000),
    )
