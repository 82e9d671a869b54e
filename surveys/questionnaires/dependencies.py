"""Which question reads which: the order to evaluate in, and what one answer touches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter

from surveys.questionnaires.before import code_before
from surveys.questionnaires.closure import closure_of
from surveys.questionnaires.rule import Rule, RuleKind
from surveys.questionnaires.schema import PROFILE, Edition, Question


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
    order of evaluation; `needed_before`: those of the edition before.
    """

    questions: tuple[Question, ...]
    judged: frozenset[str]
    rules: tuple[Rule, ...]
    needed: tuple[Question, ...]
    needed_before: tuple[Question, ...] = ()


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
        self._touched: dict[str, Touched] = {}

    def touched_by(self, code: str) -> Touched:
        if code not in self._touched:
            self._touched[code] = self._touch(code)
        return self._touched[code]

    def _rules_about(self, codes: Set[str]) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if not codes.isdisjoint(rule.needs))

    def _touch(self, code: str) -> Touched:
        own = self.questionnaire.questions
        section = own[code].section
        dependants = _closure([code], self._read_by)
        affected = {one for rule in self._rules_about(dependants) for one in rule.reads}
        judged = {one for one in affected if one in own and own[one].section == section} | {code}
        rules = self._with_causes(self._rules_about(judged))
        spoken_of = {one for rule in rules for one in rule.needs}
        mistakable = self._mistakable(rules)
        needed = _closure(dependants | spoken_of | mistakable, self._reads)
        read_last = {one for rule in rules for one in rule.reads_last}
        before = self._before.order(_closure(read_last | mistakable, self._reads))
        known_before = {question.code for question in self.before}
        return Touched(
            questions=tuple(q for c, q in own.items() if c in dependants and c != code),
            judged=frozenset(judged),
            rules=rules,
            needed=tuple(question for question in self.order if question.code in needed),
            needed_before=tuple(question for question in before if question.code in known_before),
        )

    def _with_causes(self, told: Iterable[Rule]) -> tuple[Rule, ...]:
        """And the rules of which a finding may silence theirs: see surveys/rules/one_cause.py."""
        reads = {one for rule in told for one in rule.reads}
        below = self._made_of(reads)
        return tuple(
            rule
            for rule in self.rules
            if not below.isdisjoint(rule.needs)
            or (rule.kind is RuleKind.SCOPE and not reads.isdisjoint(self._parts.made_of(rule.left[0])))
        )

    def _mistakable(self, rules: Iterable[Rule]) -> set[str]:
        """Where a slip of the hand is looked for: see surveys/rules/slips.py."""
        parts = self._made_of({one for rule in rules for one in rule.reads})
        return parts.union(*map(self._parts.beside, parts))

    def _made_of(self, codes: Iterable[str]) -> set[str]:
        return set().union(*(self._parts.made_of(code) for code in codes))


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
