"""The proof of the checks on the demo country: is every planted mistake found, and how many signals does that take.

`proof`: on what is stored. `trial`: on a year that everyone has delivered without a mistake, and then with one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from surveys.demo.country import country
from surveys.demo.errors import PLANS, Mistake, PlantedError, planted_errors
from surveys.demo.first_typed import FirstTyped, first_typed
from surveys.demo.mistakes import Look
from surveys.demo.sheets import Cell, Sheets
from surveys.models.answer import to_value
from surveys.queries.checks import Checked, checked_year
from surveys.questionnaires.dependencies import in_order
from surveys.questionnaires.figures import evaluate
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.rule import Level
from surveys.questionnaires.schema import PROFILE
from surveys.rules import Context, Finding, SlipKind, findings
from surveys.values import Key, Value
from surveys.workflow import DELIVERED

RECOGNISED_AS: Mapping[str, SlipKind] = {
    Mistake.WHOLE_INSTITUTION: SlipKind.SCOPE,
    Mistake.THOUSANDS: SlipKind.THOUSANDFOLD,
    Mistake.CENTS: SlipKind.HUNDREDFOLD,
    Mistake.RENEWALS_IN_LOANS: SlipKind.INCLUDED,
    Mistake.PUPILS_DOUBLED: SlipKind.INCLUDED,
    Mistake.PUPILS_MISSING: SlipKind.OMITTED,
    Mistake.SWAPPED: SlipKind.SWAPPED,
    Mistake.TOTAL_IN_PART: SlipKind.TOTAL_IN_PART,
    Mistake.COPIED: SlipKind.COPIED,
    Mistake.SIGN: SlipKind.SIGN,
    **{kind: kind for kind in SlipKind},
}
"""A mistake to the kind of slip it is. Of the others nobody can tell what was meant."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Of one kind of mistake, counted per list of an organisation.

    `found`: a mistyped answer is named, or is part of a named figure, by a finding that is not there without the
    mistake. `recognised`: such a finding also offers the right repair; None where no kind of slip belongs to it.
    """

    kind: str
    planted: int
    found: int
    recognised: int | None


@dataclass(frozen=True, slots=True)
class Spread:
    """How many warnings, over `count` lists or organisations. `ninety`: nine in ten have no more."""

    count: int
    median: float
    ninety: int
    most: int

    @classmethod
    def of(cls, numbers: Iterable[int]) -> Spread:
        ordered = sorted(numbers)
        return cls(len(ordered), median(ordered), ordered[-(-9 * len(ordered) // 10) - 1], ordered[-1])


@dataclass(frozen=True, slots=True)
class Proof:
    """`lists`: by questionnaire, over what has been delivered; `organisations`: over all their delivered lists."""

    year: int
    kinds: tuple[Recall, ...]
    lists: Mapping[str, Spread]
    organisations: Spread


@dataclass(frozen=True, slots=True)
class _Mistyped:
    """What is wrong in one list of one organisation: a planted mistake that still stands there, or a first slip."""

    kind: str
    organisation: str
    questionnaire: str
    wrong: Mapping[Key, Value]
    right: Mapping[Key, Value]


def proof(year: int, mistakes: Sequence[PlantedError | FirstTyped] | None = None) -> Proof:
    """On the demo country as it is stored. `mistakes`: those of that year; worked out when they are not at hand.

    The mistakes of the later year stand in the answers; those of the earlier year are put back first.
    """
    by_isil: dict[str, list[_Mistyped]] = {}
    for one in _by_list((*planted_errors(year), *first_typed(year)) if mistakes is None else mistakes):
        by_isil.setdefault(one.organisation, []).append(one)
    lists: dict[str, list[int]] = {}
    organisations: list[int] = []
    outcomes: dict[str, list[tuple[bool, bool]]] = {}
    for checked in checked_year(year):
        told = dict(_warnings(checked))
        for questionnaire, warnings in told.items():
            lists.setdefault(questionnaire, []).append(len(warnings))
        if told:
            organisations.append(len({one for warnings in told.values() for one in warnings}))
        for one in by_isil.get(checked.record.isil, ()):
            wrong, right = _with(checked, one.wrong), _with(checked, one.right)
            there, usual = (_findings(year, one.questionnaire, context) for context in (wrong, right))
            outcomes.setdefault(one.kind, []).append(_outcome(one.kind, one.wrong, there, usual, right))
    return _proof(year, outcomes, lists, organisations)


def _by_list(mistakes: Iterable[PlantedError | FirstTyped]) -> Iterator[_Mistyped]:
    found: dict[tuple[str, str], list[PlantedError | FirstTyped]] = {}
    for one in mistakes:
        found.setdefault((one.organisation, one.questionnaire), []).append(one)
    for (organisation, questionnaire), ones in found.items():
        yield _Mistyped(
            ones[0].kind,
            organisation,
            questionnaire,
            wrong={(one.code, one.row): one.wrong_value for one in ones},
            right={(one.code, one.row): one.true_value for one in ones},
        )


def _warnings(checked: Checked) -> Iterator[tuple[str, list[str]]]:
    """Per delivered list the warnings it shows, by their id."""
    for code, state in checked.record.states.items():
        if state in DELIVERED:
            yield code, [one.id for one in checked.findings(code) if one.level is Level.WARNING]


def trial(year: int, *, every: int = 1) -> Proof:
    """Of the later year, with each kind of mistake made in each organisation in turn, as far as it can be made there.

    The spread is that of the right figures: nothing but false alarms. `every`: only one organisation in so many.
    """
    land = country(*years()[-2:])
    sheets, edition = Sheets(land), load_edition(year)
    ones = sorted(land.organisations, key=lambda one: one.isil)
    lists: dict[str, list[int]] = {}
    organisations: list[int] = []
    outcomes: dict[str, list[tuple[bool, bool]]] = {}
    for place, checked in enumerate(checked_year(year)):
        if place % every:
            continue
        one = ones[place]
        sheet, last, neighbour = sheets(one, year), sheets(one, year - 1), sheets(ones[place - 1], year)
        answers = {key: _value(cell) for key, cell in sheet.items()}
        right = _with(checked, answers)
        usual = {code: _findings(year, code, right) for code in edition.by_code}
        for code, found in usual.items():
            lists.setdefault(code, []).append(len(found))
        organisations.append(len({finding.id for found in usual.values() for finding in found}))
        for kind, plan in PLANS.items():
            asked = edition.by_code[plan.questionnaire].questions
            own = {key: cell for key, cell in sheet.items() if key[0] in asked}
            wrong = {key: _value(cell) for key, cell in plan.make(Look(own, neighbour, last)).items()}
            if wrong:
                there = _findings(year, plan.questionnaire, _with(checked, {**answers, **wrong}))
                outcome = _outcome(kind, wrong, there, usual[plan.questionnaire], right)
                outcomes.setdefault(kind, []).append(outcome)
    return _proof(year, outcomes, lists, organisations)


def _proof(
    year: int,
    outcomes: Mapping[str, Sequence[tuple[bool, bool]]],
    lists: Mapping[str, Sequence[int]],
    organisations: Sequence[int],
) -> Proof:
    return Proof(
        year=year,
        kinds=tuple(_recall(kind, ones) for kind, ones in sorted(outcomes.items())),
        lists={code: Spread.of(lists[code]) for code in load_edition(year).by_code},
        organisations=Spread.of(organisations),
    )


def _recall(kind: str, outcomes: Sequence[tuple[bool, bool]]) -> Recall:
    found, recognised = (sum(one) for one in zip(*outcomes, strict=True))
    return Recall(kind, len(outcomes), found, recognised if kind in RECOGNISED_AS else None)


def _outcome(
    kind: str,
    wrong: Mapping[Key, Value],
    there: Sequence[Finding],
    usual: Sequence[Finding],
    context: Context,
) -> tuple[bool, bool]:
    """Is it found, and is it recognised for what it is, by what is not among the `usual` findings."""
    known = {finding.id for finding in usual}
    caused = [finding for finding in there if finding.id not in known]
    named = {
        (code, row)
        for finding in caused
        for read, at in finding.keys
        for code in context.closure.made_of(read)
        for row in ((at,) if at else ("", *context.rows))
    }
    wanted = RECOGNISED_AS.get(kind)
    slips = (slip for finding in caused for slip in finding.slips if slip.kind is wanted)
    is_recognised = any(key in wrong for slip in slips for key, _ in slip.changes)
    return not named.isdisjoint(wrong), is_recognised


def _findings(year: int, questionnaire: str, context: Context) -> list[Finding]:
    """As the delivery of that list tells them."""
    edition = load_edition(year)
    return findings(edition.rules_about(questionnaire), context, edition.by_code[questionnaire].questions)


def _with(checked: Checked, values: Mapping[Key, Value]) -> Context:
    """The organisation's year as it would be with these answers to the lists that it has begun."""
    record, edition = checked.record, load_edition(checked.year)
    stored = {key: one.value for of_list in record.answers.values() for key, one in of_list.items()}
    answers = {**stored, **values}
    lists = {PROFILE, *(edition.questions[code].questionnaire for code, _ in answers)}
    order = [one for one in in_order(edition.questions) if one.questionnaire in lists or one.register]
    facts = {k: v for k, v in record.evaluation.counted.items() if edition.questions[k[0]].register}
    rows = [one.isil for one in record.locations]
    return replace(checked.context, now=evaluate(order, {**facts, **answers}, rows))


def _value(cell: Cell) -> Value:
    return to_value(cell.state, cell.hundredths, cell.text)
