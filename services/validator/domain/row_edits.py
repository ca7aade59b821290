"""Explanations that no single figure gives: a row printed twice, a row or page left out, a figure in the wrong column.

Each explanation is an edit of the normalised document. Whether it explains anything is tried out (repairs.py): the edited document is read and
graded anew. Edits are proposed only where something points to them, so that a document without faults costs no trial.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from msgspec import structs

from services.validator.domain.grading import Graded
from services.validator.domain.intervals import ZERO
from services.validator.domain.sheet import Book, Figure, Sheet, SheetList, bare
from services.validator.domain.stubs import code_axis
from shared.contracts.normalized import Fact, Normalized, Row
from shared.contracts.validated import Cause

_NEW_ROW = 1_000_000
"""Rows that an edit puts in are numbered from here: no table has so many."""


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """A change of the document that may explain what does not tie out.

    `figures`: those that a person has to look at, the place first. `label`: what the row is called. `source`: figures of another form that
    print what is missing. `column`: for a figure in the wrong column, the column where it belongs; `moved`: its fact there. `heirs`: facts of the row that stays of two;
    `named`: both carry the same code or project, so that one cannot be a part of the other.
    """

    cause: Cause
    document: Normalized
    table: str
    figures: tuple[Figure, ...]
    label: str
    source: tuple[Figure, ...] = ()
    column: int | None = None
    moved: str | None = None
    heirs: frozenset[str] = frozenset()
    named: bool = False


def propose_edits(book: Book, graded: Iterable[Graded]) -> Iterator[Edit]:
    """The edits that something in the document points to, in the order of its forms. Args: graded: its checks."""
    failing = [one for one in graded if one.status == "failed"]
    printed = _printed_codes(book)
    for sheet, one in book.walk():
        yield from _printed_twice(book, sheet, one)
        yield from _left_out(book, sheet, one, printed)
    yield from _wrong_column(book, failing)


def _figures(sheet: Sheet, one: SheetList, row: Row) -> dict[int, Figure]:
    return {column.col: figure for column in one.columns if (figure := sheet.at(row.row, column.col)) is not None}


def _without(document: Normalized, table: str, row: int, heir: int) -> Normalized:
    """The document without a row of a table; what hangs below it hangs below its heir."""

    def rows(all_rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(structs.replace(r, parent=heir) if r.parent == row else r for r in all_rows if r.row != row)

    forms = tuple(
        structs.replace(form, lists=tuple(structs.replace(one, rows=rows(one.rows)) for one in form.lists)) if form.table == table else form
        for form in document.forms
    )
    facts = tuple(fact for fact in document.facts if fact.table != table or fact.row != row)
    return structs.replace(document, forms=forms, facts=facts)


def _printed_twice(book: Book, sheet: Sheet, one: SheetList) -> Iterator[Edit]:
    """Two neighbouring rows with the same name, codes and figures, of which at least one is not zero."""
    items = [row for row in one.rows if row.role in ("item", "subtotal")]
    for first, second in pairwise(items):
        same = (bare(first.label), first.function, first.economic, first.gov_economic, first.project) == (
            bare(second.label), second.function, second.economic, second.gov_economic, second.project
        )  # fmt: skip
        if not same or not bare(first.label):
            continue
        figures, again = _figures(sheet, one, first), _figures(sheet, one, second)
        if (
            figures.keys() == again.keys()
            and any(f.value for f in figures.values())
            and all(figures[c].value == again[c].value for c in figures)
        ):
            document = _without(book.document, sheet.form.table, second.row, first.row)
            heirs = frozenset(figure.id for figure in figures.values())
            named = any((first.function, first.economic, first.gov_economic, first.project))
            label = bare(first.label)
            yield Edit("row_duplicated", document, sheet.form.table, tuple(again.values()), label, heirs=heirs, named=named)


def _code(row: Row, axis: str) -> str:
    return getattr(row, axis) or ""


def _children(one: SheetList, axis: str, parent: Row | None) -> list[Row]:
    """The coded rows right below a coded row; of None, the highest coded rows of the list."""
    prefix = _code(parent, axis) if parent is not None else ""
    below = [row for row in one.rows if _code(row, axis).startswith(prefix) and _code(row, axis) not in ("", prefix)]
    codes = {_code(row, axis) for row in below}
    return [row for row in below if not any(_code(row, axis)[:size] in codes for size in (3, 5) if size < len(_code(row, axis)))]


def _parent(one: SheetList, axis: str, code: str) -> Row | None:
    """The row of the longest prefix of a code."""
    rows = {_code(row, axis): row for row in one.rows}
    return next((rows[code[:size]] for size in (5, 3) if size < len(code) and code[:size] in rows), None)


_Printed = dict[str, dict[str, dict[str, list[Figure]]]]
"""By axis, table and code: the figures that are not zero."""


def _printed_codes(book: Book) -> _Printed:
    printed: _Printed = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for sheet, one in book.walk():
        axis = code_axis(one.rows)
        for row in one.rows if axis else ():
            if code := _code(row, axis or ""):
                printed[axis or ""][sheet.form.table][code] += [figure for figure in _figures(sheet, one, row).values() if figure.value]
    return printed


def _left_out(book: Book, sheet: Sheet, one: SheetList, printed: _Printed) -> Iterator[Edit]:
    """Codes that another form prints and this list does not, where what they print there is just what sums here lack."""
    axis = code_axis(one.rows)
    if axis is None:
        return
    here = printed[axis][sheet.form.table].keys()  # of all lists of the form: classes may stand side by side
    lengths = {len(code) for code in here}
    proposed = set()
    for table, codes in printed[axis].items():
        missing = {code: figures for code, figures in codes.items() if code not in here and len(code) in lengths}
        # Another list of other money prints other codes; forms that go together share most of theirs.
        if table == sheet.form.table or not missing or 2 * len(codes.keys() & here) < len(codes):
            continue
        found = _missing_rows(sheet, one, axis, missing)
        codes_found = tuple(row.code for row in found)
        if found and codes_found not in proposed:
            proposed.add(codes_found)
            yield _inserted(book, sheet, one, axis, found)


@dataclass(frozen=True, slots=True, eq=False)
class _Missing:
    """A row that is missing: below which row, and what sums of each column lack (in 元), with the figure of another form that says the same."""

    code: str
    parent: Row | None
    amounts: dict[int, Decimal]
    source: Figure


def _missing_rows(sheet: Sheet, one: SheetList, axis: str, missing: dict[str, list[Figure]]) -> list[_Missing]:
    """Of missing codes, those that make up what their parent lacks: one alone, by a column in which another form prints the same amount."""
    by_parent: dict[int | None, list[str]] = defaultdict(list)
    for code in sorted(missing):
        if not any(code[:size] in missing for size in (3, 5) if size < len(code)):
            parent = _parent(one, axis, code)
            by_parent[parent.row if parent else None].append(code)
    found = []
    for row, codes in by_parent.items():
        parent = one.by_row[row] if row is not None else None
        top = parent or next((r for r in one.rows if r.role in ("total", "grand_total")), None)
        if top is None or len(codes) != 1:
            continue
        amounts = _lacking(sheet, one, top, _children(one, axis, parent))
        source = next((f for f in missing[codes[0]] for amount in amounts.values() if abs(f.value - amount) <= 2 * f.amount.half), None)
        if source is not None:
            found.append(_Missing(codes[0], parent, amounts, source))
    return found


def _lacking(sheet: Sheet, one: SheetList, top: Row, children: list[Row]) -> dict[int, Decimal]:
    """What the rows below a row lack of its figure, by column, where that is more than rounding."""
    amounts = {}
    for column in one.columns:
        figure = sheet.at(top.row, column.col)
        if figure is None:
            continue
        parts = [part for row in children if (part := sheet.at(row.row, column.col)) is not None]
        rest = figure.value - sum((part.value for part in parts), ZERO)
        if abs(rest) > figure.amount.half + sum((part.amount.half for part in parts), ZERO):
            amounts[column.col] = rest
    return amounts


def _inserted(book: Book, sheet: Sheet, one: SheetList, axis: str, found: list[_Missing]) -> Edit:
    rows, facts, evidence = list(one.spec.rows), list(book.document.facts), []
    for number, missing in enumerate(found):
        top = missing.parent or next(row for row in one.rows if row.role in ("total", "grand_total"))
        place, label = _NEW_ROW + number, missing.source.fact.label
        depth, parent = (top.depth + 1, top.row) if missing.parent else (0, None)
        row = Row(row=place, label=label, ordinal=None, depth=depth, parent=parent, role="item", code_from="printed")
        rows.append(structs.replace(row, **{axis: missing.code}))
        for col, amount in missing.amounts.items():
            figure = sheet.at(top.row, col)
            assert figure is not None
            evidence.append(figure)
            facts.append(_fact(figure, axis, missing.code, label, place, amount))
    lists = tuple(structs.replace(spec, rows=tuple(rows)) if spec is one.spec else spec for spec in sheet.form.lists)
    forms = tuple(structs.replace(form, lists=lists) if form is sheet.form else form for form in book.document.forms)
    cause: Cause = "page_missing" if len(found) > 2 else "row_missing"
    label = "、".join(dict.fromkeys(f"{missing.code} {bare(missing.source.fact.label)}" for missing in found))
    document = structs.replace(book.document, forms=forms, facts=tuple(facts))
    return Edit(cause, document, sheet.form.table, tuple(evidence), label, tuple(missing.source for missing in found))


def _fact(like: Figure, axis: str, code: str, label: str, row: int, amount: Decimal) -> Fact:
    """A fact beside another one of its column: another row, another amount (in 元)."""
    fact, value = like.fact, amount.scaleb(-(like.order or 0))
    plain = structs.replace(fact, function=None, economic=None, gov_economic=None, line=None, project=None, duplicate_of=None)
    changed = structs.replace(
        plain, id=f"{fact.table}/{row}/{fact.col}", row=row, amount=value, yuan=amount, text=f"{value:f}", label=label
    )
    return structs.replace(changed, **{axis: code})


def _wrong_column(book: Book, failing: list[Graded]) -> Iterator[Edit]:
    """A figure in one column, where sums of another column lack just that and its row is blank there; or whose parts stand in another column."""
    lists = {(sheet.form.table, column.col): (sheet, one) for sheet, one in book.walk() for column in one.columns}
    tried: set[tuple[str, int]] = set()
    for failed in failing:
        target, lacks = failed.equation.target.fact, failed.difference
        if lacks <= 0 or (target.table, target.col) not in lists:
            continue
        sheet, one = lists[target.table, target.col]
        for row in one.rows:
            for figure in _figures(sheet, one, row).values() if sheet.at(row.row, target.col) is None else ():
                if abs(figure.value - lacks) <= failed.possible and (figure.id, target.col) not in tried:
                    tried.add((figure.id, target.col))
                    yield _moved(book, figure, target.col)
    for sheet, one in book.walk():
        yield from _away_from_its_parts(book, sheet, one)


def _away_from_its_parts(book: Book, sheet: Sheet, one: SheetList) -> Iterator[Edit]:
    """A figure all of whose parts are blank in its column, while they add up to it in a column where its own row is blank."""
    axis = code_axis(one.rows)
    for row in one.rows:
        figures = _figures(sheet, one, row)
        if len(figures) == len(one.columns):
            continue
        parts = _parts(one, axis, row)
        sums = {column.col: [f for part in parts if (f := sheet.at(part.row, column.col)) is not None] for column in one.columns}
        for col, figure in figures.items():
            for other, found in sums.items():
                if sums[col] or other in figures or not found or not figure.value:
                    continue
                slack = figure.amount.half + sum((part.amount.half for part in found), ZERO)
                if abs(sum((part.value for part in found), ZERO) - figure.value) <= slack:
                    yield _moved(book, figure, other)
                    if len(found) == 1:  # or its only part is in the wrong column
                        yield _moved(book, found[0], col)


def _parts(one: SheetList, axis: str | None, row: Row) -> list[Row]:
    """The rows that add up to a row: those below its code, those that hang below it; of a total, the highest rows of the list."""
    if row.role in ("total", "grand_total"):
        return _children(one, axis, None) if axis else [other for other in one.rows if other.role == "item" and other.parent is None]
    if axis and _code(row, axis):
        return _children(one, axis, row)
    return [other for other in one.rows if other.parent == row.row]


def _moved(book: Book, figure: Figure, col: int) -> Edit:
    fact, document = figure.fact, book.document
    column = next(c for form in document.forms if form.table == fact.table for c in form.columns if c.col == col)
    codes = {axis: getattr(column, axis) for axis in ("function", "economic", "gov_economic") if getattr(column, axis)}
    there = structs.replace(fact, id=f"{fact.table}/{fact.row}/{col}", col=col, measure=column.code, fund=column.fund, **codes)
    facts = tuple(there if other is fact else other for other in document.facts)
    changed = structs.replace(document, facts=facts)
    return Edit("column_shift", changed, fact.table, (figure,), bare(fact.label), column=col, moved=there.id)
