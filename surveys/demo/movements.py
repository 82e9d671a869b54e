"""What ties a year to the one before: stock and members to what came and went, reserves to the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from surveys.demo.chance import factor, uniform
from surveys.demo.numbers import Numbers
from surveys.demo.recipes import recipe


class Flow(NamedTuple):
    """The beginnings of three codes; `slack`: how far the registration is off, mostly."""

    stock: str
    came: str
    gone: str
    slack: float


_FLOWS = (
    Flow("bezit_", "aanschaf_", "afgevoerd_", 0.008),
    Flow("leden_", "leden_nieuw_", "leden_vervallen_", 0.004),
)
_TURNOVER_MOVES = 0.08
_BALANCE_MOVES = 0.05
_RESTATED, _RESTATES = 0.2, 0.01
"""Part of the organisations whose reserve was corrected beside the result, and by how much."""
_CASH = 0.04
"""The least cash, as a part of the income."""
GENERAL, EARMARKED, CASH = "balans_algemene_reserve", "balans_bestemmingsreserves", "balans_liquide_middelen"
_SHORT_TERM = "balans_kortlopende_schulden"
_ASSETS = ("balans_vaste_activa", "balans_vorderingen")
_DEBTS = ("balans_voorzieningen", "balans_langlopende_schulden", _SHORT_TERM)


def settle_movements(drawn: Numbers, outside: Mapping[str, float]) -> None:
    """Settle what follows from last year. `outside`: see TrueEvent."""
    for question in drawn.plan.numbers:
        for flow in _FLOWS:
            if question.code.startswith(flow.came):
                _settle_flow(drawn, flow, question.code.removeprefix(flow.came), outside)
    if drawn.is_asked(("reserve_toevoeging", "")):
        _settle_balance(drawn, outside, *_settle_result(drawn))


def _settle_flow(drawn: Numbers, flow: Flow, line: str, outside: Mapping[str, float]) -> None:
    """What came and went makes up the difference, but for the slack; the rest of both is an ordinary turnover."""
    stock, came, gone = flow.stock + line, flow.came + line, flow.gone + line
    now, last = drawn.need(stock), drawn.before(stock)
    usual = [drawn.before(came), drawn.before(gone)]
    if now is None or last is None or None in usual:
        return
    turnover = min(one for one in usual if one is not None)
    turnover = _whole(turnover * factor("turnover", came, drawn.isil, drawn.year, spread=_TURNOVER_MOVES))
    slack = factor("slack", stock, drawn.isil, drawn.year, spread=flow.slack) - 1
    net = now - _whole(last * recipe(outside, (stock,), 1.0))
    drawn.known[came, ""] = turnover + max(net, 0)
    drawn.known[gone, ""] = max(turnover + max(-net, 0) + _whole(last * slack), 0)


def _settle_result(drawn: Numbers) -> tuple[int, int]:
    """Divide the result over the reserves: what the general one and the earmarked ones got, in hundredths."""
    income, costs = drawn.need("baten") or 0, drawn.need("lasten") or 0
    added, taken = drawn.need("reserve_toevoeging") or 0, drawn.need("reserve_onttrekking") or 0
    general = income - costs - added + taken
    drawn.known["reserve_dotatie_algemeen", ""] = max(general, 0)
    drawn.known["reserve_onttrekking", ""] = taken + max(-general, 0)
    return general, added - taken


def _settle_balance(drawn: Numbers, outside: Mapping[str, float], general: int, earmarked: int) -> None:
    """Reserves from last year's and the result, other lines near last year's; cash is what is left."""
    codes = (*_ASSETS, GENERAL, EARMARKED, *_DEBTS)
    last = {code: before for code in codes if (before := drawn.before(code)) is not None}
    if len(last) < len(codes) or not drawn.is_asked((CASH, "")):
        return
    grown = recipe(outside, (GENERAL,), 1.0)
    lines = {
        code: _whole(last[code] * grown * factor(code, drawn.isil, drawn.year, spread=_BALANCE_MOVES))
        for code in (*_ASSETS, *_DEBTS)
    }
    lines[EARMARKED] = max(_whole(last[EARMARKED] * grown) + earmarked, 0)
    lines[GENERAL] = _whole(last[GENERAL] * grown) + general
    if uniform("restated", drawn.isil, drawn.year) < _RESTATED:
        by = factor("restated", drawn.isil, drawn.year, "by", spread=_RESTATES) - 1
        lines[GENERAL] += _whole(last[GENERAL] * by)
    least = _whole((drawn.need("baten") or 0) * _CASH)
    cash = sum(lines[code] for code in (GENERAL, EARMARKED, *_DEBTS)) - sum(lines[code] for code in _ASSETS)
    lines[_SHORT_TERM] += max(least - cash, 0)
    lines[CASH] = max(cash, least)
    for code, amount in lines.items():
        drawn.known[code, ""] = amount


def _whole(hundredths: float) -> int:
    return round(hundredths / 100) * 100
