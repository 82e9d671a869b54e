"""The dates of a round, which lock, and more time for one list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.utils import timezone

from surveys.actions.submissions import send_back, submit
from surveys.actions.terms import (
    AFTER_RETURN,
    Dates,
    TermRefusedError,
    days_of_round,
    extend,
    in_words,
    problems_of_dates,
    set_windows,
)
from surveys.models import ContactMoment, Extension, Organisation, Round, User, Window
from surveys.queries.terms import term_of
from surveys.workflow import Role, StepRefusedError
from tests.actions.test_bounds import move
from tests.factories import (
    YEAR,
    complete,
    make_library,
    make_round,
    make_user,
    seen_at,
    set_window,
    submission_of,
    take_part,
)

pytestmark = pytest.mark.django_db


def day(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


@pytest.fixture
def library() -> Organisation:
    library = make_library(locations=1)
    take_part(library)
    return library


@pytest.fixture
def anna(library: Organisation) -> User:
    return make_user(Role.LIBRARY, library, name="Anna Bos")


@pytest.fixture
def kb() -> User:
    return make_user(Role.KB, name="Kees Berg")


def close(questionnaire: str) -> None:
    set_window(Round.objects.get(year=YEAR), questionnaire, opens=-90, deadline=-60, last_change=-30)


def test_what_is_shut_is_not_submitted(library: Organisation, anna: User, kb: User) -> None:
    complete(submission_of(library, "profiel"), {"gecombineerd": "nee"})
    close("profiel")
    with pytest.raises(StepRefusedError, match=r"Wijzigen kon tot en met .* Vraag de KB om uitstel."):
        submit(submission=submission_of(library, "profiel"), by=anna)
    extend(submission=submission_of(library, "profiel"), until=day(0), reason="Ziekte.", by=kb)
    assert submit(submission=submission_of(library, "profiel"), by=anna).state == "submitted"


def test_a_next_extension_is_later(library: Organisation, kb: User) -> None:
    close("bezit")
    for number in (5, 20):
        extend(submission=submission_of(library, "bezit"), until=day(number), reason="Ziekte.", by=kb)
    term = term_of(submission_of(library, "bezit"))
    assert (term.due, term.closes) == (day(20), day(20))
    for number in (5, 20):
        with pytest.raises(TermRefusedError) as refused:
            extend(submission=submission_of(library, "bezit"), until=day(number), reason="Toch niet.", by=kb)
        assert refused.value.problems["until"] == (
            f"Deze lijst heeft al uitstel tot en met {in_words(day(20))}. Kies een latere dag."
        )
    assert Extension.objects.count() == 2


def test_the_same_extension_by_a_double_click_is_one(
    library: Organisation, anna: User, kb: User, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            extend(
                submission=submission_of(library, "bezit"),
                until=day(40),
                reason=" Ziekte. ",
                by=kb,
                is_told=True,
            )
    assert Extension.objects.get().reason == "Ziekte."
    [message] = mail.outbox
    assert message.to == [anna.email]
    assert "Ziekte." in message.body
    assert f"/levering/{YEAR}/{library.isil}/bezit/" in message.body


@pytest.mark.parametrize(
    ("until", "reason", "problem", "words"),
    [
        (-1, "Ziekte.", "until", "is voorbij. Kies vandaag of een latere dag."),
        (30, "Ziekte.", "until", "De gewone termijn loopt tot en met"),
        (9_999, "Ziekte.", "until", "Kies een dag tot en met 31 december"),
        (31, " . ", "reason", "Schrijf in een paar woorden waarom"),
        (31, "x" * 1001, "reason", "Kort de tekst in."),
    ],
)
def test_an_extension_that_cannot_be(
    library: Organisation, kb: User, until: int, reason: str, problem: str, words: str
) -> None:
    with pytest.raises(TermRefusedError) as refused:
        extend(submission=submission_of(library, "bezit"), until=day(until), reason=reason, by=kb)
    assert list(refused.value.problems) == [problem]
    assert words in refused.value.problems[problem]
    assert not Extension.objects.exists()


def test_what_is_in_needs_no_extension(library: Organisation, kb: User) -> None:
    move(library, "bezit", "submitted", kb)
    with pytest.raises(TermRefusedError, match="is al ingediend: uitstel is niet nodig"):
        extend(submission=submission_of(library, "bezit"), until=day(90), reason="Ziekte.", by=kb)


def test_without_dates_there_is_nothing_to_extend(library: Organisation, kb: User) -> None:
    Window.objects.all().delete()
    with pytest.raises(TermRefusedError, match="heeft geen termijn"):
        extend(submission=submission_of(library, "bezit"), until=day(90), reason="Ziekte.", by=kb)


@pytest.mark.parametrize(
    ("deadline", "last_change", "is_extended"),
    [(-60, -30, True), (0, 0, True), (13, 13, True), (14, 14, False), (20, 90, False), (-5, 90, True)],
)
def test_a_list_that_comes_back_can_be_changed_for_two_weeks(
    library: Organisation, kb: User, deadline: int, last_change: int, is_extended: bool
) -> None:
    move(library, "bezit", "submitted", kb)
    round_ = Round.objects.get(year=YEAR)
    set_window(round_, "bezit", opens=-90, deadline=deadline, last_change=last_change)
    submission = submission_of(library, "bezit")
    back = send_back(submission=submission, by=kb, reason="Kijk dit na.", seen=seen_at(submission))
    assert Extension.objects.exists() is is_extended
    term = submission_of(library, "bezit").term
    assert back.term == term
    least = AFTER_RETURN.days if is_extended else -999
    assert (term.due, term.closes) == (day(max(deadline, least)), day(max(last_change, least)))
    assert term.is_open(day(0))


def test_whoever_is_turned_to_is_mailed_that_it_came_back(
    library: Organisation, anna: User, kb: User, django_capture_on_commit_callbacks
) -> None:
    make_user(Role.LIBRARY, library, name="Bram Vos", questionnaires="personeel")
    move(library, "bezit", "submitted", kb)
    submission = submission_of(library, "bezit")
    seen = seen_at(submission)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            send_back(submission=submission, by=kb, reason="Klopt 5 > 3?", seen=seen)
    [message] = mail.outbox
    assert message.to == [anna.email]
    assert "Klopt 5 > 3?" in message.body
    moment = ContactMoment.objects.get()
    assert (moment.kind, moment.by, moment.recipient) == ("returned", kb, anna)


def test_dates_that_are_set_are_logged_once(kb: User) -> None:
    round_ = make_round()
    dates = Dates(day(-5), day(5), day(9))
    told = set_windows(round_=round_, windows={"bezit": dates}, by=kb)
    assert len(told) == 1
    window = Window.objects.get(round=round_, questionnaire="bezit")
    assert (window.opens, window.deadline, window.last_change) == (day(-5), day(5), day(9))
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.change_message) == (kb, str(YEAR), told[0])
    assert set_windows(round_=round_, windows={"bezit": dates}, by=kb) == []
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("dates", "field", "told"),
    [
        ((5, 4, 9), "deadline", "Bezit: Dit ligt vóór de eerste dag"),
        ((1, 5, 4), "last_change", "Bezit: Dit ligt vóór de dag van indienen"),
    ],
)
def test_dates_in_another_order_are_refused_by_name(
    kb: User, dates: tuple[int, int, int], field: str, told: str
) -> None:
    before = set(Window.objects.values_list("pk", "opens", "deadline", "last_change"))
    with pytest.raises(TermRefusedError, match=told) as refused:
        set_windows(round_=make_round(), windows={"bezit": Dates(*map(day, dates))}, by=kb)
    assert list(refused.value.problems) == [field]
    assert before <= set(Window.objects.values_list("pk", "opens", "deadline", "last_change"))


def test_dates_of_another_time_are_refused() -> None:
    """Of one of these the pages of the round would have tens of thousands of days."""
    today = date(2026, 11, 24)
    assert days_of_round(2025, today) == (date(2025, 1, 1), date(2028, 12, 31))
    assert days_of_round(2020, today) == (date(2020, 1, 1), date(2027, 12, 31))
    told = "Kies een dag van 1-1-2025 tot en met 31-12-2028."
    dates = Dates(date(1, 1, 1), date(2026, 12, 1), date(9999, 12, 31))
    assert problems_of_dates(dates, year=2025, today=today) == {"opens": told, "last_change": told}
    assert not problems_of_dates(
        Dates(date(2025, 1, 1), date(2026, 12, 1), date(2028, 12, 31)), year=2025, today=today
    )
