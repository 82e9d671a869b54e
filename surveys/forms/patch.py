"""What the page must change after one answer was saved: never the field that somebody may be typing in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from surveys.actions.answers import Saved
from surveys.forms.cells import Cell, cell_of, element_id, is_shown
from surveys.forms.inputs import Inputs
from surveys.forms.items import Share, share_of
from surveys.queries.answers import Stored
from surveys.queries.befores import Before
from surveys.queries.deliveries import Delivery
from surveys.queries.saving import Known
from surveys.questionnaires.before import merged_under_new_codes, under_new_codes
from surveys.questionnaires.dependencies import Touched
from surveys.questionnaires.figures import Evaluation, evaluate
from surveys.questionnaires.layout import Block, parts_of
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.merged import Merged, merge
from surveys.questionnaires.schema import BlockRole, Edition, Layout, Question
from surveys.rules.context import NOTHING
from surveys.values import Key, Value


@dataclass(frozen=True, slots=True)
class Patch:
    """Computed cells, answers whose messages may have changed, bars, and which ids are shown or hidden now."""

    computed: Sequence[Cell]
    judged: Sequence[Cell]
    bars: Sequence[tuple[str, Share | None]]
    visible: Mapping[str, bool]


def delivery_for(known: Known, touched: Touched) -> Delivery:
    """As much of the delivery as the saved answer touches. No query."""
    submission = known.submission
    edition = load_edition(submission.participation.round_id)
    values = {key: stored.value for key, stored in known.answers.items()}
    last = _last(known, touched, edition)
    return Delivery(
        submission=submission,
        edition=edition,
        questionnaire=edition.by_code[submission.questionnaire],
        locations=(),
        rows=known.rows,
        answers=known.answers,
        evaluation=evaluate(
            touched.needed,
            _with_facts(values, touched.needed, submission.participation.inhabitants, len(known.rows)),
            known.rows,
        ),
        last=last.evaluation,
        rules=touched.rules,
        explanations=known.explanations,
        bounds=known.bounds,
        last_from=known.lineage.sentence(edition.year) if known.lineage else "",
        last_absent=last.absent,
    )


def _last(known: Known, touched: Touched, edition: Edition) -> Merged:
    questions = touched.needed_before
    if known.parts:
        parts = {name: _evaluated(one, questions) for name, one in known.parts.items()}
        return merged_under_new_codes(merge(questions, parts), edition.questions)
    return Merged(under_new_codes(_evaluated(known.before, questions), edition.questions))


def _evaluated(before: Before | None, questions: Sequence[Question]) -> Evaluation:
    if before is None:
        return NOTHING
    values = _with_facts(before.answers, questions, before.inhabitants, before.locations)
    return evaluate(questions, values, before.rows)


def _with_facts(
    values: Mapping[Key, Value], questions: Sequence[Question], inhabitants: int | None, locations: int
) -> Mapping[Key, Value]:
    """The facts of the registers that rules reckon with."""
    facts = {"participation.inhabitants": inhabitants, "participation.locations": locations}
    known = ((one.code, facts.get(one.register)) for one in questions)
    return {**values, **{(code, ""): Value.of(fact) for code, fact in known if fact is not None}}


def with_saved(known: Known, inputs: Inputs, saved: Saved) -> Known:
    """What is known once the entries that could be written have been."""
    answers = dict(known.answers)
    for entry in inputs.entries:
        if entry.key not in saved.versions:
            continue
        if entry.value is None:
            answers.pop(entry.key, None)
        else:
            version = saved.versions[entry.key]
            answers[entry.key] = Stored(entry.value, entry.is_estimate, entry.note, version=version)
    return replace(known, answers=answers)


def _told_otherwise(now: Delivery, earlier: Delivery) -> list[Key]:
    keys = {*now.signals_at, *earlier.signals_at}
    return sorted(key for key in keys if now.signals_at.get(key) != earlier.signals_at.get(key))


def patch_of(
    delivery: Delivery, touched: Touched, question: Question, row: str, earlier: Known | None = None
) -> Patch:
    """Only what stands on the page of the saved answer: its section, and its location where it has a page.

    `earlier`: what was known before the save. In a table of all locations, what is told of another may have changed.
    """
    here = [
        (one, key_row)
        for one in touched.questions
        if one.section == question.section and one.questionnaire == question.questionnaire
        for key_row in (delivery.rows if one.repeats else ("",))
        if not one.repeats or key_row == row
    ]
    own = delivery.questionnaire.questions
    section = delivery.questionnaire.section(question.section)
    told = [(code, row if own[code].repeats else "") for code in sorted(touched.judged)]
    if earlier and question.repeats and section and section.layout is Layout.TABLE:
        otherwise = _told_otherwise(delivery, delivery_for(earlier, touched))
        told += [key for key in otherwise if key[0] in touched.judged and key[1] != row]
    judged = [cell_of(delivery, own[code], at, is_open=True) for code, at in told]
    blocks = [part for part in parts_of(section) if isinstance(part, Block)] if section else []
    changed = {one.code for one, _ in here if one.role is BlockRole.LIBRARY_SHARE}
    split_anew = [block for block in blocks if changed.intersection(q.code for q in block.questions)]
    return Patch(
        computed=[cell_of(delivery, one, key_row, is_open=False) for one, key_row in here if one.formula],
        judged=judged,
        bars=[(block.total.code, share_of(delivery, block)) for block in split_anew],
        visible={
            element_id((one.code, key_row)): is_shown(delivery.evaluation, one, key_row)
            for one, key_row in here
        },
    )
