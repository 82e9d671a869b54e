"""The table of the KB: who is in it, in what order, and the counts above it."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.models import Organisation, Submission
from surveys.queries.overview import Overview, Selection, overview, pois_in
from surveys.workflow import SubmissionState
from tests.factories import YEAR, give, make_library, make_poi, submission_of, take_part

pytestmark = pytest.mark.django_db
EVERY = Selection()


def _table(selection: Selection = EVERY) -> Overview:
    libraries = Organisation.objects.filter(type=Organisation.Type.LIBRARY)
    return overview(year=YEAR, organisations=libraries, selection=selection)


def _names(selection: Selection) -> list[str]:
    return [row.name for row in _table(selection).rows]


@pytest.fixture
def libraries() -> list[Organisation]:
    """1 in Drenthe: combined, bezit begun; 2 in Zeeland: not combined; 3 in Drenthe: nothing yet."""
    poi = make_poi()
    found = [
        make_library(1, poi=poi),
        make_library(2, province="Zeeland"),
        make_library(3),
    ]
    for library in found:
        take_part(library)
    give(submission_of(found[0], "profiel"), {"gecombineerd": "ja"})
    give(submission_of(found[0], "bezit"), {"afhaalpunten": 3})
    give(submission_of(found[1], "profiel"), {"gecombineerd": "nee"})
    return found


def test_one_row_tells_all(libraries: list[Organisation]) -> None:
    row = _table().rows[0]
    assert row.active_at is not None
    assert (row.isil, row.name, row.province, row.poi, row.is_combined) == (
        libraries[0].isil,
        "Bibliotheek 1",
        "Drenthe",
        "NL-07000010000",
        True,
    )
    assert row.states == {
        "profiel": SubmissionState.IN_PROGRESS,
        "bezit": SubmissionState.IN_PROGRESS,
        "kernfuncties": SubmissionState.NOT_STARTED,
        "personeel": SubmissionState.NOT_STARTED,
        "financieel": SubmissionState.NOT_STARTED,
    }


def test_who_has_not_said_is_neither_combined_nor_not(libraries: list[Organisation]) -> None:
    assert [row.is_combined for row in _table().rows] == [True, False, None]


@pytest.mark.parametrize(
    ("selection", "numbers"),
    [
        (Selection(search="BIBLIOTHEEK 2"), [2]),
        (Selection(search="NL-080000300"), [3]),
        (Selection(province="Drenthe"), [1, 3]),
        (Selection(poi="NL-07000010000"), [1]),
        (Selection(combined="ja"), [1]),
        (Selection(combined="nee"), [2]),
        (Selection(questionnaire="bezit", state=SubmissionState.NOT_STARTED), [2, 3]),
        (Selection(state=SubmissionState.IN_PROGRESS), [1, 2]),
        (Selection(questionnaire="bezit"), [1, 2, 3]),
        (Selection(order="-naam"), [3, 2, 1]),
        (Selection(order="-provincie"), [2, 1, 3]),
        (Selection(order="bezit"), [2, 3, 1]),
        (Selection(order="-bezit"), [1, 2, 3]),
        (Selection(order="activiteit"), [2, 1, 3]),
        (Selection(order="-activiteit"), [1, 2, 3]),
    ],
)
def test_selection(libraries: list[Organisation], selection: Selection, numbers: list[int]) -> None:
    assert _names(selection) == [f"Bibliotheek {number}" for number in numbers]


def test_a_count_counts_what_its_link_shows(libraries: list[Organisation]) -> None:
    chosen = Selection(province="Drenthe")
    for column in _table(chosen).columns:
        for state, count in column.counts.items():
            clicked = replace(chosen, questionnaire=column.questionnaire.code, state=state)
            assert len(_names(clicked)) == count


def test_deadlines_come_from_the_windows(libraries: list[Organisation]) -> None:
    assert {column.deadline for column in _table().columns} == {date(YEAR + 1, 3, 13)}


def test_a_missing_submission_leaves_a_gap(libraries: list[Organisation]) -> None:
    Submission.objects.filter(questionnaire="bezit", participation__organisation=libraries[2]).delete()
    assert _table().rows[2].states["bezit"] is None


def test_queries_do_not_grow_with_organisations() -> None:
    counts = []
    for numbers in ((1,), (2, 3)):
        for number in numbers:
            take_part(make_library(number))
        with CaptureQueriesContext(connection) as queries:
            assert len(_table().rows) == numbers[-1]
        counts.append(len(queries))
    assert counts == [4, 4]


def test_pois_of_the_libraries_in_view(libraries: list[Organisation]) -> None:
    make_poi(2)
    assert pois_in(Organisation.objects.all()) == {"NL-07000010000": "POI 1"}
