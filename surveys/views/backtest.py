"""For the KB: what each rule came to over a year, so that a rule that never corrects anything can be retired."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from surveys.forms.filters import BacktestFilter
from surveys.models import Round
from surveys.permissions import may_weigh_rules
from surveys.queries.access import find_oversight
from surveys.queries.backtest import backtest, state_of
from surveys.questionnaires.schema import Edition
from surveys.rules.backtest import Backtest, Tally, verdict
from surveys.rules.catalogue import Entry, entries
from surveys.values import format_number
from surveys.views.requests import UserRequest, edition_or_404

_KEEP = 60 * 60
"""Seconds: an hour, since the registers are read too and have no log."""


@require_safe
def backtest_table(request: UserRequest, year: int) -> HttpResponse:
    """One line per rule or family; filters and order come from the address bar."""
    access, _ = find_oversight(request.user)
    if not may_weigh_rules(access):
        raise PermissionDenied("Deze pagina is voor de KB.")
    edition = edition_or_404(year)
    state = state_of(year)
    if not state:
        raise Http404(f"Over {year} worden geen gegevens verzameld.")
    found = _counted(year, state)
    form = BacktestFilter(
        request.GET, questionnaires=edition.questionnaires, outcomes=_OUTCOMES, orders=_COLUMNS
    )
    lines = list(_ordered(_chosen(_lines(edition, found), form.chosen), form.chosen.get("volgorde", _ORDER)))
    context = {
        "access": access,
        "year": year,
        "years": list(Round.objects.values_list("year", flat=True)),
        "form": form,
        "lines": lines,
        "total": _figures(sum((line.tally for line in lines), Tally())),
        "headers": list(_headers(form.chosen)),
        "delivered": [(one, found.delivered[one.code]) for one in edition.questionnaires],
        "has_data": bool(found.delivered),
    }
    return render(request, "review/backtest.html", context)


def _counted(year: int, state: str) -> Backtest:
    """Counted once for every state of the year."""
    key = f"backtest-{state}"
    found = cache.get(key)
    if not isinstance(found, Backtest):
        found = backtest(year)
        cache.set(key, found, _KEEP)
    return found


@dataclass(frozen=True, slots=True)
class _Line:
    """An entry of the catalogue with what came of it. `bar`: width of the corrected part in percent."""

    entry: Entry
    tally: Tally
    verdict: str

    @property
    def figures(self) -> tuple[str, ...]:
        return _figures(self.tally)

    @property
    def corrected(self) -> str:
        part = self.tally.corrected
        return "" if part is None else f"{format_number(round(part * 100))}%"

    @property
    def bar(self) -> str:
        return f"{(self.tally.corrected or 0) * 100:.0f}"


def _figures(tally: Tally) -> tuple[str, ...]:
    counts = (tally.evaluated, tally.silent, tally.fired, tally.shown, tally.changed, tally.explained)
    return tuple(map(format_number, counts))


def _lines(edition: Edition, found: Backtest) -> Iterator[_Line]:
    """In the order of the catalogue."""
    for of_list in entries(edition).values():
        for entry in of_list:
            tallies = [found.tallies[rule.code] for rule in entry.rules if rule.code in found.tallies]
            if tallies:
                tally = sum(tallies, Tally())
                yield _Line(entry, tally, verdict(entry.first, tally))


_OUTCOMES = {
    "afgegaan": "Ging af",
    "gewijzigd": "Daarna gewijzigd",
    "schrappen": "Overweeg te schrappen",
    "stil": "Nooit afgegaan",
}
_IS_OUTCOME: Mapping[str, Callable[[_Line], bool]] = {
    "afgegaan": lambda line: line.tally.fired > 0,
    "gewijzigd": lambda line: line.tally.changed > 0,
    "schrappen": lambda line: line.verdict == "overweeg te schrappen",
    "stil": lambda line: line.tally.evaluated > 0 and not line.tally.fired,
}


def _chosen(lines: Iterable[_Line], chosen: Mapping[str, str]) -> Iterator[_Line]:
    questionnaire, outcome = chosen.get("vragenlijst"), _IS_OUTCOME.get(chosen.get("uitkomst", ""))
    for line in lines:
        if questionnaire in (None, line.entry.first.questionnaire) and (outcome is None or outcome(line)):
            yield line


@dataclass(frozen=True, slots=True)
class _Column:
    """`key`: what it is ordered by; figures the most first, words from their beginning."""

    text: str
    key: Callable[[_Line], Any]
    is_number: bool = True


_COLUMNS: Mapping[str, _Column] = {
    "controle": _Column("Controle", lambda line: line.entry.code, is_number=False),
    "lijst": _Column("Vragenlijst", lambda line: line.entry.first.questionnaire, is_number=False),
    "niveau": _Column("Niveau", lambda line: line.entry.level, is_number=False),
    "beoordeeld": _Column("Beoordeeld", lambda line: line.tally.evaluated),
    "zweeg": _Column("Zweeg", lambda line: line.tally.silent),
    "ging-af": _Column("Ging af", lambda line: line.tally.fired),
    "getoond": _Column("Getoond", lambda line: line.tally.shown),
    "gewijzigd": _Column("Gewijzigd", lambda line: line.tally.changed),
    "uitgelegd": _Column("Uitgelegd", lambda line: line.tally.explained),
    "deel": _Column(
        "Deel gewijzigd", lambda line: -1 if line.tally.corrected is None else line.tally.corrected
    ),
    "oordeel": _Column("Oordeel", lambda line: line.verdict or "~", is_number=False),
}
"""By its name in the address; a - before it turns the order round."""
_ORDER = "ging-af"


def _ordered(lines: Iterable[_Line], order: str) -> list[_Line]:
    """As in the catalogue within what is asked."""
    column = _COLUMNS[order.removeprefix("-")]
    return sorted(lines, key=column.key, reverse=column.is_number != order.startswith("-"))


@dataclass(frozen=True, slots=True)
class _Header:
    """`sort`: the value of aria-sort, empty when the table is not in this order."""

    text: str
    url: str
    sort: str
    is_number: bool


def _headers(chosen: Mapping[str, str]) -> Iterator[_Header]:
    current = chosen.get("volgorde", _ORDER)
    for name, column in _COLUMNS.items():
        is_descending = column.is_number != current.startswith("-")
        sort = ("descending" if is_descending else "ascending") if current.removeprefix("-") == name else ""
        target = f"-{name}" if current == name else name
        url = f"?{urlencode({**chosen, 'volgorde': target})}"
        yield _Header(column.text, url, sort, column.is_number)
