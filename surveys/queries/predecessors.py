"""Whose last year stands beside an organisation's year: its own, or of those that became it in that year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q

from surveys.models import ChangeKind, Location, Organisation, Participation, Succession
from surveys.models.answer import Answer, to_value
from surveys.queries.as_of import AsOf
from surveys.queries.facts import was_open
from surveys.queries.json_rows import day_in
from surveys.queries.registers import ever_of, holder
from surveys.questionnaires.merged import names_of
from surveys.values import Key, Value

LINKS = """
CASE WHEN EXISTS (SELECT 1 FROM surveys_succession own WHERE own.successor_id = participation.organisation_id) THEN
(SELECT CAST({rows}({row}(change.id, change.kind, change.date, was.id, was.isil, was.name, link.successor_id)) AS TEXT)
 FROM surveys_organisationchange change
 JOIN surveys_succession link ON link.change_id = change.id
 JOIN surveys_organisation was ON was.id = link.predecessor_id
 WHERE change.kind IN ('merger', 'split') AND link.successor_id IS NOT NULL
 AND change.date BETWEEN {first_day} AND {last_day}) END
"""
"""Part of a statement that has a `participation`: the successions of its year, if it ever was a successor."""


@dataclass(frozen=True, slots=True)
class Link:
    """In a merger or split, on `day`: who was, and as whom it went on."""

    change: int
    kind: ChangeKind
    day: date
    predecessor: int
    isil: str
    name: str
    successor: int


def links_in(rows: Iterable[Sequence[Any]]) -> list[Link]:
    """From the rows of LINKS."""
    return [
        Link(change, ChangeKind(kind), day_in(day) or date.min, *others)
        for change, kind, day, *others in rows
    ]


@dataclass(frozen=True, slots=True)
class Root:
    """An organisation of the year before: by number, ISIL code and name."""

    pk: int
    isil: str
    name: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """What an organisation was before the changes of one year. `split`: it came from a split, and of whom when.

    Of a split organisation no part has figures of its own for the year before.
    """

    roots: tuple[Root, ...]
    split: Link | None = None

    @property
    def names(self) -> str:
        return names_of(one.name for one in self.roots)

    def sentence(self, year: int) -> str:
        """What stands as last year's figures in `year`, said to who reads them."""
        if self.split:
            day = f"{self.split.day.day}-{self.split.day.month}-{self.split.day.year}"
            return (
                f"Er staan geen cijfers over {year - 1} naast: {self.split.name} is op {day} gesplitst, en wat van "
                "welk deel was, is toen niet gevraagd."
            )
        return (
            f"De cijfers over {year - 1} zijn die van {self.names} samen. Aantallen en bedragen zijn opgeteld; waar "
            "dat niet kan, staat erbij waarom."
        )


def lineage_of(organisation_id: int, links: Iterable[Link]) -> Lineage | None:
    """Back through the changes of one year, the newest first; None: it was what it is."""
    current: dict[int, Root | None] = {organisation_id: None}
    split: Link | None = None
    ordered = sorted(links, key=lambda one: (one.day, one.change), reverse=True)
    for _, group in groupby(ordered, key=lambda one: one.change):
        change = list(group)
        successors = {one.successor for one in change} & current.keys()
        if not successors:
            continue
        if change[0].kind is ChangeKind.SPLIT:
            split = change[0]
        for one in successors:
            del current[one]
        current |= {one.predecessor: Root(one.predecessor, one.isil, one.name) for one in change}
    roots = sorted((one for one in current.values() if one is not None), key=lambda one: one.isil)
    return Lineage(tuple(_apart(roots)), split) if roots else None


def _apart(roots: Sequence[Root]) -> Iterator[Root]:
    """Where two have the same name, the codes tell them apart."""
    times = Counter(one.name for one in roots)
    return (one if times[one.name] == 1 else replace(one, name=f"{one.name} ({one.isil})") for one in roots)


def links_of_year(year: int, as_of: AsOf | None = None) -> list[Link]:
    """The mergers and splits of a year. One query.

    `as_of`: of a release, as far as they were recorded by then.
    """
    found = Succession.objects.filter(
        change__kind__in=(ChangeKind.MERGER, ChangeKind.SPLIT),
        change__date__year=year,
        successor__isnull=False,
    )
    if as_of is not None and as_of.release is not None:
        found = found.filter(change__added_at__lte=as_of.moment)
    columns = ("change__date", "predecessor", "predecessor__isil", "predecessor__name", "successor")
    return [
        Link(change, ChangeKind(kind), *others)
        for change, kind, *others in found.values_list("change", "change__kind", *columns)
    ]


def lineages_of_year(year: int, as_of: AsOf | None = None) -> Mapping[int, Lineage]:
    """By organisation, of those that came from a merger or a split in that year. One query."""
    links = links_of_year(year, as_of)
    lineages = ((one, lineage_of(one, links)) for one in dict.fromkeys(link.successor for link in links))
    return {one: lineage for one, lineage in lineages if lineage}


@dataclass(frozen=True, slots=True)
class Part:
    """What one predecessor gave about a year. No `participation`: it did not take part.

    `answers`: per questionnaire.
    """

    name: str
    participation: Participation | None
    locations: Sequence[Location] = ()
    answers: Mapping[str, Mapping[Key, Value]] = field(default_factory=dict)

    @property
    def values(self) -> dict[Key, Value]:
        return {key: value for of_list in self.answers.values() for key, value in of_list.items()}


def parts_of(
    lineage: Lineage, year: int, *, questionnaires: Iterable[str], others: Iterable[str] = ()
) -> list[Part]:
    """In the order of the roots. Three queries."""
    organisations = Organisation.objects.filter(pk__in=[one.pk for one in lineage.roots])
    participations = {
        one.organisation_id: one
        for one in Participation.objects.filter(
            organisation__in=organisations, round_id=year, ended_by=None
        ).select_related("organisation__poi")
    }
    locations: dict[int, list[Location]] = {}
    held = ever_of(organisations).annotate(holder=holder(year)).order_by("isil")
    for place in held:
        if was_open(place, year):
            locations.setdefault(place.holder, []).append(place)
    wanted = Q(submission__questionnaire__in=list(questionnaires)) | Q(question__in=list(others))
    answers: dict[int, dict[str, dict[Key, Value]]] = {}
    rows = Answer.objects.filter(wanted, submission__participation__in=list(participations.values()))
    for owner, questionnaire, question, row, state, hundredths, text in rows.values_list(
        "submission__participation__organisation", "submission__questionnaire",
        "question", "row", "state", "hundredths", "text",
    ):  # fmt: skip
        of_list = answers.setdefault(owner, {}).setdefault(questionnaire, {})
        of_list[question, row] = to_value(state, hundredths, text)
    return [
        Part(one.name, participations.get(one.pk), tuple(locations.get(one.pk, ())), answers.get(one.pk, {}))
        for one in lineage.roots
    ]
