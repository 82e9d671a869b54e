"""What each rule came to over a year that is in: how often it spoke, and what came of that. Pure counting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, fields
from typing import TypeAlias

from surveys.questionnaires.rule import Level, Rule, RuleKind
from surveys.questionnaires.schema import Edition, Question
from surveys.rules import findings, judgements
from surveys.rules.context import Context

Place: TypeAlias = tuple[str, str]
"""(code of the rule, row)."""
ENOUGH = 100
"""So many evaluations say something about a rule."""


@dataclass(slots=True)
class Tally:
    """Of one rule, over all organisations and rows.

    `evaluated`, `silent`: on the answers as they stand. `fired`: it does not hold on these, or did not on the answers
    as they were first given. `shown`: of those, what was told once of every cause one signal was left. `changed`:
    fired on the first answers and no longer fires. `explained`: fired, and somebody said why it is right.
    """

    evaluated: int = 0
    silent: int = 0
    fired: int = 0
    shown: int = 0
    changed: int = 0
    explained: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def corrected(self) -> float | None:
        """The part of what fired that was changed afterwards; None when it never fired."""
        return self.changed / self.fired if self.fired else None


def verdict(rule: Rule, tally: Tally) -> str:
    """What the KB could do with the rule, in Dutch; empty for a rule that earns its place or cannot be judged yet.

    An error is never called superfluous: what it forbids cannot be right.
    """
    if tally.evaluated < ENOUGH or tally.changed or rule.level is Level.ERROR:
        return ""
    return "overweeg te schrappen" if tally.fired else "nooit afgegaan"


class Backtest:
    """Adds up one organisation at a time. Presence is left out: nothing is submitted while something is missing."""

    def __init__(self, edition: Edition, questions: Mapping[str, Question]) -> None:
        """The rules of `edition`, as far as they read nothing but `questions`: those of the year they are tried on."""
        self._edition = edition
        self._rules = [
            (rule, _lists_of(rule, questions))
            for rule in edition.rules
            if rule.kind is not RuleKind.PRESENCE and questions.keys() >= {*rule.needs, *rule.reads_last}
        ]
        self.tallies = {rule.code: Tally() for rule, _ in self._rules}
        self.delivered: Counter[str] = Counter()
        """How many organisations delivered each questionnaire."""

    def add(
        self, now: Context, first: Context, *, delivered: Set[str], explained: Set[Place] = frozenset()
    ) -> None:
        """`first`: the answers as they were first given; the very same as `now` where none was changed since.

        `delivered`: codes of the questionnaires that have been submitted; a rule that reads another one is not judged.
        """
        self.delivered.update(delivered)
        rules = [rule for rule, lists in self._rules if lists <= delivered]
        fires = self._count(rules, now)
        fired = fires if first is now else _fired(rules, first)
        shown = self._shown(rules, now, fires)
        if first is not now:
            shown |= self._shown(rules, first, fired)
        for place in fires | fired:
            tally = self.tallies[place[0]]
            tally.fired += 1
            tally.shown += place in shown
            tally.changed += place not in fires
            tally.explained += place in explained

    def _count(self, rules: Sequence[Rule], context: Context) -> set[Place]:
        """Counts what is judged; gives what does not hold."""
        fires = set()
        for rule, row, outcome in judgements(rules, context):
            tally = self.tallies[rule.code]
            tally.silent += outcome is None
            tally.evaluated += outcome is not None
            if outcome is not None and not outcome.holds:
                fires.add((rule.code, row))
        return fires

    def _shown(self, rules: Sequence[Rule], context: Context, fired: Set[Place]) -> set[Place]:
        """What somebody could read in one of the lists."""
        codes = {code for code, _ in fired}
        suspects = {rule for rule in rules if rule.code in codes}
        return {
            (one.code, one.row)
            for of_list in self._edition.questionnaires
            for one in findings(
                [rule for rule in self._edition.rules_about(of_list.code) if rule in suspects],
                context,
                of_list.questions,
            )
        }


def _lists_of(rule: Rule, questions: Mapping[str, Question]) -> frozenset[str]:
    """The questionnaires whose answers it reads; a fact of the registers is there from the start."""
    read = (questions[code] for code in rule.reads)
    return frozenset({rule.questionnaire, *(one.questionnaire for one in read if not one.register)})


def _fired(rules: Sequence[Rule], context: Context) -> set[Place]:
    judged = judgements(rules, context)
    return {(rule.code, row) for rule, row, outcome in judged if outcome is not None and not outcome.holds}
