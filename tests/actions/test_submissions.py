"""Every move of a submission, and the machine of all moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from surveys.actions import submissions
from surveys.actions.answers import Entry, save_answers
from surveys.actions.submissions import (
    NotReadyError,
    OvertakenError,
    approve,
    begin,
    enrol,
    send_back,
    submit,
)
from surveys.models import AnswerChange, Organisation, Submission, Transition, User, Window
from surveys.queries.answers import answers_of, values_of
from surveys.queries.deliveries import Delivery, delivery_of, profile_is_settled
from surveys.queries.progress import todo_of
from surveys.questionnaires.loader import load_edition
from surveys.values import Value
from surveys.workflow import DELIVERED, Role, StepRefusedError
from tests.actions.test_bounds import move
from tests.factories import (
    YEAR,
    complete,
    give,
    make_library,
    make_round,
    make_user,
    seen_at,
    submission_of,
    take_part,
)

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def library() -> Organisation:
    library = make_library(locations=1)
    take_part(library)
    return library


@pytest.fixture
def user(library: Organisation) -> User:
    return make_user(Role.LIBRARY, library, name="Anna")


@pytest.fixture
def kb() -> User:
    return make_user(Role.KB, name="Kees")


def settle(library: Organisation, user: User) -> Submission:
    """The profile, submitted: a plain library."""
    profile = submission_of(library, "profiel")
    complete(profile, {"gecombineerd": "nee"})
    return submit(submission=profile, by=user)


def transitions(submission: Submission) -> list[tuple[str, str, str, str, str]]:
    fields = ("step", "before", "after", "by__name", "reason")
    return list(Transition.objects.filter(submission=submission).values_list(*fields))


def test_to_take_part_is_to_have_every_list_waiting() -> None:
    library = make_library()
    participation = enrol(year=make_round(), organisation=library, inhabitants=50_000)
    assert (participation.organisation, participation.round_id, participation.inhabitants) == (
        library,
        YEAR,
        50_000,
    )
    assert sorted(participation.submissions.values_list("questionnaire", "state")) == sorted(
        (code, "not_started") for code in load_edition(YEAR).by_code
    )


def test_to_begin_is_to_begin_once(library: Organisation, user: User) -> None:
    submission, other = submission_of(library, "bezit"), submission_of(library, "bezit")
    begin(submission=submission, by=user)
    begin(submission=submission, by=user)
    begin(submission=other, by=user)
    assert (submission.state, other.state) == ("in_progress", "in_progress")
    assert transitions(submission) == [("begin", "not_started", "in_progress", "Anna", "")]


def test_what_is_left_to_do_stops_it(library: Organisation, user: User) -> None:
    settle(library, user)
    submission = submission_of(library, "personeel")
    begin(submission=submission, by=user)
    with pytest.raises(NotReadyError) as refused:
        submit(submission=submission, by=user)
    todo = todo_of(delivery_of(submission))
    assert (refused.value.todo, refused.value.profile_is_open) == (todo, False)
    assert len(todo) > 10
    assert str(refused.value) == f"{len(todo)} to do"
    submission.refresh_from_db()
    assert (submission.state, submission.submitted_at) == ("in_progress", None)


def test_the_profile_comes_first(library: Organisation, user: User) -> None:
    submission = submission_of(library, "financieel")
    assert profile_is_settled(submission) is False
    profile = submission_of(library, "profiel")
    complete(profile, {"gecombineerd": "nee"})
    complete(submission)
    with pytest.raises(NotReadyError) as refused:
        submit(submission=submission, by=user)
    assert (refused.value.todo, refused.value.profile_is_open) == ([], True)
    submit(submission=profile, by=user)
    assert profile_is_settled(submission) is True
    assert submit(submission=submission, by=user).state == "submitted"


def test_a_profile_that_is_settled_while_a_list_is_read_comes_too_late(
    library: Organisation, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the list would be judged by the profile as it was before."""
    profile, submission = submission_of(library, "profiel"), submission_of(library, "financieel")
    complete(profile, {"gecombineerd": "nee"})
    complete(submission)

    def read(one: Submission) -> Delivery:
        found = delivery_of(one)
        now = {"state": "submitted", "submitted_at": user.date_joined, "submitted_by": user}
        Submission.objects.filter(pk=profile.pk).update(**now)
        return found

    monkeypatch.setattr(submissions, "delivery_of", read)
    with pytest.raises(NotReadyError) as refused:
        submit(submission=submission, by=user)
    assert (refused.value.todo, refused.value.profile_is_open) == ([], True)


