"""How the lists of a year came in, as step lines: this year's, last year's over the same days, and the deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dateformat import format as format_date

from surveys.queries.response import Curve, ListResponse

WIDTH, HEIGHT = 360, 164
_TOP, _BOTTOM, _RIGHT = 18, 24, 96
"""Room for the labels: above the lines, under them and at their end."""
_LINE = 16
"""Two labels stand at least so far apart."""


@dataclass(frozen=True, slots=True)
class Label:
    text: str
    x: int
    y: int
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Picture:
    """In whole pixels of a box of WIDTH by HEIGHT: no locale makes a point of them a comma.

    `now`, `before`: paths, empty when there is nothing to draw. `deadline`: its x, None when there is none.
    """

    title: str
    now: str
    before: str
    deadline: int | None
    now_label: Label
    before_label: Label | None
    labels: tuple[Label, ...]
    base: int = HEIGHT - _BOTTOM
    top: int = _TOP
    right: int = WIDTH - _RIGHT
    box: str = f"0 0 {WIDTH} {HEIGHT}"


def picture_of(one: ListResponse) -> Picture:
    """Both years on the same height: each as a share of its own lists."""
    axes = _Axes(max(one.day_of(one.closes or one.last), 1))
    last = one.day_of(one.last)
    own, earlier = axes.y(one.now, last), axes.y(one.before, axes.end)
    if abs(own - earlier) < _LINE:
        earlier = own - _LINE if own >= _TOP + _LINE else own + _LINE
    deadline = axes.x(one.day_of(one.deadline)) if one.deadline else None
    return Picture(
        title=sentence(one),
        now=axes.path(one.now, last),
        before=axes.path(one.before, axes.end),
        deadline=deadline,
        now_label=Label(f"{one.now.at(last)} van {one.count.total}", axes.x(last) + 6, own + 4),
        before_label=Label("vorig jaar", WIDTH - _RIGHT + 6, earlier + 4) if one.before.days else None,
        labels=tuple(_dates(one, axes)),
    )


@dataclass(frozen=True, slots=True)
class _Axes:
    """`end`: the last day, at the right side."""

    end: int

    def x(self, day: int) -> int:
        return round((WIDTH - _RIGHT) * min(max(day, 0), self.end) / self.end)

    def y(self, curve: Curve, day: int) -> int:
        share = curve.at(day) / curve.total if curve.total else 0
        return round(HEIGHT - _BOTTOM - (HEIGHT - _BOTTOM - _TOP) * share)

    def path(self, curve: Curve, last: int) -> str:
        """A step up on every day on which lists came in."""
        if not curve.days:
            return ""
        days = sorted({day for day in curve.days if day <= last})
        steps = (f"H{self.x(day)}V{self.y(curve, day)}" for day in days)
        return "".join((f"M0 {HEIGHT - _BOTTOM}", *steps, f"H{self.x(last)}"))


def _dates(one: ListResponse, axes: _Axes) -> list[Label]:
    """Under the lines: the first day, the deadline, and the last day where it does not stand too near."""
    y = HEIGHT - 6
    found = [Label(_short(one.opens), 0, y)]
    if one.deadline:
        found.append(Label(_short(one.deadline), axes.x(one.day_of(one.deadline)), y, "middle"))
    if one.closes and (one.deadline is None or one.closes - one.deadline > timedelta(days=axes.end // 4)):
        found.append(Label(_short(one.closes), WIDTH - _RIGHT, y, "middle"))
    return found


def sentence(one: ListResponse) -> str:
    """What the picture says: 'Bezit: 57 van 137 ingediend, 40 op tijd. Vorig jaar op deze dag 95%, nu 41%.'"""
    count, last = one.count, one.day_of(one.last)
    told = (
        f"{one.questionnaire.title}: {count.delivered} van {count.total} ingediend, {count.in_time} op tijd."
    )
    if not one.before.days or not count.total:
        return told
    then = one.before.at(last) * 100 // one.before.total
    return f"{told} Vorig jaar op deze dag {then}%, nu {count.percentage}%."


def _short(day: date) -> str:
    return str(format_date(day, "j b"))
