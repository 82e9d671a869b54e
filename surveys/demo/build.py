"""Write the demo country into an empty database: register, rounds, deliveries and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from surveys.actions.answers import load_answers
from surveys.actions.bounds import compute_bounds
from surveys.demo.accounts import Accounts, create_accounts
from surveys.demo.country import Country, DemoOrganisation, country
from surveys.demo.deliver import Delivery, First, Planted, answers_in, delivery_for, transitions
from surveys.demo.desk import work
from surveys.demo.errors import PlantedError, plant
from surveys.demo.events import inhabitants_of
from surveys.demo.first_typed import draw
from surveys.demo.moments import as_seen_on, dates_of, moments_of, prefilled_at
from surveys.demo.people import DEMO_COMBINED, DEMO_LIBRARY
from surveys.demo.sheets import Sheets
from surveys.demo.stages import stages
from surveys.demo.timeline import Story, add_events, explain
from surveys.models import (
    Location,
    Organisation,
    Participation,
    Round,
    Submission,
    Transition,
    Window,
)
from surveys.questionnaires.loader import load_edition, years


@dataclass(frozen=True, slots=True)
class Built:
    """`errors`: the mistakes planted in what was written. `answers`: how many were written."""

    country: Country
    organisations: tuple[DemoOrganisation, ...]
    errors: tuple[PlantedError, ...]
    answers: int


@dataclass(frozen=True, slots=True)
class _Plot:
    """What is to be written."""

    land: Country
    chosen: tuple[DemoOrganisation, ...]
    sheets: Sheets
    planted: Planted
    first: First


def build(*, organisations: int | None = None, today: date | None = None) -> Built:
    """Build it in one transaction. With `organisations` only so many are written, the demo's own first.

    Those give exactly the answers that they give in the whole country. There are no peers to compare them with when
    there are few. `today`: the day on which it is shown, with the collecting of the later year under way; without it,
    that was in the spring after that year.
    """
    earlier, later = years()[-2:]
    land = country(earlier, later)
    chosen = _chosen(land, organisations)
    sheets = Sheets(land)
    errors = plant(land, sheets)
    plot = _Plot(
        land,
        chosen,
        sheets,
        planted={(one.organisation, (one.code, one.row)): one.wrong_value for one in errors},
        first={(one.organisation, (one.code, one.row)): one for one in draw(land, sheets)},
    )
    with transaction.atomic(), as_seen_on(today, land):
        stored = _register(land, chosen)
        joined = prefilled_at(earlier) - timedelta(days=10)
        accounts = create_accounts(chosen, land.pois, stored, joined)
        written = [_year(plot, year, stored=stored, accounts=accounts) for year in (earlier, later)]
        _tell_the_planner()
        mistaken = frozenset((error.organisation, error.code) for error in errors)
        story = Story(land, add_events(land, stored, accounts), mistaken)
        compute_bounds(year=earlier, as_of=min(prefilled_at(later), timezone.now()))
        deliveries = [delivery for of_year, _ in written for delivery in of_year]
        explain(story, deliveries)
        work(land, accounts, deliveries)
    answers = sum(number for _, number in written)
    isils = {one.isil for one in chosen}
    return Built(land, chosen, tuple(e for e in errors if e.organisation in isils), answers)


def _tell_the_planner() -> None:
    """Of tables that were filled a moment ago PostgreSQL knows no sizes, and reading a year can take it minutes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _chosen(land: Country, number: int | None) -> tuple[DemoOrganisation, ...]:
    own = (DEMO_LIBRARY, DEMO_COMBINED)
    ordered = sorted(land.organisations, key=lambda one: one.isil not in own)
    return land.organisations if number is None else tuple(ordered[:number])


def _register(land: Country, chosen: Sequence[DemoOrganisation]) -> Mapping[str, Organisation]:
    """Organisations by ISIL code, with their locations."""
    pois = [
        Organisation(isil=one.isil, name=one.name, type=Organisation.Type.POI, province=one.province)
        for one in land.pois
    ]
    Organisation.objects.bulk_create(pois)
    poi_of = {one.isil: one for one in pois}
    libraries = [
        Organisation(isil=one.isil, name=one.name, province=one.province, poi=poi_of[one.poi])
        for one in chosen
    ]
    Organisation.objects.bulk_create(libraries)
    stored = {one.isil: one for one in (*pois, *libraries)}
    Location.objects.bulk_create(
        Location(
            organisation=stored[one.isil],
            isil=place.isil,
            name=place.name,
            address=place.address,
            kind=place.kind,
            subkind=place.subkind,
            opened=place.opened,
            closed=place.closed,
        )
        for one in chosen
        for place in one.locations
    )
    return stored


def _year(
    plot: _Plot, year: int, *, stored: Mapping[str, Organisation], accounts: Accounts
) -> tuple[list[Delivery], int]:
    """The deliveries of a year, and how many answers are in them."""
    land, chosen = plot.land, plot.chosen
    edition, how_far = load_edition(year), stages(land, year)
    round_ = Round.objects.create(year=year)
    Window.objects.bulk_create(_window(round_, one.code) for one in edition.questionnaires)
    participations = Participation.objects.bulk_create(
        Participation(
            organisation=stored[one.isil], round=round_, inhabitants=inhabitants_of(land, one, year)
        )
        for one in chosen
    )
    deliveries = []
    for one, participation in zip(chosen, participations, strict=True):
        for questionnaire in edition.questionnaires:
            stage = how_far[one.isil, questionnaire.code]
            deliveries.append(
                delivery_for(
                    one,
                    questionnaire=questionnaire,
                    stage=stage,
                    moments=moments_of(land, one.isil, year, questionnaire.code, stage.state),
                    participation=participation,
                    accounts=accounts,
                )
            )
    Submission.objects.bulk_create(delivery.submission for delivery in deliveries)
    Transition.objects.bulk_create(
        transition for delivery in deliveries for transition in transitions(delivery, accounts)
    )
    is_later = year == land.later
    answers = load_answers(
        answer
        for delivery in deliveries
        for answer in answers_in(
            delivery,
            plot.sheets(delivery.organisation, year),
            planted=plot.planted if is_later else {},
            first={} if is_later else plot.first,
        )
    )
    return deliveries, answers


def _window(round_: Round, questionnaire: str) -> Window:
    dates = dates_of(round_.year, questionnaire)
    return Window(
        round=round_,
        questionnaire=questionnaire,
        opens=dates.opens,
        deadline=dates.deadline,
        last_change=dates.last_change,
    )
