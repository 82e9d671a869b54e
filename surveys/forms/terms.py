"""The dates of a round, and more time for one list. Days are typed as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.utils import timezone

from surveys.actions.terms import MAX_REASON, Dates, problems_of_dates, problems_of_extension
from surveys.models import Submission, Window
from surveys.questionnaires.schema import Questionnaire
from surveys.values import InputError, parse_date


class DayField(forms.CharField):
    """A day as 31-12-1999."""

    def __init__(self, *, label: str, needed: str, help_text: str = "") -> None:
        super().__init__(label=label, help_text=help_text, max_length=30, error_messages={"required": needed})
        self.widget.attrs |= {"autocomplete": "off", "class": "day-field"}

    def prepare_value(self, value: Any) -> Any:
        return f"{value.day}-{value.month}-{value.year}" if isinstance(value, date) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_date(text.strip())
        except InputError as error:
            raise forms.ValidationError(str(error)) from error


_LABELS = {
    "opens": ("Open vanaf", "Vul in vanaf welke dag {title} open is."),
    "deadline": ("Uiterlijk indienen", "Vul in op welke dag {title} uiterlijk binnen moet zijn."),
    "last_change": ("Wijzigen tot en met", "Vul in tot en met welke dag {title} gewijzigd kan worden."),
}


class WindowsForm(forms.Form):
    """The dates of all lists of a round; each list is a group of three days."""

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        questionnaires: Iterable[Questionnaire],
        windows: Mapping[str, Window],
    ) -> None:
        super().__init__(data, use_required_attribute=False)
        self.questionnaires = tuple(questionnaires)
        for one in self.questionnaires:
            window = windows.get(one.code)
            for name, (label, needed) in _LABELS.items():
                field = DayField(label=label, needed=needed.format(title=one.title))
                field.initial = getattr(window, name, None)
                self.fields[f"{one.code}-{name}"] = field

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "windows-form"
        helper.attrs = {"novalidate": True}
        helper.layout = Layout(
            *(
                Fieldset(
                    one.title,
                    Div(*(f"{one.code}-{name}" for name in _LABELS), css_class="days"),
                )
                for one in self.questionnaires
            ),
            HTML(
                '<p class="actions"><button class="btn btn-primary" type="submit">Termijnen vastleggen</button></p>'
            ),
        )
        return helper

    def clean(self) -> dict[str, Any]:
        for one in self.questionnaires:
            days = self._days(one.code)
            if None not in days.values():
                for name, problem in problems_of_dates(one.title, Dates(**days)).items():
                    self.add_error(f"{one.code}-{name}", problem)
        return self.cleaned_data

    def _days(self, code: str) -> dict[str, Any]:
        return {name: self.cleaned_data.get(f"{code}-{name}") for name in _LABELS}

    @property
    def windows(self) -> dict[str, Dates]:
        """As the action takes them; only once it is valid."""
        return {one.code: Dates(**self._days(one.code)) for one in self.questionnaires}


class ExtendForm(forms.Form):
    """More time for one list. `mailen`: the contact person is told."""

    tot = DayField(
        label="Uitstel tot en met", needed="Vul in tot en met welke dag de bibliotheek uitstel krijgt."
    )
    reden = forms.CharField(
        label="Reden",
        help_text="De bibliotheek leest dit in de mail; anders leest alleen de KB het.",
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": MAX_REASON}),
        error_messages={"required": "Schrijf in een paar woorden waarom de bibliotheek uitstel krijgt."},
    )
    mailen = forms.BooleanField(label="Mail dit aan de contactpersoon van deze lijst", required=False)
    _PROBLEMS = (("until", "tot"), ("reason", "reden"))

    def __init__(self, data: Any = None, *, submission: Submission) -> None:
        super().__init__(data, use_required_attribute=False, auto_id=f"uitstel-{submission.questionnaire}-%s")
        self.submission = submission
        self.fields["mailen"].initial = True

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.attrs = {"novalidate": True}
        helper.form_tag = False
        helper.layout = Layout(*self.fields)
        return helper

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        problems = problems_of_extension(
            self.submission,
            until=cleaned.get("tot"),
            reason=cleaned.get("reden", ""),
            today=timezone.localdate(),
        )
        for problem, name in self._PROBLEMS:
            if problem in problems and name not in self.errors:
                self.add_error(name, problems[problem])
        return cleaned
