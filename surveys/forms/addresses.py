"""Where a question stands on screen: the address of its page and of its field, and whether that is in a table."""

from __future__ import annotations

from django.urls import reverse

from surveys.forms.cells import element_id
from surveys.questionnaires.schema import Edition, Layout, Question, Section
from surveys.values import Key


def section_of(edition: Edition, question: Question) -> Section:
    section = edition.by_code[question.questionnaire].section(question.section)
    if section is None:  # the loader puts every question in a section of its list
        raise LookupError(question.code)
    return section


def field_url(edition: Edition, isil: str, key: Key) -> str:
    """The field itself; a figure that nobody types has no field, and is its question."""
    code, row = key
    question = edition.questions[code]
    section = section_of(edition, question)
    place = {
        "year": edition.year,
        "isil": isil,
        "questionnaire": question.questionnaire,
        "section": section.code,
    }
    has_page = bool(row) and section.layout is Layout.PAGES
    url = (
        reverse("section_row", kwargs={**place, "row": row}) if has_page else reverse("section", kwargs=place)
    )
    if question.repeats and not row:
        return url
    return f"{url}#{'f' if question.is_asked else 'q'}-{element_id(key)}"


def stands_in_table(edition: Edition, question: Question) -> bool:
    """Drawn as a narrow cell, with room for a few words only. (The table of a block is wide enough for a message.)"""
    is_row = question.repeats and section_of(edition, question).layout is Layout.TABLE
    return is_row or question.place is not None
