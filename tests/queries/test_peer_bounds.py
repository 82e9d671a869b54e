"""The stored bounds as the catalogue shows them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.models import PeerBound
from surveys.queries.bounds import StoredBounds, stored_bounds
from surveys.rules.context import Bound
from tests.factories import YEAR, make_round

pytestmark = pytest.mark.django_db
MOMENT = datetime(YEAR, 6, 1, 12, tzinfo=UTC)


def _store(year: int, rule: str, group: str) -> None:
    PeerBound.objects.create(
        round=make_round(year), rule=rule, group=group, count=9, median=1.5, mad=0.25, computed_at=MOMENT
    )


def test_nothing_yet() -> None:
    assert stored_bounds(YEAR) == StoredBounds()


def test_of_the_year_before_until_the_year_has_its_own() -> None:
    _store(YEAR - 1, "oud", "alle")
    bound = Bound(9, 1.5, 0.25)
    assert stored_bounds(YEAR) == StoredBounds(YEAR - 1, MOMENT, {"oud": {"alle": bound}})
    _store(YEAR, "een", "alle")
    _store(YEAR, "een", "klein")
    with CaptureQueriesContext(connection) as queries:
        found = stored_bounds(YEAR)
    assert found == StoredBounds(YEAR, MOMENT, {"een": {"alle": bound, "klein": bound}})
    assert len(queries) == 1
    assert stored_bounds(YEAR - 1).year == YEAR - 1
