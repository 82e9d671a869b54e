"""The library answers a question of the KB, and changes what it reopened: all of it or nothing."""

from __future__ import annotations

import pytest

from surveys.actions.answering import ChangedError, Explain, RecheckError, Words, answer_remark
from surveys.actions.answers import Entry, Gate, save_answers
from surveys.actions.remarks import close
from surveys.actions.submissions import send_back
from surveys.models import AnswerChange, Explanation, Remark, Reply, Source
from surveys.queries.answers import answers_of
from surveys.queries.deliveries import delivery_of
from surveys.queries.signals import Signal
from surveys.values import Value
from surveys.workflow import StepRefusedError
from tests.actions.asking_world import World
from tests.factories import seen_at

pytestmark = pytest.mark.django_db
ODD = 900


@pytest.fixture
def world() -> World:
    return World()


def answer(world: World, remark: Remark, *entries: Entry, words: Explain = lambda _: None) -> Remark:
    return answer_remark(
        remark=remark,
        by=world.anna,
        text="Wij telden anders.",
        seen=world.seen(remark),
        entries=entries,
        words=words,
    )


def said(_: Signal) -> Words:
    return Words("telling", "Nu met een ander systeem geteld.")


def test_an_answer_in_words_changes_nothing_else(world: World) -> None:
    remark, before = world.ask(), answers_of(world.submission)
    answered = answer(world, remark)
    assert (answered.state, answered.answered_at is not None) == ("answered", True)
    assert answers_of(world.submission) == before
    assert world.submission.state == "submitted"


def test_a_change_is_kept_with_what_was_asked(world: World) -> None:
    remark = world.ask("Zijn er echt zo weinig?")
    answer(world, remark, world.entry(2))
    change = AnswerChange.objects.latest("pk")
    assert answers_of(world.submission)["vrijwilligers", ""].value == Value.of(2)
    assert (change.source, change.reason, change.by) == (
        "form", "Gevraagd door de KB: Zijn er echt zo weinig? Antwoord: Wij telden anders.", world.anna,
    )  # fmt: skip
    assert world.submission.state == "submitted"


def test_an_approved_list_stays_approved(world: World) -> None:
    world.approve()
    remark = world.ask()
    answer(world, remark, world.entry(2))
    assert world.submission.state == "approved"


def test_what_is_not_reopened_stays_shut(world: World) -> None:
    """Whether another question opened it does not matter: this one did not."""
    remark = world.ask()
    world.ask("En de uren?", "vrijwilligers_uren")
    with pytest.raises(StepRefusedError, match=r"^Dit antwoord is niet opengezet\.$"):
        answer(world, remark, world.entry(4, "vrijwilligers_uren"))
    assert Reply.objects.count() == 0


@pytest.mark.parametrize("how", ["draft", "closed", "answered", "opens nothing", "to the KB"])
def test_the_statement_itself_writes_only_what_is_open(world: World, how: str) -> None:
    remark = world.draft() if how == "draft" else world.ask(may_change=how != "opens nothing")
    if how == "closed":
        close(remark=remark, by=world.kees, seen=world.seen(remark), reason="Al gebeld.")
    elif how == "answered":
        answer(world, remark)
    elif how == "to the KB":
        Remark.objects.update(audience="kb")
    saved = save_answers(
        submission=world.submission,
        entries=[world.entry(2)],
        by=world.anna,
        source=Source.FORM.value,
        gate=Gate.ASKED,
    )
    assert (saved.versions, saved.conflicts) == ({}, [("vrijwilligers", "")])


@pytest.mark.parametrize("number", [2, None])
def test_the_statement_writes_and_clears_what_is_open(world: World, number: int | None) -> None:
    world.ask()
    saved = save_answers(
        submission=world.submission,
        entries=[world.entry(number)],
        by=world.anna,
        source=Source.FORM.value,
        gate=Gate.ASKED,
    )
    assert not saved.conflicts
    stored = answers_of(world.submission).get(("vrijwilligers", ""))
    assert (stored and stored.value) == (None if number is None else Value.of(number))


def test_an_answer_that_goes_missing_is_refused(world: World) -> None:
    remark, before = world.ask(), answers_of(world.submission)
    with pytest.raises(RecheckError) as refused:
        answer(world, remark, world.entry(None))
    assert [one.question.code for one in refused.value.found.missing] == ["vrijwilligers"]
    assert answers_of(world.submission) == before
    assert (world.now(remark).state, Reply.objects.count()) == ("open", 0)


def test_an_error_is_refused_and_nothing_of_it_is_kept(world: World) -> None:
    remark, before = world.ask("Klopt dit?", "inhuur_fte"), answers_of(world.submission)
    with pytest.raises(RecheckError) as refused:
        answer(world, remark, world.entry(7, "inhuur_fte"), words=said)
    assert [one.finding.code for one in refused.value.found.errors] == ["inhuur_fte_binnen_personen"]
    assert answers_of(world.submission) == before
    assert world.now(remark).state == "open"


def test_a_warning_wants_words_right_there(world: World) -> None:
    remark = world.ask()
    with pytest.raises(RecheckError) as refused:
        answer(world, remark, world.entry(ODD))
    assert [one.finding.anchor[0] for one in refused.value.unexplained] != []
    assert not refused.value.found.is_refused
    assert answers_of(world.submission)["vrijwilligers", ""].value == Value.of(1)
    answer(world, remark, world.entry(ODD), words=said)
    kept = Explanation.objects.latest("pk")
    assert (kept.text, kept.by) == ("Nu met een ander systeem geteld.", world.anna)
    assert all(one.is_explained for one in delivery_of(world.submission).signals)


def test_who_was_first_is_told(world: World) -> None:
    remark, entry = world.ask(), world.entry(2)
    world.correct_silently(3, world.kees)
    with pytest.raises(ChangedError, match=r"^Een antwoord is intussen gewijzigd\. Er is niets bewaard\.$"):
        answer(world, remark, entry)
    assert answers_of(world.submission)["vrijwilligers", ""].value == Value.of(3)
    assert world.now(remark).state == "open"


def test_in_a_list_that_was_sent_back_only_words_are_given(world: World) -> None:
    remark = world.ask()
    send_back(
        submission=world.submission, by=world.kees, reason="Kijk alles na.", seen=seen_at(world.submission)
    )
    with pytest.raises(StepRefusedError, match=r"^Deze vragenlijst is teruggestuurd\. Wijzig"):
        answer(world, remark, world.entry(2))
    assert answer(world, remark).state == "answered"
