"""Whole institution or library: a total that no longer speaks of the same as last year is asked first."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.rule import Rule, RuleKind
from surveys.questionnaires.schema import Edition
from surveys.rules import Finding, Outcome, Slip, SlipKind, all_findings, judge
from surveys.rules.context import Context, Repair
from surveys.values import NOT_APPLICABLE, UNKNOWN, Value
from tests.questionnaires.definitions import write_edition
from tests.rules.world import HOLDS, SILENT, Answers, Scalar, context, said

GATE = ("boeken_nb_zit_erin", "")


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return load_edition(2001, write_edition(tmp_path_factory.mktemp("editions")))


@pytest.fixture(scope="module")
def omvang(edition: Edition) -> Rule:
    """As every block makes it; of boeken, which is typed."""
    return next(one for one in edition.rules if one.code == "boeken_omvang")


def year(total: Scalar | None, part: int | None = 0, **more: Scalar) -> Answers:
    """Books, and how many of them are not the library's: 0 for none, None for not said yet."""
    answers: dict[str, Scalar] = {"heeft_collectie": "ja", "gecombineerd": "ja"}
    if total is not None:
        answers["boeken"] = total
    if part is not None:
        answers["boeken_nb_zit_erin"] = "ja" if part else "nee"
    if part:
        answers |= {"boeken_nb_invoer": "aantal", "boeken_nb_aantal": part}
    return {**answers, **more}


def world(edition: Edition, now: Answers, last: Answers | None) -> Context:
    return context(now, last, questions=edition.questions, rules=edition.rules)


def test_every_total_has_one(edition: Edition, omvang: Rule) -> None:
    assert [one.code for one in edition.rules if one.kind is RuleKind.SCOPE] == [
        f"{total.code}_omvang" for total in edition.totals
    ]
    assert (omvang.left, omvang.right, omvang.margin) == (
        ("boeken",),
        ("boeken_bib", "boeken_niet_bib", "boeken_nb_zit_erin"),
        2,
    )


GONE = "Vorig jaar hoorde van ‘Boeken: totaal’ 12% (1.200) niet bij de bibliotheek, dit jaar niets."
ONLY_LIBRARY = (
    "‘Boeken: totaal’ ({}) lijkt op het bibliotheekdeel van vorig jaar (6.000), niet op het totaal van de hele "
    "instelling (10.000)."
)
NEW = (
    "Van ‘Boeken: totaal’ hoort nu 12% (1.200) niet bij de bibliotheek, vorig jaar bijna niets, terwijl het totaal "
    "ongeveer gelijk bleef ({}). Was dat deel er vorig jaar ook al? Zeg dat dan."
)


@pytest.mark.parametrize(
    ("now", "last", "message"),
    [
        # The part is gone.
        pytest.param(year(10_000), year(10_000, 1200), GONE, id="gone"),
        pytest.param(year(13_000), year(10_000, 1200), GONE, id="gone, and the total grew"),
        pytest.param(year(8800), year(10_000, 200), HOLDS, id="gone, but it was next to nothing"),
        pytest.param(
            year(10_000),
            year(10_000, 201),
            GONE.replace("12% (1.200)", "2% (201)"),
            id="gone, and it was just something",
        ),
        pytest.param(
            year(6500),
            year(10_000, 4000),
            (
                "Vorig jaar hoorde van ‘Boeken: totaal’ 40% (4.000) niet bij de bibliotheek, dit jaar niets. Het totaal "
                "(6.500) lijkt op het bibliotheekdeel van vorig jaar (6.000): is het alleen voor de bibliotheek ingevuld?"
            ),
            id="gone, and the total is the library's",
        ),
        pytest.param(
            year(9200), year(10_000, 1200), GONE, id="gone, and the total is as near to the library's as to the whole"
        ),
        # The part is there, but the total is about last year's library part.
        pytest.param(year(6500, 500), year(10_000, 4000), ONLY_LIBRARY.format("6.500"), id="only the library"),
        pytest.param(year(6600, 500), year(10_000, 4000), ONLY_LIBRARY.format("6.600"), id="just the library"),
        pytest.param(year(6601, 500), year(10_000, 4000), HOLDS, id="more than the library"),
        pytest.param(year(5400, 500), year(10_000, 4000), ONLY_LIBRARY.format("5.400"), id="hardly the library"),
        pytest.param(year(5399, 500), year(10_000, 4000), HOLDS, id="less than the library"),
        pytest.param(year(9200, 1000), year(10_000, 1200), HOLDS, id="the library is nearly the whole"),
        pytest.param(year(8850, 100), year(10_000, 200), HOLDS, id="less than it was, with next to nothing beside it"),
        pytest.param(
            year(8850, 100),
            year(10_000, 201),
            ONLY_LIBRARY.format("8.850").replace("6.000", "9.799"),
            id="less than it was, with just something beside it",
        ),
        pytest.param(year(1), year(1, 1), GONE.replace("12% (1.200)", "100% (1)"), id="one"),
        pytest.param(year(11_000, 1400), year(10_000, 1200), HOLDS, id="an ordinary year"),
        # A part comes where none was, and the total did not grow with it.
        pytest.param(year(10_000, 1200), year(10_000), NEW.format("gelijk"), id="new"),
        pytest.param(year(10_004, 1200), year(10_000), NEW.format("bijna gelijk"), id="new, nearly the same"),
        pytest.param(year(11_000, 1320), year(10_000), NEW.format("10% meer").replace("1.200", "1.320"), id="new, a little more"),
        pytest.param(year(11_001, 1320), year(10_000), HOLDS, id="new, and the total grew with it"),
        pytest.param(
            year(10_000, 6000), year(10_000), NEW.format("gelijk").replace("12% (1.200)", "60% (6.000)"), id="new and large"
        ),
        pytest.param(year(10_000, 200), year(10_000), HOLDS, id="new, but next to nothing"),
        pytest.param(year(10_000, 1200), year(10_000, 200), NEW.format("gelijk"), id="new where next to nothing was"),
        pytest.param(year(10_000), year(10_000), HOLDS, id="never a part"),
        pytest.param(year(0), year(10_000), HOLDS, id="nothing at all"),
        pytest.param(year(0), year(10_000, 10_000), GONE.replace("12% (1.200)", "100% (10.000)") + (
            " Het totaal (0) lijkt op het bibliotheekdeel van vorig jaar (0): is het alleen voor de bibliotheek ingevuld?"
        ), id="it was all not the library's"),
        # Not known.
        pytest.param(year(10_000, None), year(10_000, 1200), SILENT, id="not said yet"),
        pytest.param(year(10_000, None, boeken_nb_zit_erin="weet_niet"), year(10_000, 1200), SILENT, id="said not to know"),
        pytest.param(year(None), year(10_000, 1200), SILENT, id="no total yet"),
        pytest.param(year(UNKNOWN), year(10_000, 1200), SILENT, id="total unknown"),
        pytest.param(year(10_000), year(None), SILENT, id="no total last year"),
        pytest.param(year(10_000), year(10_000, None), SILENT, id="not said last year"),
        pytest.param(year(10_000), year(0), SILENT, id="nothing last year"),
        pytest.param(year(10_000), year(NOT_APPLICABLE), SILENT, id="did not apply last year"),
        pytest.param(year(10_000), year(10_000, 1200, heeft_collectie="nee"), SILENT, id="not asked last year"),
        pytest.param(year(10_000, heeft_collectie="nee"), year(10_000, 1200), SILENT, id="not asked"),
        pytest.param(year(10_000), None, SILENT, id="no last year"),
    ],
)  # fmt: skip
def test_scope(
    edition: Edition, omvang: Rule, now: Answers, last: Answers | None, message: str | None
) -> None:
    assert said(omvang, world(edition, now, last)) == message


