"""Bringing a list to its end: what is still to do, submitting, the receipt, reading and taking it away."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from surveys.actions.submissions import NotReadyError
from surveys.actions.submissions import submit as submit_submission
from surveys.exports.workbook import CONTENT_TYPE, write_workbook
from surveys.forms.cells import element_id
from surveys.models import Organisation
from surveys.permissions import may_fill_in, may_submit
from surveys.queries.access import find_participation, find_submission
from surveys.queries.deliveries import Delivery, delivery_of, profile_is_settled
from surveys.queries.progress import Progress, Todo, progress_of, todo_of
from surveys.queries.terms import shut_to
from surveys.queries.trails import trails_of
from surveys.questionnaires.schema import PROFILE, Section
from surveys.views.margin import Margin
from surveys.views.reading import pages_of
from surveys.views.requests import UserRequest
from surveys.workflow import DELIVERED, Audience, StepRefusedError


def _context(request: UserRequest, year: int, isil: str, questionnaire: str) -> dict[str, Any]:
    """What all these pages show; `submission` has been proven to be in this user's view."""
    submission, access = find_submission(request.user, year=year, isil=isil, questionnaire=questionnaire)
    delivery = delivery_of(submission)
    return {
        "access": access,
        "submission": submission,
        "delivery": delivery,
        "questionnaire": delivery.questionnaire,
        "organisation": submission.participation.organisation,
        "year": year,
        "term": submission.term,
        "may_fill_in": may_fill_in(access, submission),
        "shut": shut_to(access, submission),
        "is_delivered": submission.current_state in DELIVERED,
    }


@dataclass(frozen=True, slots=True)
class SectionLeft:
    """What is left in one section; opened where somebody has begun. `items`: each with its location and address."""

    section: Section
    url: str
    items: Sequence[tuple[Todo, str, str]]
    progress: Progress

    @property
    def is_begun(self) -> bool:
        return bool(self.progress.answered or self.progress.errors)


@require_GET
def todo(request: UserRequest, year: int, isil: str, questionnaire: str) -> HttpResponse:
    """All that stands between this list and submitting it; empty, the button to submit."""
    context = _context(request, year, isil, questionnaire)
    return render(request, "library/todo.html", {**context, **_left(context)})


def _left(context: dict[str, Any]) -> dict[str, Any]:
    delivery: Delivery = context["delivery"]
    names = {location.isil: location.name for location in delivery.locations}
    place = {"year": delivery.edition.year, "isil": context["organisation"].isil}
    place["questionnaire"] = delivery.questionnaire.code
    groups = [
        SectionLeft(
            section,
            reverse("section", kwargs={**place, "section": section.code}),
            [(one, names.get(one.row, ""), _url_of(one, **place)) for one in left],
            progress_of(delivery, section),
        )
        for section, left in groupby(todo_of(delivery), lambda one: one.section)
    ]
    is_profile = context["questionnaire"].code == PROFILE
    return {
        "groups": groups,
        "progress": progress_of(delivery),
        "profile_is_open": not is_profile and not profile_is_settled(context["submission"]),
    }


def _url_of(todo: Todo, **place: Any) -> str:
    """The field itself, on its page."""
    place["section"] = todo.section.code
    if todo.page_row:
        place["row"] = todo.page_row
    return f"{reverse('section_row' if todo.page_row else 'section', kwargs=place)}#f-{element_id(todo.key)}"


@require_POST
def submit(request: UserRequest, year: int, isil: str, questionnaire: str) -> HttpResponse:
    """Deliver the list. Pressed twice, it is the same delivery and the same receipt."""
    submission, access = find_submission(request.user, year=year, isil=isil, questionnaire=questionnaire)
    place = {"year": year, "isil": isil, "questionnaire": questionnaire}
    if submission.current_state not in DELIVERED:
        if not may_submit(access, submission):
            raise PermissionDenied(shut_to(access, submission) or "Deze vragenlijst kunt u niet indienen.")
        try:
            submit_submission(submission=submission, by=request.user)
        except NotReadyError as error:
            count = len(error.todo) + error.profile_is_open
            messages.error(request, f"Deze vragenlijst kan nog niet worden ingediend: nog {count} te doen.")
            return redirect(reverse("todo", kwargs=place))
        except StepRefusedError as error:  # nothing has been filled in, or the KB was first
            messages.error(request, str(error))
            return redirect(reverse("todo", kwargs=place))
    return redirect(reverse("receipt", kwargs=place))


@require_GET
def receipt(request: UserRequest, year: int, isil: str, questionnaire: str) -> HttpResponse:
    """Who submitted it and when; the way to read, print and download it."""
    context = _context(request, year, isil, questionnaire)
    if not context["is_delivered"]:
        return redirect("todo", year=year, isil=isil, questionnaire=questionnaire)
    return render(request, "library/receipt.html", context)


@require_GET
def read(request: UserRequest, year: int, isil: str, questionnaire: str) -> HttpResponse:
    """The whole list as it stands, to read and to print."""
    context = _context(request, year, isil, questionnaire)
    margin = Margin(trails=trails_of(context["submission"]))
    return render(
        request,
        "library/read.html",
        {**context, "last_year": year - 1, "pages": pages_of(context["delivery"], margin)},
    )


@require_GET
def workbook(request: UserRequest, year: int, isil: str) -> FileResponse:
    """The library's own figures of the year as a workbook, with the remarks that were put to it."""
    find_participation(request.user, year=year, isil=isil)
    file = tempfile.TemporaryFile()  # noqa: SIM115  FileResponse closes it
    write_workbook(
        file,
        year=year,
        organisations=Organisation.objects.filter(isil=isil),
        audiences=[Audience.LIBRARY],
    )
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=f"wsob-{year}-{isil}.xlsx", content_type=CONTENT_TYPE
    )
