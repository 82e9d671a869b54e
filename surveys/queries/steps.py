"""The steps that submissions made: what happened since a page was drawn, and why a list came back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateformat import format as format_date

from surveys.models import AnswerChange, Organisation, Submission, Transition
from surveys.questionnaires.schema import PROFILE, Edition
from surveys.rules.sentences import listed
from surveys.workflow import DELIVERED, OPEN, SubmissionState

_WORDS = {
    "begin": "{who} begon {when} met invullen.",
    "submit": "{who} diende deze lijst {when} in.",
    "return": "{who} stuurde deze lijst {when} terug.",
    "approve": "{who} keurde deze lijst {when} goed.",
    "confirm": "{who} keurde {when} goed wat in deze lijst was gewijzigd.",
}


def in_words(step: Transition) -> str:
    """'Noor Wessenaar stuurde deze lijst om 14.20 terug.'; of an earlier day with its date."""
    return _WORDS[step.step].format(who=step.by, when=when_in_words(step.at))


def when_in_words(moment: datetime) -> str:
    """'om 14.20'; of an earlier day with its date before it."""
    at = timezone.localtime(moment)
    day = "" if at.date() == timezone.localdate() else format_date(at, r"\o\p j F Y ")
    return str(day + format_date(at, r"\o\m H.i"))


def steps_since(submission: Submission, seen: int) -> list[Transition]:
    """The steps after that of this number, oldest first; 0 is before the first. One query."""
    return list(submission.transitions.filter(pk__gt=seen).select_related("by").order_by("pk"))


class Seen(NamedTuple):
    """How far a page showed a list: the numbers of its newest step and of the newest change to an answer, or 0."""

    step: int
    change: int


def newest_steps(
    *, year: int, questionnaire: str, organisations: QuerySet[Organisation], state: SubmissionState
) -> dict[str, Seen]:
    """By ISIL code how far the lists in this state are. One query."""
    lists = Submission.objects.filter(
        participation__round_id=year,
        participation__organisation__in=organisations,
        questionnaire=questionnaire,
        state=state.value,
    )
    found = lists.annotate(newest=Coalesce(Max("transitions"), 0), changed=newest_change_of_each())
    return {
        isil: Seen(*numbers)
        for isil, *numbers in found.values_list("participation__organisation__isil", "newest", "changed")
    }


def newest_return() -> Subquery:
    """For an annotation of submissions: the number of the step by which each was last sent back."""
    steps = Transition.objects.filter(submission=OuterRef("pk"), step="return")
    return Subquery(steps.order_by("-pk").values("pk")[:1])


def changed_after_approval() -> Exists:
    """For an annotation of submissions: approved, and an answer was changed since. *Gewijzigd na controle*."""
    return Exists(AnswerChange.objects.filter(submission=OuterRef("pk"), at__gt=OuterRef("approved_at")))


def newest_change_of_each() -> Coalesce:
    """For an annotation of submissions: as `newest_change`."""
    changes = AnswerChange.objects.filter(submission=OuterRef("pk")).order_by().values("submission")
    return Coalesce(Subquery(changes.annotate(newest=Max("pk")).values("newest")), 0)


def newest_change(submission: Submission) -> int:
    """The number of the last change to an answer; 0 before the first. One query."""
    found: int | None = submission.changes.aggregate(newest=Max("pk"))["newest"]
    return found or 0


def returns_of(submissions: Iterable[Submission]) -> Mapping[int, Transition]:
    """By submission: who sent it back and why, until it is submitted again. No query when none was.

    They carry the annotation `newest_return`.
    """
    pks = [vars(one)["newest_return"] for one in submissions if one.current_state in OPEN]
    found = [pk for pk in pks if pk is not None]
    steps = Transition.objects.filter(pk__in=found).select_related("by") if found else ()
    return {one.submission_id: one for one in steps}


def readers_of_profile(edition: Edition, states: Mapping[str, str]) -> str:
    """Why the profile cannot be sent back: the delivered lists, which would show other answers; empty: it can."""
    titles = [
        one.title
        for one in edition.questionnaires
        if one.code != PROFILE and SubmissionState(states[one.code]) in DELIVERED
    ]
    if not titles:
        return ""
    them = "deze lijst" if len(titles) == 1 else "deze lijsten"
    verb = "is" if len(titles) == 1 else "zijn"
    return (
        f"{listed(titles)} {verb} al ingediend en {'berust' if len(titles) == 1 else 'berusten'} op dit profiel. "
        f"Stuur eerst {them} terug en daarna het profiel."
    )


def states_beside(submission: Submission) -> dict[str, str]:
    """The state of every list of the same organisation and year. One query."""
    of_year = Submission.objects.filter(participation_id=submission.participation_id)
    return dict(of_year.values_list("questionnaire", "state"))
