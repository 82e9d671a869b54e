"""The rules, for everyone to read."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys.models import PeerBound
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.rule import RuleKind
from surveys.rules.catalogue import entries
from tests.factories import YEAR, make_round

pytestmark = pytest.mark.django_db
EDITION = load_edition(YEAR)
PAGE = reverse("rules", kwargs={"year": YEAR})


@pytest.mark.parametrize("year", years())
def test_everybody_may_read_the_rules_of_a_year(client: Client, year: int) -> None:
    page = client.get(f"/vragenlijsten/{year}/controles/")
    assert page.status_code == 200
    assert ("eerste editie" in page.text) is (year == years()[0])
    assert client.get("/vragenlijsten/1999/controles/").status_code == 404


def test_every_rule_has_its_anchor_and_every_id_is_one(client: Client) -> None:
    ids = re.findall(r' id="([^"]+)"', client.get(PAGE).text)
    assert len(ids) == len(set(ids))
    assert {f"regel-{rule.code}" for rule in EDITION.rules} <= set(ids)
    assert {f"regel-{one.code}" for found in entries(EDITION).values() for one in found} <= set(ids)


def test_every_link_leads_to_a_rule_or_to_the_question_itself(client: Client) -> None:
    page = client.get(PAGE).text
    anchors: dict[str, set[str]] = {"": set(re.findall(r' id="([^"]+)"', page))}
    wrong = []
    for address, anchor in re.findall(r'href="(/vragenlijsten/[^"#]+)?#([^"]+)"', page):
        if anchor == "inhoud":
            continue
        if address not in anchors:
            anchors[address] = set(re.findall(r' id="([^"]+)"', client.get(address).text))
        if anchor not in anchors[address]:
            wrong.append((address, anchor))
    assert wrong == []


def test_errors_stand_before_signals_in_every_list(client: Client) -> None:
    for one in client.get(PAGE).context["lists"]:
        levels = [kind.level == "signaal" for kind in one.kinds]
        assert levels == sorted(levels)
        assert sum(one.counts.values()) == len(one.questionnaire.rules)


def test_a_sentence_links_the_questions_that_it_names(client: Client) -> None:
    page = client.get(PAGE).text
    blank = reverse("blank", kwargs={"year": YEAR, "questionnaire": "bezit"})
    assert (
        f'<p class="rule-what" id="regel-bemand_binnen_open"><a href="{blank}#uren_bemand">‘Waarvan bemand’</a> '
        f'mag niet meer zijn dan <a href="{blank}#uren_open">‘Uren open per week’</a>, per locatie.'
    ) in page


def test_what_changed_since_the_year_before_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against an earlier edition in which one rule had other bounds, one did not exist and one was called otherwise."""
    bezit = EDITION.by_code["bezit"]
    one, two, *_rest = (rule for rule in bezit.rules if not rule.family and rule.kind is RuleKind.RATIO)
    was = {one.code: replace(one, high=Decimal(99_999)), two.code: replace(two, code="vroeger")}
    rules = tuple(was.get(rule.code, rule) for rule in bezit.rules)
    lists = (replace(bezit, rules=rules), *EDITION.lists[1:])
    earlier = replace(EDITION, year=YEAR - 1, lists=lists)
    monkeypatch.setattr("surveys.views.catalogue.edition_before", lambda year: earlier)
    page = client.get(PAGE)
    found = {of_list.code: found for of_list, found in page.context["changes"]}["bezit"]
    assert [entry.code for entry in found.new] == [two.code]
    assert [entry.code for entry in found.gone] == ["vroeger"]
    assert f'<strong>Nieuw</strong> <a href="#regel-{two.code}">' in page.text
    assert f'<strong>Anders</strong> <a href="#regel-{one.code}">' in page.text
    assert page.text.count("99.999") == 2
    assert f"(over {YEAR - 1}: " in page.text


def test_what_peers_report_stands_beside_the_rule_with_its_moment(client: Client) -> None:
    rule = next(one for one in EDITION.rules if one.kind is RuleKind.PEERS)
    assert "Wat vergelijkbare bibliotheken opgeven" not in client.get(PAGE).text
    PeerBound.objects.create(
        round=make_round(YEAR - 1),
        rule=rule.code,
        group="alle",
        count=137,
        median=0.0,
        mad=0.1,
        computed_at=datetime(YEAR, 6, 1, 10, 30, tzinfo=UTC),
    )
    page = client.get(PAGE).text
    assert page.count("Wat vergelijkbare bibliotheken opgeven") == 1
    assert '<th scope="row">Alle bibliotheken</th><td class="num">137</td>' in page
    assert f"op 1 juni {YEAR}, 12.30 uur over {YEAR - 1} was ingediend" in page


def test_one_statement(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get(PAGE)
    assert len(queries) == 1


def test_the_other_definitions_lead_to_it(client: Client) -> None:
    for path in ("/vragenlijsten/", f"/vragenlijsten/{YEAR}/", f"/vragenlijsten/{YEAR}/bezit/"):
        assert f'href="{PAGE}' in client.get(path).text
