"""One pass over a year: the rows of several queries, each in the order of the organisations, handed out by owner."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from surveys.models import Organisation

CHUNK = 2_000
"""Rows that the database hands over at a time."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Who takes part in a year: now, or according to a release; of all organisations, or of those chosen."""

    year: int
    organisations: QuerySet[Organisation] | None = None
    release: int | None = None

    def within(self, prefix: str = "") -> dict[str, Any]:
        """As a filter of what reaches participations at this path."""
        who: dict[str, Any] = (
            {"ended_by": None} if self.release is None else {"frozen__release": self.release}
        )
        if self.organisations is not None:
            who["organisation__in"] = self.organisations
        return {f"{prefix}{name}": value for name, value in {"round_id": self.year, **who}.items()}

    def order(self, prefix: str = "") -> str:
        """By ISIL code; of a release as they were kept, whatever code they have now."""
        return f"{prefix}organisation__isil" if self.release is None else f"{prefix}frozen__pk"


Row = TypeVar("Row", bound=tuple[Any, ...])


class Groups(Generic[Row]):
    """A stream of rows whose first value says whose they are, handed out owner by owner in the stream's order.

    `owners`: whose rows there are to be; others are skipped. None: all are wanted.
    """

    def __init__(self, rows: Iterable[Row], owners: Iterable[Hashable] | None) -> None:
        known = None if owners is None else frozenset(owners)
        groups = groupby(rows, lambda row: row[0])
        self._groups: Iterator[tuple[Any, Iterator[Row]]] = (
            (key, group) for key, group in groups if known is None or key in known
        )
        self._head = next(self._groups, None)

    def take(self, owner: Hashable) -> list[Row]:
        """All rows of the owner; none when the next rows are of another."""
        if self._head is None or self._head[0] != owner:
            return []
        rows = list(self._head[1])
        self._head = next(self._groups, None)
        return rows
