"""Count what is asked and prove it sound and complete: manage.py check_questionnaires."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveys.exports.codebook import coverage
from surveys.questionnaires.lint import lint, statutory_items
from surveys.questionnaires.loader import ROOT, load_edition, years
from surveys.questionnaires.schema import Edition, Questionnaire
from surveys.questionnaires.tables import DefinitionError
from surveys.rules.named import unknown_functions


class Command(BaseCommand):
    help = "Telt de vragen per jaar en vragenlijst en noemt elke fout in de vragenlijsten."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=ROOT, help="map met vragenlijsten, een map per jaar"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        editions: list[Edition] = []
        problems: list[str] = []
        for year in years(folder):
            try:
                editions.append(load_edition(year, folder))
            except DefinitionError as error:
                problems.append(str(error))
        for edition in editions:
            for line in _lines(edition):
                self.stdout.write(line)
            problems += _unanswered(edition)
        problems += map(str, lint(editions, folder))
        problems += map(str, unknown_functions(editions, folder))
        if problems:
            raise CommandError("\n".join((f"{len(problems)} problemen:", *problems)))
        self.stdout.write("Geen problemen.")


def _lines(edition: Edition) -> Iterator[str]:
    yield f"{edition.year}"
    for one in edition.questionnaires:
        yield f"  {one.code:<14}{_counts(one)}"
    answered = sum(bool(questions) for questions in coverage(edition).values())
    yield f"  wettelijk     {answered} van {len(statutory_items())} gegevens"


def _counts(questionnaire: Questionnaire) -> str:
    questions = list(questionnaire.questions.values())
    asked = sum(one.is_asked for one in questions)
    computed = sum(one.formula is not None for one in questions)
    return (
        f"{len(questionnaire.sections):>3} delen, {asked:>4} gevraagd, {computed:>4} berekend, "
        f"{len(questions) - asked - computed:>3} feiten"
    )


def _unanswered(edition: Edition) -> Iterator[str]:
    for item, questions in coverage(edition).items():
        if not questions:
            yield f"{edition.year}: {item}: {statutory_items()[item][1]}: geen vraag levert dit wettelijke gegeven"
