"""One delivery as the KB reads it: beside last year and comparable libraries, with what is asked and decided about it.

A POI reads along.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from surveys.forms.deciding import ReturnForm
from surveys.models import Organisation, Submission
from surveys.permissions import (
    Access,
    may_approve,
    may_ask,
    may_comment,
    may_oversee,
    may_send_back,
    may_take,
)
from surveys.queries.access import find_oversight, find_submission
from surveys.queries.approval import obstacle
from surveys.queries.deliveries import delivery_of
from surveys.queries.peer_medians import peer_medians
from surveys.queries.progress import progress_of
from surveys.queries.queue import queue
from surveys.queries.remarks import counts_of, remarks_of, visible_to
from surveys.queries.steps import newest_change, readers_of_profile
from surveys.queries.trails import trails_of
from surveys.questionnaires.schema import PROFILE
from surveys.views.margin import (
    Addresses,
    Margin,
    asked,
    by_answer,
    is_in_the_way,
    most_common,
    open_first,
    raised,
)
from surveys.views.reading import pages_of
from surveys.views.requests import UserRequest
from surveys.workflow import DELIVERED, RemarkState, SubmissionState

BY_WEIGHT = "belang"
"""In the address: the organisations before and after are those of the queue."""


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
    seen_change = newest_change(submission)
    remarks = open_first(remarks_of(submission, visible_to(access, request.user)))
    _, organisations = find_oversight(request.user)
    delivery = delivery_of(submission)
    medians = peer_medians(delivery)
    addresses = Addresses(
        reverse("review_submission", args=[year, isil, submission.questionnaire]),
        order_of(request),
        "vraag-tekst" if may_ask(access) else "opmerking-tekst",
    )
    margin = Margin(
        medians=medians,
        trails=trails_of(submission),
        remarks=by_answer(remarks),
        url_of=addresses.answer,
    )
    states = dict(participation.submissions.values_list("questionnaire", "state"))
    by_weight = bool(order_of(request))
    previous, following = neighbours(organisations, submission, by_weight=by_weight)
    seen = max((one.pk for one in transitions), default=0)
    is_profile = submission.questionnaire == PROFILE
    context = {
        "access": access,
        "year": year,
        "last_year": year - 1,
        "delivery": delivery,
        "submission": submission,
        "organisation": participation.organisation,
        "pages": pages_of(delivery, margin),
        "medians": medians,
        "peers": most_common(medians.values()),
        "signals": [raised(one, delivery, margin, addresses) for one in delivery.signals],
        "remarks": [asked(one, delivery, addresses) for one in remarks],
        "drafts": [one for one in remarks if one.current_state is RemarkState.DRAFT],
        "term": submission.term,
        "is_mine": submission.reviewer_id == request.user.pk,
        "may_take": may_take(access) and submission.current_state in DELIVERED,
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
        "is_changed": any(one.is_later for one in margin.trails.values()),
        "may_approve": may_approve(access),
        "may_send_back": may_send_back(access),
        "may_ask": may_ask(access),
        "may_comment": may_comment(access),
        "seen": seen,
        "seen_change": seen_change,
        "obstacle": obstacle(
            submission.current_state,
            delivery.signals,
            asked=counts_of(remarks),
            step="confirm" if submission.current_state is SubmissionState.APPROVED else "approve",
        ),
        "first_in_the_way": next(
            (asked(one, delivery, addresses).url for one in remarks if is_in_the_way(one)), ""
        ),
        "comments": counts_of(remarks).comments,
        "readers": readers_of_profile(delivery.edition, states) if is_profile else "",
        "return_form": refused.seen_at(seen) if refused else ReturnForm(initial={"gezien": seen}),
        "previous": previous,
        "following": following,
        "by_weight": by_weight,
        "order": order_of(request),
    }
    return render(request, "review/submission.html", context, status=status)


def order_of(request: UserRequest) -> str:
    """What of the address goes along to the next page of the same round of reviewing."""
    return f"?volgorde={BY_WEIGHT}" if request.GET.get("volgorde") == BY_WEIGHT else ""


def back_to_list(request: UserRequest, year: int, isil: str, questionnaire: str) -> HttpResponse:
    return redirect(reverse("review_submission", args=[year, isil, questionnaire]) + order_of(request))


_Neighbour = tuple[str, str] | None


def neighbours(
    organisations: QuerySet[Organisation], submission: Submission, *, by_weight: bool
) -> tuple[_Neighbour, _Neighbour]:
    """ISIL code and name of the organisations before and after this one.

    By name as in the table, or by weight: those with this list in the queue, in its order.
    """
    year, isil = submission.participation.round_id, submission.participation.organisation.isil
    pairs = organisations.filter(participations__round_id=year, participations__ended_by=None).values_list(
        "isil", "name"
    )
    names = dict(sorted(pairs, key=lambda pair: pair[1].casefold()))
    ordered = list(names)
    if by_weight:
        of_list = (one for one in queue(year).items if one.questionnaire.code == submission.questionnaire)
        ordered = [one for one in dict.fromkeys(item.summary.isil for item in of_list) if one in names]
    if isil not in ordered:  # it takes part no longer, or nothing stands out any more: on to what weighs most
        first = next(iter(ordered), None) if by_weight else None
        return None, (first, names[first]) if first else None
    place = ordered.index(isil)
    before, after = ordered[:place][-1:], ordered[place + 1 :][:1]
    return _named(before, names), _named(after, names)


def _named(isils: list[str], names: Mapping[str, str]) -> _Neighbour:
    return next(((isil, names[isil]) for isil in isils), None)
