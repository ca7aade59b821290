"""Whether a page's first table continues the one before, and what is mended at the seam.

Continued: repeated boxhead (left out), or no name of its own and the same columns. Mended: rows cut in mid-sentence, cells cut by the
page break, merged cells that a spreadsheet program prints again.
"""

from __future__ import annotations

import re

from services.extractor.domain.joined import JoinedCell, JoinedTable, append, common_columns, onto, page_row_texts, realign, united_columns
from services.extractor.domain.labels import Labels
from services.extractor.domain.page import PageContents
from services.extractor.domain.reading import PageCell, PageTable

_CONTINUED_MARK = re.compile(
    r"[（(]?续(?:表)?[一二三四五六七八九十0-9]*[）)]?$|^续(?:表|前表|上表)[一二三四五六七八九十0-9]*|[（(]\d+/\d+[）)]$|第\d+页$"
)
# A cell that begins so is a new item: ordinals, codes, figures.
_NEW_ITEM = re.compile(r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十0-9]{1,3}[）)]|\d|[①-⑳]|[-−—≥≤=＝])")
_ENDED = re.compile(r"[。；;！!？?]$")
# So many cells before the page break show which columns hold figures.
_ENOUGH = 300
_NAME = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]{3}")
_FIGURE = re.compile(r"^[-−－]?[\d,，]+(?:\.\d+)?%?$")


def bare(title: str | None) -> str:
    """A title without white space and marks of continuation (续表)."""
    return _CONTINUED_MARK.sub("", "".join((title or "").split()))


def continues(before: JoinedTable, table: PageTable, labels: Labels, prose_between: bool) -> int | None:
    """Rows of repeated boxhead if `table` continues `before` (0: it is not repeated), None if it is a table of its own.

    `labels`: those printed above `table`; `prose_between`: text other than page headers and footers stands between the two.
    """
    if prose_between or before.pages[-1] + 1 != table.page:
        return None
    columns = _columns(before, table)
    if columns is None:
        return None
    named = labels.has_name() or bool(_CONTINUED_MARK.search("".join((labels.title or "").split())))
    if named and not _same_name(before.labels, labels):
        return None
    head = before.head()
    repeated = _repeated(before, table, columns, head)
    if repeated and (not named or repeated == head):
        return repeated
    if named or before.labels.notes or labels.unit_label or labels.entity_label or _own_head(before, table, columns, head):
        return None
    if common_columns(before.xs, _from_left(table)) is None and head and not _same_seam(before, table, columns):
        return None
    return 0


def _from_left(table: PageTable) -> list[float]:
    return [x - table.xs[0] for x in table.xs]


def _columns(before: JoinedTable, table: PageTable) -> list[float] | None:
    """Column borders of both, where they can be one table's."""
    other = _from_left(table)
    return common_columns(before.xs, other) or united_columns(before.xs, other)


def _same_seam(before: JoinedTable, table: PageTable, columns: list[float]) -> bool:
    """Whether the last row above the page break and the first below it are divided alike."""
    mine, other = onto(before.xs, columns, before.xs[-1]), onto(_from_left(table), columns, table.xs[-1] - table.xs[0])
    above = {mine[cell.col] for cell in before.last_cells().values()}
    return above == {other[cell.col] for cell in table.cells if cell.row == 0}


def _own_head(before: JoinedTable, table: PageTable, columns: list[float], head: int) -> bool:
    """Whether the first row names columns in which the rows before have figures: the boxhead of another table."""
    if head == 0:
        return False
    mine, other = onto(before.xs, columns, before.xs[-1]), onto(_from_left(table), columns, table.xs[-1] - table.xs[0])
    figures: set[int] = set()
    words: set[int] = set()
    for cell in before.cells[-_ENOUGH:]:
        if cell.row >= head and cell.text:
            columns_of_it = range(mine[cell.col], mine[cell.col + cell.colspan])
            if _FIGURE.match(cell.text.replace(" ", "")):
                figures.update(columns_of_it)
            elif _NAME.search(cell.text):
                words.update(columns_of_it)
    money = figures - words - {0}
    spans = [(cell, set(range(other[cell.col], other[cell.col + cell.colspan]))) for cell in table.cells if cell.row == 0 and cell.text]
    inside = [(cell, span) for cell, span in spans if span <= money]
    named = {column for cell, span in inside if _NAME.search(cell.text) for column in span}
    return len(named) * 2 > len(money) and all(_NAME.search(cell.text) for cell, _ in inside)


