"""The dates of a round, and more time for one list. Days are typed as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone

from surveys.actions.terms import (
    AFTER_RETURN,
    MAX_REASON,
    Dates,
    in_figures,
    problems_of_dates,
    problems_of_extension,
)
from surveys.models import Submission, Window
from surveys.questionnaires.schema import Questionnaire
from surveys.values import InputError, parse_date


class DayField(forms.CharField):
    """A day as people write it: 24-11 and the year."""

    def __init__(self, *, label: str, needed: str, help_text: str = "") -> None:
        super().__init__(label=label, help_text=help_text, max_length=30, error_messages={"required": needed})
        self.widget.attrs |= {"autocomplete": "off", "class": "day-field"}

    def prepare_value(self, value: Any) -> Any:
        return in_figures(value) if isinstance(value, date) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_date(text.strip())
        except InputError as error:
            example = in_figures(timezone.localdate())
            problem = f"‘{text}’ is geen datum. Schrijf dag-maand-jaar, zoals {example}."
            raise forms.ValidationError(problem) from error


_LABELS = {
    "opens": ("Open vanaf", "Vul in vanaf welke dag {title} open is."),
    "deadline": ("Uiterlijk indienen", "Vul in op welke dag {title} uiterlijk binnen moet zijn."),
    "last_change": ("Wijzigen tot en met", "Vul in tot en met welke dag {title} gewijzigd kan worden."),
}


class WindowsForm(forms.Form):
    """The dates of all lists of a round; each list is a row of three days."""

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        year: int,
        questionnaires: Iterable[Questionnaire],
        windows: Mapping[str, Window],
    ) -> None:
        super().__init__(data, use_required_attribute=False)
        self.year, self.questionnaires = year, tuple(questionnaires)
        for one in self.questionnaires:
            window = windows.get(one.code)
            for name, (label, needed) in _LABELS.items():
                field = DayField(label=label, needed=needed.format(title=one.title))
                field.initial = getattr(window, name, None)
                self.fields[f"{one.code}-{name}"] = field

    @property
    def heads(self) -> list[str]:
        return [label for label, _ in _LABELS.values()]

    @property
    def rows(self) -> list[tuple[Questionnaire, list[forms.BoundField]]]:
        """As the page shows them."""
        return [(one, [self[f"{one.code}-{name}"] for name in _LABELS]) for one in self.questionnaires]

    def clean(self) -> dict[str, Any]:
        for one in self.questionnaires:
            days = self._days(one.code)
            if None not in days.values():
                problems = problems_of_dates(Dates(**days), year=self.year, today=timezone.localdate())
                for name, problem in problems.items():
                    self.add_error(f"{one.code}-{name}", problem)
        return self.cleaned_data

    def _days(self, code: str) -> dict[str, Any]:
        return {name: self.cleaned_data.get(f"{code}-{name}") for name in _LABELS}

    @property
    def windows(self) -> dict[str, Dates]:
        """As the action takes them; only once it is valid."""
        return {one.code: Dates(**self._days(one.code)) for one in self.questionnaires}


class ExtendForm(forms.Form):
    """More time for lists of one organisation. `mailen`: their contact persons are told."""

    lijsten = forms.MultipleChoiceField(
        label="Vragenlijsten",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Kies welke lijsten uitstel krijgen.",
            "invalid_choice": "Een van deze lijsten is intussen ingediend. Kies opnieuw welke uitstel krijgen.",
        },
    )
    tot = DayField(
        label="Uitstel tot en met", needed="Vul in tot en met welke dag de bibliotheek uitstel krijgt."
    )
    reden = forms.CharField(
        label="Reden",
        help_text="De bibliotheek leest dit in de mail; anders leest alleen de KB het.",
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": MAX_REASON}),
        error_messages={"required": "Schrijf in een paar woorden waarom de bibliotheek uitstel krijgt."},
    )
    mailen = forms.BooleanField(label="Mail dit aan de contactpersonen van deze lijsten", required=False)
    _PROBLEMS = (("until", "tot"), ("reason", "reden"))

    def __init__(self, data: Any = None, *, lists: Iterable[tuple[Questionnaire, Submission]]) -> None:
        """`lists`: those that can be given more time, read with their terms."""
        super().__init__(data, use_required_attribute=False, auto_id="uitstel-%s")
        self.lists = {one.code: (one, submission) for one, submission in lists}
        self.fields["lijsten"].choices = [  # type: ignore[attr-defined]
            (code, one.title) for code, (one, _) in self.lists.items()
        ]
        self.fields["tot"].help_text = f"Bijvoorbeeld {in_figures(timezone.localdate() + AFTER_RETURN)}."
        self.fields["mailen"].initial = True

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.attrs = {"novalidate": True}
        helper.form_tag = False
        helper.layout = Layout(*self.fields)
        return helper

    @property
    def chosen(self) -> list[tuple[Questionnaire, Submission]]:
        """In the order of the lists; nothing until it is valid."""
        return [self.lists[code] for code in self.cleaned_data.get("lijsten", ())]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        told: dict[str, dict[str, list[str]]] = {"until": {}, "reason": {}}
        for one, submission in self.chosen:
            problems = problems_of_extension(
                submission,
                until=cleaned.get("tot"),
                reason=cleaned.get("reden", ""),
                today=timezone.localdate(),
            )
            for name, problem in problems.items():
                told[name].setdefault(problem, []).append(one.title)
        for name, field in self._PROBLEMS:
            if field in self.errors:
                continue
            for problem, titles in told[name].items():
                is_of_all = len(titles) == len(self.chosen)
                self.add_error(field, problem if is_of_all else f"{', '.join(titles)}: {problem}")
        return cleaned
