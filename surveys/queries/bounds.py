"""The stored bounds of comparable libraries; surveys/actions/bounds.py computes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from surveys.models import PeerBound
from surveys.rules.context import Bound


@dataclass(frozen=True, slots=True)
class StoredBounds:
    """`by_rule`: code of the rule, then group, to the bound. No year: nothing has been computed yet."""

    year: int | None = None
    computed_at: datetime | None = None
    by_rule: Mapping[str, Mapping[str, Bound]] = field(default_factory=dict)


def stored_bounds(year: int) -> StoredBounds:
    """Those that count for `year`: its own, or of the last year before it that has any. One query."""
    newest = PeerBound.objects.filter(round_id__lte=year).order_by("-round_id").values("round_id")[:1]
    rows = list(
        PeerBound.objects.filter(round_id=newest).values_list(
            "round_id", "computed_at", "rule", "group", "count", "median", "mad"
        )
    )
    found: dict[str, dict[str, Bound]] = {}
    for _, _, rule, group, count, median, mad in rows:
        found.setdefault(rule, {})[group] = Bound(count=count, median=median, mad=mad)
    return StoredBounds(rows[0][0], max(row[1] for row in rows), found) if rows else StoredBounds()


def bounds_for(year: int) -> Mapping[tuple[str, str], Bound]:
    """(code of the rule, group) to its bound, as rules read them. One query."""
    found = stored_bounds(year).by_rule
    return {(rule, group): bound for rule, by_group in found.items() for group, bound in by_group.items()}


BOUNDS = """
(SELECT CAST({rows}({row}(rule, "group", count, {median}, {mad})) AS TEXT)
 FROM surveys_peerbound
 WHERE round_id = (SELECT MAX(round_id) FROM surveys_peerbound WHERE round_id <= participation.round_id){only})
"""
"""The same as part of a statement that has a `participation`. `only`: what else must hold, of all or of some rules."""


def bounds_in(rows: Iterable[Sequence[Any]]) -> Mapping[tuple[str, str], Bound]:
    """From the rows of BOUNDS."""
    return {
        (rule, group): Bound(count, float(median), float(mad)) for rule, group, count, median, mad in rows
    }
