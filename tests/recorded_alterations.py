"""Things that differ in a whole document, its forms, rows, columns, claims and lists: the alterations of the recorded trials (recorded_trials.py).

Each takes a number and alters the document at the place that the number stands for (a form, a row, a claim, in the document's order); None where
there is no such place. They are not all mistakes of a department: some are what a reader of PDFs loses or doubts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from msgspec import UNSET, structs
from recorded_slips import with_amount

from shared.contracts.normalized import (
    Candidate,
    Claim,
    CodeContradiction,
    Column,
    Fact,
    Form,
    FormTitle,
    ListedForm,
    Normalized,
    Row,
    Statement,
    StubList,
)

Alteration = Callable[[Normalized, int], Normalized | None]
Place = tuple[str, int, int]


_Thing = TypeVar("_Thing")


def _at(things: Iterable[_Thing], number: int) -> _Thing | None:
    """The thing with this number; the numbers go round where there are fewer."""
    found = list(things)
    return found[number % len(found)] if found else None


def _replaced(source: Normalized, form: Form, facts: Iterable[Fact] | None = None) -> Normalized:
    """The document with another version of a form, and of its facts."""
    forms = tuple(form if one.table == form.table else one for one in source.forms)
    if facts is None:
        return structs.replace(source, forms=forms)
    kept = list(facts)
    first = next((index for index, one in enumerate(source.facts) if one.table == form.table), len(source.facts))
    before = [one for one in source.facts[:first] if one.table != form.table]
    after = [one for one in source.facts[first:] if one.table != form.table]
    return structs.replace(source, forms=forms, facts=(*before, *kept, *after))


def _own(source: Normalized, form: Form) -> list[Fact]:
    return [fact for fact in source.facts if fact.table == form.table]


def _with_rows(form: Form, change: Callable[[Row], Row | None]) -> Form:
    def rows(one: StubList) -> tuple[Row, ...]:
        return tuple(row for row in map(change, one.rows) if row is not None)

    return structs.replace(form, lists=tuple(structs.replace(one, rows=rows(one)) for one in form.lists))


def _middle(form: Form) -> int:
    rows = sorted({row.row for one in form.lists for row in one.rows})
    return rows[len(rows) // 2] if len(rows) > 2 else 0


def _only(source: Normalized, form: Form, keep: Callable[[int], bool]) -> Normalized:
    kept = _with_rows(form, lambda row: row if keep(row.row) else None)
    return _replaced(source, kept, [fact for fact in _own(source, form) if keep(fact.row)])


def _amounts(source: Normalized, change: Callable[[Fact], Decimal | None]) -> Normalized:
    """The document with other amounts."""
    return structs.replace(
        source, facts=tuple(fact if (amount := change(fact)) is None else with_amount(fact, amount) for fact in source.facts)
    )


# Forms


def _form_gone(source: Normalized, number: int) -> Normalized | None:
    form = _at(source.forms, number)
    if form is None:
        return None
    forms = tuple(one for one in source.forms if one.table != form.table)
    return structs.replace(source, forms=forms, facts=tuple(one for one in source.facts if one.table != form.table))


def _form_cut(source: Normalized, number: int) -> Normalized | None:
    """The second half of a form is on a page that is not there."""
    form = _at((form for form in source.forms if _middle(form)), number)
    return None if form is None else _only(source, form, lambda row: row < _middle(form))


def _form_headless(source: Normalized, number: int) -> Normalized | None:
    """The first half of a form is on a page that is not there, and its title with it."""
    form = _at((form for form in source.forms if _middle(form)), number)
    return None if form is None else _only(source, structs.replace(form, title=None), lambda row: row >= _middle(form))


def _form_parted(source: Normalized, number: int) -> Normalized | None:
    """The second half of a form was read as a table of its own."""
    form = _at((form for form in source.forms if _middle(form)), number)
    if form is None:
        return None
    middle, table = _middle(form), "t99"
    first = _with_rows(form, lambda row: row if row.row < middle else None)
    second = structs.replace(
        _with_rows(form, lambda row: row if row.row >= middle else None), table=table, title=None, continues=form.table
    )
    facts = [fact for fact in _own(source, form) if fact.row < middle]
    moved = [structs.replace(fact, id=f"{table}/{fact.row}/{fact.col}", table=table) for fact in _own(source, form) if fact.row >= middle]
    made = _replaced(source, first, facts)
    return structs.replace(made, forms=(*made.forms, second), facts=(*made.facts, *moved))


def _form_scaled(power: int) -> Alteration:
    def alter(source: Normalized, number: int) -> Normalized | None:
        form = _at(source.forms, number)
        return None if form is None else _amounts(source, lambda fact: fact.amount.scaleb(power) if fact.table == form.table else None)

    return alter


def _form_emptied(source: Normalized, number: int) -> Normalized | None:
    """A form has rows without figures; every second one says why."""
    form = _at(source.forms, number)
    if form is None:
        return None
    note = "注：本单位无此项支出，故本表无数据。" if number % 2 else None
    bare = _with_rows(form, lambda row: row if number % 3 else None)
    return _replaced(source, structs.replace(bare, empty=True, note=note), [])


def _form_unknown(source: Normalized, number: int) -> Normalized | None:
    form = _at(source.forms, number)
    if form is None:
        return None
    facts = [structs.replace(fact, form=None) for fact in _own(source, form)]
    return _replaced(source, structs.replace(form, form=None, scope=None, confidence=0.4), facts)


def _form_twice(source: Normalized, number: int) -> Normalized | None:
    """A form is printed a second time, with one figure otherwise."""
    form = _at(source.forms, number)
    if form is None or not _own(source, form):
        return None
    again = [structs.replace(fact, id=f"t98/{fact.row}/{fact.col}", table="t98") for fact in _own(source, form)]
    again[-1] = with_amount(again[-1], again[-1].amount + 1)
    return structs.replace(source, forms=(*source.forms, structs.replace(form, table="t98")), facts=(*source.facts, *again))


def _form_rounded(source: Normalized, number: int) -> Normalized | None:
    """A form prints whole numbers."""
    form = _at(source.forms, number)
    if form is None:
        return None

    def rounded(fact: Fact) -> Fact:
        amount = fact.amount.quantize(Decimal(1), ROUND_HALF_UP)
        return structs.replace(with_amount(structs.replace(fact, decimals=0), amount), precision=0)

    return _replaced(source, form, map(rounded, _own(source, form)))


def _form_in_yuan(source: Normalized, number: int) -> Normalized | None:
    """A form in 元 beside others in 万元."""
    form = _at((form for form in source.forms if form.unit == "万元"), number)
    if form is None:
        return None

    def in_yuan(fact: Fact) -> Fact:
        if fact.unit != "万元":
            return fact
        amount = fact.amount * 10_000
        return structs.replace(fact, amount=amount, text=f"{amount:f}", unit="元", precision=fact.precision - 4)

    return _replaced(source, structs.replace(form, unit="元"), map(in_yuan, _own(source, form)))


def _form_without_unit(source: Normalized, number: int) -> Normalized | None:
    form = _at(source.forms, number)
    if form is None:
        return None
    facts = [structs.replace(fact, unit=None, yuan=None) for fact in _own(source, form)]
    return _replaced(source, structs.replace(form, unit=None), facts)


def _form_doubtful(source: Normalized, number: int) -> Normalized | None:
    """The figures of a form were recognised in an image, and some of them hardly."""
    form = _at(source.forms, number)
    if form is None:
        return None
    facts = _own(source, form)
    seen = [structs.replace(fact, origin="image", confidence=0.55 if place % 3 else 0.97) for place, fact in enumerate(facts)]
    return _replaced(source, form, seen)


# Rows and columns


def _rows(source: Normalized) -> list[tuple[Form, StubList, Row]]:
    return [(form, one, row) for form in source.forms for one in form.lists for row in one.rows]


def _row_as(change: Callable[[Row, StubList], dict[str, object] | None], facts: bool = True) -> Alteration:
    """An alteration of one row, and of its facts where they carry the same field."""

    def alter(source: Normalized, number: int) -> Normalized | None:
        able = [(form, one, row) for form, one, row in _rows(source) if change(row, one) is not None]
        place = _at(able, number * 7)
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
            structs.replace(fact, **shared) if (fact.row, fact.list) == (row.row, own.index) else fact for fact in _own(source, form)
        ]
        return _replaced(source, structs.replace(form, lists=lists), changed)

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
    form = _at(source.forms, number)
    if form is None:
        return None
    codes = {"function": None, "economic": None, "gov_economic": None}
    flat = _with_rows(form, lambda row: structs.replace(row, depth=0, parent=None, code_from="none", **codes))
    return _replaced(source, flat, [structs.replace(fact, code_from="none", **codes) for fact in _own(source, form)])


def _rows_swapped(source: Normalized, number: int) -> Normalized | None:
    """The figures of two neighbouring rows stand in each other's row."""
    pairs = [
        (form, first, second)
        for form in source.forms
        for one in form.lists
        for first, second in zip(one.rows, one.rows[1:], strict=False)
        if first.role == second.role == "item"
    ]
    place = _at(pairs, number * 3)
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

    return _amounts(source, swapped)


