"""The timeline of an organisation, and which of its events may explain a signal."""

from __future__ import annotations

from surveys.models import Effect, Event
from surveys.queries.deliveries import Delivery
from surveys.questionnaires.rule import RuleKind
from surveys.rules import Finding
from surveys.rules.context import side

_MOVES = frozenset(
    {RuleKind.CHANGE, RuleKind.VANISHED, RuleKind.INCLUDED, RuleKind.PEERS, RuleKind.RATIO, RuleKind.RANGE}
)
"""What an event can do to a figure: make it larger or smaller. It makes no figure round, or equal to last year's."""


def timeline_of(organisation_id: int) -> list[Event]:
    """The newest first. One query."""
    return list(Event.objects.filter(organisation_id=organisation_id))


def direction_of(finding: Finding, delivery: Delivery) -> Effect | None:
    """Whether the figure went up or down since last year; None where it did neither or that is not known."""
    is_flow = finding.rule.kind is RuleKind.COMPARISON and bool(finding.rule.last)
    if finding.rule.kind not in _MOVES and not is_flow:
        return None
    shift = finding.shift
    if shift is None:
        now = side(finding.rule.left, delivery.evaluation, finding.row)
        last = side(finding.rule.left, delivery.last, finding.row)
        shift = now - last if now is not None and last is not None else None
    if not shift:
        return None
    return Effect.UP if shift > 0 else Effect.DOWN


def may_explain(event: Event, direction: Effect | None, year: int) -> bool:
    """Something is to be expected of the event in this year, and it is not the other way."""
    expected = event.expected(year)
    return expected is not None and direction is not None and expected in (direction, Effect.EITHER)


def is_expected(event: Event, direction: Effect | None, year: int) -> bool:
    """The figure went exactly the way that the event makes figures go."""
    return direction is not None and event.expected(year) is direction
