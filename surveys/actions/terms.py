"""The dates between which libraries fill in: of a round, and later ones of one list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.dateformat import format as format_date

from surveys.actions.letters import tell_extended
from surveys.actions.locks import in_lock_order
from surveys.models import Extension, Participation, Round, Submission, User, Window
from surveys.queries.terms import windows_of, with_terms
from surveys.questionnaires.loader import load_edition
from surveys.values import clean_text
from surveys.workflow import DELIVERED, Term

AFTER_RETURN = timedelta(days=14)
"""So long at least a library has to mend a list that came back."""
MAX_REASON = 1_000
_YEARS = 3
"""A round is done with by then."""


class TermRefusedError(ValueError):
    """These dates cannot be; `problems`: per field, in Dutch, what is wrong and what to do."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))


@dataclass(frozen=True, slots=True)
class Dates:
    """Of one list of a round."""

    opens: date
    deadline: date
    last_change: date


def days_of_round(year: int, today: date) -> tuple[date, date]:
    """Between which days the dates of a round can be: its own year and three more, and always next year."""
    return date(year, 1, 1), date(max(year + _YEARS, today.year + 1), 12, 31)


def problems_of_dates(dates: Dates, *, year: int, today: date) -> dict[str, str]:
    """Per field what is wrong; nothing when they can be. One of another century is told alone, not also its order."""
    first, last = days_of_round(year, today)
    days = {"opens": dates.opens, "deadline": dates.deadline, "last_change": dates.last_change}
    problems = {
        name: f"Kies een dag van {in_figures(first)} tot en met {in_figures(last)}."
        for name, day in days.items()
        if not first <= day <= last
    }
    if problems:
        return problems
    if dates.deadline < dates.opens:
        problems["deadline"] = f"Dit ligt vóór de eerste dag ({in_figures(dates.opens)})."
    if dates.last_change < dates.opens:
        problems["last_change"] = f"Dit ligt vóór de eerste dag ({in_figures(dates.opens)})."
    elif dates.last_change < dates.deadline:
        problems["last_change"] = f"Dit ligt vóór de dag van indienen ({in_figures(dates.deadline)})."
    return problems


def set_windows(*, round_: Round, windows: Mapping[str, Dates], by: User) -> list[str]:
    """Set the dates of these lists, and log what was changed; returns that, in words. Raises TermRefusedError."""
    titles = {one.code: one.title for one in load_edition(round_.year).questionnaires}
    for code, dates in windows.items():
        problems = problems_of_dates(dates, year=round_.year, today=timezone.localdate())
        if problems:
            raise TermRefusedError({name: f"{titles[code]}: {one}" for name, one in problems.items()})
    told = []
    with transaction.atomic():
        Round.objects.select_for_update(no_key=True).get(pk=round_.pk)
        before = windows_of(round_.year)
        for code, dates in windows.items():
            was = before.get(code)
            if was is None or Dates(was.opens, was.deadline, was.last_change) != dates:
                Window.objects.update_or_create(
                    round=round_,
                    questionnaire=code,
                    defaults={
                        "opens": dates.opens,
                        "deadline": dates.deadline,
                        "last_change": dates.last_change,
                    },
                )
                told.append(
                    f"{titles[code]}: open van {in_words(dates.opens)}, uiterlijk in te dienen op "
                    f"{in_words(dates.deadline)}, te wijzigen tot en met {in_words(dates.last_change)}."
                )
        if told:
            # Where the changes of a round by the admin stand too.
            LogEntry.objects.create(
                user=by,
                content_type=ContentType.objects.get_for_model(Round),
                object_id=str(round_.pk),
                object_repr=str(round_),
                action_flag=CHANGE,
                change_message=" ".join(told),
            )
    return told


