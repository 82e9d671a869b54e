"""What saving one answer knows, in one query; and that this is as good as knowing everything."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from surveys.actions.explanations import explain, explain_many
from surveys.forms.patch import delivery_for
from surveys.models import Event, Organisation, PeerBound, User
from surveys.permissions import Access
from surveys.queries.answers import answers_of
from surveys.queries.deliveries import Delivery, delivery_of
from surveys.queries.explanations import Explained
from surveys.queries.facts import locations_of
from surveys.queries.saving import Known, known_for_save
from surveys.queries.signals import Signal
from surveys.questionnaires.dependencies import dependencies
from surveys.questionnaires.loader import edition_before, load_edition
from surveys.questionnaires.rule import RuleKind
from surveys.values import Key, Value
from surveys.workflow import Role
from tests.factories import (
    YEAR,
    explain_all,
    give,
    make_library,
    make_poi,
    make_user,
    submission_of,
    take_part,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> Organisation:
    library = make_library(locations=3, poi=make_poi())
    take_part(library)
    return library


@pytest.fixture
def user(library: Organisation) -> User:
    return make_user(Role.LIBRARY, library)


def know(user: User, code: str, *, row: str = "", isil: str = "NL-08000010000", year: int = YEAR) -> Known:
    questionnaire = load_edition(YEAR).questions[code].questionnaire
    touched = dependencies(load_edition(YEAR), questionnaire, edition_before(YEAR)).touched_by(code)
    return known_for_save(user, year=year, isil=isil, questionnaire=questionnaire, row=row, touched=touched)


def test_one_query_knows_it_all(library: Organisation, user: User, django_assert_num_queries) -> None:
    give(submission_of(library, "profiel"), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    submission = submission_of(library, "personeel")
    give(submission, {"vrijwilligers": 12, "vrijwilligers_nb_zit_erin": "ja", "personeel_ziekte": 3}, by=user)
    with django_assert_num_queries(1):
        known = know(user, "vrijwilligers")
        assert (
            known.submission.pk,
            known.submission.state,
            known.submission.participation.round_id,
            known.submission.participation.organisation_id,
            known.submission.participation.inhabitants,
        ) == (submission.pk, "in_progress", YEAR, library.pk, 50_000)
    stored = {**answers_of(submission_of(library, "profiel")), **answers_of(submission)}
    touched = dependencies(load_edition(YEAR), "personeel").touched_by("vrijwilligers")
    needed = {question.code for question in touched.needed}
    assert known.access == Access(Role.LIBRARY)
    assert known.answers == {key: one for key, one in stored.items() if key[0] in needed}
    assert set(known.answers) >= {
        ("gecombineerd", ""),
        ("gedeelde_cijfers", ""),
        ("vrijwilligers", ""),
        ("vrijwilligers_nb_zit_erin", ""),
    }


def test_nothing_is_answered_yet(library: Organisation, user: User) -> None:
    assert know(user, "vrijwilligers").answers == {}


def test_only_this_year_and_this_library(library: Organisation, user: User) -> None:
    take_part(library, YEAR - 1)
    give(submission_of(library, "personeel", YEAR - 1), {"vrijwilligers": 1})
    other = make_library(2)
    take_part(other)
    give(submission_of(other, "personeel"), {"vrijwilligers": 2})
    assert know(user, "vrijwilligers").answers == {}


@pytest.mark.parametrize(
    ("role", "access"), [(Role.KB, Access(Role.KB)), (Role.POI, Access(Role.POI))], ids=["kb", "poi"]
)
def test_who_reads_along_is_known_as_such(library: Organisation, role: Role, access: Access) -> None:
    user = make_user(role, library.poi if role is Role.POI else None)
    assert know(user, "vrijwilligers").access == access


def test_a_stranger_is_refused(library: Organisation) -> None:
    with pytest.raises(PermissionDenied):
        know(make_user(Role.LIBRARY, make_library(2)), "vrijwilligers")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"isil": "NL-08999990000"}, "Deze vragenlijst is er niet."),
        ({"year": YEAR - 100}, "Deze vragenlijst is er niet."),
        ({"row": "NL-08999991001"}, "Deze vestiging is er niet."),
    ],
    ids=["library", "year", "location"],
)
def test_what_is_not_there_is_missing(library: Organisation, user: User, more: dict, message: str) -> None:
    with pytest.raises(Http404) as missing:
        know(user, "vrijwilligers", **more)
    assert str(missing.value) == message


def test_only_locations_that_were_open_are_rows(library: Organisation, user: User) -> None:
    make_library(2)
    first, second, third = sorted(library.locations.values_list("isil", flat=True))
    library.locations.filter(isil=second).update(closed=date(YEAR - 1, 12, 31))
    assert know(user, "bezoeken_locatie", row=first).rows == (first, third)
    for row in (second, "NL-08000021001"):
        with pytest.raises(Http404):
            know(user, "bezoeken_locatie", row=row)


@pytest.mark.parametrize(
    ("opened", "closed"),
    [
        (None, date(YEAR, 1, 1)),
        (None, date(YEAR - 1, 12, 31)),
        (date(YEAR, 12, 31), None),
        (date(YEAR + 1, 1, 1), None),
        (date(YEAR - 2, 3, 1), date(YEAR - 1, 4, 1)),
        (date(YEAR, 3, 1), date(YEAR + 1, 1, 1)),
    ],
)
def test_the_same_locations_are_open_as_on_the_page(
    library: Organisation, user: User, opened: date | None, closed: date | None
) -> None:
    library.locations.filter(isil__endswith="2").update(opened=opened, closed=closed)
    rows = tuple(one.isil for one in locations_of(submission_of(library, "bezit").participation))
    assert know(user, "bezoeken_locatie").rows == rows


def test_of_the_year_before_it_knows_what_was_answered_and_where(library: Organisation, user: User) -> None:
    """Also of a location that has closed since, and of one of which only something else was answered."""
    take_part(library, YEAR - 1, inhabitants=49_000)
    first, second, third = sorted(library.locations.values_list("isil", flat=True))
    library.locations.filter(isil=second).update(closed=date(YEAR - 1, 12, 31))
    library.locations.filter(isil=third).update(opened=date(YEAR, 3, 1))
    assert know(user, "bezoeken_locatie").before is None
    answers: dict[str | Key, int | str] = {("bezoeken_locatie", first): 10, ("uren_open", second): 20}
    give(submission_of(library, "bezit", YEAR - 1), answers)
    before = know(user, "bezoeken_locatie").before
    assert before is not None
    assert before.answers[("bezoeken_locatie", first)] == Value.of(10)
    assert (before.rows, before.inhabitants, before.locations) == ((first, second), 49_000, 2)


def test_a_library_without_locations(user: User) -> None:
    other = make_library(3, locations=0)
    take_part(other)
    known = know(make_user(Role.LIBRARY, other), "vrijwilligers", isil=other.isil)
    assert (known.rows, known.answers) == ((), {})


@pytest.mark.parametrize("answered", [1, 2, 3])
def test_the_part_it_knows_says_what_the_whole_says(library: Organisation, user: User, answered: int) -> None:
    """Also while some locations have no answer at all."""
    give(submission_of(library, "profiel"), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    submission = submission_of(library, "bezit")
    whole = delivery_of(submission)
    give(submission, {("bezoeken_locatie", row): 10 for row in whole.rows[:answered]})
    split = {"zit_erin": "ja", "invoer": "aantal", "aantal": 50}
    give(submission, {f"bezoeken_nb_{one}": value for one, value in split.items()})
    whole = delivery_of(submission)
    touched = dependencies(whole.edition, "bezit", edition_before(YEAR)).touched_by("bezoeken_locatie")
    part = delivery_for(know(user, "bezoeken_locatie", row=whole.rows[0]), touched)
    own = {question.code for question in touched.questions if not question.repeats}
    assert {key: one for key, one in part.evaluation.counted.items() if key[0] in own} == {
        key: one for key, one in whole.evaluation.counted.items() if key[0] in own
    }
    assert part.findings == [
        one for one in whole.findings if one.code in {rule.code for rule in touched.rules}
    ]


SAVED = ("leden_jeugd", "leden_9_12", "uitl_volw_fictie", "bezoeken_locatie", "verlengingen")


@pytest.mark.parametrize("code", SAVED)
def test_the_messages_after_a_save_are_those_of_the_page(
    library: Organisation, user: User, code: str
) -> None:
    """Beside last year and the peers, and with what was said about them: this year, last year, by an event."""
    take_part(library, YEAR - 1, inhabitants=49_000)
    rows = sorted(library.locations.values_list("isil", flat=True))
    for year, times in ((YEAR - 1, 1), (YEAR, 4)):
        give(submission_of(library, "profiel", year), {"gecombineerd": "nee"})
        counts = {
            "leden_jeugd": 5_000,
            "leden_9_12": 2_000,
            "uitl_volw_fictie": 40_000,
            "verlengingen": 9_000,
        }
        answers: dict[str | Key, int | str] = {one: number * times for one, number in counts.items()}
        answers |= {("bezoeken_locatie", row): 30_123 * times for row in rows}
        give(submission_of(library, "bezit", year), answers)
    bound = {"count": 9, "median": 0.1, "mad": 0.01, "computed_at": timezone.now()}
    peers = (rule.code for rule in load_edition(YEAR).rules if rule.kind is RuleKind.PEERS)
    PeerBound.objects.bulk_create(
        PeerBound(round_id=YEAR - 1, rule=one, group="alle", **bound) for one in peers
    )
    submission = submission_of(library, "bezit")
    explain_all(submission_of(library, "bezit", YEAR - 1), by=user)
    event = Event.objects.create(
        organisation=library,
        kind="verbouwing",
        description="De hal ‘open’",
        starts=date(YEAR, 2, 1),
        added_at=timezone.now(),
        added_by=user,
    )
    told = [one.finding for one in delivery_of(submission).signals if not one.is_error]
    explain(submission=submission, finding=told[0], reason="anders", text="Eerst dit \x1f|", by=user)
    explain_many(
        signals=[(submission, one) for one in told[::2]],
        reason="verbouwing",
        text="De verbouwing, dus.",
        by=user,
        event=event,
    )
    whole = delivery_of(submission)
    touched = dependencies(whole.edition, "bezit", edition_before(YEAR)).touched_by(code)
    row = rows[0] if whole.questions[code].repeats else ""
    part = delivery_for(know(user, code, row=row), touched)
    judged = [(one, row if whole.questions[one].repeats else "") for one in touched.judged]
    assert {key: _told(part, key) for key in judged} == {key: _told(whole, key) for key in judged}
    assert len(whole.signals) > 2


def _told(delivery: Delivery, key: Key) -> list[tuple[object, ...]]:
    return [
        (
            one.finding,
            *((given.text, given.reason, given.at, given.by, str(given.event)) for given in _given(one)),
            one.is_open,
        )
        for one in delivery.signals_at.get(key, ())
    ]


def _given(signal: Signal) -> list[Explained]:
    return [one for one in (signal.explanation, signal.earlier) if one]
