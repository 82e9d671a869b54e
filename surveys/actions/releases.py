"""Giving the figures of a year a name and a moment: what has no log is kept, so that they can be given again."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from surveys.actions.locks import in_lock_order
from surveys.models import (
    AnswerChange,
    Release,
    ReleaseRecord,
    ReleaseStatus,
    Round,
    Submission,
    User,
)
from surveys.queries.as_of import facts_to_keep
from surveys.queries.bounds import bounds_for
from surveys.queries.releases import releases_of_year
from surveys.queries.year import members_of_year
from surveys.values import clean_text
from surveys.workflow import DELIVERED

MAX_LENGTH = 1_000


class ReleaseError(ValueError):
    """This release cannot be made; the message says why, in Dutch."""


def make_release(
    *,
    year: int,
    status: ReleaseStatus,
    by: User,
    note: str = "",
    seen: int | None = None,
    fingerprint_of: Callable[[Release], str] | None = None,
) -> Release:
    """The figures as they stand now. `seen`: the newest release that the page showed, 0 for none. Raises ReleaseError.

    Who is writing an answer, a step, an explanation or a remark is waited for: all that has an earlier moment is in,
    and what comes later has a later one. `fingerprint_of` reads the whole year, so nobody waits for that.
    """
    with transaction.atomic():
        if not Round.objects.select_for_update(no_key=True).filter(year=year).exists():
            raise ReleaseError(f"Meetjaar {year} staat niet in deze database.")
        _check(year, status, seen)
        delivered = _settle(year)
        if not delivered:
            raise ReleaseError(f"Over {year} is nog niets ingediend; er is nog niets om uit te geven.")
        release = Release.objects.create(
            round_id=year,
            status=status.value,
            note=clean_text(note)[:MAX_LENGTH],
            at=timezone.now(),
            made_by=by,
            delivered=delivered,
            newest_change=AnswerChange.objects.aggregate(newest=Max("pk"))["newest"] or 0,
            bounds=[
                [rule, group, one.count, one.median, one.mad]
                for (rule, group), one in sorted(bounds_for(year).items())
            ],
        )
        ReleaseRecord.objects.bulk_create(
            ReleaseRecord(
                release=release,
                participation=participation,
                facts=facts_to_keep(participation, locations),
            )
            for one in (year, year - 1)
            for participation, locations in members_of_year(one)
        )
    if fingerprint_of is not None:
        fill_fingerprint(release=release, fingerprint_of=fingerprint_of)
    return release


def fill_fingerprint(*, release: Release, fingerprint_of: Callable[[Release], str]) -> None:
    """Also of a release that was made while this failed: it gives the same figures. One that has it keeps it."""
    if release.fingerprint:
        return
    found = fingerprint_of(release)
    Release.objects.filter(pk=release.pk, fingerprint="").update(fingerprint=found)
    release.refresh_from_db(fields=["fingerprint"])


def _check(year: int, status: ReleaseStatus, seen: int | None) -> None:
    made = releases_of_year(year)
    newest = made[0] if made else None
    if seen is not None and seen != (newest.pk if newest else 0):
        raise ReleaseError(
            f"Intussen maakte {newest.made_by} al een uitgave: {newest.get_status_display()}. Kijk of er nog een nodig is."
            if newest
            else "Deze pagina was verouderd. Kijk de gegevens na en probeer het opnieuw."
        )
    if newest is None:
        return
    order = list(ReleaseStatus)
    before = ReleaseStatus(newest.status)
    if before is ReleaseStatus.FINAL:
        raise ReleaseError(
            f"De definitieve uitgave over {year} is er al, en daarna komt er geen andere. Wat nog wijzigt, staat bij "
            "de wijzigingen na de definitieve uitgave."
        )
    if order.index(status) < order.index(before):
        raise ReleaseError(
            f"Er is al een uitgave ‘{before.label}’; daarna kan er geen ‘{status.label}’ meer komen."
        )


def _settle(year: int) -> int:
    """Wait until nobody is writing in these years, and keep others waiting. Returns how many lists are delivered."""
    rows = Submission.objects.select_for_update(of=("self",), no_key=True).select_related("participation")
    locked = in_lock_order(rows.filter(participation__round_id__in=(year - 1, year)))
    return sum(
        one.participation.round_id == year
        and one.participation.ended_by_id is None
        and one.current_state in DELIVERED
        for one in locked
    )
