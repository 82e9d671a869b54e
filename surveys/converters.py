"""What may stand in an address where the code of an organisation or a location does."""

from __future__ import annotations

from django.urls import register_converter
from django.urls.converters import StringConverter


class IsilConverter(StringConverter):
    """Any code the registers hold, which hold whatever the admin types; no control character, which no database takes."""

    regex = r"[^/\x00-\x1f\x7f-\x9f]+"


register_converter(IsilConverter, "isil")
