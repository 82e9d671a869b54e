"""Recording a change of organisations: one form a kind, each of which becomes a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.utils import timezone

from surveys.forms.register_fields import DayField, InhabitantsField, LibraryField
from surveys.models import ChangeKind, Location
from surveys.models.organisation import PROVINCES
from surveys.queries.objections import DAY, HEIRS, NAME, WHO, Objection
from surveys.queries.succession import Heir, Newcomer, Plan
from surveys.values import clean_text

MOST_MERGING, MOST_PARTS = 6, 4
_MOST_NOTE = 1_000


class ChangeForm(forms.Form):
    """What all kinds have: the day and a note."""

    kind: ClassVar[ChangeKind]
    places: ClassVar[Mapping[str, str]] = {DAY: "dag"}
    """The field at which each objection is told."""

    dag = DayField(
        label="Per",
        error_messages={"required": "Vul de dag in waarop dit ingaat."},
    )
    toelichting = forms.CharField(
        label="Toelichting",
        help_text="Voor collega’s: waar staat het, wie meldde het.",
        required=False,
        max_length=_MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, data: Any = None, *, libraries: Mapping[str, str], pois: Mapping[str, str], **kwargs: Any
    ):
        super().__init__(data, use_required_attribute=False, **kwargs)
        self.libraries, self.pois = libraries, pois
        self.fields["dag"].help_text = (
            f"De eerste dag waarop het zo is, zoals 1-1-{timezone.localdate().year}. Wie op 31 december bestaat, levert "
            "over dat jaar."
        )
        self.compose()
        self.order_fields([*(one for one in self.fields if one != "toelichting"), "toelichting"])

    def compose(self) -> None:
        """The fields of this kind."""

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_id = "wijziging"
        helper.attrs = {"novalidate": True}
        helper.layout = Layout(
            *self.layout(),
            "toelichting",
            HTML(
                '<p class="actions"><button class="btn btn-primary" type="submit">Gevolgen bekijken</button></p>'
            ),
        )
        return helper

    def layout(self) -> Sequence[Any]:
        return [one for one in self.fields if one != "toelichting"]

    def object(self, found: Iterable[Objection]) -> None:
        """Tell why it cannot be recorded, at the field that must be otherwise."""
        for one in found:
            self.add_error(self.places.get(one.about), one.text)

    def plan(self) -> Plan:
        """Only once it is valid."""
        return Plan(
            kind=self.kind,
            day=self.cleaned_data["dag"],
            predecessors=self.predecessors(),
            heirs=self.heirs(),
            new_name=clean_text(self.cleaned_data.get("naam", "")),
            note=clean_text(self.cleaned_data["toelichting"]),
        )

    def predecessors(self) -> tuple[str, ...]:
        return (self.cleaned_data["bibliotheek"],)

    def heirs(self) -> tuple[Heir, ...]:
        return ()

    def library(self, label: str, **kwargs: Any) -> LibraryField:
        wanted = {"required": "Kies een bibliotheek uit de lijst."}
        return LibraryField(self.libraries, label=label, error_messages=wanted, **kwargs)

    def add_heir(self, prefix: str, label: str, help_text: str) -> None:
        """The fields of one that goes on: an existing library, or a new one."""
        self.fields[f"{prefix}als"] = self.library(label, help_text=help_text, required=False)
        self.fields[f"{prefix}naam"] = forms.CharField(label="Naam", max_length=200, required=False)
        self.fields[f"{prefix}isil"] = forms.CharField(label="ISIL-code", max_length=20, required=False)
        self.fields[f"{prefix}provincie"] = forms.ChoiceField(
            label="Provincie", choices=[("", "Kies …"), *((one, one) for one in PROVINCES)], required=False
        )
        self.fields[f"{prefix}poi"] = forms.ChoiceField(
            label="POI", choices=[("", "geen"), *self.pois.items()], required=False
        )
        for name in ("als", "naam", "isil", "provincie", "poi"):
            # Which of them is needed follows from the others: not said at each.
            self.fields[prefix + name].is_weighed_together = True  # type: ignore[attr-defined]

    def folded(self, summary: str, names: Sequence[str], drawn: Sequence[Any] = ()) -> Sequence[Any]:
        """Fields that few need, open where something was typed in one of them."""
        is_used = any(self.data.get(name) for name in names)
        opening = f"<details{' open' if is_used else ''}><summary>{summary}</summary>"
        return HTML(opening), *(drawn or names), HTML("</details>")

    def heir_layout(self, prefix: str) -> Sequence[Any]:
        return (
            f"{prefix}als",
            HTML('<p class="form-or">of een nieuwe organisatie:</p>'),
            Div(f"{prefix}naam", f"{prefix}isil", css_class="form-pair"),
            Div(f"{prefix}provincie", f"{prefix}poi", css_class="form-pair"),
        )

    def heir(self, prefix: str, **more: Any) -> Heir | None:
        """None: nothing was filled in."""
        cleaned = self.cleaned_data
        isil = cleaned.get(f"{prefix}isil", "").strip().upper()
        name = clean_text(cleaned.get(f"{prefix}naam", ""))
        existing = cleaned.get(f"{prefix}als", "")
        if existing:
            return Heir(existing, **more)
        if not isil and not name:
            return None
        return Heir(isil, Newcomer(name, cleaned[f"{prefix}provincie"], cleaned[f"{prefix}poi"]), **more)

    def check_heir(self, prefix: str) -> None:
        cleaned = self.cleaned_data
        if cleaned.get(f"{prefix}als") and (cleaned.get(f"{prefix}naam") or cleaned.get(f"{prefix}isil")):
            self.add_error(
                f"{prefix}als",
                "Kies een bestaande bibliotheek óf vul een nieuwe organisatie in, niet allebei.",
            )


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


class SplitForm(ChangeForm):
    """Of one library, which is chosen first: its locations are divided over the parts."""

    kind = ChangeKind.SPLIT

    def __init__(self, data: Any = None, *, locations: Sequence[Location], **kwargs: Any):
        self.locations = locations
        super().__init__(data, **kwargs)

    def compose(self) -> None:
        self.fields["bibliotheek"] = self.library("Bibliotheek", widget=forms.HiddenInput())
        for part in range(1, MOST_PARTS + 1):
            self.add_heir(
                f"deel{part}_",
                "Bestaande organisatie",
                "De bibliotheek zelf, als zij met minder verdergaat." if part == 1 else "",
            )
            self.fields[f"deel{part}_inwoners"] = InhabitantsField(
                label="Inwoners", help_text="Van het gebied van dit deel.", required=False
            )
            self.fields[f"deel{part}_inwoners"].is_weighed_together = True  # type: ignore[attr-defined]
        choices = [("", "Kies …"), *((str(one), f"deel {one}") for one in range(1, MOST_PARTS + 1))]
        for place in self.locations:
            field = forms.ChoiceField(label=f"{place.name} ({place.isil})", choices=choices, required=False)
            field.is_weighed_together = True  # type: ignore[attr-defined]
            self.fields[f"naar_{place.isil}"] = field

    def layout(self) -> Sequence[Any]:
        parts = [
            Fieldset(f"Deel {one}", *self.heir_layout(f"deel{one}_"), f"deel{one}_inwoners")
            for one in range(1, MOST_PARTS + 1)
        ]
        in_more = [name for name in self.fields if name.startswith(("deel3_", "deel4_"))]
        places = [f"naar_{one.isil}" for one in self.locations]
        where = (Fieldset("Welke vestiging gaat waarheen?", *places),) if places else ()
        return (
            "dag",
            "bibliotheek",
            *parts[:2],
            *self.folded("Meer dan twee delen", in_more, parts[2:]),
            *where,
        )

    def clean(self) -> dict[str, Any]:
        for part in range(1, MOST_PARTS + 1):
            self.check_heir(f"deel{part}_")
        return self.cleaned_data

    def heirs(self) -> tuple[Heir, ...]:
        found = []
        for part in range(1, MOST_PARTS + 1):
            its = {
                one.isil for one in self.locations if self.cleaned_data.get(f"naar_{one.isil}") == str(part)
            }
            heir = self.heir(
                f"deel{part}_",
                inhabitants=self.cleaned_data.get(f"deel{part}_inwoners"),
                locations=frozenset(its),
            )
            if heir:
                found.append(heir)
        return tuple(found)


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
