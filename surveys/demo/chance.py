"""Chance without a state: every draw is named, so a new question never shifts what another one drew."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from math import exp, floor
from statistics import NormalDist

SEED = "demo"
_NORMAL = NormalDist()
_SPAN = 2.0**56


def uniform(*name: object) -> float:
    """A number from 0 up to 1 that belongs to this name; the same in every build."""
    key = "|".join([SEED, *map(str, name)])
    return int.from_bytes(blake2b(key.encode(), digest_size=7).digest()) / _SPAN


def factor(*name: object, spread: float) -> float:
    """Log-normal with median 1; cut off at two standard deviations, so that nothing is absurd."""
    deviation = _NORMAL.inv_cdf(0.023 + 0.954 * uniform(*name))
    return exp(spread * deviation)


@cache
def restlessness(isil: str) -> float:
    """How much more than others an organisation's figures move from year to year: from 0.4 to 2.5."""
    return factor("restless", isil, spread=0.45)


def pick(weights: Sequence[float], *name: object) -> int:
    """The index of one of `weights`, heavier ones more often."""
    mark = uniform(*name) * sum(weights)
    for index, weight in enumerate(weights):
        mark -= weight
        if mark < 0:
            return index
    return len(weights) - 1


def apportion(
    total: int,
    weights: Sequence[float],
    caps: Sequence[int] | None = None,
    floors: Sequence[int] | None = None,
) -> list[int]:
    """`total` over `weights` by largest remainder, each share between its floor and its cap.

    The shares add up to `total`, unless the caps leave no room for it.
    """
    shares = list(floors) if floors else [0] * len(weights)
    room = [c - s for c, s in zip(caps, shares, strict=True)] if caps else None
    left = total - sum(shares)
    while left > 0:
        open_ = [i for i, w in enumerate(weights) if w > 0 and (room is None or room[i] > 0)]
        if not open_:
            break
        scale = left / sum(weights[i] for i in open_)
        exact = {i: weights[i] * scale for i in open_}
        given = {i: floor(value) for i, value in exact.items()}
        by_remainder = sorted(open_, key=lambda i: given[i] - exact[i])
        for i in by_remainder[: left - sum(given.values())]:
            given[i] += 1
        for i, wanted in given.items():
            value = wanted if room is None else min(wanted, room[i])
            shares[i] += value
            left -= value
            if room is not None:
                room[i] -= value
    return shares


def split(total: int, weights: Sequence[float], start: float) -> list[int]:
    """`total` over `weights`, rounded so that over many splits (each with its own `start`) no part gains."""
    whole = sum(weights)
    if whole <= 0:
        return [total, *[0] * (len(weights) - 1)]
    shares, seen, reached = [], 0.0, floor(start)
    for weight in weights[:-1]:
        seen += weight
        upto = floor(total * seen / whole + start)
        shares.append(upto - reached)
        reached = upto
    last = total - sum(shares)
    if last < 0:
        largest = max(range(len(shares)), key=shares.__getitem__)
        shares[largest] += last
        last = 0
    return [*shares, last]
