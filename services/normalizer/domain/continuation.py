"""Tables that go on: a part of a form whose continuation was not joined, without boxhead and title, or with the boxhead printed again.

Such a part is read below the boxhead of the table before it. Evidence: right behind it, as many columns at the same places, no title of its
own, and figures where the boxhead has figures. Without it the part's columns would be guessed, and its sums with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from msgspec import structs

from services.normalizer.domain.facts import Money
from services.normalizer.domain.figures import is_nothing, looks_like_money, parse_figure
from services.normalizer.domain.grid import Grid
from services.normalizer.domain.layout import Layout
from services.normalizer.domain.words import plain
from shared.contracts.extracted import Extracted, Table
from shared.contracts.normalized import StubList, Unmapped
from shared.contracts.vocabulary import WarningCode

# Columns of one form stand at the same place on every page; two pages' rulings differ by a point or two at most.
_SAME_PLACE = 4.0
# Least share of figures among the texts below heads of figures.
_MOSTLY = 0.8


def doubtful_seams(extracted: Extracted) -> dict[str, str]:
    """Tables that the reader kept apart although they may go on with the one before (`uncertain_seam`) → the ids of those."""
    pages = {warning.page for warning in extracted.warnings if warning.code == WarningCode.UNCERTAIN_SEAM}
    found: dict[str, str] = {}
    for first, second in pairwise(extracted.tables):
        if second.pages[0] in pages and first.pages[0] < second.pages[0]:
            found[second.id] = first.id
            pages.discard(second.pages[0])
    return found


def goes_on(grid: Grid, before: Grid, layout: Layout, doubtful: bool = False) -> bool:
    """Whether a table without title goes on with the form of the table before it, whose layout is given.

    `doubtful`: the reader could not tell; then the title of the form before may be printed again.
    """
    table, first = grid.table, before.table
    title = plain(table.title or "")
    if (
        (title and not (doubtful and title == plain(first.title or "")))
        or table.n_cols != first.n_cols
        or not before.header_rows
        or grid.inner_title
    ):
        return False
    if table.number not in (None, first.number) or not 0 <= table.pages[0] - first.pages[-1] <= 1 or not _same_places(table, first):
        return False
    if grid.header_rows:
        return grid.paths == before.paths
    return _same_content(table, layout)


def _same_places(table: Table, first: Table) -> bool:
    """Whether most columns begin at the same place across the page."""
    mine, theirs = _lefts(table), _lefts(first)
    shared = [col for col in mine if col in theirs]
    return bool(shared) and sum(abs(mine[col] - theirs[col]) <= _SAME_PLACE for col in shared) >= _MOSTLY * len(shared)


def _lefts(table: Table) -> dict[int, float]:
    lefts: dict[int, float] = {}
    for cell in table.cells:
        lefts[cell.col] = min(lefts.get(cell.col, cell.bbox[0]), cell.bbox[0])
    return lefts


def _same_content(table: Table, layout: Layout) -> bool:
    """Figures stand below the heads of figures, and no money below those of the stub."""
    kinds = {info.col: info.kind for info in layout.columns}
    texts = [cell for cell in table.cells if not is_nothing(cell.text)]
    below = [cell for cell in texts if kinds.get(cell.col) == "figure"]
    beside = [cell for cell in texts if kinds.get(cell.col) in ("name", "code", "class", "section", "item")]
    figures = sum(parse_figure(cell.text) is not None for cell in below)
    return bool(figures) and figures >= _MOSTLY * len(below) and not any(looks_like_money(cell.text) for cell in beside)


def below_boxhead(grid: Grid, before: Grid) -> Grid:
    """The table's rows below the boxhead of the table before it; row numbers grow by its height (`lifted` takes it off the results)."""
    height = before.header_rows
    head = tuple(cell for cell in before.table.cells if cell.row < height)
    rows = tuple(structs.replace(cell, row=cell.row + height) for cell in grid.table.cells)
    table = structs.replace(grid.table, cells=head + rows, n_rows=grid.table.n_rows + height, header_rows=height, page_starts=())
    return Grid(table, height, None if grid.end is None else grid.end + height)


def lifted(
    money: Sequence[Money], unmapped: Sequence[Unmapped], lists: Sequence[StubList], height: int
) -> tuple[tuple[Money, ...], tuple[Unmapped, ...], tuple[StubList, ...]]:
    """Results with the row numbers of the table itself again."""
    if not height:
        return tuple(money), tuple(unmapped), tuple(lists)
    return (
        tuple(replace(entry, cell=structs.replace(entry.cell, row=entry.cell.row - height)) for entry in money),
        tuple(structs.replace(entry, row=entry.row - height) if entry.row is not None else entry for entry in unmapped),
        tuple(
            structs.replace(
                entry,
                rows=tuple(
                    structs.replace(row, row=row.row - height, parent=row.parent - height if row.parent is not None else None)
                    for row in entry.rows
                ),
            )
            for entry in lists
        ),
    )
