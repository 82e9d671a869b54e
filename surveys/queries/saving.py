"""What saving one answer has to know, in one query: may it, is it open, what stood there, what hangs on it.

Written in SQL: every save runs it, and composing it from the models anew took half of the time of a save.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.http import Http404

from surveys.models import Participation, Submission, User
from surveys.models.answer import to_value
from surveys.permissions import Access
from surveys.queries.access import granted
from surveys.queries.answers import Stored
from surveys.queries.befores import (
    ANSWERS_BEFORE,
    ROWS_BEFORE,
    Before,
    before_in,
    befores_of,
    days_of,
    stored_in,
)
from surveys.queries.bounds import BOUNDS, bounds_in
from surveys.queries.explanations import EXPLANATIONS, Explanations, explanations_in
from surveys.queries.json_rows import codes_of, day_in, moment_in, rows_in, words
from surveys.queries.predecessors import LINKS, Lineage, lineage_of, links_in
from surveys.queries.registers import day_of, held
from surveys.questionnaires.dependencies import Touched
from surveys.questionnaires.loader import edition_before
from surveys.questionnaires.rule import Level, RuleKind
from surveys.rules.context import Bound
from surveys.values import Key
from surveys.workflow import Role, Term


@dataclass(frozen=True, slots=True)
class Known:
    """`submission` holds only what saving needs; `answers` are those that the saved answer touches.

    `rows`: the codes of all locations, since a figure over locations is open while one of them is not answered.
    `before`: of the year before; None when the list was not filled in then. `parts`: by name of those who became it in
    this year, of whom the `lineage` tells.
    """

    submission: Submission
    access: Access
    rows: tuple[str, ...]
    answers: dict[Key, Stored]
    before: Before | None = None
    lineage: Lineage | None = None
    parts: Mapping[str, Before | None] = field(default_factory=dict)
    explanations: Explanations = field(default_factory=dict)
    bounds: Mapping[tuple[str, str], Bound] = field(default_factory=dict)


_KNOWN = """
SELECT submission.id, submission.state, participation.id, participation.organisation_id, participation.inhabitants,
       before.inhabitants,
       (SELECT COUNT(*) FROM surveys_location place WHERE {held_before}
        AND (opened IS NULL OR opened <= %s) AND (closed IS NULL OR closed >= %s)),
       EXISTS (SELECT 1 FROM surveys_submission sibling
               JOIN surveys_answer answer ON answer.submission_id = sibling.id
               WHERE sibling.participation_id = before.id AND sibling.questionnaire = submission.questionnaire),
       (SELECT questionnaires FROM surveys_membership
        WHERE user_id = %s AND role = %s AND organisation_id = participation.organisation_id LIMIT 1),
       EXISTS (SELECT 1 FROM surveys_membership WHERE user_id = %s AND role = %s),
       EXISTS (SELECT 1 FROM surveys_membership
               WHERE user_id = %s AND role = %s AND organisation_id = organisation.poi_id),
       (SELECT {joined}(isil, ' ') FROM surveys_location place WHERE {held}
        AND (opened IS NULL OR opened <= %s) AND (closed IS NULL OR closed >= %s)),
       participation.ended_by_id, {links},
       own_window.opens, own_window.deadline, own_window.last_change,
       (SELECT until FROM surveys_extension
        WHERE submission_id = submission.id ORDER BY at DESC, id DESC LIMIT 1),
       {rows_before}, {answers}, {answers_before}, {explanations}, {bounds}
FROM surveys_submission submission
JOIN surveys_participation participation ON participation.id = submission.participation_id
JOIN surveys_organisation organisation ON organisation.id = participation.organisation_id
LEFT JOIN surveys_window own_window
    ON own_window.round_id = participation.round_id AND own_window.questionnaire = submission.questionnaire
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


def known_for_save(
    user: User, *, year: int, isil: str, questionnaire: str, row: str, touched: Touched
) -> Known:
    """One query; two in the year of a merger. Raises Http404 without such a submission or location, PermissionDenied for a stranger."""
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
        ended_by,
        links,
        opens,
        deadline,
        last_change,
        extension,
        rows_before,
        *told,
    ) = found
    rows = tuple(sorted((codes or "").split()))
    if row and row not in rows:
        raise Http404("Deze vestiging is er niet.")
    answers, answers_before, explanations, bounds = map(rows_in, told)
    lineage, said = lineage_of(organisation, links_in(rows_in(links))), explanations_in(explanations)
    has_year_before = edition_before(year) is not None
    submission = Submission(
        pk=pk,
        participation=Participation(
            pk=participation,
            organisation_id=organisation,
            round_id=year,
            inhabitants=inhabitants,
            ended_by_id=ended_by,
        ),
        questionnaire=questionnaire,
        state=state,
    )
    submission.set_term(Term(*map(day_in, (opens, deadline, last_change, extension))))
    return Known(
        submission=submission,
        access=granted({"library_questionnaires": own, "is_kb": is_kb, "is_poi": is_poi}),
        rows=rows,
        answers=dict(_stored(*fields) for fields in answers),
        before=before_in(rows_before, answers_before, inhabitants_before, locations_before)
        if is_filled_before and not lineage
        else None,
        lineage=lineage,
        parts=befores_of(lineage, year - 1, questionnaire, touched) if lineage and has_year_before else {},
        explanations={key: one for key, one in said.items() if key[0] == year} if lineage else said,
        bounds=bounds_in(bounds),
    )


def _found(user: User, year: int, isil: str, questionnaire: str, touched: Touched) -> tuple[Any, ...] | None:
    """The line of _KNOWN."""
    rules, said = touched.rules, words()
    parts: Mapping[str, tuple[str, Sequence[list[str]]]] = {
        "rows_before": (ROWS_BEFORE, stored_in(touched.repeating_before)),
        "answers": (_ANSWERS, stored_in(touched.needed)),
        "answers_before": (ANSWERS_BEFORE, stored_in(touched.needed_before)),
        "explanations": (EXPLANATIONS, [[one.code for one in rules if one.level is Level.WARNING]]),
        "bounds": (BOUNDS, [[one.code for one in rules if one.kind is RuleKind.PEERS]]),
    }
    # Nothing is asked where nothing is wanted.
    asked = {name: part if all(part[1]) else ("NULL", ()) for name, part in parts.items()}
    only = f" AND rule {said['among']}"
    roles = (user.pk, Role.LIBRARY.value, user.pk, Role.KB.value, user.pk, Role.POI.value)
    before, days = (days_of(one) for one in (year - 1, year))
    organisation = "participation.organisation_id"
    codes = (codes_of(codes) for _, wanted in asked.values() for codes in wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            _KNOWN.format(
                **{name: sql.format(only=only, **said) for name, (sql, _) in asked.items()},
                links=LINKS.format(first_day=day_of(year, 1, 1), last_day=day_of(year, 12, 31), **said),
                held=held(organisation, year),
                held_before=held(organisation, year - 1),
                **said,
            ),
            (*before, *roles, *days, *codes, year - 1, year, isil, questionnaire),
        )
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found


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
