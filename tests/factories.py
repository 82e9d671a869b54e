"""Small worlds for tests: a round, a library with locations, people with a role. Nothing by chance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from surveys.actions.answers import Entry, save_answers
from surveys.actions.explanations import explain_many
from surveys.actions.submissions import enrol
from surveys.models import (
    Location,
    Membership,
    Organisation,
    Participation,
    Reason,
    Round,
    Source,
    Submission,
    User,
    Window,
)
from surveys.queries.deliveries import delivery_of
from surveys.queries.progress import wanted_keys
from surveys.queries.terms import with_terms
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.schema import Question
from surveys.values import Key, Kind, Value
from surveys.workflow import Role

YEAR = years()[-1]
PASSWORD = "een-lang-wachtwoord"


def make_round(year: int = YEAR) -> Round:
    one, is_new = Round.objects.get_or_create(year=year)
    if is_new:
        for questionnaire in load_edition(year).questionnaires:
            set_window(one, questionnaire.code, opens=-30, deadline=30, last_change=60)
    return one


def set_window(round_: Round, questionnaire: str, *, opens: int, deadline: int, last_change: int) -> Window:
    """In days from today: what is open by its dates has to be open whenever the tests run."""
    today = timezone.localdate()
    days = {"opens": opens, "deadline": deadline, "last_change": last_change}
    window, _ = Window.objects.update_or_create(
        round=round_,
        questionnaire=questionnaire,
        defaults={name: today + timedelta(days=number) for name, number in days.items()},
    )
    return window


def make_poi(number: int = 1) -> Organisation:
    return Organisation.objects.create(
        isil=f"NL-07{number:05}0000", name=f"POI {number}", type="poi", province="Drenthe"
    )


def make_library(
    number: int = 1, *, locations: int = 2, poi: Organisation | None = None, province: str = "Drenthe"
) -> Organisation:
    library = Organisation.objects.create(
        isil=f"NL-08{number:05}0000", name=f"Bibliotheek {number}", province=province, poi=poi
    )
    for place in range(1, locations + 1):
        Location.objects.create(
            organisation=library,
            isil=f"NL-08{number:05}{1000 + place}",
            name=f"Vestiging {place}",
            address=f"Dorpsstraat {place}, 1234 AB Elzenveen",
            kind="Bibliotheekvestiging",
            subkind="Vestiging",
        )
    return library


def take_part(library: Organisation, year: int = YEAR, inhabitants: int = 50_000) -> Participation:
    return enrol(year=make_round(year), organisation=library, inhabitants=inhabitants)


def make_user(
    role: Role | None, organisation: Organisation | None = None, *, name: str = "", questionnaires: str = ""
) -> User:
    name = name or f"{role.value if role else 'niemand'} {User.objects.count() + 1}"
    user = User.objects.create_user(
        email=f"{name.replace(' ', '.').lower()}@example.org", password=None, name=name
    )
    if role is not None:
        Membership.objects.create(
            user=user, role=role.value, organisation=organisation, questionnaires=questionnaires
        )
    return user


def submission_of(library: Organisation, questionnaire: str, year: int = YEAR) -> Submission:
    """With its term, as the pages find it."""
    return with_terms(Submission.objects.select_related("participation__organisation__poi")).get(
        participation__organisation=library, participation__round_id=year, questionnaire=questionnaire
    )


def seen_at(submission: Submission) -> int:
    """The number of the newest step, as a page of the KB names it."""
    return max(submission.transitions.values_list("pk", flat=True), default=0)


def give(submission: Submission, answers: Mapping[str | Key, int | str], by: User | None = None) -> None:
    """Write these answers as the form would; a code alone stands for the answer without a row."""
    Submission.objects.filter(pk=submission.pk, state="not_started").update(state="in_progress")
    stored = delivery_of(submission).answers
    entries = []
    for place, scalar in answers.items():
        code, row = place if isinstance(place, tuple) else (place, "")
        entries.append(Entry(code, row, Value.of(scalar), stored.get((code, row))))
    saved = save_answers(submission=submission, entries=entries, by=by, source=Source.FORM.value)
    assert not saved.conflicts
    submission.refresh_from_db(fields=["state"])


def complete(submission: Submission, first: Mapping[str | Key, int | str] | None = None) -> None:
    """Answer `first`, then all that is wanted with the plainest value there is, and explain what stands out."""
    if first:
        give(submission, first)
    for _ in range(5):
        delivery = delivery_of(submission)
        missing = [
            (code, row)
            for section in delivery.questionnaire.sections
            for code, row in wanted_keys(delivery, section)
            if (code, row) not in delivery.answers
        ]
        if not missing:
            explain_all(submission)
            return
        give(submission, {key: plain_value(delivery.questions[key[0]]) for key in missing})


def explain_all(submission: Submission, by: User | None = None) -> None:
    """Give every warning of the list a reason."""
    signals = [one for one in delivery_of(submission).signals if one.is_open and not one.is_error]
    if signals:
        explain_many(
            signals=[(submission, one.finding) for one in signals],
            reason=Reason.OTHER.value,
            text="Dit klopt zo.",
            by=by or User.objects.first() or make_user(None),
        )


def plain_value(question: Question) -> int | str:
    """Zero, or the smallest number there may be; no, or the last choice; a word."""
    if question.kind.is_number:
        return int(max(question.minimum or 0, 0))
    if question.kind is Kind.DATE:
        return f"{YEAR}-06-01"
    if question.labels:
        return list(question.labels)[-1]
    return "tekst"
