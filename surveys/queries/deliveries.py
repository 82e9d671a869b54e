"""A delivery: one submission as read at one moment, with all that is needed to show, check and submit it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from surveys.models import Location, Participation, Submission
from surveys.queries.answers import Stored, answers_of_years
from surveys.queries.beside import Beside, beside_of
from surveys.queries.explanations import Explanations
from surveys.queries.facts import facts_of, was_open
from surveys.queries.predecessors import Part, parts_of
from surveys.queries.signals import Signal, signals_of
from surveys.questionnaires.before import merged_under_new_codes, under_new_codes
from surveys.questionnaires.closure import closure_of
from surveys.questionnaires.dependencies import Dependencies, dependencies
from surveys.questionnaires.figures import Evaluation, evaluate
from surveys.questionnaires.loader import edition_before, load_edition
from surveys.questionnaires.merged import Merged, merge
from surveys.questionnaires.rule import Rule
from surveys.questionnaires.schema import PROFILE, Edition, Question, Questionnaire
from surveys.rules import Context, Finding, absences, findings
from surveys.rules.context import NOTHING, Bound
from surveys.rules.peers import COMBINED, groups_of
from surveys.values import YES, Key, Value
from surveys.workflow import DELIVERED


@dataclass(frozen=True)
class Delivery:
    """`answers`: what is stored. `evaluation`: what is visible and counts now; `last`: what did last year.

    `last_from`: from whom last year's figures are, where others became this organisation; `last_absent`: which of them
    are not there, and why.
    `rules`: those that judge an answer of this list, also when they stand in the file of another.
    """

    submission: Submission
    edition: Edition
    questionnaire: Questionnaire
    locations: Sequence[Location]
    rows: tuple[str, ...]
    """The codes of the locations."""
    answers: Mapping[Key, Stored]
    evaluation: Evaluation
    last: Evaluation
    rules: tuple[Rule, ...]
    explanations: Explanations = field(default_factory=dict)
    bounds: Mapping[tuple[str, str], Bound] = field(default_factory=dict)
    last_from: str = ""
    last_absent: Mapping[Key, str] = field(default_factory=dict)

    @property
    def questions(self) -> Mapping[str, Question]:
        """The questions of the whole edition by code: what rules and conditions may read."""
        return self.edition.questions

    @property
    def last_year(self) -> Mapping[Key, Value]:
        """What counted last year, under this year's codes."""
        return self.last.counted

    @cached_property
    def context(self) -> Context:
        return Context(
            questions=self.questions,
            closure=closure_of(self.edition),
            now=self.evaluation,
            last=self.last,
            rows=self.rows,
            bounds=self.bounds,
            groups=groups_of(self.evaluation),
        )

    @cached_property
    def findings(self) -> list[Finding]:
        """Of every cause one, what matters most first."""
        return findings(self.rules, self.context, self.questionnaire.questions)

    @cached_property
    def signals(self) -> list[Signal]:
        """The findings with what the library said about them, in the same order."""
        return signals_of(self.findings, self.explanations, self.edition.year)

    @cached_property
    def signals_at(self) -> Mapping[Key, list[Signal]]:
        """By the answer at which they are told."""
        found: dict[Key, list[Signal]] = {}
        for signal in self.signals:
            found.setdefault(signal.finding.anchor, []).append(signal)
        return found

    @cached_property
    def absences(self) -> list[tuple[Rule, str]]:
        return absences(self.rules, self.evaluation, self.rows)

    @property
    def is_combined(self) -> bool:
        value = self.evaluation.counted.get((COMBINED, ""))
        return value is not None and value.text == YES


@dataclass(frozen=True)
class Reading:
    """All that is read for the deliveries of one organisation and year, the year before included.

    `parts`: those who became it in this year.
    """

    participation: Participation
    beside: Beside
    stored: Mapping[tuple[int, str], Mapping[Key, Stored]]
    parts: Sequence[Part] = ()

    @property
    def locations(self) -> list[Location]:
        return [one for one in self.beside.locations if was_open(one, self.participation.round_id)]

    def values_in(self, year: int) -> dict[Key, Value]:
        return {key: one.value for (y, _), of in self.stored.items() if y == year for key, one in of.items()}


