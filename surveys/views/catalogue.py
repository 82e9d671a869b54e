"""What is checked, for everyone to read: every rule of a year in words, with its bounds and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from surveys.queries.bounds import StoredBounds, stored_bounds
from surveys.questionnaires.loader import edition_before, years
from surveys.questionnaires.rule import KIND_WORDS
from surveys.questionnaires.schema import Edition, Question, Questionnaire
from surveys.rules.catalogue import Entry, Usual, entries, usual_in
from surveys.rules.changes import RuleChanges, rule_changes
from surveys.views.requests import edition_or_404


@require_safe
@login_not_required
def rules(request: HttpRequest, year: int) -> HttpResponse:
    """Per questionnaire and kind, errors first. One query for the bounds."""
    edition = edition_or_404(year)
    earlier = edition_before(year)
    changes = rule_changes(earlier, edition) if earlier else {}
    bounds = stored_bounds(year)
    context = {
        "year": year,
        "earlier": earlier and earlier.year,
        "years": years(),
        "edition": edition,
        "lists": [
            _List(one, _counted(found), tuple(_kinds(edition, found, changes.get(one.code), bounds)))
            for one in edition.questionnaires
            if (found := entries(edition)[one.code])
        ],
        "changes": [(edition.by_code[code], found) for code, found in changes.items() if found],
        "bounds": bounds,
    }
    return render(request, "definitions/rules.html", context)


@dataclass(frozen=True, slots=True)
class _Link:
    """A question that a rule is about. `anchor`: of the rule itself, where a family lists its questions.

    `list_`: the questionnaire of the question, when the rule stands in another one.
    """

    question: Question
    url: str
    anchor: str
    list_: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What a rule compares, in pieces: a text, or a question that it names as a link."""

    code: str
    pieces: tuple[str | _Link, ...]


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands under a sentence; rules that have all of it in common stand together.

    `links`: the questions that the sentence does not name. `before`: the bounds of last year, where they were others.
    """

    bounds: str
    before: str
    condition: str
    hint: str
    links: tuple[_Link, ...]
    usual: tuple[Usual, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class _Shown:
    sentences: tuple[_Sentence, ...]
    beside: _Beside


@dataclass(frozen=True, slots=True)
class _Kind:
    word: str
    level: str
    shown: tuple[_Shown, ...]


@dataclass(frozen=True, slots=True)
class _List:
    questionnaire: Questionnaire
    counts: Mapping[str, int]
    kinds: tuple[_Kind, ...]


def _counted(found: Iterable[Entry]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for entry in found:
        counts[entry.level] = counts.get(entry.level, 0) + len(entry.rules)
    return counts


def _kinds(
    edition: Edition, found: Iterable[Entry], changes: RuleChanges | None, bounds: StoredBounds
) -> Iterator[_Kind]:
    before = {
        one.now.code: one.before.bounds or "geen grens"
        for one in (changes.changed if changes else ())
        if "grens" in one.parts
    }
    for (level, kind), group in groupby(found, lambda one: (one.level, one.first.kind)):
        told = [_told(edition, one, before.get(one.code, ""), bounds) for one in group]
        together = groupby(told, lambda pair: pair[1])
        shown = (_Shown(tuple(one for one, _ in pairs), beside) for beside, pairs in together)
        yield _Kind(KIND_WORDS[kind], level, tuple(shown))


def _told(edition: Edition, entry: Entry, before: str, bounds: StoredBounds) -> tuple[_Sentence, _Beside]:
    pieces, links = _linked(entry.what, _links(edition, entry))
    rule = entry.first
    usual = usual_in(rule, bounds.by_rule)
    return _Sentence(entry.code, pieces), _Beside(
        entry.bounds, before, entry.condition, rule.hint, links, usual, rule.unit if usual else ""
    )


def _linked(sentence: str, links: Iterable[_Link]) -> tuple[tuple[str | _Link, ...], tuple[_Link, ...]]:
    """The sentence with each question that it names as a link, and the links that found no place.

    In the order of reading: of two questions with the same name the first stands first.
    """
    pieces: list[str | _Link] = [sentence]
    rest = []
    for link in links:
        name = f"‘{link.question.label}’"
        for place, piece in enumerate(pieces):
            if isinstance(piece, str) and name in piece:
                start, _, end = piece.partition(name)
                pieces[place : place + 1] = [start, link, end]
                break
        else:
            rest.append(link)
    if rest:  # all of them together, in their own order
        return (sentence,), tuple(links)
    return tuple(pieces), ()


def _links(edition: Edition, entry: Entry) -> tuple[_Link, ...]:
    """To the question as it is asked; a figure that is not asked stands in the codebook."""
    if entry.is_family:
        pairs = [(question, f"regel-{rule.code}") for rule, question in entry.members]
    else:
        pairs = [(question, "") for question in entry.questions]
    return tuple(
        _Link(
            question,
            _address(edition, question),
            anchor,
            "" if question.questionnaire == entry.first.questionnaire else question.questionnaire,
        )
        for question, anchor in pairs
    )


def _address(edition: Edition, question: Question) -> str:
    year = edition.year
    if question.is_asked:
        page = reverse("blank", kwargs={"year": year, "questionnaire": question.questionnaire})
    else:
        page = reverse("codebook", kwargs={"year": year})
    return f"{page}#{question.code}"
