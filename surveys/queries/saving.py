"""What saving one answer has to know, in one query: may it, is it open, what stood there, what hangs on it.

Written in SQL: every save runs it, and composing it from the models anew took half of the time of a save.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.http import Http404

from surveys.models import Participation, Submission, User
from surveys.models.answer import to_value
from surveys.permissions import Access
from surveys.queries.access import granted
from surveys.queries.answers import Stored
from surveys.queries.bounds import BOUNDS, bounds_in
from surveys.queries.explanations import EXPLANATIONS, Explanations, explanations_in
from surveys.queries.json_rows import codes_of, moment_in, rows_in, words
from surveys.questionnaires.dependencies import Touched
from surveys.questionnaires.rule import Level, RuleKind
from surveys.questionnaires.schema import Question
from surveys.rules.context import Bound
from surveys.values import Key, Value
from surveys.workflow import Role


@dataclass(frozen=True, slots=True)
class Before:
    """The answers that are compared with, under the codes of then, and the facts of the registers.

    `rows`: all for which there was an answer, also of locations that have closed since. `locations`: how many were open.
    """

    answers: Mapping[Key, Value]
    rows: tuple[str, ...]
    inhabitants: int | None
    locations: int


@dataclass(frozen=True, slots=True)
class Known:
    """`submission` holds only what saving needs; `answers` are those that the saved answer touches.

    `rows`: the codes of all locations, since a figure over locations is open while one of them is not answered.
    `before`: of the year before; None when the list was not filled in then.
    """

    submission: Submission
    access: Access
    rows: tuple[str, ...]
    answers: dict[Key, Stored]
    before: Before | None = None
    explanations: Explanations = field(default_factory=dict)
    bounds: Mapping[tuple[str, str], Bound] = field(default_factory=dict)


_KNOWN = """
SELECT submission.id, submission.state, participation.id, participation.organisation_id, participation.inhabitants,
       before.inhabitants,
       (SELECT COUNT(*) FROM surveys_location
        WHERE organisation_id = participation.organisation_id
        AND (opened IS NULL OR opened <= %s) AND (closed IS NULL OR closed >= %s)),
       EXISTS (SELECT 1 FROM surveys_submission sibling
               JOIN surveys_answer answer ON answer.submission_id = sibling.id
               WHERE sibling.participation_id = before.id AND sibling.questionnaire = submission.questionnaire),
       (SELECT questionnaires FROM surveys_membership
        WHERE user_id = %s AND role = %s AND organisation_id = participation.organisation_id LIMIT 1),
       EXISTS (SELECT 1 FROM surveys_membership WHERE user_id = %s AND role = %s),
       EXISTS (SELECT 1 FROM surveys_membership
               WHERE user_id = %s AND role = %s AND organisation_id = organisation.poi_id),
       (SELECT {joined}(isil, ' ') FROM surveys_location
        WHERE organisation_id = participation.organisation_id
        AND (opened IS NULL OR opened <= %s) AND (closed IS NULL OR closed >= %s)),
       {rows_before}, {answers}, {answers_before}, {explanations}, {bounds}
FROM surveys_submission submission
JOIN surveys_participation participation ON participation.id = submission.participation_id
JOIN surveys_organisation organisation ON organisation.id = participation.organisation_id
LEFT JOIN surveys_participation before ON before.organisation_id = organisation.id AND before.round_id = %s
WHERE participation.round_id = %s AND organisation.isil = %s AND submission.questionnaire = %s
"""
_ANSWERS = """
(SELECT CAST({rows}({row}(answer.question, answer."row", answer.state, answer.hundredths, answer.text,
        answer.is_estimate, answer.note, answer.source, answer.version, answer.changed_at, writer.name)) AS TEXT)
 FROM surveys_submission sibling
 CROSS JOIN surveys_answer answer
 LEFT JOIN surveys_user writer ON writer.id = answer.changed_by_id
 WHERE sibling.participation_id = participation.id AND answer.submission_id = sibling.id
 AND sibling.questionnaire {among} AND answer.question {among})
"""
_ANSWERS_BEFORE = """
(SELECT CAST({rows}({row}(answer.question, answer."row", answer.state, answer.hundredths, answer.text)) AS TEXT)
 FROM surveys_submission sibling
 CROSS JOIN surveys_answer answer
 WHERE sibling.participation_id = before.id AND answer.submission_id = sibling.id
 AND sibling.questionnaire {among} AND answer.question {among})
