"""How far a delivery is, and what is still to do."""

from __future__ import annotations

import pytest

from surveys.models import Organisation, Submission
from surveys.queries.deliveries import delivery_of
from surveys.queries.progress import Progress, TodoKind, progress_of, todo_of, wanted_keys
from tests.factories import complete, explain_all, give, make_library, plain_value, submission_of, take_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> Organisation:
    library = make_library(locations=2)
    take_part(library)
    give(submission_of(library, "profiel"), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    return library


@pytest.fixture
def personeel(library: Organisation) -> Submission:
    submission = submission_of(library, "personeel")
    complete(submission, {"vrijwilligers": 12, "vrijwilligers_uren": 36})
    return submission


def todo(submission: Submission) -> list[tuple[str, str, str, str]]:
    return [
        (one.kind.value, one.question.code, one.row, one.message) for one in todo_of(delivery_of(submission))
    ]


@pytest.mark.parametrize(
    ("progress", "percentage", "missing"),
    [
        (Progress(0, 0, 0), 100, 0),
        (Progress(0, 3, 0), 0, 3),
        (Progress(2, 3, 0), 66, 1),
        (Progress(999, 1000, 0), 99, 1),
        (Progress(3, 3, 1), 100, 0),
    ],
)
def test_a_share_is_whole_only_when_nothing_is_missing(
    progress: Progress, percentage: int, missing: int
) -> None:
    assert (progress.percentage, progress.missing) == (percentage, missing)


def test_what_is_wanted_is_asked_and_required(library: Organisation) -> None:
    for code in ("profiel", "bezit", "kernfuncties", "personeel", "financieel"):
        delivery = delivery_of(submission_of(library, code))
        for section in delivery.questionnaire.sections:
            for key in wanted_keys(delivery, section):
                assert delivery.questions[key[0]].is_asked
                assert delivery.evaluation.is_visible(key)


def test_what_is_complete_has_nothing_to_do(personeel: Submission) -> None:
    delivery = delivery_of(personeel)
    progress = progress_of(delivery)
    assert (todo(personeel), progress.missing, progress.errors, progress.percentage) == ([], 0, 0, 100)
    assert progress.wanted > 10


def test_each_section_counts_its_own(personeel: Submission) -> None:
    delivery = delivery_of(personeel)
    whole = progress_of(delivery)
    parts = [progress_of(delivery, section) for section in delivery.questionnaire.sections]
    assert Progress(*(sum(numbers) for numbers in zip(*map(_numbers, parts), strict=True))) == whole


def _numbers(progress: Progress) -> tuple[int, int, int, int]:
    return (progress.answered, progress.wanted, progress.errors, progress.signals)


def test_each_location_counts_its_own(library: Organisation) -> None:
    submission = submission_of(library, "bezit")
    delivery = delivery_of(submission)
    section, key = next(
        (one, keys[0])
        for one in delivery.questionnaire.sections
        if one.repeat and (keys := wanted_keys(delivery, one))
    )
    first, second = delivery.rows
    give(submission, {key: plain_value(delivery.questions[key[0]])})
    delivery = delivery_of(submission)
    answered = [progress_of(delivery, section, row).answered for row in (first, second)]
    assert (key[1], answered, progress_of(delivery, section).answered) == (first, [1, 0], 1)


def test_a_section_is_not_done_while_a_rule_misses_an_answer_in_it(personeel: Submission) -> None:
    """What submit asks for, the count of the section asks for too."""
    answers = {"vrijwilligers": 12, "vrijwilligers_nb_zit_erin": "ja", "vrijwilligers_nb_invoer": "aantal"}
    give(personeel, answers | {"vrijwilligers_nb_aantal": 5})
    give(personeel, {"vrijwilligers_nb_bron": "schatting", "vrijwilligers_nb_uitleg": "Geteld."})
    delivery = delivery_of(personeel)
    [left] = todo_of(delivery)
    assert (progress_of(delivery).missing, progress_of(delivery, left.section).missing) == (1, 1)
    others = [one for one in delivery.questionnaire.sections if one is not left.section]
    assert {progress_of(delivery, one).missing for one in others} == {0}
    give(personeel, {_first_part(personeel): 5})
    assert progress_of(delivery_of(personeel)).missing == 0


def test_an_error_counts_in_the_section_where_it_is_told(library: Organisation) -> None:
    """A rule may compare figures of two sections."""
    complete(submission_of(library, "profiel"), {"gecombineerd": "nee"})
    bezit = submission_of(library, "bezit")
    complete(bezit, {"leden_online": 10})
    delivery = delivery_of(bezit)
    errors = [one for one in todo_of(delivery) if one.kind is TodoKind.ERROR]
    assert [one.key[0] for one in errors] == ["leden_online"]
    for section in delivery.questionnaire.sections:
        told = sum(one.section is section for one in errors)
        assert progress_of(delivery, section).errors == told


def test_what_is_missing_stands_in_the_order_of_the_list(personeel: Submission) -> None:
    give(
        personeel,
        {"vrijwilligers": 12, "vrijwilligers_nb_zit_erin": "ja", "vrijwilligers_nb_invoer": "aantal"},
    )
    assert todo(personeel) == [
        ("missing", "vrijwilligers_nb_aantal", "", ""),
        ("missing", _first_part(personeel), "", "Verdeel het aantal over de regels: waarvoor is het?"),
        ("missing", "vrijwilligers_nb_bron", "", ""),
        ("missing", "vrijwilligers_nb_uitleg", "", ""),
    ]


def _first_part(submission: Submission) -> str:
    rules = {rule.code: rule for rule in delivery_of(submission).questionnaire.rules}
    return rules["vrijwilligers_nb_waarvoor"].left[0]


def test_an_error_is_to_do_and_a_figure_that_cannot_be_computed_is_not(personeel: Submission) -> None:
    give(personeel, {"vrijwilligers": 0, "vrijwilligers_uren": 0})
    assert todo(personeel) == []
    give(
        personeel,
        {
            "vrijwilligers_nb_zit_erin": "ja",
            "vrijwilligers_nb_invoer": "aantal",
            "vrijwilligers_nb_aantal": 5,
            _first_part(personeel): 4,
            "vrijwilligers_nb_bron": "schatting",
            "vrijwilligers_nb_uitleg": "Geteld.",
        },
    )
    found = todo_of(delivery_of(personeel))
    assert {one.kind for one in found} == {TodoKind.ERROR}
    assert sorted(one.message for one in found) == sorted(
        one.message for one in delivery_of(personeel).findings if one.level.value == "error"
    )
    assert progress_of(delivery_of(personeel)).errors == len(found) == 2
    assert {one.key[0] for one in found} <= set(delivery_of(personeel).questionnaire.questions)


def test_a_warning_is_to_do_until_it_is_explained_for_these_figures(personeel: Submission) -> None:
    def left() -> list[tuple[TodoKind, str]]:
        return [(one.kind, one.question.code) for one in todo_of(delivery_of(personeel))]

    told = [(TodoKind.SIGNAL, "vrijwilligers_uren")]
    give(personeel, {"vrijwilligers_uren": 600})
    assert (left(), progress_of(delivery_of(personeel)).signals) == (told, 1)
    explain_all(personeel)
    assert (left(), progress_of(delivery_of(personeel)).signals) == ([], 0)
    give(personeel, {"vrijwilligers_uren": 650})
    assert (left(), progress_of(delivery_of(personeel)).signals) == (told, 1)
    [signal] = delivery_of(personeel).signals
    assert (signal.is_stale, signal.explanation and signal.explanation.text) == (True, "Dit klopt zo.")


def test_not_knowing_what_is_not_library_does_not_stop_a_library(personeel: Submission) -> None:
    give(personeel, {"vrijwilligers_nb_zit_erin": "weet_niet"})
    assert todo(personeel) == []


def test_a_thing_to_do_knows_the_page_it_stands_on(library: Organisation) -> None:
    found = todo_of(delivery_of(submission_of(library, "bezit")))
    pages = {(one.section.code, one.page_row) for one in found if one.section.repeat}
    rows = {("", one.row) for one in found if one.section.repeat}
    assert {row for _, row in rows} == {"NL-08000011001", "NL-08000011002"}
    for section in delivery_of(submission_of(library, "bezit")).questionnaire.sections:
        if section.repeat:
            expected = {""} if section.layout.value == "table" else {row for _, row in rows}
            assert {row for code, row in pages if code == section.code} in (expected, set())
