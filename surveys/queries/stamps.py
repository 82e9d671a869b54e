"""What a summary of an organisation's year rests on, as one value: another stamp, and it is computed anew.

Read from what the database finds by an index: of each list the newest line of the log, and the registers.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from surveys.models import (
    AnswerChange,
    Location,
    LocationMove,
    Organisation,
    Participation,
    PeerBound,
    Submission,
    Succession,
)
from surveys.questionnaires.loader import edition_before, load_edition

Part: TypeAlias = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Stamp:
    """`rests_on`: all that the findings depend on. `newest`: the last change in it, None when nothing was given."""

    rests_on: Hashable
    newest: datetime | None


def stamps_of_year(year: int, organisations: QuerySet[Organisation]) -> Mapping[int, Stamp]:
    """By participation, of those that take part, in the order of their ISIL codes. Six queries.

    Of last year it holds the organisation itself and whom it succeeded in the year. What is changed behind the log's
    back (in the database by hand) is not seen.
    """
    takes_part = Q(round_id=year, ended_by=None, organisation__in=organisations)
    joined = _joined(year)
    registers: dict[tuple[int, int], Part] = {}
    owners: dict[int, int] = {}
    for one in (
        Participation.objects.filter(takes_part | Q(round_id=year - 1))
        .order_by("organisation__isil")
        .values_list(
            "organisation_id", "round_id", "pk", "inhabitants", "ended_by_id", "organisation__isil",
            "organisation__name", "organisation__province", "organisation__poi__name",
        )
    ):  # fmt: skip
        registers[one[0], one[1]] = one
        if one[1] == year:
            owners[one[2]] = one[0]
    changes, newest = _changes(year, organisations)
    locations = _locations(year)
    common = (load_edition(year), edition_before(year), _bounds(year))
    found = {}
    for participation, owner in owners.items():
        before = _all_before(owner, joined)
        places = [(owner, year), *((one, year - 1) for one in before)]
        moments = [newest[place] for place in places if place in newest]
        rests_on = (
            common,
            tuple((registers.get(place), changes.get(place)) for place in places),
            tuple((locations.get(one), *changes_of) for one, changes_of in before.items()),
        )
        found[participation] = Stamp(rests_on, max(moments, default=None))
    return found


_Place: TypeAlias = tuple[int, int]
"""(organisation, year)."""


def _changes(
    year: int, organisations: QuerySet[Organisation]
) -> tuple[dict[_Place, Part], dict[_Place, datetime]]:
    """The newest change of every list, and of all lists together. One query."""
    newest = AnswerChange.objects.filter(submission=OuterRef("pk")).order_by("-at", "-pk")
    of_year = Q(participation__round_id=year, participation__organisation__in=organisations)
    lists = (
        Submission.objects.filter(of_year | Q(participation__round_id=year - 1))
        .annotate(change=Subquery(newest.values("pk")[:1]), at=Subquery(newest.values("at")[:1]))
        .order_by("pk")
        .values_list(
            "participation__organisation_id", "participation__round_id", "questionnaire", "change", "at"
        )
    )
    by_list: dict[_Place, list[Hashable]] = {}
    last: dict[_Place, datetime] = {}
    for organisation, of, questionnaire, change, at in lists:
        if change is not None and at is not None:
            place = (organisation, of)
            by_list.setdefault(place, []).append((questionnaire, change, at))
            last[place] = max(last.get(place, at), at)
    return {place: tuple(one) for place, one in by_list.items()}, last


def _locations(year: int) -> dict[int, Part]:
    """All that an organisation has and had, with what went over to another after it. Two queries."""
    found: dict[int, list[Hashable]] = {}
    fields = ("pk", "isil", "name", "address", "kind", "subkind", "opened", "closed")
    for organisation, *rest in Location.objects.order_by("pk").values_list("organisation_id", *fields):
        found.setdefault(organisation, []).append(tuple(rest))
    moves: QuerySet[LocationMove, tuple[Any, ...]] = (
        LocationMove.objects.filter(date__year__gte=year - 1)
        .order_by("pk")
        .values_list(
            "before_id", "location__organisation_id", "pk", "date", *(f"location__{f}" for f in fields)
        )
    )
    for before, after, *rest in moves:
        for organisation in {before, after}:
            found.setdefault(organisation, []).append(tuple(rest))
    return {organisation: tuple(one) for organisation, one in found.items()}


def _joined(year: int) -> dict[int, list[tuple[int, Part]]]:
    """By organisation whom it went on from in the year, and by which change. One query."""
    links = Succession.objects.filter(change__date__year=year, successor__isnull=False)
    found: dict[int, list[tuple[int, Part]]] = {}
    for successor, predecessor, *change in links.order_by("pk").values_list(
        "successor_id", "predecessor_id", "change_id", "change__kind", "change__date"
    ):
        if successor is not None:
            found.setdefault(successor, []).append((predecessor, tuple(change)))
    return found


def _all_before(organisation: int, joined: Mapping[int, Iterable[tuple[int, Part]]]) -> dict[int, list[Part]]:
    """Itself first, and who went on as it, also at second hand; each with the changes by which it became what it was."""
    found: dict[int, list[Part]] = {}
    ahead = [organisation]
    while ahead:
        one = ahead.pop()
        if one not in found:
            links = list(joined.get(one, ()))
            found[one] = [change for _, change in links]
            ahead += [predecessor for predecessor, _ in links]
    return found


def _bounds(year: int) -> Hashable:
    """Of the bounds that count for the year, which and since when. One query."""
    stored = PeerBound.objects.filter(round_id__lte=year)
    return (
        stored.order_by(F("round_id").desc(), F("computed_at").desc())
        .values_list("round_id", "computed_at")
        .first()
    )
