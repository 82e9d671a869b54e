"""`manage.py check` reads all definitions again and names every fault, not only the first."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from surveys.questionnaires.lint import lint
from surveys.questionnaires.loader import load_edition, years
from surveys.questionnaires.tables import DefinitionError


@register()
def definitions_are_sound(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    try:
        problems = list(lint(load_edition(year) for year in years()))
    except DefinitionError as error:
        problems = [error]
    return [Error(str(problem), id="surveys.E001") for problem in problems]
