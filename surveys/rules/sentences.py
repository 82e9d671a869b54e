"""What a rule compares and where its bounds are, in one sentence each: a small function per kind. Pure.

They speak before anything is filled in; the messages with figures are of the kinds themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from surveys.questionnaires.rule import Level, Rule, RuleKind
from surveys.questionnaires.schema import Question
from surveys.questionnaires.words import Name
from surveys.rules.limits import bounds_in_words
from surveys.rules.words import sentence
from surveys.values import Kind, format_number

_LONG = 4
"""More names than this are told by the first and the last."""


@dataclass(frozen=True, slots=True)
class Told:
    """A rule and how its questions are called. `unit`: in which its floor is counted, empty when that differs."""

    rule: Rule
    questions: Mapping[str, Question]
    name: Name
    unit: str = ""

    def names(self, codes: Sequence[str]) -> list[str]:
        """Each name once: of a family all questions are called the same."""
        return list(dict.fromkeys(self.name(self.questions[code]) for code in codes))

    def sum(self, codes: Sequence[str]) -> str:
        names = self.names(codes)
        return names[0] if len(codes) == 1 else f"de som van {listed(names)}"

    def either(self, codes: Sequence[str]) -> str:
        return listed(self.names(codes), "of")

    @property
    def left(self) -> str:
        return self.sum(self.rule.left)

    @property
    def right(self) -> str:
        return self.sum(self.rule.right)

    @property
    def figure(self) -> str:
        """What is judged: one figure, or one by another."""
        return f"{self.left} gedeeld door {self.right}" if self.rule.right else self.left

    def amount(self, number: Decimal) -> str:
        text = format_number(number)
        if self.unit == "euro":
            return f"€ {text}"
        return f"{text}%" if self.unit == "%" else f"{text} {self.unit}".rstrip()


def listed(names: Sequence[str], last: str = "en") -> str:
    """‘A’, ‘B’ en ‘C’; of many the first and the last."""
    if len(names) > _LONG:
        return f"de {len(names)} vragen van {names[0]} tot en met {names[-1]}"
    return f"{', '.join(names[:-1])} {last} {names[-1]}" if len(names) > 1 else names[0]


def what(told: Told) -> str:
    """‘Bemande uren’ mag niet meer zijn dan ‘Openingsuren’, per locatie."""
    repeats = told.questions[told.rule.left[0]].repeats
    is_told = told.rule.kind is RuleKind.FUNCTION  # which says so itself
    return sentence(_WHAT[told.rule.kind](told)) + (", per locatie" if repeats and not is_told else "")


def bounds(told: Told) -> str:
    """Tussen 0,08 en 0,35 leden per inwoner; empty for what needs none."""
    write = _BOUNDS.get(told.rule.kind)
    return write(told) if write else ""


_MUST = {"=": "moet gelijk zijn aan", "<=": "mag niet meer zijn dan", ">=": "mag niet minder zijn dan"}
_MOSTLY = {"=": "past bij", "<=": "is meestal niet meer dan", ">=": "is meestal niet minder dan"}


def _comparison(told: Told) -> str:
    rule = told.rule
    terms = [f"{told.sum(rule.last)} van vorig jaar"] if rule.last else []
    if rule.right:
        terms.append(told.right)
    right = " plus ".join(terms)
    if rule.minus:
        right += f" min {listed(told.names(rule.minus))}"
    verbs = _MUST if rule.level is Level.ERROR else _MOSTLY
    return f"{told.left} {verbs[rule.operator]} {right}"


def _presence(told: Told) -> str:
    return f"minstens één van {listed(told.names(told.rule.left))} is ingevuld"


def _together(told: Told) -> str:
    if told.rule.right:
        sides = [told.either(told.rule.left), told.either(told.rule.right)]
    else:
        sides = told.names(told.rule.left)
    kinds = {told.questions[code].kind is Kind.YES_NO for code in told.rule.reads}
    there = "meer dan 0 of ja" if len(kinds) == 2 else "ja" if True in kinds else "meer dan 0"
    return f"{listed(sides)} horen bij elkaar: is één ervan {there}, dan de andere ook"


_WHAT: Mapping[RuleKind, Callable[[Told], str]] = {
    RuleKind.COMPARISON: _comparison,
    RuleKind.PRESENCE: _presence,
    RuleKind.RANGE: lambda told: (
        f"{told.left} {'moet' if told.rule.level is Level.ERROR else 'ligt meestal'} binnen de grenzen"
        + (" liggen" if told.rule.level is Level.ERROR else "")
    ),
    RuleKind.RATIO: lambda told: f"{told.figure} ligt meestal binnen de grenzen",
    RuleKind.TOGETHER: _together,
    RuleKind.CHANGE: lambda told: f"{told.left} verschilt meestal niet veel van vorig jaar",
    RuleKind.VANISHED: lambda told: f"{told.left} is niet ineens 0",
    RuleKind.SAME: lambda told: f"{told.left} is meestal niet precies gelijk aan vorig jaar",
    RuleKind.INCLUDED: lambda told: f"in {told.left} telt {told.right} net zo mee als vorig jaar",
    RuleKind.ROUNDED: lambda told: f"{told.left} is niet ineens een rond getal",
    RuleKind.PEERS: lambda told: (
        f"{told.figure} ligt meestal niet ver van wat vergelijkbare bibliotheken opgeven"
    ),
    RuleKind.SCOPE: lambda told: (
        f"{told.sum(told.rule.left[:1])} gaat over hetzelfde als vorig jaar: de hele instelling of alleen de bibliotheek"
    ),
    RuleKind.FUNCTION: lambda told: _FUNCTIONS[told.rule.function](told),
}
_FUNCTIONS: Mapping[str, Callable[[Told], str]] = {
    "equal_locations": lambda told: f"bij {told.left} geven geen twee locaties precies hetzelfde getal",
}
"""The named functions of surveys/rules/named.py."""


def _allowance(told: Told) -> str:
    rule = told.rule
    tolerance = told.amount(rule.tolerance) if rule.tolerance else ""
    margin = f"{format_number(rule.margin)}%" if rule.margin else ""
    if margin and tolerance:
        return f"een verschil tot {margin} mag, of tot {tolerance} als dat meer is"
    return f"een verschil tot {margin or tolerance} mag" if margin or tolerance else ""


def _range(told: Told) -> str:
    ends = (told.rule.low, told.rule.high)
    is_one = None in ends and Decimal(1) in ends  # and a unit is a plural
    return f"{bounds_in_words(told.rule)} {'' if is_one else told.unit}".rstrip()


def _ratio(told: Told) -> str:
    text = f"{bounds_in_words(told.rule)} {told.rule.unit}".rstrip()
    if told.rule.floor:
        text += f"; alleen als {told.right} minstens {format_number(told.rule.floor)} is"
    return text


def _change(told: Told) -> str:
    rule = told.rule
    if rule.times is not None:
        times = format_number(rule.times)
        text = f"signaal vanaf {times} keer zo veel of {times} keer zo weinig als vorig jaar"
    else:
        text = f"signaal bij meer dan {format_number(rule.margin or Decimal(0))}% verschil met vorig jaar"
    return f"{text}, en minstens {told.amount(rule.floor)}" if rule.floor else text


def _peers(told: Told) -> str:
    rule = told.rule
    width = format_number(rule.width)
    text = f"signaal bij meer dan {width} keer de gewone spreiding boven of onder het midden van de groep"
    if rule.unit:
        text += f", in {rule.unit}"
    if rule.floor:
        below = told.right if rule.right else told.left
        text += f"; alleen als {below} minstens {format_number(rule.floor)} is"
    return text


_BOUNDS: Mapping[RuleKind, Callable[[Told], str]] = {
    RuleKind.COMPARISON: _allowance,
    RuleKind.RANGE: _range,
    RuleKind.RATIO: _ratio,
    RuleKind.CHANGE: _change,
    RuleKind.VANISHED: lambda told: f"signaal als het vorig jaar minstens {told.amount(told.rule.floor)} was",
    RuleKind.SAME: lambda told: f"signaal vanaf {told.amount(told.rule.floor)}",
    RuleKind.INCLUDED: lambda told: (
        f"signaal bij meer dan {format_number(told.rule.margin or Decimal(0))}% verschil met vorig jaar, als dat "
        f"verschil verdwijnt door {told.right} wel of juist niet mee te tellen"
    ),
    RuleKind.ROUNDED: lambda told: (
        f"signaal bij een veelvoud van {format_number(told.rule.step)} vanaf {told.amount(told.rule.floor)}, als het "
        "vorig jaar geen veelvoud was"
    ),
    RuleKind.PEERS: _peers,
    RuleKind.SCOPE: lambda told: (
        f"signaal vanaf {format_number(told.rule.margin or Decimal(0))}% van het totaal"
    ),
}
