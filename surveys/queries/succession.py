"""A change of organisations as somebody means it, and all that has to be known before it may be recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q

from surveys.models import (
    ChangeKind,
    Location,
    Membership,
    Organisation,
    OrganisationChange,
    Participation,
    Release,
    ReleaseStatus,
    Round,
    Source,
    Submission,
    Succession,
)
from surveys.models.answer import Answer
from surveys.workflow import Role


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An organisation that is made with the change. `poi`: the ISIL code of its POI, or empty."""

    name: str
    province: str
    poi: str = ""


@dataclass(frozen=True, slots=True)
class Heir:
    """Who goes on, by ISIL code; with `newcomer` when it does not exist yet. The rest only of a split."""

    isil: str
    newcomer: Newcomer | None = None
    inhabitants: int | None = None
    locations: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be recorded: of whom (`predecessors`, by ISIL code), as whom they go on, from which day."""

    kind: ChangeKind
    day: date
    predecessors: tuple[str, ...]
    heirs: tuple[Heir, ...] = ()
    new_name: str = ""
    note: str = ""

    @property
    def named(self) -> frozenset[str]:
        """All organisations that it speaks of."""
        pois = (one.newcomer.poi for one in self.heirs if one.newcomer)
        return frozenset(filter(None, (*self.predecessors, *(one.isil for one in self.heirs), *pois)))


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier change in which an organisation had a part. `became`: their numbers; empty: it came to an end."""

    change: OrganisationChange
    organisation: int
    became: frozenset[int]

    @property
    def has_ended(self) -> bool:
        return self.organisation not in self.became


@dataclass(frozen=True, slots=True)
class Typed:
    """What the library itself answered in one list: how many, and when last."""

    questionnaire: str
    count: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Situation:
    """What stands in the registers and lists when a plan is weighed. Participations of rounds from its year on.

    `taken`: codes of new organisations that somebody already has; `has_past`: who took part in an earlier round.
    """

    organisations: Mapping[str, Organisation]
    taken: frozenset[str]
    pasts: Sequence[Past]
    as_part: Sequence[tuple[OrganisationChange, int]]
    rounds: Sequence[int]
    final: frozenset[int]
    participations: Sequence[Participation]
    has_past: frozenset[int]
    lists: Mapping[int, Sequence[Submission]]
    typed: Mapping[int, Sequence[Typed]]
    locations: Sequence[Location]
    memberships: Sequence[Membership]

    def ended(self, organisation: Organisation) -> Past | None:
        return next(
            (one for one in self.pasts if one.organisation == organisation.pk and one.has_ended), None
        )

    def in_round(self, organisation: Organisation | None, year: int) -> Participation | None:
        found = (one for one in self.participations if one.round_id == year)
        return next((one for one in found if organisation and one.organisation_id == organisation.pk), None)


def situation_of(plan: Plan) -> Situation:
    """Twelve queries, whatever the plan."""
    organisations = {
        one.isil: one for one in Organisation.objects.filter(isil__in=plan.named).select_related("poi")
    }
    year, pks = plan.day.year, [one.pk for one in organisations.values()]
    rounds = list(Round.objects.filter(year__gte=year).order_by("year").values_list("year", flat=True))
    of_these = Participation.objects.filter(organisation__in=pks)
    participations = list(
        of_these.filter(round_id__gte=year, ended_by=None).select_related("organisation").order_by("round_id")
    )
    lists: dict[int, list[Submission]] = {}
    for one in Submission.objects.filter(participation__in=participations).order_by("pk"):
        lists.setdefault(one.participation_id, []).append(one)
    pasts, as_part = _pasts(pks)
    newcomers = [one.isil for one in plan.heirs if one.newcomer]
    return Situation(
        organisations=organisations,
        taken=frozenset(newcomers) & {*organisations, *_location_codes(newcomers)},
        pasts=pasts,
        as_part=as_part,
        rounds=rounds,
        final=frozenset(
            Release.objects.filter(round_id__gte=year, status=ReleaseStatus.FINAL).values_list(
                "round_id", flat=True
            )
        ),
        participations=participations,
        has_past=frozenset(of_these.filter(round_id__lt=year).values_list("organisation_id", flat=True)),
        lists=lists,
        typed=_typed(participations),
        locations=list(
            Location.objects.filter(organisation__isil__in=plan.predecessors)
            .filter(Q(closed=None) | Q(closed__gte=date(year, 1, 1)))
            .select_related("organisation")
            .order_by("isil")
        ),
        memberships=list(
            Membership.objects.filter(role=Role.LIBRARY.value, organisation__in=pks)
            .select_related("user", "organisation")
            .order_by("user__name", "pk")
        ),
    )


def _location_codes(codes: Sequence[str]) -> Iterable[str]:
    return Location.objects.filter(isil__in=codes).values_list("isil", flat=True)


def _pasts(organisations: Sequence[int]) -> tuple[list[Past], list[tuple[OrganisationChange, int]]]:
    """The changes in which one of these was a predecessor; and every part that one of these ever had in a change."""
    concerned = Succession.objects.filter(
        Q(predecessor__in=organisations) | Q(successor__in=organisations)
    ).values("change")
    became: dict[tuple[OrganisationChange, int], set[int]] = {}
    parts: dict[tuple[OrganisationChange, int], None] = {}
    for one in (
        Succession.objects.filter(change__in=concerned)
        .select_related("change")
        .order_by("change__date", "change_id")
    ):
        became.setdefault((one.change, one.predecessor_id), set())
        parts[one.change, one.predecessor_id] = None
        if one.successor_id:
            became[one.change, one.predecessor_id].add(one.successor_id)
            parts[one.change, one.successor_id] = None
    pasts = [Past(change, pk, frozenset(others)) for (change, pk), others in became.items()]
    return pasts, list(parts)


def _typed(participations: Sequence[Participation]) -> Mapping[int, list[Typed]]:
    by_themselves = Answer.objects.filter(
        submission__participation__in=participations,
        source__in=(Source.FORM.value, Source.WORKBOOK.value),
    )
    counted = (
        by_themselves.order_by()
        .values_list("submission__participation", "submission__questionnaire")
        .annotate(count=Count("pk"), last=Max("changed_at"))
    )
    found: dict[int, list[Typed]] = {}
    for participation, questionnaire, count, last in counted:
        found.setdefault(participation, []).append(Typed(questionnaire, count, last))
    return found
