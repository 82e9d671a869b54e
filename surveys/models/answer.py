"""What is kept: one typed row per answer, and a log of every change that is never rewritten.

The question is plain text, no foreign key: definitions live in files. Numbers are whole hundredths, so that sums
are exact on every database.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Never

from django.conf import settings
from django.db import models

from surveys.models.submission import Submission
from surveys.values import State, Value


class Source(models.TextChoices):
    FORM = "form", "formulier"
    PREFILL = "prefill", "vooraf ingevuld"
    WORKBOOK = "workbook", "werkboek"
    IMPORT = "import", "import"
    KB = "kb", "KB"


def to_hundredths(number: Decimal | None) -> int | None:
    return None if number is None else int(number.scaleb(2))


def to_value(state: str, hundredths: int | None, text: str) -> Value:
    number = None if hundredths is None else Decimal(hundredths).scaleb(-2)
    return Value(State(state), number, text)


_HOLDS_WHAT_STATE_SAYS = (
    models.Q(state=State.GIVEN.value, hundredths__isnull=False, text="")
    | (models.Q(state=State.GIVEN.value, hundredths=None) & ~models.Q(text=""))
    | models.Q(
        state__in=[State.UNKNOWN.value, State.NOT_APPLICABLE.value],
        hundredths=None,
        text="",
    )
)


class Answer(models.Model):
    """The answer as it stands. No row: not yet answered."""

    pk = models.CompositePrimaryKey("submission_id", "question", "row")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="answers")
    question = models.CharField(max_length=80)
    row = models.CharField(max_length=20, blank=True, default="")
    state = models.CharField(max_length=14, choices=[(s.value, s.value) for s in State])
    hundredths = models.BigIntegerField(null=True)
    text = models.TextField(blank=True, default="")
    is_estimate = models.BooleanField(default=False)
    note = models.TextField(blank=True, default="")
    source = models.CharField(max_length=10, choices=Source)
    version = models.BigIntegerField()
    """Microseconds since the epoch at which it was written: names what a save started from."""
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=_HOLDS_WHAT_STATE_SAYS, name="answer_holds_state"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["question", "submission", "row", "state", "hundredths"],
                name="answer_by_question",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.row}".strip()


class AnswerChangeQuerySet(models.QuerySet["AnswerChange"]):
    def update(self, **kwargs: Any) -> Never:
        raise TypeError("The log of changes is never rewritten.")

    def delete(self) -> Never:
        raise TypeError("The log of changes is never rewritten.")


class AnswerChange(models.Model):
    """One change: what stood there, what came, who, when, from where and why. An empty state: no answer."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="changes")
    question = models.CharField(max_length=80)
    row = models.CharField(max_length=20, blank=True, default="")
    old_state = models.CharField(max_length=14, blank=True, default="")
    old_hundredths = models.BigIntegerField(null=True)
    old_text = models.TextField(blank=True, default="")
    state = models.CharField(max_length=14, blank=True, default="")
    hundredths = models.BigIntegerField(null=True)
    text = models.TextField(blank=True, default="")
    is_estimate = models.BooleanField(default=False)
    note = models.TextField(blank=True, default="")
    source = models.CharField(max_length=10, choices=Source)
    reason = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects: ClassVar = AnswerChangeQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["submission", "question", "row", "at"], name="change_by_answer"),
            models.Index(fields=["submission", "at"], name="change_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.row} {self.at}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The log of changes is never rewritten.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise TypeError("The log of changes is never rewritten.")
