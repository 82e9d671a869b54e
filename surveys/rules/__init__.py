"""What must hold. A kind of rule is one small pure function over values; findings are computed, never stored.

A rule is silent (no finding) while what it compares is missing, and speaks only of visible questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from surveys.questionnaires.figures import Evaluation
from surveys.questionnaires.schema import Level, Question, Rule, RuleKind
from surveys.rules.comparison import comparison
from surveys.values import Key


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's outcome: what is wrong, with the figures, and which answers could be.

    `anchor`: the answer at which it is said, so that it is said once.
    """

    rule: str
    level: Level
    row: str
    message: str
    hint: str
    keys: tuple[Key, ...]
    anchor: Key


def findings(
    rules: Iterable[Rule],
    questions: Mapping[str, Question],
    evaluation: Evaluation,
    rows: Sequence[str],
) -> list[Finding]:
    """All findings of `rules`, in the order of the rules and then of `rows`."""
    found = []
    for rule in rules:
        if rule.kind is not RuleKind.COMPARISON:
            continue
        for row in rows if questions[rule.left[0]].repeats else ("",):
            message = comparison(rule, questions, evaluation, row)
            if message:
                keys = tuple((code, row) for code in (*rule.left, *rule.right))
                anchor = _anchor(rule, evaluation, row)
                found.append(Finding(rule.code, rule.level, row, message, rule.hint, keys, anchor))
    return found


def _anchor(rule: Rule, evaluation: Evaluation, row: str) -> Key:
    """The last visible answer of the longer side: where somebody who fills in the parts ends."""
    codes = rule.left if len(rule.left) >= len(rule.right) else rule.right
    keys = [(code, row) for code in codes]
    return next((key for key in reversed(keys) if evaluation.is_visible(key)), keys[0])


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
