"""What a reviewer decides: why a list goes back, and which lists of the table are approved together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from surveys.queries.steps import Seen

MAX_LENGTH = 1_000
FEWEST_WORDS = 2
BOX = "kies"
"""The name of the boxes in the table."""


class ReturnForm(forms.Form):
    """`gezien`: the number of the newest step when the page was drawn."""

    gezien = forms.CharField(required=False, widget=forms.HiddenInput)
    reden = forms.CharField(
        label="Wat moet de bibliotheek nakijken?",
        help_text="De bibliotheek leest dit bij haar lijst.",
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": MAX_LENGTH}),
        error_messages={"required": "Schrijf in een paar woorden wat de bibliotheek moet nakijken."},
    )

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        field = self.fields["reden"]
        reason = self.cleaned_data.get("reden", "")
        if reason and len(reason.split()) < FEWEST_WORDS:
            self.add_error("reden", field.error_messages["required"])
        if self.errors:
            field.widget.attrs["autofocus"] = True
        return self.cleaned_data

    @property
    def seen(self) -> int:
        """0, before any step, when the page did not say."""
        return seen_in(self.data.get("gezien", ""))

    def seen_at(self, newest: int) -> ReturnForm:
        """The same words on a page that is drawn anew: sending it once more is to have seen what happened."""
        self.data = {**self.data.dict(), "gezien": str(newest)}  # type: ignore[attr-defined]
        return self


def seen_in(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def box_of(isil: str, seen: Seen) -> str:
    return f"{isil}.{seen.step}.{seen.change}"


def chosen_in(boxes: Iterable[str]) -> dict[str, Seen]:
    """By ISIL code how far its list was when the box was drawn."""
    parts = (one.rsplit(".", 2) for one in boxes)
    return {one[0]: Seen(*map(seen_in, one[1:])) for one in parts if len(one) == 3 and one[0]}
