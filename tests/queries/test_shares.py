"""The library's share: whole results over a few small institutions."""

from decimal import Decimal

import pytest

from surveys.queries.shares import Group, LibraryShares, Share, library_shares
from surveys.queries.year import YearRecord
from surveys.questionnaires.figures import Evaluation
from surveys.questionnaires.schema import PROFILE, Edition, Question, Questionnaire, Section
from surveys.values import Kind, Value
from surveys.workflow import SubmissionState

VISITS = Question(
    code="bezoeken", label="Bezoeken", kind=Kind.INTEGER, guidance="Wie kwam lenen …", questionnaire="bezit"
)
INCOME = Question(
    code="baten", label="Baten", kind=Kind.EURO, guidance="Kaartverkoop …", questionnaire="financieel"
)


def _list(code: str, *questions: Question) -> Questionnaire:
    section = Section(code="deel", title="Deel", intro="", questions=questions)
    return Questionnaire(code=code, year=2022, title=code, intro="", audience="", sections=(section,))


EDITION = Edition(
    year=2022,
    profile=_list(PROFILE),
    lists=(_list("bezit", VISITS), _list("financieel", INCOME)),
    key_items=("bezoeken", "baten"),
)


def _record(
    *, combined: bool, figures: dict[str, int], bezit: str = "submitted", financieel: str = "approved"
) -> YearRecord:
    counted = {(code, ""): Value.of(number) for code, number in figures.items()}
    return YearRecord(
        isil="",
        organisation="",
        province="",
        participation_id=1,
        is_combined=combined,
        states={"bezit": SubmissionState(bezit), "financieel": SubmissionState(financieel)},
        locations=(),
        answers={},
        evaluation=Evaluation({}, counted, frozenset()),
    )


THEATRE = _record(
    combined=True, figures={"bezoeken": 1000, "bezoeken_bib": 900, "baten": 500, "baten_bib": 400}
)
UNKNOWN_SPLIT = _record(combined=True, figures={"bezoeken": 700, "baten": 100, "baten_bib": 100})
PLAIN = _record(
    combined=False, figures={"bezoeken": 3000, "bezoeken_bib": 3000, "baten": 500, "baten_bib": 500}
)
BUSY = _record(
    combined=False, figures={"bezoeken": 9, "bezoeken_bib": 9}, bezit="in_progress", financieel="not_started"
)


def test_shares_of_combined_and_of_all() -> None:
    shares = library_shares(EDITION, [THEATRE, UNKNOWN_SPLIT, PLAIN, BUSY])
    keys = ("bezoeken", "baten")
    assert shares == LibraryShares(
        combined=Group(
            2,
            (
                Share(VISITS, Decimal(1000), Decimal(900), counted=1, left_out=1),
                Share(INCOME, Decimal(600), Decimal(500), counted=2, left_out=0),
            ),
            keys,
        ),
        all=Group(
            4,
            (
                Share(VISITS, Decimal(4000), Decimal(3900), counted=2, left_out=1),
                Share(INCOME, Decimal(1100), Decimal(1000), counted=3, left_out=0),
            ),
            keys,
        ),
    )


def test_the_parts_of_a_share_add_up() -> None:
    share = library_shares(EDITION, [THEATRE]).combined.shares[0]
    assert (share.total, share.non_library, share.library) == (1000, 100, 900)
    assert share.percentage == 90


def test_overall_is_the_unweighted_mean_of_the_key_items() -> None:
    group = library_shares(EDITION, [THEATRE]).combined
    assert [share.percentage for share in group.key_shares] == [90, 80]
    assert group.overall == 85


@pytest.mark.parametrize("records", [[], [BUSY], [UNKNOWN_SPLIT]])
def test_overall_is_a_gap_while_one_key_item_is(records: list[YearRecord]) -> None:
    assert library_shares(EDITION, records).all.overall is None
