"""What goes into the workbook of a year, sheet by sheet, whatever it is written to; and a digest of all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils import timezone

from surveys.exports import table
from surveys.exports.codebook import checks, codebook, statutory
from surveys.exports.readme import Tally
from surveys.exports.record import Record, Told
from surveys.exports.remarks import remarks
from surveys.exports.signals import signals
from surveys.exports.table import Listing, Row, Table
from surveys.models import Release, Source
from surveys.queries.as_of import as_of_release
from surveys.queries.snapshot import one_snapshot
from surveys.queries.told import told_year
from surveys.questionnaires.loader import edition_before, load_edition
from surveys.questionnaires.schema import Edition, Questionnaire


@dataclass(frozen=True, slots=True)
class Content:
    """In the order of the sheets: what follows from the answers, what was said about them, the definition."""

    figures: tuple[Table[Record], ...]
    told: tuple[Table[Told], ...]
    listings: tuple[Listing, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What went into a workbook. `fingerprint`: sha256 over all sheets but Leesmij; the same content gives the same."""

    tally: Tally
    fingerprint: str


class Sink(Protocol):
    """Takes the rows of one sheet."""

    def append(self, row: Row) -> None: ...
    def close(self) -> None: ...


def content_of(edition: Edition, chosen: Sequence[Questionnaire], *, is_whole: bool) -> Content:
    """Of the questionnaires `chosen`; `is_whole`: these are all that the year has."""
    zone = timezone.get_current_timezone()
    figures = [
        *map(table.wide, chosen),
        table.locations(chosen),
        table.long(chosen, sources=dict(Source.choices), zone=zone),
        table.combined(edition, chosen),
    ]
    listings = [
        codebook(edition, chosen),
        checks(edition, chosen, edition_before(edition.year)),
        statutory(edition) if is_whole else None,
    ]
    return Content(
        figures=tuple(one for one in figures if one),
        told=(signals(edition, chosen, zone=zone), remarks(edition, chosen, zone=zone)),
        listings=tuple(one for one in listings if one),
    )


def pour(
    content: Content, organisations: Iterable[Told], sink_of: Callable[[Table[Any] | Listing], Sink]
) -> Written:
    """One pass over the organisations fills all sheets at once."""
    figures = [(one, _Digested(one, sink_of(one))) for one in content.figures]
    said = [(one, _Digested(one, sink_of(one))) for one in content.told]
    listings = [(one, _Digested(one, sink_of(one))) for one in content.listings]
    tally = Tally()
    for told in organisations:
        tally.add(told.record)
        for of_record, sheet in figures:
            for row in of_record.rows_of(told.record):
                sheet.append(row)
        for of_told, sheet in said:
            for row in of_told.rows_of(told):
                sheet.append(row)
    for listing, sheet in listings:
        for row in listing.rows:
            sheet.append(row)
    sheets = [sheet for _, sheet in (*figures, *said, *listings)]
    whole = hashlib.sha256("\n".join(sheet.close() for sheet in sheets).encode())
    return Written(tally, whole.hexdigest())


class _Digested:
    """A sink, with a digest over header and rows."""

    def __init__(self, source: Table[Any] | Listing, sink: Sink) -> None:
        headers = [column.header for column in source.columns]
        self._digest, self._sink = hashlib.sha256(repr((source.name, headers)).encode()), sink

    def append(self, row: Row) -> None:
        self._digest.update(repr(row).encode())
        self._sink.append(row)

    def close(self) -> str:
        self._sink.close()
        return self._digest.hexdigest()


class _Nowhere:
    def append(self, row: Row) -> None: ...
    def close(self) -> None: ...


def fingerprint_of(release: Release) -> str:
    """That of the workbook of all figures of the release, without writing it."""
    edition = load_edition(release.round_id)
    content = content_of(edition, edition.questionnaires, is_whole=True)
    with one_snapshot():
        told = told_year(edition.year, as_of=as_of_release(release))
        return pour(content, told, lambda _: _Nowhere()).fingerprint