def delivery_of(submission: Submission) -> Delivery:
    """Two queries; five in the year of a merger."""
    code, year = submission.questionnaire, submission.participation.round_id
    others = dependencies(load_edition(year), code, edition_before(year)).others
    return assemble(submission, read(submission.participation, questionnaires={code, PROFILE}, others=others))


def read(
    participation: Participation, *, questionnaires: Iterable[str], others: Iterable[str] = ()
) -> Reading:
    """The answers of `questionnaires`, and those to the questions `others` of any list. Two queries; five in the
    year of a merger."""
    year = participation.round_id
    beside = beside_of(participation)
    lineage = beside.lineage
    has_parts = lineage is not None and lineage.split is None and edition_before(year) is not None
    return Reading(
        participation=participation,
        beside=beside,
        parts=parts_of(lineage, year - 1, questionnaires=questionnaires, others=others)
        if lineage and has_parts
        else (),
        stored=answers_of_years(
            organisation_id=participation.organisation_id,
            years=(year, year - 1),
            questionnaires=questionnaires,
            others=others,
        ),
    )


def profile_is_settled(submission: Submission) -> bool:
    """The organisation's profile of that year has been submitted. One query."""
    return Submission.objects.filter(
        participation_id=submission.participation_id,
        questionnaire=PROFILE,
        state__in=[state.value for state in DELIVERED],
    ).exists()


def assemble(submission: Submission, reading: Reading) -> Delivery:
    """The delivery from what was read; no query."""
    code, year = submission.questionnaire, reading.participation.round_id
    edition = load_edition(year)
    relations = dependencies(edition, code, edition_before(year))
    locations = reading.locations
    facts = facts_of(edition.questionnaires, reading.participation, locations)
    last = _last(reading, relations, code)
    rows = tuple(one.isil for one in locations)
    return Delivery(
        submission=submission,
        edition=edition,
        questionnaire=edition.by_code[code],
        locations=locations,
        rows=rows,
        answers=reading.stored.get((year, code), {}),
        evaluation=evaluate(relations.order, {**facts, **reading.values_in(year)}, rows),
        last=last.evaluation,
        rules=relations.rules,
        explanations=reading.beside.explanations,
        bounds=reading.beside.bounds,
        last_from=reading.beside.lineage.sentence(year) if reading.beside.lineage else "",
        last_absent=last.absent,
    )


def _last(reading: Reading, relations: Dependencies, code: str) -> Merged:
    """What counted last year, under this year's codes; nothing when the list was empty then."""
    year, before = reading.participation.round_id - 1, reading.beside.before
    edition = edition_before(year + 1)
    if edition is None:
        return Merged(NOTHING)
    if reading.beside.lineage:
        if not any(code in one.answers for one in reading.parts):
            return Merged(NOTHING)
        parts = {one.name: evaluated(one, edition, relations.before) for one in reading.parts}
        return merged_under_new_codes(merge(relations.before, parts), relations.edition.questions)
    if before is None or (year, code) not in reading.stored:
        return Merged(NOTHING)
    places = [one for one in reading.beside.locations_before if was_open(one, year)]
    found = _evaluate(edition, relations.before, before, places, reading.values_in(year))
    return Merged(under_new_codes(found, relations.edition.questions))


def evaluated(part: Part, edition: Edition, order: Sequence[Question]) -> Evaluation:
    """One predecessor's year, of `edition`; of who took no part everything is open."""
    if part.participation is None:
        return NOTHING
    return _evaluate(edition, order, part.participation, part.locations, part.values)


def _evaluate(
    edition: Edition,
    order: Sequence[Question],
    participation: Participation,
    places: Sequence[Location],
    values: Mapping[Key, Value],
) -> Evaluation:
    facts = facts_of(edition.questionnaires, participation, places)
    # Also of the locations that have closed since: last year's totals hold them.
    rows = sorted({row for _, row in values if row})
    return evaluate(order, {**facts, **values}, rows)
