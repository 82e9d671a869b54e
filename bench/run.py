"""All goals on the database that DATABASE_URL names; python -m bench starts it once per database."""

from __future__ import annotations

import os

import django
from django.conf import settings


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "wsob.settings"
    settings.ROOT_URLCONF = "bench.urls"
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.LOGGING["root"]["level"] = "WARNING"
    django.setup()
    from bench import goals  # noqa: PLC0415  models can be imported from here on

    goals.main()


if __name__ == "__main__":
    main()
