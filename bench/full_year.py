"""A full year of the demo country in memory: every list of every library filled in, this year and last.

In the database the open year is cut down to how far each library has come; here nothing is, and the planted mistakes
are there too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bench.data import DELIVERED_YEAR, OPEN_YEAR
from surveys.demo.country import Country, DemoOrganisation, country
from surveys.demo.errors import plant
from surveys.demo.events import inhabitants_of
from surveys.demo.sheets import Sheets
from surveys.models import Location, Organisation, Participation
from surveys.models.answer import to_value
from surveys.queries.checks import Checked, context_of
from surveys.queries.facts import facts_of
from surveys.queries.year import YearRecord
from surveys.questionnaires.dependencies import in_order
from surveys.questionnaires.figures import Evaluation, evaluate
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.rule import RuleKind
from surveys.rules.context import Bound
from surveys.rules.peers import bounds_from, groups_of, measure
from surveys.values import Key, Value, Values

Bounds = Mapping[tuple[str, str], Bound]


@dataclass(frozen=True, slots=True)
class Given:
    """What one library gave about one year, with the facts of the registers; nothing is evaluated yet."""

    year: int
    organisation: Organisation
    locations: Sequence[Location]
    values: Values

    @property
    def rows(self) -> list[str]:
        return [one.isil for one in self.locations]

    def evaluation(self) -> Evaluation:
        return evaluate(in_order_of(self.year), self.values, self.rows)

    def record(self) -> YearRecord:
        """As records_of_year makes it."""
        return YearRecord(
            isil=self.organisation.isil,
            organisation=self.organisation.name,
            province=self.organisation.province,
            participation_id=0,
            is_combined=False,
            states={},
            locations=self.locations,
            answers={},
            evaluation=self.evaluation(),
        )


@dataclass(frozen=True, slots=True)
class Library:
    now: Given
    last: Given

    def checked(self, bounds: Bounds) -> Checked:
        """As checked_year makes it."""
        record = self.now.record()
        return Checked(self.now.year, record, context_of(self.now.year, record, self.last.record(), bounds))

    def copy(self) -> Library:
        """Another with the same answers."""
        now, last = (replace(one, values=dict(one.values)) for one in (self.now, self.last))
        return Library(now, last)


_ORDERS = {year: in_order(load_edition(year).questions) for year in (DELIVERED_YEAR, OPEN_YEAR)}
in_order_of = _ORDERS.__getitem__


def full_year() -> list[Library]:
    """All libraries of the country, by ISIL code."""
    land = country(DELIVERED_YEAR, OPEN_YEAR)
    sheets = Sheets(land)
    planted: dict[str, dict[Key, Value]] = defaultdict(dict)
    for error in plant(land, sheets):
        planted[error.organisation][error.code, error.row] = error.wrong_value
    return [
        Library(
            now=_given(land, one, OPEN_YEAR, sheets, planted[one.isil]),
            last=_given(land, one, DELIVERED_YEAR, sheets, {}),
        )
        for one in sorted(land.organisations, key=lambda one: one.isil)
    ]


def _given(land: Country, one: DemoOrganisation, year: int, sheets: Sheets, planted: Values) -> Given:
    organisation = Organisation(isil=one.isil, name=one.name, province=one.province)
    locations = [
        Location(
            organisation=organisation,
            isil=place.isil,
            name=place.name,
            address=place.address,
            kind=place.kind,
            subkind=place.subkind,
            opened=place.opened,
            closed=place.closed,
        )
        for place in one.locations_of(year)
    ]
    participation = Participation(
        organisation=organisation, round_id=year, inhabitants=inhabitants_of(land, one, year)
    )
    answers = {
        key: to_value(cell.state, cell.hundredths, cell.text) for key, cell in sheets(one, year).items()
    }
    facts = facts_of(load_edition(year).questionnaires, participation, locations)
    return Given(year, organisation, locations, {**facts, **answers, **planted})


def bounds_of(libraries: Sequence[Library]) -> Bounds:
    """What comparable libraries reported last year, as compute_bounds stores it."""
    edition = load_edition(DELIVERED_YEAR)
    rules = [rule for rule in edition.rules if rule.kind is RuleKind.PEERS]
    found: dict[str, dict[str, list[float]]] = {rule.code: defaultdict(list) for rule in rules}
    for library in libraries:
        evaluation = library.last.evaluation()
        for rule in rules:
            for row in library.last.rows if edition.questions[rule.left[0]].repeats else [""]:
                figure = measure(rule, evaluation, row)
                if figure is not None:
                    for group in groups_of(evaluation):
                        found[rule.code][group].append(figure)
    return {(rule, group): one for rule, by in found.items() for group, one in bounds_from(by).items()}
