"""What is kept about checks: why a figure is right, what happened to an organisation, what its peers report.

Findings themselves are computed, never stored. An explanation names its rule and question as plain text: definitions
live in files.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar, Never

from django.conf import settings
from django.db import models
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThan

from surveys.models.organisation import Organisation
from surveys.models.round import Participation, Round
from surveys.values import Kind, Value, format_value

FINAL = "An explanation is never rewritten; give a new one."


def _is_not_blank(field: str) -> GreaterThan:
    return GreaterThan(Length(Trim(field)), 0)


class Reason(models.TextChoices):
    """Why a figure is right although it stands out; beside it a few words are always asked."""

    RENOVATION = "verbouwing", "verbouwing of tijdelijke sluiting"
    LOCATION = "vestiging", "vestiging geopend of gesloten"
    MERGER = "fusie", "fusie of splitsing"
    COUNTING = "telling", "andere manier van tellen of een nieuw systeem"
    POLICY = "beleid", "ander beleid of aanbod"
    ONE_OFF = "eenmalig", "eenmalige baten of kosten"
    LAST_YEAR = "vorig_jaar", "het cijfer van vorig jaar klopte niet"
    SCOPE = "omvang", "ander deel van de instelling meegeteld"
    RIGHT = "klopt", "het cijfer klopt, de oorzaak is niet bekend"
    OTHER = "anders", "anders"


class Effect(StrEnum):
    """What an event does to the figures of a year, compared with the year before or with others."""

    DOWN = "down"
    UP = "up"
    EITHER = "either"

    @property
    def rebound(self) -> Effect:
        """What it does in the year after it ended."""
        return {Effect.DOWN: Effect.UP, Effect.UP: Effect.DOWN}.get(self, self)


class EventKind(models.TextChoices):
    RENOVATION = "verbouwing", "verbouwing"
    CLOSURE = "sluiting", "sluiting"
    NEW_LOCATION = "nieuwe_vestiging", "nieuwe vestiging"
    MOVE = "verhuizing", "verhuizing"
    MERGER = "fusie", "fusie"
    SPLIT = "splitsing", "splitsing"
    COUNTING = "telling", "andere manier van tellen"
    SYSTEM = "systeem", "nieuw systeem"
    ONE_OFF = "eenmalig", "eenmalige subsidie of kosten"
    OTHER = "anders", "anders"

    @property
    def effect(self) -> Effect:
        return _EFFECTS.get(self.value, Effect.EITHER)

    @property
    def reason(self) -> Reason:
        """The reason of an explanation that names such an event."""
        return _REASONS[self.value]


_EFFECTS: dict[str, Effect] = {
    EventKind.RENOVATION: Effect.DOWN,
    EventKind.CLOSURE: Effect.DOWN,
    EventKind.SPLIT: Effect.DOWN,
    EventKind.NEW_LOCATION: Effect.UP,
    EventKind.MERGER: Effect.UP,
    EventKind.ONE_OFF: Effect.UP,
}
"""The others can go either way."""
_GOES_ON = frozenset({EventKind.RENOVATION, EventKind.CLOSURE})
_REASONS: dict[str, Reason] = {
    EventKind.RENOVATION: Reason.RENOVATION,
    EventKind.CLOSURE: Reason.RENOVATION,
    EventKind.NEW_LOCATION: Reason.LOCATION,
    EventKind.MOVE: Reason.LOCATION,
    EventKind.MERGER: Reason.MERGER,
    EventKind.SPLIT: Reason.MERGER,
    EventKind.COUNTING: Reason.COUNTING,
    EventKind.SYSTEM: Reason.COUNTING,
    EventKind.ONE_OFF: Reason.ONE_OFF,
    EventKind.OTHER: Reason.OTHER,
}


class Event(models.Model):
    """Something that happened to an organisation, told once; it can answer every signal that it explains."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="events", verbose_name="organisatie"
    )
    kind = models.CharField("soort", max_length=20, choices=EventKind)
    description = models.TextField("omschrijving")
    starts = models.DateField("begonnen op")
    ends = models.DateField("geëindigd op", null=True, blank=True)
    added_at = models.DateTimeField("toegevoegd op")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="toegevoegd door"
    )

    class Meta:
        verbose_name = "gebeurtenis"
        verbose_name_plural = "gebeurtenissen"
        ordering: ClassVar = ["-starts", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends=None) | models.Q(ends__gte=models.F("starts")),
                name="event_ends_after_start",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=EventKind.values), name="event_has_kind"),
            models.CheckConstraint(condition=_is_not_blank("description"), name="event_has_description"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period}: {self.description}"

    @property
    def period(self) -> str:
        start = format_value(Value.of(self.starts), Kind.DATE)
        if self.ends is None:
            return f"vanaf {start}"
        if self.ends == self.starts:
            return f"op {start}"
        return f"{start} tot en met {format_value(Value.of(self.ends), Kind.DATE)}"

    def expected(self, year: int) -> Effect | None:
        """What it does to the figures of `year`; None when nothing is to be expected of it.

        A renovation from February to August 1999, whose effect is down: down in 1999, up in 2000, then None.
        Without an end a renovation or a closure goes on and a one-off is over within its year. Anything else, such
        as a merger, is a step that lasts: it shows in its year and in the first whole year after it.
        """
        effect, first = EventKind(self.kind).effect, self.starts.year
        if year < first:
            return None
        if self.ends is None and self.kind in _GOES_ON:
            return effect
        if self.ends is None and self.kind != EventKind.ONE_OFF:
            return effect if year <= first + 1 else None
        last = (self.ends or self.starts).year
        if year <= last:
            return effect
        return effect.rebound if year == last + 1 else None


