"""What an organisation chooses and writes: yes and no, the choices, and the texts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from surveys.demo import recipes
from surveys.demo.chance import pick, uniform
from surveys.demo.country import Country, DemoOrganisation
from surveys.demo.events import events_of
from surveys.demo.figures import figures, yes_sayers
from surveys.demo.locations import BRANCH, MAIN, DemoLocation
from surveys.demo.outline import Outline
from surveys.demo.recipes import recipe
from surveys.questionnaires.schema import Question
from surveys.values import NO, YES, Key, Kind

_LEGAL_FORMS = {
    "fusie": "brede_stichting",
    "koepel": "koepelstichting",
    "gezamenlijk_bestuur": "stichting",
    "gedeeld_gebouw": "stichting",
}
_AGREEMENTS = {
    "podium": "cao_podia",
    "film": "cao_bioscopen",
    "museum": "cao_musea",
    "kunst_muziek": "cao_kunsteducatie",
    "horeca": "cao_horeca",
    "welzijn": "cao_sociaal_werk",
}
_SHARED_WHEN_JOINED = frozenset(
    {"mfa_deelt_ruimte", "mfa_deelt_programma", "mfa_deelt_balie", "mfa_deelt_personeel", "mfa_deelt_bestuur"}
)
_USUAL = "stichting"
_CHANGES_HIS_MIND = 0.03
_NEIGHBOURS = {
    "gemeente": "Gemeenteloket",
    "welzijn": "Stichting Welzijn {place}",
    "zorg": "Huisartsenpraktijk {place}",
    "kinderopvang": "Kinderopvang De Zandbak",
    "basisschool": "Basisschool De Regenboogvis",
    "onderwijs_overig": "Vakschool {place}",
    "podium": "Theater {place}",
    "film": "Filmhuis {place}",
    "museum": "Streekmuseum {place}",
    "kunst_muziek": "Muziekschool {place}",
    "erfgoed": "Streekarchief {place}",
    "horeca": "Café De Leeshoek",
    "sport": "Sporthal {place}",
    "anders": "Wijkvereniging {place}",
}
SHARED_WITH = "mfa_met_"
_PARTNERS = {"partner_po": "po_locaties", "partner_vo": "vo_locaties"}
"""Who works with schools, as another survey counted, says so."""
_TEXTS = {
    "gegevens_wijzigingen": "Het aantal inwoners lijkt van een jaar eerder.",
    "samenwerkingsvorm_anders": "Samenwerkingsovereenkomst met een gezamenlijke programmaraad.",
    "functie_anders_welke": "Toeristisch informatiepunt",
    "rechtsvorm_anders": "Openbaar lichaam",
    "fusie_toelichting": "Het bibliotheekwerk van een buurgemeente is per 1 juli overgenomen. De cijfers zijn over het hele jaar samengevoegd.",
    "locaties_wijzigingen": "De subsoort van één servicepunt klopt niet meer: het is sinds de zomer een zelfbedieningsbibliotheek.",
    "partner_overig_namelijk": "Natuur- en milieueducatie, en de scouting.",
    "cao_overig_naam": "Cao Toeristische informatie",
    "ido_bemanning": "Medewerkers en vrijwilligers",
}
_ANY_TEXT = "Volgens onze eigen administratie."
_REMARKS = (
    "Door een verbouwing was de hoofdvestiging in het voorjaar drie weken dicht.",
    "Vanaf volgend jaar registreren wij activiteiten in één systeem; dit jaar is een deel nog geteld op papier.",
    "Wij overleggen graag over de telling van schoolbezoeken.",
    "Een deel van de cijfers volgt na de controle door de accountant. Wijzigingen geven wij door.",
)
_REMARK_CHANCE = 0.1


def known_words(country: Country, one: DemoOrganisation, year: int) -> dict[str, str]:
    """The answers that follow from who the organisation is."""
    combination = one.combination
    words = {"gecombineerd": YES if combination else NO, "rechtsvorm": _USUAL}
    event = events_of(country).get((one.isil, year))
    if event and event.gained:
        words["verandering"] = "fusie_bibliotheek"
    if combination:
        words["samenwerkingsvorm"] = combination.form
        words["gedeelde_cijfers"] = YES if combination.shares_figures else NO
        words["rechtsvorm"] = _LEGAL_FORMS[combination.form]
        if combination.is_joined:
            words |= {"cao_ob": YES, "cao_andere": YES}
            words |= {_AGREEMENTS[name]: YES for name in combination.functions if name in _AGREEMENTS}
    return words


def choose(
    country: Country,
    one: DemoOrganisation,
    plan: Outline,
    year: int,
    locations: tuple[DemoLocation, ...],
) -> dict[Key, str]:
    """A choice for every yes/no question and every choice, also where it turns out to be hidden."""
    known = known_words(country, one, year)
    functions = one.combination.functions if one.combination else ()
    silent = _silent_groups(country, one, plan, year)
    found: dict[Key, str] = {}
    for question in plan.words:
        code = question.code
        if question.repeats:
            for location in locations:
                found[code, location.isil] = _of_location(one, plan, question, year, location)
        elif code in known:
            found[code, ""] = known[code]
        elif code.startswith("functie_"):
            found[code, ""] = YES if code.removeprefix("functie_") in functions else NO
        elif question.kind is Kind.CHOICE:
            found[code, ""] = _choice(one.isil, plan, question, year, "")
        elif code in silent:
            found[code, ""] = NO
        elif figures(country, year)[one.isil].totals.get(_PARTNERS.get(code, "")):
            found[code, ""] = YES
        else:
            chance = recipe(recipes.CHANCES, plan.names[code], 0.5)
            sayers = yes_sayers(country, plan.names[code][-1], chance, year)
            found[code, ""] = YES if one.isil in sayers else NO
    _keep_sense(found, plan, locations)
    for group, members in plan.groups.items():
        first = [code for code in members if (code, "") in found]
        needs_one = first and group in recipes.ANY_OF and first[0] not in silent
        if needs_one and all(found[code, ""] == NO for code in first):
            found[first[0], ""] = YES
    return found


def _keep_sense(found: dict[Key, str], plan: Outline, locations: tuple[DemoLocation, ...]) -> None:
    """Who shares a building, shares it with somebody; staff falls under some agreement."""
    for location in locations:
        row = location.isil
        _one_of(found, [code for code, at in found if at == row and code.startswith(SHARED_WITH)], row)
    if found.get(("cao_ob", "")) == NO:
        found["cao_andere", ""] = YES
    if found.get(("cao_andere", "")) == YES:
        _one_of(found, [one.code for one in plan.words if one.code.startswith("cao_") and one.only_if], "")


def _one_of(found: dict[Key, str], codes: Sequence[str], row: str) -> None:
    """Say yes to one of these questions where all are answered no."""
    if codes and all(found[code, row] == NO for code in codes):
        weights = [recipe(recipes.CHANCES, (code,), 0.5) for code in codes]
        found[codes[pick(weights, "one of", codes[0], row)], row] = YES


def _silent_groups(country: Country, one: DemoOrganisation, plan: Outline, year: int) -> frozenset[str]:
    """The questions of the groups in which this organisation has no partner at all."""
    silent: set[str] = set()
    for group, members in plan.groups.items():
        wanted = recipes.ANY_OF.get(group)
        if wanted is not None and one.isil not in yes_sayers(country, group, wanted, year):
            for code in members:
                silent |= {code, *plan.groups.get(code, ())}
    return frozenset(silent)


def _of_location(
    one: DemoOrganisation,
    plan: Outline,
    question: Question,
    year: int,
    location: DemoLocation,
) -> str:
    code, row = question.code, location.isil
    if question.kind is Kind.CHOICE:
        return _choice(row, plan, question, year, row)
    known = _known_of_location(one, code, location)
    if known is not None:
        return YES if known else NO
    chance = recipe(recipes.CHANCES, plan.names[code], 0.5)
    mark = uniform(YES, plan.names[code][-1], row)
    if uniform("flip", code, row, year) < _CHANGES_HIS_MIND:
        mark = uniform("flip", code, row, year, "to")
    return YES if mark < chance else NO


def _known_of_location(one: DemoOrganisation, code: str, location: DemoLocation) -> bool | None:
    """What follows from the kind of location and from who is under its roof; None where chance decides."""
    functions = one.combination.functions if one.combination else ()
    if code == "mfa":
        return location.is_shared
    if code == "voor_iedereen_open":
        return not location.subkind.startswith("School")
    if code == "zelfbediening":
        return location.is_self_service
    if code.startswith("faciliteit_") and location.kind != BRANCH:
        return False
    is_joined = one.combination is not None and one.combination.is_joined
    is_function = code.startswith(SHARED_WITH) and code.removeprefix(SHARED_WITH) in functions
    is_known = is_function or (is_joined and code in _SHARED_WHEN_JOINED)
    return True if location.subkind == MAIN and is_known else None


def _choice(isil: str, plan: Outline, question: Question, year: int, row: str) -> str:
    codes = list(question.choices)
    weights = recipe(recipes.CHOICES, plan.names[question.code], None)
    listed = [1.0 if weights is None else weights.get(code, 0) for code in codes]
    name: tuple[str, ...] = ("choice", plan.names[question.code][-1], isil, row)
    if uniform(*name, year, "flip") < _CHANGES_HIS_MIND:
        name = (*name, str(year))
    return codes[pick(listed, *name)]


def write(
    country: Country,
    one: DemoOrganisation,
    year: int,
    *,
    question: Question,
    row: str,
    words: Mapping[Key, str],
) -> str:
    """The text for a question; empty where nobody would write one."""
    code = question.code
    if code == "gemeenten_namen":
        event = events_of(country).get((one.isil, year))
        return "\n".join([*one.municipalities, *([event.gained] if event and event.gained else [])])
    if code == "mfa_organisaties":
        kinds = [kind for kind in _NEIGHBOURS if words.get((SHARED_WITH + kind, row)) == YES]
        return "\n".join(_NEIGHBOURS[kind].format(place=one.place) for kind in kinds or ["anders"])
    if code.startswith("opmerkingen"):
        remark = _REMARKS[int(uniform("which", code, one.isil, year) * len(_REMARKS))]
        return remark if uniform("remark", code, one.isil, year) < _REMARK_CHANCE else ""
    if question.kind is Kind.DATE:
        return date(year, 12, 31).isoformat()
    return _TEXTS.get(code, _ANY_TEXT if question.required else "")
