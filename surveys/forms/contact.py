"""Contact with libraries: what somebody writes in the log, what of it is shown, who is turned to, what a round says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms

from surveys.actions.contact import BY_HAND, MAX_TEXT
from surveys.actions.reminders import MAX_PARAGRAPH
from surveys.models import ContactKind, ReminderKind, Submission, User
from surveys.queries.contact import Members
from surveys.questionnaires.schema import Questionnaire

NOBODY = "Geen: iedereen die deze lijst mag invullen"


def _posting(*parts: Any) -> FormHelper:
    helper = FormHelper()
    helper.attrs = {"novalidate": True}
    helper.layout = Layout(*parts)
    return helper


def _searching(form: forms.Form, label: str, button: str) -> FormHelper:
    helper = FormHelper()
    helper.form_method = "get"
    helper.form_class = "filters screen-only"
    helper.form_show_errors = False
    helper.disable_csrf = True
    helper.attrs = {"role": "search", "aria-label": label}
    helper.layout = Layout(*form.fields, Submit("", button))
    return helper


def _button(text: str) -> HTML:
    return HTML(f'<p class="actions"><button class="btn btn-primary" type="submit">{text}</button></p>')


class NoteForm(forms.Form):
    """A call, a mail of one's own, or something to remember."""

    soort = forms.ChoiceField(
        label="Soort",
        choices=[(one.value, one.label.capitalize()) for one in BY_HAND],
        error_messages={"required": "Kies telefoon, e-mail of notitie."},
    )
    tekst = forms.CharField(
        label="Wat is er besproken?",
        help_text="De bibliotheek leest dit niet; de KB en de POI wel.",
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": MAX_TEXT}),
        error_messages={"required": "Schrijf op wat er is besproken."},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False)

    @property
    def helper(self) -> FormHelper:
        helper = _posting("soort", "tekst")
        helper.form_tag = False
        return helper


class ContactFilter(forms.Form):
    """Of the contact log. What cannot be is left out."""

    zoek = forms.CharField(label="Naam of ISIL-code", max_length=80, required=False)
    soort = forms.ChoiceField(
        label="Soort", choices=[("", "Elke soort"), *ContactKind.choices], required=False
    )
    mislukt = forms.BooleanField(label="Alleen wat de mailserver weigerde", required=False)

    def __init__(self, data: Mapping[str, str]) -> None:
        super().__init__(data, auto_id="filter_%s", use_required_attribute=False)

    @property
    def helper(self) -> FormHelper:
        return _searching(self, "Contact zoeken en filteren", "Tonen")

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ContactsForm(forms.Form):
    """Who the KB turns to, per list that this user fills in. Each field is named after its list."""

    def __init__(
        self,
        data: Any = None,
        *,
        lists: Iterable[tuple[Questionnaire, Submission]],
        members: Members,
    ) -> None:
        super().__init__(data, use_required_attribute=False)
        self.people: dict[str, User] = {str(user.pk): user for user, _ in members.people}
        for questionnaire, submission in lists:
            able = members.of(questionnaire.code)
            field = forms.ChoiceField(
                label=questionnaire.title,
                required=False,
                choices=[("", NOBODY), *((str(one.pk), f"{one} ({one.email})") for one in able)],
                error_messages={
                    "invalid_choice": "Deze collega mag de lijst niet (meer) invullen. Kies een ander."
                },
            )
            field.initial = str(submission.contact_id) if submission.contact in able else ""
            self.fields[questionnaire.code] = field

    @property
    def helper(self) -> FormHelper:
        return _posting(*self.fields, _button("Contactpersonen vastleggen"))

    @property
    def contacts(self) -> dict[str, User | None]:
        """As the action takes them; only once it is valid."""
        return {code: self.people.get(value) for code, value in self.cleaned_data.items()}


class ReminderForm(forms.Form):
    """Which mails are drafted. A plain GET form: a preview can be sent to a colleague."""

    soort = forms.ChoiceField(label="Soort mail")
    alinea = forms.CharField(
        label="Eigen alinea",
        help_text="Komt in elke mail onder de lijsten te staan.",
        required=False,
        max_length=MAX_PARAGRAPH,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": MAX_PARAGRAPH}),
        error_messages={"max_length": f"Kort de alinea in: er passen {MAX_PARAGRAPH} tekens."},
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data or {"soort": ReminderKind.AHEAD.value}, use_required_attribute=False)
        choices = [(one.value, one.label.capitalize()) for one in ReminderKind]
        self.fields["soort"].choices = choices  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_method = "get"
        helper.disable_csrf = True
        helper.attrs = {"novalidate": True}
        helper.layout = Layout(
            *self.fields,
            HTML(
                '<p class="actions"><button class="btn btn-quiet" type="submit">Mails bekijken</button></p>'
            ),
        )
        return helper

    @property
    def kind(self) -> ReminderKind:
        self.is_valid()
        return ReminderKind(self.cleaned_data.get("soort", ReminderKind.AHEAD.value))

    @property
    def paragraph(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("alinea", "")).replace("\r\n", "\n").strip()
