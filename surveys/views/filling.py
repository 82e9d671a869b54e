"""Filling in: the pages of a section, each in its place among the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from surveys.actions.answers import Saved
from surveys.forms.cells import SCOPE_TAGS
from surveys.forms.section import SectionForm
from surveys.models import Location, User
from surveys.permissions import Access, may_fill_in
from surveys.queries.access import find_submission
from surveys.queries.deliveries import Delivery, delivery_of
from surveys.queries.progress import Progress, progress_of
from surveys.queries.steps import returns_of
from surveys.queries.terms import refusal, shut_to
from surveys.questionnaires.schema import Layout, Section
from surveys.views.requests import UserRequest
from surveys.workflow import StepRefusedError

PRESENT = timedelta(minutes=15)
"""Whoever saved within this time is said to be in the list now."""


@dataclass(frozen=True, slots=True)
class RailItem:
    """A section in the rail, or a location under its section."""

    title: str
    url: str
    is_current: bool
    progress: Progress
    code: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def section(
    request: UserRequest, *, year: int, isil: str, questionnaire: str, section: str, row: str = ""
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
        raise PermissionDenied(refusal(access, submission))
    form = SectionForm(request.POST, delivery=delivery, section=page, row=row, is_open=True)
    form.full_clean()
    try:
        saved = form.save(by=request.user)
    except StepRefusedError as error:  # a colleague submitted it meanwhile
        raise PermissionDenied(str(error)) from error
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
        "returned": returns_of([submission]).get(submission.pk),
        "organisation": submission.participation.organisation,
        "year": delivery.edition.year,
        "term": submission.term,
        "shut": shut_to(access, submission),
        "scope": SCOPE_TAGS[form.section.scope] if delivery.is_combined else "",
        "present": _present(delivery, besides=user),
        "all_progress": progress_of(delivery),
        "rail": _rail(delivery, form.section.code),
        "save_url": _url(delivery, "answer"),
        "standing_url": _url(delivery, "standing"),
        "previous": _page_url(delivery, pages[place - 1]) if place else "",
        "has_next": place + 1 < len(pages),
        "next": _page_url(delivery, pages[place + 1]) if place + 1 < len(pages) else "",
    }


def _rail(delivery: Delivery, current: str) -> list[RailItem]:
    return [
        RailItem(
            one.title,
            _page_url(delivery, (one.code, "")),
            one.code == current,
            progress_of(delivery, one),
            one.code,
        )
        for one in delivery.questionnaire.sections
    ]


@require_safe
def standing(request: UserRequest, *, year: int, isil: str, questionnaire: str) -> HttpResponse:
    """How far the list is now, for a page that was drawn before: its state, and the counts beside its sections."""
    submission, _ = find_submission(request.user, year=year, isil=isil, questionnaire=questionnaire)
    delivery = delivery_of(submission)
    context = {
        "submission": submission,
        "rail": _rail(delivery, ""),
        "all_progress": progress_of(delivery),
    }
    return render(request, "library/standing.html", context)


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
