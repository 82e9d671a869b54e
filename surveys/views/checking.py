"""The signals of one list: all together, explained, repaired. Beside a field the same two posts come from htmx."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from surveys.actions.explanations import ClosedError
from surveys.actions.explanations import explain as keep_explanation
from surveys.actions.repairs import MeanwhileError, mark_of
from surveys.actions.repairs import repair as undo_slip
from surveys.forms.addresses import field_url
from surveys.forms.cells import cell_of
from surveys.forms.explaining import ExplainForm, Given, stand_of, taken_over
from surveys.forms.signals import Forms, Shown, on_page
from surveys.models import Event, Submission, User
from surveys.permissions import Access, may_fill_in
from surveys.queries.access import find_submission
from surveys.queries.deliveries import Delivery, delivery_of, profile_is_settled
from surveys.queries.progress import progress_of
from surveys.queries.signals import Signal
from surveys.queries.terms import refusal, shut_to
from surveys.queries.timeline import timeline_of
from surveys.questionnaires.rule import RuleKind
from surveys.questionnaires.schema import PROFILE
from surveys.rules import Slip
from surveys.values import format_value
from surveys.views.requests import UserRequest
from surveys.workflow import DELIVERED, StepRefusedError

GONE = "Dit signaal is er niet meer: een cijfer is intussen gewijzigd. Er is niets bewaard."
MEANWHILE = "Een antwoord is intussen gewijzigd. Er is niets hersteld; kijk of het cijfer nu klopt."


@dataclass(frozen=True, slots=True)
class Page:
    """The page Controleren of one list, as this user sees it."""

    submission: Submission
    access: Access
    delivery: Delivery
    events: list[Event]

    @property
    def is_open(self) -> bool:
        return may_fill_in(self.access, self.submission)

    @property
    def place(self) -> dict[str, Any]:
        return {
            "year": self.delivery.edition.year,
            "isil": self.submission.participation.organisation.isil,
            "questionnaire": self.submission.questionnaire,
        }

    def signal(self, name: str) -> Signal | None:
        return next((one for one in self.delivery.signals if one.finding.id == name), None)

    def after(self, name: str) -> str:
        """The open signal to go on with when that of this name has been dealt with; empty when none is left."""
        names = [one.finding.id for one in self.delivery.signals]
        left = [one.finding.id for one in self.delivery.signals if one.is_open and one.finding.id != name]
        place = names.index(name) if name in names else 0
        return next((one for one in left if names.index(one) > place), left[0] if left else "")


@require_GET
def check(request: UserRequest, *, year: int, isil: str, questionnaire: str) -> HttpResponse:
    """All signals of the list, what matters most first."""
    page = _page(request, year, isil, questionnaire)
    return render(request, "library/check.html", _context(page, dealt_with=request.GET.get("na", "")))


@require_POST
def explain(request: UserRequest, *, year: int, isil: str, questionnaire: str) -> HttpResponse:
    """Keep an explanation: typed, last year's, the one of an older figure, or an event. 422: it explains nothing."""
    page = _open_page(request, year, isil, questionnaire)
    signal = page.signal(request.POST.get("signaal", ""))
    if signal is None or signal.is_error:
        return _nothing_done(request, page, GONE)
    about = page.delivery.questions[signal.finding.anchor[0]].label
    form = ExplainForm(request.POST, signal=signal, about=about, takes_focus=True)
    given = taken_over(request.POST, signal, page.events) or form.given
    is_seen = request.POST.get("stand") == stand_of(signal.finding)
    if given and not is_seen and not form.is_valid():  # a button of an older page
        return _nothing_done(request, page, GONE)
    if given is None or not is_seen:
        if not is_seen:
            form.refuse_unseen()
        return _refused(request, page, signal, {signal.finding.id: form})
    _keep(page, signal, given, request.user)
    if "veld" in request.POST:
        return _beside(request, _page(request, year, isil, questionnaire), signal)
    messages.success(request, f"Uitleg bewaard bij ‘{about}’.")
    return _back_to_page(page, signal.finding.id)


def _keep(page: Page, signal: Signal, given: Given, by: User) -> None:
    try:
        keep_explanation(
            submission=page.submission,
            finding=signal.finding,
            by=by,
            reason=given.reason,
            text=given.text,
            event=given.event,
            is_confirmed=given.is_confirmed,
        )
    except ClosedError as error:  # a colleague submitted it meanwhile
        raise PermissionDenied(str(error)) from error


@require_POST
def repair(request: UserRequest, *, year: int, isil: str, questionnaire: str) -> HttpResponse:
    """Undo a slip: exactly what the button said, or nothing when another answer stands there now."""
    page = _open_page(request, year, isil, questionnaire)
    signal = page.signal(request.POST.get("signaal", ""))
    slip = _slip(signal, request.POST.get("herstel", ""), page)
    if signal is None or slip is None:
        return _nothing_done(request, page, MEANWHILE)
    try:
        versions = undo_slip(
            submission=page.submission, slip=slip, stored=page.delivery.answers, by=request.user
        )
    except MeanwhileError:
        return _nothing_done(request, page, MEANWHILE)
    except StepRefusedError as error:  # a colleague submitted it meanwhile
        raise PermissionDenied(str(error)) from error
    messages.success(request, f"Hersteld: {_repaired_words(slip, page.delivery)}.")
    if "veld" not in request.POST:
        return _back_to_page(page, signal.finding.id)
    key = slip.changes[0][0]
    url, _, field = field_url(page.delivery.edition, isil, key).partition("#")
    # With another query the browser loads the page anew, instead of only going to the field.
    return HttpResponse(headers={"HX-Redirect": f"{url}?hersteld={versions[key]}#{field}"})


