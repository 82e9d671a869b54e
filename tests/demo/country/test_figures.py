"""The demo country is believable: its totals are the published ones, and its shares those of the article."""

from __future__ import annotations

from decimal import Decimal

import pytest

from surveys.demo.build import Built
from surveys.demo.country import DemoOrganisation
from surveys.demo.people import DEMO_COMBINED, DEMO_LIBRARY
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.non_library import code_of
from surveys.questionnaires.schema import BlockRole
from surveys.values import YES
from tests.demo.country.conftest import Year

MILLION = 1_000_000
PUBLISHED = {
    # a total with a non-library block is published as the library's part of it
    "leden": 3_440_000,
    "uitleningen_boeken": 52_500_000,
    "bezoeken_bib": 50.3 * MILLION,
    "activiteiten_bib": 306_000,
    "deelnemers_bib": 3.4 * MILLION,
    "personeel_bib": 7_535,
    "vrijwilligers_bib": 24_500,
    "baten": 617.2 * MILLION,
    "baten_bib": 588.0 * MILLION,
    "subsidies": 492.5 * MILLION,
    "diverse_baten": 17.7 * MILLION,
    "lasten": 616.4 * MILLION,
    "mfa_locaties": 730,
    "ido_aantal": 664,
    "ido_vragen": 52_000,
    "po_locaties": 6_137,
    "po_structureel": 3_493,
    "po_zonder_contract": 2_644,
    "po_lezen": 5_719,
    "po_digitaal": 1_881,
    "po_cultuur": 1_678,
    "vo_locaties": 919,
    "vo_verkenning": 273,
}


def total(year: Year, code: str) -> Decimal:
    asked = (one for one in year.deliveries.values() if code in one.questionnaire.questions)
    numbers = (one.evaluation.number((code, "")) for one in asked)
    return sum((number for number in numbers if number is not None), Decimal(0))


def organisations_with(year: Year, code: str) -> int:
    return sum(
        (value := one.evaluation.counted.get((code, ""))) is not None
        and (value.text == YES or bool(value.number))
        for one in year.deliveries.values()
        if code in one.questionnaire.questions
    )


@pytest.mark.parametrize(("code", "published"), PUBLISHED.items())
def test_national_totals_are_the_published_ones(earlier: Year, code: str, published: float) -> None:
    assert float(total(earlier, code)) == pytest.approx(published, rel=0.005)


def test_own_income_is_the_published_one_and_what_others_earn(earlier: Year) -> None:
    others = total(earlier, code_of("baten", BlockRole.NON_LIBRARY))
    assert float(total(earlier, "eigen_inkomsten") - others) == pytest.approx(77.8 * MILLION, rel=0.005)


def test_youth_and_adult_members_stand_as_published(earlier: Year) -> None:
    assert float(total(earlier, "leden_jeugd") / total(earlier, "leden")) == pytest.approx(
        2.2 / 3.5, abs=0.005
    )


def _shares(built: Built, year: Year, is_combined: bool | None = None) -> list[float]:
    """The library's share per key item: of all, of those that declare it, or of those that share figures."""
    chosen = {one.isil for one in built.organisations if _is_chosen(one, is_combined)}
    shares = []
    for code in load_edition(built.country.earlier).key_items:
        library, whole = (
            sum(
                one.evaluation.number((wanted, "")) or 0
                for (isil, _), one in year.deliveries.items()
                if isil in chosen and wanted in one.questionnaire.questions
            )
            for wanted in (code_of(code, BlockRole.LIBRARY), code)
        )
        shares.append(100 * float(library) / float(whole))
    return shares


def _is_chosen(one: DemoOrganisation, is_combined: bool | None) -> bool:
    if is_combined is None:
        return True
    return one.combination is not None and (one.combination.shares_figures or is_combined is False)


def test_library_share_is_97_percent_of_all(built: Built, earlier: Year) -> None:
    shares = _shares(built, earlier)
    assert sum(shares) / len(shares) == pytest.approx(97, abs=0.5)
    assert shares[-1] == pytest.approx(95.3, abs=0.1)


@pytest.mark.parametrize("only_with_shared_figures", [True, False])
def test_library_share_is_95_percent_of_combined(
    built: Built, earlier: Year, only_with_shared_figures: bool
) -> None:
    """By either reading of combined: figures of others in the totals, or a shared roof as well."""
    shares = _shares(built, earlier, only_with_shared_figures)
    assert sum(shares) / len(shares) == pytest.approx(95, abs=0.5)


def test_staff_and_partners_look_like_the_sector(earlier: Year) -> None:
    persons = total(earlier, "personeel")
    fifty = sum(total(earlier, f"leeftijd_{band}") for band in ("50_54", "55_59", "60_64", "vanaf_65"))
    assert float(total(earlier, "geslacht_vrouw") / persons) == pytest.approx(0.84, abs=0.005)
    assert float(fifty / persons) == pytest.approx(0.51, abs=0.01)
    assert float(total(earlier, "personeel_fte") / persons) == pytest.approx(0.6, abs=0.02)
    assert float(total(earlier, "partners_aantal")) / 137 == pytest.approx(16, abs=0.5)


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("partners_overheid", 134),
        ("partners_onderwijs", 132),
        ("partners_basisvaardigheden", 125),
        ("mfa_locaties", 123),
        ("ido_aantal", 137),
        ("vo_locaties", 122),
        ("vo_verkenning", 76),
    ],
)
def test_how_many_organisations(earlier: Year, code: str, wanted: int) -> None:
    assert organisations_with(earlier, code) == wanted


def test_more_than_half_has_a_commercial_partner(earlier: Year) -> None:
    assert organisations_with(earlier, "partners_commercieel") > 137 / 2


def test_the_country_has_the_sector_s_size(built: Built) -> None:
    ones, year = built.organisations, built.country.earlier
    assert len(ones) == 137
    assert len(built.country.pois) == 9
    assert len({one.province for one in ones}) == 12
    assert sum(one.inhabitants for one in ones) == 17_600_000
    assert min(one.inhabitants for one in ones) >= 25_000
    assert max(one.inhabitants for one in ones) == 900_000
    assert sum(len(one.locations_of(year)) for one in ones) == 1_270
    joined = [one for one in ones if one.combination and one.combination.is_joined]
    assert len(joined) / len(ones) == pytest.approx(0.16, abs=0.005)
    assert sum(len(one.municipalities) >= 10 for one in ones) >= 4


def test_combined_institutions_hold_about_60_percent_of_the_volume(built: Built) -> None:
    shared = [one for one in built.organisations if one.combination and one.combination.shares_figures]
    volume = sum(one.inhabitants for one in shared) / 17_600_000
    assert volume == pytest.approx(0.6, abs=0.03)
    assert any(one.combination and not one.combination.shares_figures for one in built.organisations)


def test_the_demo_people_s_libraries_are_what_they_say(built: Built) -> None:
    by_isil = {one.isil: one for one in built.organisations}
    library, combined = by_isil[DEMO_LIBRARY], by_isil[DEMO_COMBINED]
    assert library.combination is None
    assert combined.combination is not None
    assert {"podium", "kunst_muziek"} <= set(combined.combination.functions)
    assert library.poi == combined.poi == built.country.pois[0].isil
