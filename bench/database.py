"""Two databases beside each other, the country and ten times the country, of which one is in use at a time.

Django's default connection is exchanged for one to the database wanted, so that the application notices nothing and
both can be timed in turns. On PostgreSQL both are new databases of the server that DATABASE_URL names; nothing else on
it is touched.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

COUNTRY, TENFOLD = "wsob_bench", "wsob_bench_tenfold"


@dataclass(frozen=True, slots=True)
class Databases:
    """Wrappers by name; `server` is the connection that makes and drops databases."""

    server: BaseDatabaseWrapper
    by_name: dict[str, BaseDatabaseWrapper]

    def url(self, name: str) -> str:
        """As DATABASE_URL takes it, for another process."""
        base = os.environ["DATABASE_URL"]
        return f"{base.rpartition('/')[0]}/{name}{'' if is_postgresql() else '.sqlite3'}"

    def use(self, name: str) -> None:
        connections[DEFAULT_DB_ALIAS] = self.by_name[name]


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _path_or_name(name: str, base: str) -> str:
    return name if is_postgresql() else str(Path(base).with_name(f"{name}.sqlite3"))


@contextmanager
def databases() -> Iterator[Databases]:
    """Empty databases for the length of a run."""
    server = connections[DEFAULT_DB_ALIAS]
    made: dict[str, BaseDatabaseWrapper] = {}
    for name in (COUNTRY, TENFOLD):
        wrapper = connections.create_connection(DEFAULT_DB_ALIAS)
        wrapper.settings_dict = {
            **server.settings_dict,
            "NAME": _path_or_name(name, server.settings_dict["NAME"]),
        }
        made[name] = wrapper
    if is_postgresql():
        _statements(
            server, *(f"DROP DATABASE IF EXISTS {name}" for name in made), f"CREATE DATABASE {COUNTRY}"
        )
    try:
        yield Databases(server, made)
    finally:
        for wrapper in made.values():
            wrapper.close()
        connections[DEFAULT_DB_ALIAS] = server
        if is_postgresql():
            _statements(server, *(f"DROP DATABASE IF EXISTS {name}" for name in made))
        server.close()


def copy_country(of: Databases) -> None:
    """Make the second database a copy of the first."""
    first, second = of.by_name[COUNTRY], of.by_name[TENFOLD]
    first.close()
    if first.vendor == "postgresql":
        _statements(of.server, f"CREATE DATABASE {TENFOLD} TEMPLATE {COUNTRY}")
    else:
        shutil.copyfile(first.settings_dict["NAME"], second.settings_dict["NAME"])


def _statements(server: BaseDatabaseWrapper, *statements: str) -> None:
    for statement in statements:
        with server.cursor() as cursor:
            cursor.execute(statement)
