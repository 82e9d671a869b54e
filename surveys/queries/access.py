"""What a user may reach: one submission with the user's access to it, or all organisations in view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from surveys.models import Membership, Organisation, Participation, Submission, User
from surveys.permissions import STRANGER, Access, may_oversee, may_see
from surveys.queries.steps import newest_return
from surveys.queries.terms import with_terms
from surveys.workflow import Role


def find_submission(user: User, *, year: int, isil: str, questionnaire: str) -> tuple[Submission, Access]:
    """With its term. One query. Raises Http404 when there is no such submission, PermissionDenied for a stranger."""
    lists = Submission.objects.filter(
        participation__round_id=year,
        participation__organisation__isil=isil,
        questionnaire=questionnaire,
    )
    submission = (
        with_terms(lists)
        .select_related(
            "participation__organisation__poi", "contact", "submitted_by", "approved_by", "reviewer"
        )
        .annotate(newest_return=newest_return(), **access_annotations(user, "participation__organisation"))
        .first()
    )
    if submission is None:
        raise Http404("Deze vragenlijst is er niet.")
    return submission, granted(vars(submission))


def find_participation(user: User, *, year: int, isil: str) -> tuple[Participation, Access]:
    """One query. Raises Http404 when there is none, PermissionDenied for a stranger."""
    participation = (
        Participation.objects.filter(round_id=year, organisation__isil=isil)
        .select_related("organisation__poi")
        .annotate(**access_annotations(user, "organisation"))
        .first()
    )
    if participation is None:
        raise Http404("Deze bibliotheek doet in dit jaar niet mee.")
    return participation, granted(vars(participation))


def access_annotations(user: User, organisation: str) -> dict[str, Exists | Subquery]:
    """What `granted` reads: the user's memberships that matter to the organisation at this path."""
    own = Membership.objects.filter(user=user)
    library = own.filter(role=Role.LIBRARY.value, organisation=OuterRef(organisation))
    return {
        "is_kb": Exists(own.filter(role=Role.KB.value)),
        "is_poi": Exists(own.filter(role=Role.POI.value, organisation=OuterRef(f"{organisation}__poi"))),
        "library_questionnaires": Subquery(library.values("questionnaires")[:1]),
    }


def granted(found: Mapping[str, Any]) -> Access:
    """The access that the annotations tell of. Raises PermissionDenied for a stranger."""
    codes: str | None = found["library_questionnaires"]
    if codes is not None:
        access = Access(Role.LIBRARY, frozenset(codes.split()))
    elif found["is_kb"]:
        access = Access(Role.KB)
    elif found["is_poi"]:
        access = Access(Role.POI)
    else:
        access = STRANGER
    if not may_see(access):
        raise PermissionDenied("Deze bibliotheek hoort niet bij uw account.")
    return access


@dataclass(frozen=True, slots=True)
class OwnLibrary:
    """A library a user acts for. `newest_year`: the last round it takes part in."""

    isil: str
    name: str
    newest_year: int | None


def own_libraries(user: User) -> list[OwnLibrary]:
    """By name. One query."""
    libraries = Organisation.objects.filter(memberships__user=user, memberships__role=Role.LIBRARY.value)
    newest = libraries.annotate(
        newest_year=Max("participations__round", filter=Q(participations__ended_by=None))
    ).order_by("name")
    return [OwnLibrary(*one) for one in newest.values_list("isil", "name", "newest_year")]


def roles_of(user: User) -> frozenset[Role]:
    return frozenset(
        Role(role) for role in Membership.objects.filter(user=user).values_list("role", flat=True)
    )


def find_oversight(user: User) -> tuple[Access, QuerySet[Organisation]]:
    """What the user is to the country, and the libraries overseen. One query. Raises PermissionDenied for a library."""
    roles = roles_of(user)
    role = next((one for one in (Role.KB, Role.POI) if one in roles), None)
    access = Access(role)
    if not may_oversee(access):
        raise PermissionDenied("Dit overzicht is voor de KB en de POI’s.")
    libraries = Organisation.objects.filter(type=Organisation.Type.LIBRARY)
    if role is Role.POI:
        own = Membership.objects.filter(user=user, role=Role.POI.value)
        libraries = libraries.filter(poi__in=own.values("organisation"))
    return access, libraries
