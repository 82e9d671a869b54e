"""make bench: every goal beside its anchor, on SQLite and, where there is a server, on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

_RUN = [sys.executable, "-m", "bench.run"]
_FROM_PG_VIRTUALENV = 'DATABASE_URL="postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres" exec "$@"'


def main() -> int:
    with TemporaryDirectory(dir="var", prefix="bench-") as folder:
        codes = [_run(_RUN, f"sqlite:///{Path(folder).resolve()}/server.sqlite3")]
    url = os.environ.get("BENCH_DATABASE_URL")
    if url:
        codes.append(_run(_RUN, url))
    elif shutil.which("pg_virtualenv") and any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        # Confirmed means on disk, so the throw-away cluster must wait for the disk too.
        cluster = ["pg_virtualenv", "-o", "fsync=on", "sh", "-c", _FROM_PG_VIRTUALENV, "sh"]
        codes.append(_run([*cluster, *_RUN]))
    else:
        print(
            "\nLEFT OUT: PostgreSQL. Install Debian's postgresql, or set BENCH_DATABASE_URL to a server on which "
            "databases may be made."
        )
    return max(codes)


def _run(command: list[str], database_url: str | None = None) -> int:
    environment = dict(os.environ)
    if database_url:
        environment["DATABASE_URL"] = database_url
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
