"""A release gives the same figures for ever, whatever is changed after it; and there is an order in which they come."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.actions.answers import Entry, load_answers, save_answers
from surveys.actions.releases import MAX_LENGTH, ReleaseError, fill_fingerprint, make_release
from surveys.exports.content import fingerprint_of
from surveys.models import (
    Answer,
    Explanation,
    Location,
    Organisation,
    OrganisationChange,
    Participation,
    PeerBound,
    Release,
    ReleaseStatus,
    Remark,
    Submission,
    Transition,
    User,
)
from surveys.queries.answers import answers_of
from surveys.queries.as_of import as_of_release
from surveys.queries.told import told_year
from surveys.queries.year import records_of_year
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.rule import RuleKind
from surveys.rules.peers import EVERYONE
from surveys.values import UNKNOWN, Value
from surveys.workflow import Role
from tests.factories import (
    YEAR,
    explain_all,
    give,
    make_library,
    make_poi,
    make_user,
    submission_of,
    take_part,
)

pytestmark = pytest.mark.django_db
PROVISIONAL, REVISED, FINAL = ReleaseStatus


@pytest.fixture
def noor() -> User:
    return make_user(Role.KB, name="Noor Wessenaar")


def deliver(submission: Submission, by: User) -> None:
    """As if it had been submitted; its answers are what they are."""
    Transition.objects.create(
        submission=submission,
        step="submit",
        before="in_progress",
        after="submitted",
        at=timezone.now(),
        by=by,
    )
    Submission.objects.filter(pk=submission.pk).update(
        state="submitted", submitted_at=timezone.now(), submitted_by=by
    )


@pytest.fixture
def libraries(noor: User) -> list[Organisation]:
    """Two with figures of both years, something that stands out and was explained, and bounds of their peers."""
    poi = make_poi()
    found = [make_library(number, poi=poi) for number in (1, 2)]
    for number, one in enumerate(found, 1):
        take_part(one, YEAR - 1, inhabitants=40_000)
        take_part(one, inhabitants=41_000)
        before, now = submission_of(one, "bezit", YEAR - 1), submission_of(one, "bezit")
        give(before, {"leden_jeugd": 150 * number, "leden_volwassen": 9_000, "bezoeken_website": 65_000})
        give(submission_of(one, "profiel"), {"gecombineerd": "nee"})
        give(now, {"leden_jeugd": 100 * number, "leden_volwassen": 9_000, "bezoeken_website": 5})
        explain_all(now, noor)
        for submission in (before, submission_of(one, "profiel"), now):
            deliver(submission, noor)
    PeerBound.objects.bulk_create(
        PeerBound(
            round_id=YEAR - 1, rule=rule.code, group=EVERYONE, count=20, median=0.1 + 0.2, mad=0.01,
            computed_at=timezone.now(),
        )
        for rule in load_edition(YEAR).rules
        if rule.kind is RuleKind.PEERS
    )  # fmt: skip
    return found


def release_now(by: User, status: ReleaseStatus = PROVISIONAL, **more: object) -> Release:
    return make_release(year=YEAR, status=status, by=by, **more)  # type: ignore[arg-type]


def all_of(release: Release) -> list[object]:
    """Everything it gives: figures, signals, explanations, repairs, remarks."""
    return [
        (
            one.record.isil,
            one.record.organisation,
            one.record.province,
            one.record.is_combined,
            dict(one.record.states),
            [(place.isil, place.name, place.address) for place in one.record.locations],
            one.record.answers,
            one.record.evaluation,
            one.last,
            {code: list(signals) for code, signals in one.signals.items()},
            list(one.repaired),
            list(one.remarks),
        )
        for one in told_year(YEAR, as_of=as_of_release(release))
    ]


def test_a_release_gives_what_stood_there(libraries: list[Organisation], noor: User) -> None:
    before = list(records_of_year(YEAR))
    release = release_now(noor, note="  Eerste stand. ")
    assert (release.note, release.delivered, release.made_by) == ("Eerste stand.", 4, noor)
    then = list(records_of_year(YEAR, as_of=as_of_release(release)))
    assert [one.evaluation for one in then] == [one.evaluation for one in before]
    assert [one.answers for one in then] == [one.answers for one in before]
    assert [(one.isil, one.organisation, one.province) for one in then] == [
        (one.isil, one.organisation, one.province) for one in before
    ]
    assert any(one.signals["bezit"] for one in told_year(YEAR, as_of=as_of_release(release)))


def _put(submission: Submission, code: str, value: Value | None, row: str, by: User) -> None:
    entry = Entry(code, row, value, answers_of(submission).get((code, row)))
    Submission.objects.filter(pk=submission.pk, state__in=["submitted"]).update(
        state="in_progress", submitted_at=None, submitted_by=None
    )
    save_answers(submission=submission, entries=[entry], by=by, source="form")


EDITS: dict[str, Callable[[Organisation, User, int], object]] = {
    "an answer": lambda one, by, n: _put(submission_of(one, "bezit"), "leden_jeugd", Value.of(n), "", by),
    "cleared": lambda one, by, n: _put(submission_of(one, "bezit"), "leden_volwassen", None, "", by),
    "unknown": lambda one, by, n: _put(submission_of(one, "bezit"), "bezoeken_website", UNKNOWN, "", by),
    "of a location": lambda one, by, n: _put(
        submission_of(one, "bezit"), "uren", Value.of(n), f"{one.isil[:-4]}1001", by
    ),
    "last year": lambda one, by, n: _put(
        submission_of(one, "bezit", YEAR - 1), "leden_jeugd", Value.of(n), "", by
    ),
    "the profile": lambda one, by, n: _put(
        submission_of(one, "profiel"), "gecombineerd", Value.of("ja"), "", by
    ),
    "a step": lambda one, by, n: deliver(submission_of(one, "personeel"), by),
    "a name": lambda one, by, n: Organisation.objects.filter(pk=one.pk).update(name=f"Nieuw {n}"),
    "an isil": lambda one, by, n: Organisation.objects.filter(pk=one.pk).update(isil=f"NL-0899{n:02}0000"),
    "a province": lambda one, by, n: Organisation.objects.filter(pk=one.pk).update(province="Zeeland"),
    "the poi": lambda one, by, n: Organisation.objects.filter(type="poi").update(name=f"POI {n} nieuw"),
    "inhabitants": lambda one, by, n: Participation.objects.filter(organisation=one).update(
        inhabitants=1_000 * n + 1
    ),
    "out of the round": lambda one, by, n: _end(one, by),
    "into the round": lambda one, by, n: take_part(make_library(Organisation.objects.count() + 10)),
    "a location closed": lambda one, by, n: Location.objects.filter(organisation=one).update(
        closed=timezone.now().date().replace(year=YEAR - 1)
    ),
    "a location renamed": lambda one, by, n: Location.objects.filter(organisation=one).update(
        name=f"Plek {n}", address="Elders", kind="Bus"
    ),
    "a location moved": lambda one, by, n: Location.objects.filter(organisation=one).update(
        organisation=Organisation.objects.filter(type="library").exclude(pk=one.pk).first()
    ),
    "an explanation": lambda one, by, n: Explanation.objects.bulk_create(
        Explanation(
            participation=given.participation, rule=given.rule, question=given.question, row=given.row,
            figures=given.figures, reason="fusie", text=f"Anders {n}.", at=timezone.now(), by=by,
        )
        for given in Explanation.objects.filter(participation__organisation=one)[:3]
    ),
    "a remark": lambda one, by, n: Remark.objects.create(
        submission=submission_of(one, "bezit"), text=f"Klopt {n}?", question="leden_jeugd", state="open",
        made_at=timezone.now(), made_by=by, sent_at=timezone.now(),
    ),
    "bounds": lambda one, by, n: PeerBound.objects.update(median=n),
    "new bounds": lambda one, by, n: PeerBound.objects.create(
        round_id=YEAR, rule="x", group=EVERYONE, count=n, median=n, mad=1, computed_at=timezone.now()
    ),
    "no bounds": lambda one, by, n: PeerBound.objects.all().delete(),
    "a line under an older moment": lambda one, by, n: load_answers(
        [
            Answer(
                submission=submission_of(one, "personeel"), question=f"vrijwilligers_{n}", state="given",
                hundredths=100 * n, source="import", version=1_000 + n, changed_by=by,
                changed_at=timezone.now() - timedelta(days=400),
            )
        ]
    ),
}  # fmt: skip


def _end(one: Organisation, by: User) -> None:
    change = OrganisationChange.objects.create(
        kind="closure", date=timezone.now().date().replace(year=YEAR), added_at=timezone.now(), added_by=by
    )
    Participation.objects.filter(organisation=one, round_id=YEAR).update(ended_by=change)


@given(
    edits=st.lists(
        st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 1), st.integers(1, 99)),
        min_size=1, max_size=8, unique_by=lambda one: one[0],
    )
)  # fmt: skip
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_happens_afterwards_changes_a_release(
    libraries: list[Organisation], noor: User, edits: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        for one in libraries:
            EDITS["a remark"](one, noor, 0)
        first = release_now(noor, fingerprint_of=fingerprint_of)
        given_first = all_of(first)
        for name, which, number in edits:
            EDITS[name](libraries[which], noor, number)
        assert all_of(first) == given_first
        assert fingerprint_of(first) == first.fingerprint
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", EDITS)
def test_each_of_these_would_have_changed_it(libraries: list[Organisation], noor: User, name: str) -> None:
    """Otherwise the property proves nothing: a second release gives something else than the first."""
    first = release_now(noor)
    EDITS[name](libraries[0], noor, 7)
    second = release_now(noor)
    kept = [list(one.records.order_by("pk").values_list("participation", "facts")) for one in (first, second)]
    assert all_of(second) != all_of(first) or kept[0] != kept[1] or first.bounds != second.bounds


def test_two_releases_stand_beside_each_other(libraries: list[Organisation], noor: User) -> None:
    first = release_now(noor)
    EDITS["an answer"](libraries[0], noor, 55)
    EDITS["a name"](libraries[0], noor, 55)
    second = release_now(noor, REVISED)
    names = [
        [one.organisation for one in records_of_year(YEAR, as_of=as_of_release(it))] for it in (first, second)
    ]
    assert names == [["Bibliotheek 1", "Bibliotheek 2"], ["Nieuw 55", "Bibliotheek 2"]]
    only = Organisation.objects.filter(pk=libraries[1].pk)
    [one] = records_of_year(YEAR, organisations=only, as_of=as_of_release(first))
    assert one.organisation == "Bibliotheek 2"


@pytest.mark.parametrize(
    ("made", "wanted", "refused"),
    [
        ([], FINAL, ""),
        ([PROVISIONAL], PROVISIONAL, ""),
        ([PROVISIONAL, REVISED], REVISED, ""),
        ([PROVISIONAL, REVISED], FINAL, ""),
        (
            [REVISED],
            PROVISIONAL,
            "Er is al een uitgave ‘nader voorlopig’; daarna kan er geen ‘voorlopig’ meer komen.",
        ),
        ([FINAL], FINAL, "De definitieve uitgave"),
        ([FINAL], REVISED, "De definitieve uitgave"),
        ([PROVISIONAL, FINAL], PROVISIONAL, "De definitieve uitgave"),
    ],
)
def test_they_come_in_one_order_and_the_final_one_once(
    libraries: list[Organisation], noor: User, made: list[ReleaseStatus], wanted: ReleaseStatus, refused: str
) -> None:
    for status in made:
        release_now(noor, status)
    if not refused:
        assert release_now(noor, wanted).status == wanted
        return
    with pytest.raises(ReleaseError) as error:
        release_now(noor, wanted)
    assert str(error.value).startswith(refused)
    assert Release.objects.count() == len(made)


def test_of_nothing_there_is_no_release(noor: User) -> None:
    with pytest.raises(ReleaseError, match=f"Meetjaar {YEAR} staat niet in deze database"):
        release_now(noor)
    library = make_library()
    take_part(library)
    give(submission_of(library, "personeel"), {"opmerkingen_personeel": "tekst"})
    with pytest.raises(ReleaseError, match="nog niets ingediend"):
        release_now(noor)


def test_a_page_that_did_not_show_the_newest_is_told(libraries: list[Organisation], noor: User) -> None:
    release = release_now(noor, seen=0)
    with pytest.raises(ReleaseError, match="Intussen maakte Noor Wessenaar al een uitgave: voorlopig"):
        release_now(noor, seen=0)
    assert release_now(noor, seen=release.pk).pk > release.pk
    with pytest.raises(ReleaseError, match="Intussen"):
        release_now(noor, seen=release.pk)


def test_a_long_note_is_cut_and_the_year_before_is_kept_too(
    libraries: list[Organisation], noor: User
) -> None:
    release = release_now(noor, note="x" * (MAX_LENGTH + 5))
    assert len(release.note) == MAX_LENGTH
    years = release.records.values_list("participation__round_id", flat=True)
    assert sorted(years) == [YEAR - 1, YEAR - 1, YEAR, YEAR]
    with pytest.raises(TypeError):
        release.delete()
    with pytest.raises(ProtectedError):
        Participation.objects.filter(round_id=YEAR).first().delete()


def test_moments_differ(libraries: list[Organisation], noor: User) -> None:
    first = release_now(noor)
    time.sleep(0.001)
    assert release_now(noor).at > first.at


def test_signals_are_judged_by_the_bounds_of_then(libraries: list[Organisation], noor: User) -> None:
    release = release_now(noor)

    def about_peers() -> list[str]:
        told = told_year(YEAR, as_of=as_of_release(release))
        return [
            signal.finding.message
            for one in told
            for signal in one.signals["bezit"]
            if "vergelijk" in signal.finding.code
        ]

    before = about_peers()
    assert before
    PeerBound.objects.all().delete()
    assert about_peers() == before


def test_a_fingerprint_that_could_not_be_made_comes_later(libraries: list[Organisation], noor: User) -> None:
    def fails(_: Release) -> str:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        release_now(noor, fingerprint_of=fails)
    release = Release.objects.get()
    assert release.fingerprint == ""
    EDITS["an answer"](libraries[0], noor, 7)
    fill_fingerprint(release=release, fingerprint_of=fingerprint_of)
    kept = release.fingerprint
    assert kept == fingerprint_of(release) == Release.objects.get().fingerprint
    fill_fingerprint(release=release, fingerprint_of=lambda _: "x" * 64)
    assert Release.objects.get().fingerprint == kept


def test_another_isil_code_leaves_every_remark_where_it_was(
    libraries: list[Organisation], noor: User
) -> None:
    """Who was first is last by the new code; each keeps its own remarks."""
    for one in libraries:
        EDITS["a remark"](one, noor, 0)
    release = release_now(noor)
    before = all_of(release)
    Organisation.objects.filter(pk=libraries[0].pk).update(isil="NL-0899990000")
    assert all_of(release) == before
