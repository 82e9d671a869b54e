"""The moves of a remark: written, sent, asked again, closed; and what a POI says to the KB. Its answer: answering.py.

Every move locks the list and then the remark, so that of two at once one is first and the other is told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from surveys.models import Remark, ReopenedAnswer, Reply, Submission, User
from surveys.queries.deliveries import Delivery, delivery_of
from surveys.queries.remarks import meanwhile, stand_of, with_conversation
from surveys.questionnaires.non_library import code_of
from surveys.questionnaires.reopening import may_show, reopened
from surveys.questionnaires.schema import BlockRole, Question
from surveys.values import Key, clean_text
from surveys.workflow import DELIVERED, Audience, RemarkState, Role, StepRefusedError, remark_step

MAX_LENGTH = 2_000
GONE = "Deze vraag is er niet meer: een collega heeft haar ingetrokken."


class RemarkOvertakenError(StepRefusedError):
    """Something was said or done since the page was drawn; the message says what, by whom and when."""


def opens(delivery: Delivery, *, question: str, row: str = "", rule: str = "") -> tuple[Key, ...]:
    """What a question about this answer lets the library change; raised from a signal, all that the signal is about."""
    keys: list[Key] = [(question, row)] if question else []
    for one in delivery.findings:
        if rule and (one.code, one.row) == (rule, row):
            keys += (one.anchor, *one.keys)
    found = reopened(delivery.edition, delivery.questionnaire.code, keys, delivery.rows)
    opened = {code for code, _ in found}
    return tuple(key for key in found if _is_put(delivery, delivery.questions[key[0]], opened))


def _is_put(delivery: Delivery, question: Question, opened: Set[str]) -> bool:
    """Not of a block that is not put to this institution; what else is hidden may show once another answer changes."""
    if not question.total:
        return True
    gate = delivery.questions[code_of(question.total, BlockRole.GATE)]
    return may_show(delivery.edition, delivery.evaluation, gate, "", opened)


def draft_remark(
    *,
    submission: Submission,
    by: User,
    text: str,
    question: str = "",
    row: str = "",
    rule: str = "",
    may_change: bool = True,
    assignee: User | None = None,
) -> Remark:
    """A question to the library, not yet sent; without `question` about the whole list, which opens nothing.

    Raises StepRefusedError when the list is not delivered. The same words twice by a double click are one draft.
    """
    words = _words(text)
    with transaction.atomic():
        locked = _locked_list(Q(pk=submission.pk))
        if locked.current_state not in DELIVERED:
            raise StepRefusedError(
                f"Deze vragenlijst is {locked.current_state.word}; een vraag stellen kan zodra zij is ingediend."
            )
        about = {"question": question, "row": row, "rule": rule, "text": words, "made_by": by}
        draft = {"submission": locked, "state": RemarkState.DRAFT.value, **about}
        there = Remark.objects.filter(**draft).first()
        if there is not None:
            return there
        remark = Remark.objects.create(**draft, assignee=assignee or by, made_at=timezone.now())
        if may_change and question:
            keys = opens(delivery_of(locked), question=question, row=row, rule=rule)
            ReopenedAnswer.objects.bulk_create(
                ReopenedAnswer(remark=remark, question=code, row=at) for code, at in keys
            )
    return remark


def drop_draft(*, remark: Remark) -> None:
    """Take back what was not sent. Done twice it is done. Raises RemarkOvertakenError once it was sent."""
    with transaction.atomic():
        locked = _found(remark)
        if locked is None:
            return
        if locked.current_state is not RemarkState.DRAFT:
            raise RemarkOvertakenError(meanwhile(locked, stand_of(remark)))
        locked.delete()


def send_drafts(*, submission: Submission, only: Collection[int]) -> Sequence[Remark]:
    """Open the drafts that the page showed; what a colleague wrote since waits. Returns those sent: none, by a double click.

    Raises StepRefusedError when there are any and the list is not delivered any more.
    """
    with transaction.atomic():
        locked = _locked_list(Q(pk=submission.pk))
        drafts = Remark.objects.filter(submission=locked, state=RemarkState.DRAFT.value, pk__in=only)
        sent = list(drafts.select_for_update(of=("self",)).select_related("made_by"))
        if sent and locked.current_state not in DELIVERED:
            raise StepRefusedError(
                f"Deze vragenlijst is {locked.current_state.word}; de bibliotheek werkt er zelf nog aan. Verstuur uw "
                "vraag als de lijst weer is ingediend, of trek haar in."
            )
        now = timezone.now()
        for one in sent:
            made = remark_step("send", one.current_state, Audience(one.audience), Role.KB)
            one.state, one.sent_at = made.after.value, now
        Remark.objects.bulk_update(sent, ["state", "sent_at"])
    return sent


def ask_again(*, remark: Remark, by: User, text: str, seen: str) -> Remark:
    """The answer does not do yet: the library may change it again. `seen`: the stand of the page, see `stand_of`."""
    words = _words(text)
    with transaction.atomic():
        locked = find_locked(remark)
        if not is_said(locked, seen=seen, by=by, text=words, after=RemarkState.OPEN):
            made = remark_step("ask_again", locked.current_state, Audience(locked.audience), Role.KB, words)
            say(locked, by=by, side=Role.KB, text=words, at=timezone.now())
            locked.state, locked.answered_at = made.after.value, None
            locked.save(update_fields=["state", "answered_at"])
    return locked


def close(*, remark: Remark, by: User, seen: str, reason: str = "") -> Remark:
    """Done with it. A second time by the same person is a double click.

    A question to the library that is closed without its answer wants a reason, which is said with it.
    """
    with transaction.atomic():
        locked = find_locked(remark)
        if locked.current_state is RemarkState.CLOSED and locked.closed_by_id == by.pk:
            return locked
        refuse_overtaken(locked, seen)
        if locked.is_to_library and locked.current_state is RemarkState.OPEN:
            if not any(map(str.isalnum, reason)):
                raise StepRefusedError(
                    "Schrijf waarom u deze vraag sluit zonder antwoord van de bibliotheek."
                )
            say(locked, by=by, side=Role.KB, text=_words(reason), at=timezone.now())
        made = remark_step("close", locked.current_state, Audience(locked.audience), Role.KB)
        locked.state, locked.closed_at, locked.closed_by = made.after.value, timezone.now(), by
        locked.save(update_fields=["state", "closed_at", "closed_by"])
    return locked


def assign(*, remark: Remark, to: User | None, before: int | None) -> Remark:
    """Who of the KB follows it up. `before`: who did when the page was drawn; raises RemarkOvertakenError when others did."""
    with transaction.atomic():
        locked = find_locked(remark)
        if locked.assignee == to:
            return locked
        if locked.assignee_id != before:
            raise RemarkOvertakenError(f"Deze vraag is intussen van {locked.assignee or 'niemand'}.")
        locked.assignee = to
        locked.save(update_fields=["assignee"])
    return locked


def comment(
    *, submission: Submission, by: User, text: str, question: str = "", row: str = "", rule: str = ""
) -> Remark:
    """A POI says something to the KB about a list or an answer. The same words twice are one remark."""
    words = _words(text)
    with transaction.atomic():
        locked = _locked_list(Q(pk=submission.pk))
        said = {"question": question, "row": row, "rule": rule, "text": words, "made_by": by}
        told = {"submission": locked, "audience": Audience.KB.value, "state": RemarkState.OPEN.value, **said}
        now = timezone.now()
        return Remark.objects.filter(**told).first() or Remark.objects.create(
            **told, made_at=now, sent_at=now
        )


def reply(*, remark: Remark, by: User, side: Role, text: str, seen: str) -> Remark:
    """Go on talking between the POI and the KB; to a library the KB asks again instead."""
    words = _words(text)
    with transaction.atomic():
        locked = find_locked(remark)
        if not is_said(locked, seen=seen, by=by, text=words, after=RemarkState.OPEN):
            if locked.is_to_library or side is Role.LIBRARY:
                raise StepRefusedError("U mag deze stap niet zetten.")
            if locked.current_state is not RemarkState.OPEN:
                raise StepRefusedError(f"Deze vraag is {locked.current_state.word}; deze stap kan nu niet.")
            say(locked, by=by, side=side, text=words, at=timezone.now())
    return locked


def _words(text: str) -> str:
    """Raises StepRefusedError when nothing, or too much, is said."""
    words = clean_text(text)
    if not any(map(str.isalnum, words)):
        raise StepRefusedError("Schrijf erbij wat u wilt zeggen.")
    if len(words) > MAX_LENGTH:
        raise StepRefusedError(f"Deze tekst is te lang; er passen er {MAX_LENGTH} tekens. Kort de tekst in.")
    return words


def say(remark: Remark, *, by: User, side: Role, text: str, at: datetime) -> None:
    Reply.objects.create(remark=remark, side=side.value, text=text, at=at, by=by)


def is_said(remark: Remark, *, seen: str, by: User, text: str, after: RemarkState) -> bool:
    """The same person said this very thing since, and nobody anything else: a double click. Raises RemarkOvertakenError."""
    newest = max(remark.replies.all(), key=lambda one: one.pk, default=None)
    is_mine = newest is not None and (newest.by_id, newest.text) == (by.pk, text)
    if is_mine and remark.current_state is after and stand_of(remark) != seen:
        return True
    refuse_overtaken(remark, seen)
    return False


def refuse_overtaken(remark: Remark, seen: str) -> None:
    """Raises RemarkOvertakenError when the page showed another stand."""
    if stand_of(remark) != seen:
        raise RemarkOvertakenError(meanwhile(remark, seen))


def find_locked(remark: Remark) -> Remark:
    """Its list first, then itself. Raises RemarkOvertakenError when it was taken back."""
    locked = _found(remark)
    if locked is None:
        raise RemarkOvertakenError(GONE)
    return locked


def _found(remark: Remark) -> Remark | None:
    _locked_list(Q(pk=remark.submission_id))
    mine = Remark.objects.filter(pk=remark.pk).select_for_update(of=("self",))
    return with_conversation(mine).select_related("submission__participation__organisation__poi").first()


def lock_list(submission: Submission) -> Submission:
    return _locked_list(Q(pk=submission.pk))


def _locked_list(which: Q) -> Submission:
    lists = Submission.objects.select_for_update(of=("self",))
    return lists.select_related("participation__organisation__poi").get(which)
