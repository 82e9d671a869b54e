"""The first sheet of a workbook: what it is, how far the year is, and how to read the other sheets. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from surveys.exports.record import Record
from surveys.exports.table import Row
from surveys.questionnaires.schema import Questionnaire
from surveys.values import format_number
from surveys.workflow import SubmissionState

NAME = "Leesmij"

_SHEETS = {
    "Vestigingen": "Eén rij per organisatie en vestiging, met alles wat per vestiging wordt gevraagd.",
    "Lang": (
        "Eén rij per gegeven, met toestand (gegeven, onbekend, niet van toepassing, berekend, feit), schatting, bron, "
        "toelichting en het moment van de laatste wijziging. Getallen staan in ‘waarde’, teksten, keuzes en "
        "data in ‘waarde_tekst’. Wat niet is beantwoord of niet is gevraagd, heeft geen rij. "
        "‘Berekend (onvolledig)’ is een cijfer waarvoor nog gegevens ontbreken."
    ),
    "Gecombineerd": (
        "Eén rij per organisatie en totaal waarin meer dan de bibliotheek kan zitten: het totaal, het deel dat niet "
        "bij de bibliotheek hoort, het deel van de bibliotheek, het aandeel in procenten en waarop dat berust. "
        "‘kerncijfer’ is ja bij de totalen waarover het aandeel van de bibliotheek wordt samengevat."
    ),
    "Signalen": (
        "Eén rij per fout of signaal in de ingediende lijsten, met wat de bibliotheek erover zei: reden, uitleg, de "
        "cijfers waarvoor die is gegeven, of het de uitleg van vorig jaar is, en de gebeurtenis. ‘stand’ is open, "
        "toegelicht, of toegelicht voor andere cijfers dan er nu staan. Een rij ‘hersteld’ is een vergissing die de "
        "bibliotheek herkende: ‘was’ en ‘waarde’ zijn het cijfer ervoor en erna. ‘afwijking’ is hoe ver een cijfer "
        "ernaast zit en dient alleen om binnen één controle te ordenen."
    ),
    "Opmerkingen": (
        "Wat de KB aan bibliotheken vroeg en een POI aan de KB schreef: één rij per vraag en één per reactie, met "
        "hetzelfde ‘nummer’ binnen de organisatie. ‘van’ zegt wie het schreef: KB, bibliotheek of POI."
    ),
    "Codeboek": "Eén rij per vraag: wat een kolom betekent, wie de vraag krijgt en hoe een cijfer is berekend.",
    "Controles": (
        "Eén rij per controle: wat met wat wordt vergeleken, waar de grens ligt en welke vragen zij leest. Een fout moet "
        "zijn verbeterd voordat een lijst is ingediend; een signaal mag blijven met een uitleg. ‘groep’ noemt controles "
        "die alleen in hun vraag verschillen. De grenzen van vergelijkbare bibliotheken staan op de website, bij de "
        "controles."
    ),
    "Wettelijk": "Bijlage I van de Regeling gegevenslevering: welke vraag welk wettelijk gegeven levert.",
}
_NOTES = (
    (
        "Lege cellen",
        (
            "Op de bladen met één rij per organisatie of vestiging is een cel leeg als de vraag niet is beantwoord, niet "
            "is gesteld, of is beantwoord met onbekend of niet van toepassing. Zo blijft een kolom met getallen een kolom "
            "met getallen. Het blad Lang zegt welk van deze het is. Een 0 is een opgegeven of berekende nul."
        ),
    ),
    (
        "Verborgen antwoorden",
        (
            "Een antwoord op een vraag die bij nader inzien niet voor de organisatie geldt, wordt bewaard maar telt niet "
            "mee, en staat niet in dit werkboek."
        ),
    ),
    (
        "Voor wie een cijfer geldt",
        (
            "Een gecombineerde instelling geeft eerst totalen voor de hele instelling en daarna het deel dat niet bij de "
            "bibliotheek hoort. Het codeboek zegt per vraag waarvoor het cijfer geldt (‘geldt_voor’). Codes die eindigen "
            "op _bib zijn het deel van de bibliotheek, op _niet_bib het andere deel."
        ),
    ),
    ("Keuzes", "Antwoorden uit een lijst staan als code; het codeboek geeft bij elke code de tekst."),
    ("Personen", "Wie een antwoord gaf of wijzigde, staat niet in dit werkboek."),
)


@dataclass(slots=True)
class Tally:
    """What has been seen while the records went by."""

    organisations: int = 0
    combined: int = 0
    locations: int = 0
    states: dict[str, Counter[SubmissionState]] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        self.organisations += 1
        self.combined += record.is_combined
        self.locations += len(record.locations)
        for questionnaire, state in record.states.items():
            self.states.setdefault(questionnaire, Counter())[state] += 1


@dataclass(frozen=True, slots=True)
class Released:
    """The release that the figures are of. `at`: as the clock said here."""

    status: str
    at: datetime
    note: str = ""


def readme(
    *,
    year: int,
    moment: datetime,
    questionnaires: Sequence[Questionnaire],
    sheets: Iterable[str],
    tally: Tally,
    fingerprint: str,
    release: Released | None = None,
) -> list[Row]:
    """Rows of (subject, text). `questionnaires`: those in the workbook; `sheets`: the names of the other sheets."""
    lists = {one.code: one.title for one in questionnaires}
    own = {code.capitalize(): title for code, title in lists.items()}
    return [
        ("Wsob Gegevenslevering", f"Gegevens van de openbare bibliotheken over {year}"),
        ("Verslagjaar", year),
        *(_told_of(release) if release else ()),
        ("Gemaakt op", moment),
        ("Vragenlijsten", ", ".join(lists.values())),
        ("Organisaties", tally.organisations),
        ("Waarvan gecombineerd", tally.combined),
        ("Vestigingen", tally.locations),
        *((f"Status {title}", _status(tally.states.get(code, Counter()))) for code, title in lists.items()),
        *((f"Blad {name}", _SHEETS.get(name) or _wide(own[name])) for name in sheets),
        *_NOTES,
        (
            "Vingerafdruk",
            (
                f"sha256:{fingerprint} (over de inhoud van alle andere bladen; twee werkboeken met dezelfde vingerafdruk "
                "hebben dezelfde inhoud)"
            ),
        ),
    ]


def _told_of(release: Released) -> list[Row]:
    return [
        ("Uitgave", release.status),
        ("Stand op", release.at),
        *([("Toelichting bij de uitgave", release.note)] if release.note else []),
    ]


def _wide(title: str) -> str:
    return f"{title}: één rij per organisatie, één kolom per vraag. De kolomnaam is de code uit het codeboek."


def _status(counts: Counter[SubmissionState]) -> str:
    present = (state for state in SubmissionState if counts[state])
    return ", ".join(f"{format_number(counts[state])} {state.word}" for state in present) or "geen"
