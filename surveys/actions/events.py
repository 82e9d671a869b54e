"""The timeline of an organisation: what happened, entered once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from surveys.models import Event, EventKind, Organisation, User
from surveys.values import Kind, Value, clean_text, format_number, format_value

MAX_LENGTH = 1_000
YEARS_BACK = 10
YEARS_AHEAD = 1
YEARS_UNTIL_END = 10


class EventError(ValueError):
    """This cannot be an event; `problems`: per field, in Dutch, what is wrong."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))


def add_event(
    *,
    organisation: Organisation,
    kind: str,
    description: str,
    starts: date,
    ends: date | None = None,
    by: User,
) -> Event:
    """Raises EventError. The same event once more, by a double click, is the event that is there."""
    problems = problems_of(
        kind=kind, description=description, starts=starts, ends=ends, today=timezone.localdate()
    )
    if problems:
        raise EventError(problems)
    facts = {"kind": kind, "description": clean_text(description), "starts": starts, "ends": ends}
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        there = Event.objects.filter(organisation=organisation, **facts).first()
        return there or Event.objects.create(
            organisation=organisation, **facts, added_at=timezone.now(), added_by=by
        )


def problems_of(
    *, kind: str, description: str, starts: date | None, ends: date | None, today: date
) -> dict[str, str]:
    """Per field what is wrong with an event; nothing when it can be kept."""
    problems, clean = {}, clean_text(description)
    if kind not in EventKind.values:
        problems["kind"] = "Kies een soort gebeurtenis."
    if not any(map(str.isalnum, clean)):
        problems["description"] = "Schrijf op wat er is gebeurd, zoals ‘hoofdvestiging verbouwd’."
    elif len(clean) > MAX_LENGTH:
        problems["description"] = (
            f"Deze omschrijving is {format_number(len(clean))} tekens lang; er passen er "
            f"{format_number(MAX_LENGTH)}. Kort de omschrijving in."
        )
    if starts is None:
        problems["starts"] = "Vul in wanneer het begon."
    elif starts < _shifted(today, -YEARS_BACK):
        problems["starts"] = (
            f"De begindatum {_words(starts)} is meer dan {YEARS_BACK} jaar geleden. Klopt het jaartal?"
        )
    elif starts > _shifted(today, YEARS_AHEAD):
        problems["starts"] = (
            f"De begindatum {_words(starts)} ligt meer dan een jaar in de toekomst. Klopt het jaartal?"
        )
    if ends is not None and starts is not None and ends < starts:
        problems["ends"] = f"De einddatum {_words(ends)} ligt voor de begindatum {_words(starts)}."
    elif ends is not None and ends > _shifted(today, YEARS_UNTIL_END):
        problems["ends"] = (
            f"De einddatum {_words(ends)} ligt meer dan {YEARS_UNTIL_END} jaar in de toekomst. Klopt het jaartal?"
        )
    return problems


def _shifted(day: date, years: int) -> date:
    """The same day in another year; 29 February becomes the 28th."""
    return day.replace(year=day.year + years, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _words(day: date) -> str:
    return format_value(Value.of(day), Kind.DATE)
