"""The questions to libraries and the remarks to the KB: of a year, and of one list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from surveys.forms.asking import AskForm, SayForm
from surveys.forms.filters import REMARK_SLUGS, RemarkFilter
from surveys.forms.talks import Refused, answer_url, kb_people, place_of, talk_of
from surveys.models import Location, Remark, Round, Submission
from surveys.permissions import Access, may_ask, may_comment, may_oversee
from surveys.queries.access import find_oversight, find_submission
from surveys.queries.remarks import drafts_of, remark_table, remarks_of, visible_to
from surveys.queries.untold import untold_of
from surveys.questionnaires.loader import load_edition
from surveys.questionnaires.schema import Question, Questionnaire
from surveys.views.requests import UserRequest, edition_or_404
from surveys.workflow import DELIVERED, RemarkState

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A remark in the table. `about`: None for the whole list."""

    remark: Remark
    questionnaire: Questionnaire
    about: Question | None
    row_name: str
    url: str


@dataclass(frozen=True, slots=True)
class Batch:
    """The drafts of one list, that go out in one mail."""

    submission: Submission
    questionnaire: Questionnaire
    drafts: Sequence[Remark]


@require_safe
def remarks(request: UserRequest, year: int) -> HttpResponse:
    """What is being asked, what waits longest first; filters come from the address bar."""
    access, organisations = find_oversight(request.user)
    if not Round.objects.filter(year=year).exists():
        raise Http404(f"Over {year} worden geen gegevens verzameld.")
    edition = edition_or_404(year)
    form = RemarkFilter(request.GET, questionnaires=edition.questionnaires, user=request.user)
    if not may_ask(access):
        del form.fields["van"]
    shown = visible_to(access, request.user)
    table = remark_table(year, organisations, shown, form.selection)
    page = Paginator(table.remarks, PER_PAGE).get_page(request.GET.get("pagina"))
    rows = [one.row for one in page if one.row]
    names = dict(Location.objects.filter(isil__in=set(rows)).values_list("isil", "name"))
    context = {
        "year": year,
        "access": access,
        "form": form,
        "is_kb": may_ask(access),
        "lines": [
            Line(
                one,
                edition.by_code[one.submission.questionnaire],
                edition.questions.get(one.question),
                names.get(one.row, ""),
                f"{answer_url(one.submission, one.question, one.row)}#v{one.pk}",
            )
            for one in page
        ],
        "tally": [
            (state, count, _address(form, REMARK_SLUGS[state]), form.selection.state is state)
            for state, count in table.counts.items()
            if may_ask(access) or state is not RemarkState.DRAFT
        ],
        "batches": [
            Batch(drafts[0].submission, edition.by_code[drafts[0].submission.questionnaire], drafts)
            for drafts in (drafts_of(table.drafts).values() if may_ask(access) else ())
        ],
        "page": page,
        "page_query": urlencode(form.chosen),
        "back": request.GET.urlencode(),
    }
    return render(request, "review/remarks.html", context)


def _address(form: RemarkFilter, slug: str) -> str:
    """The same page with this state; once more: without."""
    chosen = {**form.chosen, "status": "" if form.chosen.get("status") == slug else slug}
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"?{query}" if query else "."


@require_safe
def list_remarks(request: UserRequest, year: int, isil: str, questionnaire: str) -> HttpResponse:
    """All that is asked and said about one list, and about the list as a whole."""
    submission, access = find_submission(request.user, year=year, isil=isil, questionnaire=questionnaire)
    if not may_oversee(access):
        raise PermissionDenied("Deze pagina is voor de KB en de POI’s.")
    return page_of_list(request, submission, access)


def page_of_list(
    request: UserRequest,
    submission: Submission,
    access: Access,
    *,
    ask: AskForm | None = None,
    remark_to_kb: SayForm | None = None,
    said: Refused | None = None,
    problems: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    """The same page for what was refused, with what had been typed."""
    participation = submission.participation
    edition = load_edition(participation.round_id)
    found = remarks_of(submission, visible_to(access, request.user))
    names = dict(participation.organisation.locations.values_list("isil", "name"))
    is_delivered = submission.current_state in DELIVERED
    untold = untold_of(found) if may_ask(access) else []
    context = {
        **place_of(submission),
        "access": access,
        "submission": submission,
        "organisation": participation.organisation,
        "questionnaire": edition.by_code[submission.questionnaire],
        "talks": [talk_of(one, access, edition, names, said, is_untold=one in untold) for one in found],
        "drafts": [one for one in found if one.current_state is RemarkState.DRAFT],
        "people": kb_people() if may_ask(access) else (),
        "is_kb": may_ask(access),
        "is_delivered": is_delivered,
        "problems": problems,
        "ask_form": (ask or AskForm(name="vraag")) if may_ask(access) and is_delivered else None,
        "comment_form": (remark_to_kb or SayForm(name="opmerking", label="Uw opmerking aan de KB"))
        if may_comment(access)
        else None,
    }
    return render(request, "review/list_remarks.html", context, status=status)
