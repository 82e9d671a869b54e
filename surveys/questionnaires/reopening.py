"""Which answers of a list a question of the KB opens again: so few that the rest stays, so many that it can be mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache

from surveys.questionnaires.closure import closure_of
from surveys.questionnaires.figures import Evaluation, all_hold
from surveys.questionnaires.rule import Level, RuleKind
from surveys.questionnaires.schema import Edition, Question
from surveys.values import Key


def reopened(
    edition: Edition, questionnaire: str, keys: Iterable[Key], rows: Sequence[str]
) -> tuple[Key, ...]:
    """The typed answers of the list that a question about `keys` opens, in the order of the definition.

    A typed answer opens itself, with all that must add up with it, since it cannot be changed alone; a computed figure
    what it is made of; a total, and whatever stands in the block under it, that whole block. And with each the questions
    that are put only because of it: otherwise a gate could not be changed, for want of what could not be filled in.
    `rows`: all locations. A figure over locations opens all of them, an answer of one location that location alone.
    """
    own = edition.by_code[questionnaire].questions
    follow_ups = follow_ups_of(edition, questionnaire)
    found: set[Key] = set()
    ahead = [key for key in keys if key[0] in edition.questions]
    while ahead:
        code, row = ahead.pop()
        opened = {
            (question.code, at)
            for question in _opened(edition, edition.questions[code])
            if question.code in own and question.is_asked
            for at in _rows(question, row, rows)
        }
        for one, place in opened - found:
            ahead += [(other, place) for other in follow_ups[one]]
        found |= opened
    places, order = ({one: place for place, one in enumerate(all_of)} for all_of in (own, rows))
    return tuple(sorted(found, key=lambda key: (places[key[0]], order.get(key[1], -1))))


@cache
def follow_ups_of(edition: Edition, questionnaire: str) -> Mapping[str, frozenset[str]]:
    """By question of the list, the asked ones that come or go with its answer, by themselves or by a figure over it."""
    own = edition.by_code[questionnaire].questions
    closure = closure_of(edition)
    return {
        code: frozenset(
            other.code
            for other in own.values()
            if other.is_asked and any(code in closure.made_of(one.question) for one in other.only_if)
        )
        for code in own
    }


def may_show(
    edition: Edition, evaluation: Evaluation, question: Question, row: str, opened: Set[str]
) -> bool:
    """The question is put, or will be with other answers to the questions `opened`: the rest of its conditions hold."""
    closure = closure_of(edition)
    stays = [one for one in question.only_if if closure.made_of(one.question).isdisjoint(opened)]
    return all_hold(stays, evaluation.visible, evaluation.counted, row) is True


def _opened(edition: Edition, question: Question) -> Iterator[Question]:
    closure, code = closure_of(edition), question.code
    total = question.total or (code if question.guidance else "")
    codes = set(closure.made_of(code))
    if total and not question.is_asked:
        codes.update(closure.made_of(total))
    if question.is_asked:
        for sides in _identities(edition):
            together = frozenset().union(*map(closure.made_of, sides))
            if code in together:
                codes.update(together)
    yield from (edition.questions[one] for one in codes)
    if total:
        yield from (one for one in edition.questions.values() if one.total == total)


def _identities(edition: Edition) -> Iterator[tuple[str, ...]]:
    """The questions of each rule that two sides must be equal: one of them cannot be changed alone. Blocks go by whole."""
    for rule in edition.rules:
        codes = (*rule.left, *rule.right, *rule.minus)
        is_sum = rule.kind is RuleKind.COMPARISON and rule.operator == "=" and not rule.last
        if is_sum and rule.level is Level.ERROR and not any(edition.questions[code].total for code in codes):
            yield codes


def _rows(question: Question, row: str, rows: Sequence[str]) -> Sequence[str]:
    if not question.repeats:
        return ("",)
    return (row,) if row else rows
