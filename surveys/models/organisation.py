"""Who delivers: organisations and their locations, as the registers know them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

PROVINCES = (
    "Drenthe",
    "Flevoland",
    "Fryslân",
    "Gelderland",
    "Groningen",
    "Limburg",
    "Noord-Brabant",
    "Noord-Holland",
    "Overijssel",
    "Utrecht",
    "Zeeland",
    "Zuid-Holland",
)


class Organisation(models.Model):
    """A library organisation, or a POI (which supports the libraries that name it)."""

    class Type(models.TextChoices):
        LIBRARY = "library", "bibliotheek"
        POI = "poi", "POI"

    isil = models.CharField("ISIL-code", max_length=20, unique=True)
    name = models.CharField("naam", max_length=160)
    type = models.CharField("soort", max_length=10, choices=Type, default=Type.LIBRARY)
    province = models.CharField("provincie", max_length=20, choices=[(name, name) for name in PROVINCES])
    poi = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="libraries",
        verbose_name="POI",
    )

    class Meta:
        verbose_name = "organisatie"
        verbose_name_plural = "organisaties"
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(type="library") | models.Q(type="poi", poi=None),
                name="organisation_poi_has_no_poi",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Location(models.Model):
    """A branch, service point or bus stop. Closed ones stay: their codes are never used again."""

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="locations",
        verbose_name="organisatie",
    )
    isil = models.CharField("ISIL-code", max_length=20, unique=True)
    name = models.CharField("naam", max_length=160)
    address = models.CharField("adres", max_length=200)
    kind = models.CharField("soort", max_length=60)
    subkind = models.CharField("subsoort", max_length=60, blank=True)
    opened = models.DateField("geopend", null=True, blank=True)
    closed = models.DateField("gesloten", null=True, blank=True)

    class Meta:
        verbose_name = "vestiging"
        verbose_name_plural = "vestigingen"
        ordering: ClassVar = ["isil"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(opened=None)
                | models.Q(closed=None)
                | models.Q(closed__gte=models.F("opened")),
                name="location_closed_after_opened",
            ),
        ]

    def __str__(self) -> str:
        return self.name
