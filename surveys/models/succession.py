"""Organisations over time: mergers, splits, closures and new names, each on a day; nothing of before is lost."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from surveys.models.organisation import Location, Organisation


class ChangeKind(models.TextChoices):
    MERGER = "merger", "fusie"
    SPLIT = "split", "splitsing"
    CLOSURE = "closure", "opheffing"
    RENAMING = "renaming", "nieuwe naam"


class OrganisationChange(models.Model):
    """What happened to organisations on `date`. The round of that year is the first in which it shows.

    A new name has `old_name` and `new_name`; the other kinds have none.
    """

    kind = models.CharField("soort", max_length=10, choices=ChangeKind)
    date = models.DateField("per")
    note = models.TextField("toelichting", blank=True, default="")
    old_name = models.CharField("oude naam", max_length=160, blank=True, default="")
    new_name = models.CharField("nieuwe naam", max_length=160, blank=True, default="")
    added_at = models.DateTimeField("vastgelegd op")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="vastgelegd door"
    )

    class Meta:
        verbose_name = "wijziging van organisaties"
        verbose_name_plural = "wijzigingen van organisaties"
        ordering: ClassVar = ["-date", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=ChangeKind.values), name="organisation_change_has_kind"
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(kind=ChangeKind.RENAMING.value)
                    & ~models.Q(old_name="")
                    & ~models.Q(new_name="")
                    & ~models.Q(old_name=models.F("new_name"))
                )
                | (~models.Q(kind=ChangeKind.RENAMING.value) & models.Q(old_name="", new_name="")),
                name="organisation_change_has_names",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.date}"


class Succession(models.Model):
    """Who went on as whom. An organisation that stays is its own successor; without one it came to an end."""

    change = models.ForeignKey(
        OrganisationChange, models.PROTECT, related_name="successions", verbose_name="wijziging"
    )
    predecessor = models.ForeignKey(
        Organisation, models.PROTECT, related_name="succeeded_by", verbose_name="was"
    )
    successor = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="succeeds",
        verbose_name="werd",
    )

    class Meta:
        verbose_name = "opvolging"
        verbose_name_plural = "opvolgingen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change", "predecessor", "successor"], name="succession_once"),
            models.UniqueConstraint(
                fields=["change", "predecessor"],
                condition=models.Q(successor=None),
                name="succession_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor or 'opgeheven'}"


class LocationMove(models.Model):
    """A location that went to another organisation on `date`; `before` held it until then.

    Rounds of earlier years still read it with `before`.
    """

    location = models.ForeignKey(Location, models.PROTECT, related_name="moves", verbose_name="vestiging")
    before = models.ForeignKey(
        Organisation, models.PROTECT, related_name="former_locations", verbose_name="van"
    )
    date = models.DateField("per")
    change = models.ForeignKey(
        OrganisationChange, models.PROTECT, related_name="moves", verbose_name="wijziging"
    )

    class Meta:
        verbose_name = "overgang van een vestiging"
        verbose_name_plural = "overgangen van vestigingen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["location", "date"], name="location_move_once"),
        ]

    def __str__(self) -> str:
        return f"{self.location}: {self.before} tot {self.date}"
