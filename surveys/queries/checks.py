"""A whole year with all that its rules may know: every organisation beside its own last year and its peers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from surveys.models import Organisation
from surveys.queries.bounds import bounds_for
from surveys.queries.year import YearRecord, records_of_year
from surveys.questionnaires.before import under_new_codes
from surveys.questionnaires.closure import closure_of
from surveys.questionnaires.loader import edition_before, load_edition
from surveys.rules import Context, Finding, findings
from surveys.rules.context import NOTHING, Bound
from surveys.rules.peers import groups_of


@dataclass(frozen=True, slots=True)
class Checked:
    """One organisation's year, ready to be judged."""

    year: int
    record: YearRecord
    context: Context
    found: dict[str, list[Finding]] = field(default_factory=dict)

    def findings(self, questionnaire: str) -> list[Finding]:
        """What is told in that list, as its delivery tells it."""
        if questionnaire not in self.found:
            edition = load_edition(self.year)
            self.found[questionnaire] = findings(
                edition.rules_about(questionnaire),
                self.context,
                edition.by_code[questionnaire].questions,
            )
        return self.found[questionnaire]


def checked_year(year: int, *, organisations: QuerySet[Organisation] | None = None) -> Iterator[Checked]:
    """Every organisation of the round by ISIL code, as it stands. Eleven queries, however many there are."""
    bounds = bounds_for(year)
    last = _records(year - 1, organisations)
    before = next(last, None)
    for record in records_of_year(year, organisations=organisations):
        while before is not None and before.isil < record.isil:
            before = next(last, None)
        own = before if before is not None and before.isil == record.isil else None
        yield Checked(year, record, context_of(year, record, own, bounds))


def _records(year: int, organisations: QuerySet[Organisation] | None) -> Iterator[YearRecord]:
    return iter(records_of_year(year, organisations=organisations)) if edition_before(year + 1) else iter(())


def context_of(
    year: int, record: YearRecord, before: YearRecord | None, bounds: Mapping[tuple[str, str], Bound]
) -> Context:
    edition = load_edition(year)
    return Context(
        questions=edition.questions,
        closure=closure_of(edition),
        now=record.evaluation,
        last=under_new_codes(before.evaluation, edition.questions) if before else NOTHING,
        rows=tuple(one.isil for one in record.locations),
        bounds=bounds,
        groups=groups_of(record.evaluation),
    )