def _columns_swapped(source: Normalized, number: int) -> Normalized | None:
    """The figures of two neighbouring columns stand in each other's column."""
    pairs = [
        (form, first, second)
        for form in source.forms
        for first, second in zip(form.columns, form.columns[1:], strict=False)
        if first.money and second.money and first.list == second.list
    ]
    place = _at(pairs, number * 3)
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

    return _replaced(source, form, sorted(map(swapped, _own(source, form)), key=lambda fact: (fact.row, fact.col)))


def _column_unknown(source: Normalized, number: int) -> Normalized | None:
    """The head of a column was not understood."""
    places = [(form, column) for form in source.forms for column in form.columns if column.code]
    place = _at(places, number * 5)
    if place is None:
        return None
    form, own = place
    columns = tuple(structs.replace(column, code=None) if column is own else column for column in form.columns)
    facts = [structs.replace(fact, measure=None) if fact.col == own.col else fact for fact in _own(source, form)]
    return _replaced(source, structs.replace(form, columns=columns), facts)


def _with_last_year(source: Normalized, number: int) -> Normalized | None:
    """A form prints last year's figures beside this year's; one in eight is not nine tenths of this year's."""
    form = _at((form for form in source.forms if any(column.code == "total" for column in form.columns)), number)
    if form is None:
        return None
    own = next(column for column in form.columns if column.code == "total")
    last = max(column.col for column in form.columns) + 1
    head = ("上年预算数", "上年决算数", f"{(source.document.year or 2025) - 1}年预算数")[number % 3]
    column = structs.replace(own, col=last, path=(head,), code="previous_year")
    made = []
    for place, fact in enumerate(fact for fact in _own(source, form) if fact.col == own.col):
        amount = fact.amount * (9 if place % 8 or number % 2 else 8) / 10
        there = structs.replace(fact, id=f"{fact.table}/{fact.row}/{last}", col=last, measure="previous_year")
        made.append(with_amount(there, amount))
    facts = sorted([*_own(source, form), *made], key=lambda fact: (fact.row, fact.col))
    return _replaced(source, structs.replace(form, columns=(*form.columns, column)), facts)


