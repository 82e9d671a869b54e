"""Addresses, in Dutch. Fixed words stand before the patterns that would catch them."""

from django.urls import path

from surveys.views import (
    approving,
    backtest,
    catalogue,
    checking,
    definitions,
    delivering,
    events,
    exports,
    filling,
    home,
    reports,
    review,
    saving,
)
from surveys.views.demo_login import demo_login

_LIST = "levering/<int:year>/<str:isil>/<slug:questionnaire>/"
_REVIEW = "kb/<int:year>/<str:isil>/<slug:questionnaire>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("demo/inloggen/", demo_login, name="demo_login"),
    path("levering/<int:year>/<str:isil>/", home.delivery_home, name="delivery_home"),
    path("levering/<int:year>/<str:isil>/werkboek.xlsx", delivering.workbook, name="delivery_workbook"),
    path("levering/<int:year>/<str:isil>/gebeurtenissen/", events.events, name="events"),
    path(_LIST, home.first_page, name="questionnaire"),
    path(f"{_LIST}deel/<slug:section>/", filling.section, name="section"),
    path(f"{_LIST}deel/<slug:section>/<str:row>/", filling.section, name="section_row"),
    path(f"{_LIST}antwoord/", saving.answer, name="answer"),
    path(f"{_LIST}controleren/", checking.check, name="check"),
    path(f"{_LIST}verklaren/", checking.explain, name="explain"),
    path(f"{_LIST}herstellen/", checking.repair, name="repair"),
    path(f"{_LIST}stand/", filling.standing, name="standing"),
    path(f"{_LIST}nog-te-doen/", delivering.todo, name="todo"),
    path(f"{_LIST}indienen/", delivering.submit, name="submit"),
    path(f"{_LIST}ontvangst/", delivering.receipt, name="receipt"),
    path(f"{_LIST}lezen/", delivering.read, name="read"),
    path("kb/<int:year>/", review.review_table, name="review_table"),
    path("kb/<int:year>/export.xlsx", exports.export, name="export"),
    path("kb/<int:year>/aandeel/", reports.library_share, name="library_share"),
    path("kb/<int:year>/controles/", backtest.backtest_table, name="backtest"),
    path("kb/<int:year>/goedkeuren/<slug:questionnaire>/", approving.choose, name="choose"),
    path(
        "kb/<int:year>/goedkeuren/<slug:questionnaire>/bevestigen/",
        approving.approve_many,
        name="approve_many",
    ),
    path(_REVIEW, review.review_submission, name="review_submission"),
    path(f"{_REVIEW}goedkeuren/", approving.approve, name="approve"),
    path(f"{_REVIEW}terugsturen/", approving.send_back, name="send_back"),
    path("vragenlijsten/", definitions.editions, name="editions"),
    path("vragenlijsten/<int:year>/", definitions.codebook, name="codebook"),
    path("vragenlijsten/<int:year>/wettelijk/", definitions.statutory, name="statutory"),
    path("vragenlijsten/<int:year>/controles/", catalogue.rules, name="rules"),
    path("vragenlijsten/<int:year>/<slug:questionnaire>/", definitions.blank, name="blank"),
]
