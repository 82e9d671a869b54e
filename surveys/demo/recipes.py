"""What is plausible, per question: how a total falls apart, how often yes is said, what goes with what.

Keys are codes or patterns (`aanschaf_*`). A question that is in no table gets a value by its kind and unit, so a new
question needs no line here; a successor takes the line of the question it replaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import TypeVar

Recipe = TypeVar("Recipe")

WEIGHTS: Mapping[str, float] = {
    # a total that falls apart into parts: the size of each part beside the others
    "activiteiten_fysiek_*": 94, "activiteiten_anders_*": 6, "activiteiten_kennis": 14, "activiteiten_educatie": 42,
    "activiteiten_lezen": 32, "activiteiten_ontmoeting": 5, "activiteiten_kunst": 7,
    "deelnemers_kennis": 0.7, "deelnemers_educatie": 0.9, "deelnemers_lezen": 1.3, "deelnemers_ontmoeting": 1.0,
    "deelnemers_kunst": 1.2,
    "*_overig_activiteiten": 0.6, "educatie_taal_*": 3, "educatie_digitaal_*": 1.6, "educatie_rekenen_*": 0.3,
    "lezen_po_*": 5, "lezen_voorschools_*": 3, "lezen_schrijvers_*": 0.4, "kennis_overheid_activiteiten": 3,
    "bezit_jeugd_fictie": 40, "bezit_jeugd_nonfictie": 16, "bezit_volw_fictie": 27, "bezit_volw_nonfictie": 17,
    "bezit_cds": 136, "bezit_dvds": 600, "bezit_bladmuziek": 310, "bezit_luisterboeken": 120, "bezit_games": 40,
    "bezit_ander": 90, "uitl_jeugd_fictie": 47, "uitl_jeugd_nonfictie": 13, "uitl_volw_fictie": 30,
    "uitl_volw_nonfictie": 10, "uitl_cds": 12, "uitl_dvds": 60, "uitl_bladmuziek": 8, "uitl_ander": 20,
    "leden_0_3": 13, "leden_4_8": 33, "leden_9_12": 31, "leden_13_17": 23, "leden_18_20": 5, "leden_21_64": 61,
    "leden_65": 34,
    "personeel_vast_personen": 87, "personeel_tijdelijk_personen": 13, "personeel_*_fulltime": 10,
    "personeel_*_parttime": 90, "geslacht_man": 15.6, "geslacht_vrouw": 84, "geslacht_anders": 0.4,
    "leeftijd_tot_20": 3, "leeftijd_20_29": 11, "leeftijd_30_39": 15, "leeftijd_40_49": 19.5, "leeftijd_50_54": 13,
    "leeftijd_55_59": 16, "leeftijd_60_64": 16.5, "leeftijd_vanaf_65": 5.5, "leeftijd_onbekend": 0.5,
    "subsidie_gemeente_exploitatie": 93, "subsidie_gemeente_overig": 5, "subsidie_provincie": 0.5,
    "subsidie_rijk": 1, "subsidie_overig": 0.5,
    "inkomsten_gebruikers": 62, "inkomsten_specifiek": 31, "inkomsten_doorberekening": 7,
    "gebruikers_contributies": 78, "gebruikers_telaatgeld": 12, "gebruikers_leengeld": 10,
    "specifiek_mobiel": 3, "specifiek_onderwijs": 55, "specifiek_cursussen": 8, "specifiek_entree": 4,
    "specifiek_zaalverhuur": 20, "specifiek_horeca": 10,
    "baten_rente": 1, "baten_sponsoring": 22, "baten_diversen": 50, "baten_overig": 27,
    "kosten_bestuur": 1.6, "kosten_huisvesting": 22, "kosten_personeel": 54, "kosten_personeel_loondienst": 47,
    "kosten_personeel_inhuur": 4, "kosten_scholing": 0.8, "kosten_personeel_overig": 2.2, "kosten_administratie": 2,
    "kosten_transport": 0.4, "kosten_automatisering": 5, "kosten_media": 11.5, "kosten_specifiek": 3,
    "kosten_horeca": 0.2, "kosten_programmering": 0.2, "kosten_overig": 0.8, "kosten_huisvesting_huur": 70,
    "kosten_huisvesting_energie": 12, "kosten_media_fysiek": 60, "kosten_media_digitaal": 18,
    "kosten_media_leenrecht": 16, "balans_algemene_reserve": 32, "balans_bestemmingsreserves": 22,
    "balans_voorzieningen": 12, "balans_langlopende_schulden": 6, "balans_kortlopende_schulden": 28,
    "infopunten_overheid": 6, "infopunten_taal": 5, "infopunten_leesbeperking": 2,
}  # fmt: skip

RESTLESS: Mapping[str, float] = {
    # how much a line moves by itself from year to year, beside its total
    "bezit_*": 0.012, "leden_*": 0.015, "uitl_*": 0.03, "geslacht_*": 0.02, "leeftijd_*": 0.03, "personeel_*": 0.02,
    "subsidie_gemeente_exploitatie": 0.01, "subsidie_*": 0.2, "inkomsten_*": 0.03, "gebruikers_*": 0.03,
    "specifiek_*": 0.1, "baten_*": 0.2, "kosten_huisvesting": 0.025, "kosten_personeel*": 0.015, "kosten_media*": 0.03,
    "kosten_automatisering": 0.08, "kosten_*": 0.12, "abo_*": 0.02, "verlengingen": 0.03, "*_locaties*": 0.02,
    "activiteiten_fysiek_*": 0.01, "activiteiten_*": 0.08, "deelnemers_*": 0.08, "*_activiteiten": 0.1, "*_deelnemers": 0.1,
}  # fmt: skip

RATIOS: Mapping[str, tuple[str, str, float]] = {
    # code → (what to replace in it, by what, and how much of the question found that way)
    "aanschaf_*": ("aanschaf_", "bezit_", 0.085), "afgevoerd_*fictie": ("afgevoerd_", "bezit_", 0.09),
    "afgevoerd_*": ("afgevoerd_", "bezit_", 0.155),
    "leden_nieuw_jeugd": ("_nieuw", "", 0.165), "leden_nieuw_*": ("_nieuw", "", 0.15), "leden_vervallen_*": ("_vervallen", "", 0.12),
    "uitl_dbos_*": ("_dbos_", "_jeugd_", 0.15),
    "verlengingen": ("verlengingen", "uitleningen_boeken", 0.42),
    "reserveringen": ("reserveringen", "uitleningen_boeken", 0.06),
    "leerlingen_school": ("leerlingen_school", "leden_jeugd", 0.22),
    "ibl_ontvangen": ("ontvangen", "aangevraagd", 1.0), "bezoeken_website": ("_website", "", 0.6),
    "abo_jeugd": ("abo_jeugd", "leden_jeugd", 0.97), "abo_volwassenen": ("abo_volwassenen", "leden_volwassen", 0.94),
    "abo_proef": ("abo_proef", "leden_volwassen", 0.03), "abo_gast": ("abo_gast", "leden_volwassen", 0.01),
    "abo_instelling": ("abo_instelling", "leden_volwassen", 0.03),
    "vrijwilligers_uren": ("_uren", "", 3.1),
    "vrijwilligers_coordinator_fte": ("_coordinator_fte", "", 0.004),
    "inhuur_parttime": ("inhuur_parttime", "personeel", 0.04), "inhuur_fulltime": ("inhuur_fulltime", "personeel", 0.006),
    "reserve_onttrekking": ("reserve_onttrekking", "baten", 0.011),
    "reserve_toevoeging": ("reserve_toevoeging", "baten", 0.013),
    "reserve_dotatie_algemeen": ("reserve_dotatie_algemeen", "baten", 0.004),
    "balans_vaste_activa": ("balans_vaste_activa", "baten", 0.22),
    "balans_vorderingen": ("balans_vorderingen", "baten", 0.05),
    "balans_liquide_middelen": ("balans_liquide_middelen", "baten", 0.24),
    "ido_uren": ("_uren", "_aantal", 4.5), "boekstart_kinderopvang": ("boekstart_kinderopvang", "kinderopvang_locaties", 0.63),
    "po_dbos": ("po_dbos", "po_structureel", 0.85), "po_collectie_school": ("collectie_school", "locaties", 0.35),
    "po_collectie_bibliotheek": ("collectie_bibliotheek", "locaties", 0.14),
    "po_collectie_gedeeld": ("collectie_gedeeld", "locaties", 0.24),
    "digitaal_deelnemers": ("digitaal_deelnemers", "deelnemers_educatie", 0.03),
    "afgelast_corona_aantal": ("afgelast_corona_aantal", "activiteiten", 0.07),
}  # fmt: skip

BOUNDS: Mapping[str, float] = {
    # part of what a rule allows: by the rule, or by the one question on its left side
    "themas_*": 1.0, "personeel_*_fte": 0.55, "inhuur_fte": 0.5, "pcs_bdc": 0.6, "bezit_scholen": 0.05,
    "bezit_anderstalig": 0.04, "uitl_aan_huis": 0.004, "uitl_afhaal": 0.003, "ibl_binnen": 0.86, "leden_online": 0.15,
    "kosten_huisvesting_huur": 0.56, "gebruikers_delen_*": 0.94, "specifiek_delen_*": 0.93, "huisvesting_delen_*": 0.66, "media_delen_*": 0.95,
    "subsidie_gemeente_spuk": 0.03, "leden_gratis_18_20": 0.6, "inhuur_zzp": 0.4,
}  # fmt: skip

PER_THOUSAND: Mapping[str, float] = {
    # per thousand inhabitants, for what hangs on nothing else
    "pcs_internet": 0.24, "afhaalpunten": 0.02, "infopunten_*": 0.012, "taalhuis_aantal": 0.012,
    "klik_tik_cursussen": 0.09, "boekstart_babys": 4.6, "kinderopvang_locaties": 0.5,
}  # fmt: skip
PER_THOUSAND_BY_UNIT: Mapping[str, float] = {
    "euro": 150, "personen": 0.05, "fte": 0.02, "leden": 15, "abonnementen": 10, "uitleningen": 60, "bezoeken": 100,
    "activiteiten": 0.3, "deelnemers": 4, "boeken": 40, "exemplaren": 5, "uren per week": 0.2,
}  # fmt: skip
RANGES: Mapping[str, tuple[float, float]] = {
    # between these, where the number does not grow with the organisation
    "gratis_tot_leeftijd": (18, 18), "jongvolwassenen_tot": (20, 27), "tarief_volwassenen": (42, 66),
    "boete_per_dag": (0.1, 0.3), "weken_gesloten": (0, 3), "btw_mengpercentage": (8, 60),
}  # fmt: skip
STEPS: Mapping[str, float] = {"tarief_volwassenen": 0.5, "boete_per_dag": 0.05, "weken_gesloten": 1}
ZERO_UNLESS: Mapping[str, str] = {
    # nothing to count where the answer to the other question is no
    "taalhuis_aantal": "taalhuis", "klik_tik_cursussen": "klik_tik", "boekstart_babys": "boekstart",
    "boekstart_kinderopvang": "boekstart",
}  # fmt: skip

NONE_WITHOUT: Mapping[str, str] = {
    # no costs of what others do where others do nothing: the second is a total with a non-library block
    "kosten_programmering": "activiteiten",
}
AT_LEAST: Mapping[str, str] = {
    # no less than the other, which another survey counted
    "infopunten_overheid": "ido_aantal",
    "infopunten_taal": "taalhuis_aantal",
}

CHANCES: Mapping[str, float] = {
    "gegevens_kloppen": 0.94, "fusie": 0.03, "locaties_akkoord": 0.9, "voor_iedereen_open": 0.97,
    "mfa_met_welzijn": 0.42, "mfa_met_basisschool": 0.37, "mfa_met_kinderopvang": 0.25, "mfa_met_zorg": 0.18,
    "mfa_met_podium": 0.14, "mfa_met_gemeente": 0.12, "mfa_met_*": 0.07, "mfa_deelt_ruimte": 0.72,
    "mfa_deelt_programma": 0.46, "mfa_deelt_balie": 0.22, "mfa_deelt_personeel": 0.12, "mfa_deelt_horeca": 0.25,
    "mfa_deelt_bestuur": 0.08, "doelgroep_*": 0.3, "toegang_rolstoel": 0.95, "toegang_toilet": 0.7, "toegang_*": 0.25,
    "faciliteit_studieplekken": 0.85, "faciliteit_kopieren": 0.8, "faciliteit_*": 0.4, "wifi": 0.99, "aan_huis": 0.75,
    "afhaalservice": 0.3, "ibl_eigen_rondgang": 0.08, "leerlingen_in_leden": 0.7, "boete": 0.7,
    "bezoek_telpoortje": 0.6, "vrijwilligers_coordinator": 0.85, "cao_ob": 0.97, "cao_andere": 0.12, "cao_*": 0.25,
    "afgelast_corona": 0.8, "ai_activiteiten": 0.35, "uitgebreid_spuk": 0.06, "samengaan_verwacht": 0.08,
    "partner_gemeente": 0.97, "partner_uwv": 0.6, "partner_belastingdienst": 0.72, "partner_uitvoering": 0.5,
    "partner_kinderopvang": 0.93, "partner_po": 0.95, "partner_vo": 0.85, "partner_mbo": 0.55, "partner_hbo": 0.22,
    "partner_universiteit": 0.08, "partner_lezen_schrijven": 0.72, "partner_taalaanbieder": 0.78,
    "partner_digitaalaanbieder": 0.6, "partner_volksuniversiteit": 0.33, "partner_jeugdgezondheid": 0.8,
    "partner_welzijn": 0.88, "partner_zorginstelling": 0.6, "partner_vluchtelingenwerk": 0.72,
    "partner_juridisch": 0.5, "partner_ouderen": 0.55, "partner_podium": 0.55, "partner_museum": 0.5,
    "partner_kunsteducatie": 0.45, "partner_film": 0.25, "partner_erfgoed": 0.45, "partner_kunstuitleen": 0.12,
    "partner_boekhandel": 0.4, "partner_horeca": 0.22, "partner_aanbieder": 0.25, "partner_overig": 0.3,
    "taalhuis": 0.95, "klik_tik": 0.9, "belastinghulp_*": 0.9, "boekstart": 0.99,
}  # fmt: skip
ANY_OF: Mapping[str, float] = {
    # part of the organisations that say yes at least once in the group
    "partners_overheid": 0.98, "partners_onderwijs": 0.96, "partners_basisvaardigheden": 0.91,
    "partners_commercieel": 0.58,
}  # fmt: skip
CHOICES: Mapping[str, Mapping[str, float]] = {
    "bezoek_wijze": {"geteld": 50, "deels": 20, "geschat": 30}, "activiteiten_bepaald": {"registratie": 78, "schatting": 22},
    "deelnemers_bepaald": {"registratie": 66, "schatting": 34}, "jongvolwassenen": {"gratis": 10, "korting": 70, "nee": 20},
    "status_cijfers": {"vastgesteld": 45, "concept": 40, "administratie": 15}, "balans_beschikbaar": {"ja": 92, "nog_niet": 7, "geen_balans": 1},
    "btw_status": {"vrijgesteld": 55, "gemengd": 40, "belast": 5}, "verandering": {"geen": 95, "gebied": 3, "fusie_bibliotheek": 2, "fusie_cultuur": 1},
    "boete_wie": {"niemand": 30, "volwassenen": 30, "iedereen": 40},
    "*_nb_bron": {"geregistreerd": 35, "verdeelsleutel": 35, "schatting": 30}, "*_nb_invoer": {"aantal": 60, "percentage": 40},
}  # fmt: skip


def recipe(table: Mapping[str, Recipe], codes: tuple[str, ...], default: Recipe) -> Recipe:
    """The line for the first of `codes` that has one: by its own name, or by the first pattern that fits."""
    key = _found(tuple(table), codes)
    return default if key is None else table[key]


@cache
def _found(keys: tuple[str, ...], codes: tuple[str, ...]) -> str | None:
    for code in codes:
        if code in keys:
            return code
        fitting = (key for key in keys if "*" in key and fnmatchcase(code, key))
        if (key := next(fitting, None)) is not None:
            return key
    return None
