"""The KB corrects an answer: what was given stays in the log, and the reason is told."""

from __future__ import annotations

import pytest

from surveys.actions.answering import ChangedError, RecheckError
from surveys.actions.corrections import correct
from surveys.actions.explanations import ClosedError, explain
from surveys.models import AnswerChange, Explanation
from surveys.queries.answers import answers_of, values_of
from surveys.queries.deliveries import delivery_of
from surveys.queries.histories import corrections_in, corrections_of
from surveys.values import Value
from surveys.workflow import StepRefusedError
from tests.actions.asking_world import World
from tests.actions.test_answering import ODD
from tests.factories import give, submission_of

pytestmark = pytest.mark.django_db
KEY = ("vrijwilligers", "")
WHY = "Nageteld bij de bibliotheek."


@pytest.fixture
def world() -> World:
    return World()


def test_the_original_stays_in_the_log(world: World) -> None:
    was = AnswerChange.objects.filter(question="vrijwilligers").latest("pk").at
    correct(submission=world.submission, entry=world.entry(2), reason=WHY, by=world.kees)
    stored = answers_of(world.submission)[KEY]
    assert (stored.value, stored.source, stored.changed_by) == (Value.of(2), "kb", "Kees Berg")
    assert values_of(world.submission, was)[KEY] == Value.of(1)
    [told] = corrections_of(world.submission)
    assert (told.key, told.before, told.after, told.reason, told.by) == (
        KEY, Value.of(1), Value.of(2), WHY, "Kees Berg",
    )  # fmt: skip
    assert corrections_in(world.submission.participation) == {"personeel": [told]}
    assert world.submission.state == "submitted"


def test_a_double_click_corrects_once(world: World) -> None:
    entry = world.entry(2)
    for _ in range(2):
        correct(submission=world.submission, entry=entry, reason=WHY, by=world.kees)
    assert len(corrections_of(world.submission)) == 1


def test_who_was_first_is_not_overwritten(world: World) -> None:
    entry = world.entry(2)
    world.correct_silently(3, world.noor)
    with pytest.raises(ChangedError):
        correct(submission=world.submission, entry=entry, reason=WHY, by=world.kees)
    assert answers_of(world.submission)[KEY].value == Value.of(3)


@pytest.mark.parametrize("reason", ["", "  ", "Nee", "a b"])
def test_it_needs_a_reason(world: World, reason: str) -> None:
    with pytest.raises(StepRefusedError, match=r"^Schrijf in een paar woorden waarom"):
        correct(submission=world.submission, entry=world.entry(2), reason=reason, by=world.kees)


def test_only_what_is_delivered_and_only_something_else(world: World) -> None:
    with pytest.raises(StepRefusedError, match=r"^Dit antwoord staat er al\."):
        correct(submission=world.submission, entry=world.entry(1), reason=WHY, by=world.kees)
    give(submission_of(world.library, "bezit"), {"leden_jeugd": 3})
    with pytest.raises(StepRefusedError, match=r"^Deze vragenlijst is bezig; de KB corrigeert alleen"):
        correct(
            submission=submission_of(world.library, "bezit"),
            entry=world.entry(2, "leden_jeugd"),
            reason=WHY,
            by=world.kees,
        )
    assert corrections_of(world.submission) == []


def test_an_error_is_refused(world: World) -> None:
    with pytest.raises(RecheckError) as refused:
        correct(submission=world.submission, entry=world.entry(7, "inhuur_fte"), reason=WHY, by=world.kees)
    assert [one.finding.code for one in refused.value.found.errors] == ["inhuur_fte_binnen_personen"]
    assert ("inhuur_fte", "") not in {one.key for one in corrections_of(world.submission)}


def test_what_is_odd_then_is_explained_by_the_kb_with_the_same_reason(world: World) -> None:
    correct(submission=world.submission, entry=world.entry(ODD), reason=WHY, by=world.kees)
    kept = Explanation.objects.latest("pk")
    assert (kept.text, kept.reason, kept.by) == (WHY, "anders", world.kees)
    assert all(one.is_explained for one in delivery_of(world.submission).signals)


def test_without_the_gate_a_delivered_list_takes_no_explanation(world: World) -> None:
    correct(submission=world.submission, entry=world.entry(ODD), reason=WHY, by=world.kees)
    finding = delivery_of(world.submission).findings[0]
    with pytest.raises(ClosedError, match=r"^Deze vragenlijst is ingediend; er kan nu geen uitleg bij\.$"):
        explain(
            submission=world.submission,
            finding=finding,
            reason="telling",
            text="Nog eens geteld.",
            by=world.anna,
        )
