"""What passed between the KB and an organisation about a round: mails sent by the desk, calls, notes."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from surveys.models.round import Participation
from surveys.models.submission import Submission


class ContactKind(models.TextChoices):
    REMINDER = "reminder", "herinnering"
    THANKS = "thanks", "bedankje"
    QUESTION = "question", "vraag bij een antwoord"
    RETURNED = "returned", "teruggestuurd"
    EXTENSION = "extension", "uitstel"
    PHONE = "phone", "telefoon"
    EMAIL = "email", "e-mail buiten het systeem"
    NOTE = "note", "notitie"


MAILS = (
    ContactKind.REMINDER,
    ContactKind.THANKS,
    ContactKind.QUESTION,
    ContactKind.RETURNED,
    ContactKind.EXTENSION,
)


class ContactMoment(models.Model):
    """One mail, call or note. Of a mail: `sent_at` when the server took it, `error` why not; neither: under way.

    `by`: nobody when a command sent it.
    """

    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="contact_moments", verbose_name="deelname"
    )
    kind = models.CharField("soort", max_length=10, choices=ContactKind)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="aan",
    )
    subject = models.CharField("onderwerp", max_length=200, blank=True, default="")
    text = models.TextField("tekst")
    at = models.DateTimeField("op")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="door",
    )
    sent_at = models.DateTimeField("verstuurd op", null=True, blank=True)
    error = models.TextField("geweigerd", blank=True, default="")

    class Meta:
        verbose_name = "contactmoment"
        verbose_name_plural = "contactmomenten"
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=ContactKind.values), name="contact_moment_has_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(error=""), name="contact_moment_sent_or_refused"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="contact_moment_has_text"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["participation", "at"], name="contact_moment_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.participation}"

    @property
    def is_mail(self) -> bool:
        """Sent by the desk itself; a mail of one's own is written down as ContactKind.EMAIL."""
        return self.kind in MAILS


class ReminderKind(models.TextChoices):
    AHEAD = "ahead", "de termijn nadert"
    LATE = "late", "de termijn is voorbij"
    LAST = "last", "de laatste dagen om te wijzigen"
    THANKS = "thanks", "bedankt voor het indienen"


class Reminder(models.Model):
    """That a list was named in a mail of this kind about this date. Once, whatever happens: the database refuses more.

    Removed when the mail server refused the mail, so that a next round tries again.
    """

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="reminders", verbose_name="levering"
    )
    kind = models.CharField("soort", max_length=10, choices=ReminderKind)
    day = models.DateField("over")
    moment = models.ForeignKey(
        ContactMoment, models.PROTECT, related_name="reminders", verbose_name="contactmoment"
    )

    class Meta:
        verbose_name = "herinnering"
        verbose_name_plural = "herinneringen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "kind", "day"], name="reminder_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=ReminderKind.values), name="reminder_has_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.submission}"
