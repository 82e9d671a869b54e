"""What saving one answer has to know, in one query: may it, is it open, what stood there, what hangs on it.

Written in SQL: every save runs it, and composing it from the models anew took half of the time of a save.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection
from django.http import Http404

from surveys.models import Participation, Submission, User
from surveys.permissions import Access
from surveys.queries.access import granted
from surveys.queries.answers import Stored, stored_from
from surveys.questionnaires.dependencies import Touched
from surveys.values import Key
from surveys.workflow import Role


@dataclass(frozen=True, slots=True)
class Known:
    """`submission` holds only what saving needs; `answers` are those that the saved answer touches.

    `rows`: the codes of all locations, since a figure over locations is open while one of them is not answered.
    """

    submission: Submission
    access: Access
    rows: tuple[str, ...]
    answers: dict[Key, Stored]


_KNOWN = """
SELECT submission.id, submission.state, participation.id, participation.organisation_id, participation.inhabitants,
       (SELECT questionnaires FROM surveys_membership
        WHERE user_id = %s AND role = %s AND organisation_id = participation.organisation_id LIMIT 1),
       EXISTS (SELECT 1 FROM surveys_membership WHERE user_id = %s AND role = %s),
       EXISTS (SELECT 1 FROM surveys_membership
               WHERE user_id = %s AND role = %s AND organisation_id = organisation.poi_id),
       (SELECT {joined}(isil, ' ') FROM surveys_location
        WHERE organisation_id = participation.organisation_id
        AND (opened IS NULL OR opened <= %s) AND (closed IS NULL OR closed >= %s)),
       answer.question, answer."row", answer.state, answer.hundredths, answer.text, answer.is_estimate, answer.note,
       answer.source, answer.version, answer.changed_at, writer.name
FROM surveys_submission submission
JOIN surveys_participation participation ON participation.id = submission.participation_id
JOIN surveys_organisation organisation ON organisation.id = participation.organisation_id
JOIN surveys_submission sibling ON sibling.participation_id = participation.id
LEFT JOIN surveys_answer answer ON answer.submission_id = sibling.id AND answer.question IN ({codes})
LEFT JOIN surveys_user writer ON writer.id = answer.changed_by_id
WHERE participation.round_id = %s AND organisation.isil = %s AND submission.questionnaire = %s
"""
"""The answers are sought in all lists of the participation: an answer may hang on one in the profile."""


def known_for_save(
    user: User, *, year: int, isil: str, questionnaire: str, row: str, touched: Touched
) -> Known:
    """One query. Raises Http404 without such a submission or location, PermissionDenied for a stranger."""
    found = _found(user, year, isil, questionnaire, touched)
    if not found:
        raise Http404("Deze vragenlijst is er niet.")
    pk, state, participation, organisation, inhabitants, own, is_kb, is_poi, codes = found[0][:9]
    rows = tuple(sorted((codes or "").split()))
    if row and row not in rows:
        raise Http404("Deze vestiging is er niet.")
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
        answers=dict(_stored(one[9:]) for one in found if one[9] is not None),
    )


def _found(user: User, year: int, isil: str, questionnaire: str, touched: Touched) -> list[tuple[Any, ...]]:
    """The lines of _KNOWN: one for every answer, and at least one."""
    codes = [question.code for question in touched.needed if question.is_stored]
    statement = _KNOWN.format(
        joined="STRING_AGG" if connection.vendor == "postgresql" else "GROUP_CONCAT",
        codes=", ".join(["%s"] * len(codes)),
    )
    roles = (user.pk, Role.LIBRARY.value, user.pk, Role.KB.value, user.pk, Role.POI.value)
    days = (connection.ops.adapt_datefield_value(day) for day in (date(year, 12, 31), date(year, 1, 1)))
    with connection.cursor() as cursor:
        cursor.execute(statement, (*roles, *days, *codes, year, isil, questionnaire))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _stored(fields: tuple[Any, ...]) -> tuple[Key, Stored]:
    *others, changed_at, name = fields
    moment: datetime = changed_at
    # SQLite keeps moments in UTC and gives them back without a zone.
    return stored_from((*others, moment if moment.tzinfo else moment.replace(tzinfo=UTC), name))
