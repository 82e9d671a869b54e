"""Library, two reviewers and a POI do whatever comes up, also from pages of before: lists, remarks and log stay true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from surveys.actions.answering import RecheckError, Words, answer_remark
from surveys.actions.answers import Entry, save_answers
from surveys.actions.corrections import correct
from surveys.actions.remarks import ask_again, close, comment, draft_remark, drop_draft, reply, send_drafts
from surveys.actions.submissions import NotReadyError, approve, begin, confirm, send_back, submit
from surveys.models import AnswerChange, Remark, Reply, Submission, Transition, User
from surveys.queries.answers import Stored, answers_of, values_of
from surveys.queries.deliveries import delivery_of
from surveys.queries.progress import todo_of
from surveys.queries.remarks import in_the_way_of, reopened_keys, stand_of, with_conversation
from surveys.queries.steps import newest_change
from surveys.values import Key, Value
from surveys.workflow import (
    DELIVERED,
    REMARK_STEPS,
    Audience,
    RemarkState,
    Role,
    StepRefusedError,
)
from tests.actions.asking_world import World
from tests.factories import explain_all, seen_at

pytestmark = pytest.mark.django_db
CODES = ("vrijwilligers", "vrijwilligers_uren", "inhuur_fte")
LAWFUL = {
    (before, step.after, audience)
    for step in REMARK_STEPS.values()
    for before in step.before
    for audience in step.audience
}
reviewers, actors = st.sampled_from(["kees", "noor"]), st.sampled_from(["kees", "noor", "anna", "piet"])
picked, numbers = st.integers(0, 5), st.sampled_from([None, 0, 1, 2, 7, 900])


@dataclass(frozen=True)
class Page:
    """What somebody had on screen."""

    stands: dict[int, str]
    answers: dict[Key, Stored]
    step: int
    change: int


class Asking(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.world: World | None = None
        self.pages: dict[str, Page] = {}
        self.before: dict[int, RemarkState] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def deliver(self) -> None:
        self.world = World()
        for who in ("kees", "noor", "anna", "piet"):
            self.open_page(who=who)

    @property
    def submission(self) -> Submission:
        assert self.world is not None
        return self.world.submission

    def person(self, who: str) -> User:
        return getattr(self.world, who)  # type: ignore[no-any-return]

    def remark(self, place: int) -> Remark | None:
        found = list(with_conversation(Remark.objects.order_by("pk")))
        return found[place % len(found)] if found else None

    def everything(self) -> tuple[object, ...]:
        """All that an action may change."""
        return (
            self.submission.state,
            Transition.objects.count(),
            AnswerChange.objects.count(),
            Reply.objects.count(),
            sorted(Remark.objects.values_list("pk", "state")),
            values_of(self.submission),
        )

    def attempt(self, move: Callable[[], object], *, is_stale: bool = False) -> bool:
        """Whether it was done; what was refused, or tried from a page of before, changed nothing."""
        before = self.everything()
        try:
            with transaction.atomic():
                move()
        except (StepRefusedError, RecheckError, NotReadyError):
            assert self.everything() == before
            return False
        if is_stale:
            assert self.everything() == before
        return True

    @rule(who=actors)
    def open_page(self, who: str) -> None:
        submission = self.submission
        self.pages[who] = Page(
            stands={one.pk: stand_of(one) for one in with_conversation(Remark.objects.all())},
            answers=answers_of(submission),
            step=seen_at(submission),
            change=newest_change(submission),
        )

    @rule(
        who=reviewers,
        code=st.sampled_from([*CODES, ""]),
        may_change=st.booleans(),
        text=st.sampled_from("ab"),
    )
    def ask(self, who: str, code: str, may_change: bool, text: str) -> None:
        done = self.attempt(
            lambda: draft_remark(
                submission=self.submission,
                by=self.person(who),
                text=f"Vraag {text}",
                question=code,
                may_change=may_change,
            )
        )
        assert done == (self.submission.current_state in DELIVERED)

    @rule(who=reviewers)
    def send(self, who: str) -> None:
        """What the page showed as drafts, and nothing else."""
        shown = [pk for pk, stand in self.pages[who].stands.items() if stand.startswith("draft")]
        there = set(Remark.objects.filter(pk__in=shown, state="draft").values_list("pk", flat=True))
        if there and self.submission.current_state not in DELIVERED:
            with pytest.raises(StepRefusedError):
                send_drafts(submission=self.submission, only=shown)
            return
        assert {one.pk for one in send_drafts(submission=self.submission, only=shown)} == there

    @rule(place=picked)
    def take_back(self, place: int) -> None:
        remark = self.remark(place)
        if remark is not None and self.attempt(lambda: drop_draft(remark=remark)):
            self.before.pop(remark.pk, None)

    @rule(
        place=picked,
        code=st.sampled_from(CODES),
        number=numbers,
        text=st.sampled_from("cd"),
        says=st.booleans(),
    )
    def answer(self, place: int, code: str, number: int | None, text: str, says: bool) -> None:
        remark, page = self.remark(place), self.pages["anna"]
        if remark is None:
            return
        key = (code, "")
        before, is_open = values_of(self.submission), remark.current_state is RemarkState.OPEN
        seen = page.stands.get(remark.pk, "draft.0")
        value = None if number is None else Value.of(number)
        shown = page.answers.get(key)
        entries = [] if (shown and shown.value) == value else [Entry(code, "", value, shown)]
        words = Words("telling", "Anders geteld.") if says else None
        self.attempt(
            lambda: answer_remark(
                remark=remark,
                by=self.person("anna"),
                text=text,
                seen=seen,
                entries=entries,
                words=lambda _: words,
            ),
            is_stale=seen != stand_of(remark),
        )
        changed = {one for one in {*before, key} if values_of(self.submission).get(one) != before.get(one)}
        assert changed <= (reopened_keys(remark) if is_open else set())

    @rule(who=reviewers, place=picked, text=st.sampled_from("ef"))
    def ask_again(self, who: str, place: int, text: str) -> None:
        remark = self.remark(place)
        if remark is not None:
            seen = self.pages[who].stands.get(remark.pk, "draft.0")
            self.attempt(
                lambda: ask_again(remark=remark, by=self.person(who), text=text, seen=seen),
                is_stale=seen != stand_of(remark),
            )

    @rule(who=reviewers, place=picked)
    def close(self, who: str, place: int) -> None:
        remark = self.remark(place)
        if remark is not None:
            seen = self.pages[who].stands.get(remark.pk, "draft.0")
            self.attempt(
                lambda: close(remark=remark, by=self.person(who), seen=seen, reason="Al gebeld."),
                is_stale=seen != stand_of(remark),
            )

    @rule(who=st.sampled_from(["kees", "piet"]), place=picked, text=st.sampled_from("gh"))
    def talk(self, who: str, place: int, text: str) -> None:
        """The POI says something to the KB, or they go on about it."""
        remark = self.remark(place)
        if remark is None or remark.is_to_library:
            if who == "piet":
                comment(submission=self.submission, by=self.person("piet"), text=text)
            return
        side = Role.POI if who == "piet" else Role.KB
        seen = self.pages[who].stands.get(remark.pk, "draft.0")
        self.attempt(
            lambda: reply(remark=remark, by=self.person(who), side=side, text=text, seen=seen),
            is_stale=seen != stand_of(remark),
        )

    @rule(who=reviewers, code=st.sampled_from(CODES), number=numbers)
    def correct(self, who: str, code: str, number: int | None) -> None:
        shown = self.pages[who].answers.get((code, ""))
        now = answers_of(self.submission).get((code, ""))
        value = None if number is None else Value.of(number)
        is_stale = (shown and shown.version) != (now and now.version)
        done = self.attempt(
            lambda: correct(
                submission=self.submission,
                entry=Entry(code, "", value, shown),
                reason="Nageteld bij de bibliotheek.",
                by=self.person(who),
            ),
            is_stale=is_stale,
        )
        if done and not is_stale:
            assert AnswerChange.objects.latest("pk").source == "kb"

    @rule(who=reviewers, move=st.sampled_from(["approve", "confirm", "send_back"]))
    def decide(self, who: str, move: str) -> None:
        submission, page, by = self.submission, self.pages[who], self.person(who)
        moves: dict[str, Callable[[], object]] = {
            "approve": lambda: approve(submission=submission, by=by, seen=page.step, seen_change=page.change),
            "confirm": lambda: confirm(submission=submission, by=by, seen=page.step, seen_change=page.change),
            "send_back": lambda: send_back(
                submission=submission, by=by, reason="Kijk dit na.", seen=page.step
            ),
        }
        is_stale = page.step != seen_at(submission)
        if self.attempt(moves[move], is_stale=is_stale) and move != "send_back" and not is_stale:
            assert page.change == newest_change(submission)
            assert in_the_way_of(submission).in_the_way == 0
            assert not any(one.is_open for one in delivery_of(submission).signals)

    @rule(number=st.sampled_from([1, 2]))
    def fill_in(self, number: int) -> None:
        """As the form does it; in a delivered list nothing comes of it."""
        submission, anna = self.submission, self.person("anna")
        before = values_of(submission)
        if submission.current_state not in DELIVERED:
            begin(submission=submission, by=anna)
        stored = answers_of(submission).get(("vrijwilligers", ""))
        save_answers(
            submission=submission,
            entries=[Entry("vrijwilligers", "", Value.of(number), stored)],
            by=anna,
            source="form",
        )
        if self.submission.current_state in DELIVERED:
            assert values_of(submission) == before

    @rule()
    def submit(self) -> None:
        submission, anna = self.submission, self.person("anna")
        if submission.current_state not in DELIVERED:
            explain_all(submission, anna)
            self.attempt(lambda: submit(submission=submission, by=anna))

    @invariant()
    def remarks_move_as_the_table_says(self) -> None:
        if self.world is None:
            return
        for pk, state, audience in Remark.objects.values_list("pk", "state", "audience"):
            now = RemarkState(state)
            old = self.before.get(pk, now)
            assert old is now or (old, now, Audience(audience)) in LAWFUL
            self.before[pk] = now

    @invariant()
    def lists_are_what_their_last_step_left(self) -> None:
        if self.world is not None:
            last = Transition.objects.filter(submission=self.submission).order_by("pk").last()
            assert last is not None
            assert self.submission.state == last.after

    @invariant()
    def the_log_tells_what_stands_there(self) -> None:
        if self.world is not None:
            now = AnswerChange.objects.latest("pk").at
            assert values_of(self.submission, now) == values_of(self.submission)

    @invariant()
    def what_is_delivered_is_complete_and_explained(self) -> None:
        """Whatever was answered, changed or corrected since."""
        if self.world is not None and self.submission.current_state in DELIVERED:
            assert todo_of(delivery_of(self.submission)) == []


def test_whoever_does_what_lists_remarks_and_log_stay_true() -> None:
    run_state_machine_as_test(
        Asking,
        settings=settings(
            max_examples=10, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
