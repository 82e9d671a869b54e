"""The words that messages share: questions by name, figures in Dutch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from surveys.questionnaires.rule import Rule
from surveys.questionnaires.schema import Question
from surveys.values import Kind, format_number


def named(codes: Sequence[str], questions: Mapping[str, Question]) -> str:
    """‘A’; de som van ‘A’, ‘B’ en ‘C’; of more than three the first and the last."""
    labels = [f"‘{questions[code].label}’" for code in codes]
    if len(labels) == 1:
        return labels[0]
    if len(labels) > 3:
        return f"de som van {len(labels)} regels, {labels[0]} tot en met {labels[-1]}"
    return "de som van " + ", ".join(labels[:-1]) + " en " + labels[-1]


def either(codes: Sequence[str], questions: Mapping[str, Question]) -> str:
    """‘A’; ‘A’, ‘B’ of ‘C’; of more than three the first and the last."""
    labels = [f"‘{questions[code].label}’" for code in codes]
    if len(labels) == 1:
        return labels[0]
    if len(labels) > 3:
        return f"een van {len(labels)} vragen, {labels[0]} tot en met {labels[-1]},"
    return ", ".join(labels[:-1]) + " of " + labels[-1]


def figure(number: Decimal, question: Question) -> str:
    """With € or %, which a reader would otherwise have to look up."""
    text = format_number(number)
    if question.kind is Kind.EURO:
        return f"€ {text}"
    return f"{text}%" if question.kind is Kind.PERCENT else text


def summed(number: Decimal, codes: Sequence[str], questions: Mapping[str, Question]) -> str:
    """A sum, with € or % when that is of all its parts."""
    kinds = {questions[code].kind for code in codes}
    return figure(number, questions[codes[0]]) if len(kinds) == 1 else format_number(number)


def divided(rule: Rule, questions: Mapping[str, Question], left: Decimal, right: Decimal) -> str:
    """‘Leden’ (1.000) en ‘Inwoners’ (100.000): what a ratio is made of."""
    one, other = named(rule.left, questions), named(rule.right, questions)
    return sentence(
        f"{one} ({summed(left, rule.left, questions)}) en {other} ({summed(right, rule.right, questions)})"
    )


_SIGNS: Mapping[str, Callable[[str], str]] = {"euro": "€ {}".format, "procent": "{}%".format}


def in_unit(text: str, unit: str) -> str:
    """3 leden per inwoner; € 3 per inwoner; 3% van de baten."""
    first, _, rest = unit.partition(" ")
    return f"{_SIGNS[first](text)} {rest}".rstrip() if first in _SIGNS else f"{text} {unit}".rstrip()


def signed(text: str, unit: str) -> str:
    """Once the unit has been named: 3; € 3; 3%."""
    first = unit.partition(" ")[0]
    return _SIGNS[first](text) if first in _SIGNS else text


_WIDE = Context(prec=640)
"""More digits than a bound on a log scale can have."""
_MORE = range(30)
"""So many more digits are tried, to tell two figures apart."""


def rounded(number: Decimal) -> str:
    """A ratio, to about three digits: 0,012, 3,4 and 1.250; never 0 for more than that."""
    return format_number(_rounded(number, 0))


def passed(number: Decimal, bound: Decimal) -> str:
    """A ratio that lies outside a bound, in so many digits that one can see it: 4,004 when that is 4."""
    found = (shown for more in _MORE if _is_beside(shown := _rounded(number, more), bound, number - bound))
    return format_number(next(found, number))


def apart(number: Decimal, bound: Decimal) -> tuple[str, str]:
    """The same where the bound is rounded too."""
    pairs = ((_rounded(number, more), _rounded(bound, more)) for more in _MORE)
    shown, limit = next(
        ((one, other) for one, other in pairs if _is_beside(one, other, number - bound)),
        (_rounded(number, 0), _rounded(bound, 0)),
    )
    return format_number(shown), format_number(limit)


def _is_beside(shown: Decimal, bound: Decimal, gap: Decimal) -> bool:
    return (shown - bound) * gap > 0


def _rounded(number: Decimal, more: int) -> Decimal:
    size = abs(number)
    decimals = 3 if size < 1 else 2 if size < 10 else 1 if size < 100 else 0
    if number and size < Decimal("0.001"):
        decimals = -number.adjusted()
    return number.quantize(Decimal(1).scaleb(-decimals - more), ROUND_HALF_UP, _WIDE) + 0


def sentence(text: str) -> str:
    return text[0].upper() + text[1:]


_LEAST_SHARE = Decimal("0.05")
"""Less than this would be written as 0%."""


def percentage(now: Decimal, last: Decimal) -> str:
    """47% minder, 3 keer zo veel: what an eye takes in at once. Both are above zero."""
    if now == last:
        return "gelijk"
    times = now / last if now >= last else last / now
    if times >= 3:
        more = "zo veel" if now >= last else "zo weinig"
        return f"{_short(times, 0 if times >= 10 else 1)} keer {more}"
    share = abs(now - last) / last * 100
    if share < _LEAST_SHARE:
        return "bijna gelijk"
    return f"{_short(share, 0 if share >= 1 else 1)}% {'meer' if now >= last else 'minder'}"


def _short(number: Decimal, decimals: int) -> str:
    return format_number(number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
