"""The decisions of a reviewer: a list is approved or goes back to the library, and many are approved at once."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from surveys.actions.submissions import approve as approve_submission
from surveys.actions.submissions import confirm as confirm_submission
from surveys.actions.submissions import send_back as send_submission_back
from surveys.actions.terms import in_words
from surveys.forms.deciding import BOX, ReturnForm, box_of, chosen_in, seen_in
from surveys.models import ContactKind, Organisation, Submission
from surveys.permissions import may_approve, may_send_back
from surveys.queries.access import find_oversight, find_submission
from surveys.queries.approval import candidates, chosen_lists
from surveys.views.desk import tell_mails
from surveys.views.requests import UserRequest, edition_or_404
from surveys.views.review import back_to_list, neighbours, order_of, page_of_submission
from surveys.workflow import StepRefusedError

ONLY_KB = "Goedkeuren en terugsturen doet de KB."


@require_POST
def approve(request: UserRequest, year: int, isil: str, questionnaire: str) -> HttpResponse:
    """This list has been checked. Pressed twice, it is the same approval."""
    submission, access = find_submission(request.user, year=year, isil=isil, questionnaire=questionnaire)
    if not may_approve(access):
        raise PermissionDenied(ONLY_KB)
    change = request.POST.get("wijziging")
    onward = _onward(request, submission)  # before it is approved and leaves the queue
    try:
        approve_submission(
            submission=submission,
            by=request.user,
            seen=seen_in(request.POST.get("gezien", "")),
            seen_change=None if change is None else seen_in(change),
        )
    except StepRefusedError as error:
        messages.error(request, f"{error} Er is niets goedgekeurd.")
    else:
        messages.success(request, format_html("{} is goedgekeurd.{}", _name(submission), onward))
    return back_to_list(request, year, isil, questionnaire)


@require_POST
def confirm(request: UserRequest, year: int, isil: str, questionnaire: str) -> HttpResponse:
    """What was changed after the approval has been checked as well."""
    submission, access = find_submission(request.user, year=year, isil=isil, questionnaire=questionnaire)
    if not may_approve(access):
        raise PermissionDenied(ONLY_KB)
    seen, change = (seen_in(request.POST.get(name, "")) for name in ("gezien", "wijziging"))
    try:
        confirm_submission(submission=submission, by=request.user, seen=seen, seen_change=change)
    except StepRefusedError as error:
        messages.error(request, f"{error} Er is niets goedgekeurd.")
    else:
        messages.success(request, f"De wijziging in {_name(submission)} is goedgekeurd.")
    return back_to_list(request, year, isil, questionnaire)


@require_POST
def send_back(request: UserRequest, year: int, isil: str, questionnaire: str) -> HttpResponse:
    """Back to the library, with a reason. 422: there is none; 409: something happened first. Both keep what was typed."""
    submission, access = find_submission(request.user, year=year, isil=isil, questionnaire=questionnaire)
    if not may_send_back(access):
        raise PermissionDenied(ONLY_KB)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return page_of_submission(request, submission, access, refused=form, status=422)
    start = timezone.now()
    try:
        returned = send_submission_back(
            submission=submission, by=request.user, reason=form.cleaned_data["reden"], seen=form.seen
        )
    except StepRefusedError as error:
        messages.error(request, f"{error} Er is niets teruggestuurd.")
        submission, access = find_submission(request.user, year=year, isil=isil, questionnaire=questionnaire)
        return page_of_submission(request, submission, access, refused=form, status=409)
    closes = returned.term.closes
    until = f" en kan de lijst wijzigen tot en met {in_words(closes)}" if closes else ""
    messages.success(request, f"{_name(submission)} is teruggestuurd. De bibliotheek leest uw reden{until}.")
    tell_mails(request, submission.participation, ContactKind.RETURNED, start)
    return back_to_list(request, year, isil, questionnaire)


def _onward(request: UserRequest, submission: Submission) -> str:
    """A link to the list that comes after this one; empty when it is the last."""
    _, organisations = find_oversight(request.user)
    order = order_of(request)
    _, following = neighbours(organisations, submission, by_weight=bool(order))
    if following is None:
        return ""
    year = submission.participation.round_id
    url = reverse("review_submission", args=[year, following[0], submission.questionnaire]) + order
    return format_html(' <a href="{}">Volgende: {}</a>', url, following[1])


def _name(submission: Submission) -> str:
    participation = submission.participation
    title = edition_or_404(participation.round_id).by_code[submission.questionnaire].title
    return f"{title} van {participation.organisation.name}"


@require_POST
def choose(request: UserRequest, year: int, questionnaire: str) -> HttpResponse:
    """What of the chosen lists will be approved, what not and why. Writes nothing."""
    organisations = _organisations(request, year, questionnaire)
    seen = chosen_in(request.POST.getlist(BOX))
    found = candidates(year=year, questionnaire=questionnaire, organisations=organisations, seen=seen)
    context = {
        "year": year,
        "questionnaire": edition_or_404(year).by_code[questionnaire],
        "ready": [(one, box_of(one.organisation.isil, one.seen)) for one in found if not one.obstacle],
        "held": [one for one in found if one.obstacle],
        "box_name": BOX,
        "back": request.POST.get("terug", ""),
        "table_url": _table_url(request, year),
    }
    return render(request, "review/choose.html", context)


@require_POST
def approve_many(request: UserRequest, year: int, questionnaire: str) -> HttpResponse:
    """Approve the lists that the page before showed, each by itself, and tell what came of each."""
    organisations = _organisations(request, year, questionnaire)
    seen = chosen_in(request.POST.getlist(BOX))
    done = []
    for one in chosen_lists(year, questionnaire, organisations, seen):
        organisation = one.participation.organisation
        try:
            its = seen[organisation.isil]
            approve_submission(submission=one, by=request.user, seen=its.step, seen_change=its.change)
        except StepRefusedError as error:
            messages.warning(request, f"{organisation.name} is niet goedgekeurd. {error}")
        else:
            done.append(organisation.name)
    title = edition_or_404(year).by_code[questionnaire].title
    if done:
        whose = "1 organisatie" if len(done) == 1 else f"{len(done)} organisaties"
        messages.success(request, f"{title} is goedgekeurd van {whose}: {'; '.join(done)}.")
    return redirect(_table_url(request, year))


def _organisations(request: UserRequest, year: int, questionnaire: str) -> QuerySet[Organisation]:
    access, organisations = find_oversight(request.user)
    if not may_approve(access):
        raise PermissionDenied(ONLY_KB)
    if questionnaire not in edition_or_404(year).by_code:
        raise Http404("Deze vragenlijst is er niet.")
    return organisations


def _table_url(request: UserRequest, year: int) -> str:
    """The table with the filters and the order at which the lists were chosen."""
    query = QueryDict(request.POST.get("terug", "")[:1_000], mutable=True)
    query.pop(BOX, None)
    table = reverse("review_table", kwargs={"year": year})
    return f"{table}?{query.urlencode()}" if query else table
