"""A signal in a small picture: this year, last year and what is usual on one line; or two years of a split."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from surveys.forms.items import Share
from surveys.queries.deliveries import Delivery
from surveys.queries.peer_medians import Middle
from surveys.questionnaires.figures import Evaluation
from surveys.questionnaires.rule import Rule, RuleKind
from surveys.rules import Finding
from surveys.rules.context import side
from surveys.rules.peers import bound_for, usual
from surveys.rules.words import rounded
from surveys.values import Kind, format_number

PEERS = "vergelijkbare bibliotheken"
_ROOM = Decimal("1.06")
"""The line goes a little further than the largest figure on it."""
_EDGE = 30
"""Percent from the side within which a text begins, or ends, at its mark."""
_BESIDE_PEERS = frozenset({RuleKind.VANISHED, RuleKind.SAME, RuleKind.ROUNDED})
"""What is known of others adds something here: the sentence tells only of this library."""
NO_MEDIANS: Mapping[str, Middle] = {}


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure on the line. Places are texts in percent: no locale makes a point a comma."""

    text: str
    x: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Band:
    """From and to of what is usual, the middle where there is one, and whose it is."""

    text: str
    x: str
    width: str
    middle: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    now: Mark
    last: Mark | None
    band: Band | None
    told: str

    @property
    def height(self) -> str:
        return "62" if self.last else "42"


@dataclass(frozen=True, slots=True)
class Split:
    """The library's part of a total, in both years."""

    years: tuple[tuple[int, Share], ...]


@dataclass(frozen=True, slots=True)
class _Usual:
    """What is usual, in the unit of the line. One side may be open."""

    low: Decimal | None
    middle: Decimal | None
    high: Decimal | None
    whose: str


def picture_of(
    finding: Finding, delivery: Delivery, medians: Mapping[str, Middle] = NO_MEDIANS
) -> Line | Split | None:
    """None where a picture says nothing that the sentence does not. `medians`: for the KB, of comparable libraries."""
    rule = finding.rule
    if rule.kind is RuleKind.SCOPE:
        return _split(rule, delivery)
    if rule.kind in (RuleKind.CHANGE, RuleKind.INCLUDED):
        usually = _peers_of(rule, finding.row, delivery) or _middle_of(rule, medians)
        return _line(rule, finding.row, delivery, usually)
    if rule.kind in _BESIDE_PEERS and (middle := _middle_of(rule, medians)):
        return _line(rule, finding.row, delivery, middle)
    if rule.kind is RuleKind.PEERS:
        found = bound_for(rule, delivery.context.groups, delivery.bounds)
        return _line(rule, finding.row, delivery, _Usual(*usual(rule, found[1]), PEERS)) if found else None
    if rule.kind is RuleKind.RATIO or (rule.kind is RuleKind.RANGE and rule.high):
        return _line(rule, finding.row, delivery, _Usual(rule.low, None, rule.high, "gebruikelijk"))
    return None


def _peers_of(rule: Rule, row: str, delivery: Delivery) -> _Usual | None:
    """What comparable libraries would have, at the size of this one."""
    for other in delivery.rules:
        found = bound_for(other, delivery.context.groups, delivery.bounds)
        if other.kind is RuleKind.PEERS and other.left == rule.left and found:
            by = side(other.right, delivery.evaluation, row) if other.right else Decimal(1)
            if by is None or by <= 0:
                return None
            low, middle, high = (one * by / other.factor for one in usual(other, found[1]))
            return _Usual(low, middle, high, PEERS)
    return None


def _middle_of(rule: Rule, medians: Mapping[str, Middle]) -> _Usual | None:
    middle = medians.get(rule.left[0]) if len(rule.left) == 1 else None
    return _Usual(None, middle.number, None, PEERS) if middle and middle.number >= 0 else None


def _line(rule: Rule, row: str, delivery: Delivery, usually: _Usual | None) -> Line | None:
    year = delivery.edition.year
    now, last = (_figure(rule, row, one) for one in (delivery.evaluation, delivery.last))
    if now is None or now < 0 or (last is not None and last < 0):
        return None
    most = _length(now, last, usually)
    if most <= 0:
        return None
    texts = [f"{year}: {_shown(now, rule, delivery)}"]
    if last is not None:
        texts.append(f"{year - 1}: {_shown(last, rule, delivery)}")
    band = _band(usually, most, rule, delivery) if usually else None
    return Line(
        now=_mark(texts[0], now, most),
        last=_mark(texts[1], last, most) if last is not None else None,
        band=band,
        told="; ".join((*texts, *([band.text] if band else []))),
    )


