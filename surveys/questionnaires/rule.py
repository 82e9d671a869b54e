"""A rule as it is declared: a kind of a closed list, the questions it reads, its bounds. No expression language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Level(StrEnum):
    """error: must be repaired before the list can be submitted. warning: may stay with a written reason."""

    ERROR = "error"
    WARNING = "warning"


class RuleKind(StrEnum):
    PRESENCE = "presence"
    COMPARISON = "comparison"
    RANGE = "range"
    RATIO = "ratio"
    TOGETHER = "together"
    CHANGE = "change"
    VANISHED = "vanished"
    SAME = "same"
    INCLUDED = "included"
    ROUNDED = "rounded"
    PEERS = "peers"
    SCOPE = "scope"
    FUNCTION = "function"


GROUPED_BY = ("inwoners", "gecombineerd")
"""The profile's questions that say which libraries are comparable."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when the question's value, visible and given, is one of `values`."""

    question: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What must hold between answers. Which of the fields a kind uses is told by KEYS in rule_entries.py.

    `last`: questions whose value of last year is added to the right side. `minus`: subtracted from it.
    `margin` in percent; `tolerance` and `floor` in the unit of the left side.
    """

    code: str
    kind: RuleKind
    left: tuple[str, ...]
    operator: str = ""
    right: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    level: Level = Level.ERROR
    hint: str = ""
    only_if: tuple[Condition, ...] = ()
    tolerance: Decimal = Decimal(0)
    margin: Decimal | None = None
    times: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    factor: Decimal = Decimal(1)
    floor: Decimal = Decimal(0)
    step: Decimal = Decimal(0)
    width: Decimal = Decimal(0)
    unit: str = ""
    function: str = ""
    family: str = ""
    """Code of the entry with `each` that this rule came from, or empty."""
    questionnaire: str = ""
    """The list in whose file it stands."""

    def __hash__(self) -> int:
        return hash((self.code, self.questionnaire))

    @property
    def reads(self) -> tuple[str, ...]:
        """The questions whose answer of this year it judges."""
        return (*self.left, *self.right, *self.minus)

    @property
    def reads_last(self) -> tuple[str, ...]:
        """The questions, under this year's codes, whose value of last year it reads."""
        if self.kind in _OVER_TIME:
            return (*self.left, *self.right) if self.kind is RuleKind.SCOPE else self.left
        return self.last

    @property
    def needs(self) -> tuple[str, ...]:
        """All it must know of this year: what it judges, whether it speaks, and beside whom."""
        beside = GROUPED_BY if self.kind is RuleKind.PEERS else ()
        return (*self.reads, *(condition.question for condition in self.only_if), *beside)


_OVER_TIME = frozenset(
    {
        RuleKind.CHANGE,
        RuleKind.VANISHED,
        RuleKind.SAME,
        RuleKind.INCLUDED,
        RuleKind.ROUNDED,
        RuleKind.SCOPE,
    }
)
KIND_WORDS: Mapping[RuleKind, str] = {
    RuleKind.PRESENCE: "minstens één antwoord",
    RuleKind.COMPARISON: "vergelijking van sommen",
    RuleKind.RANGE: "gebruikelijke waarde",
    RuleKind.RATIO: "verhouding",
    RuleKind.TOGETHER: "hoort bij elkaar",
    RuleKind.CHANGE: "verschil met vorig jaar",
    RuleKind.VANISHED: "nul geworden",
    RuleKind.SAME: "gelijk aan vorig jaar",
    RuleKind.INCLUDED: "dubbel of niet meegeteld",
    RuleKind.ROUNDED: "afgerond",
    RuleKind.PEERS: "vergelijkbare bibliotheken",
    RuleKind.SCOPE: "hele instelling of bibliotheek",
    RuleKind.FUNCTION: "eigen controle",
}
"""What a kind is called on screen."""
