"""The year before, read under this year's codes: a successor takes its predecessor's value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from surveys.questionnaires.figures import Evaluation
from surveys.questionnaires.merged import Merged
from surveys.questionnaires.schema import Question
from surveys.values import Key


def code_before(question: Question) -> str:
    """The code under which last year's value of this question stands."""
    return question.replaces[0] if len(question.replaces) == 1 else question.code


def under_new_codes(evaluation: Evaluation, questions: Mapping[str, Question]) -> Evaluation:
    """The evaluation of the edition before, also under the codes of `questions`, which are this year's."""
    successors = _successors(questions)
    if not successors:
        return evaluation

    def renamed(keys: Iterable[Key]) -> dict[Key, Key]:
        return {(successors[code], row): (code, row) for code, row in keys if code in successors}

    visible, counted = evaluation.visible, evaluation.counted
    return Evaluation(
        {**visible, **{new: visible[old] for new, old in renamed(visible).items()}},
        {**counted, **{new: counted[old] for new, old in renamed(counted).items()}},
        evaluation.partial | renamed(evaluation.partial).keys(),
    )


def merged_under_new_codes(merged: Merged, questions: Mapping[str, Question]) -> Merged:
    """The same of organisations together, with what is absent."""
    successors, absent = _successors(questions), merged.absent
    renamed = {(successors[code], row): why for (code, row), why in absent.items() if code in successors}
    return Merged(under_new_codes(merged.evaluation, questions), {**absent, **renamed})


def _successors(questions: Mapping[str, Question]) -> Mapping[str, str]:
    return {code_before(one): one.code for one in questions.values() if len(one.replaces) == 1}
