"""Which answers a question of the KB opens again."""

from __future__ import annotations

import pytest

from surveys.questionnaires.closure import closure_of
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.reopening import reopened
from surveys.values import Key

EDITION = load_edition(years()[-1])
ROWS = ("NL-1", "NL-2")
BLOCK = {one.code for one in EDITION.questions.values() if one.total == "bezoeken" and one.is_asked}


def opened(*keys: Key, questionnaire: str = "bezit") -> set[Key]:
    return set(reopened(EDITION, questionnaire, keys, ROWS))


def test_a_typed_answer_opens_itself() -> None:
    assert opened(("bezoeken_website", "")) == {("bezoeken_website", "")}


def test_an_answer_of_a_location_opens_that_location_alone() -> None:
    assert opened(("bezoeken_locatie", "NL-2")) == {("bezoeken_locatie", "NL-2")}


def test_a_choice_opens_itself_and_what_is_asked_because_of_it() -> None:
    assert opened(("gegevens_kloppen", ""), questionnaire="profiel") == {
        ("gegevens_kloppen", ""),
        ("gegevens_wijzigingen", ""),
    }
    assert ("gedeelde_cijfers", "") in opened(("gecombineerd", ""), questionnaire="profiel")


def test_a_computed_total_opens_what_it_is_made_of_and_its_block() -> None:
    of_rows = {("bezoeken_locatie", row) for row in ROWS}
    assert opened(("bezoeken", "")) == of_rows | {(code, "") for code in BLOCK}


def test_the_librarys_part_opens_the_total_and_the_block() -> None:
    assert opened(("bezoeken_bib", "")) == opened(("bezoeken", ""))


def test_an_answer_of_a_block_opens_the_block_but_not_the_total() -> None:
    assert opened(("bezoeken_nb_podium", "")) == {(code, "") for code in BLOCK}


def test_what_must_add_up_is_opened_together() -> None:
    young = {(code, "") for code in ("leden_jeugd", "leden_0_3", "leden_4_8", "leden_9_12", "leden_13_17")}
    assert opened(("leden_4_8", "")) == opened(("leden_jeugd", "")) == young


def test_parts_of_a_computed_total_are_opened_with_other_divisions_of_it() -> None:
    """The staff by contract adds up to what the staff by sex and by age must add up to."""
    found = {code for code, _ in opened(("personeel_vast_fulltime", ""), questionnaire="personeel")}
    assert {
        "personeel_vast_fulltime",
        "personeel_tijdelijk_parttime",
        "geslacht_man",
        "leeftijd_20_29",
    } <= found
    assert not {"personeel_vast_fte", "vrijwilligers", "personeel_nb_podium"} & found


def test_a_signal_opens_all_that_it_is_about() -> None:
    both = opened(("bezoeken_website", ""), ("leden_4_8", ""))
    assert both == opened(("bezoeken_website", "")) | opened(("leden_4_8", ""))


def test_what_stands_in_another_list_stays() -> None:
    assert opened(("inwoners", ""), ("gecombineerd", ""), ("bestaat_niet", "")) == set()


@pytest.mark.parametrize("year", years())
def test_only_typed_answers_of_the_list_are_opened_in_their_order(year: int) -> None:
    edition = load_edition(year)
    for one in edition.questionnaires:
        order = list(one.questions)
        for question in one.questions.values():
            row = ROWS[0] if question.repeats else ""
            found = reopened(edition, one.code, [(question.code, row)], ROWS)
            assert all(one.questions[code].is_asked for code, _ in found)
            assert [order.index(code) for code, _ in found] == sorted(order.index(code) for code, _ in found)
            if question.is_asked:
                assert (question.code, row) in found
            if question.repeats:
                assert {at for code, at in found if one.questions[code].repeats} <= {row}


@pytest.mark.parametrize("year", years())
def test_what_is_asked_because_of_an_opened_answer_is_opened_with_it(year: int) -> None:
    edition = load_edition(year)
    closure = closure_of(edition)
    for one in edition.questionnaires:
        for question in one.questions.values():
            row = ROWS[0] if question.repeats else ""
            found = set(reopened(edition, one.code, [(question.code, row)], ROWS))
            codes = {code for code, _ in found}
            for other in one.questions.values():
                read = {code for condition in other.only_if for code in closure.made_of(condition.question)}
                if other.is_asked and not codes.isdisjoint(read):
                    assert other.code in codes, (year, question.code, other.code)
                    if other.repeats and not row:
                        assert {(other.code, at) for at in ROWS} <= found
