"""The figures of a year as they were given out at a moment: the log tells the answers, the rest is kept here."""

from __future__ import annotations

from typing import Any, ClassVar, Never

from django.conf import settings
from django.db import models

from surveys.models.round import Participation, Round


class ReleaseStatus(models.TextChoices):
    PROVISIONAL = "provisional", "voorlopig"
    REVISED = "revised", "nader voorlopig"
    FINAL = "final", "definitief"


class Release(models.Model):
    """Names a moment of a round. Answers, states and explanations follow from their logs at `at`.

    `delivered`: how many lists were. `newest_change`: the number of the last line of the answers' log then; what is written later under an earlier
    moment stays out. `bounds`: those of comparable libraries then, as [rule, group, count, median, mad].
    `fingerprint`: of the workbook of all its figures.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="releases", verbose_name="meetjaar")
    status = models.CharField("status", max_length=12, choices=ReleaseStatus)
    note = models.TextField("toelichting", blank=True, default="")
    at = models.DateTimeField("moment")
    delivered = models.PositiveIntegerField("ingediende lijsten", default=0)
    newest_change = models.BigIntegerField("laatste wijziging", default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="gemaakt door"
    )
    bounds = models.JSONField("vergelijkingsgrenzen", default=list)
    fingerprint = models.CharField("vingerafdruk", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "uitgave"
        verbose_name_plural = "uitgaven"
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "at"], name="release_once"),
            models.UniqueConstraint(
                fields=["round"],
                condition=models.Q(status=ReleaseStatus.FINAL.value),
                name="release_final_once",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=ReleaseStatus.values), name="release_has_status"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.get_status_display()}"

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise TypeError("A release stays.")


class ReleaseRecord(models.Model):
    """What the registers said then of one organisation, of the year or of the year before.

    `facts`: {isil, name, province, poi, inhabitants, locations}. In the order in which the organisations go out.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="records", verbose_name="uitgave")
    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="frozen", verbose_name="deelname"
    )
    facts = models.JSONField("gegevens")

    class Meta:
        verbose_name = "organisatie in een uitgave"
        verbose_name_plural = "organisaties in een uitgave"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "participation"], name="release_record_once"),
        ]

    def __str__(self) -> str:
        return f"{self.release}: {self.participation}"
