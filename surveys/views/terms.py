"""The dates of a round, which lock, and more time for one list."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from surveys.actions.terms import TermRefusedError, extend_lists, in_figures, set_windows
from surveys.forms.terms import ExtendForm, WindowsForm
from surveys.models import ContactKind, Round
from surveys.permissions import may_set_terms
from surveys.queries.access import find_oversight, find_participation
from surveys.queries.terms import extensions_of_year, windows_changed, windows_of
from surveys.views.desk import extendable, page_of_organisation, tell_mails
from surveys.views.requests import UserRequest, edition_or_404

ONLY_KB = "Termijnen en uitstel bepaalt de KB."


@require_http_methods(["GET", "HEAD", "POST"])
def windows(request: UserRequest, year: int) -> HttpResponse:
    """When each list of the round is open, and who has more time."""
    access, organisations = find_oversight(request.user)
    if not may_set_terms(access):
        raise PermissionDenied(ONLY_KB)
    years = list(Round.objects.values_list("year", flat=True))
    if year not in years:
        raise Http404(f"Over {year} worden geen gegevens verzameld.")
    is_posted = request.method == "POST"
    form = WindowsForm(
        request.POST if is_posted else None,
        year=year,
        questionnaires=edition_or_404(year).questionnaires,
        windows=windows_of(year),
    )
    if is_posted and form.is_valid():
        told = set_windows(round_=Round(year=year), windows=form.windows, by=request.user)
        messages.success(request, " ".join(told) or "Er was niets gewijzigd.")
        return redirect("windows", year=year)
    titles = {one.code: one.title for one in form.questionnaires}
    context = {
        "access": access,
        "year": year,
        "years": years,
        "form": form,
        "extensions": [
            (one, titles[one.submission.questionnaire]) for one in extensions_of_year(year, organisations)
        ],
        "changed": windows_changed(year),
    }
    return render(request, "desk/windows.html", context, status=422 if is_posted else 200)


@require_POST
def extend(request: UserRequest, year: int, isil: str) -> HttpResponse:
    """More time for lists of one organisation. 422: its page, with what was typed and what is wrong with it."""
    participation, access = find_participation(request.user, year=year, isil=isil)
    if not may_set_terms(access):
        raise PermissionDenied(ONLY_KB)
    form = ExtendForm(request.POST, lists=extendable(participation))
    if not form.is_valid():
        return page_of_organisation(request, participation, access, extending=form)
    until, start = form.cleaned_data["tot"], timezone.now()
    try:
        extend_lists(
            submissions=[submission for _, submission in form.chosen],
            until=until,
            reason=form.cleaned_data["reden"],
            by=request.user,
            is_told=form.cleaned_data["mailen"],
        )
    except TermRefusedError as error:  # a list came in meanwhile
        form.add_error("tot", str(error))
        return page_of_organisation(request, participation, access, extending=form)
    titles = [one.title for one, _ in form.chosen]
    verb = "heeft" if len(titles) == 1 else "hebben"
    messages.success(request, f"{', '.join(titles)} {verb} uitstel tot en met {in_figures(until)}.")
    if form.cleaned_data["mailen"]:
        tell_mails(request, participation, ContactKind.EXTENSION, start)
    return redirect("desk_organisation", year=year, isil=isil)
