"""The stored bounds: those of the year, and until there are any those of the last year that has them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from surveys.models import PeerBound
from surveys.queries.bounds import bounds_for
from surveys.questionnaires.loader import years
from surveys.rules.context import Bound
from tests.factories import YEAR, make_round

pytestmark = pytest.mark.django_db
LAST = years()[-2]


def store(year: int, *bounds: tuple[str, str, int, float, float]) -> None:
    at = datetime(2000, 2, 1, tzinfo=UTC)
    for rule, group, count, median, mad in bounds:
        PeerBound.objects.create(
            round=make_round(year),
            rule=rule,
            group=group,
            count=count,
            median=median,
            mad=mad,
            computed_at=at,
        )


def test_the_year_itself_or_the_last_that_has_any(django_assert_num_queries) -> None:
    assert bounds_for(YEAR) == {}
    store(LAST, ("a", "alle", 9, 1.5, 0.1), ("a", "klein", 8, 1 / 3, 0.0), ("b", "alle", 9, -2.5, 0.2))
    last = {
        ("a", "alle"): Bound(9, 1.5, 0.1),
        ("a", "klein"): Bound(8, 1 / 3, 0.0),
        ("b", "alle"): Bound(9, -2.5, 0.2),
    }
    assert [bounds_for(year) for year in (LAST - 1, LAST, YEAR, YEAR + 5)] == [{}, last, last, last]
    store(YEAR, ("a", "alle", 12, 1.25, 0.3))
    with django_assert_num_queries(1):
        assert bounds_for(YEAR) == {("a", "alle"): Bound(12, 1.25, 0.3)}
    assert bounds_for(LAST) == last
