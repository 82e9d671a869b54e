"""A delivery: one submission as read at one moment, with all that is needed to show, check and submit it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from surveys import rules
from surveys.models import Location, Submission
from surveys.queries.answers import Stored, answers_of_years
from surveys.queries.facts import facts_of, locations_of
from surveys.questionnaires.dependencies import dependencies
from surveys.questionnaires.figures import Evaluation, evaluate
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.schema import PROFILE, Edition, Question, Questionnaire, Rule
from surveys.values import YES, Key, Value
from surveys.workflow import DELIVERED

YES_COMBINED = "gecombineerd"
"""Code of the profile's question that declares a combined institution."""


@dataclass(frozen=True)
class Delivery:
    """`answers`: what is stored. `evaluation`: what is visible and counts now; `last_year`: what counted then."""

    submission: Submission
    edition: Edition
    questionnaire: Questionnaire
    locations: Sequence[Location]
    rows: tuple[str, ...]
    """The codes of the locations."""
    answers: Mapping[Key, Stored]
    evaluation: Evaluation
    last_year: Mapping[Key, Value]

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """The questions by code, those of the profile included: what rules and conditions may read."""
        return {**self.edition.profile.questions, **self.questionnaire.questions}

    @cached_property
    def findings(self) -> list[rules.Finding]:
        return rules.findings(self.questionnaire.rules, self.questions, self.evaluation, self.rows)

    @cached_property
    def absences(self) -> list[tuple[Rule, str]]:
        return rules.absences(self.questionnaire.rules, self.evaluation, self.rows)

    @property
    def is_combined(self) -> bool:
        value = self.evaluation.counted.get((YES_COMBINED, ""))
        return value is not None and value.text == YES


def delivery_of(submission: Submission) -> Delivery:
    """Two queries: the locations, and the answers of this year and last year."""
    participation = submission.participation
    year = participation.round_id
    locations = locations_of(participation)
    stored = answers_of_years(
        organisation_id=participation.organisation_id,
        years=(year, year - 1),
        questionnaires={submission.questionnaire, PROFILE},
    )
    return assemble(submission, locations, stored)


def profile_is_settled(submission: Submission) -> bool:
    """The organisation's profile of that year has been submitted. One query."""
    return Submission.objects.filter(
        participation_id=submission.participation_id,
        questionnaire=PROFILE,
        state__in=[state.value for state in DELIVERED],
    ).exists()


def assemble(
    submission: Submission,
    locations: Sequence[Location],
    stored: Mapping[tuple[int, str], dict[Key, Stored]],
) -> Delivery:
    """The delivery from what was read; no query."""
    year, code = submission.participation.round_id, submission.questionnaire
    edition = load_edition(year)
    own = stored.get((year, code), {})
    profile = stored.get((year, PROFILE), {})
    return Delivery(
        submission=submission,
        edition=edition,
        questionnaire=edition.by_code[code],
        locations=locations,
        rows=tuple(location.isil for location in locations),
        answers=own,
        evaluation=_evaluated(edition, submission, locations, {**profile, **own}),
        last_year=_last_year(submission, locations, stored),
    )


def _evaluated(
    edition: Edition,
    submission: Submission,
    locations: Sequence[Location],
    answers: Mapping[Key, Stored],
) -> Evaluation:
    questionnaire = edition.by_code[submission.questionnaire]
    facts = facts_of((edition.profile, questionnaire), submission.participation, locations)
    values = {**facts, **{key: one.value for key, one in answers.items()}}
    order = dependencies(edition, questionnaire.code).order
    return evaluate(order, values, [one.isil for one in locations])


def _last_year(
    submission: Submission,
    locations: Sequence[Location],
    stored: Mapping[tuple[int, str], dict[Key, Stored]],
) -> Mapping[Key, Value]:
    """What counted last year, under this year's codes: a successor shows its predecessor's value."""
    year, code = submission.participation.round_id - 1, submission.questionnaire
    if year not in years() or (year, code) not in stored:
        return {}
    edition = load_edition(year)
    answers = {**stored.get((year, PROFILE), {}), **stored[year, code]}
    values = {key: one.value for key, one in answers.items()}
    # Also of the locations that have closed since: last year's totals hold them.
    rows = sorted({row for _, row in values if row})
    counted = dict(evaluate(dependencies(edition, code).order, values, rows).counted)
    for question in load_edition(year + 1).by_code[code].questions.values():
        if len(question.replaces) == 1:
            for row in ("", *(one.isil for one in locations)):
                old = counted.get((question.replaces[0], row))
                if old is not None:
                    counted.setdefault((question.code, row), old)
    return counted
