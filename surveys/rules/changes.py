"""What changed in the rules between two editions: new, other and retired ones. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from surveys.questionnaires.before import code_before
from surveys.questionnaires.rule import Rule
from surveys.questionnaires.schema import Edition, Question
from surveys.rules.catalogue import Entry, entries


@dataclass(frozen=True, slots=True)
class Changed:
    """A rule that is not what it was. `parts`: in what; `new` and `gone`: questions that a family is about."""

    now: Entry
    before: Entry
    parts: tuple[str, ...]
    new: tuple[Question, ...] = ()
    gone: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """Of one questionnaire against the year before."""

    new: tuple[Entry, ...]
    changed: tuple[Changed, ...]
    gone: tuple[Entry, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)


@cache
def rule_changes(earlier: Edition, edition: Edition) -> Mapping[str, RuleChanges]:
    """Per questionnaire. A rule is known by its code, also when it came into a family or left one."""
    before = entries(earlier)
    return {code: _changes(before.get(code, ()), now, edition) for code, now in entries(edition).items()}


def _changes(before: Iterable[Entry], now: Iterable[Entry], edition: Edition) -> RuleChanges:
    entry_of = {rule.code: entry for entry in before for rule in entry.rules}
    new, changed, known = [], [], set[str]()
    for entry in now:
        codes = [rule.code for rule in entry.rules]
        known.update(codes)
        was = next((entry_of[code] for code in codes if code in entry_of), None)
        if was is None:
            new.append(entry)
        elif one := _difference(entry, was, edition.questions):
            changed.append(one)
    gone = (entry for entry in before if known.isdisjoint(rule.code for rule in entry.rules))
    return RuleChanges(tuple(new), tuple(changed), tuple(gone))


def _difference(now: Entry, before: Entry, questions: Mapping[str, Question]) -> Changed | None:
    """None when it is the same rule; a question that took the place of another is the same question."""
    is_family = now.is_family and before.is_family
    ours, theirs = _parts(now.first, questions), _parts(before.first, {})
    parts = tuple(
        name for name in ours if ours[name] != theirs[name] and not (is_family and name == "vergelijking")
    )
    old, own = {one.code for one in before.questions}, {code_before(one) for one in now.questions}
    new = tuple(one for one in now.questions if is_family and code_before(one) not in old)
    gone = tuple(one for one in before.questions if is_family and one.code not in own)
    return Changed(now, before, parts, new, gone) if parts or new or gone else None


def _parts(rule: Rule, questions: Mapping[str, Question]) -> Mapping[str, object]:
    """By its Dutch name what makes a rule what it is, under the codes of the year before."""

    def codes(found: Iterable[str]) -> tuple[str, ...]:
        return tuple(code_before(questions[code]) if code in questions else code for code in found)

    return {
        "vergelijking": (
            rule.kind,
            rule.operator,
            rule.function,
            *map(codes, (rule.left, rule.right, rule.minus, rule.last)),
        ),
        "zwaarte": rule.level,
        "grens": bounds_of(rule),
        "voorwaarde": [(codes([one.question]), one.values) for one in rule.only_if],
    }


def bounds_of(rule: Rule) -> tuple[object, ...]:
    """All that says where the bounds are."""
    return (
        rule.tolerance,
        rule.margin,
        rule.times,
        rule.low,
        rule.high,
        rule.factor,
        rule.floor,
        rule.step,
        rule.width,
        rule.unit,
    )
