"""What a definition must hold beyond its own file: every refusal names file, code and key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from surveys.questionnaires.lint import REGISTER, lint, load_all, statutory_items
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.tables import DefinitionError
from tests.questionnaires.definitions import GOOD, spoilt, write_edition

UNIT = 'unit = "personen"'


def problems(root: Path, *editions: Mapping[str, str]) -> list[str]:
    for year, files in enumerate(editions, 2001):
        write_edition(root, year, files)
    found = lint([load_edition(2001 + place, root) for place in range(len(editions))], root)
    return [str(one) for one in found]


def test_a_sound_edition_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD, GOOD) == []


def question(code: str, more: str = "", kind: str = "integer") -> str:
    return f'[[section.question]]\ncode = "{code}"\nlabel = "L"\nkind = "{kind}"\n{more}\n'


_NO_SUM = "kan alleen bij een getal dat de hele organisatie geeft en dat landelijk optelt"
_BAD = {
    "code twice in a section": (
        ("personeel", UNIT, UNIT + "\n" + question("personen")),
        ["personeel.toml: personen: code: bestaat al in personeel.mensen"] * 2,
    ),
    "code twice in an edition": (
        ("personeel", UNIT, UNIT + "\n" + question("boeken")),
        ["personeel.toml: boeken: code: bestaat al in bezit.collectie"],
    ),
    "code of a block's question": (
        ("bezit", 'code = "per_vestiging"', 'code = "bezoeken_bib"'),
        ["bezit.toml: bezoeken_bib: code: bestaat al in bezit.gebruik"] * 2,
    ),
    "section twice": (
        ("bezit", 'code = "vooraf"', 'code = "gebruik"'),
        ["bezit.toml: gebruik: code: deze sectie staat er twee keer"],
    ),
    "cell twice": (
        ("bezit", 'row = "Boeken"\ncolumn = "Totaal"', 'row = "Boeken"\ncolumn = "Jeugd"'),
        ["bezit.toml: boeken: row of column: deze cel van de tabel is al bezet"],
    ),
    "key item without block": (
        ("niet_bibliotheek", '["bezoeken"]', '["bezoeken", "boekn", "personen"]'),
        [
            "niet_bibliotheek.toml: boekn: key_items: ‘boekn’ heeft geen niet-bibliotheekblok; bedoelt u ‘boeken’?",
            "niet_bibliotheek.toml: personen: key_items: ‘personen’ heeft geen niet-bibliotheekblok",
        ],
    ),
    "source": (
        ("bezit", '["I.a3"]', '["I.a3", "I.z9"]'),
        ["bezit.toml: bezoeken: source: ‘I.z9’ staat niet in Bijlage I"],
    ),
    "register": (
        ("profiel", "organisation.name", "organisation.nam"),
        [
            "profiel.toml: naam: register: ‘organisation.nam’ is geen registerfeit; bedoelt u ‘organisation.name’?"
        ],
    ),
    "decimals": (
        ("bezit", "decimals = 1", "decimals = 3"),
        ["bezit.toml: uren_bemand: decimals: kan niet meer dan 2 zijn"],
    ),
    "headline that is no number": (
        ("profiel", 'kind = "yes_no"', 'kind = "yes_no"\nheadline = true'),
        [f"profiel.toml: gecombineerd: headline: {_NO_SUM}"],
    ),
    "headline of one location": (
        ("bezit", "max = 168", "max = 168\nheadline = true"),
        [f"bezit.toml: uren: headline: {_NO_SUM}"],
    ),
    "headline from a register": (
        (
            "profiel",
            'kind = "text"\nregister = "organisation.name"',
            'kind = "integer"\nheadline = true\nregister = "participation.inhabitants"',
        ),
        [f"profiel.toml: naam: headline: {_NO_SUM}"],
    ),
    "adds_up of what is no number": (
        ("profiel", 'kind = "yes_no"', 'kind = "yes_no"\nadds_up = false'),
        [
            "profiel.toml: gecombineerd: adds_up: hoort alleen bij een gevraagd getal; een percentage telt nooit op"
        ],
    ),
    "headline of what does not add up": (
        ("personeel", 'code = "personen"', 'code = "personen"\nheadline = true\nadds_up = false'),
        [f"personeel.toml: personen: headline: {_NO_SUM}"],
    ),
    "dangling condition": (
        ("bezit", '{question = "open",', '{question = "opn",'),
        ["bezit.toml: bezoeken_locatie: only_if of formule: ‘opn’ bestaat niet; bedoelt u ‘open’?"],
    ),
    "dangling formula": (
        ("financieel", '["subsidie", 1000]', '["subsidies", 1000]'),
        [
            (
                "financieel.toml: subsidie_duizend: only_if of formule: ‘subsidies’ bestaat niet; "
                "bedoelt u ‘subsidie’?"
            )
        ],
    ),
    "formula over another questionnaire": (
        ("financieel", '["subsidie", 1000]', '["personen", 1000]'),
        ["financieel.toml: subsidie_duizend: only_if of formule: ‘personen’ bestaat niet"],
    ),
    "condition per location for all": (
        ("bezit", 'question = "heeft_collectie"', 'question = "open"'),
        [
            f"bezit.toml: {code}: only_if: ‘open’ wordt per vestiging gevraagd, deze vraag niet"
            for code in (
                *("boeken_jeugd", "boeken", "muziek"),
                *("boeken_nb_zit_erin", "boeken_nb_invoer", "boeken_nb_aantal", "boeken_nb_percentage"),
                *("boeken_niet_bib", "boeken_nb_overig", "boeken_nb_rest", "boeken_nb_bron"),
                *("boeken_nb_uitleg", "boeken_bib", "boeken_bib_aandeel", "materialen_anders"),
            )
        ],
    ),
    "condition on no answer": (
        ("bezit", '{question = "open", is = "ja"}', '{question = "open", is = ["ja", "soms"]}'),
        ["bezit.toml: bezoeken_locatie: only_if: ‘soms’ is geen antwoord op ‘open’"],
    ),
    "sum over rows of what has none": (
        ("bezit", 'sum_rows = ["bezoeken_locatie"]', 'sum_rows = ["muziek"]'),
        ["bezit.toml: bezoeken: sum_rows: ‘muziek’ moet per vestiging gevraagd worden, deze vraag niet"],
    ),
    "sum of what is per location": (
        ("bezit", 'sum_rows = ["bezoeken_locatie"]', 'sum = ["bezoeken_locatie"]'),
        ["bezit.toml: bezoeken: sum: ‘bezoeken_locatie’ wordt per vestiging gevraagd; gebruik sum_rows"],
    ),
    "count of no yes/no": (
        ("bezit", 'count_rows_yes = ["open"]', 'count_rows_yes = ["uren"]'),
        ["bezit.toml: vestigingen_open: count_rows_yes: ‘uren’ is geen ja/nee-vraag"],
    ),
    "sum of no number": (
        ("kernfuncties", "count_yes = [", "sum = ["),
        [
            "kernfuncties.toml: partners: sum: ‘partner_school’ is geen getal",
            "kernfuncties.toml: partners: sum: ‘partner_museum’ is geen getal",
        ],
    ),
    "block in a section per location": (
        (
            "bezit",
            'unit = "uren"\nmax = 168',
            'unit = "uren"\n[section.question.non_library]\nwhat = "uren"\nguidance = "G"\nparts = ["overig"]',
        ),
        [
            "bezit.toml: uren_niet_bib: non_library: ‘uren’ wordt per vestiging gevraagd; gebruik sum_rows",
            "bezit.toml: uren_bib: difference: ‘uren’ wordt per vestiging gevraagd; gebruik sum_rows",
            "bezit.toml: uren_bib_aandeel: share: ‘uren’ wordt per vestiging gevraagd; gebruik sum_rows",
            "bezit.toml: uren_nb_binnen_totaal: right: vergelijkt vragen per vestiging met vragen voor de hele organisatie",
            "bezit.toml: uren_omvang: right: vergelijkt vragen per vestiging met vragen voor de hele organisatie",
        ],
    ),
}


@pytest.mark.parametrize(("fault", "told"), _BAD.values(), ids=_BAD)
def test_a_fault_within_an_edition(tmp_path: Path, fault: tuple[str, str, str], told: list[str]) -> None:
    assert problems(tmp_path, spoilt(*fault)) == [f"2001/{one}" for one in told]


def test_a_cycle_is_named(tmp_path: Path) -> None:
    circle = question("a", 'sum = ["b"]') + question("b", 'sum = ["a"]')
    (told,) = problems(tmp_path, spoilt("personeel", UNIT, f"{UNIT}\n{circle}"))
    assert told in [
        f"2001/personeel.toml: deze vragen hangen van elkaar af: {cycle}"
        for cycle in (["a", "b", "a"], ["b", "a", "b"])
    ]


_AGAINST_EARLIER = {
    "other kind": (
        ("personeel", f'kind = "integer"\n{UNIT}', f'kind = "decimal"\n{UNIT}'),
        [
            (
                "personeel.toml: personen: kind: was ‘integer’ en is nu ‘decimal’; "
                "geef de vraag een nieuwe code en replaces"
            )
        ],
    ),
    "other unit": (
        ("personeel", UNIT, 'unit = "fte"'),
        [
            (
                "personeel.toml: personen: unit: was ‘personen’ en is nu ‘fte’; "
                "geef de vraag een nieuwe code en replaces"
            )
        ],
    ),
    "other questionnaire": (
        ("personeel", 'code = "personen"\nlabel = "Personen in dienst"', 'code = "muziek"\nlabel = "Muziek"'),
        [
            "personeel.toml: muziek: code: bestaat al in bezit.collectie",
            (
                "personeel.toml: muziek: unit: was ‘stuks’ en is nu ‘personen’; "
                "geef de vraag een nieuwe code en replaces"
            ),
            "personeel.toml: muziek: code: hoorde bij bezit; geef de vraag een nieuwe code",
        ],
    ),
    "replaces what never was": (
        ("personeel", 'code = "personen"', 'code = "mensen_in_dienst"\nreplaces = ["personn"]'),
        ["personeel.toml: mensen_in_dienst: replaces: ‘personn’ bestond niet in 2001; bedoelt u ‘personen’?"],
    ),
    "replaces what still is": (
        ("personeel", UNIT, UNIT + "\n" + question("mensen_in_dienst", 'replaces = ["personen"]')),
        ["personeel.toml: mensen_in_dienst: replaces: ‘personen’ bestaat nog; een opgevolgde vraag vervalt"],
    ),
    "a headline that is new": (
        ("personeel", 'code = "personen"', 'code = "mensen_in_dienst"\nheadline = true'),
        [
            "personeel.toml: mensen_in_dienst: headline: had in 2001 geen cijfer om mee te vergelijken; noem het in replaces"
        ],
    ),
    "a headline that succeeds": (
        (
            "personeel",
            'code = "personen"',
            'code = "mensen_in_dienst"\nheadline = true\nreplaces = ["personen"]',
        ),
        [],
    ),
    "a sound successor": (
        ("personeel", 'code = "personen"', 'code = "mensen_in_dienst"\nreplaces = ["personen"]'),
        [],
    ),
}


@pytest.mark.parametrize(("change", "told"), _AGAINST_EARLIER.values(), ids=_AGAINST_EARLIER)
def test_a_fault_against_the_year_before(
    tmp_path: Path, change: tuple[str, str, str], told: list[str]
) -> None:
    found = problems(tmp_path, GOOD, spoilt(*change))
    assert found == [f"2002/{one}" for one in told]


def test_a_code_never_comes_back_as_something_else(tmp_path: Path) -> None:
    without = spoilt("personeel", 'code = "personen"', 'code = "mensen_in_dienst"')
    back = spoilt("personeel", UNIT, 'unit = "fte"')
    assert problems(tmp_path, GOOD, without, back) == [
        (
            "2003/personeel.toml: personen: unit: was ‘personen’ en is nu ‘fte’; "
            "geef de vraag een nieuwe code en replaces"
        )
    ]


def test_the_first_problem_is_raised(tmp_path: Path) -> None:
    root = write_edition(tmp_path, files=spoilt("bezit", '["I.a3"]', '["I.z9"]'))
    with pytest.raises(DefinitionError, match=r"^2001/bezit\.toml: bezoeken: source: ‘I\.z9’"):
        load_all(root)


def test_sound_editions_come_oldest_first(tmp_path: Path) -> None:
    write_edition(tmp_path, 2002)
    write_edition(tmp_path, 2001)
    assert [one.year for one in load_all(tmp_path)] == [2001, 2002]


def test_the_statutory_items_are_all_of_bijlage_i() -> None:
    items = statutory_items()
    assert (len(items), items["I.a1"]) == (73, ("Voorzieningen", "Aantal gemeente(n) in verzorgingsgebied"))


def test_the_facts_a_question_may_show() -> None:
    assert {one.split(".")[0] for one in REGISTER} == {"organisation", "participation", "location"}
