"""Recording a change of organisations: one form a kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from crispy_forms.layout import Fieldset
from django import forms

from surveys.forms.organisation_changes import ChangeForm
from surveys.forms.splitting import SplitForm
from surveys.models import ChangeKind
from surveys.queries.objections import DAY, HEIRS, NAME, WHO
from surveys.queries.succession import Heir

MOST_MERGING = 6


class MergerForm(ChangeForm):
    kind = ChangeKind.MERGER
    places: ClassVar = {DAY: "dag", WHO: "bibliotheek_1", HEIRS: "als"}

    def compose(self) -> None:
        for number in range(1, MOST_MERGING + 1):
            self.fields[f"bibliotheek_{number}"] = self.library(
                f"Bibliotheek {number}", required=number <= 2, help_text=""
            )
        self.add_heir(
            "", "Verder als", "Een van deze, die dan haar ISIL-code houdt, of een andere bibliotheek."
        )

    def layout(self) -> Sequence[Any]:
        more = [f"bibliotheek_{number}" for number in range(3, MOST_MERGING + 1)]
        return (
            "dag",
            Fieldset(
                "Welke bibliotheken gaan samen?",
                "bibliotheek_1",
                "bibliotheek_2",
                *self.folded("Meer dan twee", more),
            ),
            Fieldset("Als welke organisatie gaan zij verder?", *self.heir_layout("")),
        )

    def clean(self) -> dict[str, Any]:
        self.check_heir("")
        return self.cleaned_data

    def predecessors(self) -> tuple[str, ...]:
        numbers = range(1, MOST_MERGING + 1)
        return tuple(filter(None, (self.cleaned_data[f"bibliotheek_{number}"] for number in numbers)))

    def heirs(self) -> tuple[Heir, ...]:
        heir = self.heir("")
        return (heir,) if heir else ()


class ClosureForm(ChangeForm):
    kind = ChangeKind.CLOSURE
    places: ClassVar = {DAY: "dag", WHO: "bibliotheek"}

    def compose(self) -> None:
        self.fields["bibliotheek"] = self.library("Bibliotheek")


class RenamingForm(ChangeForm):
    kind = ChangeKind.RENAMING
    places: ClassVar = {DAY: "dag", WHO: "bibliotheek", NAME: "naam"}

    def compose(self) -> None:
        self.fields["bibliotheek"] = self.library("Bibliotheek")
        self.fields["naam"] = forms.CharField(
            label="Nieuwe naam", max_length=200, error_messages={"required": "Vul de nieuwe naam in."}
        )


FORMS: Mapping[str, type[ChangeForm]] = {
    "fusie": MergerForm,
    "splitsing": SplitForm,
    "opheffing": ClosureForm,
    "naam": RenamingForm,
}


class SearchForm(forms.Form):
    zoek = forms.CharField(label="Naam, vroegere naam of ISIL-code", max_length=160, required=False)
