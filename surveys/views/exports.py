"""What goes out by a button: the workbook of a year, whole or of one questionnaire."""

from __future__ import annotations

from tempfile import TemporaryFile

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.utils import timezone

from surveys.exports.workbook import CONTENT_TYPE, write_workbook
from surveys.models import Round
from surveys.permissions import may_export
from surveys.queries.access import find_oversight
from surveys.views.requests import UserRequest, edition_or_404


def export(request: UserRequest, year: int) -> FileResponse:
    """The workbook as it stands now. `?questionnaire=` names one of the year's questionnaires."""
    access, _ = find_oversight(request.user)
    if not may_export(access):
        raise PermissionDenied("Alleen de KB haalt het werkboek op.")
    edition = edition_or_404(year)
    questionnaire = request.GET.get("questionnaire") or None
    if questionnaire and questionnaire not in edition.by_code:
        raise Http404("Deze vragenlijst bestaat niet.")
    if not Round.objects.filter(year=year).exists():
        raise Http404(f"Over {year} worden geen gegevens verzameld.")
    file = TemporaryFile()  # noqa: SIM115  the response closes it
    write_workbook(file, year=year, questionnaire=questionnaire)
    file.seek(0)
    today = timezone.localdate().isoformat()
    name = "-".join(part for part in ("wsob", str(year), questionnaire, today) if part)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=CONTENT_TYPE)