@pytest.mark.parametrize("questionnaire", load_edition(YEAR).by_code)
def test_every_list_can_be_filled_in_and_submitted(
    library: Organisation, user: User, questionnaire: str
) -> None:
    profile = settle(library, user)
    submission = submission_of(library, questionnaire)
    if questionnaire != profile.questionnaire:
        complete(submission)
        assert todo_of(delivery_of(submission)) == []
    submitted = submit(submission=submission, by=user)
    assert (submitted.state, submitted.submitted_by) == ("submitted", user)
    assert submitted.submitted_at is not None


def test_a_double_click_submits_once(library: Organisation, user: User, kb: User) -> None:
    settle(library, user)
    submission = submission_of(library, "personeel")
    complete(submission)
    first = submit(submission=submission, by=user)
    second = submit(submission=submission, by=kb)
    assert (second.submitted_at, second.submitted_by) == (first.submitted_at, user)
    assert [one[0] for one in transitions(submission)] == ["submit"]


def test_the_way_there_and_back(library: Organisation, user: User, kb: User) -> None:
    submission = settle(library, user)
    approved = approve(submission=submission, by=kb, seen=seen_at(submission))
    assert (approved.state, approved.approved_by, approved.submitted_by) == ("approved", kb, user)
    returned = send_back(
        submission=submission, by=kb, reason="  Kijk het aantal na. ", seen=seen_at(submission)
    )
    assert (
        returned.state,
        returned.submitted_at,
        returned.submitted_by,
        returned.approved_at,
        returned.approved_by,
    ) == ("returned", None, None, None, None)
    begin(submission=submission_of(library, "profiel"), by=user)
    submit(submission=submission, by=user)
    assert transitions(submission) == [
        ("submit", "in_progress", "submitted", "Anna", ""),
        ("approve", "submitted", "approved", "Kees", ""),
        ("return", "approved", "returned", "Kees", "Kijk het aantal na."),
        ("begin", "returned", "in_progress", "Anna", ""),
        ("submit", "in_progress", "submitted", "Anna", ""),
    ]


REFUSED: dict[str, tuple[Callable[[Submission, User], object], str]] = {
    "approve what is open": (lambda s, u: approve(submission=s, by=u, seen=0), "niet begonnen"),
    "send back what is open": (
        lambda s, u: send_back(submission=s, by=u, reason="Nu.", seen=0),
        "niet begonnen",
    ),
    "begin what is delivered": (
        lambda s, u: begin(submission=submission_of(s.participation.organisation, "profiel"), by=u),
        "ingediend",
    ),
}


@pytest.mark.parametrize(("move", "state"), REFUSED.values(), ids=REFUSED)
def test_a_step_that_cannot_be_made(
    library: Organisation, user: User, move: Callable[[Submission, User], object], state: str
) -> None:
    settle(library, user)
    submission = submission_of(library, "bezit")
    before = Transition.objects.count()
    with pytest.raises(StepRefusedError) as refused:
        move(submission, user)
    assert str(refused.value) == f"Deze vragenlijst is {state}; deze stap kan nu niet."
    submission.refresh_from_db()
    assert (submission.state, Transition.objects.count()) == ("not_started", before)


