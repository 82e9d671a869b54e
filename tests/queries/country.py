"""A small country for what looks at all libraries at once: last year and this, delivered or not."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from surveys.models import Organisation, Submission, User
from surveys.workflow import Role
from tests.factories import YEAR, give, make_library, make_user, submission_of, take_part

FEWEST = 8
GROWTH = (0.96, 0.98, 1.0, 1.0, 1.02, 1.02, 1.04, 1.06)
"""Of one library after another, over and over."""


def library_with(
    number: int,
    now: Mapping[str, int] | None = None,
    before: Mapping[str, int] | None = None,
    *,
    province: str = "Drenthe",
    questionnaire: str = "bezit",
) -> Organisation:
    library = make_library(number, locations=1, province=province)
    for year, answers in ((YEAR - 1, before), (YEAR, now)):
        take_part(library, year)
        give(submission_of(library, "profiel", year), {"gecombineerd": "nee"})
        if answers:
            give(submission_of(library, questionnaire, year), answers)
    return library


def deliver(library: Organisation, questionnaire: str = "bezit", *, state: str = "submitted") -> Submission:
    """Whatever is still to do in it."""
    submission = submission_of(library, questionnaire)
    by: User = User.objects.filter(memberships__role="kb").first() or make_user(Role.KB, name="Kees Berg")
    now = timezone.now()
    approved = {"approved_at": now, "approved_by": by} if state == "approved" else {}
    Submission.objects.filter(pk=submission.pk).update(
        state=state, submitted_at=now, submitted_by=by, **approved
    )
    submission.refresh_from_db()
    return submission


def quiet_libraries(count: int = FEWEST, *, first: int = 1) -> list[Organisation]:
    """Each had 1,000 young and 2,000 adult members, and changed a little; all delivered."""
    found = []
    for number in range(first, first + count):
        growth = GROWTH[number % len(GROWTH)]
        library = library_with(
            number,
            {"leden_jeugd": round(1_000 * growth), "leden_volwassen": round(2_000 * growth)},
            {"leden_jeugd": 1_000, "leden_volwassen": 2_000},
        )
        deliver(library)
        found.append(library)
    return found