def _length(now: Decimal, last: Decimal | None, usually: _Usual | None) -> Decimal:
    """To the largest figure; of bounds that lie far above what is too low only the beginning is shown."""
    known = [one for one in (now, last) if one is not None]
    bounds = (
        [one for one in (usually.low, usually.middle, usually.high) if one is not None] if usually else []
    )
    most = max((*known, *bounds)) * _ROOM
    if usually and usually.low and usually.middle is None and now < usually.low:
        return min(most, max((*known, usually.low)) * 2)
    return most


def _figure(rule: Rule, row: str, evaluation: Evaluation) -> Decimal | None:
    left = side(rule.left, evaluation, row)
    if rule.kind not in (RuleKind.RATIO, RuleKind.PEERS) or not rule.right or left is None:
        return left
    right = side(rule.right, evaluation, row)
    return left / right * rule.factor if right else None


def _shown(number: Decimal, rule: Rule, delivery: Delivery) -> str:
    if rule.kind in (RuleKind.RATIO, RuleKind.PEERS):
        return rounded(number)
    kind = delivery.questions[rule.left[0]].kind
    text = (
        format_number(number) if number == number.to_integral() or number < 100 else format_number(number, 0)
    )
    return f"€ {text}" if kind is Kind.EURO else f"{text}%" if kind is Kind.PERCENT else text


def _mark(text: str, number: Decimal, most: Decimal) -> Mark:
    x = _percent(number, most)
    anchor = "start" if x < _EDGE else "end" if x > 100 - _EDGE else "middle"
    return Mark(text, f"{x:.1f}%", anchor)


def _band(usually: _Usual, most: Decimal, rule: Rule, delivery: Delivery) -> Band:
    low, high = (
        _percent(Decimal(edge) if one is None else one, most)
        for one, edge in ((usually.low, 0), (usually.high, most if usually.low is not None else 0))
    )
    words = " ".join(_bounds(usually, rule, delivery))
    if usually.high is not None and usually.high > most:
        words += " (loopt rechts door)"
    return Band(
        text=f"{usually.whose}: {words}",
        x=f"{low:.1f}%",
        width=f"{high - low:.1f}%",
        middle=f"{_percent(usually.middle, most):.1f}%" if usually.middle is not None else "",
    )


def _bounds(usually: _Usual, rule: Rule, delivery: Delivery) -> Iterable[str]:
    low, high = (None if one is None else _about(one, rule, delivery) for one in (usually.low, usually.high))
    middle = "" if usually.middle is None else f"midden {_about(usually.middle, rule, delivery)}"
    if not low and not high:
        yield middle
        return
    if low and high:
        yield f"{low} tot {high}"
    else:
        yield f"minstens {low}" if low else f"hoogstens {high}"
    if middle:
        yield f"({middle})"


def _about(number: Decimal, rule: Rule, delivery: Delivery) -> str:
    """A bound of peers at this size is no exact figure: three digits will do."""
    if rule.kind in (RuleKind.RATIO, RuleKind.PEERS, RuleKind.RANGE) or number < 1000:
        return rounded(number) if rule.kind is not RuleKind.RANGE else _shown(number, rule, delivery)
    step = Decimal(10) ** (number.adjusted() - 2)
    return _shown((number / step).quantize(Decimal(1)) * step, rule, delivery)


def _percent(number: Decimal, most: Decimal) -> float:
    return min(float(number / most * 100), 100.0)


def _split(rule: Rule, delivery: Delivery) -> Split | None:
    year = delivery.edition.year
    both = ((year - 1, delivery.last), (year, delivery.evaluation))
    found = ((one, _share(rule, evaluation)) for one, evaluation in both)
    years = tuple((one, share) for one, share in found if share)
    return Split(years) if len(years) == len(both) else None


def _share(rule: Rule, evaluation: Evaluation) -> Share | None:
    library, rest = (evaluation.number((code, "")) for code in rule.right[:2])
    if library is None or rest is None or library < 0 or rest < 0 or library + rest <= 0:
        return None
    share = library / (library + rest) * 100
    return Share(
        library=format_number(library),
        rest=format_number(rest),
        library_percentage=format_number(share, 0),
        rest_percentage=format_number(100 - share, 0),
        width=f"{share:.1f}",
        rest_width=f"{100 - share:.1f}",
    )
