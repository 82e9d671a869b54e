"""What must hold. A kind of rule is one small pure function over values; findings are computed, never stored.

Three-valued: a rule is silent (None) while what it compares is missing, and speaks only of visible questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from surveys.questionnaires.figures import Evaluation
from surveys.questionnaires.non_library import code_of
from surveys.questionnaires.rule import Rule, RuleKind
from surveys.questionnaires.schema import BlockRole
from surveys.rules.comparison import comparison
from surveys.rules.context import Bound, Context, Outcome
from surveys.rules.finding import Finding, Slip, SlipKind
from surveys.rules.limits import ratio, within
from surveys.rules.named import FUNCTIONS
from surveys.rules.one_cause import one_signal_per_cause
from surveys.rules.over_time import change, included, rounded_off, same, vanished
from surveys.rules.peers import peers
from surveys.rules.repaired import mending
from surveys.rules.scope import scope
from surveys.rules.slips import slips_of
from surveys.rules.together import together
from surveys.values import Key, Value

__all__ = [
    "Bound",
    "Context",
    "Finding",
    "Outcome",
    "Slip",
    "SlipKind",
    "absences",
    "all_findings",
    "findings",
    "judge",
    "judgements",
]


def _function(rule: Rule, context: Context, row: str) -> Outcome | None:
    return FUNCTIONS[rule.function](rule, context, row)


_KINDS: Mapping[RuleKind, Callable[[Rule, Context, str], Outcome | None]] = {
    RuleKind.COMPARISON: comparison,
    RuleKind.RANGE: within,
    RuleKind.RATIO: ratio,
    RuleKind.TOGETHER: together,
    RuleKind.CHANGE: change,
    RuleKind.VANISHED: vanished,
    RuleKind.SAME: same,
    RuleKind.INCLUDED: included,
    RuleKind.ROUNDED: rounded_off,
    RuleKind.PEERS: peers,
    RuleKind.SCOPE: scope,
    RuleKind.FUNCTION: _function,
}
"""The closed list; presence is part of what is still to do, see `absences`."""


def judge(rule: Rule, context: Context, row: str) -> Outcome | None:
    """None: silent, for want of data or because its condition does not hold."""
    return _KINDS[rule.kind](rule, context, row) if context.speaks(rule, row) else None


def judgements(rules: Iterable[Rule], context: Context) -> Iterator[tuple[Rule, str, Outcome | None]]:
    """Every rule in every row that it is about."""
    for rule in rules:
        if rule.kind is not RuleKind.PRESENCE:
            for row in context.rows_of(rule):
                yield rule, row, judge(rule, context, row)


def all_findings(rules: Sequence[Rule], context: Context, home: Iterable[str] | None = None) -> list[Finding]:
    """Every rule that does not hold, in the order of the rules and then of the rows.

    `home`: the questions of the list in which they are told; a rule that reads several lists is told in each.
    """
    own = frozenset(home) if home is not None else None
    return [
        _finding(rule, row, outcome, context, own)
        for rule, row, outcome in judgements(rules, context)
        if outcome is not None and not outcome.holds
    ]


def findings(rules: Sequence[Rule], context: Context, home: Iterable[str] | None = None) -> list[Finding]:
    """What is told: of every cause one, what matters most first."""
    return one_signal_per_cause(all_findings(rules, context, home), context)


def _finding(
    rule: Rule, row: str, outcome: Outcome, context: Context, home: frozenset[str] | None
) -> Finding:
    keys = tuple((code, row) for code in rule.reads)
    return Finding(
        rule=rule,
        row=row,
        anchor=_anchor(rule, row, context, home),
        keys=tuple(dict.fromkeys(_on_screen(key, context) for key in keys)),
        message=outcome.message,
        about=context.conditions_of(rule, row),
        figures=_figures(rule, row, context),
        deviation=outcome.deviation,
        shift=outcome.shift,
        slips=mending(slips_of(rule, keys, outcome.repairs, context), rule, row, context, judge),
    )


def _anchor(rule: Rule, row: str, context: Context, home: frozenset[str] | None) -> Key:
    """The last visible answer of what is judged; of an equality that of the longer side, where the parts end."""
    is_left = rule.operator != "=" or len(rule.left) >= len(rule.right)
    first, second = (rule.left, rule.right) if is_left else (rule.right, rule.left)
    keys = [(code, row) for code in (*rule.minus, *reversed(second), *first)]
    if rule.kind is RuleKind.SCOPE:
        keys = [(rule.left[0], row)]
    told = [key for key in keys if home is None or key[0] in home]
    anchor = next((key for key in reversed(told) if context.now.is_visible(key)), told[0])
    return _on_screen(anchor, context)


def _on_screen(key: Key, context: Context) -> Key:
    """The outcome of a block that is not put to this institution is its total, and is told there."""
    total = context.questions[key[0]].total
    is_asked = not total or context.now.is_visible((code_of(total, BlockRole.GATE), ""))
    return key if is_asked else (total, "")


def _figures(rule: Rule, row: str, context: Context) -> str:
    """code=value, also of its conditions, and code@last=value for what was read of last year."""
    keys = dict.fromkeys((*((code, row) for code in rule.reads), *context.conditions_of(rule, row)))
    now = [f"{key[0]}={_plain(context.now.counted.get(key))}" for key in keys]
    last = [f"{code}@last={_plain(context.last.counted.get((code, row)))}" for code in rule.reads_last]
    return " ".join((*now, *last))


def _plain(value: Value | None) -> str:
    if value is None:
        return ""
    return value.text if value.number is None else f"{value.number.normalize():f}"


def absences(rules: Iterable[Rule], evaluation: Evaluation, rows: Sequence[str]) -> list[tuple[Rule, str]]:
    """The presence rules that are not met yet, with the row; part of what is still to do, never an error."""
    open_rules = []
    for rule in rules:
        if rule.kind is RuleKind.PRESENCE:
            for row in ("", *rows):
                keys = [(code, row) for code in rule.left]
                is_asked = any(evaluation.is_visible(key) for key in keys)
                if is_asked and not any(key in evaluation.counted for key in keys):
                    open_rules.append((rule, row))
    return open_rules
