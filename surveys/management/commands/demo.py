"""Build the demo country and serve it: manage.py demo, or make demo."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone

from surveys.actions.releases import make_release
from surveys.demo.build import Built, build
from surveys.demo.database import Contents, clear, contents
from surveys.demo.people import DEMO_PASSWORD, DEMO_PEOPLE
from surveys.exports.content import fingerprint_of
from surveys.models import ReleaseStatus, User
from surveys.values import format_number

_REFUSED = (
    "In deze database staan andere gegevens dan die van de demo; er is niets veranderd.\n"
    "Kies met DATABASE_URL een lege database.\n"
    "(This database holds other data than the demo; nothing was changed. Choose an empty one with DATABASE_URL.)"
)


class Command(BaseCommand):
    help = "Bouwt een verzonnen land met bibliotheken in de database en toont het in de browser."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-server", action="store_true", help="alleen bouwen")
        parser.add_argument("--port", type=int, default=8000, help="de poort van het adres (8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        found = contents()
        if found is Contents.OTHER:
            raise CommandError(_REFUSED)
        call_command("migrate", verbosity=0)
        if found is not Contents.NOTHING:
            clear()
        start = time.perf_counter()
        built = build(today=timezone.localdate())
        make_release(
            year=built.country.earlier,
            status=ReleaseStatus.FINAL,
            by=User.objects.get(email=DEMO_PEOPLE[-1].email),
            note="Alle lijsten zijn goedgekeurd.",
            fingerprint_of=fingerprint_of,
        )
        self._tell(built, time.perf_counter() - start, options["port"])
        if not options["no_server"]:
            self._serve(options["port"])

    def _tell(self, built: Built, seconds: float, port: int) -> None:
        land = built.country
        self.stdout.write(
            f"Het demoland staat klaar: {len(built.organisations)} bibliotheken, {land.earlier} helemaal binnen "
            f"en {land.later} onderweg, {format_number(built.answers)} antwoorden ({seconds:.0f} seconden).\n\n"
            f"  http://localhost:{port}/\n\nLog in met één klik, of met het wachtwoord {DEMO_PASSWORD} als:\n"
        )
        width = max(len(person.email) for person in DEMO_PEOPLE)
        for person in DEMO_PEOPLE:
            self.stdout.write(f"  {person.email:{width}}  {person.role_text} ({person.organisation})")

    def _serve(self, port: int) -> None:
        """In the place of this process, so that Ctrl-C stops it; as a demo, whatever this process was."""
        self.stdout.write("\nStoppen: Ctrl-C.")
        self.stdout.flush()
        connections.close_all()
        command = [sys.executable, sys.argv[0], "runserver", "--noreload", f"127.0.0.1:{port}"]
        mine = {"DEMO": "1", "BASE_URL": f"http://localhost:{port}"}
        os.execve(sys.executable, command, {**os.environ, **mine})  # noqa: S606
