"""A signal in a picture: from zero, with what is usual where that is known."""

from __future__ import annotations

from collections.abc import Mapping
from math import log

import pytest
from django.utils import timezone

from surveys.forms.pictures import Band, Line, Mark, Split, picture_of
from surveys.models import Organisation, PeerBound, Round
from surveys.queries.deliveries import delivery_of
from tests.factories import YEAR, give, make_library, submission_of, take_part

pytestmark = pytest.mark.django_db

Answers = Mapping[str | tuple[str, str], int | str]
THIS, LAST = YEAR, YEAR - 1


@pytest.fixture
def library() -> Organisation:
    library = make_library()
    take_part(library, LAST)
    take_part(library)
    return library


def picture(library: Organisation, name: str, questionnaire: str = "bezit") -> Line | Split | None:
    delivery = delivery_of(submission_of(library, questionnaire))
    return picture_of(next(one for one in delivery.findings if one.id == name), delivery)


def both(library: Organisation, last: Answers, now: Answers, questionnaire: str = "bezit") -> None:
    give(submission_of(library, questionnaire, LAST), last)
    give(submission_of(library, questionnaire), now)


def bound(rule: str, middle: float, mad: float) -> None:
    PeerBound.objects.create(
        round=Round.objects.get(year=LAST), rule=rule, group="alle", count=9, median=log(middle), mad=mad,
        computed_at=timezone.now(),
    )  # fmt: skip


def test_a_leap_is_two_marks_on_a_line_from_zero(library: Organisation) -> None:
    both(library, {"leden_jeugd": 4000}, {"leden_jeugd": 1000})
    assert picture(library, "sprong_leden_leden_jeugd") == Line(
        now=Mark(f"{THIS}: 1.000", "23.6%", "start"),
        last=Mark(f"{LAST}: 4.000", "94.3%", "end"),
        band=None,
        told=f"{THIS}: 1.000; {LAST}: 4.000",
    )


def test_a_leap_is_set_beside_comparable_libraries_at_this_size(library: Organisation) -> None:
    bound("vergelijk_jeugdleden", 6.0, 0.1)  # 6 of every 100 inhabitants
    both(library, {"leden_jeugd": 4000}, {"leden_jeugd": 2000})
    drawn = picture(library, "sprong_leden_leden_jeugd")
    assert isinstance(drawn, Line)
    assert drawn.band == Band(
        "vergelijkbare bibliotheken: 1.790 tot 5.040 (midden 3.000)", "33.4%", "60.9%", "56.1%"
    )


def test_what_is_odd_among_peers_is_in_their_unit(library: Organisation) -> None:
    bound("vergelijk_website", 0.5, 0.1)
    both(library, {"bezoeken_website": 90_000}, {"bezoeken_website": 100_000})
    drawn = picture(library, "vergelijk_website")
    assert isinstance(drawn, Line)
    assert drawn.told == (f"{THIS}: 2; {LAST}: 1,8; vergelijkbare bibliotheken: 0,298 tot 0,84 (midden 0,5)")


def test_of_a_bound_far_above_only_the_beginning_is_shown(library: Organisation) -> None:
    row = library.locations.order_by("isil")[0].isil
    give(submission_of(library, "bezit"), {("bezoeken_locatie", row): 5200, ("uren_open", row): 40})
    drawn = picture(library, f"bezoeken_per_open_uur__{row}")
    assert isinstance(drawn, Line)
    assert (drawn.now, drawn.last, drawn.height) == (Mark(f"{THIS}: 2,5", "25.0%", "start"), None, "42")
    assert drawn.band == Band("gebruikelijk: 5 tot 250 (loopt rechts door)", "50.0%", "50.0%")


def test_a_bound_on_one_side(library: Organisation) -> None:
    row = library.locations.order_by("isil")[0].isil
    give(submission_of(library, "bezit"), {("uren_open", row): 140})
    drawn = picture(library, f"uren_per_week__{row}")
    assert isinstance(drawn, Line)
    assert drawn.band == Band("gebruikelijk: hoogstens 112", "0.0%", "75.5%")


def test_a_sentence_that_says_it_all_has_no_picture(library: Organisation) -> None:
    both(library, {"reserveringen": 8000}, {"reserveringen": 0})
    assert picture(library, "verdwenen_uitleningen_reserveringen") is None


def test_a_change_of_scope_is_two_bars(library: Organisation) -> None:
    for year in (LAST, THIS):
        give(submission_of(library, "profiel", year), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    row = library.locations.order_by("isil")[0].isil
    other = library.locations.order_by("isil")[1].isil
    visits = {("bezoeken_locatie", row): 50_000, ("bezoeken_locatie", other): 0}
    split = {"bezoeken_nb_zit_erin": "ja", "bezoeken_nb_invoer": "aantal", "bezoeken_nb_aantal": 10_000}
    both(library, {**visits, **split}, {**visits, "bezoeken_nb_zit_erin": "nee"})
    drawn = picture(library, "bezoeken_omvang")
    assert isinstance(drawn, Split)
    assert [(year, one.library_percentage, one.rest, one.width) for year, one in drawn.years] == [
        (LAST, "80", "10.000", "80.0"),
        (THIS, "100", "0", "100.0"),
    ]
