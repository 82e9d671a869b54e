"""What was said about a year: of which lists, in which order, at what price."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from surveys.actions.answers import Entry, save_answers
from surveys.models import Organisation, Remark, User
from surveys.queries.answers import answers_of
from surveys.queries.told import Told, told_year
from surveys.rules.slips import REPAIRED
from surveys.values import Value
from surveys.workflow import Audience
from tests.actions.test_releases import deliver, libraries, noor
from tests.factories import YEAR, give, make_library, submission_of, take_part

__all__ = ["libraries", "noor"]
pytestmark = pytest.mark.django_db


def told(**chosen: object) -> list[Told]:
    return list(told_year(YEAR, **chosen))  # type: ignore[arg-type]


def ask(library: Organisation, questionnaire: str, by: User, audience: Audience = Audience.LIBRARY) -> None:
    Remark.objects.create(
        submission=submission_of(library, questionnaire), text=f"Over {questionnaire}", audience=audience.value,
        state="open", made_at=timezone.now(), made_by=by, sent_at=timezone.now(),
    )  # fmt: skip


def mend(library: Organisation, by: User) -> None:
    """As the button 'herstellen' does."""
    bezit = submission_of(library, "bezit")
    bezit.__class__.objects.filter(pk=bezit.pk).update(
        state="in_progress", submitted_at=None, submitted_by=None
    )
    before = answers_of(bezit)["leden_volwassen", ""]
    entry = Entry("leden_volwassen", "", Value.of(9), before)
    save_answers(
        submission=bezit, entries=[entry], by=by, source="form", reason=f"{REPAIRED}te veel meegeteld"
    )


def test_signals_of_delivered_lists_with_the_newest_explanation(libraries: list[Organisation]) -> None:
    give(submission_of(libraries[0], "personeel"), {"vrijwilligers": 3})
    one, _ = told()
    assert set(one.signals) == {"profiel", "bezit"}
    assert any(signal.is_explained for signal in one.signals["bezit"])
    assert {signal.explanation.by for signal in one.signals["bezit"] if signal.explanation} == {""}
    assert set(told(questionnaires=["bezit"])[0].signals) == {"bezit"}


def test_a_repair_is_told_once_its_list_is_delivered(libraries: list[Organisation], noor: User) -> None:
    mend(libraries[1], noor)
    assert [list(one.repaired) for one in told()] == [[], []]
    deliver(submission_of(libraries[1], "bezit"), noor)
    [repaired] = told()[1].repaired
    assert (repaired.key, repaired.what) == (("leden_volwassen", ""), "te veel meegeteld")
    assert (repaired.before, repaired.after) == (Value.of(9_000), Value.of(9))
    assert told(questionnaires=["personeel"])[1].repaired == []


def test_remarks_to_whom_and_of_which_list(libraries: list[Organisation], noor: User) -> None:
    ask(libraries[1], "bezit", noor)
    ask(libraries[1], "personeel", noor)
    ask(libraries[1], "bezit", noor, Audience.KB)
    assert [[remark.text for remark in one.remarks] for one in told()] == [
        [],
        ["Over bezit", "Over personeel", "Over bezit"],
    ]
    chosen = told(audiences=[Audience.LIBRARY], questionnaires=["bezit"])
    assert [len(one.remarks) for one in chosen] == [0, 1]
    only = Organisation.objects.filter(pk=libraries[1].pk)
    assert [len(one.remarks) for one in told(organisations=only)] == [3]


def test_as_many_queries_for_one_as_for_three(libraries: list[Organisation], noor: User) -> None:
    for one in libraries:
        ask(one, "bezit", noor)
    only = Organisation.objects.filter(pk=libraries[0].pk)
    with CaptureQueriesContext(connection) as for_one:
        told(organisations=only)
    take_part(make_library(3))
    with CaptureQueriesContext(connection) as for_three:
        assert len(told()) == 3
    assert len(for_one) == len(for_three)
