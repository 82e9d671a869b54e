"""The signals beside the questions of a section joined by hand; a part of the anchor of the page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from django.utils.dateformat import format as format_date

from surveys.actions.repairs import mark_of
from surveys.forms.explaining import MAX_LENGTH, stand_of
from surveys.forms.signals import MOST_LINKS, SHORT_WORDS
from surveys.models import Reason
from surveys.queries.deliveries import Delivery
from surveys.queries.explanations import Explained
from surveys.queries.signals import Signal
from surveys.questionnaires.rule import RuleKind
from surveys.questionnaires.schema import Layout
from surveys.values import Key

_REASONS = "".join(f'<option value="{code}">{escape(label)}</option>' for code, label in Reason.choices)


class Signals:
    """Those of one list, with the addresses to which their buttons lead."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        participation = delivery.submission.participation
        self._home = f"/levering/{delivery.edition.year}/{escape(participation.organisation.isil)}/"
        self._own = f"{self._home}{delivery.questionnaire.code}/"

    def in_cell(self, key: Key) -> str:
        """A few words, which lead to the whole under the table."""
        return "".join(
            f'<a class="cell-signal{_class(one)}" href="#s-{one.finding.id}" tabindex="-1">{_word(one)}'
            '<span class="visually-hidden">:</span> '
            f'<span class="cell-signal-kind">{SHORT_WORDS[one.finding.rule.kind]}</span></a>'
            for one in self._delivery.signals_at.get(key, ())
        )

    def in_full(self, key: Key) -> str:
        return "".join(piece for one in self._delivery.signals_at.get(key, ()) for piece in self._signal(one))

    def _signal(self, one: Signal) -> Iterator[str]:
        finding = one.finding
        kind = "error" if one.is_error else "explained" if one.is_explained else "warning"
        mark = f' data-wsob-mark="{kind}"' if one.is_open else ""
        hint = f" {escape(finding.hint)}" if finding.hint and not one.is_explained else ""
        label = escape(self._delivery.questions[finding.anchor[0]].label)
        check = f'<a href="{self._own}controleren/#s-{finding.id}">'
        yield (
            f'<div class="message message--{kind}" id="s-{finding.id}" tabindex="-1"><p><strong class="message-word"{mark}>'
            f"{_word(one)}</strong> {escape(finding.message)}{hint}</p>"
        )
        offers = []
        if not one.is_explained:
            yield self._links(one)
            here = self._delivery.questionnaire.questions
            offers = [slip for slip in finding.slips if all(code in here for (code, _), _ in slip.changes)]
        for slip in offers:
            sent = f'{{"signaal": "{finding.id}", "herstel": "{mark_of(finding, slip)}", "veld": "1"}}'
            yield (
                f'<p class="js-only message-offer">{self._button("herstellen", sent, "signaal,herstel,veld")}'
                f"Herstel: {escape(slip.sentence)}</button></p>"
            )
        if one.explanation:
            yield _explained(one.explanation, one)
        if one.is_error:
            if finding.slips:
                yield f'<p class="no-js">{check}Herstellen<span class="visually-hidden">: {label}</span></a></p>'
            yield "</div>"
            return
        yield from self._form(one, label, check)
        words = (
            "Uitleg wijzigen"
            if one.is_explained
            else "Herstellen of uitleggen"
            if finding.slips
            else "Uitleggen"
        )
        yield f'</details><p class="no-js">{check}{words}<span class="visually-hidden">: {label}</span></a></p></div>'

    def _form(self, one: Signal, label: str, check: str) -> Iterator[str]:
        id_ = one.finding.id
        sent = f'"signaal": "{id_}", "stand": "{stand_of(one.finding)}", "veld": "1"'
        words = "Uitleg wijzigen" if one.is_explained else "Klopt het cijfer? Leg het kort uit"
        yield (
            f'<details class="js-only explain"><summary>{words}<span class="visually-hidden">: {label}</span></summary>'
        )
        if one.is_stale:
            button = self._button("verklaren", f'{{{sent}, "opnieuw": "1"}}', "signaal,stand,veld,opnieuw")
            yield f'<p class="explain-again">{button}Deze uitleg geldt ook voor dit cijfer</button></p>'
        elif one.earlier and not one.explanation:
            button = self._button(
                "verklaren", f'{{{sent}, "vorig_jaar": "1"}}', "signaal,stand,veld,vorig_jaar"
            )
            yield _explained(one.earlier, one)
            yield f'<p class="explain-again">{button}Dat geldt nu ook</button></p>'
        reasons, text = _REASONS, ""
        if one.explanation:
            chosen = f'value="{one.explanation.reason.value}"'
            reasons, text = reasons.replace(chosen, f"{chosen} selected"), escape(one.explanation.text)
        about = f'<span class="visually-hidden"> Bij {label}</span></label>'
        save = self._button("verklaren", f"{{{sent}}}", f"signaal,stand,veld,{id_}-reden,{id_}-uitleg")
        yield (
            f'<div class="explain-row"><div class="explain-fields"><div id="div_id_{id_}-reden" class="form-row">'
            f'<label for="id_{id_}-reden" class="form-label">Waardoor?{about}'
            f'<select name="{id_}-reden" class="select form-select" id="id_{id_}-reden"><option value="">Kies een reden …'
            f'</option>{reasons}</select></div><div id="div_id_{id_}-uitleg" class="form-row">'
            f'<label for="id_{id_}-uitleg" class="form-label">Uitleg in een paar woorden{about}'
            f'<textarea name="{id_}-uitleg" cols="40" rows="2" maxlength="{MAX_LENGTH}" class="textarea form-control" '
            f'id="id_{id_}-uitleg">\n{text}</textarea></div></div><p class="explain-save">{save}Bewaar uitleg</button> '
            f'{check}Meer over dit signaal</a> <span class="explain-state" role="status"></span></p></div>'
        )

    def _button(self, action: str, sent: str, parameters: str) -> str:
        return (
            f'<button type="button" class="btn btn-quiet btn-small" data-hx-post="{self._own}{action}/" '
            f'data-hx-vals=\'{sent}\' data-hx-params="{parameters}" data-hx-swap="none">'
        )

    def _links(self, one: Signal) -> str:
        finding = one.finding
        judged = {pair.partition("=")[0] for pair in finding.figures.split() if not pair.endswith("=")}
        about = [
            key
            for key in dict.fromkeys(finding.keys)
            if key != finding.anchor and (key[0] in judged or finding.rule.kind is RuleKind.TOGETHER)
        ]
        if not about:
            return ""
        more = f" · en nog {len(about) - MOST_LINKS}" if len(about) > MOST_LINKS else ""
        links = " · ".join(self._link(key) for key in about[:MOST_LINKS])
        return f'<p class="small message-about">Gaat ook over {links}{more}</p>'

    def _link(self, key: Key) -> str:
        (code, row), edition = key, self._delivery.edition
        question = edition.questions[code]
        of_list = edition.by_code[question.questionnaire]
        section = of_list.section(question.section)
        assert section is not None
        url = f"{self._home}{of_list.code}/deel/{section.code}/"
        if row and section.layout is Layout.PAGES:
            url += f"{row}/"
        if row or not question.repeats:
            url += f"#{'f' if question.is_asked else 'q'}-{code}{f'-{row}' if row else ''}"
        title = "" if of_list is self._delivery.questionnaire else f"{escape(of_list.title)} "
        label = question.label if len(question.label) <= 70 else f"{question.label[:69]}…"
        return (
            f'<a href="{url}">{title}<span class="q-number">{question.number}</span>&nbsp;{escape(label)}</a>'
        )


def _word(one: Signal) -> str:
    return "Klopt niet" if one.is_error else "Toegelicht" if one.is_explained else "Let op"


def _class(one: Signal) -> str:
    if one.is_error:
        return " signal signal--error"
    return " signal signal--warning" if one.is_open else ""


def _explained(given: Explained, one: Signal) -> str:
    by, day = escape(given.by), format_date(given.at, "j F")
    meta = ""
    if given is one.earlier and given is not one.explanation:
        head = f"Vorig jaar schreef {by} bij ditzelfde signaal:"
    elif one.is_stale:
        head = f"Bij een ander cijfer schreef {by} op {day}:"
    else:
        reason = given.reason.label
        head = f"{reason[:1].upper()}{reason[1:]}{', net als vorig jaar' if given.is_confirmed else ''}:"
        meta = f' <span class="meta">{by}, {day}</span>'
    return (
        f'<div class="message message--explanation"><p><span class="explanation-head">{head}</span> '
        f"<q>{escape(given.text)}</q>{meta}</p></div>"
    )
