"""What is asked, counted and told of it: of a list, of a year, as of a moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.actions.answering import answer_remark
from surveys.actions.remarks import ask_again, close, comment
from surveys.models import Organisation, Remark, Reply
from surveys.queries.histories import history_of
from surveys.queries.remark_rows import RemarkRow, remarks_of_year
from surveys.queries.remarks import (
    RemarkCounts,
    asked_of,
    in_the_way_of,
    open_remarks_of_year,
    remarks_of,
)
from surveys.queries.streams import Scope
from surveys.values import Value
from surveys.workflow import RemarkState, Role
from tests.actions.asking_world import World
from tests.factories import YEAR

pytestmark = pytest.mark.django_db
EVERYBODY = Organisation.objects.all()


@pytest.fixture
def world() -> World:
    return World()


def test_what_waits_is_counted_by_list(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    world.draft("Nog niet")
    world.ask("Open")
    answered, closed = world.ask("Beantwoord"), world.ask("Klaar")
    answer_remark(remark=answered, by=world.anna, text="Ja.", seen=world.seen(answered))
    close(remark=closed, by=world.kees, seen=world.seen(closed), reason="Al gebeld.")
    comment(submission=world.submission, by=world.piet, text="Let op.")
    with django_assert_num_queries(1):
        found = open_remarks_of_year(YEAR, EVERYBODY)
    counts = RemarkCounts(draft=1, open=1, answered=1, comments=1)
    assert found == {world.submission.pk: counts}
    assert counts.in_the_way == in_the_way_of(world.submission).in_the_way == 3


def test_the_library_still_has_to_answer_what_is_open(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    world.draft("Nog niet")
    remark = world.ask("Open")
    participation = world.submission.participation
    with django_assert_num_queries(1):
        found = asked_of(participation)
        assert [one.submission.participation.organisation for one in found["personeel"]] == [world.library]
    assert found == {"personeel": [remark]}


def test_remarks_of_a_list_take_three_queries(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for text in ("een", "twee", "drie"):
        remark = world.ask(f"Vraag {text}")
        answer_remark(remark=remark, by=world.anna, text=text, seen=world.seen(remark))
    submission = world.submission
    with django_assert_num_queries(3):
        found = remarks_of(submission)
        told = [
            (
                one.text,
                one.made_by.name,
                [(said.text, said.by.name) for said in one.replies.all()],
                len(one.reopened.all()),
            )
            for one in found
        ]
    assert told[2] == ("Vraag drie", "Kees Berg", [("drie", "Anna Bos")], 1)
    assert len(remarks_of(submission, key=("vrijwilligers_uren", ""))) == 0


def rows(**more: object) -> list[RemarkRow]:
    return list(remarks_of_year(Scope(YEAR, EVERYBODY), **more))  # type: ignore[arg-type]


def test_what_goes_out_tells_sides_and_no_names(world: World) -> None:
    world.draft("Nog niet verstuurd")
    remark = world.ask("Zo weinig?")
    answer_remark(remark=remark, by=world.anna, text="Ja.", seen=world.seen(remark))
    ask_again(remark=remark, by=world.noor, text="Echt?", seen=world.seen(remark))
    comment(submission=world.submission, by=world.piet, text="Let op.")
    asked, said = rows()
    assert (asked.questionnaire, asked.question, asked.state, asked.text) == (
        "personeel", "vrijwilligers", RemarkState.OPEN, "Zo weinig?",
    )  # fmt: skip
    assert [(one.side, one.text) for one in asked.replies] == [(Role.LIBRARY, "Ja."), (Role.KB, "Echt?")]
    assert (said.audience.value, said.question, said.text) == ("kb", "", "Let op.")


def test_as_of_a_moment_it_stands_as_it_stood(world: World) -> None:
    remark = world.ask("Zo weinig?")
    answer_remark(remark=remark, by=world.anna, text="Ja.", seen=world.seen(remark))
    ask_again(remark=remark, by=world.noor, text="Echt?", seen=world.seen(remark))
    answer_remark(remark=remark, by=world.anna, text="Echt.", seen=world.seen(remark))
    close(remark=remark, by=world.kees, seen=world.seen(remark), reason="Al gebeld.")
    now, tick = timezone.now(), timedelta(minutes=1)
    Remark.objects.update(sent_at=now - 9 * tick, closed_at=now - tick)
    for number, one in enumerate(Reply.objects.order_by("pk")):
        Reply.objects.filter(pk=one.pk).update(at=now - (8 - 2 * number) * tick)
    states = {
        minutes: [
            (one.state.value, len(one.replies), one.closed_at is None)
            for one in rows(as_of=now - minutes * tick)
        ]
        for minutes in (10, 9, 7, 5, 3, 0)
    }
    assert states == {
        10: [],
        9: [("open", 0, True)],
        7: [("answered", 1, True)],
        5: [("open", 2, True)],
        3: [("answered", 3, True)],
        0: [("closed", 3, False)],
    }


def test_as_many_queries_however_many_were_asked(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for text in ("een", "twee", "drie"):
        world.ask(f"Vraag {text}")
    with django_assert_num_queries(2):
        assert len(rows()) == 3


def test_every_change_of_an_answer_newest_first(world: World) -> None:
    remark = world.ask("Zo weinig?")
    answer_remark(
        remark=remark, by=world.anna, text="Twee.", seen=world.seen(remark), entries=[world.entry(2)]
    )
    world.correct_silently(3, world.kees)
    told = [
        (one.before, one.after, one.source.label, one.by, one.reason)
        for one in history_of(world.submission, ("vrijwilligers", ""))
    ]
    assert told == [
        (Value.of(2), Value.of(3), "KB", "Kees Berg", "Nageteld bij de bibliotheek."),
        (
            Value.of(1),
            Value.of(2),
            "formulier",
            "Anna Bos",
            "Gevraagd door de KB: Zo weinig? Antwoord: Twee.",
        ),
        (None, Value.of(1), "formulier", "", ""),
    ]
