"""Coming in as one of the fictional people by one click; there is no such page outside a demo."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from surveys.demo.people import DEMO_PEOPLE
from surveys.models import User


@require_POST
@login_not_required
def demo_login(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    email = request.POST.get("email", "")
    if email not in {person.email for person in DEMO_PEOPLE}:
        raise Http404("Deze persoon hoort niet bij de demo.")
    user = get_object_or_404(User, email=email, is_active=True)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("home")
