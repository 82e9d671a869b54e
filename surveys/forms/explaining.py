"""Why a signal may stay: a reason, and a few words; typed, or taken over from last year or from an event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.html import format_html

from surveys.actions.explanations import MAX_LENGTH, problems_of
from surveys.forms.events import event_in_words
from surveys.models import Event, EventKind, Reason
from surveys.queries.explanations import Explained
from surveys.queries.signals import Signal
from surveys.rules import Finding


@dataclass(frozen=True, slots=True)
class Given:
    """An explanation as it was given, ready to be kept."""

    reason: str
    text: str
    event: Event | None = None
    is_confirmed: bool = False


class ExplainForm(forms.Form):
    """Its fields are named after the signal, so that many stand on one page, also within the form of a section."""

    reden = forms.ChoiceField(choices=[("", "Kies een reden …"), *Reason.choices])
    uitleg = forms.CharField(widget=forms.Textarea(attrs={"rows": 2, "maxlength": MAX_LENGTH}))

    def __init__(
        self, data: Mapping[str, str] | None = None, *, signal: Signal, about: str, takes_focus: bool = False
    ) -> None:
        before = signal.explanation
        super().__init__(
            data,
            prefix=signal.finding.id,
            use_required_attribute=False,
            initial={"reden": before.reason.value, "uitleg": before.text} if before else None,
        )
        self.takes_focus = takes_focus
        missing = problems_of(reason="", text="")
        for name, problem, label in (
            ("reden", "reason", "Waardoor?"),
            ("uitleg", "text", "Uitleg in een paar woorden"),
        ):
            field = self.fields[name]
            field.label = format_html('{}<span class="visually-hidden"> Bij {}</span>', label, about)
            field.error_messages |= dict.fromkeys(("required", "invalid_choice"), missing[problem])

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        problems = problems_of(reason=cleaned.get("reden", ""), text=cleaned.get("uitleg", ""))
        for problem, name in (("reason", "reden"), ("text", "uitleg")):
            if problem in problems and name not in self.errors:
                self.add_error(name, problems[problem])
        if self.takes_focus:
            first = next((self.fields[name] for name in self.fields if name in self.errors), None)
            if first:
                first.widget.attrs["autofocus"] = True
        return cleaned

    @property
    def given(self) -> Given | None:
        """None while something is wrong with it."""
        if not self.is_valid():
            return None
        return Given(self.cleaned_data["reden"], self.cleaned_data["uitleg"])

    def refuse_unseen(self) -> None:
        """Keeps what was typed, and asks to look at the figures that stand there now."""
        self.full_clean()
        self.add_error(
            "uitleg", "Een cijfer is intussen gewijzigd. Klopt uw uitleg nog, bewaar haar dan opnieuw."
        )
        self.fields["uitleg"].widget.attrs["autofocus"] = self.takes_focus

    @property
    def field_names(self) -> str:
        """As htmx takes them, to send no other field of the page."""
        return ",".join(self.add_prefix(name) for name in self.fields)


def stand_of(finding: Finding) -> str:
    """Names the figures that a page showed, so that nobody explains a figure that they did not see."""
    return sha256(finding.figures.encode()).hexdigest()[:12]


def taken_over(data: Mapping[str, str], signal: Signal, events: Iterable[Event]) -> Given | None:
    """The explanation that one button gives; None when none of them was pressed, or what it offered is gone."""
    if "vorig_jaar" in data and signal.earlier:
        return _again(signal.earlier, is_confirmed=True)
    if "opnieuw" in data and signal.explanation:
        return _again(signal.explanation, is_confirmed=signal.explanation.is_confirmed)
    event = next((one for one in events if str(one.pk) == data.get("gebeurtenis")), None)
    return Given(EventKind(event.kind).reason.value, event_in_words(event), event) if event else None


def _again(before: Explained, *, is_confirmed: bool) -> Given:
    return Given(before.reason.value, before.text, before.event, is_confirmed)
