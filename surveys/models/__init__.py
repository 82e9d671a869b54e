"""What is kept. Rules of the house: no logic in save(), the database holds the truth by constraints."""

from surveys.models.account import Membership, User
from surveys.models.answer import Answer, AnswerChange, Source
from surveys.models.check import Effect, Event, EventKind, Explanation, PeerBound, Reason
from surveys.models.organisation import PROVINCES, Location, Organisation
from surveys.models.round import Participation, Round, Window
from surveys.models.submission import Submission, Transition

__all__ = [
    "PROVINCES",
    "Answer",
    "AnswerChange",
    "Effect",
    "Event",
    "EventKind",
    "Explanation",
    "Location",
    "Membership",
    "Organisation",
    "Participation",
    "PeerBound",
    "Reason",
    "Round",
    "Source",
    "Submission",
    "Transition",
    "User",
    "Window",
]
