"""One questionnaire of one organisation in one round, and how it moved through its states."""

from __future__ import annotations

from dataclasses import fields
from functools import reduce
from operator import or_
from typing import ClassVar

from django.conf import settings
from django.db import models

from surveys.models.round import Participation
from surveys.workflow import DELIVERED, STEPS, SubmissionState, Term

_TERM = tuple(one.name for one in fields(Term))
_DELIVERED = sorted(state.value for state in DELIVERED)  # sorted: a migration must not change by itself


class Submission(models.Model):
    """State, and the dates and persons that belong to it; the answers hang under it."""

    participation = models.ForeignKey(
        Participation,
        models.PROTECT,
        related_name="submissions",
        verbose_name="deelname",
    )
    questionnaire = models.CharField("vragenlijst", max_length=20)
    state = models.CharField(
        "status",
        max_length=12,
        choices=[(s.value, s.word) for s in SubmissionState],
        default=SubmissionState.NOT_STARTED.value,
    )
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="contactpersoon",
    )
    submitted_at = models.DateTimeField("ingediend op", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ingediend door",
    )
    approved_at = models.DateTimeField("goedgekeurd op", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="goedgekeurd door",
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="wordt nagekeken door",
    )
    taken_at = models.DateTimeField("in behandeling sinds", null=True, blank=True)

    class Meta:
        verbose_name = "levering"
        verbose_name_plural = "leveringen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["participation", "questionnaire"], name="submission_once"),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=_DELIVERED,
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                )
                | (~models.Q(state__in=_DELIVERED) & models.Q(submitted_at=None, submitted_by=None)),
                name="submission_delivered_has_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=SubmissionState.APPROVED.value,
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                )
                | (
                    ~models.Q(state=SubmissionState.APPROVED.value)
                    & models.Q(approved_at=None, approved_by=None)
                ),
                name="submission_approved_has_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewer=None, taken_at=None)
                | models.Q(reviewer__isnull=False, taken_at__isnull=False),
                name="submission_reviewer_has_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(state.value for state in SubmissionState)),
                name="submission_has_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire} · {self.participation}"

    @property
    def current_state(self) -> SubmissionState:
        return SubmissionState(self.state)

    @property
    def term(self) -> Term:
        """When it is open. The dates are read with it, by `queries.terms.with_terms`; KeyError when they were not."""
        read = vars(self)
        return Term(*(read[f"term_{name}"] for name in _TERM))

    @property
    def has_term(self) -> bool:
        return f"term_{_TERM[0]}" in vars(self)

    def set_term(self, term: Term) -> None:
        """For who reads the dates otherwise."""
        vars(self).update({f"term_{name}": getattr(term, name) for name in _TERM})


_MADE_AS_THE_TABLE_SAYS = reduce(
    or_,
    (
        models.Q(step=one.name, before__in=sorted(state.value for state in one.before), after=one.after.value)
        for one in STEPS.values()
    ),
)
_SAYS_WHY = models.Q(
    ~models.Q(step__in=[one.name for one in STEPS.values() if one.needs_reason]) | ~models.Q(reason="")
)


class Transition(models.Model):
    """A step that was made: from, to, who, when and why. Never changed."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="transitions")
    step = models.CharField(max_length=12, choices=[(name, name) for name in STEPS])
    before = models.CharField(max_length=12)
    after = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=_MADE_AS_THE_TABLE_SAYS, name="transition_is_a_step"),
            models.CheckConstraint(condition=_SAYS_WHY, name="transition_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.before} → {self.after}"


class Extension(models.Model):
    """Until when one list may still be delivered and changed, later than the round says. The newest counts."""

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="extensions", verbose_name="levering"
    )
    until = models.DateField("uitstel tot en met")
    reason = models.TextField("reden")
    at = models.DateTimeField("gegeven op")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="gegeven door"
    )

    class Meta:
        verbose_name = "uitstel"
        verbose_name_plural = "uitstel"
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="extension_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.until}"
