"""Why a change of organisations cannot be recorded, in words that say what to do. The preview and the action ask the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.dateformat import format as format_date

from surveys.models import ChangeKind, Organisation, Participation
from surveys.models.organisation import PROVINCES
from surveys.queries.succession import Past, Plan, Situation
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.merged import names_of
from surveys.values import format_number
from surveys.workflow import DELIVERED

YEARS_BACK, YEARS_AHEAD = 10, 1
MAX_NAME = 160
_ISIL = re.compile(r"[A-Z]{1,4}-[A-Za-z0-9-]{1,11}")
_WORDS = {
    ChangeKind.MERGER: "fusie",
    ChangeKind.SPLIT: "splitsing",
    ChangeKind.CLOSURE: "opheffing",
    ChangeKind.RENAMING: "nieuwe naam",
}
DAY, WHO, HEIRS, NAME = "day", "predecessors", "heirs", "new_name"


@dataclass(frozen=True, slots=True)
class Held:
    """Lists of one library about a year that stand in the way: code and words of each, and what is to be done."""

    library: str
    isil: str
    year: int
    lists: tuple[tuple[str, str], ...]
    remedy: str


@dataclass(frozen=True, slots=True)
class Objection:
    """`about`: the part of the plan that must be otherwise. `held`: the lists by which it cannot be as it is."""

    about: str
    text: str
    held: Held | None = None


def objections(plan: Plan, known: Situation, today: date) -> list[Objection]:
    """Nothing: it can be recorded. What makes the rest meaningless is told alone."""
    found = [*_of_the_day(plan, today), *_of_who(plan, known), *_of_heirs(plan, known)]
    if not found:
        found = [*_of_names(plan, known), *_of_earlier_changes(plan, known)]
    if not found and plan.kind is not ChangeKind.RENAMING:
        found = [*_of_split(plan, known), *_of_closed_years(plan, known)]
    return found


def in_words(day: date) -> str:
    return str(format_date(day, "j F Y"))


def change_in_words(past: Past, known: Situation) -> str:
    """What it was and when: fusie per 1 januari van een jaar."""
    return f"{_WORDS[ChangeKind(past.change.kind)]} per {in_words(past.change.date)}"


def _of_the_day(plan: Plan, today: date) -> Iterator[Objection]:
    if plan.day.year > today.year + YEARS_AHEAD or (
        plan.day.year == today.year + YEARS_AHEAD
        and (plan.day.month, plan.day.day) > (today.month, today.day)
    ):
        yield Objection(
            DAY,
            f"{in_words(plan.day)} is meer dan een jaar na vandaag. Klopt het jaartal? Leg het later vast.",
        )
    elif plan.day.year < today.year - YEARS_BACK:
        yield Objection(
            DAY, f"{in_words(plan.day)} is meer dan {YEARS_BACK} jaar geleden. Klopt het jaartal?"
        )


def _of_who(plan: Plan, known: Situation) -> Iterator[Objection]:
    for isil, times in Counter(plan.predecessors).items():
        organisation = known.organisations.get(isil)
        if organisation is None:
            yield Objection(WHO, f"‘{isil}’ is geen bekende bibliotheek. Kies er een uit de lijst.")
        elif organisation.type == Organisation.Type.POI:
            yield Objection(
                WHO, f"{organisation.name} is een POI. Wijzigingen van POI’s gaan buiten deze pagina om."
            )
        elif times > 1:
            alone = (
                "kan niet met zichzelf fuseren" if plan.kind is ChangeKind.MERGER else "staat er twee keer"
            )
            yield Objection(WHO, f"{organisation.name} {alone}. Noem elke bibliotheek één keer.")
    if not plan.predecessors:
        yield Objection(WHO, "Kies een bibliotheek.")


def _of_heirs(plan: Plan, known: Situation) -> Iterator[Objection]:
    for heir in plan.heirs:
        organisation = known.organisations.get(heir.isil)
        if heir.newcomer:
            yield from _of_newcomer(plan, heir.isil, known)
        elif organisation is None:
            yield Objection(HEIRS, f"‘{heir.isil}’ is geen bekende bibliotheek. Kies er een uit de lijst.")
        elif organisation.type == Organisation.Type.POI:
            yield Objection(HEIRS, f"{organisation.name} is een POI en levert zelf geen gegevens.")
    for isil, times in Counter(one.isil for one in plan.heirs).items():
        if times > 1:
            yield Objection(HEIRS, f"‘{isil}’ staat er twee keer. Elk deel is een eigen organisatie.")


def _of_newcomer(plan: Plan, isil: str, known: Situation) -> Iterator[Objection]:
    newcomer = next(one.newcomer for one in plan.heirs if one.isil == isil and one.newcomer)
    if not _ISIL.fullmatch(isil):
        yield Objection(HEIRS, f"‘{isil}’ is geen ISIL-code. Die begint met NL-, zoals NL-08500990000.")
    elif isil in known.taken:
        yield Objection(
            HEIRS, f"De ISIL-code {isil} is al in gebruik. Een nieuwe organisatie krijgt een eigen code."
        )
    if not any(map(str.isalnum, newcomer.name)):
        yield Objection(HEIRS, f"Geef de nieuwe organisatie {isil} een naam.")
    elif len(newcomer.name) > MAX_NAME:
        yield Objection(HEIRS, f"De naam ‘{newcomer.name[:40]}…’ is te lang; er passen {MAX_NAME} tekens.")
    if newcomer.province not in PROVINCES:
        yield Objection(HEIRS, f"Kies de provincie van de nieuwe organisatie {isil}.")
    poi = known.organisations.get(newcomer.poi)
    if newcomer.poi and (poi is None or poi.type != Organisation.Type.POI):
        yield Objection(HEIRS, f"‘{newcomer.poi}’ is geen POI. Kies er een uit de lijst.")


def _of_names(plan: Plan, known: Situation) -> Iterator[Objection]:
    """The right number of who was and who goes on, and the new name."""
    heirs = [known.organisations.get(one.isil) for one in plan.heirs]
    if plan.kind is ChangeKind.MERGER:
        if len(plan.heirs) != 1:
            yield Objection(HEIRS, "Zeg als welke organisatie zij verdergaan.")
        elif len(plan.predecessors) < 2:
            [isil] = plan.predecessors
            name = known.organisations[isil].name
            same = plan.heirs[0].isil == isil
            yield Objection(
                WHO,
                f"{name} kan niet met zichzelf fuseren."
                if same
                else "Een fusie is van minstens twee bibliotheken. Noem er nog een.",
            )
    elif plan.kind is ChangeKind.SPLIT:
        if len(plan.heirs) < 2:
            yield Objection(HEIRS, "Een splitsing heeft minstens twee delen. Vul nog een deel in.")
        for one in heirs:
            if one is not None and one.isil not in plan.predecessors and one.pk in known.has_past:
                yield Objection(
                    HEIRS,
                    f"{one.name} bestond al. Leg eerst de splitsing vast met een nieuwe organisatie, en daarna de "
                    f"fusie van dat deel met {one.name}.",
                )
    elif plan.kind is ChangeKind.RENAMING:
        old = known.organisations[plan.predecessors[0]].name
        if not any(map(str.isalnum, plan.new_name)):
            yield Objection(NAME, "Vul de nieuwe naam in.")
        elif len(plan.new_name) > MAX_NAME:
            yield Objection(NAME, f"De naam is te lang; er passen {MAX_NAME} tekens.")
        elif plan.new_name == old:
            yield Objection(NAME, f"Deze bibliotheek heet al {old}.")


def _of_earlier_changes(plan: Plan, known: Situation) -> Iterator[Objection]:
    heirs = [one.isil for one in plan.heirs]
    for isil in dict.fromkeys((*plan.predecessors, *heirs)):
        one = known.organisations.get(isil)
        if one is None:
            continue
        about = WHO if isil in plan.predecessors else HEIRS
        ended = known.ended(one)
        is_renaming = plan.kind is ChangeKind.RENAMING
        later = next(
            (
                change
                for change, pk in known.as_part
                if pk == one.pk
                and change.date >= plan.day
                and (change.kind == ChangeKind.RENAMING) is is_renaming
            ),
            None,
        )
        if ended and isil in heirs and _comes_back(ended, plan, known):
            yield Objection(
                about,
                f"{one.name} ging zelf op in een van deze bibliotheken ({change_in_words(ended, known)}). Dat zou een "
                "kring zijn: de een kan niet de voorganger van de ander zijn en andersom.",
            )
        elif ended:
            yield Objection(
                about,
                f"{one.name} bestaat niet meer ({change_in_words(ended, known)}). Kies de organisatie die nu bestaat.",
            )
        elif later:
            yield Objection(
                DAY,
                f"Over {one.name} is al een {_WORDS[ChangeKind(later.kind)]} per {in_words(later.date)} vastgelegd. "
                "Leg wijzigingen vast op volgorde: kies een latere datum.",
            )


def _comes_back(ended: Past, plan: Plan, known: Situation) -> bool:
    """One of the others is what it became, by one change or a second."""
    others = {known.organisations[isil].pk for isil in plan.predecessors if isil in known.organisations}
    next_ones = [one.became for one in known.pasts if one.organisation in ended.became and one.has_ended]
    return not (others - {ended.organisation}).isdisjoint(ended.became.union(*next_ones))


def _of_split(plan: Plan, known: Situation) -> Iterator[Objection]:
    if plan.kind is not ChangeKind.SPLIT:
        return
    held, given = {one.isil for one in known.locations}, Counter(c for h in plan.heirs for c in h.locations)
    names = {one.isil: one.name for one in known.locations}
    for isil in sorted(held):
        if given[isil] != 1:
            yield Objection(HEIRS, f"Kies bij welk deel de vestiging {names[isil]} hoort.")
    for isil in sorted(given.keys() - held):
        yield Objection(
            HEIRS, f"De vestiging {isil} is niet van deze bibliotheek. Kies de vestigingen opnieuw."
        )
    if known.rounds and any(one.inhabitants is None for one in plan.heirs):
        years = names_of(map(str, known.rounds))
        yield Objection(HEIRS, f"Vul bij elk deel het aantal inwoners in; het doet mee over {years}.")


def _of_closed_years(plan: Plan, known: Situation) -> Iterator[Objection]:
    for year in sorted(known.final):
        yield Objection(
            DAY,
            f"De cijfers over {year} zijn definitief en veranderen niet meer. Kies een datum in een later jaar.",
        )
    heirs = {one.isil for one in plan.heirs}
    for one in known.participations:
        if one.round_id in known.final:
            continue
        if one.organisation.isil in {*plan.predecessors, *heirs}:
            yield from _of_delivered(one, known)
        if one.organisation.isil in plan.predecessors and one.organisation.isil not in heirs:
            yield from _of_typed(one, known)


def _of_delivered(one: Participation, known: Situation) -> Iterator[Objection]:
    titles = load_edition(one.round_id).by_code
    delivered = [
        (of.questionnaire, f"{titles[of.questionnaire].title} ({of.current_state.word})")
        for of in known.lists.get(one.pk, ())
        if of.current_state in DELIVERED
    ]
    if delivered:
        yield Objection(
            DAY,
            f"{one.organisation.name} leverde over {one.round_id} al {names_of(dict(delivered).values())}. Stuur dat eerst "
            f"terug, of kies een datum na {one.round_id}.",
            _held(one, delivered, "Stuur eerst terug"),
        )


def _held(one: Participation, lists: list[tuple[str, str]], remedy: str) -> Held:
    return Held(one.organisation.name, one.organisation.isil, one.round_id, tuple(lists), remedy)


def _of_typed(one: Participation, known: Situation) -> Iterator[Objection]:
    typed = known.typed.get(one.pk, ())
    delivered = {of.questionnaire for of in known.lists.get(one.pk, ()) if of.current_state in DELIVERED}
    titles = load_edition(one.round_id).by_code
    lists = [
        (of.questionnaire, f"{titles[of.questionnaire].title} ({format_number(of.count)})")
        for of in typed
        if of.questionnaire not in delivered
    ]
    if lists:
        last = max(of.last for of in typed)
        yield Objection(
            DAY,
            f"{one.organisation.name} vulde over {one.round_id} al antwoorden in: {names_of(dict(lists).values())}, het laatst op "
            f"{in_words(last.date())}. Die zouden niet meer tellen. Laat de bibliotheek ze leegmaken, of kies een datum "
            f"na {one.round_id}.",
            _held(one, lists, "Laat de bibliotheek leegmaken"),
        )
