"""What the views share: the request of somebody who is logged in, and the edition that an address names."""

from django.http import Http404, HttpRequest

from surveys.models import User
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.schema import Edition


class UserRequest(HttpRequest):
    """The middleware lets nobody else through to a view without login_not_required."""

    user: User


def edition_or_404(year: int) -> Edition:
    if year not in years():
        raise Http404(f"Over {year} zijn er geen vragenlijsten.")
    return load_edition(year)
