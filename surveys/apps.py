"""The application; its definitions are read when it starts, so that a mistake in one is refused then."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = "Gegevenslevering"

    def ready(self) -> None:
        from surveys import checks  # noqa: F401, PLC0415
        from surveys.questionnaires.lint import load_all  # noqa: PLC0415
        from surveys.rules.named import unknown_functions  # noqa: PLC0415

        for problem in unknown_functions(load_all()):
            raise problem
