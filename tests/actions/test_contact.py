"""Who is turned to about a list, and what is written down about a call."""

from __future__ import annotations

import pytest

from surveys.actions.contact import ContactRefusedError, ContactsChangedError, note_contact, set_contacts
from surveys.models import ContactKind, ContactMoment, Membership, Participation, Submission, User
from surveys.workflow import Role
from tests.factories import YEAR, make_library, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def participation() -> Participation:
    return take_part(make_library(), YEAR - 1)


@pytest.fixture
def anna(participation: Participation) -> User:
    return make_user(Role.LIBRARY, participation.organisation, name="Anna Bos")


@pytest.fixture
def bram(participation: Participation) -> User:
    return make_user(Role.LIBRARY, participation.organisation, name="Bram Vos", questionnaires="personeel")


@pytest.fixture
def kb() -> User:
    return make_user(Role.KB, name="Kees Berg")


def contacts(year: int) -> dict[str, str]:
    found = Submission.objects.filter(participation__round_id=year, contact__isnull=False)
    return dict(found.values_list("questionnaire", "contact__name"))


def test_a_library_says_whom_to_turn_to(participation: Participation, anna: User, bram: User) -> None:
    told = set_contacts(participation=participation, contacts={"bezit": anna, "personeel": bram}, by=anna)
    assert sorted(told) == ["Bezit: Anna Bos (was geen).", "Personeel: Bram Vos (was geen)."]
    assert contacts(YEAR - 1) == {"bezit": "Anna Bos", "personeel": "Bram Vos"}
    moment = ContactMoment.objects.get()
    assert (moment.kind, moment.by) == ("note", anna)
    assert set_contacts(participation=participation, contacts={"bezit": anna}, by=anna) == []
    set_contacts(participation=participation, contacts={"bezit": None}, by=anna)
    assert contacts(YEAR - 1) == {"personeel": "Bram Vos"}


def test_only_who_may_fill_in_the_list_can_be_turned_to(
    participation: Participation, anna: User, bram: User, kb: User
) -> None:
    for nobody in (bram, kb):
        with pytest.raises(ContactRefusedError, match="mag Bezit niet"):
            set_contacts(participation=participation, contacts={"bezit": nobody}, by=anna)
    anna.is_active = False
    anna.save()
    with pytest.raises(ContactRefusedError):
        set_contacts(participation=participation, contacts={"bezit": anna}, by=bram)
    assert contacts(YEAR - 1) == {}


def test_a_new_round_takes_over_who_is_still_there(
    participation: Participation, anna: User, bram: User
) -> None:
    library = participation.organisation
    gone = make_user(Role.LIBRARY, library, name="Cor Weg")
    codes = {"bezit": anna, "personeel": bram, "financieel": gone}
    set_contacts(participation=participation, contacts=codes, by=anna)
    Membership.objects.filter(user=gone).delete()
    take_part(library)
    assert contacts(YEAR) == {"bezit": "Anna Bos", "personeel": "Bram Vos"}
    assert submission_of(library, "financieel").contact is None


def test_a_call_is_written_down_once(participation: Participation, kb: User) -> None:
    for _ in range(2):
        note_contact(participation=participation, kind=ContactKind.PHONE, text=" Komt vrijdag. ", by=kb)
    moment = ContactMoment.objects.get()
    assert (moment.kind, moment.text, moment.by) == ("phone", "Komt vrijdag.", kb)
    note_contact(participation=participation, kind=ContactKind.NOTE, text="Komt vrijdag.", by=kb)
    assert ContactMoment.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "text"),
    [(ContactKind.PHONE, " \n. "), (ContactKind.REMINDER, "Gemaild"), (ContactKind.NOTE, "x" * 4001)],
)
def test_what_cannot_be_written_down(
    participation: Participation, kb: User, kind: ContactKind, text: str
) -> None:
    with pytest.raises(ContactRefusedError):
        note_contact(participation=participation, kind=kind, text=text, by=kb)
    assert not ContactMoment.objects.exists()


def test_a_colleague_who_chose_somebody_else_meanwhile_is_not_overruled(
    participation: Participation, anna: User, bram: User
) -> None:
    seen = {"bezit": None, "personeel": None}
    set_contacts(participation=participation, contacts={"personeel": bram}, by=bram, seen=seen)
    both = {"bezit": anna, "personeel": anna}
    with pytest.raises(ContactsChangedError) as refused:
        set_contacts(participation=participation, contacts=both, by=anna, seen=seen)
    assert list(refused.value.problems) == ["personeel"]
    assert "Intussen is Bram Vos gekozen." in refused.value.problems["personeel"]
    assert contacts(YEAR - 1) == {"personeel": "Bram Vos"}
    again = set_contacts(participation=participation, contacts={"personeel": bram}, by=anna, seen=seen)
    assert again == [], "the same choice is no quarrel"


def test_nobody_for_several_lists_is_told_in_one_line(participation: Participation, anna: User) -> None:
    set_contacts(participation=participation, contacts=dict.fromkeys(("bezit", "personeel"), anna), by=anna)
    told = set_contacts(participation=participation, contacts=dict.fromkeys(("bezit", "personeel")), by=anna)
    assert told == [
        "Voor Bezit en Personeel is nu niemand contactpersoon; iedereen die de lijst mag invullen krijgt de mail."
    ]
