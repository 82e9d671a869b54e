"""Which question reads which: the order to evaluate in, and what one answer touches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter

from surveys.questionnaires.before import code_before
from surveys.questionnaires.closure import closure_of
from surveys.questionnaires.rule import Level, Rule, RuleKind
from surveys.questionnaires.schema import PROFILE, Edition, Question

_UNREPAIRED = frozenset({RuleKind.PRESENCE, RuleKind.TOGETHER, RuleKind.ROUNDED, RuleKind.FUNCTION})
"""Beside these no repair is offered."""
_REPAIRED = frozenset({RuleKind.SAME, RuleKind.INCLUDED, RuleKind.SCOPE})
"""Beside these one that changes only what they read; beside the others a slip is looked for in what that is made of."""
_UNDOING = frozenset({RuleKind.CHANGE, RuleKind.VANISHED, RuleKind.INCLUDED})
"""These also silence what their repair undoes."""


def reads(question: Question) -> tuple[str, ...]:
    """The codes that decide whether the question is visible and what it comes to."""
    operands = question.formula.operands if question.formula else ()
    return (*(condition.question for condition in question.only_if), *operands)


def in_order(questions: Mapping[str, Question]) -> tuple[Question, ...]:
    """The questions, each after all that it reads. Raises graphlib.CycleError."""
    graph = {code: [c for c in reads(q) if c in questions] for code, q in questions.items()}
    return tuple(questions[code] for code in TopologicalSorter(graph).static_order())


@dataclass(frozen=True, slots=True)
class Touched:
    """What saving one answer can change: figures, questions that come or go, answers that a rule judges anew.

    `judged`: the answers of the saved one's section at which a message may come or go. `rules`: all that speak of
    them, and those that may silence these. `needed`: every question whose answer is read to know all that, in
    order of evaluation; `needed_before`: those of the edition before. `repeating_before`: where one of these is
    answered per location, those that tell together of which locations there were answers then.
    """

    questions: tuple[Question, ...]
    judged: frozenset[str]
    rules: tuple[Rule, ...]
    needed: tuple[Question, ...]
    needed_before: tuple[Question, ...] = ()
    repeating_before: tuple[Question, ...] = ()


class Dependencies:
    """The relations between the questions of one questionnaire, and all that its rules read elsewhere.

    `order`: the questions of the profile, of the list, and what its rules read in other lists. `before`: the same of
    the year before, under its own codes. `others`: the stored questions of other lists in either.
    """

    def __init__(self, edition: Edition, questionnaire: str, before: Edition | None = None) -> None:
        own = edition.by_code[questionnaire]
        self.questionnaire, self.edition = own, edition
        self.rules = edition.rules_about(questionnaire)
        self._parts = closure_of(edition)
        self._reads = {code: reads(question) for code, question in edition.questions.items()}
        self._read_by: dict[str, list[str]] = {}
        for code, operands in self._reads.items():
            for operand in operands:
                self._read_by.setdefault(operand, []).append(code)
        needed = _closure((code for rule in self.rules for code in rule.needs), self._reads)
        home = {*edition.profile.questions, *own.questions}
        self.order = in_order({c: q for c, q in edition.questions.items() if c in home or c in needed})
        self._before = _Before(before, edition)
        self.before = self._before.order(
            _closure((code for rule in self.rules for code in rule.reads_last), self._reads), questionnaire
        )
        at_home = {PROFILE, questionnaire}
        self.others = frozenset(
            q.code for q in (*self.order, *self.before) if q.is_stored and q.questionnaire not in at_home
        )
        read_before = {one.code for one in self.before} | self.others
        self._repeating_before = tuple(
            one
            for one in (before.questions.values() if before else ())
            if one.repeats and one.is_stored and one.code in read_before
        )
        self._touched: dict[str, Touched] = {}
        self._hanging: dict[str, frozenset[str]] = {}
        self._told: dict[str, frozenset[str]] = {}
        self._looked: dict[str, frozenset[str]] = {}
        self._below: dict[str, frozenset[str]] = {}
        self._bound: dict[str, frozenset[Rule]] = {}

    def touched_by(self, code: str) -> Touched:
        if code not in self._touched:
            self._touched[code] = self._touch(code)
        return self._touched[code]

    def _touch(self, code: str) -> Touched:
        own = self.questionnaire.questions
        section = own[code].section
        dependants = _closure([code], self._read_by)
        judged = {
            one
            for rule in self._told_anew(dependants)
            for one in self._told_at(rule)
            if one in own and own[one].section == section
        } | {code}
        told = {rule for rule in self.rules if not judged.isdisjoint(self._told_at(rule))}
        rules = self._with_causes(told)
        repaired = [rule for rule in rules if rule.kind in _UNDOING or rule in told]
        looked_at = set[str]().union(*map(self._looked_at, repaired))
        must_hold = set[Rule]().union(*map(self._must_hold, repaired))
        read = {one for rule in (*rules, *must_hold) for one in rule.needs}
        read_last = {one for rule in (*rules, *must_hold) for one in rule.reads_last}
        needed = _closure(dependants | read | looked_at, self._reads)
        known_before = {question.code for question in self.before}
        before = tuple(
            question
            for question in self._before.order(_closure(read_last | looked_at, self._reads))
            if question.code in known_before
        )
        return Touched(
            questions=tuple(q for c, q in own.items() if c in dependants and c != code),
            judged=frozenset(judged),
            rules=rules,
            needed=tuple(question for question in self.order if question.code in needed),
            needed_before=before,
            repeating_before=self._repeating_before if any(one.repeats for one in before) else (),
        )

    def _told_anew(self, codes: Set[str]) -> Iterator[Rule]:
        """Whose finding or its repairs hang on one of the answers; and whose finding one of these may silence."""
        moved = [rule for rule in self.rules if not codes.isdisjoint(self._hangs_on(rule))]
        spoken_of = {one for rule in moved for one in self._told_at(rule)}
        undone = {one for rule in moved if rule.kind in _UNDOING for one in self._changeable(rule)}
        told = set(moved)
        for rule in self.rules:
            is_silenced = not spoken_of.isdisjoint(self._made_of(rule)) or not undone.isdisjoint(
                self._told_at(rule)
            )
            if rule in told or (rule.level is Level.WARNING and is_silenced):
                yield rule

    def _with_causes(self, told: Set[Rule]) -> tuple[Rule, ...]:
        """And the rules of which a finding may silence theirs: see surveys/rules/one_cause.py."""
        below = {one for rule in told for one in self._made_of(rule)}
        spoken_of = {one for rule in told for one in self._told_at(rule)}
        return tuple(
            rule
            for rule in self.rules
            if rule in told
            or not below.isdisjoint(self._told_at(rule))
            or (rule.kind in _UNDOING and not spoken_of.isdisjoint(self._changeable(rule)))
        )

    def _hangs_on(self, rule: Rule) -> frozenset[str]:
        """All that its finding is judged by, and the repairs that are offered beside it."""
        if rule.code not in self._hanging:
            must_hold = {one for other in self._must_hold(rule) for one in other.needs}
            self._hanging[rule.code] = frozenset({*rule.needs, *self._looked_at(rule), *must_hold})
        return self._hanging[rule.code]

    def _looked_at(self, rule: Rule) -> frozenset[str]:
        """Where a slip of the hand is looked for: see surveys/rules/slips.py."""
        if rule.code not in self._looked:
            looked = set[str]()
            if rule.kind in _REPAIRED:
                looked.update(rule.reads)
            elif rule.kind not in _UNREPAIRED:
                below = set[str]().union(*map(self._parts.made_of, rule.reads))
                typed = [one for one in below if self._is_typed_number(one)]
                looked.update(typed, *map(self._parts.beside, typed))
            self._looked[rule.code] = frozenset(looked)
        return self._looked[rule.code]

    def _changeable(self, rule: Rule) -> set[str]:
        """The answers that a repair may change: see surveys/rules/repaired.py."""
        typed = {one for one in self._looked_at(rule) if self.edition.questions[one].is_asked}
        return typed.union(*map(self._parts.typed_totals, typed))

    def _must_hold(self, rule: Rule) -> frozenset[Rule]:
        """What a repair may not break."""
        if rule.code not in self._bound:
            changeable = self._changeable(rule)
            self._bound[rule.code] = frozenset[Rule]().union(*map(self._parts.errors_about, changeable))
        return self._bound[rule.code]

    def _is_typed_number(self, code: str) -> bool:
        question = self.edition.questions[code]
        return question.is_asked and question.kind.is_number

    def _told_at(self, rule: Rule) -> frozenset[str]:
        """What it judges; the outcome of a block may be told at its total: see surveys/rules/__init__.py."""
        if rule.code not in self._told:
            totals = (self.edition.questions[one].total for one in rule.reads)
            self._told[rule.code] = frozenset((*rule.reads, *filter(None, totals)))
        return self._told[rule.code]

    def _made_of(self, rule: Rule) -> frozenset[str]:
        if rule.code not in self._below:
            self._below[rule.code] = frozenset[str]().union(*map(self._parts.made_of, self._told_at(rule)))
        return self._below[rule.code]


class _Before:
    """The edition before, asked by this year's codes."""

    def __init__(self, before: Edition | None, edition: Edition) -> None:
        self._edition = edition
        self._questions: Mapping[str, Question] = before.questions if before else {}
        self._order = in_order(self._questions)
        self._reads = {code: reads(question) for code, question in self._questions.items()}

    def order(self, codes: Iterable[str], questionnaire: str = "") -> tuple[Question, ...]:
        """What must be evaluated to know `codes`, and all of the list and the profile when one is named."""
        wanted = [code_before(self._edition.questions[code]) for code in codes]
        if questionnaire:
            home = (PROFILE, questionnaire)
            wanted += [code for code, q in self._questions.items() if q.questionnaire in home]
        needed = _closure((code for code in wanted if code in self._questions), self._reads)
        return tuple(question for question in self._order if question.code in needed)


def _closure(start: Iterable[str], edges: Mapping[str, Iterable[str]]) -> set[str]:
    found, ahead = set[str](), list(start)
    while ahead:
        code = ahead.pop()
        if code not in found:
            found.add(code)
            ahead += edges.get(code, ())
    return found


@cache
def dependencies(edition: Edition, questionnaire: str, before: Edition | None = None) -> Dependencies:
    return Dependencies(edition, questionnaire, before)
