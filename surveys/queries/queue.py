"""What stands out in what was delivered, in order of its consequence for the national figures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from surveys.estimation.scores import LINE, Effect, both, effect, line, local_score, suspicion
from surveys.estimation.spread import Figure, expected
from surveys.models import Organisation
from surveys.queries.explanations import explanations_of_year
from surveys.queries.national import Listed, National, national
from surveys.queries.remarks import RemarkCounts, open_remarks_of_year
from surveys.queries.signals import Signal, signals_of
from surveys.queries.summaries import Doubt, Summary
from surveys.questionnaires.schema import Question, Questionnaire
from surveys.values import Key
from surveys.workflow import SubmissionState

ANYONE, MINE, NOBODY = "", "mij", "niemand"


@dataclass(frozen=True, slots=True)
class Item:
    """One answer with its `signals`, the most suspected first; `value` and `expected` are of that answer.

    `key`: of the answers of the list that a signal is told in, the one that weighs most; one of another list only where
    it is about none of its own. `effect`: what must be looked at to know, in full: suspicion is in `score` alone.
    `share`: what of the national total would be wrong if this answer were, of the key figure `headline`, or of the
    answer's own variable where that is None; 0 when it does nothing to a total.
    """

    rank: int
    score: float
    summary: Summary
    questionnaire: Questionnaire
    listed: Listed
    signals: tuple[Signal, ...]
    question: Question
    key: Key
    value: float | None
    expected: float | None
    headline: Question | None
    share: float
    remarks: RemarkCounts
    effect: Effect

    @property
    def is_own(self) -> bool:
        """The answer is in the list that the signal is told in."""
        return self.question.questionnaire == self.questionnaire.code


@dataclass(frozen=True, slots=True)
class Selection:
    """Which items are shown; empty: no restriction. `whose`: mij, niemand or empty."""

    questionnaire: str = ""
    province: str = ""
    whose: str = ANYONE
    only_open: bool = False
    reviewer: int = 0


@dataclass(frozen=True, slots=True)
class Queue:
    """`items`: of the whole country, by rank. `line`: so many must be looked at, and the rest moves no key figure by
    more than LINE of its total, even if all of it is wrong."""

    items: tuple[Item, ...]
    line: int

    def shown(self, selection: Selection, participations: Collection[int]) -> list[Item]:
        """Those of these participations that are selected, with their national ranks."""
        return [
            one
            for one in self.items
            if one.summary.participation_id in participations and _is_selected(one, selection)
        ]


def queue(year: int) -> Queue:
    """Nine queries, and those of `checked_year` for what changed since the last time."""
    country = national(year)
    libraries = Organisation.objects.filter(type=Organisation.Type.LIBRARY)
    explanations = explanations_of_year(year, libraries)
    remarks = open_remarks_of_year(year, libraries)
    weighed = [
        _weighed(country, pk, code, signal, remarks)
        for pk, summary in country.summaries.items()
        for code, of_list in summary.lists.items()
        if of_list.findings and (pk, code) in country.lists
        for signal in signals_of(of_list.findings, explanations.get(pk, {}), year)
        if _is_to_be_seen(country.lists[pk, code], signal)
    ]
    found = by_answer(_once(weighed))
    found.sort(key=lambda one: (-one.score, one.summary.isil, one.signals[0].finding.id))
    items = tuple(replace(one, rank=rank) for rank, one in enumerate(found, 1))
    return Queue(items, line([one.effect for one in items], country.headline_totals(), LINE))


def _once(weighed: Iterable[Item]) -> Iterable[Item]:
    """A signal that is told in several lists stands here once: in the list of the answer that weighs most."""
    found: dict[tuple[int, str], Item] = {}
    for one in weighed:
        place = (one.summary.participation_id, one.signals[0].finding.id)
        if place not in found or _weight(one) >= _weight(found[place]):
            found[place] = one
    return found.values()


def _weight(one: Item) -> tuple[bool, bool, float]:
    return one.is_own, one.headline is not None, one.share


def by_answer(weighed: Iterable[Item]) -> list[Item]:
    """Signals about the same answer stand together."""
    found: dict[tuple[int, str, Key], Item] = {}
    for one in sorted(weighed, key=lambda one: (-one.score, one.signals[0].finding.id)):
        place = (one.summary.participation_id, one.questionnaire.code, one.key)
        first = found.get(place)
        found[place] = one if first is None else _together(first, one)
    return list(found.values())


def _together(first: Item, other: Item) -> Item:
    return replace(first, signals=first.signals + other.signals, effect=both(first.effect, other.effect))


def _is_to_be_seen(listed: Listed, signal: Signal) -> bool:
    """Delivered and not approved; after the approval what is open, or all when an answer was changed since."""
    if listed.state is SubmissionState.APPROVED:
        return listed.is_changed or signal.is_open
    return listed.state is SubmissionState.SUBMITTED


def _weighed(
    country: National, participation: int, code: str, signal: Signal, remarks: Mapping[int, RemarkCounts]
) -> Item:
    """Answers of a list that is not delivered move nothing: they do not count in the totals either."""
    summary, listed = country.summaries[participation], country.lists[participation, code]
    finding, doubts = signal.finding, summary.lists[code].doubts
    lists = {key: country.edition.questions[key[0]].questionnaire for key in doubts}
    keys = [
        key
        for key in dict.fromkeys((finding.anchor, *finding.keys))
        if key in doubts and country.is_delivered(participation, lists[key])
    ]
    wanted = {key: _expected(country, summary, key, doubts[key]) for key in keys}
    found = effect(
        [(key, doubts[key].value, wanted[key], doubts[key].slopes) for key in keys],
        country.total(keys[0][0]).total if keys else None,
    )
    suspected = suspicion(finding.deviation, is_error=signal.is_error, is_explained=signal.is_explained)
    shares = [
        (_share(country, key, doubts[key], wanted[key]), key)
        for key in [key for key in keys if lists[key] == code] or keys
    ]
    (headline, share), key = max(
        shares, key=lambda one: (one[0][0] is not None, one[0][1]), default=((None, 0.0), finding.anchor)
    )
    return Item(
        rank=0,
        score=local_score(suspected, found, country.headline_totals()),
        summary=summary,
        questionnaire=country.edition.by_code[code],
        listed=listed,
        signals=(signal,),
        question=country.edition.questions[key[0]],
        key=key,
        value=doubts[key].value if key in keys else None,
        expected=wanted.get(key),
        headline=headline,
        share=share,
        remarks=remarks.get(listed.pk, RemarkCounts()),
        effect=found,
    )


def _expected(country: National, summary: Summary, key: Key, doubt: Doubt) -> float | None:
    """Of an answer of one location: by its own last year, and how the question changed over all locations together."""
    code, row = key
    size = None if row or summary.inhabitants is None else float(summary.inhabitants)
    return expected(country.comparable(code), Figure(summary.isil, summary.groups, None, doubt.before, size))


def _share(country: National, key: Key, doubt: Doubt, wanted: float | None) -> tuple[Question | None, float]:
    """The key figure that would move most, by what part; without one the answer's own variable."""
    gap = abs(doubt.value - (wanted or 0.0))
    found = [
        (gap * abs(slope) / country.total(code).total, code)
        for code, slope in doubt.slopes.items()
        if country.total(code).total > 0
    ]
    if found:
        share, code = max(found)
        return country.edition.questions[code], share
    total = country.total(key[0]).total
    return None, min(gap / total, 1.0) if total > 0 else 0.0


def _is_selected(one: Item, selection: Selection) -> bool:
    whose = {
        ANYONE: True,
        MINE: one.listed.reviewer_id == selection.reviewer,
        NOBODY: not one.listed.reviewer_id,
    }
    return (
        selection.questionnaire in ("", one.questionnaire.code)
        and selection.province in ("", one.summary.province)
        and whose[selection.whose]
        and (not selection.only_open or any(signal.is_open for signal in one.signals))
    )
