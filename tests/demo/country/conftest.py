"""One whole demo country for all tests here: built once, kept until the last of them is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from surveys.demo.build import Built, build
from surveys.models import Participation
from surveys.queries.deliveries import Delivery, assemble, read
from surveys.questionnaires.loader import load_edition


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Built]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without any marked test no database is made, also not for a fixture; one mark is enough."""
    own = [item for item in items if Path(__file__).parent in item.path.parents]
    if own:
        own[0].add_marker(pytest.mark.django_db)


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
        return _year(built.country.earlier)


@pytest.fixture(scope="package")
def later(built: Built, django_db_blocker: DjangoDbBlocker) -> Year:
    with django_db_blocker.unblock():
        return _year(built.country.later)


def _year(year: int) -> Year:
    codes = [one.code for one in load_edition(year).questionnaires]
    deliveries = {}
    participations = Participation.objects.filter(round_id=year).select_related("organisation__poi")
    for participation in participations.prefetch_related("submissions__contact"):
        reading = read(participation, questionnaires=codes)
        for submission in participation.submissions.all():
            deliveries[participation.organisation.isil, submission.questionnaire] = assemble(
                submission, reading
            )
    return Year(deliveries)
