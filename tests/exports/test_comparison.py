"""The rows of the sheet Wijzigingen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from surveys.exports.comparison import COLUMNS, of_answer, of_fact
from surveys.exports.table import Row
from surveys.questionnaires.schema import Edition
from surveys.values import UNKNOWN, Key, Value

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass
class Answered:
    key: Key
    before: Value | None
    after: Value | None
    source: str = "kb"
    reason: str = "nieuwe telling"
    at: datetime = datetime(2002, 1, 31, 23, 30, tzinfo=UTC)
    isil: str = "NL-1"
    organisation: str = "Bibliotheek 1"
    province: str = "Zeeland"
    questionnaire: str = "bezit"
    beside: str = ""


@dataclass
class Registered:
    about: str
    what: str
    before: str | int
    after: str | int
    isil: str = "NL-1"
    organisation: str = "Bibliotheek 1"
    province: str = "Zeeland"


def named(row: Row) -> dict[str, object]:
    return dict(zip([column.header for column in COLUMNS], row, strict=True))


def answer(edition: Edition, one: Answered) -> dict[str, object]:
    return named(of_answer(edition, one, sources={"kb": "KB"}, zone=AMSTERDAM))


def test_an_answer_with_both_values(edition: Edition) -> None:
    assert answer(edition, Answered(("bezoeken", ""), Value.of(10), Value.of(7))) == {
        "isil": "NL-1", "organisatie": "Bibliotheek 1", "provincie": "Zeeland", "jaar": 2001,
        "soort": "antwoord", "vragenlijst": "bezit", "code": "bezoeken", "vestiging": None,
        "omschrijving": "Bezoeken", "van": 10, "naar": 7, "verschil": -3, "bij_het_antwoord": None, "bron": "KB", "reden": "nieuwe telling",
        "gewijzigd_op": datetime(2002, 2, 1, 0, 30),  # noqa: DTZ001
    }  # fmt: skip


def test_what_is_no_number_has_no_difference(edition: Edition) -> None:
    told = answer(edition, Answered(("bezoeken", ""), None, UNKNOWN, source="oud", reason=""))
    assert (told["van"], told["naar"], told["verschil"]) == (None, "onbekend", None)
    assert (told["bron"], told["reden"]) == ("oud", None)
    told = answer(edition, Answered(("niet_meer_gevraagd", "NL-1-1"), Value.of("a"), None, source=""))
    assert (told["vestiging"], told["omschrijving"], told["van"], told["bron"]) == ("NL-1-1", None, "a", None)
    assert answer(edition, Answered(("wijze", ""), Value.of("poort"), Value.of("hand")))["verschil"] is None


def test_a_fact_of_the_registers(edition: Edition) -> None:
    told = named(of_fact(edition, Registered("NL-1", "inwoners", 10, 12)))
    assert (told["soort"], told["vestiging"], told["omschrijving"], told["verschil"]) == (
        "register",
        None,
        "inwoners",
        2,
    )
    told = named(of_fact(edition, Registered("NL-1-1", "vestiging", "", "De Kade")))
    assert (told["vestiging"], told["van"], told["naar"], told["verschil"]) == (
        "NL-1-1",
        None,
        "De Kade",
        None,
    )
