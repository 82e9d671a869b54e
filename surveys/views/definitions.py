"""What is asked, for everyone to read: the index, the codebook, the statutory items, the blank questionnaires."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from surveys.exports.codebook import coverage
from surveys.questionnaires import layout
from surveys.questionnaires.changes import Changes, changes_between
from surveys.questionnaires.lint import statutory_items
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.schema import Edition, Question, Section
from surveys.questionnaires.words import (
    SCOPE_WORDS,
    condition_in_words,
    formula_in_words,
    kind_in_words,
    origin_in_words,
)
from surveys.views.requests import edition_or_404


@login_not_required
def editions(request: HttpRequest) -> HttpResponse:
    every = [load_edition(year) for year in reversed(years())]
    return render(request, "definitions/editions.html", {"editions": every})


@dataclass(frozen=True, slots=True)
class _Entry:
    """A question with its definition in words."""

    question: Question
    kind: str
    scope: str
    origin: str
    formula: str
    condition: str
    table: str


@login_not_required
def codebook(request: HttpRequest, year: int) -> HttpResponse:
    edition = edition_or_404(year)
    changes = _changes(edition)
    context = {
        "year": year,
        "years": years(),
        "edition": edition,
        "lists": [
            (one, [(section, list(_entries(edition, section))) for section in one.sections])
            for one in edition.questionnaires
        ],
        "changes": [(edition.by_code[code], found) for code, found in changes.items() if found],
        "has_earlier": bool(changes),
    }
    return render(request, "definitions/codebook.html", context)


def _changes(edition: Edition) -> dict[str, Changes]:
    """Against the edition before; empty for the first."""
    earlier = [year for year in years() if year < edition.year]
    return dict(changes_between(load_edition(earlier[-1]), edition)) if earlier else {}


def _entries(edition: Edition, section: Section) -> Iterator[_Entry]:
    known = edition.questions

    def name(question: Question) -> str:
        """Its number; of another section with its label, since numbers start anew in each questionnaire."""
        near = question.questionnaire == section.questions[0].questionnaire
        return question.number if near else f"‘{question.label}’ (profiel)"

    for question in section.questions:
        yield _Entry(
            question,
            kind_in_words(question),
            SCOPE_WORDS[question.scope],
            origin_in_words(question),
            formula_in_words(question, known, name),
            condition_in_words(question, known, name),
            section.tables[question.place.table].title if question.place else "",
        )


@login_not_required
def statutory(request: HttpRequest, year: int) -> HttpResponse:
    """Each item of Bijlage I with the questions that answer it."""
    edition = edition_or_404(year)
    answered = coverage(edition)
    categories = [
        (category, [(number, item, answered[number]) for number, (_, item) in group])
        for category, group in groupby(statutory_items().items(), key=lambda pair: pair[1][0])
    ]
    context = {
        "year": year,
        "years": years(),
        "edition": edition,
        "categories": categories,
        "count": len(answered),
        "covered": sum(map(bool, answered.values())),
    }
    return render(request, "definitions/statutory.html", context)


@dataclass(frozen=True, slots=True)
class _Box:
    """A question on paper, and in words when it is asked."""

    question: Question
    condition: str


@dataclass(frozen=True, slots=True)
class _Boxes:
    """Questions under each other. `total`: the one that they split, when they are a non-library block."""

    boxes: tuple[_Box, ...]
    total: Question | None = None


@dataclass(frozen=True, slots=True)
class _BoxTable:
    """`explained`: the questions in it that have a definition, which finds no room in a cell."""

    grid: layout.Grid
    explained: tuple[Question, ...]


@login_not_required
def blank(request: HttpRequest, year: int, questionnaire: str) -> HttpResponse:
    """A questionnaire to read through or to print, with empty boxes."""
    edition = edition_or_404(year)
    if questionnaire not in edition.by_code:
        raise Http404("Deze vragenlijst bestaat niet.")
    one = edition.by_code[questionnaire]
    sections = [(section, list(_parts(edition, section))) for section in one.sections]
    context = {"year": year, "edition": edition, "questionnaire": one, "sections": sections}
    return render(request, "definitions/blank.html", context)


def _parts(edition: Edition, section: Section) -> Iterator[_Boxes | _BoxTable]:
    """What is asked, in order; in a table also what is computed."""

    def boxes(questions: Iterable[Question]) -> tuple[_Box, ...]:
        asked = (question for question in questions if question.is_asked)
        return tuple(_Box(one, condition_in_words(one, edition.questions, _numbered)) for one in asked)

    for part in layout.runs_of(section):
        if isinstance(part, layout.Block):
            yield _Boxes(boxes(part.questions), part.total)
        elif isinstance(part, layout.Grid):
            cells = (question for _, row in part.rows for question in row if question)
            yield _BoxTable(part, tuple(one for one in cells if one.help))
        elif single := boxes(part):
            yield _Boxes(single)


def _numbered(question: Question) -> str:
    return f"{question.number} ‘{question.label}’"
