"""What changed between two releases of a year, or since one, on a page and as a workbook. The KB's alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from surveys.exports.comparison import LISTS, SHEET, difference, of_answer, of_fact, of_list
from surveys.exports.workbook import CONTENT_TYPE, write_sheets
from surveys.forms.releases import ComparisonFilter, release_name, short_name
from surveys.forms.talks import value_text
from surveys.models import Location, Release, Source
from surveys.queries.comparison import (
    ChangedAnswer,
    ChangedFact,
    answer_in,
    changed_answers,
    changed_facts,
    figures_at,
    figures_now,
    moved_by_lists,
    totals_of,
)
from surveys.queries.list_changes import ChangedList, changed_lists
from surveys.queries.national import headline_name
from surveys.queries.releases import releases_of_year
from surveys.questionnaires.schema import Edition, Question
from surveys.values import Kind, format_number
from surveys.views.reading import signed
from surveys.views.releases import permitted
from surveys.views.requests import UserRequest

PER_PAGE = 100


@require_safe
def compare_releases(request: UserRequest, year: int) -> HttpResponse:
    """Every list, every answer and every fact of the registers that is another, and how the key figures moved."""
    access, edition = permitted(request, year)
    made = releases_of_year(year)
    form = ComparisonFilter(request.GET, made=made, questionnaires=edition.questionnaires)
    context: dict[str, Any] = {"access": access, "year": year, "form": form, "first": form.first}
    if form.first is not None:
        context |= _compared(edition, form, form.first, request.GET.get("pagina"))
    return render(request, "releases/compare.html", context)


def _compared(edition: Edition, form: ComparisonFilter, first: Release, number: str | None) -> dict[str, Any]:
    second, chosen = form.second, form.chosen
    changed = changed_answers(first, second, **_narrowed(chosen))
    page = Paginator(changed, PER_PAGE).get_page(number)
    answers = [answer_in(row) for row in page.object_list]
    facts = _facts_in(chosen, changed_facts(first, second))
    lists = changed_lists(first, second, **_narrowed(chosen))
    places = _places({one.key[1] for one in answers} | {one.about for one in facts})
    totals = list(_moved(edition, first, second))
    return {
        "second": second,
        "is_backwards": second is not None and second.at < first.at,
        "first_name": release_name(first, form.numbers[first]),
        "second_name": release_name(second, form.numbers[second]) if second else "nu",
        "first_short": short_name(first, form.numbers[first]),
        "second_short": short_name(second, form.numbers[second]) if second else "Nu",
        "lists": [(one, edition.by_code[one.questionnaire].title) for one in lists],
        "lines": [_line(edition, one, places) for one in answers],
        "page": page,
        "page_query": urlencode(chosen),
        "facts": [
            (
                one,
                "" if one.about == one.isil else places.get(one.about, one.about),
                *(format_number(side) if isinstance(side, int) else side for side in (one.before, one.after)),
            )
            for one in facts
        ],
        "totals": totals,
        "sentence": _sentence(totals),
        "summary": _summary(lists, page.paginator.count),
        "query": urlencode(chosen),
    }


def _narrowed(chosen: Mapping[str, str]) -> dict[str, str]:
    return {"questionnaire": chosen.get("vragenlijst", ""), "province": chosen.get("provincie", "")}


def _facts_in(chosen: Mapping[str, str], facts: Sequence[ChangedFact]) -> list[ChangedFact]:
    province = chosen.get("provincie")
    return [one for one in facts if province in (None, one.province)]


def _places(codes: Collection[str]) -> Mapping[str, str]:
    """The names of these locations. One query."""
    return dict(Location.objects.filter(isil__in=codes).values_list("isil", "name"))


def _summary(lists: Iterable[ChangedList], answers: int) -> str:
    """'12 lijsten kwamen erbij, 1 ging terug, 34 antwoorden zijn gewijzigd.'"""
    found = list(lists)
    begun, stopped = sum(one.begins for one in found), sum(one.stops for one in found)
    told = []
    if begun:
        told.append("1 lijst kwam erbij" if begun == 1 else f"{begun} lijsten kwamen erbij")
    if stopped:
        whose = "" if begun else " lijst" if stopped == 1 else " lijsten"
        told.append(f"{stopped}{whose} {'ging' if stopped == 1 else 'gingen'} terug")
    if not told:
        told.append("geen lijst kwam erbij of ging terug")
    changed = (
        "geen antwoord is"
        if not answers
        else "1 antwoord is"
        if answers == 1
        else f"{answers} antwoorden zijn"
    )
    text = ", ".join([*told, f"{changed} gewijzigd"])
    return f"{text[:1].upper()}{text[1:]}."


@dataclass(frozen=True, slots=True)
class _Line:
    """A changed answer as it is shown; `question` None: it is not asked any more. `place`: the location's name."""

    change: ChangedAnswer
    title: str
    question: Question | None
    place: str
    before: str
    after: str
    difference: str
    source: str


