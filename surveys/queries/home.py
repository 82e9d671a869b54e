"""The library's start page: the five lists of a year, how far each is and when it must be in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from surveys.models import Participation, Submission, Transition, Window
from surveys.permissions import Access, may_fill_in
from surveys.queries.deliveries import Delivery, assemble, read
from surveys.queries.progress import Progress, progress_of
from surveys.queries.steps import newest_return, returns_of
from surveys.questionnaires.loader import load_edition


@dataclass(frozen=True, slots=True)
class ListLine:
    """`returned`: by whom and why the list was sent back, until it is submitted again."""

    delivery: Delivery
    progress: Progress
    window: Window | None
    may_fill_in: bool
    last_change: datetime | None
    returned: Transition | None


def lists_of(participation: Participation, access: Access) -> list[ListLine]:
    """The profile and the four lists, in order. Four queries, and one more when a list was sent back."""
    edition = load_edition(participation.round_id)
    codes = list(edition.by_code)
    submissions = {
        one.questionnaire: one
        for one in Submission.objects.filter(participation=participation)
        .select_related("contact", "submitted_by")
        .annotate(newest_return=newest_return())
    }
    returns = returns_of(submissions.values())
    windows = windows_of(participation.round_id)
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
                window=windows.get(code),
                may_fill_in=may_fill_in(access, submission),
                last_change=_last(delivery),
                returned=returns.get(submission.pk),
            )
        )
    return lines


def _last(delivery: Delivery) -> datetime | None:
    return max((one.changed_at for one in delivery.answers.values() if one.changed_at), default=None)


def windows_of(year: int) -> Mapping[str, Window]:
    return {window.questionnaire: window for window in Window.objects.filter(round_id=year)}
