"""A question of the KB: written, sent, asked again, closed, handed over; and what a POI says to the KB."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from surveys.actions.answering import answer_remark
from surveys.actions.remarks import (
    GONE,
    RemarkOvertakenError,
    ask_again,
    assign,
    close,
    comment,
    draft_remark,
    drop_draft,
    reply,
    send_drafts,
)
from surveys.actions.submissions import send_back
from surveys.models import Remark, ReopenedAnswer, Reply
from surveys.queries.remarks import reopened_keys
from surveys.workflow import Role, StepRefusedError
from tests.actions.asking_world import World
from tests.factories import seen_at, submission_of

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def world() -> World:
    return World()


def states() -> list[str]:
    return list(Remark.objects.order_by("pk").values_list("state", flat=True))


def test_a_question_is_a_draft_until_it_is_sent(world: World) -> None:
    remark = world.draft("  Klopt dit aantal? ")
    assert (remark.text, remark.state, remark.assignee, remark.sent_at) == (
        "Klopt dit aantal?", "draft", world.kees, None,
    )  # fmt: skip
    assert reopened_keys(remark) == {("vrijwilligers", "")}
    [sent] = send_drafts(submission=world.submission, only=[remark.pk])
    assert (sent.pk, sent.state) == (remark.pk, "open")
    assert world.now(remark).sent_at is not None


def test_a_question_may_open_nothing(world: World) -> None:
    assert reopened_keys(world.draft(may_change=False)) == set()
    assert reopened_keys(world.draft(question="")) == set()


def test_a_question_about_a_list_that_is_open_is_refused(world: World) -> None:
    with pytest.raises(StepRefusedError, match=r"^Deze vragenlijst is niet begonnen; een vraag stellen kan"):
        draft_remark(submission=submission_of(world.library, "bezit"), by=world.kees, text="Klopt dit?")


@pytest.mark.parametrize("text", ["", "   ", "…", "a" * 2001])
def test_a_question_says_something_and_not_too_much(world: World, text: str) -> None:
    with pytest.raises(StepRefusedError):
        world.draft(text)
    assert states() == []


def test_a_double_click_writes_and_sends_once(world: World) -> None:
    one, same = world.draft(), world.draft()
    assert one == same
    assert len(send_drafts(submission=world.submission, only=[one.pk])) == 1
    assert list(send_drafts(submission=world.submission, only=[one.pk])) == []
    assert states() == ["open"]
    assert ReopenedAnswer.objects.count() == 1


def test_what_a_colleague_wrote_since_is_not_sent_along(world: World) -> None:
    mine = world.draft()
    world.draft("En dit?", "vrijwilligers_uren", by=world.noor)
    send_drafts(submission=world.submission, only=[mine.pk])
    assert states() == ["open", "draft"]


def test_a_draft_can_be_taken_back_until_it_is_sent(world: World) -> None:
    dropped, sent = world.draft("Weg hiermee"), world.ask()
    drop_draft(remark=dropped)
    drop_draft(remark=dropped)
    assert states() == ["open"]
    with pytest.raises(RemarkOvertakenError, match=r"^Deze vraag is om \d\d\.\d\d verstuurd\.$"):
        drop_draft(remark=sent)


def test_there_and_back_and_closed(world: World) -> None:
    remark = world.ask()
    answer_remark(remark=remark, by=world.anna, text="Ja.", seen=world.seen(remark))
    ask_again(remark=remark, by=world.noor, text="Echt?", seen=world.seen(remark))
    assert (world.now(remark).state, world.now(remark).answered_at) == ("open", None)
    answer_remark(remark=remark, by=world.anna, text="Echt.", seen=world.seen(remark))
    close(remark=remark, by=world.kees, seen=world.seen(remark), reason="Al gebeld.")
    closed = world.now(remark)
    assert (closed.state, closed.closed_by) == ("closed", world.kees)
    assert list(Reply.objects.values_list("side", "by__name", "text")) == [
        ("library", "Anna Bos", "Ja."),
        ("kb", "Noor Wessenaar", "Echt?"),
        ("library", "Anna Bos", "Echt."),
    ]


MOVES: dict[str, Callable[[World, Remark, str], object]] = {
    "ask again": lambda w, r, seen: ask_again(remark=r, by=w.kees, text="En nu?", seen=seen),
    "close": lambda w, r, seen: close(remark=r, by=w.kees, seen=seen, reason="Al gebeld."),
    "answer": lambda w, r, seen: answer_remark(remark=r, by=w.anna, text="Toch niet.", seen=seen),
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_a_page_of_before_does_nothing(world: World, move: Callable[[World, Remark, str], object]) -> None:
    """It says what was said since, by whom and when."""
    remark = world.ask()
    seen = world.seen(remark)
    with time_machine.travel(datetime(2030, 3, 5, 14, 20, tzinfo=AMSTERDAM), tick=False):
        answer_remark(remark=remark, by=world.anna, text="Ja, dat klopt.", seen=seen)
        with pytest.raises(RemarkOvertakenError) as refused:
            move(world, remark, seen)
        assert str(refused.value) == "Anna Bos antwoordde om 14.20: ‘Ja, dat klopt.’"
        close(remark=remark, by=world.noor, seen=world.seen(remark), reason="Al gebeld.")
        with pytest.raises(RemarkOvertakenError) as refused:
            move(world, remark, seen)
    assert str(refused.value).endswith("Noor Wessenaar sloot deze vraag om 14.20 af.")
    assert (world.now(remark).state, Reply.objects.count()) == ("closed", 1)


def test_a_double_click_says_it_once(world: World) -> None:
    remark = world.ask()
    seen = world.seen(remark)
    for _ in range(2):
        answer_remark(remark=remark, by=world.anna, text="Ja.", seen=seen)
    seen = world.seen(remark)
    for _ in range(2):
        ask_again(remark=remark, by=world.kees, text="Echt?", seen=seen)
    seen = world.seen(remark)
    for _ in range(2):
        close(remark=remark, by=world.kees, seen=seen, reason="Al gebeld.")
    assert (Reply.objects.count(), world.now(remark).state) == (3, "closed")


def test_what_was_taken_back_cannot_be_followed_up(world: World) -> None:
    remark = world.draft()
    drop_draft(remark=remark)
    with pytest.raises(RemarkOvertakenError, match=f"^{GONE}$"):
        close(remark=remark, by=world.kees, seen="draft.0", reason="Al gebeld.")


@pytest.mark.parametrize("state", ["draft", "open"])
def test_only_what_was_answered_is_asked_again(world: World, state: str) -> None:
    remark = world.draft() if state == "draft" else world.ask()
    with pytest.raises(StepRefusedError, match="deze stap kan nu niet"):
        ask_again(remark=remark, by=world.kees, text="Nog eens?", seen=world.seen(remark))


def test_following_up_is_handed_over_by_who_saw_who_had_it(world: World) -> None:
    remark = world.ask()
    assign(remark=remark, to=world.noor, before=world.kees.pk)
    assign(remark=remark, to=world.noor, before=world.kees.pk)
    with pytest.raises(RemarkOvertakenError, match=r"^Deze vraag is intussen van Noor Wessenaar\.$"):
        assign(remark=remark, to=None, before=world.kees.pk)
    assign(remark=remark, to=None, before=world.noor.pk)
    assert world.now(remark).assignee is None


def test_a_poi_says_something_to_the_kb_and_is_answered(world: World) -> None:
    said = [comment(submission=world.submission, by=world.piet, text="Let op de uren.") for _ in range(2)]
    assert said[0] == said[1]
    remark = said[0]
    assert (remark.audience, remark.state) == ("kb", "open")
    reply(remark=remark, by=world.kees, side=Role.KB, text="Dank u.", seen=world.seen(remark))
    reply(remark=remark, by=world.piet, side=Role.POI, text="Graag gedaan.", seen=world.seen(remark))
    assert list(Reply.objects.values_list("side", flat=True)) == ["kb", "poi"]
    close(remark=remark, by=world.kees, seen=world.seen(remark), reason="Al gebeld.")
    with pytest.raises(StepRefusedError, match=r"^Deze vraag is afgesloten; deze stap kan nu niet\.$"):
        reply(remark=remark, by=world.piet, side=Role.POI, text="Nog iets.", seen=world.seen(remark))


def test_a_library_neither_reads_nor_answers_what_a_poi_says(world: World) -> None:
    remark = comment(submission=world.submission, by=world.piet, text="Let op de uren.")
    with pytest.raises(StepRefusedError, match=r"^U mag deze stap niet zetten\.$"):
        answer_remark(remark=remark, by=world.anna, text="Hoezo?", seen=world.seen(remark))


def test_to_a_library_one_replies_by_asking_again(world: World) -> None:
    remark = world.ask()
    with pytest.raises(StepRefusedError, match=r"^U mag deze stap niet zetten\.$"):
        reply(remark=remark, by=world.kees, side=Role.KB, text="Nou?", seen=world.seen(remark))


def test_a_draft_stays_while_the_list_is_sent_back(world: World) -> None:
    remark = world.draft()
    send_back(submission=world.submission, by=world.kees, reason="Kijk na.", seen=seen_at(world.submission))
    with pytest.raises(StepRefusedError, match=r"^Deze vragenlijst is teruggestuurd; .* trek haar in\.$"):
        send_drafts(submission=world.submission, only=[remark.pk])
    assert states() == ["draft"]


def test_closing_without_an_answer_wants_a_reason_that_stays(world: World) -> None:
    remark = world.ask()
    with pytest.raises(StepRefusedError, match=r"^Schrijf waarom u deze vraag sluit"):
        close(remark=remark, by=world.kees, seen=world.seen(remark))
    close(remark=remark, by=world.kees, seen=world.seen(remark), reason="Al gebeld.")
    assert [one.text for one in world.now(remark).replies.all()] == ["Al gebeld."]
