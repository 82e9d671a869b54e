"""What saving one answer has to know, in one query: may it, is it open, what stood there, what hangs on it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.http import Http404

from surveys.models import Location, Participation, Submission, User
from surveys.permissions import Access
from surveys.queries.access import access_annotations, granted
from surveys.queries.answers import FIELDS, Stored, stored_from
from surveys.questionnaires.dependencies import Touched
from surveys.values import Key

_KEPT = "participation__submissions__answers"


@dataclass(frozen=True, slots=True)
class Known:
    """`submission` holds only what saving needs; `answers` are those that the saved answer touches."""

    submission: Submission
    access: Access
    answers: dict[Key, Stored]


def known_for_save(
    user: User, *, year: int, isil: str, questionnaire: str, row: str, touched: Touched
) -> Known:
    """One query. Raises Http404 without such a submission or location, PermissionDenied for a stranger."""
    codes = [question.code for question in touched.needed if question.is_stored]
    found = list(
        Submission.objects.filter(
            participation__round_id=year,
            participation__organisation__isil=isil,
            questionnaire=questionnaire,
        )
        .annotate(
            **access_annotations(user, "participation__organisation"),
            kept=FilteredRelation(_KEPT, condition=Q(**{f"{_KEPT}__question__in": codes})),
            year=F("participation__round_id"),
            organisation_id=F("participation__organisation_id"),
            inhabitants=F("participation__inhabitants"),
            has_row=Exists(
                Location.objects.filter(organisation=OuterRef("participation__organisation"), isil=row)
            ),
        )
        .values(
            "pk",
            "participation_id",
            "state",
            "year",
            "organisation_id",
            "inhabitants",
            "has_row",
            "is_kb",
            "is_poi",
            "library_questionnaires",
            *(f"kept__{field}" for field in FIELDS),
        )
    )
    if not found:
        raise Http404("Deze vragenlijst is er niet.")
    first = found[0]
    if row and not first["has_row"]:
        raise Http404("Deze vestiging is er niet.")
    participation = Participation(
        pk=first["participation_id"],
        organisation_id=first["organisation_id"],
        round_id=first["year"],
        inhabitants=first["inhabitants"],
    )
    return Known(
        submission=Submission(
            pk=first["pk"],
            participation=participation,
            questionnaire=questionnaire,
            state=first["state"],
        ),
        access=granted(first),
        answers=dict(
            stored_from([row[f"kept__{field}"] for field in FIELDS])
            for row in found
            if row["kept__question"] is not None
        ),
    )
