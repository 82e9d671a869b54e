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
_SHOWN = "-getoond"


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
    """Who the KB turns to, per list that this user fills in. Each field is named after its list.

    Beside each stands, hidden, whom the page showed.
    """

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
            field.is_weighed_together = True  # type: ignore[attr-defined]
            self.fields[questionnaire.code] = field
            shown = forms.IntegerField(
                required=False, widget=forms.HiddenInput, initial=submission.contact_id
            )
            self.fields[f"{questionnaire.code}{_SHOWN}"] = shown

    @property
    def helper(self) -> FormHelper:
        return _posting(*self.fields, _button("Contactpersonen vastleggen"))

    @property
    def contacts(self) -> dict[str, User | None]:
        """As the action takes them; only once it is valid."""
        chosen = self.cleaned_data.items()
        return {code: self.people.get(value) for code, value in chosen if not code.endswith(_SHOWN)}

    @property
    def seen(self) -> dict[str, int | None]:
        """Whom the page showed, by number; only once it is valid."""
        return {code: self.cleaned_data[f"{code}{_SHOWN}"] for code in self.contacts}

    @property
    def renewed(self) -> dict[str, str]:
        """To post once more: what was changed on the page stays, and the rest is as it is by now."""
        data = {}
        for code in self.contacts:
            now, chosen = self.fields[code].initial, self.cleaned_data[code]
            was = self.cleaned_data[f"{code}{_SHOWN}"]
            is_changed = chosen != ("" if was is None else str(was))
            data[code] = chosen if is_changed else now
            data[f"{code}{_SHOWN}"] = self.fields[f"{code}{_SHOWN}"].initial or ""
        return data


class ReminderForm(forms.Form):
    """Which mails are drafted. A plain GET form: a preview can be sent to a colleague.

    `counts`: how many mails of each kind would go; the first with any is chosen when nothing is.
    """

    soort = forms.ChoiceField(label="Soort mail")
    alinea = forms.CharField(
        label="Eigen alinea",
        help_text="Komt in elke mail onder de lijsten te staan.",
        required=False,
        max_length=MAX_PARAGRAPH,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": MAX_PARAGRAPH}),
        error_messages={"max_length": f"Kort de alinea in: er passen {MAX_PARAGRAPH} tekens."},
    )

    def __init__(self, data: Any, *, counts: Mapping[ReminderKind, int]) -> None:
        self._first = next((kind for kind, count in counts.items() if count), ReminderKind.AHEAD)
        given = data.copy()
        given.setdefault("soort", self._first.value)
        super().__init__(given, use_required_attribute=False)
        self.fields["soort"].choices = [  # type: ignore[attr-defined]
            (kind.value, f"{kind.label.capitalize()} ({count} mail{'' if count == 1 else 's'})")
            for kind, count in counts.items()
        ]

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
        return ReminderKind(self.cleaned_data.get("soort", self._first.value))

    @property
    def paragraph(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("alinea", "")).replace("\r\n", "\n").strip()
