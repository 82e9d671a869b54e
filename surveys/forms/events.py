"""An event on the timeline of an organisation, from month to month, and the signals that it answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.utils import timezone

from surveys.actions.events import MAX_LENGTH, problems_of
from surveys.models import Event, EventKind
from surveys.values import InputError, parse_date

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
_SHORTEST = 3
"""Letters that tell the months apart."""


def parse_month(text: str, *, is_end: bool = False) -> date:
    """februari 1999, feb 1999, 2-1999, 1999-02: its first day, or its last; a whole date is itself. Raises InputError."""
    bare = text.strip().lower()
    named = re.fullmatch(r"([a-z]+)\.? +(\d{4})", bare)
    numbered = re.fullmatch(r"(\d{1,2})[-/. ](\d{4})", bare)
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})", bare)
    if named:
        year, month = int(named[2]), _month_of(named[1])
    elif numbered or iso:
        month, year = (int(numbered[1]), int(numbered[2])) if numbered else (int(iso[2]), int(iso[1]))  # type: ignore[index]
    else:
        return _day(text)
    if not 1 <= month <= len(MONTHS) or not 1 <= year < date.max.year:
        raise InputError(_no_moment(text))
    first = date(year, month, 1)
    return _last_of(first) if is_end else first


def _day(text: str) -> date:
    try:
        return parse_date(text.strip())
    except InputError as error:
        raise InputError(_no_moment(text)) from error


def _no_moment(text: str) -> str:
    year = timezone.localdate().year - 1
    return f"‘{text}’ is geen maand of dag. Schrijf bijvoorbeeld februari {year} of 6-2-{year}."


def _month_of(word: str) -> int:
    """1 to 12; 0 when it is no month. Also by its first letters."""
    found = [n for n, name in enumerate(MONTHS, 1) if len(word) >= _SHORTEST and name.startswith(word)]
    return found[0] if len(found) == 1 else 3 if word == "mrt" else 0


def _last_of(first: date) -> date:
    """The last day of the month that begins then."""
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def period_in_words(event: Event) -> str:
    """februari–augustus 1999, in mei 1999, vanaf november 1999; with days where it does not fill its months."""
    first, last = event.starts, event.ends
    if last is None:
        return f"vanaf {_moment(first, is_whole=first.day == 1)}"
    is_whole = first.day == 1 and last == _last_of(last.replace(day=1))
    if first == last:
        return f"op {_moment(first, is_whole=False)}"
    start, end = _moment(first, is_whole=is_whole), _moment(last, is_whole=is_whole)
    if is_whole and start == end:
        return f"in {start}"
    if first.year == last.year:
        start = start.removesuffix(f" {first.year}")
    return f"{start}–{end}" if is_whole else f"{start} tot en met {end}"


def _moment(day: date, *, is_whole: bool) -> str:
    month = f"{MONTHS[day.month - 1]} {day.year}"
    return month if is_whole else f"{day.day} {month}"


def event_in_words(event: Event) -> str:
    """As it stands in an explanation: Verbouwing, februari–augustus 1999: hoofdvestiging half open."""
    name = EventKind(event.kind).label
    return f"{name[0].upper()}{name[1:]}, {period_in_words(event)}: {event.description.removesuffix('.')}"


class MonthField(forms.CharField):
    """A text in which a month or a day may be typed; None when it is empty."""

    def __init__(self, *, is_end: bool = False, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)
        self.is_end = is_end
        self.widget.attrs["autocomplete"] = "off"

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_month(text, is_end=self.is_end)
        except InputError as error:
            raise forms.ValidationError(str(error)) from error


class EventForm(forms.Form):
    """What happened, and when."""

    soort = forms.ChoiceField(label="Wat gebeurde er?", choices=[("", "Kies …"), *EventKind.choices])
    omschrijving = forms.CharField(
        label="Omschrijving",
        help_text="Kort, zoals u het de KB zou vertellen. Zij leest dit bij de signalen die u ermee beantwoordt.",
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": MAX_LENGTH}),
    )
    van = MonthField(label="Begonnen in")
    tot = MonthField(
        label="Tot en met",
        help_text="Laat leeg als het nog duurt, of als het blijvend is.",
        is_end=True,
        required=False,
    )
    _PROBLEMS = (("kind", "soort"), ("description", "omschrijving"), ("starts", "van"), ("ends", "tot"))

    def __init__(self, data: Mapping[str, str] | None = None) -> None:
        super().__init__(data, use_required_attribute=False)
        year = timezone.localdate().year - 1
        self.fields["van"].help_text = f"Een maand, zoals februari {year}, of een dag, zoals 6-2-{year}."
        missing = problems_of(kind="", description="", starts=None, ends=None, today=timezone.localdate())
        for problem, name in self._PROBLEMS:
            if problem in missing:
                self.fields[name].error_messages |= dict.fromkeys(
                    ("required", "invalid_choice"), missing[problem]
                )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_id = "gebeurtenis"
        helper.attrs = {"novalidate": True}
        helper.layout = Layout(
            "soort",
            "omschrijving",
            Div("van", "tot", css_class="form-pair"),
            HTML(
                '<p class="actions"><button class="btn btn-primary" type="submit">Gebeurtenis toevoegen</button></p>'
            ),
        )
        return helper

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        problems = problems_of(
            kind=cleaned.get("soort", ""),
            description=cleaned.get("omschrijving", ""),
            starts=cleaned.get("van"),
            ends=cleaned.get("tot"),
            today=timezone.localdate(),
        )
        for problem, name in self._PROBLEMS:
            if problem in problems and name not in self.errors:
                self.add_error(name, problems[problem])
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """As the action takes them; only once it is valid."""
        cleaned = self.cleaned_data
        return {
            "kind": cleaned["soort"],
            "description": cleaned["omschrijving"],
            "starts": cleaned["van"],
            "ends": cleaned["tot"],
        }


class AnswerForm(forms.Form):
    """Which signals an event answers. A signal is named by its list and its own name."""

    signalen = forms.MultipleChoiceField(
        error_messages={
            "required": "Kruis aan welke signalen door deze gebeurtenis komen.",
            "invalid_choice": "Een van deze signalen is er niet meer. Er is niets bewaard; kijk de lijst nog eens na.",
        }
    )

    def __init__(self, data: Any = None, *, names: Iterable[str]) -> None:
        super().__init__(data)
        self.fields["signalen"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
