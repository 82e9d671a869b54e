"""The sheets about what was said: signals with their explanations, repairs, remarks; and no persons."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from math import inf
from zoneinfo import ZoneInfo

import pytest

from surveys.exports.remarks import remarks
from surveys.exports.signals import signals
from surveys.exports.table import Table
from surveys.questionnaires.figures import Evaluation
from surveys.questionnaires.rule import Level, Rule, RuleKind
from surveys.questionnaires.schema import Edition
from surveys.rules import Finding
from surveys.values import Key, Value
from surveys.workflow import Audience, RemarkState, Role
from tests.exports.edition import Library, library

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
AT = datetime(2002, 1, 31, 23, 30, 1, 999, tzinfo=UTC)
THEN = datetime(2002, 2, 1, 0, 30, 1)  # noqa: DTZ001


@dataclass
class Why:
    label: str = "verbouwing"


@dataclass
class Given:
    text: str = "Dicht tot mei."
    reason: Why = field(default_factory=Why)
    figures: str = "bezoeken=10"
    event: object | None = None
    is_confirmed: bool = False
    at: datetime = AT


@dataclass
class Judged:
    finding: Finding
    explanation: Given | None = None
    is_error: bool = False
    is_explained: bool = False


@dataclass
class Undone:
    questionnaire: str
    key: Key
    before: Value | None
    after: Value | None
    what: str = "duizend keer te veel of te weinig"
    at: datetime = AT


@dataclass
class Said:
    text: str
    side: Role
    at: datetime = AT


@dataclass
class Asked:
    questionnaire: str
    question: str
    text: str
    row: str = ""
    audience: Audience = Audience.LIBRARY
    state: RemarkState = RemarkState.OPEN
    asked_at: datetime = AT
    replies: tuple[Said, ...] = ()
    closed_at: datetime | None = None


@dataclass
class Told:
    record: Library
    last: Evaluation
    signals: dict[str, list[Judged]] = field(default_factory=dict)
    repaired: list[Undone] = field(default_factory=list)
    remarks: list[Asked] = field(default_factory=list)


@pytest.fixture
def told(edition: Edition) -> Told:
    values = {
        ("bezoeken", ""): Value.of(10),
        ("uren", "NL-1-1"): Value.of(Decimal("37.5")),
        ("wijze", ""): Value.of("poort"),
    }
    before = {("bezoeken", ""): Value.of(900)}
    return Told(library(edition, values=values, locations=1), library(edition, values=before).evaluation)


def finding(edition: Edition, code: str, row: str = "", **more: object) -> Finding:
    rule = Rule(
        code=f"regel_{code}", questionnaire="bezit", kind=RuleKind.CHANGE, level=Level.WARNING, left=(code,)
    )
    told = {"message": "Dat is veel minder.", "figures": "bezoeken=10", **more}
    return Finding(rule=rule, row=row, anchor=(code, row), keys=((code, row),), **told)  # type: ignore[arg-type]


def rows(one: Table[Told], told: Told) -> list[dict[str, object]]:
    headers = [column.header for column in one.columns]
    return [dict(zip(headers, row, strict=True)) for row in one.rows([told])]


def in_signals(edition: Edition, told: Told, *lists: str) -> list[dict[str, object]]:
    chosen = [edition.by_code[code] for code in lists or edition.by_code]
    return rows(signals(edition, chosen, zone=AMSTERDAM), told)  # type: ignore[arg-type]


def in_remarks(edition: Edition, told: Told, *lists: str) -> list[dict[str, object]]:
    chosen = [edition.by_code[code] for code in lists or edition.by_code]
    return rows(remarks(edition, chosen, zone=AMSTERDAM), told)  # type: ignore[arg-type]


def test_a_signal_is_a_row_with_all_that_was_said_about_it(edition: Edition, told: Told) -> None:
    given = Given(event="verbouwing vanaf 1 mei", is_confirmed=True)
    told.signals = {
        "bezit": [Judged(finding(edition, "bezoeken", deviation=1.23456), given, is_explained=True)]
    }
    assert in_signals(edition, told) == [
        {
            "isil": "NL-1", "organisatie": "Bibliotheek 1", "provincie": "Zeeland", "jaar": 2001,
            "vragenlijst": "bezit", "soort": "signaal", "controle": "regel_bezoeken", "code": "bezoeken",
            "vestiging": None, "omschrijving": "Bezoeken", "melding": "Dat is veel minder.", "waarde": 10,
            "vorig_jaar": 900, "afwijking": 1.23, "stand": "toegelicht", "reden": "verbouwing",
            "uitleg": "Dicht tot mei.", "uitleg_bij": "bezoeken=10", "overgenomen": "ja",
            "gebeurtenis": "verbouwing vanaf 1 mei", "was": None, "moment": THEN,
        }
    ]  # fmt: skip


def test_how_a_signal_stands(edition: Edition, told: Told) -> None:
    told.signals = {
        "bezit": [
            Judged(finding(edition, "bezoeken", deviation=inf), is_error=True),
            Judged(finding(edition, "uren", "NL-1-1"), Given()),
            Judged(finding(edition, "wijze")),
        ],
        "personeel": [Judged(finding(edition, "verzuim"))],
    }
    found = in_signals(edition, told, "bezit")
    names = ("soort", "vestiging", "waarde", "afwijking", "stand", "overgenomen", "moment")
    assert [tuple(one[name] for name in names) for one in found] == [
        ("fout", None, 10, None, "open", None, None),
        ("signaal", "NL-1-1", 37.5, 0, "toegelicht voor andere cijfers", "nee", THEN),
        ("signaal", None, None, 0, "open", None, None),
    ]
    assert [one["vragenlijst"] for one in in_signals(edition, told)] == ["bezit"] * 3 + ["personeel"]


def test_a_repaired_slip_tells_what_it_was(edition: Edition, told: Told) -> None:
    told.repaired = [
        Undone("bezit", ("bezoeken", ""), Value.of(10_000), Value.of(10)),
        Undone("personeel", ("vroeger_gevraagd", ""), Value.of(3), None),
    ]
    first, second = in_signals(edition, told)
    assert (first["soort"], first["stand"], first["was"], first["waarde"]) == (
        "hersteld",
        "hersteld",
        10_000,
        10,
    )
    assert (first["melding"], first["moment"]) == ("duizend keer te veel of te weinig", THEN)
    assert (second["code"], second["omschrijving"], second["was"]) == ("vroeger_gevraagd", None, None)
    assert [one["vragenlijst"] for one in in_signals(edition, told, "personeel")] == ["personeel"]


def test_a_remark_is_a_row_and_so_is_every_reply(edition: Edition, told: Told) -> None:
    told.remarks = [
        Asked("bezit", "uren", "Klopt dit?", "NL-1-1", state=RemarkState.CLOSED, closed_at=AT, replies=(
            Said("Ja.", Role.LIBRARY), Said("Dank u.", Role.KB))),
        Asked("personeel", "", "Kijk hier eens naar.", audience=Audience.KB),
    ]  # fmt: skip
    found = in_remarks(edition, told)
    names = (
        "nummer",
        "vragenlijst",
        "code",
        "vestiging",
        "omschrijving",
        "aan",
        "stand",
        "van",
        "tekst",
        "afgesloten_op",
    )
    asked = (1, "bezit", "uren", "NL-1-1", "Uren open", "bibliotheek", "afgesloten")
    assert [tuple(one[name] for name in names) for one in found] == [
        (*asked, "KB", "Klopt dit?", THEN),
        (*asked, "bibliotheek", "Ja.", THEN),
        (*asked, "KB", "Dank u.", THEN),
        (2, "personeel", None, None, None, "KB", "open", "POI", "Kijk hier eens naar.", None),
    ]
    assert {one["moment"] for one in found} == {THEN}
    assert [one["nummer"] for one in in_remarks(edition, told, "personeel")] == [1]
