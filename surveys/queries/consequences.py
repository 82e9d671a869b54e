"""What recording a change of organisations would do. The preview tells it; the action does exactly this."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from surveys.models import ChangeKind, Location, Membership, Participation, User
from surveys.queries.deliveries import evaluated
from surveys.queries.predecessors import Lineage, Link, Part, lineage_of, links_of_year, parts_of
from surveys.queries.succession import Heir, Plan, Situation
from surveys.questionnaires.dependencies import in_order
from surveys.questionnaires.loader import edition_before
from surveys.questionnaires.merged import Merged, adds_up, merge
from surveys.questionnaires.schema import Edition, Questionnaire


@dataclass(frozen=True, slots=True)
class Enrolment:
    """`heir` takes part in the round of `year`, with these inhabitants; `present`: as it already does."""

    heir: Heir
    year: int
    inhabitants: int | None
    present: Participation | None = None


@dataclass(frozen=True, slots=True)
class Move:
    location: Location
    heir: Heir


@dataclass(frozen=True, slots=True)
class Grant:
    """A person of a predecessor may fill in for `heir`. `present`: the membership that becomes wider."""

    user: User
    heir: Heir
    questionnaires: str
    present: Membership | None = None


@dataclass(frozen=True, slots=True)
class LastList:
    """Last year's figures of one list after a merger: how many are sums, the same everywhere, or absent and why."""

    questionnaire: Questionnaire
    added: int
    agreed: int
    absent: Sequence[tuple[str, str, str]]
    """Number, label and reason."""


