"""Rules as they stand in a file: which keys each kind takes, and one rule per question where `each` names several."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from surveys.questionnaires.rule import Condition, Level, Rule, RuleKind
from surveys.questionnaires.tables import Entry

_SIDES = frozenset({"right"})
KEYS: dict[RuleKind, tuple[frozenset[str], frozenset[str]]] = {
    RuleKind.PRESENCE: (frozenset(), frozenset()),
    RuleKind.COMPARISON: (
        frozenset({"is"}),
        frozenset({"right", "minus", "last", "tolerance", "margin"}),
    ),
    RuleKind.RANGE: (frozenset(), frozenset({"low", "high"})),
    RuleKind.RATIO: (_SIDES, frozenset({"factor", "low", "high", "floor", "unit"})),
    RuleKind.TOGETHER: (frozenset(), _SIDES),
    RuleKind.CHANGE: (frozenset(), frozenset({"margin", "times", "floor"})),
    RuleKind.VANISHED: (frozenset(), frozenset({"floor"})),
    RuleKind.SAME: (frozenset(), frozenset({"floor"})),
    RuleKind.INCLUDED: (_SIDES, frozenset({"margin"})),
    RuleKind.ROUNDED: (frozenset(), frozenset({"floor", "step"})),
    RuleKind.PEERS: (frozenset(), frozenset({"right", "factor", "width", "floor", "unit"})),
    RuleKind.SCOPE: (_SIDES, frozenset({"margin"})),
    RuleKind.FUNCTION: (frozenset({"function"}), frozenset()),
}
"""Per kind the keys it must have and those it may have, beside code, kind, level, hint, only_if and left or each."""

_ONE_QUESTION = frozenset(
    {RuleKind.RANGE, RuleKind.CHANGE, RuleKind.VANISHED, RuleKind.SAME, RuleKind.ROUNDED}
)
_ERRORS = frozenset({RuleKind.PRESENCE, RuleKind.COMPARISON, RuleKind.RANGE})
"""The kinds that may stop a delivery; what is only unusual never does."""
_AT_LEAST_ONE = {
    RuleKind.COMPARISON: ("right", "last"),
    RuleKind.RANGE: ("low", "high"),
    RuleKind.RATIO: ("low", "high"),
}
_FLOORS = {
    RuleKind.VANISHED: Decimal(1),
    RuleKind.SAME: Decimal(100),
    RuleKind.ROUNDED: Decimal(10_000),
}
_STEP, _WIDTH, _MARGIN = Decimal(1_000), Decimal("3.5"), Decimal(10)
_LISTS = ("left", "each", "right", "minus", "last")
_OWN = frozenset({"code", "kind", "level", "hint", "only_if", "left", "each"})
_KNOWN = sorted(_OWN.union(*(required | optional for required, optional in KEYS.values())))


def read_rules(entries: list[Entry], questionnaire: str) -> Iterator[Rule]:
    """The rules of one file. Raises DefinitionError for a key, a level or a number that its kind does not take."""
    for entry in entries:
        yield from _rules(entry, questionnaire)


def _rules(entry: Entry, questionnaire: str) -> Iterator[Rule]:
    code = entry.code()
    kind = entry.member("kind", RuleKind, RuleKind.COMPARISON)
    if kind is RuleKind.SCOPE:
        raise entry.error("kind", "‘scope’ komt vanzelf bij een totaal met non_library")
    each = entry.texts("each")
    _check_keys(entry, kind)
    _check_shape(entry, kind, bool(each))
    sides: list[tuple[str, ...]] = [(one,) for one in each] or [entry.texts("left")]
    for left in sides:
        rule = _rule(entry, kind, left)
        own = f"{code}_{left[0]}" if each else code
        yield replace(rule, code=own, family=code if each else "", questionnaire=questionnaire)


def _check_keys(entry: Entry, kind: RuleKind) -> None:
    required, optional = KEYS[kind]
    for key in entry.data:
        if key not in _KNOWN:
            near = difflib.get_close_matches(key, _KNOWN, 1)
            raise entry.error(key, "onbekende sleutel" + (f"; bedoelt u ‘{near[0]}’?" if near else ""))
        if key not in _OWN | required | optional:
            raise entry.error(key, f'hoort niet bij kind = "{kind}"; {_allowed(required | optional)}')
    for key in sorted(required):
        if not entry.has(key):
            raise entry.error(key, f'ontbreekt; kind = "{kind}" kan niet zonder')


def _check_shape(entry: Entry, kind: RuleKind, has_each: bool) -> None:
    """Which of its keys go together."""
    for key in _LISTS:
        if entry.has(key) and not entry.texts(key):
            raise entry.error(key, "noem minstens één vraag")
    if has_each == entry.has("left"):
        raise entry.error("left", "noem óf left, óf each")
    _check_twice(entry)
    if has_each and kind not in _ONE_QUESTION:
        raise entry.error("each", f'kan niet bij kind = "{kind}"')
    if kind in _ONE_QUESTION and not has_each and len(entry.texts("left")) != 1:
        raise entry.error("left", f'kind = "{kind}" gaat over één vraag')
    choice = _AT_LEAST_ONE.get(kind, ())
    if choice and not any(entry.has(key) for key in choice):
        raise entry.error(choice[0], f"noem {' of '.join(choice)}")
    if kind is RuleKind.CHANGE and entry.has("margin") == entry.has("times"):
        raise entry.error("margin", "noem óf margin, óf times")
    if kind is RuleKind.TOGETHER and not entry.has("right") and len(entry.texts("left")) == 1:
        raise entry.error("left", "noem er nog een, of right: één vraag hoort bij niets")


def _check_twice(entry: Entry) -> None:
    """A question counts once, and of last year once more."""
    for keys in (("each",), ("left", "right", "minus"), ("last",)):
        seen: set[str] = set()
        for key in keys:
            for code in entry.texts(key):
                if code in seen:
                    raise entry.error(key, f"‘{code}’ staat er twee keer")
                seen.add(code)


def _allowed(keys: frozenset[str]) -> str:
    return f"kies uit {', '.join(sorted(keys))}" if keys else "het heeft er geen"


def _rule(entry: Entry, kind: RuleKind, left: tuple[str, ...]) -> Rule:
    level = entry.member("level", Level, Level.ERROR if kind in _ERRORS - {RuleKind.RANGE} else Level.WARNING)
    if level is Level.ERROR and kind not in _ERRORS:
        raise entry.error("level", f'kind = "{kind}" kan alleen een signaal zijn, geen fout')
    margin = _positive(entry, "margin", _MARGIN if kind is RuleKind.INCLUDED else None)
    times = _positive(entry, "times", None)
    if times is not None and times <= 1:
        raise entry.error("times", "moet meer dan 1 zijn")
    low, high = entry.number("low", None), entry.number("high", None)
    if low is not None and high is not None and low >= high:
        raise entry.error("low", f"moet lager zijn dan high ({high})")
    return Rule(
        code="",
        kind=kind,
        left=left,
        operator=entry.choice("is", ("=", "<=", ">="), "" if kind is not RuleKind.COMPARISON else None),
        right=entry.texts("right"),
        minus=entry.texts("minus"),
        last=entry.texts("last"),
        level=level,
        hint=entry.text("hint", ""),
        only_if=conditions(entry),
        tolerance=_positive(entry, "tolerance", None) or Decimal(0),
        margin=margin,
        times=times,
        low=low,
        high=high,
        factor=_positive(entry, "factor", None) or Decimal(1),
        floor=_positive(entry, "floor", _FLOORS.get(kind)) or Decimal(0),
        step=(_positive(entry, "step", None) or _STEP) if kind is RuleKind.ROUNDED else Decimal(0),
        width=(_positive(entry, "width", None) or _WIDTH) if kind is RuleKind.PEERS else Decimal(0),
        unit=entry.text("unit", ""),
        function=entry.text("function", ""),
    )


def _positive(entry: Entry, key: str, default: Decimal | None) -> Decimal | None:
    number = entry.number(key, default)
    if number is not None and number <= 0 and entry.has(key):
        raise entry.error(key, "moet meer dan 0 zijn")
    return number


def conditions(entry: Entry) -> tuple[Condition, ...]:
    raw = entry.raw("only_if", [])
    return tuple(condition(entry.child(one, "only_if")) for one in (raw if isinstance(raw, list) else [raw]))


def condition(entry: Entry) -> Condition:
    """One `{question = …, is = …}`; `is` names one answer or several."""
    one = entry.raw("is")
    result = Condition(entry.text("question"), (one,) if isinstance(one, str) else entry.texts("is"))
    entry.close()
    return result
