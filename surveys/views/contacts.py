"""Whom the KB turns to about each list: the library says so itself."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from surveys.actions.contact import ContactRefusedError, ContactsChangedError, set_contacts
from surveys.forms.contact import ContactsForm
from surveys.models import Submission
from surveys.permissions import may_name_contact
from surveys.queries.access import find_participation
from surveys.queries.contact import Members, members_of, recipients
from surveys.views.requests import UserRequest, edition_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def contacts(request: UserRequest, year: int, isil: str) -> HttpResponse:
    """A choice per list that this user fills in; the others to read. 409: a colleague chose somebody else meanwhile."""
    participation, access = find_participation(request.user, year=year, isil=isil)
    organisation = participation.organisation_id
    members = members_of([organisation]).get(organisation, Members())
    found = Submission.objects.filter(participation=participation).select_related("contact")
    submissions = {one.questionnaire: one for one in found}
    lists = [(one, submissions[one.code]) for one in edition_or_404(year).questionnaires]
    own = [(one, submission) for one, submission in lists if may_name_contact(access, one.code)]
    is_posted = request.method == "POST"
    if is_posted and not own:
        raise PermissionDenied("De bibliotheek wijst haar contactpersonen zelf aan.")
    form, status = ContactsForm(request.POST if is_posted else None, lists=own, members=members), 200
    if is_posted and not form.is_valid():
        status = 422
    elif is_posted:
        try:
            told = set_contacts(
                participation=participation, contacts=form.contacts, by=request.user, seen=form.seen
            )
        except ContactsChangedError as error:
            status = 409
            form = ContactsForm(form.renewed, lists=own, members=members)
            for code, problem in error.problems.items():
                form.add_error(code, problem)
        except ContactRefusedError as error:
            status = 422
            form.add_error(None, str(error))
        else:
            messages.success(request, " ".join(told) if told else "Er was niets gewijzigd.")
            return redirect("contacts", year=year, isil=isil)
    context = {
        "access": access,
        "year": year,
        "organisation": participation.organisation,
        "form": form if own else None,
        "others": [
            (one, submission, recipients(submission, members))
            for one, submission in lists
            if not may_name_contact(access, one.code)
        ],
    }
    return render(request, "library/contacts.html", context, status=status)
