"""The heart: a total with `non_library` becomes a block of ordinary questions that split off what is not library.

The wording of the block stands in niet_bibliotheek.toml of the edition; the shape of the block stands here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from surveys.questionnaires.rule import Condition, Level, Rule, RuleKind
from surveys.questionnaires.schema import (
    BlockRole,
    Formula,
    Operation,
    Question,
    Scope,
)
from surveys.questionnaires.tables import Entry
from surveys.values import NO, YES, Kind

DONT_KNOW = "weet_niet"
AMOUNT, PERCENTAGE = "aantal", "percentage"
"""The two ways to give the non-library part."""

SUFFIX = {
    BlockRole.GATE: "nb_zit_erin",
    BlockRole.WAY: "nb_invoer",
    BlockRole.AMOUNT: "nb_aantal",
    BlockRole.PERCENTAGE: "nb_percentage",
    BlockRole.NON_LIBRARY: "niet_bib",
    BlockRole.REST: "nb_rest",
    BlockRole.BASIS: "nb_bron",
    BlockRole.REASON: "nb_uitleg",
    BlockRole.LIBRARY: "bib",
    BlockRole.LIBRARY_SHARE: "bib_aandeel",
}
_WORDED = (
    BlockRole.GATE,
    BlockRole.WAY,
    BlockRole.AMOUNT,
    BlockRole.PERCENTAGE,
    BlockRole.NON_LIBRARY,
    BlockRole.PART,
    BlockRole.REST,
    BlockRole.BASIS,
    BlockRole.REASON,
    BlockRole.LIBRARY,
    BlockRole.LIBRARY_SHARE,
)
_CHOSEN = {
    BlockRole.GATE: {YES, NO, DONT_KNOW},
    BlockRole.WAY: {AMOUNT, PERCENTAGE},
}
_PLACEHOLDER = re.compile(r"\{[^}]*\}?|\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """{what} stands for the plural of what is counted, {part} for the name of a part."""

    label: str
    help: str
    choices: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Blocks:
    """What all blocks of an edition share."""

    only_if: tuple[Condition, ...]
    wording: Mapping[BlockRole, Wording]
    parts: Mapping[str, str]
    key_items: tuple[str, ...]


def code_of(total: str, role: BlockRole, part: str = "") -> str:
    """The code of a block's question: bezoeken + GATE gives bezoeken_nb_zit_erin."""
    return f"{total}_{f'nb_{part}' if role is BlockRole.PART else SUFFIX[role]}"


def read_blocks(entry: Entry) -> Blocks:
    conditions = []
    for one in entry.tables("only_if"):
        conditions.append(Condition(one.text("question"), (one.text("is"),)))
        one.close()
    wording = {role: _wording(entry, role) for role in _WORDED}
    blocks = Blocks(tuple(conditions), wording, entry.texts_by_code("parts"), entry.texts("key_items"))
    entry.close()
    return blocks


def _wording(entry: Entry, role: BlockRole) -> Wording:
    table = entry.optional_table(role.value)
    if table is None:
        raise entry.error(role.value, "ontbreekt")
    table.owner = role.value
    wording = Wording(table.text("label"), table.text("help", ""), table.texts_by_code("choices"))
    wanted = _CHOSEN.get(role)
    for key, text in (("label", wording.label), ("help", wording.help)):
        if set(_PLACEHOLDER.findall(text)) - {"{what}", "{part}"}:
            raise table.error(key, "kent alleen {what} en {part}")
    if wanted and set(wording.choices) != wanted:
        raise table.error("choices", f"moet precies {', '.join(sorted(wanted))} bevatten")
    table.close()
    return wording


