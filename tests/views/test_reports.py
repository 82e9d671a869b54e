"""The page about the library's share."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from surveys.models import Organisation, Submission
from surveys.workflow import Role
from tests.factories import YEAR, give, make_library, make_poi, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db
PAGE = f"/kb/{YEAR}/aandeel/"


@pytest.fixture
def kb() -> Client:
    client = Client()
    client.force_login(make_user(Role.KB))
    return client


def _delivered(number: int, poi: Organisation | None = None, **split: int) -> Organisation:
    """A combined institution of 1.000 visits that has handed in profiel and bezit."""
    library = make_library(number, locations=1, poi=poi)
    take_part(library)
    give(submission_of(library, "profiel"), {"gecombineerd": "ja", "gedeelde_cijfers": "ja"})
    isil = library.locations.get().isil
    ways = {"bezoeken_nb_zit_erin": "ja", "bezoeken_nb_invoer": "aantal"} if split else {}
    give(submission_of(library, "bezit"), {("bezoeken_locatie", isil): 1000, **ways, **split})
    Submission.objects.filter(
        participation__organisation=library, questionnaire__in=["profiel", "bezit"]
    ).update(state="submitted", submitted_at=timezone.now(), submitted_by=make_user(Role.LIBRARY, library))
    return library


def test_shares_and_who_is_left_out(kb: Client) -> None:
    _delivered(1, bezoeken_nb_aantal=100)
    _delivered(2)
    page = kb.get(PAGE)
    line = page.context["combined"].key_lines[0]
    assert (line.total, line.non_library, line.library, line.share, line.counted, line.left_out) == (
        "1.000",
        "100",
        "900",
        "90,0%",
        1,
        1,
    )
    assert page.context["combined"].overall == "nog niet bekend"
    assert "Nog niet van alle cijfers is bekend" in page.text


def test_the_picture_is_told_in_words_and_has_no_comma_in_its_lengths(kb: Client) -> None:
    _delivered(1, bezoeken_nb_aantal=100)
    page = kb.get(PAGE)
    assert '<desc id="chart-desc">Bezoeken, alle locaties samen: 90,0%.' in page.text
    assert 'class="share-own" x="0" y="22" width="72.00%"' in page.text


def test_a_poi_sees_the_share_of_its_own(kb: Client) -> None:
    poi = make_poi()
    _delivered(1, poi, bezoeken_nb_aantal=100)
    _delivered(2, bezoeken_nb_aantal=500)
    client = Client()
    client.force_login(make_user(Role.POI, poi))
    assert client.get(PAGE).context["combined"].key_lines[0].share == "90,0%"
    assert kb.get(PAGE).context["combined"].key_lines[0].share == "70,0%"


def test_nothing_yet(kb: Client) -> None:
    take_part(make_library(1))
    assert "Nog geen gecombineerde instellingen" in kb.get(PAGE).text


def test_queries_do_not_grow(kb: Client) -> None:
    counts = []
    for numbers in ((1,), (2, 3)):
        for number in numbers:
            _delivered(number, bezoeken_nb_aantal=100)
        with CaptureQueriesContext(connection) as queries:
            kb.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 11
