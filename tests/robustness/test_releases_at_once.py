"""A release made while somebody saves, and two made at once: whole, and one after the other."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from surveys.actions.releases import ReleaseError, make_release
from surveys.models import Organisation, Release, ReleaseStatus, User
from surveys.queries.as_of import as_of_release
from surveys.queries.year import records_of_year
from surveys.values import Value
from surveys.workflow import Role
from tests.actions.test_releases import deliver
from tests.factories import YEAR, give, make_library, make_user, submission_of, take_part
from tests.robustness.test_two_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def noor() -> User:
    return make_user(Role.KB, name="Noor Wessenaar")


@pytest.fixture
def library(noor: User) -> Organisation:
    library = make_library(locations=1)
    take_part(library)
    give(submission_of(library, "personeel"), {"opmerkingen_personeel": "eerst"})
    give(submission_of(library, "bezit"), {"opmerkingen_bezit": "af"})
    deliver(submission_of(library, "bezit"), noor)
    return library


def remark_in(release: Release) -> Value | None:
    [one] = records_of_year(YEAR, as_of=as_of_release(release))
    return one.evaluation.counted.get(("opmerkingen_personeel", ""))


def test_who_is_saving_is_waited_for(library: Organisation, noor: User) -> None:
    written = Event()

    def save() -> None:
        try:
            with transaction.atomic():
                give(submission_of(library, "personeel"), {"opmerkingen_personeel": "onderweg"})
                written.set()
                time.sleep(0.3)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        saving = pool.submit(save)
        assert written.wait(10)
        release = make_release(year=YEAR, status=ReleaseStatus.PROVISIONAL, by=noor)
        saving.result(timeout=10)
    assert remark_in(release) == Value.of("onderweg")
    give(submission_of(library, "personeel"), {"opmerkingen_personeel": "later"})
    assert remark_in(release) == Value.of("onderweg")


def test_of_two_final_ones_there_is_one(library: Organisation, noor: User) -> None:
    def make() -> str:
        try:
            return make_release(year=YEAR, status=ReleaseStatus.FINAL, by=noor, seen=0).status
        except ReleaseError as error:
            return str(error)

    told = at_once(make, make)
    assert told.count("final") == 1
    assert sum(one.startswith("Intussen maakte Noor Wessenaar al een uitgave") for one in told) == 1
    assert Release.objects.count() == 1
