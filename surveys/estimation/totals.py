"""What the country comes to while some have not answered: an estimate with a band, and who would narrow it most.

A library that answered counts as it answered. One that did not is predicted by last year's figure times how the figure
changed at comparable libraries: ratio estimation (Cochran 1977, Sampling Techniques, chapter 6), in the form for a
spread that grows with the size of the library, where the mean of the ratios is the best predictor (the same, section
6.7; Royall 1970, Biometrika 57, for the prediction of those not observed). One without a last year, or with 0 then,
is predicted by the figure per inhabitant at comparable libraries in the same way: a ratio to 0 would say 0 for certain.
It rests on one assumption: that who is late changed as who was early, within its group.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from surveys.estimation.spread import Comparable, Figure, Spread

_Z = 1.959964
"""95% of a normal distribution lies within so many standard deviations."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Those that are predicted by one spread: by owner, last year's figure or the inhabitants."""

    spread: Spread
    weights: Mapping[str, float]

    def variance(self, known: Collection[str]) -> float:
        """Each of its own, and all together by the mean that is itself estimated; times the quantile squared.

        Of libraries of 100 and 50 by ratios with a deviation of 0.1 over 25: 100² × 0.01 + 50² × 0.01 = 125, and
        150² × 0.01 / 25 = 9.
        """
        weights = [weight for owner, weight in self.weights.items() if owner not in known]
        spread = self.spread
        own, shared = sum(one * one for one in weights), sum(weights) ** 2 / spread.count
        return quantile(spread.count - 1) ** 2 * spread.deviation**2 * (own + shared)


@dataclass(frozen=True, slots=True)
class Total:
    """`given`: of those that answered; `total`: with those that are predicted; `half`: half the width of the band.

    `predicted`: by owner. `unknown`: those of whom nothing can be said; they are not in the total. `silent`: those that
    delivered without this figure; they are predicted or unknown, and nothing of theirs is to be waited for.
    """

    given: float
    total: float
    half: float
    predicted: Mapping[str, float]
    unknown: tuple[str, ...]
    groups: tuple[_Group, ...]
    silent: frozenset[str] = frozenset()

    @property
    def low(self) -> float:
        """Never less than what has been given already."""
        return max(self.total - self.half, self.given)

    @property
    def high(self) -> float:
        return self.total + self.half

    @property
    def share(self) -> float | None:
        """Half the band as part of the total; None of nothing."""
        return self.half / self.total if self.total > 0 else None

    def half_with(self, known: Collection[str]) -> float:
        """What half the band would be if these had answered too; who delivered without the figure does not."""
        waited_for = frozenset(known) - self.silent
        return sqrt(sum(group.variance(waited_for) for group in self.groups))

    def narrowing(self, owner: str) -> float:
        """The chase value: the part of the band that goes when this one answers; 0 when there is no band.

        Of one that is missing alone it is all of it: 1.
        """
        return 1 - self.half_with({owner}) / self.half if self.half > 0 else 0.0


def estimate(figures: Iterable[Figure], comparable: Comparable) -> Total:
    """Of these libraries: the country or a part of it. `comparable` holds those of the whole country.

    Three libraries answered 100 each; a fourth had 50 last year, and the others went up 10% with a deviation of 2%: a
    total of 355, give or take 2.2 or so. With a value of everyone the band has no width.
    """
    given, unknown, silent = 0.0, [], set()
    weights: dict[tuple[str, bool], dict[str, float]] = {}
    spreads: dict[tuple[str, bool], Spread] = {}
    for one in figures:
        if one.value is not None:
            given += one.value
            continue
        if one.is_in:
            silent.add(one.owner)
        is_rate = not one.before
        weight = one.size if is_rate else one.before
        found = comparable.rate(one.groups) if is_rate else comparable.change(one.groups)
        if found is None or weight is None:
            unknown.append(one.owner)
            continue
        group, spread = found
        spreads[group, is_rate] = spread
        weights.setdefault((group, is_rate), {})[one.owner] = weight
    groups = tuple(_Group(spreads[key], of_group) for key, of_group in weights.items())
    predicted = {
        owner: weight * group.spread.mean for group in groups for owner, weight in group.weights.items()
    }
    half = sqrt(sum(group.variance(()) for group in groups))
    return Total(
        given, given + sum(predicted.values()), half, predicted, tuple(unknown), groups, frozenset(silent)
    )


def chase_values(totals: Mapping[str, Total], owners: Iterable[str]) -> dict[str, float]:
    """By owner, the largest first: the mean over the figures of what part of the band goes when it answers.

    A mean, and not a sum of numbers: visits are counted in millions and fte in thousands, and all count alike.
    """
    values = {
        owner: sum(one.narrowing(owner) for one in totals.values()) / max(len(totals), 1) for owner in owners
    }
    return dict(sorted(values.items(), key=lambda pair: (-pair[1], pair[0])))


def enough(totals: Mapping[str, Total], order: Sequence[str], share: float) -> int | None:
    """After how many of these no band is wider than `share` of its total to either side; None: not with all of them.

    Of whom nothing can be said must be among them. What was delivered without the figure keeps its part of the band.
    Bands only narrow as more answer, so that halving the search finds the first.
    """

    def is_enough(count: int) -> bool:
        known = frozenset(order[:count])
        return all(
            known.issuperset(one.unknown) and one.half_with(known) <= share * one.total
            for one in totals.values()
        )

    if not is_enough(len(order)):
        return None
    low, high = 0, len(order)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle + 1, high)
    return low


def quantile(freedom: int) -> float:
    """Of Student's t, two-sided 95%, from seven degrees of freedom on: 2.36 at 7, 1.98 at 100.

    The expansion of Cornish and Fisher (Abramowitz and Stegun 1964, 26.7.5), right to three digits there.
    """
    z, n = _Z, max(freedom, 1)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / n + second / n**2 + third / n**3
