"""What the frame of every page needs: the main menu, the address for questions, the people of the demo."""

from __future__ import annotations

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
    text: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """A line of the menu, before it is known whether its page exists."""

    text: str
    url_name: str
    needs_year: bool
    also: frozenset[str] = frozenset()
    """Pages that belong to this one: while on them, this line is the current one."""


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
    }
)
_REVIEW_PAGES = frozenset({"review_submission", "send_back", "choose"})
_MENUS = {
    Role.KB: (
        _Place("Leveringen", "review_table", True, _REVIEW_PAGES),
        _Place("Aandeel bibliotheekfunctie", "library_share", True),
        _Place("Opbrengst van controles", "backtest", True),
        _BLANKS,
    ),
    Role.POI: (
        _Place("Leveringen", "review_table", True, _REVIEW_PAGES | _OWN_PAGES),
        _Place("Aandeel bibliotheekfunctie", "library_share", True),
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
    items = []
    for place in _MENUS[role]:
        url = _address(place, year)
        if url:
            is_current = here == place.url_name or here in place.also
            items.append(NavItem(place.text, url, is_current))
    return items


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
