"""Events on the timelines, and what libraries wrote beside their signals before they submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from surveys.demo import excuses
from surveys.demo.accounts import Accounts
from surveys.demo.chance import pick, uniform
from surveys.demo.country import Country
from surveys.demo.deliver import Delivery
from surveys.demo.events import TrueEvent, events_of
from surveys.demo.excuses import Excuse
from surveys.demo.moments import moments_of
from surveys.demo.recipes import recipe
from surveys.models import Effect, Event, EventKind, Explanation, Organisation, Reason, Submission
from surveys.queries.bounds import bounds_for
from surveys.queries.checks import Checked, context_of
from surveys.queries.year import records_of_year
from surveys.questionnaires.rule import Level
from surveys.rules import Context, Finding
from surveys.rules.backtest import Place
from surveys.rules.context import side
from surveys.workflow import DELIVERED, SubmissionState

_EXPLAINED_SO_FAR = 0.25
"""Part of the signals in a list that is still being filled in."""
_TAKEN_OVER = 0.7
"""Part of the explanations of last year that were confirmed where the same signal came again."""


def add_events(
    land: Country, stored: Mapping[str, Organisation], accounts: Accounts
) -> Mapping[tuple[str, int], Event]:
    """(ISIL code, year) to the event as it stands on the timeline."""
    events = {}
    for (isil, year), true in events_of(land).items():
        if isil in stored:
            begun = moments_of(land, isil, year, "bezit", SubmissionState.IN_PROGRESS).begun
            events[isil, year] = Event(
                organisation=stored[isil],
                kind=true.kind,
                description=true.description,
                starts=true.starts,
                ends=true.ends,
                added_at=begun + timedelta(minutes=12),
                added_by=accounts.contact(isil, "bezit"),
            )
    Event.objects.bulk_create(events.values())
    return events


@dataclass(frozen=True, slots=True)
class Story:
    """What may be known when something is explained. `mistaken`: the places where a mistake was planted."""

    land: Country
    events: Mapping[tuple[str, int], Event]
    mistaken: frozenset[tuple[str, str]]


def explain(story: Story, deliveries: Sequence[Delivery]) -> int:
    """Explain every warning of what was submitted and some of what is in progress; returns how many.

    Both years in one pass, since the later year is held against the earlier one anyway.
    """
    of_year: dict[tuple[str, int], list[Delivery]] = {}
    for one in deliveries:
        of_year.setdefault((one.organisation.isil, one.questionnaire.year), []).append(one)
    earlier, later = story.land.earlier, story.land.later
    bounds = {year: bounds_for(year) for year in (earlier, later)}
    explanations: list[Explanation] = []
    for before, now in zip(records_of_year(earlier), records_of_year(later), strict=True):
        given: dict[Place, Explanation] = {}
        for year, record, last in ((earlier, before, None), (later, now, before)):
            checked = Checked(year, record, context_of(year, record, last, bounds[year]))
            given = _explained(checked, story, of_year[record.isil, year], given)
            explanations += given.values()
    return len(Explanation.objects.bulk_create(explanations))


def _explained(
    checked: Checked, story: Story, deliveries: Sequence[Delivery], last: Mapping[Place, Explanation]
) -> dict[Place, Explanation]:
    """A signal that stands in several lists is explained once, in the one that was submitted first."""
    isil = checked.record.isil
    given: dict[Place, Explanation] = {}
    for delivery in sorted(deliveries, key=lambda one: (not _is_in(one), one.moments.submitted)):
        if delivery.stage.state is SubmissionState.NOT_STARTED:
            continue
        for finding in checked.findings(delivery.questionnaire.code):
            place = (finding.code, finding.row)
            is_given = _is_in(delivery) or uniform("said", isil, *place, checked.year) < _EXPLAINED_SO_FAR
            if finding.level is Level.WARNING and is_given and place not in given:
                at = delivery.moments.submitted - timedelta(minutes=90 - len(given))
                given[place] = _explanation(
                    checked, story, delivery.submission, finding, at=at, last=last.get(place)
                )
    return given


def _is_in(delivery: Delivery) -> bool:
    """Submitted at least once."""
    return delivery.stage.state in {*DELIVERED, SubmissionState.RETURNED}


def _explanation(
    checked: Checked,
    story: Story,
    submission: Submission,
    finding: Finding,
    *,
    at: datetime,
    last: Explanation | None,
) -> Explanation:
    event, excuse = _why(checked, story, finding)
    is_confirmed = (
        last is not None
        and event is None
        and uniform("confirmed", checked.record.isil, finding.id) < _TAKEN_OVER
    )
    if last is not None and is_confirmed:
        excuse = Excuse(Reason(last.reason), last.text)
    return Explanation(
        participation=submission.participation,
        rule=finding.code,
        question=finding.anchor[0],
        row=finding.row,
        figures=finding.figures,
        reason=excuse.reason,
        text=excuse.text,
        event=event,
        is_confirmed=is_confirmed,
        at=at,
        by=submission.contact,
    )


def _why(checked: Checked, story: Story, finding: Finding) -> tuple[Event | None, Excuse]:
    isil, year = checked.record.isil, checked.year
    for of in (year, year - 1):
        event, true = story.events.get((isil, of)), events_of(story.land).get((isil, of))
        if event and true and _fits(event, true, finding, checked.context, year):
            kind = EventKind(event.kind)
            if of == year:
                return event, Excuse(kind.reason, excuses.WITH_EVENT[kind])
            text = excuses.AFTER_ONCE if kind is EventKind.ONE_OFF else excuses.AFTER_EVENT
            return event, Excuse(kind.reason, text)
    is_mistaken = any((isil, code) in story.mistaken for code, _ in finding.keys)
    part = excuses.LAME_PART_OF_MISTAKES if is_mistaken else excuses.LAME_PART
    name = (isil, finding.id, year)
    if uniform("lame", *name) < part:
        return None, excuses.LAME[pick([1.0] * len(excuses.LAME), "which", *name)]
    options = next(
        (found for pattern, found in excuses.BY_RULE.items() if fnmatchcase(finding.code, pattern)),
        (excuses.BY_KIND.get(finding.rule.kind, excuses.ANY),),
    )
    return None, options[pick([1.0] * len(options), "which", *name)]


def _fits(event: Event, true: TrueEvent, finding: Finding, context: Context, year: int) -> bool:
    """It is about what the event changes, and it went the way that the event makes figures go."""
    if finding.row and finding.row != true.place:
        return False
    made_of = context.closure.made_of
    read = frozenset().union(*(made_of(code) for code in finding.rule.reads))
    changed = frozenset().union(*(made_of(code) for code in (*true.effects, *true.lines)))
    if true.outside and any(recipe(true.outside, (code,), 1.0) != 1.0 for code in read):
        return True
    expected, shift = event.expected(year), finding.shift
    if shift is None:
        now, then = (side(finding.rule.left, one, finding.row) for one in (context.now, context.last))
        shift = now - then if now is not None and then is not None else None
    if expected is None or not shift or read.isdisjoint(changed):
        return False
    return expected in (Effect.EITHER, Effect.UP if shift > 0 else Effect.DOWN)
