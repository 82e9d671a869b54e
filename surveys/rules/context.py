"""What a rule may know: the answers that count now and counted last year, and how comparable libraries answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from surveys.questionnaires.closure import Closure
from surveys.questionnaires.figures import Evaluation, all_hold
from surveys.questionnaires.rule import Rule
from surveys.questionnaires.schema import Question
from surveys.values import Key, Value

NOTHING = Evaluation({}, {}, frozenset())


@dataclass(frozen=True, slots=True)
class Bound:
    """How a figure lies among comparable libraries: median and MAD of its natural logarithm, over `count` of them."""

    count: int
    median: float
    mad: float


@dataclass(frozen=True, slots=True)
class Context:
    """`last`: what counted last year, under this year's codes. `groups`: of comparable libraries, narrowest first."""

    questions: Mapping[str, Question]
    closure: Closure
    now: Evaluation
    last: Evaluation = NOTHING
    rows: Sequence[str] = ()
    bounds: Mapping[tuple[str, str], Bound] = field(default_factory=dict)
    groups: Sequence[str] = ()

    def rows_of(self, rule: Rule) -> Sequence[str]:
        return self.rows if self.questions[rule.left[0]].repeats else ("",)

    def conditions_of(self, rule: Rule, row: str) -> tuple[Key, ...]:
        """The answers that decide whether it speaks, each once: of the same row, or of the whole organisation."""
        codes = dict.fromkeys(one.question for one in rule.only_if)
        return tuple((code, row if self.questions[code].repeats else "") for code in codes)

    def speaks(self, rule: Rule, row: str) -> bool:
        """Its condition surely holds."""
        return not rule.only_if or all_hold(rule.only_if, self.now.visible, self.now.counted, row) is True


@dataclass(frozen=True, slots=True)
class Repair:
    """A slip that would explain a finding, and the answers that undo it. None empties the field."""

    kind: str
    changes: tuple[tuple[Key, Value | None], ...]
    about: tuple[str, ...] = ()
    """The questions that tell the figure that went in or was left out."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What judging came to. `deviation`: how far off, 0 and up, to put the worst first; no unit.

    `shift`: by how much the judged answer moved since last year, where the rule looks at that.
    """

    holds: bool
    message: str = ""
    deviation: float = 0.0
    shift: Decimal | None = None
    repairs: tuple[Repair, ...] = ()


HOLDS = Outcome(holds=True)


def side(codes: Iterable[str], evaluation: Evaluation, row: str) -> Decimal | None:
    """The sum of what is given and visible; None when nothing is, or when a figure is still open.

    Hidden operands, and optional ones left empty, count as nothing.
    """
    total: Decimal | None = None
    for code in codes:
        key = (code, row)
        value = evaluation.counted.get(key)
        if key in evaluation.partial or (value is None and evaluation.visible.get(key) is None):
            return None
        if value is not None and value.number is not None:
            total = value.number if total is None else total + value.number
    return total
