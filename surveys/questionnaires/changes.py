"""What changed between two editions: new, reworded, replaced and gone questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from surveys.questionnaires.schema import Edition, Question

_WORDING = ("label", "help", "more", "guidance", "choices")


@dataclass(frozen=True, slots=True)
class Reworded:
    """`parts`: which texts differ (label, help, more, guidance, choices)."""

    before: Question
    now: Question
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replaced:
    before: tuple[Question, ...]
    now: Question


@dataclass(frozen=True, slots=True)
class Changes:
    """Of one questionnaire against the year before, each in the order of the definition."""

    new: tuple[Question, ...]
    reworded: tuple[Reworded, ...]
    replaced: tuple[Replaced, ...]
    gone: tuple[Question, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.reworded or self.replaced or self.gone)


@cache
def changes_between(earlier: Edition, edition: Edition) -> Mapping[str, Changes]:
    """Per questionnaire, the questions of `edition` against those of `earlier`."""
    before = earlier.questions
    replaced = {code for q in edition.questions.values() for code in q.replaces}
    found = {}
    for one in edition.questionnaires:
        questions = one.questions.values()
        old = earlier.by_code[one.code].questions
        found[one.code] = Changes(
            new=tuple(q for q in questions if q.code not in before and not q.replaces),
            reworded=tuple(
                Reworded(before[q.code], q, parts)
                for q in questions
                if q.code in before and (parts := _reworded(before[q.code], q))
            ),
            replaced=tuple(
                Replaced(tuple(before[code] for code in q.replaces), q) for q in questions if q.replaces
            ),
            gone=tuple(q for q in old.values() if q.code not in one.questions and q.code not in replaced),
        )
    return found


def _reworded(before: Question, now: Question) -> tuple[str, ...]:
    return tuple(part for part in _WORDING if getattr(before, part) != getattr(now, part))
