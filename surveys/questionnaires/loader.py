"""From TOML files to frozen definitions. Anything unknown is refused with file, code and key named."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from surveys.questionnaires import non_library
from surveys.questionnaires.rule import Rule
from surveys.questionnaires.rule_entries import conditions, read_rules
from surveys.questionnaires.schema import (
    PROFILE,
    Edition,
    Formula,
    Layout,
    Operation,
    Place,
    Question,
    Questionnaire,
    Scope,
    Section,
    Table,
)
from surveys.questionnaires.tables import DefinitionError, Entry
from surveys.values import Kind, State

ROOT = Path(__file__).parent
LISTS = ("bezit", "kernfuncties", "personeel", "financieel")
"""The four questionnaires, in the order in which they are shown."""

_FORMULA_KEYS = tuple(op.value for op in Operation if op is not Operation.NON_LIBRARY)
_DECIMALS = {Kind.DECIMAL: 2, Kind.PERCENT: 1}
_MAXIMA = {
    Kind.INTEGER: Decimal(100_000_000),
    Kind.DECIMAL: Decimal(1_000_000),
    Kind.EURO: Decimal(1_000_000_000),
    Kind.PERCENT: Decimal(100),
}
_UNITS = {Kind.EURO: "euro", Kind.PERCENT: "%"}


@cache
def years(root: Path = ROOT) -> tuple[int, ...]:
    """The years that have an edition, oldest first."""
    return tuple(sorted(int(p.name) for p in root.iterdir() if p.is_dir() and p.name.isdigit()))


@cache
def load_edition(year: int, root: Path = ROOT) -> Edition:
    """The definitions of one year. Raises DefinitionError, also when there is no such edition."""
    folder = root / str(year)
    if not folder.is_dir():
        raise DefinitionError(folder, "", "", f"er is geen editie {year}")
    blocks = non_library.read_blocks(read_toml(folder / "niet_bibliotheek.toml"))
    profile = load_questionnaire(folder / f"{PROFILE}.toml", blocks)
    lists = tuple(load_questionnaire(folder / f"{code}.toml", blocks) for code in LISTS)
    return Edition(year=year, profile=profile, lists=lists, key_items=blocks.key_items)


def edition_before(year: int, root: Path = ROOT) -> Edition | None:
    """The edition of the year before, when there is one."""
    return load_edition(year - 1, root) if year - 1 in years(root) else None


def load_questionnaire(path: Path, blocks: non_library.Blocks) -> Questionnaire:
    entry = read_toml(path)
    code = entry.text("code")
    if code != path.stem:
        raise DefinitionError(path, code, "code", f"moet ‘{path.stem}’ zijn, zoals het bestand heet")
    rules: list[Rule] = []
    sections = tuple(
        _section(table, code, number, blocks, rules)
        for number, table in enumerate(entry.tables("section"), 1)
    )
    rules += read_rules(entry.tables("rule"), code)
    questionnaire = Questionnaire(
        code=code,
        year=int(path.parent.name),
        title=entry.text("title"),
        intro=entry.text("intro", ""),
        audience=entry.text("audience", ""),
        sections=sections,
        rules=tuple(rules),
    )
    entry.close()
    return questionnaire


def read_toml(path: Path) -> Entry:
    """The file as a strict table. Raises DefinitionError when it is missing or not TOML."""
    try:
        return Entry(tomllib.loads(path.read_text("utf-8")), path)
    except FileNotFoundError:
        raise DefinitionError(path, "", "", "het bestand ontbreekt") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(path, "", "", f"geen geldige TOML: {error}") from None


def _section(
    entry: Entry,
    questionnaire: str,
    number: int,
    blocks: non_library.Blocks,
    rules: list[Rule],
) -> Section:
    repeat = entry.choice("repeat", ("location",), "") == "location"
    scope = entry.member("scope", Scope, Scope.LIBRARY)
    may_be = _states(entry)
    only_if = conditions(entry)
    code = entry.code()
    tables = _tables(entry)
    questions: list[Question] = []
    pending: list[Question] = []
    for table in entry.tables("question"):
        block = table.optional_table("non_library")
        question = replace(
            _question(table, tables, scope, may_be),
            questionnaire=questionnaire,
            section=code,
            repeats=repeat,
        )
        question = replace(question, only_if=only_if + question.only_if)
        if pending and not _same_table(questions[-1], question):
            questions += pending
            pending = []
        if block is not None:
            question, follow_up, block_rules = non_library.expand(question, block, blocks)
            pending += follow_up
            rules += block_rules
        questions.append(question)
    section = Section(
        code=code,
        title=entry.text("title"),
        intro=entry.text("intro", ""),
        questions=_numbered([*questions, *pending], number),
        tables=tables,
        repeat=repeat,
        layout=entry.member("layout", Layout, Layout.PAGES),
        scope=scope,
        number=number,
    )
    entry.close()
    return section


def _same_table(one: Question, other: Question) -> bool:
    return one.place is not None and other.place is not None and (one.place.table == other.place.table)


def _numbered(questions: Iterable[Question], section: int) -> tuple[Question, ...]:
    """2.1, 2.2, …; the follow-up questions of a total share its number with a letter: 2.2a, 2.2b."""
    numbered: list[Question] = []
    numbers: dict[str, str] = {}
    count, letters = 0, dict[str, int]()
    for question in questions:
        if question.total:
            letter = letters[question.total] = letters.get(question.total, -1) + 1
            number = f"{numbers[question.total]}{_letters(letter)}"
        else:
            count += 1
            number = f"{section}.{count}"
        numbers[question.code] = number
        numbered.append(replace(question, number=number))
    return tuple(numbered)


def _letters(index: int) -> str:
    return chr(ord("a") + index)


def _tables(entry: Entry) -> Mapping[str, Table]:
    tables: dict[str, Table] = {}
    for one in entry.tables("table"):
        table = _table(one)
        if table.code in tables:
            raise one.error("code", "deze tabel staat er twee keer")
        tables[table.code] = table
    return tables


def _table(entry: Entry) -> Table:
    table = Table(code=entry.code(), title=entry.text("title"), row_header=entry.text("rows"))
    entry.close()
    return table


def _question(entry: Entry, tables: Mapping[str, Table], scope: Scope, may_be: frozenset[State]) -> Question:
    code = entry.code()
    kind = entry.member("kind", Kind)
    place = _place(entry, tables)
    formula = _formula(entry)
    register, given_by = entry.text("register", ""), entry.text("given_by", "")
    is_asked = formula is None and not register and not given_by
    label = entry.text("label", f"{place.row}: {place.column.lower()}" if place else None)
    choices = entry.texts_by_code("choices")
    if (kind is Kind.CHOICE) != bool(choices):
        raise entry.error("choices", 'hoort bij kind = "choice", en alleen daarbij')
    own_may_be = _states(entry)
    question = Question(
        code=code,
        label=label,
        kind=kind,
        help=entry.text("help", ""),
        more=entry.text("more", ""),
        unit=entry.text("unit", _UNITS.get(kind, "")),
        choices=choices,
        only_if=conditions(entry),
        source=entry.texts("source"),
        variables=entry.texts("variables"),
        replaces=entry.texts("replaces"),
        required=entry.flag("required", is_asked and kind is not Kind.TEXT) and is_asked,
        long=entry.flag("long", False),
        headline=entry.flag("headline", False),
        adds_up=entry.flag("adds_up", True),
        may_be=(own_may_be or may_be) if is_asked and kind is not Kind.TEXT else frozenset(),
        decimals=entry.integer("decimals", _DECIMALS.get(kind, 0)),
        minimum=entry.number("min", Decimal(0) if kind.is_number else None),
        maximum=entry.number("max", _MAXIMA.get(kind)),
        formula=formula,
        register=register,
        given_by=given_by,
        place=place,
        scope=entry.member("scope", Scope, scope),
    )
    if sum((formula is not None, bool(register), bool(given_by))) > 1:
        raise entry.error(
            "register",
            "een vraag is óf berekend, óf een feit uit een register, óf aangeleverd",
        )
    entry.close()
    return question


def _place(entry: Entry, tables: Mapping[str, Table]) -> Place | None:
    table = entry.text("table", "")
    if not table:
        return None
    if table not in tables:
        near = difflib.get_close_matches(table, tables, 1)
        raise entry.error("table", f"‘{table}’ is geen tabel van deze sectie" + _hint(near))
    return Place(table=table, row=entry.text("row"), column=entry.text("column"))


def _hint(near: list[str]) -> str:
    return f"; bedoelt u ‘{near[0]}’?" if near else ""


def _formula(entry: Entry) -> Formula | None:
    present = [key for key in _FORMULA_KEYS if entry.has(key)]
    if not present:
        return None
    if len(present) > 1:
        raise entry.error(present[1], f"staat naast ‘{present[0]}’; een vraag heeft één formule")
    operation = Operation(present[0])
    if operation is Operation.DIVIDE:
        pair = entry.raw(operation.value)
        if not (isinstance(pair, list) and len(pair) == 2 and _is_number(pair[1])):
            raise entry.error("divide", "moet [code, getal] zijn")
        return Formula(operation, (str(pair[0]),), Decimal(str(pair[1])))
    operands = entry.texts(operation.value)
    wanted = {
        Operation.SHARE: 2,
        Operation.RATIO: 2,
        Operation.SUM_ROWS: 1,
        Operation.COUNT_ROWS_YES: 1,
    }
    if len(operands) != wanted.get(operation, len(operands)) or not operands:
        raise entry.error(operation.value, f"wil {wanted.get(operation, 'minstens 1')} code(s)")
    return Formula(operation, operands)


def _is_number(one: object) -> bool:
    return isinstance(one, int | float) and not isinstance(one, bool)


def _states(entry: Entry) -> frozenset[State]:
    names = entry.texts("may_be")
    unknown = [name for name in names if name not in ("unknown", "not_applicable")]
    if unknown:
        raise entry.error("may_be", f"‘{unknown[0]}’ is geen toestand; kies unknown of not_applicable")
    return frozenset(State(name) for name in names)
