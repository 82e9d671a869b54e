"""Compute what comparable libraries report and store it: manage.py compute_bounds --year … [--as-of …]."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from surveys.actions.bounds import BoundsError, compute_bounds
from surveys.questionnaires.loader import years
from surveys.values import format_number


class Command(BaseCommand):
    help = (
        "Berekent per controle de grenzen van vergelijkbare bibliotheken en vervangt die van dat verslagjaar."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, required=True, help="het verslagjaar")
        parser.add_argument(
            "--as-of", help="een moment, zoals 1999-12-31T23:59; zonder: zoals het nu is ingediend"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        year, moment = options["year"], _moment(options["as_of"])
        if year not in years():
            raise CommandError(f"Er is geen verslagjaar {year}. Kies uit {', '.join(map(str, years()))}.")
        try:
            count = compute_bounds(year=year, as_of=moment)
        except BoundsError as error:
            raise CommandError(str(error)) from error
        told = timezone.localtime(moment).isoformat()
        self.stdout.write(
            f"{year}: {format_number(count)} grenzen uit wat op {told} was ingediend.\n"
            f"Met --as-of {told} komt er later hetzelfde uit."
        )


def _moment(text: str | None) -> datetime:
    """Without a zone it is Dutch time. A day alone is refused: it could mean its begin or its end."""
    if text is None:
        return timezone.now()
    try:
        moment = datetime.fromisoformat(text) if len(text) > len("1999-12-31") else None
        if moment is not None:
            return (moment if timezone.is_aware(moment) else timezone.make_aware(moment)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise CommandError(f"‘{text}’ is geen moment. Schrijf dag en tijd, zoals 1999-12-31T23:59.")
