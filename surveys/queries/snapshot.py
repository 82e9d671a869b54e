"""Reading a long time as if it took no time: what others commit meanwhile is not seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def one_snapshot() -> Iterator[None]:
    """All that is read within comes from one moment of the database; nothing may be written.

    Nobody waits for it: PostgreSQL reads on in its own version of the rows, SQLite in its own of the file. Within a
    transaction that already runs, that transaction decides what is seen.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with _deferred(), transaction.atomic():
            yield


@contextmanager
def _deferred() -> Iterator[None]:
    """Elsewhere a transaction claims the right to write as it begins, and others wait for it."""
    connection.ensure_connection()  # by connecting it learns of its mode
    own: Any = connection
    before, own.transaction_mode = own.transaction_mode, "DEFERRED"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        own.transaction_mode = before
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")
