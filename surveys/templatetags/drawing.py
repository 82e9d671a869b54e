"""Drawing a cell from within the template of a page."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from surveys.forms.cells import Cell
from surveys.forms.drawing import draw

register = template.Library()


@register.simple_tag(takes_context=True)
def drawn(context: Context, template_name: str, cell: Cell | None) -> SafeString | str:
    """The cell, drawn by that template. A template of a cell sees the cell, `save_url` and `last_year`."""
    if cell is None:
        return ""
    return draw(
        template_name,
        cell,
        save_url=context["save_url"],
        last_year=context["last_year"],
        is_open=context["is_open"],
    )
