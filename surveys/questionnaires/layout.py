"""How a section is laid out: single questions, tables of questions, and the block under a total.

The same parts are drawn on screen, in print and for the KB.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TypeAlias

from surveys.questionnaires.schema import Question, Section, Table


@dataclass(frozen=True, slots=True)
class Single:
    question: Question


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with real headers; a cell without a question is None."""

    table: Table
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Question | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The follow-up questions that split the non-library part off `total`."""

    total: Question
    questions: tuple[Question, ...]


Part: TypeAlias = Single | Grid | Block


@cache
def parts_of(section: Section) -> tuple[Part, ...]:
    """The parts in the order of the definition; cells of one table that follow each other form one grid."""
    by_code = {question.code: question for question in section.questions}
    parts: list[Part] = []
    for (table, total), group in groupby(section.questions, _belongs_to):
        run = tuple(group)
        if total:
            parts.append(Block(by_code[total], run))
        elif table:
            parts.append(_grid(section.tables[table], run))
        else:
            parts += (Single(question) for question in run)
    return tuple(parts)


def runs_of(section: Section) -> Iterator[tuple[Question, ...] | Grid | Block]:
    """The parts of a section, single questions that follow each other taken together."""
    for is_single, run in groupby(parts_of(section), lambda part: isinstance(part, Single)):
        parts = list(run)
        if is_single:
            yield tuple(part.question for part in parts if isinstance(part, Single))
        else:
            yield from (part for part in parts if not isinstance(part, Single))


def _belongs_to(question: Question) -> tuple[str, str]:
    return (question.place.table if question.place else "", question.total)


def _grid(table: Table, questions: Iterable[Question]) -> Grid:
    cells: dict[str, dict[str, Question]] = {}
    columns: dict[str, None] = {}
    for place, question in ((one.place, one) for one in questions if one.place):
        columns[place.column] = None
        cells.setdefault(place.row, {})[place.column] = question
    rows = tuple((row, tuple(of_row.get(column) for column in columns)) for row, of_row in cells.items())
    return Grid(table, tuple(columns), rows)
