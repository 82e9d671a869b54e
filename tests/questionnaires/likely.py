"""Two years of answers to a real edition, from one seed: mostly consistent, here and there a leap or a gap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from surveys.questionnaires.before import code_before, under_new_codes
from surveys.questionnaires.closure import closure_of
from surveys.questionnaires.figures import Evaluation, evaluate
from surveys.questionnaires.rule import Level, Rule, RuleKind
from surveys.questionnaires.schema import Edition, Question
from surveys.rules.context import Bound, Context
from surveys.rules.peers import groups_of
from surveys.values import UNKNOWN, Key, Kind, Value

ROWS = ("NL-1", "NL-2")
_LEAPS = (1, 1, 1, 1, Decimal("1.1"), Decimal("0.9"), 2, 0, 100, 1000, Decimal("0.001"))


@dataclass(frozen=True)
class Year:
    """`now` and `last` hold more than any one list reads; `bounds` some of what peers could have."""

    edition: Edition
    now: Mapping[Key, Value]
    last: Mapping[Key, Value]
    bounds: Mapping[tuple[str, str], Bound]

    def context(self, questions: Iterable[Question], before: Iterable[Question]) -> Context:
        """What is known when only the answers to `questions`, and last year to `before`, are read."""
        now, last = _evaluated(questions, self.now), _evaluated(before, self.last)
        return Context(
            questions=self.edition.questions,
            closure=closure_of(self.edition),
            now=now,
            last=under_new_codes(last, self.edition.questions),
            rows=ROWS,
            bounds=self.bounds,
            groups=groups_of(now),
        )


def _evaluated(questions: Iterable[Question], values: Mapping[Key, Value]) -> Evaluation:
    read = tuple(questions)
    codes = {question.code for question in read}
    return evaluate(read, {key: value for key, value in values.items() if key[0] in codes}, ROWS)


def likely_year(
    edition: Edition, questions: Sequence[Question], before: Sequence[Question], random: Random
) -> Year:
    """Answers to `questions`, and to `before` of the year before, which may be none."""
    generosity = random.choice([0.8, 0.95, 1.0, 1.0])
    last = _answers(before, {}, random, generosity)
    now = _answers(questions, last, random, generosity)
    _mend(edition, now, random)
    bounds = {
        (rule.code, group): Bound(9, random.uniform(-3, 8), random.choice([0.0, 0.1]))
        for rule in edition.rules
        if rule.kind is RuleKind.PEERS
        for group in ("tot 30.000 inwoners, gecombineerd", "tot 30.000 inwoners", "alle")
        if random.random() < 0.7
    }
    return Year(edition, now, last, bounds)


def _answers(
    questions: Sequence[Question], last: Mapping[Key, Value], random: Random, generosity: float
) -> dict[Key, Value]:
    return {
        (question.code, row): _answer(question, last.get((code_before(question), row)), random)
        for question in questions
        if question.formula is None
        for row in (ROWS if question.repeats else ("",))
        if random.random() < generosity
    }


def _answer(question: Question, last: Value | None, random: Random) -> Value:
    if last is not None and random.random() < 0.8:
        if last.number is None:
            return last
        leap = last.number * random.choice(_LEAPS)
        return Value.of(leap.quantize(Decimal(1).scaleb(-question.decimals)))
    return something(question, random)


def something(question: Question, random: Random) -> Value:
    """Any answer that the question takes."""
    if question.may_be and random.random() < 0.05:
        return UNKNOWN
    if question.kind.is_number:
        most = min(question.maximum or 1000, 1000)
        return Value.of(0 if random.random() < 0.1 else int(random.random() ** 2 * float(most)))
    if question.labels:
        labels = list(question.labels)
        return Value.of("ja" if "ja" in labels and random.random() < 0.8 else random.choice(labels))
    return Value.of("1999-06-01" if question.kind is Kind.DATE else "tekst")


def _mend(edition: Edition, values: dict[Key, Value], random: Random) -> None:
    """So that most errors go, which would silence the rest."""
    for rule in edition.rules:
        typed = all(edition.questions[code].formula is None for code in rule.reads)
        if rule.kind is RuleKind.COMPARISON and rule.level is Level.ERROR and typed:
            for row in ROWS if edition.questions[rule.left[0]].repeats else ("",):
                if random.random() < 0.95:
                    _make_it_fit(rule, row, values)


def _make_it_fit(rule: Rule, row: str, values: dict[Key, Value]) -> None:
    left, right = (
        sum((values[code, row].number or 0 for code in codes if (code, row) in values), Decimal(0))
        for codes in (rule.left, rule.right)
    )
    if rule.operator == "=" and (rule.right[0], row) in values:
        values[rule.right[0], row] = Value.of(left)
    elif rule.operator == "<=" and left > right:
        values.update(
            {
                (code, row): Value.of(int(right / len(rule.left)))
                for code in rule.left
                if (code, row) in values
            }
        )
    elif rule.operator == ">=" and left < right and (rule.left[0], row) in values:
        values[rule.left[0], row] = Value.of(right)
