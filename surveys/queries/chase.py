"""The national figures while the year comes in, and whose answers would make them most certain."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from surveys.estimation.totals import Total, chase_values, enough, estimate
from surveys.models import Organisation
from surveys.queries.national import National, national
from surveys.queries.summaries import Summary
from surveys.queries.terms import terms_of_year
from surveys.questionnaires.schema import Question, Questionnaire
from surveys.workflow import SubmissionState

ENOUGH = 0.005
"""A band of half a percent to either side: the total keeps two of its digits, which is what is published."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A key figure of the libraries in view, `counted` of which are in the total.

    `before`: last year, of the `compared` libraries that had it then and are in the total now; None when nobody is.
    `same`: this year, of those. `delivered` of `libraries` have delivered the list in which it is asked.
    """

    question: Question
    total: Total
    counted: int
    before: float | None
    same: float
    compared: int
    delivered: int
    libraries: int

    @property
    def change(self) -> float | None:
        """As part of last year's, of the same libraries."""
        return self.same / self.before - 1 if self.before else None


@dataclass(frozen=True, slots=True)
class Missing:
    """A list that has not been delivered. `due`: the last day on which it is in time."""

    questionnaire: Questionnaire
    state: SubmissionState
    due: date | None


@dataclass(frozen=True, slots=True)
class Late:
    """A library that still has to deliver: `value` is the mean part of the bands that goes when it does.

    `most`: the key figure whose band it narrows most, and by what part; None when it narrows none.
    """

    summary: Summary
    missing: tuple[Missing, ...]
    value: float
    most: tuple[Question, float] | None


@dataclass(frozen=True, slots=True)
class Chase:
    """`late`: the largest chase value first. `enough`: after how many of them all bands are within ENOUGH, None: not.

    `unknown`: of whom nothing can be said in at least one of the figures.
    """

    headlines: tuple[Headline, ...]
    late: tuple[Late, ...]
    enough: int | None
    unknown: tuple[Summary, ...]


def chase(year: int, participations: Collection[int]) -> Chase:
    """Of these participations, by what is known of the whole country.

    Eight queries, and those of `checked_year` for what changed since the last time.
    """
    country = national(year)
    only = frozenset(participations) & country.summaries.keys()
    headlines = tuple(_headline(country, one, only) for one in country.edition.headlines)
    totals = {one.question.code: one.total for one in headlines}
    terms = terms_of_year(year, Organisation.objects.filter(type=Organisation.Type.LIBRARY))
    asked = dict.fromkeys(one.questionnaire for one in country.edition.headlines)
    missing: dict[str, tuple[Missing, ...]] = {}
    for pk in sorted(only):
        found = []
        for code in asked:
            listed = country.lists.get((pk, code))
            if listed is not None and not country.is_delivered(pk, code):
                term = terms.get(listed.pk)
                found.append(Missing(country.edition.by_code[code], listed.state, term.due if term else None))
        if found:
            missing[country.summaries[pk].isil] = tuple(found)
    values = chase_values(totals, missing)
    by_isil = {country.summaries[pk].isil: country.summaries[pk] for pk in only}
    late = tuple(
        Late(by_isil[isil], missing[isil], value, _most(headlines, isil)) for isil, value in values.items()
    )
    unknown = dict.fromkeys(isil for one in totals.values() for isil in one.unknown)
    return Chase(
        headlines, late, enough(totals, list(values), ENOUGH), tuple(by_isil[isil] for isil in unknown)
    )


def _headline(country: National, question: Question, only: Collection[int]) -> Headline:
    figures = list(country.figures(question.code, only))
    total = estimate(figures, country.comparable(question.code))
    found = {one.owner: one.value for one in figures if one.value is not None} | dict(total.predicted)
    before = {one.owner: one.before for one in figures if one.before is not None and one.owner in found}
    return Headline(
        question=question,
        total=total,
        counted=len(found),
        before=sum(before.values()) if before else None,
        same=sum(found[owner] for owner in before),
        compared=len(before),
        delivered=sum(country.is_delivered(pk, question.questionnaire) for pk in only),
        libraries=len(only),
    )


def _most(headlines: Collection[Headline], isil: str) -> tuple[Question, float] | None:
    found = max(((one.total.narrowing(isil), one.question.code) for one in headlines), default=(0.0, ""))
    questions: Mapping[str, Question] = {one.question.code: one.question for one in headlines}
    return (questions[found[1]], found[0]) if found[0] > 0 else None
