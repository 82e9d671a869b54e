"""The library's start page: the five lists of a year, how far each is and when it must be in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from surveys.models import Participation, Submission, Transition
from surveys.permissions import Access, may_fill_in
from surveys.queries.deliveries import Delivery, assemble, read
from surveys.queries.progress import Progress, progress_of
from surveys.queries.steps import newest_return, returns_of
from surveys.queries.terms import shut_to, with_terms
from surveys.questionnaires.loader import load_edition
from surveys.workflow import Term


@dataclass(frozen=True, slots=True)
class ListLine:
    """`returned`: by whom and why the list was sent back, until it is submitted again.

    `shut`: why it cannot be filled in, when only the dates are in the way.
    """

    delivery: Delivery
    progress: Progress
    term: Term
    may_fill_in: bool
    shut: str
    last_change: datetime | None
    returned: Transition | None


def lists_of(participation: Participation, access: Access) -> list[ListLine]:
    """The profile and the four lists, in order. Three queries, and one more when a list was sent back."""
    edition = load_edition(participation.round_id)
    codes = list(edition.by_code)
    submissions = {
        one.questionnaire: one
        for one in with_terms(Submission.objects.filter(participation=participation))
        .select_related("contact", "submitted_by")
        .annotate(newest_return=newest_return())
    }
    returns = returns_of(submissions.values())
    reading = read(participation, questionnaires=codes)
    lines = []
    for code in codes:
        submission = submissions[code]
        submission.participation = participation
        delivery = assemble(submission, reading)
        lines.append(
            ListLine(
                delivery=delivery,
                progress=progress_of(delivery),
                term=submission.term,
                may_fill_in=may_fill_in(access, submission),
                shut=shut_to(access, submission),
                last_change=_last(delivery),
                returned=returns.get(submission.pk),
            )
        )
    return lines


def _last(delivery: Delivery) -> datetime | None:
    return max((one.changed_at for one in delivery.answers.values() if one.changed_at), default=None)