"""
_ROWS_BEFORE = """
(SELECT CAST({rows}(DISTINCT answer."row") AS TEXT)
 FROM surveys_submission sibling
 CROSS JOIN surveys_answer answer
 WHERE sibling.participation_id = before.id AND answer.submission_id = sibling.id
 AND sibling.questionnaire {among} AND answer.question {among})
"""
"""CROSS JOIN keeps SQLite from beginning with the answers of all libraries to a question."""


def known_for_save(
    user: User, *, year: int, isil: str, questionnaire: str, row: str, touched: Touched
) -> Known:
    """One query. Raises Http404 without such a submission or location, PermissionDenied for a stranger."""
    found = _found(user, year, isil, questionnaire, touched)
    if found is None:
        raise Http404("Deze vragenlijst is er niet.")
    (
        pk,
        state,
        participation,
        organisation,
        inhabitants,
        inhabitants_before,
        locations_before,
        is_filled_before,
        own,
        is_kb,
        is_poi,
        codes,
        rows_before,
        *told,
    ) = found
    rows = tuple(sorted((codes or "").split()))
    if row and row not in rows:
        raise Http404("Deze vestiging is er niet.")
    answers, answers_before, explanations, bounds = map(rows_in, told)
    return Known(
        submission=Submission(
            pk=pk,
            participation=Participation(
                pk=participation, organisation_id=organisation, round_id=year, inhabitants=inhabitants
            ),
            questionnaire=questionnaire,
            state=state,
        ),
        access=granted({"library_questionnaires": own, "is_kb": is_kb, "is_poi": is_poi}),
        rows=rows,
        answers=dict(_stored(*fields) for fields in answers),
        before=Before(
            answers={(code, at): to_value(*value) for code, at, *value in answers_before},
            rows=tuple(sorted(json.loads(rows_before or "[]"))),
            inhabitants=inhabitants_before,
            locations=locations_before,
        )
        if is_filled_before
        else None,
        explanations=explanations_in(explanations),
        bounds=bounds_in(bounds),
    )


def _found(user: User, year: int, isil: str, questionnaire: str, touched: Touched) -> tuple[Any, ...] | None:
    """The line of _KNOWN."""
    rules, said = touched.rules, words()
    parts: Mapping[str, tuple[str, Sequence[list[str]]]] = {
        "rows_before": (_ROWS_BEFORE, _stored_in(touched.repeating_before)),
        "answers": (_ANSWERS, _stored_in(touched.needed)),
        "answers_before": (_ANSWERS_BEFORE, _stored_in(touched.needed_before)),
        "explanations": (EXPLANATIONS, [[one.code for one in rules if one.level is Level.WARNING]]),
        "bounds": (BOUNDS, [[one.code for one in rules if one.kind is RuleKind.PEERS]]),
    }
    # Nothing is asked where nothing is wanted.
    asked = {name: part if all(part[1]) else ("NULL", ()) for name, part in parts.items()}
    only = f" AND rule {said['among']}"
    roles = (user.pk, Role.LIBRARY.value, user.pk, Role.KB.value, user.pk, Role.POI.value)
    before, days = (_days_of(one) for one in (year - 1, year))
    codes = (codes_of(codes) for _, wanted in asked.values() for codes in wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            _KNOWN.format(
                **{name: sql.format(only=only, **said) for name, (sql, _) in asked.items()}, **said
            ),
            (*before, *roles, *days, *codes, year - 1, year, isil, questionnaire),
        )
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def _days_of(year: int) -> list[str | None]:
    """Its last and its first, as the statement takes them."""
    return [connection.ops.adapt_datefield_value(date(year, *day)) for day in ((12, 31), (1, 1))]


def _stored_in(questions: Iterable[Question]) -> tuple[list[str], list[str]]:
    """The lists in which their answers stand, and their codes."""
    stored = [one for one in questions if one.is_stored]
    return list(dict.fromkeys(one.questionnaire for one in stored)), [one.code for one in stored]


def _stored(*fields: Any) -> tuple[Key, Stored]:
    question, row, state, hundredths, text, is_estimate, note, source, version, changed_at, name = fields
    stored = Stored(
        to_value(state, hundredths, text),
        bool(is_estimate),
        note,
        source,
        version,
        moment_in(changed_at),
        name or "",
    )
    return (question, row), stored
