"""Slips of the hand, recognised by what they do to a figure: each with the change that would undo it.

A guess, put as a question. Only typed numbers are looked at, and only those that a finding is made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from surveys.questionnaires.rule import Rule, RuleKind
from surveys.rules.context import Context, Repair
from surveys.rules.finding import Slip, SlipKind
from surveys.rules.words import figure, named
from surveys.values import InputError, Key, Value, format_value, parse

REPAIRED = "vergissing hersteld: "
"""How the log says why an answer was changed; behind it which slip it was."""

_SCALES = ((Decimal(1_000), SlipKind.THOUSANDFOLD), (Decimal(100), SlipKind.HUNDREDFOLD))
_SPREAD = Decimal("1.8")
"""A scaled figure lies within this factor of last year's."""
_CLOSE, _SUM = Decimal("0.1"), Decimal("0.05")
"""Two figures that differ less than this part are taken for the same; a total, in which chance evens out, closer."""
_FEWEST_DIGITS = 2
"""A figure of one digit tells too little of what was left off: 1 is no 1.000."""
_MOVED = frozenset(
    {
        RuleKind.CHANGE,
        RuleKind.COMPARISON,
        RuleKind.PEERS,
        RuleKind.RANGE,
        RuleKind.RATIO,
        RuleKind.VANISHED,
    }
)


def slips_of(
    rule: Rule, keys: Iterable[Key], repairs: Iterable[Repair], context: Context
) -> tuple[Slip, ...]:
    """The likeliest first; none where nothing fits."""
    told = [_told(one, context) for one in repairs if one.changes]
    if rule.kind is RuleKind.SAME:
        told += [_copied(key, context) for key in keys if context.questions[key[0]].is_asked]
    if rule.kind in _MOVED and not told:
        typed = list(dict.fromkeys(context.closure.typed(keys, context.rows)))
        for key in typed:
            told += _of_one(key, context)
        if rule.kind is RuleKind.COMPARISON:
            told += _that_close_the_gap(rule, typed, context)
    unique: dict[frozenset[tuple[Key, Value | None]], Slip] = {}
    for one in told:
        if can_be_typed(one, context):
            unique.setdefault(frozenset(one.changes), one)
    sure = [one for one in unique.values() if not _is_doubtful(one, unique.values())]
    return tuple(sure)


def _is_doubtful(slip: Slip, others: Iterable[Slip]) -> bool:
    """Another of its kind says something else of the same answer."""
    keys = {key for key, _ in slip.changes}
    return any(
        one is not slip and one.kind is slip.kind and not keys.isdisjoint(key for key, _ in one.changes)
        for one in others
    )


def can_be_typed(slip: Slip, context: Context) -> bool:
    """A repair puts nothing in a field that the field would refuse."""
    try:
        for (code, _), value in slip.changes:
            raw = "" if value is None else value.text or format_value(value, context.questions[code].kind)
            parse(raw, context.questions[code].limits)
    except InputError:
        return False
    return True


def _told(repair: Repair, context: Context) -> Slip:
    kind = SlipKind(repair.kind)
    [(key, value), *_] = repair.changes
    label = _label(key, context)
    if kind is SlipKind.SCOPE:
        return Slip(kind, f"antwoord weer ‘ja’ op {label}; daarna vult u het deel in.", repair.changes)
    about = named(repair.about, context.questions)
    more = "is meegeteld" if kind is SlipKind.INCLUDED else "ontbreekt"
    return Slip(kind, f"{about} {more}; maak van {label} {_shown(key, value, context)}.", repair.changes)


def _copied(key: Key, context: Context) -> Slip:
    text = (
        f"het cijfer van vorig jaar is overgenomen; maak {_label(key, context)} leeg en vul het opnieuw in."
    )
    return Slip(SlipKind.COPIED, text, ((key, None),))


def _of_one(key: Key, context: Context) -> Iterator[Slip]:
    now, last = context.now.number(key), context.last.number(key)
    if now is None or last is None or _is_close(now, last):
        return
    if now < 0 < last and _is_close(-now, last, Decimal("0.5")):
        yield _changed(SlipKind.SIGN, "er staat een min voor", key, -now, context)
        return
    if now < 0 or last < 0:
        return
    for scale, kind in _SCALES:
        for scaled, words in ((now / scale, "te veel"), (now * scale, "te weinig")):
            if scaled > now and len(_digits(now)) < _FEWEST_DIGITS:
                continue
            if last / _SPREAD <= scaled <= last * _SPREAD:
                times = "duizend" if kind is SlipKind.THOUSANDFOLD else "honderd"
                yield _changed(
                    kind, f"{times} keer {words} bij", key, _typeable(scaled, key, context), context
                )
    yield from _swapped(key, now, last, context)
    yield from _total_in_part(key, now, last, context)


