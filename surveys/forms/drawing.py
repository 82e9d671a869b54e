"""Draws a cell by its template, once per shape: what differs between respondents is put in afterwards.

A page of sixty questions renders over three thousand template nodes, and all but a few texts come out the same for every
library. So the template draws a cell with marks where these texts stand, and the outcome is kept, cut at its marks.
A template may ask of such a text whether there is one, nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from surveys.forms.cells import Cell, Option, element_id, field_name
from surveys.questionnaires.schema import Question

_MARKS = tuple(chr(0xE000 + place) for place in range(9))
_MARK = re.compile(f"([{_MARKS[0]}-{_MARKS[-1]}])")
_KEPT = 8_192
"""Shapes of some two kilobytes; a questionnaire of two hundred questions has about a thousand."""


class _Shape(NamedTuple):
    """All that decides what a template makes of a cell. `filled`: which of the texts there are."""

    template: str
    question: Question
    unit: str
    is_visible: bool
    is_open: bool
    on_page: bool
    state: str
    is_estimate: bool
    options: Sequence[Option]
    states: Sequence[str]
    last_year: str
    filled: tuple[bool, ...]


class _Marked(Cell):
    """A cell with marks for texts; of a text that is cut the mark is whole."""

    __slots__ = ()
    last_shown = _MARKS[8]


def draw(template: str, cell: Cell, *, save_url: str, last_year: str, is_open: bool = False) -> SafeString:
    """What the template makes of the cell. A cell with messages of its own is drawn as it is; `is_open`: they may be answered."""
    if cell.errors or cell.signals or cell.conflict or cell.absent:
        context = {"cell": cell, "save_url": save_url, "last_year": last_year, "is_open": is_open}
        return render_to_string(template, context)
    texts = (
        cell.row,
        cell.text,
        str(cell.version or ""),
        cell.note,
        cell.last,
        cell.difference,
        cell.formula,
        save_url,
        cell.last_shown,
    )
    shape = _Shape(
        template, cell.question, cell.unit, cell.is_visible, cell.is_open, cell.on_page, cell.state,
        cell.is_estimate, cell.options, cell.states, last_year, tuple(map(bool, texts)),
    )  # fmt: skip
    first, others = _pieces(shape)
    drawn = [first]
    for place, fixed in others:
        drawn += (escape(texts[place]), fixed)
    return mark_safe("".join(drawn))  # noqa: S308  the texts are escaped here, all else by the template


@lru_cache(_KEPT)
def _pieces(shape: _Shape) -> tuple[str, Sequence[tuple[int, str]]]:
    """What stands before the first text; then each text, by its place, with what stands behind it."""
    marks = [mark if is_filled else "" for mark, is_filled in zip(_MARKS, shape.filled, strict=True)]
    row, text, version, note, last, difference, formula, save_url, _ = marks
    key = (shape.question.code, row)
    cell = _Marked(
        question=shape.question,
        row=row,
        name=field_name(key),
        id=element_id(key),
        text=text,
        unit=shape.unit,
        is_visible=shape.is_visible,
        is_open=shape.is_open,
        state=shape.state,
        version=version or 0,  # type: ignore[arg-type]
        is_estimate=shape.is_estimate,
        note=note,
        last=last,
        difference=difference,
        formula=formula,
        on_page=shape.on_page,
        options=shape.options,
        states=shape.states,
    )
    html = render_to_string(
        shape.template, {"cell": cell, "save_url": save_url, "last_year": shape.last_year}
    )
    first, *others = _MARK.split(html)
    places = (_MARKS.index(mark) for mark in others[::2])
    return first, tuple(zip(places, others[1::2], strict=True))
