"""What happens around every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse


def expired_session_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A save from a page whose session has ended gets 401 in place of the log-in page, so that nothing is lost."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_login = response.status_code == 302 and response["Location"].startswith(reverse("account_login"))
        if is_login and request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        return response

    return middleware