def expand(total: Question, entry: Entry, blocks: Blocks) -> tuple[Question, list[Question], list[Rule]]:
    """The total (with its guidance), its follow-up questions in order, and the rules that hold them together."""
    what = entry.text("what")
    guidance = entry.text("guidance")
    extra_parts = entry.texts_by_code("own_parts")
    parts = {name: _part_label(entry, name, {**blocks.parts, **extra_parts}) for name in entry.texts("parts")}
    if not parts:
        raise entry.error("parts", "noem minstens één deel")
    variables = _variables(entry.optional_table("variables"))
    entry.close()
    build = _Builder(total, what, blocks, variables)
    shown = (*total.only_if, *blocks.only_if)
    split = (*shown, Condition(build.code(BlockRole.GATE), (YES,)))
    by_amount = (*split, Condition(build.code(BlockRole.WAY), (AMOUNT,)))
    by_percentage = (*split, Condition(build.code(BlockRole.WAY), (PERCENTAGE,)))
    amount_of: dict[str, Any] = {
        "unit": total.unit,
        "kind": total.kind,
        "decimals": total.decimals,
        "minimum": Decimal(0),
        "maximum": total.maximum,
    }
    part_codes = tuple(code_of(total.code, BlockRole.PART, name) for name in parts)
    non_library = build.code(BlockRole.NON_LIBRARY)
    operands = (BlockRole.GATE, BlockRole.WAY, BlockRole.AMOUNT, BlockRole.PERCENTAGE)
    questions = [
        build(BlockRole.GATE, only_if=shown, kind=Kind.CHOICE),
        build(BlockRole.WAY, only_if=split, kind=Kind.CHOICE),
        build(BlockRole.AMOUNT, only_if=by_amount, **amount_of),
        build(
            BlockRole.PERCENTAGE,
            only_if=by_percentage,
            kind=Kind.PERCENT,
            unit="%",
            decimals=1,
            minimum=Decimal(0),
            maximum=Decimal(100),
        ),
        build(
            BlockRole.NON_LIBRARY,
            only_if=total.only_if,
            formula=Formula(
                Operation.NON_LIBRARY,
                (total.code, *(build.code(role) for role in operands)),
            ),
            **amount_of,
        ),
        *(
            build(
                BlockRole.PART,
                part=name,
                label=label,
                only_if=split,
                required=False,
                **amount_of,
            )
            for name, label in parts.items()
        ),
        build(
            BlockRole.REST,
            only_if=split,
            formula=Formula(Operation.REMAINDER, (non_library, *part_codes)),
            **amount_of,
        ),
        build(BlockRole.BASIS, only_if=split, kind=Kind.CHOICE),
        build(BlockRole.REASON, only_if=split, kind=Kind.TEXT, long=True),
        build(
            BlockRole.LIBRARY,
            only_if=total.only_if,
            formula=Formula(Operation.DIFFERENCE, (total.code, non_library)),
            scope=Scope.LIBRARY,
            headline=total.headline,
            **amount_of,
        ),
        build(
            BlockRole.LIBRARY_SHARE,
            only_if=total.only_if,
            formula=Formula(Operation.SHARE, (build.code(BlockRole.LIBRARY), total.code)),
            scope=Scope.LIBRARY,
            kind=Kind.PERCENT,
            unit="%",
            decimals=1,
        ),
    ]
    rules = _rules(build, part_codes)
    total = replace(total, guidance=guidance, scope=Scope.INSTITUTION, headline=False)
    return total, questions, rules


_SCOPE_MARGIN = Decimal(2)
"""A part of last year's total, in percent, that may come or go without a word."""


def _rules(build: _Builder, parts: tuple[str, ...]) -> list[Rule]:
    """What holds a block together, and whether its total still speaks of the same institution as last year."""
    total, non_library = build.total.code, build.code(BlockRole.NON_LIBRARY)
    home = build.total.questionnaire
    return [
        Rule(
            code=f"{total}_nb_binnen_totaal",
            kind=RuleKind.COMPARISON,
            left=(build.code(BlockRole.AMOUNT),),
            operator="<=",
            right=(total,),
            questionnaire=home,
        ),
        Rule(
            code=f"{total}_nb_delen",
            kind=RuleKind.COMPARISON,
            left=parts,
            operator="=",
            right=(non_library,),
            hint="Verdeel het hele deel over de regels, of verbeter het deel zelf.",
            questionnaire=home,
        ),
        Rule(code=f"{total}_nb_waarvoor", kind=RuleKind.PRESENCE, left=parts, questionnaire=home),
        Rule(
            code=f"{total}_omvang",
            kind=RuleKind.SCOPE,
            left=(total,),
            right=(build.code(BlockRole.LIBRARY), non_library, build.code(BlockRole.GATE)),
            margin=_SCOPE_MARGIN,
            level=Level.WARNING,
            hint="Kijk eerst of u dezelfde instelling bedoelt als vorig jaar: alles samen, of alleen de bibliotheek.",
            questionnaire=home,
        ),
    ]


def _variables(entry: Entry | None) -> Mapping[str, tuple[str, ...]]:
    return {key: entry.texts(key) for key in entry.data} if entry else {}


def _part_label(entry: Entry, name: str, labels: Mapping[str, str]) -> str:
    if name not in labels:
        raise entry.error("parts", f"‘{name}’ is geen deel van niet_bibliotheek.toml of own_parts")
    return labels[name]


@dataclass(frozen=True, slots=True)
class _Builder:
    total: Question
    what: str
    blocks: Blocks
    variables: Mapping[str, tuple[str, ...]]

    def code(self, role: BlockRole) -> str:
        return code_of(self.total.code, role)

    def __call__(self, role: BlockRole, *, part: str = "", label: str = "", **facts: Any) -> Question:
        words = self.blocks.wording[role]
        facts.setdefault("scope", Scope.NON_LIBRARY)
        facts.setdefault("required", "formula" not in facts)
        return Question(
            code=code_of(self.total.code, role, part),
            label=words.label.format(what=self.what, part=label),
            help=words.help.format(what=self.what, part=label),
            choices=words.choices,
            variables=self.variables.get(part or role.value, ()),
            total=self.total.code,
            role=role,
            section=self.total.section,
            questionnaire=self.total.questionnaire,
            **facts,
        )
