"""The sheet Signalen: what stood out in what is delivered, with what the library said of it, and slips repaired. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from math import isfinite

from surveys.exports.record import Judged, Told, Undone
from surveys.exports.table import WHO, Cell, Column, Format, Row, Table, cell_of, moment_of, who_of
from surveys.questionnaires.schema import Edition, Questionnaire
from surveys.values import NO, YES, Key, Value

NAME = "Signalen"


def signals(edition: Edition, questionnaires: Sequence[Questionnaire], *, zone: tzinfo) -> Table[Told]:
    """One row per finding of a delivered list, and one per answer that a repair changed."""
    codes = [one.code for one in questionnaires]

    def rows_of(told: Told) -> Iterator[Row]:
        who = who_of(told.record, edition.year)
        for code in codes:
            for one in told.signals.get(code, ()):
                yield (*who, code, *_finding(edition, told, one, zone))
            for repair in told.repaired:
                if repair.questionnaire == code:
                    yield (*who, code, *_repair(edition, repair, zone))

    columns = (
        *WHO,
        Column("vragenlijst", 13),
        Column("soort", 10),
        Column("controle", 30),
        Column("code", 30),
        Column("vestiging", 16),
        Column("omschrijving", 40),
        Column("melding", 60),
        Column("waarde", 14, Format.PLAIN),
        Column("vorig_jaar", 14, Format.PLAIN),
        Column("afwijking", 11, Format.DECIMAL),
        Column("stand", 28),
        Column("reden", 30),
        Column("uitleg", 50),
        Column("uitleg_bij", 30),
        Column("overgenomen", 13),
        Column("gebeurtenis", 40),
        Column("was", 14, Format.PLAIN),
        Column("moment", 17, Format.MOMENT),
    )
    return Table(NAME, columns, rows_of)


def _finding(edition: Edition, told: Told, one: Judged, zone: tzinfo) -> tuple[Cell, ...]:
    finding, given = one.finding, one.explanation
    said: tuple[Cell, ...] = (None,) * 5
    if given is not None:
        said = (
            given.reason.label,
            given.text,
            given.figures,
            YES if given.is_confirmed else NO,
            str(given.event) if given.event else None,
        )
    return (
        "fout" if one.is_error else "signaal",
        finding.code,
        *_about(edition, finding.anchor),
        finding.message,
        _number(edition, finding.anchor, told.record.evaluation.counted.get(finding.anchor)),
        _number(edition, finding.anchor, told.last.counted.get(finding.anchor)),
        round(finding.deviation, 2) if isfinite(finding.deviation) else None,
        _stand(one),
        *said,
        None,
        moment_of(given.at if given else None, zone),
    )


def _stand(one: Judged) -> str:
    if one.explanation is None:
        return "open"
    return "toegelicht" if one.is_explained else "toegelicht voor andere cijfers"


def _repair(edition: Edition, one: Undone, zone: tzinfo) -> tuple[Cell, ...]:
    return (
        "hersteld",
        None,
        *_about(edition, one.key),
        one.what,
        _number(edition, one.key, one.after),
        None,
        None,
        "hersteld",
        *(None,) * 5,
        _number(edition, one.key, one.before),
        moment_of(one.at, zone),
    )


def _about(edition: Edition, key: Key) -> tuple[str, str | None, str | None]:
    """Question, row and label; of a question that is not asked any more no label."""
    code, row = key
    question = edition.questions.get(code)
    return (code, row or None, question.label if question else None)


def _number(edition: Edition, key: Key, value: Value | None) -> Cell:
    question = edition.questions.get(key[0])
    return cell_of(value, question.kind) if question and question.kind.is_number else None
