"""One whole demo country for all tests here: built once, kept until the last of them is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from surveys.demo.build import Built, build
from surveys.models import Location, Submission
from surveys.queries.answers import Stored, answers_of_years
from surveys.queries.deliveries import Delivery, assemble
from surveys.questionnaires.loader import load_edition
from surveys.values import Key


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Built]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _may_read(built: Built, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The country stands in one open transaction round all these tests, and none of them writes."""
    with django_db_blocker.unblock():
        yield


@dataclass(frozen=True, slots=True)
class Year:
    """All deliveries of a year, by ISIL code and questionnaire."""

    deliveries: Mapping[tuple[str, str], Delivery]


@pytest.fixture(scope="package")
def earlier(built: Built, django_db_blocker: DjangoDbBlocker) -> Year:
    with django_db_blocker.unblock():
        return _year(built, built.country.earlier)


@pytest.fixture(scope="package")
def later(built: Built, django_db_blocker: DjangoDbBlocker) -> Year:
    with django_db_blocker.unblock():
        return _year(built, built.country.later)


def _year(built: Built, year: int) -> Year:
    submissions = Submission.objects.filter(participation__round_id=year).select_related(
        "participation__organisation__poi", "contact"
    )
    codes = [one.code for one in load_edition(year).questionnaires]
    stored: dict[int, Mapping[tuple[int, str], dict[Key, Stored]]] = {}
    places: dict[int, list[Location]] = {}
    for location in Location.objects.order_by("isil"):
        places.setdefault(location.organisation_id, []).append(location)
    deliveries = {}
    for submission in submissions:
        organisation = submission.participation.organisation
        if organisation.pk not in stored:
            stored[organisation.pk] = answers_of_years(
                organisation_id=organisation.pk, years=[year], questionnaires=codes
            )
        open_then = [
            one
            for one in places[organisation.pk]
            if one.opened.year <= year and (one.closed is None or one.closed.year >= year)
        ]
        deliveries[organisation.isil, submission.questionnaire] = assemble(
            submission, open_then, stored[organisation.pk]
        )
    return Year(deliveries)
