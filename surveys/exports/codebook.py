"""The definition as tables: the codebook, and which question answers which item the law asks for. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from surveys.exports.table import Column, Listing, sheet_name
from surveys.questionnaires.lint import statutory_items
from surveys.questionnaires.schema import Edition, Question, Questionnaire
from surveys.questionnaires.words import (
    SCOPE_WORDS,
    condition_in_words,
    formula_in_words,
    kind_in_words,
    origin_in_words,
)
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
