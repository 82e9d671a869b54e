"""What stands out, in order of its consequence, and taking a list on the own name. A POI reads along."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from surveys.actions.reviewing import let_go
from surveys.actions.reviewing import take as take_list
from surveys.estimation.scores import LINE
from surveys.forms.queue import QueueFilter, line_in_words, line_of, part_in_words, percentage
from surveys.models import Participation, Round
from surveys.permissions import may_take
from surveys.queries.access import find_oversight, find_submission
from surveys.queries.queue import Selection
from surveys.queries.queue import queue as queue_of
from surveys.values import MAX_DIGITS
from surveys.views.requests import UserRequest, edition_or_404
from surveys.views.review import back_to_list
from surveys.workflow import Role, StepRefusedError

PER_PAGE = 50
TAKE, TAKE_OVER, LET_GO = "neem", "overnemen", "loslaten"


def queue(request: UserRequest, year: int) -> HttpResponse:
    """The ranks are national; which of them are shown comes from the address bar."""
    access, organisations = find_oversight(request.user)
    years = list(Round.objects.values_list("year", flat=True))
    if year not in years:
        raise Http404(f"Over {year} worden geen gegevens verzameld.")
    form = QueueFilter(request.GET, questionnaires=edition_or_404(year).questionnaires, user=request.user)
    own = Participation.objects.filter(round_id=year, organisation__in=organisations)
    found = queue_of(year)
    participations = frozenset(own.values_list("pk", flat=True))
    mine, shown = (found.shown(one, participations) for one in (Selection(), form.selection))
    pages = Paginator(shown, PER_PAGE)
    page = pages.get_page(request.GET.get("pagina"))
    above = sum(one.rank <= found.line for one in shown)
    start = page.start_index() - 1 if shown else 0
    context = {
        "access": access,
        "year": year,
        "years": years,
        "form": form,
        "page": page,
        "lines": [line_of(one, year, request.user) for one in page.object_list],
        "first_below": above - start if above < len(shown) or page.has_next() else -1,
        "line_ends_page": above == len(shown) and not page.has_next(),
        "count": len(mine),
        "above": above,
        "below_line": f"Onder deze lijn verandert geen landelijk kerncijfer meer dan {percentage(LINE)}.",
        "line_page": min(above // PER_PAGE + 1, pages.num_pages),
        "sentence": line_in_words(found.line, len(found.items), LINE)
        if access.role is Role.KB
        else part_in_words(len(mine), sum(one.rank <= found.line for one in mine)),
        "may_take": may_take(access),
        "query": request.GET.urlencode(),
        "chosen": form.chosen,
        "pages": _address(form.chosen),
    }
    return render(request, "review/queue.html", context)


@require_POST
def take(request: UserRequest, year: int, isil: str, questionnaire: str) -> HttpResponse:
    """On the own name, over from a colleague, or off it; back to the list, or to the queue as it was."""
    submission, access = find_submission(request.user, year=year, isil=isil, questionnaire=questionnaire)
    if not may_take(access):
        raise PermissionDenied("Nakijken doet de KB.")
    title = edition_or_404(year).by_code[questionnaire].title
    name = f"{title} van {submission.participation.organisation.name}"
    what, _, colleague = request.POST.get("doe", TAKE).partition(".")
    try:
        if what == LET_GO:
            let_go(submission=submission, by=request.user)
            messages.success(request, f"U hebt {name} losgelaten.")
        else:
            over = _number(colleague) if what == TAKE_OVER else None
            take_list(submission=submission, by=request.user, over=over)
            messages.success(request, f"U hebt {name} in behandeling.")
    except StepRefusedError as error:
        messages.error(request, f"{name}: {error}")
    if request.POST.get("vanaf") == "lijst":
        return back_to_list(request, year, isil, questionnaire)
    back = QueryDict(request.POST.get("terug", "")).urlencode()
    return redirect(reverse("queue", kwargs={"year": year}) + (f"?{back}" if back else ""))


def _number(typed: str) -> int | None:
    """Of a colleague; no account has a number longer than what the database holds."""
    return int(typed) if typed.isdecimal() and len(typed) < MAX_DIGITS - 1 else None


def _address(chosen: dict[str, str]) -> str:
    """What a link to another page of this selection begins with."""
    query = QueryDict(mutable=True)
    query.update(chosen)
    return f"?{query.urlencode()}&" if chosen else "?"
