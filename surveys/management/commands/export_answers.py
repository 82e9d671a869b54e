"""Write a year as a workbook: manage.py export_answers --year … --out FILE.xlsx."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import Http404

from surveys.exports.workbook import write_workbook
from surveys.models import Release
from surveys.queries.releases import find_release, releases_of_year
from surveys.questionnaires.loader import load_edition, years
from surveys.values import format_number


class Command(BaseCommand):
    help = "Schrijft de gegevens van een verslagjaar naar een werkboek (.xlsx)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, required=True, help="het verslagjaar")
        parser.add_argument("--out", type=Path, required=True, help="het bestand dat wordt geschreven")
        parser.add_argument("--questionnaire", help="code van één vragenlijst; zonder: alle")
        parser.add_argument(
            "--delivered-only", action="store_true", help="alleen wat is ingediend of goedgekeurd"
        )

        parser.add_argument("--release", help="nummer van een uitgave: de stand van toen; zonder: die van nu")

    def handle(self, *args: Any, **options: Any) -> None:
        year, out, questionnaire = options["year"], options["out"], options["questionnaire"]
        if year not in years():
            raise CommandError(f"Er is geen verslagjaar {year}. Kies uit {', '.join(map(str, years()))}.")
        codes = load_edition(year).by_code
        if questionnaire and questionnaire not in codes:
            raise CommandError(f"Er is geen vragenlijst ‘{questionnaire}’. Kies uit {', '.join(codes)}.")
        if out.suffix.lower() != ".xlsx":
            raise CommandError(f"‘{out.name}’ moet op .xlsx eindigen.")
        if not out.parent.is_dir():
            raise CommandError(f"De map {out.parent} bestaat niet.")
        written = write_workbook(
            out,
            year=year,
            questionnaire=questionnaire,
            delivered_only=options["delivered_only"],
            release=_release(year, options["release"]),
        )
        tally = written.tally
        self.stdout.write(
            f"{out}: {format_number(tally.organisations)} organisaties, "
            f"{format_number(tally.locations)} vestigingen, vingerafdruk {written.fingerprint[:12]}"
        )


def _release(year: int, number: str | None) -> Release | None:
    try:
        return find_release(year, str(number or ""))
    except Http404:
        numbers = ", ".join(f"{one.pk} ({one.get_status_display()})" for one in releases_of_year(year))
        raise CommandError(
            f"Over {year} is er geen uitgave {number}. Er is: {numbers or 'nog geen uitgave'}."
        ) from None