# What the text says


def _claim_as(change: Callable[[Claim, tuple[Claim, ...]], dict[str, object] | None]) -> Alteration:
    def alter(source: Normalized, number: int) -> Normalized | None:
        able = [claim for claim in source.claims if change(claim, source.claims) is not None]
        own = _at(able, number * 5)
        if own is None:
            return None
        fields = change(own, source.claims) or {}
        return structs.replace(source, claims=tuple(structs.replace(claim, **fields) if claim is own else claim for claim in source.claims))

    return alter


def _claim_digit(claim: Claim, _: tuple[Claim, ...]) -> dict[str, object] | None:
    return {"amount": claim.amount + Decimal(1).scaleb(claim.amount.adjusted())} if claim.amount else None


def _claim_last(claim: Claim, _: tuple[Claim, ...]) -> dict[str, object] | None:
    return {"amount": claim.amount + 3 * Decimal(1).scaleb(-claim.decimals)} if claim.amount else None


def _claim_unit(claim: Claim, _: tuple[Claim, ...]) -> dict[str, object] | None:
    return {"unit": "元" if claim.unit == "万元" else "万元"} if claim.unit in ("元", "万元") else None


def _claim_subject(claim: Claim, claims: tuple[Claim, ...]) -> dict[str, object] | None:
    others = [one.subject for one in claims if one.subject and one.subject != claim.subject]
    return {"subject": others[len(claim.subject) % len(others)]} if others else None


def _claim_of_stage(claim: Claim, _: tuple[Claim, ...]) -> dict[str, object] | None:
    return {"stage": "budget" if claim.stage is None else None} if claim.kind == "amount" else None


def _claim_base(claim: Claim, _: tuple[Claim, ...]) -> dict[str, object] | None:
    turned = {None: "last_year", "last_year": "budget", "budget": "last_year_final", "last_year_final": "last_year_budget"}
    return {"base": turned.get(claim.base)} if claim.kind in ("change", "share") else None


def _claim_gone(source: Normalized, number: int) -> Normalized | None:
    """A claim is not there; those that speak of it speak of nothing."""
    if not source.claims:
        return None
    gone = number * 5 % len(source.claims)

    def moved(place: int | None) -> int | None:
        return None if place is None or place == gone else place - (place > gone)

    kept = [
        structs.replace(claim, about=moved(claim.about), whole=moved(claim.whole))
        for index, claim in enumerate(source.claims)
        if index != gone
    ]
    return structs.replace(source, claims=tuple(kept))


