"""The provisional totals as they are drawn: words, and each total with its band on a line with last year's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

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
    """One key figure. `margin`: to either side, of the total. `silent`: who delivered without it; `compared`: over whom
    the change is, empty when that is everyone in the total. `inside`: those who delivered, in the table of all."""

    name: str
    total: str
    margin: str
    change: str
    before: str
    delivered: str
    band: Band | None
    is_enough: bool
    silent: str = ""
    compared: str = ""
    inside: str = ""


def headline_lines(headlines: Sequence[Headline], province: str = "") -> list[HeadlineLine]:
    """All on one scale: the change since last year, with the band around it."""
    reach = max((max(map(abs, _changes(one)), default=0.0) for one in headlines), default=0.0)
    return [_line(one, max(reach, _LEAST_REACH) * 1.08, province) for one in headlines]


def _changes(one: Headline) -> tuple[float, ...]:
    """The change since last year of the same libraries, with the band of the total to either side: low, middle, high."""
    if one.change is None or not one.before or not one.total.total:
        return ()
    below, above = one.total.total - one.total.low, one.total.high - one.total.total
    return one.change - below / one.before, one.change, one.change + above / one.before


def _line(one: Headline, reach: float, province: str) -> HeadlineLine:
    name, share = headline_name(one.question), one.total.share
    total = amount(one.total.total, one.question.kind, one.before or 0.0) if one.total.total else ""
    chosen = {"vragenlijst": one.question.questionnaire, "status": "binnen"}
    return HeadlineLine(
        name=name,
        total=total,
        margin=_margin(one) if total else "",
        change=_change(one),
        before=amount(one.before, one.question.kind, one.total.total) if one.before else "",
        delivered=f"{one.delivered} van {one.libraries}",
        band=_band(one, reach, name),
        is_enough=share is not None and share <= ENOUGH and not one.total.unknown,
        silent=_silent(len(one.total.silent)),
        compared=f"over {one.compared} van {one.counted}"
        if one.before and one.compared < one.counted
        else "",
        inside=f"../?{urlencode({**chosen, **({'provincie': province} if province else {})})}"
        if one.delivered
        else "",
    )


def _margin(one: Headline) -> str:
    """None only of what everyone gave."""
    if one.total.half and one.total.share is not None:
        return f"± {percentage(one.total.share)}"
    return "niet te zeggen" if one.total.predicted or one.total.unknown else "geen"


def _silent(count: int) -> str:
    if not count:
        return ""
    return (
        "1 bibliotheek weet dit cijfer niet" if count == 1 else f"{count} bibliotheken weten dit cijfer niet"
    )


def _change(one: Headline) -> str:
    change = one.change
    if change is None or not one.total.total:
        return ""
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return f"{sign}{format_number(Decimal(str(round(abs(change) * 100, 1))))}%"


def _band(one: Headline, reach: float, name: str) -> Band | None:
    changes = _changes(one)
    if not changes or not one.before:
        return None
    low, middle, high = (50 + 50 * change / reach for change in changes)
    kind, most = one.question.kind, max(one.total.high, one.before)
    told = f"{name}: {amount(one.total.total, kind, most)}, vorig jaar {amount(one.before, kind, most)}"
    if one.total.half:
        told += f"; tussen {amount(one.total.low, kind, most)} en {amount(one.total.high, kind, most)}"
    return Band(f"{middle:.1f}%", f"{low:.1f}%", f"{high - low:.1f}%", "50%", told)


def amount(number: float, kind: Kind, beside: float = 0.0) -> str:
    """'60,3 miljoen', '€ 1.234.000', '812': no more digits than an estimate has, as many as what stands `beside` it."""
    largest = max(abs(number), abs(beside))
    if largest >= _MILLION:
        millions = Decimal(str(round(number / _MILLION, 2)))
        text = f"{format_number(millions, 2) if beside else format_number(millions)} miljoen"
    elif largest >= _THOUSAND:
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
    silent = {isil for one in known for isil in one.total.silent}
    if not found.late and silent:
        who = (
            "1 bibliotheek weet een cijfer"
            if len(silent) == 1
            else f"{len(silent)} bibliotheken weten een cijfer"
        )
        return f"Alle lijsten zijn binnen, maar {who} niet: wat daarvoor is geschat, houdt een marge."
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
    if found.enough is None and any(one.total.silent for one in found.headlines):
        return (
            f"Ook met alle lijsten van deze bibliotheken komt niet elke marge onder {part}: "
            "er zijn bibliotheken die hebben ingediend zonder een cijfer, en daarvoor blijft een schatting staan."
        )
    if found.enough is None:
        return (
            f"Ook met alle lijsten van deze bibliotheken is niet te zeggen of elke marge onder {part} komt."
        )
    if found.enough == len(found.late):
        return f"Pas als al deze {len(found.late)} bibliotheken hebben ingediend, is elke marge hoogstens {part}."
    who = "de eerste bibliotheek" if found.enough == 1 else f"de eerste {found.enough} bibliotheken"
    return f"Is het werk van {who} van deze lijst binnen, dan is elke marge hoogstens {part} en kunt u stoppen met wachten."
