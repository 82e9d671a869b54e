"""The page of a section joined by hand: the same reads and the same content, with nothing between data and HTML.

The anchor of the page. It runs behind the same middleware, asks the same queries, evaluates the same answers and shows
the same words and fields, but knows no form, no template, no layout object and no cell: every line is an f-string.
It draws what the benchmark asks of it: a page that is open for filling in, without faults or conflicts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import escape

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date

from bench.questions_anchor import questions
from surveys.forms.cells import SCOPE_TAGS
from surveys.models import User
from surveys.permissions import may_fill_in
from surveys.queries.access import find_submission
from surveys.queries.deliveries import Delivery, delivery_of
from surveys.queries.progress import Progress, progress_of
from surveys.questionnaires.schema import Layout, Section

PRESENT = timedelta(minutes=15)


def section(request: HttpRequest, year: int, isil: str, questionnaire: str, section: str) -> HttpResponse:
    submission, access = find_submission(request.user, year=year, isil=isil, questionnaire=questionnaire)
    delivery = delivery_of(submission)
    page = delivery.questionnaire.section(section)
    assert page is not None
    assert may_fill_in(access, submission)
    return HttpResponse("".join(_page(request, delivery, page)))


def _page(request: HttpRequest, delivery: Delivery, section: Section) -> Iterator[str]:
    user: User = request.user
    submission, questionnaire = delivery.submission, delivery.questionnaire
    organisation, year = submission.participation.organisation, delivery.edition.year
    home = f"/levering/{year}/{escape(organisation.isil)}/"
    own = f"{home}{questionnaire.code}/"
    token = get_token(request)
    csrf = f'<input type="hidden" name="csrfmiddlewaretoken" value="{token}">'
    title, list_title = escape(section.title), escape(questionnaire.title)
    yield (
        '<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} – {list_title} {year} – Wsob Gegevenslevering</title>"
        """<meta name="htmx-config" content='{"includeIndicatorStyles":false,"allowEval":false,"historyEnabled":false}'>"""
        f'<link rel="icon" href="{static("surveys/icon.svg")}" type="image/svg+xml">'
        f'<link rel="stylesheet" href="{static("vendor/bootstrap/bootstrap.min.css")}">'
        f'<link rel="stylesheet" href="{static("surveys/wsob.css")}">'
        f'<link rel="stylesheet" href="{static("surveys/form.css")}">'
        f'<link rel="stylesheet" href="{static("surveys/table.css")}">'
        f'<link rel="stylesheet" href="{static("surveys/print.css")}">'
        f'<script src="{static("django_htmx/htmx-2.min.js")}" defer></script>'
        f'<script src="{static("surveys/wsob.js")}" defer></script></head>'
        f"""<body data-hx-headers='{{"X-CSRFToken": "{token}"}}'>"""
        '<a class="skip-link" href="#inhoud">Naar de inhoud</a>'
        '<header class="site-header"><div class="site-header-row">'
        '<a class="site-name" href="/"><strong>Wsob</strong> Gegevenslevering</a>'
        f'<p class="site-context">Meetjaar {year} · {escape(organisation.name)}</p>'
        '<div class="site-user"><span><span class="visually-hidden">Ingelogd als </span>'
        f'{escape(user.name or user.email)}</span><form method="post" action="/account/logout/">{csrf}'
        '<button class="btn-link-quiet" type="submit">Uitloggen</button></form></div></div>'
        '<nav class="site-nav" aria-label="Hoofdmenu"><ul>'
        '<li><a href="/" aria-current="page">Mijn vragenlijsten</a></li>'
        f'<li><a href="/vragenlijsten/{year}/">Vragen en definities</a></li></ul></nav></header>'
        '<div class="sheet"><nav class="crumbs" aria-label="Kruimelpad"><ol>'
        f'<li><a href="{home}">Vragenlijsten {year}</a></li><li><a href="{own}">{list_title}</a></li>'
        f'<li>{title}</li></ol></nav><main id="inhoud" tabindex="-1"><div class="page-columns">'
        '<div class="page-main"><div class="wsob-layout"><details class="rail">'
        f"<summary>Onderdelen van {list_title}: nu {section.number} van {len(questionnaire.sections)}</summary>"
        f'<nav aria-label="Onderdelen van deze vragenlijst"><h2 class="rail-title">{list_title}</h2><ol>'
    )
    for one in questionnaire.sections:
        current = ' aria-current="page"' if one is section else ""
        yield (
            f'<li><a class="rail-item" href="{own}deel/{one.code}/"{current}>{escape(one.title)} '
            f'<span class="rail-count" id="rail-{one.code}">{_progress(progress_of(delivery, one))}</span></a></li>'
        )
    whole = progress_of(delivery)
    yield (
        f'</ol><a class="rail-item rail-check" href="{own}controleren/">Controleren <span class="rail-count" '
        f'id="rail-check">{_told(whole) or "geen open signalen"}</span></a></nav></details>'
        f'<div><div class="page-head"><h1>{title}</h1></div><dl class="facts">'
    )
    if submission.term.due:
        deadline = format_date(submission.term.due, "j F Y")
        yield f"<div><dt>Uiterlijk indienen</dt><dd>{deadline}</dd></div>"
    yield (
        f'<div><dt>Status</dt><dd><span class="status status--{submission.state}">'
        f"{submission.current_state.word}</span></dd></div>"
    )
    since = timezone.now() - PRESENT
    answers = delivery.answers.values()
    names = {one.changed_by for one in answers if one.changed_at and one.changed_at >= since}
    names -= {"", user.name}
    if names:
        yield f"<div><dt>Zojuist bezig</dt><dd>{escape(', '.join(sorted(names)))}</dd></div>"
    yield "</dl>"
    if delivery.is_combined:
        yield _scope(section)
    if section.intro:
        yield f'<p class="section-intro">{escape(section.intro)}</p>'
    yield f'<form method="post" id="section-form" data-wsob-form novalidate>{csrf}'
    yield from questions(delivery, section, f"{own}antwoord/")
    yield from _pager(delivery, section, own, whole.errors + whole.signals)
    yield (
        '</form><p class="visually-hidden" id="wsob-live" role="status"></p></div></div></div></div></main></div>'
        '<footer class="site-footer"><p>De Koninklijke Bibliotheek verzamelt deze gegevens op grond van artikel 11 '
        "van de Wet stelsel openbare bibliotheekvoorzieningen (Wsob).</p><p>Vragen? Mail naar "
        '<a href="mailto:bibliotheekmonitor@example.org">bibliotheekmonitor@example.org</a>.</p></footer>'
        "</body></html>"
    )


def _told(progress: Progress) -> str:
    words = ""
    if progress.errors:
        plural = "en" if progress.errors > 1 else ""
        words += f'<span class="signal signal--error">{progress.errors} fout{plural}</span> '
    if progress.signals:
        plural = "len" if progress.signals > 1 else "al"
        words += f'<span class="signal signal--warning">{progress.signals} signa{plural}</span> '
    return words


def _progress(progress: Progress) -> str:
    words = _told(progress)
    if progress.missing:
        return f"{words} nog {progress.missing} van {progress.wanted}"
    if not progress.wanted:
        return words or " niets verplicht"
    return words or ' <span class="signal signal--done">klaar</span>'


def _scope(section: Section) -> str:
    words = SCOPE_TAGS[section.scope].capitalize()
    if section.scope == "instelling":
        told = "U vult dit onderdeel in voor de hele instelling, met alles wat er naast de bibliotheek is."
    else:
        told = "Tel hier niet mee wat bij een andere functie hoort, zoals het theater of het museum."
    return f'<p class="scope scope--{section.scope}"><strong>{words}</strong> {told}</p>'


def _pager(delivery: Delivery, section: Section, own: str, told: int) -> Iterator[str]:
    pages = []
    for one in delivery.questionnaire.sections:
        pages.append(f"{own}deel/{one.code}/")
        if one.repeat and one.layout is Layout.PAGES:
            pages += (f"{own}deel/{one.code}/{row}/" for row in delivery.rows)
    place = pages.index(f"{own}deel/{section.code}/")
    yield '<div class="pager" role="group" aria-label="Opslaan en verder">'
    if place:
        yield f'<a class="btn btn-quiet pager-previous" href="{pages[place - 1]}">Vorige</a>'
    is_last = place + 1 == len(pages)
    name, words = ("todo", "Opslaan en afronden") if is_last else ("next", "Opslaan en verder")
    yield (
        '<p class="pager-left"><button class="btn-link-quiet" type="submit" name="todo" value="1">'
        f'Opslaan en naar wat nog te doen is</button> <a href="{own}controleren/">Controleren'
        f'<span id="pager-check">{f" ({told})" if told else ""}</span></a></p>'
        f'<button class="btn btn-primary pager-next" type="submit" name="{name}" value="1">{words}</button></div>'
    )
