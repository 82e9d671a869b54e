"""Two who send the same reminders at the very same time: every library gets one mail."""

from __future__ import annotations

import pytest
from django.core import mail
from django.utils import timezone

from surveys.actions.reminders import Sent, drafts, send_reminders
from surveys.models import ContactMoment, Reminder, ReminderKind
from surveys.queries.reminders import due_reminders
from tests.actions.test_reminders import addresses, with_people
from tests.factories import YEAR
from tests.robustness.test_two_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_nobody_is_mailed_twice() -> None:
    for number in range(1, 6):
        with_people(number, f"Anna {number}")
    today = timezone.localdate()
    drafted = drafts(due_reminders(YEAR, ReminderKind.LATE, today), today=today)

    def send() -> Sent:
        return send_reminders(kind=ReminderKind.LATE, drafted=drafted, by=None)

    outcomes = at_once(send, send, send)
    assert sorted(addresses()) == [f"anna.{number}" for number in range(1, 6)]
    assert sum(len(one.taken) for one in outcomes) == len(mail.outbox) == ContactMoment.objects.count() == 5
    assert sum(len(one.overtaken) for one in outcomes) == 10
    assert Reminder.objects.count() == 25
