"""The library answers a question of the KB, and changes with it what that question reopened: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from surveys.actions.answers import Entry, Gate, save_answers
from surveys.actions.explanations import explain
from surveys.actions.remarks import find_locked, is_said, say
from surveys.models import Remark, Reply, Source, Submission, User
from surveys.queries.deliveries import Delivery, delivery_of
from surveys.queries.rechecks import Recheck, readers_before, recheck, upset_by
from surveys.queries.remarks import reopened_keys
from surveys.queries.signals import Signal
from surveys.questionnaires.schema import PROFILE
from surveys.rules.sentences import listed
from surveys.values import Key, clean_text
from surveys.workflow import DELIVERED, Audience, RemarkState, Role, StepRefusedError, remark_step

REASON_LENGTH, ASKED_LENGTH = 300, 100
"""Of a reason in the log, and of the question in it."""


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


class UpsetError(StepRefusedError):
    """Delivered lists read the profile, and would not be as they were; nothing was saved. The message names them."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A delivered list before it is changed, and of the profile those that read it."""

    delivery: Delivery
    readers: Sequence[Delivery]


def stand_before(submission: Submission) -> Stand:
    """What a change is judged against; call it within its transaction. Holds the profile, as whoever submits does."""
    if submission.questionnaire != PROFILE:
        beside = Submission.objects.filter(participation_id=submission.participation_id)
        beside.filter(questionnaire=PROFILE).select_for_update().first()
    return Stand(delivery_of(submission), readers_before(submission))


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
            _change(locked, changes, said, by=by, words=words)
        now = timezone.now()
        say(locked, by=by, side=Role.LIBRARY, text=said, at=now)
        locked.state, locked.answered_at = made.after.value, now
        locked.save(update_fields=["state", "answered_at"])
    return locked


def _change(remark: Remark, changes: Sequence[Entry], said: str, *, by: User, words: Explain) -> None:
    submission = remark.submission
    if submission.current_state not in DELIVERED:
        raise StepRefusedError(
            f"Deze vragenlijst is {submission.current_state.word}. Wijzig het antwoord in de lijst zelf."
        )
    if not {one.key for one in changes} <= reopened_keys(remark):
        raise StepRefusedError("Dit antwoord is niet opengezet.")
    before = stand_before(submission)
    saved = save_answers(
        submission=submission,
        entries=changes,
        by=by,
        source=Source.FORM.value,
        reason=reason_of(remark, said),
        gate=Gate.ASKED,
    )
    if saved.conflicts:
        raise ChangedError(saved.conflicts)
    settle(submission, before, by=by, words=words, gate=Gate.ASKED)


def reason_of(remark: Remark, said: str) -> str:
    """Why an answer was changed: the question in short, and the words of the library."""
    newest = max((one for one in remark.replies.all() if one.side == Role.KB), key=_number, default=remark)
    asked = shortened(" ".join(newest.text.split()), ASKED_LENGTH)
    return shortened(f"Gevraagd door de KB: {asked} Antwoord: {' '.join(said.split())}", REASON_LENGTH)


def _number(reply: Reply) -> int:
    return reply.pk


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def settle(submission: Submission, before: Stand, *, by: User, words: Explain, gate: Gate) -> None:
    """Judge the list after a change and keep what is said about the warnings it raises.

    Raises RecheckError, and UpsetError when it is the profile and a delivered list that reads it would change with it.
    """
    found = recheck(before.delivery, delivery_of(submission))
    given = [(one, words(one)) for one in found.odd]
    silent = [one for one, said in given if said is None]
    if found.is_refused or silent:
        raise RecheckError(found, silent)
    upset = list(upset_by(before.readers))
    if upset:
        titles = listed([one.title for one in upset])
        told = " ".join(one.told for one in upset)
        raise UpsetError(f"Met dit antwoord verandert wat al is ingediend. {told} {_way_out(titles, gate)}")
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


def _way_out(titles: str, gate: Gate) -> str:
    if gate is Gate.CORRECTING:
        return f"Stuur eerst {titles} terug."
    return (
        f"De KB moet eerst {titles} terugsturen: laat uw antwoord in het profiel staan en schrijf "
        "wat er anders moet."
    )
