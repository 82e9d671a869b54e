"""What the frame of every page needs: the main menu, the address for questions, the people of the demo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django import template
from django.conf import settings
from django.template.context import RequestContext
from django.urls import NoReverseMatch, reverse

from surveys.demo.people import DEMO_PEOPLE
from surveys.models import Round, User
from surveys.permissions import Access
from surveys.queries.access import roles_of
from surveys.workflow import Role

register = template.Library()


@dataclass(frozen=True, slots=True)
class NavItem:
    """`pages`: the second menu, of the current line only."""

    text: str
    url: str
    is_current: bool
    pages: tuple[NavItem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """A line of the menu; its own pages, when it has any, make a second menu."""

    text: str
    url_name: str
    needs_year: bool
    also: frozenset[str] = frozenset()
    """Pages that belong to this one: while on them, this line is the current one."""
    pages: tuple[_Place, ...] = ()

    def holds(self, here: str) -> bool:
        return here == self.url_name or here in self.also or any(one.holds(here) for one in self.pages)


_BLANKS = _Place(
    "Vragen en definities", "codebook", True, frozenset({"editions", "statutory", "blank", "rules"})
)
_OWN_PAGES = frozenset(
    {
        "delivery_home",
        "section",
        "section_row",
        "check",
        "events",
        "todo",
        "receipt",
        "read",
        "questionnaire",
        "contacts",
        "asked",
    }
)
_DECIDING = frozenset({"choose", "approve_many"})
_ORGANISATION_PAGES = frozenset({"desk_organisation", "extend", "note_contact"})
_REVIEW_PAGES = frozenset({"review_submission", "send_back", "answer_page", "answer_page_row"})
_REMARK_PAGES = frozenset({"list_remarks", "ask", "comment", "correct", "explain_for", "follow_up"})
_OVERVIEW = _Place("Overzicht", "review_table", True, _DECIDING | _ORGANISATION_PAGES)
_RESPONSE = _Place("Respons", "response", True)
_QUEUE = _Place("Op volgorde van belang", "queue", True, _REVIEW_PAGES)
_REMARKS = _Place("Vragen aan bibliotheken", "remarks", True, _REMARK_PAGES)
_TOTALS = _Place("Voorlopige totalen", "chase", True)
_CONTACT = _Place("Contact", "contact_log", True)
_SHARE = _Place("Aandeel bibliotheekfunctie", "library_share", True)
_MENUS = {
    Role.KB: (
        _Place(
            "Leveringen",
            "review_table",
            True,
            pages=(
                _OVERVIEW,
                _RESPONSE,
                _Place("Termijnen", "windows", True),
                _Place("Herinneringen", "reminders", True),
                _CONTACT,
            ),
        ),
        _Place(
            "Nakijken",
            "queue",
            True,
            pages=(_QUEUE, _REMARKS, _Place("Opbrengst van controles", "backtest", True)),
        ),
        _Place(
            "Cijfers",
            "chase",
            True,
            pages=(
                _TOTALS,
                _SHARE,
                _Place("Uitgaven", "releases", True, frozenset({"compare_releases"})),
            ),
        ),
        _Place("Organisaties", "organisations", False, frozenset({"organisation_change"})),
        _BLANKS,
    ),
    Role.POI: (
        _Place(
            "Leveringen",
            "review_table",
            True,
            _OWN_PAGES,
            pages=(_OVERVIEW, _RESPONSE, _CONTACT),
        ),
        _Place("Nakijken", "queue", True, pages=(_QUEUE, _REMARKS)),
        _Place("Cijfers", "chase", True, pages=(_TOTALS, _SHARE)),
        _BLANKS,
    ),
    Role.LIBRARY: (_Place("Mijn vragenlijsten", "home", False, _OWN_PAGES), _BLANKS),
}


@register.simple_tag(takes_context=True)
def main_nav(context: RequestContext) -> list[NavItem]:
    """The menu of whoever is logged in, for the year of the page or else the newest. Two short queries at most."""
    request = context.get("request")
    user = context.get("user")
    if request is None or user is None or not user.is_authenticated:
        return []
    match = request.resolver_match
    here = match.url_name if match else ""
    year = match.kwargs.get("year") if match else None
    role = _role(context, user)
    if role is None:
        return []
    if year is None:
        year = Round.objects.values_list("year", flat=True).first()
    return list(_items(_MENUS[role], here, year))


def _items(places: Iterable[_Place], here: str, year: int | None) -> Iterator[NavItem]:
    for place in places:
        url = _address(place, year)
        if url:
            is_current = place.holds(here)
            yield NavItem(
                place.text, url, is_current, tuple(_items(place.pages, here, year)) if is_current else ()
            )


def _role(context: RequestContext, user: User) -> Role | None:
    """What the page already knows of this user's role, or else the first of their roles."""
    access = context.get("access")
    if isinstance(access, Access):
        return access.role
    roles = roles_of(user)
    return next((one for one in (Role.KB, Role.LIBRARY, Role.POI) if one in roles), None)


def _address(place: _Place, year: int | None) -> str:
    if place.needs_year and year is None:
        return ""
    try:
        return reverse(place.url_name, kwargs={"year": year} if place.needs_year else {})
    except NoReverseMatch:
        return ""


@register.simple_tag
def contact_address() -> str:
    """Where questions go: the bare address of the sender of our mail."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


@register.inclusion_tag("account/demo_people.html")
def demo_people() -> dict[str, Any]:
    """The fictional people, to come in as by one click; nobody unless this is a demo."""
    return {"people": DEMO_PEOPLE if settings.DEMO else ()}
