"""The workbook of a year, beside XlsxWriter with the same rows, and beside model objects with plain openpyxl."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.data import DELIVERED_YEAR, TIMES
from bench.export_anchors import openpyxl_workbook, xlsxwriter_workbook
from bench.report import Goal, duration
from bench.timing import Pair, Turn
from surveys.exports.workbook import write_workbook
from surveys.models import Answer, Participation

XLSXWRITER, OPENPYXL, PER_ORGANISATION, MEGABYTES = 1.3, 0.5, 1.2, 20
ONE_LIST = "financieel"
"""Ten times the country is written with this list alone: all answers are read, but the run stays short."""


def goals(*, rounds: int, with_openpyxl: bool) -> Iterator[Goal]:
    organisations = Participation.objects.filter(round=DELIVERED_YEAR).count()
    answers = Answer.objects.filter(submission__participation__round=DELIVERED_YEAR).count()
    what = f"export of a year, {organisations} organisations, {answers:,} answers"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "year.xlsx"
        ours, anchor = [], []
        for _ in range(rounds):
            ours.append(_processor_seconds(lambda: write_workbook(path, year=DELIVERED_YEAR)))
            anchor.append(_processor_seconds(lambda: xlsxwriter_workbook(path, DELIVERED_YEAR)))
        ratio = median(one / other for one, other in zip(ours, anchor, strict=True))
        pair = Pair(median(ours), median(anchor), ratio)
        yield Goal.of_pair(what, "XlsxWriter", XLSXWRITER, pair)
        if with_openpyxl:
            plain = _processor_seconds(lambda: openpyxl_workbook(path, DELIVERED_YEAR))
            pair = Pair(ours[-1], plain, ours[-1] / plain)
            yield Goal.of_pair(what, "model objects with openpyxl", OPENPYXL, pair)


def _processor_seconds(turn: Turn) -> float:
    """An export takes long enough for others on the machine to disturb it; the processor's time leaves them out."""
    gc.collect()
    begin = time.process_time()
    turn()
    return time.process_time() - begin


class Cost(NamedTuple):
    organisations: int
    seconds: float
    megabytes: float
    """By which the process grew while it wrote."""


def tenfold_goals(country: str, tenfold: str) -> Iterator[Goal]:
    """The same export of the country and of ten times the country, each in a process of its own.

    They cannot take turns; this too is the processor's time.
    """
    one, ten = _cost_in_a_process(country), _cost_in_a_process(tenfold)
    ratio = (ten.seconds / ten.organisations) / (one.seconds / one.organisations)
    what = f"export of {TIMES} times the organisations, one list"
    yield Goal(
        f"{what}: processor time",
        f"<= {PER_ORGANISATION:g}x per organisation",
        duration(ten.seconds),
        duration(one.seconds),
        f"{ratio:.2f}",
        ratio <= PER_ORGANISATION,
    )
    yield Goal(
        f"{what}: memory",
        f"<= {MEGABYTES} MB more",
        f"{ten.megabytes:.0f} MB",
        f"{one.megabytes:.0f} MB",
        "",
        ten.megabytes - one.megabytes <= MEGABYTES,
    )


def _cost_in_a_process(database_url: str) -> Cost:
    process = subprocess.run(
        [sys.executable, "-m", "bench.export_cost"],
        env={**os.environ, "DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        check=True,
    )
    return Cost(*json.loads(process.stdout))
