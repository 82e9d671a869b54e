"""The signals beside a field, from within the template of its cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.template.context import Context
from django.urls import resolve, reverse

from surveys.forms.addresses import stands_in_table
from surveys.forms.cells import Cell
from surveys.forms.events import event_in_words, period_in_words
from surveys.forms.signals import Shown, beside_field
from surveys.questionnaires.loader import load_edition

register = template.Library()
register.filter("event_in_words", event_in_words)
register.filter("period_in_words", period_in_words)


@dataclass(frozen=True, slots=True)
class Beside:
    """The signals of one cell and where their buttons lead. `in_table`: the cell has room for a few words only."""

    signals: Sequence[Shown]
    in_table: bool
    explain_url: str
    repair_url: str
    check_url: str


def _place(context: Context) -> dict[str, Any]:
    """Year, library and list, as the address at which its answers are saved tells them."""
    return resolve(context["save_url"].partition("?")[0]).kwargs


@register.simple_tag(takes_context=True)
def in_table_of(context: Context, cell: Cell) -> bool:
    return stands_in_table(load_edition(_place(context)["year"]), cell.question)


@register.simple_tag(takes_context=True)
def beside(context: Context, cell: Cell) -> Beside:
    """What to show of a cell with signals."""
    place = _place(context)
    edition = load_edition(place["year"])
    return Beside(
        signals=[
            beside_field(
                one,
                edition,
                place["isil"],
                may_fill_in=bool(context.get("is_open")),
                refused=context.get("refused"),
            )
            for one in cell.signals
        ],
        in_table=stands_in_table(edition, cell.question),
        explain_url=reverse("explain", kwargs=place),
        repair_url=reverse("repair", kwargs=place),
        check_url=reverse("check", kwargs=place),
    )
