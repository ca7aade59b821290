"""Shares and changes of the narrative against its amounts and against the tables.

“支出 X 万元，比上年增加 Y 万元，增长 Z%” must hold in itself: Z = Y / (X − Y). A share must be its amount in the whole that the sentence names. Each figure
of such a formula may be the amount as the text gives it, or what the tables print for it, so that one wrong amount does not accuse the
percentages beside it. Contradicting is only what none of these makes possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from services.validator.domain.claims import Judged, interval_of, of_stage, untied
from services.validator.domain.derived import Agreement, compare, growth, middle, minus, percent
from services.validator.domain.intervals import ZERO, Interval
from services.validator.domain.sheet import UNIT_ORDERS, Book, Figure
from services.validator.domain.subjects import Dictionary, read_subject
from shared.contracts.normalized import Claim
from shared.contracts.validated import ClaimFormula

_BACK = 40  # claims before a share among which the words 占…的 may name an amount
_BETTER: tuple[Agreement, ...] = ("differs", "near", "agrees")
_MOST_LISTED = 60  # amounts of one list or sentence that are looked at; the longest list of the corpus has 21. It bounds the work.


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """An amount in 元 with where it stands: in the tables, or in the narrative (the index of the claim)."""

    interval: Interval
    figure: Figure | None = None
    claim: int | None = None


@dataclass(slots=True)
class _Best:
    """The nearest that any choice of figures came to what is printed."""

    agreement: Agreement = "differs"
    values: tuple[Value, ...] = ()
    found: Interval | None = None

    def offer(self, said: Interval, found: Interval | None, *values: Value) -> None:
        if found is None:
            return
        agreement = compare(said, found)
        if self.found is None or _BETTER.index(agreement) > _BETTER.index(self.agreement):
            self.agreement, self.values, self.found = agreement, values, found


@dataclass(slots=True)
class Ratios:
    """Judges the shares and changes of one document. `judged`: what became of its amounts, by index."""

    book: Book
    dictionary: Dictionary
    judged: dict[int, Judged]
    claims: Sequence[Claim] = ()
    _sentences: dict[int, list[int]] = field(default_factory=dict)
    _beside: dict[tuple[str, int], list[Figure]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.claims = self.book.document.claims
        for index, claim in enumerate(self.claims):
            if claim.kind == "amount":
                self._sentences.setdefault(claim.sentence, []).append(index)
        for figure in self.book.figures.values():
            if figure.fact.measure in ("previous_year", "budget"):
                self._beside.setdefault((figure.fact.table, figure.fact.row), []).append(figure)

    # What a claim may be measured against.

    def _values(self, index: int, rough: bool = False) -> list[Value]:
        """An amount as the text gives it, and as the tables print what its subject names.

        The tables are finer: where they print the amount, their figure stands for it. Args: rough: what the text rounds counts as well.
        """
        claim = self.claims[index]
        if claim.unit not in UNIT_ORDERS:
            return []
        judged = self.judged.get(index)
        named = judged.figures if judged and judged.formula == "figure" else ()
        figures = [Value(figure.amount.interval, figure) for figure in named]
        if figures and judged is not None and judged.status == "tied" and not rough:
            return figures
        return [Value(interval_of(claim), claim=index), *figures]

    def _wholes(self, index: int) -> Iterator[int]:
        """The amounts that an amount is part of, the nearest first."""
        seen: set[int] = set()
        whole = self.claims[index].whole
        while whole is not None and whole not in seen and whole < index:
            seen.add(whole)
            yield whole
            whole = self.claims[whole].whole

    def _amounts(self, sentence: int, stage: str | None = None) -> list[int]:
        found = self._sentences.get(sentence, [])[:_MOST_LISTED]
        return [index for index in found if stage is None or self.claims[index].stage == stage]

    # Shares.

    def share(self, index: int, siblings: Sequence[int]) -> Judged:
        """A share, or how much of a budget was carried out. Args: siblings: the shares that are listed with it, itself included."""
        claim = self.claims[index]
        if claim.about is None:
            return untied("no_amount")
        if claim.of is None and claim.base != "budget":
            return untied("no_base")  # a rate of something else: 满意度 95%
        formula: ClaimFormula = "completion" if claim.base == "budget" else "share"
        if not claim.amount and not self.claims[claim.about].amount:
            return Judged("tied", formula, claims=(claim.about,))
        judged = self._ratio(index, formula, rough=False)
        unnamed = not claim.of or judged.reason == "no_base"
        if judged.status != "tied" and unnamed and (of_all := self._of_all(index, siblings)):
            return of_all
        if judged.status != "contradicting" or self._ratio(index, formula, rough=True).status == "contradicting":
            return judged
        return Judged("untied", formula, judged.figures, judged.claims, judged.expected, "near")

    def _of_all(self, index: int, siblings: Sequence[int]) -> Judged | None:
        """A share of the sum of all amounts that are listed with it. It ties, but accuses nobody: one wrong amount would accuse all shares."""
        claim = self.claims[index]
        assert claim.about is not None
        if len(siblings) > _MOST_LISTED:
            return None
        listed = dict.fromkeys(about for each in siblings if (about := self.claims[each].about) is not None)
        if len(listed) < 2 or claim.base == "budget":
            return None
        total = sum((interval_of(self.claims[each]) for each in listed), Interval(ZERO, ZERO))
        found = percent(interval_of(self.claims[claim.about]), total)
        holds = found is not None and compare(interval_of(claim), found) == "agrees"
        return Judged("tied", "share", claims=(claim.about, *(each for each in listed if each != claim.about))) if holds else None

    def _ratio(self, index: int, formula: ClaimFormula, *, rough: bool) -> Judged:
        claim, best = self.claims[index], _Best()
        assert claim.about is not None
        budget = claim.base == "budget"
        for whole in self._budgets(claim.about, rough) if budget else self._named_wholes(index, rough):
            for part in self._values(claim.about, rough):
                best.offer(interval_of(claim), percent(part.interval, whole.interval), part, whole)
        return _verdict(claim, best, formula)

    def _budgets(self, about: int, rough: bool) -> list[Value]:
        """The budget that a figure of final accounts is measured against: said in the same sentence, or printed beside it."""
        said = [index for index in self._amounts(self.claims[about].sentence, "budget") if index < about]
        figures = self._printed_beside(about, "budget")
        values = [value for index in reversed(said) for value in self._values(index, rough)]
        return values + [Value(one.amount.interval, one) for one in figures]

    def _named_wholes(self, index: int, rough: bool) -> list[Value]:
        claim, found = self.claims[index], []
        about = claim.about
        assert about is not None
        if claim.of:
            found += self._said(claim.of, index, rough)
            document = self.book.document.document
            figures = of_stage(self.claims[about], self.dictionary.look_up(claim.of).figures, document.kind, document.year)
            found += [Value(figure.amount.interval, figure) for figure in figures if figure.value]
        for whole in dict.fromkeys([*([claim.whole] if claim.whole is not None else []), *self._wholes(about)]):
            found += self._values(whole, rough)
        return found

    def _said(self, name: str, before: int, rough: bool) -> list[Value]:
        """Amounts that the narrative gave shortly before under a name."""
        core = read_subject(name).core
        for index in range(before - 1, max(-1, before - _BACK), -1):
            claim = self.claims[index]
            if claim.kind == "amount" and core and read_subject(claim.subject).core == core:
                return self._values(index, rough)
        return []

    # Changes.

    def change(self, indices: Sequence[int]) -> dict[int, Judged]:
        """A change in money and its percentage, as far as the sentence gives them. Args: indices: one or two claims of one amount and one base."""
        first = self.claims[indices[0]]
        money = next((index for index in indices if self.claims[index].unit in UNIT_ORDERS), None)
        rate = next((index for index in indices if self.claims[index].unit == "%"), None)
        if first.about is None:
            return dict.fromkeys(indices, untied("no_amount"))
        if not any(self.claims[index].amount for index in indices):
            return {index: Judged("tied", "growth", claims=(first.about,)) for index in indices}
        if money is not None and rate is not None:
            return self._pair(money, rate, first.about)
        return {index: self._alone(index, first.about) for index in indices}

    def _pair(self, money: int, rate: int, about: int) -> dict[int, Judged]:
        change, said = self.claims[money], self.claims[rate]
        if change.direction and said.direction and change.direction != said.direction and change.amount and said.amount:
            return dict.fromkeys((money, rate), Judged("contradicting", "growth", claims=(about, money), reversed=True))
        delta, best, opposite = _signed(change), _Best(), _Best()
        for value in self._anchors(about, money):
            best.offer(_signed(said), growth(value.interval, delta), value, Value(delta, claim=money))
            opposite.offer(-_signed(said), growth(value.interval, -delta))
        judged = _verdict(said, best, "growth")
        if judged.status == "contradicting":
            rough = _Best()
            for value in self._anchors(about, money, rough=True):
                rough.offer(_signed(said), growth(value.interval, delta))
            if rough.agreement != "differs":
                judged.status, judged.reason = "untied", "near"
            elif not any(growth(value.interval, delta) for value in self._values(about)):
                judged.figures, judged.claims, judged.expected = (), (money,), None  # nothing may have been there before
            judged.claims = tuple(dict.fromkeys((about, *judged.claims)))
        judged.reversed = judged.status == "contradicting" and opposite.agreement == "agrees"
        alone = self._alone(money, about)
        if judged.status == "contradicting":
            return dict.fromkeys((money, rate), judged)
        if judged.status == "tied":
            taken = Judged("tied", "growth", judged.figures, tuple(dict.fromkeys((*judged.claims, rate))))
            return {money: alone if alone.status == "tied" else taken, rate: judged}
        return {money: alone, rate: judged}

    def _alone(self, index: int, about: int) -> Judged:
        """A change against last year's figure, or the budget, where the sentence or the tables give it."""
        claim, best, opposite = self.claims[index], _Best(), _Best()
        for value, before in self._before(claim, about):
            delta = minus(value.interval, before.interval)
            found = percent(delta, before.interval) if claim.unit == "%" else delta
            best.offer(_signed(claim), found, value, before)
            opposite.offer(-_signed(claim), found)
        if best.found is not None:
            judged = _verdict(claim, best, "difference")
            judged.reversed = judged.status == "contradicting" and opposite.agreement == "agrees"
            return judged
        more = claim.direction == "up" and claim.unit in UNIT_ORDERS and all(
            value.interval.high < interval_of(claim).low for value in self._anchors(about, index)
        )  # fmt: skip
        if more and claim.base in ("last_year", "last_year_budget", "last_year_final"):
            return Judged("contradicting", "difference", claims=(about,), reversed=True)
        return untied("no_base")

    def _anchors(self, about: int, index: int, *, rough: bool = False) -> list[Value]:
        """The amounts that a change may be of: the one that it speaks of, those which that is part of, the others of its sentence and of the one before."""
        sentence = self.claims[index].sentence
        others = [*self._wholes(about), *self._amounts(sentence), *self._amounts(self.claims[about].sentence)]
        order = dict.fromkeys([about, *(one for one in others if one < index and self.claims[one].stage != "last_year")])
        return [value for one in order for value in self._values(one, rough)]

    def _before(self, claim: Claim, about: int) -> Iterator[tuple[Value, Value]]:
        """Pairs of this year's amount and what it is compared with."""
        if claim.base is None:
            return
        said = self._amounts(claim.sentence, "budget" if claim.base == "budget" else "last_year")
        now = self._values(about)
        for index in reversed(said):
            if index != about:
                yield from ((value, before) for value in now for before in self._values(index))
        if claim.base in ("budget", "last_year", "last_year_budget"):
            measure = "budget" if claim.base == "budget" else "previous_year"
            for figure in self._printed_beside(about, measure):
                yield from ((value, Value(figure.amount.interval, figure)) for value in now)

    def _printed_beside(self, about: int, measure: str) -> list[Figure]:
        """What the tables print in the rows of an amount in a column of another measure; nothing where a row has several such columns."""
        judged = self.judged.get(about)
        figures = judged.figures if judged and judged.formula == "figure" else ()
        rows = dict.fromkeys((figure.fact.table, figure.fact.row) for figure in figures)
        found = [[one for one in self._beside.get(row, ()) if one.fact.measure == measure and one not in figures] for row in rows]
        return [ones[0] for ones in found if len(ones) == 1]


def _signed(claim: Claim) -> Interval:
    """A change with its sign, in 元 or per cent."""
    interval = interval_of(claim)
    return -interval if claim.amount < 0 else interval


def _verdict(claim: Claim, best: _Best, formula: ClaimFormula) -> Judged:
    if best.found is None:
        return untied("no_base")
    figures = [value.figure for value in best.values if value.figure is not None]
    claims = tuple(value.claim for value in best.values if value.claim is not None)
    if best.agreement == "agrees":
        return Judged("tied", formula, figures, claims)
    step = Decimal(1).scaleb(-claim.decimals)
    expected = middle(best.found).scaleb(-UNIT_ORDERS.get(claim.unit or "", 0)).quantize(step)
    if best.agreement == "near":
        return Judged("untied", formula, figures, claims, expected, "near")
    return Judged("contradicting", formula, figures, claims, expected)
