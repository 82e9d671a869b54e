"""Last year of who came from a merger or a split; and who held a location in a year."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.actions.succession import record_change
from surveys.forms.patch import delivery_for
from surveys.models import ChangeKind, Organisation, User
from surveys.queries.checks import checked_year
from surveys.queries.deliveries import delivery_of
from surveys.queries.facts import locations_of
from surveys.queries.predecessors import Link, lineage_of
from surveys.queries.saving import known_for_save
from surveys.queries.succession import Heir, Newcomer, Plan
from surveys.questionnaires.dependencies import dependencies
from surveys.questionnaires.loader import edition_before
from surveys.values import Key, Value
from surveys.workflow import Role
from tests.factories import YEAR, give, make_library, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db
DAY = date(YEAR, 3, 1)


@pytest.fixture
def kb() -> User:
    return make_user(Role.KB)


@pytest.fixture
def two() -> tuple[Organisation, Organisation]:
    """Two that gave last year: counts, tariffs, choices, per location, and a split by amount and by percentage."""
    found = make_library(1), make_library(2)
    for number, one in enumerate(found, 1):
        take_part(one, YEAR - 1, inhabitants=10_000 * number)
        give(submission_of(one, "profiel", YEAR - 1), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
        rows = sorted(one.locations.values_list("isil", flat=True))
        answers: dict[str | Key, int | str] = {
            "leden_jeugd": 1_000 * number,
            "leden_9_12": 400,
            "tarief_volwassenen": 40 + number,
            "boete": "ja",
            "boete_per_dag": 1,
            "verlengingen": 70 * number,
        }
        answers |= {("bezoeken_locatie", row): 5_000 * number for row in rows}
        give(submission_of(one, "bezit", YEAR - 1), answers)
    for code, value in (("invoer", "aantal"), ("aantal", 1_000)):
        give(
            submission_of(found[0], "bezit", YEAR - 1),
            {"bezoeken_nb_zit_erin": "ja", f"bezoeken_nb_{code}": value},
        )
    more = {"bezoeken_nb_zit_erin": "ja", "bezoeken_nb_invoer": "percentage", "bezoeken_nb_percentage": 10}
    give(submission_of(found[1], "bezit", YEAR - 1), more)
    return found


def merge_into(one: Organisation, *others: Organisation, by: User, day: date = DAY) -> None:
    isils = (one.isil, *(other.isil for other in others))
    record_change(plan=Plan(MERGER, day, isils, (Heir(one.isil),)), by=by)


def test_counts_are_added_and_the_rest_says_why_it_is_absent(two, kb: User) -> None:
    one, other = two
    take_part(one, inhabitants=10_500)
    merge_into(one, other, by=kb)
    delivery = delivery_of(submission_of(one, "bezit"))
    last = {key: value for key, value in delivery.last_year.items() if not key[1]}
    assert last["leden_jeugd", ""] == Value.of(3_000)
    assert last["verlengingen", ""] == Value.of(210)
    assert last["boete_per_dag", ""] == Value.of(1)
    assert last["bezoeken", ""] == Value.of(2 * 5_000 + 2 * 10_000)
    assert last["bezoeken_niet_bib", ""] == Value.of(1_000 + 2_000)
    assert last["bezoeken_bib", ""] == Value.of(27_000)
    assert last["bezoeken_bib_aandeel", ""] == Value.of(90)
    assert last["bezoeken_nb_zit_erin", ""] == Value.of("ja")
    assert "tarief_volwassenen" not in {code for code, _ in last}
    absent = delivery.last_absent
    assert absent["tarief_volwassenen", ""] == "niet op te tellen (Bibliotheek 1 41; Bibliotheek 2 42)"
    assert absent["bezoeken_nb_aantal", ""] == "alleen gevraagd aan Bibliotheek 1"
    assert absent["bezoeken_nb_percentage", ""] == "alleen gevraagd aan Bibliotheek 2"
    assert "Bibliotheek 1 en Bibliotheek 2 samen" in delivery.last_from
    rows = {row for code, row in delivery.last_year if code == "bezoeken_locatie"}
    assert rows == {place.isil for place in delivery.locations}
    assert len(rows) == 4


CODES = (
    "leden_jeugd",
    "leden_9_12",
    "bezoeken_locatie",
    "verlengingen",
    "tarief_volwassenen",
    "bezoeken_nb_aantal",
)


@pytest.mark.parametrize("code", CODES)
def test_a_save_after_a_merger_knows_what_a_reloaded_page_knows(two, kb: User, code: str) -> None:
    """Figures, reasons, findings and signals; with one statement more than an ordinary save."""
    one, other = two
    take_part(one, inhabitants=10_500)
    merge_into(one, other, by=kb)
    give(submission_of(one, "profiel"), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    submission = submission_of(one, "bezit")
    give(submission, {"leden_jeugd": 900, "leden_9_12": 12_000, "verlengingen": 2})
    whole = delivery_of(submission)
    give(submission, {("bezoeken_locatie", row): 90_000 for row in whole.rows})
    whole = delivery_of(submission)
    touched = dependencies(whole.edition, "bezit", edition_before(YEAR)).touched_by(code)
    row = whole.rows[0] if whole.questions[code].repeats else ""
    with CaptureQueriesContext(connection) as taken:
        known = known_for_save(
            make_user(Role.LIBRARY, one),
            year=YEAR,
            isil=one.isil,
            questionnaire="bezit",
            row=row,
            touched=touched,
        )
    part = delivery_for(known, touched)
    assert len([one for one in taken if "surveys_succession" in one["sql"]]) == 1
    seen = {question.code for question in touched.needed_before}
    assert {key: one for key, one in part.last.counted.items() if key[0] in seen} == {
        key: one for key, one in whole.last.counted.items() if key[0] in seen
    }
    assert {key: one for key, one in part.last_absent.items() if key[0] in seen} == {
        key: one for key, one in whole.last_absent.items() if key[0] in seen
    }
    assert part.last_from == whole.last_from
    rules = {rule.code for rule in touched.rules}
    assert part.signals == [one for one in whole.signals if one.finding.code in rules]


def test_the_year_as_a_whole_tells_the_same(two, kb: User) -> None:
    one, other = two
    take_part(one, inhabitants=10_500)
    third = make_library(3)
    take_part(third)
    merge_into(one, other, by=kb)
    submission = submission_of(one, "bezit")
    give(submission_of(one, "profiel"), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    give(submission, {"leden_jeugd": 900, "verlengingen": 2})
    delivery = delivery_of(submission)
    checked = {found.record.isil: found for found in checked_year(YEAR)}
    assert set(checked) == {one.isil, third.isil}
    mine = checked[one.isil]
    assert [found.code for found in mine.findings("bezit")] == [found.code for found in delivery.findings]
    asked = {
        key
        for key in delivery.last.counted
        if delivery.questions.get(key[0]) in delivery.edition.by_code["bezit"].questions.values()
    }
    assert {key: mine.context.last.counted.get(key) for key in asked} == {
        key: delivery.last.counted[key] for key in asked
    }


def test_a_predecessor_that_gave_nothing_leaves_a_gap_with_its_name(two, kb: User) -> None:
    one, _ = two
    take_part(one)
    silent = make_library(3)
    take_part(silent, YEAR - 1)
    stranger = make_library(4)
    merge_into(one, silent, stranger, by=kb)
    delivery = delivery_of(submission_of(one, "bezit"))
    assert ("leden_jeugd", "") not in delivery.last_year
    assert delivery.last_absent["leden_jeugd", ""] == "Bibliotheek 3 en Bibliotheek 4 gaven dit niet op"
    assert ("leden_jeugd", "") in delivery.last.partial


def test_who_comes_from_a_split_has_no_last_year(two, kb: User) -> None:
    one, _ = two
    places = sorted(one.locations.values_list("isil", flat=True))
    take_part(one)
    heirs = (
        Heir(one.isil, inhabitants=6_000, locations=frozenset(places[:1])),
        Heir("NL-0800099", Newcomer("Deel", "Drenthe"), 4_000, frozenset(places[1:])),
    )
    record_change(plan=Plan(SPLIT, DAY, (one.isil,), heirs), by=kb)
    for isil in (one.isil, "NL-0800099"):
        delivery = delivery_of(submission_of(Organisation.objects.get(isil=isil), "bezit"))
        assert (delivery.last_year, delivery.last_absent) == ({}, {})
        assert "Bibliotheek 1 is op 1-3-" in delivery.last_from
        assert len(delivery.rows) == 1


def test_the_year_after_stands_beside_its_own(two, kb: User) -> None:
    one, _ = two
    merge_into(one, make_library(3), by=kb, day=date(YEAR - 1, 1, 1))
    take_part(one)
    delivery = delivery_of(submission_of(one, "bezit"))
    assert delivery.last_from == ""
    assert delivery.last_year["leden_jeugd", ""] == Value.of(1_000)


def test_a_location_is_read_with_who_held_it_at_the_end_of_the_year(two, kb: User) -> None:
    one, other = two
    take_part(one)
    moved = sorted(other.locations.values_list("isil", flat=True))
    own = sorted(one.locations.values_list("isil", flat=True))
    merge_into(one, other, by=kb)
    at = {year: submission_of(one, "bezit", year).participation for year in (YEAR - 1, YEAR)}
    before = submission_of(other, "bezit", YEAR - 1).participation
    assert [place.isil for place in locations_of(at[YEAR - 1])] == own
    assert [place.isil for place in locations_of(before)] == moved
    assert [place.isil for place in locations_of(at[YEAR])] == own + moved
    assert list(delivery_of(submission_of(other, "bezit", YEAR - 1)).rows) == moved


def link(change: int, kind: ChangeKind, day: date, was: int, became: int) -> Link:
    return Link(change, kind, day, was, f"NL-{was}", f"Naam {was}", became)


JANUARY, MAY = date(YEAR, 1, 1), date(YEAR, 5, 1)
MERGER, SPLIT = ChangeKind.MERGER, ChangeKind.SPLIT


@pytest.mark.parametrize(
    ("links", "roots", "is_split"),
    [
        ([], None, False),
        ([(1, MERGER, JANUARY, 1, 9), (1, MERGER, JANUARY, 2, 9)], [1, 2], False),
        ([(1, MERGER, JANUARY, 9, 9), (1, MERGER, JANUARY, 2, 9)], [2, 9], False),
        ([(1, MERGER, JANUARY, 1, 2), (1, MERGER, JANUARY, 2, 2)], None, False),
        (
            [(1, MERGER, JANUARY, 1, 3), (1, MERGER, JANUARY, 2, 3), (2, MERGER, MAY, 3, 9), (2, MERGER, MAY, 4, 9)],
            [1, 2, 4],
            False,
        ),
        (
            [(2, MERGER, JANUARY, 9, 9), (2, MERGER, JANUARY, 2, 9), (1, MERGER, MAY, 9, 9), (1, MERGER, MAY, 3, 9)],
            [2, 3, 9],
            False,
        ),
        ([(1, SPLIT, JANUARY, 1, 9), (1, SPLIT, JANUARY, 1, 8)], [1], True),
        (
            [(1, SPLIT, JANUARY, 1, 7), (1, SPLIT, JANUARY, 1, 8), (2, MERGER, MAY, 7, 9), (2, MERGER, MAY, 9, 9)],
            [1, 9],
            True,
        ),
    ],
    ids=["nothing", "new", "stays", "others", "twice", "twice and stays", "split", "merged with a part"],
)  # fmt: skip
def test_the_roots_of_a_year_are_found_through_all_its_changes(
    links: list, roots: list[int] | None, is_split: bool
) -> None:
    found = lineage_of(9, [link(*one) for one in links])
    assert (found and [one.pk for one in found.roots]) == roots
    assert bool(found and found.split) is is_split
