"""What changed between two releases of a year, or since one: answers, what the registers say, and the key figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import BooleanField, F, OuterRef, Q, QuerySet, Subquery, TextField, Window
from django.db.models import Value as Literal
from django.db.models.functions import Coalesce, FirstValue, Lead

from surveys.models import AnswerChange, Organisation, Release, ReleaseRecord, Submission
from surveys.models.answer import to_value
from surveys.queries.as_of import AsOf, as_of_release, facts_to_keep
from surveys.queries.summaries import summaries_of_year
from surveys.queries.year import members_of_year, records_of_year
from surveys.questionnaires.loader import load_edition
from surveys.values import Key, Value
from surveys.workflow import DELIVERED

_LIST = "submission__participation__"
_FIELDS = (
    f"{_LIST}organisation__isil", f"{_LIST}organisation__name", f"{_LIST}organisation__province",
    "submission__questionnaire", "question", "row", "first_state", "first_hundredths", "first_text",
    "state", "hundredths", "text", "source", "reason", "at",
    "first_estimate", "first_note", "is_estimate", "note",
)  # fmt: skip
_EACH_ANSWER: Mapping[str, Any] = {
    "partition_by": ["submission_id", "question", "row"],
    "order_by": ["at", "pk"],
}


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """What stood there in the first release and what in the second; None: no answer. The rest is of the last change.

    `estimates`, `notes`: those that stood beside it, before and after.
    """

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
    estimates: tuple[bool, bool] = (False, False)
    notes: tuple[str, str] = ("", "")

    @property
    def beside(self) -> str:
        """What changed beside the value: 'nu een schatting', 'notitie: …'."""
        was, became = self.estimates
        told = [] if was == became else ["nu een schatting" if became else "geen schatting meer"]
        if self.notes[0] != self.notes[1]:
            told.append(f"notitie: {self.notes[1]}" if self.notes[1] else "notitie weggehaald")
        return "; ".join(told)


def changed_answers(
    first: Release, second: Release | None, *, questionnaire: str = "", province: str = ""
) -> QuerySet[AnswerChange, tuple[Any, ...]]:
    """By organisation, list and question, one row for `answer_in` each; None: as they stand now. One query.

    What was changed and changed back is not among them; an estimate or a note that changed beside the same value is.
    """
    later = Q(at__gt=first.at) | Q(pk__gt=first.newest_change)
    lines = AnswerChange.objects.filter(later, **{f"{_LIST}round_id": first.round_id})
    if second is not None:
        lines = lines.filter(**AsOf(second.at, second.newest_change).changes)
    if questionnaire:
        lines = lines.filter(submission__questionnaire=questionnaire)
    if province:
        lines = lines.filter(**{f"{_LIST}organisation__province": province})
    earlier = AnswerChange.objects.filter(
        submission=OuterRef("submission"), question=OuterRef("question"), row=OuterRef("row"),
        **AsOf(first.at, first.newest_change).changes,
    ).order_by("-at", "-pk")  # fmt: skip
    last = lines.annotate(
        following=Window(Lead("pk"), **_EACH_ANSWER),
        first_state=Window(FirstValue("old_state"), **_EACH_ANSWER),
        first_hundredths=Window(FirstValue("old_hundredths"), **_EACH_ANSWER),
        first_text=Window(FirstValue("old_text"), **_EACH_ANSWER),
        # The log keeps these with each line, not what they were before it.
        first_estimate=Coalesce(
            Subquery(earlier.values("is_estimate")[:1]), Literal(False), output_field=BooleanField()
        ),
        first_note=Coalesce(Subquery(earlier.values("note")[:1]), Literal(""), output_field=TextField()),
    ).filter(following=None)
    same_number = Q(first_hundredths=F("hundredths")) | Q(first_hundredths=None, hundredths=None)
    same_beside = Q(state="") | Q(first_estimate=F("is_estimate"), first_note=F("note"))
    changed = last.exclude(Q(first_state=F("state"), first_text=F("text")) & same_number & same_beside)
    return changed.order_by(*_FIELDS[1:2], *_FIELDS[0:1], *_FIELDS[3:6]).values_list(*_FIELDS)


def answer_in(row: Sequence[Any]) -> ChangedAnswer:
    isil, name, province, questionnaire, question, place, *values = row
    before, after, (source, reason, at) = values[:3], values[3:6], values[6:9]
    was_estimate, old_note, is_estimate, note = values[9:]
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
        estimates=(was_estimate, is_estimate),
        notes=(old_note, note),
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
    known = sorted(((before | after)[pk]["isil"], pk) for pk in before.keys() | after.keys())
    return [one for isil, pk in known for one in _facts_changed(isil, before.get(pk), after.get(pk))]


def _kept(release: Release) -> dict[int, Mapping[str, Any]]:
    """By participation: an ISIL code can change."""
    records = ReleaseRecord.objects.filter(release=release, participation__round_id=release.round_id)
    return dict(records.values_list("participation_id", "facts"))


def _now(year: int) -> dict[int, Mapping[str, Any]]:
    return {one.pk: facts_to_keep(one, locations) for one, locations in members_of_year(year)}


_FACTS = {
    "isil": "ISIL-code",
    "name": "naam",
    "province": "provincie",
    "poi": "POI",
    "inhabitants": "inwoners",
}
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


Figures = Mapping[int, Mapping[str, Decimal | None]]
"""The key figures of the lists that were delivered: participation to code to figure; None: the list does not give it."""


def figures_at(release: Release) -> Figures:
    """Of all that take part. Three queries, once a release."""
    key = f"release-figures-{release.pk}"
    found: Figures | None = cache.get(key)
    if found is None:
        edition = load_edition(release.round_id)
        found = {
            record.participation_id: {
                one.code: record.evaluation.number((one.code, ""))
                for one in edition.headlines
                if record.states.get(one.questionnaire) in DELIVERED
            }
            for record in records_of_year(release.round_id, as_of=as_of_release(release))
        }
        cache.set(key, found, None)
    return found


def figures_now(year: int) -> Figures:
    """The same as they stand. Seven queries, and those of the summaries that have to be computed anew."""
    lists = Submission.objects.filter(participation__round_id=year, participation__ended_by=None)
    delivered = set(
        lists.filter(state__in=DELIVERED).values_list("participation_id", "questionnaire")
    )  # fmt: skip
    return {
        pk: {
            one.code: summary.headlines.get(one.code)
            for one in load_edition(year).headlines
            if (pk, one.questionnaire) in delivered
        }
        for pk, summary in summaries_of_year(year, Organisation.objects.all()).items()
    }


def totals_of(figures: Figures, codes: Iterable[str]) -> dict[str, Decimal | None]:
    """Over all lists that were delivered, by code; None: nobody gave it."""
    totals: dict[str, Decimal | None] = dict.fromkeys(codes)
    for of_organisation in figures.values():
        for code, figure in of_organisation.items():
            if figure is not None:
                totals[code] = figure + (totals[code] or 0)
    return totals


def totals_at(release: Release) -> dict[str, Decimal | None]:
    return totals_of(figures_at(release), [one.code for one in load_edition(release.round_id).headlines])


def totals_now(year: int) -> dict[str, Decimal | None]:
    return totals_of(figures_now(year), [one.code for one in load_edition(year).headlines])


def moved_by_lists(before: Figures, after: Figures) -> dict[str, Decimal]:
    """Of each key figure what came or went with whole lists; the rest of its movement is of changed answers."""
    moved: dict[str, Decimal] = {}
    for sign, one, other in ((1, after, before), (-1, before, after)):
        for pk, of_organisation in one.items():
            for code, figure in of_organisation.items():
                if figure is not None and code not in other.get(pk, {}):
                    moved[code] = moved.get(code, Decimal(0)) + sign * figure
    return moved
