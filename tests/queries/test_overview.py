"""The table of the KB: who is in it, in what order, and the counts above it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from surveys.models import (
    AnswerChange,
    Extension,
    Organisation,
    OrganisationChange,
    Participation,
    Remark,
    Submission,
    Window,
)
from surveys.queries.deliveries import delivery_of
from surveys.queries.overview import pois_in, table_of_year
from surveys.queries.progress import progress_of
from surveys.queries.selection import Notice, Overview, Selection, select
from surveys.questionnaires.loader import load_edition
from surveys.workflow import RemarkState, Role, SubmissionState
from tests.actions.test_bounds import move
from tests.factories import (
    YEAR,
    complete,
    explain_all,
    give,
    make_library,
    make_poi,
    make_round,
    make_user,
    submission_of,
    take_part,
)

pytestmark = pytest.mark.django_db
EVERY = Selection()


def _table(selection: Selection = EVERY, today: date | None = None) -> Overview:
    libraries = Organisation.objects.filter(type=Organisation.Type.LIBRARY)
    day = today or timezone.localdate()
    return select(table_of_year(year=YEAR, organisations=libraries, today=day), selection)


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
        (Selection(questionnaire="bezit", states=frozenset({SubmissionState.NOT_STARTED})), [2, 3]),
        (Selection(states=frozenset({SubmissionState.IN_PROGRESS})), [1, 2]),
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
            clicked = replace(chosen, questionnaire=column.questionnaire.code, states=frozenset({state}))
            assert len(_names(clicked)) == count


def test_deadlines_come_from_the_windows(libraries: list[Organisation]) -> None:
    deadlines = dict(Window.objects.values_list("questionnaire", "deadline"))
    assert {column.questionnaire.code: column.deadline for column in _table().columns} == deadlines


def test_a_missing_submission_leaves_a_gap(libraries: list[Organisation]) -> None:
    Submission.objects.filter(questionnaire="bezit", participation__organisation=libraries[2]).delete()
    assert _table().rows[2].states["bezit"] is None


def _after_deadline(days: int) -> date:
    return Window.objects.get(round_id=YEAR, questionnaire="bezit").deadline + timedelta(days=days)


def test_what_is_overdue_counts_its_days_until_it_is_in(libraries: list[Organisation]) -> None:
    move(libraries[1], "bezit", "submitted", make_user(Role.KB))
    rows = _table(today=_after_deadline(3)).rows
    assert [row.cells["bezit"].late for row in rows] == [3, 0, 3]  # type: ignore[union-attr]
    assert [row.cells["bezit"].late for row in _table(today=_after_deadline(0)).rows] == [0, 0, 0]  # type: ignore[union-attr]
    late = select_names(Selection(questionnaire="bezit", notice=Notice.LATE), _after_deadline(1))
    assert late == ["Bibliotheek 1", "Bibliotheek 3"]
    assert select_names(Selection(notice=Notice.IN_TIME), _after_deadline(1)) == ["Bibliotheek 2"]


def select_names(selection: Selection, today: date) -> list[str]:
    return [row.name for row in _table(selection, today).rows]


def test_an_extension_is_the_day_it_is_due(libraries: list[Organisation]) -> None:
    submission, kb = submission_of(libraries[0], "bezit"), make_user(Role.KB)
    until = _after_deadline(5)
    Extension.objects.create(submission=submission, until=until, reason="brand", at=timezone.now(), by=kb)
    [cell, other, _] = [row.cells["bezit"] for row in _table(today=_after_deadline(6)).rows]
    assert cell is not None
    assert other is not None
    assert (cell.term.extension, cell.late, other.late) == (until, 1, 6)


def test_a_signal_is_open_until_it_is_explained(libraries: list[Organisation]) -> None:
    take_part(libraries[1], YEAR - 1)
    give(submission_of(libraries[1], "bezit", YEAR - 1), {"bezoeken_website": 65_000})
    submission = submission_of(libraries[1], "bezit")
    give(submission, {"bezoeken_website": 0})
    [_, cell, _] = [row.cells["bezit"] for row in _table().rows]
    assert cell is not None
    assert (cell.signals, cell.explained) == (1, 0)
    odd = Selection(questionnaire="bezit", notice=Notice.SIGNALS)
    assert _names(odd) == ["Bibliotheek 2"]
    assert _names(Selection(questionnaire="bezit", order="signalen"))[0] == "Bibliotheek 2"
    explain_all(submission)
    [_, cell, _] = [row.cells["bezit"] for row in _table().rows]
    assert cell is not None
    assert (cell.signals, cell.explained) == (0, 1)
    assert _names(odd) == []


def test_progress_is_of_what_is_wanted(libraries: list[Organisation]) -> None:
    submission = submission_of(libraries[0], "personeel")
    complete(submission)
    progress = progress_of(delivery_of(submission))
    [cell, empty, _] = [row.cells["personeel"] for row in _table().rows]
    assert cell is not None
    assert empty is not None
    assert (cell.answered, cell.wanted, cell.percentage) == (progress.answered, progress.wanted, 100)
    assert empty.percentage == 0
    assert _names(Selection(order="voortgang"))[0] == "Bibliotheek 1"


def test_a_question_waits_until_it_is_closed(libraries: list[Organisation]) -> None:
    kb = make_user(Role.KB)
    move(libraries[1], "bezit", "submitted", kb)
    remark = Remark.objects.create(
        submission=submission_of(libraries[1], "bezit"), text="Klopt dit?", made_at=timezone.now(), made_by=kb
    )
    asked = Selection(notice=Notice.REMARKS)
    assert _names(asked) == ["Bibliotheek 2"]
    remark.state, remark.sent_at = RemarkState.CLOSED.value, timezone.now()
    remark.closed_at, remark.closed_by = timezone.now(), kb
    remark.save()
    assert _names(asked) == []


def test_what_was_changed_after_the_approval_is_told(libraries: list[Organisation]) -> None:
    kb = make_user(Role.KB)
    now = {"submitted_at": timezone.now(), "approved_at": timezone.now()}
    Submission.objects.filter(pk=submission_of(libraries[0], "bezit").pk).update(
        state="approved", submitted_by=kb, approved_by=kb, **now
    )
    changed = Selection(notice=Notice.CHANGED)
    assert _names(changed) == []
    AnswerChange.objects.create(
        submission=submission_of(libraries[0], "bezit"),
        question="afhaalpunten",
        state="given",
        hundredths=500,
        source="kb",
        reason="telfout",
        at=timezone.now() + timedelta(seconds=1),
        by=kb,
    )
    assert _names(changed) == ["Bibliotheek 1"]


def test_selection_on_size(libraries: list[Organisation]) -> None:
    libraries[1].participations.update(inhabitants=130_000)
    assert _names(Selection(size_class="120.000 inwoners of meer")) == ["Bibliotheek 2"]


def test_who_no_longer_takes_part_is_not_in_it(libraries: list[Organisation]) -> None:
    change = OrganisationChange.objects.create(
        kind="closure", date=date(YEAR, 12, 1), added_at=timezone.now(), added_by=make_user(Role.KB)
    )
    libraries[2].participations.update(ended_by=change)
    assert _names(EVERY) == ["Bibliotheek 1", "Bibliotheek 2"]


def _count_queries(organisations: int) -> int:
    """Once what is remembered has been computed."""
    assert len(_table().rows) == organisations
    with CaptureQueriesContext(connection) as queries:
        _table()
    return len(queries)


def test_queries_do_not_grow_with_organisations() -> None:
    counts = []
    for numbers in ((1,), (2, 3)):
        for number in numbers:
            take_part(make_library(number))
        counts.append(_count_queries(numbers[-1]))
    assert counts == [10, 10]


def test_queries_of_a_thousand_organisations() -> None:
    year = make_round()
    libraries = Organisation.objects.bulk_create(
        Organisation(isil=f"NL-08{number:05}0000", name=f"Bibliotheek {number}", province="Drenthe")
        for number in range(1_000)
    )
    taking_part = Participation.objects.bulk_create(
        Participation(round=year, organisation=one, inhabitants=50_000) for one in libraries
    )
    Submission.objects.bulk_create(
        Submission(participation=one, questionnaire=questionnaire.code)
        for one in taking_part
        for questionnaire in load_edition(YEAR).questionnaires
    )
    assert _count_queries(1_000) == 10


def test_pois_of_the_libraries_in_view(libraries: list[Organisation]) -> None:
    make_poi(2)
    assert pois_in(Organisation.objects.all()) == {"NL-07000010000": "POI 1"}
