"""Fields of a change of organisations: a day, a library, inhabitants, each as they are written in Dutch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from surveys.values import InputError, clean_text, format_number, parse_date, parse_number

LIST_ID = "bibliotheken"
_CODE = re.compile(r"\(([^()]+)\)\s*$")
_MOST_INHABITANTS = 20_000_000


class DayField(forms.CharField):
    """A day as written in Dutch."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)
        self.widget.attrs["autocomplete"] = "off"

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_date(text.strip()) if text else None
        except InputError as error:
            raise forms.ValidationError(str(error)) from error


class LibraryField(forms.CharField):
    """A library by name or ISIL code, from the list that the page suggests; its code, or what was typed as it is."""

    def __init__(self, libraries: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)
        self.libraries = libraries
        self.widget.attrs |= {"list": LIST_ID, "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        text = clean_text(super().clean(value) or "")
        if not text or text in self.libraries:
            return text
        named = [isil for isil, name in self.libraries.items() if name.casefold() == text.casefold()]
        if len(named) == 1:
            return named[0]
        found = _CODE.search(text)
        return found[1].strip() if found else text


class InhabitantsField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            number = parse_number(text)
        except InputError as error:
            raise forms.ValidationError(str(error)) from error
        if number != int(number) or not 0 < number < _MOST_INHABITANTS:
            raise forms.ValidationError(f"{format_number(number)} kan geen aantal inwoners zijn.")
        return int(number)