def _same_name(first: Labels, second: Labels) -> bool:
    """The same title, and no differing form numbers."""
    if first.number and second.number and first.number != second.number:
        return False
    if second.title is None:
        return first.number == second.number
    return bare(first.title) == bare(second.title)


def _repeated(before: JoinedTable, table: PageTable, columns: list[float], head: int) -> int:
    """How many rows of the boxhead the next page prints again."""
    if head == 0:
        return 0
    mine = onto(before.xs, columns, before.xs[-1])
    other = onto([x - table.xs[0] for x in table.xs], columns, table.xs[-1] - table.xs[0])
    above = [_spread(texts, mine) for texts in before.head_texts(head)]
    below = [_spread(page_row_texts(table, row), other) for row in range(min(head, table.n_rows))]
    count = 0
    for first, second in zip(above, below, strict=False):
        if first != second or not any(first):
            break
        count += 1
    if count:
        return count
    # A spreadsheet's rows to repeat may be the lower ones of the boxhead only.
    for start in range(1, head):
        rows = above[start:]
        if rows == below[: len(rows)] and any(rows[0]):
            return len(rows)
    return 0


def _spread(texts: tuple[str, ...], places: list[int]) -> tuple[str, ...]:
    """A row's texts over the common columns."""
    return tuple(text for k, text in enumerate(texts) for _ in range(places[k + 1] - places[k]))


def join(before: JoinedTable, table: PageTable, page: PageContents, repeated: int) -> list[PageCell]:
    """Appends a page's table to the one it continues; returns the cells of the repeated boxhead, which are left out."""
    columns = _columns(before, table) or before.xs
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
    for col, cell in merged.items():
        _merge(last[col], cell, table, page, cell.rowspan)
    rest = [cell for cell in body if cell.row > first or cell.col not in merged]
    append(before, table, page, rest, first)


def _merge(upper: JoinedCell, lower: PageCell, table: PageTable, page: PageContents, rows: int) -> None:
    if "".join(lower.text.split()) != "".join(upper.text.split()):
        upper.text += lower.text
    upper.rowspan += rows
    upper.places.append((table.page, page.shown(lower.box)))
    upper.filled = lower.filled


def _cell_goes_on(before: JoinedTable, upper: JoinedCell, lower: PageCell, top: dict[int, PageCell], open_top: list[bool]) -> bool:
    """Whether the page break cut a cell: no rule between where neighbours have one; blank over several rows; or printed again."""
    span = range(lower.col, lower.col + lower.colspan)
    if _mixed(open_top) and all(open_top[k] for k in span) and not _FIGURE.match(lower.text):
        return True
    if _mixed(before.open_bottom) and all(before.open_bottom[k] for k in span) and not _FIGURE.match(lower.text):
        return True
    same = "".join(lower.text.split()) == "".join(upper.text.split())
    tall = upper.rowspan > 1 or lower.rowspan > 1
    if lower.text and same and tall and not _FIGURE.match(lower.text):
        return True
    lower_rows = {cell.rowspan for cell in top.values()}
    return not lower.text and lower.rowspan > 1 and min(lower_rows) == 1 and bool(upper.text)


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
        upper.text and upper.filled and not _ENDED.search(upper.text) and not _NEW_ITEM.match(lower.text) and not _FIGURE.match(upper.text)
        for upper, lower in texts
    )
