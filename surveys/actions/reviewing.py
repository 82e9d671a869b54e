"""A reviewer takes a delivered list on the own name, so that two do not look through the same one.

Who has it is told, not enforced: a colleague can still approve or ask. What was decided stands in Transition.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from surveys.models import Submission, User
from surveys.queries.steps import when_in_words
from surveys.workflow import DELIVERED, StepRefusedError


class TakenError(StepRefusedError):
    """A colleague has it; the message says who and since when."""


def take(*, submission: Submission, by: User, over: int | None = None) -> Submission:
    """It is `by` who looks through it now. `over`: the number of the colleague from whom it is taken over.

    One statement writes and proves at once that nobody else has it, or the colleague who was named and no other, so
    that of two who take at once one is told about the other. Raises TakenError, or StepRefusedError when the list is
    not delivered. Who has it already keeps it since when.
    """
    free = Q(reviewer=None) if over is None else Q(reviewer=None) | Q(reviewer_id=over)
    delivered = Q(pk=submission.pk, state__in=[state.value for state in DELIVERED])
    taken = Submission.objects.filter(delivered & free & ~_of(by)).update(
        reviewer=by, taken_at=timezone.now()
    )
    found = Submission.objects.select_related("reviewer").get(pk=submission.pk)
    if found.reviewer_id == by.pk and (taken or found.current_state in DELIVERED):
        return found
    if found.current_state not in DELIVERED:
        raise StepRefusedError(
            f"Deze vragenlijst is {found.current_state.word}; er is nu niets na te kijken."
        )
    raise TakenError(_told(found))


def let_go(*, submission: Submission, by: User) -> bool:
    """Nobody has it any more. False: `by` did not have it, and nothing happened."""
    own = Submission.objects.filter(Q(pk=submission.pk) & _of(by))
    return bool(own.update(reviewer=None, taken_at=None))


def _of(user: User) -> Q:
    return Q(reviewer__isnull=False, reviewer_id=user.pk)


def _told(found: Submission) -> str:
    if found.reviewer is None or found.taken_at is None:
        return "Een collega was net voor u, en heeft de lijst weer losgelaten. Probeer het nog eens."
    return f"{found.reviewer.name} heeft deze lijst {when_in_words(found.taken_at)} in behandeling genomen."
