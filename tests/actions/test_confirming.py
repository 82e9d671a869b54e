"""*Gewijzigd na controle*: what was changed in an approved list is checked and approved too."""

from __future__ import annotations

import pytest

from surveys.actions.answering import answer_remark
from surveys.actions.remarks import close, comment, send_drafts
from surveys.actions.submissions import OvertakenError, approve, confirm, send_back
from surveys.models import Submission, Transition
from surveys.queries.approval import candidates
from surveys.queries.steps import Seen, changed_after_approval, newest_change
from surveys.workflow import StepRefusedError
from tests.actions.asking_world import World
from tests.factories import YEAR, seen_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def is_changed(world: World) -> bool:
    return Submission.objects.annotate(found=changed_after_approval()).get(pk=world.submission.pk).found


def confirmed(world: World, **more: int) -> Submission:
    submission = world.submission
    seen = {"seen": seen_at(submission), "seen_change": newest_change(submission), **more}
    return confirm(submission=submission, by=world.noor, **seen)


def test_a_change_after_the_approval_is_confirmed(world: World) -> None:
    assert not is_changed(world)
    first = world.approve().approved_at
    assert not is_changed(world)
    world.correct_silently(2, world.kees)
    assert is_changed(world)
    found = confirmed(world)
    assert (found.state, found.approved_by, is_changed(world)) == ("approved", world.noor, False)
    assert found.approved_at is not None
    assert first is not None
    assert found.approved_at > first
    step = Transition.objects.latest("pk")
    assert (step.step, step.before, step.after, step.by) == ("confirm", "approved", "approved", world.noor)


def test_a_double_click_confirms_once(world: World) -> None:
    world.approve()
    world.correct_silently(2, world.kees)
    seen = seen_at(world.submission)
    for _ in range(2):
        confirmed(world, seen=seen)
    assert Transition.objects.filter(step="confirm").count() == 1


def test_without_a_change_there_is_nothing_to_confirm(world: World) -> None:
    with pytest.raises(StepRefusedError, match=r"^Deze vragenlijst is ingediend; deze stap kan nu niet\.$"):
        confirmed(world)
    world.approve()
    with pytest.raises(StepRefusedError, match=r"^Na de goedkeuring is er niets gewijzigd\.$"):
        confirmed(world)


def test_what_the_page_did_not_show_is_not_confirmed(world: World) -> None:
    world.approve()
    world.correct_silently(2, world.kees)
    shown = newest_change(world.submission)
    world.correct_silently(3, world.kees)
    with pytest.raises(StepRefusedError, match=r"^Een antwoord is intussen gewijzigd\."):
        confirmed(world, seen_change=shown)
    seen = seen_at(world.submission)
    send_back(submission=world.submission, by=world.kees, reason="Kijk dit na.", seen=seen)
    with pytest.raises(OvertakenError):
        confirmed(world, seen=seen)


def test_what_a_colleague_corrected_since_is_not_approved_unseen(world: World) -> None:
    submission = world.submission
    shown = {"seen": seen_at(submission), "seen_change": newest_change(submission)}
    world.correct_silently(2, world.noor)
    with pytest.raises(StepRefusedError, match=r"^Een antwoord is intussen gewijzigd\."):
        approve(submission=submission, by=world.kees, **shown)
    shown["seen_change"] = newest_change(submission)
    assert approve(submission=submission, by=world.kees, **shown).state == "approved"


def test_a_question_that_is_not_done_with_stands_in_the_way(world: World) -> None:
    """Draft, open or answered; of approving and of confirming."""
    remark = world.draft()
    with pytest.raises(StepRefusedError, match=r"^1 vraag is nog niet verstuurd\.$"):
        world.approve()
    send_drafts(submission=world.submission, only=[remark.pk])
    with pytest.raises(StepRefusedError, match=r"^1 vraag wacht op antwoord van de bibliotheek\.$"):
        world.approve()
    answer_remark(remark=remark, by=world.anna, text="Ja.", seen=world.seen(remark))
    with pytest.raises(StepRefusedError, match=r"^1 antwoord van de bibliotheek wacht op u\.$"):
        world.approve()
    [one] = candidates(
        year=YEAR,
        questionnaire="personeel",
        organisations=type(world.library).objects.all(),
        seen={world.library.isil: Seen(seen_at(world.submission), newest_change(world.submission))},
    )
    assert one.obstacle == "1 antwoord van de bibliotheek wacht op u."
    close(remark=remark, by=world.kees, seen=world.seen(remark), reason="Al gebeld.")
    assert world.approve().state == "approved"
    world.correct_silently(2, world.kees)
    world.ask("En nu?")
    world.ask("En dit?", "vrijwilligers_uren")
    with pytest.raises(StepRefusedError, match=r"^2 vragen wachten op antwoord van de bibliotheek\.$"):
        confirmed(world)


def test_what_a_poi_says_to_the_kb_stands_in_nobodys_way(world: World) -> None:
    comment(submission=world.submission, by=world.piet, text="Let op de uren.")
    assert (
        approve(submission=world.submission, by=world.kees, seen=seen_at(world.submission)).state
        == "approved"
    )
