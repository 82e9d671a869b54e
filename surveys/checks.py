"""`manage.py check` reads all definitions again and names every fault, not only the first; `--deploy` refuses a demo."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from surveys.questionnaires.lint import lint
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.tables import DefinitionError


@register(Tags.security, deploy=True)
def is_no_demo(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """In a demo everybody logs in as anybody, and the secret key is known."""
    return [Error("DEMO staat aan.", id="surveys.E002")] if settings.DEMO else []


@register()
def definitions_are_sound(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    try:
        problems = list(lint(load_edition(year) for year in years()))
    except DefinitionError as error:
        problems = [error]
    return [Error(str(problem), id="surveys.E001") for problem in problems]
