"""The dates between which libraries fill in: of a round, and later ones of one list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.dateformat import format as format_date

from surveys.actions.letters import tell_extended
from surveys.models import Extension, Round, Submission, User, Window
from surveys.queries.terms import windows_of, with_terms
from surveys.questionnaires.loader import load_edition
from surveys.values import clean_text
from surveys.workflow import DELIVERED, Term

AFTER_RETURN = timedelta(days=14)
"""So long at least a library has to mend a list that came back."""
MAX_REASON = 1_000


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


def problems_of_dates(title: str, dates: Dates) -> dict[str, str]:
    """Per field what is wrong; nothing when they can be."""
    problems = {}
    if dates.deadline < dates.opens:
        problems["deadline"] = (
            f"{title} moet dan ingediend zijn voordat de lijst open is. "
            f"Kies een dag op of na {in_words(dates.opens)}."
        )
    if dates.last_change < max(dates.deadline, dates.opens):
        problems["last_change"] = (
            f"{title} is dan al dicht voordat de lijst ingediend moet zijn. "
            f"Kies een dag op of na {in_words(max(dates.deadline, dates.opens))}."
        )
    return problems


def set_windows(*, round_: Round, windows: Mapping[str, Dates], by: User) -> list[str]:
    """Set the dates of these lists, and log what was changed; returns that, in words. Raises TermRefusedError."""
    titles = {one.code: one.title for one in load_edition(round_.year).questionnaires}
    for code, dates in windows.items():
        problems = problems_of_dates(titles[code], dates)
        if problems:
            raise TermRefusedError(problems)
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
        problems = problems_of_extension(locked, until=until, reason=clean, today=timezone.localdate())
        if problems:
            raise TermRefusedError(problems)
        extension = Extension.objects.create(
            submission=locked, until=until, reason=clean, at=timezone.now(), by=by
        )
        if is_told:
            transaction.on_commit(partial(tell_extended, extension=extension, submission=locked, by=by))
    return extension


def problems_of_extension(
    submission: Submission, *, until: date | None, reason: str, today: date
) -> dict[str, str]:
    """Per field what is wrong with an extension of this list, read with its term; nothing when it can be given."""
    problems = {}
    deadline = submission.term.deadline
    if submission.current_state in DELIVERED:
        problems["until"] = (
            f"Deze lijst is al {submission.current_state.word}: uitstel is niet nodig. "
            "Stuur de lijst terug als er iets moet worden gewijzigd."
        )
    elif deadline is None:
        problems["until"] = "Deze lijst heeft geen termijn. Leg eerst de termijnen van het meetjaar vast."
    elif until is not None and until < today:
        problems["until"] = f"{in_words(until).capitalize()} is voorbij. Kies vandaag of een latere dag."
    elif until is not None and until <= deadline:
        problems["until"] = (
            f"Tot en met {in_words(deadline)} kan de lijst al worden ingediend. Kies een latere dag."
        )
    if not any(map(str.isalnum, reason)):
        problems["reason"] = "Schrijf in een paar woorden waarom de bibliotheek uitstel krijgt."
    elif len(reason) > MAX_REASON:
        problems["reason"] = f"Deze reden is te lang; er passen {MAX_REASON} tekens. Kort de tekst in."
    return problems


def extend_after_return(*, submission: Submission, term: Term, by: User, at: datetime) -> Extension | None:
    """A list that comes back can be changed again for some time; nothing when its dates give that already."""
    until = timezone.localdate(at) + AFTER_RETURN
    if term.closes is None or term.closes >= until:
        return None
    return Extension.objects.create(
        submission=submission, until=until, reason="De KB stuurde de lijst terug.", at=at, by=by
    )


def in_words(day: date) -> str:
    return str(format_date(day, "j F Y"))
