"""Confirmed means on disk: a server that is killed while it saves has every answer that it confirmed."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path
from threading import Timer

from django.conf import settings

WORLD = """
from django.test import Client
from surveys.workflow import Role
from tests.factories import make_library, make_user, take_part
library = make_library(locations=1)
take_part(library)
client = Client()
client.force_login(make_user(Role.LIBRARY, library))
client.get("/account/login/", headers={"host": "localhost"})
print(client.cookies["sessionid"].value)
"""
STORED = """
from surveys.models import Answer, AnswerChange
print(*Answer.objects.values_list("question", "hundredths").order_by("question"), sep="\\n")
print(AnswerChange.objects.count())
"""
NAMES = [
    f"{what}_{who}_{genre}"
    for what in ("bezit", "aanschaf", "afgevoerd")
    for who in ("jeugd", "volw")
    for genre in ("fictie", "nonfictie")
]


def run(code: str, environment: dict[str, str]) -> list[str]:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.split("\n")[:-1]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server did not start")


def save(port: int, year: int, session: str, name: str, number: int) -> bool:
    """True when the server confirmed."""
    token = "a" * 32
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(
            "POST",
            f"/levering/{year}/NL-08000010000/bezit/antwoord/",
            urllib.parse.urlencode({name: number, f"{name}~v": 0}),
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": f"sessionid={session}; csrftoken={token}",
                "X-CSRFToken": token,
            },
        )
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def test_every_confirmed_answer_is_there(tmp_path: Path) -> None:
    from tests.factories import YEAR  # noqa: PLC0415  the factories are for the server's database

    environment = {
        **os.environ,
        "DEBUG": "1",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'killed.sqlite3'}",
    }
    migrate = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(migrate, cwd=settings.BASE_DIR, env=environment, check=True)
    session = run(WORLD, environment)[-1]
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "wsob.wsgi"],
        cwd=settings.BASE_DIR,
        env=environment,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port)
        confirmed = {}
        for number, name in enumerate(NAMES, start=1):
            if save(port, YEAR, session, name, number):
                confirmed[name] = number
            if number == 3:  # and while the next answers are on their way, the server dies
                Timer(0.02, os.killpg, (server.pid, signal.SIGKILL)).start()
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    *stored, changes = run(STORED, environment)
    on_disk = {
        name: number for name, number in zip(NAMES, range(1, 99), strict=False) if f"('{name}'" in str(stored)
    }
    assert confirmed.items() <= on_disk.items()
    assert (
        3 <= len(confirmed) <= len(on_disk) <= len(confirmed) + 1
    )  # one may have been written, not yet told
    assert stored == [str((name, number * 100)) for name, number in sorted(on_disk.items())]
    assert int(changes) == len(on_disk)
