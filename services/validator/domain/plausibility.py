"""Whole units that are wrong: a form, or all forms, whose figures are those of the others times a power of ten.

Sums inside a form do not show it, and forms are compared only where their totals agree. Here amounts speak by themselves: two forms of one
disclosure print many of the same amounts. Where a form shares none with the others as its unit says, and many exactly ten thousand times as
large, its unit is in doubt: a question, and what other forms print is not held against it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from services.validator.domain.findings import Findings
from services.validator.domain.intervals import HALF
from services.validator.domain.messages import Said
from services.validator.domain.plausibility_messages import document_unit_message, form_unit_message, shape_message
from services.validator.domain.sheet import UNIT_ORDERS, Book, Figure, title_of
from shared.contracts.normalized import Claim
from shared.contracts.vocabulary import FindingCode, FormKind

_POWERS = (4, -4, 3, -3, 8, -8)  # 元 : 万元, 元 : 千元, 元 : 亿元
# Digits in which amounts must agree, the first of each not counted: of one pair, of all pairs together, of the totals of two forms alone, of all
# pairs of forms with the narrative.
# In the corpus no form reaches six in all at any power of ten, but for figures that agree as printed as well.
_DIGITS, _EVIDENCE, _OF_TOTALS, _OF_CLAIMS = 2, 6, 4, 10
_PAIRS = 2
_COMPARED = 40  # the largest forms are compared with one another, the rest with those: a document may have hundreds of performance forms
# Shared amounts as the unit says, against those at the power of ten: figures like 100.00 are the same in many forms.
_AS_PRINTED = 4
# A disclosure of twenty figures whose largest is below this (元) is no disclosure of a department: its smallest totals seen are of six digits.
_TOO_SMALL = Decimal(20_000)
_TOO_LARGE = Decimal(10) ** 11  # 1000 亿元 for a county's or city's department; the largest totals of ministries are 3,000 亿元
_ENOUGH_FIGURES = 20
_OF_ALL_MONEY = frozenset({FormKind.INCOME_EXPENDITURE_SUMMARY, FormKind.INCOME_SUMMARY, FormKind.EXPENDITURE_SUMMARY})


class _Amount(NamedTuple):
    value: Decimal
    half: Decimal
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class UnitSlip:
    """Forms whose unit is in doubt.

    `power`: their amounts times 10^power are those of the others. `pairs`: figures with what they match (None: a figure of the narrative).
    `against`: what they are compared with.
    """

    tables: tuple[str, ...]
    power: int
    pairs: tuple[tuple[Figure, Figure | None, Decimal], ...]
    whole: bool = False


def find_unit_slips(book: Book) -> tuple[UnitSlip, ...]:
    """The forms, or all forms together, whose amounts are those of the others times a power of ten."""
    amounts = {sheet.form.table: _amounts(book.by_table(sheet.form.table)) for sheet in book.sheets}
    amounts = {table: found for table, found in amounts.items() if found}
    claims = _claimed(book.document.claims)
    base = _base(amounts, claims)
    if not base:
        return ()
    slips, base, common = _against_base(amounts, base)
    whole = _slip(tuple(base), common, claims, whole=True)
    if whole is not None:
        slips.append(whole)
    return tuple(slips)


def doubted_tables(slips: Iterable[UnitSlip]) -> frozenset[str]:
    """The tables that must not be compared with others: all but those that agree with one another."""
    return frozenset(table for slip in slips if not slip.whole for table in slip.tables)


def report_units(book: Book, slips: Sequence[UnitSlip], findings: Findings) -> None:
    """Adds a warning for each form, or for the document, whose unit is in doubt."""
    titles = {sheet.form.table: title_of(sheet.form) for sheet in book.sheets}
    for slip in slips:
        figures = [figure for figure, _, _ in slip.pairs]
        others = [other for _, other, _ in slip.pairs if other is not None]
        first, other, said = slip.pairs[0]
        unit = next((name for name, order in UNIT_ORDERS.items() if first.order is not None and order == first.order + slip.power), None)
        if other is None:
            message = document_unit_message(first, said, len(slip.pairs), unit)
        else:
            message = form_unit_message(titles[slip.tables[0]], first, other, findings.places, len(slip.pairs), unit)
        findings.add(
            FindingCode.PLAUSIBILITY_UNIT,
            "warning",
            message,
            (),
            [*figures, *others],
            key="unit",
            said=Said(unit=first.fact.unit, page=first.fact.page),
        )
    if not any(slip.whole for slip in slips):
        _shape(book, findings)


def _amounts(figures: Iterable[Figure]) -> list[_Amount]:
    """The different amounts of known unit that are not zero, smallest first."""
    found = {abs(figure.value): figure for figure in reversed(list(figures)) if figure.value and figure.order is not None}
    return _sorted(_Amount(value, figure.amount.half, figure) for value, figure in found.items())


def _claimed(claims: Iterable[Claim]) -> list[_Amount]:
    found = {}
    for claim in claims:
        order = UNIT_ORDERS.get(claim.unit or "")
        if claim.kind == "amount" and claim.amount and order is not None:
            found[abs(claim.amount.scaleb(order))] = HALF.scaleb(order - claim.decimals)
    return _sorted(_Amount(value, half, None) for value, half in found.items())


def _sorted(amounts: Iterable[_Amount]) -> list[_Amount]:
    return sorted(amounts, key=lambda amount: (amount.value, amount.half))


def _pairs(own: Sequence[_Amount], others: Sequence[_Amount], power: int) -> tuple[list[tuple[_Amount, _Amount]], int]:
    """Amounts that are others' amounts once multiplied, and the digits in which they agree, the first of each not counted."""
    pairs, digits = [], 0
    reach = [other.value + other.half for other in others]  # rises, as the values do; asked for once, not at each step of each search
    for amount in own:
        value, half = (amount.value.scaleb(power), amount.half.scaleb(power)) if power else (amount.value, amount.half)
        at = bisect_left(reach, value - half)
        best = None
        while at < len(others) and others[at].value - others[at].half <= value + half:
            if best is None or abs(others[at].value - value) < abs(best.value - value):
                best = others[at]
            at += 1
        if best is not None:
            sure = (value / (2 * (half + best.half))).adjusted()
            if sure >= _DIGITS:
                pairs.append((amount, best))
                digits += sure
    return pairs, digits


