"""Plants one error of a given class in a document that was read without fault, as people make them: in what is printed.

What is planted is known, so that verdicts can be scored: which cell, what it printed before, which cause.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from msgspec import structs

from shared.contracts.extracted import Cell, Extracted, Table
from shared.contracts.normalized import Fact, Normalized
from shared.contracts.validated import Cause

Place = tuple[str, int, int]
"""Table id, row, column."""


@dataclass(frozen=True)
class Planted:
    """An error that was planted. `place`: the cell that is wrong now, None for errors of whole rows. `right`: what it should print."""

    cause: Cause
    table: str
    place: Place | None
    right: str
    wrong: str
    rows: tuple[int, ...] = ()


Made = tuple[Extracted, Planted]


def amount(text: str) -> Decimal:
    """The amount of a printed figure."""
    return Decimal(text.replace(",", "").replace("，", ""))


def like(value: Decimal, text: str) -> str:
    """A value printed as `text` is: its decimals, its separators."""
    decimals = len(text.partition(".")[2])
    value = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{value:,f}" if "," in text or ("," not in text and _separated(text)) else f"{value:f}"


def _separated(text: str) -> bool:
    return "," in text


def _swap_cell(document: Extracted, place: Place, text: str) -> Extracted:
    return _with_texts(document, {place: text})


def _with_texts(document: Extracted, texts: Mapping[Place, str]) -> Extracted:
    def cells(table: Table) -> tuple[Cell, ...]:
        return tuple(
            structs.replace(cell, text=texts[table.id, cell.row, cell.col]) if (table.id, cell.row, cell.col) in texts else cell
            for cell in table.cells
        )

    touched = {place[0] for place in texts}
    return structs.replace(
        document,
        tables=tuple(structs.replace(table, cells=cells(table)) if table.id in touched else table for table in document.tables),
    )


def _digits(text: str) -> list[int]:
    return [index for index, character in enumerate(text) if character.isdigit()]


def _regrouped(digits: str, text: str) -> str:
    """Digits (with a point, perhaps) with the separators of `text`."""
    whole, point, rest = digits.partition(".")
    negative = whole.startswith("-")
    whole = whole.lstrip("-").lstrip("0") or "0"
    return ("-" if negative else "") + (f"{int(whole):,}" if "," in text else whole) + point + rest


def _substituted(text: str, random: Random) -> str | None:
    plain = text.replace(",", "")
    place = random.choice(_digits(plain))
    first = place == _digits(plain)[0]
    others = [d for d in "0123456789" if d != plain[place] and not (first and d == "0")]
    return _regrouped(plain[:place] + random.choice(others) + plain[place + 1 :], text)


def _swapped(text: str, random: Random) -> str | None:
    plain = text.replace(",", "")
    digits = _digits(plain)
    pairs = [(a, b) for a, b in itertools.pairwise(digits) if plain[a] != plain[b] and not (a == digits[0] and plain[b] == "0")]
    if not pairs:
        return None
    a, b = random.choice(pairs)
    listed = list(plain)
    listed[a], listed[b] = listed[b], listed[a]
    return _regrouped("".join(listed), text)


def _dropped(text: str, random: Random) -> str | None:
    plain = text.replace(",", "")
    whole = [place for place in _digits(plain) if "." not in plain[: place + 1]]
    if len(whole) < 2:
        return None
    place = random.choice(whole)
    return _regrouped(plain[:place] + plain[place + 1 :], text)


def _inserted(text: str, random: Random) -> str | None:
    plain = text.replace(",", "")
    whole = len(plain.partition(".")[0])
    place = random.randint(0, whole)
    digit = random.choice("123456789" if place == 0 else "0123456789")
    if plain.startswith("0.") and place == 1:
        return None
    return _regrouped(plain[:place] + digit + plain[place:], text)


def _shifted(text: str, random: Random) -> str | None:
    power = random.choice((-2, -1, 1, 2))
    value = amount(text)
    if value == value.to_integral_value() and power == 1:
        power = 2
    return like(value.scaleb(power), text)


def _zero(text: str, random: Random) -> str | None:
    value = amount(text)
    return like(value * 10, text) if value == value.to_integral_value() else None


def _unit(text: str, random: Random) -> str | None:
    return like(amount(text).scaleb(random.choice((-4, 4))), text)


def _flipped(text: str, random: Random) -> str | None:
    return None if text.startswith("-") else "-" + text


Edit = Callable[[str, Random], str | None]
EDITS: Mapping[Cause, Edit] = {
    "digit_substituted": _substituted,
    "digits_swapped": _swapped,
    "digit_dropped": _dropped,
    "digit_inserted": _inserted,
    "decimal_shift": _shifted,
    "zero_extra": _zero,
    "unit_slip": _unit,
    "sign_flipped": _flipped,
}
"""Slips of one figure: from what is printed to what is printed wrongly; None where the figure cannot be got wrong in that way."""

OF_A_FIGURE: tuple[Cause, ...] = (*EDITS, "stale_copy", "subtotal_counted", "column_shift")
LEFT_BLANK: Cause = "unknown"
"""A figure that is not printed: no slip of a figure, so the contract has no cause of this name."""
OF_ROWS: tuple[Cause, ...] = ("row_missing", "row_duplicated", "page_missing", LEFT_BLANK)


def figures(normalized: Normalized) -> list[Fact]:
    """Figures in which an error can be planted: of tables, of known unit, not zero, each cell once."""
    return [
        fact for fact in normalized.facts if fact.amount and fact.unit and not fact.duplicate_of and any(c.isdigit() for c in fact.text)
    ]


def _place(fact: Fact) -> Place:
    return fact.table, fact.row, fact.col


def plant(document: Extracted, normalized: Normalized, fact: Fact, cause: Cause, random: Random) -> Made | None:
    """Plants an error of a class at a figure.

    Args: document: as read. normalized: its facts. fact: where. Returns: the document with the error; None where that figure cannot have it.
    """
    if cause in EDITS:
        wrong = EDITS[cause](fact.text, random)
        return _set(document, fact, cause, wrong)
    if cause == "stale_copy":
        column = [other for other in normalized.facts if other.table == fact.table and other.col == fact.col and other.row != fact.row]
        others = [other.text for other in column if other.amount and other.amount != fact.amount]
        return _set(document, fact, cause, random.choice(others) if others else None)
    if cause == "subtotal_counted":
        return _counted(document, normalized, fact, random)
    if cause == "column_shift":
        return _moved(document, normalized, fact, random)
    if cause in ("row_missing", "row_duplicated"):
        return _row(document, normalized, fact, cause)
    if cause == "page_missing":
        return _page(document, fact)
    if cause == LEFT_BLANK:
        return _swap_cell(document, _place(fact), ""), Planted(cause, fact.table, None, fact.text, "")
    raise ValueError(cause)


def _set(document: Extracted, fact: Fact, cause: Cause, wrong: str | None) -> Made | None:
    if wrong is None or wrong == fact.text or amount(wrong) == fact.amount or (not amount(wrong)):
        return None
    return _swap_cell(document, _place(fact), wrong), Planted(cause, fact.table, _place(fact), fact.text, wrong)


def _counted(document: Extracted, normalized: Normalized, fact: Fact, random: Random) -> Made | None:
    """A total that counts one of the subtotals in its column twice."""
    form = next(form for form in normalized.forms if form.table == fact.table)
    rows = {row.row: row for one in form.lists for row in one.rows}
    row = rows.get(fact.row)
    if row is None or row.role not in ("total", "grand_total"):
        return None
    parents = {other.parent for other in rows.values() if other.parent is not None}
    coded = {code[:-2] for other in rows.values() if (code := other.function or other.economic or other.gov_economic) and len(code) > 3}
    below = [
        other
        for other in normalized.facts
        if other.table == fact.table
        and other.col == fact.col
        and other.row in rows
        and rows[other.row].role == "item"
        and other.amount
        and other.amount != fact.amount
        and (other.row in parents or (other.function or other.economic or other.gov_economic) in coded)
    ]
    if not below:
        return None
    return _set(document, fact, "subtotal_counted", like(fact.amount + random.choice(below).amount, fact.text))


def _moved(document: Extracted, normalized: Normalized, fact: Fact, random: Random) -> Made | None:
    """A figure one column aside, in a cell that was blank; its own cell is blank now."""
    table = next(table for table in document.tables if table.id == fact.table)
    form = next(form for form in normalized.forms if form.table == fact.table)
    own = next((column for column in form.columns if column.col == fact.col), None)
    money = {column.col for column in form.columns if column.money and own is not None and column.list == own.list}
    blank = {cell.col for cell in table.cells if cell.row == fact.row and not cell.text and cell.rowspan == cell.colspan == 1}
    found = [col for col in (fact.col - 1, fact.col + 1) if col in money and col in blank]
    if not found:
        return None
    to = random.choice(found)
    changed = _with_texts(document, {_place(fact): "", (fact.table, fact.row, to): fact.text})
    return changed, Planted("column_shift", fact.table, (fact.table, fact.row, to), "", fact.text)


def _spans(table: Table) -> dict[int, int]:
    """How far cells reach down over each row."""
    reach: dict[int, int] = defaultdict(lambda: 1)
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            reach[row] = max(reach[row], cell.rowspan)
    return reach


def _row(document: Extracted, normalized: Normalized, fact: Fact, cause: Cause) -> Made | None:
    """A row of a list left out, or printed twice; a row that others hang on is neither."""
    table = next(table for table in document.tables if table.id == fact.table)
    form = next(form for form in normalized.forms if form.table == fact.table)
    if len(form.lists) != 1 or _spans(table)[fact.row] > 1:
        return None
    rows = {row.row: row for row in form.lists[0].rows}
    row = rows.get(fact.row)
    code = row and (row.function or row.economic or row.gov_economic)
    if row is None or row.role != "item" or any(other.parent == fact.row for other in rows.values()):
        return None
    if code and any((o.function or o.economic or o.gov_economic or "").startswith(code) and o is not row for o in rows.values()):
        return None
    step = -1 if cause == "row_missing" else 1
    cells = []
    for cell in table.cells:
        if cell.row == fact.row:
            if step > 0:
                cells += [cell, structs.replace(cell, row=cell.row + 1)]
        else:
            cells.append(structs.replace(cell, row=cell.row + step) if cell.row > fact.row else cell)
    starts = tuple(start + step if start > fact.row else start for start in table.page_starts)
    changed = structs.replace(
        table, cells=tuple(sorted(cells, key=lambda c: (c.row, c.col))), n_rows=table.n_rows + step, page_starts=starts
    )
    return _replace_table(document, changed), Planted(cause, fact.table, None, fact.text, "", (fact.row,))


def _page(document: Extracted, fact: Fact) -> Made | None:
    """The last page of a form left out."""
    table = next(table for table in document.tables if table.id == fact.table)
    if not table.page_starts:
        return None
    start = table.page_starts[-1]
    if start <= table.header_rows or any(cell.row < start < cell.row + cell.rowspan for cell in table.cells):
        return None
    cells = tuple(cell for cell in table.cells if cell.row < start)
    changed = structs.replace(table, cells=cells, n_rows=start, page_starts=table.page_starts[:-1])
    gone = tuple(range(start, table.n_rows))
    return _replace_table(document, changed), Planted("page_missing", fact.table, None, "", "", gone)


def _replace_table(document: Extracted, changed: Table) -> Extracted:
    return structs.replace(document, tables=tuple(changed if table.id == changed.id else table for table in document.tables))
