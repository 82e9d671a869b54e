"""A stored year put to its rules once more: first answers, present answers, explanations, and the price."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from surveys.models import Explanation, Organisation, PeerBound, Reason, Submission
from surveys.queries.backtest import backtest, state_of
from surveys.questionnaires.loader import load_edition
from surveys.rules.backtest import Tally
from surveys.workflow import Role
from tests.factories import YEAR, give, make_library, make_round, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db
RULE = "personeel_vast_fte_binnen_personen"
PEOPLE = {"personeel_vast_fulltime": 10, "personeel_vast_parttime": 5}
WRONG, RIGHT = {"personeel_vast_fte": 300, **PEOPLE}, {"personeel_vast_fte": 12, **PEOPLE}


def delivered(number: int, *answers: dict[str, int], questionnaire: str = "personeel") -> Organisation:
    """A library that gave these answers one after the other, and handed the list in."""
    library = make_library(number, locations=1)
    take_part(library)
    for one in answers:
        give(submission_of(library, questionnaire), one)
    hand_in(library, questionnaire)
    return library


def hand_in(library: Organisation, questionnaire: str) -> None:
    """Whatever is still to do in it."""
    Submission.objects.filter(
        participation__organisation=library, questionnaire__in=["profiel", questionnaire]
    ).update(state="submitted", submitted_at=timezone.now(), submitted_by=make_user(Role.LIBRARY, library))


def explain(library: Organisation) -> None:
    Explanation.objects.create(
        participation=library.participations.get(),
        rule=RULE,
        question="personeel_vast_fte",
        figures="",
        reason=Reason.RIGHT,
        text="Het klopt.",
        at=timezone.now(),
        by=make_user(None),
    )


def test_a_mistake_that_was_mended_counts_as_changed() -> None:
    delivered(1, WRONG, RIGHT)
    delivered(2, RIGHT)
    explain(delivered(3, RIGHT, WRONG))
    take_part(make_library(4))
    found = backtest(YEAR)
    assert found.tallies[RULE] == Tally(evaluated=3, fired=2, shown=2, changed=1, explained=1)
    assert found.delivered == {"profiel": 3, "personeel": 3}


def test_what_came_between_the_first_and_the_last_answer_does_not_count() -> None:
    delivered(1, RIGHT, WRONG, RIGHT)
    assert backtest(YEAR).tallies[RULE] == Tally(evaluated=1)


def test_an_answer_that_was_emptied_still_was_given_first() -> None:
    library = delivered(1, WRONG)
    submission = submission_of(library, "personeel")
    submission.answers.get(question="personeel_vast_fte").delete()
    submission.changes.create(
        question="personeel_vast_fte", old_state="given", old_hundredths=30_000, source="form", at=timezone.now()
    )  # fmt: skip
    assert backtest(YEAR).tallies[RULE] == Tally(silent=1, fired=1, shown=1, changed=1)


def test_what_was_not_delivered_does_not_count() -> None:
    library = make_library(1)
    take_part(library)
    give(submission_of(library, "personeel"), WRONG)
    found = backtest(YEAR)
    assert (found.tallies[RULE], found.delivered) == (Tally(), {})


def test_the_rules_of_another_year_on_these_figures() -> None:
    delivered(1, WRONG, RIGHT)
    other = load_edition(YEAR - 1)
    found = backtest(YEAR, other)
    assert found.tallies.keys() <= {rule.code for rule in other.rules}
    assert found.tallies[RULE] == Tally(evaluated=1, fired=1, shown=1, changed=1)


def test_as_many_queries_for_one_as_for_three() -> None:
    delivered(1, WRONG, RIGHT)
    counts = []
    for more in ((), (2, 3)):
        for number in more:
            explain(delivered(number, WRONG, RIGHT))
        with CaptureQueriesContext(connection) as queries:
            backtest(YEAR)
        counts.append(len(queries))
    assert counts == [14, 14]


def test_the_state_of_a_year_is_another_after_anything_that_matters() -> None:
    assert state_of(YEAR) == ""
    library = delivered(1, RIGHT)
    with CaptureQueriesContext(connection) as queries:
        seen = [state_of(YEAR)]
    assert len(queries) == 1
    make_round(YEAR - 1)
    assert state_of(YEAR) == seen[0]
    Submission.objects.filter(participation__organisation=library).update(
        state="in_progress", submitted_at=None, submitted_by=None
    )
    give(submission_of(library, "personeel"), WRONG)
    seen.append(state_of(YEAR))
    explain(library)
    seen.append(state_of(YEAR))
    submission = submission_of(library, "personeel")
    submission.transitions.create(
        step="submit", before="in_progress", after="submitted", at=timezone.now(), by=make_user(None)
    )
    seen.append(state_of(YEAR))
    PeerBound.objects.create(
        round_id=YEAR - 1, rule="r", group="alle", count=9, median=1, mad=1, computed_at=timezone.now()
    )
    seen.append(state_of(YEAR))
    assert len(set(seen)) == 5
