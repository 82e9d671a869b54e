"""Which events may explain a signal."""

from __future__ import annotations

from datetime import date

import pytest

from surveys.models import Effect, Event, EventKind
from surveys.queries.deliveries import delivery_of
from surveys.queries.timeline import direction_of, is_expected, may_explain, timeline_of
from surveys.workflow import Role
from tests.factories import YEAR, give, make_library, make_user, submission_of, take_part


@pytest.mark.django_db
def test_a_figure_has_a_direction_where_it_moved() -> None:
    library = make_library()
    take_part(library, YEAR - 1)
    take_part(library)
    last = {
        "leden_jeugd": 4000,
        "reserveringen": 8000,
        "bezoeken_website": 65_000,
        "bezit_volw_fictie": 20_000,
    }
    now = {"leden_jeugd": 6000, "reserveringen": 0, "bezoeken_website": 65_000, "bezit_volw_fictie": 23_500}
    flow = {"aanschaf_volw_fictie": 2000, "afgevoerd_volw_fictie": 1000}
    give(submission_of(library, "bezit", YEAR - 1), last)
    give(submission_of(library, "bezit"), {**now, **flow})
    delivery = delivery_of(submission_of(library, "bezit"))
    assert {one.id: direction_of(one, delivery) for one in delivery.findings} == {
        "sprong_leden_leden_jeugd": Effect.UP,
        "verdwenen_uitleningen_reserveringen": Effect.DOWN,
        "gelijk_bezoeken_bezoeken_website": None,
        "stroom_volw_fictie": Effect.UP,
    }


@pytest.mark.parametrize(
    ("kind", "years_ago", "direction", "may", "is_likely"),
    [
        ("verbouwing", 0, Effect.DOWN, True, True),
        ("verbouwing", 0, Effect.UP, False, False),
        ("verbouwing", 1, Effect.UP, True, True),
        ("verbouwing", 2, Effect.UP, False, False),
        ("verbouwing", 0, None, False, False),
        ("systeem", 0, Effect.UP, True, False),
        ("systeem", 0, None, False, False),
        ("fusie", 0, Effect.UP, True, True),
    ],
)
def test_an_event_explains_what_went_its_way(
    kind: str, years_ago: int, direction: Effect | None, may: bool, is_likely: bool
) -> None:
    year = YEAR - years_ago
    event = Event(kind=kind, starts=_day(year, 2), ends=_day(year, 8))
    assert may_explain(event, direction, YEAR) is may
    assert is_expected(event, direction, YEAR) is is_likely


def _day(year: int, month: int) -> date:
    return date(year, month, 1)


@pytest.mark.django_db
def test_the_newest_event_comes_first_and_those_of_others_stay_away() -> None:
    library, other = make_library(1), make_library(2)
    user = make_user(Role.LIBRARY, library)
    for one, year in ((library, YEAR - 1), (library, YEAR), (other, YEAR)):
        Event.objects.create(
            organisation=one, kind=EventKind.MOVE, description="Naar de markt.", starts=_day(year, 3),
            added_at=user.date_joined, added_by=user,
        )  # fmt: skip
    assert [one.starts.year for one in timeline_of(library.pk)] == [YEAR, YEAR - 1]
