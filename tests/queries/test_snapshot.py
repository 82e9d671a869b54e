"""What others commit while a year is read is not seen, and nobody waits for the reader."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction

from surveys.exports import workbook
from surveys.models import Organisation
from surveys.queries.snapshot import one_snapshot
from surveys.queries.told import Told, told_year
from tests.factories import YEAR, give, make_library, submission_of, take_part

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def libraries() -> list[Organisation]:
    found = [make_library(number) for number in (1, 2)]
    for one in found:
        take_part(one)
        give(submission_of(one, "personeel"), {"opmerkingen_personeel": "eerst"})
    return found


def meanwhile(library: Organisation) -> None:
    """Somebody else, on another connection, commits an answer, a name and a participant."""

    def work() -> None:
        try:
            give(submission_of(library, "personeel"), {"opmerkingen_personeel": "intussen"})
            Organisation.objects.filter(pk=library.pk).update(name="Intussen")
            take_part(make_library(3))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result(timeout=30)


def names() -> list[str]:
    return list(Organisation.objects.order_by("isil").values_list("name", flat=True))


def test_within_it_nothing_changes_and_after_it_all_is_seen(libraries: list[Organisation]) -> None:
    with one_snapshot():
        before = names()
        meanwhile(libraries[0])
        assert names() == before == ["Bibliotheek 1", "Bibliotheek 2"]
    assert names() == ["Intussen", "Bibliotheek 2", "Bibliotheek 3"]


def test_an_export_holds_no_change_of_while_it_was_made(
    libraries: list[Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*args: object, **kwargs: object) -> Iterator[Told]:
        for number, one in enumerate(told_year(YEAR)):
            yield one
            if not number:
                meanwhile(libraries[1])

    def exported() -> list[tuple[object, ...]]:
        stream = BytesIO()
        workbook.write_workbook(stream, year=YEAR)
        sheet = openpyxl.load_workbook(stream)["Personeel"]
        column = [cell.value for cell in sheet[1]].index("opmerkingen_personeel")
        return [(row[1], row[column]) for row in sheet.iter_rows(min_row=2, values_only=True)]

    with monkeypatch.context() as patch:
        patch.setattr(workbook, "told_year", told)
        assert exported() == [("Bibliotheek 1", "eerst"), ("Bibliotheek 2", "eerst")]
    assert exported() == [
        ("Bibliotheek 1", "eerst"),
        ("Intussen", "intussen"),
        ("Bibliotheek 3", None),
    ]


def test_it_can_be_the_first_thing_that_is_done(libraries: list[Organisation]) -> None:
    connection.close()
    with one_snapshot():
        assert len(names()) == 2


def test_the_connection_is_as_it_was(libraries: list[Organisation]) -> None:
    with pytest.raises(ZeroDivisionError), one_snapshot():
        len(names()) / 0
    with transaction.atomic():
        Organisation.objects.update(name="Weer te schrijven")
    assert set(names()) == {"Weer te schrijven"}


def test_a_transaction_that_runs_decides(libraries: list[Organisation]) -> None:
    with transaction.atomic():
        Organisation.objects.update(name="Eigen")
        with one_snapshot():
            assert set(names()) == {"Eigen"}


def test_nothing_is_written_in_it(libraries: list[Organisation]) -> None:
    with pytest.raises(DatabaseError), one_snapshot():
        Organisation.objects.update(name="Nee")
