"""Recording a split: the parts, and which location goes to which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms

from surveys.forms.organisation_changes import ChangeForm
from surveys.forms.register_fields import InhabitantsField
from surveys.models import ChangeKind, Location
from surveys.queries.succession import Heir
from surveys.questionnaires.merged import names_of

MOST_PARTS = 4


class SplitForm(ChangeForm):
    """Of one library, which is chosen first: its locations are divided over the parts."""

    kind = ChangeKind.SPLIT

    def __init__(
        self, data: Any = None, *, locations: Sequence[Location], years: Sequence[int] = (), **kwargs: Any
    ):
        self.locations, self.years = locations, years
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
        choices = [("", "Kies …"), *((str(one), _part_choice(one)) for one in range(1, MOST_PARTS + 1))]
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
        """All at once: a part that lacks something, and a location that goes nowhere."""
        used = {part for part in range(1, MOST_PARTS + 1) if self.heir(f"deel{part}_")}
        for part in range(1, MOST_PARTS + 1):
            self.check_heir(f"deel{part}_")
            if part in used:
                self._check_part(f"deel{part}_")
            elif part <= 2 and len(used) < 2:
                self.add_error(f"deel{part}_als", "Kies een bibliotheek of vul een nieuwe organisatie in.")
        for place in self.locations:
            name = f"naar_{place.isil}"
            chosen = self.cleaned_data.get(name)
            if chosen == "":
                self.add_error(name, "Kies bij welk deel deze vestiging hoort.")
            elif chosen and int(chosen) not in used:
                self.add_error(name, f"Deel {chosen} is niet ingevuld. Kies een deel dat u hierboven invult.")
        return self.cleaned_data

    def _check_part(self, prefix: str) -> None:
        cleaned, day = self.cleaned_data, self.cleaned_data.get("dag")
        wanted = {
            "naam": "Vul de naam in.",
            "isil": "Vul de ISIL-code in.",
            "provincie": "Kies de provincie.",
        }
        if cleaned.get(f"{prefix}als"):
            wanted = {}
        years = [str(one) for one in self.years if day and one >= day.year]
        if years:
            wanted["inwoners"] = (
                f"Vul bij elk deel het aantal inwoners in; het doet mee over {names_of(years)}."
            )
        for name, text in wanted.items():
            if cleaned.get(prefix + name, "wrong already") in ("", None):
                self.add_error(prefix + name, text)

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


def _part_choice(part: int) -> str:
    return f"deel {part}" if part <= 2 else f"deel {part}, als u het hierboven invult"
