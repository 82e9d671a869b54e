"""A remark as the KB and a POI see it: what was said, and what this user can do with it now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from surveys.forms.asking import SayForm
from surveys.models import Participation, Remark, Submission, User
from surveys.permissions import Access, may_ask, may_comment
from surveys.queries.histories import Change, corrections_in
from surveys.queries.remarks import stand_of
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import Edition, Question
from surveys.values import Key, Value, format_value
from surveys.workflow import RemarkState, Role


@dataclass(frozen=True, slots=True)
class Talk:
    """`about`: None for the whole list. `opened`: what the library may change with it. `form`: where words can be added.

    `move`: what those words do. `close_form`: where is said why it is closed without an answer. `is_untold`: no mail
    about it was taken.
    """

    remark: Remark
    about: Question | None
    row_name: str
    opened: Sequence[str]
    url: str
    form: SayForm | None
    move: str
    may_close: bool
    may_assign: bool
    close_form: SayForm | None = None
    is_untold: bool = False

    @property
    def stand(self) -> str:
        return stand_of(self.remark)

    @property
    def is_draft(self) -> bool:
        return self.remark.current_state is RemarkState.DRAFT

    @property
    def say(self) -> str:
        return "Opnieuw vragen" if self.move == "opnieuw" else "Reageren"


Refused = Mapping[int, SayForm]
"""By the number of their remark: the forms that were refused, with what was typed."""


def place_of(submission: Submission) -> dict[str, Any]:
    """What the address of a list is made of; its participation and organisation have been read."""
    participation = submission.participation
    return {
        "year": participation.round_id,
        "isil": participation.organisation.isil,
        "questionnaire": submission.questionnaire,
    }


def answer_url(submission: Submission, question: str, row: str) -> str:
    """The page about one answer; without a question that of all remarks of the list."""
    place = place_of(submission)
    if not question:
        return reverse("list_remarks", kwargs=place)
    if row:
        return reverse("answer_page_row", kwargs={**place, "code": question, "row": row})
    return reverse("answer_page", kwargs={**place, "code": question})


def talk_of(
    remark: Remark,
    access: Access,
    edition: Edition,
    rows: Mapping[str, str],
    refused: Refused | None = None,
    *,
    is_untold: bool = False,
) -> Talk:
    """`rows`: the names of the locations."""
    about = edition.questions.get(remark.question)
    is_open = remark.current_state is RemarkState.OPEN
    is_answered = remark.current_state is RemarkState.ANSWERED
    asks_again = remark.is_to_library and is_answered and may_ask(access)
    replies = not remark.is_to_library and is_open and (may_ask(access) or may_comment(access))
    form = None
    if asks_again or replies:
        form = (refused or {}).get(remark.pk) or SayForm(
            name=f"v{remark.pk}", label="Wat wilt u nog weten?" if asks_again else "Uw reactie"
        )
    close_form = None
    if remark.is_to_library and is_open and may_ask(access):
        close_form = (refused or {}).get(remark.pk) or SayForm(
            name=f"v{remark.pk}", label="Waarom zonder antwoord?"
        )
    submission = remark.submission
    return Talk(
        remark=remark,
        about=about,
        row_name=rows.get(remark.row, ""),
        opened=labels_of(((one.question, one.row) for one in remark.reopened.all()), edition, rows),
        url=f"{answer_url(submission, remark.question, remark.row)}#v{remark.pk}",
        form=form,
        move="opnieuw" if asks_again else "reageren",
        may_close=may_ask(access) and (is_open or is_answered),
        may_assign=may_ask(access) and remark.current_state is not RemarkState.CLOSED,
        close_form=close_form,
        is_untold=is_untold,
    )


_MOST_ROWS = 3


def labels_of(keys: Iterable[Key], edition: Edition, rows: Mapping[str, str]) -> list[str]:
    """Each question once: with the names of its locations, or how many they are. `rows`: the names of all of them."""
    places: dict[str, list[str]] = {}
    for code, row in keys:
        places.setdefault(code, []).extend([rows.get(row, row)] if row else [])
    found = []
    for code, names in places.items():
        question = edition.questions[code]
        where = ", ".join(names) if len(names) <= _MOST_ROWS else f"{len(names)} locaties"
        found.append(f"{question.number} {question.label}" + (f" ({where})" if where else ""))
    return found


def kb_people() -> list[User]:
    """Who can follow up. One query."""
    return list(
        User.objects.filter(memberships__role=Role.KB.value, is_active=True).distinct().order_by("name")
    )


def about_in_words(remark: Remark) -> str:
    """'De vraag over 16.1 Bezoeken'; its list has been read."""
    what = "De vraag" if remark.is_to_library else "De opmerking"
    edition = load_edition(remark.submission.participation.round_id)
    question = edition.questions.get(remark.question)
    list_title = edition.by_code[remark.submission.questionnaire].title
    return (
        f"{what} over {f'{question.number} {question.label}' if question else f'de hele lijst {list_title}'}"
    )


@dataclass(frozen=True, slots=True)
class AskedLink:
    """A question that waits for the library, and where it is answered."""

    remark: Remark
    about: Question | None
    url: str


def asked_links(remarks: Iterable[Remark]) -> list[AskedLink]:
    return [
        AskedLink(
            one,
            load_edition(one.submission.participation.round_id).questions.get(one.question),
            reverse("asked", kwargs={**place_of(one.submission), "remark": one.pk}) + "#antwoord",
        )
        for one in remarks
    ]


@dataclass(frozen=True, slots=True)
class Corrected:
    """An answer that the KB corrected, as the library reads it."""

    label: str
    before: str
    after: str
    change: Change


def corrected_in(participation: Participation) -> Mapping[str, Sequence[Corrected]]:
    """By questionnaire. One query, and one for the names of locations when an answer of one was corrected."""
    questions = load_edition(participation.round_id).questions
    found = corrections_in(participation)
    has_rows = any(change.key[1] for changes in found.values() for change in changes)
    names = dict(participation.organisation.locations.values_list("isil", "name")) if has_rows else {}
    return {
        code: [_corrected(change, questions, names) for change in changes] for code, changes in found.items()
    }


def _corrected(change: Change, questions: Mapping[str, Question], names: Mapping[str, str]) -> Corrected:
    code, row = change.key
    question = questions[code]
    where = f" ({names[row]})" if row in names else ""
    before, after = (value_text(question, one) for one in (change.before, change.after))
    return Corrected(f"{question.number} {question.label}{where}", before, after, change)


def value_text(question: Question, value: Value | None) -> str:
    """'leeg' for no answer."""
    return format_value(value, question.kind, question.labels) if value else "leeg"
