"""What the KB and a POI write at an answer: a question to the library, a remark, a correction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from surveys.actions.answers import Entry
from surveys.actions.explanations import MAX_LENGTH as REASON_LENGTH
from surveys.actions.explanations import problems_of
from surveys.actions.remarks import MAX_LENGTH
from surveys.models import Reason
from surveys.queries.answers import Stored
from surveys.questionnaires.schema import Question
from surveys.values import STATE_WORDS, InputError, State, Value, format_value, parse

_SAY = {"required": "Schrijf erbij wat u wilt zeggen."}


class SayForm(forms.Form):
    """Words at a remark, or a new one to the KB."""

    tekst = forms.CharField(
        label="Uw reactie",
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": MAX_LENGTH}),
        error_messages=_SAY,
    )
    use_required_attribute = False

    def __init__(self, data: Mapping[str, str] | None = None, *, name: str, label: str = "") -> None:
        """`name`: makes its ids unique on a page with many."""
        super().__init__(data, auto_id=f"{name}-%s")
        if label:
            self.fields["tekst"].label = label


class AskForm(SayForm):
    """A question to the library; the signal that raised it stands in `regel`."""

    tekst = forms.CharField(
        label="Uw vraag",
        help_text="Schrijf wat er opvalt en wat u wilt weten. U verstuurt alle vragen van een lijst in één mail.",
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": MAX_LENGTH}),
        error_messages={"required": "Schrijf op wat u wilt vragen."},
    )
    openzetten = forms.BooleanField(
        label="Deze vraag ook openzetten om te wijzigen", required=False, initial=True
    )
    regel = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)


class CorrectForm(forms.Form):
    """Another value, as a respondent types it, and why. `versie`: the answer that the page showed."""

    waarde = forms.CharField(
        label="Juiste antwoord",
        help_text="Leeg laten wist het antwoord.",
        required=False,
        widget=forms.TextInput,
    )
    versie = forms.CharField(required=False, widget=forms.HiddenInput)
    reden = forms.CharField(
        label="Waarom?",
        help_text="De bibliotheek leest dit bij haar antwoord.",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": REASON_LENGTH}),
        error_messages={"required": "Schrijf in een paar woorden waarom u dit corrigeert."},
    )
    use_required_attribute = False

    def __init__(
        self, data: Mapping[str, str] | None = None, *, question: Question, stored: Stored | None
    ) -> None:
        value = stored.value if stored else None
        text = (question.labels and value and value.text) or format_value(
            value, question.kind, question.labels
        )
        super().__init__(
            data,
            auto_id="corrigeren-%s",
            initial={"waarde": text, "versie": str(stored.version if stored else 0)},
        )
        self._question, self._stored = question, stored
        self.value: Value | None = None
        if question.labels:
            words = {STATE_WORDS[one]: STATE_WORDS[one] for one in State if one in question.may_be}
            choices = [("", "Kies …"), *question.labels.items(), *words.items()]
            self.fields["waarde"] = forms.ChoiceField(
                label=self.fields["waarde"].label,
                help_text=self.fields["waarde"].help_text,
                choices=choices,
                required=False,
            )
        elif question.long:
            self.fields["waarde"].widget = forms.Textarea(attrs={"rows": 3})
        elif question.kind.is_number:
            self.fields["waarde"].widget.attrs["inputmode"] = "text"

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        try:
            self.value = parse(cleaned.get("waarde", ""), self._question.limits)
        except InputError as error:
            self.add_error("waarde", str(error))
        wrong = problems_of(reason=Reason.OTHER.value, text=cleaned.get("reden", ""))
        if wrong and "reden" not in self.errors:
            self.add_error("reden", self.fields["reden"].error_messages["required"])
        return cleaned

    def entry(self, row: str) -> Entry:
        """What the page saw, and what is to stand there; the marks of the library stay."""
        before, seen = self._stored, self.data.get("versie", "")
        is_estimate, note = (before.is_estimate, before.note) if before else (False, "")
        version = int(seen) if seen.isdecimal() and len(seen) < 17 else 0
        stored = self._stored.value if self._stored else self.value
        was = Stored(stored, is_estimate, note, version=version) if version and stored else None
        return Entry(self._question.code, row, self.value, was, is_estimate, note)
