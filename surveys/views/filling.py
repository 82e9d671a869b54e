"""Filling in: the pages of a section, and the save of one field as it is left."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from surveys.actions.answers import Saved, save_answers
from surveys.actions.submissions import begin
from surveys.forms.cells import SCOPE_WORDS, cell_of, conflict_with, key_of_name
from surveys.forms.inputs import Inputs, read_inputs
from surveys.forms.patch import delivery_for, patch_of, with_saved
from surveys.forms.section import SectionForm
from surveys.models import Location, Source, User
from surveys.permissions import Access, may_fill_in
from surveys.queries.access import find_submission
from surveys.queries.answers import answer_at
from surveys.queries.deliveries import Delivery, delivery_of
from surveys.queries.home import windows_of
from surveys.queries.progress import Progress, progress_of
from surveys.queries.saving import Known, known_for_save
from surveys.questionnaires.dependencies import Touched, dependencies
from surveys.questionnaires.schema import Layout, Question, Section
from surveys.views.requests import UserRequest, edition_or_404

PRESENT = timedelta(minutes=15)
"""Whoever saved within this time is said to be in the list now."""


@dataclass(frozen=True, slots=True)
class RailItem:
    """A section in the rail, or a location under its section."""

    title: str
    url: str
    is_current: bool
    progress: Progress


@require_http_methods(["GET", "HEAD", "POST"])
def section(
    request: UserRequest, year: int, isil: str, questionnaire: str, section: str, row: str = ""
) -> HttpResponse:
    """One section, or one location's page of it. POST saves it as a whole, as it works without JavaScript."""
    submission, access = find_submission(request.user, year=year, isil=isil, questionnaire=questionnaire)
    delivery = delivery_of(submission)
    page = delivery.questionnaire.section(section)
    if page is None or (row and (row not in delivery.rows or not _has_pages(page))):
        raise Http404("Dit deel van de vragenlijst is er niet.")
    is_open = may_fill_in(access, submission)
    if request.method != "POST":
        form = SectionForm(delivery=delivery, section=page, row=row, is_open=is_open)
        return render(request, "library/section.html", _section_context(form, access, request.user))
    if not is_open:
        raise PermissionDenied("Deze vragenlijst kunt u niet (meer) wijzigen.")
    form = SectionForm(request.POST, delivery=delivery, section=page, row=row, is_open=True)
    form.full_clean()
    saved = form.save(by=request.user)
    if form.is_valid():
        messages.success(request, _saved_words(saved))
        return redirect(_next_url(request, form))
    return render(request, "library/section.html", _section_context(form, access, request.user), status=422)


def _has_pages(page: Section) -> bool:
    return page.repeat and page.layout is Layout.PAGES


def _saved_words(saved: Saved) -> str:
    if not saved.versions:
        return "Er was niets gewijzigd."
    return (
        "1 antwoord opgeslagen."
        if len(saved.versions) == 1
        else f"{len(saved.versions)} antwoorden opgeslagen."
    )


def _next_url(request: UserRequest, form: SectionForm) -> str:
    """Where the pressed button leads: the next page, the list of what is left, or here again."""
    pages = _pages(form.delivery)
    here = (form.section.code, form.row)
    if "todo" in request.POST:
        return _url(form.delivery, "todo")
    if "next" in request.POST and pages.index(here) + 1 < len(pages):
        return _page_url(form.delivery, pages[pages.index(here) + 1])
    return request.get_full_path()


def _pages(delivery: Delivery) -> list[tuple[str, str]]:
    """(section, location) of every page, in order; a section with pages begins with its list of locations."""
    pages = []
    for one in delivery.questionnaire.sections:
        pages.append((one.code, ""))
        if _has_pages(one):
            pages += ((one.code, row) for row in delivery.rows)
    return pages


def _url(delivery: Delivery, name: str, **more: str) -> str:
    submission = delivery.submission
    kwargs = {
        "year": delivery.edition.year,
        "isil": submission.participation.organisation.isil,
        "questionnaire": submission.questionnaire,
    }
    return reverse(name, kwargs={**kwargs, **more})


def _page_url(delivery: Delivery, page: tuple[str, str]) -> str:
    section, row = page
    if row:
        return _url(delivery, "section_row", section=section, row=row)
    return _url(delivery, "section", section=section)


