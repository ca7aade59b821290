"""Where the boxhead ends: the extractor's word, mended where the table itself says otherwise.

A boxhead reaches as far down as its cells span; it ends before the first row that prints money, a code or an outline ordinal; a row whose
texts are all heads belongs to it even where the extractor ended it above.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from services.normalizer.domain.figures import is_integer, looks_like_money, parse_figure
from services.normalizer.domain.words import plain
from shared.contracts.extracted import Cell, Table

_BODY_LABEL = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|1[、.]\D)")
_CODE = re.compile(r"^(?:\d{3}|\d{5}|\d{7})$")
# Forms in 元 print amounts without a point: below four digits they may be column numbers or counts.
_AMOUNT = re.compile(r"^-?\d{4,}$|^0$")
_TOTALS = frozenset({"合计", "总计"})
_HEAD_NUMBER = re.compile(r"^(?:栏次|行次|\d{1,2}|\d{1,2}=[\d+\-*]+|[a-zA-Z])?$")
# A form of label-value pairs has a boxhead only for its indicators, in the middle.
_INDICATORS = frozenset({"指标值", "一级指标", "二级指标", "三级指标", "指标内容"})
_PROJECT_LABEL = re.compile(r"^(?:项目名称|专项(?:资金)?名称|项目\(专项\)名称)$")
_PAIR_LABEL = re.compile(
    r"^(?:\(?项目\)?名称|项目单位|专项(?:资金)?名称|主管部门.*|部门(?:\(单位\))?名称|单位名称|实施单位|预算部门.*|预算单位.*|申报单位.*)$"
)
_GRID_LABEL = re.compile(r"^(?:编制|填报)?(?:部门|单位)(?:名称|全称)?(?:\(.*\))?:|^\(?(?:金额)?单位:.*元\)?$|^\(20\d\d年度?\)$")
# No boxhead of a disclosure form was seen with more rows than this.
_DEEPEST = 7
# A second boxhead stands below this many rows at least, has this many texts, and this share of them is known.
_LEAST_BODY = 2
_LEAST_HEADS = 3
_KNOWN_HEADS = 0.5


def boxhead_rows(table: Table, is_head: Callable[[str], bool]) -> int:
    """Rows of the boxhead. `is_head` tells whether a text is a head that the catalogue knows."""
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if cell.row <= max(_DEEPEST, table.header_rows) + 1:
            rows.setdefault(cell.row, []).append(cell)
    head = table.header_rows
    if _is_pairs(table, head, is_head):
        return 0
    for row in range(1, head):
        if _starts_body(rows.get(row, [])):
            head = row
            break
    if head and any(looks_like_money(cell.text) for cell in rows.get(0, [])):
        return 0
    while head < min(table.n_rows, _DEEPEST) and not _starts_body(rows.get(head, [])):
        spanned = any(cell.row + cell.rowspan > head for row in range(head) for cell in rows.get(row, []) if cell.text.strip())
        if not (spanned and head) and not _all_heads(rows.get(head, []), is_head):
            break
        head += 1
    while head < table.n_rows and head <= _DEEPEST and head and is_number_row(rows.get(head, [])):
        head += 1
    return head


def _is_pairs(table: Table, head: int, is_head: Callable[[str], bool]) -> bool:
    """A form of label-value pairs: it begins with a label and its value (项目名称 | …), or the heads of its indicators stand in the middle."""
    top = _below_labels(table)
    first_row = [plain(cell.text) for cell in sorted(table.cells, key=lambda cell: cell.col) if cell.row == top and plain(cell.text)]
    if len(first_row) == 2 and _PROJECT_LABEL.match(first_row[0]) and not is_head(first_row[1]):
        return True
    rows = [cell.row for cell in table.cells if plain(cell.text) in _INDICATORS]
    if not rows:
        return False
    first = min(rows)
    labels = any(cell.row <= top + 1 and _PAIR_LABEL.match(plain(cell.text)) for cell in table.cells)
    return not head or (first >= top + 3 and labels)


def _below_labels(table: Table) -> int:
    """The first row below a title and the entity and unit lines that stand inside the grid."""
    row = 0
    for row in range(min(table.n_rows, _DEEPEST)):
        cells = [cell for cell in table.cells if cell.row == row and cell.text.strip()]
        if any(cell.colspan < table.n_cols and not _GRID_LABEL.match(plain(cell.text)) for cell in cells):
            break
    return row


def _starts_body(cells: list[Cell]) -> bool:
    """A row with money, with a code in one of its first cells, with an outline ordinal before a label, or of 合计 and whole amounts."""
    ordered = sorted(cells, key=lambda cell: cell.col)
    if any(looks_like_money(cell.text) or _BODY_LABEL.match(plain(cell.text)) for cell in ordered):
        return True
    if any(_CODE.match(plain(cell.text)) for cell in ordered[:4]):
        return True
    texts = [plain(cell.text) for cell in ordered if plain(cell.text)]
    texts = texts[1:] if texts and is_integer(texts[0]) else texts
    return len(texts) >= 2 and texts[0] in _TOTALS and all(_AMOUNT.match(text) for text in texts[1:])


def _all_heads(cells: list[Cell], is_head: Callable[[str], bool]) -> bool:
    texts = [plain(cell.text) for cell in cells if plain(cell.text)]
    return len(texts) >= 2 and all(is_head(text) for text in texts)


def is_number_row(cells: list[Cell]) -> bool:
    """A row of column numbers (栏次 1 2 3): every text is the word, a letter, or one of 1, 2, 3 … in turn."""
    texts = [plain(cell.text) for cell in sorted(cells, key=lambda cell: cell.col) if plain(cell.text)]
    if not texts or not all(_HEAD_NUMBER.match(text) for text in texts):
        return False
    numbers = [int(text) for text in texts if is_integer(text)]
    if len(numbers) < 2:
        return not numbers and all(text in ("栏次", "行次") for text in texts)
    return numbers[0] in (0, 1, 2) and all(after - before == 1 for before, after in pairwise(numbers))


def second_boxhead(table: Table, first: int, sort_of: Callable[[str], str]) -> int:
    """The row at which another form's boxhead begins below the body, where two forms were read as one table; `n_rows` where none does.

    Args: first: rows of the table's own boxhead. sort_of: "stub", "figures" or "other" for a text that is a head, else empty.
    A boxhead printed again on the next page is none of another form.
    """
    if not first:
        return table.n_rows
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(plain(cell.text))
    own = {text for row in range(first) for text in rows.get(row, [])}
    for row in range(first + _LEAST_BODY, table.n_rows):
        texts = rows.get(row, [])
        if len(texts) == _LEAST_HEADS - 1:
            texts = texts + rows.get(row + 1, [])  # a head over two rows
        if len(texts) < _LEAST_HEADS or set(texts) <= own or any(parse_figure(text) is not None for text in texts):
            continue
        sorts = [sort_of(text) for text in texts]
        if {"stub", "figures"} <= set(sorts) and sum(map(bool, sorts)) >= _KNOWN_HEADS * len(sorts):
            return row
    return table.n_rows
