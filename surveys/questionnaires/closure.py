"""What a figure is made of: the answers it is computed from, and those that an identity says add up to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from surveys.questionnaires.rule import Level, Rule, RuleKind
from surveys.questionnaires.schema import Edition, Operation, Question
from surveys.values import Key


class Closure:
    """Knows of every question, by code, all that it is made of."""

    def __init__(self, questions: Mapping[str, Question], rules: Iterable[Rule]) -> None:
        self.questions = questions
        self._parts: dict[str, set[str]] = {
            code: set(one.formula.operands) for code, one in questions.items() if one.formula
        }
        sums = [
            frozenset(one.formula.operands)
            for one in questions.values()
            if one.formula and one.formula.operation is Operation.SUM
        ]
        rules = tuple(rules)
        self._errors = [
            one for one in rules if one.level is Level.ERROR and one.kind is not RuleKind.PRESENCE
        ]
        self._errors_about: dict[str, Sequence[Rule]] = {}
        self._typed_totals: dict[str, list[str]] = {}
        for rule in rules:
            if _is_identity(rule):
                self._parts.setdefault(rule.right[0], set()).update(rule.left)
                total = questions.get(rule.right[0])
                if total is not None and total.is_asked:
                    for part in rule.left:
                        self._typed_totals.setdefault(part, []).append(rule.right[0])
                sums.append(frozenset(rule.left))
        self._sums: dict[str, list[frozenset[str]]] = {}
        for parts in dict.fromkeys(sums):
            for code in parts:
                self._sums.setdefault(code, []).append(parts)
        self._made_of: dict[str, frozenset[str]] = {}
        self._beside: dict[str, Sequence[str]] = {}
        self._numbers = [q for q in questions.values() if q.is_asked and q.kind.is_number]
        self._typed_in: dict[str, Sequence[Question]] = {}
        self._places = {code: place for place, code in enumerate(questions)}
        mates: dict[tuple[str, str, str], set[str]] = {}
        for code, one in questions.items():
            if one.place:
                mates.setdefault(self._row_of(code), set()).add(code)
        self._row_mates = {row: frozenset(codes) for row, codes in mates.items()}

    def made_of(self, code: str) -> frozenset[str]:
        """The code itself and all below it."""
        if code not in self._made_of:
            found, ahead = {code}, [code]
            while ahead:
                for part in self._parts.get(ahead.pop(), ()):
                    if part not in found:
                        found.add(part)
                        ahead.append(part)
            self._made_of[code] = frozenset(found)
        return self._made_of[code]

    def sums_with(self, code: str) -> Sequence[frozenset[str]]:
        """Per sum that this question is a part of, all its parts; one figure may be divided in several ways."""
        return self._sums.get(code, ())

    def beside(self, code: str) -> Sequence[str]:
        """Those with which it is easily swapped: added up together, or in the same row of a table. In their order."""
        if code not in self._beside:
            mates = self._row_mates.get(self._row_of(code), frozenset()).union(*self.sums_with(code))
            self._beside[code] = sorted(mates - {code}, key=self._places.__getitem__)
        return self._beside[code]

    def errors_about(self, code: str) -> Sequence[Rule]:
        """The rules that must hold and judge this answer, or a figure that is made of it."""
        if code not in self._errors_about:
            self._errors_about[code] = [
                rule for rule in self._errors if any(code in self.made_of(one) for one in rule.reads)
            ]
        return self._errors_about[code]

    def typed_totals(self, code: str) -> Sequence[str]:
        """The typed totals to which it must add up with others."""
        return self._typed_totals.get(code, ())

    def _row_of(self, code: str) -> tuple[str, str, str]:
        question = self.questions[code]
        place = question.place
        return (question.section, place.table, place.row) if place else ("", "", code)

    def typed(self, keys: Iterable[Key], rows: Sequence[str]) -> Iterator[Key]:
        """The typed numbers in what the keys are made of, in the order of the definition."""
        for code, row in keys:
            for question in self._typed_below(code):
                yield from ((question.code, at) for at in self._rows(question, row, rows))

    def _typed_below(self, code: str) -> Sequence[Question]:
        if code not in self._typed_in:
            below = self.made_of(code)
            self._typed_in[code] = [question for question in self._numbers if question.code in below]
        return self._typed_in[code]

    def _rows(self, question: Question, row: str, rows: Sequence[str]) -> Sequence[str]:
        if not question.repeats:
            return ("",)
        return (row,) if row else rows


def _is_identity(rule: Rule) -> bool:
    """Parts that must add up to one total."""
    return (
        rule.kind is RuleKind.COMPARISON
        and rule.level is Level.ERROR
        and rule.operator == "="
        and len(rule.right) == 1
        and not rule.last
        and not rule.minus
    )


@cache
def closure_of(edition: Edition) -> Closure:
    return Closure(edition.questions, edition.rules)
