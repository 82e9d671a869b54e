"""Every move of a submission from one state to the next: checked against the workflow, atomic, logged."""

from __future__ import annotations

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
from surveys.queries.deliveries import delivery_of
from surveys.queries.progress import Todo, todo_of
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import PROFILE
from surveys.workflow import DELIVERED, Role, SubmissionState, step


class NotReadyError(Exception):
    """The questionnaire cannot be submitted yet; `todo` says what is left, `profile_is_open` that the profile is."""

    def __init__(self, todo: list[Todo], *, profile_is_open: bool = False) -> None:
        self.todo, self.profile_is_open = todo, profile_is_open
        super().__init__(f"{len(todo)} to do")


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


def approve(*, submission: Submission, by: User) -> Submission:
    """The KB has checked it. Raises StepRefusedError when it was not submitted."""
    with transaction.atomic():
        locked = _locked(submission)
        now = timezone.now()
        _make(locked, "approve", by=by, role=Role.KB, at=now)
        locked.approved_at, locked.approved_by = now, by
        locked.save(update_fields=["state", "approved_at", "approved_by"])
    return locked


def send_back(*, submission: Submission, by: User, reason: str) -> Submission:
    """The library may fill it in again. Raises StepRefusedError without a reason or when it was not delivered."""
    with transaction.atomic():
        locked = _locked(submission)
        _make(locked, "return", by=by, role=Role.KB, at=timezone.now(), reason=reason)
        locked.submitted_at = locked.submitted_by = None
        locked.approved_at = locked.approved_by = None
        locked.save(
            update_fields=[
                "state",
                "submitted_at",
                "submitted_by",
                "approved_at",
                "approved_by",
            ]
        )
    return locked


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
