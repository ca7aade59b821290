"""Rows printed twice, proposed as edits: the document without the second of two rows that say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from msgspec import structs

from services.validator.domain.edits import Edit, figures_in
from services.validator.domain.sheet import Book, Sheet, SheetList, bare
from shared.contracts.normalized import Normalized, Row

# Digits of codes below a class: a row of such a code that follows one of the same code and name is neither its part nor its heading.
_LEAF = 5


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


def _named(row: Row) -> tuple[str | None, ...]:
    """What a row says that it is."""
    return bare(row.label), row.function, row.economic, row.gov_economic, row.project


def _pairs_of_one_name(one: SheetList) -> Iterator[tuple[Row, Row, bool]]:
    """Rows that say the same, each with the one before it, and whether they are neighbours.

    Without a code only neighbours; and never over the row of a unit, since several units have expenditure of one code.
    """
    earlier: dict[tuple[str | None, ...], Row] = {}
    last: Row | None = None
    for row in one.rows:
        if row.role == "unit":
            earlier.clear()
            last = None
        if row.role not in ("item", "subtotal"):
            continue
        name = _named(row)
        before = earlier.get(name) if any(name[1:4]) else None
        if last is not None and _named(last) == name and name[0]:
            yield last, row, True
        elif before is not None and name[0]:
            yield before, row, False
        earlier[name] = last = row


def repeated_rows(book: Book, sheet: Sheet, one: SheetList) -> Iterator[Edit]:
    """Two rows with the same name, codes and figures, of which at least one is not zero: neighbours, or rows of one code under one unit."""
    for first, second, neighbours in _pairs_of_one_name(one):
        figures, again = figures_in(sheet, one, first), figures_in(sheet, one, second)
        if (
            figures.keys() == again.keys()
            and any(f.value for f in figures.values())
            and all(figures[c].value == again[c].value for c in figures)
        ):
            document = _without(book.document, sheet.form.table, second.row, first.row)
            heirs = frozenset(figure.id for figure in figures.values())
            named = any((first.function, first.economic, first.gov_economic, first.project))
            pages = {figure.fact.page for figure in (*figures.values(), *again.values())}
            certain = neighbours and len(pages) == 1 and len(first.function or first.economic or first.gov_economic or "") >= _LEAF
            edit = Edit("row_duplicated", document, sheet.form.table, tuple(again.values()), bare(first.label), heirs=heirs, named=named)
            yield replace(edit, certain=certain)
