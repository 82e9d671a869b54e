"""The words that messages share: questions by name, figures in Dutch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

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


_WIDE = Context(prec=320)
"""More digits than a bound on a log scale can have."""


def rounded(number: Decimal) -> str:
    """A ratio, to about three digits: 0,012, 3,4 and 1.250."""
    size = abs(number)
    decimals = 3 if size < 1 else 2 if size < 10 else 1 if size < 100 else 0
    return format_number(number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE) + 0)


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
