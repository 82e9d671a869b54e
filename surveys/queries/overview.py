"""The KB's table: every organisation of a round, how far each of its questionnaires is, and the counts above it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from surveys.models import AnswerChange, Organisation, Submission, Window
from surveys.queries.explanations import explanations_of_year
from surveys.queries.remarks import RemarkCounts, open_remarks_of_year
from surveys.queries.response import came_in
from surveys.queries.signals import Signal, signals_of
from surveys.queries.steps import changed_after_approval
from surveys.queries.summaries import ListSummary, Summary, summaries_of_year
from surveys.queries.terms import with_terms
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import Questionnaire
from surveys.workflow import DELIVERED, SubmissionState, Term

NO_REMARKS = RemarkCounts()


@dataclass(frozen=True, slots=True)
class Cell:
    """One list of one organisation. `signals`: those that are open; `explained`: those that are not.

    `late`: the days since it was due, 0 while it is not or once it is in. `reviewer`: a name. `active_at`: its last
    changed answer.
    """

    state: SubmissionState
    answered: int
    wanted: int
    signals: int
    explained: int
    term: Term
    late: int
    is_in_time: bool
    remarks: RemarkCounts
    is_changed: bool
    reviewer: str
    active_at: datetime | None

    @property
    def percentage(self) -> int:
        """Whole percents, rounded down: 100 is all of it."""
        return self.answered * 100 // self.wanted if self.wanted else 0

    @property
    def waiting(self) -> int:
        """Questions and comments that are not done with."""
        return self.remarks.in_the_way + self.remarks.comments


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation. `poi`: the ISIL code of its POI; `is_combined`: None while the profile does not say.

    `cells`: of every questionnaire in the order of the edition, None where there is no submission.
    """

    isil: str
    name: str
    province: str
    poi: str
    is_combined: bool | None
    size_class: str
    cells: Mapping[str, Cell | None]

    @property
    def lists(self) -> list[Cell]:
        return [one for one in self.cells.values() if one]

    @property
    def states(self) -> Mapping[str, SubmissionState | None]:
        return {code: one.state if one else None for code, one in self.cells.items()}

    @property
    def active_at(self) -> datetime | None:
        return max((one.active_at for one in self.lists if one.active_at), default=None)

    @property
    def percentage(self) -> int:
        """Of all its lists together."""
        wanted = sum(one.wanted for one in self.lists)
        return sum(one.answered for one in self.lists) * 100 // wanted if wanted else 0

    @property
    def signals(self) -> int:
        return sum(one.signals for one in self.lists)

    @property
    def late(self) -> int:
        """The days of the list that is latest."""
        return max((one.late for one in self.lists), default=0)

    @property
    def waiting(self) -> int:
        return sum(one.waiting for one in self.lists)


@dataclass(frozen=True, slots=True)
class Column:
    """One questionnaire. `counts`: organisations per state, before the selection on status is applied; `late`: idem."""

    questionnaire: Questionnaire
    deadline: date | None
    counts: Mapping[SubmissionState, int]
    late: int


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a year, before any is left out."""

    questionnaires: tuple[Questionnaire, ...]
    deadlines: Mapping[str, date]
    rows: tuple[Row, ...]


def table_of_year(*, year: int, organisations: QuerySet[Organisation], today: date) -> Table:
    """Four queries beside those of the summaries, however many organisations there are."""
    edition = load_edition(year)
    summaries = summaries_of_year(year, organisations)
    explanations = explanations_of_year(year, organisations)
    remarks = open_remarks_of_year(year, organisations)
    lists: dict[int, dict[str, Submission]] = {}
    for one in _submissions(year, organisations):
        lists.setdefault(one.participation_id, {})[one.questionnaire] = one
    rows = []
    for pk, summary in summaries.items():
        own, given = lists.get(pk, {}), explanations.get(pk, {})
        cells: dict[str, Cell | None] = dict.fromkeys(edition.by_code)
        for code, submission in own.items():
            signals = signals_of(summary.lists[code].findings, given, year)
            waiting = remarks.get(submission.pk, NO_REMARKS)
            cells[code] = _cell(submission, summary.lists[code], signals, waiting, today)
        rows.append(_row(summary, own, cells))
    deadlines = dict(Window.objects.filter(round_id=year).values_list("questionnaire", "deadline"))
    return Table(edition.questionnaires, deadlines, tuple(rows))


def pois_in(organisations: QuerySet[Organisation]) -> dict[str, str]:
    """ISIL code to name of the POIs that support these organisations, by name. One query."""
    pois = Organisation.objects.filter(libraries__in=organisations).distinct()
    return dict(pois.order_by("name").values_list("isil", "name"))


def _submissions(year: int, organisations: QuerySet[Organisation]) -> Iterable[Submission]:
    """Of those that take part, with their terms, their last change and who reviews them. One query."""
    changes = AnswerChange.objects.filter(submission=OuterRef("pk")).order_by("-at")
    lists = Submission.objects.filter(
        participation__round_id=year,
        participation__ended_by=None,
        participation__organisation__in=organisations,
    ).select_related("reviewer", "participation__organisation__poi")
    return with_terms(lists).annotate(
        active_at=Subquery(changes.values("at")[:1]), is_changed=changed_after_approval(), came_in=came_in()
    )


def _row(summary: Summary, lists: Mapping[str, Submission], cells: Mapping[str, Cell | None]) -> Row:
    poi = next((one.participation.organisation.poi for one in lists.values()), None)
    return Row(
        isil=summary.isil,
        name=summary.name,
        province=summary.province,
        poi=poi.isil if poi else "",
        is_combined=summary.is_combined,
        size_class=summary.size_class,
        cells=cells,
    )


def _cell(
    submission: Submission,
    summary: ListSummary,
    signals: Collection[Signal],
    remarks: RemarkCounts,
    today: date,
) -> Cell:
    state, term = submission.current_state, submission.term
    is_in, read = state in DELIVERED, vars(submission)
    submitted = timezone.localdate(read["came_in"]) if is_in else None
    return Cell(
        state=state,
        answered=summary.answered,
        wanted=summary.wanted,
        signals=sum(one.is_open for one in signals),
        explained=sum(not one.is_open for one in signals),
        term=term,
        late=max((today - term.due).days, 0) if term.due and not is_in else 0,
        is_in_time=bool(submitted and (term.due is None or submitted <= term.due)),
        remarks=remarks,
        is_changed=read["is_changed"],
        reviewer=str(submission.reviewer) if submission.reviewer else "",
        active_at=read["active_at"],
    )
