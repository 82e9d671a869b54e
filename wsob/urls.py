"""Addresses: the application, the account pages, the technical back room.

The KB keeps the e-mail addresses, so allauth's page to change one is closed.
"""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

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
