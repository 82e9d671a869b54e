"""A small edition with every kind of question, and records over it, for tests of what goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from surveys.questionnaires.dependencies import in_order
from surveys.questionnaires.figures import Evaluation, evaluate
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import Edition
from surveys.values import Key, Value
from surveys.workflow import SubmissionState

YEAR = 2001

FILES = {
    "niet_bibliotheek": """
key_items = ["bezoeken"]
[[only_if]]
question = "gecombineerd"
is = "ja"
[gate]
label = "Zit er iets in?"
choices = {ja = "Ja", nee = "Nee", weet_niet = "Weet niet"}
[way]
label = "Hoe?"
choices = {aantal = "Aantal", percentage = "Percentage"}
[amount]
label = "Hoeveel {what}?"
[percentage]
label = "Welk deel?"
[non_library]
label = "Niet van de bibliotheek"
[part]
label = "Waarvan {part}"
[rest]
label = "Rest"
[basis]
label = "Bron"
choices = {geteld = "Geteld", schatting = "Geschat"}
[reason]
label = "Uitleg"
[library]
label = "Van de bibliotheek"
[library_share]
label = "Aandeel"
[parts]
film = "film"
""",
    "profiel": """
code = "profiel"
title = "Profiel van de organisatie"
[[section]]
code = "organisatie"
title = "Organisatie"
[[section.question]]
code = "verslagjaar"
label = "Verslagjaar"
kind = "integer"
register = "participation.year"
[[section.question]]
code = "gecombineerd"
label = "Gecombineerd?"
kind = "yes_no"
""",
    "bezit": """
code = "bezit"
title = "Bezit"
[[section]]
code = "per_vestiging"
title = "Per vestiging"
repeat = "location"
[[section.question]]
code = "adres"
label = "Adres"
kind = "text"
register = "location.address"
[[section.question]]
code = "uren"
label = "Uren open"
kind = "decimal"
unit = "uren"
[[section]]
code = "bezoek"
title = "Bezoek"
scope = "instelling"
[[section.question]]
code = "bezoeken"
label = "Bezoeken"
help = "Tel elke keer."
more = "Ook de bus."
kind = "integer"
unit = "bezoeken"
source = ["I.a1", "I.b1"]
variables = ["B100"]
replaces = ["oud"]
may_be = ["unknown", "not_applicable"]
[section.question.non_library]
what = "bezoeken"
guidance = "Film telt niet."
parts = ["film"]
[[section]]
code = "rest"
title = "Rest"
[[section.question]]
code = "geteld_op"
label = "Geteld op"
kind = "date"
[[section.question]]
code = "wijze"
label = "Wijze"
kind = "choice"
choices = {poort = "Telpoort", hand = "Met de hand"}
[[section.question]]
code = "waarom_hand"
label = "Waarom?"
kind = "text"
only_if = {question = "wijze", is = "hand"}
[[section.question]]
code = "uren_totaal"
label = "Uren van alle locaties"
kind = "decimal"
unit = "uren"
sum_rows = ["uren"]
""",
    "kernfuncties": """
code = "kernfuncties"
title = "Kernfuncties"
[[section]]
code = "partners"
title = "Partners"
[[section.question]]
code = "cursisten"
label = "Cursisten"
kind = "integer"
unit = "cursisten"
given_by = "een ander onderzoek"
""",
    "personeel": """
code = "personeel"
title = "Personeel"
[[section]]
code = "mensen"
title = "Mensen"
[[section.question]]
code = "verzuim"
label = "Verzuim"
kind = "percent"
""",
    "financieel": """
code = "financieel"
title = "Financieel"
[[section]]
code = "baten"
title = "Baten"
[[section.question]]
code = "subsidie"
label = "Subsidie"
kind = "euro"
source = ["I.f7"]
""",
}


def make_edition(root: Path, **changed: str) -> Edition:
    folder = root / str(YEAR)
    folder.mkdir()
    for name, text in {**FILES, **changed}.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    return load_edition(YEAR, root)


@dataclass
class Place:
    isil: str
    name: str


@dataclass
class Kept:
    is_estimate: bool = False
    note: str = ""
    source: str = ""
    changed_at: datetime | None = None


@dataclass
class Library:
    isil: str
    organisation: str
    province: str
    is_combined: bool
    evaluation: Evaluation
    states: dict[str, SubmissionState] = field(default_factory=dict)
    locations: list[Place] = field(default_factory=list)
    answers: Mapping[str, Mapping[Key, Kept]] = field(default_factory=dict)


def library(
    edition: Edition,
    number: int = 1,
    values: Mapping[Key, Value] | None = None,
    *,
    locations: int = 0,
    combined: bool = False,
    states: Mapping[str, SubmissionState] | None = None,
    answers: Mapping[str, Mapping[Key, Kept]] | None = None,
) -> Library:
    """An organisation that gave `values`; what counts is worked out as it is for a real one."""
    places = [Place(f"NL-{number}-{place}", f"Vestiging {place}") for place in range(1, locations + 1)]
    given = {
        ("verslagjaar", ""): Value.of(edition.year),
        ("gecombineerd", ""): Value.of("ja" if combined else "nee"),
        **(values or {}),
    }
    rows = [place.isil for place in places]
    return Library(
        isil=f"NL-{number}",
        organisation=f"Bibliotheek {number}",
        province="Zeeland",
        is_combined=combined,
        evaluation=evaluate(in_order(edition.questions), given, rows),
        states=dict(states or {}),
        locations=places,
        answers=answers or {},
    )
