"""May this user see, fill in, submit, review. Predicates only; closed by default."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.models import Submission
from surveys.questionnaires.schema import PROFILE
from surveys.workflow import OPEN, STEPS, Role


@dataclass(frozen=True, slots=True)
class Access:
    """What a user is to an organisation; no role: a stranger."""

    role: Role | None
    questionnaires: frozenset[str] = frozenset()
    """Codes of the questionnaires this user fills in; empty: all of them."""


STRANGER = Access(None)


def may_see(access: Access) -> bool:
    return access.role is not None


def may_fill_in(access: Access, submission: Submission) -> bool:
    """The library's own people, for their questionnaires and the shared profile, while it is open."""
    if access.role is not Role.LIBRARY or submission.current_state not in OPEN:
        return False
    own = access.questionnaires
    return not own or submission.questionnaire in own or submission.questionnaire == PROFILE


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


def may_export(access: Access) -> bool:
    """Takes the figures of all libraries out."""
    return access.role is Role.KB


def may_weigh_rules(access: Access) -> bool:
    """Sees what each rule came to over all libraries, and decides which ones stay."""
    return access.role is Role.KB
