"""Every rule of an edition in words, generated from the rule: for the public page and for the sheet Controles. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from surveys.questionnaires.rule import Level, Rule, RuleKind
from surveys.questionnaires.schema import BlockRole, Edition, Question
from surveys.questionnaires.words import Name, condition_in_words
from surveys.rules.context import Bound
from surveys.rules.peers import EVERYONE, SIZE_CLASSES, usual
from surveys.rules.sentences import Told, bounds, what
from surveys.rules.words import rounded

LEVEL_WORDS = {Level.ERROR: "fout", Level.WARNING: "signaal"}
KIND_ORDER = (
    RuleKind.COMPARISON,
    RuleKind.RANGE,
    RuleKind.PRESENCE,
    RuleKind.SCOPE,
    RuleKind.TOGETHER,
    RuleKind.VANISHED,
    RuleKind.RATIO,
    RuleKind.CHANGE,
    RuleKind.INCLUDED,
    RuleKind.PEERS,
    RuleKind.SAME,
    RuleKind.ROUNDED,
    RuleKind.FUNCTION,
)
"""From what is surely wrong to what is only unusual."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule as it is told, or a family: rules that differ only in the question they are about.

    `questions`: all that the rule reads; of a family what each is about, in step with `rules`.
    """

    code: str
    rules: tuple[Rule, ...]
    questions: tuple[Question, ...]
    what: str
    bounds: str
    condition: str

    @property
    def first(self) -> Rule:
        return self.rules[0]

    @property
    def is_family(self) -> bool:
        return self.code != self.first.code

    @property
    def level(self) -> str:
        return level_word(self.first)

    @property
    def members(self) -> Iterator[tuple[Rule, Question]]:
        """Of a family: each rule with its question."""
        return zip(self.rules, self.questions, strict=True)


def level_word(rule: Rule) -> str:
    """What is not there yet is part of what is still to do, and no error."""
    return "nog te doen" if rule.kind is RuleKind.PRESENCE else LEVEL_WORDS[rule.level]


@cache
def entries(edition: Edition) -> Mapping[str, tuple[Entry, ...]]:
    """Per questionnaire: errors first, then by kind, then as they are defined."""
    return {one.code: tuple(_entries(edition, one.rules)) for one in edition.questionnaires}


def described(edition: Edition, rule: Rule) -> Entry:
    """One rule by itself, also when it is of a family."""
    read = tuple(edition.questions[code] for code in dict.fromkeys((*rule.reads, *rule.reads_last)))
    return _entry(edition, rule.code, (rule,), read, _name_in(edition, rule))


def _entries(edition: Edition, rules: Iterable[Rule]) -> list[Entry]:
    families: dict[object, list[Rule]] = {}
    for rule in rules:
        families.setdefault(_kinship(edition, rule), []).append(rule)
    found = [_told(edition, family) for family in families.values()]
    return sorted(found, key=lambda one: (one.first.level is Level.WARNING, KIND_ORDER.index(one.first.kind)))


def _kinship(edition: Edition, rule: Rule) -> object:
    """Equal for the rules that are told together: of one entry with `each`, or alike under several totals."""
    total = _total_of(edition, rule)
    if rule.family or total is None:
        return rule.family or rule.code
    told = Told(rule, edition.questions, _by_role)
    sides = tuple(tuple(told.names(side)) for side in (rule.left, rule.right, rule.minus, rule.last))
    return (_ending(rule, total), rule.kind, rule.level, rule.operator, sides, rule.hint, bounds(told))


def _total_of(edition: Edition, rule: Rule) -> Question | None:
    """The total within whose non-library block the rule stays, when it has its name from it."""
    read = [edition.questions[code] for code in rule.reads]
    totals = {question.total or question.code for question in read}
    if len(totals) > 1 or not any(question.total for question in read):
        return None
    total = edition.questions[totals.pop()]
    return total if rule.code.startswith(f"{total.code}_") else None


def _ending(rule: Rule, total: Question) -> str:
    return rule.code.removeprefix(f"{total.code}_")


def _told(edition: Edition, rules: Sequence[Rule]) -> Entry:
    rule = rules[0]
    if rule.family:
        about = tuple(edition.questions[one.left[0]] for one in rules)
        return _entry(edition, rule.family, rules, about, lambda _: "elk van deze cijfers")
    if len(rules) > 1:
        totals = tuple(total for one in rules if (total := _total_of(edition, one)))
        code = f"{rule.questionnaire}_totalen_{_ending(rule, totals[0])}"
        return _entry(edition, code, rules, totals, _by_role)
    return described(edition, rule)


def _entry(
    edition: Edition, code: str, rules: Sequence[Rule], questions: tuple[Question, ...], name: Name
) -> Entry:
    rule = max(rules, key=lambda one: len(one.reads))  # a total with one part has no sum to tell of
    units = {edition.questions[one.left[0]].unit for one in rules}
    told = Told(rule, edition.questions, name, units.pop() if len(units) == 1 else "")
    condition = condition_in_words(rule, edition.questions, _name_in(edition, rule))
    return Entry(code, tuple(rules), questions, what(told), bounds(told), condition)


def _name_in(edition: Edition, rule: Rule) -> Name:
    """A question by its label, with what it would be mistaken without: the other questionnaire, or the block."""

    def name(question: Question) -> str:
        beside = []
        if question.questionnaire != rule.questionnaire:
            beside.append(edition.by_code[question.questionnaire].title)
        if question.role is BlockRole.PART:
            beside.append("niet van de bibliotheek")
        return f"‘{question.label}’" + (f" ({', '.join(beside)})" if beside else "")

    return name


_ROLES = {
    BlockRole.GATE: "de vraag of er iets in zit dat niet van de bibliotheek is",
    BlockRole.WAY: "hoe dat deel is opgegeven",
    BlockRole.AMOUNT: "het deel dat niet van de bibliotheek is",
    BlockRole.PERCENTAGE: "het percentage dat niet van de bibliotheek is",
    BlockRole.NON_LIBRARY: "het deel dat niet van de bibliotheek is",
    BlockRole.PART: "de regels ‘waarvan …’",
    BlockRole.REST: "wat nog te verdelen is",
    BlockRole.BASIS: "waarop dat deel berust",
    BlockRole.REASON: "hoe dat deel is bepaald",
    BlockRole.LIBRARY: "het deel van de bibliotheek",
    BlockRole.LIBRARY_SHARE: "het aandeel van de bibliotheek",
}


def _by_role(question: Question) -> str:
    """How a question is called where the blocks of several totals are told together."""
    return _ROLES[question.role] if question.role else "het totaal"


@dataclass(frozen=True, slots=True)
class Usual:
    """What `count` comparable libraries report: from, middle and to."""

    group: str
    count: int
    low: str
    middle: str
    high: str


def usual_in(rule: Rule, bounds: Mapping[str, Mapping[str, Bound]]) -> tuple[Usual, ...]:
    """Per group, everyone first and then by size. `bounds`: code of the rule, then group."""
    of_rule = bounds.get(rule.code, {})
    return tuple(
        Usual(_GROUPS.get(group, group), of_rule[group].count, *map(rounded, usual(rule, of_rule[group])))
        for group in sorted(of_rule, key=_place)
    )


_GROUPS = {EVERYONE: "alle bibliotheken"}
_SIZES = [name for _, name in SIZE_CLASSES]


def _place(group: str) -> tuple[int, str]:
    size, _, rest = group.partition(",")
    return (_SIZES.index(size) if size in _SIZES else -1, rest)
