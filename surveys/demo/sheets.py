"""One organisation's answers to one edition, complete and correct. Pure; the later year is cut down elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from surveys.demo import recipes
from surveys.demo.blocks import fill_blocks
from surveys.demo.chance import factor, restlessness, uniform
from surveys.demo.country import Country, DemoOrganisation
from surveys.demo.events import TrueEvent, events_of, inhabitants_of
from surveys.demo.figures import Figures, figures
from surveys.demo.locations import STOP, DemoLocation
from surveys.demo.movements import settle_movements
from surveys.demo.numbers import Numbers
from surveys.demo.outline import Outline, outline
from surveys.demo.words import choose, write
from surveys.questionnaires.figures import evaluate
from surveys.questionnaires.schema import Question
from surveys.values import NO, Key, State, Value

UNKNOWN_CHANCE = 0.01
_VISITS_MOVE = 0.05
"""How much the visits of a location move by themselves from year to year."""
VISITS, WAY, ESTIMATED = "bezoeken_locatie", "bezoek_wijze", "geschat"


class Cell(NamedTuple):
    """What an answer holds: a number in hundredths or a text, or a state that says why neither."""

    state: str = State.GIVEN.value
    hundredths: int | None = None
    text: str = ""
    is_estimate: bool = False


_UNKNOWN = Cell(State.UNKNOWN.value)
Sheet = Mapping[Key, Cell]
"""(question code, row) to its answer, in the order of the edition."""


@cache
def _value(text: str) -> Value:
    return Value.of(text)


def sheet(country: Country, one: DemoOrganisation, year: int, last: Sheet | None = None) -> Sheet:
    """Every question that is put to this organisation, with its answer; also what other surveys delivered.

    `last`: the sheet of the year before, for the later year; made when it is not at hand.
    """
    if last is None:
        last = sheet(country, one, country.earlier, {}) if year == country.later else {}
    plan = outline(year)
    locations = one.locations_of(year)
    rows = tuple(location.isil for location in locations)
    words = choose(country, one, plan, year, locations)
    visible = evaluate(plan.order, {key: _value(text) for key, text in words.items()}, rows).visible
    own = figures(country, year)[one.isil]
    event = events_of(country).get((one.isil, year))
    drawn = _numbers(country, one, plan, year, own, words=words, visible=visible, last=last, event=event)
    blocks = fill_blocks(one, plan, drawn, own.non_library)
    found: dict[Key, Cell] = {}
    for question in plan.stored:
        for row in rows if question.repeats else ("",):
            key = (question.code, row)
            if question.role:
                cell = _block_cell(blocks.get(key))
            elif visible.get(key) is not True:
                cell = None
            elif _is_unknown(plan, question, row, one, year):
                cell = _UNKNOWN
            elif question.kind.is_number:
                cell = Cell(hundredths=drawn.known[key])
            else:
                text = words.get(key) or write(country, one, year, question=question, row=row, words=words)
                cell = Cell(text=text) if text else None
            if cell is not None:
                found[key] = cell
    return _with_estimates(found, rows)


class Sheets:
    """Made as they are asked for, and kept."""

    def __init__(self, country: Country) -> None:
        self._country = country
        self._made: dict[tuple[str, int], Sheet] = {}

    def __call__(self, one: DemoOrganisation, year: int) -> Sheet:
        place = (one.isil, year)
        if place not in self._made:
            last = self(one, self._country.earlier) if year == self._country.later else None
            self._made[place] = sheet(self._country, one, year, last)
        return self._made[place]


def _block_cell(content: int | str | None) -> Cell | None:
    if content is None:
        return None
    return Cell(text=content) if isinstance(content, str) else Cell(hundredths=content)


def _with_estimates(found: dict[Key, Cell], rows: tuple[str, ...]) -> Sheet:
    """Visits that were not counted are marked as an estimate."""
    for row in rows:
        way, visits = found.get((WAY, row)), found.get((VISITS, row))
        if way and visits and way.text == ESTIMATED:
            found[VISITS, row] = visits._replace(is_estimate=True)
    return found


def _numbers(
    country: Country,
    one: DemoOrganisation,
    plan: Outline,
    year: int,
    own: Figures,
    *,
    words: Mapping[Key, str],
    visible: Mapping[Key, bool | None],
    last: Sheet,
    event: TrueEvent | None,
) -> Numbers:
    locations = one.locations_of(year)
    drawn = Numbers(
        plan,
        isil=one.isil,
        year=year,
        inhabitants=inhabitants_of(country, one, year),
        rows=tuple(location.isil for location in locations),
        busy=tuple(_busy(one.isil, location, year, event) for location in locations),
        heavier=own.heavier,
        is_asked=lambda key: visible.get(key) is True,
        last={key: cell.hundredths for key, cell in last.items() if cell.hundredths is not None},
    )
    questions = plan.edition.questions
    for key, number in _known_numbers(one, locations, event).items():
        if key[0] in questions:
            drawn.known[key] = number
    drawn.none_there |= {code for code, other in recipes.ZERO_UNLESS.items() if words.get((other, "")) == NO}
    drawn.some_there |= recipes.ZERO_UNLESS.keys() - drawn.none_there
    drawn.none_there |= {
        code for code, other in recipes.NONE_WITHOUT.items() if not own.non_library.get(other)
    }
    for code, total in own.totals.items():
        if code in questions:
            drawn.drive(code, total * 100)
    for code, other in recipes.AT_LEAST.items():
        drawn.raise_to(code, drawn.need(other) or 0)
    settle_movements(drawn, event.outside if event else {})
    drawn.settle_all()
    return drawn


def _busy(isil: str, location: DemoLocation, year: int, event: TrueEvent | None) -> float:
    """Its weight in the visits of the year; less where it was closed for a while."""
    there = event.there if event and event.place == location.isil else 1.0
    moved = factor("busy", location.isil, year, spread=_VISITS_MOVE * restlessness(isil))
    return location.busy * location.part_of(year) * there * moved


def _known_numbers(
    one: DemoOrganisation, locations: tuple[DemoLocation, ...], event: TrueEvent | None
) -> dict[Key, int]:
    gained = bool(event and event.gained)
    found: dict[Key, int] = {
        ("gemeenten_aantal", ""): (len(one.municipalities) + gained) * 100,
        ("bibliobus_haltes", ""): sum(x.kind == STOP for x in locations) * 100,
        ("afhaalpunten", ""): sum(x.subkind == "Afhaalpunt" for x in locations) * 100,
    }
    if event and event.weeks:
        found["weken_gesloten", event.place] = event.weeks * 100
    for location in locations:
        found["uren_open", location.isil] = round(location.hours * 100)
        found["uren_bemand", location.isil] = round(location.staffed_hours * 100)
    return found


def _is_unknown(plan: Outline, question: Question, row: str, one: DemoOrganisation, year: int) -> bool:
    """Now and then, where it leaves no gap in a figure."""
    return (
        State.UNKNOWN in question.may_be
        and question.code in plan.calm
        and uniform("unknown", question.code, row, one.isil, year) < UNKNOWN_CHANCE
    )
