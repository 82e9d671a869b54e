"""Everything about one answer: values, history, signals, questions; and what the KB and a POI can do with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from surveys.actions.remarks import opens
from surveys.forms.asking import AskForm, CorrectForm, SayForm
from surveys.forms.cells import cell_of
from surveys.forms.signals import Forms, on_page
from surveys.forms.talks import Refused, kb_people, labels_of, place_of, talk_of, value_text
from surveys.models import Submission
from surveys.permissions import Access, may_ask, may_comment, may_oversee
from surveys.queries.access import find_submission
from surveys.queries.deliveries import Delivery, delivery_of
from surveys.queries.histories import history_of
from surveys.queries.peer_medians import peer_medians
from surveys.queries.remarks import remarks_of, visible_to
from surveys.queries.untold import untold_of
from surveys.questionnaires.schema import Question
from surveys.values import Key, format_number
from surveys.views.requests import UserRequest
from surveys.views.review import order_of
from surveys.workflow import DELIVERED, RemarkState

ONLY_OVERSEERS = "Deze pagina is voor de KB en de POI’s."


@dataclass(frozen=True, slots=True)
class Subject:
    """The answer that a page is about, of a list that this user oversees."""

    submission: Submission
    access: Access
    delivery: Delivery
    question: Question
    row: str

    @property
    def key(self) -> Key:
        return (self.question.code, self.row)

    @property
    def names(self) -> Mapping[str, str]:
        return {one.isil: one.name for one in self.delivery.locations}

    @property
    def is_delivered(self) -> bool:
        return self.submission.current_state in DELIVERED


def find_subject(
    request: UserRequest, *, year: int, isil: str, questionnaire: str, code: str, row: str = ""
) -> Subject:
    """Raises Http404 when nothing like it is asked, PermissionDenied for a library."""
    submission, access = find_submission(request.user, year=year, isil=isil, questionnaire=questionnaire)
    if not may_oversee(access):
        raise PermissionDenied(ONLY_OVERSEERS)
    delivery = delivery_of(submission)
    question = delivery.questionnaire.questions.get(code)
    if question is None or question.repeats != bool(row) or (row and row not in delivery.rows):
        raise Http404("Deze vraag is er niet.")
    return Subject(submission, access, delivery, question, row)


@require_safe
def answer_page(
    request: UserRequest, *, year: int, isil: str, questionnaire: str, code: str, row: str = ""
) -> HttpResponse:
    """One answer. `controle` in the address: the signal that a question is to be asked about."""
    subject = find_subject(request, year=year, isil=isil, questionnaire=questionnaire, code=code, row=row)
    return page_of_answer(request, subject)


def page_of_answer(
    request: UserRequest,
    subject: Subject,
    *,
    ask: AskForm | None = None,
    correction: CorrectForm | None = None,
    explained: Forms | None = None,
    said: Refused | None = None,
    remark_to_kb: SayForm | None = None,
    problems: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    """The same page for what was refused, with what had been typed."""
    submission, access, delivery = subject.submission, subject.access, subject.delivery
    question, key = subject.question, subject.key
    is_kb = may_ask(access)
    rule = request.GET.get("controle", "") or (ask.data.get("regel", "") if ask else "")
    told = [one for one in delivery.signals if key in (one.finding.anchor, *one.finding.keys)]
    remarks = remarks_of(submission, visible_to(access, request.user), key)
    untold = untold_of(remarks) if is_kb else []
    context = {
        **place_of(submission),
        "access": access,
        "submission": submission,
        "organisation": submission.participation.organisation,
        "questionnaire": delivery.questionnaire,
        "last_year": delivery.edition.year - 1,
        "question": question,
        "row": subject.row,
        "order": order_of(request),
        "row_name": subject.names.get(subject.row, ""),
        "cell": cell_of(delivery, question, subject.row, is_open=False),
        "stored": delivery.answers.get(key),
        "median": _median(subject),
        "history": [
            (one, *(value_text(question, v) for v in (one.before, one.after)))
            for one in history_of(submission, key)
        ],
        "signals": [
            on_page(one, delivery, (), may_fill_in=is_kb and subject.is_delivered, refused=explained)
            for one in told
        ],
        "talks": [
            talk_of(one, access, delivery.edition, subject.names, said, is_untold=one in untold)
            for one in remarks
        ],
        "drafts": [one for one in remarks if one.current_state is RemarkState.DRAFT],
        "back": None,
        "people": kb_people() if is_kb else (),
        "is_kb": is_kb,
        "is_delivered": subject.is_delivered,
        "opens": _opens(subject, rule),
        "problems": problems,
        "refused": [
            one
            for one in (ask, correction, remark_to_kb, *(said or {}).values(), *(explained or {}).values())
            if one is not None and one.is_bound and one.errors
        ],
        **_forms(subject, rule, ask, correction, remark_to_kb),
    }
    return render(request, "review/answer.html", context, status=status)


def _forms(
    subject: Subject,
    rule: str,
    ask: AskForm | None,
    correction: CorrectForm | None,
    remark_to_kb: SayForm | None,
) -> dict[str, Any]:
    """What this user can do here."""
    may_change = may_ask(subject.access) and subject.is_delivered
    found: dict[str, Any] = {}
    if may_change:
        found["ask_form"] = ask or _ask_form(subject, rule)
        if subject.question.is_stored:
            stored = subject.delivery.answers.get(subject.key)
            found["correct_form"] = correction or CorrectForm(question=subject.question, stored=stored)
    if may_comment(subject.access):
        label = "Uw opmerking aan de KB"
        found["comment_form"] = remark_to_kb or SayForm(name="opmerking", label=label)
    return found


def _ask_form(subject: Subject, rule: str) -> AskForm:
    about = next(
        (one for one in subject.delivery.findings if (one.code, one.row) == (rule, subject.row)), None
    )
    form = AskForm(name="vraag")
    form.initial = {
        "openzetten": True,
        "regel": rule if about else "",
        "tekst": f"{about.message} Klopt dit?" if about else "",
    }
    return form


def _opens(subject: Subject, rule: str) -> list[str]:
    """What the library may change with a question that is asked here, in words."""
    delivery, names = subject.delivery, subject.names
    keys = opens(delivery, question=subject.question.code, row=subject.row, rule=rule)
    shown = [key for key in keys if delivery.evaluation.is_visible(key)]
    return labels_of(shown, delivery.edition, names)


def _median(subject: Subject) -> tuple[str, str] | None:
    """What comparable libraries report, and who they are; None while that is not known."""
    middle = peer_medians(subject.delivery).get(subject.question.code)
    if middle is None:
        return None
    number = middle.number.quantize(Decimal(1)) if abs(middle.number) >= 100 else round(middle.number, 1)
    how = ", naar het aantal inwoners" if middle.is_scaled else ""
    return format_number(number), f"{middle.count} bibliotheken: {middle.group}{how}"
