"""Which question reads which: the order to evaluate in, and what one answer touches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter

from surveys.questionnaires.schema import PROFILE, Edition, Question, Rule


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

    `rules`: all that speak of the `judged` answers. `needed`: every question whose answer is read to know all
    that, in order of evaluation.
    """

    questions: tuple[Question, ...]
    judged: frozenset[str]
    rules: tuple[Rule, ...]
    needed: tuple[Question, ...]


class Dependencies:
    """The relations between the questions of one questionnaire, the profile's included."""

    def __init__(self, edition: Edition, questionnaire: str) -> None:
        own = edition.by_code[questionnaire]
        profile = {} if questionnaire == PROFILE else edition.profile.questions
        self.questionnaire = own
        self.order = in_order({**profile, **own.questions})
        self._reads = {question.code: reads(question) for question in self.order}
        self._read_by: dict[str, list[str]] = {}
        for code, operands in self._reads.items():
            for operand in operands:
                self._read_by.setdefault(operand, []).append(code)
        self._touched: dict[str, Touched] = {}

    def touched_by(self, code: str) -> Touched:
        if code not in self._touched:
            self._touched[code] = self._touch(code)
        return self._touched[code]

    def _rules_about(self, codes: Set[str]) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.questionnaire.rules if not codes.isdisjoint(_speaks_of(rule)))

    def _touch(self, code: str) -> Touched:
        dependants = _closure([code], self._read_by)
        judged = {code}.union(*map(_speaks_of, self._rules_about(dependants)))
        rules = self._rules_about(judged)
        needed = _closure(dependants.union(*map(_speaks_of, rules)), self._reads)
        own = self.questionnaire.questions
        return Touched(
            questions=tuple(q for c, q in own.items() if c in dependants and c != code),
            judged=frozenset(judged),
            rules=rules,
            needed=tuple(question for question in self.order if question.code in needed),
        )


def _speaks_of(rule: Rule) -> set[str]:
    return {*rule.left, *rule.right}


def _closure(start: Iterable[str], edges: Mapping[str, Iterable[str]]) -> set[str]:
    found, ahead = set[str](), list(start)
    while ahead:
        code = ahead.pop()
        if code not in found:
            found.add(code)
            ahead += edges.get(code, ())
    return found


@cache
def dependencies(edition: Edition, questionnaire: str) -> Dependencies:
    return Dependencies(edition, questionnaire)
