"""The releases of a year: making one, and taking its figures out. The KB's alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from surveys.actions.releases import ReleaseError, fill_fingerprint, make_release
from surveys.exports.content import fingerprint_of
from surveys.forms.releases import ReleaseForm, numbered, release_name
from surveys.models import Organisation, Release, ReleaseStatus, Round
from surveys.permissions import Access, may_release
from surveys.queries.access import find_oversight
from surveys.queries.comparison import changed_answers, changed_facts
from surveys.queries.list_changes import changed_lists
from surveys.queries.overview import table_of_year
from surveys.queries.releases import releases_of_year
from surveys.questionnaires.schema import Edition
from surveys.views.requests import UserRequest, edition_or_404
from surveys.workflow import DELIVERED, SubmissionState

SURE = "zeker"
"""The box on the page that asks once more."""
FINGERPRINT = "vingerafdruk"
"""The button beside a release that was made while computing its fingerprint failed."""


def permitted(request: UserRequest, year: int) -> tuple[Access, Edition]:
    access, _ = find_oversight(request.user)
    if not may_release(access):
        raise PermissionDenied("Uitgaven maakt en vergelijkt de KB.")
    if not Round.objects.filter(year=year).exists():
        raise Http404(f"Over {year} worden geen gegevens verzameld.")
    return access, edition_or_404(year)


@require_http_methods(["GET", "HEAD", "POST"])
def releases(request: UserRequest, year: int) -> HttpResponse:
    """What was given out of the year, and what a next release would hold."""
    access, _ = permitted(request, year)
    made = releases_of_year(year)
    is_posted = request.method == "POST"
    if FINGERPRINT in request.POST:
        for one in made:
            fill_fingerprint(release=one, fingerprint_of=fingerprint_of)
        return redirect("releases", year=year)
    form = ReleaseForm(request.POST if is_posted else None, made=made)
    if is_posted and form.is_valid():
        if form.wanted is ReleaseStatus.FINAL and request.POST.get(SURE) != "ja":
            return _confirmation(request, year, access, form)
        return _make(request, year, form)
    final = next((one for one in made if one.status == ReleaseStatus.FINAL), None)
    context = {
        "access": access,
        "year": year,
        "years": list(Round.objects.values_list("year", flat=True)),
        "form": form,
        "made": list(numbered(made).items()),
        "final": final,
        "changed_since": changed_answers(final, None).count() if final else 0,
        "moved_since": len(changed_lists(final, None)) if final else 0,
        "is_unchanged": bool(made) and final is None and _is_unchanged(made[0]),
        "stand": _stand(year),
    }
    return render(request, "releases/list.html", context, status=422 if is_posted else 200)


def _make(request: UserRequest, year: int, form: ReleaseForm) -> HttpResponse:
    note = form.cleaned_data["toelichting"]
    try:
        release = make_release(
            year=year, status=form.wanted, note=note, by=request.user, seen=form.seen,
            fingerprint_of=fingerprint_of,
        )  # fmt: skip
    except ReleaseError as error:
        messages.error(request, str(error))
    else:
        number = numbered(releases_of_year(year))[release]
        messages.success(request, f"{release_name(release, number)}, is gemaakt.")
    return redirect("releases", year=year)


def _confirmation(request: UserRequest, year: int, access: Access, form: ReleaseForm) -> HttpResponse:
    """What the final release would lack; after it there is no other. 422: the box was not ticked."""
    is_refused = "bevestigen" in request.POST
    context = {"access": access, "year": year, "form": form, "stand": _stand(year), "sure": SURE}
    context |= {"note": form.cleaned_data["toelichting"], "is_refused": is_refused}
    return render(request, "releases/final.html", context, status=422 if is_refused else 200)


def _is_unchanged(newest: Release) -> bool:
    """Neither answers nor states nor registers since."""
    return not (
        changed_answers(newest, None).exists() or changed_lists(newest, None) or changed_facts(newest, None)
    )


@dataclass(frozen=True, slots=True)
class Stand:
    """What a release would hold. `open`: delivered lists with signals that nobody explained, `signals` of those.

    `waiting`: questions to libraries that are not closed.
    """

    lists: int
    delivered: int
    approved: int
    open: int
    signals: int
    waiting: int

    @property
    def missing(self) -> int:
        return self.lists - self.delivered


def _stand(year: int) -> Stand:
    table = table_of_year(year=year, organisations=Organisation.objects.all(), today=timezone.localdate())
    cells = [one for row in table.rows for one in row.lists]
    delivered = [one for one in cells if one.state in DELIVERED]
    return Stand(
        lists=len(cells),
        delivered=len(delivered),
        approved=sum(one.state is SubmissionState.APPROVED for one in delivered),
        open=sum(one.signals > 0 for one in delivered),
        signals=sum(one.signals for one in delivered),
        waiting=sum(one.waiting for one in cells),
    )
