"""All numbers of one organisation, in hundredths: totals fall apart into parts, and parts keep to the rules.

Nothing here knows a question by name; the recipes do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from math import isinf

from surveys.demo import recipes
from surveys.demo.chance import factor, restlessness, split, uniform
from surveys.demo.outline import Outline
from surveys.demo.recipes import recipe
from surveys.questionnaires.rule import Rule
from surveys.questionnaires.schema import Operation, Question
from surveys.values import Key, Kind

NO_LIMIT = float("inf")
_STEPS = {0: 100, 1: 10, 2: 1}
_JUMPS, _MAY_JUMP = 0.04, 0.04
"""How often a line moves by a lot, and how restless it must be for that."""


class Numbers:
    """`known`: what is settled. `last`: what stood there a year ago, under the codes of then; empty when unknown.

    `is_asked` says whether a question is put to this respondent.
    """

    def __init__(
        self,
        plan: Outline,
        *,
        isil: str,
        year: int,
        inhabitants: int,
        rows: Sequence[str],
        busy: Sequence[float],
        heavier: Mapping[str, float],
        is_asked: Callable[[Key], bool],
        last: Mapping[Key, int],
    ) -> None:
        self.plan, self.isil, self.year = plan, isil, year
        self.inhabitants, self.rows, self.busy = inhabitants, rows, busy
        self.heavier, self.is_asked, self.last = heavier, is_asked, last
        self.known: dict[Key, int] = {}
        self.none_there: set[str] = set()
        self.some_there: set[str] = set()
        self._settling: set[Key] = set()

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        return self.plan.edition.questions

    def drive(self, code: str, total: int, row: str = "") -> None:
        """Set a figure that was calibrated; a computed one by sharing it out over what it is computed from."""
        question = self.questions[code]
        formula = question.formula
        if formula is None:
            self.known[code, row] = total
            return
        if formula.operation is Operation.SUM_ROWS:
            keys = [(formula.operands[0], one) for one in self.rows]
            weights = list(self.busy)
        elif formula.operation is Operation.SUM:
            keys = [self._key(one, row) for one in formula.operands]
            keys = [key for key in keys if self._counts(key)]
            weights = self._weights(keys)
        else:
            return
        for key, part in zip(keys, self._split(total, keys, weights), strict=True):
            self.drive(key[0], part, key[1])

    def raise_to(self, code: str, least: int) -> None:
        """Take what is missing from the largest of those that it is added up with; the sum stays as it is."""
        formulas = (question.formula for question in self.questions.values())
        sums = (one.operands for one in formulas if one and one.operation is Operation.SUM)
        siblings = next((operands for operands in sums if code in operands), ())
        for other in sorted(siblings, key=lambda one: -(self.known.get((one, "")) or 0)):
            missing = least - self.known.get((code, ""), least)
            taken = min(missing, self.known.get((other, ""), 0))
            if other not in recipes.AT_LEAST and taken > 0:
                self.known[other, ""] -= taken
                self.known[code, ""] += taken

    def settle_all(self) -> None:
        for question in self.plan.numbers:
            for row in self.rows if question.repeats else ("",):
                if self.is_asked((question.code, row)):
                    self.need(question.code, row)

    def need(self, code: str, row: str = "") -> int | None:
        """The value, settled if it was not yet; None for what is not asked here, or is being settled now."""
        key = self._key(code, row)
        if key in self.known:
            return self.known[key]
        question = self.questions[code]
        if question.formula is not None:
            return self._computed(question, row)
        if not question.kind.is_number or key in self._settling or not self.is_asked(key):
            return None
        self._settling.add(key)
        self._settle(question, key)
        self._settling.discard(key)
        return self.known[key]

    def before(self, code: str, row: str = "") -> int | None:
        """Last year's value, also of the question that this one replaced."""
        values = (self.last.get((name, row)) for name in self.plan.names[code])
        return next((one for one in values if one is not None), None)

    def _key(self, code: str, row: str) -> Key:
        return (code, row if self.questions[code].repeats else "")

    def _counts(self, key: Key) -> bool:
        """True for a question that is asked here, and for a figure."""
        return self.questions[key[0]].formula is not None or self.is_asked(key)

    def _computed(self, question: Question, row: str) -> int | None:
        formula = question.formula
        if formula is None:
            return None
        if formula.operation is Operation.SUM_ROWS:
            parts = [self.need(formula.operands[0], one) for one in self.rows]
        elif formula.operation in (Operation.SUM, Operation.DIFFERENCE, Operation.REMAINDER):
            parts = [self.need(one, row) for one in formula.operands]
        else:
            return None
        given = [part for part in parts if part is not None]
        if not given:
            return None
        return sum(given) if "sum" in formula.operation else 2 * given[0] - sum(given)

    def _settle(self, question: Question, key: Key) -> None:
        code, row = key
        for rule in self.plan.equal.get(code, ()):
            if self._settle_by_sum(rule, code, row):
                return
        if self._settle_in_group(code, row):
            return
        low, high = self._limits(code, row)
        value = self._free(question, row)
        if not isinf(high):
            part = recipe(recipes.BOUNDS, self._bound_names(code), 0.5)
            noise = factor("bound", code, row, self.isil, spread=0.12) * self._moved(
                self.plan.names[code], row
            )
            value = low + (high - low) * min(1.0, part * (noise if part < 1 else 1))
        self.known[key] = self._fit(question, min(max(value, low), high))

    def _bound_names(self, code: str) -> tuple[str, ...]:
        rules = (rule.code for rule in self.plan.bounds.get(code, ()))
        return (*self.plan.names[code], *rules)

    def _settle_by_sum(self, rule: Rule, code: str, row: str) -> bool:
        """Share out the other side of an equality over what is open on this side."""
        own, other = (rule.left, rule.right) if code in rule.left else (rule.right, rule.left)
        has_own_size = recipe(recipes.RATIOS, self.plan.names[code], None) is not None
        if (len(own) == 1 < len(other) or has_own_size) and not self._all_known(other, row):
            return False
        if any(self._key(one, row) in self._settling for one in other):
            return False
        wanted = [self.need(one, row) for one in other]
        given = [value for value in wanted if value is not None]
        if not given:
            return False
        self._share(sum(given), own, row)
        return True

    def _all_known(self, codes: Sequence[str], row: str) -> bool:
        keys = [self._key(one, row) for one in codes]
        return all(key in self.known or not self._counts(key) for key in keys)

    def _settle_in_group(self, code: str, row: str) -> bool:
        """Several parts that may not exceed a whole together."""
        for rule in self.plan.bounds.get(code, ()):
            if len(rule.left) < 2 or rule.operator != "<=":
                continue
            whole = [self.need(one, row) for one in rule.right]
            given = [value for value in whole if value is not None]
            if given:
                part = recipe(recipes.BOUNDS, (rule.code,), 0.8)
                self._share(int(sum(given) * part) // 100 * 100, rule.left, row)
                return True
        return False

    def _share(self, total: int, codes: Sequence[str], row: str) -> None:
        keys = [self._key(one, row) for one in codes]
        total -= sum(self.known.get(key, 0) for key in keys)
        keys = [key for key in keys if key not in self.known and self._counts(key)]
        parts = self._split(max(total, 0), keys, self._weights(keys))
        for key, part in zip(keys, parts, strict=True):
            self.drive(key[0], part, key[1])

    def _limits(self, code: str, row: str) -> tuple[float, float]:
        low, high = 0.0, NO_LIMIT
        for rule in self.plan.bounds.get(code, ()):
            values = [self.need(one, row) for one in rule.right]
            given = [value for value in values if value is not None]
            if len(rule.left) == 1 and given:
                if rule.operator == "<=":
                    high = min(high, sum(given))
                else:
                    low = max(low, sum(given))
        return low, max(low, high)

    def _free(self, question: Question, row: str) -> float:
        """A number that no total and no rule settles."""
        code, names = question.code, self.plan.names[question.code]
        noise = factor("free", names[-1], row, self.isil, spread=0.25)
        noise *= self._moved(names, row)
        bounds = recipe(recipes.RANGES, names, None)
        if bounds is None and question.maximum is not None and question.maximum <= 100:
            low, high = float(question.minimum or 0), float(question.maximum)
            bounds = (low + (high - low) * 0.1, low + (high - low) * 0.6)
        if code in self.none_there:
            return 0
        if bounds is not None:
            chance = uniform("range", names[-1], row, self.isil)
            return 100 * (bounds[0] + (bounds[1] - bounds[0]) * chance)
        ratio = recipe(recipes.RATIOS, names, None)
        if ratio is not None:
            old, new, part = ratio
            base = next((b for n in names if (b := self._base(n.replace(old, new), row)) is not None), None)
            if base is not None:
                return min(base * part * noise, base) if part < 1 else base * part * noise
        rate = recipe(
            recipes.PER_THOUSAND,
            names,
            recipes.PER_THOUSAND_BY_UNIT.get(question.unit, 0.1),
        )
        people = self.inhabitants / (len(self.rows) if row else 1)
        number = people / 1000 * rate * noise * 100
        return max(number, 100) if code in self.some_there else number

    def _moved(self, names: tuple[str, ...], row: str) -> float:
        """How much a line differs from an ordinary year; once in a while by a lot."""
        spread = recipe(recipes.RESTLESS, names, 0.05)
        name = (names[-1], row, self.isil, self.year)
        if spread >= _MAY_JUMP and uniform("jump", *name) < _JUMPS:
            spread = 0.6
        return factor("moved", *name, spread=spread * restlessness(self.isil))

    def _base(self, code: str, row: str) -> int | None:
        return self.need(code, row) if code in self.questions else None

    def _fit(self, question: Question, value: float) -> int:
        step = self._step(question)
        whole = int(value // step) * step + (step if value % step * 2 >= step else 0)
        low, high = question.minimum, question.maximum
        if low is not None:
            whole = max(whole, int(low * 100))
        return whole if high is None else min(whole, int(high * 100))

    def _step(self, question: Question) -> int:
        wanted = recipe(recipes.STEPS, (question.code,), None)
        if wanted is not None:
            return round(wanted * 100)
        if question.kind is Kind.DECIMAL and question.unit.startswith("uur"):
            return 25
        return _STEPS[question.decimals]

    def _split(self, total: int, keys: Sequence[Key], weights: Sequence[float]) -> list[int]:
        if not keys:
            return []
        step = max(self._step(self.questions[code]) for code, _ in keys)
        start = uniform("split", keys[0][0], self.isil)
        parts = [part * step for part in split(total // step, weights, start)]
        parts[-1] += total % step
        return parts

    def _weights(self, keys: Sequence[Key]) -> list[float]:
        weights = []
        for code, row in keys:
            names = self.plan.names[code]
            weight = 0.0 if code in self.none_there else recipe(recipes.WEIGHTS, names, 1.0)
            if "deelnemers" in code:
                events = self._base(code.replace("deelnemers", "activiteiten"), row)
                weight *= 1.0 if events is None else events
            weight *= factor("weight", names[-1], self.isil, spread=0.12)
            weight *= self._moved(names, "")
            weights.append(weight)
        whole = sum(weights)
        return [
            weight + whole * self.heavier.get(code, 0) if weight else 0.0
            for weight, (code, _) in zip(weights, keys, strict=True)
        ]
