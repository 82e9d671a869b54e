"""The one order in which the lists of organisations are locked by whoever needs more than one of them."""

from __future__ import annotations

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from surveys.models import Submission
from surveys.questionnaires.schema import PROFILE

_IS_PROFILE = ExpressionWrapper(Q(questionnaire=PROFILE), output_field=BooleanField())


def in_lock_order(lists: QuerySet[Submission]) -> QuerySet[Submission]:
    """The profiles last: who submits a list locks that first and then the profile."""
    return lists.order_by(_IS_PROFILE, "pk")
