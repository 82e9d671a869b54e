"""Who is turned to about a list, and what passed outside the mails of the desk: calls, mails of one's own, notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from surveys.actions.locks import in_lock_order
from surveys.models import ContactKind, ContactMoment, Organisation, Participation, Submission, User
from surveys.queries.contact import Members, members_of
from surveys.questionnaires.loader import load_edition
from surveys.values import clean_text

BY_HAND = (ContactKind.PHONE, ContactKind.EMAIL, ContactKind.NOTE)
"""What somebody of the KB writes down; the other kinds are mails that were sent."""
MAX_TEXT = 4_000


class ContactRefusedError(ValueError):
    """The message says why, in Dutch."""


class ContactsChangedError(ContactRefusedError):
    """A colleague chose somebody else since the page was shown; `problems`: per questionnaire, in Dutch."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))


def note_contact(*, participation: Participation, kind: ContactKind, text: str, by: User) -> ContactMoment:
    """Write down a call, a mail or a note. Raises ContactRefusedError.

    The same once more, by a double click, is the one that is there.
    """
    clean = clean_text(text)
    if kind not in BY_HAND:
        raise ContactRefusedError("Kies telefoon, e-mail of notitie.")
    if not any(map(str.isalnum, clean)):
        raise ContactRefusedError("Schrijf op wat er is besproken.")
    if len(clean) > MAX_TEXT:
        raise ContactRefusedError(f"Deze tekst is te lang; er passen {MAX_TEXT} tekens. Kort de tekst in.")
    with transaction.atomic():
        Participation.objects.select_for_update(no_key=True).get(pk=participation.pk)
        newest = ContactMoment.objects.filter(participation=participation).order_by("at", "pk").last()
        if newest and (newest.kind, newest.text, newest.by_id) == (kind.value, clean, by.pk):
            return newest
        return _write(participation, kind, clean, by)


def set_contacts(
    *,
    participation: Participation,
    contacts: Mapping[str, User | None],
    by: User,
    seen: Mapping[str, int | None] | None = None,
) -> list[str]:
    """Who is turned to about these lists, by questionnaire; None: everybody who may fill it in.

    `seen`: the number of whom the page showed; without it nothing was shown, and this choice stands. Logged as a note,
    which is returned in lines. Raises ContactRefusedError for one who may not fill in the list, and then
    ContactsChangedError, with nothing changed.
    """
    members = members_of([participation.organisation_id]).get(participation.organisation_id, Members())
    titles = {one.code: one.title for one in load_edition(participation.round_id).questionnaires}
    for code, user in contacts.items():
        if user is not None and user not in members.of(code):
            raise ContactRefusedError(
                f"{user} mag {titles[code]} niet (meer) invullen. Kies een collega uit de lijst."
            )
    told, nobody = [], []
    with transaction.atomic():
        lists = Submission.objects.select_for_update(of=("self",)).select_related("contact")
        of_these = lists.filter(participation=participation, questionnaire__in=contacts)
        held = list(in_lock_order(of_these))
        problems = {
            one.questionnaire: f"Intussen is {one.contact or 'niemand'} gekozen. Kijk na of u dat wilt wijzigen."
            for one in held
            if one.contact != contacts[one.questionnaire]
            and seen is not None
            and seen.get(one.questionnaire) != one.contact_id
        }
        if problems:
            raise ContactsChangedError(problems)
        for one in held:
            new = contacts[one.questionnaire]
            if one.contact == new:
                continue
            if new is None:
                nobody.append(titles[one.questionnaire])
            else:
                told.append(f"{titles[one.questionnaire]}: {new} (was {one.contact or 'geen'}).")
            one.contact = new
            one.save(update_fields=["contact"])
        if nobody:
            told.append(
                f"Voor {' en '.join(filter(None, (', '.join(nobody[:-1]), nobody[-1])))} is nu niemand "
                "contactpersoon; iedereen die de lijst mag invullen krijgt de mail."
            )
        if told:
            _write(participation, ContactKind.NOTE, "\n".join(["Contactpersonen gewijzigd.", *told]), by)
    return told


def take_over_contacts(
    *, participation: Participation, submissions: Iterable[Submission], after: Sequence[Organisation] = ()
) -> None:
    """Whoever was turned to about the last such list, and may fill in this one, is so about this one. Not saved.

    `after`: the predecessors that have come to an end, in order; what the organisation had itself goes first.
    """
    year, organisation = participation.round_id, participation.organisation_id
    lasts = [
        (organisation, year - 1),
        *((one.pk, year) for one in after),  # of the very year, in which it no longer takes part
    ]
    members = members_of([organisation]).get(organisation, Members())
    chosen: dict[str, User] = {}
    for pk, until in lasts:
        rounds = Participation.objects.filter(organisation=pk, round_id__lte=until).order_by("-round_id")
        lists = Submission.objects.filter(participation=rounds.values("pk")[:1], contact__isnull=False)
        for one in lists.select_related("contact"):
            if one.contact and one.contact in members.of(one.questionnaire):
                chosen.setdefault(one.questionnaire, one.contact)
    for one in submissions:
        one.contact = chosen.get(one.questionnaire, one.contact)


def _write(participation: Participation, kind: ContactKind, text: str, by: User) -> ContactMoment:
    return ContactMoment.objects.create(
        participation=participation, kind=kind.value, text=text, at=timezone.now(), by=by
    )
