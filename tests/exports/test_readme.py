"""The first sheet: counts, states and the explanation of the sheets that are there."""

from __future__ import annotations

from datetime import datetime

from surveys.exports.readme import Tally, readme
from surveys.questionnaires.schema import Edition
from surveys.workflow import SubmissionState
from tests.exports.edition import library

MOMENT = datetime(2002, 5, 1, 12, 0)  # noqa: DTZ001  a workbook knows no zones


def test_readme_counts_what_went_by_and_explains_each_sheet(edition: Edition) -> None:
    tally = Tally()
    tally.add(library(edition, 1, locations=2, combined=True, states={"bezit": SubmissionState.APPROVED}))
    tally.add(library(edition, 2, locations=1, states={"bezit": SubmissionState.SUBMITTED}))
    tally.add(library(edition, 3, states={"bezit": SubmissionState.SUBMITTED}))
    chosen = (edition.by_code["bezit"], edition.by_code["personeel"])
    found = readme(
        year=2001,
        moment=MOMENT,
        questionnaires=chosen,
        sheets=("Bezit", "Vestigingen", "Controles"),
        tally=tally,
        fingerprint="abc",
    )
    rows = {str(subject): text for subject, text in found}
    assert {subject: rows[subject] for subject in list(rows)[:11]} == {
        "Wsob Gegevenslevering": "Gegevens van de openbare bibliotheken over 2001",
        "Verslagjaar": 2001,
        "Gemaakt op": MOMENT,
        "Vragenlijsten": "Bezit, Personeel",
        "Organisaties": 3,
        "Waarvan gecombineerd": 1,
        "Vestigingen": 3,
        "Status Bezit": "2 ingediend, 1 goedgekeurd",
        "Status Personeel": "geen",
        "Blad Bezit": (
            "Bezit: één rij per organisatie, één kolom per vraag. De kolomnaam is de code uit het codeboek."
        ),
        "Blad Vestigingen": "Eén rij per organisatie en vestiging, met alles wat per vestiging wordt gevraagd.",
    }
    assert str(rows["Blad Controles"]).startswith("Eén rij per controle: ")
    assert str(rows["Vingerafdruk"]).startswith("sha256:abc ")
