"""A reporting year, its windows, and who takes part in it."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from surveys.models.organisation import Organisation
from surveys.questionnaires.loader import years


class Round(models.Model):
    """A reporting year (meetjaar): the calendar year the figures are about."""

    year = models.PositiveSmallIntegerField("meetjaar", primary_key=True)

    class Meta:
        verbose_name = "meetjaar"
        verbose_name_plural = "meetjaren"
        ordering: ClassVar = ["-year"]

    def __str__(self) -> str:
        return str(self.year)

    def clean(self) -> None:
        if self.year is not None and self.year not in years():
            raise ValidationError({"year": f"Over {self.year} zijn er nog geen vragenlijsten."})


class Window(models.Model):
    """When a questionnaire of a round is open: from `opens`, to be in on `deadline`, changed until `last_change`."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="windows", verbose_name="meetjaar")
    questionnaire = models.CharField("vragenlijst", max_length=20)
    opens = models.DateField("open vanaf")
    deadline = models.DateField("uiterlijk ingediend op")
    last_change = models.DateField("laatste wijziging op")

    class Meta:
        verbose_name = "termijn"
        verbose_name_plural = "termijnen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "questionnaire"], name="window_once"),
            models.CheckConstraint(
                condition=models.Q(deadline__gte=models.F("opens"))
                & models.Q(last_change__gte=models.F("deadline")),
                name="window_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire} {self.round_id}"


class Participation(models.Model):
    """An organisation in a round, with the inhabitants of its area as Statistics Netherlands counts them."""

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="participations",
        verbose_name="organisatie",
    )
    round = models.ForeignKey(Round, models.PROTECT, related_name="participations", verbose_name="meetjaar")
    inhabitants = models.PositiveIntegerField("inwoners", null=True, blank=True)
    ended_by = models.ForeignKey(
        "OrganisationChange",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="ended",
        verbose_name="beëindigd door",
    )
    """By this the organisation no longer takes part in the round: nothing of it counts, and nothing is lost."""

    class Meta:
        verbose_name = "deelname"
        verbose_name_plural = "deelnames"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "round"], name="participation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.round_id}"
