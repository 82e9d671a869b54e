"""One organisation at the KB's desk, and the log of what passed with all of them. A POI reads along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from surveys.actions.contact import ContactRefusedError
from surveys.actions.contact import note_contact as write_down
from surveys.forms.contact import ContactFilter, NoteForm
from surveys.forms.terms import ExtendForm
from surveys.models import ContactKind, Extension, Organisation, Participation, Round, Submission, User
from surveys.permissions import Access, may_keep_contact, may_oversee, may_set_terms
from surveys.queries.access import find_oversight, find_participation
from surveys.queries.contact import Members, mails_since, members_of, moments_of, moments_of_year, recipients
from surveys.queries.remarks import RemarkCounts, open_remarks_of_year
from surveys.queries.terms import why_shut, with_terms
from surveys.questionnaires.schema import Questionnaire
from surveys.views.requests import UserRequest, edition_or_404
from surveys.workflow import DELIVERED, OPEN, Term

SHOWN = 50
"""Moments on a page."""


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A list of the organisation. `people`: whom the KB turns to; `late`: so many days, while it still has to come in."""

    questionnaire: Questionnaire
    submission: Submission
    term: Term
    shut: str
    extensions: tuple[Extension, ...]
    people: tuple[User, ...]
    remarks: RemarkCounts
    late: int


@require_safe
def desk_organisation(request: UserRequest, year: int, isil: str) -> HttpResponse:
    """Its lists with their dates and contact persons, what was asked, and what passed."""
    participation, access = find_participation(request.user, year=year, isil=isil)
    if not may_oversee(access):
        raise PermissionDenied("Deze pagina is voor de KB en de POI’s.")
    return page_of_organisation(request, participation, access)


def page_of_organisation(
    request: UserRequest,
    participation: Participation,
    access: Access,
    *,
    extending: ExtendForm | None = None,
    noting: NoteForm | None = None,
) -> HttpResponse:
    """The same page with a form that was refused."""
    lines = _lines(participation)
    lists = [(one.questionnaire, one.submission) for one in lines if _can_be_extended(one.submission)]
    extend_form = extending or (ExtendForm(lists=lists) if may_set_terms(access) and lists else None)
    pages = Paginator(moments_of(participation), SHOWN)
    context = {
        "access": access,
        "year": participation.round_id,
        "organisation": participation.organisation,
        "participation": participation,
        "lines": lines,
        "has_extensions": any(one.extensions for one in lines),
        "page": pages.get_page(request.GET.get("pagina")),
        "page_query": "",
        "note_form": noting or NoteForm(),
        "extend_form": extend_form,
        "may_keep_contact": may_keep_contact(access),
    }
    status = 422 if extending or noting else 200
    return render(request, "desk/organisation.html", context, status=status)


def extendable(participation: Participation) -> list[tuple[Questionnaire, Submission]]:
    """The lists that can be given more time, read with their terms. One query."""
    submissions = {one.questionnaire: one for one in with_terms(participation.submissions.all())}
    lists = [(one, submissions[one.code]) for one in edition_or_404(participation.round_id).questionnaires]
    return [(one, submission) for one, submission in lists if _can_be_extended(submission)]


def _can_be_extended(submission: Submission) -> bool:
    return submission.current_state not in DELIVERED and submission.term.deadline is not None


def _lines(participation: Participation) -> list[DeskLine]:
    """Five queries."""
    organisation, today = participation.organisation_id, timezone.localdate()
    members = members_of([organisation]).get(organisation, Members())
    lists = with_terms(participation.submissions.all())
    submissions = {one.questionnaire: one for one in lists.prefetch_related("extensions__by")}
    remarks = open_remarks_of_year(
        participation.round_id, Organisation.objects.filter(pk=participation.organisation_id)
    )
    lines = []
    for questionnaire in edition_or_404(participation.round_id).questionnaires:
        one = submissions[questionnaire.code]
        is_late = one.current_state in OPEN and one.term.due is not None and one.term.due < today
        lines.append(
            DeskLine(
                questionnaire=questionnaire,
                submission=one,
                term=one.term,
                shut=why_shut(one.term, today) if one.current_state in OPEN else "",
                extensions=tuple(one.extensions.all()),
                people=recipients(one, members),
                remarks=remarks.get(one.pk, RemarkCounts()),
                late=(today - one.term.due).days if is_late and one.term.due else 0,
            )
        )
    return lines


@require_POST
def note_contact(request: UserRequest, year: int, isil: str) -> HttpResponse:
    """Add a call, a mail or a note to the log. 422: the page, with what was typed."""
    participation, access = find_participation(request.user, year=year, isil=isil)
    if not may_keep_contact(access):
        raise PermissionDenied("Het contact houdt de KB bij.")
    form = NoteForm(request.POST)
    if not form.is_valid():
        return page_of_organisation(request, participation, access, noting=form)
    kind, text = ContactKind(form.cleaned_data["soort"]), form.cleaned_data["tekst"]
    try:
        write_down(participation=participation, kind=kind, text=text, by=request.user)
    except ContactRefusedError as error:
        form.add_error("tekst", str(error))
        return page_of_organisation(request, participation, access, noting=form)
    messages.success(request, f"{kind.label.capitalize()} toegevoegd aan het contact.")
    return redirect("desk_organisation", year=year, isil=isil)


@require_safe
def contact_log(request: UserRequest, year: int) -> HttpResponse:
    """All that passed with the organisations of a round, newest first."""
    access, organisations = find_oversight(request.user)
    edition_or_404(year)
    form = ContactFilter(request.GET)
    chosen = form.chosen
    moments = moments_of_year(
        year,
        organisations,
        kind=chosen.get("soort", ""),
        search=chosen.get("zoek", ""),
        refused_only=bool(chosen.get("mislukt")),
    )
    context: dict[str, Any] = {
        "access": access,
        "year": year,
        "years": list(Round.objects.values_list("year", flat=True)),
        "form": form,
        "is_filtered": bool(chosen),
        "page": Paginator(moments, SHOWN).get_page(request.GET.get("pagina")),
        "page_query": urlencode({name: "on" if value is True else value for name, value in chosen.items()}),
    }
    return render(request, "desk/contact_log.html", context)


def tell_mails(
    request: UserRequest, participation: Participation, kind: ContactKind, since: datetime
) -> None:
    """Say who was mailed by the step that was just made, and whose mail was refused."""
    mails = mails_since(participation, kind, since)
    taken = dict.fromkeys(str(one.recipient) for one in mails if one.sent_at)
    if taken:
        messages.info(request, f"Gemaild aan {', '.join(taken)}.")
    for one in mails:
        if one.error:
            messages.warning(request, f"De mail aan {one.recipient} is geweigerd: {one.error}")
    if not mails:
        messages.warning(request, "Er is niemand gemaild: deze bibliotheek heeft geen actieve accounts.")
