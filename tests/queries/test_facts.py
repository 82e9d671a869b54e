"""The facts of the registers, and which locations count in a year."""

from __future__ import annotations

from datetime import date

import pytest

from surveys.models import Location
from surveys.queries.facts import facts_of, locations_of, was_open
from surveys.questionnaires.lint import REGISTER
from surveys.questionnaires.schema import Question, Questionnaire, Section
from surveys.values import Kind, Value
from tests.factories import YEAR, make_library, make_poi, take_part


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("opened", "closed", "is_open"),
    [
        (None, None, True),
        (date(YEAR, 12, 31), None, True),
        (date(YEAR + 1, 1, 1), None, False),
        (None, date(YEAR, 1, 1), True),
        (None, date(YEAR - 1, 12, 31), False),
        (date(YEAR, 3, 1), date(YEAR, 4, 1), True),
        (date(YEAR - 2, 3, 1), date(YEAR - 1, 4, 1), False),
    ],
)
def test_open_on_at_least_one_day(opened: date | None, closed: date | None, is_open: bool) -> None:
    library = make_library(locations=1)
    library.locations.update(opened=opened, closed=closed)
    assert was_open(library.locations.get(), YEAR) is is_open


def _shows(*registers: str) -> Questionnaire:
    """One question per fact, with the fact's own name as code."""
    questions = tuple(Question(code=one, label=one, kind=Kind.TEXT, register=one) for one in registers)
    section = Section(code="s", title="S", intro="", questions=questions)
    return Questionnaire(code="q", year=YEAR, title="Q", intro="", audience="", sections=(section,))


@pytest.mark.django_db
def test_every_fact_that_a_question_may_show(django_assert_num_queries) -> None:
    library = make_library(locations=3, poi=make_poi(), province="Utrecht")
    participation = take_part(library)
    first, second, third = (f"NL-0800001100{one}" for one in (1, 2, 3))
    Location.objects.filter(isil=first).update(opened=date(1999, 1, 1), closed=date(YEAR, 6, 1))
    Location.objects.filter(isil=second).update(subkind="")
    Location.objects.filter(isil=third).update(closed=date(YEAR - 1, 6, 1))
    with django_assert_num_queries(1):
        locations = locations_of(participation)
    assert [one.isil for one in locations] == [first, second]

    with django_assert_num_queries(0):
        facts = facts_of([_shows(*sorted(REGISTER))], participation, locations)
    assert facts == {
        key: Value.of(one)
        for key, one in {
            ("organisation.name", ""): "Bibliotheek 1",
            ("organisation.isil", ""): "NL-08000010000",
            ("organisation.province", ""): "Utrecht",
            ("organisation.poi", ""): "POI 1",
            ("participation.year", ""): str(YEAR),
            ("participation.reference_date", ""): date(YEAR, 12, 31),
            ("participation.inhabitants", ""): 50_000,
            ("participation.locations", ""): 2,
            ("location.name", first): "Vestiging 1",
            ("location.name", second): "Vestiging 2",
            ("location.isil", first): first,
            ("location.isil", second): second,
            ("location.address", first): "Dorpsstraat 1, 1234 AB Elzenveen",
            ("location.address", second): "Dorpsstraat 2, 1234 AB Elzenveen",
            ("location.kind", first): "Bibliotheekvestiging",
            ("location.kind", second): "Bibliotheekvestiging",
            ("location.subkind", first): "Vestiging",
            ("location.opened", first): date(1999, 1, 1),
            ("location.closed", first): date(YEAR, 6, 1),
        }.items()
    }


@pytest.mark.django_db
def test_what_a_register_does_not_know_is_no_fact() -> None:
    participation = take_part(make_library(locations=0))
    participation.inhabitants = None
    asked = _shows("organisation.poi", "participation.inhabitants", "participation.locations")
    assert facts_of([asked], participation, []) == {("participation.locations", ""): Value.of(0)}
