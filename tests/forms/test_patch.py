"""After every save the page as patched says what the page says when it is read anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from random import Random

import pytest
from django.utils import timezone

from surveys.actions.answers import Entry, save_answers
from surveys.forms.cells import Cell, cell_of
from surveys.forms.inputs import Inputs
from surveys.forms.patch import delivery_for, patch_of, with_saved
from surveys.models import Answer, Location, Organisation, Participation, PeerBound, Source, Submission, User
from surveys.models.answer import to_hundredths
from surveys.permissions import Access
from surveys.queries.deliveries import Delivery, delivery_of
from surveys.queries.saving import Before, Known, known_for_save
from surveys.questionnaires.dependencies import Touched, dependencies, in_order, reads
from surveys.questionnaires.loader import edition_before, load_edition, years
from surveys.questionnaires.schema import Edition, Layout, Question
from surveys.rules.peers import COMBINED
from surveys.values import NO, YES, Key, Value
from surveys.workflow import Role
from tests.factories import YEAR, explain_all, make_library, make_user, submission_of, take_part
from tests.questionnaires.likely import ROWS, likely_year, something

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("year", years())
def test_every_fact_of_the_registers_that_a_rule_reads_is_supplied(year: int) -> None:
    """This year and last; a rule may also read it by way of a formula or a condition."""
    edition = load_edition(year)
    ahead = [code for rule in edition.rules for code in (*rule.needs, *rule.reads_last)]
    codes = set[str]()
    while ahead:
        code = ahead.pop()
        if code not in codes:
            codes.add(code)
            ahead += reads(edition.questions[code])
    facts = tuple(one for one in edition.questions.values() if one.register and one.code in codes)
    touched = Touched((), frozenset(), (), needed=facts, needed_before=facts)
    participation = Participation(round_id=year, inhabitants=21_000)
    known = Known(
        submission=Submission(participation=participation, questionnaire="bezit"),
        access=Access(Role.LIBRARY),
        rows=ROWS,
        answers={},
        before=Before({}, (), inhabitants=20_000, locations=3),
    )
    delivery = delivery_for(known, touched)
    assert len(facts) == 2
    assert delivery.evaluation.counted == {
        ("inwoners", ""): Value.of(21_000),
        ("locaties_aantal", ""): Value.of(2),
    }
    assert delivery.last.counted == {("inwoners", ""): Value.of(20_000), ("locaties_aantal", ""): Value.of(3)}


SEED, SAVES = 5, 32
"""Of each of two libraries. With this seed both fail when a finding that is silenced elsewhere is left as it was."""


@pytest.mark.parametrize("combined", [NO, YES], ids=["plain", "combined"])
def test_the_page_after_a_save_is_the_page_read_anew(combined: str) -> None:
    """A figure odd, mended, swapped, emptied; a question that comes or goes; beside reasons given before."""
    random = Random(f"{combined} {SEED}")
    library, user = _filled_library(combined, random)
    changed = 0
    for number in range(SAVES):
        questionnaire = random.choice(["bezit", "kernfuncties", "personeel", "financieel"])
        submission = submission_of(library, questionnaire)
        before = delivery_of(submission)
        question, row = _some_field(before, random)
        stood = _page(before, question, row)
        value = _other_value(before, (question.code, row), random)
        patched = stood | _patched(submission, user, question, row, value)
        anew = _page(delivery_of(submission), question, row)
        assert patched == anew, f"save {number}: {question.code} {row} to {value}"
        changed += any(stood[key][1] != messages for key, (_, messages, _) in anew.items())
    assert changed > SAVES / 4


def _patched(submission: Submission, user: User, question: Question, row: str, value: Value | None) -> _Page:
    year, questionnaire = submission.participation.round_id, submission.questionnaire
    touched = dependencies(load_edition(year), questionnaire, edition_before(year)).touched_by(question.code)
    isil = submission.participation.organisation.isil
    known = known_for_save(user, year=year, isil=isil, questionnaire=questionnaire, row=row, touched=touched)
    entry = Entry(question.code, row, value, known.answers.get((question.code, row)))
    saved = save_answers(submission=submission, entries=[entry], by=user, source=Source.FORM.value)
    delivery = delivery_for(with_saved(known, Inputs(entries=[entry]), saved), touched)
    patch = patch_of(delivery, touched, question, row, known)
    return {(one.question.code, one.row): _shown(one) for one in (*patch.judged, *patch.computed)}


_Page = dict[Key, tuple[str, list[tuple[object, ...]], bool]]
"""Of each field of the page its state and outcome, its messages, and whether one of these is still open."""


def _page(delivery: Delivery, question: Question, row: str) -> _Page:
    section = delivery.questionnaire.section(question.section)
    assert section is not None
    is_table = question.repeats and section.layout is Layout.TABLE
    cells = (
        cell_of(delivery, one, at, is_open=True)
        for one in section.questions
        for at in (delivery.rows if is_table else (row,))
    )
    return {(one.question.code, one.row): _shown(one) for one in cells}


def _shown(cell: Cell) -> tuple[str, list[tuple[object, ...]], bool]:
    messages: list[tuple[object, ...]] = [
        (one.finding, one.is_open, one.is_explained, one.is_stale, one.explanation, one.earlier)
        for one in cell.signals
    ]
    return f"{cell.state} {cell.text if cell.question.formula else ''}", messages, cell.has_signal


def _some_field(delivery: Delivery, random: Random) -> tuple[Question, str]:
    """Mostly a number that can be compared with last year's."""
    fields = list(_fields(delivery))
    compared = [one for one in fields if delivery.last.number((one[0].code, one[1]))]
    return random.choice(compared if compared and random.random() < 0.8 else fields)


