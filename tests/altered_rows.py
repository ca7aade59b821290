"""Rows and columns that are otherwise: other codes, roles and levels, figures in each other's place, last year's figures beside."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from altered_documents import Alteration, Place, amounts, at, facts_of, replaced, with_rows
from msgspec import UNSET, structs
from recorded_slips import with_amount

from shared.contracts.normalized import (
    Candidate,
    CodeContradiction,
    Column,
    Fact,
    Form,
    Normalized,
    Row,
    StubList,
)


def _rows(source: Normalized) -> list[tuple[Form, StubList, Row]]:
    return [(form, one, row) for form in source.forms for one in form.lists for row in one.rows]


def _row_as(change: Callable[[Row, StubList], dict[str, object] | None], facts: bool = True) -> Alteration:
    """An alteration of one row, and of its facts where they carry the same field."""

    def alter(source: Normalized, number: int) -> Normalized | None:
        able = [(form, one, row) for form, one, row in _rows(source) if change(row, one) is not None]
        place = at(able, number * 7)
        if place is None:
            return None
        form, own, row = place
        fields = change(row, own) or {}
        new = structs.replace(row, **fields)
        lists = tuple(
            structs.replace(one, rows=tuple(new if each is row else each for each in one.rows)) if one is own else one for one in form.lists
        )
        shared = {name: value for name, value in fields.items() if facts and name in Fact.__struct_fields__ and name != "confidence"}
        changed = [
            structs.replace(fact, **shared) if (fact.row, fact.list) == (row.row, own.index) else fact for fact in facts_of(source, form)
        ]
        return replaced(source, structs.replace(form, lists=lists), changed)

    return alter


def _sibling_code(row: Row, one: StubList) -> dict[str, object] | None:
    """Another row's code beside the row's own name."""
    others = [each.function for each in one.rows if each.function and row.function and each.function != row.function]
    same = [code for code in others if len(code) == len(row.function or "")]
    return {"function": same[0]} if same else None


def _new_code(row: Row, _: StubList) -> dict[str, object] | None:
    """A code that no other row has."""
    return {"function": row.function[:-2] + "97"} if row.function and len(row.function) > 3 else None


def _contradiction(row: Row, one: StubList) -> dict[str, object] | None:
    if row.function is None:
        return None
    other = next((each for each in one.rows if each.function and each.function != row.function), None)
    if other is None:
        return None
    meant = (Candidate(code=other.function or "", name=other.label, score=1.0),)
    supports = UNSET if len(row.label) % 3 == 0 else "code" if len(row.label) % 3 == 1 else "name"
    said = CodeContradiction(chart="function", code=row.function, name=row.label, printed=other.label, meant=meant, supports=supports)  # type: ignore[arg-type]
    return {"contradiction": said, "label": other.label}


def _flat(source: Normalized, number: int) -> Normalized | None:
    """Nothing tells the levels of a form's rows: neither codes nor indents."""
    form = at(source.forms, number)
    if form is None:
        return None
    codes = {"function": None, "economic": None, "gov_economic": None}
    flat = with_rows(form, lambda row: structs.replace(row, depth=0, parent=None, code_from="none", **codes))
    return replaced(source, flat, [structs.replace(fact, code_from="none", **codes) for fact in facts_of(source, form)])


def _rows_swapped(source: Normalized, number: int) -> Normalized | None:
    """The figures of two neighbouring rows stand in each other's row."""
    pairs = [
        (form, first, second)
        for form in source.forms
        for one in form.lists
        for first, second in zip(one.rows, one.rows[1:], strict=False)
        if first.role == second.role == "item"
    ]
    place = at(pairs, number * 3)
    if place is None:
        return None
    form, first, second = place
    by_place: dict[Place, Fact] = {(fact.table, fact.row, fact.col): fact for fact in source.facts}
    other = {first.row: second.row, second.row: first.row}

    def swapped(fact: Fact) -> Decimal | None:
        if fact.table != form.table or fact.row not in other:
            return None
        there = by_place.get((fact.table, other[fact.row], fact.col))
        return there.amount if there is not None else None

    return amounts(source, swapped)


