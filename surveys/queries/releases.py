"""The releases of a year."""

from __future__ import annotations

from django.http import Http404

from surveys.models import Release


def releases_of_year(year: int) -> list[Release]:
    """The newest first. One query."""
    made = Release.objects.filter(round_id=year).select_related("made_by").defer("bounds")
    return list(made.order_by("-at", "-pk"))


def find_release(year: int, number: str) -> Release | None:
    """The release that an address names; None when it names none. One query. Raises Http404 for one of elsewhere."""
    if not number:
        return None
    found = Release.objects.filter(round_id=year, pk=int(number)) if _is_number(number) else None
    release = found.select_related("made_by").first() if found is not None else None
    if release is None:
        raise Http404("Deze uitgave is er niet.")
    return release


def _is_number(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) < 19
