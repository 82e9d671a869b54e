"""The answers of a submission, as they stand or as of a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from surveys.models import AnswerChange, Submission
from surveys.models.answer import Answer, to_value
from surveys.values import Key, Value


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer as it is kept, with what stands beside its value."""

    value: Value
    is_estimate: bool = False
    note: str = ""
    source: str = ""
    version: int = 0
    changed_at: datetime | None = None
    changed_by: str = ""


FIELDS = (
    "question",
    "row",
    "state",
    "hundredths",
    "text",
    "is_estimate",
    "note",
    "source",
    "version",
    "changed_at",
    "changed_by__name",
)


def answers_of_years(
    *,
    organisation_id: int,
    years: Iterable[int],
    questionnaires: Iterable[str],
    others: Iterable[str] = (),
) -> Mapping[tuple[int, str], dict[Key, Stored]]:
    """(year, questionnaire) to its answers, for one organisation. One query.

    `others`: questions of other lists that are read as well.
    """
    wanted = Q(submission__questionnaire__in=list(questionnaires))
    if others:
        wanted |= Q(question__in=list(others))
    rows = Answer.objects.filter(
        wanted,
        submission__participation__organisation_id=organisation_id,
        submission__participation__round_id__in=list(years),
    ).values_list("submission__participation__round_id", "submission__questionnaire", *FIELDS)
    found: dict[tuple[int, str], dict[Key, Stored]] = {}
    for year, questionnaire, *fields in rows:
        key, stored = stored_from(fields)
        found.setdefault((year, questionnaire), {})[key] = stored
    return found


def answers_of(submission: Submission, codes: Iterable[str] | None = None) -> dict[Key, Stored]:
    """The answers of one submission, all or those to `codes`. One query."""
    rows = Answer.objects.filter(submission=submission)
    if codes is not None:
        rows = rows.filter(question__in=list(codes))
    return dict(stored_from(fields) for fields in rows.values_list(*FIELDS))


def stored_from(fields: Sequence[Any]) -> tuple[Key, Stored]:
    """From the columns FIELDS."""
    question, row, state, hundredths, text, estimate, note, source, version, changed_at, name = fields
    value = to_value(state, hundredths, text)
    return (question, row), Stored(value, estimate, note, source, version, changed_at, name or "")


def answer_at(submission: Submission, key: Key, version: int) -> Stored | None:
    """The answer as the change of that version left it; None when it was empty. One query."""
    question, row = key
    fields = (
        AnswerChange.objects.filter(
            submission=submission,
            question=question,
            row=row,
            at=datetime.fromtimestamp(version / 1_000_000, UTC),
        )
        .exclude(state="")
        .values_list("state", "hundredths", "text", "is_estimate", "note")
        .last()
    )
    if fields is None:
        return None
    state, hundredths, text, is_estimate, note = fields
    return Stored(to_value(state, hundredths, text), is_estimate, note, version=version)


def values_of(submission: Submission, as_of: datetime | None = None) -> dict[Key, Value]:
    """The values now, or as they stood at `as_of` according to the log. One query."""
    if as_of is None:
        return {key: stored.value for key, stored in answers_of(submission).items()}
    values: dict[Key, Value] = {}
    log = AnswerChange.objects.filter(submission=submission, at__lte=as_of).order_by("at", "pk")
    for question, row, state, hundredths, text in log.values_list(
        "question", "row", "state", "hundredths", "text"
    ):
        if state:
            values[question, row] = to_value(state, hundredths, text)
        else:
            values.pop((question, row), None)
    return values
