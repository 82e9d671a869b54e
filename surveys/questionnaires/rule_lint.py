"""What a rule must hold beyond its own file: the questions it names, what they are, what it may compare."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from surveys.questionnaires.rule import Rule, RuleKind
from surveys.questionnaires.schema import Edition, Question, Questionnaire
from surveys.values import Kind

_OVER_NUMBERS = frozenset(RuleKind) - {RuleKind.PRESENCE, RuleKind.TOGETHER, RuleKind.FUNCTION}


def rule_faults(
    one: Questionnaire, edition: Edition, other_years: Mapping[str, int]
) -> Iterator[tuple[str, str, str]]:
    """(rule, key, what is wrong) of one list. `other_years`: codes of other editions, with the year of one."""
    known = edition.questions
    codes = {rule.code for rule in edition.rules if rule.questionnaire != one.code}
    for rule in one.rules:
        if rule.code in codes:
            yield rule.code, "code", "deze controle staat er twee keer"
        codes.add(rule.code)
        faults = list(_references(rule, known, other_years))
        for key, text in faults or _faults(rule, one, known):
            yield rule.family or rule.code, key, text


def _references(
    rule: Rule, known: Mapping[str, Question], other_years: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    asked = [("only_if", condition.question) for condition in rule.only_if]
    for key, code in (*_named(rule), *asked):
        if code not in known:
            yield key, f"‘{code}’ bestaat niet{_elsewhere(code, known, other_years)}"


def _named(rule: Rule) -> Iterator[tuple[str, str]]:
    """The questions it compares, each with the key that names it in the file."""
    for key, codes in (
        ("each" if rule.family else "left", rule.left),
        ("right", rule.right),
        ("minus", rule.minus),
        ("last", rule.last),
    ):
        yield from ((key, code) for code in codes)


def _elsewhere(code: str, known: Mapping[str, Question], other_years: Mapping[str, int]) -> str:
    if code in other_years:
        return f" in dit jaar, wel in {other_years[code]}"
    near = difflib.get_close_matches(code, list(known), 1)
    return f"; bedoelt u ‘{near[0]}’?" if near else ""


def _faults(rule: Rule, one: Questionnaire, known: Mapping[str, Question]) -> Iterator[tuple[str, str]]:
    own_key, first = next(_named(rule))[0], known[rule.left[0]]
    if all(known[code].questionnaire != one.code for code in rule.reads):
        yield own_key, "noem minstens één vraag van deze lijst"
    if rule.kind is RuleKind.PRESENCE and any(known[code].questionnaire != one.code for code in rule.left):
        yield own_key, "kan alleen over vragen van deze lijst gaan"
    mixed = [key for key, code in _named(rule) if known[code].repeats != first.repeats]
    if mixed:
        yield mixed[0], "vergelijkt vragen per vestiging met vragen voor de hele organisatie"
    gate = rule.right[2:] if rule.kind is RuleKind.SCOPE else ()
    for key, code in _named(rule):
        kind = known[code].kind
        if rule.kind in _OVER_NUMBERS and not kind.is_number and code not in gate:
            yield key, f"‘{code}’ is geen getal"
        if rule.kind is RuleKind.TOGETHER and not (kind.is_number or kind is Kind.YES_NO):
            yield key, f"‘{code}’ is geen getal en geen ja/nee-vraag"
    for condition in rule.only_if:
        question = known[condition.question]
        if question.repeats and not first.repeats:
            yield "only_if", f"‘{question.code}’ wordt per vestiging gevraagd, deze controle niet"
        for value in condition.values:
            if value not in question.labels:
                yield "only_if", f"‘{value}’ is geen antwoord op ‘{question.code}’"
