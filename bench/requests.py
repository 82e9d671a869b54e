"""A request in process: all middleware, session and view, without a network."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from importlib import import_module
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.crypto import get_random_string

from bench.timing import Turn
from surveys.models import User


@cache
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler


class Browser:
    """Somebody who is logged in, with a session in the database that is in use now."""

    def __init__(self, user: User) -> None:
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store.save()
        token = get_random_string(32)
        self._factory = RequestFactory(
            headers={"host": "localhost", "origin": "https://localhost", "x-csrftoken": token}
        )
        self._factory.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
        self._factory.cookies[settings.CSRF_COOKIE_NAME] = token

    def get(self, path: str) -> Turn:
        return partial(_respond, self._factory.get(path, secure=True))

    def post(self, path: str, fields: Mapping[str, str]) -> Turn:
        request = self._factory.post(
            path,
            urlencode(fields),
            content_type="application/x-www-form-urlencoded",
            secure=True,
            headers={"hx-request": "true"},
        )
        return partial(_respond, request)


def _respond(request: HttpRequest) -> HttpResponse:
    response = _handler().get_response(request)
    assert response.status_code == 200, f"{request.path}: {response.status_code}"
    return response
