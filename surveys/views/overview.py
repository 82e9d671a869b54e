"""The KB's table of all deliveries of a year. A POI reads along with its own libraries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from surveys.forms.deciding import BOX, box_of
from surveys.forms.filters import STATE_SLUGS, OverviewFilter
from surveys.models import Organisation, Round
from surveys.permissions import may_approve, may_export
from surveys.queries.access import find_oversight
from surveys.queries.overview import Column, pois_in, table_of_year
from surveys.queries.selection import (
    ACTIVITY,
    LATE,
    MOST_FIRST,
    NAME,
    PROGRESS,
    PROVINCE,
    REMARKS,
    SIGNALS,
    Notice,
    select,
)
from surveys.queries.steps import newest_steps
from surveys.questionnaires.schema import Questionnaire
from surveys.views.requests import UserRequest, edition_or_404
from surveys.workflow import SubmissionState


def review_table(request: UserRequest, year: int) -> HttpResponse:
    """Every organisation in view; search, filters and order come from the address bar."""
    access, organisations = find_oversight(request.user)
    years = list(Round.objects.values_list("year", flat=True))
    if year not in years:
        raise Http404(f"Over {year} worden geen gegevens verzameld.")
    questionnaires = edition_or_404(year).questionnaires
    form = OverviewFilter(request.GET, questionnaires=questionnaires, pois=pois_in(organisations))
    every = table_of_year(year=year, organisations=organisations, today=timezone.localdate())
    table = select(every, form.selection)
    code = form.selection.questionnaire
    boxes = _boxes(year, code if may_approve(access) else "", organisations)
    lines = [(row, row.cells.get(code), boxes.get(row.isil, "")) for row in table.rows]
    context = {
        "access": access,
        "year": year,
        "years": years,
        "form": form,
        "table": table,
        "tallies": [_tally(column, form.chosen) for column in table.columns],
        "headers": list(_headers(questionnaires, code, form.chosen)),
        "may_export": may_export(access),
        "may_approve": may_approve(access),
        "chosen_list": next((one for one in questionnaires if one.code == code), None),
        "lines": lines,
        "boxes": sum(bool(box) for _, _, box in lines),
        "box_name": BOX,
        "all_url": _address(form.chosen, kies="alle"),
        "none_url": _address(form.chosen),
        "is_all": request.GET.get("kies") == "alle",
        "filters_on": sum(name != "volgorde" for name in form.chosen),
    }
    return render(request, "review/table.html", context)


def _boxes(year: int, questionnaire: str, organisations: QuerySet[Organisation]) -> Mapping[str, str]:
    """ISIL code to the box of each list that can be chosen to be approved. One query; none without a questionnaire."""
    if not questionnaire:
        return {}
    submitted = newest_steps(
        year=year,
        questionnaire=questionnaire,
        organisations=organisations,
        state=SubmissionState.SUBMITTED,
    )
    return {isil: box_of(isil, seen) for isil, seen in submitted.items()}


@dataclass(frozen=True, slots=True)
class _Count:
    state: SubmissionState | None
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class _Tally:
    """`late`: its state is not that of a list but of the calendar."""

    title: str
    url: str
    deadline: date | None
    counts: tuple[_Count, ...]
    late: _Count


def _tally(column: Column, chosen: Mapping[str, str]) -> _Tally:
    """The counts of one questionnaire, each with the address of the organisations that it counts."""
    code = column.questionnaire.code
    counts = []
    for state, count in column.counts.items():
        wanted = {"vragenlijst": code, "status": STATE_SLUGS[state]}
        is_chosen = wanted.items() <= chosen.items()
        target = {"vragenlijst": "", "status": ""} if is_chosen else wanted
        counts.append(_Count(state, count, _address(chosen, **target), is_chosen))
    late = {"vragenlijst": code, "status": "", "toon": Notice.LATE.value}
    return _Tally(
        title=column.questionnaire.title,
        url=_address(chosen, vragenlijst=code),
        deadline=column.deadline,
        counts=tuple(counts),
        late=_Count(None, column.late, _address(chosen, **late), False),
    )


@dataclass(frozen=True, slots=True)
class _Header:
    """`sort`: the value of aria-sort, empty when the table is not in this order."""

    text: str
    url: str
    sort: str


def _headers(
    questionnaires: tuple[Questionnaire, ...], chosen_list: str, chosen: Mapping[str, str]
) -> Iterator[_Header]:
    """Of all lists side by side, or of one list with a column for all that is known of it."""
    of_lists = {one.code: one.title for one in questionnaires}
    columns = {NAME: "Organisatie"} | ({PROVINCE: "Provincie", chosen_list: "Status"} if chosen_list else {})
    columns |= {LATE: "Te laat", SIGNALS: "Signalen", REMARKS: "Vragen"}
    columns |= {} if chosen_list else of_lists
    columns |= {PROGRESS: "Ingevuld", ACTIVITY: "Gewijzigd"}
    current = chosen.get("volgorde", NAME)
    for order, text in columns.items():
        is_current = current.removeprefix("-") == order
        is_reversed = current.startswith("-") != (order in MOST_FIRST)
        sort = ("descending" if is_reversed else "ascending") if is_current else ""
        target = f"-{order}" if current == order else order
        yield _Header(text, _address(chosen, volgorde=target), sort)


def _address(chosen: Mapping[str, str], **changes: str) -> str:
    """The address of this table with other choices."""
    query = urlencode({name: value for name, value in {**chosen, **changes}.items() if value})
    return f"?{query}" if query else "."
