"""When the lists of a round are open: the dates of the round, and the extension that one list was given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.dateformat import format as format_date

from surveys.models import Extension, Organisation, Round, Submission, Window
from surveys.permissions import Access
from surveys.workflow import OPEN, Term

NOT_YOURS = "Deze vragenlijst kunt u niet (meer) wijzigen."


def with_terms(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """The same submissions, each with what `Submission.term` tells. No query of its own."""
    newest = Extension.objects.filter(submission=OuterRef("pk")).order_by("-at", "-pk")
    return submissions.annotate(
        own_window=FilteredRelation(
            "participation__round__windows",
            condition=Q(participation__round__windows__questionnaire=F("questionnaire")),
        ),
        term_opens=F("own_window__opens"),
        term_deadline=F("own_window__deadline"),
        term_last_change=F("own_window__last_change"),
        term_extension=Subquery(newest.values("until")[:1]),
    )


def terms_of_year(year: int, organisations: QuerySet[Organisation]) -> Mapping[int, Term]:
    """By submission. One query."""
    lists = Submission.objects.filter(
        participation__round_id=year, participation__organisation__in=organisations
    )
    columns = ("pk", "term_opens", "term_deadline", "term_last_change", "term_extension")
    return {pk: Term(*dates) for pk, *dates in with_terms(lists).values_list(*columns)}


def term_of(submission: Submission) -> Term:
    """When this one is open. No query when it was read `with_terms`, one otherwise."""
    if not submission.has_term:
        [found] = with_terms(Submission.objects.filter(pk=submission.pk))
        return found.term
    return submission.term


def windows_of(year: int) -> Mapping[str, Window]:
    """By questionnaire. One query."""
    return {window.questionnaire: window for window in Window.objects.filter(round_id=year)}


def extensions_of_year(year: int, organisations: QuerySet[Organisation]) -> list[Extension]:
    """All that were given, newest first, with who gave them. One query."""
    given = Extension.objects.filter(
        submission__participation__round_id=year, submission__participation__organisation__in=organisations
    )
    return list(given.select_related("submission__participation__organisation", "by").order_by("-at", "-pk"))


def windows_changed(year: int) -> LogEntry | None:
    """The last time that somebody changed the dates of the round here. One query."""
    log = LogEntry.objects.filter(
        content_type__app_label=Round._meta.app_label,  # noqa: SLF001
        content_type__model=Round._meta.model_name,  # noqa: SLF001
        object_id=str(year),
    )
    return log.select_related("user").order_by("-action_time").first()


def why_shut(term: Term, day: date) -> str:
    """Why the library cannot change it on this day, in words; empty: it can."""
    if term.is_open(day):
        return ""
    if term.opens is not None and day < term.opens:
        return f"Deze vragenlijst gaat open op {_in_words(term.opens)}."
    return f"Wijzigen kon tot en met {_in_words(term.closes)}. Vraag de KB om uitstel."


def shut_to(access: Access, submission: Submission) -> str:
    """The same, for one who could fill it in if only the dates were right; empty for everybody else."""
    is_waiting = submission.current_state in OPEN and access.fills_in(submission.questionnaire)
    return why_shut(term_of(submission), timezone.localdate()) if is_waiting else ""


def refusal(access: Access, submission: Submission) -> str:
    """What somebody is told who may not fill it in."""
    return shut_to(access, submission) or NOT_YOURS


def _in_words(day: Any) -> str:
    return str(format_date(day, "j F Y"))
