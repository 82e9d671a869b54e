"""A visitor who comes by at the KB's desk finds work in each of the states that work can be in."""

from __future__ import annotations

from collections import Counter

from surveys.demo.build import Built
from surveys.models import ContactMoment, Extension, Remark, Reminder, Submission, Window
from surveys.queries.deliveries import delivery_of
from surveys.workflow import DELIVERED, OPEN, SubmissionState


def test_questions_stand_in_every_state(built: Built) -> None:
    assert Counter(Remark.objects.values_list("state", flat=True)) == {
        "draft": 2,
        "open": 5,
        "answered": 4,
        "closed": 3,
    }
    for remark in Remark.objects.select_related("submission__participation__organisation__poi"):
        assert remark.submission.current_state is SubmissionState.SUBMITTED
        told = {one.finding.code for one in delivery_of(remark.submission).signals}
        assert remark.rule in told


def test_an_answered_question_has_its_answer(built: Built) -> None:
    for remark in Remark.objects.exclude(answered_at=None):
        [reply] = remark.replies.all()
        assert (reply.side, reply.at) == ("library", remark.answered_at)


def test_who_was_not_in_a_week_before_the_deadline_was_reminded_once(built: Built) -> None:
    reminded = Reminder.objects.select_related("submission__participation", "moment")
    assert reminded.exists()
    for one in reminded:
        submission = one.submission
        assert submission.participation_id == one.moment.participation_id
        assert submission.questionnaire != "financieel"
        if submission.current_state in DELIVERED:
            assert submission.submitted_at is not None
            assert submission.submitted_at >= one.moment.at


def test_two_people_have_lists_in_hand(built: Built) -> None:
    taken = Submission.objects.exclude(reviewer=None)
    assert taken.values("reviewer").distinct().count() == 2
    assert {one.current_state for one in taken} == {SubmissionState.SUBMITTED}


def test_extensions_are_for_lists_that_are_not_in(built: Built) -> None:
    given = Extension.objects.select_related("submission__participation")
    assert len(given) == 4
    assert {one.submission.current_state for one in given} <= OPEN
    for one in given:
        list_ = one.submission
        window = Window.objects.get(round=list_.participation.round_id, questionnaire=list_.questionnaire)
        assert one.until > window.deadline


def test_calls_are_notes_and_mails_were_sent(built: Built) -> None:
    for moment in ContactMoment.objects.all():
        assert moment.is_mail == (moment.kind != "phone")
        assert (moment.sent_at is not None) == moment.is_mail
