"""Whom the KB turns to about a list, and what passed between the KB and the organisations of a round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from surveys.models import (
    ContactKind,
    ContactMoment,
    Membership,
    Organisation,
    Participation,
    Submission,
    User,
)
from surveys.permissions import Access
from surveys.workflow import Role


@dataclass(frozen=True, slots=True)
class Members:
    """The people of one library that can log in: each with what they may do there, by name."""

    people: tuple[tuple[User, Access], ...] = ()

    def of(self, questionnaire: str) -> tuple[User, ...]:
        """Those who may fill in this list."""
        return tuple(user for user, access in self.people if access.fills_in(questionnaire))


def members_of(organisations: Iterable[int]) -> Mapping[int, Members]:
    """By number of the library. One query."""
    found: dict[int, list[tuple[User, Access]]] = {}
    memberships = Membership.objects.filter(
        role=Role.LIBRARY.value, organisation__in=set(organisations), user__is_active=True
    ).select_related("user")
    for one in memberships.order_by("user__name", "user__email"):
        access = Access(Role.LIBRARY, frozenset(one.questionnaires.split()))
        found.setdefault(one.organisation_id or 0, []).append((one.user, access))
    return {pk: Members(tuple(people)) for pk, people in found.items()}


def recipients_of(submissions: Iterable[Submission]) -> Mapping[int, tuple[User, ...]]:
    """By submission: its contact person, while that is one of the library's people who may fill in the list.

    Otherwise all who may; nobody when there are none. One query; the participations must have been read.
    """
    lists = list(submissions)
    members = members_of(one.participation.organisation_id for one in lists)
    return {
        one.pk: recipients(one, members.get(one.participation.organisation_id, Members())) for one in lists
    }


def recipients(submission: Submission, members: Members) -> tuple[User, ...]:
    """The same of one list, when its people have been read."""
    able = members.of(submission.questionnaire)
    return tuple(user for user in able if user.pk == submission.contact_id) or able


def moments_of(participation: Participation) -> QuerySet[ContactMoment]:
    """All that passed, newest first."""
    return ContactMoment.objects.filter(participation=participation).select_related("recipient", "by")


def mails_since(participation: Participation, kind: ContactKind, moment: datetime) -> list[ContactMoment]:
    """What the desk mailed to an organisation about this from a moment on. One query."""
    return list(moments_of(participation).filter(kind=kind.value, at__gte=moment))


def moments_of_year(
    year: int,
    organisations: QuerySet[Organisation],
    *,
    kind: str = "",
    search: str = "",
    refused_only: bool = False,
) -> QuerySet[ContactMoment]:
    """Of a round, newest first. `kind`: empty for all. `search`: in the name of the organisation, or its ISIL code."""
    chosen = Q(participation__round_id=year, participation__organisation__in=organisations)
    if kind:
        chosen &= Q(kind=kind)
    for word in search.split():
        chosen &= Q(participation__organisation__name__icontains=word) | Q(
            participation__organisation__isil__icontains=word
        )
    if refused_only:
        chosen &= ~Q(error="")
    return ContactMoment.objects.filter(chosen).select_related(
        "participation__organisation", "recipient", "by"
    )