def _slip(signal: Signal | None, mark: str, page: Page) -> Slip | None:
    """The one of this mark, when all it changes is in this list."""
    own = page.delivery.questionnaire.questions
    slips = signal.finding.slips if signal else ()
    return next(
        (
            one
            for one in slips
            if signal
            and mark_of(signal.finding, one) == mark
            and all(code in own for (code, _), _ in one.changes)
        ),
        None,
    )


def _repaired_words(slip: Slip, delivery: Delivery) -> str:
    told = []
    for (code, _), value in slip.changes:
        question = delivery.questions[code]
        text = format_value(value, question.kind, question.labels)
        told.append(f"‘{question.label}’ is nu {text or 'leeg; vul het opnieuw in'}")
    return " en ".join(told)


def _page(request: UserRequest, year: int, isil: str, questionnaire: str) -> Page:
    submission, access = find_submission(request.user, year=year, isil=isil, questionnaire=questionnaire)
    events = timeline_of(submission.participation.organisation_id)
    return Page(submission, access, delivery_of(submission), events)


def _open_page(request: UserRequest, year: int, isil: str, questionnaire: str) -> Page:
    page = _page(request, year, isil, questionnaire)
    if not page.is_open:
        raise PermissionDenied(refusal(page.access, page.submission))
    return page


def _context(page: Page, *, dealt_with: str = "", refused: Forms | None = None) -> dict[str, Any]:
    """`next_id`: the signal before which it is told what has been done."""
    shown = [
        on_page(one, page.delivery, page.events, may_fill_in=page.is_open, refused=refused)
        for one in page.delivery.signals
    ]
    left = [one for one in shown if one.signal.is_open]
    is_ready = page.submission.questionnaire == PROFILE or profile_is_settled(page.submission)
    return {
        **page.place,
        "access": page.access,
        "delivery": page.delivery,
        "submission": page.submission,
        "organisation": page.submission.participation.organisation,
        "questionnaire": page.delivery.questionnaire,
        "is_open": page.is_open,
        "shut": shut_to(page.access, page.submission),
        "is_delivered": page.submission.current_state in DELIVERED,
        "profile_is_open": not is_ready,
        "progress": progress_of(page.delivery),
        "checks": sum(rule.kind is not RuleKind.PRESENCE for rule in page.delivery.rules),
        "errors": [one for one in left if one.signal.is_error],
        "scopes": [one for one in left if one.is_scope and not one.signal.is_error],
        "warnings": [one for one in left if not one.is_scope and not one.signal.is_error],
        "explained": [one for one in shown if not one.signal.is_open],
        "causes": _causes(page, left) if page.is_open else (),
        "dealt_with": bool(dealt_with),
        "next_id": page.after(dealt_with) if dealt_with else "",
    }


def _causes(page: Page, left: list[Shown]) -> list[tuple[Event, int]]:
    """The events that may explain more than one open signal, and how many."""
    counts = [(event, sum(event in one.events for one in left)) for event in page.events]
    return [(event, count) for event, count in counts if count > 1]


def _back_to_page(page: Page, name: str) -> HttpResponse:
    return redirect(f"{reverse('check', kwargs=page.place)}?{urlencode({'na': name})}#verder")


def _refused(
    request: UserRequest, page: Page, signal: Signal, forms: Mapping[str, ExplainForm]
) -> HttpResponse:
    if "veld" in request.POST:
        return _beside(request, page, signal, refused=forms)
    return render(request, "library/check.html", _context(page, refused=forms), status=422)


def _beside(
    request: UserRequest, page: Page, signal: Signal, refused: Mapping[str, ExplainForm] | None = None
) -> HttpResponse:
    """What is told at the answer of the signal, as it is now; the section's count goes along."""
    code, row = signal.finding.anchor
    question = page.delivery.questions[code]
    section = page.delivery.questionnaire.section(question.section)
    context = {
        "cell": cell_of(page.delivery, question, row, is_open=True),
        "section": section,
        "progress": progress_of(page.delivery, section),
        "all_progress": progress_of(page.delivery),
        "save_url": reverse("answer", kwargs=page.place),
        "is_open": True,
        "refused": refused,
        "just_explained": "" if refused else signal.finding.id,
    }
    return render(request, "library/explained.html", context, status=422 if refused else 200)


def _nothing_done(request: UserRequest, page: Page, words: str) -> HttpResponse:
    """Say so on the page as it is now."""
    messages.warning(request, words)
    if "veld" in request.POST:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect(reverse("check", kwargs=page.place))
