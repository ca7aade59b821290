"""The outline of a list without codes: which rows stand at the top, and which rows hang below which.

The normaliser says depth and parent as far as ordinals, indentation and names tell; where it gives no parents, the depths are read as an
outline (a row hangs below the nearest row above it that is less deep).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from services.validator.domain.sheet import Figure, Sheet, SheetList
from shared.contracts.normalized import Row

TOTAL_ROLES = {"total", "grand_total", "year_total"}


def is_summary(one: SheetList) -> bool:
    """A list with a total of the year or carry-over lines: words, not codes, tell what adds up to what."""
    roles = {row.role for row in one.rows}
    return bool(roles & {"carry_over", "year_total"})


@dataclass(slots=True, eq=False)
class Outline:
    """A list as a tree of rows: `tops` in order, `below` by row number. Total rows are no part of it, unless rows hang below them."""

    sheet: Sheet
    one: SheetList
    tops: list[Row] = field(default_factory=list)
    below: dict[int, list[Row]] = field(default_factory=dict)

    def terms(self, row: Row, col: int) -> list[tuple[Figure, int]]:
        """What a row contributes to a sum: its figure, or where that is blank what hangs below it."""
        figure = self.sheet.at(row.row, col)
        if figure is not None:
            return [(figure, 1)]
        return [term for child in self.parts(row) for term in self.terms(child, col)]

    def parts(self, row: Row) -> list[Row]:
        """The rows below a row that are summands (其中 names a part of what is above, often not all of it)."""
        return [child for child in self.below.get(row.row, []) if child.role != "of_which"]

    def leaves(self) -> list[Row]:
        """The rows with nothing below them."""
        return [row for row in self.one.rows if row.row not in self.below and row.role not in TOTAL_ROLES | {"unit", "of_which"}]


def _by_parent(sheet: Sheet, one: SheetList) -> Outline:
    outline = Outline(sheet, one)
    for row in one.rows:
        if row.parent is not None and row.parent in one.by_row and row.parent != row.row:
            outline.below.setdefault(row.parent, []).append(row)
        elif row.role not in TOTAL_ROLES:
            outline.tops.append(row)
    return outline


def _by_depth(sheet: Sheet, one: SheetList) -> Outline:
    outline = Outline(sheet, one)
    stack: list[Row] = []
    for row in one.rows:
        if row.role in TOTAL_ROLES or row.role == "unit":
            stack = []
            if row.role == "unit":
                outline.tops.append(row)
            continue
        while stack and stack[-1].depth >= row.depth:
            stack.pop()
        if stack:
            outline.below.setdefault(stack[-1].row, []).append(row)
        else:
            outline.tops.append(row)
        stack.append(row)
    return outline


def _flat(sheet: Sheet, one: SheetList) -> Outline:
    return Outline(sheet, one, [row for row in one.rows if row.role not in TOTAL_ROLES | {"of_which"}])


def _lifted(sheet: Sheet, one: SheetList) -> Outline:
    """The normaliser's outline with every head that stands among plain items lifted beside the head above it.

    Lists of procurement print kind, project, economic item and goods in columns of their own: a row that names only the next economic item
    looks deeper than the project above it, but is another head of the same level.
    """
    given = _by_parent(sheet, one)
    parents = {child.row: parent for parent, children in given.below.items() for child in children}
    lifted = {
        row.row
        for row in one.rows
        if row.row in given.below and row.row in parents and any(other.row not in given.below for other in given.below[parents[row.row]])
    }
    outline = Outline(sheet, one)
    for row in one.rows:
        parent = parents.get(row.row)
        if row.row in lifted and parent is not None:
            parent = parents.get(parent)
        if parent is not None:
            outline.below.setdefault(parent, []).append(row)
        elif row.role not in TOTAL_ROLES:
            outline.tops.append(row)
    return outline


def _by_repeated_label(sheet: Sheet, one: SheetList) -> Outline:
    """A label printed once over several rows (a merged cell): its first row is the sub-total of the others."""
    outline = Outline(sheet, one)
    head: Row | None = None
    for row in one.rows:
        if row.role in TOTAL_ROLES:
            head = None
        elif head is not None and row.label and row.label == head.label and row.role == head.role:
            outline.below.setdefault(head.row, []).append(row)
        else:
            outline.tops.append(row)
            head = row
    return outline


def outlines(sheet: Sheet, one: SheetList) -> list[Outline]:
    """The outlines that a list may have, the most likely first; equal ones once."""
    found: list[Outline] = []
    for make in (_by_parent, _lifted, _by_repeated_label, _by_depth, _flat):
        outline = make(sheet, one)
        if not any(outline.tops == other.tops and outline.below == other.below for other in found):
            found.append(outline)
    return found
