"""A year as it was: the logs tell what was answered at a moment, a release has kept what has no log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from surveys.models import Location, Organisation, Participation, Release, ReleaseRecord
from surveys.queries.bounds import bounds_in
from surveys.queries.json_rows import date_in
from surveys.rules.context import Bound


@dataclass(frozen=True, slots=True)
class AsOf:
    """`release`: its number; of none, the registers and the bounds are read as they stand.

    `newest_change`: the number of the last line of the answers' log that counts, whatever moments later ones name.
    """

    moment: datetime
    newest_change: int | None = None
    release: int | None = None
    bounds: Mapping[tuple[str, str], Bound] | None = None

    @property
    def changes(self) -> dict[str, Any]:
        """Which lines of the answers' log count, as a filter."""
        newest = {} if self.newest_change is None else {"pk__lte": self.newest_change}
        return {"at__lte": self.moment, **newest}


def as_of_release(release: Release) -> AsOf:
    return AsOf(release.at, release.newest_change, release.pk, bounds_in(release.bounds))


def facts_to_keep(participation: Participation, locations: Sequence[Location]) -> dict[str, Any]:
    """All that facts_of, and whoever writes a name down, reads of the registers; `frozen_members` reads it back."""
    organisation = participation.organisation
    return {
        "isil": organisation.isil,
        "name": organisation.name,
        "province": organisation.province,
        "poi": organisation.poi.name if organisation.poi else "",
        "inhabitants": participation.inhabitants,
        "locations": [
            [one.isil, one.name, one.address, one.kind, one.subkind, _text(one.opened), _text(one.closed)]
            for one in locations
        ],
    }


def _text(day: Any) -> str | None:
    return day.isoformat() if day else None


Member = tuple[Participation, Sequence[Location]]
"""Who takes part in a round, with its organisation and POI, and its locations that were open in the year."""


def frozen_members(
    release: int, year: int, organisations: QuerySet[Organisation] | None, chunk: int
) -> Iterator[Member]:
    """In the order in which they were kept. Nothing here is ever saved. One query."""
    kept = ReleaseRecord.objects.filter(release=release, participation__round_id=year)
    if organisations is not None:
        kept = kept.filter(participation__organisation__in=organisations)
    rows = kept.order_by("pk").values_list("participation_id", "participation__organisation_id", "facts")
    for pk, organisation_id, facts in rows.iterator(chunk):
        organisation = Organisation(
            pk=organisation_id,
            isil=facts["isil"],
            name=facts["name"],
            province=facts["province"],
            poi=Organisation(name=facts["poi"]) if facts["poi"] else None,
        )
        participation = Participation(
            pk=pk, organisation=organisation, round_id=year, inhabitants=facts["inhabitants"]
        )
        yield participation, [_location(organisation_id, row) for row in facts["locations"]]


def _location(organisation_id: int, row: Sequence[Any]) -> Location:
    isil, name, address, kind, subkind, opened, closed = row
    return Location(
        organisation_id=organisation_id,
        isil=isil,
        name=name,
        address=address,
        kind=kind,
        subkind=subkind,
        opened=date_in(opened),
        closed=date_in(closed),
    )
