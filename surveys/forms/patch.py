"""What the page must change after one answer was saved: never the field that somebody may be typing in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from surveys.actions.answers import Saved
from surveys.forms.cells import Cell, cell_of, element_id, is_shown
from surveys.forms.inputs import Inputs
from surveys.forms.items import Share, share_of
from surveys.queries.answers import Stored
from surveys.queries.deliveries import Delivery
from surveys.queries.saving import Known
from surveys.questionnaires.before import under_new_codes
from surveys.questionnaires.dependencies import Touched
from surveys.questionnaires.figures import Evaluation, evaluate
from surveys.questionnaires.layout import Block, parts_of
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import BlockRole, Edition, Question
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
    return Delivery(
        submission=submission,
        edition=edition,
        questionnaire=edition.by_code[submission.questionnaire],
        locations=(),
        rows=known.rows,
        answers=known.answers,
        evaluation=evaluate(
            touched.needed,
            _with_inhabitants(values, touched.needed, submission.participation.inhabitants),
            known.rows,
        ),
        last=_last(known, touched, edition),
        rules=touched.rules,
        explanations=known.explanations,
        bounds=known.bounds,
    )


def _last(known: Known, touched: Touched, edition: Edition) -> Evaluation:
    if not known.answers_before:
        return NOTHING
    rows = sorted({row for _, row in known.answers_before if row})
    values = _with_inhabitants(known.answers_before, touched.needed_before, known.inhabitants_before)
    return under_new_codes(evaluate(touched.needed_before, values, rows), edition.questions)


def _with_inhabitants(
    values: Mapping[Key, Value], questions: Sequence[Question], inhabitants: int | None
) -> Mapping[Key, Value]:
    """The one fact of the registers that rules reckon with."""
    if inhabitants is None:
        return values
    shown = [one.code for one in questions if one.register == "participation.inhabitants"]
    return {**values, **{(code, ""): Value.of(inhabitants) for code in shown}}


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


def patch_of(delivery: Delivery, touched: Touched, question: Question, row: str) -> Patch:
    """Only what stands on the page of the saved answer: its section, and its location where it has a page."""
    here = [
        (one, key_row)
        for one in touched.questions
        if one.section == question.section and one.questionnaire == question.questionnaire
        for key_row in (delivery.rows if one.repeats else ("",))
        if not one.repeats or key_row == row
    ]
    own = delivery.questionnaire.questions
    judged = [
        cell_of(delivery, own[code], row if own[code].repeats else "", is_open=True)
        for code in sorted(touched.judged)
        if code in own and own[code].section == question.section
    ]
    section = delivery.questionnaire.section(question.section)
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
