"""The start page of a library: five lists, as far as they are."""

from __future__ import annotations

import pytest

from surveys.models import Organisation
from surveys.permissions import Access
from surveys.queries.deliveries import delivery_of
from surveys.queries.home import lists_of
from surveys.queries.progress import progress_of
from surveys.queries.terms import windows_of
from surveys.questionnaires.loader import load_edition
from surveys.workflow import Role
from tests.factories import YEAR, complete, give, make_library, submission_of, take_part

pytestmark = pytest.mark.django_db
ANYBODY = Access(Role.LIBRARY)


def filled_in(locations: int) -> Organisation:
    library = make_library(locations=locations)
    take_part(library)
    complete(submission_of(library, "profiel"), {"gecombineerd": "nee"})
    give(submission_of(library, "personeel"), {"vrijwilligers": 12})
    return library


@pytest.mark.parametrize("locations", [1, 3])
def test_the_number_of_queries_does_not_grow(django_assert_num_queries, locations: int) -> None:
    participation = filled_in(locations).participations.select_related("organisation__poi").get()
    with django_assert_num_queries(3):
        lines = lists_of(participation, ANYBODY)
        assert [one.delivery.submission.participation.organisation.name for one in lines] == [
            "Bibliotheek 1"
        ] * 5


def test_each_line_tells_what_its_delivery_tells() -> None:
    library = filled_in(2)
    participation = library.participations.select_related("organisation__poi").get()
    lines = lists_of(participation, Access(Role.LIBRARY, frozenset({"bezit"})))
    windows = windows_of(YEAR)
    codes = list(load_edition(YEAR).by_code)
    assert [one.delivery.questionnaire.code for one in lines] == codes
    assert [one.may_fill_in for one in lines] == [True, True, False, False, False]
    assert [one.term.deadline for one in lines] == [windows[code].deadline for code in codes]
    assert [one.last_change is not None for one in lines] == [True, False, False, True, False]
    for line in lines:
        alone = delivery_of(submission_of(library, line.delivery.questionnaire.code))
        assert line.progress == progress_of(alone)
        assert line.delivery.evaluation == alone.evaluation
        stored = alone.answers.values()
        assert line.last_change == max((one.changed_at for one in stored if one.changed_at), default=None)
