"""What stands beside the answers of a delivery that is reviewed: its signals and its questions, each with addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from surveys.forms.signals import Shown, on_page
from surveys.models import Remark, Reply
from surveys.queries.deliveries import Delivery
from surveys.queries.peer_medians import Middle
from surveys.queries.signals import Signal
from surveys.queries.trails import Trail
from surveys.questionnaires.schema import Question
from surveys.values import Key
from surveys.workflow import RemarkState


@dataclass(frozen=True, slots=True)
class Margin:
    """What stands beside the answers, besides last year's. `url_of`: the page about one answer, or empty."""

    medians: Mapping[str, Middle] = field(default_factory=dict)
    trails: Mapping[Key, Trail] = field(default_factory=dict)
    remarks: Mapping[Key, Sequence[Remark]] = field(default_factory=dict)
    url_of: Callable[[Key], str] = lambda _: ""


BARE = Margin()


@dataclass(frozen=True, slots=True)
class Addresses:
    """Of the pages about single answers, under that of their list. `order`: what of its address goes along.

    `field`: the id of the field for a question, or of a POI for a remark.
    """

    of_list: str
    order: str = ""
    field: str = "vraag-tekst"

    def answer(self, key: Key) -> str:
        """As `answer_page` and `answer_page_row`, which to reverse for each of 400 answers takes too long."""
        code, row = key
        page = f"{self.of_list}antwoord/{code}/{row}/" if row else f"{self.of_list}antwoord/{code}/"
        return page + self.order

    def ask(self, signal: Signal) -> str:
        """There, in the field for the question, with the signal that it is about."""
        finding = signal.finding
        page = self.answer(finding.anchor)
        return f"{page}{'&' if self.order else '?'}{urlencode({'controle': finding.rule.code})}#{self.field}"


@dataclass(frozen=True, slots=True)
class Raised:
    """A signal with what has been asked about its answer. `ask_url`: where to ask."""

    shown: Shown
    remarks: Sequence[Remark]
    ask_url: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question or comment in the list above the answers. `about`: None when it is about the whole list."""

    remark: Remark
    about: Question | None
    row_name: str
    url: str

    @property
    def newest_reply(self) -> Reply | None:
        """No query: it was read with its conversation."""
        return max(self.remark.replies.all(), key=lambda one: (one.at, one.pk), default=None)


def raised(signal: Signal, delivery: Delivery, margin: Margin, addresses: Addresses) -> Raised:
    shown = on_page(signal, delivery, (), may_fill_in=False, medians=margin.medians)
    return Raised(shown, margin.remarks.get(signal.finding.anchor, ()), addresses.ask(signal))


def asked(remark: Remark, delivery: Delivery, addresses: Addresses) -> Asked:
    key = (remark.question, remark.row)
    row_name = next((one.name for one in delivery.locations if one.isil == remark.row), "")
    about = delivery.questions.get(remark.question)
    return Asked(remark, about, row_name, addresses.answer(key) if about else addresses.of_list)


def by_answer(remarks: Iterable[Remark]) -> Mapping[Key, Sequence[Remark]]:
    found: dict[Key, list[Remark]] = {}
    for one in remarks:
        if one.question:
            found.setdefault((one.question, one.row), []).append(one)
    return found


def open_first(remarks: Iterable[Remark]) -> list[Remark]:
    """What is closed comes last; otherwise oldest first, as they were read."""
    return sorted(remarks, key=lambda one: one.current_state is RemarkState.CLOSED)


def is_in_the_way(remark: Remark) -> bool:
    """As IN_THE_WAY: a question to the library that is not done with."""
    return remark.is_to_library and remark.current_state is not RemarkState.CLOSED


def most_common(medians: Iterable[Middle]) -> Middle | None:
    """One of those that tell of the group with which most figures are compared."""
    found = list(medians)
    groups = Counter(one.group for one in found)
    return max(found, key=lambda one: (groups[one.group], one.count), default=None)
