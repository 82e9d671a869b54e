"""A signal: what a rule found, with what the library has said about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from surveys.queries.explanations import Explained, Explanations
from surveys.questionnaires.rule import Level
from surveys.rules import Finding


@dataclass(frozen=True, slots=True)
class Signal:
    """`explanation`: the newest of this year. `earlier`: last year's for the same rule and row, to be confirmed."""

    finding: Finding
    explanation: Explained | None = None
    earlier: Explained | None = None

    @property
    def is_error(self) -> bool:
        return self.finding.level is Level.ERROR

    @property
    def is_explained(self) -> bool:
        """Given for exactly the figures that stand there now."""
        return self.explanation is not None and self.explanation.figures == self.finding.figures

    @property
    def is_stale(self) -> bool:
        """Given for other figures: still there to be confirmed."""
        return self.explanation is not None and not self.is_explained

    @property
    def is_open(self) -> bool:
        """Stands between the list and submitting it."""
        return self.is_error or not self.is_explained


def signals_of(findings: Iterable[Finding], explanations: Explanations, year: int) -> list[Signal]:
    """In the order of the findings."""
    return [
        Signal(
            finding=one,
            explanation=explanations.get((year, one.code, one.row)),
            earlier=explanations.get((year - 1, one.code, one.row)),
        )
        for one in findings
    ]
