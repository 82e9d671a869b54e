"""What stands beside the answers, in one query: as good as asking for each of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from surveys.models import Location, PeerBound
from surveys.queries.beside import beside_of
from surveys.queries.bounds import bounds_for
from surveys.questionnaires.loader import years
from tests.factories import YEAR, make_library, make_round, take_part

pytestmark = pytest.mark.django_db
LAST = years()[-2]


def test_one_query_tells_it_all(django_assert_num_queries) -> None:
    library = make_library(locations=3)
    make_library(2, locations=2)
    first, *_ = library.locations.order_by("isil")
    library.locations.filter(pk=first.pk).update(
        name='De "Hal"\n‘open’ \\ %s', opened=date(1990, 5, 1), closed=date(LAST, 12, 31)
    )
    before, now = take_part(library, LAST, inhabitants=49_000), take_part(library)
    PeerBound.objects.bulk_create(
        PeerBound(
            round=make_round(LAST),
            rule=rule,
            group="alle",
            count=9,
            median=1 / 3,
            mad=0.1 + 0.2,
            computed_at=timezone.now(),
        )
        for rule in ("a", "b")
    )
    with django_assert_num_queries(1):
        found = beside_of(now)
    assert (found.before, found.before and found.before.inhabitants) == (before, 49_000)
    facts = ("pk", "organisation_id", "isil", "name", "address", "kind", "subkind", "opened", "closed")
    assert [tuple(getattr(one, fact) for fact in facts) for one in found.locations] == list(
        Location.objects.filter(organisation=library).order_by("isil").values_list(*facts)
    )
    assert found.bounds == bounds_for(YEAR) != {}


def test_there_is_nothing_yet() -> None:
    found = beside_of(take_part(make_library(locations=0)))
    assert (found.before, found.locations, found.explanations, found.bounds) == (None, [], {}, {})
