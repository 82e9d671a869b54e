"""Rules as they stand in a file: what each kind takes, what it gets when nothing is said, and what is refused."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from surveys.questionnaires.rule import KIND_WORDS, Condition, Level, Rule, RuleKind
from surveys.questionnaires.rule_entries import KEYS, read_rules
from surveys.questionnaires.tables import DefinitionError, Entry


def read(text: str) -> list[Rule]:
    """The rules of a file bezit.toml of 2001 that has but one entry."""
    return list(read_rules([Entry(tomllib.loads(text), Path("2001/bezit.toml"))], "bezit"))


def made(kind: RuleKind, left: str, right: str = "", **facts: Any) -> Rule:
    level = Level.ERROR if kind in (RuleKind.COMPARISON, RuleKind.PRESENCE) else Level.WARNING
    return Rule(
        **{
            "code": "r",
            "kind": kind,
            "left": tuple(left.split()),
            "right": tuple(right.split()),
            "level": level,
            "questionnaire": "bezit",
            **facts,
        }
    )


K = RuleKind
D = Decimal
READ = {
    'is = "="\nleft = ["a", "b"]\nright = ["c"]': made(K.COMPARISON, "a b", "c", operator="="),
    'kind = "comparison"\nis = "<="\nleft = ["a"]\nlast = ["a"]\nminus = ["b"]\ntolerance = 0.5\nmargin = 5\nlevel = "warning"': made(
        K.COMPARISON, "a", operator="<=", last=("a",), minus=("b",), tolerance=D("0.5"), margin=D(5), level=Level.WARNING
    ),
    'is = ">="\nleft = ["a"]\nright = ["b"]\nhint = " Kijk. "\nonly_if = {question = "g", is = ["ja", "nee"]}': made(
        K.COMPARISON, "a", "b", operator=">=", hint="Kijk.", only_if=(Condition("g", ("ja", "nee")),)
    ),
    'is = "="\nleft = ["a"]\nright = ["b"]\nonly_if = [{question = "g", is = "ja"}, {question = "h", is = "x"}]': made(
        K.COMPARISON, "a", "b", operator="=", only_if=(Condition("g", ("ja",)), Condition("h", ("x",)))
    ),
    'kind = "presence"\nleft = ["a", "b"]': made(K.PRESENCE, "a b"),
    'kind = "presence"\nleft = ["a"]\nlevel = "warning"': made(K.PRESENCE, "a", level=Level.WARNING),
    'kind = "range"\nleft = ["a"]\nlow = 1': made(K.RANGE, "a", low=D(1)),
    'kind = "range"\nleft = ["a"]\nlow = -1.5\nhigh = 0\nlevel = "error"': made(
        K.RANGE, "a", low=D("-1.5"), high=D(0), level=Level.ERROR
    ),
    'kind = "ratio"\nleft = ["a"]\nright = ["b"]\nhigh = 0.35': made(K.RATIO, "a", "b", high=D("0.35")),
    'kind = "ratio"\nleft = ["a"]\nright = ["b", "c"]\nlow = 1\nfactor = 1000\nfloor = 5\nunit = "per duizend"': made(
        K.RATIO, "a", "b c", low=D(1), factor=D(1000), floor=D(5), unit="per duizend"
    ),
    'kind = "together"\nleft = ["a"]\nright = ["b"]': made(K.TOGETHER, "a", "b"),
    'kind = "together"\nleft = ["a", "b", "c"]': made(K.TOGETHER, "a b c"),
    'kind = "change"\nleft = ["a"]\nmargin = 20': made(K.CHANGE, "a", margin=D(20)),
    'kind = "change"\nleft = ["a"]\ntimes = 1.5\nfloor = 30': made(K.CHANGE, "a", times=D("1.5"), floor=D(30)),
    'kind = "vanished"\nleft = ["a"]': made(K.VANISHED, "a", floor=D(1)),
    'kind = "vanished"\nleft = ["a"]\nfloor = 0.5': made(K.VANISHED, "a", floor=D("0.5")),
    'kind = "same"\nleft = ["a"]': made(K.SAME, "a", floor=D(100)),
    'kind = "same"\nleft = ["a"]\nfloor = 7': made(K.SAME, "a", floor=D(7)),
    'kind = "included"\nleft = ["a", "b"]\nright = ["c"]': made(K.INCLUDED, "a b", "c", margin=D(10)),
    'kind = "included"\nleft = ["a"]\nright = ["c"]\nmargin = 6': made(K.INCLUDED, "a", "c", margin=D(6)),
    'kind = "rounded"\nleft = ["a"]': made(K.ROUNDED, "a", floor=D(10_000), step=D(1000)),
    'kind = "rounded"\nleft = ["a"]\nfloor = 500\nstep = 100': made(K.ROUNDED, "a", floor=D(500), step=D(100)),
    'kind = "peers"\nleft = ["a"]': made(K.PEERS, "a", width=D("3.5")),
    'kind = "peers"\nleft = ["a"]\nright = ["b"]\nfactor = 100\nwidth = 4\nfloor = 10\nunit = "procent"': made(
        K.PEERS, "a", "b", factor=D(100), width=D(4), floor=D(10), unit="procent"
    ),
    'kind = "function"\nleft = ["a"]\nfunction = "equal_locations"': made(K.FUNCTION, "a", function="equal_locations"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ.items(), ids=READ)
def test_a_rule_as_it_is_read(text: str, expected: Rule) -> None:
    assert read(f'code = "r"\n{text}') == [expected]


def test_every_kind_but_scope_can_be_written() -> None:
    assert {one.kind for one in READ.values()} == set(RuleKind) - {RuleKind.SCOPE}
    assert set(KEYS) == set(KIND_WORDS) == set(RuleKind)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ('kind = "range"\nhigh = 53', {"high": D(53)}),
        ('kind = "change"\nmargin = 20', {"margin": D(20)}),
        ('kind = "vanished"', {"floor": D(1)}),
        ('kind = "same"\nfloor = 9', {"floor": D(9)}),
        ('kind = "rounded"', {"floor": D(10_000), "step": D(1000)}),
    ],
)
def test_each_makes_a_family_of_one_rule_a_question(text: str, facts: dict[str, Decimal]) -> None:
    rules = read(f'code = "r"\n{text}\neach = ["a", "b_c"]\nhint = "Kijk."')
    kind = RuleKind(text.partition('"')[2].partition('"')[0])
    assert rules == [
        made(kind, code, code=f"r_{code}", family="r", hint="Kijk.", **facts) for code in ("a", "b_c")
    ]


_ONE = 'left = ["a"]'
_TWO = 'left = ["a"]\nright = ["b"]'
REFUSED = {
    # Keys.
    "a misspelt key": (f'{_TWO}\nis = "="\ntolerantie = 1', "tolerantie: onbekende sleutel; bedoelt u ‘tolerance’?"),
    "a key like no other": (f'{_TWO}\nis = "="\nxyz = 1', "xyz: onbekende sleutel"),
    "a misspelt key that must be there": (f'{_TWO}\niss = "="', "iss: onbekende sleutel; bedoelt u ‘is’?"),
    "a key of another kind": (
        f'{_TWO}\nis = "="\nfactor = 2',
        'factor: hoort niet bij kind = "comparison"; kies uit is, last, margin, minus, right, tolerance',
    ),
    "right of a range": (f'kind = "range"\n{_TWO}\nlow = 1', 'right: hoort niet bij kind = "range"; kies uit high, low'),
    "low of a change": (f'kind = "change"\n{_ONE}\nlow = 1', 'low: hoort niet bij kind = "change"; kies uit floor, margin, times'),
    "right of a presence": (f'kind = "presence"\n{_TWO}', 'right: hoort niet bij kind = "presence"; het heeft er geen'),
    "is of a together": (f'kind = "together"\n{_TWO}\nis = "="', 'is: hoort niet bij kind = "together"; kies uit right'),
    "no operator": (_TWO, 'is: ontbreekt; kind = "comparison" kan niet zonder'),
    "no right of a ratio": (f'kind = "ratio"\n{_ONE}\nlow = 1', 'right: ontbreekt; kind = "ratio" kan niet zonder'),
    "no right of included": (f'kind = "included"\n{_ONE}', 'right: ontbreekt; kind = "included" kan niet zonder'),
    "no function": (f'kind = "function"\n{_ONE}', 'function: ontbreekt; kind = "function" kan niet zonder'),
    "neither right nor last": (f'{_ONE}\nis = "="', "right: noem right of last"),
    "no bound of a range": (f'kind = "range"\n{_ONE}', "low: noem low of high"),
    "no bound of a ratio": (f'kind = "ratio"\n{_TWO}', "low: noem low of high"),
    "margin and times": (f'kind = "change"\n{_ONE}\nmargin = 20\ntimes = 2', "margin: noem óf margin, óf times"),
    "neither margin nor times": (f'kind = "change"\n{_ONE}', "margin: noem óf margin, óf times"),
    "no code": (None, "code: ontbreekt"),
    # Questions.
    "neither left nor each": ('kind = "same"', "left: noem óf left, óf each"),
    "left and each": (f'kind = "same"\n{_ONE}\neach = ["b"]', "left: noem óf left, óf each"),
    "each of a comparison": ('each = ["a"]\nright = ["b"]\nis = "="', 'each: kan niet bij kind = "comparison"'),
    "each of a ratio": ('kind = "ratio"\neach = ["a"]\nright = ["b"]\nlow = 1', 'each: kan niet bij kind = "ratio"'),
    "each of a together": ('kind = "together"\neach = ["a"]\nright = ["b"]', 'each: kan niet bij kind = "together"'),
    "each of included": ('kind = "included"\neach = ["a"]\nright = ["b"]', 'each: kan niet bij kind = "included"'),
    "each of peers": ('kind = "peers"\neach = ["a"]', 'each: kan niet bij kind = "peers"'),
    "each of presence": ('kind = "presence"\neach = ["a"]', 'each: kan niet bij kind = "presence"'),
    "each of a function": ('kind = "function"\neach = ["a"]\nfunction = "f"', 'each: kan niet bij kind = "function"'),
    "each twice": ('kind = "same"\neach = ["a", "b", "a"]', "each: ‘a’ staat er twee keer"),
    "left twice": ('left = ["a", "c", "a"]\nright = ["b"]\nis = "="', "left: ‘a’ staat er twee keer"),
    "right twice": ('left = ["a"]\nright = ["b", "b"]\nis = "="', "right: ‘b’ staat er twee keer"),
    "last twice": ('left = ["a"]\nlast = ["a", "a"]\nis = "="', "last: ‘a’ staat er twee keer"),
    "on both sides": ('left = ["a", "b"]\nright = ["b"]\nis = "="', "right: ‘b’ staat er twee keer"),
    "left and taken off": (f'{_TWO}\nis = "="\nminus = ["a"]', "minus: ‘a’ staat er twee keer"),
    "by itself": ('kind = "ratio"\nleft = ["a"]\nright = ["a"]\nlow = 1', "right: ‘a’ staat er twee keer"),
    "twice in a presence": ('kind = "presence"\nleft = ["a", "a"]', "left: ‘a’ staat er twee keer"),
    "two of a range": ('kind = "range"\nleft = ["a", "b"]\nlow = 1', 'left: kind = "range" gaat over één vraag'),
    "two of a change": ('kind = "change"\nleft = ["a", "b"]\nmargin = 1', 'left: kind = "change" gaat over één vraag'),
    "two of vanished": ('kind = "vanished"\nleft = ["a", "b"]', 'left: kind = "vanished" gaat over één vraag'),
    "two of the same": ('kind = "same"\nleft = ["a", "b"]', 'left: kind = "same" gaat over één vraag'),
    "two of rounded": ('kind = "rounded"\nleft = ["a", "b"]', 'left: kind = "rounded" gaat over één vraag'),
    "one of a together": (f'kind = "together"\n{_ONE}', "left: noem er nog een, of right: één vraag hoort bij niets"),
    "none": ('left = []\nright = ["b"]\nis = "="', "left: noem minstens één vraag"),
    "each of none": ('kind = "same"\neach = []', "each: noem minstens één vraag"),
    "against none": ('left = ["a"]\nright = []\nis = "="', "right: noem minstens één vraag"),
    "by none": ('kind = "ratio"\nleft = ["a"]\nright = []\nlow = 1', "right: noem minstens één vraag"),
    "less none": (f'{_TWO}\nis = "="\nminus = []', "minus: noem minstens één vraag"),
    "last year of none": ('left = ["a"]\nis = "="\nlast = []', "last: noem minstens één vraag"),
    "left is a text": ('left = "a"\nright = ["b"]\nis = "="', "left: moet een lijst van teksten zijn"),
    "right are numbers": ('left = ["a"]\nright = [1]\nis = "="', "right: moet een lijst van teksten zijn"),
    # Levels.
    **{
        f"{kind} as an error": (
            f'kind = "{kind}"\nlevel = "error"\n{more}', f'level: kind = "{kind}" kan alleen een signaal zijn, geen fout',
        )
        for kind, more in {
            "ratio": f"{_TWO}\nlow = 1", "together": _TWO, "change": f"{_ONE}\nmargin = 1", "vanished": _ONE, "same": _ONE,
            "included": _TWO, "rounded": _ONE, "peers": _ONE, "function": f'{_ONE}\nfunction = "f"',
        }.items()
    },
    "an unknown level": (f'{_TWO}\nis = "="\nlevel = "signaal"', "level: ‘signaal’ kan niet; kies uit error, warning"),
    "an unknown operator": (f'{_TWO}\nis = "<"', "is: ‘<’ kan niet; kies uit =, <=, >="),
    "no operator at all": (f'{_TWO}\nis = ""', "is: ‘’ kan niet; kies uit =, <=, >="),
    "an unknown kind": (
        f'kind = "som"\n{_TWO}',
        (
            "kind: ‘som’ kan niet; kies uit presence, comparison, range, ratio, together, change, vanished, same, "
            "included, rounded, peers, scope, function"
        ),
    ),
    "a scope by hand": (f'kind = "scope"\n{_TWO}', "kind: ‘scope’ komt vanzelf bij een totaal met non_library"),
    # Numbers.
    "times of one": (f'kind = "change"\n{_ONE}\ntimes = 1', "times: moet meer dan 1 zijn"),
    "times of a half": (f'kind = "change"\n{_ONE}\ntimes = 0.5', "times: moet meer dan 1 zijn"),
    "times of nothing": (f'kind = "change"\n{_ONE}\ntimes = 0', "times: moet meer dan 0 zijn"),
    "low above high": (f'kind = "range"\n{_ONE}\nlow = 3\nhigh = 2', "low: moet lager zijn dan high (2)"),
    "low is high": (f'kind = "ratio"\n{_TWO}\nlow = 0.5\nhigh = 0.5', "low: moet lager zijn dan high (0.5)"),
    **{
        f"{key} of {number}": (f"{text}\n{key} = {number}", f"{key}: moet meer dan 0 zijn")
        for key, text in {
            "margin": f'{_TWO}\nis = "="', "tolerance": f'{_TWO}\nis = "="', "factor": f'kind = "ratio"\n{_TWO}\nlow = 1',
            "floor": f'kind = "same"\n{_ONE}', "step": f'kind = "rounded"\n{_ONE}', "width": f'kind = "peers"\n{_ONE}',
        }.items()
        for number in (0, -5)
    },
    **{
        f"{key} of {number}": (f"{text}\n{key} = {number}", f"{key}: moet een eindig getal zijn")
        for key, text in {"margin": f'{_TWO}\nis = "="', "high": f'kind = "range"\n{_ONE}'}.items()
        for number in ("nan", "inf", "-inf", "1e400")
    },
    "a margin that is a text": (f'{_TWO}\nis = "="\nmargin = "5"', "margin: moet een getal zijn"),
    "a bound that is a flag": (f'kind = "range"\n{_ONE}\nlow = true', "low: moet een getal zijn"),
    "a hint that is a number": (f'{_TWO}\nis = "="\nhint = 3', "hint: moet tekst zijn"),
    "a unit that is a number": (f'kind = "ratio"\n{_TWO}\nlow = 1\nunit = 3', "unit: moet tekst zijn"),
    # Conditions.
    "a condition that is a text": (f'{_TWO}\nis = "="\nonly_if = "a"', "only_if: moet een tabel zijn"),
    "a condition without answer": (f'{_TWO}\nis = "="\nonly_if = {{question = "g"}}', "is: ontbreekt"),
    "a condition with more": (
        f'{_TWO}\nis = "="\nonly_if = {{question = "g", is = "ja", of = "nee"}}', "of: onbekende sleutel",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_a_fault_is_refused_by_file_rule_and_key(text: str | None, message: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        read(_TWO if text is None else f'code = "r"\n{text}')
    place = "2001/bezit.toml" if text is None else "2001/bezit.toml: r"
    assert str(refused.value) == f"{place}: {message}"


def test_a_code_is_plain() -> None:
    with pytest.raises(DefinitionError) as refused:
        read(f'code = "Eén regel"\n{_TWO}\nis = "="')
    assert str(refused.value) == (
        "2001/bezit.toml: Eén regel: code: ‘Eén regel’ mag alleen kleine letters, cijfers en losse _ bevatten"
    )
