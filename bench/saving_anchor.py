"""One field saved the plain Django way: the anchor of autosave.

It does the same work for the same response: the same middleware and session, the same checks, the same parsing, the same
two rows written, the same figures and findings recomputed from the same answers of this year and last, with the same bounds
and explanations, the same template. What differs is what Django's documentation teaches: each thing is fetched as a
model object when it is needed, `get_object_or_404` for the submission, a query for the membership, one for the old
value, one each for the answers, last year's, the explanations and the bounds, `update_or_create` and `create` within
`atomic`.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from surveys.forms.cells import cell_of, key_of_name
from surveys.forms.patch import delivery_for, patch_of
from surveys.models import (
    Answer,
    AnswerChange,
    Explanation,
    Organisation,
    Participation,
    Reason,
    Source,
    Submission,
)
from surveys.models.answer import to_hundredths, to_value
from surveys.permissions import Access, may_fill_in
from surveys.queries.answers import Stored
from surveys.queries.bounds import bounds_for
from surveys.queries.explanations import Explained
from surveys.queries.facts import locations_of
from surveys.queries.saving import Before, Known
from surveys.queries.terms import with_terms
from surveys.questionnaires.dependencies import Touched, dependencies
from surveys.questionnaires.loader import edition_before, load_edition
from surveys.values import clean_text, parse
from surveys.workflow import Role


@require_POST
def answer(request: HttpRequest, year: int, isil: str, questionnaire: str) -> HttpResponse:
    name = next(name.removesuffix("~v") for name in request.POST if name.endswith("~v"))
    code, row = key_of_name(name)
    edition = load_edition(year)
    question = edition.by_code[questionnaire].questions[code]
    submission = get_object_or_404(
        with_terms(Submission.objects.select_related("participation__organisation")),
        participation__round=year,
        participation__organisation__isil=isil,
        questionnaire=questionnaire,
    )
    organisation = submission.participation.organisation
    membership = request.user.memberships.filter(role=Role.LIBRARY.value, organisation=organisation).first()
    if membership is None:
        raise PermissionDenied
    access = Access(Role.LIBRARY, frozenset(membership.questionnaires.split()))
    if not may_fill_in(access, submission):
        raise PermissionDenied
    rows = tuple(location.isil for location in locations_of(submission.participation))
    if row and row not in rows:
        raise Http404

    value = parse(request.POST[name], question.limits)
    assert value is not None
    is_estimate, note = f"{name}~e" in request.POST, clean_text(request.POST.get(f"{name}~n", ""))
    old = Answer.objects.filter(submission=submission, question=code, row=row).first()
    assert int(request.POST[f"{name}~v"]) == (old.version if old else 0)
    now = timezone.now()
    version = round(now.timestamp() * 1_000_000)
    with transaction.atomic():
        Answer.objects.update_or_create(
            submission=submission,
            question=code,
            row=row,
            defaults={
                "state": value.state.value,
                "hundredths": to_hundredths(value.number),
                "text": value.text,
                "is_estimate": is_estimate,
                "note": note,
                "source": Source.FORM,
                "version": version,
                "changed_at": now,
                "changed_by": request.user,
            },
        )
        AnswerChange.objects.create(
            submission=submission,
            question=code,
            row=row,
            old_state=old.state if old else "",
            old_hundredths=old.hundredths if old else None,
            old_text=old.text if old else "",
            state=value.state.value,
            hundredths=to_hundredths(value.number),
            text=value.text,
            is_estimate=is_estimate,
            note=note,
            source=Source.FORM,
            at=datetime.fromtimestamp(version / 1_000_000, UTC),
            by=request.user,
        )

    touched = dependencies(edition, questionnaire, edition_before(year)).touched_by(code)
    answers = Answer.objects.filter(
        submission__participation=submission.participation,
        question__in=[one.code for one in touched.needed if one.is_stored],
    )
    stored = {
        (one.question, one.row): Stored(
            to_value(one.state, one.hundredths, one.text),
            one.is_estimate,
            one.note,
            one.source,
            one.version,
            one.changed_at,
        )
        for one in answers
    }
    before = Participation.objects.filter(organisation=organisation, round=year - 1).first()
    known = Known(
        submission=submission,
        access=access,
        rows=rows,
        answers=stored,
        before=_before(before, touched) if before else None,
        explanations=_explanations(organisation, year),
        bounds=bounds_for(year),
    )
    delivery = delivery_for(known, touched)
    cell = cell_of(delivery, question, row, is_open=True)
    answers_then = {key: one for key, one in stored.items() if key != (code, row)}
    if old:
        answers_then[code, row] = Stored(to_value(old.state, old.hundredths, old.text))
    earlier = replace(known, answers=answers_then)
    patch = patch_of(delivery, touched, question, row, earlier)
    context = {"cell": cell, "patch": patch, "save_url": request.path.removeprefix("/anker"), "is_open": True}
    response = render(request, "library/saved.html", context)
    response["HX-Trigger"] = json.dumps({"wsob:visible": patch.visible})
    return response


def _before(participation: Participation, touched: Touched) -> Before:
    answers = Answer.objects.filter(submission__participation=participation)
    stored = answers.filter(question__in=[one.code for one in touched.needed_before if one.is_stored])
    repeating = answers.filter(question__in=[one.code for one in touched.repeating_before])
    return Before(
        answers={(one.question, one.row): to_value(one.state, one.hundredths, one.text) for one in stored},
        rows=tuple(sorted(repeating.values_list("row", flat=True).distinct())),
        inhabitants=participation.inhabitants,
        locations=len(locations_of(participation)),
    )


def _explanations(organisation: Organisation, year: int) -> dict[tuple[int, str, str], Explained]:
    given = Explanation.objects.filter(
        participation__organisation=organisation, participation__round__in=(year, year - 1)
    )
    return {
        (one.participation.round_id, one.rule, one.row): Explained(
            text=one.text,
            reason=Reason(one.reason),
            figures=one.figures,
            event=one.event,
            is_confirmed=one.is_confirmed,
            at=one.at,
            by=one.by.name,
            year=one.participation.round_id,
        )
        for one in given.select_related("participation", "event", "by").order_by("at", "pk")
    }
