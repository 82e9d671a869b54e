"""Where everybody comes in: the library at its lists, the KB and a POI at the table of deliveries."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from surveys.forms.talks import asked_links, corrected_in
from surveys.models import Participation, Round
from surveys.permissions import OVERSEERS
from surveys.queries.access import find_participation, find_submission, own_libraries, roles_of
from surveys.queries.deliveries import delivery_of
from surveys.queries.home import lists_of
from surveys.queries.organisation_history import ended_of
from surveys.queries.progress import progress_of
from surveys.queries.remarks import asked_of
from surveys.questionnaires.schema import PROFILE
from surveys.views.requests import UserRequest
from surveys.workflow import DELIVERED


@require_GET
def home(request: UserRequest) -> HttpResponse:
    """One library: its newest year. More: a list to choose from. None: the KB's table, or an explanation."""
    libraries = own_libraries(request.user)
    taking_part = [one for one in libraries if one.newest_year is not None]
    if len(taking_part) == 1:
        [library] = taking_part
        return redirect("delivery_home", year=library.newest_year, isil=library.isil)
    if not libraries and roles_of(request.user) & OVERSEERS:
        year = Round.objects.values_list("year", flat=True).first()
        if year is not None:
            return redirect("review_table", year=year)
    return render(request, "library/home.html", {"libraries": libraries, "taking_part": taking_part})


@require_GET
def delivery_home(request: UserRequest, year: int, isil: str) -> HttpResponse:
    """The profile and the four lists: progress, deadline, contact person."""
    participation, access = find_participation(request.user, year=year, isil=isil)
    lines = lists_of(participation, access)
    profile = next(line for line in lines if line.delivery.questionnaire.code == PROFILE)
    context = {
        "access": access,
        "participation": participation,
        "organisation": participation.organisation,
        "year": year,
        "profile": profile,
        "profile_is_settled": profile.delivery.submission.current_state in DELIVERED,
        "lists": [line for line in lines if line is not profile],
        "asked": {code: asked_links(found) for code, found in asked_of(participation).items()},
        "ended": ended_of(participation),
        "corrected": corrected_in(participation),
        "years": Participation.objects.filter(organisation=participation.organisation)
        .order_by("-round_id")
        .values_list("round_id", flat=True),
    }
    return render(request, "library/delivery_home.html", context)


@require_GET
def first_page(request: UserRequest, year: int, isil: str, questionnaire: str) -> HttpResponse:
    """To the first section with something to do; with nothing but signals left to them, or else to the first."""
    submission, _ = find_submission(request.user, year=year, isil=isil, questionnaire=questionnaire)
    delivery = delivery_of(submission)
    sections = delivery.questionnaire.sections
    open_ones = (s for s in sections if (found := progress_of(delivery, s)).missing or found.errors)
    section = next(open_ones, None)
    if section is None and progress_of(delivery).signals:
        return redirect("check", year=year, isil=isil, questionnaire=questionnaire)
    section = section or sections[0]
    return redirect("section", year=year, isil=isil, questionnaire=questionnaire, section=section.code)
