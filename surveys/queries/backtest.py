"""A stored year put to its rules once more: on the answers as they stand and as they were first given."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache

from django.db.models import Subquery

from surveys.models import AnswerChange, Explanation, OrganisationChange, PeerBound, Round, Transition
from surveys.models.answer import to_value
from surveys.queries.checks import Checked, checked_year
from surveys.questionnaires.dependencies import in_order
from surveys.questionnaires.figures import evaluate
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import PROFILE, Edition, Question
from surveys.rules.backtest import Backtest, Place
from surveys.rules.context import Context
from surveys.values import Key, Value
from surveys.workflow import DELIVERED


def backtest(year: int, rules_of: Edition | None = None) -> Backtest:
    """Over all organisations of the year, one in memory at a time. Fourteen queries, however many there are.

    `rules_of`: the edition whose rules are tried; as far as they read what that year asked. Without: the year's own.
    """
    edition = load_edition(year)
    found = Backtest(rules_of or edition, edition.questions)
    first, explained = _first_values(year), _explained(year)
    for checked in checked_year(year):
        record = checked.record
        found.add(
            checked.context,
            _first_context(checked, edition, first.get(record.participation_id, {})),
            delivered={code for code, state in record.states.items() if state in DELIVERED},
            explained=explained.get(record.participation_id, set()),
        )
    return found


def _first_values(year: int) -> Mapping[int, Mapping[Key, Value]]:
    """Per participation what was first given where it was overwritten or cleared later. One query.

    The first change that replaced an answer holds what had been given first, whatever came after.
    """
    changes = (
        AnswerChange.objects.filter(submission__participation__round_id=year)
        .exclude(old_state="")
        .order_by("at", "pk")
        .values_list(
            "submission__participation_id", "question", "row", "old_state", "old_hundredths", "old_text"
        )
    )
    found: dict[int, dict[Key, Value]] = {}
    for participation, question, row, state, hundredths, text in changes.iterator():
        found.setdefault(participation, {}).setdefault((question, row), to_value(state, hundredths, text))
    return found


def _explained(year: int) -> Mapping[int, set[Place]]:
    """Per participation the rules and rows that somebody explained. One query."""
    found: dict[int, set[Place]] = {}
    given = Explanation.objects.filter(participation__round_id=year)
    for participation, rule, row in given.values_list("participation_id", "rule", "row"):
        found.setdefault(participation, set()).add((rule, row))
    return found


def _first_context(checked: Checked, edition: Edition, first: Mapping[Key, Value]) -> Context:
    """The same context when no answer is another than it first was."""
    record = checked.record
    answers = {key: one.value for of_list in record.answers.values() for key, one in of_list.items()}
    if all(answers.get(key) == value for key, value in first.items()):
        return checked.context
    counted = record.evaluation.counted
    facts = {key: value for key, value in counted.items() if edition.questions[key[0]].register}
    lists = frozenset({PROFILE, *record.answers})
    evaluation = evaluate(
        _order(edition, lists), {**facts, **answers, **first}, [one.isil for one in record.locations]
    )
    return replace(checked.context, now=evaluation)


@cache
def _order(edition: Edition, lists: Collection[str]) -> tuple[Question, ...]:
    """As the record itself is evaluated."""
    every = in_order(edition.questions)
    return tuple(one for one in every if one.questionnaire in lists or one.register)


def state_of(year: int) -> str:
    """Names all that the outcome of a backtest rests on: the same name, the same outcome. Empty: no such round.

    One query. What the registers say (inhabitants, locations) has no log and is not in it.
    """
    newest = [
        AnswerChange.objects.filter(submission__participation__round_id__in=(year - 1, year)),
        Transition.objects.filter(submission__participation__round_id=year),
        Explanation.objects.filter(participation__round_id=year),
        PeerBound.objects.filter(round_id__lte=year),
        OrganisationChange.objects.all(),
    ]
    parts = (
        Round.objects.filter(year=year)
        .values_list(*(Subquery(one.order_by("-pk").values("pk")[:1]) for one in newest))
        .first()
    )
    return "-".join(map(str, (year, _digest(load_edition(year)), *parts))) if parts else ""


@cache
def _digest(edition: Edition) -> str:
    """Of the rules themselves, which a new release may change."""
    return hashlib.sha256(repr(edition.rules).encode()).hexdigest()[:16]
