"""Addresses: the application, the account pages, the technical back room."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("beheer/", admin.site.urls),
    path("", include("surveys.urls")),
]

handler403 = "surveys.views.errors.forbidden"
handler404 = "surveys.views.errors.not_found"