class ExplanationQuerySet(models.QuerySet["Explanation"]):
    def update(self, **kwargs: Any) -> Never:
        raise TypeError(FINAL)

    def delete(self) -> Never:
        raise TypeError(FINAL)


class Explanation(models.Model):
    """Why a signal may stay. Never changed: of one participation, rule and row the newest counts.

    `figures`: those of the finding it was given for; for others it no longer speaks.
    `is_confirmed`: the explanation of the year before, taken over.
    """

    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="explanations", verbose_name="deelname"
    )
    rule = models.CharField("controle", max_length=120)
    question = models.CharField("vraag", max_length=80)
    row = models.CharField("rij", max_length=20, blank=True, default="")
    figures = models.TextField("cijfers")
    reason = models.CharField("reden", max_length=20, choices=Reason)
    text = models.TextField("uitleg")
    event = models.ForeignKey(
        Event,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="explanations",
        verbose_name="gebeurtenis",
    )
    is_confirmed = models.BooleanField("uitleg van vorig jaar", default=False)
    at = models.DateTimeField("gegeven op")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="gegeven door"
    )

    objects: ClassVar = ExplanationQuerySet.as_manager()

    class Meta:
        verbose_name = "uitleg"
        verbose_name_plural = "uitleg bij signalen"
        constraints: ClassVar = [
            models.CheckConstraint(condition=_is_not_blank("text"), name="explanation_has_text"),
            models.CheckConstraint(
                condition=models.Q(reason__in=Reason.values),
                name="explanation_has_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["participation", "rule", "row", "at"], name="explanation_by_finding"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.row} {self.at}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(FINAL)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise TypeError(FINAL)


class PeerBound(models.Model):
    """What a group of peers reported in a year: median and spread, both of natural logarithms.

    Only surveys/actions/bounds.py writes these, all of a year at once. The same year as of `computed_at` gives the
    same figures again.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="peer_bounds", verbose_name="meetjaar")
    rule = models.CharField("controle", max_length=120)
    group = models.CharField("groep", max_length=60)
    count = models.PositiveIntegerField("aantal")
    median = models.FloatField("mediaan")
    mad = models.FloatField("spreiding")
    computed_at = models.DateTimeField("berekend op")

    class Meta:
        verbose_name = "vergelijkingsgrens"
        verbose_name_plural = "vergelijkingsgrenzen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "rule", "group"], name="peer_bound_once"),
            models.CheckConstraint(condition=models.Q(mad__gte=0), name="peer_bound_spread"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.group} {self.round_id}"