def _swapped(key: Key, now: Decimal, last: Decimal, context: Context) -> Iterator[Slip]:
    """With a figure that stands beside it, or with the same figure of another location."""
    if _is_close(now, last, Decimal("0.3")):
        return
    code, row = key
    others = [(one, row) for one in context.closure.beside(code) if context.questions[one].is_asked]
    others += [(code, one) for one in context.rows if row and one != row]
    for other in others:
        now_other, last_other = context.now.number(other), context.last.number(other)
        if now_other is None or last_other is None:
            continue
        if _is_close(now, last_other) and _is_close(now_other, last):
            changes = ((key, Value.of(now_other)), (other, Value.of(now)))
            yield Slip(SlipKind.SWAPPED, _crosswise(changes, context), changes)


def _crosswise(changes: tuple[tuple[Key, Value], tuple[Key, Value]], context: Context) -> str:
    (key, value), (other, value_other) = changes
    first, second = _shown(key, value, context), _shown(other, value_other, context)
    if key[0] == other[0]:
        return (
            f"verwisseld tussen twee locaties; maak van {_label(key, context)} {first} waar nu {second} staat, "
            f"en {second} waar nu {first} staat."
        )
    return f"verwisseld; maak van {_label(key, context)} {first} en van {_label(other, context)} {second}."


def _total_in_part(key: Key, now: Decimal, last: Decimal, context: Context) -> Iterator[Slip]:
    """The figure is about what it and the other parts of a sum came to last year, and these are there as well."""
    code, row = key
    for parts in context.closure.sums_with(code):
        others, others_last = (
            sum((of.number((one, row)) or Decimal(0) for one in parts - {code}), Decimal(0))
            for of in (context.now, context.last)
        )
        if others <= 0 or others_last <= last * _CLOSE:
            continue
        part = now - others
        if _is_close(now, last + others_last, _SUM) and _is_close(part, last, Decimal("0.5")):
            yield _changed(SlipKind.TOTAL_IN_PART, "het totaal staat bij", key, part, context)


def _that_close_the_gap(rule: Rule, typed: list[Key], context: Context) -> Iterator[Slip]:
    """In sums that must fit: the sign, or the total typed in a part, that makes them fit exactly."""
    if rule.operator != "=" or rule.last or any(context.questions[c].formula for c in rule.reads):
        return
    added = {*rule.left, *rule.minus}  # what is subtracted right may as well be added left
    numbers = {
        key: number
        for key in typed
        if key[0] in rule.reads and (number := context.now.number(key)) is not None
    }
    right = sum((number for key, number in numbers.items() if key[0] not in added), Decimal(0))
    gap = sum(numbers.values()) - 2 * right
    for key, number in numbers.items():
        surplus = gap if key[0] in added else -gap
        if number < 0 and surplus == 2 * number:
            yield _changed(SlipKind.SIGN, "er staat een min voor", key, -number, context)
        elif key[0] in added and number == right and 0 < surplus < number:
            yield _changed(SlipKind.TOTAL_IN_PART, "het totaal staat bij", key, number - surplus, context)


def _changed(kind: SlipKind, words: str, key: Key, number: Decimal, context: Context) -> Slip:
    value = Value.of(number)
    text = f"{words} {_label(key, context)}; maak er {_shown(key, value, context)} van."
    return Slip(kind, text, ((key, value),))


def _digits(number: Decimal) -> tuple[int, ...]:
    """Those that say something: without the zeros at the end."""
    return number.normalize().as_tuple().digits


def _typeable(number: Decimal, key: Key, context: Context) -> Decimal:
    """With no more decimals than its field takes."""
    return number.quantize(Decimal(1).scaleb(-context.questions[key[0]].decimals), ROUND_HALF_UP)


def _is_close(one: Decimal, other: Decimal, part: Decimal = _CLOSE) -> bool:
    return abs(one - other) <= abs(other) * part


def _label(key: Key, context: Context) -> str:
    return f"‘{context.questions[key[0]].label}’"


def _shown(key: Key, value: Value | None, context: Context) -> str:
    number = value.number if value else None
    return "" if number is None else figure(number, context.questions[key[0]])
