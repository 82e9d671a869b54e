"""The only writer of explanations: why a signal may stay, in a few words, tied to the figures it was given for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from operator import attrgetter
from typing import TypeAlias

from django.db import transaction
from django.utils import timezone

from surveys.actions.answers import Gate
from surveys.actions.locks import in_lock_order
from surveys.models import Event, Explanation, Reason, Submission, User
from surveys.questionnaires.rule import Level
from surveys.rules import Finding
from surveys.values import clean_text, format_number
from surveys.workflow import DELIVERED, OPEN, SubmissionState

MAX_LENGTH = 1_000
FEWEST_WORDS = 2
FEWEST_LETTERS = 3
"""Of the longest word: ‘a b’ tells nothing."""


class ExplanationError(ValueError):
    """This explains nothing; `problems`: per field, in Dutch, what is wanted."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))


class ClosedError(Exception):
    """The gate of this list is shut: delivered, it takes explanations only of the KB and with an answer it asked for."""

    def __init__(self, state: SubmissionState) -> None:
        super().__init__(f"Deze vragenlijst is {state.word}; er kan nu geen uitleg bij.")


def explain(
    *,
    submission: Submission,
    finding: Finding,
    reason: str,
    text: str,
    by: User,
    event: Event | None = None,
    is_confirmed: bool = False,
    gate: Gate = Gate.FILLING,
) -> Explanation:
    """Say why this signal may stay. Raises ExplanationError, ClosedError."""
    [one] = explain_many(
        signals=[(submission, finding)],
        reason=reason,
        text=text,
        by=by,
        event=event,
        is_confirmed=is_confirmed,
        gate=gate,
    )
    return one


def explain_many(
    *,
    signals: Iterable[tuple[Submission, Finding]],
    reason: str,
    text: str,
    by: User,
    event: Event | None = None,
    is_confirmed: bool = False,
    gate: Gate = Gate.FILLING,
) -> list[Explanation]:
    """One explanation for several signals, all or none of them. Three statements.

    `gate`: who explains, and so in which states of the list. With ASKED the caller has proven that the KB asked.
    A signal that stands in two lists is explained once, and what was said already, for these figures, is not said
    again: a form that is sent twice leaves one row. Raises ExplanationError, ClosedError.
    """
    given = list(signals)
    problems = problems_of(reason=reason, text=text)
    if any(finding.level is Level.ERROR for _, finding in given):
        problems["finding"] = "Dit cijfer kan niet kloppen. Verbeter het; uitleg is hier niet genoeg."
    if problems:
        raise ExplanationError(problems)
    with transaction.atomic():
        locked = _locked(submission for submission, _ in given)
        for one in locked.values():
            if one.current_state not in (OPEN if gate is Gate.FILLING else DELIVERED):
                raise ClosedError(one.current_state)
            if event is not None and event.organisation_id != one.participation.organisation_id:
                raise ExplanationError({"event": "Deze gebeurtenis is van een andere organisatie."})
        now = timezone.now()
        explanations: dict[_Place, Explanation] = {}
        for submission, finding in given:
            participation = locked[submission.pk].participation
            explanations[participation.pk, finding.code, finding.row] = Explanation(
                participation=participation,
                rule=finding.code,
                question=finding.anchor[0],
                row=finding.row,
                figures=finding.figures,
                reason=reason,
                text=clean_text(text),
                event=event,
                is_confirmed=is_confirmed,
                at=now,
                by=by,
            )
        before = _newest(explanations)
        result = [_kept(before.get(place), one) for place, one in explanations.items()]
        Explanation.objects.bulk_create([one for one in result if one.pk is None])
        return result


_Place: TypeAlias = tuple[int, str, str]
"""(participation, rule, row): of these the newest counts."""


def _newest(places: Collection[_Place]) -> dict[_Place, Explanation]:
    given = Explanation.objects.filter(
        participation__in={participation for participation, _, _ in places},
        rule__in={rule for _, rule, _ in places},
    )
    return {(one.participation_id, one.rule, one.row): one for one in given.order_by("at", "pk")}


def _kept(before: Explanation | None, now: Explanation) -> Explanation:
    """The one that stands, when it says the same of the same figures."""
    said = attrgetter("figures", "reason", "text", "event_id", "is_confirmed")
    return before if before is not None and said(before) == said(now) else now


def problems_of(*, reason: str, text: str) -> dict[str, str]:
    """Per field what is wrong with an explanation; nothing when it can be kept."""
    problems, clean = {}, clean_text(text)
    if reason not in Reason.values:
        problems["reason"] = "Kies een reden."
    words = [word for word in clean.split() if any(map(str.isalnum, word))]
    if len(words) < FEWEST_WORDS or max(map(_letters, words)) < FEWEST_LETTERS:
        problems["text"] = "Leg in een paar woorden uit waarom dit cijfer klopt."
    elif len(clean) > MAX_LENGTH:
        problems["text"] = (
            f"Deze uitleg is {format_number(len(clean))} tekens lang; er passen er "
            f"{format_number(MAX_LENGTH)}. Kort de uitleg in."
        )
    return problems


def _letters(word: str) -> int:
    return sum(map(str.isalpha, word))


def _locked(submissions: Iterable[Submission]) -> dict[int, Submission]:
    """In one order, so that two who explain at once do not wait for each other."""
    rows = Submission.objects.filter(pk__in={one.pk for one in submissions})
    locked = rows.select_for_update(of=("self",)).select_related("participation")
    return {one.pk: one for one in in_lock_order(locked)}
