"""Who logs in: one or two people of every organisation, and the people of the demo. One hash serves them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password

from surveys.demo import names
from surveys.demo.chance import uniform
from surveys.demo.country import DemoOrganisation, DemoPoi
from surveys.demo.people import (
    DEMO_COMBINED,
    DEMO_LIBRARY,
    DEMO_PASSWORD,
    DEMO_PEOPLE,
    DEMO_POI,
)
from surveys.models import Membership, Organisation, User
from surveys.workflow import Role

_ALONE = 0.3
"""Part of the organisations in which one person does it all."""
SECOND_LISTS = frozenset({"personeel", "financieel"})
_KB = ""
_COLLEAGUE = ("daan.rietveld@kb.example", "Daan Rietveld")
"""The other one at the KB's desk."""


@dataclass(slots=True)
class Accounts:
    """`of`: by ISIL code, in order; the second is the contact for SECOND_LISTS."""

    reviewer: User
    of: dict[str, list[User]] = field(default_factory=dict)

    @property
    def reviewers(self) -> list[User]:
        """The two of the KB; the visitor comes in as the first."""
        return self.of[_KB]

    def contact(self, isil: str, questionnaire: str) -> User:
        return self.of[isil][-1 if questionnaire in SECOND_LISTS else 0]


def create_accounts(
    organisations: Sequence[DemoOrganisation],
    pois: Sequence[DemoPoi],
    stored: Mapping[str, Organisation],
    joined: datetime,
) -> Accounts:
    password = make_password(DEMO_PASSWORD)
    wanted: list[tuple[str, User, Role, str]] = [
        (
            person.isil,
            _user(person.email, person.name, password, joined),
            person.role,
            " ".join(person.questionnaires),
        )
        for person in DEMO_PEOPLE
    ]
    wanted.append((_KB, _user(*_COLLEAGUE, password, joined), Role.KB, ""))
    taken = {user.email for _, user, _, _ in wanted}
    homes: list[tuple[str, str, Role]] = [
        *((one.isil, one.place, Role.LIBRARY) for one in organisations),
        *((poi.isil, poi.name.removeprefix("Steunpunt "), Role.POI) for poi in pois),
    ]
    for isil, place, role in homes:
        if isil in (DEMO_LIBRARY, DEMO_COMBINED, DEMO_POI):
            continue
        is_alone = role is Role.POI or uniform("alone", isil) < _ALONE
        for number in range(1 if is_alone else 2):
            name, local = names.person(isil, number)
            domain = f"{place.replace(' ', '').lower()}.example"
            email = f"{local}@{domain}"
            while email in taken:
                email = email.replace("@", "2@", 1)
            taken.add(email)
            wanted.append((isil, _user(email, name, password, joined), role, ""))
    User.objects.bulk_create(user for _, user, _, _ in wanted)
    Membership.objects.bulk_create(
        Membership(
            user=user,
            role=role.value,
            organisation=stored[isil] if isil else None,
            questionnaires=questionnaires,
        )
        for isil, user, role, questionnaires in wanted
    )
    accounts = Accounts(next(u for _, u, role, _ in wanted if role is Role.KB))
    for isil, user, _, _ in wanted:
        accounts.of.setdefault(isil, []).append(user)
    return accounts


def _user(email: str, name: str, password: str, joined: datetime) -> User:
    return User(email=email, name=name, password=password, date_joined=joined)
