"""Every move of a submission from one state to the next: checked against the workflow, atomic, logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from surveys.actions.contact import take_over_contacts
from surveys.actions.letters import tell_returned
from surveys.actions.terms import extend_after_return
from surveys.models import (
    Organisation,
    Participation,
    Round,
    Submission,
    Transition,
    User,
)
from surveys.queries.approval import CHANGED_MEANWHILE, obstacle
from surveys.queries.deliveries import delivery_of
from surveys.queries.progress import Todo, todo_of
from surveys.queries.remarks import in_the_way_of
from surveys.queries.steps import (
    in_words,
    newest_change,
    readers_of_profile,
    states_beside,
    steps_since,
)
from surveys.queries.terms import why_shut, with_terms
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import PROFILE
from surveys.workflow import DELIVERED, Role, StepRefusedError, SubmissionState, step

NO_LONGER = "Deze organisatie levert niet meer over dit jaar."


class NotReadyError(Exception):
    """The questionnaire cannot be submitted yet; `todo` says what is left, `profile_is_open` that the profile is."""

    def __init__(self, todo: list[Todo], *, profile_is_open: bool = False) -> None:
        self.todo, self.profile_is_open = todo, profile_is_open
        super().__init__(f"{len(todo)} to do")


class OvertakenError(StepRefusedError):
    """Something happened to the list since the page was drawn; the message says what, by whom and when."""

    def __init__(self, steps: Sequence[Transition]) -> None:
        super().__init__(" ".join(map(in_words, steps)))


def enrol(*, year: Round, organisation: Organisation, inhabitants: int | None) -> Participation:
    """Let an organisation take part in a round: its participation and an empty submission per questionnaire.

    The contact persons are those of its last round, as far as they are still there.
    """
    with transaction.atomic():
        participation = Participation.objects.create(
            round=year, organisation=organisation, inhabitants=inhabitants
        )
        submissions = [
            Submission(participation=participation, questionnaire=one.code)
            for one in load_edition(year.year).questionnaires
        ]
        take_over_contacts(participation=participation, submissions=submissions)
        Submission.objects.bulk_create(submissions)
    return participation


def begin(*, submission: Submission, by: User) -> None:
    """The first answer, or the first after a return, makes it 'in progress'. Does nothing when it already is."""
    if submission.current_state is not SubmissionState.IN_PROGRESS:
        with transaction.atomic():
            locked = _locked(submission)
            if locked.current_state is not SubmissionState.IN_PROGRESS:
                _make(locked, "begin", by=by, role=Role.LIBRARY, at=timezone.now())
                locked.save(update_fields=["state"])
        submission.state = SubmissionState.IN_PROGRESS.value


def submit(*, submission: Submission, by: User) -> Submission:
    """Deliver it. Raises NotReadyError with what is left, StepRefusedError when it is not open, by state or by date.

    A second time by a double click is the same submission: nothing happens.
    """
    with transaction.atomic():
        locked = _locked(submission)
        if locked.current_state in DELIVERED:
            return locked
        shut = why_shut(locked.term, timezone.localdate())
        if shut:
            raise StepRefusedError(shut)
        # Asked first: the answers of a settled profile stay as they are read next.
        profile_is_open = locked.questionnaire != PROFILE and not _holds_settled_profile(locked)
        todo = todo_of(delivery_of(locked))
        if todo or profile_is_open:
            raise NotReadyError(todo, profile_is_open=profile_is_open)
        now = timezone.now()
        _make(locked, "submit", by=by, role=Role.LIBRARY, at=now)
        locked.submitted_at, locked.submitted_by = now, by
        locked.save(update_fields=["state", "submitted_at", "submitted_by"])
    return locked


def approve(*, submission: Submission, by: User, seen: int, seen_change: int | None = None) -> Submission:
    """The KB has checked it, looking at a page drawn when `seen` was its newest step (0: there was none).

    `seen_change`: the newest change to an answer that the page showed, if it showed answers. Raises OvertakenError, or
    StepRefusedError when it was not submitted, something in it is open or another answer stands there now. A second
    time by a double click is the same approval: nothing happens.
    """
    with transaction.atomic():
        locked = _locked(submission)
        if not _is_done(locked, "approve", by=by, seen=seen):
            step("approve", locked.current_state, Role.KB)
            if seen_change is not None and newest_change(locked) != seen_change:
                raise StepRefusedError(CHANGED_MEANWHILE)
            _approve(locked, "approve", by=by)
    return locked


def confirm(*, submission: Submission, by: User, seen: int, seen_change: int) -> Submission:
    """What was changed after the approval has been checked too: it is approved anew, as of now.

    `seen`, and a second time: as with `approve`. `seen_change`: the newest change that the page showed. Raises
    OvertakenError, or StepRefusedError when nothing was changed since the approval, or more than the page showed.
    """
    with transaction.atomic():
        locked = _locked(submission)
        if not _is_done(locked, "confirm", by=by, seen=seen):
            step("confirm", locked.current_state, Role.KB)
            if newest_change(locked) != seen_change:
                raise StepRefusedError(CHANGED_MEANWHILE)
            if not locked.changes.filter(at__gt=locked.approved_at).exists():
                raise StepRefusedError("Na de goedkeuring is er niets gewijzigd.")
            _approve(locked, "confirm", by=by)
    return locked


def _approve(locked: Submission, name: str, *, by: User) -> None:
    in_the_way = obstacle(
        locked.current_state, delivery_of(locked).signals, asked=in_the_way_of(locked), step=name
    )
    if in_the_way:
        raise StepRefusedError(in_the_way)
    now = timezone.now()
    _make(locked, name, by=by, role=Role.KB, at=now)
    locked.approved_at, locked.approved_by = now, by
    locked.save(update_fields=["state", "approved_at", "approved_by"])


def send_back(*, submission: Submission, by: User, reason: str, seen: int) -> Submission:
    """The library may fill it in again, for two weeks at least, and is told by mail once that stands.

    `seen`, and a second time by a double click: as with `approve`.
    Raises OvertakenError, or StepRefusedError without a reason, when it was not delivered, and for a profile on which
    delivered lists rest.
    """
    with transaction.atomic():
        locked = _locked(submission)
        if not _is_done(locked, "return", by=by, seen=seen, reason=reason):
            step("return", locked.current_state, Role.KB, reason)
            held = _readers(locked)
            if held:
                raise StepRefusedError(held)
            now = timezone.now()
            _make(locked, "return", by=by, role=Role.KB, at=now, reason=reason)
            locked.submitted_at = locked.submitted_by = None
            locked.approved_at = locked.approved_by = None
            fields = ["state", "submitted_at", "submitted_by", "approved_at", "approved_by"]
            locked.save(update_fields=fields)
            extension = extend_after_return(submission=locked, term=locked.term, by=by, at=now)
            if extension is not None:
                locked.set_term(replace(locked.term, extension=extension.until))
            transaction.on_commit(partial(tell_returned, submission=locked, reason=reason.strip(), by=by))
    return locked


def _readers(submission: Submission) -> str:
    """Why a profile stays: submit holds the lock on the profile, so none of these is being delivered meanwhile."""
    if submission.questionnaire != PROFILE:
        return ""
    return readers_of_profile(load_edition(submission.participation.round_id), states_beside(submission))


def _is_done(submission: Submission, name: str, *, by: User, seen: int, reason: str = "") -> bool:
    """The same person has made this very step since: a double click. Raises OvertakenError for any other step."""
    since = steps_since(submission, seen)
    if [(one.step, one.by_id, one.reason) for one in since] == [(name, by.pk, reason.strip())]:
        return True
    if since:
        raise OvertakenError(since)
    return False


def _locked(submission: Submission) -> Submission:
    """Raises StepRefusedError when the organisation does not take part in the round any more."""
    locked: Submission = (
        with_terms(Submission.objects.select_for_update(of=("self",)))
        .select_related("participation__organisation__poi")
        .get(pk=submission.pk)
    )
    # Whoever ends a participation locks its lists first: read by a statement of its own, now that this one is locked.
    if not Participation.objects.filter(pk=locked.participation_id, ended_by=None).exists():
        raise StepRefusedError(NO_LONGER)
    return locked


def _holds_settled_profile(submission: Submission) -> bool:
    """Until the transaction ends the profile cannot be sent back, nor submitted by somebody else."""
    profiles = Submission.objects.filter(participation_id=submission.participation_id, questionnaire=PROFILE)
    return profiles.select_for_update().get().current_state in DELIVERED


def _make(
    submission: Submission,
    name: str,
    *,
    by: User,
    role: Role,
    at: datetime,
    reason: str = "",
) -> None:
    made = step(name, submission.current_state, role, reason)
    Transition.objects.create(
        submission=submission,
        step=name,
        before=submission.state,
        after=made.after.value,
        at=at,
        by=by,
        reason=reason.strip(),
    )
    submission.state = made.after.value
