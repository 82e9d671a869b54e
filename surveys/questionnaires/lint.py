"""What a definition must hold beyond its own file: references, codes and kinds, within and between years."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError
from pathlib import Path

from surveys.questionnaires.before import code_before
from surveys.questionnaires.dependencies import in_order, reads
from surveys.questionnaires.loader import ROOT, load_edition, years
from surveys.questionnaires.rule_lint import rule_faults
from surveys.questionnaires.schema import (
    PROFILE,
    Edition,
    Formula,
    Operation,
    Question,
    Questionnaire,
)
from surveys.questionnaires.tables import DefinitionError
from surveys.values import Kind

REGISTER = frozenset(
    {
        "organisation.name",
        "organisation.isil",
        "organisation.province",
        "organisation.poi",
        "participation.year",
        "participation.reference_date",
        "participation.inhabitants",
        "participation.locations",
        "location.name",
        "location.isil",
        "location.address",
        "location.kind",
        "location.subkind",
        "location.opened",
        "location.closed",
    }
)
"""The facts of the registers that a question may show."""

_OVER_ROWS = frozenset({Operation.SUM_ROWS, Operation.COUNT_ROWS_YES})
_OVER_YES_NO = frozenset({Operation.COUNT_YES, Operation.ANY_YES, Operation.COUNT_ROWS_YES})


@cache
def statutory_items() -> Mapping[str, tuple[str, str]]:
    """Bijlage I of the Regeling gegevenslevering: number to (category, item), in its order."""
    with (ROOT / "statutory_items.csv").open(encoding="utf-8", newline="") as file:
        return {row["nr"]: (row["category"], row["item"]) for row in csv.DictReader(file)}


def load_all(root: Path = ROOT) -> tuple[Edition, ...]:
    """Every edition, oldest first, proven sound. Raises the first DefinitionError."""
    editions = tuple(load_edition(year, root) for year in years(root))
    for problem in lint(editions, root):
        raise problem
    return editions


def lint(editions: Iterable[Edition], root: Path = ROOT) -> Iterator[DefinitionError]:
    earlier: list[Edition] = []
    editions = tuple(editions)
    for edition in editions:
        other_years = {code: one.year for one in editions if one is not edition for code in one.questions}
        yield from _within(edition, other_years, root)
        yield from _against_earlier(edition, earlier, root)
        earlier.append(edition)


def _problem(root: Path, where: Questionnaire, code: str, key: str, text: str) -> DefinitionError:
    return DefinitionError(root / str(where.year) / f"{where.code}.toml", code, key, text)


def _within(edition: Edition, other_years: Mapping[str, int], root: Path) -> Iterator[DefinitionError]:
    totals = {question.code for question in edition.totals}
    for code in edition.key_items:
        if code not in totals:
            path = root / str(edition.year) / "niet_bibliotheek.toml"
            text = f"‘{code}’ heeft geen niet-bibliotheekblok{_near(code, totals)}"
            yield DefinitionError(path, code, "key_items", text)
    owners: dict[str, str] = {}
    for one in edition.questionnaires:
        sections: set[str] = set()
        for section in one.sections:
            if section.code in sections:
                yield _problem(root, one, section.code, "code", "deze sectie staat er twee keer")
            sections.add(section.code)
            for question in section.questions:
                owner = owners.setdefault(question.code, f"{one.code}.{section.code}")
                if owner != f"{one.code}.{section.code}" or _repeated(section.questions, question):
                    yield _problem(root, one, question.code, "code", f"bestaat al in {owner}")
            for question in _on_taken_places(section.questions):
                yield _problem(root, one, question.code, "row of column", "deze cel van de tabel is al bezet")
        known = one.questions if one.code == PROFILE else {**edition.profile.questions, **one.questions}
        for question in one.questions.values():
            for key, text in _faults(question, known):
                yield _problem(root, one, question.code, key, text)
        for code, key, text in rule_faults(one, edition, other_years):
            yield _problem(root, one, code, key, text)
        try:
            in_order(known)
        except CycleError as error:
            yield _problem(root, one, "", "", f"deze vragen hangen van elkaar af: {error.args[1]}")


def _repeated(questions: tuple[Question, ...], question: Question) -> bool:
    return sum(one.code == question.code for one in questions) > 1


def _on_taken_places(questions: tuple[Question, ...]) -> Iterator[Question]:
    taken = set()
    for question in questions:
        if question.place in taken:
            yield question
        if question.place:
            taken.add(question.place)


def _faults(question: Question, known: Mapping[str, Question]) -> Iterator[tuple[str, str]]:
    for item in question.source:
        if item not in statutory_items():
            yield "source", f"‘{item}’ staat niet in Bijlage I"
    if question.register and question.register not in REGISTER:
        yield (
            "register",
            f"‘{question.register}’ is geen registerfeit{_near(question.register, REGISTER)}",
        )
    if question.decimals > 2:
        yield "decimals", "kan niet meer dan 2 zijn"
    yield from _sum_faults(question)
    for code in reads(question):
        if code not in known:
            yield "only_if of formule", f"‘{code}’ bestaat niet{_near(code, known)}"
            return
    for condition in question.only_if:
        gate = known[condition.question]
        if gate.repeats and not question.repeats:
            yield (
                "only_if",
                f"‘{gate.code}’ wordt per vestiging gevraagd, deze vraag niet",
            )
        for value in condition.values:
            if value not in gate.labels:
                yield "only_if", f"‘{value}’ is geen antwoord op ‘{gate.code}’"
    if question.formula:
        yield from _formula_faults(question, question.formula, known)


def _sum_faults(question: Question) -> Iterator[tuple[str, str]]:
    is_sum = question.kind.is_number and question.kind is not Kind.PERCENT
    if question.headline and (not (is_sum and question.adds_up) or question.register or question.repeats):
        yield "headline", "kan alleen bij een getal dat de hele organisatie geeft en dat landelijk optelt"
    if not question.adds_up and (not question.kind.is_number or question.formula):
        yield "adds_up", "hoort alleen bij een gevraagd getal; een percentage telt nooit op"


def _formula_faults(
    question: Question, formula: Formula, known: Mapping[str, Question]
) -> Iterator[tuple[str, str]]:
    operation = formula.operation
    for code in formula.operands:
        operand = known[code]
        if operation in _OVER_ROWS and not (operand.repeats and not question.repeats):
            yield (
                operation.value,
                f"‘{code}’ moet per vestiging gevraagd worden, deze vraag niet",
            )
        elif operation not in _OVER_ROWS and operand.repeats and not question.repeats:
            yield (
                operation.value,
                f"‘{code}’ wordt per vestiging gevraagd; gebruik sum_rows",
            )
        if operation in _OVER_YES_NO and operand.kind is not Kind.YES_NO:
            yield operation.value, f"‘{code}’ is geen ja/nee-vraag"
        if operation not in (*_OVER_YES_NO, Operation.NON_LIBRARY) and not operand.kind.is_number:
            yield operation.value, f"‘{code}’ is geen getal"


def _against_earlier(edition: Edition, earlier: list[Edition], root: Path) -> Iterator[DefinitionError]:
    if not earlier:
        return
    last = earlier[-1].questions
    for one in edition.questionnaires:
        for question in one.questions.values():
            for code in question.replaces:
                if code not in last:
                    text = f"‘{code}’ bestond niet in {earlier[-1].year}{_near(code, last)}"
                    yield _problem(root, one, question.code, "replaces", text)
                if code in edition.questions:
                    text = f"‘{code}’ bestaat nog; een opgevolgde vraag vervalt"
                    yield _problem(root, one, question.code, "replaces", text)
            before = next(
                (e.questions[question.code] for e in reversed(earlier) if question.code in e.questions),
                None,
            )
            if question.headline and code_before(question) not in last:
                text = f"had in {earlier[-1].year} geen cijfer om mee te vergelijken; noem het in replaces"
                yield _problem(root, one, question.code, "headline", text)
            if before is None:
                continue
            for key in ("kind", "unit"):
                was, now = getattr(before, key), getattr(question, key)
                if was != now:
                    text = f"was ‘{was}’ en is nu ‘{now}’; geef de vraag een nieuwe code en replaces"
                    yield _problem(root, one, question.code, key, text)
            if before.questionnaire != question.questionnaire:
                text = f"hoorde bij {before.questionnaire}; geef de vraag een nieuwe code"
                yield _problem(root, one, question.code, "code", text)


def _near(code: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(code, list(known), 1)
    return f"; bedoelt u ‘{near[0]}’?" if near else ""
