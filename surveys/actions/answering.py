"""The library answers a question of the KB, and changes with it what that question reopened: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from surveys.actions.answers import Entry, Gate, save_answers
from surveys.actions.explanations import explain
from surveys.actions.remarks import find_locked, is_said, say
from surveys.models import Remark, Source, Submission, User
from surveys.queries.deliveries import Delivery, delivery_of
from surveys.queries.rechecks import Recheck, recheck
from surveys.queries.remarks import reopened_keys
from surveys.queries.signals import Signal
from surveys.values import Key, clean_text
from surveys.workflow import DELIVERED, Audience, RemarkState, Role, StepRefusedError, remark_step

REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Words:
    """Why a signal may stay."""

    reason: str
    text: str


Explain = Callable[[Signal], Words | None]
"""What the one who changes an answer says about a signal that it raises; None: nothing yet."""


class RecheckError(Exception):
    """The change cannot stay as it is; nothing was saved. `found` tells why, `unexplained` which signals want words."""

    def __init__(self, found: Recheck, unexplained: Sequence[Signal]) -> None:
        self.found, self.unexplained = found, unexplained
        super().__init__(f"{len(found.errors)} errors, {len(found.missing)} missing, {len(unexplained)} odd")


class ChangedError(StepRefusedError):
    """Somebody changed these answers since the page was drawn; nothing was saved."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self.keys = keys
        super().__init__("Een antwoord is intussen gewijzigd. Er is niets bewaard.")


def answer_remark(
    *,
    remark: Remark,
    by: User,
    text: str,
    seen: str,
    entries: Iterable[Entry] = (),
    words: Explain = lambda _: None,
) -> Remark:
    """Say something, and change what the question reopened. The list stays delivered, and is judged anew.

    `seen`: the stand of the page. The same words twice by a double click are one answer. Raises RemarkOvertakenError,
    StepRefusedError, ChangedError, and RecheckError when a change makes an error, leaves something out, or raises a
    warning about which `words` says nothing.
    """
    said = clean_text(text)
    with transaction.atomic():
        locked = find_locked(remark)
        if is_said(locked, seen=seen, by=by, text=said, after=RemarkState.ANSWERED):
            return locked
        made = remark_step("answer", locked.current_state, Audience(locked.audience), Role.LIBRARY, said)
        changes = list(entries)
        if changes:
            _change(locked, changes, by=by, words=words)
        now = timezone.now()
        say(locked, by=by, side=Role.LIBRARY, text=said, at=now)
        locked.state, locked.answered_at = made.after.value, now
        locked.save(update_fields=["state", "answered_at"])
    return locked


def _change(remark: Remark, changes: Sequence[Entry], *, by: User, words: Explain) -> None:
    submission = remark.submission
    if submission.current_state not in DELIVERED:
        raise StepRefusedError(
            f"Deze vragenlijst is {submission.current_state.word}. Wijzig het antwoord in de lijst zelf."
        )
    if not {one.key for one in changes} <= reopened_keys(remark):
        raise StepRefusedError("Dit antwoord is niet opengezet.")
    before = delivery_of(submission)
    saved = save_answers(
        submission=submission,
        entries=changes,
        by=by,
        source=Source.FORM.value,
        reason=f"Op vraag van de KB: {remark.text}"[:REASON_LENGTH],
        gate=Gate.ASKED,
    )
    if saved.conflicts:
        raise ChangedError(saved.conflicts)
    settle(submission, before, by=by, words=words, gate=Gate.ASKED)


def settle(submission: Submission, before: Delivery, *, by: User, words: Explain, gate: Gate) -> Delivery:
    """Judge the list after a change and keep what is said about the warnings it raises. Raises RecheckError."""
    found = recheck(before, delivery_of(submission))
    given = [(one, words(one)) for one in found.odd]
    silent = [one for one, said in given if said is None]
    if found.is_refused or silent:
        raise RecheckError(found, silent)
    for one, said in given:
        if said is not None:
            explain(
                submission=submission,
                finding=one.finding,
                reason=said.reason,
                text=said.text,
                by=by,
                gate=gate,
            )
    return found.after
