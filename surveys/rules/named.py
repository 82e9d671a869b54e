"""The rare rules that fit no kind: one named function each, listed by its name in a definition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from surveys.questionnaires.loader import ROOT
from surveys.questionnaires.rule import Rule, RuleKind
from surveys.questionnaires.schema import Edition
from surveys.questionnaires.tables import DefinitionError
from surveys.rules.context import HOLDS, Context, Outcome, side
from surveys.rules.words import figure

_LEAST = Decimal(1_000)
"""Below this two locations may well have the same number by chance."""


def equal_locations(rule: Rule, context: Context, row: str) -> Outcome | None:
    """No two locations have exactly the same figure of a thousand or more: one was copied into the other's row.

    "‘Bezoeken’ is bij twee locaties precies gelijk: 12.345." It is told at the later one.
    """
    number = side(rule.left, context.now, row)
    if number is None:
        return None
    earlier = [one for one in context.rows if one < row]
    if number < _LEAST or all(side(rule.left, context.now, one) != number for one in earlier):
        return HOLDS
    question = context.questions[rule.left[0]]
    text = f"‘{question.label}’ is bij twee locaties precies gelijk: {figure(number, question)}."
    return Outcome(holds=False, message=text, deviation=0.2)


FUNCTIONS: Mapping[str, Callable[[Rule, Context, str], Outcome | None]] = {
    "equal_locations": equal_locations,
}
"""By the name that a definition uses."""


def unknown_functions(editions: Iterable[Edition], root: Path = ROOT) -> Iterator[DefinitionError]:
    """Rules that name a function which is not here."""
    for edition in editions:
        for rule in edition.rules:
            if rule.kind is RuleKind.FUNCTION and rule.function not in FUNCTIONS:
                path = root / str(edition.year) / f"{rule.questionnaire}.toml"
                text = f"‘{rule.function}’ bestaat niet; kies uit {', '.join(FUNCTIONS)}"
                yield DefinitionError(path, rule.code, "function", text)
