"""Whole forms that are otherwise: gone, cut, parted, scaled, empty, of no known kind, rounded, in another unit, doubtful."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from altered_documents import Alteration, amounts, at, facts_of, middle, only, replaced, with_rows
from msgspec import structs
from recorded_slips import with_amount

from shared.contracts.normalized import (
    Fact,
    Normalized,
)


def _form_gone(source: Normalized, number: int) -> Normalized | None:
    form = at(source.forms, number)
    if form is None:
        return None
    forms = tuple(one for one in source.forms if one.table != form.table)
    return structs.replace(source, forms=forms, facts=tuple(one for one in source.facts if one.table != form.table))


def _form_cut(source: Normalized, number: int) -> Normalized | None:
    """The second half of a form is on a page that is not there."""
    form = at((form for form in source.forms if middle(form)), number)
    return None if form is None else only(source, form, lambda row: row < middle(form))


def _form_headless(source: Normalized, number: int) -> Normalized | None:
    """The first half of a form is on a page that is not there, and its title with it."""
    form = at((form for form in source.forms if middle(form)), number)
    return None if form is None else only(source, structs.replace(form, title=None), lambda row: row >= middle(form))


def _form_parted(source: Normalized, number: int) -> Normalized | None:
    """The second half of a form was read as a table of its own."""
    form = at((form for form in source.forms if middle(form)), number)
    if form is None:
        return None
    half, table = middle(form), "t99"
    first = with_rows(form, lambda row: row if row.row < half else None)
    second = structs.replace(with_rows(form, lambda row: row if row.row >= half else None), table=table, title=None, continues=form.table)
    facts = [fact for fact in facts_of(source, form) if fact.row < half]
    moved = [structs.replace(fact, id=f"{table}/{fact.row}/{fact.col}", table=table) for fact in facts_of(source, form) if fact.row >= half]
    made = replaced(source, first, facts)
    return structs.replace(made, forms=(*made.forms, second), facts=(*made.facts, *moved))


def _form_scaled(power: int) -> Alteration:
    def alter(source: Normalized, number: int) -> Normalized | None:
        form = at(source.forms, number)
        return None if form is None else amounts(source, lambda fact: fact.amount.scaleb(power) if fact.table == form.table else None)

    return alter


def _form_emptied(source: Normalized, number: int) -> Normalized | None:
    """A form has rows without figures; every second one says why."""
    form = at(source.forms, number)
    if form is None:
        return None
    note = "注：本单位无此项支出，故本表无数据。" if number % 2 else None
    bare = with_rows(form, lambda row: row if number % 3 else None)
    return replaced(source, structs.replace(bare, empty=True, note=note), [])


def _form_unknown(source: Normalized, number: int) -> Normalized | None:
    form = at(source.forms, number)
    if form is None:
        return None
    facts = [structs.replace(fact, form=None) for fact in facts_of(source, form)]
    return replaced(source, structs.replace(form, form=None, scope=None, confidence=0.4), facts)


def _form_twice(source: Normalized, number: int) -> Normalized | None:
    """A form is printed a second time, with one figure otherwise."""
    form = at(source.forms, number)
    if form is None or not facts_of(source, form):
        return None
    again = [structs.replace(fact, id=f"t98/{fact.row}/{fact.col}", table="t98") for fact in facts_of(source, form)]
    again[-1] = with_amount(again[-1], again[-1].amount + 1)
    return structs.replace(source, forms=(*source.forms, structs.replace(form, table="t98")), facts=(*source.facts, *again))


def _form_rounded(source: Normalized, number: int) -> Normalized | None:
    """A form prints whole numbers."""
    form = at(source.forms, number)
    if form is None:
        return None

    def rounded(fact: Fact) -> Fact:
        amount = fact.amount.quantize(Decimal(1), ROUND_HALF_UP)
        return structs.replace(with_amount(structs.replace(fact, decimals=0), amount), precision=0)

    return replaced(source, form, map(rounded, facts_of(source, form)))


def _form_in_yuan(source: Normalized, number: int) -> Normalized | None:
    """A form in 元 beside others in 万元."""
    form = at((form for form in source.forms if form.unit == "万元"), number)
    if form is None:
        return None

    def in_yuan(fact: Fact) -> Fact:
        if fact.unit != "万元":
            return fact
        amount = fact.amount * 10_000
        return structs.replace(fact, amount=amount, text=f"{amount:f}", unit="元", precision=fact.precision - 4)

    return replaced(source, structs.replace(form, unit="元"), map(in_yuan, facts_of(source, form)))


def _form_without_unit(source: Normalized, number: int) -> Normalized | None:
    form = at(source.forms, number)
    if form is None:
        return None
    facts = [structs.replace(fact, unit=None, yuan=None) for fact in facts_of(source, form)]
    return replaced(source, structs.replace(form, unit=None), facts)


def _form_doubtful(source: Normalized, number: int) -> Normalized | None:
    """The figures of a form were recognised in an image, and some of them hardly."""
    form = at(source.forms, number)
    if form is None:
        return None
    facts = facts_of(source, form)
    seen = [structs.replace(fact, origin="image", confidence=0.55 if place % 3 else 0.97) for place, fact in enumerate(facts)]
    return replaced(source, form, seen)


FORMS: dict[str, Alteration] = {
    "form_gone": _form_gone,
    "form_cut": _form_cut,
    "form_headless": _form_headless,
    "form_parted": _form_parted,
    "form_tenthousand": _form_scaled(4),
    "form_tenthousandth": _form_scaled(-4),
    "form_hundred": _form_scaled(2),
    "form_emptied": _form_emptied,
    "form_unknown": _form_unknown,
    "form_twice": _form_twice,
    "form_rounded": _form_rounded,
    "form_in_yuan": _form_in_yuan,
    "form_without_unit": _form_without_unit,
    "form_doubtful": _form_doubtful,
    "all_tenthousand": lambda source, number: None if number else amounts(source, lambda fact: fact.amount.scaleb(4)),
    "all_tenthousandth": lambda source, number: None if number else amounts(source, lambda fact: fact.amount.scaleb(-4)),
}
