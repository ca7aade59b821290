"""The narrative of a document: every figure of it is tied, contradicting or untied.

Amounts are compared with the tables (claims.py), shares and changes with the amounts that they speak of (claim_ratios.py); amounts and counts that
the tables do not print are tied where the parts that the text lists add up to them. A contradiction is a warning: who is right is for people to say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from services.validator.domain.claim_figures import claim_fact
from services.validator.domain.claim_groups import changes_of, listed_shares
from services.validator.domain.claim_ratios import Ratios
from services.validator.domain.claims import Judged, claim_said, interval_of, judge_amount, untied
from services.validator.domain.derived import compare, middle
from services.validator.domain.findings import Findings
from services.validator.domain.intervals import ZERO, Interval
from services.validator.domain.messages import Said, change_message, claim_message, direction_message, in_words, share_message, sum_message
from services.validator.domain.rules import Rules
from services.validator.domain.said_amounts import SaidAmount, Sayings
from services.validator.domain.sheet import UNIT_ORDERS, Book, bare, figure_of
from services.validator.domain.subjects import Dictionary, plain_name
from shared.contracts.normalized import Claim
from shared.contracts.validated import ClaimCheck, ClaimCounts
from shared.contracts.vocabulary import FindingCode


class Narrative:
    """The claims of a document with what became of each.

    `doubted`: tables whose unit is in doubt: what they print is not compared. `missing`: how wide the money is of which a form is missing (`Rules.width`),
    -1 for none: an amount that is more than what narrower forms print under its name may be the missing form's.
    """

    def __init__(self, book: Book, rules: Rules, doubted: frozenset[str] = frozenset(), missing: int = -1) -> None:
        self._book = book
        self.claims: Sequence[Claim] = book.document.claims
        self._dictionary = Dictionary(book, rules, doubted)
        about = book.document.document
        self.judged: dict[int, Judged] = {
            index: judge_amount(claim, self._dictionary, about.kind, about.year)
            for index, claim in enumerate(self.claims)
            if claim.kind == "amount"
        }
        self._let_wider_be(rules, missing)
        self._sums(rules)
        self._ratios()
        for index in range(len(self.claims)):
            self.judged.setdefault(index, untied("count" if self.claims[index].kind == "count" else "no_amount"))

    def _let_wider_be(self, rules: Rules, missing: int) -> None:
        """Unties amounts that are more than the figures that they would contradict, where a wider form is missing.

        A total is compared with forms of all money before others; codes only with basic expenditure where nothing wider prints them.
        """
        for index, judged in self.judged.items():
            if judged.status != "contradicting":
                continue
            claim, shown = self.claims[index], judged.figures[0]
            width = rules.width(shown.fact.form)
            coded = shown.fact.function or shown.fact.economic or shown.fact.gov_economic
            wider = abs(claim.amount.scaleb(UNIT_ORDERS[claim.unit or ""])) > abs(shown.value)
            if wider and missing > width and (width == 0 or not coded):
                self.judged[index] = untied("no_figure")

    def _sums(self, rules: Rules) -> None:
        """Ties amounts and counts to the parts that the text lists for them. Only complete lists contradict; other parts need not be all."""
        complete = [tuple(re.compile(part) for part in one.parts) for one in rules.claim_lists]
        parts: dict[int, list[int]] = defaultdict(list)
        for index, claim in enumerate(self.claims):
            if claim.whole is not None and claim.kind in ("amount", "count") and claim.unit == self.claims[claim.whole].unit:
                parts[claim.whole].append(index)
        for whole, listed in parts.items():
            total = sum((interval_of(self.claims[each]) for each in listed), Interval(ZERO, ZERO))
            said = interval_of(self.claims[whole])
            if len(listed) > 1 and total.meet(said):
                self._tie_sum(whole, listed)
            elif any(self._lists(patterns, listed) for patterns in complete) and compare(said, total) == "differs":
                self._contradict_sum(whole, listed, total)

    def _tie_sum(self, whole: int, listed: list[int]) -> None:
        for index in (whole, *listed):
            if index not in self.judged or self.judged[index].status == "untied":
                others = tuple(listed) if index == whole else (whole, *(each for each in listed if each != index))
                self.judged[index] = Judged("tied", "sum", claims=others)

    def _lists(self, patterns: Sequence[re.Pattern[str]], listed: list[int]) -> bool:
        """Whether the parts are just those of a complete list, each once."""
        subjects = [plain_name(self.claims[index].subject) for index in listed]
        return len(subjects) == len(patterns) and all(sum(bool(one.search(each)) for each in subjects) == 1 for one in patterns)

    def _contradict_sum(self, whole: int, listed: list[int], total: Interval) -> None:
        """The whole contradicts its parts, unless the tables say which of the figures is wrong, or that all are right."""
        ends = [self.judged[index].status for index in (whole, *listed)]
        if "contradicting" in ends or "untied" not in ends:
            return
        claim = self.claims[whole]
        expected = middle(total).scaleb(-UNIT_ORDERS[claim.unit or ""]).quantize(Decimal(1).scaleb(-claim.decimals))
        self.judged[whole] = Judged("contradicting", "sum", claims=tuple(listed), expected=expected)

    def _ratios(self) -> None:
        ratios = Ratios(self._book, self._dictionary, self.judged)
        for group in changes_of(self.claims):
            self.judged.update(ratios.change(group))
        for group in listed_shares(self.claims):
            for index in group:
                self.judged[index] = ratios.share(index, group)

    def checks(self) -> tuple[ClaimCheck, ...]:
        """All claims for the result, in the order of the document."""
        return tuple(self._check(index) for index in range(len(self.claims)))

    def _check(self, index: int) -> ClaimCheck:
        claim, judged = self.claims[index], self.judged[index]
        return ClaimCheck(
            claim=index,
            page=claim.page,
            bbox=claim.bbox,
            text=claim.text,
            kind=claim.kind,
            subject=claim.subject,
            amount=claim.amount,
            unit=claim.unit,
            status=judged.status,
            formula=judged.formula,
            facts=tuple(dict.fromkeys(figure.id for figure in judged.figures)),
            claims=judged.claims,
            expected=judged.expected,
            reason=judged.reason,
        )

    def counts(self) -> ClaimCounts:
        """How many claims ended in each status."""
        ended = [self.judged[index].status for index in range(len(self.claims))]
        return ClaimCounts(tied=ended.count("tied"), contradicting=ended.count("contradicting"), untied=ended.count("untied"))

    def said(self) -> Sayings:
        """For each fact, the amounts that the narrative gives for it by name: independent of the sums, so they may confirm or correct it.

        Only subjects that can mean nothing else count, at every figure that they name, whether or not it agrees.
        """
        found: dict[str, list[SaidAmount]] = defaultdict(list)
        for index, claim in enumerate(self.claims):
            judged = self.judged[index]
            if claim.kind != "amount" or claim.unit not in UNIT_ORDERS or judged.status == "untied" or not claim.amount:
                continue
            meaning = self._dictionary.look_up(claim.subject)
            if not meaning.certain:
                continue
            for figure in meaning.figures:
                found[figure.id].append(SaidAmount(interval_of(claim), index))
        return {fact: tuple(amounts) for fact, amounts in found.items()}

    def report(self, findings: Findings) -> None:
        """A warning for each contradiction; two claims of one formula, and one claim that the text repeats, are one."""
        told: set[tuple[str, str, str]] = set()
        for index, claim in enumerate(self.claims):
            judged = self.judged[index]
            if judged.status != "contradicting" or (claim.kind == "change" and self._told_with_next(index)):
                continue
            key = (claim.kind, bare(claim.subject), f"{claim.amount}{claim.unit}")
            if key in told:
                continue
            told.add(key)
            if claim.kind == "amount" and self._explained(claim, findings):
                continue
            self._report(index, claim, judged, findings)

    def _explained(self, claim: Claim, findings: Findings) -> bool:
        """Whether an error already says that the tables should print what the narrative does: one cause is one finding."""
        said = interval_of(claim)
        values = (findings.corrected.get(figure.id) for figure in self._dictionary.look_up(claim.subject).all)
        return any(value is not None and said.low <= value <= said.high for value in values)

    def _told_with_next(self, index: int) -> bool:
        """A change in money that its percentage contradicts: the finding is that of the percentage."""
        after = index + 1
        return after < len(self.claims) and self.judged[after] is self.judged[index]

    def _report(self, index: int, claim: Claim, judged: Judged, findings: Findings) -> None:
        subject = bare(claim.subject)
        own = figure_of(claim_fact(claim, index))
        others = [figure_of(claim_fact(self.claims[each], each)) for each in judged.claims]
        figures = [*judged.figures, own, *others] if judged.formula == "figure" else [own, *others, *judged.figures]
        said = _said(claim, judged)
        if judged.formula == "sum":
            code, message = FindingCode.CLAIM_SUM, sum_message(claim.page, subject, said)
        elif claim.kind == "amount":
            shown = judged.figures[0]
            said = claim_said(claim, shown)
            code, message = FindingCode.CLAIM_CONTRADICTION, claim_message(claim.page, subject, said, findings.places, shown)
        elif claim.kind == "share":
            code = FindingCode.CLAIM_SHARE
            assert judged.expected is not None
            carried_out = judged.formula == "completion"
            message = share_message(claim.page, subject, in_words(claim.amount), in_words(judged.expected), carried_out=carried_out)
        elif judged.reversed:
            code = FindingCode.CLAIM_DIRECTION
            pair = [self.claims[each] for each in (*judged.claims, index) if self.claims[each].kind == "change"]
            words = ", ".join(dict.fromkeys(f"{in_words(each.amount)}{each.unit}" for each in pair))
            message = direction_message(claim.page, subject, words, claim.direction == "up")
        else:
            code = FindingCode.CLAIM_CHANGE
            expected = None if judged.expected is None else f"{in_words(judged.expected)} {claim.unit}"
            message = change_message(claim.page, subject, f"{in_words(claim.amount)} {claim.unit}", expected)
        findings.add(code, "warning", message, (), figures, key=f"{subject}|{claim.amount}", said=said)


def _said(claim: Claim, judged: Judged) -> Said:
    difference = None if judged.expected is None else claim.amount - judged.expected
    return Said(reported=claim.amount, expected=judged.expected, difference=difference, unit=claim.unit, page=claim.page)
