"""What an organisation's year comes to, for the tables of the KB: how far, what stands out, the key figures.

Computing it takes some 30 ms an organisation, so it is remembered per process with a stamp of all that it rests on
(decision 0029). What people decide about it (states, explanations, remarks) is not in it and is read fresh.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from math import isnan, nan
from threading import Lock

from django.db.models import QuerySet
from django.utils import timezone

from surveys.estimation.slopes import slopes_of
from surveys.models import Organisation
from surveys.queries.checks import Checked, checked_year
from surveys.queries.progress import answered_of_wanted
from surveys.queries.stamps import Stamp, stamps_of_year
from surveys.questionnaires.dependencies import in_order
from surveys.questionnaires.figures import Evaluation, evaluate
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import Edition, Question
from surveys.rules import Finding
from surveys.rules.peers import COMBINED, EVERYONE, INHABITANTS, groups_of
from surveys.values import NO, YES, Key

MOST = 4_000
"""Summaries that are remembered at most; the longest unused goes first. Some 20 kB each."""
_SETTLED = timedelta(minutes=1)
"""So long after its newest change no transaction is under way any more that began before it."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A number that a finding is about: as it is, as it was last year, and the slope of each key figure on it."""

    value: float
    before: float | None
    slopes: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ListSummary:
    """`answered` and `wanted` as in Progress. `doubts`: the numbers that the findings are about, by answer."""

    answered: int
    wanted: int
    findings: tuple[Finding, ...]
    doubts: Mapping[Key, Doubt]


@dataclass(frozen=True, slots=True)
class Summary:
    """`is_combined`: None while the profile does not say. `size_class`: empty when its inhabitants are not known.

    `groups`: of comparable libraries, narrowest first. `headlines`: of this year, whether delivered or not, and
    `headlines_before` of last year, under this year's codes. `figures` and `figures_before`: all numbers of the
    organisation in the order of `figure_codes`, those asked per location added up; NaN where there is none.
    """

    participation_id: int
    isil: str
    name: str
    province: str
    inhabitants: int | None
    is_combined: bool | None
    size_class: str
    groups: tuple[str, ...]
    lists: Mapping[str, ListSummary]
    headlines: Mapping[str, Decimal | None]
    headlines_before: Mapping[str, Decimal | None]
    figures: array[float]
    figures_before: array[float]


_remembered: OrderedDict[int, tuple[Stamp, bool, Summary]] = OrderedDict()
"""By participation: the stamp it was computed at, and whether no older change can still come in."""
_lock = Lock()


def summaries_of_year(year: int, organisations: QuerySet[Organisation]) -> Mapping[int, Summary]:
    """By participation, in the order of the ISIL codes. Six queries, and those of `checked_year` for what changed."""
    now = timezone.now()
    stamps = stamps_of_year(year, organisations)
    with _lock:
        found = {pk: _remembered[pk][2] for pk, stamp in stamps.items() if _counts(pk, stamp, now - _SETTLED)}
    stale = stamps.keys() - found.keys()
    if stale:
        changed = Organisation.objects.filter(participations__in=stale)
        fresh = {
            one.record.participation_id: _summary(one) for one in checked_year(year, organisations=changed)
        }
        found.update({pk: one for pk, one in fresh.items() if pk in stamps})
    with _lock:
        for pk, summary in found.items():
            if pk in stale:
                newest = stamps[pk].newest
                _remembered[pk] = (stamps[pk], newest is None or newest <= now - _SETTLED, summary)
            if pk in _remembered:
                _remembered.move_to_end(pk)
        while len(_remembered) > MOST:
            _remembered.popitem(last=False)
    return {pk: found[pk] for pk in stamps if pk in found}


def forget() -> None:
    """All that is remembered, for tests and measurements."""
    with _lock:
        _remembered.clear()


def _counts(participation: int, stamp: Stamp, settled: datetime) -> bool:
    """It was computed at this stamp.

    One that was computed right after a change counts for a minute and is then computed once more: of two changes at
    once the one with the older moment may be the last to come in, and the stamp would not show it.
    """
    if participation not in _remembered:
        return False
    computed_at, is_settled, _ = _remembered[participation]
    if computed_at != stamp:
        return False
    return is_settled or stamp.newest is None or stamp.newest > settled


@cache
def figure_codes(edition: Edition) -> Mapping[str, int]:
    """The numbers that add up over libraries, by code, to their place in `Summary.figures`."""
    numbers = (code for code, one in edition.questions.items() if one.kind.is_number)
    return {code: place for place, code in enumerate(numbers)}


def _summary(checked: Checked) -> Summary:
    record, edition = checked.record, load_edition(checked.year)
    rows = tuple(one.isil for one in record.locations)
    whole = _whole(checked, edition, rows)
    groups = groups_of(whole)
    declared = whole.counted.get((COMBINED, ""))
    inhabitants = whole.number((INHABITANTS, ""))
    return Summary(
        participation_id=record.participation_id,
        isil=record.isil,
        name=record.organisation,
        province=record.province,
        inhabitants=None if inhabitants is None else int(inhabitants),
        is_combined={YES: True, NO: False}.get(declared.text if declared else ""),
        size_class="" if groups == (EVERYONE,) else groups[-2],
        groups=groups,
        lists={code: _list(checked, edition, code, whole, rows) for code in edition.by_code},
        headlines={one.code: record.evaluation.number((one.code, "")) for one in edition.headlines},
        headlines_before={one.code: checked.context.last.number((one.code, "")) for one in edition.headlines},
        figures=_figures(edition, record.evaluation),
        figures_before=_figures(edition, checked.context.last),
    )


def _whole(checked: Checked, edition: Edition, rows: Iterable[str]) -> Evaluation:
    """Also of the lists that nobody has begun, in which the record itself asks nothing."""
    record = checked.record
    if record.answers.keys() >= edition.by_code.keys():
        return record.evaluation
    counted = record.evaluation.counted
    values = {key: value for key, value in counted.items() if edition.questions[key[0]].register}
    for of_list in record.answers.values():
        values.update((key, one.value) for key, one in of_list.items())
    return evaluate(_order(edition), values, tuple(rows))


@cache
def _order(edition: Edition) -> tuple[Question, ...]:
    return in_order(edition.questions)


def _list(
    checked: Checked, edition: Edition, code: str, whole: Evaluation, rows: tuple[str, ...]
) -> ListSummary:
    answered, wanted = answered_of_wanted(
        edition.by_code[code].sections, edition.rules_about(code), whole, rows
    )
    findings = tuple(checked.findings(code))
    keys = dict.fromkeys(key for one in findings for key in (one.anchor, *one.keys))
    doubts = {key: _doubt(checked, edition, key) for key in keys if _is_doubted(checked, edition, key)}
    return ListSummary(answered, wanted, findings, doubts)


def _is_doubted(checked: Checked, edition: Edition, key: Key) -> bool:
    return not edition.questions[key[0]].register and checked.context.now.number(key) is not None


def _doubt(checked: Checked, edition: Edition, key: Key) -> Doubt:
    before = checked.context.last.number(key)
    return Doubt(
        value=float(checked.context.now.number(key) or 0),
        before=None if before is None else float(before),
        slopes=slopes_of(edition, checked.context, key),
    )


def _figures(edition: Edition, evaluation: Evaluation) -> array[float]:
    places = figure_codes(edition)
    found = array("d", [nan]) * len(places)
    for (code, _), value in evaluation.counted.items():
        if value.number is not None and code in places:
            place = places[code]
            found[place] = float(value.number) + (0.0 if isnan(found[place]) else found[place])
    return found
