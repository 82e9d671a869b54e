"""The KB's tables: what is told of every organisation of a year, remembered and computed anew."""

from __future__ import annotations

from collections.abc import Iterator
from time import process_time

from django.db.models import Count, Max

from bench.data import OPEN_YEAR
from bench.report import Goal
from bench.timing import Turn, compare
from surveys.models import Organisation, Submission
from surveys.queries import summaries
from surveys.queries.checks import checked_year
from surveys.queries.queue import queue
from surveys.questionnaires.loader import load_edition

WARM, QUEUE, COLD = 1.0, 4.0, 1.5
ROUNDS, ROUNDS_COLD = 15, 3


def goals() -> Iterator[Goal]:
    """All organisations; nothing has changed since the last time, or nothing is remembered."""
    every = Organisation.objects.filter(type=Organisation.Type.LIBRARY)
    summaries.summaries_of_year(OPEN_YEAR, every)
    for what, limit, ours in (
        (
            "desk, all organisations, nothing changed",
            WARM,
            lambda: summaries.summaries_of_year(OPEN_YEAR, every),
        ),
        ("queue in order of consequence, nothing changed", QUEUE, lambda: queue(OPEN_YEAR)),
    ):
        pair = compare(lambda turn=ours: turn, lambda: _tallied, rounds=ROUNDS)  # type: ignore[misc]
        yield Goal.of_pair(what, "count and last change of answers in SQL", limit, pair)
    pair = compare(_forgotten, lambda: _checked, rounds=ROUNDS_COLD, warm_up=1, clock=process_time)
    yield Goal.of_pair("desk, all organisations, nothing remembered", "the findings of that year", COLD, pair)


def _forgotten() -> Turn:
    summaries.forget()
    every = Organisation.objects.filter(type=Organisation.Type.LIBRARY)
    return lambda: summaries.summaries_of_year(OPEN_YEAR, every)


def _checked() -> None:
    lists = tuple(load_edition(OPEN_YEAR).by_code)
    for one in checked_year(OPEN_YEAR):
        for questionnaire in lists:
            one.findings(questionnaire)


def _tallied() -> None:
    """The least that a table of everyone can be made of without remembering anything."""
    lists = Submission.objects.filter(participation__round_id=OPEN_YEAR)
    list(
        lists.values("pk")
        .annotate(given=Count("answers"), last=Max("answers__changed_at"))
        .values_list("pk", "given", "last")
    )
