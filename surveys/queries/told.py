"""A year with what was said about it: the signals of what is delivered, the slips repaired, the remarks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from surveys.models import AnswerChange, Explanation, Organisation, Participation, Reason
from surveys.models.answer import to_value
from surveys.queries.as_of import AsOf
from surveys.queries.checks import Checked, checked_year
from surveys.queries.explanations import Explained
from surveys.queries.remark_rows import RemarkRow, remarks_of_year
from surveys.queries.signals import Signal, signals_of
from surveys.queries.streams import CHUNK, Groups, Scope
from surveys.queries.year import YearRecord
from surveys.questionnaires.figures import Evaluation
from surveys.questionnaires.loader import load_edition
from surveys.rules.slips import REPAIRED
from surveys.values import Key, Value
from surveys.workflow import DELIVERED, Audience

_LIST = "submission__participation__"


@dataclass(frozen=True, slots=True)
class Repaired:
    """A slip that somebody recognised and had undone. `what`: which slip, in words; None: no answer."""

    questionnaire: str
    key: Key
    what: str
    before: Value | None
    after: Value | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """One organisation. `signals`, `repaired`: of the lists that are delivered. `last`: last year's figures."""

    record: YearRecord
    last: Evaluation
    signals: Mapping[str, Sequence[Signal]]
    repaired: Sequence[Repaired]
    remarks: Sequence[RemarkRow]


def told_year(
    year: int,
    *,
    organisations: QuerySet[Organisation] | None = None,
    questionnaires: Iterable[str] | None = None,
    delivered_only: bool = False,
    audiences: Iterable[Audience] = Audience,
    as_of: AsOf | None = None,
) -> Iterator[Told]:
    """Sixteen queries, however many organisations there are (and two more per 500 remarks); one is in memory at a time.

    `questionnaires`: of which lists signals, repairs and remarks are told, all without. `audiences`: the remarks to
    these. To be read within one_snapshot.
    """
    codes = frozenset(load_edition(year).by_code if questionnaires is None else questionnaires)
    scope = Scope(year, organisations, as_of.release if as_of else None)
    owners = frozenset(Participation.objects.filter(**scope.within()).values_list("pk", flat=True))
    given = Groups(_explanations(scope, as_of), owners)
    repaired = Groups(_repairs(scope, codes, as_of), owners)
    wanted = frozenset(audiences)
    said = remarks_of_year(scope, as_of.moment if as_of else None)
    remarks = Groups(((one.participation_id, one) for one in said), owners)
    for checked in checked_year(
        year, organisations=organisations, delivered_only=delivered_only, as_of=as_of
    ):
        owner = checked.record.participation_id
        delivered = [code for code, state in checked.record.states.items() if state in DELIVERED]
        yield Told(
            record=checked.record,
            last=checked.context.last,
            signals=_signals(
                checked, [code for code in delivered if code in codes], [one for _, one in given.take(owner)]
            ),
            repaired=[one for _, one in repaired.take(owner) if one.questionnaire in delivered],
            remarks=[
                one for _, one in remarks.take(owner) if one.questionnaire in codes and one.audience in wanted
            ],
        )


def _signals(
    checked: Checked, codes: Iterable[str], given: Iterable[Explanation]
) -> dict[str, Sequence[Signal]]:
    explanations = {(checked.year, one.rule, one.row): _explained(one, checked.year) for one in given}
    return {code: signals_of(checked.findings(code), explanations, checked.year) for code in codes}


def _explained(one: Explanation, year: int) -> Explained:
    """Not by whom: what goes out holds no persons."""
    return Explained(
        text=one.text,
        reason=Reason(one.reason),
        figures=one.figures,
        event=one.event,
        is_confirmed=one.is_confirmed,
        at=one.at,
        by="",
        year=year,
    )


def _explanations(scope: Scope, as_of: AsOf | None) -> Iterator[tuple[int, Explanation]]:
    """Oldest first, so that the newest is the last of its rule and row."""
    moment = {"at__lte": as_of.moment} if as_of else {}
    rows = Explanation.objects.filter(**scope.within("participation__"), **moment).select_related("event")
    for one in rows.order_by(scope.order("participation__"), "at", "pk").iterator(CHUNK):
        yield one.participation_id, one


def _repairs(scope: Scope, codes: frozenset[str], as_of: AsOf | None) -> Iterator[tuple[int, Repaired]]:
    rows = AnswerChange.objects.filter(
        **scope.within(_LIST),
        **(as_of.changes if as_of else {}),
        reason__startswith=REPAIRED,
        submission__questionnaire__in=codes,
    )
    fields = (
        "submission__participation_id", "submission__questionnaire", "question", "row", "reason", "at",
        "old_state", "old_hundredths", "old_text", "state", "hundredths", "text",
    )  # fmt: skip
    ordered = rows.order_by(scope.order(_LIST), "at", "pk").values_list(*fields)
    for owner, questionnaire, question, row, reason, at, *values in ordered.iterator(CHUNK):
        yield (
            owner,
            Repaired(
                questionnaire=questionnaire,
                key=(question, row),
                what=reason.removeprefix(REPAIRED),
                before=_value(*values[:3]),
                after=_value(*values[3:]),
                at=at,
            ),
        )


def _value(state: str, hundredths: Any, text: str) -> Value | None:
    return to_value(state, hundredths, text) if state else None
