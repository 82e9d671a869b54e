"""The KB's page about what the rules came to."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from surveys.questionnaires.rule import Rule
from surveys.rules.backtest import Tally
from surveys.workflow import Role
from tests.factories import YEAR, make_library, make_round, make_user, take_part
from tests.queries.test_backtest import RIGHT, RULE, WRONG, delivered

pytestmark = pytest.mark.django_db
PAGE = f"/kb/{YEAR}/controles/"


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def kb() -> Client:
    client = Client()
    client.force_login(make_user(Role.KB))
    return client


def lines(client: Client, query: str = "") -> dict[str, Tally]:
    return {one.entry.code: one.tally for one in client.get(f"{PAGE}{query}").context["lines"]}


def test_what_each_rule_came_to_with_its_place_in_the_catalogue(kb: Client) -> None:
    delivered(1, WRONG, RIGHT)
    delivered(2, WRONG)
    page = kb.get(PAGE)
    [line] = [one for one in page.context["lines"] if one.entry.code == RULE]
    assert (line.tally, line.corrected, line.bar) == (
        Tally(evaluated=2, fired=2, shown=2, changed=1),
        "50%",
        "50",
    )
    assert f'<a href="/vragenlijsten/{YEAR}/controles/#regel-{RULE}">{RULE}</a>' in page.text
    assert '<rect class="progress-fill" width="50" height="10"/>' in page.text
    assert "<dt>Personeel</dt><dd>2 ingediend</dd>" in page.text


def test_what_fired_most_stands_first_and_every_column_orders(kb: Client) -> None:
    delivered(1, WRONG)
    page = kb.get(PAGE)
    assert page.context["lines"][0].entry.code == RULE
    assert page.text.count('aria-sort="descending"') == 1
    for header in page.context["headers"]:
        ordered = kb.get(f"{PAGE}{header.url}")
        assert ordered.text.count("aria-sort=") == 1
        assert len(ordered.context["lines"]) == len(page.context["lines"])
    codes = list(lines(kb, "?volgorde=controle"))
    assert codes == sorted(codes)
    assert list(lines(kb, "?volgorde=-controle")) == codes[::-1]
    assert list(lines(kb, "?volgorde=-ging-af"))[-1] == RULE


def test_filters_stand_in_the_address(kb: Client) -> None:
    delivered(1, WRONG, RIGHT)
    assert set(lines(kb, "?uitkomst=gewijzigd")) == {RULE}
    assert RULE in lines(kb, "?uitkomst=afgegaan&vragenlijst=personeel")
    assert RULE not in lines(kb, "?uitkomst=stil")
    assert lines(kb, "?vragenlijst=bezit").keys().isdisjoint({RULE})
    assert lines(kb, "?vragenlijst=quiz&volgorde=kleur&uitkomst=mooi") == lines(kb)
    page = kb.get(f"{PAGE}?vragenlijst=personeel&uitkomst=afgegaan")
    assert 'href="?vragenlijst=personeel&amp;uitkomst=afgegaan&amp;volgorde=deel"' in page.text
    assert "Geen controle voldoet hieraan" in kb.get(f"{PAGE}?uitkomst=schrappen").text


def test_a_signal_that_never_corrects_anything_is_named(kb: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def verdict(rule: Rule, tally: Tally) -> str:
        return "overweeg te schrappen" if tally.fired else ""

    monkeypatch.setattr("surveys.views.backtest.verdict", verdict)
    delivered(1, WRONG)
    assert set(lines(kb, "?uitkomst=schrappen")) == {RULE}
    assert "<strong>overweeg te schrappen</strong>" in kb.get(PAGE).text


def test_before_anything_was_delivered(kb: Client) -> None:
    take_part(make_library())
    assert "Nog niets ingediend" in kb.get(PAGE).text


def test_no_page_about_a_year_that_is_not_collected(kb: Client) -> None:
    make_round(YEAR)
    assert kb.get(f"/kb/{YEAR - 1}/controles/").status_code == 404
    assert kb.get("/kb/1999/controles/").status_code == 404


def test_it_is_counted_once_until_something_changes(kb: Client) -> None:
    delivered(1, WRONG)
    counts = []
    for number in (None, None, 2, 3, None):
        if number:
            delivered(number, WRONG, RIGHT)
        with CaptureQueriesContext(connection) as queries:
            found = lines(kb)
        counts.append(len(queries))
    assert counts == [counts[0], counts[0] - 14, counts[0], counts[0], counts[0] - 14]
    assert counts[0] <= 19
    assert found[RULE] == Tally(evaluated=3, fired=3, shown=3, changed=2)


def test_only_numbers_go_into_a_length(kb: Client) -> None:
    delivered(1, WRONG, RIGHT)
    delivered(2, WRONG)
    delivered(3, WRONG)
    assert set(re.findall(r'progress-fill" width="([^"]*)"', kb.get(PAGE).text)) <= {"0", "33"}