def _fields(delivery: Delivery) -> Iterator[tuple[Question, str]]:
    for question in delivery.questionnaire.questions.values():
        for row in delivery.rows if question.repeats else ("",):
            if question.is_asked and delivery.evaluation.is_visible((question.code, row)):
                yield question, row


def _other_value(delivery: Delivery, key: Key, random: Random) -> Value | None:
    question, now = delivery.questions[key[0]], delivery.evaluation.number(key)
    if random.random() < 0.05:
        return None
    if question.labels and len(question.labels) > 1:
        text = delivery.evaluation.counted.get(key, Value.of("")).text
        return Value.of(random.choice([one for one in question.labels if one != text]))
    if now is None:
        return something(question, random)
    beside = (delivery.evaluation.number((one, key[1])) for one in delivery.context.closure.beside(key[0]))
    rows = (delivery.evaluation.number((key[0], row)) for row in delivery.rows if key[1])
    numbers = [
        now * 1_000,
        now / 1_000,
        now * 100,
        now * 3,
        -now,
        now + 1,
        Decimal(0),
        delivery.last.number(key),
    ]
    number = random.choice([one for one in (*numbers, *beside, *rows) if one is not None])
    return Value.of(number.quantize(Decimal(1).scaleb(-question.decimals)))


def _filled_library(combined: str, random: Random) -> tuple[Organisation, User]:
    """This year and last year, with the bounds of others, and a reason for what stands out in half of the lists."""
    library = make_library(locations=0)
    for row in ROWS:
        Location.objects.create(
            organisation=library, isil=row, name=row, address="Dorpsstraat 1", kind="Vestiging"
        )
    user = make_user(Role.LIBRARY, library)
    edition, earlier = load_edition(YEAR), edition_before(YEAR)
    assert earlier is not None
    year = likely_year(edition, in_order(edition.questions), in_order(earlier.questions), random)
    for one, values, inhabitants in ((earlier, year.last, 20_000), (edition, year.now, 21_000)):
        take_part(library, one.year, inhabitants=inhabitants)
        _write(library, one, {**values, (COMBINED, ""): Value.of(combined)})
    now = timezone.now()
    PeerBound.objects.bulk_create(
        PeerBound(
            round_id=YEAR - 1,
            rule=rule,
            group=group,
            count=bound.count,
            median=bound.median,
            mad=bound.mad,
            computed_at=now,
        )
        for (rule, group), bound in year.bounds.items()
    )
    for number, questionnaire in ((YEAR - 1, "bezit"), (YEAR, "bezit"), (YEAR, "personeel")):
        explain_all(submission_of(library, questionnaire, number), by=user)
    return library, user


def _write(library: Organisation, edition: Edition, values: Mapping[Key, Value]) -> None:
    lists = {one.questionnaire: one for one in _begun(library, edition.year)}
    Answer.objects.bulk_create(
        Answer(
            submission=lists[edition.questions[code].questionnaire],
            question=code,
            row=row,
            state=value.state.value,
            hundredths=to_hundredths(value.number),
            text=value.text,
            source=Source.FORM.value,
            version=1,
            changed_at=timezone.now(),
        )
        for (code, row), value in values.items()
        if edition.questions[code].is_stored
    )


def _begun(library: Organisation, year: int) -> list[Submission]:
    of_year = Submission.objects.filter(participation__organisation=library, participation__round_id=year)
    of_year.update(state="in_progress")
    return list(of_year)
