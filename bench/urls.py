"""The application's addresses, and beside them the views that it is measured against."""

from django.urls import include, path

from bench import page_anchor, saving_anchor

urlpatterns = [
    path(
        "anker/levering/<int:year>/<str:isil>/<slug:questionnaire>/deel/<slug:section>/", page_anchor.section
    ),
    path("anker/levering/<int:year>/<str:isil>/<slug:questionnaire>/antwoord/", saving_anchor.answer),
    path("", include("wsob.urls")),
]
