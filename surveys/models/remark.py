"""What the KB asks about answers and what the library says to it; and what a POI remarks to the KB."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from surveys.models.submission import Submission
from surveys.workflow import Audience, RemarkState, Role

SIDES = {Role.LIBRARY: "bibliotheek", Role.POI: "POI", Role.KB: "KB"}
_SENT = sorted(state.value for state in RemarkState if state is not RemarkState.DRAFT)


class Remark(models.Model):
    """One question, about an answer or, without `question`, about the whole list; what follows are its replies.

    `rule`: the code of the signal that raised it. `assignee`: who of the KB follows it up.
    """

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="remarks", verbose_name="levering"
    )
    audience = models.CharField(
        "aan",
        max_length=10,
        choices=[(one.value, one.word) for one in Audience],
        default=Audience.LIBRARY.value,
    )
    question = models.CharField("vraag", max_length=80, blank=True, default="")
    row = models.CharField("rij", max_length=20, blank=True, default="")
    rule = models.CharField("controle", max_length=120, blank=True, default="")
    text = models.TextField("tekst")
    state = models.CharField(
        "status",
        max_length=10,
        choices=[(one.value, one.word) for one in RemarkState],
        default=RemarkState.DRAFT.value,
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="behandelaar",
    )
    made_at = models.DateTimeField("geschreven op")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="geschreven door"
    )
    sent_at = models.DateTimeField("verstuurd op", null=True, blank=True)
    answered_at = models.DateTimeField("beantwoord op", null=True, blank=True)
    closed_at = models.DateTimeField("afgesloten op", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="afgesloten door",
    )

    class Meta:
        verbose_name = "vraag bij een antwoord"
        verbose_name_plural = "vragen bij antwoorden"
        ordering: ClassVar = ["made_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(text=""), name="remark_has_text"),
            models.CheckConstraint(
                condition=models.Q(audience__in=sorted(one.value for one in Audience)),
                name="remark_has_audience",
            ),
            models.CheckConstraint(
                condition=models.Q(state=RemarkState.DRAFT.value, sent_at=None)
                | models.Q(state__in=_SENT, sent_at__isnull=False),
                name="remark_sent_has_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(state=RemarkState.ANSWERED.value, answered_at__isnull=False)
                | models.Q(state=RemarkState.CLOSED.value)
                | models.Q(state__in=[RemarkState.DRAFT.value, RemarkState.OPEN.value], answered_at=None),
                name="remark_answered_has_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=RemarkState.CLOSED.value, closed_at__isnull=False, closed_by__isnull=False
                )
                | (~models.Q(state=RemarkState.CLOSED.value) & models.Q(closed_at=None, closed_by=None)),
                name="remark_closed_has_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(audience=Audience.LIBRARY.value)
                | models.Q(state__in=[RemarkState.OPEN.value, RemarkState.CLOSED.value]),
                name="remark_to_kb_is_open_or_closed",
            ),
            models.CheckConstraint(
                condition=~models.Q(question="") | models.Q(row=""), name="remark_row_has_question"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["submission", "state"], name="remark_by_list"),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.question or 'de hele lijst'}"

    @property
    def current_state(self) -> RemarkState:
        return RemarkState(self.state)

    @property
    def is_to_library(self) -> bool:
        return self.audience == Audience.LIBRARY.value


class Reply(models.Model):
    """What was said next, by either side. Never changed. `side`: for whom `by` spoke then."""

    remark = models.ForeignKey(Remark, models.PROTECT, related_name="replies", verbose_name="vraag")
    side = models.CharField("van", max_length=10, choices=[(one.value, word) for one, word in SIDES.items()])
    text = models.TextField("tekst")
    at = models.DateTimeField("op")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")

    class Meta:
        verbose_name = "reactie"
        verbose_name_plural = "reacties"
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(text=""), name="reply_has_text"),
            models.CheckConstraint(
                condition=models.Q(side__in=sorted(one.value for one in SIDES)), name="reply_has_side"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.remark}: {self.text[:40]}"


class ReopenedAnswer(models.Model):
    """An answer that the library may change while the remark is open, however its list stands."""

    remark = models.ForeignKey(Remark, models.CASCADE, related_name="reopened", verbose_name="vraag")
    question = models.CharField("vraag", max_length=80)
    row = models.CharField("rij", max_length=20, blank=True, default="")

    class Meta:
        verbose_name = "heropend antwoord"
        verbose_name_plural = "heropende antwoorden"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["remark", "question", "row"], name="reopened_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.row}".strip()
