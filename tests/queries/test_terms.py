"""When lists are open, and how that is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from surveys.models import Extension, Organisation, Submission, Window
from surveys.permissions import Access
from surveys.queries.terms import (
    NOT_YOURS,
    extensions_of_year,
    refusal,
    shut_to,
    term_of,
    terms_of_year,
    why_shut,
)
from surveys.workflow import Role, SubmissionState, Term
from tests.factories import YEAR, make_library, make_user, set_window, submission_of, take_part

pytestmark = pytest.mark.django_db
ANNA, PIET = Access(Role.LIBRARY), Access(Role.POI)
NEW_YEAR = date(2000, 1, 1)


def give(submission: Submission, until: date, days_ago: int) -> Extension:
    by = make_user(Role.KB)
    at = timezone.now() - timedelta(days=days_ago)
    return Extension.objects.create(submission=submission, until=until, reason="Ziekte", at=at, by=by)


@pytest.mark.parametrize(
    ("term", "told"),
    [
        (Term(), ""),
        (Term(NEW_YEAR, NEW_YEAR, NEW_YEAR), ""),
        (Term(date(2000, 2, 3)), "Deze vragenlijst gaat open op 3 februari 2000."),
        (
            Term(date(1999, 2, 3), date(1999, 3, 4), date(1999, 12, 31)),
            "Wijzigen kon tot en met 31 december 1999. Vraag de KB om uitstel.",
        ),
        (Term(date(1999, 2, 3), date(1999, 3, 4), date(1999, 12, 31), NEW_YEAR), ""),
    ],
)
def test_why_it_is_shut(term: Term, told: str) -> None:
    assert why_shut(term, NEW_YEAR) == told


@pytest.mark.parametrize("count", [1, 3])
def test_the_terms_of_a_year_are_those_of_each_list(django_assert_num_queries, count: int) -> None:
    for number in range(1, count + 1):
        take_part(make_library(number))
    bezit = submission_of(Organisation.objects.get(name="Bibliotheek 1"), "bezit")
    give(bezit, NEW_YEAR, days_ago=2)
    give(bezit, date(2000, 5, 5), days_ago=1)
    Window.objects.filter(questionnaire="personeel").delete()
    with django_assert_num_queries(1):
        terms = terms_of_year(YEAR, Organisation.objects.all())
    assert len(terms) == 5 * count
    for one in Submission.objects.all():
        with django_assert_num_queries(1):
            assert term_of(one) == terms[one.pk]
    assert terms[bezit.pk].extension == date(2000, 5, 5)
    assert terms[submission_of(bezit.participation.organisation, "personeel").pk] == Term()


def test_another_years_dates_are_not_its_own() -> None:
    library = make_library()
    take_part(library, YEAR - 1)
    own = submission_of(library, "bezit", YEAR - 1).term
    take_part(library)
    set_window(Window.objects.filter(round=YEAR)[0].round, "bezit", opens=1, deadline=2, last_change=3)
    assert submission_of(library, "bezit", YEAR - 1).term == own
    assert submission_of(library, "bezit").term != own


def test_only_who_could_fill_it_in_is_told_about_dates() -> None:
    library = make_library()
    take_part(library)
    bezit = submission_of(library, "bezit")
    bezit.set_term(Term(timezone.localdate() + timedelta(days=1)))
    assert shut_to(ANNA, bezit).startswith("Deze vragenlijst gaat open op ")
    assert refusal(ANNA, bezit) == shut_to(ANNA, bezit)
    for access in (PIET, Access(Role.LIBRARY, frozenset({"personeel"}))):
        assert (shut_to(access, bezit), refusal(access, bezit)) == ("", NOT_YOURS)
    bezit.state = SubmissionState.SUBMITTED.value
    assert (shut_to(ANNA, bezit), refusal(ANNA, bezit)) == ("", NOT_YOURS)


def test_all_extensions_newest_first(django_assert_num_queries) -> None:
    library, other = make_library(1), make_library(2)
    take_part(library)
    take_part(other)
    older = give(submission_of(library, "bezit"), NEW_YEAR, days_ago=9)
    newer = give(submission_of(other, "bezit"), NEW_YEAR, days_ago=1)
    with django_assert_num_queries(1):
        found = extensions_of_year(YEAR, Organisation.objects.all())
        assert [one.submission.participation.organisation.name for one in found] == [
            "Bibliotheek 2",
            "Bibliotheek 1",
        ]
        assert [str(one.by) for one in found]
    assert found == [newer, older]
    assert extensions_of_year(YEAR, Organisation.objects.filter(pk=library.pk)) == [older]
    assert extensions_of_year(YEAR - 1, Organisation.objects.all()) == []
