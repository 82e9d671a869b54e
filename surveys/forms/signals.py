"""What a signal shows: links to what it is about, repairs of likely slips, its explanation or the form for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from surveys.actions.repairs import mark_of
from surveys.forms.addresses import field_url
from surveys.forms.cells import element_id
from surveys.forms.explaining import ExplainForm, stand_of
from surveys.forms.pictures import NO_MEDIANS, Line, Split, picture_of
from surveys.models import Event
from surveys.queries.deliveries import Delivery
from surveys.queries.peer_medians import Middle
from surveys.queries.signals import Signal
from surveys.queries.timeline import direction_of, may_explain
from surveys.questionnaires.rule import RuleKind
from surveys.questionnaires.schema import Edition, Question
from surveys.rules import Finding
from surveys.values import Key

MOST_LINKS = 6
SHORT_WORDS = {
    RuleKind.PRESENCE: "nog leeg",
    RuleKind.COMPARISON: "sluit niet aan",
    RuleKind.RANGE: "ongebruikelijk",
    RuleKind.RATIO: "ongebruikelijk",
    RuleKind.TOGETHER: "past niet bij de rest",
    RuleKind.CHANGE: "groot verschil",
    RuleKind.VANISHED: "nul geworden",
    RuleKind.SAME: "gelijk aan vorig jaar",
    RuleKind.INCLUDED: "te veel of te weinig geteld?",
    RuleKind.ROUNDED: "afgerond",
    RuleKind.PEERS: "anders dan elders",
    RuleKind.SCOPE: "hele instelling?",
    RuleKind.FUNCTION: "opvallend",
}
"""What is said in a narrow cell, where the message itself has no room."""


@dataclass(frozen=True, slots=True)
class Link:
    """A question that the signal is about. `list_title`: of the list it stands in, when that is another."""

    url: str
    number: str
    label: str
    list_title: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A repair that one button asks for. No mark: it has to be done by hand, in another list."""

    sentence: str
    mark: str


@dataclass(frozen=True, slots=True)
class Shown:
    """`others`: links besides the answer it is told at. `form`: None where this user can explain nothing.

    `events`: of the timeline, those that may explain it; with `row_name` and `picture` only on the page Controleren.
    """

    signal: Signal
    about: Question
    url: str
    others: Sequence[Link]
    offers: Sequence[Offer]
    form: ExplainForm | None = None
    row_name: str = ""
    picture: Line | Split | None = None
    events: Sequence[Event] = ()

    @property
    def id(self) -> str:
        return self.signal.finding.id

    @property
    def anchor(self) -> str:
        """The id of the answer on a page that is read."""
        return element_id(self.signal.finding.anchor)

    @property
    def stand(self) -> str:
        return stand_of(self.signal.finding)

    @property
    def word(self) -> str:
        if self.signal.is_error:
            return "Klopt niet"
        return "Toegelicht" if self.signal.is_explained else "Let op"

    @property
    def short(self) -> str:
        return SHORT_WORDS[self.signal.finding.rule.kind]

    @property
    def is_scope(self) -> bool:
        return self.signal.finding.rule.kind is RuleKind.SCOPE

    @property
    def links(self) -> Sequence[Link]:
        return self.others[:MOST_LINKS]

    @property
    def more_links(self) -> int:
        return max(0, len(self.others) - MOST_LINKS)

    @property
    def is_split(self) -> bool:
        return isinstance(self.picture, Split)


Forms = Mapping[str, ExplainForm]
"""By the id of their signal: those that were refused, with what was typed."""


def beside_field(
    signal: Signal, edition: Edition, isil: str, *, may_fill_in: bool, refused: Forms | None = None
) -> Shown:
    finding = signal.finding
    about = edition.questions[finding.anchor[0]]
    form = None
    if may_fill_in and not signal.is_error:
        form = (refused or {}).get(finding.id) or ExplainForm(signal=signal, about=about.label)
    return Shown(
        signal=signal,
        about=about,
        url=field_url(edition, isil, finding.anchor),
        others=tuple(_links(finding, edition, isil)),
        offers=tuple(_offers(finding, edition, about.questionnaire)) if may_fill_in else (),
        form=form,
    )


def on_page(
    signal: Signal,
    delivery: Delivery,
    events: Sequence[Event],
    *,
    may_fill_in: bool,
    refused: Forms | None = None,
    medians: Mapping[str, Middle] = NO_MEDIANS,
) -> Shown:
    """On a page of its own, with all that may help to answer or to judge it."""
    finding = signal.finding
    isil = delivery.submission.participation.organisation.isil
    plain = beside_field(signal, delivery.edition, isil, may_fill_in=may_fill_in, refused=refused)
    direction = direction_of(finding, delivery)
    return replace(
        plain,
        row_name=next((one.name for one in delivery.locations if one.isil == finding.anchor[1]), ""),
        picture=picture_of(finding, delivery, medians),
        events=[one for one in events if may_explain(one, direction, delivery.edition.year)],
    )


def _links(finding: Finding, edition: Edition, isil: str) -> Iterator[Link]:
    """The answers it was judged by, those that made it speak, and where it is about something missing also those."""
    empty = {pair.partition("=")[0] for pair in finding.figures.split() if pair.endswith("=")}
    home = edition.questions[finding.anchor[0]].questionnaire
    for key in dict.fromkeys((*finding.keys, *finding.about)):
        if key != finding.anchor and (key[0] not in empty or finding.rule.kind is RuleKind.TOGETHER):
            yield _link(key, edition, isil, home)


def _link(key: Key, edition: Edition, isil: str, home: str) -> Link:
    question = edition.questions[key[0]]
    is_here = question.questionnaire == home
    title = "" if is_here else edition.by_code[question.questionnaire].title
    return Link(field_url(edition, isil, key), question.number, question.label, title)


def _offers(finding: Finding, edition: Edition, home: str) -> Iterator[Offer]:
    for slip in finding.slips:
        is_here = all(edition.questions[code].questionnaire == home for (code, _), _ in slip.changes)
        yield Offer(slip.sentence, mark_of(finding, slip) if is_here else "")
