"""A delivered list about which the KB asks: one library with its people, two reviewers and a POI."""

from __future__ import annotations

from surveys.actions.answers import Entry, Gate, save_answers
from surveys.actions.remarks import draft_remark, send_drafts
from surveys.actions.submissions import approve, submit
from surveys.models import Organisation, Remark, Source, Submission, User
from surveys.queries.answers import answers_of
from surveys.queries.remarks import stand_of, with_conversation
from surveys.values import Value
from surveys.workflow import Role
from tests.factories import complete, make_library, make_poi, make_user, seen_at, submission_of, take_part

FIRST = {"vrijwilligers": 1, "vrijwilligers_uren": 3}
"""Answers of personeel about which nothing is odd."""


class World:
    """Personeel is delivered, with its profile."""

    def __init__(self) -> None:
        self.poi = make_poi()
        self.library: Organisation = make_library(locations=1, poi=self.poi)
        take_part(self.library)
        self.anna = make_user(Role.LIBRARY, self.library, name="Anna Bos")
        self.kees = make_user(Role.KB, name="Kees Berg")
        self.noor = make_user(Role.KB, name="Noor Wessenaar")
        self.piet = make_user(Role.POI, self.poi, name="Piet Oever")
        profile = submission_of(self.library, "profiel")
        complete(profile, {"gecombineerd": "nee"})
        submit(submission=profile, by=self.anna)
        complete(self.submission, FIRST)
        submit(submission=self.submission, by=self.anna)

    @property
    def submission(self) -> Submission:
        return submission_of(self.library, "personeel")

    def draft(self, text: str = "Klopt dit?", question: str = "vrijwilligers", **more: object) -> Remark:
        given: dict[str, object] = {"by": self.kees, "question": question, **more}
        return draft_remark(submission=self.submission, text=text, **given)

    def ask(self, text: str = "Klopt dit?", question: str = "vrijwilligers", **more: object) -> Remark:
        remark = self.draft(text, question, **more)
        send_drafts(submission=self.submission, only=[remark.pk])
        return self.now(remark)

    @staticmethod
    def now(remark: Remark) -> Remark:
        return with_conversation(Remark.objects.filter(pk=remark.pk)).get()

    def seen(self, remark: Remark) -> str:
        return stand_of(self.now(remark))

    def entry(self, number: int | None, question: str = "vrijwilligers") -> Entry:
        before = answers_of(self.submission).get((question, ""))
        return Entry(question, "", None if number is None else Value.of(number), before)

    def correct_silently(self, number: int, by: User) -> None:
        """As the KB does, without all the checks."""
        save_answers(
            submission=self.submission,
            entries=[self.entry(number)],
            by=by,
            source=Source.KB.value,
            reason="Nageteld bij de bibliotheek.",
            gate=Gate.CORRECTING,
        )

    def approve(self) -> Submission:
        return approve(submission=self.submission, by=self.kees, seen=seen_at(self.submission))
