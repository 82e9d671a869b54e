"""Organisations over time, for the KB: what was recorded, and recording a change after reading what it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from surveys.actions.succession import MovedOnError, SuccessionError, record_change
from surveys.forms.filters import search_helper
from surveys.forms.organisation_changes import ChangeForm
from surveys.forms.register_fields import LIST_ID
from surveys.forms.succession import FORMS, SearchForm
from surveys.models import ChangeKind, Location, Organisation, Round
from surveys.permissions import may_change_organisations
from surveys.queries.access import find_oversight
from surveys.queries.consequences import Consequences, Enrolment, consequences_of, with_existing_heir
from surveys.queries.objections import objections
from surveys.queries.organisation_history import (
    change_sentence,
    found_organisations,
    libraries_to_choose,
    recorded_changes,
)
from surveys.queries.succession import Plan, Situation, situation_of
from surveys.questionnaires.merged import names_of
from surveys.values import clean_text, format_number
from surveys.views.requests import UserRequest

TITLES = {
    "fusie": "Fusie vastleggen",
    "splitsing": "Splitsing vastleggen",
    "opheffing": "Opheffing vastleggen",
    "naam": "Nieuwe naam vastleggen",
}
_BUTTONS = frozenset({"csrfmiddlewaretoken", "gezien", "wijzigen"})


@require_safe
def organisations(request: UserRequest) -> HttpResponse:
    """What was recorded, the newest first; and of the organisations that are looked for what happened to them."""
    context = _context(request)
    form = SearchForm(request.GET or None)
    search = (form.cleaned_data["zoek"] if form.is_bound and form.is_valid() else "").strip()
    changes = [(one, change_sentence(one)) for one in recorded_changes()]
    return render(
        request,
        "review/organisations.html",
        {
            **context,
            "form": form,
            "search_helper": search_helper(form, "Organisaties zoeken"),
            "search": search,
            "found": found_organisations(search) if search else (),
            "changes": changes,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_change(request: UserRequest, kind: str) -> HttpResponse:
    """A form, then what it would do, then the record. Whatever is refused stays in the form as it was typed."""
    context = {**_context(request), "kind": kind, "title": TITLES.get(kind, ""), "list_id": LIST_ID}
    if kind not in FORMS:
        raise Http404("Deze pagina is er niet.")
    if kind == "splitsing" and not _chosen(request):
        return render(
            request, "review/organisation_choose.html", {**context, "libraries": libraries_to_choose()}
        )
    form = _form(request, kind)
    context |= {"form": form, "libraries": form.libraries}
    if request.method == "POST" and form.is_valid() and "wijzigen" not in request.POST:
        plan = form.plan()
        try:
            if "gezien" in request.POST:
                change = record_change(plan=plan, by=request.user, seen=request.POST["gezien"])
                messages.success(request, f"Vastgelegd: {change_sentence(change)}")
                return redirect("organisations")
            return _preview(request, plan, context)
        except MovedOnError:
            messages.warning(request, "Er is intussen iets veranderd. Lees de gevolgen nog eens.")
            return _preview(request, plan, context)
        except SuccessionError as error:
            form.object(error.objections)
    return render(request, "review/organisation_change.html", context, status=422 if form.errors else 200)


def _context(request: UserRequest) -> dict[str, Any]:
    """Raises PermissionDenied for who is not of the KB."""
    access, _ = find_oversight(request.user)
    if not may_change_organisations(access):
        raise PermissionDenied("Deze pagina is voor de KB.")
    return {"access": access, "year": Round.objects.values_list("year", flat=True).first()}


def _chosen(request: UserRequest) -> str:
    """The library that splits, by ISIL code or as the list names it."""
    text = clean_text(request.POST.get("bibliotheek") or request.GET.get("van", ""))
    if text.endswith(")") and "(" in text:
        text = text.rsplit("(", 1)[1].rstrip(")")
    found = Organisation.objects.filter(isil=text, type=Organisation.Type.LIBRARY)
    return text if found.exists() else ""


def _form(request: UserRequest, kind: str) -> ChangeForm:
    pois = Organisation.objects.filter(type=Organisation.Type.POI).order_by("name")
    more: dict[str, Any] = {
        "libraries": libraries_to_choose(),
        "pois": dict(pois.values_list("isil", "name")),
    }
    if kind == "splitsing":
        isil = _chosen(request)
        held = Location.objects.filter(organisation__isil=isil).order_by("isil")
        more["locations"] = [one for one in held if one.closed is None]
        more["initial"] = {"bibliotheek": isil}
        more["years"] = list(Round.objects.order_by("year").values_list("year", flat=True))
    return FORMS[kind](request.POST if request.method == "POST" else None, **more)


def _preview(request: UserRequest, plan: Plan, context: Mapping[str, Any]) -> HttpResponse:
    """Raises SuccessionError when it cannot be recorded."""
    known = situation_of(plan)
    whole = with_existing_heir(plan, known)
    found = objections(whole, known, timezone.localdate())
    if found:
        raise SuccessionError(found)
    told = consequences_of(whole, known)
    hidden = [
        (name, value) for name, values in request.POST.lists() if name not in _BUTTONS for value in values
    ]
    more = {"plan": whole, "told": told, "hidden": hidden, **_words(plan, whole, known, told)}
    return render(request, "review/organisation_preview.html", {**context, **more})


def _words(plan: Plan, whole: Plan, known: Situation, told: Consequences) -> dict[str, Any]:
    """The names that the preview speaks of, by ISIL code."""
    names = {isil: one.name for isil, one in known.organisations.items()}
    names |= {one.isil: one.newcomer.name for one in plan.heirs if one.newcomer}
    pois = {isil: one.name for isil, one in known.organisations.items() if one.type == Organisation.Type.POI}
    heirs = {one.isil for one in whole.heirs}
    return {
        "was": [names[isil] for isil in whole.predecessors],
        "gone": [names[isil] for isil in whole.predecessors if isil not in heirs]
        if plan.kind is not ChangeKind.RENAMING
        else [],
        "ending": _ending(plan, whole, names),
        "people": len({one.user.pk for one in told.grants}),
        "added": names[whole.predecessors[-1]] if whole is not plan else "",
        "lead": _lead(
            plan, [names[isil] for isil in whole.predecessors], [names[one.isil] for one in whole.heirs]
        ),
        "enrolments": [_enrolment(names[one.heir.isil], one) for one in told.enrolments],
        "newcomers": [
            f"{one.newcomer.name} ({one.isil}) wordt aangemaakt in {one.newcomer.province}, "
            + (f"met {pois[one.newcomer.poi]} als POI." if one.newcomer.poi else "zonder POI.")
            for one in plan.heirs
            if one.newcomer
        ],
        "moves": [(names[one.heir.isil], one) for one in told.moves],
        "grants": [(names[one.heir.isil], one) for one in told.grants],
        "kept": [
            (one.organisation.name, one.round_id)
            for one in known.participations
            if one.organisation.isil in heirs and known.typed.get(one.pk)
        ],
        "year": plan.day.year,
        "year_before": plan.day.year - 1,
        "last_sentence": told.lineage.sentence(plan.day.year) if told.lineage else "",
        "is_future": plan.day > timezone.localdate(),
    }


def _ending(plan: Plan, whole: Plan, names: Mapping[str, str]) -> str:
    """Who delivers no more, and from which year on; empty: nobody."""
    heirs = {one.isil for one in whole.heirs}
    gone = [f"{names[isil]} ({isil})" for isil in whole.predecessors if isil not in heirs]
    if not gone or plan.kind is ChangeKind.RENAMING:
        return ""
    return f"{names_of(gone)} {'levert' if len(gone) == 1 else 'leveren'} vanaf {plan.day.year} niet meer."


def _lead(plan: Plan, was: Sequence[str], became: Sequence[str]) -> str:
    """What the change is, in one line."""
    if plan.kind is ChangeKind.MERGER:
        return f"{names_of(was)} gaan verder als {became[0]}"
    if plan.kind is ChangeKind.SPLIT:
        return f"{was[0]} splitst zich in {names_of(became)}"
    return (
        f"{was[0]} houdt op te bestaan"
        if plan.kind is ChangeKind.CLOSURE
        else f"{was[0]} heet {plan.new_name}"
    )


def _enrolment(name: str, one: Enrolment) -> str:
    inhabitants = _number(one.inhabitants)
    if one.present:
        was = _number(one.present.inhabitants)
        return f"{name} houdt de deelname over {one.year}, met {inhabitants} inwoners in plaats van {was}."
    return f"{name} doet mee over {one.year}, met {inhabitants} inwoners."


def _number(inhabitants: int | None) -> str:
    return "een onbekend aantal" if inhabitants is None else format_number(inhabitants)
