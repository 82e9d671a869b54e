"""The people of the demo: who a visitor can be, and where they work. The log-in page offers them by one click."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.workflow import Role

DEMO_PASSWORD = "proef-de-demo"  # noqa: S105 (of a fictional country, printed by the command itself)

DEMO_LIBRARY = "NL-08500010000"
DEMO_COMBINED = "NL-08500020000"
DEMO_POI = "NL-07500010000"
DEMO_LIBRARY_PLACE = "Waterhoek"
DEMO_COMBINED_PLACE = "Lindermeer"
DEMO_LIBRARY_NAME = f"Bibliotheek {DEMO_LIBRARY_PLACE}"
DEMO_COMBINED_NAME = f"Het Stroomhuis {DEMO_COMBINED_PLACE}: bibliotheek, theater en muziekschool"
DEMO_POI_NAME = "Steunpunt De Dubbele Dijk"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """`isil` is empty for the KB; `questionnaires` are the only ones this person fills in, none named: all."""

    email: str
    name: str
    role_text: str
    organisation: str
    role: Role
    isil: str = ""
    questionnaires: tuple[str, ...] = ()


DEMO_PEOPLE = (
    DemoPerson(
        "mirthe.zandstra@waterhoek.example",
        "Mirthe Zandstra",
        "vult alle vragenlijsten in",
        f"{DEMO_LIBRARY_NAME}, een gewone bibliotheek",
        Role.LIBRARY,
        DEMO_LIBRARY,
    ),
    DemoPerson(
        "joris.hazelhof@stroomhuis.example",
        "Joris Hazelhof",
        "vult alle vragenlijsten in",
        f"{DEMO_COMBINED_NAME}, een gecombineerde instelling",
        Role.LIBRARY,
        DEMO_COMBINED,
    ),
    DemoPerson(
        "fenna.korenblom@stroomhuis.example",
        "Fenna Korenblom",
        "vult personeel en financieel in",
        f"{DEMO_COMBINED_NAME}, een gecombineerde instelling",
        Role.LIBRARY,
        DEMO_COMBINED,
        ("personeel", "financieel"),
    ),
    DemoPerson(
        "tobias.elzinck@dubbeledijk.example",
        "Tobias Elzinck",
        "kijkt mee met de bibliotheken in de provincie",
        f"{DEMO_POI_NAME}, een POI",
        Role.POI,
        DEMO_POI,
    ),
    DemoPerson(
        "noor.wessenaar@kb.example",
        "Noor Wessenaar",
        "controleert en keurt goed",
        "KB, de nationale bibliotheek",
        Role.KB,
    ),
)
