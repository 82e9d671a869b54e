"""A slip is undone as its button said, or not at all."""

from __future__ import annotations

import pytest

from surveys.actions.repairs import MeanwhileError, mark_of, repair
from surveys.models import AnswerChange, Organisation, User
from surveys.queries.answers import answers_of, values_of
from surveys.queries.deliveries import delivery_of
from surveys.rules import Slip, SlipKind
from surveys.values import Key, Value
from surveys.workflow import Role
from tests.factories import YEAR, give, make_library, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db

YOUNG: Key = ("leden_jeugd", "")
ADULT: Key = ("leden_volwassen", "")
SWAP = Slip(SlipKind.SWAPPED, "Verwisseld.", ((YOUNG, Value.of(20)), (ADULT, Value.of(10))))


@pytest.fixture
def library() -> Organisation:
    library = make_library()
    take_part(library, YEAR - 1)
    take_part(library)
    give(submission_of(library, "bezit"), {"leden_jeugd": 10, "leden_volwassen": 20})
    return library


@pytest.fixture
def anna(library: Organisation) -> User:
    return make_user(Role.LIBRARY, library, name="Anna Bos")


def test_both_answers_change_and_the_log_says_why(library: Organisation, anna: User) -> None:
    submission = submission_of(library, "bezit")
    versions = repair(submission=submission, slip=SWAP, stored=answers_of(submission), by=anna)
    stored = answers_of(submission)
    assert {key: one.version for key, one in stored.items()} == versions
    assert values_of(submission) == dict(SWAP.changes)
    reasons = AnswerChange.objects.filter(by=anna).values_list("reason", flat=True)
    assert list(reasons) == ["vergissing hersteld: verwisseld met de buurman"] * 2


def test_one_that_changed_meanwhile_keeps_both(library: Organisation, anna: User) -> None:
    submission = submission_of(library, "bezit")
    stored = answers_of(submission)
    give(submission, {"leden_volwassen": 30})
    with pytest.raises(MeanwhileError):
        repair(submission=submission, slip=SWAP, stored=stored, by=anna)
    assert values_of(submission) == {YOUNG: Value.of(10), ADULT: Value.of(30)}
    assert not AnswerChange.objects.filter(by=anna).exists()


def test_a_figure_taken_over_from_last_year_is_emptied(library: Organisation, anna: User) -> None:
    submission = submission_of(library, "bezit")
    slip = Slip(SlipKind.COPIED, "Overgenomen.", ((YOUNG, None),))
    assert repair(submission=submission, slip=slip, stored=answers_of(submission), by=anna) == {YOUNG: 0}
    assert values_of(submission) == {ADULT: Value.of(20)}


def test_a_mark_names_the_figures_and_what_would_be_done(library: Organisation) -> None:
    give(submission_of(library, "bezit", YEAR - 1), {"leden_jeugd": 4000, "leden_volwassen": 8000})
    marks = []
    for number in (4_000_000, 4_000_001, 4_000_000):
        give(submission_of(library, "bezit"), {"leden_jeugd": number})
        [finding] = [one for one in delivery_of(submission_of(library, "bezit")).findings if one.slips]
        marks.append(mark_of(finding, finding.slips[0]))
    assert marks[0] == marks[2] != marks[1]
