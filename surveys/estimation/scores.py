"""In what order to look at what stands out: first what could move the country most. Selective editing.

A local score of an answer is its suspicion times its effect: how likely it is wrong, and how much of the national
total hangs on it (Latouche and Berthelot 1992, Journal of Official Statistics 8, 389-400; Lawrence and McKenzie, the
same 16, 243-253). What one knows beforehand of both, and how scores of answers make one of a list, follows de Waal,
Pannekoek and Scholtus, Handbook of Statistical Data Editing and Imputation (Wiley), chapter 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from surveys.values import Key

LINE = 0.001
"""What may be left unseen: together at most 0.1% of any national key figure."""
_EXPLAINED = 0.5
_LEAST = 0.05
_OTHER = 0.1


def suspicion(deviation: float, *, is_error: bool, is_explained: bool) -> float:
    """Between 0 and 1: how much of the difference with what was expected is likely to be a mistake.

    An error cannot be right: 1. Of a warning d / (1 + d), where d is how far the finding is off on a log scale: it
    rises with d, starts at nothing and never reaches certainty; a figure that is 2.7 times what it may be (d = 1) is
    as likely wrong as right. Latouche and Berthelot's own weights are steps; this has no edges to tune. No signal has
    less than 0.05: the rule did speak, also where it has no measure of how far. An explanation comes from who knows
    the figure, but nobody has read it yet: half. A warning with d = 1 gives 0.5, and 0.25 with an explanation.
    """
    if is_error:
        return 1.0
    found = max(deviation / (1 + deviation), _LEAST)
    return found * _EXPLAINED if is_explained else found


@dataclass(frozen=True, slots=True)
class Effect:
    """What an answer may come to if it is wrong, in full: however little it is suspected.

    `moves`: by key figure, and in that by the answer that moves it, |slope × (value - expected)| in the unit of the
    figure. `on_own`: the same of the answer's own variable, as part of its national total.
    """

    moves: Mapping[str, Mapping[Key, float]]
    on_own: float = 0.0

    @property
    def on_headlines(self) -> dict[str, float]:
        """By key figure, of all these answers together."""
        return {code: sum(found.values()) for code, found in self.moves.items()}


def effect(
    doubts: Iterable[tuple[Key, float, float | None, Mapping[str, float]]], own_total: float | None
) -> Effect:
    """Of the answers that a signal is about: (which, value, expected, slopes of the key figures), the judged one first.

    One of them is wrong, not all: on each key figure the largest effect counts. What nothing is expected of is in
    doubt as a whole. Visits 90,000 where 42,000 are expected, at a library without a theatre: 48,000 on the key
    figure visits, whose slope is 1.
    """
    found: dict[str, tuple[float, Key]] = {}
    own = 0.0
    for place, (key, value, wanted, slopes) in enumerate(doubts):
        gap = abs(value - (wanted or 0.0))
        if not place and own_total:
            own = min(gap / own_total, 1.0)
        for code, slope in slopes.items():
            amount = gap * abs(slope)
            if code not in found or amount > found[code][0]:
                found[code] = amount, key
    return Effect({code: {key: amount} for code, (amount, key) in found.items()}, own)


def both(one: Effect, other: Effect) -> Effect:
    """Of two signals about the same answer: it is wrong once. Other answers that either may be about add up."""
    codes = dict.fromkeys((*one.moves, *other.moves))
    moves = {code: {**one.moves.get(code, {}), **other.moves.get(code, {})} for code in codes}
    return Effect(moves, max(one.on_own, other.on_own))


def local_score(suspected: float, one: Effect, totals: Mapping[str, float]) -> float:
    """Suspicion times the largest part of a national total that hangs on it; of a variable that is no key figure a
    tenth of the part.

    That tenth is the importance of the variable (de Waal and others, section 6.3.2): the national figures are what is
    published first, so 1% of the loans of sheet music comes after 0.1% of all loans and not before it.
    """
    shares = [amount / totals[code] for code, amount in one.on_headlines.items() if totals.get(code, 0.0) > 0]
    return suspected * max([_OTHER * one.on_own, *shares])


def global_score(scores: Iterable[float]) -> float:
    """Of a list: its largest local score (Lawrence and McKenzie's maximum), 0 of nothing.

    A list with ten trifles does not come before one with a real fault, as it would by their sum; and a list whose
    score is below a bound has no answer above it.
    """
    return max(scores, default=0.0)


def line(ranked: Sequence[Effect], totals: Mapping[str, float], share: float = LINE) -> int:
    """How many of these, in this order, must be looked at so that the rest together moves no key figure by more.

    The lowest rank such that for every key figure the effects of everything after it add up to at most `share` of its
    total. Effects of 50, 30, 0.6 and 0.3 on a total of 1,000: after two there is 0.9 left, which is less than 1.
    Suspicion only ranks: each effect counts in full, also of what was explained, and as if all mistakes went the same
    way. So it holds however many are wrong, whichever way they go.
    """
    left = dict.fromkeys(totals, 0.0)
    for place in range(len(ranked), 0, -1):
        for code, amount in ranked[place - 1].on_headlines.items():
            if code in left:
                left[code] += amount
                if left[code] > share * totals[code]:
                    return place
    return 0
