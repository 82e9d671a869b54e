"""The goals in their order, on one database."""

from __future__ import annotations

from collections.abc import Iterator

from bench import checking, data, export, page, saving, scale, summaries
from bench.database import COUNTRY, TENFOLD, Databases, copy_country, databases, is_postgresql
from bench.report import Goal, show


def main() -> None:
    with databases() as both:
        both.use(COUNTRY)
        world = data.build_country()
        show("PostgreSQL" if is_postgresql() else "SQLite", _goals(both, world))


def _goals(both: Databases, world: data.World) -> Iterator[Goal]:
    yield from page.goals(world)
    yield from saving.goals(world)
    yield from summaries.goals()
    # The rules know no database, and the writer is the same on every one: what is slow is measured once.
    is_thorough = not is_postgresql()
    if is_thorough:
        yield from checking.goals()
    yield from export.goals(rounds=2 if is_thorough else 1, with_openpyxl=is_thorough)
    copy_country(both)
    both.use(TENFOLD)
    data.multiply()
    yield from scale.goals(both, world)
    yield from export.tenfold_goals(both.url(COUNTRY), both.url(TENFOLD))
