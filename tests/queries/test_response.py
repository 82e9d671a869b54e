"""How the lists of a year come in: counts, and day by day."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from surveys.forms.curves import picture_of
from surveys.models import Extension, Organisation, Submission, Transition, User, Window
from surveys.queries.overview import table_of_year
from surveys.queries.response import MOST_DAYS, ListResponse, Response, response
from surveys.queries.selection import Notice, Selection, select
from surveys.workflow import Role
from tests.factories import YEAR, make_library, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def libraries() -> list[Organisation]:
    """Two in Drenthe and one in Zeeland, also in the year before."""
    found = [make_library(1), make_library(2), make_library(3, province="Zeeland")]
    for library in found:
        take_part(library, YEAR - 1)
        take_part(library)
    return found


@pytest.fixture
def kb() -> User:
    return make_user(Role.KB)


def _window(year: int = YEAR) -> Window:
    return Window.objects.get(round_id=year, questionnaire="bezit")


def _submit(
    library: Organisation, day: date, kb: User, *, year: int = YEAR, state: str = "submitted"
) -> None:
    moment = timezone.make_aware(datetime.combine(day, time(23, 30)))
    approved = {"approved_at": moment, "approved_by": kb} if state == "approved" else {}
    Submission.objects.filter(pk=submission_of(library, "bezit", year).pk).update(
        state=state, submitted_at=moment, submitted_by=kb, **approved
    )


def _response(today: date) -> Response:
    return response(year=YEAR, organisations=Organisation.objects.filter(type="library"), today=today)


def _of_bezit(today: date) -> ListResponse:
    return next(one for one in _response(today).lists if one.questionnaire.code == "bezit")


def test_complete_and_in_time(libraries: list[Organisation], kb: User) -> None:
    deadline = _window().deadline
    _submit(libraries[0], deadline, kb)
    _submit(libraries[1], deadline + timedelta(days=1), kb, state="approved")
    found = _response(deadline + timedelta(days=2))
    [count] = [one.count for one in found.lists if one.questionnaire.code == "bezit"]
    assert (count.total, count.delivered, count.in_time, count.late) == (3, 2, 1, 1)
    assert (count.percentage, count.in_time_percentage) == (66, 33)
    assert (found.every.total, found.every.delivered, found.every.late) == (15, 2, 13)
    drenthe, zeeland = found.provinces["Drenthe"]["bezit"], found.provinces["Zeeland"]["bezit"]
    assert (drenthe.total, drenthe.delivered, zeeland.total, zeeland.delivered) == (2, 2, 1, 0)


def test_an_extension_makes_it_in_time(libraries: list[Organisation], kb: User) -> None:
    day = _window().deadline + timedelta(days=5)
    _submit(libraries[0], day, kb)
    Extension.objects.create(
        submission=submission_of(libraries[0], "bezit"), until=day, reason="brand", at=timezone.now(), by=kb
    )
    count = _of_bezit(day).count
    assert (count.in_time, count.late) == (1, 2)


def test_nothing_is_late_on_the_last_day(libraries: list[Organisation]) -> None:
    assert _response(_window().deadline).every.late == 0


def test_what_was_sent_back_counts_no_longer(libraries: list[Organisation], kb: User) -> None:
    opens = _window().opens
    _submit(libraries[0], opens, kb)
    Submission.objects.filter(pk=submission_of(libraries[0], "bezit").pk).update(
        state="returned", submitted_at=None, submitted_by=None
    )
    found = _of_bezit(opens + timedelta(days=3))
    assert (found.count.delivered, found.now.at(3)) == (0, 0)


def test_in_again_after_it_was_sent_back_it_is_as_timely_as_it_first_was(
    libraries: list[Organisation], kb: User
) -> None:
    deadline = _window().deadline
    first = timezone.make_aware(datetime.combine(deadline, time(12)))
    bezit = submission_of(libraries[0], "bezit")
    steps = (
        ("submit", "in_progress", "submitted"),
        ("return", "submitted", "returned"),
        ("submit", "returned", "submitted"),
    )
    for days, (step, before, after) in enumerate(steps):
        Transition.objects.create(
            submission=bezit, step=step, before=before, after=after, at=first + timedelta(days=days), by=kb,
            reason="Het totaal klopt niet." if step == "return" else "",
        )  # fmt: skip
    _submit(libraries[0], deadline + timedelta(days=2), kb)
    found = _of_bezit(deadline + timedelta(days=3))
    assert (found.count.delivered, found.count.in_time) == (1, 1)
    assert found.now.at(found.day_of(deadline)) == 1
    every = Organisation.objects.filter(type="library")
    table = table_of_year(year=YEAR, organisations=every, today=deadline + timedelta(days=3))
    told = select(table, Selection(questionnaire="bezit", notice=Notice.IN_TIME))
    assert [row.isil for row in told.rows] == [libraries[0].isil]


@pytest.mark.parametrize("opens", [date.min, date(24, 1, 1), date.max])
def test_a_date_out_of_reason_is_drawn_within_bounds(
    libraries: list[Organisation], kb: User, opens: date
) -> None:
    Window.objects.filter(questionnaire="bezit").update(
        opens=opens, deadline=max(opens, _window().deadline), last_change=date.max
    )
    _submit(libraries[0], _window(YEAR - 1).deadline, kb)
    found = _of_bezit(date(YEAR + 1, 6, 1))
    assert 0 <= found.day_of(found.last) <= MOST_DAYS
    assert picture_of(found).now
    client = Client()
    client.force_login(kb)
    page = client.get(f"/kb/{YEAR}/respons/")
    assert page.status_code == 200
    assert len(page.content) < 200_000


def test_day_by_day_beside_the_same_days_of_last_year(libraries: list[Organisation], kb: User) -> None:
    opens, before = _window().opens, _window(YEAR - 1).opens
    _submit(libraries[0], opens + timedelta(days=2), kb)
    _submit(libraries[1], opens + timedelta(days=4), kb)
    for library in libraries:
        _submit(library, before + timedelta(days=1), kb, year=YEAR - 1)
    found = _of_bezit(opens + timedelta(days=4))
    assert [found.now.at(day) for day in range(6)] == [0, 0, 1, 1, 2, 2]
    assert [found.before.at(day) for day in range(3)] == [0, 3, 3]
    assert picture_of(found).title == (
        "Bezit: 2 van 3 ingediend, 2 op tijd. Vorig jaar op deze dag 100%, nu 66%."
    )


def test_a_picture_ends_today(libraries: list[Organisation], kb: User) -> None:
    window = _window()
    _submit(libraries[0], window.opens, kb)
    middle = picture_of(_of_bezit(window.deadline))
    end = picture_of(_of_bezit(window.last_change + timedelta(days=90)))
    assert middle.deadline == middle.now_label.x - 6
    assert end.now.endswith(f"H{end.right}")
    assert middle.before == ""


def test_a_round_without_anybody_is_empty() -> None:
    make_library(1)
    found = _response(date(YEAR + 1, 1, 1))
    assert (found.every.total, found.every.percentage, found.provinces) == (0, None, {})
    assert [picture_of(one).now for one in found.lists] == [""] * len(found.lists)


def test_one_query_however_many_there_are(libraries: list[Organisation]) -> None:
    day = _window().deadline
    with CaptureQueriesContext(connection) as queries:
        _response(day)
    assert len(queries) == 1
