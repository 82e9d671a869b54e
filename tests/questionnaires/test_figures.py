"""What is visible and what is computed, while some answers are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.questionnaires.dependencies import dependencies, in_order
from surveys.questionnaires.figures import Evaluation, evaluate
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.rule import Condition
from surveys.questionnaires.schema import Edition, Formula, Operation, Question
from surveys.values import NOT_APPLICABLE, UNKNOWN, Key, Kind, Value
from tests.questionnaires.definitions import write_edition

Scalar = int | str | Decimal | Value


def asked(code: str, kind: Kind = Kind.INTEGER, **facts: object) -> Question:
    return replace(Question(code=code, label=code, kind=kind, required=True), **facts)  # type: ignore[arg-type]


def figure(operation: Operation, *operands: str, divisor: int | None = None, **facts: object) -> Question:
    formula = Formula(operation, operands, None if divisor is None else Decimal(divisor))
    return asked("f", **{"formula": formula, "required": False, "decimals": 2, **facts})


def values_of(scalars: Mapping[str | Key, Scalar]) -> dict[Key, Value]:
    return {
        key if isinstance(key, tuple) else (key, ""): one if isinstance(one, Value) else Value.of(one)
        for key, one in scalars.items()
    }


_OVER = {
    Operation.SUM: ("a", "b", "c"),
    Operation.DIFFERENCE: ("a", "b", "c"),
    Operation.REMAINDER: ("a", "b", "c"),
    Operation.SHARE: ("a", "b"),
    Operation.RATIO: ("a", "b"),
    Operation.DIVIDE: ("a",),
}


@pytest.mark.parametrize(
    ("operation", "given_answers", "outcome", "is_partial"),
    [
        (Operation.SUM, {"a": 1, "b": 2, "c": 3}, "6", False),
        (Operation.SUM, {"a": 1, "c": 3}, "4", True),
        (Operation.SUM, {"a": 1, "b": UNKNOWN, "c": 3}, "4", True),
        (Operation.SUM, {"a": 1, "b": NOT_APPLICABLE, "c": 3}, "4", False),
        (Operation.SUM, {"a": 0, "b": 0, "c": 0}, "0", False),
        (Operation.SUM, {}, None, True),
        (Operation.SUM, {"a": UNKNOWN, "b": UNKNOWN, "c": UNKNOWN}, None, True),
        (Operation.DIFFERENCE, {"a": 10, "b": 2, "c": 3}, "5", False),
        (Operation.DIFFERENCE, {"a": 1, "b": 2, "c": 3}, "-4", False),
        (Operation.DIFFERENCE, {"a": 10, "b": 2}, None, True),
        (Operation.DIFFERENCE, {"b": 2, "c": 3}, None, True),
        (Operation.DIFFERENCE, {"a": 10, "b": UNKNOWN, "c": 3}, None, True),
        (Operation.REMAINDER, {"a": 10, "b": 2, "c": 3}, "5", False),
        (Operation.REMAINDER, {"a": 10, "b": 2}, "8", True),
        (Operation.REMAINDER, {"a": 10}, "10", True),
        (Operation.REMAINDER, {"b": 2, "c": 3}, None, True),
        (Operation.SHARE, {"a": 1, "b": 8}, "12.5", False),
        (Operation.SHARE, {"a": 1, "b": 3}, "33.33", False),
        (Operation.SHARE, {"a": 0, "b": 3}, "0", False),
        (Operation.SHARE, {"a": 0, "b": 0}, None, True),
        (Operation.SHARE, {"a": 1}, None, True),
        (Operation.RATIO, {"a": 2, "b": 3}, "0.67", False),
        (Operation.RATIO, {"a": 2, "b": 0}, None, True),
        (Operation.RATIO, {"b": 3}, None, True),
        (Operation.DIVIDE, {"a": 1234}, "1.23", False),
        (Operation.DIVIDE, {"a": 1235}, "1.24", False),
        (Operation.DIVIDE, {}, None, True),
    ],
)
def test_a_figure_over_numbers(
    operation: Operation, given_answers: Mapping[str, Scalar], outcome: str | None, is_partial: bool
) -> None:
    divisor = 1000 if operation is Operation.DIVIDE else None
    questions = [*map(asked, "abc"), figure(operation, *_OVER[operation], divisor=divisor)]
    found = evaluate(questions, values_of(given_answers), [])
    assert found.number(("f", "")) == (None if outcome is None else Decimal(outcome))
    assert (("f", "") in found.partial) == is_partial


def test_dividing_by_nothing_is_a_gap() -> None:
    found = evaluate([asked("a"), figure(Operation.DIVIDE, "a", divisor=0)], values_of({"a": 1}), [])
    assert ("f", "") not in found.counted


@pytest.mark.parametrize(
    ("operation", "given_answers", "outcome"),
    [
        (Operation.COUNT_YES, {"a": "ja", "b": "nee", "c": "ja"}, 2),
        (Operation.COUNT_YES, {"a": "nee"}, 0),
        (Operation.COUNT_YES, {"a": "ja", "b": UNKNOWN}, 1),
        (Operation.COUNT_YES, {"a": UNKNOWN}, None),
        (Operation.COUNT_YES, {}, None),
        (Operation.ANY_YES, {"a": "ja"}, "ja"),
        (Operation.ANY_YES, {"a": "nee", "b": UNKNOWN, "c": "ja"}, "ja"),
        (Operation.ANY_YES, {"a": "nee", "b": "nee", "c": "nee"}, "nee"),
        (Operation.ANY_YES, {"a": "nee", "b": "nee", "c": UNKNOWN}, None),
        (Operation.ANY_YES, {"a": "nee", "b": "nee"}, None),
        (Operation.ANY_YES, {}, None),
    ],
)
def test_a_figure_over_yes_and_no(
    operation: Operation, given_answers: Mapping[str, Scalar], outcome: Scalar | None
) -> None:
    questions = [*(asked(code, Kind.YES_NO) for code in "abc"), figure(operation, *"abc")]
    counted = evaluate(questions, values_of(given_answers), []).counted
    assert counted.get(("f", "")) == (None if outcome is None else values_of({"f": outcome})["f", ""])


@pytest.mark.parametrize(
    ("operation", "kind", "given_answers", "outcome", "is_partial"),
    [
        (Operation.SUM_ROWS, Kind.INTEGER, {"1": 5, "2": 7}, 12, False),
        (Operation.SUM_ROWS, Kind.INTEGER, {"1": 5}, 5, True),
        (Operation.SUM_ROWS, Kind.INTEGER, {"1": 5, "2": 7, "gesloten": 9}, 12, False),
        (Operation.SUM_ROWS, Kind.INTEGER, {}, None, True),
        (Operation.COUNT_ROWS_YES, Kind.YES_NO, {"1": "ja", "2": "nee"}, 1, False),
        (Operation.COUNT_ROWS_YES, Kind.YES_NO, {"2": "nee"}, 0, True),
        (Operation.COUNT_ROWS_YES, Kind.YES_NO, {}, None, True),
    ],
)
def test_a_figure_over_locations(
    operation: Operation,
    kind: Kind,
    given_answers: Mapping[str, Scalar],
    outcome: int | None,
    is_partial: bool,
) -> None:
    questions = [asked("a", kind, repeats=True), figure(operation, "a")]
    found = evaluate(
        questions, values_of({("a", row): one for row, one in given_answers.items()}), ["1", "2"]
    )
    assert found.number(("f", "")) == outcome
    assert (("f", "") in found.partial) == is_partial


def test_a_figure_of_each_location_reads_its_own_row_and_what_has_none() -> None:
    questions = [asked("a"), asked("b", repeats=True), figure(Operation.SUM, "a", "b", repeats=True)]
    found = evaluate(questions, values_of({"a": 1, ("b", "1"): 2, ("b", "2"): 3}), ["1", "2"])
    assert (found.number(("f", "1")), found.number(("f", "2"))) == (3, 4)


@pytest.mark.parametrize(("decimals", "outcome"), [(0, "0"), (1, "0.1"), (2, "0.13")])
def test_a_figure_is_rounded_half_up_to_its_decimals(decimals: int, outcome: str) -> None:
    questions = [asked("a"), figure(Operation.DIVIDE, "a", divisor=1000, decimals=decimals)]
    assert evaluate(questions, values_of({"a": 125}), []).number(("f", "")) == Decimal(outcome)


# Visibility.

GATED = (
    asked("g", Kind.YES_NO),
    asked("h", Kind.CHOICE, choices={"x": "X", "y": "Y", "z": "Z"}, only_if=(Condition("g", ("ja",)),)),
    asked("a", only_if=(Condition("g", ("ja",)), Condition("h", ("x", "y")))),
    asked("b", only_if=(Condition("h", ("z",)),)),
    asked("s", formula=Formula(Operation.SUM, ("a", "b")), required=False),
)


@pytest.mark.parametrize(
    ("given_answers", "visible"),
    [
        ({}, {"g": True, "h": None, "a": None, "b": None}),
        ({"g": UNKNOWN}, {"g": True, "h": False, "a": False, "b": False}),
        ({"g": "nee"}, {"g": True, "h": False, "a": False, "b": False}),
        ({"g": "nee", "h": "x"}, {"g": True, "h": False, "a": False, "b": False}),
        ({"g": "ja"}, {"g": True, "h": True, "a": None, "b": None}),
        ({"g": "ja", "h": "x"}, {"g": True, "h": True, "a": True, "b": False}),
        ({"g": "ja", "h": "y"}, {"g": True, "h": True, "a": True, "b": False}),
        ({"g": "ja", "h": "z"}, {"g": True, "h": True, "a": False, "b": True}),
        ({"h": "z"}, {"g": True, "h": None, "a": None, "b": None}),
    ],
)
def test_a_question_is_shown_hidden_or_open(
    given_answers: Mapping[str, Scalar], visible: Mapping[str, bool | None]
) -> None:
    found = evaluate(GATED, values_of(given_answers), [])
    assert found.visible == {(code, ""): shown for code, shown in {**visible, "s": True}.items()}
    assert [code for code in "gabh" if found.is_visible((code, ""))] == [
        code for code in "gabh" if visible[code]
    ]


def test_hidden_answers_do_not_count() -> None:
    found = evaluate(GATED, values_of({"g": "ja", "h": "z", "a": 5, "b": 2}), [])
    assert found == Evaluation(
        visible={("g", ""): True, ("h", ""): True, ("a", ""): False, ("b", ""): True, ("s", ""): True},
        counted=values_of({"g": "ja", "h": "z", "b": 2, "s": 2}),
        partial=set(),
    )


def test_an_answer_of_a_question_still_open_does_not_count() -> None:
    assert evaluate(GATED, values_of({"h": "z", "b": 2}), []).counted == {}


def test_each_location_has_its_own_visibility() -> None:
    questions = [
        asked("g", Kind.YES_NO, repeats=True),
        asked("a", repeats=True, only_if=(Condition("g", ("ja",)),)),
        asked("p", Kind.YES_NO),
        asked("b", repeats=True, only_if=(Condition("p", ("ja",)),)),
    ]
    found = evaluate(questions, values_of({("g", "1"): "ja", ("g", "2"): "nee", "p": "ja"}), ["1", "2", "3"])
    assert found.visible == {
        **{("g", row): True for row in "123"},
        ("a", "1"): True,
        ("a", "2"): False,
        ("a", "3"): None,
        ("p", ""): True,
        **{("b", row): True for row in "123"},
    }


@pytest.mark.parametrize(
    ("answer", "required", "is_partial"),
    [
        (None, True, True),
        (UNKNOWN, True, True),
        (NOT_APPLICABLE, True, False),
        (0, True, False),
        (None, False, False),
        (UNKNOWN, False, False),
    ],
)
def test_a_required_answer_that_is_missing_or_unknown_is_partial(
    answer: Scalar | None, required: bool, is_partial: bool
) -> None:
    values = {} if answer is None else values_of({"a": answer})
    assert evaluate([asked("a", required=required)], values, []).partial == (
        {("a", "")} if is_partial else set()
    )


@pytest.mark.parametrize("operation", [Operation.DIFFERENCE, Operation.SHARE, Operation.RATIO])
def test_what_follows_from_an_incomplete_figure_is_incomplete(operation: Operation) -> None:
    total = replace(figure(Operation.SUM, "a", "b"), code="total")
    questions = [*map(asked, "abc"), total, figure(operation, "total", "c")]
    whole = evaluate(questions, values_of({"a": 1, "b": 2, "c": 3}), [])
    missing = evaluate(questions, values_of({"a": 1, "c": 3}), [])
    assert ("f", "") in whole.counted.keys() & missing.counted.keys()
    assert (whole.partial, missing.partial) == (set(), {("b", ""), ("total", ""), ("f", "")})


def test_yes_is_certain_whatever_is_missing() -> None:
    questions = [*(asked(code, Kind.YES_NO) for code in "abc"), figure(Operation.ANY_YES, *"abc")]
    found = evaluate(questions, values_of({"a": "ja"}), [])
    assert found.partial == {("b", ""), ("c", "")}


def test_a_sum_is_incomplete_while_it_is_not_known_what_belongs_in_it() -> None:
    only_if = (Condition("gate", ("ja",)),)
    questions = [asked("gate", Kind.YES_NO), asked("a"), replace(asked("b"), only_if=only_if)]
    questions.append(figure(Operation.SUM, "a", "b"))
    for gate, is_partial in ((None, True), ("nee", False)):
        found = evaluate(questions, values_of({"a": 1} | ({"gate": gate} if gate else {})), [])
        assert found.number(("f", "")) == 1
        assert (("f", "") in found.partial) is is_partial


# The block that splits off what is not library.


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return load_edition(2001, write_edition(tmp_path_factory.mktemp("editions")))


COMBINED = {"gecombineerd": "ja"}
ROWS = {("open", "1"): "ja", ("bezoeken_locatie", "1"): 999}
IS_SPLIT = {**COMBINED, **ROWS, "bezoeken_nb_zit_erin": "ja"}


@pytest.mark.parametrize(
    ("given_answers", "non_library", "library", "share"),
    [
        pytest.param({}, None, None, None, id="nothing yet"),
        pytest.param(ROWS, None, None, None, id="combined or not is open"),
        pytest.param({"gecombineerd": "nee"}, "0", None, None, id="not combined, no total"),
        pytest.param({"gecombineerd": "nee", **ROWS}, "0", "999", "100", id="not combined"),
        pytest.param(
            {"gecombineerd": "nee", **ROWS, "bezoeken_nb_zit_erin": "ja", "bezoeken_nb_aantal": 9},
            *("0", "999", "100"),
            id="not combined, with hidden answers",
        ),
        pytest.param({**COMBINED, **ROWS}, None, None, None, id="gate is open"),
        pytest.param(
            {**COMBINED, **ROWS, "bezoeken_nb_zit_erin": "nee"}, "0", "999", "100", id="nothing to split"
        ),
        pytest.param(
            {**COMBINED, **ROWS, "bezoeken_nb_zit_erin": "weet_niet"}, None, None, None, id="not known"
        ),
        pytest.param(IS_SPLIT, None, None, None, id="way is open"),
        pytest.param({**IS_SPLIT, "bezoeken_nb_invoer": "aantal"}, None, None, None, id="amount is open"),
        pytest.param(
            {**IS_SPLIT, "bezoeken_nb_invoer": "aantal", "bezoeken_nb_aantal": 333},
            *("333", "666", "66.7"),
            id="by amount",
        ),
        pytest.param(
            {
                **IS_SPLIT,
                "bezoeken_nb_invoer": "aantal",
                "bezoeken_nb_aantal": 333,
                "bezoeken_nb_percentage": 90,
            },
            *("333", "666", "66.7"),
            id="by amount, with a hidden percentage",
        ),
        pytest.param(
            {**IS_SPLIT, "bezoeken_nb_invoer": "percentage", "bezoeken_nb_percentage": Decimal("12.5")},
            *("125", "874", "87.5"),
            id="by percentage, rounded",
        ),
        pytest.param(
            {**IS_SPLIT, "bezoeken_nb_invoer": "percentage"}, None, None, None, id="percentage is open"
        ),
        pytest.param(
            {
                **COMBINED,
                "bezoeken_nb_zit_erin": "ja",
                "bezoeken_nb_invoer": "percentage",
                "bezoeken_nb_percentage": 9,
            },
            *(None, None, None),
            id="by percentage, no total",
        ),
        pytest.param(
            {
                **COMBINED,
                "bezoeken_nb_zit_erin": "ja",
                "bezoeken_nb_invoer": "aantal",
                "bezoeken_nb_aantal": 9,
            },
            *("9", None, None),
            id="by amount, no total",
        ),
        pytest.param(
            {"gecombineerd": "nee", ("open", "1"): "ja", ("bezoeken_locatie", "1"): 0},
            *("0", "0", None),
            id="nobody came",
        ),
    ],
)
def test_the_library_part(
    small: Edition,
    given_answers: Mapping[str | Key, Scalar],
    non_library: str | None,
    library: str | None,
    share: str | None,
) -> None:
    found = evaluate(dependencies(small, "bezit").order, values_of(given_answers), ["1"])
    numbers = [found.number((f"bezoeken_{one}", "")) for one in ("niet_bib", "bib", "bib_aandeel")]
    assert numbers == [None if one is None else Decimal(one) for one in (non_library, library, share)]


@pytest.mark.parametrize(
    ("split", "is_partial"),
    [
        ({"bezoeken_nb_zit_erin": "nee"}, False),
        ({"bezoeken_nb_invoer": "aantal", "bezoeken_nb_aantal": 333}, False),
        ({"bezoeken_nb_invoer": "percentage", "bezoeken_nb_percentage": 10}, True),
    ],
)
def test_a_part_of_an_incomplete_total(
    small: Edition, split: Mapping[str | Key, Scalar], is_partial: bool
) -> None:
    """A percentage of it is incomplete too, a number is not; what is left for the library always is."""
    answers = {**IS_SPLIT, ("open", "2"): "ja", **split}
    found = evaluate(dependencies(small, "bezit").order, values_of(answers), ["1", "2"])
    codes = ("bezoeken", "bezoeken_niet_bib", "bezoeken_bib", "bezoeken_bib_aandeel")
    assert [(code, "") in found.partial for code in codes] == [True, is_partial, True, True]
    assert all((code, "") in found.counted for code in codes)


def test_what_is_left_to_divide(small: Edition) -> None:
    by_amount = {**IS_SPLIT, "bezoeken_nb_invoer": "aantal", "bezoeken_nb_aantal": 333}
    parts = [{}, {"bezoeken_nb_podium": 300}, {"bezoeken_nb_podium": 300, "bezoeken_nb_verhuur": 33}]
    order = dependencies(small, "bezit").order
    found = [evaluate(order, values_of({**by_amount, **one}), ["1"]) for one in parts]
    assert [one.number(("bezoeken_nb_rest", "")) for one in found] == [333, 33, 0]


def test_sharing_only_a_roof_asks_nothing_of_a_block() -> None:
    """In the real profile an institution that is combined but keeps its figures apart has nothing to split."""
    edition = load_edition(years()[-1])
    order = dependencies(edition, "personeel").order
    answers = values_of({"gecombineerd": "ja", "gedeelde_cijfers": "nee", "vrijwilligers": 12})
    found = evaluate(order, answers, [])
    assert found.visible["vrijwilligers_nb_zit_erin", ""] is False
    assert (found.number(("vrijwilligers_niet_bib", "")), found.number(("vrijwilligers_bib", ""))) == (0, 12)


# On the real editions, whatever is answered.

LISTS = [(year, code) for year in years() for code in load_edition(year).by_code]
_ROWS = ("NL-1", "NL-2")


def _answers(questions: tuple[Question, ...], draw: st.DrawFn) -> dict[Key, Value]:
    """Something for most stored questions, drawn from one seed so that many answers cost little."""
    random = draw(st.randoms(use_true_random=False))
    generosity = draw(st.sampled_from([0.3, 0.8, 1.0]))
    values = {}
    for question in questions:
        for row in _ROWS if question.repeats else ("",):
            if random.random() < generosity:
                values[question.code, row] = _something(question, random.random)
    return values


def _something(question: Question, chance) -> Value:  # type: ignore[no-untyped-def]
    if question.may_be and chance() < 0.1:
        return UNKNOWN
    if question.kind.is_number:
        scale = 10**question.decimals
        top = min(question.maximum or Decimal(1000), Decimal(1000))
        return Value.of(Decimal(int(chance() * float(top) * scale)) / scale)
    if question.labels:
        labels = list(question.labels)
        return Value.of("ja" if "ja" in labels and chance() < 0.6 else labels[int(chance() * len(labels))])
    return Value.of("1999-06-01" if question.kind is Kind.DATE else "tekst")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.sampled_from(LISTS), draw=st.data())
def test_library_and_non_library_make_the_total(place: tuple[int, str], draw: st.DataObject) -> None:
    edition = load_edition(place[0])
    order = dependencies(edition, place[1]).order
    found = evaluate(order, draw.draw(st.composite(lambda d: _answers(order, d))()), _ROWS)
    for total in edition.by_code[place[1]].questions.values():
        if total.guidance:
            parts = [found.number((f"{total.code}_{one}", "")) for one in ("bib", "niet_bib")]
            if None not in parts:
                assert sum(parts) == found.number((total.code, ""))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.sampled_from(LISTS), draw=st.data())
def test_what_one_answer_touches_is_enough_to_know_what_it_changes(
    place: tuple[int, str], draw: st.DataObject
) -> None:
    """The autosave reads and evaluates only `needed`; it must show what a whole page would show.

    That it also says the same about it stands in test_dependencies.py.
    """
    year, code = place
    edition = load_edition(year)
    relations = dependencies(edition, code)
    own = edition.by_code[code]
    values = draw.draw(st.composite(lambda d: _answers(relations.order, d))())
    saved = draw.draw(st.sampled_from(sorted(own.questions)))
    touched = relations.touched_by(saved)

    whole = evaluate(relations.order, values, _ROWS)
    codes = {question.code for question in touched.needed}
    read = {key: value for key, value in values.items() if key[0] in codes}
    part = evaluate(touched.needed, read, _ROWS)

    watched = {saved, *touched.judged, *(question.code for question in touched.questions)}
    assert _of(part, watched) == _of(whole, watched)


def _of(evaluation: Evaluation, codes: set[str]) -> Evaluation:
    return Evaluation(
        {key: one for key, one in evaluation.visible.items() if key[0] in codes},
        {key: one for key, one in evaluation.counted.items() if key[0] in codes},
        {key for key in evaluation.partial if key[0] in codes},
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.sampled_from(LISTS), draw=st.data())
def test_a_saved_answer_changes_nothing_beyond_what_it_touches(
    place: tuple[int, str], draw: st.DataObject
) -> None:
    year, code = place
    edition = load_edition(year)
    relations = dependencies(edition, code)
    values = draw.draw(st.composite(lambda d: _answers(relations.order, d))())
    asked_here = [q for q in edition.by_code[code].questions.values() if q.is_asked]
    saved = draw.draw(st.sampled_from(asked_here))
    row = _ROWS[0] if saved.repeats else ""
    other = {**values, (saved.code, row): _something(saved, lambda: 0.7)}
    touched = relations.touched_by(saved.code)
    at_home = {*edition.profile.questions, *edition.by_code[code].questions}
    elsewhere = at_home - {saved.code, *(q.code for q in touched.questions)}
    before, after = (evaluate(relations.order, one, _ROWS) for one in (values, other))
    assert _of(after, elsewhere) == _of(before, elsewhere)


def test_the_order_may_be_asked_of_any_mapping() -> None:
    questions = {one.code: one for one in reversed(GATED)}
    order = [one.code for one in in_order(questions)]
    assert order.index("g") < order.index("h") < min(order.index("a"), order.index("b"))
    assert order[-1] == "s"


def test_a_small_edition_is_read_from_any_folder(tmp_path: Path) -> None:
    assert load_edition(2001, write_edition(tmp_path)).year == 2001
