"""The save of one field as it is left, and what it changes on the page. At most seven statements."""

from __future__ import annotations

import json
from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from surveys.actions.answers import Saved, save_answers
from surveys.actions.submissions import NO_LONGER, begin
from surveys.forms.cells import NOT_SAVED, Cell, cell_of, conflict_with, key_of_name
from surveys.forms.inputs import Inputs, read_inputs
from surveys.forms.patch import delivery_for, patch_of, with_saved
from surveys.models import Participation, Source, User
from surveys.permissions import may_fill_in
from surveys.queries.answers import Stored, answer_at, answers_of
from surveys.queries.saving import Known, known_for_save
from surveys.queries.terms import refusal
from surveys.questionnaires.dependencies import dependencies
from surveys.questionnaires.loader import edition_before
from surveys.questionnaires.schema import Question
from surveys.views.requests import UserRequest, edition_or_404
from surveys.workflow import StepRefusedError


@require_POST
def answer(request: UserRequest, *, year: int, isil: str, questionnaire: str) -> HttpResponse:
    """200: saved. 409: a colleague was first. 422: this cannot be kept. Each with what the page must change."""
    question, row = _posted_question(request, year, questionnaire)
    edition = edition_or_404(year)
    touched = dependencies(edition, questionnaire, edition_before(year)).touched_by(question.code)
    known = known_for_save(
        request.user, year=year, isil=isil, questionnaire=questionnaire, row=row, touched=touched
    )
    if not may_fill_in(known.access, known.submission):
        raise PermissionDenied(refusal(known.access, known.submission))
    earlier = known
    inputs = read_inputs(
        request.POST,
        [(question, row)],
        known.answers,
        seen=lambda key, version: answer_at(known.submission, key, version) if version else None,
    )
    saved = _save(known, inputs, request.user)
    if saved.conflicts:
        known = _read_again(known, inputs)
    now = with_saved(known, inputs, saved)
    delivery = delivery_for(now, touched)
    cell = cell_of(delivery, question, row, is_open=True)
    status = _refuse(cell, inputs, saved, known.answers.get((question.code, row)))
    patch = patch_of(delivery, touched, question, row, earlier)
    context = {"cell": cell, "patch": patch, "save_url": request.path, "is_open": True}
    response = render(request, "library/saved.html", context, status=status)
    response["HX-Trigger"] = json.dumps({"wsob:visible": patch.visible})
    return response


def _posted_question(request: UserRequest, year: int, questionnaire: str) -> tuple[Question, str]:
    """The one field that was sent. Raises Http404 when there is no such question, or it is not asked."""
    names = [name.removesuffix("~v") for name in request.POST if name.endswith("~v")]
    edition = edition_or_404(year)
    if len(names) != 1 or questionnaire not in edition.by_code:
        raise Http404("Dit antwoord hoort niet bij deze vragenlijst.")
    code, row = key_of_name(names[0])
    question = edition.by_code[questionnaire].questions.get(code)
    if question is None or not question.is_asked or question.repeats != bool(row):
        raise Http404("Deze vraag is er niet.")
    return question, row


def _save(known: Known, inputs: Inputs, by: User) -> Saved:
    if not inputs.entries:
        return Saved()
    try:
        begin(submission=known.submission, by=by)
    except StepRefusedError as error:  # a colleague submitted it meanwhile
        raise PermissionDenied(str(error)) from error
    return save_answers(submission=known.submission, entries=inputs.entries, by=by, source=Source.FORM.value)


def _read_again(known: Known, inputs: Inputs) -> Known:
    """Between the read and the write a colleague was first. Raises PermissionDenied when by submitting the list or ending all."""
    [entry] = inputs.entries
    others = {key: one for key, one in known.answers.items() if key[0] != entry.question}
    answers = {**others, **answers_of(known.submission, [entry.question])}
    theirs = answers.get(entry.key)
    if (theirs and theirs.version) == (entry.before and entry.before.version):
        ended = Participation.objects.filter(pk=known.submission.participation_id).exclude(ended_by=None)
        submitted = "Een collega heeft deze vragenlijst zojuist ingediend."
        raise PermissionDenied(NO_LONGER if ended.exists() else submitted)
    return replace(known, answers=answers)


def _refuse(cell: Cell, inputs: Inputs, saved: Saved, theirs: Stored | None) -> int:
    """Mark the cell when it was not saved; the status that says why."""
    key = (cell.question.code, cell.row)
    if key in inputs.errors:
        cell.errors, cell.state = [inputs.errors[key]], NOT_SAVED
        cell.version = inputs.typed[key].version
        return 422
    if key in inputs.stale or key in saved.conflicts:
        cell.conflict, cell.state = conflict_with(theirs, cell.question), NOT_SAVED
        return 409
    return 200
