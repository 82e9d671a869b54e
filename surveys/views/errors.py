"""What a visitor sees when something cannot be done; each is logged."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

logger = logging.getLogger("wsob.refused")


def _refused(request: HttpRequest, status: int, reason: str) -> HttpResponse:
    user = getattr(request, "user", None)
    who = user.pk if user is not None and user.is_authenticated else "anonymous"
    # An address may hold a line break, which must not begin a line of the log.
    path = request.path.encode("unicode_escape").decode()
    logger.warning("%s %s %s user=%s: %s", status, request.method, path, who, reason)
    return render(request, f"{status}.html", {"reason": reason}, status=status)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refused(request, 403, str(exception))


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    text = str(exception)
    return _refused(request, 404, "" if "tried" in text else text)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _refused(
        request, 403, "De beveiligingscode van deze pagina is verlopen. Ga terug en laad de pagina opnieuw."
    )
