"""The year of several organisations as if they had been one: what adds up is added, the rest only where all agree.

Of a figure that follows by adding and taking off, the outcomes are added, so that one who splits by amount and one who
splits by percentage still have a total together; shares and ratios are computed anew from what was added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from surveys.questionnaires.figures import Evaluation, compute, operand_keys
from surveys.questionnaires.schema import BlockRole, Operation, Question
from surveys.values import Key, Kind, State, Value, format_value

_COUNTED_OUT = frozenset({Operation.COUNT_ROWS_YES, Operation.NON_LIBRARY})
_ADDED = frozenset(
    {Operation.SUM, Operation.DIFFERENCE, Operation.REMAINDER, Operation.DIVIDE, Operation.SUM_ROWS}
)
_ANEW = frozenset({Operation.SHARE, Operation.RATIO})


@dataclass(frozen=True, slots=True)
class Merged:
    """`absent`: of what was asked and has no outcome, why not, in Dutch; no rule reckons with it."""

    evaluation: Evaluation
    absent: Mapping[Key, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Gap:
    why: str


def merge(questions: Sequence[Question], parts: Mapping[str, Evaluation]) -> Merged:
    """`questions` stand after all that they read; `parts`: per name how they were evaluated for that organisation."""
    by_code = {one.code: one for one in questions}
    rows = sorted({row for part in parts.values() for _, row in part.visible if row})
    visible: dict[Key, bool | None] = {}
    counted: dict[Key, Value] = {}
    partial: set[Key] = set()
    absent: dict[Key, str] = {}
    for question in questions:
        for key in ((question.code, row) for row in (rows if question.repeats else ("",))):
            of = {name: one for name, one in parts.items() if not question.repeats or key in one.visible}
            shown = [one.visible.get(key) for one in of.values()]
            visible[key] = True if True in shown else None if None in shown else False
            if any(key in one.partial for one in of.values()):
                partial.add(key)
            if visible[key] is not True:
                continue
            if question.formula and question.formula.operation in _ANEW and not question.repeats:
                keys = operand_keys(question.formula, visible, "", rows)
                outcome = compute(question, question.formula, keys, visible, counted)
                found: Value | _Gap | None = outcome
                if not partial.isdisjoint(keys) or any(one in absent for one in keys):
                    partial.add(key)
                    found = outcome or _Gap("rust op cijfers die ontbreken")
            elif adds_up(question, by_code) and not question.repeats:
                found = _added(question, key, of)
            else:
                found = _agreed(question, key, of)
            if isinstance(found, _Gap):
                absent[key] = found.why
                partial.add(key)
            elif found is not None:
                counted[key] = found
    return Merged(Evaluation(visible, counted, partial), absent)


def adds_up(question: Question, questions: Mapping[str, Question]) -> bool:
    """That of two organisations together it is what the one has and what the other has."""
    formula = question.formula
    if formula and formula.operation in _COUNTED_OUT:
        return True
    if formula and formula.operation not in _ADDED:
        return False
    if not question.kind.is_number or question.kind is Kind.PERCENT or not question.adds_up:
        return False
    operands = formula.operands if formula else ()
    return all(code not in questions or adds_up(questions[code], questions) for code in operands)


def _added(question: Question, key: Key, parts: Mapping[str, Evaluation]) -> Value | _Gap | None:
    asked = {name: one for name, one in parts.items() if one.visible.get(key) is not False}
    given = {name: one.counted[key] for name, one in asked.items() if key in one.counted}
    if not given and not any(key in one.partial or key not in one.visible for one in asked.values()):
        return None
    missing = [
        name
        for name, one in asked.items()
        if name not in given or given[name].state is State.UNKNOWN or key in one.partial
    ]
    if missing:
        whole = "niet volledig" if question.formula else "niet"
        return _Gap(f"{_gave(missing)} dit {whole} op")
    if question.role is BlockRole.AMOUNT and len(asked) < len(parts):
        return _Gap(f"alleen gevraagd aan {names_of(asked)}")
    numbers = [one.number for one in given.values() if one.number is not None]
    return Value.of(sum(numbers, Decimal(0))) if numbers else next(iter(given.values()))


def _agreed(question: Question, key: Key, parts: Mapping[str, Evaluation]) -> Value | _Gap | None:
    values = {name: one.counted.get(key) for name, one in parts.items()}
    given = {name: one for name, one in values.items() if one is not None}
    if not given:
        return None
    asked = [name for name, one in parts.items() if one.visible.get(key) is not False]
    if len(asked) < len(parts):
        return _Gap(f"alleen gevraagd aan {names_of(asked)}")
    if len(given) < len(parts):
        return _Gap(f"{_gave([name for name in parts if name not in given])} dit niet op")
    first, *others = given.values()
    return first if all(one == first for one in others) else _Gap(_differing(question, given))


def _differing(question: Question, given: Mapping[str, Value]) -> str:
    if question.kind is Kind.TEXT:
        return "elk gaf een eigen tekst"
    if question.kind.is_number:
        each = (f"{name} {format_value(one, question.kind)}" for name, one in given.items())
        return f"niet op te tellen ({'; '.join(each)})"
    each = (f"{name}: {format_value(one, question.kind, question.labels)}" for name, one in given.items())
    return f"verschilt ({'; '.join(each)})"


def _gave(names: Sequence[str]) -> str:
    return f"{names_of(names)} {'gaf' if len(names) == 1 else 'gaven'}"


def names_of(names: Iterable[str]) -> str:
    """A, B en C."""
    *first, last = names
    return f"{', '.join(first)} en {last}" if first else last
