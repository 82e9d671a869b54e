"""The KB's side: the table of all deliveries, and one delivery beside that of last year. A POI reads along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render

from surveys.forms.deciding import BOX, ReturnForm, box_of
from surveys.forms.filters import STATE_SLUGS, OverviewFilter
from surveys.forms.signals import on_page
from surveys.models import Organisation, Round, Submission
from surveys.permissions import Access, may_approve, may_export, may_oversee, may_send_back
from surveys.queries.access import find_oversight, find_submission
from surveys.queries.approval import obstacle
from surveys.queries.deliveries import delivery_of
from surveys.queries.overview import ACTIVITY, NAME, PROVINCE, Column, overview, pois_in
from surveys.queries.progress import progress_of
from surveys.queries.steps import newest_steps, readers_of_profile
from surveys.questionnaires.schema import PROFILE, Questionnaire
from surveys.views.reading import pages_of
from surveys.views.requests import UserRequest, edition_or_404
from surveys.workflow import DELIVERED, SubmissionState


def review_table(request: UserRequest, year: int) -> HttpResponse:
    """Every organisation in view; search, filters and order come from the address bar."""
    access, organisations = find_oversight(request.user)
    years = list(Round.objects.values_list("year", flat=True))
    if year not in years:
        raise Http404(f"Over {year} worden geen gegevens verzameld.")
    questionnaires = edition_or_404(year).questionnaires
    form = OverviewFilter(request.GET, questionnaires=questionnaires, pois=pois_in(organisations))
    table = overview(year=year, organisations=organisations, selection=form.selection)
    chosen_list = form.selection.questionnaire if may_approve(access) else ""
    boxes = _boxes(year, chosen_list, organisations)
    lines = [(row, boxes.get(row.isil, "")) for row in table.rows]
    context = {
        "year": year,
        "years": years,
        "form": form,
        "table": table,
        "tallies": [_tally(column, form.chosen) for column in table.columns],
        "headers": list(_headers(questionnaires, form.chosen)),
        "may_export": may_export(access),
        "may_approve": may_approve(access),
        "chosen_list": next((one for one in questionnaires if one.code == chosen_list), None),
        "lines": lines,
        "boxes": sum(bool(box) for _, box in lines),
        "box_name": BOX,
        "all_url": _address(form.chosen, kies="alle"),
        "none_url": _address(form.chosen),
        "is_all": request.GET.get("kies") == "alle",
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
    return {isil: box_of(isil, step) for isil, step in submitted.items()}


@dataclass(frozen=True, slots=True)
class _Count:
    state: SubmissionState
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class _Tally:
    title: str
    deadline: date | None
    counts: tuple[_Count, ...]


def _tally(column: Column, chosen: Mapping[str, str]) -> _Tally:
    """The counts of one questionnaire, each with the address of the organisations that it counts."""
    code = column.questionnaire.code
    counts = []
    for state, count in column.counts.items():
        wanted = {"vragenlijst": code, "status": STATE_SLUGS[state]}
        is_chosen = wanted.items() <= chosen.items()
        target = {"vragenlijst": "", "status": ""} if is_chosen else wanted
        counts.append(_Count(state, count, _address(chosen, **target), is_chosen))
    return _Tally(column.questionnaire.title, column.deadline, tuple(counts))


@dataclass(frozen=True, slots=True)
class _Header:
    """`sort`: the value of aria-sort, empty when the table is not in this order."""

    text: str
    url: str
    sort: str


def _headers(questionnaires: tuple[Questionnaire, ...], chosen: Mapping[str, str]) -> Iterator[_Header]:
    columns = {NAME: "Organisatie", PROVINCE: "Provincie", "": "Gecombineerd"}
    columns |= {one.code: one.title for one in questionnaires} | {ACTIVITY: "Laatste wijziging"}
    current = chosen.get("volgorde", NAME)
    for order, text in columns.items():
        is_current = bool(order) and current.removeprefix("-") == order
        is_reversed = current.startswith("-") != (order == ACTIVITY)
        sort = ("descending" if is_reversed else "ascending") if is_current else ""
        target = f"-{order}" if current == order else order
        yield _Header(text, _address(chosen, volgorde=target) if order else "", sort)


def _address(chosen: Mapping[str, str], **changes: str) -> str:
    """The address of this table with other choices."""
    query = urlencode({name: value for name, value in {**chosen, **changes}.items() if value})
    return f"?{query}" if query else "."


def review_submission(request: UserRequest, year: int, isil: str, questionnaire: str) -> HttpResponse:
    """One delivery to read: all that counts, beside last year."""
    submission, access = find_submission(request.user, year=year, isil=isil, questionnaire=questionnaire)
    if not may_oversee(access):
        raise PermissionDenied("Deze pagina is voor de KB en de POI’s.")
    return page_of_submission(request, submission, access)


def page_of_submission(
    request: UserRequest,
    submission: Submission,
    access: Access,
    *,
    refused: ReturnForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The same page for a step that was refused, with what had been typed."""
    participation = submission.participation
    year, isil = participation.round_id, participation.organisation.isil
    # Read before the answers: what happens between the two is noticed when a step is made from this page.
    transitions = list(submission.transitions.select_related("by"))
    _, organisations = find_oversight(request.user)
    delivery = delivery_of(submission)
    states = dict(participation.submissions.values_list("questionnaire", "state"))
    previous, following = _neighbours(organisations, year, isil)
    seen = max((one.pk for one in transitions), default=0)
    is_profile = submission.questionnaire == PROFILE
    context = {
        "access": access,
        "year": year,
        "last_year": year - 1,
        "delivery": delivery,
        "submission": submission,
        "organisation": participation.organisation,
        "pages": pages_of(delivery),
        "signals": [on_page(one, delivery, (), may_fill_in=False) for one in delivery.signals],
        "tally": progress_of(delivery),
        "explained": sum(one.is_explained for one in delivery.signals),
        "siblings": [
            (one, SubmissionState(states[one.code]))
            for one in delivery.edition.questionnaires
            if one.code in states
        ],
        "transitions": [(one, SubmissionState(one.after)) for one in transitions],
        "is_submitted": submission.current_state is SubmissionState.SUBMITTED,
        "is_delivered": submission.current_state in DELIVERED,
        "may_approve": may_approve(access),
        "may_send_back": may_send_back(access),
        "seen": seen,
        "obstacle": obstacle(submission.current_state, delivery.signals),
        "readers": readers_of_profile(delivery.edition, states) if is_profile else "",
        "return_form": refused.seen_at(seen) if refused else ReturnForm(initial={"gezien": seen}),
        "previous": previous,
        "following": following,
    }
    return render(request, "review/submission.html", context, status=status)


_Neighbour = tuple[str, str] | None


def _neighbours(organisations: QuerySet[Organisation], year: int, isil: str) -> tuple[_Neighbour, _Neighbour]:
    """ISIL code and name of the organisations before and after this one, by name as in the table."""
    pairs = organisations.filter(participations__round_id=year).values_list("isil", "name")
    ordered = sorted(pairs, key=lambda pair: pair[1].casefold())
    place = next(index for index, pair in enumerate(ordered) if pair[0] == isil)
    return (
        ordered[place - 1] if place else None,
        ordered[place + 1] if place + 1 < len(ordered) else None,
    )