def _section_context(form: SectionForm, access: Access, user: User) -> dict[str, Any]:
    delivery = form.delivery
    submission = delivery.submission
    pages = _pages(delivery)
    place = pages.index((form.section.code, form.row))
    return {
        "access": access,
        "form": form,
        "delivery": delivery,
        "section": form.section,
        "location": _location(delivery, form.row),
        "locations": _location_items(form) if form.has_pages and not form.row else (),
        "questionnaire": delivery.questionnaire,
        "submission": submission,
        "organisation": submission.participation.organisation,
        "year": delivery.edition.year,
        "window": windows_of(delivery.edition.year).get(submission.questionnaire),
        "scope": SCOPE_WORDS[form.section.scope] if delivery.is_combined else "",
        "present": _present(delivery, besides=user),
        "rail": [
            RailItem(
                one.title,
                _page_url(delivery, (one.code, "")),
                one.code == form.section.code,
                progress_of(delivery, one),
            )
            for one in delivery.questionnaire.sections
        ],
        "save_url": _url(delivery, "answer"),
        "previous": _page_url(delivery, pages[place - 1]) if place else "",
        "has_next": place + 1 < len(pages),
        "next": _page_url(delivery, pages[place + 1]) if place + 1 < len(pages) else "",
    }


def _location(delivery: Delivery, row: str) -> Location | None:
    return next((one for one in delivery.locations if one.isil == row), None)


def _location_items(form: SectionForm) -> list[RailItem]:
    delivery, code = form.delivery, form.section.code
    return [
        RailItem(
            one.name,
            _page_url(delivery, (code, one.isil)),
            False,
            progress_of(delivery, form.section, one.isil),
        )
        for one in delivery.locations
    ]


def _present(delivery: Delivery, *, besides: User) -> list[str]:
    """The colleagues who saved an answer of this list just now."""
    since = timezone.now() - PRESENT
    names = {
        one.changed_by
        for one in delivery.answers.values()
        if one.changed_by and one.changed_at and one.changed_at >= since
    }
    return sorted(names - {besides.name})


@require_POST
def answer(request: UserRequest, year: int, isil: str, questionnaire: str) -> HttpResponse:
    """Save one field as it is left, and say what changes on the page. At most seven statements."""
    question, row = _posted_question(request, year, questionnaire)
    touched = dependencies(edition_or_404(year), questionnaire).touched_by(question.code)
    known = known_for_save(
        request.user, year=year, isil=isil, questionnaire=questionnaire, row=row, touched=touched
    )
    if not may_fill_in(known.access, known.submission):
        raise PermissionDenied("Deze vragenlijst kunt u niet (meer) wijzigen.")
    inputs = read_inputs(
        request.POST,
        [(question, row)],
        known.answers,
        seen=lambda key, version: answer_at(known.submission, key, version) if version else None,
    )
    saved = _save(known, inputs, request.user)
    for entry in inputs.entries:
        if entry.key in saved.versions:
            known = with_saved(known, entry, saved.versions[entry.key])
    return _saved_response(request, known, touched, question, row, inputs, saved)


def _posted_question(request: UserRequest, year: int, questionnaire: str) -> tuple[Question, str]:
    """The one field that was sent. Raises Http404 when there is no such question, or it is not asked."""
    names = [name.removesuffix("~v") for name in request.POST if name.endswith("~v")]
    edition = edition_or_404(year)
    if len(names) != 1 or questionnaire not in edition.by_code:
        raise Http404("Dit antwoord hoort niet bij deze vragenlijst.")
    code, row = key_of_name(names[0])
    question = edition.by_code[questionnaire].questions.get(code)
    if question is None or not question.is_asked or question.repeats != bool(row):
        raise Http404("Deze vraag is er niet.")
    return question, row


def _save(known: Known, inputs: Inputs, by: User) -> Saved:
    if not inputs.entries:
        return Saved()
    begin(submission=known.submission, by=by)
    return save_answers(submission=known.submission, entries=inputs.entries, by=by, source=Source.FORM.value)


def _saved_response(
    request: UserRequest,
    known: Known,
    touched: Touched,
    question: Question,
    row: str,
    inputs: Inputs,
    saved: Saved,
) -> HttpResponse:
    key = (question.code, row)
    delivery = delivery_for(known, touched, row)
    cell = cell_of(delivery, question, row, is_open=True)
    status = 200
    if key in inputs.errors:
        cell.errors, cell.state, status = [inputs.errors[key]], "niet opgeslagen", 422
        cell.version = inputs.typed[key].version
    elif key in (*inputs.stale, *saved.conflicts):
        cell.conflict, cell.state, status = (
            conflict_with(known.answers.get(key), question),
            "niet opgeslagen",
            409,
        )
    patch = patch_of(delivery, touched, question, row)
    response = render(request, "library/saved.html", {"cell": cell, "patch": patch}, status=status)
    response["HX-Trigger"] = json.dumps({"wsob:visible": patch.visible})
    return response
