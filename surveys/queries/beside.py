"""What a delivery needs beside its answers, in one query: locations, last year, explanations, bounds.

Written in SQL: as four queries it took twice as long, and most of that was composing them from the models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from surveys.models import Location, Participation
from surveys.queries.bounds import BOUNDS, bounds_in
from surveys.queries.explanations import EXPLANATIONS, Explanations, explanations_in
from surveys.queries.json_rows import date_in, rows_in, words
from surveys.rules.context import Bound


@dataclass(frozen=True, slots=True)
class Beside:
    """`locations`: all that the organisation ever had. `before`: its participation in the year before.

    `explanations`: of both years. `bounds`: of the year, or of the last year before it that has any.
    """

    before: Participation | None
    locations: Sequence[Location]
    explanations: Explanations
    bounds: Mapping[tuple[str, str], Bound]


_BESIDE = """
SELECT before.id, before.inhabitants,
       (SELECT CAST({rows}({row}(id, isil, name, address, kind, subkind, opened, closed)) AS TEXT)
        FROM surveys_location WHERE organisation_id = participation.organisation_id),
       {explanations}, {bounds}
FROM surveys_participation participation
LEFT JOIN surveys_participation before
       ON before.organisation_id = participation.organisation_id AND before.round_id = participation.round_id - 1
WHERE participation.id = %s
"""


def beside_of(participation: Participation) -> Beside:
    """One query."""
    said = words()
    parts = {"explanations": EXPLANATIONS, "bounds": BOUNDS}
    asked = {name: sql.format(only="", **said) for name, sql in parts.items()}
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE.format(**asked, **said), (participation.pk,))
        pk, inhabitants, *texts = cursor.fetchone()
    locations, explanations, bounds = map(rows_in, texts)
    return Beside(
        before=Participation(
            pk=pk,
            organisation=participation.organisation,
            round_id=participation.round_id - 1,
            inhabitants=inhabitants,
        )
        if pk
        else None,
        locations=[
            Location(
                pk=one,
                organisation_id=participation.organisation_id,
                isil=isil,
                name=name,
                address=address,
                kind=kind,
                subkind=subkind,
                opened=date_in(opened),
                closed=date_in(closed),
            )
            for one, isil, name, address, kind, subkind, opened, closed in sorted(
                locations, key=lambda row: row[1]
            )
        ],
        explanations=explanations_in(explanations),
        bounds=bounds_in(bounds),
    )
