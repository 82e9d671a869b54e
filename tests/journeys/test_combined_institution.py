"""The main job, end to end: a combined institution splits off its theatre in all four lists and submits; the KB takes
out the workbook and finds exactly those figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from surveys.models import User
from surveys.workflow import Role
from tests.factories import YEAR, complete, give, make_library, make_user, submission_of, take_part

FIGURES = {
    "bezit": {("bezoeken_locatie", "NL-08000011001"): 80_000, ("bezoeken_locatie", "NL-08000011002"): 20_000},
    "kernfuncties": {
        "activiteiten_kunst": 400,
        "activiteiten_fysiek_kunst": 400,
        "activiteiten_anders_kunst": 0,
        "kunst_voorstellingen_activiteiten": 400,
        "deelnemers_kunst": 9_000,
    },
    "personeel": {
        "personeel_vast_fulltime": 10,
        "personeel_vast_parttime": 10,
        "personeel_vast_fte": 16,
        "geslacht_vrouw": 20,
        "leeftijd_40_49": 20,
        "vrijwilligers": 50,
    },
    "financieel": {"subsidie_gemeente_exploitatie": 2_000_000, "kosten_huisvesting": 1_900_000},
}
SPLITS = (
    # list, section, total, amount typed, part it is for, total and library part as the workbook has them
    ("bezit", "bezoeken", "bezoeken", "25.000", "podium", 100_000, 75_000),
    ("kernfuncties", "activiteiten", "activiteiten", "150", "podium", 400, 250),
    ("kernfuncties", "activiteiten", "deelnemers", "6.000", "podium", 9_000, 3_000),
    ("personeel", "contract", "personeel", "4", "podium", 20, 16),
    ("personeel", "contract", "personeel_fte", "3,25", "podium", 16, 12.75),
    ("personeel", "vrijwillig", "vrijwilligers", "12", "podium", 50, 38),
    ("financieel", "baten_totaal", "baten", "300.000", "subsidie", 2_000_000, 1_700_000),
    ("financieel", "kosten", "lasten", "250.000", "overig", 1_900_000, 1_650_000),
)


def save(page: Page, field: str, text: str) -> None:
    page.fill(f"#f-{field}", text)
    page.press(f"#f-{field}", "Tab")
    expect(page.locator(f"#s-{field}")).to_have_text("opgeslagen")


def choose(page: Page, field: str, value: str) -> None:
    page.check(f"#f-{field} input[value={value}]")
    expect(page.locator(f"#s-{field}")).to_have_text("opgeslagen")


def test_from_the_profile_to_the_workbook(
    live_server: LiveServer, page: Page, log_in: Callable[[Page, User], None], tmp_path: Path
) -> None:
    library = make_library(locations=2)
    take_part(library)
    base = f"{live_server.url}/levering/{YEAR}/{library.isil}/"
    log_in(page, make_user(Role.LIBRARY, library, name="Joris Hazelhof"))

    page.goto(f"{base}profiel/deel/gecombineerde_instelling/")
    choose(page, "gecombineerd", "ja")
    choose(page, "samenwerkingsvorm", "fusie")
    choose(page, "functie_podium", "ja")
    choose(page, "gedeelde_cijfers", "ja")
    complete(submission_of(library, "profiel"))
    for questionnaire, figures in FIGURES.items():
        give(submission_of(library, questionnaire), figures)

    for questionnaire, section, total, amount, part, _, _ in SPLITS:
        page.goto(f"{base}{questionnaire}/deel/{section}/")
        choose(page, f"{total}_nb_zit_erin", "ja")
        choose(page, f"{total}_nb_invoer", "aantal")
        save(page, f"{total}_nb_aantal", amount)
        save(page, f"{total}_nb_{part}", amount)
        choose(page, f"{total}_nb_bron", "verdeelsleutel")
        save(page, f"{total}_nb_uitleg", "Naar de kaartverkoop en de vierkante meters van het theater.")
        expect(page.locator(f"#bar-{total}")).to_contain_text("bibliotheek")

    for questionnaire in ("profiel", *FIGURES):
        complete(submission_of(library, questionnaire))
        page.goto(f"{base}{questionnaire}/nog-te-doen/")
        page.click("main form button[type=submit]")
        expect(page.locator("h1")).to_contain_text("Dank u wel")

    page.context.clear_cookies()
    log_in(page, make_user(Role.KB, name="Noor Wessenaar"))
    page.goto(f"{live_server.url}/kb/{YEAR}/")
    expect(page.locator("tbody .status--submitted")).to_have_count(5)
    with page.expect_download() as download:
        page.click("text=Werkboek downloaden")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)

    header, *rows = load_workbook(path)["Gecombineerd"].iter_rows(values_only=True)
    found = {}
    for row in rows:
        line = dict(zip(header, row, strict=True))
        found[line["code"]] = (
            line["totaal"],
            line["niet_bibliotheek"],
            line["bibliotheek"],
            line["hoe_bekend"],
        )
    assert found == {
        total: (whole, whole - own, own, "verdeelsleutel") for _, _, total, _, _, whole, own in SPLITS
    }
