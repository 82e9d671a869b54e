"""The provisional totals, and who to chase first. A POI sees the part of its own libraries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render

from surveys.forms.chase import (
    ChaseFilter,
    headline_lines,
    missing_in_words,
    stop_in_words,
    title_in_words,
)
from surveys.forms.queue import percentage
from surveys.models import PROVINCES, Participation, Round
from surveys.queries.access import find_oversight
from surveys.queries.chase import Late
from surveys.queries.chase import chase as chase_of
from surveys.queries.national import headline_name
from surveys.views.requests import UserRequest, edition_or_404
from surveys.workflow import Role


def chase(request: UserRequest, year: int) -> HttpResponse:
    """Of the country, of the libraries of a POI, or of those in one province."""
    access, organisations = find_oversight(request.user)
    years = list(Round.objects.values_list("year", flat=True))
    if year not in years:
        raise Http404(f"Over {year} worden geen gegevens verzameld.")
    edition_or_404(year)
    taking_part = Participation.objects.filter(
        round_id=year, ended_by=None, organisation__in=organisations
    ).values_list("pk", "organisation__province")
    provinces = dict(taking_part)
    form = ChaseFilter(
        request.GET,
        provinces=[one for one in PROVINCES if one in provinces.values()],
        everyone="Heel Nederland" if access.role is Role.KB else "Al uw bibliotheken",
    )
    found = chase_of(year, {pk for pk, one in provinces.items() if form.province in ("", one)})
    context = {
        "access": access,
        "year": year,
        "years": years,
        "form": form,
        "count": len(provinces),
        "province": form.province,
        "title": title_in_words(found),
        "headlines": headline_lines(found.headlines, form.province),
        "stop": stop_in_words(found),
        "late": [_line(one) for one in found.late],
        "enough": found.enough,
        "unknown": found.unknown,
    }
    return render(request, "review/chase.html", context)


@dataclass(frozen=True, slots=True)
class _Line:
    """A library that still has to deliver. `value`: the mean part of the bands; `most`: at which figure most."""

    late: Late
    missing: Sequence[str]
    value: str
    name: str
    most: str


def _line(one: Late) -> _Line:
    question, part = one.most or (None, 0.0)
    name = headline_name(question) if question else ""
    return _Line(one, missing_in_words(one.missing), percentage(one.value), name, percentage(part))
