"""Reading explanations: of each signal the newest, of this year and of last year."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from surveys.models import Event, Explanation, Organisation, Participation, Reason, User
from surveys.queries.beside import beside_of
from surveys.queries.explanations import Explained
from surveys.questionnaires.loader import years
from surveys.workflow import Role
from tests.factories import YEAR, make_library, make_user, take_part

pytestmark = pytest.mark.django_db
LAST = years()[-2]
EARLY, LATE = datetime(2000, 2, 1, tzinfo=UTC), datetime(2000, 2, 2, tzinfo=UTC)


@pytest.fixture
def library() -> Organisation:
    return make_library(locations=0)


@pytest.fixture
def anna(library: Organisation) -> User:
    return make_user(Role.LIBRARY, library, name="Anna")


def say(
    participation: Participation,
    by: User,
    text: str,
    *,
    rule: str = "a",
    at: datetime = EARLY,
    **facts: object,
) -> None:
    given = {"question": "bezoeken", "figures": "bezoeken=1", "reason": "anders", **facts}
    Explanation.objects.create(participation=participation, rule=rule, text=text, at=at, by=by, **given)


def test_the_newest_of_each_signal(library: Organisation, anna: User, django_assert_num_queries) -> None:
    last, now = take_part(library, LAST), take_part(library)
    event = Event.objects.create(
        organisation=library,
        kind="fusie",
        description="Met de buren",
        starts=date(1999, 1, 1),
        added_at=EARLY,
        added_by=anna,
    )
    say(now, anna, "dan dit", at=LATE, reason="fusie", event=event, is_confirmed=True, figures="bezoeken=2")
    say(now, anna, "eerst dit")
    say(now, anna, "op hetzelfde ogenblik", row="NL-1")
    say(now, anna, "maar later geschreven", row="NL-1")
    say(now, anna, "andere controle", rule="b")
    say(last, anna, "vorig jaar")
    say(take_part(make_library(2)), anna, "andere bibliotheek")
    with django_assert_num_queries(1):
        found = beside_of(now).explanations
        assert found[YEAR, "a", ""].event == event
    first = Explained(
        text="vorig jaar",
        reason=Reason.OTHER,
        figures="bezoeken=1",
        event=None,
        is_confirmed=False,
        at=EARLY,
        by="Anna",
        year=LAST,
    )
    assert found[LAST, "a", ""] == first
    assert found[YEAR, "a", ""] == Explained(
        text="dan dit",
        reason=Reason.MERGER,
        figures="bezoeken=2",
        event=event,
        is_confirmed=True,
        at=LATE,
        by="Anna",
        year=YEAR,
    )
    assert {place: one.text for place, one in found.items()} == {
        (LAST, "a", ""): "vorig jaar",
        (YEAR, "a", ""): "dan dit",
        (YEAR, "a", "NL-1"): "maar later geschreven",
        (YEAR, "b", ""): "andere controle",
    }
    assert beside_of(last).explanations == {(LAST, "a", ""): first}


def test_nothing_was_said(library: Organisation) -> None:
    assert beside_of(take_part(library)).explanations == {}