def test_what_was_not_begun_cannot_be_submitted(library: Organisation, user: User) -> None:
    """Prefilled answers may be complete; still somebody must have looked."""
    submission = submission_of(library, "profiel")
    complete(submission, {"gecombineerd": "nee"})
    Submission.objects.filter(pk=submission.pk).update(state="not_started")
    with pytest.raises(StepRefusedError):
        submit(submission=submission, by=user)


def test_sending_back_needs_a_reason(library: Organisation, user: User, kb: User) -> None:
    submission = settle(library, user)
    with pytest.raises(StepRefusedError, match=r"^Geef een reden op\.$"):
        send_back(submission=submission, by=kb, reason=" ", seen=seen_at(submission))
    submission.refresh_from_db()
    assert (submission.state, len(transitions(submission))) == ("submitted", 1)


def test_a_double_click_approves_and_returns_once(library: Organisation, user: User, kb: User) -> None:
    profile = settle(library, user)
    seen = seen_at(profile)
    first, second = (approve(submission=profile, by=kb, seen=seen) for _ in range(2))
    assert first.approved_at == second.approved_at
    seen = seen_at(profile)
    for _ in range(2):
        send_back(submission=profile, by=kb, reason="Kijk dit na.", seen=seen)
    assert [one[0] for one in transitions(profile)] == ["submit", "approve", "return"]


def test_a_page_of_before_decides_nothing(library: Organisation, user: User, kb: User) -> None:
    """It says what happened since, in order, by whom and when."""
    Window.objects.all().delete()  # or it were not open yet then
    profile, noor = settle(library, user), make_user(Role.KB, name="Noor Wessenaar")
    seen = seen_at(profile)
    with time_machine.travel(datetime(2024, 3, 5, 14, 20, tzinfo=AMSTERDAM), tick=False):
        send_back(submission=profile, by=noor, reason="Kijk dit na.", seen=seen)
        told = "Noor Wessenaar stuurde deze lijst om 14.20 terug."
        moves: list[Callable[[], object]] = [
            lambda: approve(submission=profile, by=kb, seen=seen),
            lambda: send_back(submission=profile, by=kb, reason="Kijk dit na.", seen=seen),
            lambda: send_back(submission=profile, by=noor, reason="En ook dat.", seen=seen),
        ]
        for move in moves:
            with pytest.raises(OvertakenError) as refused:
                move()
            assert str(refused.value) == told
    with time_machine.travel(datetime(2024, 3, 6, 9, 5, tzinfo=AMSTERDAM), tick=False):
        begin(submission=submission_of(library, "profiel"), by=user)
        submit(submission=profile, by=user)
        with pytest.raises(OvertakenError) as refused:
            approve(submission=profile, by=kb, seen=seen)
    assert str(refused.value) == (
        "Noor Wessenaar stuurde deze lijst op 5 maart 2024 om 14.20 terug. "
        "Anna begon om 09.05 met invullen. Anna diende deze lijst om 09.05 in."
    )
    profile.refresh_from_db()
    assert (profile.state, len(transitions(profile))) == ("submitted", 4)


def test_what_is_open_stands_in_the_way_of_approving(library: Organisation, user: User, kb: User) -> None:
    """New bounds or another list may have raised a signal since it was submitted."""
    settle(library, user)
    submission = submission_of(library, "bezit")
    isil = library.locations.get().isil
    give(submission, {("uren_open", isil): 20, ("uren_bemand", isil): 25})
    move(library, "bezit", "submitted", user)
    with pytest.raises(StepRefusedError, match=r"^Er staat nog 1 fout open\.$"):
        approve(submission=submission, by=kb, seen=seen_at(submission))
    submission.refresh_from_db()
    assert (submission.state, len(transitions(submission))) == ("submitted", 1)


