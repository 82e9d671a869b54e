"""The releases of a year: making one, taking its figures out, and what changed between two of them. The KB's alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from surveys.actions.releases import ReleaseError, make_release
from surveys.exports.comparison import SHEET, difference, of_answer, of_fact
from surveys.exports.content import fingerprint_of
from surveys.exports.workbook import CONTENT_TYPE, write_sheet
from surveys.forms.releases import ComparisonFilter, ReleaseForm, release_name
from surveys.forms.talks import value_text
from surveys.models import Organisation, Release, ReleaseStatus, Round, Source
from surveys.permissions import Access, may_release
from surveys.queries.access import find_oversight
from surveys.queries.comparison import (
    ChangedAnswer,
    ChangedFact,
    answer_in,
    changed_answers,
    changed_facts,
    totals_at,
    totals_now,
)
from surveys.queries.overview import table_of_year
from surveys.queries.releases import releases_of_year
from surveys.questionnaires.schema import Edition, Question
from surveys.values import format_number
from surveys.views.requests import UserRequest, edition_or_404
from surveys.workflow import DELIVERED, SubmissionState

PER_PAGE = 100


def _permitted(request: UserRequest, year: int) -> tuple[Access, Edition]:
    access, _ = find_oversight(request.user)
    if not may_release(access):
        raise PermissionDenied("Uitgaven maakt en vergelijkt de KB.")
    if not Round.objects.filter(year=year).exists():
        raise Http404(f"Over {year} worden geen gegevens verzameld.")
    return access, edition_or_404(year)


@require_http_methods(["GET", "HEAD", "POST"])
def releases(request: UserRequest, year: int) -> HttpResponse:
    """What was given out of the year, and what a next release would hold."""
    access, _ = _permitted(request, year)
    made = releases_of_year(year)
    is_posted = request.method == "POST"
    form = ReleaseForm(request.POST if is_posted else None, made=made)
    if is_posted and form.is_valid():
        note = form.cleaned_data["toelichting"]
        try:
            release = make_release(
                year=year, status=form.wanted, note=note, by=request.user, seen=form.seen,
                fingerprint_of=fingerprint_of,
            )  # fmt: skip
        except ReleaseError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"De uitgave ‘{release_name(release)}’ is gemaakt.")
        return redirect("releases", year=year)
    final = next((one for one in made if one.status == ReleaseStatus.FINAL), None)
    context = {
        "access": access,
        "year": year,
        "years": list(Round.objects.values_list("year", flat=True)),
        "form": form,
        "made": made,
        "final": final,
        "changed_since": changed_answers(final, None).count() if final else 0,
        "stand": _stand(year),
    }
    return render(request, "releases/list.html", context, status=422 if is_posted else 200)


@dataclass(frozen=True, slots=True)
class Stand:
    """What a release would hold. `open`: delivered lists with signals that nobody explained."""

    lists: int
    delivered: int
    approved: int
    open: int


def _stand(year: int) -> Stand:
    table = table_of_year(year=year, organisations=Organisation.objects.all(), today=timezone.localdate())
    cells = [one for row in table.rows for one in row.lists]
    delivered = [one for one in cells if one.state in DELIVERED]
    return Stand(
        lists=len(cells),
        delivered=len(delivered),
        approved=sum(one.state is SubmissionState.APPROVED for one in delivered),
        open=sum(one.signals > 0 for one in delivered),
    )


@require_safe
def compare_releases(request: UserRequest, year: int) -> HttpResponse:
    """Every answer and every fact of the registers that is another, and how the key figures moved."""
    access, edition = _permitted(request, year)
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
    after = totals_at(second) if second else totals_now(edition.year)
    totals = list(_moved(edition, totals_at(first), after))
    return {
        "second": second,
        "is_backwards": second is not None and second.at < first.at,
        "first_name": release_name(first),
        "second_name": release_name(second) if second else "nu",
        "lines": [_line(edition, answer_in(row)) for row in page.object_list],
        "page": page,
        "page_query": urlencode(chosen),
        "facts": [
            (
                one,
                *(format_number(side) if isinstance(side, int) else side for side in (one.before, one.after)),
            )
            for one in _facts_in(chosen, changed_facts(first, second))
        ],
        "totals": totals,
        "sentence": _sentence(totals),
        "query": urlencode(chosen),
    }


def _narrowed(chosen: Mapping[str, str]) -> dict[str, str]:
    return {"questionnaire": chosen.get("vragenlijst", ""), "province": chosen.get("provincie", "")}


def _facts_in(chosen: Mapping[str, str], facts: Sequence[ChangedFact]) -> list[ChangedFact]:
    province = chosen.get("provincie")
    return [one for one in facts if province in (None, one.province)]


@dataclass(frozen=True, slots=True)
class _Line:
    """A changed answer as it is shown; `question` None: it is not asked any more."""

    change: ChangedAnswer
    title: str
    question: Question | None
    before: str
    after: str
    difference: str
    source: str


def _line(edition: Edition, change: ChangedAnswer) -> _Line:
    question = edition.questions.get(change.key[0])
    values = (change.before, change.after)
    texts = [value_text(question, one) if question else one.text if one else "leeg" for one in values]
    gap = difference(*values)
    return _Line(
        change=change,
        title=edition.by_code[change.questionnaire].title,
        question=question,
        before=texts[0],
        after=texts[1],
        difference="" if gap is None else _signed(gap),
        source=dict(Source.choices).get(change.source, change.source),
    )


def _signed(number: Decimal, decimals: int | None = None) -> str:
    text = format_number(abs(number)) if decimals is None else format_number(abs(number), decimals)
    return f"{'−' if number < 0 else '+'} {text}"


@dataclass(frozen=True, slots=True)
class _Moved:
    """A key figure in both. `x`, `width`: its bar in percent, from the middle, where nothing moved."""

    question: Question
    before: str
    after: str
    difference: str
    percentage: str
    size: Decimal
    x: str = "50"
    width: str = "0"


def _moved(
    edition: Edition, before: Mapping[str, Decimal | None], after: Mapping[str, Decimal | None]
) -> Iterator[_Moved]:
    pairs = [(one, before.get(one.code), after.get(one.code)) for one in edition.headlines]
    parts = [(b - a) / a * 100 if a and b is not None else Decimal(0) for _, a, b in pairs]
    longest = max((abs(one) for one in parts), default=Decimal(0))
    for (question, was, became), part in zip(pairs, parts, strict=True):
        length = abs(part) / longest * 50 if longest else Decimal(0)
        yield _Moved(
            question=question,
            before="–" if was is None else format_number(was),
            after="–" if became is None else format_number(became),
            difference="" if was is None or became is None or was == became else _signed(became - was),
            percentage=f"{_signed(part, 1 if abs(part) >= 1 else 2)}%".replace(" ", "") if part else "",
            size=part,
            x=f"{50 - length if part < 0 else 50:.1f}",
            width=f"{length:.1f}",
        )


def _sentence(totals: Sequence[_Moved]) -> str:
    """The message of the picture."""
    most = max(totals, key=lambda one: abs(one.size), default=None)
    if most is None or not most.size:
        return "Geen kerncijfer is veranderd."
    return f"‘{most.question.label}’ veranderde het meest: {most.percentage}."


@require_safe
def comparison(request: UserRequest, year: int) -> FileResponse:
    """The same changes as a workbook of one sheet, all pages of it."""
    _, edition = _permitted(request, year)
    form = ComparisonFilter(request.GET, made=releases_of_year(year), questionnaires=edition.questionnaires)
    first, second = form.first, form.second
    if first is None:
        raise Http404(f"Over {year} is nog geen uitgave gemaakt.")
    zone, sources = timezone.get_current_timezone(), dict(Source.choices)
    answers = (answer_in(row) for row in changed_answers(first, second, **_narrowed(form.chosen)).iterator())
    facts = _facts_in(form.chosen, changed_facts(first, second))
    rows = [of_answer(edition, one, sources=sources, zone=zone) for one in answers]
    file = BytesIO()
    write_sheet(file, SHEET, [*rows, *(of_fact(edition, one) for one in facts)])
    file.seek(0)
    name = f"wsob-{year}-wijzigingen-{timezone.localdate().isoformat()}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)
