"""What is mended where a page break cut a table: rows cut in mid-sentence, cells cut or printed again, columns brought together."""

from __future__ import annotations

import re
from itertools import pairwise

from services.extractor.domain.evidence import Doubt
from services.extractor.domain.figuretext import is_figure
from services.extractor.domain.joined import JoinedCell, JoinedTable, append, onto, realign, shared_columns
from services.extractor.domain.page import PageContents
from services.extractor.domain.reading import PageCell, PageTable

# A cell that begins so is a new item: ordinals, codes, figures.
_NEW_ITEM = re.compile(r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十0-9]{1,3}[）)]|\d|[①-⑳]|[-−—≥≤=＝])")
# So many cells above the page break show whether a column merges.
_ENOUGH = 300
_ENDED = re.compile(r"[。；;！!？?]$")


def join(before: JoinedTable, table: PageTable, page: PageContents, repeated: int) -> list[PageCell]:
    """Appends a page's table to the one it continues; returns the cells of the repeated boxhead, which are left out."""
    columns = shared_columns(before.xs, table.xs) or before.xs
    realign(before.cells, onto(before.xs, columns, before.xs[-1]))
    places = onto([x - table.xs[0] for x in table.xs], columns, table.xs[-1] - table.xs[0])
    realign(table.cells, places)
    before.open_bottom = _spread_flags(before.open_bottom, before.xs, columns)
    open_top = [flag for k, flag in enumerate(table.open_top) for _ in range(places[k + 1] - places[k])] if not repeated else []
    table.open_bottom = [flag for k, flag in enumerate(table.open_bottom) for _ in range(places[k + 1] - places[k])]
    before.xs = columns
    head = [cell for cell in table.cells if cell.row < repeated]
    body = [cell for cell in table.cells if cell.row >= repeated]
    _mend(before, table, page, body, repeated, open_top)
    return head


def _spread_flags(flags: list[bool], xs: list[float], columns: list[float]) -> list[bool]:
    places = onto(xs, columns, xs[-1])
    return [flag for k, flag in enumerate(flags) for _ in range(places[k + 1] - places[k])]


def _mend(before: JoinedTable, table: PageTable, page: PageContents, body: list[PageCell], first: int, open_top: list[bool]) -> None:
    """Joins what the page break cut, then appends the rest."""
    last = before.last_cells()
    top = {cell.col: cell for cell in body if cell.row == first}
    if _row_goes_on(last, top, table, first):
        for col, cell in top.items():
            _merge(last[col], cell, table, page, cell.rowspan - 1)
        rest = [cell for cell in body if cell.row > first]
        append(before, table, page, rest, first + 1)
        return
    merged = {
        col: cell
        for col, cell in top.items()
        if col in last and last[col].colspan == cell.colspan and _cell_goes_on(before, last[col], cell, top, open_top)
    }
    merged |= {col: cell for col, cell in top.items() if col not in merged and col in last and _beside(last, top, merged, col)}
    for col, cell in merged.items():
        _merge(last[col], cell, table, page, cell.rowspan)
    for col, cell in top.items():
        if col not in merged and col in last and _stands_again(last[col], cell):
            last[col].doubt |= Doubt.AGAIN
            cell.doubt |= Doubt.AGAIN
    rest = [cell for cell in body if cell.row > first or cell.col not in merged]
    append(before, table, page, rest, first)


def _merge(upper: JoinedCell, lower: PageCell, table: PageTable, page: PageContents, rows: int) -> None:
    if "".join(lower.text.split()) != "".join(upper.text.split()):
        upper.text += lower.text
    upper.rowspan += rows
    upper.places.append((table.page, page.shown(lower.box)))
    upper.certainty = min(upper.certainty, lower.certainty)
    upper.filled = lower.filled
    upper.doubt |= lower.doubt | Doubt.MENDED


def _cell_goes_on(before: JoinedTable, upper: JoinedCell, lower: PageCell, top: dict[int, PageCell], open_top: list[bool]) -> bool:
    """Whether the page break cut a cell: no rule between where neighbours have one; blank over several rows; or printed again."""
    span = range(lower.col, lower.col + lower.colspan)
    if _mixed(open_top) and all(open_top[k] for k in span) and not is_figure(lower.text):
        return True
    if _mixed(before.open_bottom) and all(before.open_bottom[k] for k in span) and not is_figure(lower.text):
        return True
    same = "".join(lower.text.split()) == "".join(upper.text.split())
    tall = upper.rowspan > 1 or lower.rowspan > 1
    if lower.text and same and tall and not is_figure(lower.text):
        return True
    if not upper.text or (lower.text and not same) or is_figure(upper.text):
        return False
    if not lower.text and lower.rowspan > 1 and min(cell.rowspan for cell in top.values()) == 1:
        return True
    return any(cell.text for cell in top.values() if cell is not lower) and _always_merges(before, upper)


def _stands_again(upper: JoinedCell, lower: PageCell) -> bool:
    """Whether a tall cell's figure stands on both sides of a page break: a cell that was cut and printed again, or two that say the same."""
    tall = upper.rowspan > 1 or lower.rowspan > 1
    return tall and bool(lower.text) and upper.colspan == lower.colspan and "".join(lower.text.split()) == "".join(upper.text.split())


def _beside(last: dict[int, JoinedCell], top: dict[int, PageCell], merged: dict[int, PageCell], col: int) -> bool:
    """Whether a figure over the same rows as a cell that goes on is that item's: printed again, or blank, it is no second one."""
    upper, lower = last[col], top[col]
    if upper.colspan != lower.colspan or not upper.text or (lower.text and lower.text != upper.text) or upper.rowspan + lower.rowspan < 3:
        return False
    return any((last[k].row, last[k].rowspan, cell.rowspan) == (upper.row, upper.rowspan, lower.rowspan) for k, cell in merged.items())


def _always_merges(before: JoinedTable, upper: JoinedCell) -> bool:
    """Whether the column above merges like items: a cell of one row that is blank, or says the same again, then is a rest, no item."""
    head = before.head()
    column = [cell for cell in before.cells[-_ENOUGH:] if cell.col == upper.col and cell.row >= head]
    merged = sum(cell.rowspan > 1 and cell is not upper for cell in column)
    again = any(first.text == second.text for first, second in pairwise(column))
    return merged >= 2 and not again and all(cell.text and cell.colspan == upper.colspan for cell in column)


def _mixed(flags: list[bool]) -> bool:
    return any(flags) and not all(flags)


def _row_goes_on(last: dict[int, JoinedCell], top: dict[int, PageCell], table: PageTable, first: int) -> bool:
    """Whether the first row is the rest of a row cut in mid-sentence.

    The same columns; every text in it follows a cell whose last line was full and no sentence's end, begins no item, and is no figure;
    and at least one cell is blank whose upper part is not (a new row would say something there).
    """
    if last.keys() != top.keys() or any(last[col].colspan != cell.colspan for col, cell in top.items()):
        return False
    parts = [(last[col], cell) for col, cell in top.items()]
    texts = [(upper, lower) for upper, lower in parts if lower.text]
    if not texts or any(lower.rowspan > 1 for _, lower in parts) or table.n_rows <= first:
        return False
    if not any(upper.text and not lower.text for upper, lower in parts):
        return False
    return all(
        upper.text and upper.filled and not _ENDED.search(upper.text) and not _NEW_ITEM.match(lower.text) and not is_figure(upper.text)
        for upper, lower in texts
    )
