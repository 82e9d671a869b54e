"""What is measured: the demo country, and the same country ten times over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone

from surveys.actions.answers import load_answers
from surveys.demo.build import build
from surveys.demo.country import Country, DemoOrganisation
from surveys.demo.people import DEMO_COMBINED
from surveys.demo.sheets import sheet
from surveys.models import (
    Answer,
    AnswerChange,
    Event,
    Explanation,
    Location,
    Organisation,
    Participation,
    Source,
    Submission,
    User,
)
from surveys.questionnaires.loader import load_edition, years
from surveys.workflow import SubmissionState

TIMES = 10
_STEP = 10_000_000
"""Between the keys of one copy and those of the next."""
DELIVERED_YEAR, OPEN_YEAR = years()[-2:]


@dataclass(frozen=True, slots=True)
class Filler:
    """Somebody of a library whose lists of the open year are filled in and still open."""

    isil: str
    user: User


@dataclass(frozen=True, slots=True)
class World:
    combined: Filler
    """A combined institution: the most questions are put to it."""
    wide: Filler
    """A library with about twenty locations."""


def build_country() -> World:
    call_command("migrate", verbosity=0)
    land = build(today=timezone.localdate()).country
    combined = next(one for one in land.organisations if one.isil == DEMO_COMBINED)
    wide = min(land.organisations, key=lambda one: (abs(len(one.locations_of(OPEN_YEAR)) - 20), one.isil))
    return World(
        _filler(land, combined, {"deelnemers_kunst": 5, "deelnemers_ontmoeting": 5}),
        _filler(land, wide, {"uren_bemand": 0.25}),
    )


_WRONG_ROWS = 3
"""Of a question that is asked of every location so many are made odd: those with the highest figures."""


def _filler(land: Country, one: DemoOrganisation, odd: Mapping[str, float]) -> Filler:
    """Fill in all its lists of the open year, and leave them open.

    `odd`: figures that are made so many times as much, so that the page that is measured shows a few signals.
    """
    user = User.objects.filter(
        memberships__organisation__isil=one.isil, memberships__questionnaires=""
    ).order_by("pk")[0]
    submissions = Submission.objects.filter(
        participation__organisation__isil=one.isil, participation__round_id=OPEN_YEAR
    )
    submissions.update(
        state=SubmissionState.IN_PROGRESS.value,
        submitted_at=None,
        submitted_by=None,
        approved_at=None,
        approved_by=None,
    )
    of_list = {submission.questionnaire: submission.pk for submission in submissions}
    Answer.objects.filter(submission__in=of_list.values()).delete()
    questions = load_edition(OPEN_YEAR).questions
    cells = dict(sheet(land, one, OPEN_YEAR))
    for code, times in odd.items():
        keys = sorted((key for key in cells if key[0] == code), key=lambda key: -(cells[key].hundredths or 0))
        for key in keys[:_WRONG_ROWS]:
            number = (cells[key].hundredths or 0) * times
            cells[key] = cells[key]._replace(hundredths=round(number / 100) * 100)
    at = timezone.now() - timedelta(days=7)
    load_answers(
        Answer(
            submission_id=of_list[questions[code].questionnaire],
            question=code,
            row=row,
            state=cell.state,
            hundredths=cell.hundredths,
            text=cell.text,
            is_estimate=cell.is_estimate,
            source=Source.FORM,
            version=round(at.timestamp() * 1_000_000),
            changed_at=at,
            changed_by=user,
        )
        for (code, row), cell in cells.items()
    )
    return Filler(one.isil, user)


def multiply() -> None:
    """Copy every organisation nine times, with all that hangs under it, within the database."""
    is_postgresql = connection.vendor == "postgresql"
    # Copies of what is right are right: without checks on every key it takes a third of the time.
    _execute("SET session_replication_role = replica" if is_postgresql else "PRAGMA foreign_keys = OFF")
    with transaction.atomic():
        for model in _MODELS:
            for number in range(1, TIMES):
                _copy(model, number)
    if is_postgresql:
        _execute(
            "SET session_replication_role = DEFAULT",
            *connection.ops.sequence_reset_sql(no_style(), [AnswerChange]),
            "VACUUM ANALYZE",
            "CHECKPOINT",
        )
    else:
        _execute("PRAGMA foreign_keys = ON", "PRAGMA wal_checkpoint(TRUNCATE)")


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _copy(model: type[models.Model], number: int) -> None:
    meta = model._meta  # noqa: SLF001  documented, in spite of its name
    table = connection.ops.quote_name(meta.db_table)
    columns, values = [], []
    for field in meta.concrete_fields:
        column = connection.ops.quote_name(field.column)
        columns.append(column)
        values.append(_value(field, column, number))
    where = f"id < {_STEP}" if model is not Answer else f"submission_id < {_STEP}"
    _execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} WHERE {where}"
    )


_COPIED = (Organisation, Participation, Submission, Event)
_MODELS = (*_COPIED, Location, Answer, AnswerChange, Explanation)


def _value(field: models.Field, column: str, number: int) -> str:
    """Keys move up with the copy, codes of libraries and locations get its number; all else stays."""
    is_own_key = field.primary_key and isinstance(field, models.AutoField)
    if is_own_key or (field.related_model in _COPIED and field.name != "poi"):
        return f"{column} + {number * _STEP}"
    if field.name in ("isil", "row"):
        return f"CASE {column} WHEN '' THEN '' ELSE 'NL-{number}' || substr({column}, 5) END"
    return column
