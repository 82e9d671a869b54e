"""What counts: which questions are visible to this respondent, and what is computed from the answers.

Three-valued throughout: while something is missing the outcome is a gap (None), never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from surveys.questionnaires.non_library import AMOUNT, PERCENTAGE
from surveys.questionnaires.rule import Condition
from surveys.questionnaires.schema import Formula, Operation, Question
from surveys.values import NO, YES, Key, State, Value, Values

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`visible`: is a question put to this respondent (None: not known yet). `counted`: the values that count.

    A hidden answer is kept but is not in `counted`; computed figures are. `partial`: where a required answer is
    missing or not a number, where it is not known yet whether one is asked, or where that holds for what the figure
    is computed from, so that no rule can judge it yet.
    """

    visible: Mapping[Key, bool | None]
    counted: Values
    partial: Set[Key]

    def is_visible(self, key: Key) -> bool:
        return self.visible.get(key) is True

    def number(self, key: Key) -> Decimal | None:
        value = self.counted.get(key)
        return value.number if value else None


def evaluate(questions: Iterable[Question], values: Values, rows: Sequence[str]) -> Evaluation:
    """Evaluate `questions`, which stand after all that they read (see dependencies.in_order).

    `values` holds the answers and the facts of the register; `rows` the codes of the locations.
    """
    visible: dict[Key, bool | None] = {}
    counted: dict[Key, Value] = {}
    partial: set[Key] = set()
    for question in questions:
        code, conditions, formula = question.code, question.only_if, question.formula
        for row in rows if question.repeats else ("",):
            key = (code, row)
            shown = visible[key] = all_hold(conditions, visible, counted, row) if conditions else True
            if shown is not True:
                if shown is None:
                    partial.add(key)
                continue
            if formula:
                keys = operand_keys(formula, visible, row, rows)
                value = compute(question, formula, keys, visible, counted)
                if value is None or not partial.isdisjoint(_decisive(formula, keys, counted)):
                    partial.add(key)
            else:
                value = values.get(key)
                if question.required and (value is None or value.state is State.UNKNOWN):
                    partial.add(key)
            if value is not None:
                counted[key] = value
    return Evaluation(visible, counted, partial)


def all_hold(
    conditions: Iterable[Condition],
    visible: Mapping[Key, bool | None],
    counted: Values,
    row: str,
) -> bool | None:
    """True when all hold, False when one surely does not, None while that is open."""
    outcome: bool | None = True
    for condition in conditions:
        key = _nearest(condition.question, row, visible)
        value = counted.get(key)
        if value is None:
            if visible.get(key) is False:
                return False
            outcome = None
        elif value.text not in condition.values:
            return False
    return outcome


def _nearest(code: str, row: str, visible: Mapping[Key, bool | None]) -> Key:
    """The question in the same row where it repeats, otherwise the one without a row."""
    key = (code, row)
    return key if not row or key in visible else (code, "")


def operand_keys(
    formula: Formula, visible: Mapping[Key, bool | None], row: str, rows: Sequence[str]
) -> list[Key]:
    if formula.operation in _OVER_ROWS:
        return [(formula.operands[0], one) for one in rows]
    return [_nearest(code, row, visible) for code in formula.operands]


def compute(
    question: Question,
    formula: Formula,
    keys: Sequence[Key],
    visible: Mapping[Key, bool | None],
    counted: Values,
) -> Value | None:
    if formula.operation is Operation.NON_LIBRARY:
        number = _non_library(keys, visible, counted)
    elif formula.operation in _OVER_ANSWERS:
        return _OVER_ANSWERS[formula.operation]([counted.get(key) for key in keys])
    else:
        operands = [_number(counted.get(key)) for key in keys]
        number = _OVER_NUMBERS[formula.operation](operands, formula)
    if number is None:
        return None
    return Value.of(number.quantize(Decimal(1).scaleb(-question.decimals), ROUND_HALF_UP))


def _number(value: Value | None) -> Decimal | None:
    return value.number if value else None


_OVER_ROWS = frozenset({Operation.SUM_ROWS, Operation.COUNT_ROWS_YES})


def _decisive(formula: Formula, keys: Sequence[Key], counted: Values) -> Sequence[Key]:
    """The operands without which a figure that has an outcome is still not the whole figure."""
    if formula.operation is Operation.ANY_YES:
        return ()
    if formula.operation is Operation.NON_LIBRARY:
        total, *_, percentage = keys
        return (total,) if percentage in counted else ()
    return keys


def _non_library(keys: Sequence[Key], visible: Mapping[Key, bool | None], counted: Values) -> Decimal | None:
    total, gate, way, amount, percentage = keys
    if visible.get(gate) is False:
        return Decimal(0)
    answer = counted.get(gate)
    if answer is None or answer.text not in (YES, NO):
        return None
    if answer.text == NO:
        return Decimal(0)
    chosen = counted.get(way)
    if chosen is not None and chosen.text == AMOUNT:
        return _number(counted.get(amount))
    if chosen is not None and chosen.text == PERCENTAGE:
        whole, part = _number(counted.get(total)), _number(counted.get(percentage))
        return None if whole is None or part is None else whole * part / HUNDRED
    return None


def _sum(operands: Sequence[Decimal | None], formula: Formula) -> Decimal | None:
    given = [one for one in operands if one is not None]
    return sum(given, Decimal(0)) if given else None


def _difference(operands: Sequence[Decimal | None], formula: Formula) -> Decimal | None:
    return None if None in operands else _remainder(operands, formula)


def _remainder(operands: Sequence[Decimal | None], formula: Formula) -> Decimal | None:
    first, *others = operands
    return None if first is None else first - sum((one for one in others if one is not None), Decimal(0))


def _ratio(operands: Sequence[Decimal | None], formula: Formula) -> Decimal | None:
    first, second = operands
    return None if first is None or not second else first / second


def _share(operands: Sequence[Decimal | None], formula: Formula) -> Decimal | None:
    ratio = _ratio(operands, formula)
    return None if ratio is None else ratio * HUNDRED


def _divide(operands: Sequence[Decimal | None], formula: Formula) -> Decimal | None:
    return None if operands[0] is None or not formula.divisor else operands[0] / formula.divisor


_OVER_NUMBERS: Mapping[Operation, Callable[[Sequence[Decimal | None], Formula], Decimal | None]] = {
    Operation.SUM: _sum,
    Operation.SUM_ROWS: _sum,
    Operation.DIFFERENCE: _difference,
    Operation.REMAINDER: _remainder,
    Operation.SHARE: _share,
    Operation.RATIO: _ratio,
    Operation.DIVIDE: _divide,
}


def _count_yes(answers: Sequence[Value | None]) -> Value | None:
    given = [one.text for one in answers if one is not None and one.is_given]
    return Value.of(given.count(YES)) if given else None


def _any_yes(answers: Sequence[Value | None]) -> Value | None:
    """Yes as soon as one is; no only when all are known to be no."""
    texts = [one.text if one is not None else "" for one in answers]
    if YES in texts:
        return Value.of(YES)
    return Value.of(NO) if all(text == NO for text in texts) else None


_OVER_ANSWERS: Mapping[Operation, Callable[[Sequence[Value | None]], Value | None]] = {
    Operation.COUNT_YES: _count_yes,
    Operation.COUNT_ROWS_YES: _count_yes,
    Operation.ANY_YES: _any_yes,
}
