"""What a repair would come to: it is offered only when it mends the finding, or nearly, and breaks nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from surveys.questionnaires.closure import Closure
from surveys.questionnaires.dependencies import in_order
from surveys.questionnaires.figures import evaluate
from surveys.questionnaires.rule import Level, Rule
from surveys.questionnaires.schema import Question
from surveys.rules.context import Context, Outcome
from surveys.rules.finding import Slip
from surveys.rules.slips import can_be_typed
from surveys.rules.words import figure
from surveys.values import Key, Value

_FAR_LESS, _MANY = 4, 3
"""A quarter of what it was is mended; more than three repairs that would do is no recognising but guessing."""
Judge = Callable[[Rule, Context, str], Outcome | None]


def mending(slips: Iterable[Slip], rule: Rule, row: str, context: Context, judge: Judge) -> tuple[Slip, ...]:
    """Those that mend it and make no error; a total that is typed as well moves along."""
    found = []
    for slip in slips:
        for one in (slip, _with_totals(slip, context)):
            if one is None or not _mends(one, rule, row, context, judge):
                break
            if not _breaks(one, context, judge):
                found.append(one)
                break
    return tuple(found) if len(found) <= _MANY else ()


def _mends(slip: Slip, rule: Rule, row: str, context: Context, judge: Judge) -> bool:
    after = _after(slip.changes, context)
    return _is_mended(judge(rule, context, row), judge(rule, after, row), rule)


def _breaks(slip: Slip, context: Context, judge: Judge) -> bool:
    """An error that was not there."""
    after = _after(slip.changes, context)
    codes = {code for (code, _), _ in slip.changes}
    must_hold = {one for code in codes for one in context.closure.errors_about(code)}
    return any(
        _is_wrong(one, at, after, judge) and not _is_wrong(one, at, context, judge)
        for one in must_hold
        for at in context.rows_of(one)
    )


def _is_mended(before: Outcome | None, after: Outcome | None, rule: Rule) -> bool:
    """What remains of a warning may be an honest change, when it is far less than it was."""
    if before is None or after is None or after.holds:
        return True
    return rule.level is Level.WARNING and after.deviation * _FAR_LESS <= before.deviation


def _is_wrong(rule: Rule, row: str, context: Context, judge: Judge) -> bool:
    outcome = judge(rule, context, row)
    return outcome is not None and not outcome.holds


def _after(changes: Iterable[tuple[Key, Value | None]], context: Context) -> Context:
    """The context once these answers stand there; what was not evaluated is left out again."""
    evaluated = {code for code, _ in context.now.visible}
    questions = [one for one in _order(context.closure) if one.code in evaluated]
    values: dict[Key, Value] = {
        key: value for key, value in context.now.counted.items() if not context.questions[key[0]].formula
    }
    for key, value in changes:
        values.pop(key, None)
        if value is not None:
            values[key] = value
    return replace(context, now=evaluate(questions, values, context.rows))


@lru_cache(16)
def _order(closure: Closure) -> tuple[Question, ...]:
    return in_order(closure.questions)


def _with_totals(slip: Slip, context: Context) -> Slip | None:
    """The same, with the typed totals that the changed part must add up to; None where there are none."""
    if len(slip.changes) > 1:
        return None
    [(key, value)] = slip.changes
    before = context.now.counted.get(key)
    if value is None or value.number is None or before is None or before.number is None:
        return None
    totals: dict[Key, Value] = {}
    for code in context.closure.typed_totals(key[0]):
        total = context.now.counted.get((code, key[1]))
        if total is not None and total.number is not None:
            totals[code, key[1]] = Value.of(total.number + value.number - before.number)
    if not totals:
        return None
    changes = ((key, value), *totals.items())
    along = Slip(slip.kind, f"{slip.sentence} {_along(totals, context)}", changes)
    return along if can_be_typed(along, context) else None


def _along(totals: Mapping[Key, Value], context: Context) -> str:
    told = [
        f"van ‘{context.questions[code].label}’ {figure(value.number, context.questions[code])}"
        for (code, _), value in totals.items()
        if value.number is not None
    ]
    return f"Maak dan ook {' en '.join(told)}."
