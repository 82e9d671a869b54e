"""What stands in the way of approving lists: of one, and of all that were chosen in the KB's table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from surveys.models import Organisation, Submission, Transition
from surveys.queries.checks import checked_year
from surveys.queries.explanations import explanations_of_year
from surveys.queries.remarks import RemarkCounts, open_remarks_of_year
from surveys.queries.signals import Signal, signals_of
from surveys.queries.steps import Seen, in_words, newest_change_of_each
from surveys.rules.sentences import listed
from surveys.workflow import STEPS, SubmissionState

CHANGED_MEANWHILE = "Een antwoord is intussen gewijzigd. Kijk de lijst nog eens na."


def obstacle(
    state: SubmissionState,
    signals: Iterable[Signal],
    *,
    asked: RemarkCounts = RemarkCounts(),  # noqa: B008 -- frozen
    step: str = "approve",
) -> str:
    """Why a list cannot be approved, in words; empty: it can. `asked`: what was asked the library, see `IN_THE_WAY`.

    `step`: `confirm` for what was changed after the approval.
    """
    if state not in STEPS[step].before:
        return f"Deze lijst is {state.word}."
    errors = warnings = 0
    for one in signals:
        errors += one.is_error
        warnings += one.is_open and not one.is_error
    told = [
        *([f"{errors} fout" + ("en" if errors > 1 else "")] if errors else []),
        *([f"{warnings} signa" + ("len" if warnings > 1 else "al") + " zonder uitleg"] if warnings else []),
    ]
    sentences = (
        [f"Er {'staan' if errors + warnings > 1 else 'staat'} nog {listed(told)} open."] if told else []
    )
    return " ".join([*sentences, *_asked_in_words(asked)])


def _asked_in_words(asked: RemarkCounts) -> Iterator[str]:
    """A sentence per state: whose turn it is."""
    for count, one, more in (
        (asked.draft, "vraag is nog niet verstuurd", "vragen zijn nog niet verstuurd"),
        (
            asked.open,
            "vraag wacht op antwoord van de bibliotheek",
            "vragen wachten op antwoord van de bibliotheek",
        ),
        (
            asked.answered,
            "antwoord van de bibliotheek wacht op u",
            "antwoorden van de bibliotheek wachten op u",
        ),
    ):
        if count:
            yield f"{count} {one if count == 1 else more}."


@dataclass(frozen=True, slots=True)
class Candidate:
    """A list that was chosen to be approved. `seen`: how far it is now. `obstacle`: empty, it can be."""

    submission: Submission
    seen: Seen
    obstacle: str
    explained: int

    @property
    def organisation(self) -> Organisation:
        return self.submission.participation.organisation


def candidates(
    *, year: int, questionnaire: str, organisations: QuerySet[Organisation], seen: Mapping[str, Seen]
) -> list[Candidate]:
    """The chosen lists by the name of the organisation, as they stand now. Fifteen queries, however many there are.

    `seen`: by ISIL code how far each was when it was chosen.
    """
    lists = chosen_lists(year, questionnaire, organisations, seen)
    steps: dict[int, list[Transition]] = {}
    for step in Transition.objects.filter(submission__in=lists).select_related("by").order_by("pk"):
        steps.setdefault(step.submission_id, []).append(step)
    chosen = organisations.filter(isil__in=seen)
    signals, remarks = _signals(year, questionnaire, chosen), open_remarks_of_year(year, chosen)
    found = []
    for one in lists:
        organisation = one.participation.organisation
        made = steps.get(one.pk, [])
        meanwhile = [step for step in made if step.pk > seen[organisation.isil].step]
        own = signals.get(one.participation_id, [])
        asked = remarks.get(one.pk, RemarkCounts())
        why = " ".join(map(in_words, meanwhile)) or obstacle(one.current_state, own, asked=asked)
        now = Seen(made[-1].pk if made else 0, vars(one)["newest_change"])
        if not why and now.change != seen[organisation.isil].change:
            why = CHANGED_MEANWHILE
        explained = sum(signal.is_explained for signal in own)
        found.append(Candidate(one, now, why, explained))
    return found


def chosen_lists(
    year: int, questionnaire: str, organisations: QuerySet[Organisation], isils: Iterable[str]
) -> list[Submission]:
    """By the name of the organisation, with the number of the newest change to an answer. One query."""
    lists = Submission.objects.filter(
        participation__round_id=year,
        participation__organisation__in=organisations.filter(isil__in=list(isils)),
        questionnaire=questionnaire,
    ).select_related("participation__organisation__poi", "submitted_by")
    lists = lists.annotate(newest_change=newest_change_of_each())
    return sorted(lists, key=lambda one: one.participation.organisation.name.casefold())


def _signals(year: int, questionnaire: str, organisations: QuerySet[Organisation]) -> dict[int, list[Signal]]:
    """By participation."""
    explanations = explanations_of_year(year, organisations)
    found = {}
    for one in checked_year(year, organisations=organisations):
        key = one.record.participation_id
        found[key] = signals_of(one.findings(questionnaire), explanations.get(key, {}), year)
    return found
