"""What the KB does to an answer itself: it corrects it, or says in its own name why a signal may stay. Posts only."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from surveys.actions.answering import ChangedError, RecheckError
from surveys.actions.answers import Gate
from surveys.actions.corrections import correct as correct_answer
from surveys.actions.explanations import ClosedError
from surveys.actions.explanations import explain as keep_explanation
from surveys.forms.asking import CorrectForm
from surveys.forms.explaining import ExplainForm, stand_of
from surveys.forms.talks import answer_url
from surveys.permissions import may_ask
from surveys.views.answer_page import Subject, find_subject, page_of_answer
from surveys.views.asking import ONLY_KB, about_in
from surveys.views.requests import UserRequest
from surveys.workflow import StepRefusedError

_ASK_INSTEAD = (
    "Wat ontbreekt weet alleen de bibliotheek: stel haar hiernaast een vraag over dit antwoord. "
    "Zij kan dan dit antwoord wijzigen en invullen wat erbij hoort."
)


@require_POST
def correct(request: UserRequest, **place: Any) -> HttpResponse:
    """Another answer in place of the library's. 422: it cannot be; 409: somebody was first. Both keep what was typed."""
    _, access, subject = about_in(request, place)
    if not may_ask(access):
        raise PermissionDenied(ONLY_KB)
    if subject is None or not subject.question.is_stored:
        raise Http404("Dit antwoord wordt niet ingevuld.")
    stored = subject.delivery.answers.get(subject.key)
    form = CorrectForm(request.POST, question=subject.question, stored=stored)
    if not form.is_valid():
        return page_of_answer(request, subject, correction=form, status=422)
    try:
        correct_answer(
            submission=subject.submission,
            entry=form.entry(subject.row),
            reason=form.cleaned_data["reden"],
            by=request.user,
        )
    except RecheckError as error:
        told = tuple(one.finding.message for one in error.found.errors)
        told += tuple(
            f"{one.question.number} {one.question.label} ontbreekt dan." for one in error.found.missing
        )
        if error.found.missing:
            told += (_ASK_INSTEAD,)
        return page_of_answer(request, subject, correction=form, problems=told, status=422)
    except ChangedError as error:
        again = find_subject(request, code=subject.question.code, row=subject.row, **place)
        form.data = {**form.data.dict(), "versie": _version(again)}  # type: ignore[attr-defined]
        return page_of_answer(request, again, correction=form, problems=(str(error),), status=409)
    except StepRefusedError as error:
        return page_of_answer(request, subject, correction=form, problems=(str(error),), status=409)
    messages.success(request, "Gecorrigeerd. De bibliotheek ziet wat er stond, wat er nu staat en waarom.")
    return redirect(answer_url(subject.submission, *subject.key))


def _version(subject: Subject) -> str:
    stored = subject.delivery.answers.get(subject.key)
    return str(stored.version if stored else 0)


@require_POST
def explain_for(request: UserRequest, **place: Any) -> HttpResponse:
    """The KB says in its own name why a signal may stay."""
    _, access, subject = about_in(request, place)
    if not may_ask(access):
        raise PermissionDenied(ONLY_KB)
    if subject is None:
        raise Http404("Deze vraag is er niet.")
    name = request.POST.get("signaal", "")
    signal = next((one for one in subject.delivery.signals if one.finding.id == name), None)
    if signal is None or signal.is_error or request.POST.get("stand") != stand_of(signal.finding):
        messages.warning(request, "Dit signaal is intussen anders of weg. Er is niets bewaard.")
        return redirect(answer_url(subject.submission, *subject.key))
    form = ExplainForm(request.POST, signal=signal, about=subject.question.label, takes_focus=True)
    given = form.given
    if given is None:
        return page_of_answer(request, subject, explained={name: form}, status=422)
    try:
        keep_explanation(
            submission=subject.submission,
            finding=signal.finding,
            reason=given.reason,
            text=given.text,
            by=request.user,
            gate=Gate.CORRECTING,
        )
    except ClosedError as error:  # the list was sent back meanwhile
        return page_of_answer(request, subject, explained={name: form}, problems=(str(error),), status=409)
    messages.success(request, "Uw toelichting staat bij het signaal.")
    return redirect(answer_url(subject.submission, *subject.key))