@dataclass(frozen=True, slots=True)
class Consequences:
    """`ended`: participations that no longer count. `lineage`: whose last year it is, of the year of the change."""

    ended: Sequence[Participation] = ()
    enrolments: Sequence[Enrolment] = ()
    moves: Sequence[Move] = ()
    grants: Sequence[Grant] = ()
    staying: Sequence[Location] = ()
    lineage: Lineage | None = None
    lists: Sequence[LastList] = ()
    locations_before: int = 0
    has_edition_before: bool = True
    """There is an edition of the year before: without one nobody knows yet what is added up."""

    @property
    def seen(self) -> str:
        """Names all of it, so that a confirmation can tell that it is still what was read."""
        told = (
            [(one.pk, one.inhabitants) for one in self.ended],
            [(one.heir.isil, one.year, one.inhabitants, one.present is None) for one in self.enrolments],
            [(one.location.isil, one.heir.isil) for one in self.moves],
            [(one.user.pk, one.heir.isil, one.questionnaires) for one in self.grants],
            [(one.questionnaire.code, one.added, one.agreed, len(one.absent)) for one in self.lists],
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def with_existing_heir(plan: Plan, known: Situation) -> Plan:
    """A library that goes on and took part before is one of those that merge, whether it was named or not."""
    if plan.kind is not ChangeKind.MERGER or len(plan.heirs) != 1 or plan.heirs[0].newcomer:
        return plan
    one = known.organisations.get(plan.heirs[0].isil)
    if one is None or one.isil in plan.predecessors or one.pk not in known.has_past:
        return plan
    return replace(plan, predecessors=(*plan.predecessors, one.isil))


def consequences_of(plan: Plan, known: Situation, *, with_figures: bool = True) -> Consequences:
    """Of a plan to which there is no objection. Six queries at most; none without the figures of last year."""
    if plan.kind is ChangeKind.RENAMING:
        return Consequences()
    heirs = {one.isil for one in plan.heirs}
    ending = set(plan.predecessors) - heirs
    ended = [one for one in known.participations if one.organisation.isil in ending]
    moves = list(_moves(plan, known))
    found = Consequences(
        ended=ended,
        enrolments=list(_enrolments(plan, known)),
        moves=moves,
        grants=list(_grants(plan, known)),
        staying=[one for one in known.locations if plan.kind is ChangeKind.CLOSURE],
    )
    return _with_last_year(plan, known, found) if with_figures and plan.heirs else found


def _enrolments(plan: Plan, known: Situation) -> Iterator[Enrolment]:
    for heir in plan.heirs:
        for year in known.rounds:
            present = known.in_round(known.organisations.get(heir.isil), year)
            inhabitants = heir.inhabitants
            if plan.kind is ChangeKind.MERGER:
                of_these = [known.in_round(known.organisations[isil], year) for isil in plan.predecessors]
                numbers = [one.inhabitants for one in of_these if one and one.inhabitants is not None]
                whole = sum(numbers) if len(numbers) == len(of_these) else None
                inhabitants = whole if whole is not None or present is None else present.inhabitants
            if present is None or present.inhabitants != inhabitants:
                yield Enrolment(heir, year, inhabitants, present)


def _moves(plan: Plan, known: Situation) -> Iterator[Move]:
    for place in known.locations:
        for heir in plan.heirs:
            is_its = plan.kind is ChangeKind.MERGER or place.isil in heir.locations
            if is_its and place.organisation.isil != heir.isil:
                yield Move(place, heir)


def _grants(plan: Plan, known: Situation) -> Iterator[Grant]:
    """The people of all that were may fill in for all that go on; the same lists, or all where one has all."""
    for heir in plan.heirs:
        own = {one.user_id: one for one in known.memberships if _isil(one) == heir.isil}
        wanted: dict[int, tuple[User, set[str] | None]] = {}
        for one in known.memberships:
            if _isil(one) in plan.predecessors or _isil(one) == heir.isil:
                codes = set(one.questionnaires.split()) or None
                _, earlier = wanted.get(one.user_id, (one.user, codes))
                both = None if earlier is None or codes is None else earlier | codes
                wanted[one.user_id] = (one.user, both)
        for pk, (user, both) in wanted.items():
            codes_now = " ".join(sorted(both or ()))
            present = own.get(pk)
            if present is None or set(present.questionnaires.split()) != set(codes_now.split()):
                yield Grant(user, heir, codes_now, present)


def _isil(membership: Membership) -> str:
    return membership.organisation.isil if membership.organisation else ""


_NEW = -1
"""Stands for who goes on, which may not exist yet."""


def _with_last_year(plan: Plan, known: Situation, found: Consequences) -> Consequences:
    year = plan.day.year
    edition = edition_before(year)
    links = links_of_year(year)
    links += [
        Link(_newest(links), plan.kind, plan.day, one.pk, one.isil, one.name, _NEW)
        for one in (known.organisations[isil] for isil in plan.predecessors)
    ]
    lineage = lineage_of(_NEW, links)
    if edition is None or lineage is None or lineage.split:
        return replace(found, lineage=lineage, has_edition_before=edition is not None)
    parts = parts_of(lineage, year - 1, questionnaires=list(edition.by_code))
    order = in_order(edition.questions)
    merged = merge(order, {one.name: evaluated(one, edition, order) for one in parts})
    lists = [_list(one, merged, edition, parts) for one in edition.questionnaires]
    return replace(
        found,
        lineage=lineage,
        lists=[one for one in lists if one],
        locations_before=sum(len(one.locations) for one in parts),
    )


def _newest(links: Sequence[Link]) -> int:
    return max((one.change for one in links), default=0) + 1


def _list(
    questionnaire: Questionnaire, merged: Merged, edition: Edition, parts: Sequence[Part]
) -> LastList | None:
    """None: nobody filled it in."""
    if not any(questionnaire.code in one.answers for one in parts):
        return None
    stored = [one for one in questionnaire.questions.values() if one.is_stored and not one.repeats]
    counted = [one for one in stored if (one.code, "") in merged.evaluation.counted]
    added = sum(adds_up(one, edition.questions) for one in counted)
    return LastList(
        questionnaire=questionnaire,
        added=added,
        agreed=len(counted) - added,
        absent=[
            (one.number, one.label, merged.absent[one.code, ""])
            for one in stored
            if (one.code, "") in merged.absent
        ],
    )
