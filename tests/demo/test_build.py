"""Two builds are the same, a small one is a part of the whole, and no database is overwritten by mistake."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Max, Min

from surveys.demo.build import build
from surveys.demo.country import country
from surveys.demo.database import Contents, clear, contents
from surveys.demo.moments import today as last_day
from surveys.demo.people import DEMO_PASSWORD, DEMO_PEOPLE
from surveys.models import (
    Answer,
    AnswerChange,
    Event,
    Explanation,
    Location,
    Organisation,
    Submission,
    Transition,
    User,
)
from surveys.queries.terms import terms_of_year
from surveys.questionnaires.loader import years

SMALL = 4


def rows() -> list[Any]:
    place = ("submission__participation__organisation__isil", "submission__participation__round_id")
    answers = Answer.objects.values_list(
        *place, "submission__questionnaire", "question", "row", "state", "hundredths", "text",
        "is_estimate", "note", "source", "version", "changed_by__email",
    )  # fmt: skip
    steps = Transition.objects.values_list(
        *place, "submission__questionnaire", "step", "at", "by__email", "reason"
    )
    locations = Location.objects.values_list("isil", "name", "address", "opened", "closed")
    states = Submission.objects.values_list(
        "participation__organisation__isil",
        "participation__round_id",
        "questionnaire",
        "state",
        "submitted_at",
    )
    events = Event.objects.values_list("organisation__isil", "kind", "description", "starts", "added_at")
    explanations = Explanation.objects.values_list(
        "participation__organisation__isil", "participation__round_id", "rule", "row", "figures", "text", "at"
    )
    log = AnswerChange.objects.values_list("question", "row", "old_hundredths", "hundredths", "at", "reason")
    tables = (answers, steps, locations, states, events, explanations, log)
    return [sorted(map(repr, one)) for one in tables]


@pytest.mark.django_db(transaction=True)
class TestSmall:
    def test_two_builds_give_equal_rows(self) -> None:
        build(organisations=SMALL)
        first = rows()
        clear()
        build(organisations=SMALL)
        assert rows() == first

    def test_seen_on_a_day_all_has_happened_and_the_lists_are_open(self) -> None:
        day = date(2031, 3, 3)
        build(organisations=SMALL, today=day)
        edges = [
            AnswerChange.objects.aggregate(Min("at"), Max("at")),
            Transition.objects.aggregate(Min("at"), Max("at")),
            Explanation.objects.aggregate(Min("at"), Max("at")),
        ]
        assert all(one["at__max"].date() < day < one["at__min"].date() + timedelta(days=900) for one in edges)
        earlier, later = years()[-2:]
        own = Organisation.objects.filter(type="library")
        assert all(term.is_open(day) for term in terms_of_year(later, own).values())
        assert not any(term.is_open(day) for term in terms_of_year(earlier, own).values())

    def test_on_the_day_it_was_made_for_nothing_moves(self) -> None:
        build(organisations=SMALL)
        first = rows()
        clear()
        build(organisations=SMALL, today=last_day(country(*years()[-2:])) + timedelta(days=1))
        assert rows() == first

    def test_no_demo_over_other_data(self, settings: Any) -> None:
        settings.DEMO = settings.DEBUG = False
        Organisation.objects.create(isil="NL-0899999", name="Van iemand anders", province="Drenthe")
        assert contents() is Contents.OTHER
        with pytest.raises(CommandError, match="er is niets veranderd"):
            call_command("demo", no_server=True, stdout=StringIO())
        assert Organisation.objects.get().name == "Van iemand anders"

    def test_contents(self) -> None:
        assert contents() is Contents.NOTHING
        build(organisations=SMALL)
        assert contents() is Contents.DEMO
        User.objects.filter(email=DEMO_PEOPLE[0].email).update(email="iemand@anders.example")
        assert contents() is Contents.OTHER

    def test_command_builds_anew_and_tells_who_can_log_in(
        self, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.DEMO = settings.DEBUG = False
        monkeypatch.setattr(
            "surveys.management.commands.demo.build", lambda today: build(organisations=SMALL, today=today)
        )
        for _ in range(2):
            out = StringIO()
            call_command("demo", no_server=True, port=8123, stdout=out)
            assert "http://localhost:8123/" in out.getvalue()
            assert DEMO_PASSWORD in out.getvalue()
            assert all(person.email in out.getvalue() for person in DEMO_PEOPLE)
        assert Organisation.objects.filter(type="library").count() == SMALL
        assert User.objects.get(email=DEMO_PEOPLE[0].email).check_password(DEMO_PASSWORD)
