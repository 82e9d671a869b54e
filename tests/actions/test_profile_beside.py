"""A delivered list reads the profile: what is changed there may not leave the list otherwise than it was."""

from __future__ import annotations

import pytest

from surveys.actions.answering import UpsetError, answer_remark
from surveys.actions.answers import Entry
from surveys.actions.corrections import correct
from surveys.actions.remarks import draft_remark, send_drafts
from surveys.actions.submissions import send_back, submit
from surveys.models import AnswerChange, Reply, Submission
from surveys.queries.answers import answers_of
from surveys.queries.deliveries import delivery_of
from surveys.queries.progress import todo_of
from surveys.values import Value
from surveys.workflow import Role
from tests.actions.asking_world import FIRST, World
from tests.factories import (
    complete,
    make_library,
    make_poi,
    make_user,
    seen_at,
    submission_of,
    take_part,
)

pytestmark = pytest.mark.django_db
GATE = ("gedeelde_cijfers", "")


class Combined(World):
    """A combined institution that does not share figures: blocks are not put to it."""

    def __init__(self) -> None:
        self.poi = make_poi()
        self.library = make_library(locations=1, poi=self.poi)
        take_part(self.library)
        self.anna = make_user(Role.LIBRARY, self.library, name="Anna Bos")
        self.kees = make_user(Role.KB, name="Kees Berg")
        complete(self.profile, {"gecombineerd": "ja", "gedeelde_cijfers": "nee"})
        submit(submission=self.profile, by=self.anna)
        complete(self.submission, FIRST)
        submit(submission=self.submission, by=self.anna)

    @property
    def profile(self) -> Submission:
        return submission_of(self.library, "profiel")

    def yes(self) -> Entry:
        return Entry(*GATE, Value.of("ja"), answers_of(self.profile)[GATE])

    def correct(self) -> None:
        correct(submission=self.profile, entry=self.yes(), reason="Telefonisch doorgegeven.", by=self.kees)


@pytest.fixture
def world() -> Combined:
    return Combined()


@pytest.mark.parametrize("is_approved", [False, True])
def test_a_correction_of_the_profile_names_the_lists_that_would_miss_answers(
    world: Combined, is_approved: bool
) -> None:
    if is_approved:
        world.approve()
    changes = AnswerChange.objects.count()
    with pytest.raises(UpsetError, match=r"Personeel: dan ontbreekt .*Stuur eerst Personeel terug\.$"):
        world.correct()
    assert AnswerChange.objects.count() == changes
    assert answers_of(world.profile)[GATE].value == Value.of("nee")
    assert not todo_of(delivery_of(world.submission))


def test_once_the_list_is_sent_back_the_profile_can_be_corrected(world: Combined) -> None:
    send_back(submission=world.submission, by=world.kees, reason="Kijk na.", seen=seen_at(world.submission))
    world.correct()
    assert answers_of(world.profile)[GATE].value == Value.of("ja")


def test_the_library_is_told_so_too(world: Combined) -> None:
    remark = draft_remark(submission=world.profile, by=world.kees, text="Echt niet?", question=GATE[0])
    send_drafts(submission=world.profile, only=[remark.pk])
    with pytest.raises(UpsetError, match=r"De KB moet eerst Personeel terugsturen: "):
        answer_remark(
            remark=remark, by=world.anna, text="Toch wel.", seen=world.seen(remark), entries=[world.yes()]
        )
    assert Reply.objects.count() == 0
