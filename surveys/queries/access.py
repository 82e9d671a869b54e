"""What a user may reach: one submission with the user's access to it, or all organisations in view."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from surveys.models import Membership, Organisation, Participation, Submission, User
from surveys.permissions import STRANGER, Access, may_see
from surveys.workflow import Role


def find_submission(user: User, *, year: int, isil: str, questionnaire: str) -> tuple[Submission, Access]:
    """One query. Raises Http404 when there is no such submission, PermissionDenied for a stranger."""
    submission = (
        Submission.objects.filter(
            participation__round_id=year,
            participation__organisation__isil=isil,
            questionnaire=questionnaire,
        )
        .select_related("participation__organisation__poi", "contact", "submitted_by", "approved_by")
        .annotate(**_access_of(user, "participation__organisation"))
        .first()
    )
    if submission is None:
        raise Http404("Deze vragenlijst is er niet.")
    return submission, _granted(submission)


def find_participation(user: User, *, year: int, isil: str) -> tuple[Participation, Access]:
    """One query. Raises Http404 when there is none, PermissionDenied for a stranger."""
    participation = (
        Participation.objects.filter(round_id=year, organisation__isil=isil)
        .select_related("organisation__poi")
        .annotate(**_access_of(user, "organisation"))
        .first()
    )
    if participation is None:
        raise Http404("Deze bibliotheek doet in dit jaar niet mee.")
    return participation, _granted(participation)


def _access_of(user: User, organisation: str) -> dict[str, Exists | Subquery]:
    own = Membership.objects.filter(user=user)
    library = own.filter(role=Role.LIBRARY.value, organisation=OuterRef(organisation))
    return {
        "is_kb": Exists(own.filter(role=Role.KB.value)),
        "is_poi": Exists(own.filter(role=Role.POI.value, organisation=OuterRef(f"{organisation}__poi"))),
        "library_questionnaires": Subquery(library.values("questionnaires")[:1]),
    }


def _granted(found: Submission | Participation) -> Access:
    codes: str | None = found.library_questionnaires  # type: ignore[union-attr]
    if codes is not None:
        access = Access(Role.LIBRARY, frozenset(codes.split()))
    elif found.is_kb:  # type: ignore[union-attr]
        access = Access(Role.KB)
    elif found.is_poi:  # type: ignore[union-attr]
        access = Access(Role.POI)
    else:
        access = STRANGER
    if not may_see(access):
        raise PermissionDenied("Deze bibliotheek hoort niet bij uw account.")
    return access


def organisations_in_view(user: User) -> QuerySet[Organisation]:
    """The libraries a user may see: all for the KB, those supported for a POI, their own for a library."""
    own = Membership.objects.filter(user=user)
    libraries = Organisation.objects.filter(type=Organisation.Type.LIBRARY)
    if own.filter(role=Role.KB.value).exists():
        return libraries
    return libraries.filter(
        Q(pk__in=own.filter(role=Role.LIBRARY.value).values("organisation"))
        | Q(poi__in=own.filter(role=Role.POI.value).values("organisation"))
    )


def own_libraries(user: User) -> QuerySet[Organisation]:
    return Organisation.objects.filter(
        pk__in=user.memberships.filter(role=Role.LIBRARY.value).values(pk=F("organisation"))
    )
