"""What happened to organisations, in sentences: of all, of one, and of a participation that came to an end by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet

from surveys.models import ChangeKind, Organisation, OrganisationChange, Participation, Succession
from surveys.queries.objections import in_words
from surveys.questionnaires.merged import names_of

MOST = 50


def recorded_changes() -> QuerySet[OrganisationChange]:
    """The newest first. Four queries once read."""
    return OrganisationChange.objects.select_related("added_by").prefetch_related(
        "successions__predecessor", "successions__successor"
    )


def change_sentence(change: OrganisationChange) -> str:
    """What happened, without when. No query of its own for one of `recorded_changes`."""
    links = list(change.successions.all())
    was = list({one.predecessor_id: one.predecessor.name for one in links}.values())
    became = {one.successor_id: one.successor.name for one in links if one.successor}
    if change.kind == ChangeKind.RENAMING:
        return f"{change.old_name} heet voortaan {change.new_name}."
    if change.kind == ChangeKind.CLOSURE:
        return f"{names_of(was)} houdt op te bestaan."
    if change.kind == ChangeKind.SPLIT:
        return f"{names_of(was)} splitst zich in {names_of(became.values())}."
    [heir] = became.values()
    gone = [one.predecessor.name for one in links if one.predecessor_id not in became]
    if len(gone) < len(was):
        return f"{names_of(gone)} {'gaat' if len(gone) == 1 else 'gaan'} op in {heir}."
    return f"{names_of(was)} gaan samen verder als {heir}."


@dataclass(frozen=True, slots=True)
class Told:
    """An organisation with its history, the oldest first. `is_past`: it no longer exists.

    `newest_year`: the last round it takes part in.
    """

    organisation: Organisation
    history: Sequence[str]
    is_past: bool
    newest_year: int | None


def found_organisations(search: str) -> list[Told]:
    """By name, also of before, or ISIL code; the first of them. Five queries."""
    earlier = Succession.objects.filter(change__old_name__icontains=search).values("predecessor")
    organisations = list(
        Organisation.objects.filter(
            Q(name__icontains=search) | Q(isil__icontains=search) | Q(pk__in=earlier)
        ).annotate(newest_year=Max("participations__round", filter=Q(participations__ended_by=None)))[:MOST]
    )
    changes = list(
        recorded_changes()
        .filter(Q(successions__predecessor__in=organisations) | Q(successions__successor__in=organisations))
        .order_by("date", "pk")
        .distinct()
    )
    return [
        Told(
            one,
            [
                f"{in_words(change.date)}: {change_sentence(change)}"
                for change in changes
                if one.pk in _parts(change)
            ],
            any(_ends(change, one.pk) for change in changes),
            vars(one)["newest_year"],
        )
        for one in organisations
    ]


def _parts(change: OrganisationChange) -> set[int | None]:
    return {pk for one in change.successions.all() for pk in (one.predecessor_id, one.successor_id)}


def _ends(change: OrganisationChange, pk: int) -> bool:
    links = list(change.successions.all())
    return any(one.predecessor_id == pk for one in links) and all(one.successor_id != pk for one in links)


@dataclass(frozen=True, slots=True)
class Ended:
    """Why an organisation does not deliver about a year, and who does instead."""

    sentence: str
    heirs: Sequence[Organisation]


def ended_of(participation: Participation) -> Ended | None:
    """None, without a query, while it takes part; four queries otherwise."""
    if participation.ended_by_id is None:
        return None
    change = recorded_changes().get(pk=participation.ended_by_id)
    heirs = [one.successor for one in change.successions.all() if one.successor]
    return Ended(f"{in_words(change.date)}: {change_sentence(change)}", list(dict.fromkeys(heirs)))


def libraries_to_choose() -> Mapping[str, str]:
    """ISIL code to name of all libraries that exist. Two queries."""
    ended = _ended()
    libraries = Organisation.objects.filter(type=Organisation.Type.LIBRARY).exclude(pk__in=ended)
    return dict(libraries.order_by("name").values_list("isil", "name"))


def _ended() -> Iterable[int]:
    became: dict[tuple[int, int], set[int | None]] = {}
    for change, was, heir in Succession.objects.values_list("change", "predecessor", "successor"):
        became.setdefault((change, was), set()).add(heir)
    return [was for (_, was), heirs in became.items() if was not in heirs]
