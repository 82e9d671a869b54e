"""What the rules came to over a stored year: manage.py backtest_rules --year … [--questionnaire …] [--rules-of …]."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveys.models import Round
from surveys.queries.backtest import backtest
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.rule import Rule
from surveys.rules.backtest import Backtest, Tally, verdict
from surveys.values import format_number

_HEADERS = ("beoordeeld", "zweeg", "ging af", "getoond", "gewijzigd", "uitgelegd")


class Command(BaseCommand):
    help = (
        "Laat de controles over een binnengekomen verslagjaar lopen en telt per controle wat ervan kwam. "
        "Alleen ingediende en goedgekeurde vragenlijsten tellen mee."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, required=True, help="het verslagjaar met de cijfers")
        parser.add_argument("--questionnaire", help="code van één vragenlijst; zonder: alle")
        parser.add_argument(
            "--rules-of", type=int, help="het verslagjaar met de controles; zonder: dat van de cijfers"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        year, questionnaire = options["year"], options["questionnaire"]
        rules_of = options["rules_of"] or year
        for one in (year, rules_of):
            if one not in years():
                raise CommandError(f"Er is geen verslagjaar {one}. Kies uit {', '.join(map(str, years()))}.")
        edition = load_edition(rules_of)
        if questionnaire and questionnaire not in edition.by_code:
            raise CommandError(
                f"Er is geen vragenlijst ‘{questionnaire}’. Kies uit {', '.join(edition.by_code)}."
            )
        if not Round.objects.filter(year=year).exists():
            raise CommandError(f"Meetjaar {year} staat niet in deze database.")
        found = backtest(year, edition)
        if not found.delivered:
            raise CommandError(f"Over {year} is nog geen vragenlijst ingediend; er valt niets te tellen.")
        rules = [rule for rule in edition.rules if rule.code in found.tallies]
        for line in _lines([one for one in rules if questionnaire in (None, one.questionnaire)], found):
            self.stdout.write(line)


def _lines(rules: list[Rule], found: Backtest) -> Iterator[str]:
    width = max((len(rule.code) for rule in rules), default=24)
    yield f"{'':{width}}" + "".join(f"{header:>12}" for header in _HEADERS)
    total, list_ = Tally(), ""
    for rule in rules:
        if rule.questionnaire != list_:
            list_ = rule.questionnaire
            yield f"{list_} ({format_number(found.delivered[list_])} ingediend)"
        tally = found.tallies[rule.code]
        total += tally
        yield f"{rule.code:{width}}{_numbers(tally)}  {verdict(rule, tally)}".rstrip()
    yield f"{f'samen ({format_number(len(rules))} controles)':{width}}{_numbers(total)}"


def _numbers(tally: Tally) -> str:
    counts = (
        tally.evaluated,
        tally.silent,
        tally.fired,
        tally.shown,
        tally.changed,
        tally.explained,
    )
    return "".join(f"{format_number(count):>12}" for count in counts)
