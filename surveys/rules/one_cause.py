"""One cause, one signal: what another finding already names is left out, and what matters most comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from surveys.questionnaires.closure import Closure
from surveys.questionnaires.rule import Level, RuleKind
from surveys.rules.context import Context
from surveys.rules.finding import Finding
from surveys.values import YES, Key, Value

_ORDER = (
    RuleKind.SCOPE,
    RuleKind.INCLUDED,
    RuleKind.VANISHED,
    RuleKind.TOGETHER,
    RuleKind.FUNCTION,
    RuleKind.CHANGE,
    RuleKind.COMPARISON,
    RuleKind.RANGE,
    RuleKind.RATIO,
    RuleKind.PEERS,
    RuleKind.SAME,
    RuleKind.ROUNDED,
)
"""What says most about the cause comes first, and silences what only shows its effect."""
_PART = Decimal("0.2")
"""A move of at least this part of a figure explains what is odd about the figure."""
_THIRD, _TWICE = 3, 2
"""And of a figure that moved itself, a third of that move; a change of scope moves no more than twice its part."""
_ABOUT_SIZE = frozenset(
    {
        RuleKind.INCLUDED,
        RuleKind.CHANGE,
        RuleKind.COMPARISON,
        RuleKind.RANGE,
        RuleKind.RATIO,
        RuleKind.PEERS,
    }
)
_RATIOS = frozenset({RuleKind.RATIO, RuleKind.PEERS})


def one_signal_per_cause(found: Iterable[Finding], context: Context) -> list[Finding]:
    """Errors all stay. A warning goes when an error, or a warning that ranks before it, is about the same.

    Also when that warning goes itself: so what is told of an answer hangs on few rules, and not on their order.
    """
    ranked = sorted(found, key=lambda one: _rank(one, context.closure))
    kept = [
        one
        for place, one in enumerate(ranked)
        if one.level is Level.ERROR or not any(_explains(cause, one, context) for cause in ranked[:place])
    ]
    return sorted(kept, key=_importance)


def _rank(finding: Finding, closure: Closure) -> tuple[int, int, int, float, str, str]:
    """Errors, then by kind; of a kind the figure that is made of fewest others, then the worst."""
    is_warning = finding.level is not Level.ERROR
    kind = _ORDER.index(finding.rule.kind) if is_warning else 0
    depth = max(len(closure.made_of(code)) for code, _ in finding.keys)
    return is_warning, kind, depth, -finding.deviation, finding.code, finding.row


def _importance(finding: Finding) -> tuple[bool, bool, float]:
    return (
        finding.level is not Level.ERROR,
        finding.rule.kind is not RuleKind.SCOPE,
        -finding.deviation,
    )


def _explains(cause: Finding, effect: Finding, context: Context) -> bool:
    """The cause names an answer that the effect is made of, and weighs enough in it."""
    if cause.level is Level.ERROR:
        return _meets(cause.keys, effect, context.closure)
    if cause.anchor == effect.anchor and (cause.rule.kind is not RuleKind.SCOPE or effect.shift is None):
        return True
    return _BY_KIND.get(cause.rule.kind, _by_its_move)(cause, effect, context)


def _by_its_scope(cause: Finding, effect: Finding, context: Context) -> bool:
    """What a move of about that part can do to the total, to its library part, and to what is made of these."""
    family, moved = set(cause.rule.reads), abs(cause.shift or Decimal(0))
    if effect.shift is not None:
        return effect.anchor[0] in family and abs(effect.shift) <= _TWICE * moved
    return effect.rule.kind in _ABOUT_SIZE and any(
        not family.isdisjoint(context.closure.made_of(code)) and _weighs(moved, (code, row), context)
        for code, row in effect.keys
    )


def _by_its_pair(cause: Finding, effect: Finding, context: Context) -> bool:
    """What is not there has no size, and nothing can be divided by it or into it."""
    absent = {key for key in cause.keys if not _is_there(context.now.counted.get(key))}
    if effect.rule.kind in _RATIOS:
        return not absent.isdisjoint(effect.keys)
    return effect.rule.kind in _ABOUT_SIZE and effect.anchor in absent


def _is_there(value: Value | None) -> bool:
    return value is not None and (value.text == YES or (value.number or 0) > 0)


def _by_its_loss(cause: Finding, effect: Finding, context: Context) -> bool:
    """What went to zero is also not there beside what it belongs to."""
    if effect.rule.kind is RuleKind.TOGETHER:
        return cause.anchor in effect.keys
    return _by_its_move(cause, effect, context)


def _by_its_ratio(cause: Finding, effect: Finding, context: Context) -> bool:
    """The same figure is odd beside something else."""
    is_ratio = effect.rule.kind in _RATIOS and cause.row == effect.row
    return is_ratio and not set(cause.rule.left).isdisjoint(effect.rule.reads)


def _by_its_move(cause: Finding, effect: Finding, context: Context) -> bool:
    """It moved since last year, by enough to carry the effect along; or what undoes it undoes that as well."""
    if cause.shift is None or effect.rule.kind not in _ABOUT_SIZE:
        return False
    if any(key == effect.anchor for slip in cause.slips for key, _ in slip.changes):
        return True
    moved = abs(cause.shift)
    if effect.shift is not None and moved * _THIRD < abs(effect.shift):
        return False
    return any(
        cause.anchor[0] in context.closure.made_of(code)
        and (row == cause.row or not row)
        and _weighs(moved, (code, row), context)
        for code, row in effect.keys
    )


def _weighs(moved: Decimal, key: Key, context: Context) -> bool:
    return moved >= _PART * abs(context.now.number(key) or Decimal(0))


_BY_KIND: Mapping[RuleKind, Callable[[Finding, Finding, Context], bool]] = {
    RuleKind.SCOPE: _by_its_scope,
    RuleKind.VANISHED: _by_its_loss,
    RuleKind.TOGETHER: _by_its_pair,
    RuleKind.RATIO: _by_its_ratio,
    RuleKind.PEERS: _by_its_ratio,
}


def _meets(keys: Sequence[tuple[str, str]], effect: Finding, closure: Closure) -> bool:
    """One of the keys is in what the effect is made of, in the same row."""
    return any(
        code in closure.made_of(other) and (row == at or not at)
        for code, row in keys
        for other, at in effect.keys
    )
