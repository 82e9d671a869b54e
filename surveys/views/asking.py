"""What the KB asks about an answer or a list, and what becomes of it; and what a POI remarks to the KB. Posts only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from surveys.actions.asking import Sent, ask_anew, mail_again
from surveys.actions.asking import send_remarks as send
from surveys.actions.remarks import GONE, assign, close, draft_remark, drop_draft, reply
from surveys.actions.remarks import comment as tell_kb
from surveys.forms.asking import AskForm, SayForm
from surveys.forms.talks import about_in_words, answer_url, kb_people
from surveys.models import Remark, Submission
from surveys.permissions import Access, may_ask, may_comment
from surveys.queries.access import find_submission
from surveys.queries.remarks import find_remark, visible_to
from surveys.views.answer_page import Subject, find_subject, page_of_answer
from surveys.views.remarks import page_of_list
from surveys.views.requests import UserRequest
from surveys.workflow import Role, StepRefusedError

ONLY_KB = "Vragen stellen en corrigeren doet de KB."


@require_POST
def ask(request: UserRequest, **place: Any) -> HttpResponse:
    """Write a question to the library; it goes out with the others of its list."""
    submission, access, subject = about_in(request, place)
    if not may_ask(access):
        raise PermissionDenied(ONLY_KB)
    form = AskForm(request.POST, name="vraag")
    if not form.is_valid():
        return _again(request, submission, access, subject, ask=form, status=422)
    try:
        remark = draft_remark(
            submission=submission,
            by=request.user,
            text=form.cleaned_data["tekst"],
            question=subject.question.code if subject else "",
            row=subject.row if subject else "",
            rule=form.cleaned_data["regel"] if subject else "",
            may_change=form.cleaned_data["openzetten"],
        )
    except StepRefusedError as error:
        return _again(request, submission, access, subject, ask=form, problems=(str(error),), status=409)
    messages.success(
        request, "Uw vraag staat klaar. De bibliotheek krijgt haar pas als u hieronder op Verstuur drukt."
    )
    return _to(request, remark)


@require_POST
def comment(request: UserRequest, **place: Any) -> HttpResponse:
    """A POI says something to the KB."""
    submission, access, subject = about_in(request, place)
    if not may_comment(access):
        raise PermissionDenied("Een opmerking aan de KB maakt een POI bij haar eigen bibliotheken.")
    form = SayForm(request.POST, name="opmerking", label="Uw opmerking aan de KB")
    if not form.is_valid():
        return _again(request, submission, access, subject, remark_to_kb=form, status=422)
    remark = tell_kb(
        submission=submission,
        by=request.user,
        text=form.cleaned_data["tekst"],
        question=subject.question.code if subject else "",
        row=subject.row if subject else "",
    )
    messages.success(request, "Uw opmerking staat bij de KB.")
    return _to(request, remark)


@require_POST
def send_remarks(request: UserRequest, **place: Any) -> HttpResponse:
    """Send the drafts that the page showed, in one mail."""
    submission, access = find_submission(request.user, **place)
    if not may_ask(access):
        raise PermissionDenied(ONLY_KB)
    numbers = [int(one) for one in request.POST.getlist("vraag") if one.isdecimal() and len(one) < 19]
    try:
        sent = send(submission=submission, only=numbers, by=request.user)
    except StepRefusedError as error:
        messages.error(request, f"{error} Er is niets verstuurd.")
        return _to(request, None, submission)
    if not sent.remarks:
        messages.info(request, "Er stond niets meer klaar om te versturen.")
    else:
        _tell_mails(request, sent, f"{_questions(sent)} verstuurd aan")
    return _to(request, sent.remarks[0] if sent.remarks else None, submission)


@require_POST
def mail_remarks(request: UserRequest, **place: Any) -> HttpResponse:
    """Mail the open questions again of which the mail was refused or never left."""
    submission, access = find_submission(request.user, **place)
    if not may_ask(access):
        raise PermissionDenied(ONLY_KB)
    sent = mail_again(submission=submission, by=request.user)
    if not sent.remarks:
        messages.info(request, "Er is geen open vraag waarover nog gemaild moet worden.")
    else:
        _tell_mails(request, sent, f"{_questions(sent)} opnieuw gemaild aan")
    return redirect(answer_url(submission, "", ""))


def _questions(sent: Sent) -> str:
    count = len(sent.remarks)
    return f"{count} vra{'ag' if count == 1 else 'gen'}"


def _tell_mails(request: UserRequest, sent: Sent, done: str) -> None:
    """Who got it, and who did not."""
    taken = [str(one.recipient) for one in sent.mails if not one.error]
    if taken:
        messages.success(request, f"{done} {', '.join(taken)}.")
    elif not sent.mails:
        messages.warning(
            request,
            "De bibliotheek ziet dit bij haar vragenlijsten, maar er is niemand om te mailen: "
            "geen van haar mensen heeft een account voor deze lijst.",
        )
    for one in sent.refused:
        messages.error(request, f"De mail aan {one.recipient} is geweigerd: {one.error}")


@require_POST
def follow_up(request: UserRequest, *, remark: int, move: str, **place: Any) -> HttpResponse:
    """Ask again, reply, close, take back or hand over. 409: something happened first; what was typed stays."""
    submission, access = find_submission(request.user, **place)
    step = _MOVES.get(move)
    if step is None:
        raise Http404("Deze stap is er niet.")
    if not may_ask(access) and not (move == "reageren" and may_comment(access)):
        raise PermissionDenied(ONLY_KB)
    try:
        found = find_remark(submission, remark, visible_to(access, request.user))
    except Http404:
        messages.warning(request, GONE)
        return redirect(answer_url(submission, "", ""))
    label = "Waarom zonder antwoord?" if move == "sluiten" else "Uw reactie"
    form = SayForm(request.POST, name=f"v{remark}", label=label)
    if move in _SAYING and not form.is_valid():
        return _followed(request, found, access, form, status=422)
    try:
        step(found, request, access)
    except StepRefusedError as error:
        words = f"{error} Er is niets gedaan."
        if request.POST.get("terug") is not None:
            messages.error(request, words)
            return _to(request, found)
        return _followed(request, found, access, form, problems=(words,), status=409)
    messages.success(request, _DONE[move].format(about=about_in_words(found)))
    return _to(request, found if move != "intrekken" else None, submission, found)


_SAYING = frozenset({"opnieuw", "reageren"})
_DONE = {
    "opnieuw": "De vraag is opnieuw gesteld; de bibliotheek kan haar antwoord weer wijzigen.",
    "reageren": "Uw reactie is toegevoegd.",
    "sluiten": "{about} is afgesloten.",
    "intrekken": "De vraag is ingetrokken; zij was nog niet verstuurd.",
    "toewijzen": "De behandelaar is gewijzigd.",
}


def _ask_again(remark: Remark, request: UserRequest, access: Access) -> None:
    sent = ask_anew(remark=remark, by=request.user, text=request.POST["tekst"], seen=_seen(request))
    if sent.remarks:
        _tell_mails(request, sent, "Gemaild aan")


def _reply(remark: Remark, request: UserRequest, access: Access) -> None:
    side = Role.KB if may_ask(access) else Role.POI
    reply(remark=remark, by=request.user, side=side, text=request.POST["tekst"], seen=_seen(request))


def _close(remark: Remark, request: UserRequest, access: Access) -> None:
    close(remark=remark, by=request.user, seen=_seen(request), reason=request.POST.get("tekst", ""))


def _drop(remark: Remark, request: UserRequest, access: Access) -> None:
    drop_draft(remark=remark)


def _assign(remark: Remark, request: UserRequest, access: Access) -> None:
    people = {str(one.pk): one for one in kb_people()}
    before = request.POST.get("was", "")
    assign(
        remark=remark,
        to=people.get(request.POST.get("behandelaar", "")),
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )


_MOVES: dict[str, Callable[[Remark, UserRequest, Access], None]] = {
    "opnieuw": _ask_again,
    "reageren": _reply,
    "sluiten": _close,
    "intrekken": _drop,
    "toewijzen": _assign,
}


def _seen(request: UserRequest) -> str:
    return request.POST.get("gezien", "")[:40]


def about_in(request: UserRequest, place: dict[str, Any]) -> tuple[Submission, Access, Subject | None]:
    """The list, and the answer that the fields `vraag` and `rij` name; none: the whole list."""
    code, row = request.POST.get("vraag", ""), request.POST.get("rij", "")
    if code:
        subject = find_subject(request, code=code, row=row, **place)
        return subject.submission, subject.access, subject
    submission, access = find_submission(request.user, **place)
    return submission, access, None


def _again(
    request: UserRequest, submission: Submission, access: Access, subject: Subject | None, **more: Any
) -> HttpResponse:
    """The page that the form stands on, with what was typed."""
    if subject is not None:
        return page_of_answer(request, subject, **more)
    return page_of_list(request, submission, access, **more)


def _followed(
    request: UserRequest,
    remark: Remark,
    access: Access,
    form: SayForm,
    *,
    problems: tuple[str, ...] = (),
    status: int,
) -> HttpResponse:
    said = {remark.pk: form}
    submission = remark.submission
    if not remark.question:
        return page_of_list(request, submission, access, said=said, problems=problems, status=status)
    participation = submission.participation
    subject = find_subject(
        request,
        year=participation.round_id,
        isil=participation.organisation.isil,
        questionnaire=submission.questionnaire,
        code=remark.question,
        row=remark.row,
    )
    return page_of_answer(request, subject, said=said, problems=problems, status=status)


def _to(
    request: UserRequest,
    remark: Remark | None,
    submission: Submission | None = None,
    gone: Remark | None = None,
) -> HttpResponse:
    """Back to the list of a year when the form stood there, with its filters; otherwise to the answer."""
    one = remark or gone
    of = submission or (one.submission if one else None)
    if of is None:
        raise Http404("Deze vraag is er niet.")
    if "terug" in request.POST:
        query = QueryDict(request.POST["terug"][:1_000])
        url = reverse("remarks", kwargs={"year": of.participation.round_id})
        return redirect(f"{url}?{query.urlencode()}" if query else url)
    anchor = f"#v{remark.pk}" if remark else ""
    return redirect(f"{answer_url(of, one.question if one else '', one.row if one else '')}{anchor}")
