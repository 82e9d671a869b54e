"""The KB corrects an answer itself. What the library gave stays in the log, and it reads what was changed and why."""

from __future__ import annotations

from django.db import transaction

from surveys.actions.answering import ChangedError, Words, settle, stand_before
from surveys.actions.answers import Entry, Gate, save_answers
from surveys.actions.explanations import problems_of
from surveys.models import AnswerChange, Reason, Source, Submission, User
from surveys.queries.answers import Stored, answers_of
from surveys.values import clean_text
from surveys.workflow import DELIVERED, StepRefusedError


def correct(*, submission: Submission, entry: Entry, reason: str, by: User) -> None:
    """Put another value in place of the library's. A second time by a double click nothing happens.

    A warning that it raises is explained with the same reason, by the KB. Raises StepRefusedError without a reason or
    a change, or when the list is not delivered; ChangedError when somebody was first; RecheckError or UpsetError when it cannot be.
    """
    words = clean_text(reason)
    wrong = problems_of(reason=Reason.OTHER.value, text=words)
    if wrong:
        raise StepRefusedError("Schrijf in een paar woorden waarom u dit corrigeert.")
    with transaction.atomic():
        lists = Submission.objects.select_for_update(of=("self",))
        locked = lists.select_related("participation__organisation__poi").get(pk=submission.pk)
        if _is_done(locked, entry, words, by):
            return
        if locked.current_state not in DELIVERED:
            raise StepRefusedError(
                f"Deze vragenlijst is {locked.current_state.word}; de KB corrigeert alleen wat is ingediend."
            )
        before = stand_before(locked)
        now = before.delivery.answers.get(entry.key)
        if _version(now) != _version(entry.before):
            raise ChangedError([entry.key])
        if (now.value if now else None) == entry.value:
            raise StepRefusedError("Dit antwoord staat er al. Er is niets gewijzigd.")
        saved = save_answers(
            submission=locked,
            entries=[entry],
            by=by,
            source=Source.KB.value,
            reason=words,
            gate=Gate.CORRECTING,
        )
        if saved.conflicts:
            raise ChangedError(saved.conflicts)
        said = Words(Reason.OTHER.value, words)
        settle(locked, before, by=by, words=lambda _: said, gate=Gate.CORRECTING)


def _is_done(submission: Submission, entry: Entry, reason: str, by: User) -> bool:
    """The newest change of this answer is this very correction, and the page saw the one before it."""
    log = AnswerChange.objects.filter(submission=submission, question=entry.question, row=entry.row)
    newest = log.order_by("-at", "-pk").first()
    if newest is None or (newest.source, newest.reason, newest.by_id) != (Source.KB.value, reason, by.pk):
        return False
    now = answers_of(submission, [entry.question]).get(entry.key)
    return (now and now.value) == entry.value and _version(now) != _version(entry.before)


def _version(stored: Stored | None) -> int:
    return stored.version if stored else 0
