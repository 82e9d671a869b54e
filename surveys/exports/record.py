"""What an export needs to know of one organisation's year; queries.year.YearRecord is such a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from surveys.questionnaires.figures import Evaluation
from surveys.values import Key
from surveys.workflow import SubmissionState


class Named(Protocol):
    """A location: its code and its name."""

    @property
    def isil(self) -> str: ...
    @property
    def name(self) -> str: ...


class Kept(Protocol):
    """An answer as it is stored, with what stands beside its value."""

    @property
    def is_estimate(self) -> bool: ...
    @property
    def note(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def changed_at(self) -> datetime | None: ...


class Record(Protocol):
    """What one organisation has given about a year."""

    @property
    def isil(self) -> str: ...
    @property
    def organisation(self) -> str: ...
    @property
    def province(self) -> str: ...
    @property
    def is_combined(self) -> bool: ...
    @property
    def states(self) -> Mapping[str, SubmissionState]: ...
    @property
    def locations(self) -> Sequence[Named]: ...
    @property
    def answers(self) -> Mapping[str, Mapping[Key, Kept]]: ...
    @property
    def evaluation(self) -> Evaluation: ...
