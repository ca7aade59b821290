"""Pages on which text runs in two directions: a sideways table on an upright page is a page of its own, turned until it stands upright.

Heads and stubs that stand sideways in an upright table, and sideways lines in a margin, stay where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from services.extractor.domain.lattice import find_lattices
from services.extractor.domain.page import Bools, Floats, PageContents, no_floats, turned_boxes
from services.extractor.domain.rulings import find_rulings
from shared.contracts.extracted import GlyphAccount, ReadWarning, Table, TextLine

Piece = Table | TextLine | GlyphAccount | ReadWarning

# A table has more sideways glyphs than this, and this part of its glyphs: a stub with sideways names is less than a third of a table.
_FEWEST, _MOST_PART = 12, 0.6
# Rules reach this far out of the box that they make (points).
_OVER = 2.0


def upright_parts(page: PageContents) -> list[PageContents]:
    """The page, or, where it holds a sideways table, what is upright on it and what is sideways, each in reading space of its own.

    Counts of the page (images, unreadable characters) stay with the first part.
    """
    turns = np.bincount(page.angle, minlength=4) if len(page.angle) else np.zeros(4, dtype=np.int64)
    quarter = int(turns[1:].argmax()) + 1
    if turns[quarter] < _FEWEST:
        return [page]
    x, y = ((page.box[:, k] + page.box[:, k + 2]) / 2 for k in (0, 1))
    sideways, upright = np.zeros(len(x), dtype=np.bool_), np.zeros(len(x), dtype=np.bool_)
    regions: list[tuple[float, float, float, float]] = []
    for lattice in find_lattices(find_rulings(page)):
        x0, top, x1, bottom = lattice.box
        inside = (x > x0) & (x < x1) & (y > top) & (y < bottom)
        count = int((page.angle[inside] == quarter).sum())
        if lattice.columns > 1 and count >= _FEWEST and count > _MOST_PART * inside.sum():
            sideways |= inside
            regions.append(lattice.box)
        else:
            upright |= inside
    if not regions:
        return [page]
    sideways |= (page.angle == quarter) & ~upright
    marks = _inside(page.marks, regions)
    first = _part(page, ~sideways, ~marks)
    apart = replace(
        _part(page, sideways, marks), images=0, without_unicode=0, unseen=0, aslant="", pictures=no_floats(4), outlines=0, unread=""
    )
    return [first, _turned_page(apart, quarter)]


def _inside(marks: Floats, regions: list[tuple[float, float, float, float]]) -> Bools:
    found = np.zeros(len(marks), dtype=np.bool_)
    for x0, top, x1, bottom in regions:
        found |= (marks[:, 0] > x0 - _OVER) & (marks[:, 2] < x1 + _OVER) & (marks[:, 1] > top - _OVER) & (marks[:, 3] < bottom + _OVER)
    return found


def _part(page: PageContents, glyphs: Bools, marks: Bools) -> PageContents:
    return replace(
        page,
        codes=page.codes[glyphs],
        box=page.box[glyphs],
        origin=page.origin[glyphs],
        size=page.size[glyphs],
        angle=page.angle[glyphs],
        certainty=page.certainty[glyphs] if len(page.certainty) else page.certainty,
        red=page.red[glyphs] if len(page.red) else page.red,
        marks=page.marks[marks],
        paint=page.paint[marks],
        filled=page.filled[marks],
        weight=page.weight[marks],
    )


def _turned_page(page: PageContents, quarter: int) -> PageContents:
    """The page turned clockwise by so many quarters; boxes are still shown where they stand."""
    size = (page.width, page.height)
    point = np.concatenate([page.origin, page.origin], axis=1)
    width, height = size if quarter % 2 == 0 else size[::-1]
    return replace(
        page,
        width=width,
        height=height,
        turn=(page.turn - quarter) % 4,
        box=turned_boxes(page.box, quarter, *size),
        origin=turned_boxes(point, quarter, *size)[:, :2],
        angle=((page.angle - quarter) % 4).astype(np.int32),
        marks=turned_boxes(page.marks, quarter, *size),
        pictures=turned_boxes(page.pictures, quarter, *size),
    )


def one_account_a_page(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Accounts of parts of one page, added up."""
    held: GlyphAccount | None = None
    for piece in pieces:
        if not isinstance(piece, GlyphAccount):
            yield piece
        elif held is not None and held.page == piece.page:
            held = GlyphAccount(
                page=held.page,
                total=held.total + piece.total,
                in_cells=held.in_cells + piece.in_cells,
                in_labels=held.in_labels + piece.in_labels,
                in_text=held.in_text + piece.in_text,
                unplaced=held.unplaced + piece.unplaced,
            )
        else:
            if held is not None:
                yield held
            held = piece
    if held is not None:
        yield held
