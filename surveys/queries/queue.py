"""What stands out in what was delivered, in order of its consequence for the national figures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from surveys.estimation.scores import LINE, Effect, effect, line, local_score, suspicion
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
    """One signal. `key`: the answer that weighs most in it; `value` and `expected` are of that answer.

    `share`: what of the national total would be wrong if this answer were, of the key figure `headline`, or of the
    answer's own variable where that is None; 0 when it does nothing to a total.
    """

    rank: int
    score: float
    summary: Summary
    questionnaire: Questionnaire
    listed: Listed
    signal: Signal
    question: Question
    key: Key
    value: float | None
    expected: float | None
    headline: Question | None
    share: float
    remarks: RemarkCounts


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
    """`items`: of the whole country, by rank. `line`: so many must be looked at, and the rest moves no key figure by more than
    LINE of its total."""

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
    weighed = _once(weighed)
    weighed.sort(key=lambda pair: (-pair[0].score, pair[0].summary.isil, pair[0].signal.finding.id))
    items = tuple(replace(one, rank=rank) for rank, (one, _) in enumerate(weighed, 1))
    return Queue(items, line([one for _, one in weighed], country.headline_totals(), LINE))


def _once(weighed: Iterable[tuple[Item, Effect]]) -> list[tuple[Item, Effect]]:
    """A signal that is told in several lists stands here once: in the list of the answer that weighs most."""
    found: dict[tuple[int, str], tuple[Item, Effect]] = {}
    for item, one in weighed:
        place = (item.summary.participation_id, item.signal.finding.id)
        if place not in found or item.question.questionnaire == item.questionnaire.code:
            found[place] = (item, one)
    return list(found.values())


def _is_to_be_seen(listed: Listed, signal: Signal) -> bool:
    """Delivered and not approved; after the approval what is open, or all when an answer was changed since."""
    if listed.state is SubmissionState.APPROVED:
        return listed.is_changed or signal.is_open
    return listed.state is SubmissionState.SUBMITTED


def _weighed(
    country: National, participation: int, code: str, signal: Signal, remarks: Mapping[int, RemarkCounts]
) -> tuple[Item, Effect]:
    summary, listed = country.summaries[participation], country.lists[participation, code]
    finding, doubts = signal.finding, summary.lists[code].doubts
    keys = [key for key in dict.fromkeys((finding.anchor, *finding.keys)) if key in doubts]
    wanted = {key: _expected(country, summary, key, doubts[key]) for key in keys}
    found = effect(
        suspicion(finding.deviation, is_error=signal.is_error, is_explained=signal.is_explained),
        [(doubts[key].value, wanted[key], doubts[key].slopes) for key in keys],
        country.total(keys[0][0]).total if keys else None,
    )
    shares = [(_share(country, key, doubts[key], wanted[key]), key) for key in keys]
    (headline, share), key = max(
        shares, key=lambda one: (one[0][0] is not None, one[0][1]), default=((None, 0.0), finding.anchor)
    )
    item = Item(
        rank=0,
        score=local_score(found, country.headline_totals()),
        summary=summary,
        questionnaire=country.edition.by_code[code],
        listed=listed,
        signal=signal,
        question=country.edition.questions[key[0]],
        key=key,
        value=doubts[key].value if key in doubts else None,
        expected=wanted.get(key),
        headline=headline,
        share=share,
        remarks=remarks.get(listed.pk, RemarkCounts()),
    )
    return item, found


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
        and (one.signal.is_open or not selection.only_open)
    )
