"""Recording a change of organisations: what it does, that nothing of before is lost, and what is refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from surveys.actions.submissions import submit
from surveys.actions.succession import MovedOnError, SuccessionError, record_change
from surveys.exports.workbook import write_workbook
from surveys.models import (
    AnswerChange,
    ChangeKind,
    Location,
    LocationMove,
    Membership,
    Organisation,
    OrganisationChange,
    Participation,
    Release,
    ReleaseStatus,
    Submission,
    Succession,
    User,
)
from surveys.queries.consequences import consequences_of, with_existing_heir
from surveys.queries.objections import objections
from surveys.queries.succession import Heir, Newcomer, Plan, situation_of
from surveys.queries.year import records_of_year
from surveys.workflow import Role
from tests.factories import (
    YEAR,
    complete,
    give,
    make_library,
    make_poi,
    make_round,
    make_user,
    submission_of,
    take_part,
)

pytestmark = pytest.mark.django_db
DAY = date(YEAR, 3, 1)
MERGER, SPLIT, CLOSURE, RENAMING = (
    ChangeKind.MERGER, ChangeKind.SPLIT, ChangeKind.CLOSURE, ChangeKind.RENAMING,
)  # fmt: skip
ONE, TWO, THREE, POI = "NL-08000010000", "NL-08000020000", "NL-08000030000", "NL-07000010000"
NEW = "NL-0800099"


def newcomer(isil: str = NEW, **more: object) -> Heir:
    return Heir(isil, Newcomer("Bibliotheek Samen", "Drenthe", POI), **more)  # type: ignore[arg-type]


@pytest.fixture
def kb() -> User:
    return make_user(Role.KB, name="Noor Wessenaar")


@pytest.fixture
def world() -> tuple[Organisation, Organisation]:
    """Two libraries with two locations each, in the year and the one before, with a person each."""
    poi = make_poi()
    found = make_library(1, poi=poi), make_library(2, poi=poi)
    for number, one in enumerate(found, 1):
        take_part(one, YEAR - 1, inhabitants=10_000 * number)
        take_part(one, YEAR, inhabitants=10_100 * number)
        give(submission_of(one, "bezit", YEAR - 1), {"leden_jeugd": 100 * number})
    return found


def merger(*isils: str, heir: Heir | None = None, day: date = DAY) -> Plan:
    return Plan(MERGER, day, isils, (heir or Heir(isils[0]),))


def test_a_merger_into_a_new_organisation(world, kb: User) -> None:
    anna = make_user(Role.LIBRARY, world[0], name="Anna Bos", questionnaires="bezit")
    Membership.objects.create(user=anna, role="library", organisation=world[1], questionnaires="personeel")
    piet = make_user(Role.LIBRARY, world[1], name="Piet Vos")
    change = record_change(plan=merger(ONE, TWO, heir=newcomer()), by=kb)
    new = Organisation.objects.get(isil=NEW)
    assert (new.name, new.province, new.poi and new.poi.isil) == ("Bibliotheek Samen", "Drenthe", POI)
    assert set(Succession.objects.values_list("predecessor__isil", "successor__isil")) == {
        (ONE, NEW),
        (TWO, NEW),
    }
    parts = Participation.objects.values_list("round", "organisation__isil", "inhabitants", "ended_by")
    assert set(parts) == {
        (YEAR - 1, ONE, 10_000, None),
        (YEAR - 1, TWO, 20_000, None),
        (YEAR, ONE, 10_100, change.pk),
        (YEAR, TWO, 20_200, change.pk),
        (YEAR, NEW, 30_300, None),
    }
    assert Submission.objects.filter(participation__organisation=new).count() == 5
    assert set(Location.objects.values_list("organisation__isil", flat=True)) == {NEW}
    assert set(LocationMove.objects.values_list("before__isil", "date")) == {(ONE, DAY), (TWO, DAY)}
    at_new = Membership.objects.filter(organisation=new)
    assert dict(at_new.values_list("user__name", "questionnaires")) == {
        "Anna Bos": "bezit personeel",
        "Piet Vos": "",
    }
    assert Membership.objects.filter(user=piet).count() == 2
    assert [one.isil for one in records_of_year(YEAR)] == [NEW]
    assert [one.isil for one in records_of_year(YEAR - 1)] == [ONE, TWO]


def test_who_stays_keeps_its_code_and_counts_all_inhabitants(world, kb: User) -> None:
    record_change(plan=merger(ONE, TWO), by=kb)
    mine = Participation.objects.get(organisation__isil=ONE, round=YEAR)
    assert (mine.ended_by, mine.inhabitants) == (None, 30_300)
    assert Participation.objects.get(organisation__isil=TWO, round=YEAR).ended_by is not None
    assert set(LocationMove.objects.values_list("before__isil", flat=True)) == {TWO}


def test_an_existing_library_that_goes_on_is_one_of_those_that_merge(world, kb: User) -> None:
    record_change(plan=merger(TWO, heir=Heir(ONE)), by=kb)
    assert set(Succession.objects.values_list("predecessor__isil", "successor__isil")) == {
        (ONE, ONE),
        (TWO, ONE),
    }


def test_a_split_divides_the_locations(world, kb: User) -> None:
    places = sorted(world[0].locations.values_list("isil", flat=True))
    heirs = (
        Heir(ONE, inhabitants=6_000, locations=frozenset(places[:1])),
        newcomer(inhabitants=4_100, locations=frozenset(places[1:])),
    )
    anna = make_user(Role.LIBRARY, world[0])
    record_change(plan=Plan(SPLIT, DAY, (ONE,), heirs), by=kb)
    assert [place.isil for place in Organisation.objects.get(isil=NEW).locations.all()] == places[1:]
    assert dict(
        Participation.objects.filter(round=YEAR).values_list("organisation__isil", "inhabitants")
    ) == {
        ONE: 6_000,
        TWO: 20_200,
        NEW: 4_100,
    }
    assert Participation.objects.filter(ended_by=None, round=YEAR).count() == 3
    assert anna.memberships.count() == 2


def test_a_closure_ends_it_and_keeps_all(world, kb: User) -> None:
    record_change(plan=Plan(CLOSURE, DAY, (TWO,)), by=kb)
    assert list(Succession.objects.values_list("predecessor__isil", "successor")) == [(TWO, None)]
    assert [one.isil for one in records_of_year(YEAR)] == [ONE]
    assert world[1].locations.count() == 2


def test_a_new_name_keeps_the_old_one(world, kb: User) -> None:
    change = record_change(plan=Plan(RENAMING, DAY, (ONE,), new_name="De Nieuwe"), by=kb)
    assert (change.old_name, change.new_name) == ("Bibliotheek 1", "De Nieuwe")
    assert Organisation.objects.get(isil=ONE).name == "De Nieuwe"


def test_the_years_before_go_out_byte_by_byte_as_they_did(world, kb: User) -> None:
    def fingerprint() -> str:
        return write_workbook(io.BytesIO(), year=YEAR - 1).fingerprint

    earlier, log = fingerprint(), AnswerChange.objects.count()
    records = list(records_of_year(YEAR - 1))
    record_change(plan=merger(ONE, TWO, heir=newcomer()), by=kb)
    assert fingerprint() == earlier
    assert list(records_of_year(YEAR - 1)) == records
    assert AnswerChange.objects.count() == log


def test_twice_by_a_double_click_is_once(world, kb: User) -> None:
    for plan in (merger(ONE, TWO, heir=newcomer()), Plan(RENAMING, DAY, (NEW,), new_name="Anders")):
        assert record_change(plan=plan, by=kb) == record_change(plan=plan, by=kb)
    assert OrganisationChange.objects.count() == 2


def test_what_the_preview_told_is_what_is_recorded(world, kb: User) -> None:
    plan = merger(ONE, TWO, heir=newcomer())
    seen = consequences_of(plan, situation_of(plan)).seen
    Participation.objects.filter(organisation__isil=ONE, round=YEAR).update(inhabitants=1)
    with pytest.raises(MovedOnError):
        record_change(plan=plan, by=kb, seen=seen)
    assert not OrganisationChange.objects.exists()
    assert record_change(plan=plan, by=kb, seen=consequences_of(plan, situation_of(plan)).seen)


def test_the_preview_counts_what_last_year_comes_to(world) -> None:
    plan = merger(ONE, TWO, heir=newcomer())
    told = consequences_of(plan, situation_of(plan))
    [bezit] = [one for one in told.lists if one.questionnaire.code == "bezit"]
    assert (bezit.added, bezit.agreed) == (1, 0)
    assert bezit.absent
    assert told.locations_before == 4


def _delivered(kb: User) -> None:
    profile = submission_of(Organisation.objects.get(isil=TWO), "profiel")
    complete(profile, {"gecombineerd": "nee"})
    submit(submission=profile, by=make_user(Role.LIBRARY, profile.participation.organisation))


def _typed(kb: User) -> None:
    give(submission_of(Organisation.objects.get(isil=TWO), "personeel"), {"vrijwilligers": 3})


def _final(kb: User) -> None:
    now = timezone.now()
    Release.objects.create(round=make_round(YEAR), status=ReleaseStatus.FINAL, at=now, made_by=kb)


def _ended(kb: User) -> None:
    record_change(plan=Plan(CLOSURE, date(YEAR, 1, 1), (TWO,)), by=kb)


def _merged_first(kb: User) -> None:
    """One went on as two."""
    record_change(plan=merger(ONE, TWO, heir=Heir(TWO), day=date(YEAR, 2, 1)), by=kb)


def _went_round(kb: User) -> None:
    """One went on as three, three as two."""
    make_library(3)
    record_change(plan=merger(ONE, THREE, heir=Heir(THREE), day=date(YEAR, 1, 2)), by=kb)
    record_change(plan=merger(THREE, TWO, heir=Heir(TWO), day=date(YEAR, 2, 1)), by=kb)


def _merged_later(kb: User) -> None:
    make_library(3)
    record_change(plan=merger(TWO, THREE, day=date(YEAR, 6, 1)), by=kb)


def _taken(kb: User) -> None:
    Location.objects.filter(isil__endswith="1001", organisation__isil=ONE).update(isil=NEW)


def _nothing(kb: User) -> None:
    pass


PLACES = ("NL-08000011001", "NL-08000011002")


def split(*heirs: Heir) -> Plan:
    return Plan(SPLIT, DAY, (ONE,), heirs)


HALF = Heir(ONE, inhabitants=5_000, locations=frozenset(PLACES[:1]))
OTHER = newcomer(inhabitants=5_000, locations=frozenset(PLACES[1:]))
REFUSED: dict[str, tuple[Callable[[User], None], Plan, str]] = {
    "itself": (_nothing, merger(ONE, ONE), "Bibliotheek 1 kan niet met zichzelf fuseren"),
    "only itself": (_nothing, merger(ONE), "Bibliotheek 1 kan niet met zichzelf fuseren"),
    "one": (_nothing, merger(ONE, heir=newcomer()), "minstens twee bibliotheken"),
    "nobody": (_nothing, Plan(CLOSURE, DAY, ()), "Kies een bibliotheek"),
    "unknown": (_nothing, merger(ONE, "NL-1"), "‘NL-1’ is geen bekende bibliotheek"),
    "unknown heir": (_nothing, merger(ONE, TWO, heir=Heir("NL-1")), "‘NL-1’ is geen bekende bibliotheek"),
    "poi": (_nothing, merger(ONE, POI), "POI 1 is een POI"),
    "poi as heir": (_nothing, merger(ONE, TWO, heir=Heir(POI)), "levert zelf geen gegevens"),
    "no heir": (_nothing, Plan(MERGER, DAY, (ONE, TWO)), "Zeg als welke organisatie"),
    "taken": (_taken, merger(ONE, TWO, heir=newcomer()), "is al in gebruik"),
    "taken by a library": (_nothing, merger(ONE, TWO, heir=newcomer(TWO)), "is al in gebruik"),
    "no code": (_nothing, merger(ONE, TWO, heir=newcomer("Meppel")), "is geen ISIL-code"),
    "no name": (
        _nothing, merger(ONE, TWO, heir=Heir(NEW, Newcomer(" ", "Drenthe"))), "een naam",
    ),
    "no province": (_nothing, merger(ONE, TWO, heir=Heir(NEW, Newcomer("X", ""))), "Kies de provincie"),
    "no such poi": (
        _nothing, merger(ONE, TWO, heir=Heir(NEW, Newcomer("X", "Drenthe", ONE))), "is geen POI",
    ),
    "final": (_final, merger(ONE, TWO), "zijn definitief"),
    "closure in a final year": (_final, Plan(CLOSURE, DAY, (ONE,)), "zijn definitief"),
    "delivered": (_delivered, merger(ONE, TWO), "leverde over"),
    "delivered by who stays": (_delivered, merger(ONE, TWO, heir=Heir(TWO)), "Profiel van de organisatie (ingediend)"),
    "typed": (_typed, merger(ONE, TWO), "vulde over"),
    "ended": (_ended, merger(ONE, TWO), "Bibliotheek 2 bestaat niet meer (opheffing per 1 januari"),
    "ended twice": (_ended, Plan(CLOSURE, DAY, (TWO,)), "Bibliotheek 2 bestaat niet meer"),
    "heir ended": (_ended, merger(ONE, TWO, heir=Heir(TWO)), "bestaat niet meer"),
    "in a circle": (_merged_first, Plan(MERGER, DAY, (TWO, ONE), (Heir(ONE),)), "kring"),
    "back in a circle": (_merged_first, Plan(MERGER, DAY, (TWO,), (Heir(ONE),)), "kring"),
    "in a wide circle": (_went_round, Plan(MERGER, DAY, (TWO,), (Heir(ONE),)), "kring"),
    "before a later one": (_merged_later, merger(ONE, TWO), "per 1 juni"),
    "on the same day": (_merged_later, merger(ONE, TWO, day=date(YEAR, 6, 1)), "per 1 juni"),
    "split without parts": (_nothing, split(), "minstens twee delen"),
    "split in one": (_nothing, split(HALF), "minstens twee delen"),
    "split in the same": (_nothing, split(HALF, HALF), "staat er twee keer"),
    "split with another": (_nothing, split(HALF, replace(OTHER, isil=TWO, newcomer=None)), "bestond al"),
    "place nowhere": (_nothing, split(HALF, newcomer(inhabitants=1)), "vestiging Vestiging 2 hoort"),
    "place twice": (
        _nothing, split(HALF, replace(OTHER, locations=frozenset(PLACES))), "vestiging Vestiging 1 hoort",
    ),
    "place of another": (
        _nothing, split(HALF, replace(OTHER, locations=OTHER.locations | {"NL-08000021001"})), "is niet van",
    ),
    "no inhabitants": (_nothing, split(HALF, replace(OTHER, inhabitants=None)), "aantal inwoners"),
    "same name": (_nothing, Plan(RENAMING, DAY, (ONE,), new_name="Bibliotheek 1"), "heet al Bibliotheek 1"),
    "no new name": (_nothing, Plan(RENAMING, DAY, (ONE,), new_name="-"), "Vul de nieuwe naam in"),
    "name of a poi": (_nothing, Plan(RENAMING, DAY, (POI,), new_name="Anders"), "is een POI"),
    "name of who ended": (_ended, Plan(RENAMING, DAY, (TWO,), new_name="Anders"), "bestaat niet meer"),
    "long ago": (_nothing, merger(ONE, TWO, day=date(1999, 1, 1)), "jaar geleden"),
    "far ahead": (_nothing, merger(ONE, TWO, day=date(2999, 1, 1)), "Klopt het jaartal?"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_with_the_reason(world, kb: User, name: str) -> None:
    """By the action as by the preview, and nothing is written."""
    prepare, plan, text = REFUSED[name]
    prepare(kb)
    before = OrganisationChange.objects.count(), Participation.objects.count()
    with pytest.raises(SuccessionError) as refused:
        record_change(plan=plan, by=make_user(Role.KB, name="Een ander"))
    assert text in str(refused.value)
    assert (OrganisationChange.objects.count(), Participation.objects.count()) == before
    known = situation_of(plan)
    told = objections(with_existing_heir(plan, known), known, timezone.localdate())
    assert " ".join(one.text for one in told) == str(refused.value)


def test_a_year_from_today_can_be_recorded_and_a_day_more_cannot(world) -> None:
    today = date(2001, 6, 15)
    for day, is_fine in ((date(2002, 6, 15), True), (date(2002, 6, 16), False)):
        plan = merger(ONE, TWO, day=day)
        found = objections(plan, situation_of(plan), today)
        assert any(one.about == "day" and "Klopt het jaartal" in one.text for one in found) is not is_fine


def test_a_change_after_the_open_rounds_moves_only_the_registers(world, kb: User) -> None:
    day = max(timezone.localdate() + timedelta(days=1), date(YEAR + 1, 1, 1))
    _typed(kb)
    record_change(plan=merger(ONE, TWO, day=day), by=kb)
    assert [one.isil for one in records_of_year(YEAR)] == [ONE, TWO]
    assert [len(one.locations) for one in records_of_year(YEAR)] == [2, 2]
    assert set(Location.objects.values_list("organisation__isil", flat=True)) == {ONE}


def test_as_many_queries_for_two_as_for_four(kb: User, django_assert_max_num_queries) -> None:
    for number in range(1, 5):
        take_part(make_library(number))
    isils = [f"NL-080000{number}0000" for number in range(1, 5)]
    for some in (isils[:2], isils):
        plan = merger(*some)
        with django_assert_max_num_queries(16):
            consequences_of(plan, situation_of(plan))


def test_contact_persons_go_along_to_who_is_enrolled_the_heirs_own_first(world, kb: User) -> None:
    people = [make_user(Role.LIBRARY, one, name=f"Persoon {one.isil}") for one in world]
    lists = Submission.objects.filter(participation__round_id=YEAR)
    lists.filter(participation__organisation=world[0]).exclude(questionnaire="bezit").update(
        contact=people[0]
    )
    lists.filter(participation__organisation=world[1]).update(contact=people[1])
    record_change(plan=merger(ONE, TWO, heir=newcomer()), by=kb)
    contacts = dict(
        Submission.objects.filter(participation__organisation__isil=NEW).values_list(
            "questionnaire", "contact"
        )
    )
    assert contacts.pop("bezit") == people[1].pk
    assert set(contacts.values()) == {people[0].pk}


def test_who_may_not_fill_in_a_list_is_not_turned_to_about_it(world, kb: User) -> None:
    anna = make_user(Role.LIBRARY, world[0], name="Anna Bos", questionnaires="bezit")
    Submission.objects.filter(participation__organisation=world[0]).update(contact=anna)
    record_change(plan=merger(ONE, TWO, heir=newcomer()), by=kb)
    mine = Submission.objects.filter(participation__organisation__isil=NEW, contact=anna)
    assert {one.questionnaire for one in mine} == {"profiel", "bezit"}  # the profile is everybody's
