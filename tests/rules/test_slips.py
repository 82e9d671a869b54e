"""Slips of the hand: recognised where they were made, not where they were not, with what would undo them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from surveys.questionnaires.rule import Level, Rule, RuleKind
from surveys.questionnaires.schema import Operation, Place, Question
from surveys.rules import Slip, SlipKind, all_findings, judge
from surveys.values import Key, Kind, Value
from tests.rules.world import (
    QUESTIONS,
    Answers,
    by_code,
    computed,
    context,
    per_location,
    question,
    rule,
    said,
    values_of,
)

Changes = tuple[tuple[Key, int | str | Decimal | None], ...]

WORLD = by_code(
    *QUESTIONS.values(),
    question("uitleningen", "Uitleningen", kind=Kind.INTEGER, decimals=0, maximum=Decimal(1_000_000)),
    question("verlengingen", "Verlengingen", kind=Kind.INTEGER, decimals=0),
    question("mannen", "Mannen", kind=Kind.INTEGER, decimals=0, minimum=Decimal(0), place=Place("t", "Mensen", "M")),
    question("vrouwen", "Vrouwen", kind=Kind.INTEGER, decimals=0, minimum=Decimal(0), place=Place("t", "Mensen", "V")),
    question("fte", "Fte", decimals=2, place=Place("t", "Mensen", "Fte")),
    question("elders", "Elders", kind=Kind.INTEGER, decimals=0, place=Place("t", "Anderen", "M")),
    computed("mensen", "Mensen", Operation.SUM, "mannen", "vrouwen"),
    computed("per_mens", "Uren per mens", Operation.RATIO, "uren", "fte"),
)  # fmt: skip
PARTS = rule(RuleKind.COMPARISON, "a b c", "uren", operator="=")
"""Three parts that must add up to one total."""
MORE = {code: rule(RuleKind.CHANGE, code, margin=20) for code in WORLD}
COMPARE = {
    "plus": rule(RuleKind.COMPARISON, "a saldo", "b", operator="="),
    "right": rule(RuleKind.COMPARISON, "a", "b saldo", operator="="),
    "minus": rule(RuleKind.COMPARISON, "a", "b", minus="saldo", operator="="),
}


def slips(
    one: Rule,
    now: Answers,
    last: Answers | None = None,
    *,
    questions: Mapping[str, Question] = WORLD,
    rows: Sequence[str] = (),
) -> tuple[Slip, ...]:
    """Of the first finding, which must be there."""
    around = context(now, last, questions=questions, rows=rows, rules=[one, PARTS])
    return all_findings([one], around)[0].slips


def slip(kind: SlipKind, sentence: str, *changes: tuple[str | Key, int | str | Decimal | None]) -> Slip:
    return Slip(
        kind,
        sentence,
        tuple(
            ((key, "") if isinstance(key, str) else key, None if one is None else Value.of(one))
            for key, one in changes
        ),
    )


BY_THOUSAND = slip(
    SlipKind.THOUSANDFOLD, "duizend keer te veel bij ‘Bezoeken’; maak er 61.235 van.", ("bezoeken", 61_235)
)
FOUND = {
    "thousandfold": (MORE["bezoeken"], {"bezoeken": 61_234_500}, {"bezoeken": 60_000}, BY_THOUSAND),
    "a thousandth": (
        MORE["bezoeken"], {"bezoeken": 61}, {"bezoeken": 61_234},
        slip(SlipKind.THOUSANDFOLD, "duizend keer te weinig bij ‘Bezoeken’; maak er 61.000 van.", ("bezoeken", 61_000)),
    ),
    "thousandfold in euros": (
        MORE["baten"], {"baten": 1_250_000_000}, {"baten": 1_200_000},
        slip(SlipKind.THOUSANDFOLD, "duizend keer te veel bij ‘Baten’; maak er € 1.250.000 van.", ("baten", 1_250_000)),
    ),
    "hundredfold": (
        MORE["leden"], {"leden": 12_345}, {"leden": 110},
        slip(SlipKind.HUNDREDFOLD, "honderd keer te veel bij ‘Leden’; maak er 123,45 van.", ("leden", Decimal("123.45"))),
    ),
    "a hundredth": (
        MORE["leden"], {"leden": Decimal("12.34")}, {"leden": 1100},
        slip(SlipKind.HUNDREDFOLD, "honderd keer te weinig bij ‘Leden’; maak er 1.234 van.", ("leden", 1234)),
    ),
    "of a figure in a ratio": (
        rule(RuleKind.RATIO, "bezoeken", "inwoners", high=20), {"bezoeken": 61_234_567, "inwoners": 9000},
        {"bezoeken": 60_000, "inwoners": 9000}, BY_THOUSAND,
    ),
    "of a figure out of range": (
        rule(RuleKind.RANGE, "bezoeken", high=100_000), {"bezoeken": 61_234_567}, {"bezoeken": 60_000}, BY_THOUSAND,
    ),
    "of a part of a computed figure": (
        MORE["mensen"], {"mannen": 12_000, "vrouwen": 30}, {"mannen": 12, "vrouwen": 28},
        slip(SlipKind.THOUSANDFOLD, "duizend keer te veel bij ‘Mannen’; maak er 12 van.", ("mannen", 12)),
    ),
    "swapped in a row of a table": (
        MORE["mannen"], {"mannen": 80, "vrouwen": 20}, {"mannen": 20, "vrouwen": 80},
        slip(SlipKind.SWAPPED, "verwisseld; maak van ‘Mannen’ 20 en van ‘Vrouwen’ 80.", ("mannen", 20), ("vrouwen", 80)),
    ),
    "swapped, and a little different": (
        MORE["mannen"], {"mannen": 88, "vrouwen": 22}, {"mannen": 20, "vrouwen": 80},
        slip(SlipKind.SWAPPED, "verwisseld; maak van ‘Mannen’ 22 en van ‘Vrouwen’ 88.", ("mannen", 22), ("vrouwen", 88)),
    ),
    "swapped, and just different enough": (
        MORE["mannen"], {"mannen": 132, "vrouwen": 100}, {"mannen": 100, "vrouwen": 132},
        slip(SlipKind.SWAPPED, "verwisseld; maak van ‘Mannen’ 100 en van ‘Vrouwen’ 132.", ("mannen", 100), ("vrouwen", 132)),
    ),
    "in its neighbour's field": (
        rule(RuleKind.VANISHED, "mannen", floor=1), {"mannen": 0, "vrouwen": 80}, {"mannen": 78, "vrouwen": 0},
        slip(SlipKind.SWAPPED, "verwisseld; maak van ‘Mannen’ 80 en van ‘Vrouwen’ 0.", ("mannen", 80), ("vrouwen", 0)),
    ),
    "in the field of its neighbour": (
        rule(RuleKind.RANGE, "vrouwen", high=50), {"mannen": 0, "vrouwen": 80}, {"mannen": 78, "vrouwen": 0},
        slip(SlipKind.SWAPPED, "verwisseld; maak van ‘Vrouwen’ 0 en van ‘Mannen’ 80.", ("vrouwen", 0), ("mannen", 80)),
    ),
    "swapped in a sum": (
        MORE["a"], {"a": 80, "b": 20}, {"a": 20, "b": 80},
        slip(SlipKind.SWAPPED, "verwisseld; maak van ‘Boeken’ 20 en van ‘Films’ 80.", ("a", 20), ("b", 80)),
    ),
    "the total in a part, beside last year": (
        MORE["a"], {"a": 1000, "b": 390}, {"a": 600, "b": 400},
        slip(SlipKind.TOTAL_IN_PART, "het totaal staat bij ‘Boeken’; maak er 610 van.", ("a", 610)),
    ),
    "the total in a part of a computed figure": (
        MORE["mannen"], {"mannen": 1000, "vrouwen": 390}, {"mannen": 600, "vrouwen": 400},
        slip(SlipKind.TOTAL_IN_PART, "het totaal staat bij ‘Mannen’; maak er 610 van.", ("mannen", 610)),
    ),
    "the total in a part": (
        PARTS, {"a": 1000, "b": 250, "c": 150, "uren": 1000}, None,
        slip(SlipKind.TOTAL_IN_PART, "het totaal staat bij ‘Boeken’; maak er 600 van.", ("a", 600)),
    ),
    "last year's figure": (
        rule(RuleKind.SAME, "leden", floor=100), {"leden": 1234}, {"leden": 1234},
        slip(
            SlipKind.COPIED,
            "het cijfer van vorig jaar is overgenomen; maak ‘Leden’ leeg en vul het opnieuw in.", ("leden", None),
        ),
    ),
    "a minus": (
        rule(RuleKind.RANGE, "saldo", low=0), {"saldo": -500}, {"saldo": 480},
        slip(SlipKind.SIGN, "er staat een min voor ‘Saldo’; maak er 500 van.", ("saldo", 500)),
    ),
    "a minus, about as last year": (
        rule(RuleKind.RANGE, "saldo", low=0), {"saldo": -500}, {"saldo": 334},
        slip(SlipKind.SIGN, "er staat een min voor ‘Saldo’; maak er 500 van.", ("saldo", 500)),
    ),
    "a minus in a sum": (
        COMPARE["plus"], {"a": 100, "saldo": -20, "b": 120}, None,
        slip(SlipKind.SIGN, "er staat een min voor ‘Saldo’; maak er 20 van.", ("saldo", 20)),
    ),
    "a minus in a sum on the right": (
        COMPARE["right"], {"a": 140, "b": 120, "saldo": -20}, None,
        slip(SlipKind.SIGN, "er staat een min voor ‘Saldo’; maak er 20 van.", ("saldo", 20)),
    ),
    "a minus in what is subtracted": (
        COMPARE["minus"], {"a": 100, "b": 120, "saldo": -20}, None,
        slip(SlipKind.SIGN, "er staat een min voor ‘Saldo’; maak er 20 van.", ("saldo", 20)),
    ),
    "counted in": (
        rule(RuleKind.INCLUDED, "uitleningen", "verlengingen", margin=10),
        {"uitleningen": 142_000, "verlengingen": 40_000}, {"uitleningen": 101_000},
        slip(SlipKind.INCLUDED, "‘Verlengingen’ is meegeteld; maak van ‘Uitleningen’ 102.000.", ("uitleningen", 102_000)),
    ),
    "left out": (
        rule(RuleKind.INCLUDED, "uitleningen", "verlengingen", margin=10),
        {"uitleningen": 101_000, "verlengingen": 40_000}, {"uitleningen": 142_000},
        slip(SlipKind.OMITTED, "‘Verlengingen’ ontbreekt; maak van ‘Uitleningen’ 141.000.", ("uitleningen", 141_000)),
    ),
    "two counted in": (
        rule(RuleKind.INCLUDED, "uitleningen", "verlengingen elders", margin=10),
        {"uitleningen": 142_000, "verlengingen": 35_000, "elders": 5000}, {"uitleningen": 101_000},
        slip(
            SlipKind.INCLUDED,
            "de som van ‘Verlengingen’ en ‘Elders’ is meegeteld; maak van ‘Uitleningen’ 102.000.",
            ("uitleningen", 102_000),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("one", "now", "last", "found"), FOUND.values(), ids=FOUND)
def test_a_slip_is_found_with_what_would_undo_it(
    one: Rule, now: Answers, last: Answers | None, found: Slip
) -> None:
    assert slips(one, now, last) == (found,)


@pytest.mark.parametrize(("one", "now", "last", "found"), FOUND.values(), ids=FOUND)
def test_undoing_it_ends_the_finding(one: Rule, now: Answers, last: Answers | None, found: Slip) -> None:
    after: dict[Key, Value] = values_of(now)
    for key, value in found.changes:
        after.pop(key)
        if value:
            after[key] = value
    assert not said(one, context(after, last, questions=WORLD))


def test_every_kind_is_found_somewhere() -> None:
    """The whole institution instead of the library stands in test_scope.py."""
    assert {found.kind for *_, found in FOUND.values()} == set(SlipKind) - {SlipKind.SCOPE}


def test_every_kind_has_its_word() -> None:
    assert {kind.value: kind.word for kind in SlipKind} == {
        "thousandfold": "duizend keer te veel of te weinig",
        "hundredfold": "honderd keer te veel of te weinig",
        "swapped": "verwisseld met de buurman",
        "total_in_part": "het totaal in een deel",
        "copied": "overgenomen van vorig jaar",
        "sign": "min in plaats van plus",
        "included": "te veel meegeteld",
        "omitted": "niet meegeteld",
        "scope": "hele instelling in plaats van bibliotheek",
    }


NEAR = {
    # Nearly so many times as much: 1.8 on either side.
    "555 times as much": (MORE["bezoeken"], {"bezoeken": 555_000}, {"bezoeken": 1000}),
    "1801 times as much": (MORE["bezoeken"], {"bezoeken": 1_801_000}, {"bezoeken": 1000}),
    "181 times as much": (MORE["bezoeken"], {"bezoeken": 181_000}, {"bezoeken": 1000}),
    "55 times as much": (MORE["bezoeken"], {"bezoeken": 55_000}, {"bezoeken": 1000}),
    "twice as much": (MORE["bezoeken"], {"bezoeken": 2000}, {"bezoeken": 1000}),
    "ten times as much": (MORE["bezoeken"], {"bezoeken": 10_000}, {"bezoeken": 1000}),
    "1801 times as little": (MORE["bezoeken"], {"bezoeken": 1000}, {"bezoeken": 1_801_000}),
    "555 times as little": (MORE["bezoeken"], {"bezoeken": 1000}, {"bezoeken": 555_000}),
    "no last year": (rule(RuleKind.RANGE, "bezoeken", high=9), {"bezoeken": 61_234_567}, None),
    "nothing last year": (rule(RuleKind.RANGE, "bezoeken", high=9), {"bezoeken": 61_234_567}, {"bezoeken": 0}),
    "as last year": (rule(RuleKind.RANGE, "bezoeken", high=9), {"bezoeken": 61_234}, {"bezoeken": 60_000}),
    "nothing now": (rule(RuleKind.VANISHED, "bezoeken", floor=1), {"bezoeken": 0}, {"bezoeken": 60_000}),
    "more than the field takes": (MORE["uitleningen"], {"uitleningen": 1500}, {"uitleningen": 1_200_000}),
    # Swapped with what stands elsewhere, or not quite crosswise.
    "of another row": (
        MORE["mannen"], {"mannen": 80, "elders": 20}, {"mannen": 20, "elders": 80},
    ),
    "one of the two": (MORE["mannen"], {"mannen": 80, "vrouwen": 30}, {"mannen": 20, "vrouwen": 80}),
    "the one not quite": (
        MORE["mannen"], {"mannen": 800, "vrouwen": 200}, {"mannen": 200, "vrouwen": 895},
    ),
    "the other of the two": (MORE["mannen"], {"mannen": 100, "vrouwen": 20}, {"mannen": 20, "vrouwen": 80}),
    "both about the same": (
        MORE["mannen"], {"mannen": 125, "vrouwen": 100}, {"mannen": 100, "vrouwen": 125},
    ),
    "the other is not there": (MORE["mannen"], {"mannen": 80}, {"mannen": 20, "vrouwen": 80}),
    "the other was not there": (MORE["mannen"], {"mannen": 80, "vrouwen": 20}, {"mannen": 20}),
    "a figure that its field refuses": (
        MORE["mannen"], {"mannen": 80, "fte": Decimal("20.5")}, {"mannen": 20, "fte": 80},
    ),
    "divided by each other": (MORE["uren"], {"uren": 1000, "fte": 390}, {"uren": 600, "fte": 400}),
    # The total in a part.
    "more than the total": (MORE["a"], {"a": 1051, "b": 400}, {"a": 600, "b": 400}),
    "the other parts were next to nothing": (MORE["a"], {"a": 660, "b": 300}, {"a": 540, "b": 54}),
    "the other parts are nothing": (MORE["a"], {"a": 800, "b": 0}, {"a": 600, "b": 200}),
    "what is left is not what it was": (MORE["a"], {"a": 1000, "b": 701}, {"a": 600, "b": 400}),
    "not the total": (PARTS, {"a": 999, "b": 250, "c": 150, "uren": 1000}, None),
    "less than the total": (PARTS, {"a": 500, "b": 250, "c": 150, "uren": 1000}, None),
    "a part in the total": (PARTS, {"a": 600, "b": 250, "c": 150, "uren": 250}, None),
    # The minus.
    "not so much below zero": (rule(RuleKind.RANGE, "saldo", low=0), {"saldo": -500}, {"saldo": 333}),
    "below zero last year": (rule(RuleKind.RANGE, "saldo", low=0), {"saldo": -500}, {"saldo": -480}),
    "a sum that fits neither way": (COMPARE["plus"], {"a": 100, "saldo": -20, "b": 121}, None),
    "no minus": (COMPARE["plus"], {"a": 100, "saldo": 20, "b": 160}, None),
    "at most": (
        rule(RuleKind.COMPARISON, "b", "a saldo", operator="<="), {"a": 100, "saldo": -20, "b": 120}, None,
    ),
    "with last year": (
        rule(RuleKind.COMPARISON, "a saldo", "b", last="c", operator="="),
        {"a": 100, "saldo": -20, "b": 120}, {"c": 0},
    ),
    "with a computed figure": (
        rule(RuleKind.COMPARISON, "a saldo", "mensen", operator="="),
        {"a": 100, "saldo": -20, "mannen": 60, "vrouwen": 60}, None,
    ),
    # What is no slip of one field.
    "the same, computed": (
        rule(RuleKind.SAME, "mensen", floor=1), {"mannen": 60, "vrouwen": 60}, {"mannen": 50, "vrouwen": 70},
    ),
    "both of a pair": (rule(RuleKind.TOGETHER, "leden", "uren"), {"leden": 61_000, "uren": 0}, {"leden": 61}),
    "counted in twice": (
        rule(RuleKind.INCLUDED, "uitleningen", "verlengingen", margin=10),
        {"uitleningen": 1_150_000, "verlengingen": 550_000}, {"uitleningen": 1_750_000},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("one", "now", "last"), NEAR.values(), ids=NEAR)
def test_what_only_looks_like_a_slip_is_left_alone(one: Rule, now: Answers, last: Answers | None) -> None:
    assert slips(one, now, last) == ()


@pytest.mark.parametrize(
    ("now", "fits"),
    [
        (556_000, True),
        (555_555, False),
        (1_800_000, True),
        (1_800_001, False),
        (180_000, True),
        (55_556, True),
    ],
)
def test_how_near_last_year_a_scaled_figure_must_be(now: int, fits: bool) -> None:
    assert bool(slips(MORE["bezoeken"], {"bezoeken": now}, {"bezoeken": 1000})) is fits


BY_LOCATION = per_location(QUESTIONS)


def test_two_locations_swapped() -> None:
    now: Answers = {("bezoeken", "1"): 2000, ("bezoeken", "2"): 9000, ("bezoeken", "3"): 4000}
    last: Answers = {("bezoeken", "1"): 9000, ("bezoeken", "2"): 2000, ("bezoeken", "3"): 4000}
    around = context(now, last, questions=BY_LOCATION, rows=("1", "2", "3"))
    first, second = all_findings([MORE["bezoeken"]], around)
    assert first.slips == (
        slip(
            SlipKind.SWAPPED,
            (
                "verwisseld tussen twee locaties; maak van ‘Bezoeken’ 9.000 waar nu 2.000 staat, "
                "en 2.000 waar nu 9.000 staat."
            ),
            (("bezoeken", "1"), 9000),
            (("bezoeken", "2"), 2000),
        ),
    )
    assert [set(one.changes) for one in second.slips] == [set(first.slips[0].changes)]


def test_a_swap_is_offered_at_either_and_once_at_both() -> None:
    now: Answers = {"mannen": 80, "vrouwen": 20}
    last: Answers = {"mannen": 20, "vrouwen": 80}
    one = rule(RuleKind.RATIO, "mannen", "vrouwen", high=1)
    swapped = FOUND["swapped in a row of a table"][3]
    assert slips(one, now, last) == (swapped,)
    assert slips(MORE["vrouwen"], now, last) == (
        slip(
            SlipKind.SWAPPED,
            "verwisseld; maak van ‘Vrouwen’ 80 en van ‘Mannen’ 20.",
            ("vrouwen", 80),
            ("mannen", 20),
        ),
    )


def test_a_slip_of_a_location_is_found_in_the_figure_of_all() -> None:
    questions = by_code(
        question("bezoeken_locatie", "Bezoeken", kind=Kind.INTEGER, decimals=0, repeats=True),
        computed("bezoeken", "Alle bezoeken", Operation.SUM_ROWS, "bezoeken_locatie"),
    )
    now: Answers = {("bezoeken_locatie", "1"): 2_000_000, ("bezoeken_locatie", "2"): 9000}
    last: Answers = {("bezoeken_locatie", "1"): 2000, ("bezoeken_locatie", "2"): 9000}
    assert slips(MORE["bezoeken"], now, last, questions=questions, rows=("1", "2")) == (
        slip(
            SlipKind.THOUSANDFOLD,
            "duizend keer te veel bij ‘Bezoeken’; maak er 2.000 van.",
            (("bezoeken_locatie", "1"), 2000),
        ),
    )


def test_more_than_three_is_guessing() -> None:
    one = rule(RuleKind.COMPARISON, "a b c d", "uren", operator="<=", level=Level.WARNING)
    last: Answers = dict.fromkeys("abcd", 12)
    three: Answers = {**dict.fromkeys("abc", 1_200), "d": 12, "uren": 2_500}
    four: Answers = {**dict.fromkeys("abcd", 1_200), "uren": 3_700}
    assert [each.changes for each in slips(one, three, last)] == [
        (((code, ""), Value.of(12)),) for code in "abc"
    ]
    assert slips(one, four, last) == ()


def test_one_repair_is_offered_once() -> None:
    """It shows beside last year, and in the sum that does not fit."""
    now: Answers = {"a": 1000, "b": 250, "c": 150, "uren": 1000}
    last: Answers = {"a": 600, "b": 250, "c": 150, "uren": 1000}
    assert slips(PARTS, now, last) == (FOUND["the total in a part"][3],)


# What is offered does what it says.

AMOUNTS = st.integers(-60, 60).map(lambda one: one * 5)


@given(
    now=st.fixed_dictionaries(dict.fromkeys(("a", "b", "saldo", "uren"), AMOUNTS)),
    name=st.sampled_from(["plus", "right", "minus", "both"]),
)
def test_what_closes_a_gap_closes_it(now: dict[str, int], name: str) -> None:
    both = rule(RuleKind.COMPARISON, "a b", "uren", minus="saldo", operator="=")
    one = {**COMPARE, "both": both}[name]
    bare = {code: question(code, code, minimum=Decimal(-1000)) for code in now}
    around = context(now, questions=bare)
    outcome = judge(one, around, "")
    assert outcome is not None
    assume(not outcome.holds)
    for found in all_findings([one], around)[0].slips:
        after = context({**values_of(now), **dict(found.changes)}, questions=bare)
        assert said(one, after) == ""


@given(
    now=st.fixed_dictionaries(dict.fromkeys(("mannen", "vrouwen"), st.integers(1, 500_000))),
    last=st.fixed_dictionaries(dict.fromkeys(("mannen", "vrouwen"), st.integers(1, 500))),
    code=st.sampled_from(["mannen", "vrouwen"]),
)
def test_what_undoes_a_leap_brings_it_back_to_about_last_year(
    now: dict[str, int], last: dict[str, int], code: str
) -> None:
    one = rule(RuleKind.CHANGE, code, times=3)
    around = context(now, last, questions=WORLD)
    for finding in all_findings([one], around):
        assert len(finding.slips) <= 3
        for found in finding.slips:
            after = context({**values_of(now), **dict(found.changes)}, last, questions=WORLD)
            assert said(one, after) == ""
