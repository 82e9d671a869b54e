"""What is remembered of an organisation's year: always what computing it anew would give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from surveys.models import (
    AnswerChange,
    Location,
    LocationMove,
    Organisation,
    OrganisationChange,
    Participation,
    PeerBound,
    Submission,
    Succession,
)
from surveys.queries import summaries
from surveys.queries.deliveries import delivery_of
from surveys.queries.progress import progress_of
from surveys.queries.summaries import Summary, figure_codes, summaries_of_year
from surveys.questionnaires.loader import load_edition
from surveys.workflow import Role
from tests.factories import (
    YEAR,
    complete,
    give,
    make_library,
    make_poi,
    make_user,
    submission_of,
    take_part,
)

pytestmark = pytest.mark.django_db
LISTS = tuple(load_edition(YEAR).by_code)


def libraries() -> list[Organisation]:
    """1 and 2 both years, 3 only this year."""
    found = [make_library(number) for number in (1, 2, 3)]
    for library in found:
        take_part(library)
        if library is not found[2]:
            take_part(library, YEAR - 1)
            give(submission_of(library, "personeel", YEAR - 1), {"vrijwilligers": 10})
        give(submission_of(library, "profiel"), {"gecombineerd": "nee"})
        give(submission_of(library, "personeel"), {"vrijwilligers": 12})
    return found


def read() -> dict[str, Summary]:
    every = Organisation.objects.filter(type=Organisation.Type.LIBRARY)
    return {one.isil: one for one in summaries_of_year(YEAR, every).values()}


def computed_anew(work: Callable[[], object]) -> list[str]:
    """The numbers of the libraries whose summary is another object after the work."""
    before = read()
    assert all(before[isil] is one for isil, one in read().items())
    work()
    after = read()
    changed = [isil for isil in after if before.get(isil) is not after[isil]]
    summaries.forget()
    assert _plain(read()) == _plain(after)
    return [isil.removeprefix("NL-080000").removesuffix("0000") for isil in changed]


def _plain(found: dict[str, Summary]) -> dict[str, str]:
    return {isil: repr(one) for isil, one in found.items()}


def test_it_tells_what_each_delivery_tells() -> None:
    library = libraries()[0]
    complete(submission_of(library, "profiel"), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    give(submission_of(library, "personeel"), {"personeel_vast_fte": 300, "personeel_vast_fulltime": 2})
    for isil, summary in read().items():
        for code in LISTS:
            delivery = delivery_of(submission_of(Organisation.objects.get(isil=isil), code))
            progress, told = progress_of(delivery), summary.lists[code]
            assert (told.answered, told.wanted) == (progress.answered, progress.wanted)
            assert list(told.findings) == delivery.findings


def test_the_facts_of_the_organisation() -> None:
    library = libraries()[0]
    one = read()[library.isil]
    assert (one.name, one.province, one.inhabitants) == ("Bibliotheek 1", "Drenthe", 50_000)
    assert (one.is_combined, one.size_class) == (False, "30.000 tot 60.000 inwoners")
    assert one.groups[0] == "30.000 tot 60.000 inwoners, niet gecombineerd"


def test_what_nobody_said_is_not_known() -> None:
    library = make_library()
    take_part(library)
    Participation.objects.update(inhabitants=None)
    one = read()[library.isil]
    assert (one.is_combined, one.size_class, one.inhabitants) == (None, "", None)


def test_key_figures_and_figures_stand_beside_last_year() -> None:
    library = libraries()[0]
    give(submission_of(library, "bezit"), {"leden_jeugd": 40, "leden_volwassen": 60})
    give(submission_of(library, "bezit", YEAR - 1), {"leden_jeugd": 30})
    first, second = Location.objects.filter(organisation=library)
    give(
        submission_of(library, "bezit"),
        {("bezoeken_locatie", first.isil): 7, ("bezoeken_locatie", second.isil): 5},
    )
    one, places = read()[library.isil], figure_codes(load_edition(YEAR))
    assert (one.headlines["leden"], one.headlines_before["leden_jeugd"]) == (100, 30)
    assert one.headlines["lasten_bib"] is None
    assert (one.figures[places["bezoeken_locatie"]], one.figures[places["leden_jeugd"]]) == (12, 40)
    assert one.figures_before[places["leden_jeugd"]] == 30


def test_a_doubt_knows_what_it_does_to_the_key_figures() -> None:
    library = libraries()[0]
    give(submission_of(library, "personeel", YEAR - 1), {"personeel_vast_fte": 10})
    give(submission_of(library, "personeel"), {"personeel_vast_fte": 300, "personeel_vast_fulltime": 2})
    found = read()[library.isil].lists["personeel"]
    assert found.findings
    doubt = found.doubts["personeel_vast_fte", ""]
    assert (doubt.value, doubt.before, doubt.slopes) == (300, 10, {"personeel_fte_bib": 1})


def _answer(library: Organisation, year: int = YEAR) -> None:
    give(submission_of(library, "personeel", year), {"vrijwilligers": 77})


def _clear(library: Organisation) -> None:
    submission = submission_of(library, "personeel")
    submission.answers.all().delete()
    AnswerChange.objects.create(
        submission=submission, question="vrijwilligers", source="form", at=timezone.now()
    )


def _bound() -> None:
    make = {"rule": "x", "group": "alle", "count": 9, "median": 1.0, "mad": 1.0}
    PeerBound.objects.create(round_id=YEAR, computed_at=timezone.now(), **make)


def _change(kind: str = "merger") -> OrganisationChange:
    return OrganisationChange.objects.create(
        kind=kind, date=date(YEAR, 1, 1), added_at=timezone.now(), added_by=make_user(Role.KB)
    )


def _join(predecessor: Organisation, successor: Organisation) -> None:
    Succession.objects.create(change=_change(), predecessor=predecessor, successor=successor)


def _move(before: Organisation, after: Organisation) -> None:
    location = Location.objects.filter(organisation=before).first()
    assert location
    location.organisation = after
    location.save()
    LocationMove.objects.create(
        location=location, before=before, date=date(YEAR, 7, 1), change=_change("split")
    )


_WHAT: dict[str, tuple[Callable[[list[Organisation]], object], list[str]]] = {
    "nothing": (lambda _: None, []),
    "an answer": (lambda all_: _answer(all_[0]), ["1"]),
    "an answer that is emptied": (lambda all_: _clear(all_[0]), ["1"]),
    "an answer of last year": (lambda all_: _answer(all_[1], YEAR - 1), ["2"]),
    "the inhabitants": (lambda all_: all_[2].participations.update(inhabitants=7), ["3"]),
    "last year's inhabitants": (
        lambda all_: all_[0].participations.filter(round_id=YEAR - 1).update(inhabitants=7),
        ["1"],
    ),
    "a location": (lambda all_: all_[1].locations.update(name="Anders"), ["2"]),
    "a new location": (
        lambda all_: Location.objects.create(organisation=all_[2], isil="NL-0", name="Nieuw", kind="x"),
        ["3"],
    ),
    "a name": (lambda all_: Organisation.objects.filter(pk=all_[0].pk).update(name="Anders"), ["1"]),
    "a province": (lambda all_: Organisation.objects.filter(pk=all_[0].pk).update(province="Zeeland"), ["1"]),
    "the POI": (lambda all_: Organisation.objects.filter(pk=all_[0].pk).update(poi=make_poi()), ["1"]),
    "peers' bounds": (lambda _: _bound(), ["1", "2", "3"]),
    "a merger": (lambda all_: _join(all_[1], all_[2]), ["3"]),
    "a location that goes over": (lambda all_: _move(all_[0], all_[1]), ["1", "2"]),
    "a library that joins": (lambda _: take_part(make_library(4)), ["4"]),
    "a state": (
        lambda all_: Submission.objects.filter(participation__organisation=all_[0]).update(
            state="submitted", submitted_at=timezone.now(), submitted_by=make_user(Role.KB)
        ),
        [],
    ),
}


@pytest.mark.parametrize("what", _WHAT)
def test_only_what_a_change_concerns_is_computed_anew(what: str) -> None:
    found = libraries()
    work, changed = _WHAT[what]
    assert computed_anew(lambda: work(found)) == changed


def test_when_and_how_they_were_joined_counts() -> None:
    first, second, _ = libraries()
    _join(first, second)
    assert computed_anew(lambda: OrganisationChange.objects.update(kind="split")) == ["2"]


def test_who_was_joined_counts_at_second_hand() -> None:
    first, second, third = libraries()
    _join(first, second)
    _join(second, third)
    assert computed_anew(lambda: _answer(first, YEAR - 1)) == ["1", "2", "3"]


def test_who_no_longer_takes_part_is_left_out() -> None:
    library = libraries()[0]
    assert len(read()) == 3
    library.participations.filter(round_id=YEAR).update(ended_by=_change("closure"))
    assert list(read()) == ["NL-08000020000", "NL-08000030000"]


def test_a_change_with_an_older_moment_that_came_in_last_is_seen_after_a_minute() -> None:
    library = libraries()[0]
    before = read()[library.isil]
    submission = submission_of(library, "personeel")
    submission.answers.filter(question="vrijwilligers").update(hundredths=9_900)
    older = submission.changes.order_by("at")[0].at - timedelta(seconds=1)
    AnswerChange.objects.create(
        submission=submission, question="vrijwilligers", state="given", hundredths=9_900, source="form", at=older
    )  # fmt: skip
    assert read()[library.isil] is before
    later = timezone.now() + timedelta(seconds=61)
    with patch("surveys.queries.summaries.timezone.now", return_value=later):
        place = figure_codes(load_edition(YEAR))["vrijwilligers"]
        settled = read()[library.isil]
        assert settled.figures[place] == 99
        assert read()[library.isil] is settled


def test_a_poi_gets_only_its_own_libraries() -> None:
    first, *_ = libraries()
    read()
    assert [
        one.isil for one in summaries_of_year(YEAR, Organisation.objects.filter(pk=first.pk)).values()
    ] == [first.isil]


def test_the_longest_unused_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = libraries()
    monkeypatch.setattr(summaries, "MOST", 2)
    before = read()
    summaries_of_year(YEAR, Organisation.objects.filter(pk=second.pk))
    after = read()
    kept = [isil for isil, one in after.items() if before[isil] is one]
    assert first.isil not in kept
    assert kept == [second.isil, third.isil]


def _empties(count: int) -> None:
    """So many more libraries that have not begun, and were there last year."""
    start = Organisation.objects.count() + 100
    made = Organisation.objects.bulk_create(
        Organisation(isil=f"NL-09{number:05}0000", name=f"Leeg {number}", province="Drenthe")
        for number in range(start, start + count)
    )
    taking = Participation.objects.bulk_create(
        Participation(organisation=one, round_id=year, inhabitants=9_000)
        for one in made
        for year in (YEAR - 1, YEAR)
    )
    Submission.objects.bulk_create(
        Submission(participation=one, questionnaire=code) for one in taking for code in LISTS
    )


def test_a_warm_call_takes_six_queries_however_many_there_are() -> None:
    libraries()
    counts = []
    for more in (0, 2, 997):
        _empties(more)
        read()
        with CaptureQueriesContext(connection) as queries:
            read()
        counts.append(len(queries))
    assert counts == [6, 6, 6]


def test_a_cold_call_takes_as_many_for_one_as_for_three() -> None:
    every, counts = libraries(), []
    for some in (every[:1], every):
        summaries.forget()
        with CaptureQueriesContext(connection) as queries:
            summaries_of_year(YEAR, Organisation.objects.filter(pk__in=[one.pk for one in some]))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_a_moment_without_a_zone_never_comes_in() -> None:
    """A stamp's moment is compared with the clock."""
    libraries()
    stamps = summaries.stamps_of_year(YEAR, Organisation.objects.all())
    assert all(isinstance(one.newest, datetime) and one.newest.tzinfo for one in stamps.values())
