"""How a figure changed, or what it is per inhabitant, over the libraries that are comparable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, median

from surveys.rules.peers import FEWEST

_TO_STANDARD_DEVIATION = 1.4826
"""Of a normal distribution the standard deviation is so many times the MAD."""
_WIDTH = 3.5
"""Iglewicz and Hoaglin's (1993) bound of what is odd, in robust standard deviations."""
_LEAST_MAD = 0.05
"""Of the median: where most changed exactly alike, a small difference is not odd yet."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Over `count` libraries: `middle` is the median, `mean` and `deviation` those after the odd ones are drawn in."""

    count: int
    middle: float
    mean: float
    deviation: float


def spread_of(found: Sequence[float]) -> Spread | None:
    """None of fewer than FEWEST.

    What lies more than 3.5 robust standard deviations from the median is drawn in to there (winsorised), so that one
    figure that is a thousandfold neither moves the mean nor blows up the deviation. Ratios 0.9, 1.0, 1.0, 1.0, 1.0,
    1.0, 1.1 and 1,000 give a middle of 1, a mean of 1.03 and a deviation of 0.12.

    Where more than half are 0 the median and the MAD are 0 as well, which says nothing of the others: then the distance
    of the others counts in place of the MAD, so that the deviation does not vanish with them.
    """
    if len(found) < FEWEST:
        return None
    middle = median(found)
    away = [abs(one - middle) for one in found]
    scale = max(median(away), _LEAST_MAD * abs(middle)) or median([one for one in away if one] or [0.0])
    reach = _WIDTH * _TO_STANDARD_DEVIATION * scale
    drawn_in = [min(max(one, middle - reach), middle + reach) for one in found]
    mean = fmean(drawn_in)
    deviation = sqrt(sum((one - mean) ** 2 for one in drawn_in) / (len(drawn_in) - 1))
    return Spread(len(found), middle, mean, deviation)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one library. `value`: None while it is not known; `before`: last year's; `size`: inhabitants.

    `is_in`: its list has been delivered; without a value the library does not know it, and waiting brings nothing.
    """

    owner: str
    groups: tuple[str, ...]
    value: float | None
    before: float | None
    size: float | None
    is_in: bool = False


class Comparable:
    """Of one figure, over all libraries: how it changed since last year, and what it is per inhabitant."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures = [one for one in figures if one.value is not None]
        self._spreads: dict[tuple[bool, str], Spread | None] = {}

    def change(self, groups: Iterable[str]) -> tuple[str, Spread] | None:
        """By the narrowest group of which enough libraries gave the figure in both years."""
        return self._narrowest(groups, is_change=True)

    def rate(self, groups: Iterable[str]) -> tuple[str, Spread] | None:
        """Per inhabitant."""
        return self._narrowest(groups, is_change=False)

    def _narrowest(self, groups: Iterable[str], *, is_change: bool) -> tuple[str, Spread] | None:
        for group in groups:
            if (is_change, group) not in self._spreads:
                self._spreads[is_change, group] = spread_of(self._ratios(group, is_change=is_change))
            spread = self._spreads[is_change, group]
            if spread is not None:
                return group, spread
        return None

    def _ratios(self, group: str, *, is_change: bool) -> list[float]:
        """Nothing can be said by what is not there, or by 0."""
        found = []
        for one in self._figures:
            base = one.before if is_change else one.size
            if group in one.groups and one.value is not None and base is not None and base > 0:
                found.append(one.value / base)
        return found


def expected(comparable: Comparable, figure: Figure) -> float | None:
    """What this answer is expected to be, whatever was answered; None when nothing can be said.

    Last year's, moved as the median of the comparable libraries that have answered; while too few have, last year's
    itself. Without last year: the median per inhabitant, times the inhabitants. Visits 40,000 last year where others
    went up by 5%: 42,000. The median, and not the mean, because the answers have not been checked yet.

    Last year's value with the trend of its stratum is the usual anticipated value of selective editing: de Waal,
    Pannekoek and Scholtus, Handbook of Statistical Data Editing and Imputation (Wiley), section 6.3.
    """
    if figure.before is not None:
        change = comparable.change(figure.groups)
        return figure.before * (change[1].middle if change else 1.0)
    rate = comparable.rate(figure.groups)
    if rate is None or figure.size is None:
        return None
    return figure.size * rate[1].middle
