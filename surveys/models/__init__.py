"""What is kept. Rules of the house: no logic in save(), the database holds the truth by constraints."""

from surveys.models.account import Membership, User
from surveys.models.answer import Answer, AnswerChange, Source
from surveys.models.check import Effect, Event, EventKind, Explanation, PeerBound, Reason
from surveys.models.contact import ContactKind, ContactMoment, Reminder, ReminderKind
from surveys.models.organisation import PROVINCES, Location, Organisation
from surveys.models.release import Release, ReleaseRecord, ReleaseStatus
from surveys.models.remark import Remark, ReopenedAnswer, Reply
from surveys.models.round import Participation, Round, Window
from surveys.models.submission import Extension, Submission, Transition
from surveys.models.succession import ChangeKind, LocationMove, OrganisationChange, Succession

__all__ = [
    "PROVINCES",
    "Answer",
    "AnswerChange",
    "ChangeKind",
    "ContactKind",
    "ContactMoment",
    "Effect",
    "Event",
    "EventKind",
    "Explanation",
    "Extension",
    "Location",
    "LocationMove",
    "Membership",
    "Organisation",
    "OrganisationChange",
    "Participation",
    "PeerBound",
    "Reason",
    "Release",
    "ReleaseRecord",
    "ReleaseStatus",
    "Remark",
    "Reminder",
    "ReminderKind",
    "ReopenedAnswer",
    "Reply",
    "Round",
    "Source",
    "Submission",
    "Succession",
    "Transition",
    "User",
    "Window",
]
