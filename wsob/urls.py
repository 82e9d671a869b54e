"""Addresses: the application, the account pages, the technical back room.

The KB keeps the e-mail addresses, so allauth's page to change one is closed. The back room has no log-in page of its
own, which would not count failed attempts.
"""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path(
        "account/email/", RedirectView.as_view(pattern_name="account_change_password"), name="account_email"
    ),
    path("account/", include("allauth.account.urls")),
    path("beheer/", admin.site.urls),
    path("", include("surveys.urls")),
]

handler403 = "surveys.views.errors.forbidden"
handler404 = "surveys.views.errors.not_found"
