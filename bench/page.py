"""The page of a section of about sixty fields, beside the same page joined by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from bench.data import OPEN_YEAR, Filler, World
from bench.report import Goal
from bench.requests import Browser
from bench.timing import compare

QUERIES, RATIO, LIKENESS = 6, 2.0, 0.98
ROUNDS = 60
BLOCKS = ("kernfuncties", "activiteiten")
"""Of a combined institution: tables, single questions, two blocks that split a total, and two signals."""
LOCATIONS = ("bezit", "openingsuren")
"""One table, with three questions for each location, and three signals."""


def address(who: Filler, questionnaire: str, section: str) -> str:
    return f"/levering/{OPEN_YEAR}/{who.isil}/{questionnaire}/deel/{section}/"


def goals(world: World) -> Iterator[Goal]:
    yield from _goals(world.combined, *BLOCKS, "tables, two blocks, two signals")
    yield from _goals(world.wide, *LOCATIONS, "one table, three signals")


def _goals(who: Filler, questionnaire: str, section: str, what: str) -> Iterator[Goal]:
    browser = Browser(who.user)
    ours = address(who, questionnaire, section)
    anchor = f"/anker{ours}"
    with CaptureQueriesContext(connection) as captured:
        page = browser.get(ours)()
    shown, joined = _Content(page), _Content(browser.get(anchor)())
    name = f"section page, {len(shown.questions)} fields ({what})"
    pair = compare(lambda: browser.get(ours), lambda: browser.get(anchor), rounds=ROUNDS)
    yield Goal.of_pair(name, "hand-joined page", RATIO, pair)
    yield Goal.of_count(f"{name}: queries", QUERIES, len(captured))
    likeness = shown.likeness(joined)
    if likeness < LIKENESS:
        told = "bench/questions_anchor.py no longer follows the templates: like the page"
        yield Goal(told, f">= {LIKENESS:.0%}", f"{likeness:.0%}", "", "", False)


class _Content(HTMLParser):
    """What a reader sees of the form and what a browser sends: the words, and the fields with their values."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.words: list[str] = []
        self.fields: list[tuple[str, str]] = []
        self.feed(response.content.decode().partition('id="section-form"')[2].partition("</form>")[0])

    @property
    def questions(self) -> set[str]:
        """The names of the fields that take an answer."""
        return {name for name, _ in self.fields if "~" not in name}

    def likeness(self, other: _Content) -> float:
        """The part of the words and fields that both have."""
        ours, theirs = (Counter((*one.words, *one.fields)) for one in (self, other))
        return (ours & theirs).total() / max(ours.total(), theirs.total())

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name = found.get("name") or ""
        if tag in ("input", "select", "textarea") and name != "csrfmiddlewaretoken":
            self.fields.append(
                (name, f"{found.get('value') or ''}{' checked' if 'checked' in found else ''}")
            )
