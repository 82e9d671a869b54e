"""Paired, interleaved timing: what is compared takes turns, so that a slower moment slows both."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import TypeAlias

Turn: TypeAlias = Callable[[], object]
"""What is timed: one call."""
Prepare: TypeAlias = Callable[[], Turn]
"""Makes the next turn ready, outside the clock."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Medians in seconds, and the median of the rounds' ratios: ours by the anchor's."""

    ours: float
    anchor: float
    ratio: float


Clock: TypeAlias = Callable[[], float]


def compare(
    ours: Prepare, anchor: Prepare, *, rounds: int, warm_up: int = 5, clock: Clock = time.perf_counter
) -> Pair:
    """Time both in turns; who goes first alternates. The collector runs as it does in production.

    What is in memory after the warm-up (definitions, compiled templates) is frozen, so that a collection
    that falls in one turn does not pay for it. What takes long enough for others on the machine to disturb it is
    measured by the processor's clock, which leaves them out.
    """
    for _ in range(warm_up):
        ours()()
        anchor()()
    gc.collect()
    gc.freeze()
    pairs = []
    for number in range(rounds):
        if number % 2:
            second = seconds(anchor(), clock)
            first = seconds(ours(), clock)
        else:
            first = seconds(ours(), clock)
            second = seconds(anchor(), clock)
        pairs.append((first, second))
    gc.unfreeze()
    return Pair(
        median(one for one, _ in pairs),
        median(other for _, other in pairs),
        median(one / other for one, other in pairs),
    )


def seconds(turn: Turn, clock: Clock) -> float:
    begin = clock()
    turn()
    return clock() - begin
