"""A whole year with all that its rules may know: every organisation beside its own last year and its peers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet

from surveys.models import Organisation
from surveys.queries.as_of import AsOf
from surveys.queries.bounds import bounds_for
from surveys.queries.predecessors import lineages_of_year
from surveys.queries.year import YearRecord, records_of_year
from surveys.questionnaires.before import under_new_codes
from surveys.questionnaires.closure import closure_of
from surveys.questionnaires.dependencies import in_order
from surveys.questionnaires.figures import Evaluation
from surveys.questionnaires.loader import edition_before, load_edition
from surveys.questionnaires.merged import merge
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


def checked_year(
    year: int,
    *,
    organisations: QuerySet[Organisation] | None = None,
    delivered_only: bool = False,
    as_of: AsOf | None = None,
) -> Iterator[Checked]:
    """Every organisation of the round by ISIL code. Twelve queries, however many there are; seven as of a
    release; and once more those of a year where organisations merged in it.

    Last year's answers are those of the same moment; the bounds those that a release kept. `delivered_only`: see
    `records_of_year`.
    """
    bounds = bounds_for(year) if as_of is None or as_of.bounds is None else as_of.bounds
    last = _records(year - 1, organisations, as_of)
    merged = _before_mergers(year, as_of)
    before = next(last, None)
    records = records_of_year(year, organisations=organisations, delivered_only=delivered_only, as_of=as_of)
    for record in records:
        while before is not None and before.isil < record.isil:
            before = next(last, None)
        own = before if before is not None and before.isil == record.isil else None
        context = context_of(year, record, own, bounds)
        if record.isil in merged:
            context = replace(context, last=merged[record.isil])
        yield Checked(year, record, context)


def _records(
    year: int, organisations: QuerySet[Organisation] | None, as_of: AsOf | None
) -> Iterator[YearRecord]:
    if edition_before(year + 1) is None:
        return iter(())
    return records_of_year(year, organisations=organisations, as_of=as_of)


def _before_mergers(year: int, as_of: AsOf | None) -> Mapping[str, Evaluation]:
    """By ISIL code what counted last year for those that others became in `year`, under this year's codes."""
    edition, lineages = edition_before(year), lineages_of_year(year, as_of)
    if edition is None or not lineages:
        return {}
    roots = {one.pk for lineage in lineages.values() for one in lineage.roots if lineage.split is None}
    records = records_of_year(year - 1, organisations=Organisation.objects.filter(pk__in=roots), as_of=as_of)
    evaluations = {one.isil: one.evaluation for one in records}
    order, questions = in_order(edition.questions), load_edition(year).questions
    isils = dict(Organisation.objects.filter(pk__in=lineages).values_list("pk", "isil"))
    return {
        isils[successor]: NOTHING
        if lineage.split
        else under_new_codes(
            merge(order, {one.name: evaluations.get(one.isil, NOTHING) for one in lineage.roots}).evaluation,
            questions,
        )
        for successor, lineage in lineages.items()
    }


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