def _contents_more(source: Normalized, number: int) -> Normalized | None:
    """The list of contents names a form that is not there."""
    page = source.contents[0].page if source.contents else 2
    titles = (
        ("国有资本经营预算支出表", ("state_capital_expenditure",)),
        ("部门整体支出绩效目标表", ()),
        ("政府采购预算表", ("procurement",)),
    )
    title, forms = titles[number % 3]
    entry = ListedForm(page=page, title=title, number=f"表{len(source.contents) + 1}", forms=forms, empty=number % 2 == 1)
    return structs.replace(source, contents=(*source.contents, entry))


def _contents_fewer(source: Normalized, number: int) -> Normalized | None:
    entry = _at(source.contents, number)
    return None if entry is None else structs.replace(source, contents=tuple(one for one in source.contents if one is not entry))


def _contents_other(source: Normalized, number: int) -> Normalized | None:
    """Two titles of the list of contents are cut short."""
    entry = _at(source.contents, number)
    if entry is None:
        return None
    short = structs.replace(entry, title=entry.title[: max(2, len(entry.title) // 2)], forms=())
    return structs.replace(source, contents=tuple(short if one is entry else one for one in source.contents))


def _title_alone(source: Normalized, number: int) -> Normalized | None:
    """The title of a form stands above no table that was read."""
    form = _at((form for form in source.forms if form.title), number)
    gone = _form_gone(source, source.forms.index(form)) if form is not None else None
    if form is None or gone is None:
        return None
    page = form.pages[0] if form.pages else 3
    title = FormTitle(page=page, title=form.title or "", forms=(form.form,) if form.form and number % 2 == 0 else ())
    return structs.replace(gone, loose_titles=(*gone.loose_titles, title), unread_pages=(page,) if number % 3 == 0 else ())


def _nothing_said(source: Normalized, number: int) -> Normalized | None:
    form = _at(source.forms, number)
    emptied = _form_emptied(source, number - number % 2) if form is not None else None
    if form is None or emptied is None:
        return None
    said = Statement(page=form.pages[0] if form.pages and number % 2 else 1, text=f"本单位没有{(form.title or '此项')[:9]}，故为空表。")
    return structs.replace(emptied, nothing=(*emptied.nothing, said))


def _unread_page(source: Normalized, number: int) -> Normalized | None:
    gone = _form_gone(source, number)
    return None if gone is None else structs.replace(gone, unread_pages=(number + 2, number + 3))


def _about(**fields: object) -> Alteration:
    return lambda source, number: None if number else structs.replace(source, document=structs.replace(source.document, **fields))


ALTERATIONS: dict[str, Alteration] = {
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
    "all_tenthousand": lambda source, number: None if number else _amounts(source, lambda fact: fact.amount.scaleb(4)),
    "all_tenthousandth": lambda source, number: None if number else _amounts(source, lambda fact: fact.amount.scaleb(-4)),
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
    "claim_digit": _claim_as(_claim_digit),
    "claim_last": _claim_as(_claim_last),
    "claim_tenfold": _claim_as(lambda claim, _: {"amount": claim.amount * 10} if claim.amount else None),
    "claim_unit": _claim_as(_claim_unit),
    "claim_turned": _claim_as(lambda claim, _: {"direction": "down" if claim.direction == "up" else "up"} if claim.direction else None),
    "claim_undirected": _claim_as(lambda claim, _: {"direction": None} if claim.direction else None),
    "claim_rough": _claim_as(lambda claim, _: {"amount": claim.amount.quantize(Decimal(1)), "decimals": 0} if claim.decimals else None),
    "claim_subject": _claim_as(_claim_subject),
    "claim_stage": _claim_as(_claim_of_stage),
    "claim_base": _claim_as(_claim_base),
    "claim_of_none": _claim_as(lambda claim, _: {"about": None} if claim.about is not None else None),
    "claim_of_words": _claim_as(lambda claim, _: {"of": "本年支出合计"} if claim.kind == "share" else None),
    "claim_gone": _claim_gone,
    "contents_more": _contents_more,
    "contents_fewer": _contents_fewer,
    "contents_other": _contents_other,
    "title_alone": _title_alone,
    "nothing_said": _nothing_said,
    "unread_page": _unread_page,
    "other_kind": lambda source, number: (
        _about(kind="final_accounts" if source.document.kind == "budget" else "budget")(source, number) if not number else None
    ),
    "no_kind": _about(kind="other"),
    "no_year": _about(year=None),
    "narrative_only": lambda source, number: None if number else structs.replace(source, forms=(), facts=()),
    "tables_only": lambda source, number: None if number or not source.claims else structs.replace(source, claims=()),
    "narrative_part": _about(part="narrative"),
}
