"""What comparable libraries report, computed from what was delivered at one moment and stored with that moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from surveys.models import PeerBound, Round
from surveys.queries.as_of import AsOf
from surveys.queries.year import YearRecord, records_of_year
from surveys.questionnaires.figures import Evaluation, all_hold
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.rule import Rule, RuleKind
from surveys.questionnaires.schema import Edition
from surveys.rules.peers import bounds_from, groups_of, measure
from surveys.workflow import DELIVERED


class BoundsError(ValueError):
    """These bounds cannot be computed; the message says why, in Dutch."""


def compute_bounds(*, year: int, as_of: datetime | None = None) -> int:
    """Replace the stored bounds of a year; returns how many there are. Raises BoundsError.

    Always from the log as of a moment, now if none is named, so that the moment stored with them gives the same
    bounds once more, whatever is changed later. Only what the registers say is read as it stands.
    """
    now = timezone.now()
    if as_of is not None and as_of > now:
        raise BoundsError("Dit moment ligt in de toekomst; dan kan er nog van alles veranderen.")
    if not Round.objects.filter(year=year).exists():
        raise BoundsError(f"Meetjaar {year} staat niet in deze database.")
    moment = as_of or now
    measured = _measured(year, moment)
    bounds = [
        PeerBound(
            round_id=year,
            rule=rule,
            group=group,
            count=bound.count,
            median=bound.median,
            mad=bound.mad,
            computed_at=moment,
        )
        for rule, by_group in measured.items()
        for group, bound in bounds_from(by_group).items()
    ]
    with transaction.atomic():
        Round.objects.select_for_update(no_key=True).get(year=year)
        PeerBound.objects.filter(round_id=year).delete()
        PeerBound.objects.bulk_create(bounds)
    return len(bounds)


def _measured(year: int, moment: datetime) -> dict[str, dict[str, list[float]]]:
    """Code of the rule, then group, to the figures of all that delivered; in one pass over the year."""
    edition = load_edition(year)
    rules = [rule for rule in edition.rules if rule.kind is RuleKind.PEERS]
    found: dict[str, dict[str, list[float]]] = {rule.code: defaultdict(list) for rule in rules}
    for record in records_of_year(year, delivered_only=True, as_of=AsOf(moment)):
        groups = groups_of(record.evaluation)
        for rule in rules:
            for figure in _figures(rule, record, edition):
                for group in groups:
                    found[rule.code][group].append(figure)
    return found


def _figures(rule: Rule, record: YearRecord, edition: Edition) -> Iterator[float]:
    """One of the organisation, or one of each location; none where the rule would not speak."""
    if not _is_delivered(rule, record, edition):
        return
    repeats = edition.questions[rule.left[0]].repeats
    for row in [one.isil for one in record.locations] if repeats else [""]:
        figure = measure(rule, record.evaluation, row)
        if figure is not None and _speaks(rule, record.evaluation, row):
            yield figure


def _speaks(rule: Rule, evaluation: Evaluation, row: str) -> bool:
    return all_hold(rule.only_if, evaluation.visible, evaluation.counted, row) is True


def _is_delivered(rule: Rule, record: YearRecord, edition: Edition) -> bool:
    """All that it reads was delivered. The record counts a profile that was not, since other lists read it."""
    questions = (edition.questions[code] for code in rule.reads)
    lists = {question.questionnaire for question in questions if not question.register}
    return all(record.states[code] in DELIVERED for code in lists)