@pytest.mark.parametrize(
    ("now", "last", "shift"),
    [
        pytest.param(year(10_000), year(10_000, 1200), 1200, id="gone"),
        pytest.param(year(6000), year(10_000, 4000), 4000, id="gone, and the total is the library's"),
        pytest.param(year(6000, 500), year(10_000, 4000), 4000, id="only the library"),
        pytest.param(year(10_000, 1200), year(10_000), 1200, id="new"),
    ],
)
def test_it_moved_by_the_part(
    edition: Edition, omvang: Rule, now: Answers, last: Answers, shift: int
) -> None:
    outcome = judge(omvang, world(edition, now, last), "")
    assert outcome is not None
    assert replace(outcome, message="", repairs=()) == Outcome(
        holds=False, deviation=shift / 10_000, shift=Decimal(shift)
    )


@pytest.mark.parametrize(
    ("now", "last", "repairs"),
    [
        pytest.param(
            year(10_000), year(10_000, 1200), (Repair("scope", ((GATE, Value.of("ja")),)),), id="said there is none"
        ),
        pytest.param(
            year(10_000, None, gecombineerd="nee"), year(10_000, 1200), (Repair("scope", ()),), id="not combined any more"
        ),
        pytest.param(
            year(10_000, None, boeken_nb_zit_erin="ja", boeken_nb_invoer="aantal", boeken_nb_aantal=0),
            year(10_000, 1200),
            (Repair("scope", ()),),
            id="said there is, but nothing",
        ),
        pytest.param(year(6000), year(10_000, 4000), (), id="filled in for the library alone"),
        pytest.param(year(6000, 500), year(10_000, 4000), (), id="only the library"),
        pytest.param(year(10_000, 1200), year(10_000), (), id="new"),
    ],
)  # fmt: skip
def test_what_would_undo_it(
    edition: Edition, omvang: Rule, now: Answers, last: Answers, repairs: tuple[Repair, ...]
) -> None:
    outcome = judge(omvang, world(edition, now, last), "")
    assert outcome is not None
    assert outcome.repairs == repairs


def test_saying_yes_again_opens_the_question_and_the_signal_goes(edition: Edition, omvang: Rule) -> None:
    now, last = year(10_000), year(10_000, 1200)
    assert all_findings([omvang], world(edition, now, last)) == [
        Finding(
            rule=omvang,
            row="",
            anchor=("boeken", ""),
            keys=(("boeken", ""), ("boeken_bib", ""), ("boeken_niet_bib", ""), GATE),
            message=GONE,
            figures=(
                "boeken=10000 boeken_bib=10000 boeken_niet_bib=0 boeken_nb_zit_erin=nee boeken@last=10000 "
                "boeken_bib@last=8800 boeken_niet_bib@last=1200 boeken_nb_zit_erin@last=ja"
            ),
            deviation=0.12,
            shift=Decimal(1200),
            slips=(
                Slip(
                    SlipKind.SCOPE,
                    "antwoord weer ‘ja’ op ‘Zitten hierin boeken van een andere functie?’; daarna vult u het deel in.",
                    ((GATE, Value.of("ja")),),
                ),
            ),
        )
    ]
    assert said(omvang, world(edition, {**now, GATE: "ja"}, last)) is SILENT
