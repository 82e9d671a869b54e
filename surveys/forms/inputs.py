"""From what was posted to entries that can be written: parsed, compared with what stands there, faults named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from surveys.actions.answers import Entry
from surveys.forms.cells import field_name
from surveys.queries.answers import Stored
from surveys.questionnaires.schema import Question
from surveys.values import InputError, Key, Value, clean_text, parse

NOTE_LENGTH = 1000
_VERSION = re.compile(r"[0-9]{1,16}")
"""Microseconds since the epoch: more digits are no moment that a calendar has."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed in one field, and the version of the answer they saw."""

    text: str
    version: int
    is_estimate: bool
    note: str


@dataclass(slots=True)
class Inputs:
    """`entries` to write; `errors` by field; `stale`: fields in which a colleague was first."""

    typed: dict[Key, Typed] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    errors: dict[Key, str] = field(default_factory=dict)
    stale: list[Key] = field(default_factory=list)


def read_inputs(
    data: Mapping[str, str],
    fields: Iterable[tuple[Question, str]],
    stored: Mapping[Key, Stored],
    seen: Callable[[Key, int], Stored | None],
) -> Inputs:
    """Read `fields` (question, row) from the posted data; a field that was not posted is left alone.

    `seen` tells what stood in a field at the version that the page showed: who left it so did not touch it, and
    is in nobody's way.
    """
    inputs = Inputs()
    for question, row in fields:
        key = (question.code, row)
        name = field_name(key)
        if f"{name}~v" not in data:
            continue
        typed = inputs.typed[key] = _typed(data, name)
        before = stored.get(key)
        try:
            value = parse(typed.text, question.limits)
            _check_remark(typed, value)
        except InputError as error:
            inputs.errors[key] = str(error)
            continue
        if _is_same(typed, value, before):
            continue
        if typed.version != (before.version if before else 0):
            if not _is_same(typed, value, seen(key, typed.version)):
                inputs.stale.append(key)
            continue
        inputs.entries.append(Entry(question.code, row, value, before, typed.is_estimate, typed.note))
    return inputs


def _typed(data: Mapping[str, str], name: str) -> Typed:
    version = data[f"{name}~v"]
    return Typed(
        text="" if f"{name}~c" in data else data.get(name, ""),
        version=int(version) if _VERSION.fullmatch(version) else 0,
        is_estimate=f"{name}~e" in data,
        note=clean_text(data.get(f"{name}~n", "")),
    )


def _check_remark(typed: Typed, value: Value | None) -> None:
    if len(typed.note) > NOTE_LENGTH:
        raise InputError(
            f"De notitie is {len(typed.note)} tekens lang; er passen er {NOTE_LENGTH}. Kort haar in."
        )
    if value is None and (typed.note or typed.is_estimate):
        raise InputError("Bij deze notitie of schatting ontbreekt het antwoord. Vul eerst het antwoord in.")


def _is_same(typed: Typed, value: Value | None, before: Stored | None) -> bool:
    if before is None:
        return value is None
    return (value, typed.is_estimate, typed.note) == (before.value, before.is_estimate, before.note)
