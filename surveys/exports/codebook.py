"""The definition as tables: the codebook, the rules, which question answers which item the law asks for. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from surveys.exports.table import Column, Listing, sheet_name
from surveys.questionnaires.lint import statutory_items
from surveys.questionnaires.rule import KIND_WORDS
from surveys.questionnaires.schema import Edition, Question, Questionnaire
from surveys.questionnaires.words import (
    SCOPE_WORDS,
    condition_in_words,
    formula_in_words,
    kind_in_words,
    origin_in_words,
)
from surveys.rules.catalogue import described
from surveys.rules.changes import bounds_of
from surveys.values import NO, YES


def codebook(edition: Edition, questionnaires: Sequence[Questionnaire]) -> Listing:
    """One row per question, in the order in which they are asked: what each column holds."""
    columns = (
        Column("code", 30),
        Column("nummer", 9),
        Column("vragenlijst", 13),
        Column("deel", 28),
        Column("omschrijving", 50),
        Column("definitie", 80),
        Column("soort", 24),
        Column("eenheid", 14),
        Column("keuzes", 40),
        Column("herkomst", 28),
        Column("berekening", 50),
        Column("alleen_als", 40),
        Column("geldt_voor", 24),
        Column("per_vestiging", 13),
        Column("blad", 14),
        Column("wettelijk", 14),
        Column("variabelen", 16),
        Column("vervangt", 24),
    )
    rows = tuple(
        (
            question.code,
            question.number,
            one.code,
            section.title,
            question.label,
            " ".join(filter(None, (question.help, question.more, question.guidance))) or None,
            kind_in_words(question),
            question.unit or None,
            "; ".join(f"{code} = {label}" for code, label in question.labels.items()) or None,
            origin_in_words(question),
            formula_in_words(question, edition.questions, _by_code) or None,
            condition_in_words(question, edition.questions, _by_code) or None,
            SCOPE_WORDS[question.scope],
            YES if question.repeats else NO,
            "Vestigingen" if question.repeats else sheet_name(one),
            _listed(question.source),
            _listed(question.variables),
            _listed(question.replaces),
        )
        for one in questionnaires
        for section in one.sections
        for question in section.questions
    )
    return Listing("Codeboek", columns, rows)


def _by_code(question: Question) -> str:
    return question.code


def _listed(words: Sequence[str]) -> str | None:
    return "; ".join(words) or None


def checks(
    edition: Edition, questionnaires: Sequence[Questionnaire], earlier: Edition | None
) -> Listing | None:
    """One row per rule, in the order of the definition; with `earlier` its bounds of then, where they were others.

    None when these questionnaires have no rules.
    """
    rules = [rule for one in questionnaires for rule in one.rules]
    if not rules:
        return None
    before = {rule.code: rule for rule in earlier.rules} if earlier else {}
    columns = (
        Column("code", 34),
        Column("vragenlijst", 13),
        Column("niveau", 11),
        Column("soort", 26),
        Column("controle", 80),
        Column("grens", 50),
        Column("grens_vorig_jaar", 50),
        Column("alleen_als", 40),
        Column("aanwijzing", 60),
        Column("vragen", 50),
        Column("groep", 26),
    )
    rows = []
    for rule in rules:
        told, was = described(edition, rule), before.get(rule.code, rule)
        rows.append(
            (
                rule.code,
                rule.questionnaire,
                told.level,
                KIND_WORDS[rule.kind],
                told.what,
                told.bounds or None,
                described(earlier, was).bounds or "geen"
                if earlier and bounds_of(was) != bounds_of(rule)
                else None,
                told.condition or None,
                rule.hint or None,
                _listed([question.code for question in told.questions]),
                rule.family or None,
            )
        )
    return Listing("Controles", columns, tuple(rows))


def coverage(edition: Edition) -> Mapping[str, tuple[Question, ...]]:
    """Every item of Bijlage I, in its order, to the questions that answer it; none: not asked. Lint names what is no item."""
    found: dict[str, list[Question]] = {item: [] for item in statutory_items()}
    for question in edition.questions.values():
        for item in question.source:
            if item in found:
                found[item].append(question)
    return {item: tuple(questions) for item, questions in found.items()}


def statutory(edition: Edition) -> Listing:
    """One row per item of Bijlage I of the Regeling gegevenslevering, with the questions that answer it."""
    columns = (
        Column("nr", 8),
        Column("categorie", 22),
        Column("gegeven", 60),
        Column("vragenlijst", 14),
        Column("nummers", 20),
        Column("codes", 50),
        Column("vragen", 80),
    )
    rows = tuple(
        (
            item,
            *statutory_items()[item],
            _listed(tuple(dict.fromkeys(q.questionnaire for q in questions))),
            _listed([q.number for q in questions]),
            _listed([q.code for q in questions]),
            _listed([q.label for q in questions]),
        )
        for item, questions in coverage(edition).items()
    )
    return Listing("Wettelijk", columns, rows)
