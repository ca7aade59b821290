"""How many rows of a table are its boxhead (column headings, a row of column numbers included)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from services.extractor.domain.figuretext import is_money


class Spanned(Protocol):
    """A cell with its place."""

    row: int
    col: int
    rowspan: int
    colspan: int
    text: str


_INTEGER = re.compile(r"^[-−－]?\d+$")
_COLUMN_NUMBER = re.compile(
    r"^[（(]?(?:\d{1,2}|[A-Z]|[一二三四五六七八九十]{1,2})[）)]?$|^\d{1,2}\s*=.*\d.*$|^[A-Z]\s*=.*$|^[（(]\d{1,2}[）)]\s*=.*$"
)
_COLUMN_NUMBER_NAMES = ("栏次", "行次", "列次", "栏目", "序号", "类款项", "类", "款", "项", "合计", "项目", "—", "-", "**", "编号")
# A boxhead has at most so many rows (five are the most seen, in the forms of 三公经费).
DEEPEST = 8


def header_rows(cells: Sequence[Spanned], rows: int, columns: int) -> int:
    """Rows of the boxhead; 0 for forms of label-value pairs and tables whose head is lost.

    The head goes down as far as its spans: cells that reach down, and cells over several columns until they are divided. It ends at the
    first row with money, and takes in a row of column numbers.
    """
    by_row: list[list[Spanned]] = [[] for _ in range(rows)]
    for cell in cells:
        by_row[cell.row].append(cell)
    if rows == 0 or _first_money(by_row[:1]) == 0 or _label_value(by_row, columns):
        return 0
    titles = _title_rows(by_row, columns)
    depth = _span_depth(by_row, rows, titles + 1 if titles > 1 else 1)
    money = _first_money(by_row)
    if money is not None:
        depth = min(depth, money)
    while depth < min(rows, DEEPEST + 2) and _is_column_numbers(by_row[depth]):
        depth += 1
    return depth


def _first_money(by_row: list[list[Spanned]]) -> int | None:
    for row, cells in enumerate(by_row):
        if any(is_money(cell.text) for cell in cells):
            return row
    return None


def _title_rows(by_row: list[list[Spanned]], columns: int) -> int:
    """Rows at the top with one cell over all columns each, above a boxhead: title, entity and unit inside the grid."""
    titles = 0
    while titles < len(by_row) - 1 and len(by_row[titles]) == 1 and by_row[titles][0].colspan == columns > 1:
        titles += by_row[titles][0].rowspan
    headed = titles < DEEPEST and _first_money(by_row[titles : titles + 1]) is None and not _label_value(by_row, columns, titles)
    return titles if headed else 0


def _span_depth(by_row: list[list[Spanned]], rows: int, depth: int) -> int:
    """Rows that the heads of the first `depth` rows and their divisions take."""
    reached = 0
    while reached < depth < min(rows, DEEPEST):
        reached = depth
        heads = [cell for row in by_row[:depth] for cell in row]
        depth = max(depth, *(cell.row + cell.rowspan for cell in heads if cell.row + cell.rowspan <= DEEPEST)) if heads else depth
        if depth < rows and any(_divided(cell, by_row[depth]) for cell in heads if cell.row + cell.rowspan == depth and cell.text):
            depth += 1
    return min(depth, rows)


def _divided(head: Spanned, below: list[Spanned]) -> bool:
    """Whether the row below divides a head over several columns, all of its parts named and no figures."""
    parts = [cell for cell in below if head.col <= cell.col < head.col + head.colspan]
    if head.colspan < 2 or len(parts) < 2:
        return False
    return any(cell.text for cell in parts) and not any(_INTEGER.match(cell.text) or is_money(cell.text) for cell in parts)


def _is_column_numbers(cells: list[Spanned]) -> bool:
    """A row that numbers the columns: 栏次 1 2 3, or 1 2 3=1+2."""
    texts = [cell.text.replace(" ", "") for cell in cells if cell.text.strip()]
    numbers = [text for text in texts if _COLUMN_NUMBER.match(text)]
    names = [text for text in texts if text in _COLUMN_NUMBER_NAMES]
    if len(numbers) + len(names) < len(texts) or not numbers:
        return False
    values = [int(text) for text in numbers if _INTEGER.match(text)]
    rising = all(a < b for a, b in pairwise(values))
    return rising and len(texts) >= 3 and len(numbers) >= 2


def _label_value(by_row: list[list[Spanned]], columns: int, top: int = 0) -> bool:
    """Forms of label-value pairs: values over several columns beside the first row's labels that no row divides like a heading.

    The first cell does not count: a stub of several columns has one heading (项目名称) over all of them. `top`: the row where the form begins.
    """
    if top >= len(by_row) or not by_row[top]:
        return False
    first = by_row[top]
    if len(first) > 4 or columns < 3:
        return False
    if _pair_above_pairs(by_row[top:]):
        return True
    wide = [cell for cell in first if cell.colspan >= 2]
    return first[-1].col > 0 and first[-1].colspan >= 2 and not any(_divided_below(cell, by_row) for cell in wide)


def _pair_above_pairs(by_row: list[list[Spanned]]) -> bool:
    """One label and its value, and below it a label of the same width with more than one value, which the next rows do not keep apart.

    A heading divided by the row below looks alike, but what it is divided into goes on down the columns: rows of a form of pairs are
    divided each in its own way.
    """
    if len(by_row) < 3 or len(by_row[0]) != 2 or len(by_row[1]) < 3:
        return False
    label, below = by_row[0][0], by_row[1][0]
    if (label.rowspan, below.col, below.colspan) != (1, label.col, label.colspan) or not (label.text and below.text):
        return False
    starts = {cell.col for cell in by_row[1][1:]}
    return any(starts & set(range(cell.col + 1, cell.col + cell.colspan)) for cell in by_row[2] if cell.col > label.col)


def _divided_below(head: Spanned, by_row: list[list[Spanned]]) -> bool:
    """Whether a heading is divided by the row below it, or by the one below a heading of the same width (支出 over 支出用途)."""
    row = head.row + head.rowspan
    while row < min(len(by_row), DEEPEST):
        if _divided(head, by_row[row]):
            return True
        same = [cell for cell in by_row[row] if cell.col == head.col and cell.colspan == head.colspan and cell.text]
        if not same:
            return False
        row += same[0].rowspan
    return False
