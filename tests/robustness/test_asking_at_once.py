"""Two reviewers, or a reviewer and a library, at the same question or answer: nothing is lost, one is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from surveys.actions.answering import answer_remark
from surveys.actions.corrections import correct
from surveys.actions.remarks import ask_again, close, draft_remark, send_drafts
from surveys.actions.submissions import approve
from surveys.models import AnswerChange, Remark, ReopenedAnswer, Reply
from surveys.queries.answers import answers_of, values_of
from surveys.queries.remarks import in_the_way_of
from surveys.values import Value
from surveys.workflow import StepRefusedError
from tests.actions.asking_world import World
from tests.factories import seen_at
from tests.robustness.test_two_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "Nageteld bij de bibliotheek."


@pytest.fixture
def world() -> World:
    return World()


def outcome(move: Callable[[], object]) -> Callable[[], str]:
    """Empty when it was done, or what it was refused with."""

    def told() -> str:
        try:
            move()
        except StepRefusedError as refused:
            return str(refused)
        return ""

    return told


def test_of_closing_and_asking_again_one_is_first(world: World) -> None:
    remark = world.ask()
    answer_remark(remark=remark, by=world.anna, text="Ja.", seen=world.seen(remark))
    seen = world.seen(remark)
    told = at_once(
        outcome(lambda: close(remark=remark, by=world.kees, seen=seen, reason="Al gebeld.")),
        outcome(lambda: ask_again(remark=remark, by=world.noor, text="Echt?", seen=seen)),
    )
    assert sorted(map(bool, told)) == [False, True]
    if told[0]:
        assert told[0].startswith("Noor Wessenaar schreef om ")
        assert (world.now(remark).state, Reply.objects.count()) == ("open", 2)
    else:
        assert told[1].startswith("Kees Berg sloot deze vraag om ")
        assert (world.now(remark).state, Reply.objects.count()) == ("closed", 1)


def test_of_two_who_ask_again_one_is_told_what_the_other_asked(world: World) -> None:
    remark = world.ask()
    answer_remark(remark=remark, by=world.anna, text="Ja.", seen=world.seen(remark))
    seen = world.seen(remark)
    told = at_once(
        *(
            outcome(lambda who=who: ask_again(remark=remark, by=who, text=f"Vraag van {who}", seen=seen))
            for who in (world.kees, world.noor)
        )
    )
    first = Reply.objects.get(side="kb")
    assert sorted(map(bool, told)) == [False, True]
    assert f"‘{first.text}’" in "".join(told)


def test_a_correction_and_an_answer_do_not_overwrite_each_other(world: World) -> None:
    remark, first = world.ask(), world.entry(2)
    mine = world.entry(3)
    seen = world.seen(remark)
    told = at_once(
        outcome(
            lambda: answer_remark(remark=remark, by=world.anna, text="Twee.", seen=seen, entries=[first])
        ),
        outcome(lambda: correct(submission=world.submission, entry=mine, reason=WHY, by=world.kees)),
    )
    assert sorted(told) == ["", "Een antwoord is intussen gewijzigd. Er is niets bewaard."]
    kept = Value.of(3 if told[0] else 2)
    assert answers_of(world.submission)["vrijwilligers", ""].value == kept
    assert world.now(remark).state == ("open" if told[0] else "answered")
    assert AnswerChange.objects.filter(question="vrijwilligers").count() == 2
    assert values_of(world.submission, AnswerChange.objects.latest("pk").at) == values_of(world.submission)


def test_a_list_is_approved_or_asked_about_never_both(world: World) -> None:
    seen = seen_at(world.submission)
    told = at_once(
        outcome(lambda: approve(submission=world.submission, by=world.kees, seen=seen)),
        outcome(lambda: draft_remark(submission=world.submission, by=world.noor, text="Klopt dit?")),
    )
    assert told[1] == ""
    if told[0]:
        assert told[0] == "1 vraag is nog niet verstuurd."
        assert world.submission.state == "submitted"
    else:
        assert (world.submission.state, in_the_way_of(world.submission).in_the_way) == ("approved", 1)
        assert Remark.objects.get().made_at >= world.submission.approved_at  # type: ignore[operator]


def test_a_double_click_writes_sends_and_answers_once(world: World) -> None:
    at_once(*[lambda: world.draft()] * 2)
    remark = Remark.objects.get()
    at_once(*[lambda: send_drafts(submission=world.submission, only=[remark.pk])] * 2)
    seen, entry = world.seen(remark), world.entry(2)
    told = at_once(
        *[
            outcome(
                lambda: answer_remark(remark=remark, by=world.anna, text="Twee.", seen=seen, entries=[entry])
            )
        ]
        * 2
    )
    assert told == ["", ""]
    assert (Reply.objects.count(), ReopenedAnswer.objects.count()) == (1, 1)
    assert AnswerChange.objects.filter(question="vrijwilligers").count() == 2
