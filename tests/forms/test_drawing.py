"""A cell drawn from what was kept is the cell as its template draws it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from surveys.forms.cells import Cell, Conflict
from surveys.forms.drawing import draw
from surveys.forms.section import SectionForm
from surveys.models import Submission
from surveys.queries.deliveries import delivery_of
from surveys.questionnaires.loader import load_edition
from surveys.values import Kind
from tests.factories import YEAR, complete, give, make_library, submission_of, take_part

pytestmark = pytest.mark.django_db

TEMPLATES = (
    "library/question.html",
    "library/grid_cell.html",
    "library/grid_remark.html",
    "library/table_signal.html",
)
SAVE_URL = f"/levering/{YEAR}/NL-08000010000/bezit/antwoord/?b=1&c=2"
AWKWARD = "<b>\"Kom & 'lees'\" \ue000 \ue003</b>" + " en nog veel meer" * 12
LISTS = [questionnaire.code for questionnaire in load_edition(YEAR).questionnaires]


def cells(submission: Submission) -> Iterator[Cell]:
    delivery = delivery_of(submission)
    for section in delivery.questionnaire.sections:
        for row in ("", *delivery.rows[:1]) if section.repeat else ("",):
            for is_open in (True, False):
                form = SectionForm(delivery=delivery, section=section, row=row, is_open=is_open)
                yield from form.cells.values()


def as_drawn_and_as_rendered(cell: Cell, save_url: str = SAVE_URL) -> Iterator[tuple[str, str]]:
    for template in TEMPLATES:
        seen = {"save_url": save_url, "last_year": str(YEAR - 1)}
        yield draw(template, cell, **seen), render_to_string(template, {"cell": cell, **seen})


@pytest.mark.parametrize("questionnaire", LISTS)
def test_every_cell_of_an_empty_and_of_a_full_list(questionnaire: str) -> None:
    for number in (1, 2):
        library = make_library(number)
        take_part(library)
        submission = submission_of(library, questionnaire)
        if number == 2:
            take_part(library, YEAR - 1)
            complete(submission_of(library, questionnaire, YEAR - 1))
            complete(submission)
        for cell in cells(submission):
            for drawn, rendered in as_drawn_and_as_rendered(cell):
                assert drawn == rendered


def test_texts_are_escaped_and_put_in_once() -> None:
    library = make_library()
    take_part(library)
    submission = submission_of(library, "bezit")
    texts = [one for one in delivery_of(submission).questionnaire.questions.values() if one.kind is Kind.TEXT]
    give(submission, {one.code: AWKWARD for one in texts if one.is_asked and not one.repeats})
    for cell in cells(submission):
        awkward = replace(cell, last=AWKWARD, note=AWKWARD, is_estimate=True, difference="<")
        for drawn, rendered in as_drawn_and_as_rendered(awkward, save_url='/"<'):
            assert drawn == rendered
            assert "<b>" not in drawn


def test_what_is_wrong_is_drawn_with_its_messages() -> None:
    library = make_library()
    take_part(library)
    cell = next(cell for cell in cells(submission_of(library, "bezit")) if cell.is_open)
    for wrong in (
        replace(cell, errors=["Dit is <geen> getal."]),
        replace(cell, conflict=Conflict(theirs="12 & 13", by="Een collega", value="12")),
    ):
        drawn, rendered = next(as_drawn_and_as_rendered(wrong))
        assert drawn == rendered
        assert "message" in drawn


def test_a_signal_is_drawn_at_its_answer_and_under_its_table() -> None:
    library = make_library()
    take_part(library, YEAR - 1)
    take_part(library)
    give(submission_of(library, "bezit", YEAR - 1), {"leden_jeugd": 4000})
    submission = submission_of(library, "bezit")
    give(submission, {"leden_jeugd": 2000})
    told = [cell for cell in cells(submission) if cell.has_signal]
    assert {cell.question.code for cell in told} == {"leden_jeugd"}
    for cell in told:
        for drawn, rendered in as_drawn_and_as_rendered(cell):
            assert drawn == rendered
        _, in_table, _, below = (drawn for drawn, _ in as_drawn_and_as_rendered(cell))
        assert "vorig jaar 4.000" not in in_table
        assert "vorig jaar 4.000" in below
