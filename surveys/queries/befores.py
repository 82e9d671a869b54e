"""What counted last year as far as saving one answer has to know it: of the organisation, or of those that became it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from surveys.models.answer import to_value
from surveys.queries.json_rows import codes_of, rows_in, words
from surveys.queries.predecessors import Lineage
from surveys.queries.registers import held
from surveys.questionnaires.dependencies import Touched
from surveys.questionnaires.schema import Question
from surveys.values import Key, Value


@dataclass(frozen=True, slots=True)
class Before:
    """The answers that are compared with, under the codes of then, and the facts of the registers.

    `rows`: all for which there was an answer, also of locations that have closed since. `locations`: how many were open.
    """

    answers: Mapping[Key, Value]
    rows: tuple[str, ...]
    inhabitants: int | None
    locations: int


ANSWERS_BEFORE = """
(SELECT CAST({rows}({row}(answer.question, answer."row", answer.state, answer.hundredths, answer.text)) AS TEXT)
 FROM surveys_submission sibling
 CROSS JOIN surveys_answer answer
 WHERE sibling.participation_id = before.id AND answer.submission_id = sibling.id
 AND sibling.questionnaire {among} AND answer.question {among})
"""
ROWS_BEFORE = """
(SELECT CAST({rows}(DISTINCT answer."row") AS TEXT)
 FROM surveys_submission sibling
 CROSS JOIN surveys_answer answer
 WHERE sibling.participation_id = before.id AND answer.submission_id = sibling.id
 AND sibling.questionnaire {among} AND answer.question {among})
"""
"""CROSS JOIN keeps SQLite from beginning with the answers of all libraries to a question."""

_PARTS = """
SELECT before.organisation_id, before.inhabitants,
       (SELECT COUNT(*) FROM surveys_location place WHERE {held}
        AND (opened IS NULL OR opened <= %s) AND (closed IS NULL OR closed >= %s)),
       EXISTS (SELECT 1 FROM surveys_submission sibling
               JOIN surveys_answer answer ON answer.submission_id = sibling.id
               WHERE sibling.participation_id = before.id AND sibling.questionnaire = %s),
       {rows_before}, {answers_before}
FROM surveys_participation before
WHERE before.round_id = %s AND before.ended_by_id IS NULL AND before.organisation_id IN ({roots})
"""


def befores_of(
    lineage: Lineage, year: int, questionnaire: str, touched: Touched
) -> Mapping[str, Before | None]:
    """By name, in the order of the roots; None: took no part in `year`. Nothing when nobody filled in that list then.

    One query; none where nothing is looked up or no figures go on.
    """
    if lineage.split:
        return {}
    asked = {
        "rows_before": (ROWS_BEFORE, stored_in(touched.repeating_before)),
        "answers_before": (ANSWERS_BEFORE, stored_in(touched.needed_before)),
    }
    parts = {name: part if all(part[1]) else ("NULL", ()) for name, part in asked.items()}
    said = words()
    statement = _PARTS.format(
        **{name: sql.format(**said) for name, (sql, _) in parts.items()},
        held=held("before.organisation_id", year),
        roots=", ".join(["%s"] * len(lineage.roots)),
    )
    codes = (codes_of(codes) for _, wanted in parts.values() for codes in wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            statement, (*days_of(year), questionnaire, *codes, year, *(one.pk for one in lineage.roots))
        )
        found = {pk: told for pk, *told in cursor.fetchall()}
    if not any(is_filled for _, _, is_filled, _, _ in found.values()):
        return {}
    return {one.name: _before(found[one.pk]) if one.pk in found else None for one in lineage.roots}


def _before(told: Sequence[Any]) -> Before:
    inhabitants, locations, _, rows, answers = told
    return before_in(rows, rows_in(answers), inhabitants, locations)


def before_in(
    rows: str | None, answers: Iterable[Sequence[Any]], inhabitants: int | None, locations: int
) -> Before:
    """From the columns of a statement."""
    return Before(
        answers={(code, at): to_value(*value) for code, at, *value in answers},
        rows=tuple(sorted(json.loads(rows or "[]"))),
        inhabitants=inhabitants,
        locations=locations,
    )


def days_of(year: int) -> list[str | None]:
    """Its last and its first, as the statement takes them."""
    return [connection.ops.adapt_datefield_value(date(year, *day)) for day in ((12, 31), (1, 1))]


def stored_in(questions: Iterable[Question]) -> tuple[list[str], list[str]]:
    """The lists in which their answers stand, and their codes."""
    stored = [one for one in questions if one.is_stored]
    return list(dict.fromkeys(one.questionnaire for one in stored)), [one.code for one in stored]
