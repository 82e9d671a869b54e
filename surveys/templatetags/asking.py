"""What the KB asks about a list, told on the pages of that list; and picking one list's part of a mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.template.context import Context

from surveys.forms.talks import asked_links
from surveys.models import Submission
from surveys.queries.remarks import asked_of
from surveys.workflow import DELIVERED

register = template.Library()


@register.filter
def of_list(found: Mapping[str, Sequence[Any]], code: str) -> Sequence[Any]:
    return found.get(code, ())


@register.inclusion_tag("library/asked_notice.html", takes_context=True)
def questions_here(context: Context) -> dict[str, Any]:
    """The open questions about the list of this page. One query when it is delivered, none otherwise."""
    submission = context.get("submission")
    if not isinstance(submission, Submission) or submission.current_state not in DELIVERED:
        return {"links": ()}
    asked = asked_of(submission.participation).get(submission.questionnaire, ())
    return {"links": asked_links(asked)}
