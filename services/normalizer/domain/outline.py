"""The tree of a list's rows: depth and parent from codes, else from ordinals, indentation and the lines' own order.

Ordinals alone do not give the level: "一、" below 年初财政拨款结转和结余 is below it, not beside 本年收入合计. So an outline is kept as a stack;
totals empty it, a carry-over line starts a new one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.normalizer.domain.meant import MeantRow
from shared.contracts.vocabulary import Line

_APART = frozenset({"grand_total", "year_total", "total", "unit"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: its depth (0 = top) and the index of its parent among the rows, None at the top."""

    depth: int
    parent: int | None


@dataclass(frozen=True, slots=True)
class _Open:
    index: int
    style: str
    indent: float
    depth: int


def places(rows: Sequence[MeantRow], *, by_column: bool = False) -> list[Place]:
    """Depth and parent of every row; `by_column` where each level has a column of its own."""
    if by_column:
        return _by_columns(rows)
    return _by_codes(rows) if _has_code_tree(rows) else _by_outline(rows)


def _has_code_tree(rows: Sequence[MeantRow]) -> bool:
    """Codes of two levels, one below the other, each printed once: then they are the tree, whatever the order of the rows."""
    codes = [row.code() for row in rows if row.code()]
    known = set(codes)
    below = any(len(code) > 3 and (code[:3] in known or code[:5] in known - {code}) for code in codes)
    return below and len(codes) * 2 >= sum(row.role in ("item", "of_which") for row in rows)


def _by_codes(rows: Sequence[MeantRow]) -> list[Place]:
    first: dict[str, int] = {}
    for index, row in enumerate(rows):
        if row.code():
            first.setdefault(row.code(), index)
    result: list[Place] = []
    for index, row in enumerate(rows):
        code = row.code()
        above = [first[code[:width]] for width in (3, 5) if width < len(code) and first.get(code[:width], index) != index]
        result.append(Place(len(above), above[-1] if above else None))
    return result


def _by_outline(rows: Sequence[MeantRow]) -> list[Place]:
    result: list[Place] = []
    stack: list[_Open] = []
    for index, row in enumerate(rows):
        style, indent = row.stub.label.style, row.stub.indent
        if row.stub.group and not row.stub.heads_group:
            head = _group_head(rows, row, index)
            if head is not None:
                result.append(Place(result[head].depth + 1, head))
                continue
        if row.role == "subtotal":
            stack = _subtotal_stack(stack, rows, index)
        elif row.role in _APART and not style:
            stack = []
            result.append(Place(0, None))
            continue
        elif row.role == "carry_over" and not style:
            stack = []
        elif row.role == "of_which":
            stack = _of_which_stack(stack)
        else:
            stack = _item_stack(stack, style, indent)
        owner = _owner(rows, row, index)
        if owner is not None:
            result.append(Place(result[owner].depth + 1, owner))
            continue
        parent = stack[-1] if stack else None
        depth = parent.depth + 1 if parent else 0
        result.append(Place(depth, parent.index if parent else None))
        stack = [*stack, _Open(index, _style(row), indent, depth)]
    return result


def _group_head(rows: Sequence[MeantRow], row: MeantRow, index: int) -> int | None:
    """The 小计 of the group that a stub with a column of groups puts the row in."""
    above = range(index - 1, -1, -1)
    return next((other for other in above if rows[other].stub.heads_group and rows[other].stub.group == row.stub.group), None)


def _by_columns(rows: Sequence[MeantRow]) -> list[Place]:
    """A stub that prints each level in a column of its own (采购品目大类 | 专项名称 | 采购物品名称): the column is the level."""
    result: list[Place] = []
    stack: list[int] = []
    for index, row in enumerate(rows):
        if row.role in _APART:
            result.append(Place(0, None))
            continue
        while stack and rows[stack[-1]].stub.column >= row.stub.column:
            stack.pop()
        result.append(Place(len(stack), stack[-1] if stack else None))
        stack.append(index)
    return result


def _owner(rows: Sequence[MeantRow], row: MeantRow, index: int) -> int | None:
    """The nearest row above that bears the line which this row's line is a part of (公务用车购置费 of 公务用车购置及运行费)."""
    public = (row.under or "").startswith(Line.THREE_PUBLIC_TOTAL.partition(".")[0])
    if row.under is None or (row.stub.label.style in ("一", "(一)") and not public):
        return None
    for above in range(index - 1, -1, -1):
        line = rows[above].line or ""
        if line == row.under or (line.startswith(row.under + ".") and rows[above].role == "carry_over"):
            return above
    return None


def _style(row: MeantRow) -> str:
    if row.role == "subtotal":
        return "subtotal"
    if row.role == "of_which":
        return "of_which"
    return row.stub.label.style or ("carry" if row.role == "carry_over" else "none")


def _subtotal_stack(stack: list[_Open], rows: Sequence[MeantRow], index: int) -> list[_Open]:
    """A sub-total right below another one is its part; one after items ends the group before and stands beside it."""
    if index and rows[index - 1].role == "subtotal":
        return stack
    kept = list(stack)
    while kept and kept[-1].style != "subtotal":
        kept.pop()
    return kept[:-1]


def _of_which_stack(stack: list[_Open]) -> list[_Open]:
    """其中 belongs to the line above that is not itself a 其中."""
    kept = list(stack)
    while kept and kept[-1].style == "of_which":
        kept.pop()
    return kept


def _item_stack(stack: list[_Open], style: str, indent: float) -> list[_Open]:
    kept = list(stack)
    if style:
        if any(entry.style == style for entry in kept):
            while kept[-1].style != style:
                kept.pop()
            return kept[:-1]
        while kept and kept[-1].style in ("of_which", "none"):
            kept.pop()
        return kept
    while kept and kept[-1].style == "of_which":
        kept.pop()
    while kept and kept[-1].style == "none" and kept[-1].indent >= indent:
        kept.pop()
    return kept