def test_a_profile_on_which_lists_rest_stays(library: Organisation, user: User, kb: User) -> None:
    """To change it would change what those lists show."""
    profile = settle(library, user)
    for code in ("personeel", "bezit"):
        move(library, code, "submitted", user)

    def back(code: str) -> Submission:
        submission = submission_of(library, code)
        return send_back(submission=submission, by=kb, reason="Kijk dit na.", seen=seen_at(submission))

    with pytest.raises(StepRefusedError) as refused:
        back("profiel")
    assert str(refused.value) == (
        "Bezit en Personeel zijn al ingediend en berusten op dit profiel. "
        "Stuur eerst deze lijsten terug en daarna het profiel."
    )
    back("bezit")
    with pytest.raises(
        StepRefusedError, match=r"^Personeel is al ingediend en berust op dit profiel\. Stuur"
    ):
        back("profiel")
    assert (len(transitions(profile)), submission_of(library, "profiel").state) == (1, "submitted")
    back("personeel")
    assert back("profiel").state == "returned"


class Filling(RuleBasedStateMachine):
    """Colleagues and the KB do whatever comes up; the log and the states stay true."""

    codes = ("gegevens_kloppen", "gecombineerd", "opmerkingen_profiel")

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        library = make_library(locations=1)
        take_part(library)
        self.library, self.user, self.kb = library, make_user(Role.LIBRARY, library), make_user(Role.KB)
        self.changes = self.steps = self.seen = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @property
    def submission(self) -> Submission:
        return submission_of(self.library, "profiel")

    @initialize()
    def fill_in(self) -> None:
        submission = self.submission
        begin(submission=submission, by=self.user)
        self.steps += 1
        complete(submission, {"gecombineerd": "nee"})
        self.changes = AnswerChange.objects.count()

    @rule(code=st.sampled_from(codes), text=st.sampled_from(["ja", "nee", None]), stale=st.booleans())
    def save(self, code: str, text: str | None, stale: bool) -> None:
        submission = self.submission
        stored = answers_of(submission)
        before = None if stale else stored.get((code, ""))
        value = None if text is None else Value.of(text)
        saved = save_answers(
            submission=submission, entries=[Entry(code, "", value, before)], by=self.user, source="form"
        )
        is_written = saved.versions != {} and (value is not None or before is not None)
        self.changes += is_written
        if submission.current_state in DELIVERED:
            assert (is_written, answers_of(submission)) == (False, stored)
        if is_written:
            assert values_of(submission).get((code, "")) == value

    @rule()
    def open_the_page(self) -> None:
        self.seen = seen_at(self.submission)

    @rule(
        move=st.sampled_from([begin, submit, approve, send_back]),
        reason=st.sampled_from(["", "Kijk het na."]),
    )
    def move(self, move: Callable[..., object], reason: str) -> None:
        submission = self.submission
        before = submission.state
        more: dict[str, object] = {"seen": self.seen} if move in (approve, send_back) else {}
        if move is send_back:
            more["reason"] = reason
        is_stale = bool(more) and self.seen != seen_at(submission)
        try:
            move(submission=submission, by=self.kb if move in (approve, send_back) else self.user, **more)
        except (StepRefusedError, NotReadyError):
            assert self.submission.state == before
        assert not is_stale or self.submission.state == before
        self.steps += self.submission.state != before

    @invariant()
    def the_log_tells_what_stands_there(self) -> None:
        if not self.changes:
            return
        submission = self.submission
        assert AnswerChange.objects.count() == self.changes
        assert Transition.objects.count() == self.steps
        assert values_of(submission, AnswerChange.objects.latest("pk").at) == values_of(submission)

    @invariant()
    def the_state_is_what_the_last_step_left(self) -> None:
        last = Transition.objects.order_by("pk").last()
        assert self.submission.state == (last.after if last else "not_started")
        assert bool(self.submission.submitted_at) == (self.submission.current_state in DELIVERED)


def test_whatever_is_done_the_log_and_the_states_stay_true() -> None:
    run_state_machine_as_test(
        Filling,
        settings=settings(
            max_examples=8,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_give_and_complete_leave_a_log(library: Organisation) -> None:
    submission = submission_of(library, "profiel")
    give(submission, {"gecombineerd": "nee"})
    assert submission.state == "in_progress"
    assert AnswerChange.objects.filter(submission=submission).count() == 1
