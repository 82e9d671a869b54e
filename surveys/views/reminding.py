"""A round of reminders or thanks: first all mails to read, then one button that sends exactly those."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from surveys.actions.reminders import Draft, Sent, drafts, send_reminders
from surveys.forms.contact import ReminderForm
from surveys.models import Participation, ReminderKind, Round
from surveys.permissions import Access, may_keep_contact
from surveys.queries.access import find_oversight
from surveys.queries.reminders import DueReminders, Why, reminders_of_year
from surveys.views.requests import UserRequest

SHOWN = 50
"""Mails on a page."""
SEEN = "mail"
"""The name of the fields that say which mails the page showed."""
WHY_WORDS = {
    Why.TOLD: "Hierover is al gemaild",
    Why.NOBODY: "Er is niemand om te mailen",
    Why.SHUT: "De lijst is dicht; geef eerst uitstel",
}


@dataclass(frozen=True, slots=True)
class Preview:
    """A mail on the page, and what the form says of it when it is sent."""

    draft: Draft

    @property
    def seen(self) -> str:
        return f"{self.draft.name}.{self.draft.digest}"


@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: UserRequest, year: int) -> HttpResponse:
    """The mails of one kind as they would go out today. POST sends them; 409 when they are not those that were shown."""
    access, _ = find_oversight(request.user)
    if not may_keep_contact(access):
        raise PermissionDenied("Herinneringen verstuurt de KB.")
    years = list(Round.objects.values_list("year", flat=True))
    if year not in years:
        raise Http404(f"Over {year} worden geen gegevens verzameld.")
    is_posted = request.method == "POST"
    today = timezone.localdate()
    every = reminders_of_year(year, ReminderKind, today)
    counts = {kind: len(one.letters) for kind, one in every.items()}
    form = ReminderForm(request.POST if is_posted else request.GET, counts=counts)
    due = every[form.kind]
    drafted = drafts(due, today=today, paragraph=form.paragraph, by=request.user)
    changed: list[str] = []
    if is_posted and form.is_valid():
        changed = _changed(drafted, request.POST.getlist(SEEN))
        if not changed:
            sent = send_reminders(kind=form.kind, drafted=drafted, by=request.user)
            _tell(request, sent, reverse("contact_log", kwargs={"year": year}))
            return redirect(f"{reverse('reminders', kwargs={'year': year})}?soort={form.kind.value}")
    context = _context(access, due, drafted, form) | _shown(request, drafted, form)
    context |= {"year": year, "years": years, "changed": changed}
    status = 409 if changed else 422 if is_posted or (form.is_bound and not form.is_valid()) else 200
    return render(request, "desk/reminders.html", context, status=status)


def _context(
    access: Access, due: DueReminders, drafted: Iterable[Draft], form: ReminderForm
) -> dict[str, Any]:
    skipped: dict[Why, dict[Participation, list[str]]] = {}
    for one in due.skipped:
        skipped.setdefault(one.why, {}).setdefault(one.participation, []).append(one.list.title)
    return {
        "access": access,
        "form": form,
        "kind": due.kind,
        "is_thanks": due.kind is ReminderKind.THANKS,
        "previews": [Preview(one) for one in drafted],
        "lists": len(due.lists),
        "others": due.others,
        "skipped": [
            (WHY_WORDS[why], sum(map(len, of.values())), list(of.items())) for why, of in skipped.items()
        ],
        "seen_name": SEEN,
    }


def _shown(request: UserRequest, drafted: list[Draft], form: ReminderForm) -> dict[str, Any]:
    """The mails of one page; the button sends those of all pages."""
    return {
        "example": drafted[0] if drafted else None,
        "page": Paginator(drafted, SHOWN).get_page(request.GET.get("pagina")),
        "page_query": urlencode({"soort": form.kind.value, "alinea": form.paragraph}),
    }


def _changed(drafted: Iterable[Draft], seen: Iterable[str]) -> list[str]:
    """What is otherwise than on the page from which is sent, in words; nothing: it is the same."""
    shown = dict(one.rpartition(".")[::2] for one in seen)
    now: Mapping[str, Draft] = {one.name: one for one in drafted}
    gone = len(shown.keys() - now.keys())
    words = {
        name: f"{one.addressed.recipient} van {one.addressed.participation.organisation.name}"
        for name, one in now.items()
    }
    told = [f"De mail aan {words[name]} is er nieuw bij." for name in now if name not in shown]
    told += [
        f"De mail aan {words[name]} is veranderd."
        for name, one in now.items()
        if name in shown and shown[name] != one.digest
    ]
    if gone:
        told.append(
            "1 mail is niet meer nodig: de lijsten zijn ingediend of er is al over gemaild."
            if gone == 1
            else f"{gone} mails zijn niet meer nodig: de lijsten zijn ingediend of er is al over gemaild."
        )
    return told


def _tell(request: UserRequest, sent: Sent, log: str) -> None:
    taken = len(sent.taken)
    if taken:
        told = '{} mail{} verstuurd. <a href="{}">Bekijk {} bij Contact</a>.'
        words = ("s", "ze") if taken > 1 else ("", "hem")
        messages.success(request, format_html(told, taken, words[0], log, words[1]))
    for one in sent.refused:
        to = one.recipient.email if one.recipient else ""
        messages.warning(
            request,
            f"De mail aan {one.recipient} ({to}) van {one.participation.organisation.name} is geweigerd: {one.error}",
        )
    for participation in sent.overtaken:
        messages.warning(
            request,
            f"{participation.organisation.name} is niet gemaild: er is intussen een lijst of een termijn "
            "veranderd, of een ander mailde al.",
        )
    if not (taken or sent.refused or sent.overtaken):
        messages.info(request, "Er was niets te versturen.")