def _line(edition: Edition, change: ChangedAnswer, places: Mapping[str, str]) -> _Line:
    code, row = change.key
    question = edition.questions.get(code)
    values = (change.before, change.after)
    texts = [value_text(question, one) if question else one.text if one else "leeg" for one in values]
    gap = difference(*values)
    if question:
        texts = [_with_unit(text, question) if one and one.number is not None else text
                 for text, one in zip(texts, values, strict=True)]  # fmt: skip
    return _Line(
        change=change,
        title=edition.by_code[change.questionnaire].title,
        question=question,
        place=places.get(row, row),
        before=texts[0],
        after=texts[1],
        difference=signed(gap) if gap else "",
        source=dict(Source.choices).get(change.source, change.source),
    )


def _with_unit(text: str, question: Question) -> str:
    """'€ 1.200', '3,5 fte'; what shows its unit already, or has none, is left as it is."""
    if question.kind is Kind.EURO:
        return text if "€" in text else f"€ {text}"
    if question.kind is Kind.PERCENT or not question.unit or len(question.unit) > 3:
        return text
    return f"{text} {question.unit}"


@dataclass(frozen=True, slots=True)
class _Moved:
    """A key figure in both; `by_lists`, `by_answers`: what of the difference came with whole lists, and the rest.

    `x`, `width`: its bar in percent, from the middle, where nothing moved.
    """

    name: str
    question: Question
    before: str
    after: str
    difference: str
    by_lists: str
    by_answers: str
    percentage: str
    size: Decimal
    x: str
    width: str


def _moved(edition: Edition, first: Release, second: Release | None) -> Iterator[_Moved]:
    figures = figures_at(first), figures_at(second) if second else figures_now(edition.year)
    codes = [one.code for one in edition.headlines]
    before, after = (totals_of(one, codes) for one in figures)
    with_lists = moved_by_lists(*figures)
    pairs = [(one, before.get(one.code), after.get(one.code)) for one in edition.headlines]
    parts = [(b - a) / a * 100 if a and b is not None else Decimal(0) for _, a, b in pairs]
    longest = max((abs(one) for one in parts), default=Decimal(0))
    for (question, was, became), part in zip(pairs, parts, strict=True):
        length = abs(part) / longest * 50 if longest else Decimal(0)
        gap, of_lists = (became or 0) - (was or 0), with_lists.get(question.code, Decimal(0))
        yield _Moved(
            name=headline_name(question),
            question=question,
            before="–" if was is None else _with_unit(format_number(was), question),
            after="–" if became is None else _with_unit(format_number(became), question),
            difference=signed(Decimal(gap)) if gap else "",
            by_lists=signed(of_lists) if of_lists else "",
            by_answers=signed(gap - of_lists) if gap - of_lists else "",
            percentage=_percentage(part),
            size=part,
            x=f"{50 - length if part < 0 else 50:.1f}",
            width=f"{length:.1f}",
        )


def _percentage(part: Decimal) -> str:
    """With one decimal; what would be 0,0% is told as less than 0,1%."""
    if not part:
        return ""
    return f"{signed(part, 1)}%" if abs(part) >= Decimal("0.05") else "minder dan 0,1%"


def _sentence(totals: Sequence[_Moved]) -> str:
    """The message of the picture."""
    most = max(totals, key=lambda one: abs(one.size), default=None)
    if most is None or not most.size:
        return "Geen kerncijfer is veranderd."
    return f"‘{most.name}’ veranderde het meest: {most.percentage}."


@require_safe
def comparison(request: UserRequest, year: int) -> FileResponse:
    """The same changes as a workbook of two sheets, all pages of it."""
    _, edition = permitted(request, year)
    form = ComparisonFilter(request.GET, made=releases_of_year(year), questionnaires=edition.questionnaires)
    first, second = form.first, form.second
    if first is None:
        raise Http404(f"Over {year} is nog geen uitgave gemaakt.")
    zone, sources, narrowed = timezone.get_current_timezone(), dict(Source.choices), _narrowed(form.chosen)
    lists = [of_list(edition, one, zone=zone) for one in changed_lists(first, second, **narrowed)]
    answers = (answer_in(row) for row in changed_answers(first, second, **narrowed).iterator())
    facts = _facts_in(form.chosen, changed_facts(first, second))
    rows = [of_answer(edition, one, sources=sources, zone=zone) for one in answers]
    file = BytesIO()
    changes = [*rows, *(of_fact(edition, one) for one in facts)]
    write_sheets(file, [(SHEET, changes), (LISTS, lists)])
    file.seek(0)
    name = f"wsob-{year}-wijzigingen-{timezone.localdate().isoformat()}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)
