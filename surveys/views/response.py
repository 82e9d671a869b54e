"""How the lists of a year come in, for the KB over the country and for a POI over the libraries that it supports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from surveys.forms.curves import picture_of
from surveys.models import Round
from surveys.queries.access import find_oversight
from surveys.queries.response import MOST_DAYS, Count, ListResponse, Response
from surveys.queries.response import response as response_of
from surveys.queries.selection import Notice
from surveys.views.requests import UserRequest, edition_or_404


@require_GET
def response(request: UserRequest, year: int) -> HttpResponse:
    """Completeness and timeliness per list and province, and day by day."""
    access, organisations = find_oversight(request.user)
    years = list(Round.objects.values_list("year", flat=True))
    if year not in years:
        raise Http404(f"Over {year} worden geen gegevens verzameld.")
    questionnaires = edition_or_404(year).questionnaires
    found = response_of(year=year, organisations=organisations, today=timezone.localdate())
    context = {
        "access": access,
        "year": year,
        "years": years,
        "questionnaires": questionnaires,
        "every": found.every,
        "every_links": _links(found.every),
        "sentence": _sentence(found),
        "lines": [(one, _links(one.count, vragenlijst=one.questionnaire.code)) for one in found.lists],
        "pictures": [picture_of(one) for one in found.lists],
        "provinces": [
            (
                province,
                [
                    (count, _links(count, provincie=province, vragenlijst=code))
                    for code, count in counts.items()
                ],
            )
            for province, counts in found.provinces.items()
        ],
        "weeks": list(_weeks(found.lists)),
    }
    return render(request, "review/response.html", context)


@dataclass(frozen=True, slots=True)
class _Links:
    """The organisations that each figure counts, in the table of all deliveries."""

    delivered: str
    in_time: str
    late: str


def _links(count: Count, **chosen: str) -> _Links:
    """Relative to this page; empty where nobody is counted."""

    def address(number: int, **more: str) -> str:
        return f"../?{urlencode({**chosen, **more})}" if number else ""

    return _Links(
        delivered=address(count.delivered, status="binnen"),
        in_time=address(count.in_time, toon=Notice.IN_TIME.value),
        late=address(count.late, toon=Notice.LATE.value),
    )


def _sentence(found: Response) -> str:
    """The message of the pictures together."""
    every = found.every
    if not every.delivered:
        return "Er is nog niets ingediend."
    return (
        f"Van de {every.total} lijsten {'is' if every.delivered == 1 else 'zijn'} er {every.delivered} ingediend "
        f"({every.percentage}%), waarvan {every.in_time} op tijd."
    )


@dataclass(frozen=True, slots=True)
class _Week:
    """`counts`: per list how many were in at the end of it, and how many of them came that week."""

    begins: date
    counts: Sequence[tuple[int, int]]


def _weeks(lists: Sequence[ListResponse]) -> Iterator[_Week]:
    """From Monday to Sunday, from the first opening to the last day that is told of; of many weeks the last."""
    if not lists:
        return
    last = max(one.last for one in lists)
    first = max(min(one.opens for one in lists), last - timedelta(days=MOST_DAYS))
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        sunday = monday + timedelta(days=6)
        counts = []
        for one in lists:
            until, before = (one.now.at(one.day_of(day)) for day in (sunday, monday - timedelta(days=1)))
            counts.append((until, until - before))
        yield _Week(monday, counts)
        monday += timedelta(weeks=1)
