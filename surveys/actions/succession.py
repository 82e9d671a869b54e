"""Recording a merger, split, closure or new name: exactly what its preview told, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from surveys.actions.contact import take_over_contacts
from surveys.actions.locks import in_lock_order
from surveys.actions.submissions import enrol
from surveys.models import (
    ChangeKind,
    Location,
    LocationMove,
    Membership,
    Organisation,
    OrganisationChange,
    Participation,
    Round,
    Submission,
    Succession,
    User,
)
from surveys.queries.consequences import Consequences, consequences_of, with_existing_heir
from surveys.queries.objections import HEIRS, Objection, objections
from surveys.queries.succession import Plan, Situation, situation_of
from surveys.workflow import Role

_TAKEN = "Een collega legde intussen een organisatie met deze ISIL-code vast. Kijk de lijst na."


class SuccessionError(ValueError):
    """The change cannot be recorded; `objections` say why and what to do."""

    def __init__(self, found: list[Objection]) -> None:
        self.objections = found
        super().__init__(" ".join(one.text for one in found))


class MovedOnError(ValueError):
    """What the change would do is no longer what the preview told."""


def record_change(*, plan: Plan, by: User, seen: str = "") -> OrganisationChange:
    """Raises SuccessionError, and MovedOnError when `seen`, the name of what was read, is no longer what would happen.

    The same change once more by the same person, by a double click, is the change that is there.
    """
    try:
        with transaction.atomic():
            _lock(plan)
            known = situation_of(plan)
            whole = with_existing_heir(plan, known)
            if whole is not plan:  # it speaks of the same organisations, which are locked
                known = situation_of(whole)
            there = _there(whole, by)
            if there is not None:
                return there
            found = objections(whole, known, timezone.localdate())
            if found:
                raise SuccessionError(found)
            told = consequences_of(whole, known)
            if seen and seen != told.seen:
                raise MovedOnError
            return _record(whole, known, told, by)
    except IntegrityError as error:  # two new organisations with one code, recorded at once
        raise SuccessionError([Objection(HEIRS, _TAKEN)]) from error


def _lock(plan: Plan) -> None:
    """The organisations, in one order, and the lists that may come to an end: nobody delivers them meanwhile."""
    organisations = Organisation.objects.select_for_update(no_key=True).filter(isil__in=plan.named)
    pks = [one.pk for one in organisations.order_by("pk")]
    lists = Submission.objects.filter(
        participation__organisation__in=pks, participation__round__gte=plan.day.year
    )
    list(in_lock_order(lists.select_for_update(of=("self",))).values_list("pk", flat=True))


def _there(plan: Plan, by: User) -> OrganisationChange | None:
    """The very same change, recorded by the same person."""
    became: list[str | None] = [one.isil for one in plan.heirs]
    if plan.kind is ChangeKind.CLOSURE:
        became = [None]
    elif plan.kind is ChangeKind.RENAMING:
        became = list(plan.predecessors)
    pairs = {(isil, heir) for isil in plan.predecessors for heir in became}
    same = OrganisationChange.objects.filter(
        kind=plan.kind, date=plan.day, added_by=by, new_name=plan.new_name, note=plan.note
    )
    for one in same.prefetch_related("successions__predecessor", "successions__successor"):
        recorded = {
            (link.predecessor.isil, link.successor.isil if link.successor else None)
            for link in one.successions.all()
        }
        if recorded == pairs:
            return one
    return None


def _record(plan: Plan, known: Situation, told: Consequences, by: User) -> OrganisationChange:
    was = [known.organisations[isil] for isil in plan.predecessors]
    is_renaming = plan.kind is ChangeKind.RENAMING
    change = OrganisationChange.objects.create(
        kind=plan.kind,
        date=plan.day,
        note=plan.note,
        old_name=was[0].name if is_renaming else "",
        new_name=plan.new_name if is_renaming else "",
        added_at=timezone.now(),
        added_by=by,
    )
    if is_renaming:
        Succession.objects.create(change=change, predecessor=was[0], successor=was[0])
        Organisation.objects.filter(pk=was[0].pk).update(name=plan.new_name)
        return change
    heirs = _heirs(plan, known)
    Succession.objects.bulk_create(
        Succession(change=change, predecessor=one, successor=heir)
        for one in was
        for heir in (heirs.values() or (None,))
    )
    Participation.objects.filter(pk__in=[one.pk for one in told.ended]).update(ended_by=change)
    rounds = Round.objects.in_bulk([one.year for one in told.enrolments])
    enrolled = []
    for one in told.enrolments:
        if one.present is None:
            mine = enrol(
                year=rounds[one.year], organisation=heirs[one.heir.isil], inhabitants=one.inhabitants
            )
            enrolled.append(mine)
        else:
            Participation.objects.filter(pk=one.present.pk).update(inhabitants=one.inhabitants)
    LocationMove.objects.bulk_create(
        LocationMove(location=one.location, before=one.location.organisation, date=plan.day, change=change)
        for one in told.moves
    )
    for isil, heir in heirs.items():
        moved = [one.location.pk for one in told.moves if one.heir.isil == isil]
        Location.objects.filter(pk__in=moved).update(organisation=heir)
    _grant(told, heirs)
    if plan.kind is ChangeKind.MERGER:  # of a split nobody knows who goes where
        for mine in enrolled:
            _keep_contacts(mine, was)
    return change


def _keep_contacts(participation: Participation, was: Sequence[Organisation]) -> None:
    """Once the people of the predecessors have access."""
    lists = list(participation.submissions.order_by("pk"))
    others = [one for one in was if one.pk != participation.organisation_id]
    take_over_contacts(participation=participation, submissions=lists, after=others)
    Submission.objects.bulk_update(lists, ["contact"])


def _heirs(plan: Plan, known: Situation) -> Mapping[str, Organisation]:
    """By ISIL code; who did not exist yet is made."""
    return {
        one.isil: Organisation.objects.create(
            isil=one.isil,
            name=one.newcomer.name,
            province=one.newcomer.province,
            poi=known.organisations.get(one.newcomer.poi),
        )
        if one.newcomer
        else known.organisations[one.isil]
        for one in plan.heirs
    }


def _grant(told: Consequences, heirs: Mapping[str, Organisation]) -> None:
    """Old memberships stay: with them earlier years are read."""
    for one in told.grants:
        Membership.objects.update_or_create(
            user=one.user,
            role=Role.LIBRARY.value,
            organisation=heirs[one.heir.isil],
            defaults={"questionnaires": one.questionnaires},
        )
