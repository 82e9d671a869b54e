"""The table that is printed: one line per goal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench.timing import Pair


@dataclass(frozen=True, slots=True)
class Goal:
    what: str
    goal: str
    figure: str
    anchor: str
    ratio: str
    is_reached: bool

    @classmethod
    def of_pair(cls, what: str, anchor: str, limit: float, pair: Pair) -> Goal:
        """A goal for the ratio of two times."""
        return cls(
            what,
            f"<= {limit:g}x {anchor}",
            duration(pair.ours),
            duration(pair.anchor),
            f"{pair.ratio:.2f}",
            pair.ratio <= limit,
        )

    @classmethod
    def of_count(cls, what: str, limit: int, count: int) -> Goal:
        return cls(what, f"<= {limit}", str(count), "", "", count <= limit)

    @property
    def reached(self) -> str:
        return "reached" if self.is_reached else "NOT REACHED"


def duration(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.2f} ms"


_WIDTHS = (66, 36, 10, 10, 6)
_HEADER = ("what", "goal", "figure", "anchor", "ratio")


def show(title: str, goals: Iterable[Goal]) -> None:
    """Print the lines as they come, and how many goals are reached."""
    print(f"\n{title}")
    print(_line(*_HEADER, ""))
    outcomes = []
    for one in goals:
        print(_line(one.what, one.goal, one.figure, one.anchor, one.ratio, one.reached), flush=True)
        outcomes.append(one.is_reached)
    print(f"{sum(outcomes)} of {len(outcomes)} goals reached on {title}.", flush=True)


def _line(*cells: str) -> str:
    *sized, last = cells
    padded = (cell.ljust(width) for cell, width in zip(sized, _WIDTHS, strict=True))
    return f"{' '.join(padded)} {last}".rstrip()
