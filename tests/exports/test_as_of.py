"""The workbook of a release: the same at any later time, part by part, but for the moment at which it was made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from surveys.exports.content import fingerprint_of
from surveys.exports.workbook import write_workbook
from surveys.models import Organisation, Release, Remark, Reply, User
from surveys.workflow import Role
from tests.actions.test_releases import EDITS, REVISED, libraries, noor, release_now
from tests.factories import YEAR, make_user, submission_of

__all__ = ["libraries", "noor"]
pytestmark = pytest.mark.django_db
README = "xl/worksheets/sheet1.xml"


@pytest.fixture
def release(libraries: list[Organisation], noor: User) -> Release:
    """With a remark that was answered before it and closed after it."""
    asked = Remark.objects.create(
        submission=submission_of(libraries[0], "bezit"), question="leden_jeugd", text="Klopt dit?", state="answered",
        made_at=timezone.now(), made_by=noor, sent_at=timezone.now(), answered_at=timezone.now(),
    )  # fmt: skip
    anna = make_user(Role.LIBRARY, libraries[0])
    Reply.objects.create(
        remark=asked, text="Ja, dit klopt.", at=timezone.now(), by=anna, side=Role.LIBRARY.value
    )
    return release_now(noor, note="Stand na het nakijken", fingerprint_of=fingerprint_of)


def parts(**chosen: object) -> dict[str, bytes]:
    stream = BytesIO()
    write_workbook(stream, year=YEAR, **chosen)  # type: ignore[arg-type]
    with ZipFile(stream) as file:
        return {name: file.read(name) for name in file.namelist()}


def later(libraries: list[Organisation], noor: User) -> Iterator[None]:
    """All that can happen, one after another."""
    Remark.objects.update(state="closed", closed_at=timezone.now(), closed_by=noor)
    yield
    for name, edit in EDITS.items():
        edit(libraries[0], noor, 9)
        if name in ("an answer", "a name", "no bounds"):
            yield
    release_now(noor, REVISED)
    yield


def test_every_part_is_the_same_but_the_moment(
    libraries: list[Organisation], noor: User, release: Release
) -> None:
    first = parts(release=release)
    assert len(first) > 15
    for _ in later(libraries, noor):
        with time_machine.travel(timezone.now() + timedelta(days=40), tick=False):
            second = parts(release=release)
        assert list(first) == list(second)
        assert [name for name in first if first[name] != second[name]] == [README]
        assert without_moment(first) == without_moment(second)
    assert without_moment(parts()) != without_moment(first)


def without_moment(found: dict[str, bytes]) -> str:
    """Moments are numbers with a fraction: of Leesmij's two that are, the second is when it was made."""
    numbers = iter(range(9))
    return re.sub(
        r"<v>\d+\.\d+</v>", lambda one: one[0] if next(numbers) == 0 else "", found[README].decode()
    )


def test_leesmij_tells_the_release(release: Release) -> None:
    stream = BytesIO()
    at = datetime(YEAR + 9, 5, 1, 10, 15, tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        written = write_workbook(stream, year=YEAR, release=release)
    told = dict(openpyxl.load_workbook(stream)["Leesmij"].iter_rows(values_only=True))
    assert (told["Uitgave"], told["Toelichting bij de uitgave"]) == ("voorlopig", "Stand na het nakijken")
    assert told["Stand op"] == timezone.localtime(release.at).replace(tzinfo=None, microsecond=0)
    assert told["Gemaakt op"] == datetime(YEAR + 9, 5, 1, 12, 15)  # noqa: DTZ001
    assert written.fingerprint == release.fingerprint
    assert release.fingerprint in told["Vingerafdruk"]


def test_one_list_and_one_organisation_of_a_release(
    libraries: list[Organisation], noor: User, release: Release
) -> None:
    own = Organisation.objects.filter(pk=libraries[0].pk)
    chosen = {"release": release, "questionnaire": "bezit", "organisations": own}
    first = parts(**chosen)
    list(later(libraries, noor))
    second = parts(**chosen)
    assert [name for name in first if first[name] != second[name]] in ([], [README])


def test_remarks_are_told_as_they_stood(libraries: list[Organisation], noor: User, release: Release) -> None:
    list(later(libraries, noor))
    stream = BytesIO()
    write_workbook(stream, year=YEAR, release=release)
    header, *rows = openpyxl.load_workbook(stream)["Opmerkingen"].iter_rows(values_only=True)
    told = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(one["van"], one["tekst"], one["stand"], one["afgesloten_op"]) for one in told] == [
        ("KB", "Klopt dit?", "beantwoord", None),
        ("bibliotheek", "Ja, dit klopt.", "beantwoord", None),
    ]


def test_the_command_writes_as_of_a_release(
    libraries: list[Organisation], noor: User, release: Release, tmp_path: Path
) -> None:
    EDITS["a name"](libraries[0], noor, 3)
    path, said = tmp_path / "jaar.xlsx", StringIO()
    call_command("export_answers", year=YEAR, out=path, release=str(release.pk), stdout=said)
    assert release.fingerprint[:12] in said.getvalue()
    assert openpyxl.load_workbook(path)["Bezit"]["B2"].value == "Bibliotheek 1"
    with pytest.raises(CommandError) as refused:
        call_command("export_answers", year=YEAR, out=path, release="0")
    assert str(refused.value) == f"Over {YEAR} is er geen uitgave 0. Er is: {release.pk} (voorlopig)."
    with pytest.raises(CommandError, match="nog geen uitgave"):
        call_command("export_answers", year=YEAR - 1, out=path, release=str(release.pk))
