"""The middle of what comparable libraries reported, for the figures of a list: see decision 0039.

Of each library counts what it delivered this year, and while it did not what was approved last year. What grows with
the size of a library is compared by inhabitant and told at the size of the one that is read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isnan
from statistics import median

from surveys.models import Organisation, Submission
from surveys.queries.deliveries import Delivery
from surveys.queries.summaries import figure_codes, summaries_of_year
from surveys.questionnaires.schema import BlockRole, Edition, Operation, Question
from surveys.rules.peers import FEWEST, INHABITANTS
from surveys.values import Kind
from surveys.workflow import DELIVERED, SubmissionState

_COMPARED_IN_BLOCKS = frozenset({BlockRole.LIBRARY, BlockRole.LIBRARY_SHARE})
_NO_AMOUNTS = frozenset({Operation.SHARE, Operation.RATIO, Operation.COUNT_YES})
_AGE = "jaar"
"""The unit of what no larger library has more of."""


@dataclass(frozen=True, slots=True)
class Middle:
    """`number`: in the unit of the question. `count`: of how many libraries; `group`: which ones.

    `is_scaled`: reckoned from the figure per inhabitant to the inhabitants of the library that is read.
    """

    number: Decimal
    count: int
    group: str
    is_scaled: bool


@dataclass(frozen=True, slots=True)
class _Peer:
    """A library that counts for one list: its groups, and its figures by `figure_codes`, NaN where there is none."""

    groups: Collection[str]
    figures: Sequence[float]


def peer_medians(delivery: Delivery) -> Mapping[str, Middle]:
    """By question; none where fewer than FEWEST other libraries gave one. One query beside those of the summaries."""
    edition, code = delivery.edition, delivery.questionnaire.code
    own = delivery.submission.participation_id
    others = [one for pk, one in _peers(edition, code).items() if pk != own]
    by_group = {
        group: [one.figures for one in others if group in one.groups] for group in delivery.context.groups
    }
    inhabitants = delivery.evaluation.number((INHABITANTS, ""))
    found = {
        question.code: _middle(question, figure_codes(edition), by_group, inhabitants)
        for question in delivery.questionnaire.questions.values()
        if is_compared(question)
    }
    return {question: middle for question, middle in found.items() if middle is not None}


def is_compared(question: Question) -> bool:
    """A figure of the whole library that somebody gave or that is computed; of a block only what came of it."""
    return (
        question.kind.is_number
        and not question.register
        and not question.repeats
        and (question.role is None or question.role in _COMPARED_IN_BLOCKS)
    )


def is_scaled(question: Question) -> bool:
    """It grows with the library: no percentage, price or age."""
    return not (
        question.kind is Kind.PERCENT
        or (question.kind is Kind.EURO and question.decimals)
        or question.unit == _AGE
        or (question.formula and question.formula.operation in _NO_AMOUNTS)
    )


def _peers(edition: Edition, questionnaire: str) -> Mapping[int, _Peer]:
    """By participation of this year: this year's figures where delivered, otherwise last year's where approved."""
    libraries = Organisation.objects.filter(type=Organisation.Type.LIBRARY)
    summaries = summaries_of_year(edition.year, libraries)
    lists = Submission.objects.filter(
        questionnaire=questionnaire, participation__round_id__in=(edition.year, edition.year - 1)
    ).values_list("participation__round_id", "participation__organisation__isil", "state")
    states = {(year, isil): SubmissionState(state) for year, isil, state in lists}
    found = {}
    for pk, one in summaries.items():
        if states.get((edition.year, one.isil)) in DELIVERED:
            found[pk] = _Peer(one.groups, one.figures)
        elif states.get((edition.year - 1, one.isil)) is SubmissionState.APPROVED:
            found[pk] = _Peer(one.groups, one.figures_before)
    return found


def _middle(
    question: Question,
    places: Mapping[str, int],
    by_group: Mapping[str, Collection[Sequence[float]]],
    inhabitants: Decimal | None,
) -> Middle | None:
    """Of the narrowest group in which enough libraries gave this figure."""
    place, people = places[question.code], places[INHABITANTS]
    scales = is_scaled(question)
    for group, peers in by_group.items():
        if scales:
            found = [one[place] / one[people] for one in peers if one[people] > 0]
        else:
            found = [one[place] for one in peers]
        known = [one for one in found if not isnan(one)]
        if len(known) >= FEWEST and (inhabitants or not scales):
            number = Decimal(median(known))
            return Middle(
                number * inhabitants if scales and inhabitants else number, len(known), group, scales
            )
    return None
