"""A real browser on a real server. Every console error or blocked resource fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, Route
from pytest_django.live_server_helper import LiveServer

from surveys.models import User

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
EXPECTED = (
    "status of 401",
    "status of 403",
    "status of 404",
    "status of 409",
    "status of 422",
    "net::ERR_FAILED",
    "htmx:",
    "Response Status",
)
"""Answers of the server that a journey asks for, and that the browser reports in its console."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM") or shutil.which("chromium"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "nl-NL", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    faults: list[str] = []
    page.on("console", lambda one: faults.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_default_timeout(10_000)
    yield page
    assert [one for one in faults if not any(text in one for text in EXPECTED)] == []


@pytest.fixture
def log_in(live_server: LiveServer) -> Callable[[Page, User], None]:
    """Gives the page the session of this user."""

    def log_in(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )

    return log_in


@pytest.fixture
def offline() -> Callable[[Page], Callable[[], None]]:
    """Breaks the line for saves; returns how to mend it."""

    def offline(page: Page) -> Callable[[], None]:
        def abort(route: Route) -> None:
            route.abort()

        page.route("**/antwoord/", abort)
        return lambda: page.unroute("**/antwoord/", abort)

    return offline


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """What axe finds wrong on the page as it is now: rule and element."""

    def violations(page: Page) -> list[str]:
        page.evaluate(AXE)
        found = page.evaluate(
            """() => axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
                                                  "best-practice"]})
                   .then((result) => result.violations.flatMap((one) =>
                       one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`)))"""
        )
        return list(found)

    return violations
