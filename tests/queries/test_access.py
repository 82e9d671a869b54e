"""Who reaches which library: by role, and closed to everybody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from surveys.models import Membership, Organisation, Participation, Submission, User
from surveys.permissions import (
    STRANGER,
    Access,
    may_export,
    may_fill_in,
    may_oversee,
    may_see,
    may_submit,
)
from surveys.queries.access import (
    find_oversight,
    find_participation,
    find_submission,
    own_libraries,
    roles_of,
)
from surveys.workflow import OPEN, Role, SubmissionState, Term
from tests.factories import YEAR, make_library, make_poi, make_user, take_part

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """Two libraries, each with its own POI; the first takes part."""

    library: Organisation
    other: Organisation
    people: dict[str, User]


@pytest.fixture
def world() -> World:
    poi, far = make_poi(1), make_poi(2)
    library, other = make_library(1, poi=poi), make_library(2, poi=far)
    take_part(library)
    people = {
        "library": make_user(Role.LIBRARY, library),
        "one list": make_user(Role.LIBRARY, library, questionnaires="bezit  personeel"),
        "poi": make_user(Role.POI, poi),
        "kb": make_user(Role.KB),
        "other library": make_user(Role.LIBRARY, other),
        "other poi": make_user(Role.POI, far),
        "nobody": make_user(None),
        "library and kb": make_user(Role.KB),
    }
    Membership.objects.create(user=people["library and kb"], role="library", organisation=library)
    return World(library, other, people)


LIBRARY, KB, POI = Access(Role.LIBRARY), Access(Role.KB), Access(Role.POI)
ACCESS = {
    "library": LIBRARY,
    "one list": Access(Role.LIBRARY, frozenset({"bezit", "personeel"})),
    "poi": POI,
    "kb": KB,
    "other library": None,
    "other poi": None,
    "nobody": None,
    "library and kb": LIBRARY,
}


@pytest.mark.parametrize(("who", "access"), ACCESS.items(), ids=ACCESS)
def test_a_submission_by_role(
    world: World, django_assert_num_queries, who: str, access: Access | None
) -> None:
    def find() -> tuple[Submission, Access]:
        return find_submission(world.people[who], year=YEAR, isil=world.library.isil, questionnaire="bezit")

    with django_assert_num_queries(1):
        if access is None:
            with pytest.raises(PermissionDenied, match=r"^Deze bibliotheek hoort niet bij uw account\.$"):
                find()
            return
        submission, found = find()
        names = (submission.participation.organisation.name, submission.participation.organisation.poi.name)
    assert (found, submission.questionnaire, names) == (access, "bezit", ("Bibliotheek 1", "POI 1"))


@pytest.mark.parametrize(("who", "access"), ACCESS.items(), ids=ACCESS)
def test_a_participation_by_role(
    world: World, django_assert_num_queries, who: str, access: Access | None
) -> None:
    def find() -> tuple[Participation, Access]:
        return find_participation(world.people[who], year=YEAR, isil=world.library.isil)

    with django_assert_num_queries(1):
        if access is None:
            with pytest.raises(PermissionDenied):
                find()
        else:
            participation, found = find()
            assert (str(participation), str(participation.organisation.poi), found) == (
                f"Bibliotheek 1 {YEAR}",
                "POI 1",
                access,
            )


@pytest.mark.parametrize("who", ["library", "kb", "nobody"])
@pytest.mark.parametrize(
    ("year", "isil", "questionnaire"),
    [
        (YEAR - 100, "NL-08000010000", "bezit"),
        (YEAR, "NL-08999990000", "bezit"),
        (YEAR, "NL-08000010000", "boeken"),
        (YEAR, "NL-08000020000", "bezit"),
    ],
    ids=["year", "library", "questionnaire", "not taking part"],
)
def test_what_is_not_there_is_missing_for_everybody(
    world: World, who: str, year: int, isil: str, questionnaire: str
) -> None:
    with pytest.raises(Http404, match=r"^Deze vragenlijst is er niet\.$"):
        find_submission(world.people[who], year=year, isil=isil, questionnaire=questionnaire)


def test_a_library_that_does_not_take_part_is_missing(world: World) -> None:
    with pytest.raises(Http404, match=r"^Deze bibliotheek doet in dit jaar niet mee\.$"):
        find_participation(world.people["kb"], year=YEAR, isil=world.other.isil)


@pytest.mark.parametrize(
    ("who", "own", "roles"),
    [
        ("library", [("Bibliotheek 1", YEAR)], {Role.LIBRARY}),
        ("poi", [], {Role.POI}),
        ("kb", [], {Role.KB}),
        ("other library", [("Bibliotheek 2", None)], {Role.LIBRARY}),
        ("nobody", [], set()),
        ("library and kb", [("Bibliotheek 1", YEAR)], {Role.LIBRARY, Role.KB}),
    ],
)
def test_own_libraries_and_roles(
    world: World, who: str, own: list[tuple[str, int | None]], roles: set[Role]
) -> None:
    user = world.people[who]
    assert [(one.name, one.newest_year) for one in own_libraries(user)] == own
    assert roles_of(user) == roles


@pytest.mark.parametrize(
    ("who", "access", "names"),
    [
        ("kb", KB, ["Bibliotheek 1", "Bibliotheek 2"]),
        ("library and kb", KB, ["Bibliotheek 1", "Bibliotheek 2"]),
        ("poi", POI, ["Bibliotheek 1"]),
        ("other poi", POI, ["Bibliotheek 2"]),
    ],
)
def test_who_oversees(
    world: World, django_assert_num_queries, who: str, access: Access, names: list[str]
) -> None:
    with django_assert_num_queries(1):
        found, libraries = find_oversight(world.people[who])
    assert (found, [str(one) for one in libraries]) == (access, names)


@pytest.mark.parametrize("who", ["library", "nobody"])
def test_who_does_not_oversee(world: World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        find_oversight(world.people[who])


ONE_LIST = Access(Role.LIBRARY, frozenset({"bezit"}))


@pytest.mark.parametrize(
    ("predicate", "allowed"),
    [
        (may_see, [LIBRARY, ONE_LIST, KB, POI]),
        (may_oversee, [KB, POI]),
        (may_export, [KB]),
    ],
)
def test_what_a_role_may(predicate: Callable[[Access], bool], allowed: list[Access]) -> None:
    assert [one for one in (LIBRARY, ONE_LIST, KB, POI, STRANGER) if predicate(one)] == allowed


@pytest.mark.parametrize("state", SubmissionState)
@pytest.mark.parametrize(
    ("access", "questionnaire", "may"),
    [
        (LIBRARY, "bezit", True),
        (LIBRARY, "profiel", True),
        (ONE_LIST, "bezit", True),
        (ONE_LIST, "profiel", True),
        (ONE_LIST, "personeel", False),
        (KB, "bezit", False),
        (POI, "bezit", False),
        (STRANGER, "bezit", False),
    ],
)
def test_who_fills_in(access: Access, questionnaire: str, may: bool, state: SubmissionState) -> None:
    submission = Submission(questionnaire=questionnaire, state=state.value)
    submission.set_term(Term())
    assert may_fill_in(access, submission) is (may and state in OPEN)
    assert may_submit(access, submission) is (may and state in OPEN)


@pytest.mark.parametrize(
    ("opens", "last_change", "extension", "may"),
    [
        (None, None, None, True),
        (0, 0, None, True),
        (-1, 5, None, True),
        (1, 5, None, False),
        (-9, -1, None, False),
        (-9, -1, 0, True),
        (-9, -1, -1, False),
        (-9, 5, -1, True),
    ],
)
def test_the_dates_lock(opens: int | None, last_change: int | None, extension: int | None, may: bool) -> None:
    submission = Submission(questionnaire="bezit", state=SubmissionState.IN_PROGRESS.value)
    days = (
        None if one is None else timezone.localdate() + timedelta(days=one)
        for one in (opens, opens, last_change, extension)
    )
    submission.set_term(Term(*days))
    assert may_fill_in(LIBRARY, submission) is may


def test_without_its_term_nobody_may_fill_in_a_submission() -> None:
    with pytest.raises(KeyError):
        may_fill_in(LIBRARY, Submission(questionnaire="bezit"))
