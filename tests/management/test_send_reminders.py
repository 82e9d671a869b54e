"""manage.py send_reminders: what would go, what went, and the list of what was refused."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from surveys.models import ContactMoment, Reminder
from tests.actions.test_reminders import addresses, with_people
from tests.factories import YEAR, make_round
from tests.refusing import REFUSING

pytestmark = pytest.mark.django_db


def run(kind: str = "late", year: int = YEAR, **options: Any) -> str:
    out = StringIO()
    call_command("send_reminders", year=year, kind=kind, stdout=out, **options)
    return out.getvalue()


def test_a_dry_run_tells_and_sends_nothing() -> None:
    with_people(1, "Anna Bos")
    with_people(2)
    told = run(dry_run=True)
    assert f"anna.bos@example.org  Nog niet binnen: 5 vragenlijsten over {YEAR} van Bibliotheek 1" in told
    assert "Overgeslagen: Bezit van Bibliotheek 2; er is niemand om te mailen." in told
    assert "1 mail te versturen; er is niets verstuurd." in told
    assert mail.outbox == []
    assert not ContactMoment.objects.exists()
    assert not Reminder.objects.exists()


def test_it_sends_once() -> None:
    with_people(1, "Anna Bos")
    assert "1 mail verstuurd." in run()
    assert ContactMoment.objects.get().by is None
    assert "0 mails verstuurd." in run()
    assert len(mail.outbox) == 1


def test_it_goes_on_after_a_refusal_and_fails_with_the_list(settings: Any) -> None:
    with_people(1, "Anna Bos")
    with_people(2, "Weg Gegaan")
    with_people(3, "Cor Dam")
    settings.EMAIL_BACKEND = REFUSING
    with pytest.raises(
        CommandError, match=r"1 mail geweigerd .*\n  weg\.gegaan@example\.org: 550 5\.1\.1"
    ) as one:
        run()
    assert one.value.returncode == 1
    assert addresses() == ["anna.bos", "cor.dam"]
    with pytest.raises(CommandError, match=r"weg\.gegaan"):
        run()
    assert addresses() == ["anna.bos", "cor.dam"]


def test_what_there_is_not() -> None:
    make_round()
    with pytest.raises(CommandError, match="Over 1999 worden geen gegevens verzameld"):
        run(year=1999)
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("send_reminders", "--year", str(YEAR), "--kind", "boos")
