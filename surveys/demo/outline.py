"""What the demo needs to know of an edition: its questions in order of evaluation, and which rules bind a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from surveys.questionnaires.dependencies import in_order
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.rule import Level, Rule, RuleKind
from surveys.questionnaires.schema import BlockRole, Edition, Operation, Question
from surveys.values import Kind

WORD_KINDS = frozenset({Kind.YES_NO, Kind.CHOICE})


@dataclass(frozen=True, slots=True)
class Outline:
    """`stored`: what has an answer, in the order of the edition. `equal` and `bounds`: a code's hard rules;
    `part_bounds`: those of a part of a non-library block.

    `groups`: the yes/no questions of an any-yes figure. `names`: a code and those it replaces.
    """

    edition: Edition
    order: tuple[Question, ...]
    stored: tuple[Question, ...]
    words: tuple[Question, ...]
    numbers: tuple[Question, ...]
    texts: tuple[Question, ...]
    equal: Mapping[str, tuple[Rule, ...]]
    bounds: Mapping[str, tuple[Rule, ...]]
    part_bounds: Mapping[str, tuple[Rule, ...]]
    groups: Mapping[str, tuple[str, ...]]
    names: Mapping[str, tuple[str, ...]]
    calm: frozenset[str]
    """Codes that no rule and no figure reads: here an unknown does no harm."""


@cache
def outline(year: int) -> Outline:
    edition = load_edition(year)
    questions = edition.questions
    rules = [rule for one in edition.questionnaires for rule in one.rules if _binds(rule, questions)]
    own = [q for q in questions.values() if q.is_stored and not q.role]
    read = {code for rule in rules for code in (*rule.left, *rule.right)}
    read |= {c for q in questions.values() if q.formula for c in q.formula.operands}
    read |= {c.question for q in questions.values() for c in q.only_if}
    return Outline(
        edition=edition,
        order=in_order(questions),
        stored=tuple(q for q in questions.values() if q.is_stored),
        words=tuple(q for q in own if q.kind in WORD_KINDS),
        numbers=tuple(q for q in own if q.kind.is_number),
        texts=tuple(q for q in own if q.kind in (Kind.TEXT, Kind.DATE)),
        equal=_index(rules, {"="}),
        bounds=_index(rules, {"<=", ">="}),
        part_bounds=_index(_part_rules(edition), {"<="}),
        groups={
            q.code: q.formula.operands
            for q in questions.values()
            if q.formula and q.formula.operation is Operation.ANY_YES
        },
        names={code: (code, *q.replaces) for code, q in questions.items()},
        calm=frozenset(questions) - read,
    )


def _binds(rule: Rule, questions: Mapping[str, Question]) -> bool:
    """Hard comparisons between ordinary answers; those of a non-library block are met by how it is filled."""
    codes = (*rule.left, *rule.right)
    return (
        rule.kind is RuleKind.COMPARISON
        and rule.level is Level.ERROR
        and not rule.last
        and not rule.minus
        and not any(questions[code].role for code in codes)
    )


def _part_rules(edition: Edition) -> list[Rule]:
    """The rules that hold one part of a block within ordinary answers."""
    questions = edition.questions
    return [
        rule
        for one in edition.questionnaires
        for rule in one.rules
        if len(rule.left) == 1
        and questions[rule.left[0]].role is BlockRole.PART
        and not any(questions[code].role for code in rule.right)
    ]


def _index(rules: Sequence[Rule], operators: set[str]) -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.operator in operators:
            sides = (*rule.left, *rule.right) if rule.operator == "=" else rule.left
            for code in sides:
                found.setdefault(code, []).append(rule)
    return {code: tuple(ones) for code, ones in found.items()}
