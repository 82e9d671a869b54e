"""One function per usual mistake: which answers it changes, and into what. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.demo.sheets import VISITS, Cell
from surveys.demo.slips import (
    HOURS_FOR_FTE,
    HUNDREDFOLD,
    THOUSANDTH,
    Answers,
    Changes,
    added,
    has_block,
    negated,
    number,
    rescaled,
    swapped,
    total_in_part,
)
from surveys.questionnaires.non_library import code_of
from surveys.questionnaires.schema import BlockRole
from surveys.values import NO, YES

_BALANCE = (
    "balans_vaste_activa",
    "balans_vorderingen",
    "balans_liquide_middelen",
    "balans_bestemmingsreserves",
    "balans_voorzieningen",
    "balans_langlopende_schulden",
    "balans_kortlopende_schulden",
)


@dataclass(frozen=True, slots=True)
class Look:
    """What a mistake is made from: the answers as they should be, those of a neighbour, and last year's."""

    answers: Answers
    neighbour: Answers
    last: Answers


def whole_institution(look: Look) -> Changes:
    """All income is said to be the library's, where last year a part was not."""
    gate = (code_of("baten", BlockRole.GATE), "")
    cell, last = look.answers.get(gate), look.last.get(gate)
    is_new = cell and last and cell.text == last.text == YES
    return {gate: cell._replace(text=NO)} if cell and is_new else {}


def thousands(look: Look) -> Changes:
    return {} if has_block(look.answers) else rescaled(look.answers, "kosten_automatisering", THOUSANDTH)


def cents(look: Look) -> Changes:
    return {} if has_block(look.answers) else rescaled(look.answers, "baten_sponsoring", HUNDREDFOLD)


def lines_swapped(look: Look) -> Changes:
    return swapped(look.answers, "uitl_volw_fictie", "uitl_volw_nonfictie")


def total_in_line(look: Look) -> Changes:
    """The whole of the youth's books in the first line of its two."""
    return total_in_part(look.answers, ("bezit_jeugd_fictie", "bezit_jeugd_nonfictie"))


def copied(look: Look) -> Changes:
    """Last year's figure once more."""
    key = ("verlengingen", "")
    cell, last = look.answers.get(key), look.last.get(key)
    if cell is None or last is None or not last.hundredths or last.hundredths == cell.hundredths:
        return {}
    return {key: cell._replace(hundredths=last.hundredths)}


def rounded_visits(look: Look) -> Changes:
    answers = look.answers
    keys = [key for key in answers if key[0] == VISITS and (look.last.get(key) or Cell()).hundredths]
    if has_block(answers) or not keys:
        return {}
    key = max(keys, key=lambda one: answers[one].hundredths or 0)
    visits = answers[key].hundredths or 0
    rounded = round(visits / 100_000) * 100_000
    if rounded in (0, visits):
        return {}
    return {key: answers[key]._replace(hundredths=rounded, is_estimate=True)}


def renewals_in_loans(look: Look) -> Changes:
    return added(look.answers, ("uitl_volw_fictie",), number(look.answers, "verlengingen"))


def pupils_doubled(look: Look) -> Changes:
    return added(look.answers, ("leden_jeugd", "leden_9_12"), number(look.answers, "leerlingen_school"))


def pupils_missing(look: Look) -> Changes:
    """Left out of the age that most of them have, so that the ages still add up."""
    room = number(look.answers, "leden_4_8") * 4 // 500 * 100
    pupils = min(number(look.answers, "leerlingen_school"), room)
    return added(look.answers, ("leden_jeugd", "leden_4_8"), -pupils)


def reported_twice(look: Look) -> Changes:
    """A merged organisation counts its partner's subsidy, which the partner reports as well."""
    code = "subsidie_gemeente_exploitatie"
    amount, own = number(look.neighbour, code), number(look.answers, code)
    if has_block(look.answers) or not own / 4 < amount < own * 4:
        return {}
    return added(look.answers, (code,), amount)


def fte_above_persons(look: Look) -> Changes:
    """Hours filled in for fte: a hard rule stops this one."""
    if ("personeel_vast_parttime", "") not in look.answers:
        return {}
    return rescaled(look.answers, "personeel_vast_fte", HOURS_FOR_FTE)


def sign(look: Look) -> Changes:
    """A reserve written as a debt: the balance sheet no longer closes, and a hard rule says so."""
    if not all((one, "") in look.answers for one in _BALANCE):
        return {}
    return negated(look.answers, "balans_algemene_reserve")
