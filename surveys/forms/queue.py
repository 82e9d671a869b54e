"""The queue of what stands out, as it is drawn: filters, words and a small picture for every line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from crispy_forms.helper import FormHelper
from django import forms
from django.urls import reverse

from surveys.forms.filters import search_helper
from surveys.models import PROVINCES, User
from surveys.queries.national import headline_name
from surveys.queries.queue import ANYONE, MINE, NOBODY, Item, Selection
from surveys.questionnaires.schema import Questionnaire
from surveys.values import Kind, format_number

_TENTH, _HUNDRED = 0.1, 100
_LEAST = 0.0001
"""A part that is smaller is told as less than this."""


class QueueFilter(forms.Form):
    """Every field may be empty; what cannot be is left out of the selection."""

    vragenlijst = forms.ChoiceField(label="Vragenlijst", required=False)
    provincie = forms.ChoiceField(label="Provincie", required=False)
    wie = forms.ChoiceField(label="In behandeling bij", required=False)
    open = forms.ChoiceField(label="Signalen", required=False)

    def __init__(
        self, data: Mapping[str, str], *, questionnaires: Iterable[Questionnaire], user: User
    ) -> None:
        super().__init__(data, auto_id="filter_%s", use_required_attribute=False)
        self._user = user
        choices = {
            "vragenlijst": {"": "Alle vragenlijsten"} | {one.code: one.title for one in questionnaires},
            "provincie": {"": "Alle provincies"} | {name: name for name in PROVINCES},
            "wie": {ANYONE: "Iedereen en niemand", MINE: "Mijzelf", NOBODY: "Nog niemand"},
            "open": {"": "Ook toegelichte", "ja": "Alleen zonder uitleg"},
        }
        for name, of_field in choices.items():
            self.fields[name].choices = list(of_field.items())  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        return search_helper(self, "Signalen filteren")

    @property
    def chosen(self) -> dict[str, str]:
        """What is filled in and can be, for the address bar."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def selection(self) -> Selection:
        chosen = self.chosen
        return Selection(
            questionnaire=chosen.get("vragenlijst", ""),
            province=chosen.get("provincie", ""),
            whose=chosen.get("wie", ANYONE),
            only_open=bool(chosen.get("open")),
            reviewer=self._user.pk,
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """What was given and what was expected, on one line from 0. Places are texts in percent."""

    given: str
    expected: str
    left: str
    width: str
    told: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table. `over`: the number of the colleague from whom it can be taken over."""

    item: Item
    label: str
    url: str
    take_url: str
    given: str
    expected: str
    effect: str
    picture: Picture | None
    is_mine: bool
    over: int | None


def line_of(item: Item, year: int, user: User) -> Line:
    place = {"year": year, "isil": item.summary.isil, "questionnaire": item.questionnaire.code}
    given, expected = _numbers(item)
    return Line(
        item=item,
        label=headline_name(item.question) if item.question.formula else item.question.label,
        url=_url(item, place),
        take_url=reverse("take", kwargs=place),
        given=given,
        expected=expected,
        effect=effect_in_words(item),
        picture=_picture(item, given, expected),
        is_mine=item.listed.reviewer_id == user.pk,
        over=item.listed.reviewer_id if item.listed.reviewer_id != user.pk else None,
    )


def _url(item: Item, place: dict[str, Any]) -> str:
    """The answer with its signal; of an answer of another list the signals of the list in which it is told."""
    if not item.is_own:
        return f"{reverse('review_submission', kwargs=place)}#signalen"
    code, row = item.key
    more = {"code": code} | ({"row": row} if row else {})
    address = reverse("answer_page_row" if row else "answer_page", kwargs={**place, **more})
    return f"{address}?{urlencode({'controle': item.signals[0].finding.code})}"


def effect_in_words(item: Item) -> str:
    """'0,8% van landelijk ‘Bezoeken van de bibliotheek’': what would be wrong nationally if this answer were."""
    if not item.share:
        return "geen landelijk cijfer"
    return f"{percentage(item.share)} van landelijk ‘{headline_name(item.headline or item.question)}’"


def percentage(share: float) -> str:
    """Two digits that say something: 23%, 0,43%, 0,1%; what is less than 0,01% is told as that."""
    if share < _LEAST:
        return "minder dan 0,01%"
    decimals = 0 if share >= _TENTH else 1 if share >= _TENTH / 10 else 2
    return f"{format_number(Decimal(str(round(share * 100, decimals))))}%"


def line_in_words(line: int, count: int, share: float) -> str:
    """What looking through as far as the line leaves."""
    part = percentage(share)
    if not line:
        return f"Wat hier staat verandert samen geen landelijk kerncijfer meer dan {part}."
    which = "het eerste antwoord" if line == 1 else f"de eerste {line} van de {count} antwoorden"
    if line == count:
        which = "dit ene antwoord" if count == 1 else f"alle {count} antwoorden"
    return f"Kijkt u {which} na, dan verandert wat overblijft geen landelijk kerncijfer meer dan {part}."


def part_in_words(shown: int, above: int) -> str:
    """Of a POI, whose libraries have only some of the ranks."""
    which = "1 antwoord" if shown == 1 else f"{shown} antwoorden"
    return f"{which} met een signaal bij uw bibliotheken, {above} boven de landelijke lijn."


def _numbers(item: Item) -> tuple[str, str]:
    """What was given and what was expected, with as many decimals."""
    numbers = [one for one in (item.value, item.expected) if one is not None]
    is_whole = max(map(abs, numbers), default=0.0) >= _HUNDRED or all(
        round(one, 1) % 1 == 0 for one in numbers
    )
    given, expected = (
        "" if one is None else format_number(Decimal(str(one)), 0 if is_whole else 1)
        for one in (item.value, item.expected)
    )
    sign = "€ " if item.question.kind is Kind.EURO else ""
    return sign + given if given else "", sign + expected if expected else ""


def _picture(item: Item, given: str, expected: str) -> Picture | None:
    value, wanted = item.value, item.expected
    if value is None or wanted is None or value < 0 or wanted < 0 or not max(value, wanted):
        return None
    given_x, expected_x = (94 * one / max(value, wanted) + 3 for one in (value, wanted))
    return Picture(
        given=f"{given_x:.1f}%",
        expected=f"{expected_x:.1f}%",
        left=f"{min(given_x, expected_x):.1f}%",
        width=f"{abs(given_x - expected_x):.1f}%",
        told=f"gegeven {given}, verwacht {expected}",
    )
