"""Making a release, and choosing which two are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils import timezone
from django.utils.dateformat import format as format_date

from surveys.actions.releases import MAX_LENGTH
from surveys.forms.deciding import seen_in
from surveys.forms.filters import search_helper
from surveys.models import PROVINCES, Release, ReleaseStatus
from surveys.questionnaires.schema import Questionnaire


def numbered(made: Sequence[Release]) -> dict[Release, int]:
    """The first of a year is number 1; `made`, all of the year, newest first."""
    return {one: len(made) - place for place, one in enumerate(made)}


def short_name(release: Release, number: int) -> str:
    return f"Uitgave {number} · {release.get_status_display()}"


def release_name(release: Release, number: int) -> str:
    """'Uitgave 2 · voorlopig, 12 april 1999 14.40'."""
    at = timezone.localtime(release.at)
    return f"{short_name(release, number)}, {format_date(at, 'j F Y H.i')}"


class ReleaseForm(forms.Form):
    """`gezien`: the newest release that the page showed."""

    gezien = forms.CharField(required=False, widget=forms.HiddenInput)
    status = forms.ChoiceField(label="Status", error_messages={"required": "Kies de status van de uitgave."})
    toelichting = forms.CharField(
        label="Toelichting",
        help_text="Wat is dit voor stand, of wat is er anders dan bij de vorige? Staat ook in het werkboek.",
        required=False,
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": MAX_LENGTH}),
    )

    def __init__(self, data: Mapping[str, str] | None = None, *, made: Sequence[Release]) -> None:
        newest = made[0] if made else None
        super().__init__(data, initial={"gezien": newest.pk if newest else 0}, use_required_attribute=False)
        order = list(ReleaseStatus)
        left = order[order.index(ReleaseStatus(newest.status)) if newest else 0 :]
        choices = [("", "Kies …"), *((one.value, one.label) for one in left)]
        self.fields["status"].choices = choices  # type: ignore[attr-defined]

    @property
    def seen(self) -> int:
        return seen_in(self.data.get("gezien", ""))

    @property
    def wanted(self) -> ReleaseStatus:
        return ReleaseStatus(self.cleaned_data["status"])

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.attrs = {"novalidate": True}
        helper.layout = Layout("gezien", "status", "toelichting", Submit("", "Uitgave maken"))
        return helper


class ComparisonFilter(forms.Form):
    """From which release to which; of which list and province."""

    van = forms.ChoiceField(label="Van", required=False)
    tot = forms.ChoiceField(label="Tot", required=False)
    vragenlijst = forms.ChoiceField(label="Vragenlijst", required=False)
    provincie = forms.ChoiceField(label="Provincie", required=False)

    def __init__(
        self, data: Mapping[str, str], *, made: Sequence[Release], questionnaires: Iterable[Questionnaire]
    ) -> None:
        super().__init__(data, auto_id="filter_%s", use_required_attribute=False)
        self._made = {str(one.pk): one for one in made}
        self.numbers = numbered(made)
        names = {str(one.pk): release_name(one, number) for one, number in self.numbers.items()}
        choices = {
            "van": names,
            "tot": {"": "Nu", **names},
            "vragenlijst": {"": "Alle vragenlijsten", **{one.code: one.title for one in questionnaires}},
            "provincie": {"": "Alle provincies", **{name: name for name in PROVINCES}},
        }
        for name, of_field in choices.items():
            self.fields[name].choices = list(of_field.items())  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        return search_helper(self, "Uitgaven vergelijken")

    @property
    def chosen(self) -> dict[str, str]:
        """What is filled in and can be, for the address bar."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def first(self) -> Release | None:
        """The one that is chosen, or else the newest; None: there is none."""
        return self._made.get(self.chosen.get("van", "")) or next(iter(self._made.values()), None)

    @property
    def second(self) -> Release | None:
        """None: now."""
        return self._made.get(self.chosen.get("tot", ""))
