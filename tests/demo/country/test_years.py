"""The earlier year is delivered and without a flaw; the later year is at every stage, with the usual mistakes."""

from __future__ import annotations

from collections import Counter

import pytest

from surveys.demo.build import Built
from surveys.demo.errors import PLANS, Mistake, planted_errors
from surveys.demo.first_typed import first_typed
from surveys.demo.people import DEMO_COMBINED, DEMO_LIBRARY, DEMO_PEOPLE
from surveys.models import Answer, AnswerChange, Membership, Submission, Transition, User, Window
from surveys.queries.progress import progress_of, todo_of
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.rule import Level
from surveys.questionnaires.schema import PROFILE
from surveys.workflow import DELIVERED, Role, SubmissionState
from tests.demo.country.conftest import Year


def test_every_delivery_of_the_earlier_year_is_finished(earlier: Year) -> None:
    open_ones = {
        place: [f"{todo.question.code} {todo.row}: {todo.message}" for todo in todo_of(one)][:3]
        for place, one in earlier.deliveries.items()
        if todo_of(one)
    }
    assert open_ones == {}


def test_every_delivery_of_the_earlier_year_is_approved_step_by_step(built: Built) -> None:
    ones = Submission.objects.filter(participation__round_id=built.country.earlier)
    assert ones.count() == 137 * 5
    assert not ones.exclude(state=SubmissionState.APPROVED.value).exists()
    steps = Transition.objects.filter(submission__in=ones)
    assert Counter(steps.values_list("step", flat=True)) == {
        "begin": 137 * 5,
        "submit": 137 * 5,
        "approve": 137 * 5,
    }


def test_steps_follow_each_other_in_time_and_state(built: Built) -> None:
    before: dict[int, tuple[str, object]] = {}
    for one in Transition.objects.order_by("submission_id", "pk"):
        state, at = before.get(one.submission_id, (SubmissionState.NOT_STARTED.value, None))
        assert one.before == state
        assert at is None or at < one.at  # type: ignore[operator]
        before[one.submission_id] = (one.after, one.at)
    for submission in Submission.objects.all():
        start = (SubmissionState.NOT_STARTED.value, None)
        assert before.get(submission.pk, start)[0] == submission.state


def test_only_visible_answers_within_their_limits(earlier: Year, later: Year) -> None:
    for year in (earlier, later):
        for (isil, _), one in year.deliveries.items():
            for key, stored in one.answers.items():
                limits = one.questionnaire.questions[key[0]].limits
                number, text = stored.value.number, stored.value.text
                if number is not None:
                    assert limits.minimum is None or number >= limits.minimum, (isil, key)
                    assert limits.maximum is None or number <= limits.maximum, (isil, key)
                    assert number == round(number, limits.decimals), (isil, key)
                elif text and limits.choices:
                    assert text in limits.choices, (isil, key)


def test_answers_were_given_between_beginning_and_submitting(built: Built) -> None:
    begun = dict(Transition.objects.filter(step="begin").values_list("submission_id", "at"))
    ends = dict(Submission.objects.values_list("pk", "submitted_at"))
    typed = Answer.objects.exclude(source="prefill").values_list("submission_id", "changed_at")
    for submission, at in typed.iterator():
        assert begun[submission] <= at
        assert ends[submission] is None or at < ends[submission]


def test_every_answer_has_one_line_in_the_log_and_what_was_typed_first_another(built: Built) -> None:
    fields = ("submission_id", "question", "row", "state", "hundredths", "text", "source")
    answers = set(Answer.objects.values_list(*fields))
    assert len(answers) == built.answers
    assert AnswerChange.objects.count() == built.answers + len(first_typed(built.country.earlier))
    assert answers <= set(AnswerChange.objects.values_list(*fields))


@pytest.mark.parametrize("state", SubmissionState)
def test_every_state_occurs_in_the_later_year(built: Built, state: SubmissionState) -> None:
    ones = Submission.objects.filter(participation__round_id=built.country.later, state=state.value)
    assert ones.exists()


def test_the_later_year_is_about_halfway(later: Year) -> None:
    states = [one.submission.current_state for (_, code), one in later.deliveries.items() if code != PROFILE]
    count = Counter(states)
    assert sum(count[state] for state in DELIVERED) / len(states) == pytest.approx(0.35, abs=0.02)
    assert count[SubmissionState.IN_PROGRESS] / len(states) == pytest.approx(0.30, abs=0.02)
    shares = [
        progress_of(one).percentage
        for one in later.deliveries.values()
        if one.submission.current_state is SubmissionState.IN_PROGRESS
    ]
    assert min(shares) < 25
    assert max(shares) > 75


def test_what_is_delivered_in_the_later_year_could_be_delivered(later: Year) -> None:
    for (isil, code), one in later.deliveries.items():
        if one.submission.current_state in {*DELIVERED, SubmissionState.RETURNED}:
            assert todo_of(one) == [], (isil, code)
            profile = later.deliveries[isil, PROFILE].submission
            assert profile.current_state in DELIVERED


def test_facts_of_other_surveys_are_ready_for_everyone(built: Built, later: Year) -> None:
    edition = load_edition(built.country.later)
    given = [question.code for question in edition.questions.values() if question.given_by]
    assert given
    for one in built.organisations:
        for code in given:
            question = edition.questions[code]
            stored = later.deliveries[one.isil, question.questionnaire].answers[code, ""]
            assert stored.source == "prefill"


@pytest.mark.parametrize("isil", [DEMO_LIBRARY, DEMO_COMBINED])
def test_the_visitor_can_do_the_whole_job(built: Built, earlier: Year, later: Year, isil: str) -> None:
    for questionnaire in load_edition(built.country.later).questionnaires:
        one = later.deliveries[isil, questionnaire.code]
        assert one.submission.current_state is SubmissionState.NOT_STARTED
        assert all(stored.source == "prefill" for stored in one.answers.values())
        assert earlier.deliveries[isil, questionnaire.code].answers


def test_planted_errors_stand_in_the_answers(built: Built, later: Year) -> None:
    assert planted_errors(built.country.later) == built.errors
    assert planted_errors(built.country.earlier) == ()
    assert {one.kind for one in built.errors} == set(Mistake)
    for one in built.errors:
        delivery = later.deliveries[one.organisation, one.questionnaire]
        assert delivery.answers[one.code, one.row].value == one.wrong_value != one.true_value
        assert delivery.submission.current_state is PLANS[one.kind].state


def test_mistakes_that_a_hard_rule_stops_are_found(built: Built, later: Year) -> None:
    for one in built.errors:
        findings = later.deliveries[one.organisation, one.questionnaire].findings
        errors = [finding for finding in findings if finding.level is Level.ERROR]
        is_stopped = PLANS[one.kind].state is SubmissionState.IN_PROGRESS
        assert any((one.code, one.row) in finding.keys for finding in errors) == is_stopped


def test_everyone_has_a_contact_and_the_demo_people_their_place(built: Built) -> None:
    assert not Submission.objects.filter(contact=None).exists()
    assert Window.objects.count() == 2 * 5
    for person in DEMO_PEOPLE:
        user = User.objects.get(email=person.email)
        assert user.has_usable_password()
        membership = Membership.objects.get(user=user)
        assert membership.role == person.role.value
        assert membership.questionnaires.split() == list(person.questionnaires)
        assert (membership.organisation is None) == (person.role is Role.KB)
