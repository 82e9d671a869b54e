"""Autosave of one field, beside the same save written the plain Django way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from bench.data import OPEN_YEAR, Filler, World
from bench.report import Goal
from bench.requests import Browser
from bench.timing import Turn, compare
from surveys.models import Answer

STATEMENTS = 7
RATIO = {"sqlite": 0.55, "postgresql": 0.65}
ROUNDS = 200
IN_TABLE = ("kernfuncties", "activiteiten_fysiek_kennis")
"""It is added up, and a rule compares it with two others: what is saved here breaks that rule."""


class Field:
    """One field, of which every save gives another number than the one before."""

    def __init__(self, who: Filler, questionnaire: str, code: str, row: str = "") -> None:
        self._answer = Answer.objects.filter(
            submission__participation__organisation__isil=who.isil,
            submission__participation__round_id=OPEN_YEAR,
            submission__questionnaire=questionnaire,
            question=code,
            row=row,
        )
        self._name = f"{code}__{row}" if row else code
        self._path = f"/levering/{OPEN_YEAR}/{who.isil}/{questionnaire}/antwoord/"
        self._browser, self._numbers = Browser(who.user), count(10_000)

    def ours(self) -> Turn:
        return self._post(self._path)

    def anchor(self) -> Turn:
        return self._post(f"/anker{self._path}")

    def _post(self, path: str) -> Turn:
        version = self._answer.values_list("version", flat=True)[0]
        fields = {
            self._name: str(next(self._numbers)),
            f"{self._name}~v": str(version),
            f"{self._name}~n": "Geteld in twee weken",
        }
        return self._browser.post(path, fields)


def goals(world: World) -> Iterator[Goal]:
    wide = Field(world.wide, "bezit", "bezoeken_locatie", _first_row(world.wide, "bezoeken_locatie"))
    yield from _goals(
        Field(world.combined, "kernfuncties", "activiteiten_fysiek_kennis"), "a number in a table"
    )
    yield from _goals(wide, "a number per location")


def _first_row(who: Filler, code: str) -> str:
    return Answer.objects.filter(
        submission__participation__organisation__isil=who.isil,
        submission__participation__round_id=OPEN_YEAR,
        question=code,
    ).values_list("row", flat=True)[0]


def _goals(field: Field, what: str) -> Iterator[Goal]:
    for _ in range(3):
        _same_response(field)
    turn = field.ours()
    with CaptureQueriesContext(connection) as captured:
        turn()
    pair = compare(field.ours, field.anchor, rounds=ROUNDS)
    yield Goal.of_pair(f"autosave, {what}", "idiomatic save", RATIO[connection.vendor], pair)
    yield Goal.of_count(f"autosave, {what}: statements", STATEMENTS, len(captured))


_FIGURES = re.compile(rb'(?<="stand": ")[0-9a-f]+|[\d.]+')
"""And what names the figures that a signal was told for."""


def _same_response(field: Field) -> None:
    ours, anchor = field.ours()(), field.anchor()()
    assert isinstance(ours, HttpResponse)
    assert isinstance(anchor, HttpResponse)
    first, second = (_FIGURES.sub(b"0", one.content) for one in (ours, anchor))
    assert first == second, f"the anchor responds otherwise: {first!r} is there {second!r}"
