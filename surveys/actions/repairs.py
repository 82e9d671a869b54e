"""Undoing a slip of the hand that somebody recognised: exactly what the button said, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from django.db import transaction

from surveys.actions.answers import Entry, save_answers
from surveys.actions.submissions import begin
from surveys.models import Source, Submission, User
from surveys.queries.answers import Stored
from surveys.rules import Finding, Slip
from surveys.rules.slips import REPAIRED
from surveys.values import Key


class MeanwhileError(Exception):
    """Another answer stands there now, or the list was delivered; nothing has been changed."""


def mark_of(finding: Finding, slip: Slip) -> str:
    """Names a repair by the figures it was offered for and by what it would do: another figure, another mark."""
    return sha256(repr((finding.id, finding.figures, slip.kind.value, slip.changes)).encode()).hexdigest()[
        :16
    ]


def repair(*, submission: Submission, slip: Slip, stored: Mapping[Key, Stored], by: User) -> dict[Key, int]:
    """Write what the slip says, all of it; returns the versions. Raises MeanwhileError, StepRefusedError.

    `stored`: the answers that the slip was recognised in; their marks and notes stay.
    """
    begin(submission=submission, by=by)
    entries = []
    for key, value in slip.changes:
        before = stored.get(key)
        keeps = before if value else None
        entries.append(
            Entry(
                *key, value, before,
                is_estimate=keeps.is_estimate if keeps else False, note=keeps.note if keeps else "",
            )
        )  # fmt: skip
    with transaction.atomic():
        saved = save_answers(
            submission=submission,
            entries=entries,
            by=by,
            source=Source.FORM.value,
            reason=f"{REPAIRED}{slip.kind.word}",
        )
        if saved.conflicts:
            raise MeanwhileError
    return saved.versions
