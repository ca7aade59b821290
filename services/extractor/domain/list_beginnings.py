"""Whether rows below a page break go on with the list above it, or begin a list anew: ordinals, totals, titles and labels inside the grid."""

from __future__ import annotations

import re
from itertools import takewhile

from services.extractor.domain.continuation_marks import bare
from services.extractor.domain.figuretext import is_money
from services.extractor.domain.joined import LOOKED_AT, JoinedTable, page_row_texts
from services.extractor.domain.labels import is_label_text
from services.extractor.domain.reading import PageTable

# So many cells above the page break show the ordinals that come before it.
_ENOUGH = 300
_ORDINAL = re.compile(r"^\d{1,4}$")
_ORDINAL_HEADS = ("序号", "行次", "编号", "顺序号", "次序")
_NAME = re.compile(r"[\u4e00-\u9fff]{2}")
_TOTALS = ("合计", "总计", "总合计", "合计：")


def counts_on(before: JoinedTable, table: PageTable, head: int, repeated: int) -> bool:
    """Whether ordinals go on below the page break: … 17 | 18 …"""
    above, below = _ordinals_above(before, head), _first_ordinal(table, repeated, 1)
    return below is not None and len(above) >= 2 and below == above[-1] + 1 and above[-1] == above[-2] + 1


def lists_anew(before: JoinedTable, table: PageTable, head: int, repeated: int) -> bool:
    """Whether ordinals, or the total that heads the list, begin anew: 1 2 3 … | 1 2 3 …"""
    first, below = before.row_texts(min(head, LOOKED_AT - 1)), page_row_texts(table, repeated) if repeated < table.n_rows else ()
    if _is_total(first) and _is_total(below):
        return True
    above, ordinal = _ordinals_above(before, head), _first_ordinal(table, repeated, 3)
    numbered = before.row_texts(0)[0] in _ORDINAL_HEADS or (len(above) >= 3 and above[-1] - above[-3] == 2)
    return numbered and ordinal == 1 and bool(above) and above[-1] >= 1


def begins_anew(before: JoinedTable, table: PageTable, head: int, repeated: int) -> str:
    """Why the list above the page break may be complete, or "" where nothing says so."""
    if repeated >= table.n_rows:
        return ""
    first, below = before.row_texts(min(head, LOOKED_AT - 1)), page_row_texts(table, repeated)
    last = {cell.col: cell.text for cell in before.last_cells().values()}
    if _is_total([last[col] for col in sorted(last)]) and before.n_rows > head + 1 and not _is_total(first):
        return "the part before ends with its total"
    if _NAME.search("".join(_stub(first))) and _stub(first) == _stub(below):
        return "its rows begin like those of the part before"
    return ""


def first_labels_again(before: JoinedTable, table: PageTable) -> bool:
    """Whether the first two rows have the labels of the first two rows of the table before: the next one of a run of forms."""
    if min(before.n_rows, table.n_rows) < 2:
        return False
    above, below = [before.row_texts(row)[0] for row in (0, 1)], [page_row_texts(table, row)[0] for row in (0, 1)]
    return above == below and above[0] != above[1] and all(_NAME.search(text) for text in above)


def names_inside(before: JoinedTable, table: PageTable) -> bool:
    """Whether the first row is a title over all columns, as that of the table before was, and another one."""
    first = [cell for cell in before.first_cells(1) if cell.colspan == before.n_cols]
    second = [cell for cell in table.cells if cell.row == 0 and cell.colspan == table.n_cols]
    if not first or not second or not second[0].text:
        return False
    return is_label_text(second[0].text) and bare(first[0].text) != bare(second[0].text)


def _ordinals_above(before: JoinedTable, head: int) -> list[int]:
    found = [cell for cell in before.cells[-_ENOUGH:] if cell.col == 0 and cell.row >= head and _ORDINAL.match(cell.text)]
    return [int(cell.text) for cell in found]


def _first_ordinal(table: PageTable, repeated: int, rows: int) -> int | None:
    """The ordinal that begins the first row below the boxhead which has one, among so many: rows of headings may come before it."""
    for row in range(repeated, min(table.n_rows, repeated + rows)):
        text = page_row_texts(table, row)[0]
        if _ORDINAL.match(text):
            return int(text)
    return None


def _stub(texts: tuple[str, ...]) -> tuple[str, ...]:
    """What a row says before its first sum of money."""
    said = list(takewhile(lambda text: not is_money(text), texts))
    while said and not said[-1]:
        said.pop()
    return tuple(said)


def _is_total(texts: tuple[str, ...] | list[str]) -> bool:
    """Whether the first thing that a row says is that it is the total."""
    said = next(("".join(text.split()) for text in texts if text.strip()), "")
    return said in _TOTALS
