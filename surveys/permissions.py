"""May this user see, fill in, submit, review. Predicates only; closed by default."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from surveys.models import Submission
from surveys.questionnaires.schema import PROFILE
from surveys.workflow import OPEN, REMARK_STEPS, STEPS, Role


@dataclass(frozen=True, slots=True)
class Access:
    """What a user is to an organisation; no role: a stranger."""

    role: Role | None
    questionnaires: frozenset[str] = frozenset()
    """Codes of the questionnaires this user fills in; empty: all of them."""

    def fills_in(self, questionnaire: str) -> bool:
        """One of the library's own people, for their questionnaires and the shared profile."""
        own = self.questionnaires
        return self.role is Role.LIBRARY and (not own or questionnaire in own or questionnaire == PROFILE)


STRANGER = Access(None)


def may_see(access: Access) -> bool:
    return access.role is not None


def may_fill_in(access: Access, submission: Submission) -> bool:
    """The library's own people, for their questionnaires and the shared profile, while it is open.

    Open by its state, and today by its dates: the submission must have been read with its term. Whoever went on as
    another organisation in that year fills it in there.
    """
    if submission.current_state not in OPEN or not access.fills_in(submission.questionnaire):
        return False
    if submission.participation_id and submission.participation.ended_by_id:
        return False
    return submission.term.is_open(timezone.localdate())


def may_submit(access: Access, submission: Submission) -> bool:
    return may_fill_in(access, submission)


def may_tell_events(access: Access) -> bool:
    """Adds to the timeline of the library: its own people, whichever lists they fill in."""
    return access.role is Role.LIBRARY


OVERSEERS = frozenset({Role.KB, Role.POI})


def may_oversee(access: Access) -> bool:
    """Reads along with libraries: the KB with all, a POI with those it supports."""
    return access.role in OVERSEERS


def may_approve(access: Access) -> bool:
    """Says of a list that it has been checked; whether this list can be approved now, the action tells."""
    return access.role is STEPS["approve"].role


def may_send_back(access: Access) -> bool:
    """Gives a delivered list back to the library."""
    return access.role is STEPS["return"].role


def may_take(access: Access) -> bool:
    """Takes a delivered list on the own name, to look it through."""
    return access.role is STEPS["approve"].role


def may_ask(access: Access) -> bool:
    """Puts questions to a library about its answers, follows them up, corrects and explains."""
    return access.role in REMARK_STEPS["send"].roles


def may_comment(access: Access) -> bool:
    """Remarks something to the KB about a library it supports."""
    return access.role is Role.POI


def may_answer(access: Access, submission: Submission) -> bool:
    """Answers the KB's questions about this list, also when it is delivered or closed: the KB asked."""
    return access.fills_in(submission.questionnaire)


def may_set_terms(access: Access) -> bool:
    """Sets the dates of a round, and gives a library more time."""
    return access.role is Role.KB


def may_keep_contact(access: Access) -> bool:
    """Mails libraries from the desk, and writes in the contact log; a POI reads it."""
    return access.role is Role.KB


def may_name_contact(access: Access, questionnaire: str) -> bool:
    """Says who of the library the KB turns to about a list: those who fill it in."""
    return access.fills_in(questionnaire)


def may_export(access: Access) -> bool:
    """Takes the figures of all libraries out."""
    return access.role is Role.KB


def may_release(access: Access) -> bool:
    """Gives the figures of a year out, and compares what was given out with what stands there."""
    return access.role is Role.KB


def may_weigh_rules(access: Access) -> bool:
    """Sees what each rule came to over all libraries, and decides which ones stay."""
    return access.role is Role.KB


def may_change_organisations(access: Access) -> bool:
    """Records mergers, splits, closures and new names."""
    return access.role is Role.KB
