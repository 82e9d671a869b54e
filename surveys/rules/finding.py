"""What is told: a rule that does not hold, with the figures, the answers that could be wrong, and likely slips."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from surveys.questionnaires.rule import Level, Rule
from surveys.values import Key, Value


class SlipKind(StrEnum):
    THOUSANDFOLD = "thousandfold"
    HUNDREDFOLD = "hundredfold"
    SWAPPED = "swapped"
    TOTAL_IN_PART = "total_in_part"
    COPIED = "copied"
    SIGN = "sign"
    INCLUDED = "included"
    OMITTED = "omitted"
    SCOPE = "scope"

    @property
    def word(self) -> str:
        return _WORDS[self]


_WORDS = {
    SlipKind.THOUSANDFOLD: "duizend keer te veel of te weinig",
    SlipKind.HUNDREDFOLD: "honderd keer te veel of te weinig",
    SlipKind.SWAPPED: "verwisseld met de buurman",
    SlipKind.TOTAL_IN_PART: "het totaal in een deel",
    SlipKind.COPIED: "overgenomen van vorig jaar",
    SlipKind.SIGN: "min in plaats van plus",
    SlipKind.INCLUDED: "te veel meegeteld",
    SlipKind.OMITTED: "niet meegeteld",
    SlipKind.SCOPE: "hele instelling in plaats van bibliotheek",
}


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake of the hand that would explain it, and what would undo it. Offered, never done by itself."""

    kind: SlipKind
    sentence: str
    changes: tuple[tuple[Key, Value | None], ...]
    """The answers after the repair; None empties the field."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's outcome: what is wrong, with the figures, and which answers could be.

    `anchor`: the answer at which it is said, so that it is said once. `about`: the answers that made the rule speak.
    `figures`: the values it was judged by, to which an explanation is tied. `deviation`: how far off, 0 and up, no
    unit. `shift`: the move since last year.
    """

    rule: Rule
    row: str
    anchor: Key
    keys: tuple[Key, ...]
    message: str
    figures: str
    deviation: float = 0.0
    shift: Decimal | None = None
    slips: tuple[Slip, ...] = ()
    about: tuple[Key, ...] = ()

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def level(self) -> Level:
        return self.rule.level

    @property
    def hint(self) -> str:
        return self.rule.hint

    @property
    def id(self) -> str:
        """Names it within one list of one organisation."""
        return f"{self.rule.code}__{self.row}" if self.row else self.rule.code
