"""The order in which to look: by what it does to the national figures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from surveys.models import Organisation, Participation, Submission
from surveys.queries import summaries
from surveys.queries.national import national
from surveys.queries.queue import Item, Queue, Selection, by_answer, queue
from surveys.questionnaires.loader import load_edition
from surveys.workflow import Role
from tests.factories import YEAR, explain_all, give, make_library, make_user, submission_of, take_part
from tests.queries.country import deliver, library_with, quiet_libraries

pytestmark = pytest.mark.django_db
BEFORE = {"leden_jeugd": 1_000, "leden_volwassen": 2_000}
EVERY = Selection()


def odd(
    number: int, young: int, *, is_explained: bool = False, state: str = "submitted", **more: str
) -> Organisation:
    """Its young members moved."""
    library = library_with(number, {"leden_jeugd": young, "leden_volwassen": 2_000}, BEFORE, **more)
    if is_explained:
        explain_all(submission_of(library, "bezit"))
    deliver(library, state=state)
    return library


def about(found: Queue, code: str = "leden_jeugd") -> list[Item]:
    return [one for one in found.items if one.key == (code, "")]


def numbers(items: list[Item]) -> list[int]:
    return [int(one.summary.isil[5:10]) for one in items]


def everyone() -> list[int]:
    return list(Participation.objects.filter(round_id=YEAR).values_list("pk", flat=True))


def test_the_largest_consequence_comes_first() -> None:
    quiet_libraries()
    odd(20, 2_000)
    odd(21, 9_000)
    found = queue(YEAR)
    assert numbers(about(found))[:2] == [21, 20]
    assert [one.rank for one in found.items] == list(range(1, len(found.items) + 1))
    assert [one.score for one in found.items] == sorted((one.score for one in found.items), reverse=True)


def test_what_an_item_tells() -> None:
    quiet_libraries()
    odd(21, 9_000)
    (one,) = (item for item in about(queue(YEAR)) if item.summary.isil.startswith("NL-08000210"))
    assert one.headline is not None
    assert (one.questionnaire.code, one.question.code, one.headline.code) == (
        "bezit",
        "leden_jeugd",
        "leden_jeugd",
    )
    assert one.value == 9_000
    assert one.expected == pytest.approx(1_000, rel=0.05)
    assert one.share == pytest.approx(8_000 / 17_000, rel=0.05)
    assert (one.listed.reviewer_id, one.listed.is_changed) == (None, False)


def test_an_explanation_makes_it_less_pressing() -> None:
    quiet_libraries()
    odd(20, 4_000)
    odd(21, 4_000, is_explained=True)
    assert numbers(about(queue(YEAR)))[:2] == [20, 21]


def test_a_signal_told_in_two_lists_stands_there_once() -> None:
    library = library_with(1, BEFORE)
    give(submission_of(library, "financieel"), {"inkomsten_gebruikers": 9_000_000})
    for code in ("bezit", "financieel"):
        deliver(library, code)
    found = [one for one in queue(YEAR).items if one.signals[0].finding.code == "gebruikers_per_lid"]
    assert [(one.key[0], one.questionnaire.code) for one in found] == [("inkomsten_gebruikers", "financieel")]


def test_what_is_not_delivered_is_not_there_and_does_not_count() -> None:
    quiet_libraries()
    library = odd(20, 9_000)
    Submission.objects.filter(participation__organisation=library).update(
        state="in_progress", submitted_at=None, submitted_by=None
    )
    assert 20 not in numbers(list(queue(YEAR).items))


def test_after_approval_only_what_is_open_again() -> None:
    quiet_libraries()
    library = odd(20, 9_000, is_explained=True, state="approved")
    assert 20 not in numbers(list(queue(YEAR).items))
    submission = submission_of(library, "bezit")
    Submission.objects.filter(pk=submission.pk).update(approved_at=submission.changes.order_by("at")[0].at)
    changed = [one for one in queue(YEAR).items if one.summary.isil == library.isil]
    assert changed
    assert all(one.listed.is_changed for one in changed)


def test_an_open_signal_stays_after_approval() -> None:
    quiet_libraries()
    odd(20, 9_000, state="approved")
    assert 20 in numbers(list(queue(YEAR).items))


def test_the_rest_below_the_line_moves_no_key_figure_by_more_than_a_thousandth() -> None:
    """Worked out again from the answers themselves, in full: explained or hardly suspected makes no difference."""
    quiet_libraries()
    odd(20, 9_000)
    odd(21, 1_400)
    odd(22, 1_600, is_explained=True)
    found = queue(YEAR)
    assert 0 < found.line <= len(found.items)
    totals = national(YEAR).headline_totals()
    below = {
        (one.summary.isil, one.key, one.headline.code): one.share
        for one in found.items[found.line :]
        if one.headline
    }
    for code in totals:
        assert sum(share for (*_, head), share in below.items() if head == code) <= 0.001 + 1e-12
    left = [one.effect.on_headlines for one in found.items[found.line :]]
    assert all(sum(one.get(code, 0) for one in left) <= 0.001 * total for code, total in totals.items())


def test_an_explained_answer_that_moves_a_key_figure_stands_above_the_line() -> None:
    quiet_libraries(20)
    odd(40, 1_600, is_explained=True)
    found = queue(YEAR)
    (one, *_) = (item for item in about(found) if numbers([item]) == [40])
    assert one.share > 0.001
    assert one.rank <= found.line


def test_one_answer_with_two_signals_stands_there_once_with_both() -> None:
    quiet_libraries()
    odd(20, 9_000)
    found = queue(YEAR).items
    places = [(one.summary.isil, one.questionnaire.code, one.key) for one in found]
    assert len(places) == len(set(places))
    first = found[0]
    other = replace(first, score=first.score / 2)
    (one,) = by_answer([other, first])
    assert (one.signals, one.score, one.effect) == (first.signals * 2, first.score, first.effect)


def test_a_signal_stands_at_an_answer_of_the_list_it_is_told_in() -> None:
    """Members in a list that is still in progress: they count nowhere, and it is not where the signal is told."""
    quiet_libraries()
    library = library_with(20, {"leden_jeugd": 100_000, "leden_volwassen": 200_000})
    give(submission_of(library, "financieel"), {"inkomsten_gebruikers": 90_000_000})
    deliver(library, "financieel")
    found = [one for one in queue(YEAR).items if one.signals[0].finding.code == "gebruikers_per_lid"]
    assert [(one.questionnaire.code, one.key[0]) for one in found] == [("financieel", "inkomsten_gebruikers")]
    assert all("leden" not in one.effect.moves for one in found)


def test_the_filters() -> None:
    quiet_libraries()
    first, second = odd(20, 9_000, is_explained=True, province="Zeeland"), odd(21, 8_000)
    kees = make_user(Role.KB, name="Noor Oever")
    Submission.objects.filter(pk=submission_of(second, "bezit").pk).update(
        reviewer=kees, taken_at=timezone.now()
    )
    found, every = queue(YEAR), everyone()

    def shown(selection: Selection, among: list[int] = every) -> set[int]:
        return set(numbers(found.shown(selection, among)))

    assert {20, 21} <= shown(EVERY)
    assert shown(Selection(province="Zeeland")) == {20}
    assert shown(Selection(questionnaire="personeel")) == set()
    assert shown(Selection(whose="mij", reviewer=kees.pk)) == {21}
    assert 21 not in shown(Selection(whose="niemand", reviewer=kees.pk))
    assert 20 not in shown(Selection(only_open=True))
    assert shown(EVERY, list(first.participations.filter(round_id=YEAR).values_list("pk", flat=True))) == {20}
    ranks = [one.rank for one in found.shown(Selection(province="Zeeland"), every)]
    assert ranks == [one.rank for one in found.items if one.summary.province == "Zeeland"]


def test_an_empty_country_has_an_empty_queue() -> None:
    assert queue(YEAR) == Queue((), 0)
    take_part(make_library(1))
    assert queue(YEAR) == Queue((), 0)


def test_a_warm_queue_takes_nine_queries_however_many_there_are() -> None:
    counts = []
    for number in (1, 2, 3):
        odd(number, 9_000 * number)
        if number != 2:
            queue(YEAR)
            with CaptureQueriesContext(connection) as queries:
                queue(YEAR)
            counts.append(len(queries))
    libraries = Organisation.objects.bulk_create(
        Organisation(isil=f"NL-09{number:05}0000", name=f"Leeg {number}", province="Drenthe")
        for number in range(997)
    )
    taking = Participation.objects.bulk_create(
        Participation(organisation=one, round_id=YEAR, inhabitants=9_000) for one in libraries
    )
    Submission.objects.bulk_create(
        Submission(participation=one, questionnaire=code)
        for one in taking
        for code in load_edition(YEAR).by_code
    )
    queue(YEAR)
    with CaptureQueriesContext(connection) as queries:
        queue(YEAR)
    assert [*counts, len(queries)] == [9, 9, 9]
    summaries.forget()
