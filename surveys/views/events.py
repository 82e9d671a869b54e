"""The timeline of an organisation: what happened, told once, and the signals in all lists that it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from surveys.actions.events import add_event
from surveys.actions.explanations import ClosedError, explain_many
from surveys.forms.addresses import field_url
from surveys.forms.events import AnswerForm, EventForm, event_in_words
from surveys.forms.explaining import stand_of
from surveys.models import Event, EventKind, Participation, Submission
from surveys.permissions import Access, may_tell_events
from surveys.queries.access import find_participation
from surveys.queries.home import ListLine, lists_of
from surveys.queries.signals import Signal
from surveys.queries.timeline import direction_of, is_expected, timeline_of
from surveys.questionnaires.schema import Questionnaire
from surveys.views.requests import UserRequest


@dataclass(frozen=True, slots=True)
class Choice:
    """An open signal that an event may answer. `name` tells its list, which signal, and which figures were seen."""

    name: str
    submission: Submission
    signal: Signal
    number: str
    label: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Told:
    """An event, and how many signals of this year it answers."""

    event: Event
    answers: int
    is_chosen: bool


@dataclass(slots=True)
class Timeline:
    """What the page knows: the lists with their signals, the events, and the event that is answered with."""

    participation: Participation
    access: Access
    lines: Sequence[ListLine]
    events: Sequence[Event]
    chosen: Event | None = None
    ticked: Sequence[str] | None = None

    @property
    def place(self) -> dict[str, Any]:
        return {"year": self.participation.round_id, "isil": self.participation.organisation.isil}

    @property
    def choices(self) -> list[tuple[Questionnaire, list[Choice]]]:
        """Per list that this user may fill in; a signal that stands in two lists is offered once."""
        seen: set[str] = set()
        groups = []
        for line in self.lines:
            if line.may_fill_in:
                group = [
                    self._choice(line, one)
                    for one in line.delivery.signals
                    if one.is_open and not one.is_error and one.finding.id not in seen
                ]
                seen.update(one.signal.finding.id for one in group)
                if group:
                    groups.append((line.delivery.questionnaire, group))
        return groups

    def _choice(self, line: ListLine, signal: Signal) -> Choice:
        delivery, finding = line.delivery, signal.finding
        question = delivery.questions[finding.anchor[0]]
        name = f"{delivery.questionnaire.code}/{finding.id}/{stand_of(finding)}"
        direction = direction_of(finding, delivery)
        is_likely = self.chosen is not None and is_expected(self.chosen, direction, delivery.edition.year)
        return Choice(
            name=name,
            submission=delivery.submission,
            signal=signal,
            number=question.number,
            label=question.label,
            url=field_url(delivery.edition, self.place["isil"], finding.anchor),
            is_chosen=is_likely if self.ticked is None else name in self.ticked,
        )

    @property
    def told(self) -> list[Told]:
        answered = [
            one.explanation.event.pk
            for one in {s.finding.id: s for line in self.lines for s in line.delivery.signals}.values()
            if one.is_explained and one.explanation and one.explanation.event
        ]
        return [Told(one, answered.count(one.pk), one == self.chosen) for one in self.events]


@require_http_methods(["GET", "HEAD", "POST"])
def events(request: UserRequest, *, year: int, isil: str) -> HttpResponse:
    """The timeline. POST adds an event, or answers the ticked signals with one: all of them or none."""
    timeline = _timeline(request, year, isil)
    if request.method != "POST":
        return _page(request, timeline, EventForm())
    if not may_tell_events(timeline.access):
        raise PermissionDenied("Alleen de bibliotheek zelf vult haar tijdlijn aan.")
    return _answer(request, timeline) if timeline.chosen else _add(request, timeline)


def _timeline(request: UserRequest, year: int, isil: str) -> Timeline:
    participation, access = find_participation(request.user, year=year, isil=isil)
    told = timeline_of(participation.organisation_id)
    name = (request.POST if request.method == "POST" else request.GET).get("gebeurtenis", "")
    chosen = next((one for one in told if str(one.pk) == name), None)
    if name and chosen is None:
        raise Http404("Deze gebeurtenis is er niet.")
    return Timeline(participation, access, lists_of(participation, access), told, chosen)


def _add(request: UserRequest, timeline: Timeline) -> HttpResponse:
    form = EventForm(request.POST)
    if not form.is_valid():
        return _page(request, timeline, form, status=422)
    event = add_event(organisation=timeline.participation.organisation, by=request.user, **form.facts)
    messages.success(request, f"{event_in_words(event)}. Toegevoegd aan de tijdlijn.")
    return _to(timeline, event)


def _answer(request: UserRequest, timeline: Timeline) -> HttpResponse:
    by_name = {one.name: one for _, group in timeline.choices for one in group}
    form = AnswerForm(request.POST, names=by_name)
    event = timeline.chosen
    if event is None or not form.is_valid():
        timeline.ticked = request.POST.getlist("signalen")
        return _page(request, timeline, EventForm(), answer_form=form, status=422)
    chosen = [by_name[name] for name in form.cleaned_data["signalen"]]
    try:
        explain_many(
            signals=[(one.submission, one.signal.finding) for one in chosen],
            reason=EventKind(event.kind).reason.value,
            text=event_in_words(event),
            event=event,
            by=request.user,
        )
    except ClosedError as error:  # a colleague submitted one of the lists meanwhile
        raise PermissionDenied(f"{error} Er is niets bewaard.") from error
    count = len(chosen)
    messages.success(
        request, f"{count} {'signaal' if count == 1 else 'signalen'} beantwoord met deze gebeurtenis."
    )
    return _to(timeline, event)


def _to(timeline: Timeline, event: Event) -> HttpResponse:
    return redirect(f"{reverse('events', kwargs=timeline.place)}?gebeurtenis={event.pk}")


def _page(
    request: UserRequest,
    timeline: Timeline,
    form: EventForm,
    *,
    answer_form: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    choices = timeline.choices
    context = {
        **timeline.place,
        "access": timeline.access,
        "organisation": timeline.participation.organisation,
        "may_tell": may_tell_events(timeline.access),
        "told": timeline.told,
        "chosen": timeline.chosen,
        "choices": choices,
        "count": sum(len(group) for _, group in choices),
        "has_ticked": any(one.is_chosen for _, group in choices for one in group),
        "form": form,
        "answer_form": answer_form,
    }
    return render(request, "library/events.html", context, status=status)
