"""The only writer of answers. Checks and reads come first; then one short transaction.

Each answer is written by one statement that at once proves three things: the submission is still open, the answer is
still the one the save started from, and the row that results is the row that was asked for.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from django.db import connection, transaction

from surveys.models import Answer, AnswerChange, Submission, User
from surveys.models.answer import to_hundredths
from surveys.queries.answers import Stored
from surveys.values import Key, Value
from surveys.workflow import DELIVERED, OPEN, Audience, RemarkState, SubmissionState


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer to write. `value` None clears it; `before` is what the writer saw, None for an empty field."""

    question: str
    row: str
    value: Value | None
    before: Stored | None = None
    is_estimate: bool = False
    note: str = ""

    @property
    def key(self) -> Key:
        return (self.question, self.row)


@dataclass(slots=True)
class Saved:
    """`versions` of what was written (0: cleared); `conflicts`: where a colleague, or the submitting, was first."""

    versions: dict[Key, int] = field(default_factory=dict)
    conflicts: list[Key] = field(default_factory=list)


def _in(states: Iterable[SubmissionState]) -> str:
    return "surveys_submission.state IN ({})".format(
        ", ".join(f"'{state.value}'" for state in sorted(states))
    )


class Gate(StrEnum):
    """What the write statement itself proves of the list, so that nothing slips in after the checks.

    FILLING: the library is filling it in, and takes part still. CORRECTING: it is delivered, and the KB corrects. ASKED: it is delivered,
    and this very answer is reopened by an open remark to the library.
    """

    FILLING = "filling"
    CORRECTING = "correcting"
    ASKED = "asked"


_REOPENED = f"""
EXISTS (SELECT 1 FROM surveys_remark remark JOIN surveys_reopenedanswer reopened ON reopened.remark_id = remark.id
        WHERE remark.submission_id = surveys_submission.id AND remark.state = '{RemarkState.OPEN.value}'
        AND remark.audience = '{Audience.LIBRARY.value}' AND reopened.question = %s AND reopened."row" = %s)
"""  # noqa: S608
_GATES = {
    Gate.FILLING: f"{_in(OPEN)} AND participation.ended_by_id IS NULL",
    Gate.CORRECTING: _in(DELIVERED),
    Gate.ASKED: f"{_in(DELIVERED)} AND {_REOPENED}",
}
# Joined, not asked by a subselect: what is joined is locked with the list, and read anew after waiting for it.
_TAKES_PART = (
    "JOIN surveys_participation participation ON participation.id = surveys_submission.participation_id"
)
_UPSERT = f"""
INSERT INTO surveys_answer (submission_id, question, "row", state, hundredths, text, is_estimate, note, source,
                            version, changed_at, changed_by_id)
SELECT surveys_submission.id, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s
FROM surveys_submission {_TAKES_PART} WHERE surveys_submission.id = %s AND {{gate}} {{share}}
ON CONFLICT (submission_id, question, "row") DO UPDATE
SET state = excluded.state, hundredths = excluded.hundredths, text = excluded.text,
    is_estimate = excluded.is_estimate, note = excluded.note, source = excluded.source,
    version = excluded.version, changed_at = excluded.changed_at, changed_by_id = excluded.changed_by_id
WHERE surveys_answer.version = %s
"""  # noqa: S608
_CLEAR = f"""
DELETE FROM surveys_answer
WHERE submission_id = %s AND question = %s AND "row" = %s AND version = %s
AND EXISTS (SELECT 1 FROM surveys_submission {_TAKES_PART}
            WHERE surveys_submission.id = %s AND {{gate}} {{share}})
"""  # noqa: S608


def save_answers(
    *,
    submission: Submission,
    entries: Iterable[Entry],
    by: User | None,
    source: str,
    reason: str = "",
    gate: Gate = Gate.FILLING,
) -> Saved:
    """Write `entries` and log each change, in one transaction; two statements an answer.

    An entry whose `before` is no longer what stands there, or for which the gate is shut, is left alone and reported
    as a conflict.
    """
    saved = Saved()
    with transaction.atomic():
        changes = []
        for entry in entries:
            if entry.value is None and entry.before is None:
                saved.versions[entry.key] = 0
                continue
            version = time.time_ns() // 1000
            if _write(submission, entry, by, source, version, gate=gate):
                saved.versions[entry.key] = version if entry.value else 0
                changes.append(
                    _change(submission, entry, by=by, source=source, reason=reason, version=version)
                )
            else:
                saved.conflicts.append(entry.key)
        if len(changes) == 1:
            changes[0].save(force_insert=True)
        elif changes:
            AnswerChange.objects.bulk_create(changes)
    return saved


