"""Things that go wrong with one figure or one row of a document: the slips of the recorded trials (recorded_trials.py)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from msgspec import structs

from shared.contracts.normalized import Fact, Form, Normalized, StubList

Slip = Callable[[Normalized, Fact], Normalized | None]
"""What is made wrong in a document at a figure; None where that is not possible there."""


def with_amount(fact: Fact, amount: Decimal) -> Fact:
    """A figure with another amount, printed to as many decimals."""
    scale = Decimal(10) ** fact.decimals
    amount = (amount * scale).to_integral_value() / scale
    factor = fact.yuan / fact.amount if fact.yuan is not None and fact.amount else None
    text = f"{amount:,.{fact.decimals}f}" if "," in fact.text else f"{amount:.{fact.decimals}f}"
    return structs.replace(fact, amount=amount, text=text, yuan=None if factor is None else amount * factor)


def _changed(source: Normalized, fact: Fact, amount: Decimal) -> Normalized:
    return structs.replace(source, facts=tuple(with_amount(one, amount) if one.id == fact.id else one for one in source.facts))


def _digit(source: Normalized, fact: Fact) -> Normalized | None:
    """The first digit is one more or less."""
    lead = Decimal(10) ** fact.amount.adjusted()
    return _changed(source, fact, fact.amount + (lead if abs(fact.amount) < 5 * lead else -lead))


def _last_digit(source: Normalized, fact: Fact) -> Normalized | None:
    """Three units of the last digit too much."""
    return _changed(source, fact, fact.amount + 3 * Decimal(1).scaleb(-fact.decimals))


def _swapped(source: Normalized, fact: Fact) -> Normalized | None:
    """The first two digits changed places."""
    digits = f"{fact.amount:f}"
    if len(digits) < 2 or not digits[:2].isdigit() or digits[0] == digits[1] or digits[1] == "0":
        return None
    return _changed(source, fact, Decimal(digits[1] + digits[0] + digits[2:]))


def _dropped(source: Normalized, fact: Fact) -> Normalized | None:
    """The second digit is missing."""
    digits = f"{fact.amount:f}"
    return _changed(source, fact, Decimal(digits[0] + digits[2:])) if digits[:2].isdigit() else None


def _scaled(power: int) -> Slip:
    return lambda source, fact: _changed(source, fact, fact.amount.scaleb(power))


def _negative(source: Normalized, fact: Fact) -> Normalized | None:
    return _changed(source, fact, -fact.amount)


def _copied(source: Normalized, fact: Fact) -> Normalized | None:
    """The figure of another row of the column stands here."""
    others = [one for one in source.facts if (one.table, one.col) == (fact.table, fact.col) and one.amount not in (fact.amount, 0)]
    return _changed(source, fact, others[0].amount) if others else None


def _blank(source: Normalized, fact: Fact) -> Normalized | None:
    """The cell is empty."""
    return structs.replace(source, facts=tuple(one for one in source.facts if one.id != fact.id))


def _moved(source: Normalized, fact: Fact) -> Normalized | None:
    """The figure stands in a neighbouring column, whose own cell was blank or zero."""
    taken = {one.col: one for one in source.facts if (one.table, one.row, one.list) == (fact.table, fact.row, fact.list)}
    form = next(form for form in source.forms if form.table == fact.table)
    free = [
        column
        for column in form.columns
        if column.money and column.list == fact.list and (column.col not in taken or not taken[column.col].amount)
    ]
    if not free:
        return None
    column = min(free, key=lambda one: (abs(one.col - fact.col), one.col))
    moved = structs.replace(
        fact, id=f"{fact.table}/{fact.row}/{column.col}", col=column.col, measure=column.code, economic=column.economic or fact.economic
    )
    kept = [one for one in source.facts if one.id not in (fact.id, moved.id)]
    return structs.replace(source, facts=tuple(sorted([*kept, moved], key=lambda one: (int(one.table[1:]), one.row, one.col))))


def _with_rows(source: Normalized, fact: Fact, change: Callable[[StubList], StubList]) -> tuple[Form, ...]:
    def lists(form: Form) -> tuple[StubList, ...]:
        return tuple(change(one) if one.index == fact.list else one for one in form.lists)

    return tuple(structs.replace(form, lists=lists(form)) if form.table == fact.table else form for form in source.forms)


def _row_missing(source: Normalized, fact: Fact) -> Normalized | None:
    forms = _with_rows(source, fact, lambda one: structs.replace(one, rows=tuple(row for row in one.rows if row.row != fact.row)))
    gone = (fact.table, fact.row, fact.list)
    return structs.replace(source, forms=forms, facts=tuple(one for one in source.facts if (one.table, one.row, one.list) != gone))


def _row_twice(source: Normalized, fact: Fact) -> Normalized | None:
    """The row is printed once more as the last one of its table."""
    form = next(form for form in source.forms if form.table == fact.table)
    last = max(row.row for one in form.lists for row in one.rows) + 1
    own = next((row for one in form.lists if one.index == fact.list for row in one.rows if row.row == fact.row), None)
    if own is None:
        return None
    forms = _with_rows(source, fact, lambda one: structs.replace(one, rows=(*one.rows, structs.replace(own, row=last))))
    again = [
        structs.replace(one, id=f"{one.table}/{last}/{one.col}", row=last)
        for one in source.facts
        if (one.table, one.row, one.list) == (fact.table, fact.row, fact.list)
    ]
    end = max(index for index, one in enumerate(source.facts) if one.table == fact.table) + 1
    return structs.replace(source, forms=forms, facts=(*source.facts[:end], *again, *source.facts[end:]))


SLIPS: dict[str, Slip] = {
    "digit": _digit,
    "last_digit": _last_digit,
    "swapped": _swapped,
    "dropped": _dropped,
    "tenfold": _scaled(1),
    "tenth": _scaled(-1),
    "unit": _scaled(4),
    "negative": _negative,
    "copied": _copied,
    "blank": _blank,
    "moved": _moved,
    "row_missing": _row_missing,
    "row_twice": _row_twice,
}
