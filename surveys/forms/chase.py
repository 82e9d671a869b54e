"""The provisional totals as they are drawn: words, and each total with its band on a line with last year's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.dateformat import format as format_date

from surveys.forms.filters import search_helper
from surveys.forms.queue import percentage
from surveys.queries.chase import ENOUGH, Chase, Headline, Missing
from surveys.queries.national import headline_name
from surveys.rules.sentences import listed
from surveys.values import Kind, format_number

_MILLION, _THOUSAND = 1_000_000, 10_000
_LEAST_REACH = 0.02


class ChaseFilter(forms.Form):
    """For which province; empty: all libraries in view."""

    provincie = forms.ChoiceField(label="Provincie", required=False)

    def __init__(self, data: Mapping[str, str], *, provinces: Sequence[str], everyone: str) -> None:
        super().__init__(data, auto_id="filter_%s", use_required_attribute=False)
        choices = [("", everyone), *((name, name) for name in provinces)]
        self.fields["provincie"].choices = choices  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        return search_helper(self, "Provincie kiezen")

    @property
    def province(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("provincie", ""))


@dataclass(frozen=True, slots=True)
class Band:
    """Where the total, its band and last year's stand on a line. Places are texts in percent."""

    x: str
    left: str
    width: str
    last: str
    told: str


@dataclass(frozen=True, slots=True)
class HeadlineLine:
    """One key figure. `margin`: to either side, of the total."""

    name: str
    total: str
    margin: str
    change: str
    before: str
    delivered: str
    band: Band | None
    is_enough: bool


def headline_lines(headlines: Sequence[Headline]) -> list[HeadlineLine]:
    """All on one scale: the distance to last year's total, in percent of it."""
    reach = max((_reach(one) for one in headlines), default=0.0)
    return [_line(one, max(reach, _LEAST_REACH) * 1.08) for one in headlines]


def _reach(one: Headline) -> float:
    if not one.before or not one.total.total:
        return 0.0
    return max(abs(one.total.low / one.before - 1), abs(one.total.high / one.before - 1))


def _line(one: Headline, reach: float) -> HeadlineLine:
    name, share = headline_name(one.question), one.total.share
    total = amount(one.total.total, one.question.kind) if one.total.total else ""
    return HeadlineLine(
        name=name,
        total=total,
        margin="" if share is None or not total else f"± {percentage(share)}" if one.total.half else "geen",
        change=_change(one),
        before=amount(one.before, one.question.kind) if one.before else "",
        delivered=f"{one.delivered} van {one.libraries}",
        band=_band(one, reach, name),
        is_enough=share is not None and share <= ENOUGH and not one.total.unknown,
    )


def _change(one: Headline) -> str:
    if not one.before or not one.total.total:
        return ""
    change = one.total.total / one.before - 1
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return f"{sign}{format_number(Decimal(str(round(abs(change) * 100, 1))))}%"


def _band(one: Headline, reach: float, name: str) -> Band | None:
    if not one.before or not one.total.total:
        return None
    low, middle, high = (
        50 + 50 * (number / one.before - 1) / reach
        for number in (one.total.low, one.total.total, one.total.high)
    )
    kind = one.question.kind
    told = f"{name}: {amount(one.total.total, kind)}, vorig jaar {amount(one.before, kind)}"
    if one.total.half:
        told += f"; tussen {amount(one.total.low, kind)} en {amount(one.total.high, kind)}"
    return Band(f"{middle:.1f}%", f"{low:.1f}%", f"{high - low:.1f}%", "50%", told)


def amount(number: float, kind: Kind) -> str:
    """'60,3 miljoen', '€ 1.234.000', '812': no more digits than an estimate has."""
    if abs(number) >= _MILLION:
        text = f"{format_number(Decimal(str(round(number / _MILLION, 2))))} miljoen"
    elif abs(number) >= _THOUSAND:
        text = format_number(Decimal(round(number / 100) * 100))
    else:
        text = format_number(Decimal(round(number)))
    return f"€ {text}" if kind is Kind.EURO else text


def missing_in_words(missing: Sequence[Missing]) -> list[str]:
    """'Bezit en personeel, uiterlijk 22 maart': by the day on which they are due, the first first."""
    by_day: dict[date | None, list[str]] = {}
    for one in sorted(missing, key=lambda one: one.due or date.max):
        by_day.setdefault(one.due, []).append(one.questionnaire.title.lower())
    lines = []
    for day, titles in by_day.items():
        text = listed(titles)
        due = f", uiterlijk {format_date(day, 'j F')}" if day else ""
        lines.append(f"{text[:1].upper()}{text[1:]}{due}")
    return lines


def title_in_words(found: Chase) -> str:
    """The message of the picture."""
    known = [one for one in found.headlines if one.total.total]
    if not known:
        return "Er is nog niets om een totaal uit te schatten."
    if not found.late:
        return "Alle lijsten zijn binnen: dit zijn de totalen zelf, zonder marge."
    done = sum(one.total.share is not None and one.total.share <= ENOUGH for one in known)
    which = "alle" if done == len(known) else "geen van de" if not done else f"{done} van de"
    return f"Van {which} {len(known)} kerncijfers is de marge al hoogstens {percentage(ENOUGH)}."


def stop_in_words(found: Chase) -> str:
    """When it is safe to stop waiting."""
    part = percentage(ENOUGH)
    if not found.late:
        return ""
    if found.enough == 0:
        return (
            f"Elke marge is nu hoogstens {part}. Voor deze totalen hoeft u op niemand meer te wachten; "
            "de lijsten zelf blijven nodig."
        )
    if found.enough is None:
        return (
            f"Ook met alle lijsten van deze bibliotheken is niet te zeggen of elke marge onder {part} komt."
        )
    if found.enough == len(found.late):
        return f"Pas als al deze {len(found.late)} bibliotheken hebben ingediend, is elke marge hoogstens {part}."
    who = "de eerste bibliotheek" if found.enough == 1 else f"de eerste {found.enough} bibliotheken"
    return f"Is het werk van {who} van deze lijst binnen, dan is elke marge hoogstens {part} en kunt u stoppen met wachten."
