"""Every move of a submission from one state to the next: checked against the workflow, atomic, logged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from surveys.models import (
    Organisation,
    Participation,
    Round,
    Submission,
    Transition,
    User,
)
from surveys.queries.approval import obstacle
from surveys.queries.deliveries import delivery_of
from surveys.queries.progress import Todo, todo_of
from surveys.queries.steps import in_words, readers_of_profile, states_beside, steps_since
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import PROFILE
from surveys.workflow import DELIVERED, Role, StepRefusedError, SubmissionState, step


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
    """Let an organisation take part in a round: its participation and an empty submission per questionnaire."""
    with transaction.atomic():
        participation = Participation.objects.create(
            round=year, organisation=organisation, inhabitants=inhabitants
        )
        Submission.objects.bulk_create(
            Submission(participation=participation, questionnaire=one.code)
            for one in load_edition(year.year).questionnaires
        )
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
    """Deliver it. Raises NotReadyError with what is left, StepRefusedError when it is not open.

    A second time by a double click is the same submission: nothing happens.
    """
    with transaction.atomic():
        locked = _locked(submission)
        if locked.current_state in DELIVERED:
            return locked
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


def approve(*, submission: Submission, by: User, seen: int) -> Submission:
    """The KB has checked it, looking at a page drawn when `seen` was its newest step (0: there was none).

    Raises OvertakenError, or StepRefusedError when it was not submitted or something in it is open. A second time by
    a double click is the same approval: nothing happens.
    """
    with transaction.atomic():
        locked = _locked(submission)
        if not _is_done(locked, "approve", by=by, seen=seen):
            step("approve", locked.current_state, Role.KB)
            in_the_way = obstacle(locked.current_state, delivery_of(locked).signals)
            if in_the_way:
                raise StepRefusedError(in_the_way)
            now = timezone.now()
            _make(locked, "approve", by=by, role=Role.KB, at=now)
            locked.approved_at, locked.approved_by = now, by
            locked.save(update_fields=["state", "approved_at", "approved_by"])
    return locked


def send_back(*, submission: Submission, by: User, reason: str, seen: int) -> Submission:
    """The library may fill it in again. `seen`, and a second time by a double click: as with `approve`.

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
            _make(locked, "return", by=by, role=Role.KB, at=timezone.now(), reason=reason)
            locked.submitted_at = locked.submitted_by = None
            locked.approved_at = locked.approved_by = None
            fields = ["state", "submitted_at", "submitted_by", "approved_at", "approved_by"]
            locked.save(update_fields=fields)
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
    return (
        Submission.objects.select_for_update(of=("self",))
        .select_related("participation__organisation__poi")
        .get(pk=submission.pk)
    )


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
