"""Addresses that work outside the site: what a mail leads to."""

from __future__ import annotations

from django.conf import settings


def absolute(path: str) -> str:
    """`path` as `reverse` gives it, with the address of the site before it."""
    return f"{settings.BASE_URL}{path}"
