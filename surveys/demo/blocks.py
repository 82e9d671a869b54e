"""The non-library blocks, filled in: the gate, the way, the amount, for what, how it is known and why."""

from __future__ import annotations

from collections.abc import Mapping

from surveys.demo import recipes
from surveys.demo.chance import apportion, factor, pick
from surveys.demo.country import DemoOrganisation
from surveys.demo.numbers import Numbers
from surveys.demo.outline import Outline
from surveys.demo.recipes import recipe
from surveys.demo.shares import PARTS, REASONS, WAGES
from surveys.questionnaires.non_library import (
    AMOUNT,
    PERCENTAGE,
    code_of,
)
from surveys.questionnaires.schema import BlockRole, Question
from surveys.values import NO, YES, Key

_OTHER = "overig"
_STEPS = {0: 100, 1: 10, 2: 1}
_FOLLOWS = {"personeel_fte": "personeel"}
"""A total whose part follows that of another total."""
_FOLLOWS_BY = 0.95
_WAGES_WITHIN = 0.85


def fill_blocks(
    one: DemoOrganisation,
    plan: Outline,
    drawn: Numbers,
    non_library: Mapping[str, int],
) -> dict[Key, int | str]:
    """Numbers in hundredths, choices and texts, for institutions with figures of others in their totals."""
    found: dict[Key, int | str] = {}
    if one.combination is None or not one.combination.shares_figures:
        return found
    parts: dict[str, int] = {}
    for total in plan.edition.totals:
        whole = drawn.need(total.code)
        if whole is not None:
            part = parts[total.code] = _part(total, whole, drawn, non_library)
            wages = {code: parts.get(of, 0) * each for code, (of, each) in WAGES.items()}
            block = _block(one, plan, drawn, total, whole=whole, part=part, wages=wages)
            for code, content in block.items():
                found[code, ""] = content
    return found


def _part(total: Question, whole: int, drawn: Numbers, non_library: Mapping[str, int]) -> int:
    """What is not the library's: as calibrated, like the total it follows, or like the mean of the others."""
    if total.code in non_library:
        return min(whole, non_library[total.code] * 100)
    known = [_FOLLOWS[total.code]] if total.code in _FOLLOWS else list(non_library)
    wholes = [drawn.need(code) or 0 for code in known]
    parts = [non_library.get(code, 0) * 100 for code in known]
    fractions = [p / w for p, w in zip(parts, wholes, strict=True) if w]
    mean = sum(fractions) / len(fractions) if fractions else 0.0
    step = _STEPS[total.decimals]
    return int(whole * mean * _FOLLOWS_BY) // step * step


def _block(
    one: DemoOrganisation,
    plan: Outline,
    drawn: Numbers,
    total: Question,
    *,
    whole: int,
    part: int,
    wages: Mapping[str, int],
) -> dict[str, int | str]:
    gate, way = code_of(total.code, BlockRole.GATE), code_of(total.code, BlockRole.WAY)
    if part <= 0:
        return {gate: NO}
    tenths = round(part * 1000 / whole)
    chosen = _chosen(one, plan, way)
    if chosen == PERCENTAGE and tenths > 0:
        part = _computed(whole, tenths, _STEPS[total.decimals])
        given = {code_of(total.code, BlockRole.PERCENTAGE): tenths * 10}
    else:
        chosen = AMOUNT
        given = {code_of(total.code, BlockRole.AMOUNT): part}
    basis = _chosen(one, plan, code_of(total.code, BlockRole.BASIS))
    parts = _parts(one, plan, total)
    step = _STEPS[total.decimals]
    shares = _shares(one, plan, drawn, parts, total=part // step, step=step, wages=wages)
    labels = [
        plan.edition.questions[code].label.removeprefix("Waarvan ") for code, share in shares.items() if share
    ]
    return {
        gate: YES,
        way: chosen,
        **given,
        **{code: share * step for code, share in shares.items() if share},
        code_of(total.code, BlockRole.BASIS): basis,
        code_of(total.code, BlockRole.REASON): REASONS.get(basis, "{what}").format(
            what=" en ".join([", ".join(labels[:-1]), labels[-1]]) if len(labels) > 1 else labels[0]
        ),
    }


def _shares(
    one: DemoOrganisation,
    plan: Outline,
    drawn: Numbers,
    parts: Mapping[str, float],
    *,
    total: int,
    step: int,
    wages: Mapping[str, int],
) -> dict[str, int]:
    """The parts that add up to `total`, none above what the rules allow; the last one takes what is left."""
    caps, floors = [], []
    for code in parts:
        limits = [total]
        for rule in plan.part_bounds.get(code, ()):
            limits.append(sum(drawn.need(other) or 0 for other in rule.right) // step)
        if code in wages:
            limits.append(min(wages[code] // step, int(total * _WAGES_WITHIN)))
        caps.append(min(limits))
        floors.append(caps[-1] if code in wages else 0)
    weights = [weight * factor("part", code, one.isil, spread=0.3) for code, weight in parts.items()]
    shares = dict(zip(parts, apportion(total, weights, caps=caps, floors=floors), strict=True))
    left = total - sum(shares.values())
    last = _other(plan, next(iter(parts)))
    return {**shares, last: shares.get(last, 0) + left} if left else shares


def _computed(whole: int, tenths: int, step: int) -> int:
    """The part by percentage, rounded half up as the figure itself is."""
    return (2 * whole * tenths + 1_000 * step) // (2_000 * step) * step


def _chosen(one: DemoOrganisation, plan: Outline, code: str) -> str:
    choices = list(plan.edition.questions[code].choices)
    weights = recipe(recipes.CHOICES, (code,), None)
    listed = [1.0 if weights is None else weights.get(one_, 0.0) for one_ in choices]
    return choices[pick(listed, "block", code, one.isil)]


def _parts(one: DemoOrganisation, plan: Outline, total: Question) -> Mapping[str, float]:
    """The parts that fit what the institution does beside the library: code and weight."""
    there = {
        q.code.removeprefix(f"{total.code}_nb_"): q.code
        for q in plan.edition.questions.values()
        if q.total == total.code and q.role is BlockRole.PART
    }
    functions = set(one.combination.functions) if one.combination else set()
    found = {
        there[name]: weight
        for name, (weight, wanted) in PARTS.items()
        if name in there and (not wanted or functions.intersection(wanted))
    }
    return found or {_other(plan, next(iter(there.values()))): 1.0}


def _other(plan: Outline, code: str) -> str:
    """Of the block of this part: the part for everything else, or else the last one."""
    questions = plan.edition.questions
    parts = [
        q.code for q in questions.values() if q.total == questions[code].total and q.role is BlockRole.PART
    ]
    return next((part for part in parts if part.endswith(_OTHER)), parts[-1])
