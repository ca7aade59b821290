"""Whether a page's first table continues the one before, is another one, or whether what is printed does not tell.

A table goes on where its columns do and nothing names another one: other labels, a boxhead of its own, labels that begin anew. Where the
labels are printed again, evidence for two tables of one form (a list that begins anew, notes or a total above) makes the seam uncertain:
the parts are kept apart and warned of, since two forms added up would make sums that nobody printed. An empty foot of the page before is no
such evidence: breaks set by hand leave up to two thirds of a page free in real disclosures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.extractor.domain.continuation_marks import bare, compact, is_mark, is_marked
from services.extractor.domain.figuretext import is_figure
from services.extractor.domain.joined import JoinedTable, common_columns, onto, page_row_texts, proportional, shared_columns
from services.extractor.domain.labels import Labels
from services.extractor.domain.list_beginnings import begins_anew, counts_on, first_labels_again, lists_anew, names_inside
from services.extractor.domain.page_warnings import warning
from services.extractor.domain.reading import PageTable
from shared.contracts.extracted import ReadWarning
from shared.contracts.vocabulary import WarningCode

# So many cells before the page break show which columns hold figures.
_ENOUGH = 300
# So many rows show that figures follow: measures without any amount leave a row blank here and there.
_BEGINNING = 5
# A row of the body may be called as its heading is: sums.
_TOTALS = ("合计", "总计", "小计")
_NAME = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]{3}")


@dataclass(frozen=True, slots=True)
class Gap:
    """What lies between two parts. `prose`: text other than labels, headers and footers; `carried`: the foot of the first page says that it
    goes on overleaf (转下页); `blank`: pages on which nothing stands; `noted`: the notes below
    the first part are printed below the second one again."""

    prose: bool = False
    carried: bool = False
    blank: int = 0
    noted: bool = False


# Why a seam is not certain, for readers of Chinese.
_DOUBTS = {
    "notes stand below both parts": "两部分下方均有注",
    "notes stand below the part before": "前一部分下方有注",
    "its labels are printed again, but not its boxhead": "标题等重复印刷而表头未重复",
    "the part before ends with its total": "前一部分以合计结束",
    "its rows begin like those of the part before": "两部分开头的项目相同",
}


@dataclass(frozen=True, slots=True)
class Seam:
    """The decision. `repeated`: rows of boxhead that the continuation prints again (0: none), None for a table of its own; `doubt`: why that
    is not certain, for the reader of a warning."""

    repeated: int | None
    doubt: str = ""

    def warnings(self, page: int) -> Iterator[ReadWarning]:
        """Says that the first table of `page` may go on with the last one of the page before, where that is not certain."""
        if self.doubt:
            zh = f"第 {page} 页的第一个表可能是第 {page - 1} 页最后一个表的续表：{_DOUBTS.get(self.doubt, self.doubt)}，不能确定，分开保留"
            en = f"the first table of page {page} may go on with the last one of page {page - 1}: {self.doubt}; they are kept apart"
            yield warning(WarningCode.UNCERTAIN_SEAM, page, zh, en)


APART = Seam(None)


def continues(before: JoinedTable, table: PageTable, labels: Labels, gap: Gap) -> Seam:
    """Whether `table` continues `before`. `labels`: those printed above `table`."""
    if gap.prose or before.pages[-1] + 1 + gap.blank != table.page:
        return APART
    columns = shared_columns(before.xs, table.xs)
    scaled = columns is None and proportional(before.xs, table.xs)
    if (columns is None and not scaled) or _contradict(before.labels, labels):
        return APART
    columns = columns or before.xs
    head = before.head()
    repeated = _repeated(before, table, columns, head)
    if _another(before, table, columns, head, repeated) or (scaled and (not repeated or repeated < head)):
        return APART
    if labels.marked or gap.carried or counts_on(before, table, head, repeated):
        return Seam(repeated)
    if repeated and lists_anew(before, table, head, repeated):
        return APART
    if labels.has_name():
        return _named_again(before, table, gap, head, repeated)
    if repeated:
        return _in_doubt(before, table, gap, head, repeated) or Seam(repeated)
    if before.labels.notes:
        return Seam(None, "notes stand below both parts") if gap.noted else APART
    if _new_labels(before.labels, labels) or not _same_columns(before, table, columns, head):
        return APART
    return Seam(0)


def _named_again(before: JoinedTable, table: PageTable, gap: Gap, head: int, repeated: int) -> Seam:
    """The same labels once more: printed on each page, or those of the same form of another project or unit."""
    if repeated != head or head == 0:
        rows = range(min(repeated, table.n_rows - 1), min(repeated + _BEGINNING, table.n_rows))
        listed = any(is_figure(text) for row in rows for text in page_row_texts(table, row))
        if head == 0 and not listed:
            return APART
        if head == 0 or not listed or common_columns(before.xs, _from_left(table)) is None:
            return Seam(None, "its labels are printed again, but not its boxhead")
    return _in_doubt(before, table, gap, head, repeated) or Seam(repeated)


def _in_doubt(before: JoinedTable, table: PageTable, gap: Gap, head: int, repeated: int) -> Seam | None:
    """Signs that the part above was complete although its boxhead is printed again."""
    if before.labels.notes and not gap.noted:
        return Seam(None, "notes stand below the part before")
    reason = begins_anew(before, table, head, repeated)
    return Seam(None, reason) if reason else None


def _contradict(first: Labels, second: Labels) -> bool:
    """Whether labels above a part name another form, entity, or unit of money."""
    pairs = (
        (bare(first.number), bare(second.number)),
        (compact(first.entity), compact(second.entity)),
        (compact(first.unit), compact(second.unit)),
    )
    if any(a and b and a != b for a, b in pairs):
        return True
    title, other = bare(first.title), bare(second.title)
    if not other:
        return bool(bare(second.number)) and not first.number
    return title != other and not (title and is_marked(second.title) and compact(second.title).endswith(title))


def _new_labels(first: Labels, second: Labels) -> bool:
    """Labels that the first part does not have: without its boxhead a table would not begin to print them overleaf."""
    return bool((second.unit_label and not first.unit_label) or (second.entity_label and not first.entity_label))


def _another(before: JoinedTable, table: PageTable, columns: list[float], head: int, repeated: int) -> bool:
    """Whether the first rows say that another table begins: a boxhead or a title of its own inside the grid, or the labels of a form anew.

    Where a part of the boxhead is printed again, the row below it must not be a heading either: another title, unit or column head.
    """
    if repeated and repeated == head:
        return False
    if repeated:
        return _own_head(before, table, columns, head, repeated) or _head_goes_on(before, table, columns, head, repeated)
    if _own_head(before, table, columns, head) or _shares_a_heading(before, table, columns, head) or first_labels_again(before, table):
        return True
    return names_inside(before, table) or (_whole_row(table, 0) and _own_head(before, table, columns, head, 1))


def _shares_a_heading(before: JoinedTable, table: PageTable, columns: list[float], head: int) -> bool:
    """Whether the first row has no figure and says in a column what its heading said above: another boxhead with a column of that name."""
    above, below = _heads(before, table, columns, head, 1)
    if any(is_figure(text) for text in below[0]):
        return False
    return any(len(text) > 1 and any(row[k] == text for row in above) for k, text in enumerate(below[0]) if text not in _TOTALS)


def _head_goes_on(before: JoinedTable, table: PageTable, columns: list[float], head: int, repeated: int) -> bool:
    """Whether lower rows of the boxhead are printed again below a row that is not: one of its headings is another."""
    above, below = _heads(before, table, columns, head, min(table.n_rows, head))
    return above[:repeated] == below[:repeated] and any(
        above[row] == below[row] and any(above[row]) for row in range(repeated + 1, len(below))
    )


def _whole_row(table: PageTable, row: int) -> bool:
    """Whether one cell takes all columns of a row."""
    return row + 1 < table.n_rows and any(cell.row == row and cell.colspan == table.n_cols for cell in table.cells)


def _from_left(table: PageTable) -> list[float]:
    return [x - table.xs[0] for x in table.xs]


def _same_columns(before: JoinedTable, table: PageTable, columns: list[float], head: int) -> bool:
    """Whether columns are the same, or at least the last row above the page break and the first below it are divided alike.

    A form of label-value pairs is divided differently in each row.
    """
    if head == 0 or common_columns(before.xs, _from_left(table)) is not None:
        return True
    mine, other = onto(before.xs, columns, before.xs[-1]), onto(_from_left(table), columns, table.xs[-1] - table.xs[0])
    above = {mine[cell.col] for cell in before.last_cells().values()}
    return above == {other[cell.col] for cell in table.cells if cell.row == 0}


def _own_head(before: JoinedTable, table: PageTable, columns: list[float], head: int, row: int = 0) -> bool:
    """Whether a row names columns in which the rows before have figures: the boxhead of another table."""
    if head == 0:
        return False
    mine, other = onto(before.xs, columns, before.xs[-1]), onto(_from_left(table), columns, table.xs[-1] - table.xs[0])
    figures: set[int] = set()
    words: set[int] = set()
    for cell in before.cells[-_ENOUGH:]:
        if cell.row >= head and cell.text:
            columns_of_it = range(mine[cell.col], mine[cell.col + cell.colspan])
            if is_figure(cell.text):
                figures.update(columns_of_it)
            elif _NAME.search(cell.text):
                words.update(columns_of_it)
    money = figures - words - {0}
    spans = [(cell, set(range(other[cell.col], other[cell.col + cell.colspan]))) for cell in table.cells if cell.row == row and cell.text]
    inside = [(cell, span) for cell, span in spans if span <= money]
    named = {column for cell, span in inside if _NAME.search(cell.text) for column in span}
    return len(named) * 2 > len(money) and all(_NAME.search(cell.text) for cell, _ in inside)


def _repeated(before: JoinedTable, table: PageTable, columns: list[float], head: int) -> int:
    """How many rows of the boxhead the next page prints again."""
    if head == 0:
        return 0
    above, below = _heads(before, table, columns, head, min(head + 1, table.n_rows))
    marks = int(is_mark(below[0][0]) and _whole_row(table, 0))  # a row that says 续表 above the boxhead
    below = below[marks : marks + head]
    count = 0
    for first, second in zip(above, below, strict=False):
        if first != second or not any(first):
            break
        count += 1
    if count:
        return count + marks
    # A spreadsheet's rows to repeat may be the lower ones of the boxhead only.
    for start in range(1, head):
        rows = above[start:]
        if rows == below[: len(rows)] and any(rows[0]):
            return len(rows) + marks
    return marks


def _heads(
    before: JoinedTable, table: PageTable, columns: list[float], head: int, rows: int
) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """The boxhead, and so many first rows of the page's table, over the common columns."""
    mine = onto(before.xs, columns, before.xs[-1])
    other = onto(_from_left(table), columns, table.xs[-1] - table.xs[0])
    above = [_spread(texts, mine) for texts in before.head_texts(head)]
    return above, [_spread(page_row_texts(table, row), other) for row in range(rows)]


def _spread(texts: Sequence[str], places: list[int]) -> tuple[str, ...]:
    """A row's texts over the common columns."""
    return tuple(text for k, text in enumerate(texts) for _ in range(places[k + 1] - places[k]))
