"""The middle of comparable libraries beside the figures of a list."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from surveys.models import Organisation, Submission, User
from surveys.queries.deliveries import delivery_of
from surveys.queries.peer_medians import Middle, is_compared, is_scaled, peer_medians
from surveys.questionnaires.loader import load_edition
from surveys.rules.peers import FEWEST
from surveys.workflow import Role
from tests.factories import YEAR, give, make_library, make_user, submission_of, take_part

pytestmark = pytest.mark.django_db
QUESTIONS = load_edition(YEAR).questions


@pytest.fixture
def kb() -> User:
    return make_user(Role.KB)


def _deliver(library: Organisation, year: int, kb: User, state: str = "approved") -> None:
    now = timezone.now()
    approved = {"approved_at": now, "approved_by": kb} if state == "approved" else {}
    Submission.objects.filter(pk=submission_of(library, "bezit", year).pk).update(
        state=state, submitted_at=now, submitted_by=kb, **approved
    )


def _peers(
    kb: User, count: int = FEWEST, year: int = YEAR, *, inhabitants: int = 40_000
) -> list[Organisation]:
    """Numbers 1 and up, each with a tenth of its inhabitants and its number as youth members, delivered."""
    found = []
    for number in range(1, count + 1):
        library = make_library(number, locations=1)
        if year != YEAR:
            take_part(library, year, inhabitants)
        take_part(library, YEAR, inhabitants)
        give(
            submission_of(library, "bezit", year),
            {"leden_jeugd": inhabitants // 10 + number, "tarief_volwassenen": 50},
        )
        _deliver(library, year, kb)
        found.append(library)
    return found


def _own(inhabitants: int = 50_000) -> Organisation:
    library = make_library(99)
    take_part(library, YEAR, inhabitants)
    return library


def _middle(library: Organisation, code: str) -> Middle | None:
    return peer_medians(delivery_of(submission_of(library, "bezit"))).get(code)


def test_what_grows_with_a_library_is_told_at_its_own_size(kb: User) -> None:
    _peers(kb)
    found = _middle(_own(), "leden_jeugd")
    assert found is not None
    # Halfway between 4.004 and 4.005 of 40.000, at 50.000.
    assert round(found.number, 2) == Decimal("5005.62")
    assert (found.count, found.group, found.is_scaled) == (FEWEST, "30.000 tot 60.000 inwoners", True)


def test_a_price_is_the_same_at_every_size(kb: User) -> None:
    _peers(kb)
    found = _middle(_own(), "tarief_volwassenen")
    assert found is not None
    assert (found.number, found.is_scaled) == (Decimal(50), False)


def test_there_is_none_of_too_few(kb: User) -> None:
    _peers(kb, FEWEST - 1)
    assert _middle(_own(), "leden_jeugd") is None


def test_a_library_is_not_its_own_peer(kb: User) -> None:
    [first, *_] = _peers(kb)
    assert _middle(first, "leden_jeugd") is None


def test_with_too_few_of_its_size_all_are_peers(kb: User) -> None:
    _peers(kb)
    found = _middle(_own(150_000), "leden_jeugd")
    assert found is not None
    assert found.group == "alle"


def test_last_year_counts_until_this_year_is_delivered(kb: User) -> None:
    libraries = _peers(kb, year=YEAR - 1)
    own = _own(40_000)
    before = _middle(own, "leden_jeugd")
    assert before is not None
    assert round(before.number, 1) == Decimal("4004.5")
    give(submission_of(libraries[0], "bezit"), {"leden_jeugd": 9_000})
    assert _middle(own, "leden_jeugd") == before
    _deliver(libraries[0], YEAR, kb, state="submitted")
    after = _middle(own, "leden_jeugd")
    assert after is not None
    assert round(after.number, 1) == Decimal("4005.5")


def test_what_was_not_approved_last_year_does_not_count(kb: User) -> None:
    libraries = _peers(kb, year=YEAR - 1)
    Submission.objects.filter(pk=submission_of(libraries[0], "bezit", YEAR - 1).pk).update(
        state="submitted", approved_at=None, approved_by=None
    )
    assert _middle(_own(), "leden_jeugd") is None


def test_a_warm_page_takes_the_queries_of_the_summaries_and_one(kb: User) -> None:
    _peers(kb)
    delivery = delivery_of(submission_of(_own(), "bezit"))
    peer_medians(delivery)
    with CaptureQueriesContext(connection) as queries:
        peer_medians(delivery)
    assert len(queries) == 7


@pytest.mark.parametrize(
    ("code", "compared", "scaled"),
    [
        ("leden_jeugd", True, True),
        ("uren_open", False, True),
        ("uren_open_totaal", True, True),
        ("tarief_volwassenen", True, False),
        ("gratis_tot_leeftijd", True, False),
        ("bezoeken_bib_aandeel", True, False),
        ("bezoeken_nb_podium", False, True),
        ("bezoeken_bib", True, True),
        ("inwoners", False, True),
        ("afhaalpunten", True, True),
    ],
)
def test_what_is_compared_and_how(code: str, compared: bool, scaled: bool) -> None:
    assert is_compared(QUESTIONS[code]) is compared
    assert is_scaled(QUESTIONS[code]) is scaled
