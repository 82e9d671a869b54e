"""Mail whoever still has to deliver, or thank whoever did: manage.py send_reminders --year … --kind … [--dry-run]."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from surveys.actions.reminders import drafts, send_reminders
from surveys.models import ReminderKind, Round
from surveys.queries.reminders import Why, due_reminders


class Command(BaseCommand):
    help = "Verstuurt herinneringen of bedankjes; over dezelfde datum krijgt niemand ze twee keer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, required=True, help="het verslagjaar")
        parser.add_argument(
            "--kind",
            required=True,
            choices=ReminderKind.values,
            help="; ".join(f"{one.value}: {one.label}" for one in ReminderKind),
        )
        parser.add_argument("--dry-run", action="store_true", help="alleen tonen wie wat zou krijgen")

    def handle(self, *args: Any, **options: Any) -> None:
        year, kind, today = options["year"], ReminderKind(options["kind"]), timezone.localdate()
        if not Round.objects.filter(year=year).exists():
            raise CommandError(f"Over {year} worden geen gegevens verzameld.")
        due = due_reminders(year, kind, today)
        drafted = drafts(due, today=today)
        for one in due.skipped:
            if one.why is not Why.TOLD:
                reason = "er is niemand om te mailen" if one.why is Why.NOBODY else "de lijst is dicht"
                self.stdout.write(
                    f"Overgeslagen: {one.list.title} van {one.participation.organisation.name}; {reason}."
                )
        if options["dry_run"]:
            for draft in drafted:
                recipient = draft.addressed.recipient
                self.stdout.write(f"{recipient.email}  {draft.letter.subject}")
            self.stdout.write(f"{_mails(len(drafted))} te versturen; er is niets verstuurd.")
            return
        sent = send_reminders(kind=kind, drafted=drafted, by=None)
        for participation in sent.overtaken:
            self.stdout.write(f"Niet gemaild: {participation.organisation.name}; er gebeurde intussen iets.")
        self.stdout.write(f"{_mails(len(sent.taken))} verstuurd.")
        if sent.refused:
            refused = "\n".join(
                f"  {one.recipient.email if one.recipient else ''}: {one.error}" for one in sent.refused
            )
            raise CommandError(
                f"{_mails(len(sent.refused))} geweigerd door de mailserver:\n{refused}\n"
                "Herstel de adressen en start de opdracht opnieuw: alleen deze gaan dan nog uit."
            )


def _mails(count: int) -> str:
    return f"{count} mail{'' if count == 1 else 's'}"
