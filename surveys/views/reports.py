"""What the figures of a year say: the library's share of the totals of combined institutions, and of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render

from surveys.models import Round
from surveys.permissions import may_release
from surveys.queries.access import find_oversight
from surveys.queries.as_of import as_of_release
from surveys.queries.releases import find_release
from surveys.queries.shares import Group, Share, library_shares
from surveys.queries.year import records_of_year
from surveys.questionnaires.schema import Edition
from surveys.values import Kind, format_number
from surveys.views.requests import UserRequest, edition_or_404

GAP = "nog niet bekend"


def library_share(request: UserRequest, year: int) -> HttpResponse:
    """For the KB over the country, for a POI over the libraries that it supports. `?uitgave=` as of a release."""
    access, organisations = find_oversight(request.user)
    edition = edition_or_404(year)
    release = find_release(year, request.GET.get("uitgave", "") if may_release(access) else "")
    as_of = as_of_release(release) if release else None
    records = records_of_year(year, organisations=organisations, delivered_only=True, as_of=as_of)
    shares = library_shares(edition, records)
    combined, every = _told(edition, shares.combined), _told(edition, shares.all)
    context = {
        "year": year,
        "release": release,
        "years": list(Round.objects.values_list("year", flat=True)),
        "combined": combined,
        "groups": [
            ("Gecombineerde instellingen met gedeelde cijfers", combined),
            ("Alle instellingen", every),
        ],
        "sentence": _sentence(shares.combined),
        "chart": _chart(shares.combined),
        "key_items": [edition.questions[code] for code in edition.key_items],
    }
    return render(request, "reports/library_share.html", context)


@dataclass(frozen=True, slots=True)
class _Line:
    """One total as it is told."""

    label: str
    questionnaire: str
    total: str
    non_library: str
    library: str
    share: str
    counted: int
    left_out: int


@dataclass(frozen=True, slots=True)
class _Told:
    institutions: int
    overall: str
    key_lines: tuple[_Line, ...]
    other_lines: tuple[_Line, ...]


def _told(edition: Edition, group: Group) -> _Told:
    return _Told(
        group.institutions,
        percent(group.overall),
        _lines(edition, group.key_shares),
        _lines(edition, group.other_shares),
    )


def _lines(edition: Edition, shares: Sequence[Share]) -> tuple[_Line, ...]:
    return tuple(
        _Line(
            label=share.question.label,
            questionnaire=edition.by_code[share.question.questionnaire].title,
            total=_figure(share, share.total),
            non_library=_figure(share, share.non_library),
            library=_figure(share, share.library),
            share=percent(share.percentage),
            counted=share.counted,
            left_out=share.left_out,
        )
        for share in shares
    )


def _figure(share: Share, number: Decimal) -> str:
    if not share.counted:
        return GAP
    return f"€ {format_number(number)}" if share.question.kind is Kind.EURO else format_number(number)


def percent(number: Decimal | None) -> str:
    return GAP if number is None else f"{format_number(number, 1)}%"


def _sentence(group: Group) -> str:
    """The message of the picture."""
    if group.overall is None:
        return "Nog niet van alle cijfers is bekend welk deel bij de bibliotheek hoort."
    return f"Van de cijfers van gecombineerde instellingen hoort {percent(group.overall)} bij de bibliotheek."


ROW, LABEL, TOP, THICK, TRACK = 52, 14, 22, 16, 80
"""Of the chart: in pixels the height of a row and in it the baseline of the label, top and thickness of the bar;
in percent of the width the length of 100%, so that the figure has room at the end."""


@dataclass(frozen=True, slots=True)
class _Bar:
    """A label, under it the bar, and its figure at the end. Positions are texts: no locale makes a point a comma."""

    label: str
    text: str
    label_y: str
    y: str
    text_y: str
    width: str


@dataclass(frozen=True, slots=True)
class _Chart:
    bars: tuple[_Bar, ...]
    thickness: str = str(THICK)
    track: str = f"{TRACK}%"

    @property
    def height(self) -> str:
        return str(ROW * len(self.bars))


def _chart(group: Group) -> _Chart:
    """A bar per key item, from zero to its share of the full width."""
    return _Chart(
        tuple(
            _Bar(
                label=share.question.label,
                text=percent(share.percentage),
                label_y=str(place * ROW + LABEL),
                y=str(place * ROW + TOP),
                text_y=str(place * ROW + TOP + THICK - 3),
                width=f"{(share.percentage or 0) * TRACK / 100:.2f}%",
            )
            for place, share in enumerate(group.key_shares)
        )
    )
