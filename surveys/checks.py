"""What `manage.py check` refuses beyond Django's own list. A faulty definition never comes so far: apps.py refuses it."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def is_no_demo(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """In a demo everybody logs in as anybody, and the secret key is known."""
    return [Error("DEMO staat aan.", id="surveys.E002")] if settings.DEMO else []
