"""One cause, one signal: which remain, and in which order they are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.rule import Level, RuleKind
from surveys.questionnaires.schema import Edition, Operation
from surveys.rules import Context, Finding, all_findings, findings
from surveys.rules.context import Bound
from surveys.rules.one_cause import one_signal_per_cause
from surveys.values import Value
from tests.questionnaires.definitions import write_edition
from tests.rules.world import Answers, by_code, computed, context, question, rule

QUESTIONS = by_code(
    question("a", "Boeken"),
    question("b", "Films"),
    computed("som", "Alles", Operation.SUM, "a", "b"),
    question("x", "Leden"),
    question("y", "Inwoners"),
    question("z", "Uren"),
    question("p", "Per locatie", repeats=True),
    question("q", "Uren per locatie", repeats=True),
    computed("p_som", "Alle locaties", Operation.SUM_ROWS, "p"),
)
RULES = {
    one.code: one
    for one in (
        *(rule(RuleKind.CHANGE, code, code=f"{code}_change", margin=15) for code in ("a", "b", "som", "x", "p", "p_som")),
        *(rule(RuleKind.SAME, code, code=f"{code}_same", floor=10) for code in ("a", "b", "som", "x")),
        *(rule(RuleKind.VANISHED, code, code=f"{code}_gone", floor=1) for code in ("a", "b", "som", "x")),
        *(rule(RuleKind.ROUNDED, code, code=f"{code}_round", floor=10, step=10) for code in ("a", "x")),
        *(rule(RuleKind.RANGE, code, code=f"{code}_range", high=1000) for code in ("a", "som", "x")),
        rule(RuleKind.RATIO, "x", "y", code="x_by_y", low="0.5", high=2),
        rule(RuleKind.RATIO, "x", "z", code="x_by_z", low="0.5", high=2),
        rule(RuleKind.RATIO, "som", "y", code="som_by_y", low="0.5", high=2),
        rule(RuleKind.RATIO, "y", "z", code="y_by_z", low="0.5", high=2),
        rule(RuleKind.PEERS, "x", "y", code="x_peers", width=1),
        rule(RuleKind.PEERS, "y", "x", code="y_peers", width=1),
        rule(RuleKind.RATIO, "p", "q", code="p_by_q", high=2),
        rule(RuleKind.TOGETHER, "x", "z", code="x_with_z"),
        rule(RuleKind.VANISHED, "z", code="z_gone", floor=1),
        rule(RuleKind.INCLUDED, "a", "z", code="z_in_a", margin=10),
        rule(RuleKind.COMPARISON, "x", "y", code="x_within_y", operator="<="),
        rule(RuleKind.COMPARISON, "p", "q", code="p_within_q", operator="<="),
        rule(RuleKind.COMPARISON, "a", "y", code="a_within_y", operator="<="),
        rule(RuleKind.COMPARISON, "x", "y", code="x_about_y", operator="=", margin=50, level=Level.WARNING),
        rule(RuleKind.FUNCTION, "p", code="p_twice", function="equal_locations"),
    )
}  # fmt: skip
PEERS = {(code, "alle"): Bound(9, 0.0, 0.1) for code in ("x_peers", "y_peers")}
ROWS = ("1", "2")


@dataclass(frozen=True)
class Situation:
    """`found`: by code, all that does not hold; of those `told` remain, in this order."""

    now: Answers
    last: Answers
    found: str
    told: str
    rules: str = " ".join(RULES)
    rows: Sequence[str] = ()


def world(now: Answers, last: Answers, rows: Sequence[str] = ()) -> Context:
    return context(
        now, last, questions=QUESTIONS, rules=RULES.values(), rows=rows, bounds=PEERS, groups=("alle",)
    )


SITUATIONS = {
    "a part carries the total along": Situation(
        {"a": 401, "b": 899}, {"a": 101, "b": 899}, "a_change som_change b_same som_range", "a_change b_same",
    ),
    "a part is too small to carry the total": Situation(
        {"a": 301, "b": 899}, {"a": 101, "b": 861}, "a_change som_change som_range", "a_change som_change",
    ),
    "a part is just enough to carry the total": Situation(
        {"a": 361, "b": 939}, {"a": 101, "b": 938}, "a_change som_change", "a_change", "a_change som_change",
    ),
    "a part is just not enough to carry the total": Situation(
        {"a": 361, "b": 940}, {"a": 101, "b": 938}, "a_change som_change", "a_change som_change", "a_change som_change",
    ),
    "both parts move": Situation(
        {"a": 401, "b": 401}, {"a": 201, "b": 301}, "a_change b_change som_change", "a_change b_change",
    ),
    "a part that moved explains a ratio of the total": Situation(
        {"a": 401, "b": 99, "y": 100}, {"a": 101, "b": 98}, "a_change som_change som_by_y", "a_change",
        "a_change som_change som_by_y",
    ),
    "the total stays the same while its parts move": Situation(
        {"a": 201, "b": 401}, {"a": 401, "b": 201}, "a_change b_change som_same", "a_change som_same",
    ),
    "an error and a warning about the same": Situation(
        {"x": 300, "y": 100}, {"x": 100}, "x_within_y x_change x_by_y x_peers y_peers x_about_y", "x_within_y",
        "x_within_y x_change x_by_y x_peers y_peers x_about_y",
    ),
    "an error about a part and a warning about the total": Situation(
        {"a": 500, "b": 99, "y": 100}, {"a": 400, "b": 99}, "a_within_y som_change som_by_y b_same a_change",
        "a_within_y b_same", "a_within_y som_change som_by_y b_same a_change",
    ),
    "an error about something else": Situation(
        {"a": 500, "b": 99, "y": 100, "x": 55, "z": 1000}, {"a": 500, "b": 99}, "a_within_y x_by_z",
        "a_within_y x_by_z", "a_within_y x_by_z",
    ),
    "two errors about the same": Situation(
        {"a": 500, "x": 300, "y": 100}, {}, "a_within_y x_within_y", "a_within_y x_within_y", "a_within_y x_within_y",
    ),
    "two ratios of the same figure: the worst": Situation(
        {"x": 100, "y": 400, "z": 1000}, {}, "x_by_y x_by_z", "x_by_z", "x_by_y x_by_z",
    ),
    "a ratio by what is odd itself": Situation(
        {"x": 1, "y": 100, "z": 300}, {}, "x_by_y y_by_z", "x_by_y y_by_z", "x_by_y y_by_z",
    ),
    "a ratio of what another is divided by": Situation(
        {"x": 100, "y": 400, "z": 50}, {}, "x_by_y y_by_z", "y_by_z", "x_by_y y_by_z",
    ),
    "a ratio and the peers": Situation(
        {"x": 100, "y": 400}, {}, "x_by_y x_peers", "x_by_y", "x_by_y x_peers",
    ),
    "twice the peers": Situation(
        {"x": 100, "y": 400}, {}, "x_peers y_peers", "x_peers", "x_peers y_peers",
    ),
    "a change and a ratio": Situation(
        {"x": 400, "y": 100}, {"x": 100}, "x_change x_by_y x_peers", "x_change", "x_change x_by_y x_peers",
    ),
    "a change and a warning about a sum": Situation(
        {"x": 400, "y": 100}, {"x": 100}, "x_change x_about_y", "x_change", "x_change x_about_y",
    ),
    "a change and a range": Situation(
        {"x": 4000}, {"x": 3000}, "x_change x_range", "x_change", "x_change x_range",
    ),
    "a change that is not the figure's": Situation(
        {"a": 4001, "b": 1, "x": 4000}, {"a": 3000, "b": 1}, "a_change som_change a_range som_range x_range",
        "x_range a_change", "a_change som_change a_range som_range x_range",
    ),
    "gone explains a ratio of nothing": Situation(
        {"x": 0, "y": 100}, {"x": 100}, "x_gone x_by_y", "x_gone", "x_gone x_by_y",
    ),
    "gone explains the change of the total": Situation(
        {"a": 0, "b": 301}, {"a": 500, "b": 302}, "a_gone som_change", "a_gone", "a_gone som_change",
    ),
    "together explains a ratio": Situation(
        {"x": 0, "y": 100, "z": 5}, {"x": 0}, "x_with_z x_by_y x_by_z", "x_with_z", "x_with_z x_by_y x_by_z",
    ),
    "together explains a ratio by what is not there": Situation(
        {"x": 5, "z": 0, "y": 100}, {}, "x_with_z x_by_y", "x_with_z", "x_with_z x_by_y y_by_z",
    ),
    "together explains no ratio of what is there": Situation(
        {"x": 0, "z": 5, "y": 100}, {}, "x_with_z y_by_z", "y_by_z x_with_z", "x_with_z y_by_z",
    ),
    "together explains no ratio of other figures": Situation(
        {"x": 0, "z": 5, "y": 100, "a": 400, "b": 1}, {}, "x_with_z som_by_y", "x_with_z som_by_y", "x_with_z som_by_y",
    ),
    "what is gone explains that its pair is alone": Situation(
        {"x": 5, "z": 0}, {"z": 9}, "x_with_z z_gone", "z_gone", "x_with_z z_gone",
    ),
    "together beside what is the same": Situation(
        {"x": 55, "z": 0}, {"x": 55}, "x_with_z x_same", "x_with_z", "x_with_z x_same",
    ),
    "counted in explains the change and the range": Situation(
        {"a": 1410, "b": 9, "z": 400}, {"a": 1011, "b": 9}, "z_in_a a_change a_range som_change som_range a_round",
        "z_in_a", "z_in_a a_change a_range som_change som_range a_round",
    ),
    "the same explains nothing": Situation(
        {"x": 400, "y": 100, "a": 55, "b": 2000}, {"x": 400, "a": 55, "b": 9}, "x_same x_by_y a_same som_range",
        "som_range x_by_y a_same", "x_same x_by_y a_same som_range",
    ),
    "the same of another figure": Situation(
        {"a": 55, "b": 66}, {"a": 55, "b": 66}, "a_same b_same som_same", "a_same b_same som_same",
    ),
    "rounded off, and changed": Situation(
        {"x": 500}, {"x": 333}, "x_change x_round", "x_change", "x_change x_round",
    ),
    "rounded off, and nothing else": Situation(
        {"x": 340}, {"x": 333}, "x_round", "x_round", "x_round",
    ),
    "swapped: one repair for both": Situation(
        {"a": 200, "b": 500}, {"a": 510, "b": 205}, "a_change b_change", "a_change",
    ),
    "swapped, and the other moved most": Situation(
        {"a": 205, "b": 506}, {"a": 510, "b": 200}, "a_change b_change", "b_change",
    ),
    "a slip explains nothing else": Situation(
        {"a": 100_000, "b": 1, "x": 50}, {"a": 100, "b": 1, "x": 30}, "a_change x_change", "a_change x_change",
        "a_change x_change",
    ),
    "an error at one location": Situation(
        {("p", "1"): 300, ("p", "2"): 300, ("q", "1"): 299, ("q", "2"): 300}, {("p", "1"): 100, ("p", "2"): 100},
        "p_within_q__1 p_change__1 p_change__2 p_som_change", "p_within_q__1 p_change__2", rows=ROWS,
    ),
    "the same ratio at two locations": Situation(
        {("p", "1"): 300, ("p", "2"): 500, ("q", "1"): 100, ("q", "2"): 100}, {}, "p_by_q__1 p_by_q__2",
        "p_by_q__2 p_by_q__1", "p_by_q", rows=ROWS,
    ),
    "two locations": Situation(
        {("p", "1"): 300, ("p", "2"): 900}, {("p", "1"): 100, ("p", "2"): 500},
        "p_change__1 p_change__2 p_som_change", "p_change__1 p_change__2", rows=ROWS,
    ),
    "two locations alike": Situation(
        {("p", "1"): 3000, ("p", "2"): 3000}, {("p", "1"): 2900, ("p", "2"): 500},
        "p_change__2 p_twice__2 p_som_change", "p_twice__2", rows=ROWS,
    ),
    "all locations a little": Situation(
        {("p", "1"): 112, ("p", "2"): 127}, {("p", "1"): 100, ("p", "2"): 100},
        "p_change__2 p_som_change", "p_change__2 p_som_change", rows=ROWS,
    ),
    "nothing": Situation({}, {}, "", ""),
}  # fmt: skip


@pytest.mark.parametrize("one", SITUATIONS.values(), ids=SITUATIONS)
def test_what_remains_of_what_is_found(one: Situation) -> None:
    around = world(one.now, one.last, one.rows)
    rules = [RULES[code] for code in one.rules.split()]
    assert sorted(each.id for each in all_findings(rules, around)) == sorted(one.found.split())
    assert [each.id for each in findings(rules, around)] == one.told.split()


# Whole institution or library: the rule that every block makes.


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return load_edition(2001, write_edition(tmp_path_factory.mktemp("editions")))


ABOUT_BOOKS = [
    rule(RuleKind.CHANGE, "boeken", code="change", margin=15),
    rule(RuleKind.CHANGE, "boeken_bib", code="library_change", margin=15),
    rule(RuleKind.CHANGE, "muziek", code="other_change", margin=15),
    rule(RuleKind.VANISHED, "boeken_niet_bib", code="gone", floor=1),
    rule(RuleKind.SAME, "boeken", code="same", floor=10),
    rule(RuleKind.ROUNDED, "boeken", code="round", floor=10, step=10),
    rule(RuleKind.RATIO, "boeken_bib", "muziek", code="library_by_other", high=2),
    rule(RuleKind.RATIO, "boeken_jeugd", "boeken", code="youth", high="0.1"),
    rule(RuleKind.RANGE, "boeken_jeugd", code="other_range", high=10),
    rule(RuleKind.COMPARISON, "boeken", "muziek", code="error", operator="<="),
    rule(RuleKind.CHANGE, "bezoeken_locatie", code="visits_change", margin="0.5"),
]


def books(total: int, part: int) -> dict[str, int | str]:
    return {"heeft_collectie": "ja", "boeken": total, **_split("boeken", part)}


def visits(total: int, part: int) -> dict[str | tuple[str, str], int | str]:
    """All at one location."""
    return {("open", "NL-1"): "ja", ("bezoeken_locatie", "NL-1"): total, **_split("bezoeken", part)}


def _split(code: str, part: int) -> dict[str, int | str]:
    gate: dict[str, int | str] = {"gecombineerd": "ja", f"{code}_nb_zit_erin": "ja" if part else "nee"}
    return {**gate, f"{code}_nb_invoer": "aantal", f"{code}_nb_aantal": part} if part else gate


@pytest.mark.parametrize(
    ("now", "last", "found", "told"),
    [
        pytest.param(
            books(1020, 0), books(1015, 415),
            "boeken_omvang library_change gone round", "boeken_omvang", id="the part is gone",
        ),
        pytest.param(
            books(600, 0), books(1011, 401), "boeken_omvang change gone round", "boeken_omvang", id="only the library",
        ),
        pytest.param(books(700, 300), books(700, 0), "boeken_omvang library_change same", "boeken_omvang", id="new"),
        pytest.param(
            {**books(999, 0), "muziek": 400}, {**books(1000, 415), "muziek": 100},
            "boeken_omvang library_change gone other_change library_by_other error", "error",
            id="an error stands before it",
        ),
        pytest.param(
            {**books(999, 0), "muziek": 1000}, {**books(1000, 415), "muziek": 100},
            "boeken_omvang library_change gone other_change", "boeken_omvang other_change", id="scope comes first",
        ),
        pytest.param(
            {**books(999, 0), "boeken_jeugd": 500}, books(1000, 415),
            "boeken_omvang library_change gone youth other_range", "boeken_omvang other_range",
            id="what is divided by the total",
        ),
        pytest.param(
            visits(1010, 0), visits(1000, 400), "bezoeken_omvang visits_change__NL-1",
            "bezoeken_omvang visits_change__NL-1", id="not of what is typed below the total",
        ),
        pytest.param(
            books(101_500, 0), books(1015, 415), "boeken_omvang change library_change gone round",
            "boeken_omvang change", id="a slip is far more than the part",
        ),
        pytest.param(books(1300, 300), books(1000, 300), "change library_change", "change", id="an ordinary change"),
    ],
)  # fmt: skip
def test_a_change_of_scope_is_asked_first(
    edition: Edition, now: Answers, last: Answers, found: str, told: str
) -> None:
    scopes = [one for one in edition.rules if one.kind is RuleKind.SCOPE]
    around = context(now, last, questions=edition.questions, rules=edition.rules, rows=["NL-1"])
    rules = [*ABOUT_BOOKS, *scopes]
    assert sorted(one.id for one in all_findings(rules, around)) == sorted(found.split())
    assert [one.id for one in findings(rules, around)] == told.split()


# Whatever is found.

VALUES = st.sampled_from([0, 1, 55, 100, 110, 250, 500, 1000, 4000])
ANSWERS = st.fixed_dictionaries(
    dict.fromkeys("abxyz", VALUES) | {(code, row): VALUES for code in "p" for row in ROWS}
)


@settings(max_examples=60, deadline=None)
@given(now=ANSWERS, last=ANSWERS, order=st.permutations(sorted(RULES)))
def test_what_is_kept_hangs_on_what_is_found_and_on_nothing_else(
    now: Answers, last: Answers, order: list[str]
) -> None:
    around = world(now, last, ROWS)
    found = all_findings(list(RULES.values()), around)
    kept = findings(list(RULES.values()), around)
    assert findings([RULES[code] for code in order], around) == kept
    assert one_signal_per_cause(reversed(found), around) == kept
    assert one_signal_per_cause(kept, around) == kept
    assert [one for one in kept if one not in found] == []
    assert {one.id for one in found if one.level is Level.ERROR} <= {one.id for one in kept}
    assert bool(kept) == bool(found)
    assert [_importance(one) for one in kept] == sorted(map(_importance, kept))


def _importance(one: Finding) -> tuple[bool, bool, float]:
    return one.level is Level.WARNING, one.rule.kind is not RuleKind.SCOPE, -one.deviation


@settings(max_examples=60, deadline=None)
@given(now=ANSWERS, last=ANSWERS, code=st.sampled_from(sorted(RULES)))
def test_a_rule_more_never_brings_back_what_was_silenced(now: Answers, last: Answers, code: str) -> None:
    around = world(now, last, ROWS)
    without = [one for one in RULES.values() if one.code != code]
    more = {one.id for one in findings(list(RULES.values()), around) if one.code != code}
    assert more <= {one.id for one in findings(without, around)}


@pytest.mark.parametrize("year", years())
@pytest.mark.parametrize("seed", [1])
def test_of_a_real_edition_too(year: int, seed: int) -> None:
    random = Random(seed)
    edition = load_edition(year)
    values = [_something_everywhere(edition, random) for _ in ("now", "last")]
    around = context(*values, questions=edition.questions, rules=edition.rules, rows=ROWS)
    rules = list(edition.rules)
    kept, found = findings(rules, around), all_findings(rules, around)
    random.shuffle(rules)
    assert findings(rules, around) == kept
    assert {one.id for one in found if one.level is Level.ERROR} <= {one.id for one in kept}
    assert 0 < len(kept) < len(found)


def _something_everywhere(edition: Edition, random: Random) -> dict[tuple[str, str], Value]:
    values = {}
    for code, one in edition.questions.items():
        for row in ROWS if one.repeats else ("",):
            if one.kind.is_number and one.formula is None:
                values[code, row] = Value.of(random.choice([0, 1, 10, 1000, 20_000]))
            elif one.labels:
                values[code, row] = Value.of(
                    "ja" if "ja" in one.labels else random.choice(sorted(one.labels))
                )
    return values
