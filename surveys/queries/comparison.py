"""What changed between two releases of a year, or since one: answers, what the registers say, and the key figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import FirstValue, Lead

from surveys.models import AnswerChange, Organisation, Release, ReleaseRecord, Submission
from surveys.models.answer import to_value
from surveys.queries.as_of import AsOf, as_of_release, facts_to_keep
from surveys.queries.summaries import summaries_of_year
from surveys.queries.year import members_of_year, records_of_year
from surveys.questionnaires.loader import load_edition
from surveys.values import Key, Value
from surveys.workflow import DELIVERED, SubmissionState

_LIST = "submission__participation__"
_FIELDS = (
    f"{_LIST}organisation__isil", f"{_LIST}organisation__name", f"{_LIST}organisation__province",
    "submission__questionnaire", "question", "row", "first_state", "first_hundredths", "first_text",
    "state", "hundredths", "text", "source", "reason", "at",
)  # fmt: skip
_EACH_ANSWER: Mapping[str, Any] = {
    "partition_by": ["submission_id", "question", "row"],
    "order_by": ["at", "pk"],
}


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """What stood there in the first release and what in the second; None: no answer. The rest is of the last change."""

    isil: str
    organisation: str
    province: str
    questionnaire: str
    key: Key
    before: Value | None
    after: Value | None
    source: str
    reason: str
    at: datetime


def changed_answers(
    first: Release, second: Release | None, *, questionnaire: str = "", province: str = ""
) -> QuerySet[AnswerChange, tuple[Any, ...]]:
    """By organisation, list and question, one row for `answer_in` each; None: as they stand now. One query.

    What was changed and changed back is not among them.
    """
    later = Q(at__gt=first.at) | Q(pk__gt=first.newest_change)
    lines = AnswerChange.objects.filter(later, **{f"{_LIST}round_id": first.round_id})
    if second is not None:
        lines = lines.filter(**AsOf(second.at, second.newest_change).changes)
    if questionnaire:
        lines = lines.filter(submission__questionnaire=questionnaire)
    if province:
        lines = lines.filter(**{f"{_LIST}organisation__province": province})
    last = lines.annotate(
        following=Window(Lead("pk"), **_EACH_ANSWER),
        first_state=Window(FirstValue("old_state"), **_EACH_ANSWER),
        first_hundredths=Window(FirstValue("old_hundredths"), **_EACH_ANSWER),
        first_text=Window(FirstValue("old_text"), **_EACH_ANSWER),
    ).filter(following=None)
    same_number = Q(first_hundredths=F("hundredths")) | Q(first_hundredths=None, hundredths=None)
    changed = last.exclude(Q(first_state=F("state"), first_text=F("text")) & same_number)
    return changed.order_by(*_FIELDS[1:2], *_FIELDS[0:1], *_FIELDS[3:6]).values_list(*_FIELDS)


def answer_in(row: Sequence[Any]) -> ChangedAnswer:
    isil, name, province, questionnaire, question, place, *values = row
    before, after, (source, reason, at) = values[:3], values[3:6], values[6:]
    return ChangedAnswer(
        isil=isil,
        organisation=name,
        province=province,
        questionnaire=questionnaire,
        key=(question, place),
        before=to_value(*before) if before[0] else None,
        after=to_value(*after) if after[0] else None,
        source=source,
        reason=reason,
        at=at,
    )


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """Of the registers. `about`: the organisation, or the code of one of its locations. Empty: it was not there."""

    isil: str
    organisation: str
    province: str
    about: str
    what: str
    before: str | int
    after: str | int


def changed_facts(first: Release, second: Release | None) -> list[ChangedFact]:
    """By ISIL code. Two queries, or four when it is compared with now."""
    before = _kept(first)
    after = _kept(second) if second is not None else _now(first.round_id)
    found = (
        one
        for isil in sorted(before.keys() | after.keys())
        for one in _facts_changed(isil, before.get(isil), after.get(isil))
    )
    return list(found)


def _kept(release: Release) -> dict[str, Mapping[str, Any]]:
    records = ReleaseRecord.objects.filter(release=release, participation__round_id=release.round_id)
    return {facts["isil"]: facts for facts in records.values_list("facts", flat=True)}


def _now(year: int) -> dict[str, Mapping[str, Any]]:
    members = members_of_year(year)
    return {one.organisation.isil: facts_to_keep(one, locations) for one, locations in members}


_FACTS = {"name": "naam", "province": "provincie", "poi": "POI", "inhabitants": "inwoners"}
_OF_LOCATION = ("naam", "adres", "soort", "subsoort", "geopend", "gesloten")


def _facts_changed(
    isil: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> Iterator[ChangedFact]:
    known = after or before or {}

    def changed(about: str, what: str, one: Any, other: Any) -> ChangedFact:
        return ChangedFact(isil, known["name"], known["province"], about, what, one or "", other or "")

    if before is None or after is None:
        yield changed(isil, "doet mee", "ja" if before else "nee", "ja" if after else "nee")
        return
    for key, what in _FACTS.items():
        if before[key] != after[key]:
            yield changed(isil, what, before[key], after[key])
    was, became = ({row[0]: row[1:] for row in facts["locations"]} for facts in (before, after))
    for place in sorted(was.keys() | became.keys()):
        if place not in was or place not in became:
            one, other = ((places[place][0] if place in places else "") for places in (was, became))
            yield changed(place, "vestiging", one, other)
            continue
        for what, one, other in zip(_OF_LOCATION, was[place], became[place], strict=True):
            if one != other:
                yield changed(place, what, one, other)


def totals_at(release: Release) -> Mapping[str, Decimal | None]:
    """The key figures over all lists delivered then, by code; None: nobody gave it. Three queries, once a release."""
    key = f"release-totals-{release.pk}"
    found = cache.get(key)
    if found is None:
        edition = load_edition(release.round_id)
        figures = (
            (record.states, {one.code: record.evaluation.number((one.code, "")) for one in edition.headlines})
            for record in records_of_year(release.round_id, as_of=as_of_release(release))
        )
        found = _added(release.round_id, figures)
        cache.set(key, found, None)
    return dict(found)


def totals_now(year: int) -> Mapping[str, Decimal | None]:
    """The same as they stand. Seven queries, and those of the summaries that have to be computed anew."""
    states: dict[int, dict[str, SubmissionState]] = {}
    lists = Submission.objects.filter(participation__round_id=year, participation__ended_by=None)
    for pk, code, state in lists.values_list("participation_id", "questionnaire", "state"):
        states.setdefault(pk, {})[code] = SubmissionState(state)
    summaries = summaries_of_year(year, Organisation.objects.all())
    return _added(year, ((states.get(pk, {}), one.headlines) for pk, one in summaries.items()))


def _added(
    year: int, figures: Iterable[tuple[Mapping[str, SubmissionState], Mapping[str, Decimal | None]]]
) -> dict[str, Decimal | None]:
    headlines = load_edition(year).headlines
    totals: dict[str, Decimal | None] = dict.fromkeys((one.code for one in headlines), None)
    for states, of_organisation in figures:
        for one in headlines:
            figure = of_organisation.get(one.code)
            if figure is not None and states.get(one.questionnaire) in DELIVERED:
                totals[one.code] = figure + (totals[one.code] or 0)
    return totals
