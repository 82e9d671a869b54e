"""What stands in the database before the demo country comes in: nothing, an earlier demo, or something of value."""

from __future__ import annotations

from enum import Enum, auto

from django.core.management import call_command
from django.db import connection

from surveys.demo.country import country
from surveys.demo.people import DEMO_PEOPLE
from surveys.models import Organisation, User
from surveys.questionnaires.loader import years

_TABLE = "surveys_organisation"


class Contents(Enum):
    NOTHING = auto()
    DEMO = auto()
    OTHER = auto()


def contents() -> Contents:
    """Reads only; also before the first migration."""
    if _TABLE not in connection.introspection.table_names():
        return Contents.NOTHING
    isils = set(Organisation.objects.values_list("isil", flat=True))
    if not isils and not User.objects.exists():
        return Contents.NOTHING
    land = country(*years()[-2:])
    fictional = {one.isil for one in land.organisations} | {poi.isil for poi in land.pois}
    emails = [person.email for person in DEMO_PEOPLE]
    has_people = User.objects.filter(email__in=emails).count() == len(emails)
    return Contents.DEMO if has_people and isils <= fictional else Contents.OTHER


def clear() -> None:
    """Empty every table."""
    call_command("flush", interactive=False, verbosity=0)
