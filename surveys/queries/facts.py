"""The facts of the registers that questions show for control."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from surveys.models import Location, Organisation, Participation
from surveys.queries.registers import ever_of, holder
from surveys.questionnaires.schema import Questionnaire
from surveys.values import Key, Value


def locations_of(participation: Participation) -> list[Location]:
    """The locations that were open in the year and that it held then, by ISIL code. One query."""
    year, organisation = participation.round_id, participation.organisation_id
    ever = ever_of(Organisation.objects.filter(pk=organisation)).annotate(holder=holder(year))
    return [one for one in ever.filter(holder=organisation).order_by("isil") if was_open(one, year)]


def was_open(location: Location, year: int) -> bool:
    """True when it was open on at least one day of the year."""
    return (location.opened is None or location.opened <= date(year, 12, 31)) and (
        location.closed is None or location.closed >= date(year, 1, 1)
    )


_OF_PARTICIPATION: Mapping[str, Callable[[Participation, Sequence[Location]], str | int | date | None]] = {
    "organisation.name": lambda p, _: p.organisation.name,
    "organisation.isil": lambda p, _: p.organisation.isil,
    "organisation.province": lambda p, _: p.organisation.province,
    "organisation.poi": lambda p, _: p.organisation.poi.name if p.organisation.poi else None,
    "participation.year": lambda p, _: str(p.round_id),
    "participation.reference_date": lambda p, _: date(p.round_id, 12, 31),
    "participation.inhabitants": lambda p, _: p.inhabitants,
    "participation.locations": lambda _, locations: len(locations),
}
_OF_LOCATION: Mapping[str, Callable[[Location], str | date | None]] = {
    "location.name": lambda one: one.name,
    "location.isil": lambda one: one.isil,
    "location.address": lambda one: one.address,
    "location.kind": lambda one: one.kind,
    "location.subkind": lambda one: one.subkind or None,
    "location.opened": lambda one: one.opened,
    "location.closed": lambda one: one.closed,
}


def facts_of(
    questionnaires: Sequence[Questionnaire],
    participation: Participation,
    locations: Sequence[Location],
) -> dict[Key, Value]:
    """The register facts that these questionnaires show. No query when `participation` holds its organisation."""
    facts: dict[Key, Value] = {}
    for questionnaire in questionnaires:
        for question in questionnaire.questions.values():
            if question.register in _OF_PARTICIPATION:
                fact = _OF_PARTICIPATION[question.register](participation, locations)
                if fact is not None:
                    facts[question.code, ""] = Value.of(fact)
            elif question.register:
                for location in locations:
                    fact = _OF_LOCATION[question.register](location)
                    if fact is not None:
                        facts[question.code, location.isil] = Value.of(fact)
    return facts
