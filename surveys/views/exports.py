"""What goes out by a button: the workbook of a year, whole or of one questionnaire."""

from __future__ import annotations

from tempfile import TemporaryFile

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.text import slugify

from surveys.exports.workbook import CONTENT_TYPE, write_workbook
from surveys.models import Round
from surveys.permissions import may_export
from surveys.queries.access import find_oversight
from surveys.queries.releases import find_release
from surveys.views.requests import UserRequest, edition_or_404


def export(request: UserRequest, year: int) -> FileResponse:
    """The workbook as it stands now, or as a release gave it out.

    `?questionnaire=` names one of the year's questionnaires, `?uitgave=` a release.
    """
    access, _ = find_oversight(request.user)
    if not may_export(access):
        raise PermissionDenied("Alleen de KB haalt het werkboek op.")
    edition = edition_or_404(year)
    questionnaire = request.GET.get("questionnaire") or None
    if questionnaire and questionnaire not in edition.by_code:
        raise Http404("Deze vragenlijst bestaat niet.")
    if not Round.objects.filter(year=year).exists():
        raise Http404(f"Over {year} worden geen gegevens verzameld.")
    release = find_release(year, request.GET.get("uitgave", ""))
    file = TemporaryFile()  # noqa: SIM115  the response closes it
    write_workbook(file, year=year, questionnaire=questionnaire, release=release)
    file.seek(0)
    status = slugify(release.get_status_display()) if release else None
    day = timezone.localdate(release.at if release else None).isoformat()
    name = "-".join(part for part in ("wsob", str(year), questionnaire, status, day) if part)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=CONTENT_TYPE)
