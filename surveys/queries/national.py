"""The whole country as far as it has been delivered: what its figures come to, and what is comparable to what."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import isnan

from surveys.estimation.spread import Comparable, Figure
from surveys.estimation.totals import Total, estimate
from surveys.models import Organisation, Submission
from surveys.queries.steps import changed_after_approval
from surveys.queries.summaries import Summary, figure_codes, summaries_of_year
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import Edition, Question
from surveys.workflow import DELIVERED, SubmissionState


@dataclass(frozen=True, slots=True)
class Listed:
    """One list as it stands, and who looks at it. `is_changed`: after it was approved."""

    pk: int
    state: SubmissionState
    is_changed: bool
    reviewer_id: int | None
    reviewer: str
    taken_at: datetime | None


@dataclass(frozen=True)
class National:
    """`lists`: by participation and questionnaire. What is not delivered does not count, whatever is filled in."""

    edition: Edition
    summaries: Mapping[int, Summary]
    lists: Mapping[tuple[int, str], Listed]
    _comparable: dict[str, Comparable] = field(default_factory=dict)
    _totals: dict[str, Total] = field(default_factory=dict)

    def is_delivered(self, participation: int, questionnaire: str) -> bool:
        listed = self.lists.get((participation, questionnaire))
        return listed is not None and listed.state in DELIVERED

    def figures(self, code: str, only: Collection[int] | None = None) -> Iterator[Figure]:
        """Of every library, or of these participations. The owner is the ISIL code."""
        place = figure_codes(self.edition)[code]
        questionnaire = self.edition.questions[code].questionnaire
        for pk, one in self.summaries.items():
            if only is None or pk in only:
                is_in = self.is_delivered(pk, questionnaire)
                value = one.figures[place] if is_in else None
                yield Figure(
                    one.isil,
                    one.groups,
                    _known(value),
                    _known(one.figures_before[place]),
                    None if one.inhabitants is None else float(one.inhabitants),
                    is_in,
                )

    def comparable(self, code: str) -> Comparable:
        if code not in self._comparable:
            self._comparable[code] = Comparable(self.figures(code))
        return self._comparable[code]

    def total(self, code: str) -> Total:
        """Of the country."""
        if code not in self._totals:
            self._totals[code] = estimate(self.figures(code), self.comparable(code))
        return self._totals[code]

    def headline_totals(self) -> dict[str, float]:
        return {one.code: self.total(one.code).total for one in self.edition.headlines}


def national(year: int) -> National:
    """Seven queries, and those of `checked_year` for what changed since the last time."""
    libraries = Organisation.objects.filter(type=Organisation.Type.LIBRARY)
    rows = (
        Submission.objects.filter(participation__round_id=year, participation__ended_by=None)
        .annotate(is_changed=changed_after_approval())
        .values_list(
            "participation_id", "questionnaire", "pk", "state", "is_changed",
            "reviewer_id", "reviewer__name", "taken_at",
        )
    )  # fmt: skip
    lists = {
        (participation, code): Listed(
            pk, SubmissionState(state), bool(is_changed), reviewer_id, reviewer or "", taken_at
        )
        for participation, code, pk, state, is_changed, reviewer_id, reviewer, taken_at in rows
    }
    return National(load_edition(year), summaries_of_year(year, libraries), lists)


def headline_name(question: Question) -> str:
    """Of a key figure: ‘De bezoeken van de bibliotheek’ is called ‘Bezoeken van de bibliotheek’."""
    name = question.label.removeprefix("De ")
    return name[:1].upper() + name[1:]


def _known(number: float | None) -> float | None:
    return None if number is None or isnan(number) else number
