"""A definition in words, as codebook and screen show it: kinds, formulas, conditions, where an answer comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from surveys.questionnaires.rule import Condition, Rule
from surveys.questionnaires.schema import Formula, Operation, Question, Scope
from surveys.values import Kind, format_number

KIND_WORDS = {
    Kind.INTEGER: "geheel getal",
    Kind.DECIMAL: "getal",
    Kind.EURO: "bedrag in hele euro’s",
    Kind.PERCENT: "percentage",
    Kind.YES_NO: "ja of nee",
    Kind.CHOICE: "keuze uit een lijst",
    Kind.TEXT: "tekst",
    Kind.DATE: "datum",
}
SCOPE_WORDS = {
    Scope.INSTITUTION: "de hele instelling",
    Scope.LIBRARY: "de bibliotheek",
    Scope.NON_LIBRARY: "wat niet bij de bibliotheek hoort",
}

Name = Callable[[Question], str]
"""How a question is called in running text; on a page this may be its number."""


def by_label(question: Question) -> str:
    return f"‘{question.label}’"


def kind_in_words(question: Question) -> str:
    """'getal, hoogstens 2 cijfers achter de komma'."""
    words = KIND_WORDS[question.kind]
    if question.kind in (Kind.DECIMAL, Kind.PERCENT) and question.decimals:
        digits = "1 cijfer" if question.decimals == 1 else f"{question.decimals} cijfers"
        return f"{words}, hoogstens {digits} achter de komma"
    return words


def origin_in_words(question: Question) -> str:
    """Who gives the answer: the library, a register, another survey, or a formula."""
    if question.formula:
        return "berekend"
    if question.register:
        return "uit een register"
    if question.given_by:
        return f"aangeleverd door {question.given_by}"
    return "ingevuld door de bibliotheek"


def formula_in_words(question: Question, questions: Mapping[str, Question], name: Name = by_label) -> str:
    """How the figure is computed; empty for a question that is asked. `questions` must hold what it reads."""
    if question.formula is None:
        return ""
    operands = [name(questions[code]) for code in question.formula.operands]
    return _FORMULAS[question.formula.operation](operands, question.formula)


def condition_in_words(
    asked: Question | Rule, questions: Mapping[str, Question], name: Name = by_label
) -> str:
    """When the question is asked, or the rule judges; empty when always."""
    return " en ".join(_condition(one, questions, name) for one in asked.only_if)


def _condition(condition: Condition, questions: Mapping[str, Question], name: Name) -> str:
    gate = questions[condition.question]
    return f"{name(gate)} is {_listed([f'‘{gate.labels[value]}’' for value in condition.values], 'of')}"


def _listed(words: Sequence[str], last: str = "en") -> str:
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def _less(operands: Sequence[str], formula: Formula) -> str:
    return f"{operands[0]} min {_listed(operands[1:])}"


def _non_library(operands: Sequence[str], formula: Formula) -> str:
    total, gate, _, amount, percentage = operands
    return f"{amount}, of {percentage} van {total}; 0 als het antwoord op {gate} nee is of die vraag niet is gesteld"


_FORMULAS: Mapping[Operation, Callable[[Sequence[str], Formula], str]] = {
    Operation.SUM: lambda names, _: f"de som van {_listed(names)}",
    Operation.DIFFERENCE: _less,
    Operation.REMAINDER: lambda names, f: f"{_less(names, f)} (voor zover ingevuld)",
    Operation.SHARE: lambda names, _: f"{names[0]} als percentage van {names[1]}",
    Operation.RATIO: lambda names, _: f"{names[0]} gedeeld door {names[1]}",
    Operation.DIVIDE: lambda names, f: f"{names[0]} gedeeld door {format_number(f.divisor or 1)}",
    Operation.COUNT_YES: lambda names, _: f"hoe vaak ja bij {_listed(names)}",
    Operation.ANY_YES: lambda names, _: f"ja als minstens één ja is van {_listed(names)}",
    Operation.SUM_ROWS: lambda names, _: f"de som van {names[0]} over alle locaties",
    Operation.COUNT_ROWS_YES: lambda names, _: f"het aantal locaties met ja bij {names[0]}",
    Operation.NON_LIBRARY: _non_library,
}
