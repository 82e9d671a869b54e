"""Who is turned to about a list, and what passed outside the mails of the desk: calls, mails of one's own, notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from surveys.models import ContactKind, ContactMoment, Participation, Submission, User
from surveys.queries.contact import Members, members_of
from surveys.questionnaires.loader import load_edition
from surveys.values import clean_text

BY_HAND = (ContactKind.PHONE, ContactKind.EMAIL, ContactKind.NOTE)
"""What somebody of the KB writes down; the other kinds are mails that were sent."""
MAX_TEXT = 4_000


class ContactRefusedError(ValueError):
    """The message says why, in Dutch."""


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


def set_contacts(*, participation: Participation, contacts: Mapping[str, User | None], by: User) -> list[str]:
    """Who is turned to about these lists, by questionnaire; None: everybody who may fill it in.

    Logged as a note, which is returned in lines. Raises ContactRefusedError for one who may not fill in the list.
    """
    members = members_of([participation.organisation_id]).get(participation.organisation_id, Members())
    titles = {one.code: one.title for one in load_edition(participation.round_id).questionnaires}
    for code, user in contacts.items():
        if user is not None and user not in members.of(code):
            raise ContactRefusedError(
                f"{user} mag {titles[code]} niet (meer) invullen. Kies een collega uit de lijst."
            )
    told = []
    with transaction.atomic():
        lists = Submission.objects.select_for_update(of=("self",)).select_related("contact")
        for one in lists.filter(participation=participation, questionnaire__in=contacts):
            new = contacts[one.questionnaire]
            if one.contact != new:
                told.append(f"{titles[one.questionnaire]}: {new or 'geen'} (was {one.contact or 'geen'}).")
                one.contact = new
                one.save(update_fields=["contact"])
        if told:
            _write(participation, ContactKind.NOTE, "\n".join(["Contactpersonen gewijzigd.", *told]), by)
    return told


def take_over_contacts(*, participation: Participation, submissions: Iterable[Submission]) -> None:
    """Whoever was turned to about last year's list, and may still fill it in, is so about the new one. Not saved."""
    before = (
        Participation.objects.filter(
            organisation=participation.organisation_id, round_id__lt=participation.round_id
        )
        .order_by("-round_id")
        .first()
    )
    if before is None:
        return
    contacts = {one.questionnaire: one.contact for one in before.submissions.select_related("contact")}
    members = members_of([participation.organisation_id]).get(participation.organisation_id, Members())
    for one in submissions:
        contact = contacts.get(one.questionnaire)
        if contact in members.of(one.questionnaire):
            one.contact = contact


def _write(participation: Participation, kind: ContactKind, text: str, by: User) -> ContactMoment:
    return ContactMoment.objects.create(
        participation=participation, kind=kind.value, text=text, at=timezone.now(), by=by
    )
