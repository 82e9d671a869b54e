"""Last year under this year's codes."""

from __future__ import annotations

import pytest

from surveys.questionnaires.before import code_before, under_new_codes
from surveys.questionnaires.figures import Evaluation
from surveys.questionnaires.schema import Question
from surveys.values import Key, Kind, Value


def question(code: str, *replaces: str) -> Question:
    return Question(code=code, label=code, kind=Kind.INTEGER, replaces=replaces)


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (question("muziek"), "muziek"),
        (question("muziek", "platen"), "platen"),
        (question("muziek", "platen", "cds"), "muziek"),
    ],
)
def test_a_successor_of_one_takes_its_place(one: Question, code: str) -> None:
    assert code_before(one) == code


def evaluation(*codes: str) -> Evaluation:
    """Each visible, given and partial, for all and at one location."""
    keys: list[Key] = [(code, row) for code in codes for row in ("", "1")]
    return Evaluation(dict.fromkeys(keys, True), {key: Value.of(key[0]) for key in keys}, set(keys))


def test_a_successor_has_the_value_of_its_predecessor_too() -> None:
    questions = {
        one.code: one
        for one in (question("a"), question("muziek", "platen"), question("som", "x", "y"), question("nieuw"))
    }
    before = evaluation("a", "platen", "x", "y", "vervallen")
    found = under_new_codes(before, questions)
    values = {"a": "a", "platen": "platen", "muziek": "platen", "x": "x", "y": "y", "vervallen": "vervallen"}
    keys = {(code, row) for code in values for row in ("", "1")}
    assert (set(found.visible), set(found.counted), found.partial) == (keys, keys, keys)
    assert {key: value.text for key, value in found.counted.items()} == {
        (code, row): value for code, value in values.items() for row in ("", "1")
    }


def test_of_what_was_not_there_a_successor_has_nothing() -> None:
    before = Evaluation({("platen", ""): False}, {}, set())
    found = under_new_codes(before, {"muziek": question("muziek", "platen")})
    assert found == Evaluation({("platen", ""): False, ("muziek", ""): False}, {}, set())


def test_without_successors_nothing_has_another_name() -> None:
    before = evaluation("a", "b")
    assert under_new_codes(before, {"a": question("a"), "c": question("c", "a", "b")}) is before