def _write(
    submission: Submission, entry: Entry, by: User | None, source: str, version: int, *, gate: Gate
) -> bool:
    base = entry.before.version if entry.before else 0
    which = entry.key if gate is Gate.ASKED else ()
    if entry.value is None:
        parameters: Sequence[Any] = (
            submission.pk, entry.question, entry.row, base, submission.pk, *which,
        )  # fmt: skip
        return _execute(_CLEAR, gate, parameters)
    value = entry.value
    parameters = (
        entry.question, entry.row, value.state.value, to_hundredths(value.number), value.text,
        entry.is_estimate, entry.note, source, version,
        connection.ops.adapt_datetimefield_value(_moment(version)), by.pk if by else None,
        submission.pk, *which, base,
    )  # fmt: skip
    return _execute(_UPSERT, gate, parameters)


def _execute(statement: str, gate: Gate, parameters: Sequence[Any]) -> bool:
    share = "FOR SHARE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(statement.format(gate=_GATES[gate], share=share), parameters)
        return bool(cursor.rowcount)


def _moment(version: int) -> datetime:
    return datetime.fromtimestamp(version / 1_000_000, UTC)


def _change(
    submission: Submission,
    entry: Entry,
    *,
    by: User | None,
    source: str,
    reason: str,
    version: int,
) -> AnswerChange:
    old = entry.before.value if entry.before else None
    new = entry.value
    return AnswerChange(
        submission=submission,
        question=entry.question,
        row=entry.row,
        old_state=old.state.value if old else "",
        old_hundredths=to_hundredths(old.number) if old else None,
        old_text=old.text if old else "",
        state=new.state.value if new else "",
        hundredths=to_hundredths(new.number) if new else None,
        text=new.text if new else "",
        is_estimate=entry.is_estimate,
        note=entry.note,
        source=source,
        reason=reason,
        at=_moment(version),
        by=by,
    )


@dataclass(frozen=True, slots=True)
class Corrected:
    """An answer that was first given otherwise: `first`, at `at`. `reason`: why it was changed, if that was said."""

    answer: Answer
    first: Value
    at: datetime
    reason: str = ""


_LOADED = ("submission_id", "question", "row", "state", "hundredths", "text", "is_estimate", "note", "source")
_CAME_FROM = ("old_state", "old_hundredths", "old_text", "reason")
_FROM_NOTHING = ("", None, "", "")
_LOAD = {
    "surveys_answer": (*_LOADED, "changed_at", "changed_by_id", "version"),
    "surveys_answerchange": (*_LOADED, "at", "by_id", *_CAME_FROM),
}
_LOAD_ROWS = 1_000


def load_answers(answers: Iterable[Answer | Corrected]) -> int:
    """Write many new answers at once, with their log: for prefilling and for the demo country. Returns how many.

    Below the model layer, which takes ten times as long.
    """
    count, waiting = 0, iter(answers)
    with transaction.atomic():
        while batch := list(islice(waiting, _LOAD_ROWS)):
            rows: list[tuple[Any, ...]] = []
            log: list[tuple[Any, ...]] = []
            for one in batch:
                answer = one.answer if isinstance(one, Corrected) else one
                row = _loaded(answer, (answer.state, answer.hundredths, answer.text), answer.changed_at)
                rows.append((*row, answer.version))
                if isinstance(one, Corrected):
                    first = (one.first.state.value, to_hundredths(one.first.number), one.first.text)
                    log.append((*_loaded(answer, first, one.at), *_FROM_NOTHING))
                    log.append((*row, *first, one.reason))
                else:
                    log.append((*row, *_FROM_NOTHING))
            _insert("surveys_answer", rows)
            _insert("surveys_answerchange", log)
            count += len(batch)
    return count


def _loaded(one: Answer, given: tuple[str, int | None, str], at: datetime) -> tuple[Any, ...]:
    return (
        one.submission_id, one.question, one.row, *given, one.is_estimate, one.note, one.source,
        connection.ops.adapt_datetimefield_value(at), one.changed_by_id,
    )  # fmt: skip


def _insert(table: str, rows: Sequence[Sequence[Any]]) -> None:
    names = ", ".join(f'"{name}"' for name in _LOAD[table])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608
