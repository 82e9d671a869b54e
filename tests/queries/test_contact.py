"""Whom the KB turns to, and what passed."""

from __future__ import annotations

import pytest
from django.utils import timezone

from surveys.models import ContactMoment, Organisation, Participation, Submission, User
from surveys.queries.contact import moments_of_year, recipients_of
from surveys.workflow import Role
from tests.factories import YEAR, make_library, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> Organisation:
    library = make_library()
    take_part(library)
    return library


def member(library: Organisation, name: str, questionnaires: str = "") -> User:
    return make_user(Role.LIBRARY, library, name=name, questionnaires=questionnaires)


def names(library: Organisation, questionnaire: str) -> list[str]:
    submission = submission_of(library, questionnaire)
    return [str(one) for one in recipients_of([submission])[submission.pk]]


def test_without_a_contact_person_all_who_may_fill_it_in(library: Organisation) -> None:
    member(library, "Bram Vos", "personeel")
    member(library, "Anna Bos")
    User.objects.filter(pk=member(library, "Cor Uit").pk).update(is_active=False)
    member(make_library(2), "Dora Elders")
    assert names(library, "personeel") == ["Anna Bos", "Bram Vos"]
    assert names(library, "bezit") == ["Anna Bos"]
    assert names(library, "profiel") == ["Anna Bos", "Bram Vos"]


def test_the_contact_person_alone_while_still_there(library: Organisation) -> None:
    anna, bram = member(library, "Anna Bos"), member(library, "Bram Vos")
    Submission.objects.filter(questionnaire="bezit").update(contact=bram)
    assert names(library, "bezit") == ["Bram Vos"]
    bram.memberships.update(questionnaires="personeel")
    assert names(library, "bezit") == ["Anna Bos"]
    bram.memberships.update(questionnaires="")
    User.objects.filter(pk=bram.pk).update(is_active=False)
    assert names(library, "bezit") == ["Anna Bos"]
    anna.memberships.all().delete()
    assert names(library, "bezit") == []


@pytest.mark.parametrize("count", [1, 3])
def test_whom_to_turn_to_takes_one_query(django_assert_num_queries, count: int) -> None:
    for number in range(1, count + 1):
        library = make_library(number)
        take_part(library)
        member(library, f"Anna {number}")
    lists = list(Submission.objects.select_related("participation"))
    with django_assert_num_queries(1):
        found = recipients_of(lists)
    assert {len(one) for one in found.values()} == {1}


def moment(participation: Participation, kind: str, **more: object) -> ContactMoment:
    facts = {"text": "Tekst", "at": timezone.now(), **more}
    return ContactMoment.objects.create(participation=participation, kind=kind, **facts)


def test_the_log_by_kind_by_name_and_by_what_was_refused(library: Organisation) -> None:
    own = library.participations.get()
    other = take_part(make_library(2))
    old = take_part(make_library(3), YEAR - 1)
    call, refused = moment(own, "phone"), moment(other, "reminder", error="550", subject="x")
    moment(old, "phone")
    everybody = Organisation.objects.all()
    assert list(moments_of_year(YEAR, everybody)) == [refused, call]
    assert list(moments_of_year(YEAR, everybody, kind="phone")) == [call]
    assert list(moments_of_year(YEAR, everybody, refused_only=True)) == [refused]
    assert list(moments_of_year(YEAR, everybody, search="bibliotheek 2")) == [refused]
    assert list(moments_of_year(YEAR, everybody, search=library.isil)) == [call]
    assert list(moments_of_year(YEAR, Organisation.objects.filter(pk=library.pk))) == [call]
