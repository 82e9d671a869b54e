"""What one export costs in time and memory, in a process of its own; prints a Cost of bench.export as JSON."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "wsob.settings"
    django.setup()
    # Models can be imported from here on.
    from bench.data import DELIVERED_YEAR  # noqa: PLC0415
    from bench.export import ONE_LIST, Cost  # noqa: PLC0415
    from surveys.exports.workbook import write_workbook  # noqa: PLC0415
    from surveys.models import Organisation, Participation  # noqa: PLC0415

    with TemporaryDirectory() as folder:
        path = Path(folder) / "year.xlsx"

        def write(**more: object) -> None:
            write_workbook(path, year=DELIVERED_YEAR, questionnaire=ONE_LIST, **more)

        write(organisations=Organisation.objects.order_by("isil")[:1])
        before = _megabytes("VmRSS")
        begin = time.process_time()
        write()
        taken = time.process_time() - begin
        organisations = Participation.objects.filter(round=DELIVERED_YEAR).count()
        print(json.dumps(Cost(organisations, taken, _megabytes("VmHWM") - before)))


def _megabytes(name: str) -> float:
    """VmRSS: what the process has in memory now; VmHWM: the most it ever had."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


if __name__ == "__main__":
    main()