def _columns_swapped(source: Normalized, number: int) -> Normalized | None:
    """The figures of two neighbouring columns stand in each other's column."""
    pairs = [
        (form, first, second)
        for form in source.forms
        for first, second in zip(form.columns, form.columns[1:], strict=False)
        if first.money and second.money and first.list == second.list
    ]
    place = at(pairs, number * 3)
    if place is None:
        return None
    form, first, second = place
    other: dict[int, Column] = {first.col: second, second.col: first}

    def swapped(fact: Fact) -> Fact:
        column = other.get(fact.col)
        if column is None:
            return fact
        economic = column.economic or (None if form.columns else fact.economic)
        return structs.replace(
            fact, id=f"{fact.table}/{fact.row}/{column.col}", col=column.col, measure=column.code, economic=economic or fact.economic
        )

    return replaced(source, form, sorted(map(swapped, facts_of(source, form)), key=lambda fact: (fact.row, fact.col)))


def _column_unknown(source: Normalized, number: int) -> Normalized | None:
    """The head of a column was not understood."""
    places = [(form, column) for form in source.forms for column in form.columns if column.code]
    place = at(places, number * 5)
    if place is None:
        return None
    form, own = place
    columns = tuple(structs.replace(column, code=None) if column is own else column for column in form.columns)
    facts = [structs.replace(fact, measure=None) if fact.col == own.col else fact for fact in facts_of(source, form)]
    return replaced(source, structs.replace(form, columns=columns), facts)


def _with_last_year(source: Normalized, number: int) -> Normalized | None:
    """A form prints last year's figures beside this year's; one in eight is not nine tenths of this year's."""
    form = at((form for form in source.forms if any(column.code == "total" for column in form.columns)), number)
    if form is None:
        return None
    own = next(column for column in form.columns if column.code == "total")
    last = max(column.col for column in form.columns) + 1
    head = ("上年预算数", "上年决算数", f"{(source.document.year or 2025) - 1}年预算数")[number % 3]
    column = structs.replace(own, col=last, path=(head,), code="previous_year")
    made = []
    for place, fact in enumerate(fact for fact in facts_of(source, form) if fact.col == own.col):
        amount = fact.amount * (9 if place % 8 or number % 2 else 8) / 10
        there = structs.replace(fact, id=f"{fact.table}/{fact.row}/{last}", col=last, measure="previous_year")
        made.append(with_amount(there, amount))
    facts = sorted([*facts_of(source, form), *made], key=lambda fact: (fact.row, fact.col))
    return replaced(source, structs.replace(form, columns=(*form.columns, column)), facts)


ROWS: dict[str, Alteration] = {
    "row_sibling_code": _row_as(_sibling_code),
    "row_new_code": _row_as(_new_code),
    "row_without_code": _row_as(lambda row, _: {"function": None, "code_from": "none"} if row.function else None),
    "row_contradicted": _row_as(_contradiction),
    "row_without_level": _row_as(lambda row, _: {"depth": 0, "parent": None} if row.parent is not None else None),
    "row_role_item": _row_as(lambda row, _: {"role": "item", "line": None} if row.role != "item" else None),
    "row_role_total": _row_as(lambda row, _: {"role": "total", "line": "total"} if row.role == "item" else None),
    "row_role_subtotal": _row_as(lambda row, _: {"role": "subtotal"} if row.role == "item" else None),
    "row_role_unit": _row_as(
        lambda row, _: {"role": "unit", "line": "unit"} if row.role in ("item", "total") and not row.function else None
    ),
    "row_of_which": _row_as(lambda row, _: {"role": "of_which"} if row.role == "item" else None),
    "row_carry_over": _row_as(lambda row, _: {"role": "carry_over", "line": "carry_over_opening"} if row.role == "item" else None),
    "row_name_cut": _row_as(lambda row, _: {"label": row.label[:-2]} if len(row.label) > 5 else None),
    "row_code_by_name": _row_as(lambda row, _: {"code_from": "name", "confidence": 0.8} if row.code_from == "printed" else None),
    "flat": _flat,
    "rows_swapped": _rows_swapped,
    "columns_swapped": _columns_swapped,
    "column_unknown": _column_unknown,
    "with_last_year": _with_last_year,
}
