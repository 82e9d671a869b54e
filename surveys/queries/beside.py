"""What a delivery needs beside its answers, in one query: locations, last year, explanations, bounds.

Written in SQL: as four queries it took twice as long, and most of that was composing them from the models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from surveys.models import Location, Participation
from surveys.queries.bounds import BOUNDS, bounds_in
from surveys.queries.explanations import EXPLANATIONS, Explanations, explanations_in
from surveys.queries.json_rows import date_in, rows_in, words
from surveys.queries.predecessors import LINKS, Lineage, lineage_of, links_in
from surveys.queries.registers import EVER, HOLDER, day_of
from surveys.rules.context import Bound


@dataclass(frozen=True, slots=True)
class Beside:
    """`locations`: all that the organisation held on the last day of the year; `locations_before`: a year earlier.

    `before`: its participation in the year before; where others became it, `lineage` tells which count instead.
    `explanations`: of both years. `bounds`: of the year, or of the last year before it that has any.
    """

    before: Participation | None
    locations: Sequence[Location]
    locations_before: Sequence[Location]
    lineage: Lineage | None
    explanations: Explanations
    bounds: Mapping[tuple[str, str], Bound]


_OWNER = "participation.organisation_id"
_BESIDE = """
SELECT before.id, before.inhabitants,
       (SELECT CAST({rows}({row}({held}, {held_before}, id, isil, name, address, kind, subkind, opened, closed)) AS TEXT)
        FROM surveys_location place WHERE id IN ({ever})),
       {links}, {explanations}, {bounds}
FROM surveys_participation participation
LEFT JOIN surveys_participation before
       ON before.organisation_id = participation.organisation_id AND before.round_id = participation.round_id - 1
WHERE participation.id = %s
"""


def beside_of(participation: Participation) -> Beside:
    """One query."""
    said = words()
    year = participation.round_id
    days = {"first_day": day_of(year, 1, 1), "last_day": day_of(year, 12, 31)}
    parts = {"explanations": EXPLANATIONS, "bounds": BOUNDS, "links": LINKS}
    asked = {name: sql.format(only="", **days, **said) for name, sql in parts.items()}
    asked["ever"] = EVER.format(organisation=_OWNER)
    for name, one in (("held", year), ("held_before", year - 1)):
        asked[name] = HOLDER.format(last_day=day_of(one, 12, 31))
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE.format(**asked, **said), (participation.pk,))
        pk, inhabitants, *texts = cursor.fetchone()
    places, links, explanations, bounds = map(rows_in, texts)
    owner = participation.organisation_id
    locations = [
        (held, before, _location(owner, place)) for held, before, *place in sorted(places, key=_by_isil)
    ]
    lineage = lineage_of(owner, links_in(links))
    told = explanations_in(explanations)
    return Beside(
        before=Participation(
            pk=pk,
            organisation=participation.organisation,
            round_id=participation.round_id - 1,
            inhabitants=inhabitants,
        )
        if pk
        else None,
        locations=[one for holder, _, one in locations if holder == owner],
        locations_before=[one for _, holder, one in locations if holder == owner],
        lineage=lineage,
        # What one of several said about its own figures last year is not said about theirs together.
        explanations={key: one for key, one in told.items() if key[0] == year} if lineage else told,
        bounds=bounds_in(bounds),
    )


_ISIL = 3


def _by_isil(row: Sequence[Any]) -> str:
    return str(row[_ISIL])


def _location(owner: int, row: Sequence[Any]) -> Location:
    pk, isil, name, address, kind, subkind, opened, closed = row
    return Location(
        pk=pk,
        organisation_id=owner,
        isil=isil,
        name=name,
        address=address,
        kind=kind,
        subkind=subkind,
        opened=date_in(opened),
        closed=date_in(closed),
    )
