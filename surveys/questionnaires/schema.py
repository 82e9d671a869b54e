"""The nouns of a definition: edition, questionnaire, section, question. Frozen; nothing here needs data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from surveys.questionnaires.rule import Condition, Rule
from surveys.values import NO, YES, Kind, Limits, State

PROFILE = "profiel"
"""Code of the questionnaire that is asked once a year and read by the other four."""


class Scope(StrEnum):
    """For what a figure is given; said in words wherever one is typed."""

    INSTITUTION = "instelling"
    LIBRARY = "bibliotheek"
    NON_LIBRARY = "niet_bibliotheek"


class Operation(StrEnum):
    SUM = "sum"
    DIFFERENCE = "difference"
    REMAINDER = "remainder"
    SHARE = "share"
    RATIO = "ratio"
    DIVIDE = "divide"
    COUNT_YES = "count_yes"
    ANY_YES = "any_yes"
    SUM_ROWS = "sum_rows"
    COUNT_ROWS_YES = "count_rows_yes"
    NON_LIBRARY = "non_library"


class Layout(StrEnum):
    """How a section that repeats per location is drawn: one table, or one page a location."""

    TABLE = "table"
    PAGES = "pages"


@dataclass(frozen=True, slots=True)
class Formula:
    """How a figure is computed from other questions; figures are never stored.

    sum: what is given, added. difference: the first less the others, a gap if one is missing.
    remainder: the first less what is given of the others. share: first of second, in percent.
    ratio: first by second. divide: first by `divisor`. count_yes, any_yes: over yes/no questions.
    sum_rows, count_rows_yes: one question over all locations.
    non_library: (total, gate, way, amount, percentage) of a non-library block; 0 where the gate is not asked.
    """

    operation: Operation
    operands: tuple[str, ...]
    divisor: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The cell of a table in which a question stands."""

    table: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class Table:
    code: str
    title: str
    row_header: str


class BlockRole(StrEnum):
    """The part a question plays in the non-library block of its total."""

    GATE = "gate"
    WAY = "way"
    AMOUNT = "amount"
    PERCENTAGE = "percentage"
    NON_LIBRARY = "non_library"
    PART = "part"
    REST = "rest"
    BASIS = "basis"
    REASON = "reason"
    LIBRARY = "library"
    LIBRARY_SHARE = "library_share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One scalar. `register`: the fact of the registers it shows; `given_by`: the survey that delivered it."""

    code: str
    label: str
    kind: Kind
    help: str = ""
    more: str = ""
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    only_if: tuple[Condition, ...] = ()
    source: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    required: bool = False
    long: bool = False
    headline: bool = False
    """A national key figure: what comes first when there is little time."""
    adds_up: bool = True
    """False: of organisations together the number is no sum, such as a tariff; a percentage never is."""
    may_be: frozenset[State] = frozenset()
    decimals: int = 0
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    formula: Formula | None = None
    register: str = ""
    given_by: str = ""
    place: Place | None = None
    scope: Scope = Scope.LIBRARY
    total: str = ""
    """Code of the total whose non-library block this question belongs to, or empty."""
    role: BlockRole | None = None
    guidance: str = ""
    """On a total with a non-library block: what counts as library work and what does not."""
    number: str = ""
    section: str = ""
    questionnaire: str = ""
    repeats: bool = False

    def __hash__(self) -> int:
        """By its code: the choices have no hash."""
        return hash(self.code)

    @property
    def is_asked(self) -> bool:
        """True when a respondent types or chooses the answer."""
        return self.formula is None and not self.register and not self.given_by

    @property
    def is_stored(self) -> bool:
        return self.formula is None and not self.register

    @property
    def labels(self) -> Mapping[str, str]:
        """Choice code to label, also for yes/no; empty for other kinds."""
        return {YES: "Ja", NO: "Nee"} if self.kind is Kind.YES_NO else self.choices

    @property
    def limits(self) -> Limits:
        return Limits(
            kind=self.kind,
            decimals=self.decimals,
            minimum=self.minimum,
            maximum=self.maximum,
            choices=self.labels or None,
            may_be=self.may_be,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Section:
    code: str
    title: str
    intro: str
    questions: tuple[Question, ...]
    tables: Mapping[str, Table] = field(default_factory=dict)
    repeat: bool = False
    """True when it is asked once for every location."""
    layout: Layout = Layout.PAGES
    scope: Scope = Scope.LIBRARY
    number: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Questionnaire:
    code: str
    year: int
    title: str
    intro: str
    audience: str
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...] = ()

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """All questions by code, in the order of the definition."""
        return {q.code: q for section in self.sections for q in section.questions}

    def section(self, code: str) -> Section | None:
        return next((s for s in self.sections if s.code == code), None)


@dataclass(frozen=True, kw_only=True, eq=False)
class Edition:
    """All that is asked about one year: the profile and the four questionnaires. Loaded once, known by identity."""

    year: int
    profile: Questionnaire
    lists: tuple[Questionnaire, ...]
    key_items: tuple[str, ...] = ()
    """Codes of the totals over which the library's share is summed up."""

    @cached_property
    def totals(self) -> tuple[Question, ...]:
        """The questions that carry a non-library block."""
        return tuple(q for q in self.questions.values() if q.guidance)

    @cached_property
    def headlines(self) -> tuple[Question, ...]:
        """The national key figures, in their order; of a total with a block the library's part."""
        return tuple(q for q in self.questions.values() if q.headline)

    @property
    def questionnaires(self) -> tuple[Questionnaire, ...]:
        return (self.profile, *self.lists)

    @cached_property
    def by_code(self) -> Mapping[str, Questionnaire]:
        return {q.code: q for q in self.questionnaires}

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        return {code: q for one in self.questionnaires for code, q in one.questions.items()}

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Those of all lists, in their order."""
        return tuple(rule for one in self.questionnaires for rule in one.rules)

    def rules_about(self, questionnaire: str) -> tuple[Rule, ...]:
        """The list's own rules, and those of other lists that judge one of its answers.

        The profile is what others reckon with (inhabitants), so what is odd is told in their lists alone.
        """
        return self._rules_about[questionnaire]

    @cached_property
    def _rules_about(self) -> Mapping[str, tuple[Rule, ...]]:
        return {
            code: tuple(
                rule
                for rule in self.rules
                if rule.questionnaire == code
                or (code != PROFILE and not one.questions.keys().isdisjoint(rule.reads))
            )
            for code, one in self.by_code.items()
        }
