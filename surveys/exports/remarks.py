"""The sheet Opmerkingen: what was asked about answers and what was said to it, by side and without names. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from surveys.exports.record import Told
from surveys.exports.table import WHO, Column, Format, Row, Table, moment_of, who_of
from surveys.questionnaires.schema import Edition, Questionnaire
from surveys.workflow import Audience, Role

NAME = "Opmerkingen"
SIDES = {Role.KB: "KB", Role.LIBRARY: "bibliotheek", Role.POI: "POI"}
_FIRST = {Audience.LIBRARY: Role.KB, Audience.KB: Role.POI}
"""Who begins: the KB asks a library, a POI remarks to the KB."""


def remarks(edition: Edition, questionnaires: Sequence[Questionnaire], *, zone: tzinfo) -> Table[Told]:
    """One row per remark, followed by one per reply; `nummer` counts the remarks of an organisation."""
    codes = {one.code for one in questionnaires}

    def rows_of(told: Told) -> Iterator[Row]:
        who = who_of(told.record, edition.year)
        chosen = (one for one in told.remarks if one.questionnaire in codes)
        for number, one in enumerate(chosen, 1):
            question = edition.questions.get(one.question)
            about = (
                *who,
                number,
                one.questionnaire,
                one.question or None,
                one.row or None,
                question.label if question else None,
                one.audience.word,
                one.state.word,
            )
            closed = moment_of(one.closed_at, zone)
            yield (*about, moment_of(one.asked_at, zone), SIDES[_FIRST[one.audience]], one.text, closed)
            for reply in one.replies:
                yield (*about, moment_of(reply.at, zone), SIDES[reply.side], reply.text, closed)

    columns = (
        *WHO,
        Column("nummer", 9, Format.PLAIN),
        Column("vragenlijst", 13),
        Column("code", 30),
        Column("vestiging", 16),
        Column("omschrijving", 40),
        Column("aan", 12),
        Column("stand", 18),
        Column("moment", 17, Format.MOMENT),
        Column("van", 12),
        Column("tekst", 60),
        Column("afgesloten_op", 17, Format.MOMENT),
    )
    return Table(NAME, columns, rows_of)
