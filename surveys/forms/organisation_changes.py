"""What the forms have in common by which a change of organisations is recorded: each becomes a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.utils import timezone

from surveys.forms.register_fields import DayField, LibraryField
from surveys.models import ChangeKind
from surveys.models.organisation import PROVINCES
from surveys.queries.objections import DAY, Held, Objection
from surveys.queries.succession import Heir, Newcomer, Plan
from surveys.values import clean_text

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
        self.held: Sequence[tuple[str, Sequence[Held]]] = ()
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
        """Tell why it cannot be recorded, at the field that must be otherwise; lists in the way by library above."""
        by_library: dict[str, list[Held]] = {}
        for one in found:
            if one.held is None:
                self.add_error(self.places.get(one.about), one.text)
            else:
                by_library.setdefault(one.held.isil, []).append(one.held)
        self.held = [(held[0].library, held) for held in by_library.values()]
        if by_library:
            newest = max(one.year for held in by_library.values() for one in held)
            self.add_error("dag", f"Kies een dag na {newest}.")

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
        return Heir(
            isil,
            Newcomer(name, cleaned.get(f"{prefix}provincie", ""), cleaned.get(f"{prefix}poi", "")),
            **more,
        )

    def check_heir(self, prefix: str) -> None:
        cleaned = self.cleaned_data
        if cleaned.get(f"{prefix}als") and (cleaned.get(f"{prefix}naam") or cleaned.get(f"{prefix}isil")):
            self.add_error(
                f"{prefix}als",
                "Kies een bestaande bibliotheek óf vul een nieuwe organisatie in, niet allebei.",
            )
