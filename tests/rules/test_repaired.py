"""A repair is offered when it mends the finding, or nearly, and makes no error; totals that are typed move along."""

from __future__ import annotations

from decimal import Decimal

from surveys.questionnaires.rule import Level, RuleKind
from surveys.rules import all_findings, judge
from surveys.rules.finding import Slip, SlipKind
from surveys.rules.repaired import mending
from surveys.values import Kind, Value
from tests.rules.world import Answers, by_code, context, question, rule

WORLD = by_code(
    *(
        question(code, code.capitalize(), kind=Kind.INTEGER, decimals=0, required=False, minimum=Decimal(0))
        for code in ("jong", "oud", "leden", "online", "scholieren")
    )
)
AGES = rule(RuleKind.COMPARISON, "jong oud", "leden", operator="=", code="ages")
WITHIN = rule(RuleKind.COMPARISON, "online", "leden", operator="<=", code="within")
CHANGE = {code: rule(RuleKind.CHANGE, code, code=f"{code}_change", margin=20) for code in WORLD}
RULES = (AGES, WITHIN, *CHANGE.values())
LAST: Answers = {"jong": 40, "oud": 60, "leden": 100, "online": 10, "scholieren": 30}


def offered(rule_code: str, now: Answers) -> list[tuple[str, dict[str, Decimal | None]]]:
    around = context({**LAST, **now}, LAST, questions=WORLD, rules=RULES)
    found = {one.code: one for one in all_findings(RULES, around)}
    return [
        (one.kind.value, {code: value.number if value else None for (code, _), value in one.changes})
        for one in found[rule_code].slips
    ]


def test_what_mends_is_offered() -> None:
    assert offered("scholieren_change", {"scholieren": 30_000}) == [("thousandfold", {"scholieren": 30})]


def test_what_remains_may_be_an_honest_change() -> None:
    assert offered("scholieren_change", {"scholieren": 45_000}) == [("thousandfold", {"scholieren": 45})]


def test_a_typed_total_moves_along() -> None:
    found = offered("jong_change", {"jong": 40_000, "leden": 40_060})
    assert found == [("thousandfold", {"jong": 40, "leden": 100})]


def test_a_total_that_would_be_refused_does_not_move_along() -> None:
    """Where the sum was wrong already there is no error to make, and the part alone is offered."""
    assert offered("jong_change", {"jong": 40_000}) == [("thousandfold", {"jong": 40})]


def test_what_breaks_another_sum_is_not_offered() -> None:
    """The parts say that the total is right."""
    now = {"jong": 40_000, "oud": 60_000, "leden": 100_000, "online": 50_000}
    assert offered("leden_change", now) == []


def mended(slip: Slip, now: Answers, one: str) -> tuple[Slip, ...]:
    around = context({**LAST, **now}, LAST, questions=WORLD, rules=RULES)
    return mending([slip], CHANGE[one], "", around, judge)


def test_two_changes_at_once_bring_no_total_along() -> None:
    swap = Slip(
        SlipKind.SWAPPED, "verwisseld", ((("jong", ""), Value.of(50)), (("online", ""), Value.of(10)))
    )
    assert mended(swap, {"jong": 10, "oud": 60, "leden": 70, "online": 50}, "jong") == ()


def test_emptying_a_field_brings_no_total_along() -> None:
    emptied = Slip(SlipKind.COPIED, "leeg", ((("jong", ""), None),))
    assert mended(emptied, {"jong": 90, "leden": 150}, "jong") == ()


def test_a_total_below_zero_is_no_repair() -> None:
    less = Slip(SlipKind.INCLUDED, "te veel", ((("jong", ""), Value.of(40)),))
    assert mended(less, {"jong": 90, "oud": 10, "leden": 100, "online": 0}, "jong") == (
        Slip(
            SlipKind.INCLUDED,
            "te veel Maak dan ook van ‘Leden’ 50.",
            ((("jong", ""), Value.of(40)), (("leden", ""), Value.of(50))),
        ),
    )
    assert WITHIN.level is Level.ERROR
    assert mended(less, {"jong": 90, "oud": 10, "leden": 100, "online": 60}, "jong") == ()
