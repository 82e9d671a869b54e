"""From TOML to frozen values: a sound edition as it is read, and everything that is refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.rule import Condition, Level, Rule, RuleKind
from surveys.questionnaires.schema import Edition, Formula, Layout, Operation, Place, Question, Scope, Table
from surveys.questionnaires.tables import DefinitionError
from surveys.values import Kind, Limits, State
from tests.questionnaires.definitions import BEZIT, GOOD, spoilt, write_edition


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    return load_edition(2001, write_edition(tmp_path))


def test_the_questionnaires_stand_in_their_order(edition: Edition) -> None:
    assert [(one.code, one.year, one.title) for one in edition.questionnaires] == [
        ("profiel", 2001, "Profiel"),
        ("bezit", 2001, "Bezit"),
        ("kernfuncties", 2001, "Kernfuncties"),
        ("personeel", 2001, "Personeel"),
        ("financieel", 2001, "Financieel"),
    ]
    assert (edition.profile.intro, edition.profile.audience) == ("Eén keer per jaar.", "De directeur.")
    assert list(edition.by_code) == [one.code for one in edition.questionnaires]
    assert (edition.key_items, [one.code for one in edition.totals]) == (
        ("bezoeken",),
        ["bezoeken", "boeken"],
    )


def test_numbers_come_from_the_order(edition: Edition) -> None:
    assert {q.code: q.number for q in edition.by_code["bezit"].questions.values()} == {
        "open": "1.1",
        "bezoeken_locatie": "1.2",
        "uren": "1.3",
        "uren_bemand": "1.4",
        "bezoeken": "2.1",
        "bezoeken_nb_zit_erin": "2.1a",
        "bezoeken_nb_invoer": "2.1b",
        "bezoeken_nb_aantal": "2.1c",
        "bezoeken_nb_percentage": "2.1d",
        "bezoeken_niet_bib": "2.1e",
        "bezoeken_nb_podium": "2.1f",
        "bezoeken_nb_verhuur": "2.1g",
        "bezoeken_nb_rest": "2.1h",
        "bezoeken_nb_bron": "2.1i",
        "bezoeken_nb_uitleg": "2.1j",
        "bezoeken_bib": "2.1k",
        "bezoeken_bib_aandeel": "2.1l",
        "vestigingen_open": "2.2",
        "per_vestiging": "2.3",
        "boeken_jeugd": "3.1",
        "boeken": "3.2",
        "muziek": "3.3",
        "boeken_nb_zit_erin": "3.2a",
        "boeken_nb_invoer": "3.2b",
        "boeken_nb_aantal": "3.2c",
        "boeken_nb_percentage": "3.2d",
        "boeken_niet_bib": "3.2e",
        "boeken_nb_overig": "3.2f",
        "boeken_nb_rest": "3.2g",
        "boeken_nb_bron": "3.2h",
        "boeken_nb_uitleg": "3.2i",
        "boeken_bib": "3.2j",
        "boeken_bib_aandeel": "3.2k",
        "materialen_anders": "3.4",
        "heeft_collectie": "4.1",
    }


def test_a_question_of_a_table_that_carries_a_block_keeps_its_table_whole(edition: Edition) -> None:
    codes = list(edition.by_code["bezit"].questions)
    start = codes.index("boeken_jeugd")
    assert codes[start : start + 4] == ["boeken_jeugd", "boeken", "muziek", "boeken_nb_zit_erin"]


def test_sections_know_their_place(edition: Edition) -> None:
    bezit = edition.by_code["bezit"]
    assert [(s.code, s.number, s.repeat, s.layout, s.scope) for s in bezit.sections] == [
        ("locaties", 1, True, Layout.TABLE, Scope.LIBRARY),
        ("gebruik", 2, False, Layout.PAGES, Scope.INSTITUTION),
        ("collectie", 3, False, Layout.PAGES, Scope.LIBRARY),
        ("vooraf", 4, False, Layout.PAGES, Scope.LIBRARY),
    ]
    assert bezit.section("collectie") is bezit.sections[2]
    assert bezit.section("bestaat_niet") is None
    assert bezit.sections[0].intro == "Per vestiging."
    assert bezit.sections[2].tables == {
        "materialen": Table("materialen", "Materialen op 31 december", "Materiaal")
    }


@pytest.mark.parametrize(
    "expected",
    [
        Question(
            code="naam",
            label="Naam",
            kind=Kind.TEXT,
            register="organisation.name",
            number="1.1",
            section="organisatie",
            questionnaire="profiel",
        ),
        Question(
            code="bezoeken_locatie",
            label="Bezoeken aan deze vestiging",
            help="Van 1 januari tot en met 31 december.",
            kind=Kind.INTEGER,
            unit="bezoeken",
            only_if=(Condition("open", ("ja",)),),
            may_be=frozenset({State.UNKNOWN}),
            minimum=Decimal(0),
            maximum=Decimal(100_000_000),
            required=True,
            number="1.2",
            section="locaties",
            questionnaire="bezit",
            repeats=True,
        ),
        Question(
            code="uren",
            label="Uren open",
            kind=Kind.DECIMAL,
            unit="uren",
            decimals=2,
            minimum=Decimal(0),
            maximum=Decimal(168),
            required=True,
            number="1.3",
            section="locaties",
            questionnaire="bezit",
            repeats=True,
        ),
        Question(
            code="per_vestiging",
            label="Bezoeken per vestiging",
            kind=Kind.DECIMAL,
            decimals=2,
            minimum=Decimal(0),
            maximum=Decimal(1_000_000),
            formula=Formula(Operation.RATIO, ("bezoeken", "vestigingen_open")),
            scope=Scope.INSTITUTION,
            number="2.3",
            section="gebruik",
            questionnaire="bezit",
        ),
        Question(
            code="boeken_jeugd",
            label="Boeken: jeugd",
            kind=Kind.INTEGER,
            unit="boeken",
            only_if=(Condition("heeft_collectie", ("ja",)),),
            minimum=Decimal(0),
            maximum=Decimal(100_000_000),
            place=Place("materialen", "Boeken", "Jeugd"),
            required=True,
            number="3.1",
            section="collectie",
            questionnaire="bezit",
        ),
        Question(
            code="materialen_anders",
            label="Wat verder?",
            kind=Kind.TEXT,
            only_if=(Condition("heeft_collectie", ("ja",)),),
            long=True,
            number="3.4",
            section="collectie",
            questionnaire="bezit",
        ),
        Question(
            code="partners_lijst",
            label="Aantal volgens de partnerlijst",
            kind=Kind.INTEGER,
            unit="soorten",
            minimum=Decimal(0),
            maximum=Decimal(100_000_000),
            given_by="de partnerlijst",
            number="1.4",
            section="partners",
            questionnaire="kernfuncties",
        ),
        Question(
            code="subsidie",
            label="Subsidie",
            kind=Kind.EURO,
            unit="euro",
            minimum=Decimal(0),
            maximum=Decimal(1_000_000_000),
            required=True,
            number="1.1",
            section="baten",
            questionnaire="financieel",
        ),
        Question(
            code="subsidie_duizend",
            label="Subsidie in duizenden",
            kind=Kind.DECIMAL,
            unit="duizend euro",
            decimals=2,
            minimum=Decimal(0),
            maximum=Decimal(1_000_000),
            formula=Formula(Operation.DIVIDE, ("subsidie",), Decimal(1000)),
            number="1.2",
            section="baten",
            questionnaire="financieel",
        ),
    ],
    ids=lambda question: question.code,
)
def test_a_question_as_it_is_read(edition: Edition, expected: Question) -> None:
    assert edition.questions[expected.code] == expected


@pytest.mark.parametrize(
    ("code", "is_asked", "is_stored"),
    [
        ("naam", False, False),
        ("personen", True, True),
        ("partners", False, False),
        ("partners_lijst", False, True),
    ],
)
def test_who_gives_the_answer(edition: Edition, code: str, is_asked: bool, is_stored: bool) -> None:
    question = edition.questions[code]
    assert (question.is_asked, question.is_stored) == (is_asked, is_stored)


def test_limits_and_labels_follow_from_the_question(edition: Edition) -> None:
    assert edition.questions["open"].labels == {"ja": "Ja", "nee": "Nee"}
    assert edition.questions["uren_bemand"].labels == {}
    assert edition.questions["uren_bemand"].limits == Limits(
        Kind.DECIMAL, 1, Decimal(0), Decimal(1_000_000), None, frozenset()
    )
    assert edition.questions["bezoeken_nb_invoer"].limits == Limits(
        Kind.CHOICE, choices={"aantal": "Als aantal", "percentage": "Als percentage"}
    )


def test_rules_of_blocks_stand_before_those_of_the_file(edition: Edition) -> None:
    rules = edition.by_code["bezit"].rules
    assert [rule.code for rule in rules] == [
        "bezoeken_nb_binnen_totaal",
        "bezoeken_nb_delen",
        "bezoeken_nb_waarvoor",
        "bezoeken_omvang",
        "boeken_nb_binnen_totaal",
        "boeken_nb_delen",
        "boeken_nb_waarvoor",
        "boeken_omvang",
        "bemand_binnen_open",
    ]
    assert rules[-1] == Rule(
        code="bemand_binnen_open",
        kind=RuleKind.COMPARISON,
        left=("uren_bemand",),
        operator="<=",
        right=("uren",),
        level=Level.WARNING,
        hint="Kijk de openingstijden na.",
        tolerance=Decimal("0.5"),
        questionnaire="bezit",
    )


def test_an_edition_is_loaded_once(tmp_path: Path) -> None:
    write_edition(tmp_path)
    assert load_edition(2001, tmp_path) is load_edition(2001, tmp_path)


def test_years_are_the_folders_with_a_number(tmp_path: Path) -> None:
    for name in ("2003", "2001", "oud"):
        (tmp_path / name).mkdir()
    (tmp_path / "2002").write_text("geen map")
    assert years(tmp_path) == (2001, 2003)


_BLOCK = 'parts = ["podium", "verhuur"]'
_UNIT = 'kind = "integer"\nunit = "personen"'
_BAD = {
    # What is wrong with the file.
    "not toml": ("personeel", "[[section]]", "[[section]", "personeel.toml: geen geldige TOML: "),
    "other code": ("personeel", 'code = "personeel"', 'code = "mensen"',
                   "personeel.toml: mensen: code: moet ‘personeel’ zijn, zoals het bestand heet"),
    # Keys.
    "unknown key": ("personeel", "unit =", "unti =",
                    "personeel.toml: personen: unti: onbekende sleutel; bedoelt u ‘unit’?"),
    "unknown key, nothing near": ("personeel", "unit =", "xyz =",
                                  "personeel.toml: personen: xyz: onbekende sleutel"),
    "unknown key of the file": ("personeel", 'title = "Personeel"', 'title = "P"\ntitel = "P"',
                                "personeel.toml: personeel: titel: onbekende sleutel; bedoelt u ‘title’?"),
    "unknown key of a section": ("personeel", 'title = "Mensen"', 'title = "M"\nherhaal = "location"',
                                 "personeel.toml: mensen: herhaal: onbekende sleutel"),
    "unknown key of a table": ("bezit", 'rows = "Materiaal"', 'rows = "M"\nkolom = "K"',
                               "bezit.toml: materialen: kolom: onbekende sleutel"),
    "unknown key of a condition": ("bezit", '{question = "open", is = "ja"}', '{question = "open", is = "ja", of = "nee"}',
                                   "bezit.toml: bezoeken_locatie: of: onbekende sleutel"),
    "unknown key of a block": ("bezit", _BLOCK, _BLOCK + '\nhelp = "x"',
                               "bezit.toml: bezoeken: help: onbekende sleutel"),
    "missing title": ("personeel", 'title = "Personeel"', "", "personeel.toml: personeel: title: ontbreekt"),
    "missing label": ("personeel", 'label = "Personen in dienst"', "", "personeel.toml: personen: label: ontbreekt"),
    "missing kind": ("personeel", 'kind = "integer"', "", "personeel.toml: personen: kind: ontbreekt"),
    "misspelt kind": ("personeel", 'kind = "integer"', 'knd = "integer"',
                      "personeel.toml: personen: kind: ontbreekt; er staat wel ‘knd’"),
    "missing code": ("personeel", 'code = "personen"', "", "personeel.toml: mensen: code: ontbreekt"),
    "missing is": ("bezit", '{question = "open", is = "ja"}', '{question = "open"}',
                   "bezit.toml: bezoeken_locatie: is: ontbreekt"),
    "missing row": ("bezit", 'row = "Muziek"', "", "bezit.toml: muziek: row: ontbreekt"),
    # Types.
    "bad code": ("personeel", 'code = "personen"', 'code = "Personen in dienst"',
                 "personeel.toml: Personen in dienst: code: ‘Personen in dienst’ mag alleen kleine letters, cijfers en losse _ bevatten"),
    "code is a number": ("personeel", 'code = "personen"', "code = 3",
                         "personeel.toml: mensen: code: moet tekst zijn"),
    "text is a number": ("personeel", '"Personen in dienst"', "12", "personeel.toml: personen: label: moet tekst zijn"),
    "list is a text": ("bezit", 'source = ["I.a3"]', 'source = "I.a3"',
                       "bezit.toml: bezoeken: source: moet een lijst van teksten zijn"),
    "list of numbers": ("bezit", 'source = ["I.a3"]', "source = [3]",
                        "bezit.toml: bezoeken: source: moet een lijst van teksten zijn"),
    "flag is a text": ("bezit", "long = true", 'long = "ja"',
                       "bezit.toml: materialen_anders: long: moet true of false zijn"),
    "integer is a text": ("bezit", "decimals = 1", 'decimals = "1"',
                          "bezit.toml: uren_bemand: decimals: moet een geheel getal zijn"),
    "integer is a flag": ("bezit", "decimals = 1", "decimals = true",
                          "bezit.toml: uren_bemand: decimals: moet een geheel getal zijn"),
    "number is a text": ("bezit", "max = 168", 'max = "168"', "bezit.toml: uren: max: moet een getal zijn"),
    "number is a flag": ("bezit", "max = 168", "max = true", "bezit.toml: uren: max: moet een getal zijn"),
    "questions are no tables": ("profiel", "[[section]]", "[section]",
                                "profiel.toml: profiel: section: moet een lijst van tabellen zijn: [[section]]"),
    "a table is a text": ("bezit", 'only_if = {question = "open", is = "ja"}', 'only_if = "open"',
                          "bezit.toml: bezoeken_locatie: only_if: moet een tabel zijn"),
    "condition on a number": ("bezit", '{question = "open", is = "ja"}', '{question = "open", is = 3}',
                              "bezit.toml: bezoeken_locatie: is: moet een lijst van teksten zijn"),
    # Closed lists.
    "unknown kind": ("personeel", '"integer"', '"getal"',
                     ("personeel.toml: personen: kind: ‘getal’ kan niet; kies uit integer, decimal, euro, percent, "
                     "yes_no, choice, text, date")),
    "unknown repeat": ("bezit", 'repeat = "location"', 'repeat = "vestiging"',
                       "bezit.toml: locaties: repeat: ‘vestiging’ kan niet; kies uit location"),
    "unknown layout": ("bezit", 'layout = "table"', 'layout = "tabel"',
                       "bezit.toml: locaties: layout: ‘tabel’ kan niet; kies uit table, pages"),
    "unknown scope": ("bezit", 'scope = "instelling"', 'scope = "alles"',
                      "bezit.toml: gebruik: scope: ‘alles’ kan niet; kies uit instelling, bibliotheek, niet_bibliotheek"),
    "unknown state": ("bezit", 'may_be = ["unknown"]', 'may_be = ["onbekend"]',
                      "bezit.toml: bezoeken_locatie: may_be: ‘onbekend’ is geen toestand; kies unknown of not_applicable"),
    # Choices, tables, formulas.
    "choices without choice": ("personeel", _UNIT, _UNIT + '\nchoices = {a = "A"}',
                               'personeel.toml: personen: choices: hoort bij kind = "choice", en alleen daarbij'),
    "choice without choices": ("personeel", _UNIT, 'kind = "choice"',
                               'personeel.toml: personen: choices: hoort bij kind = "choice", en alleen daarbij'),
    "choices are a list": ("personeel", _UNIT, 'kind = "choice"\nchoices = ["a"]',
                           'personeel.toml: personen: choices: moet een tabel van code = "tekst" zijn'),
    "choice without text": ("personeel", _UNIT, 'kind = "choice"\nchoices = {a = 1}',
                            'personeel.toml: personen: choices: moet een tabel van code = "tekst" zijn'),
    "unknown table": ("bezit", 'table = "materialen"\nrow = "Muziek"', 'table = "materiaal"\nrow = "Muziek"',
                      "bezit.toml: muziek: table: ‘materiaal’ is geen tabel van deze sectie; bedoelt u ‘materialen’?"),
    "table of another section": ("personeel", _UNIT, _UNIT + '\ntable = "materialen"',
                                 "personeel.toml: personen: table: ‘materialen’ is geen tabel van deze sectie"),
    "table twice": ("bezit", "[[section.table]]",
                    '[[section.table]]\ncode = "materialen"\ntitle = "M"\nrows = "R"\n\n[[section.table]]',
                    "bezit.toml: materialen: code: deze tabel staat er twee keer"),
    "two formulas": ("kernfuncties", "count_yes =", 'sum = ["partners_lijst"]\ncount_yes =',
                     "kernfuncties.toml: partners: count_yes: staat naast ‘sum’; een vraag heeft één formule"),
    "formula and register": ("kernfuncties", "count_yes =", 'register = "organisation.name"\ncount_yes =',
                             ("kernfuncties.toml: partners: register: een vraag is óf berekend, óf een feit uit een register, "
                             "óf aangeleverd")),
    "formula over nothing": ("kernfuncties", '["partner_school", "partner_museum"]', "[]",
                             "kernfuncties.toml: partners: count_yes: wil minstens 1 code(s)"),
    "ratio of one": ("bezit", '["bezoeken", "vestigingen_open"]', '["bezoeken"]',
                     "bezit.toml: per_vestiging: ratio: wil 2 code(s)"),
    "sum over two": ("bezit", 'sum_rows = ["bezoeken_locatie"]', 'sum_rows = ["bezoeken_locatie", "uren"]',
                     "bezit.toml: bezoeken: sum_rows: wil 1 code(s)"),
    "divide without number": ("financieel", '["subsidie", 1000]', '["subsidie"]',
                              "financieel.toml: subsidie_duizend: divide: moet [code, getal] zijn"),
    "divide by a flag": ("financieel", '["subsidie", 1000]', '["subsidie", true]',
                         "financieel.toml: subsidie_duizend: divide: moet [code, getal] zijn"),
    # Blocks.
    "block without parts": ("bezit", _BLOCK, "parts = []", "bezit.toml: bezoeken: parts: noem minstens één deel"),
    "block with an unknown part": ("bezit", _BLOCK, 'parts = ["podium", "film"]',
                                   "bezit.toml: bezoeken: parts: ‘film’ is geen deel van niet_bibliotheek.toml of own_parts"),
    "block without guidance": ("bezit", 'guidance = "Wie voor de film komt, telt niet mee."', "",
                               "bezit.toml: bezoeken: guidance: ontbreekt"),
    "block is a list": ("bezit", ('[section.question.non_library]\nwhat = "boeken"\n'
                        'guidance = "Alleen boeken om uit te lenen."\nparts = ["overig"]'), 'non_library = ["overig"]',
                        "bezit.toml: boeken: non_library: moet een tabel zijn"),
    "variables are no lists": ("bezit", 'podium = ["B111"]', 'podium = "B111"',
                               "bezit.toml: bezoeken: podium: moet een lijst van teksten zijn"),
    "wording is missing": ("niet_bibliotheek", '[rest]\nlabel = "Nog te verdelen: {what}"\n', "",
                           "niet_bibliotheek.toml: rest: ontbreekt"),
    "wording without label": ("niet_bibliotheek", 'label = "Nog te verdelen: {what}"\n', "",
                              "niet_bibliotheek.toml: rest: label: ontbreekt"),
    "unknown placeholder": ("niet_bibliotheek", "Nog te verdelen: {what}", "Nog te verdelen: {wat}",
                            "niet_bibliotheek.toml: rest: label: kent alleen {what} en {part}"),
    "lone brace": ("niet_bibliotheek", "Denk aan {what} van het theater.", "Denk aan {what van het theater.",
                   "niet_bibliotheek.toml: gate: help: kent alleen {what} en {part}"),
    "gate without weet_niet": ("niet_bibliotheek", ', weet_niet = "Dat weet ik niet"', "",
                               "niet_bibliotheek.toml: gate: choices: moet precies ja, nee, weet_niet bevatten"),
    "way with a third": ("niet_bibliotheek", 'percentage = "Als percentage"', 'percentage = "P", deel = "D"',
                         "niet_bibliotheek.toml: way: choices: moet precies aantal, percentage bevatten"),
    "unknown wording": ("niet_bibliotheek", "[parts]", '[slot]\nlabel = "x"\n\n[parts]',
                        "niet_bibliotheek.toml: slot: onbekende sleutel"),
    "unknown key of a wording": ("niet_bibliotheek", 'label = "Hoe bepaald?"', 'label = "Hoe?"\nhint = "x"',
                                 "niet_bibliotheek.toml: reason: hint: onbekende sleutel"),
    "unknown key of a shared condition": ("niet_bibliotheek", 'is = "ja"', 'is = "ja"\nof = "nee"',
                                          "niet_bibliotheek.toml: of: onbekende sleutel"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "message"), _BAD.values(), ids=_BAD)
def test_a_fault_is_refused_by_file_code_and_key(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    root = write_edition(tmp_path, files=spoilt(file, old, new))
    with pytest.raises(DefinitionError) as refused:
        load_edition(2001, root)
    told = str(refused.value)
    if message.endswith(": "):
        told = told[: len("2001/") + len(message)]
    assert told == f"2001/{message}"


def test_a_missing_edition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as refused:
        load_edition(1999, tmp_path)
    assert str(refused.value) == f"{tmp_path.name}/1999: er is geen editie 1999"


@pytest.mark.parametrize("file", GOOD)
def test_a_missing_file_is_refused(tmp_path: Path, file: str) -> None:
    root = write_edition(tmp_path, files={name: text for name, text in GOOD.items() if name != file})
    with pytest.raises(DefinitionError) as refused:
        load_edition(2001, root)
    assert str(refused.value) == f"2001/{file}.toml: het bestand ontbreekt"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    root = write_edition(tmp_path)
    (root / "2001" / "bezit.toml").write_bytes(b"code = \xff")
    with pytest.raises(DefinitionError, match=r"^2001/bezit\.toml: geen geldige TOML: "):
        load_edition(2001, root)


def test_an_error_holds_its_parts(tmp_path: Path) -> None:
    error = DefinitionError(tmp_path / "2001" / "bezit.toml", "boeken", "kind", "ontbreekt")
    assert (error.path, error.code, error.key, error.message) == (
        tmp_path / "2001" / "bezit.toml",
        "boeken",
        "kind",
        "ontbreekt",
    )


def test_a_question_that_may_be_unknown_takes_over_from_its_section(tmp_path: Path) -> None:
    text = BEZIT.replace('repeat = "location"', 'repeat = "location"\nmay_be = ["not_applicable"]')
    edition = load_edition(2001, write_edition(tmp_path, files={**GOOD, "bezit": text}))
    assert {
        code: sorted(edition.questions[code].may_be)
        for code in ("open", "bezoeken_locatie", "vestigingen_open")
    } == {"open": ["not_applicable"], "bezoeken_locatie": ["unknown"], "vestigingen_open": []}
