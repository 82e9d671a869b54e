"""The library's page of one question of the KB: what is asked, what was said, and the answers that it may change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from surveys.actions.answering import ChangedError, RecheckError, answer_remark
from surveys.forms.answering import AnswerForm
from surveys.forms.signals import on_page
from surveys.forms.talks import place_of, value_text
from surveys.models import Remark, Submission
from surveys.permissions import Access, may_answer
from surveys.queries.access import find_submission
from surveys.queries.deliveries import Delivery, delivery_of
from surveys.queries.histories import changes_since
from surveys.queries.remarks import find_remark, reopened_keys, stand_of, visible_to
from surveys.values import Key
from surveys.views.requests import UserRequest
from surveys.workflow import DELIVERED, RemarkState, Role, StepRefusedError


@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: UserRequest, *, year: int, isil: str, questionnaire: str, remark: int) -> HttpResponse:
    """POST answers it: all of it or nothing. 422: the change cannot stay so, or wants words; 409: somebody was first."""
    submission, access = find_submission(request.user, year=year, isil=isil, questionnaire=questionnaire)
    found = find_remark(submission, remark, visible_to(access, request.user))
    if request.method != "POST":
        return _page(request, found, access)
    if not may_answer(access, submission):
        raise PermissionDenied("Vragen over deze vragenlijst kunt u niet beantwoorden.")
    delivery = delivery_of(submission)
    form = _form(found, delivery, access, request.POST)
    if not form.is_valid():
        return _page(request, found, access, form, status=409 if form.inputs.stale else 422)
    try:
        answer_remark(
            remark=found,
            by=request.user,
            text=form.cleaned_data["tekst"],
            seen=request.POST.get("gezien", "")[:40],
            entries=form.inputs.entries,
            words=form.words,
        )
    except RecheckError as error:
        form.show_refused(error)
        return _page(request, found, access, form, status=422)
    except ChangedError as error:
        form = _form(found, delivery_of(submission), access, request.POST)
        form.full_clean()
        form.problems = form.problems or [str(error)]
        return _page(request, found, access, form, status=409)
    except StepRefusedError as error:
        messages.error(request, f"{error} Er is niets verstuurd.")
        return _page(request, _again(request, found, access), access, form, status=409)
    messages.success(
        request,
        "Uw antwoord is verstuurd; u hoeft verder niets in te dienen. De KB leest uw antwoord en mailt u als er nog iets is.",
    )
    return redirect(reverse("asked", kwargs={**place_of(submission), "remark": remark}))


def _again(request: UserRequest, remark: Remark, access: Access) -> Remark:
    """As it stands now."""
    return find_remark(remark.submission, remark.pk, visible_to(access, request.user))


def _form(remark: Remark, delivery: Delivery, access: Access, data: Any = None) -> AnswerForm:
    own = delivery.questionnaire.questions
    kept = reopened_keys(remark)
    keys = [(code, row) for code in own for row in ("", *delivery.rows) if (code, row) in kept]
    is_open = may_answer(access, remark.submission) and _may_change(remark)
    return AnswerForm(data, delivery=delivery, keys=keys, is_open=is_open)


def _may_change(remark: Remark) -> bool:
    return remark.current_state is RemarkState.OPEN and remark.submission.current_state in DELIVERED


def _page(
    request: UserRequest,
    remark: Remark,
    access: Access,
    form: AnswerForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    submission: Submission = remark.submission
    delivery = form.delivery if form else delivery_of(submission)
    form = form or _form(remark, delivery, access)
    about = delivery.questions.get(remark.question)
    keys = {*form.keys, (remark.question, remark.row)}
    place = place_of(submission)
    context = {
        **place,
        "access": access,
        "submission": submission,
        "organisation": submission.participation.organisation,
        "questionnaire": delivery.questionnaire,
        "remark": remark,
        "stand": stand_of(remark),
        "about": about,
        "row_name": next((one.name for one in delivery.locations if one.isil == remark.row), ""),
        "form": form,
        "may_answer": may_answer(access, submission) and remark.current_state is RemarkState.OPEN,
        "may_change": _may_change(remark),
        "is_theirs": access.role is Role.LIBRARY,
        "signals": [
            on_page(one, delivery, (), may_fill_in=False)
            for one in delivery.signals
            if keys.intersection((one.finding.anchor, *one.finding.keys))
        ],
        "changes": _changes(remark, delivery, tuple(form.keys)),
        "save_url": reverse("answer", kwargs=place),
        "last_year": str(delivery.edition.year - 1),
        "is_open": False,  # the signals beside a field are answered with the whole form
    }
    return render(request, "library/asked.html", context, status=status)


def _changes(remark: Remark, delivery: Delivery, keys: tuple[Key, ...]) -> list[tuple[str, str, str, str]]:
    """Label, from, to and by whom, since it was asked."""
    if remark.sent_at is None or not keys:
        return []
    names = {one.isil: f" ({one.name})" for one in delivery.locations}
    told = []
    for one in changes_since(remark.submission, keys, remark.sent_at):
        question = delivery.questions[one.key[0]]
        label = f"{question.number} {question.label}{names.get(one.key[1], '')}"
        told.append((label, value_text(question, one.before), value_text(question, one.after), one.by))
    return told
