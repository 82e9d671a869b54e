"""The bounds of comparable libraries: from what was delivered at a moment, and at that moment always the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from math import log

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from surveys.actions import bounds
from surveys.actions.bounds import BoundsError, compute_bounds
from surveys.models import Location, Organisation, PeerBound, Submission, Transition, User
from surveys.queries.bounds import bounds_for
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.rule import Condition, Level, Rule, RuleKind
from surveys.rules.context import Bound
from surveys.rules.peers import bounds_from
from surveys.workflow import Role
from tests.factories import YEAR, give, make_library, make_round, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db
EDITION = load_edition(YEAR)
SIZE = "30.000 tot 60.000 inwoners"
MEMBERS = Rule(
    code="leden_per_inwoner",
    kind=RuleKind.PEERS,
    left=("leden_jeugd",),
    right=("inwoners",),
    width=Decimal("3.5"),
    level=Level.WARNING,
    questionnaire="bezit",
)
VISITS = replace(MEMBERS, code="bezoeken_per_locatie", left=("bezoeken_locatie",), right=())


def judge_by(monkeypatch: pytest.MonkeyPatch, *rules: Rule) -> None:
    """As though the edition had these rules and no others."""
    lists = (replace(one, rules=rules if one.code == "bezit" else ()) for one in EDITION.lists)
    edition = replace(EDITION, profile=replace(EDITION.profile, rules=()), lists=tuple(lists))
    monkeypatch.setattr(bounds, "load_edition", {YEAR: edition}.__getitem__)


@pytest.fixture
def kees() -> User:
    return make_user(Role.KB, name="Kees")


@pytest.fixture
def libraries(monkeypatch: pytest.MonkeyPatch, kees: User) -> list[Organisation]:
    """Nine of one size, judged by their members; all but the last have delivered."""
    judge_by(monkeypatch, MEMBERS)
    found = [make_library(number, locations=1) for number in range(1, 10)]
    for number, library in enumerate(found, 1):
        take_part(library)
        give(submission_of(library, "bezit"), {"leden_jeugd": number * 1_000})
        if library is not found[-1]:
            move(library, "bezit", "submitted", kees)
    return found


def move(library: Organisation, questionnaire: str, state: str, by: User) -> None:
    """To this state, without all that has to be answered for it."""
    submission, at = submission_of(library, questionnaire), timezone.now()
    step, reason = {"submitted": ("submit", ""), "returned": ("return", "Kijk dit na.")}[state]
    before = "in_progress" if submission.state == "not_started" else submission.state
    Transition.objects.create(
        submission=submission, step=step, before=before, after=state, at=at, by=by, reason=reason
    )
    delivered = {"submitted_at": at, "submitted_by": by} if state == "submitted" else {}
    Submission.objects.filter(pk=submission.pk).update(
        **{"state": state, "submitted_at": None, "submitted_by": None, **delivered}
    )


def shares(*members: int) -> dict[tuple[str, str], Bound]:
    """The bounds of libraries of 50.000 inhabitants with so many members."""
    logs = [log(Decimal(one) / 50_000) for one in members]
    return {
        (MEMBERS.code, group): bound
        for group, bound in bounds_from(dict.fromkeys((SIZE, "alle"), logs)).items()
    }


def test_only_what_was_delivered_counts(libraries: list[Organisation]) -> None:
    before = timezone.now()
    assert compute_bounds(year=YEAR) == 2
    found = bounds_for(YEAR)
    assert found == shares(*range(1_000, 9_000, 1_000))
    assert found[MEMBERS.code, "alle"].median == pytest.approx(log((0.08 * 0.1) ** 0.5))
    assert found[MEMBERS.code, "alle"].count == 8
    [moment] = PeerBound.objects.values_list("computed_at", flat=True).distinct()
    assert before <= moment <= timezone.now()


def test_the_same_moment_gives_the_same_bounds(libraries: list[Organisation], kees: User) -> None:
    """Whatever was sent back, answered otherwise, cleared or delivered since."""
    compute_bounds(year=YEAR)
    first = list(
        PeerBound.objects.order_by("group").values("round", "rule", "group", "count", "median", "mad")
    )
    moment = PeerBound.objects.latest("pk").computed_at
    move(libraries[0], "bezit", "returned", kees)
    give(submission_of(libraries[0], "bezit"), {"leden_jeugd": 40_000})
    move(libraries[0], "bezit", "submitted", kees)
    move(libraries[1], "bezit", "returned", kees)
    move(libraries[8], "bezit", "submitted", kees)
    assert compute_bounds(year=YEAR) == 2
    assert bounds_for(YEAR) == shares(*range(3_000, 10_000, 1_000), 40_000)
    assert compute_bounds(year=YEAR, as_of=moment) == 2
    again = PeerBound.objects.order_by("group")
    assert list(again.values("round", "rule", "group", "count", "median", "mad")) == first
    assert {one.computed_at for one in again} == {moment}


def test_before_anything_was_delivered_there_are_none(libraries: list[Organisation]) -> None:
    compute_bounds(year=YEAR)
    assert compute_bounds(year=YEAR, as_of=datetime(1999, 12, 31, tzinfo=UTC)) == 0
    assert not PeerBound.objects.exists()


def test_every_location_counts(
    libraries: list[Organisation], monkeypatch: pytest.MonkeyPatch, kees: User
) -> None:
    """Those that were open in the year."""
    judge_by(monkeypatch, VISITS, MEMBERS)
    for number, library in enumerate(libraries[:4], 1):
        move(library, "bezit", "returned", kees)
        second = Location.objects.create(
            organisation=library, isil=f"NL-{number}", name="Noord", address="Straat 1", kind="Vestiging"
        )
        first = library.locations.exclude(pk=second.pk).get()
        visits = {first.isil: 1_000 * number, second.isil: 100 * number}
        give(submission_of(library, "bezit"), {("bezoeken_locatie", row): at for row, at in visits.items()})
        move(library, "bezit", "submitted", kees)
    logs = [log(1_000 * number) for number in range(1, 5)] + [log(100 * number) for number in range(1, 5)]
    assert compute_bounds(year=YEAR) == 4
    assert bounds_for(YEAR) == {
        **shares(*range(1_000, 9_000, 1_000)),
        **{(VISITS.code, group): bounds_from({"": logs})[""] for group in (SIZE, "alle")},
    }


@pytest.mark.parametrize(("answer", "count"), [("ja", 3), ("nee", 0), (None, 0)])
def test_where_a_rule_is_silent_nothing_counts(
    libraries: list[Organisation], monkeypatch: pytest.MonkeyPatch, answer: str | None, count: int
) -> None:
    """The profile that tells is read whether it was delivered or not, as other lists read it."""
    judge_by(monkeypatch, replace(MEMBERS, only_if=(Condition("gecombineerd", ("ja",)),)))
    for library in libraries if answer else []:
        give(submission_of(library, "profiel"), {"gecombineerd": answer or ""})
    assert compute_bounds(year=YEAR) == count
    assert {group for _, group in bounds_for(YEAR)} == (
        {f"{SIZE}, gecombineerd", SIZE, "alle"} if count else set()
    )


def test_a_figure_of_a_profile_counts_when_that_is_delivered(
    libraries: list[Organisation], monkeypatch: pytest.MonkeyPatch, kees: User
) -> None:
    judge_by(monkeypatch, replace(MEMBERS, right=("gemeenten_aantal",)))
    for library in libraries:
        give(submission_of(library, "profiel"), {"gemeenten_aantal": 2})
    assert compute_bounds(year=YEAR) == 0
    for library in libraries:
        move(library, "profiel", "submitted", kees)
    assert compute_bounds(year=YEAR) == 2


def test_only_rules_about_peers_have_bounds(
    libraries: list[Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    judge_by(monkeypatch, replace(MEMBERS, kind=RuleKind.RATIO))
    assert compute_bounds(year=YEAR) == 0


def test_another_year_is_left_alone(libraries: list[Organisation]) -> None:
    PeerBound.objects.create(
        round=make_round(years()[-2]),
        rule="a",
        group="alle",
        count=8,
        median=1,
        mad=0,
        computed_at=timezone.now(),
    )
    compute_bounds(year=YEAR)
    assert bounds_for(years()[-2]) == {("a", "alle"): Bound(8, 1.0, 0.0)}


def test_a_moment_to_come_and_a_year_without_round_are_refused(libraries: list[Organisation]) -> None:
    compute_bounds(year=YEAR)
    before = bounds_for(YEAR)
    with pytest.raises(BoundsError, match=r"^Dit moment ligt in de toekomst; "):
        compute_bounds(year=YEAR, as_of=timezone.now() + timedelta(minutes=1))
    with pytest.raises(BoundsError, match=r"^Meetjaar 1850 staat niet in deze database\.$"):
        compute_bounds(year=1850)
    assert bounds_for(YEAR) == before


def test_as_many_statements_however_many_deliver(libraries: list[Organisation], kees: User) -> None:
    with CaptureQueriesContext(connection) as for_eight:
        compute_bounds(year=YEAR)
    move(libraries[8], "bezit", "submitted", kees)
    with CaptureQueriesContext(connection) as for_nine:
        compute_bounds(year=YEAR)
    assert len(for_eight) == len(for_nine) == 11


def run(**options: object) -> str:
    out = StringIO()
    call_command("compute_bounds", stdout=out, **options)
    return out.getvalue()


def test_the_command_tells_how_to_do_it_again(libraries: list[Organisation], kees: User) -> None:
    said = run(year=YEAR)
    moment = timezone.localtime(PeerBound.objects.latest("pk").computed_at).isoformat()
    assert said == (
        f"{YEAR}: 2 grenzen uit wat op {moment} was ingediend.\n"
        f"Met --as-of {moment} komt er later hetzelfde uit.\n"
    )
    move(libraries[0], "bezit", "returned", kees)
    assert run(year=YEAR).startswith(f"{YEAR}: 0 grenzen uit ")
    assert run(year=YEAR, as_of=moment) == said


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1999-12-31T23:59", "1999-12-31T23:59:00+01:00"),
        ("1999-07-01 12:00:30.5", "1999-07-01T12:00:30.500000+02:00"),
        ("1999-12-31T23:59Z", "2000-01-01T00:59:00+01:00"),
    ],
)
def test_a_moment_without_a_zone_is_dutch_time(text: str, moment: str) -> None:
    make_round()
    assert run(year=YEAR, as_of=text).startswith(f"{YEAR}: 0 grenzen uit wat op {moment} was ingediend.")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"year": 1850}, f"Er is geen verslagjaar 1850. Kies uit {', '.join(map(str, years()))}."),
        ({}, f"Meetjaar {YEAR} staat niet in deze database."),
        *(
            ({"as_of": text}, f"‘{text}’ is geen moment. Schrijf dag en tijd, zoals 1999-12-31T23:59.")
            for text in (
                "gisteren",
                "1999-12-31",
                "31-12-1999 12:00",
                "1999-02-30T12:00",
                "",
                "0001-01-01T00:00",
            )
        ),
        (
            {"as_of": "9999-12-31T23:59"},
            "Dit moment ligt in de toekomst; dan kan er nog van alles veranderen.",
        ),
    ],
)
def test_the_command_refuses_what_there_is_not(options: dict[str, object], message: str) -> None:
    with pytest.raises(CommandError) as refused:
        run(**{"year": YEAR, **options})
    assert str(refused.value) == message