def _related(own: Sequence[_Amount], others: Sequence[_Amount], power: int) -> bool:
    """Whether most of the amounts are others' amounts at a power of ten, beyond chance."""
    pairs, digits = _pairs(own, others, power)
    return digits >= _EVIDENCE and len(pairs) >= _PAIRS and 2 * len(pairs) >= min(len(own), len(others))


def _base(amounts: dict[str, list[_Amount]], claims: Sequence[_Amount]) -> list[str]:
    """The forms that agree with one another as their units say: the group that most others, and most figures of
    the narrative, agree with.
    """
    largest = sorted(amounts, key=lambda table: -len(amounts[table]))[:_COMPARED]
    groups: list[list[str]] = []
    for table in (table for table in amounts if table in largest):
        own = amounts[table]
        joined = [group for group in groups if any(_related(own, amounts[other], 0) for other in group)]
        merged = [*(other for group in joined for other in group), table]
        groups = [group for group in groups if group not in joined] + [merged]

    def weight(group: list[str]) -> tuple[int, int]:
        own = _sorted(amount for table in group for amount in amounts[table])
        spoken = len(_pairs(own, claims, 0)[0])
        beside = sum(bool(_pairs(amounts[table], own, 0)[0]) for table in largest if table not in group)
        return len(group) + beside + spoken, len(own)

    return max(groups, key=weight) if len(groups) > 1 else [table for group in groups for table in group]


def _against_base(amounts: dict[str, list[_Amount]], base: list[str]) -> tuple[list[UnitSlip], list[str], list[_Amount]]:
    """The forms that are off from those that agree; forms that share an amount with them as printed join them, until none does."""
    found: dict[str, UnitSlip] = {}
    common = _sorted(amount for table in base for amount in amounts[table])
    joined = True
    while joined:
        joined = False
        for table, own in amounts.items():
            if table in base or table in found:
                continue
            slip = _slip((table,), own, common)
            if slip is not None:
                found[table] = slip
            elif _pairs(own, common, 0)[0]:
                base, joined = [*base, table], True
        common = _sorted(amount for table in base for amount in amounts[table])
    return list(found.values()), base, common


def _slip(tables: tuple[str, ...], own: Sequence[_Amount], others: Sequence[_Amount], *, whole: bool = False) -> UnitSlip | None:
    plain, _ = _pairs(own, others, 0)
    best: UnitSlip | None = None
    for power in _POWERS:
        pairs, digits = _pairs(own, others, power)
        least, fewest = (_OF_CLAIMS, 2 * _PAIRS) if whole else (_EVIDENCE, _PAIRS)
        certain = (digits >= least and len(pairs) >= fewest) or (not whole and _totals(pairs, own, others))
        if not certain or len(plain) * _AS_PRINTED > len(pairs):
            continue
        if best is None or len(pairs) > len(best.pairs):
            told = tuple((one.figure, other.figure, other.value) for one, other in reversed(pairs) if one.figure is not None)
            best = UnitSlip(tables, power, told, whole)
    return best


def _totals(pairs: Sequence[tuple[_Amount, _Amount]], own: Sequence[_Amount], others: Sequence[_Amount]) -> bool:
    """Whether the largest amount of a form is the largest of the others, in digits enough for one pair."""
    if not pairs or not own or pairs[-1][0] is not own[-1] or pairs[-1][1].value != others[-1].value:
        return False
    first, second = pairs[-1]
    return bool(min(first.value / first.half, second.value / second.half) >= 10**_OF_TOTALS)


def _shape(book: Book, findings: Findings) -> None:
    """Amounts that no department has, where forms of all its money are there: no narrative and no form in another unit need say so."""
    if not any(sheet.kind in _OF_ALL_MONEY and sheet.cells for sheet in book.sheets):
        return
    figures = [figure for figure in book.figures.values() if figure.value and figure.order is not None]
    if len(figures) < _ENOUGH_FIGURES:
        return
    largest = max(figures, key=lambda figure: (abs(figure.value), figure.id))
    too_small = abs(largest.value) < _TOO_SMALL
    local = book.document.document.region is not None
    too_large = local and abs(largest.value) >= _TOO_LARGE and all(figure.value % 10 ** (figure.order or 0) == 0 for figure in figures)
    if too_small or too_large:
        message = shape_message(findings.places, largest, len(figures), small=too_small)
        said = Said(unit=largest.fact.unit, page=largest.fact.page)
        findings.add(FindingCode.PLAUSIBILITY_UNIT, "warning", message, (), [largest], key="shape", said=said)
