"""The registers in a year: who held which location on its last day."""

from __future__ import annotations

from datetime import date

from django.db.models import BigIntegerField, CharField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from surveys.models import Location, LocationMove, Organisation

EVER = """
SELECT id FROM surveys_location WHERE organisation_id = {organisation}
UNION ALL SELECT location_id FROM surveys_locationmove WHERE before_id = {organisation}
"""
"""Part of a statement: the locations that `organisation` holds or ever held. Each half is read by an index."""

HOLDER = """
COALESCE((SELECT before_id FROM surveys_locationmove WHERE location_id = place.id AND date > {last_day}
          ORDER BY date LIMIT 1), place.organisation_id)
"""
"""Part of a statement that has a location `place`: who held it on `last_day`."""


def held(organisation: str, year: int) -> str:
    """Part of a statement: the organisation at this path held the location `place` on the last day of the year."""
    ever, holder_then = EVER.format(organisation=organisation), HOLDER.format(last_day=day_of(year, 12, 31))
    return f"place.id IN ({ever}) AND {holder_then} = {organisation}"


def day_of(year: int, month: int, day: int) -> str:
    """A day as it stands in a statement."""
    return f"'{date(year, month, day).isoformat()}'"


def ever_of(organisations: QuerySet[Organisation]) -> QuerySet[Location]:
    """The locations that these hold or ever held."""
    gone = LocationMove.objects.filter(before__in=organisations).values("location")
    return Location.objects.filter(Q(organisation__in=organisations) | Q(pk__in=gone))


def holder(year: int, field: str = "id") -> Coalesce:
    """Who held the location on the last day of the year: before its first move since then, or now."""
    later = LocationMove.objects.filter(location=OuterRef("pk"), date__gt=date(year, 12, 31)).order_by("date")
    return Coalesce(
        Subquery(later.values(f"before__{field}")[:1]),
        F(f"organisation__{field}"),
        output_field=BigIntegerField() if field == "id" else CharField(),
    )
