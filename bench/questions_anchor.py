"""The questions of a section joined by hand; the other half of the anchor of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from bench.signals_anchor import Signals
from surveys.forms.cells import (
    IN_PARTS_TABLE,
    MOST_IN_GRID,
    MOST_RADIOS,
    SCOPE_TAGS,
    difference_of,
    is_shown,
    live_formula,
)
from surveys.forms.items import share_of
from surveys.queries.deliveries import Delivery
from surveys.questionnaires.layout import Block, Grid, parts_of
from surveys.questionnaires.schema import Operation, Question, Section, Table
from surveys.values import STATE_WORDS, Kind, State, format_value

_LIVE = (Operation.SUM, Operation.SUM_ROWS, Operation.DIFFERENCE, Operation.REMAINDER)


def questions(delivery: Delivery, section: Section, save_url: str) -> Iterator[str]:
    draw = _Questions(delivery, save_url)
    if section.repeat:
        table = Table(code=section.code, title=section.title, row_header="Locatie")
        rows = [
            (location.name, [(q, location.isil) for q in section.questions])
            for location in delivery.locations
        ]
        scope = SCOPE_TAGS[section.scope] if delivery.is_combined else ""
        yield from draw.grid(table, [q.label for q in section.questions], rows, scope)
        return
    for part in parts_of(section):
        if isinstance(part, Grid):
            cells = [(header, [q and (q, "") for q in questions]) for header, questions in part.rows]
            first = next(q for _, questions in part.rows for q in questions if q)
            scope = SCOPE_TAGS[first.scope] if delivery.is_combined and first.kind.is_number else ""
            yield from draw.grid(part.table, part.columns, cells, scope)
        elif isinstance(part, Block):
            yield from draw.block(part)
        else:
            yield draw.single(part.question)


_Cells = Sequence[tuple[str, Sequence[tuple[Question, str] | None]]]


class _Questions:
    """The questions of one page; what all of them need is looked up once."""

    def __init__(self, delivery: Delivery, save_url: str) -> None:
        self.delivery, self.save_url = delivery, escape(save_url)
        self.last_year = delivery.edition.year - 1
        self.signals = Signals(delivery)
        told = [(one.finding.anchor, one) for one in delivery.signals if one.is_open]
        self.wrong = {key for key, one in told if one.is_error}
        self.odd = {key for key, one in told if not one.is_error}

    def grid(self, table: Table, columns: Sequence[str], rows: _Cells, scope: str) -> Iterator[str]:
        told = f' <span class="table-scope">· {scope}</span>' if scope else ""
        heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
        visible = self.delivery.evaluation.is_visible
        shown = {
            header: any(cell and visible((cell[0].code, cell[1])) for cell in cells) for header, cells in rows
        }
        hidden = "" if any(shown.values()) else " hidden"
        yield (
            f'<div class="figures" data-wsob-group{hidden}><h2 id="t-{table.code}">{escape(table.title)}{told}</h2>'
            f'<div class="grid-scroll" role="region" aria-labelledby="t-{table.code}" tabindex="0">'
            f'<table class="grid-table"><thead><tr><th scope="col">{escape(table.row_header)}</th>{heads}</tr>'
            "</thead><tbody>"
        )
        for header, cells in rows:
            hidden = "" if shown[header] else " hidden"
            yield f'<tr data-wsob-group{hidden}><th scope="row">{escape(header)}</th>'
            for cell in cells:
                yield self.cell(*cell) if cell else "<td></td>"
            yield "</tr>"
        yield '</tbody></table></div><div class="table-signals">'
        for header, cells in rows:
            yield f'<div class="table-signals-row"><p class="table-signals-head">{escape(header)}</p>'
            for cell in cells:
                if cell:
                    q, row = cell
                    yield f'<div id="ms-{_names(q, row)[1]}">{self.signals.in_full((q.code, row))}</div>'
            yield "</div>"
        yield "</div>"
        drawn = [cell for _, cells in rows for cell in cells if cell]
        told_of = {question.code: question for question, _ in drawn if question.help}
        if told_of:
            yield '<details class="q-more"><summary>Wat betekenen deze regels?</summary><dl class="definition-list">'
            for q in told_of.values():
                more = f" {escape(q.more)}" if q.more else ""
                yield f'<dt>{escape(q.label)}</dt><dd id="h-{q.code}">{escape(q.help)}{more}</dd>'
            yield "</dl></details>"
        yield '<details class="q-more"><summary>Schattingen en notities bij deze tabel</summary>'
        for q, row in drawn:
            if q.is_asked:
                yield self.noted(q, row)
        yield "</details></div>"

    def noted(self, q: Question, row: str) -> str:
        """The mark and the note of a cell, under its table."""
        name, id_ = _names(q, row)
        of_row = f" ({row})" if row else ""
        sync = f" data-hx-sync=\"[data-wsob-cell='{id_}']:queue last\""
        return (
            f'<div class="remark" role="group" aria-labelledby="rl-{id_}" id="r-{id_}"{self.hidden(q, row)}'
            f'{self.saves(name, id_)}{sync}><p id="rl-{id_}"><strong>{q.number} {escape(q.label)}{of_row}</strong></p>'
            f"{self.remark(q, row, name, id_, in_grid=True)}</div>"
        )

    def hidden(self, q: Question, row: str) -> str:
        return "" if is_shown(self.delivery.evaluation, q, row) else " hidden"

    def block(self, part: Block) -> Iterator[str]:
        total, delivery = part.total, self.delivery
        parts = [q for q in part.questions if q.role in IN_PARTS_TABLE]
        first, last = part.questions.index(parts[0]), part.questions.index(parts[-1])
        shown = any(q.is_asked and delivery.evaluation.is_visible((q.code, "")) for q in part.questions)
        parts_hidden = "" if delivery.evaluation.is_visible((parts[0].code, "")) else " hidden"
        unit = self.unit(parts[0]) or "Aantal"
        yield (
            f'<div class="block" id="q-{total.code}-blok"{"" if shown else " hidden"}>'
            f'<h2 class="block-title" id="bt-{total.code}">Welk deel hiervan is niet van de bibliotheek?</h2>'
            f"<p>Het cijfer bij <strong>{escape(total.label)}</strong> geldt voor de hele instelling. Geef hier op welk "
            'deel niet aan de bibliotheekfunctie is toe te wijzen.</p><details class="block-guidance">'
            f"<summary>Wat is bibliotheekwerk en wat niet?</summary>{_paragraphs(total.guidance)}</details>"
        )
        for q in part.questions[:first]:
            yield self.single(q)
        yield (
            f'<div class="grid-scroll parts" id="parts-{total.code}"{parts_hidden} role="region" aria-label="Verdeling van '
            f'het deel dat niet van de bibliotheek is" tabindex="0" data-wsob-shown-with="q-{parts[0].code}">'
            '<table class="grid-table"><thead><tr><th scope="col">Verdeling van dit deel</th>'
            f'<th scope="col">{escape(unit[:1].upper() + unit[1:])}</th></tr></thead><tbody>'
        )
        for q in part.questions[first : last + 1]:
            head = f'<span class="q-number">{q.number}</span> {escape(q.label)}'
            yield f'<tr><th scope="row">{head}</th>{self.cell(q, "")}</tr>'
        yield (
            '</tbody></table><p class="small muted">Laat leeg wat er bij u niet is. De regels moeten samen gelijk zijn aan '
            'het deel hierboven.</p><details class="q-more"><summary>Schattingen en notities bij deze verdeling</summary>'
        )
        for q in parts:
            if q.is_asked:
                yield self.noted(q, "")
        yield "</details></div>"
        for q in part.questions[last + 1 :]:
            yield self.single(q)
        yield f'<div id="bar-{total.code}">{_bar(delivery, part)}</div></div>'

    def saves(self, name: str, id_: str) -> str:
        return (
            f' data-wsob-cell="{id_}" data-hx-post="{self.save_url}" data-hx-trigger="change" data-hx-swap="none" '
            f'data-hx-params="{name},{name}~v,{name}~e,{name}~n,{name}~c"'
        )

    def remark(self, q: Question, row: str, name: str, id_: str, *, in_grid: bool) -> str:
        stored = self.delivery.answers.get((q.code, row))
        checked = " checked" if stored and stored.is_estimate else ""
        wipe = (
            f'<label><input type="checkbox" name="{name}~c" value="1"> <span>Wis dit antwoord</span></label>'
            if _is_radio(q, in_grid)
            else ""
        )
        return (
            f'<div class="choice"><label><input type="checkbox" name="{name}~e"{checked}> '
            f"<span>Dit is een schatting</span></label>{wipe}</div>"
            f'<label for="n-{id_}">Notitie voor uzelf en de KB</label><textarea class="form-control" id="n-{id_}" '
            f'name="{name}~n" rows="2" maxlength="1000">{escape(stored.note) if stored else ""}</textarea>'
        )

    def unit(self, q: Question) -> str:
        if self.delivery.is_combined and q.kind.is_number and q.kind is not Kind.PERCENT:
            return f"{q.unit},\n{SCOPE_TAGS[q.scope]}".removeprefix(",\n")
        return q.unit

    def last(self, q: Question, row: str) -> tuple[str, str]:
        """Last year's value, and this year's difference with it."""
        key, delivery = (q.code, row), self.delivery
        then = delivery.last_year.get(key)
        if then is None:
            return "", ""
        stored = delivery.answers.get(key)
        now = stored.value if stored else delivery.evaluation.counted.get(key)
        return format_value(then, q.kind, q.labels), difference_of(now, then)

    def output(self, q: Question, row: str, name: str, id_: str) -> str:
        delivery = self.delivery
        stored = delivery.answers.get((q.code, row))
        value = stored.value if stored else delivery.evaluation.counted.get((q.code, row))
        kind = "figure" if q.kind.is_number else "figure figure--text"
        live = ""
        if q.formula:
            live = f' data-wsob-name="{name}"'
            if q.formula.operation in _LIVE:
                live += f' data-wsob-formula="{live_formula(delivery, q, row)}"'
        text = escape(format_value(value, q.kind, q.labels)) or "–"
        return f'<output class="{kind}" id="o-{id_}"{live}>{text}</output>'

    def control(self, q: Question, row: str, described: str, label: str = "") -> str:
        name, id_ = _names(q, row)
        stored = self.delivery.answers.get((q.code, row))
        value = stored.value if stored else None
        version = (
            f'<input type="hidden" id="v-{id_}" name="{name}~v" value="{stored.version if stored else 0}">'
        )
        wrong = ' aria-invalid="true"' if (q.code, row) in self.wrong else ""
        if q.labels:
            words = {
                STATE_WORDS[state]: STATE_WORDS[state].capitalize() for state in State if state in q.may_be
            }
            chosen = "" if value is None else value.text or STATE_WORDS.get(value.state, "")
            options = {**q.labels, **words}
            if _is_radio(q, bool(label)):
                radios = "".join(
                    f'<label><input type="radio" name="{name}" value="{escape(code)}"'
                    f"{' checked' if code == chosen else ''}> <span>{escape(text)}</span></label>"
                    for code, text in options.items()
                )
                return f'{version}<div class="choice" id="f-{id_}" tabindex="-1">{radios}</div>'
            items = "".join(
                f'<option value="{escape(code)}"{" selected" if code == chosen else ""}>{escape(text)}</option>'
                for code, text in options.items()
            )
            return (
                f'{version}<select class="form-select" id="f-{id_}" name="{name}"{label} aria-describedby="{described}"{wrong}>'
                f'<option value="">Kies …</option>{items}</select>'
            )
        text = escape(format_value(value, q.kind))
        if q.long:
            return (
                f'{version}<textarea class="form-control" id="f-{id_}" name="{name}" rows="3" maxlength="4000"'
                f'{label} aria-describedby="{described}"{wrong}>{text}</textarea>'
            )
        mode = ""
        if q.kind.is_number:
            is_text = q.minimum is None or q.minimum < 0
            mode = f' inputmode="{"text" if is_text else "decimal" if q.decimals else "numeric"}"'
        return (
            f'{version}<input class="form-control{" is-invalid" if wrong else ""}" type="text" id="f-{id_}" name="{name}" '
            f'value="{text}" autocomplete="off"{mode}{label} aria-describedby="{described}"{wrong}>'
        )

    def cell(self, q: Question, row: str) -> str:
        name, id_ = _names(q, row)
        hidden = self.hidden(q, row)
        total = ' class="total"' if q.formula else "" if q.kind.is_number else ' class="words"'
        told = f"{q.number} {escape(q.label)} {row}".strip()
        state = saves = group = ""
        if q.is_asked:
            help_ = f"h-{q.code} " if q.help else ""
            field = self.control(q, row, f"{help_}m-{id_}", f' aria-label="{told}"')
            saves = self.saves(name, id_)
            group = f' role="radiogroup" aria-label="{told}"' if _is_radio(q, True) else ""
            stored = self.delivery.answers.get((q.code, row))
            told = self.state(q, row) if stored and stored.source == "prefill" else ""
            state = f'<span class="cell-state" id="s-{id_}">{told}</span>'
        else:
            field = self.output(q, row, name, id_)
        last, difference = self.last(q, row)
        if last:
            last = (
                f'<span class="cell-last">{self.last_year}: {_cut(last, 60)} '
                f'<span id="d-{id_}" data-wsob-last="{escape(last)}">{difference}</span></span>'
            )
        # The table of a block has no room for signals under it, so they stand in its cells.
        show = self.signals.in_full if q.role in IN_PARTS_TABLE else self.signals.in_cell
        messages = show((q.code, row))
        return (
            f'<td{total}{saves}><div id="q-{id_}"{hidden}{group}>{field}{last}{state}'
            f'<div class="q-messages" id="m-{id_}">{messages}</div></div></td>'
        )

    def state(self, q: Question, row: str) -> str:
        stored = self.delivery.answers.get((q.code, row))
        if not q.is_asked:
            return ""
        if stored is None:
            return "nog leeg"
        if stored.source == "prefill":
            return "vooraf ingevuld, controleer"
        return "opgeslagen, met signaal" if (q.code, row) in self.odd else "opgeslagen"

    def single(self, q: Question) -> str:
        name, id_ = _names(q, "")
        is_asked, is_radio, label = q.is_asked, _is_radio(q, False), escape(q.label)
        messages = self.signals.in_full((q.code, ""))
        kind = ""
        if q.formula:
            kind = " q--computed"
        elif not is_asked:
            kind = " q--fact"
        elif (q.code, "") in self.wrong:
            kind = " q--error"
        elif (q.code, "") in self.odd:
            kind = " q--warning"
        wide = (
            " q--wide"
            if q.long or (len(q.labels) > 2 and any(len(x) > 24 for x in q.labels.values()))
            else ""
        )
        hidden = self.hidden(q, "")
        head = f'<span class="q-number">{q.number}</span> <span class="q-label">{label}</span>'
        head = (
            f'<label for="f-{id_}">{head}</label>'
            if is_asked and not is_radio
            else f'<span id="l-{id_}">{head}</span>'
        )
        optional = '<span class="form-optional">niet verplicht</span>' if is_asked and not q.required else ""
        help_ = f'<p class="q-help" id="h-{q.code}">{escape(q.help)}</p>' if q.help else ""
        more = (
            '<details class="q-more"><summary>Meer uitleg<span class="visually-hidden"> over '
            f"{label}</span></summary>{_paragraphs(q.more)}</details>"
            if q.more
            else ""
        )
        unit = self.unit(q)
        saves = group = states = extra = ""
        if is_asked:
            described = f"{f'h-{q.code} ' if q.help else ''}m-{id_}{f' u-{id_}' if unit else ''}"
            field = self.control(q, "", described)
            saves = self.saves(name, id_)
            group = f' role="radiogroup" aria-labelledby="l-{id_}"' if is_radio else ""
            stored = self.delivery.answers.get((q.code, ""))
            is_opened = " open" if stored and (stored.is_estimate or stored.note) else ""
            if not q.labels:
                states = "".join(
                    f'<button type="button" class="btn-link-quiet js-only" data-wsob-fill="{STATE_WORDS[state]}" '
                    f'data-wsob-for="f-{id_}">{STATE_WORDS[state]}<span class="visually-hidden"> invullen bij {label}'
                    "</span></button>"
                    for state in State
                    if state in q.may_be
                )
            extra = (
                f'<div class="q-extra">{states}<details{is_opened}><summary>Schatting of notitie<span class="visually-hidden"> '
                f"bij {label}</span></summary>{self.remark(q, '', name, id_, in_grid=False)}</details></div>"
            )
        else:
            field = self.output(q, "", name, id_)
        unit = f'<span class="q-unit" id="u-{id_}">{escape(unit)}</span>' if unit else ""
        last, difference = self.last(q, "")
        if last:
            number = ' class="num"' if q.kind.is_number else ""
            last = (
                f'<span class="q-year">{self.last_year}: <span{number}>{_cut(last, 160)}</span></span>'
                f'<span class="q-difference" id="d-{id_}" data-wsob-last="{escape(last)}">{difference}</span>'
            )
        return (
            f'<div class="q{kind}{wide}" id="q-{id_}"{hidden}{group}{saves}><div class="q-head">{head}{optional}{help_}'
            f'{more}</div><div class="q-field">{field}{unit}</div><div class="q-last">{last}</div>'
            f'<p class="q-state" id="s-{id_}">{self.state(q, "")}</p>{extra}'
            f'<div class="q-messages" id="m-{id_}">{messages}</div></div>'
        )


def _names(q: Question, row: str) -> tuple[str, str]:
    return (f"{q.code}__{row}", f"{q.code}-{row}") if row else (q.code, q.code)


def _is_radio(q: Question, in_grid: bool) -> bool:
    return len(q.labels) > 0 and len(q.labels) + len(q.may_be) <= (MOST_IN_GRID if in_grid else MOST_RADIOS)


def _cut(text: str, length: int) -> str:
    return escape(text if len(text) <= length else f"{text[: length - 1]}…")


def _paragraphs(text: str) -> str:
    paragraphs = (escape(one).replace("\n", "<br>") for one in text.split("\n\n"))
    return "".join(f"<p>{one}</p>" for one in paragraphs)


def _bar(delivery: Delivery, part: Block) -> str:
    share = share_of(delivery, part)
    if share is None:
        return ""
    return (
        '<figure class="share-bar"><svg viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label="bibliotheek '
        f'{share.library_percentage}%, overig {share.rest_percentage}%">'
        f'<rect class="share-own" width="{share.width}" height="4"/>'
        f'<rect class="share-other" x="{share.width}" width="{share.rest_width}" height="4"/>'
        '<rect class="share-frame" width="100" height="4"/></svg><figcaption class="share-text">'
        f"<span>bibliotheek <strong>{share.library_percentage}%</strong> · {share.library}</span>"
        f"<span>overig <strong>{share.rest_percentage}%</strong> · {share.rest}</span></figcaption></figure>"
    )