def extend(*, submission: Submission, until: date, reason: str, by: User, is_told: bool = False) -> Extension:
    """Let this list be delivered and changed until a later day; `is_told`: the library gets a mail once that stands.

    Raises TermRefusedError.
    The same once more, by a double click, is the extension that is there.
    """
    clean = clean_text(reason)
    with transaction.atomic():
        locked = (
            with_terms(Submission.objects.select_for_update(of=("self",)))
            .select_related("participation__organisation")
            .get(pk=submission.pk)
        )
        there = locked.extensions.order_by("at", "pk").last()
        if there and (there.until, there.reason, there.by_id) == (until, clean, by.pk):
            return there
        # Read now that the list is locked, as whoever ends a participation locks it too.
        if not Participation.objects.filter(pk=locked.participation_id, ended_by=None).exists():
            raise TermRefusedError({"until": "Deze organisatie levert niet meer over dit jaar."})
        problems = problems_of_extension(locked, until=until, reason=clean, today=timezone.localdate())
        if problems:
            raise TermRefusedError(problems)
        extension = Extension.objects.create(
            submission=locked, until=until, reason=clean, at=timezone.now(), by=by
        )
        if is_told:
            transaction.on_commit(partial(tell_extended, extension=extension, submission=locked, by=by))
    return extension


def extend_lists(
    *, submissions: Iterable[Submission], until: date, reason: str, by: User, is_told: bool = False
) -> list[Extension]:
    """Several lists of one organisation, all or none. Raises TermRefusedError, which names the list."""
    pks = [one.pk for one in submissions]
    with transaction.atomic():
        locked = list(in_lock_order(Submission.objects.select_for_update(of=("self",)).filter(pk__in=pks)))
        given = []
        for one in locked:
            try:
                given.append(extend(submission=one, until=until, reason=reason, by=by, is_told=is_told))
            except TermRefusedError as error:
                title = load_edition(one.participation.round_id).by_code[one.questionnaire].title
                problems = {name: f"{title}: {problem}" for name, problem in error.problems.items()}
                raise TermRefusedError(problems) from error
    return given


def problems_of_extension(
    submission: Submission, *, until: date | None, reason: str, today: date
) -> dict[str, str]:
    """Per field what is wrong with an extension of this list, read with its term; nothing when it can be given."""
    problems = {}
    term, (_, last) = submission.term, days_of_round(submission.participation.round_id, today)
    if submission.current_state in DELIVERED:
        problems["until"] = (
            f"Deze lijst is al {submission.current_state.word}: uitstel is niet nodig. "
            "Stuur de lijst terug als er iets moet worden gewijzigd."
        )
    elif term.due is None:
        problems["until"] = "Deze lijst heeft geen termijn. Leg eerst de termijnen van het meetjaar vast."
    elif until is not None and until < today:
        problems["until"] = f"{in_words(until).capitalize()} is voorbij. Kies vandaag of een latere dag."
    elif until is not None and until <= term.due:
        has_more = "Deze lijst heeft al uitstel" if term.extension == term.due else "De gewone termijn loopt"
        problems["until"] = f"{has_more} tot en met {in_words(term.due)}. Kies een latere dag."
    elif until is not None and until > last:
        problems["until"] = f"Kies een dag tot en met {in_words(last)}."
    if not any(map(str.isalnum, reason)):
        problems["reason"] = "Schrijf in een paar woorden waarom de bibliotheek uitstel krijgt."
    elif len(reason) > MAX_REASON:
        problems["reason"] = f"Deze reden is te lang; er passen {MAX_REASON} tekens. Kort de tekst in."
    return problems


def extend_after_return(*, submission: Submission, term: Term, by: User, at: datetime) -> Extension | None:
    """A list that comes back is not late, and can be changed, for some time; nothing when its dates give that already.

    It closes no earlier than it is due: who has time to deliver has time to change.
    """
    until = timezone.localdate(at) + AFTER_RETURN
    if term.due is None or term.due >= until:
        return None
    return Extension.objects.create(
        submission=submission, until=until, reason="De KB stuurde de lijst terug.", at=at, by=by
    )


def in_words(day: date) -> str:
    return str(format_date(day, "j F Y"))


def in_figures(day: date) -> str:
    """As people type it."""
    return f"{day.day}-{day.month}-{day.year}"
