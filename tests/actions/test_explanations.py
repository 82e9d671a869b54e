"""Explaining a signal: what is kept, what is refused, and that several are explained together or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from surveys.actions.events import add_event
from surveys.actions.explanations import (
    ClosedError,
    ExplanationError,
    explain,
    explain_many,
    problems_of,
)
from surveys.models import Event, Explanation, Organisation, Submission, User
from surveys.questionnaires.rule import Level, Rule, RuleKind
from surveys.rules import Finding
from surveys.workflow import OPEN, Role, SubmissionState
from tests.factories import make_library, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db
TEXT = "Het dak lekte."
WANTED = "Leg in een paar woorden uit waarom dit cijfer klopt."


def finding(code: str = "bezoeken_anders", row: str = "", *, level: Level = Level.WARNING) -> Finding:
    rule = Rule(code=code, kind=RuleKind.CHANGE, left=("bezoeken",), level=level, questionnaire="bezit")
    return Finding(
        rule=rule,
        row=row,
        anchor=("bezoeken", row),
        keys=(("bezoeken", row),),
        message="‘Bezoeken’ verschilt.",
        figures="bezoeken=5 bezoeken@last=9",
    )


@pytest.fixture
def library() -> Organisation:
    library = make_library(locations=1)
    take_part(library)
    return library


@pytest.fixture
def submission(library: Organisation) -> Submission:
    return submission_of(library, "bezit")


@pytest.fixture
def anna(library: Organisation) -> User:
    return make_user(Role.LIBRARY, library, name="Anna")


@pytest.fixture
def event(library: Organisation, anna: User) -> Event:
    with time_machine.travel(datetime(2000, 2, 1, tzinfo=UTC)):
        return add_event(
            organisation=library,
            kind="verbouwing",
            description="Nieuw dak",
            starts=date(1999, 2, 1),
            ends=date(1999, 8, 31),
            by=anna,
        )


def close(submission: Submission, by: User, state: str = "submitted") -> None:
    at = datetime(1999, 12, 31, tzinfo=UTC)
    approved = {"approved_at": at, "approved_by": by} if state == "approved" else {}
    Submission.objects.filter(pk=submission.pk).update(
        state=state, submitted_at=at, submitted_by=by, **approved
    )


def test_what_was_said_is_kept_with_the_figures(submission: Submission, anna: User, event: Event) -> None:
    before = datetime.now(UTC)
    one = explain(
        submission=submission,
        finding=finding(row="NL-1"),
        reason="verbouwing",
        text="  Het dak\r\nlekte.\x00 ",
        by=anna,
        event=event,
        is_confirmed=True,
    )
    assert before <= one.at <= datetime.now(UTC)
    assert Explanation.objects.values().get() == {
        "id": one.pk,
        "participation_id": submission.participation_id,
        "rule": "bezoeken_anders",
        "question": "bezoeken",
        "row": "NL-1",
        "figures": "bezoeken=5 bezoeken@last=9",
        "reason": "verbouwing",
        "text": "Het dak\nlekte.",
        "event_id": event.pk,
        "is_confirmed": True,
        "at": one.at,
        "by_id": anna.pk,
    }


def test_a_second_explanation_stands_beside_the_first(submission: Submission, anna: User) -> None:
    for text in (TEXT, "Toch niet het dak."):
        explain(submission=submission, finding=finding(), reason="anders", text=text, by=anna)
    kept = Explanation.objects.order_by("pk").values_list("text", "event", "is_confirmed")
    assert list(kept) == [(TEXT, None, False), ("Toch niet het dak.", None, False)]


def test_what_is_sent_twice_is_kept_once(submission: Submission, anna: User, event: Event) -> None:
    first, again = (
        explain(
            submission=submission,
            finding=finding(),
            reason="verbouwing",
            text=text,
            by=anna,
            event=event,
            is_confirmed=True,
        )
        for text in (TEXT, f" {TEXT}\r\n")
    )
    assert (again, again.at) == (first, first.at)
    assert Explanation.objects.count() == 1


def test_what_is_sent_twice_in_part_is_added_in_part(submission: Submission, anna: User) -> None:
    first = explain(submission=submission, finding=finding(row="2"), reason="anders", text=TEXT, by=anna)
    signals = [(submission, finding(row=row)) for row in ("1", "2")]
    given = explain_many(signals=signals, reason="anders", text=TEXT, by=anna)
    assert [(one.row, one == first) for one in given] == [("1", False), ("2", True)]
    assert Explanation.objects.count() == 2


@pytest.mark.parametrize(
    ("other", "count"),
    [
        pytest.param({"finding": finding(row="NL-1")}, 2, id="another location"),
        pytest.param({"finding": finding("bezoeken_meer")}, 2, id="another rule"),
        pytest.param({"finding": replace(finding(), figures="bezoeken=6")}, 3, id="other figures"),
        pytest.param({"reason": "klopt"}, 3, id="another reason"),
        pytest.param({"text": "Het dak lekte weer."}, 3, id="other words"),
        pytest.param({"is_confirmed": True}, 3, id="confirmed"),
    ],
)
def test_only_the_newest_of_the_same_signal_is_looked_at(
    submission: Submission, anna: User, other: dict[str, Any], count: int
) -> None:
    """Said, something else said, and said once more."""
    said: dict[str, Any] = {"finding": finding(), "reason": "anders", "text": TEXT}
    for one in (said, said | other, said):
        explain(submission=submission, by=anna, **one)
    assert Explanation.objects.count() == count


def test_another_event_is_something_new(submission: Submission, anna: User, event: Event) -> None:
    for one in (None, event, event):
        explain(submission=submission, finding=finding(), reason="anders", text=TEXT, by=anna, event=one)
    assert list(Explanation.objects.order_by("pk").values_list("event", flat=True)) == [None, event.pk]


def test_the_same_words_of_another_library_are_its_own(submission: Submission, anna: User) -> None:
    other = make_library(2)
    take_part(other)
    for one in (submission, submission_of(other, "bezit")):
        explain(submission=one, finding=finding(), reason="anders", text=TEXT, by=anna)
    assert Explanation.objects.count() == 2


@pytest.mark.parametrize(
    ("reason", "text", "problems"),
    [
        ("anders", TEXT, {}),
        ("klopt", "twee woorden", {}),
        ("anders", "a" * 500 + " " + "b" * 499, {}),
        ("anders", "", {"text": WANTED}),
        ("anders", "   \n\t  ", {"text": WANTED}),
        ("anders", "\u200b \u00a0 \x00", {"text": WANTED}),
        ("anders", "klopt", {"text": WANTED}),
        ("anders", "klopt . – !", {"text": WANTED}),
        ("anders", "a b", {"text": WANTED}),
        ("anders", "1 2", {"text": WANTED}),
        ("anders", "is ok", {"text": WANTED}),
        ("anders", "2023 12345", {"text": WANTED}),
        ("anders", "d.i. zo 3x", {"text": WANTED}),
        ("anders", "nul ok", {}),
        ("anders", "in 2023 dicht", {}),
        ("anders", "…" * 2000, {"text": WANTED}),
        (
            "anders",
            "woord " * 200,
            {"text": "Deze uitleg is 1.199 tekens lang; er passen er 1.000. Kort de uitleg in."},
        ),
        ("", TEXT, {"reason": "Kies een reden."}),
        ("zomaar", " ", {"reason": "Kies een reden.", "text": WANTED}),
    ],
)
def test_an_explanation_is_a_reason_and_a_few_words(
    submission: Submission, anna: User, reason: str, text: str, problems: dict[str, str]
) -> None:
    assert problems_of(reason=reason, text=text) == problems
    if problems:
        with pytest.raises(ExplanationError) as refused:
            explain(submission=submission, finding=finding(), reason=reason, text=text, by=anna)
        assert (refused.value.problems, str(refused.value)) == (problems, " ".join(problems.values()))
    else:
        explain(submission=submission, finding=finding(), reason=reason, text=text, by=anna)
    assert Explanation.objects.count() == (not problems)


def test_an_error_is_repaired_not_explained(submission: Submission, anna: User) -> None:
    with pytest.raises(ExplanationError, match=r"^Dit cijfer kan niet kloppen. Verbeter het;"):
        explain(
            submission=submission,
            finding=finding(level=Level.ERROR),
            reason="klopt",
            text=TEXT,
            by=anna,
        )
    assert not Explanation.objects.exists()


@pytest.mark.parametrize("state", sorted(SubmissionState))
def test_only_an_open_list_is_explained(submission: Submission, anna: User, state: SubmissionState) -> None:
    """Whatever the page that was shown thought of it."""
    if state in OPEN:
        Submission.objects.filter(pk=submission.pk).update(state=state)
        explain(submission=submission, finding=finding(), reason="anders", text=TEXT, by=anna)
    else:
        close(submission, anna, state)
        with pytest.raises(ClosedError) as refused:
            explain(submission=submission, finding=finding(), reason="anders", text=TEXT, by=anna)
        assert str(refused.value) == f"Deze vragenlijst is {state.word}; er kan nu geen uitleg bij."
    assert Explanation.objects.exists() == (state in OPEN)


def test_an_event_explains_signals_of_several_lists(library: Organisation, anna: User, event: Event) -> None:
    bezit, staff = submission_of(library, "bezit"), submission_of(library, "personeel")
    signals = [
        (staff, finding("fte_per_open_uur")),
        (bezit, finding("bezoeken_anders", "NL-1")),
        (bezit, finding("bezoeken_anders", "NL-2")),
        (bezit, finding("fte_per_open_uur")),
    ]
    given = explain_many(signals=iter(signals), reason="verbouwing", text=TEXT, by=anna, event=event)
    assert [(one.rule, one.row, one.text, one.event) for one in given] == [
        ("fte_per_open_uur", "", TEXT, event),
        ("bezoeken_anders", "NL-1", TEXT, event),
        ("bezoeken_anders", "NL-2", TEXT, event),
    ]
    assert list(Explanation.objects.order_by("pk")) == given
    assert len({one.at for one in given}) == 1


def test_all_are_explained_or_none(library: Organisation, anna: User) -> None:
    bezit, staff = submission_of(library, "bezit"), submission_of(library, "personeel")
    close(staff, anna)
    with pytest.raises(ClosedError):
        explain_many(
            signals=[(bezit, finding()), (staff, finding("fte"))], reason="anders", text=TEXT, by=anna
        )
    assert not Explanation.objects.exists()


def test_an_event_explains_only_what_is_of_its_organisation(anna: User, event: Event) -> None:
    other = make_library(2)
    take_part(other)
    with pytest.raises(ExplanationError, match=r"^Deze gebeurtenis is van een andere organisatie\.$"):
        explain(
            submission=submission_of(other, "bezit"),
            finding=finding(),
            reason="verbouwing",
            text=TEXT,
            by=anna,
            event=event,
        )
    assert not Explanation.objects.exists()


def test_nothing_to_explain(anna: User) -> None:
    assert explain_many(signals=[], reason="anders", text=TEXT, by=anna) == []


@pytest.mark.parametrize("count", [1, 5])
def test_three_statements_however_many_signals(
    submission: Submission, anna: User, django_assert_num_queries, count: int
) -> None:
    """Savepoint and release stand around them, since the test itself is a transaction."""
    signals = [(submission, finding(row=f"NL-{one}")) for one in range(count)]
    with django_assert_num_queries(5):
        explain_many(signals=signals, reason="anders", text=TEXT, by=anna)
