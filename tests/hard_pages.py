"""Single pages with tables on them, and what must come back of each: for tests of one manner of drawing at a time."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from hard_look import BLACK, Look
from hard_rules import Cell, behind, draw_rules, frame, ink_of_head
from hard_shapes import Shape, columns_of, rows_of
from hard_sheet import Box, Sheet
from reportlab.pdfgen.canvas import Canvas


@dataclass
class Seen:
    """A table as it must come back. `head`: rows of the boxhead, None where the drawing does not say."""

    rows: int
    columns: int
    cells: list[Cell]
    head: int | None


@dataclass
class Page:
    """A page being drawn: its sheet, and what is to be seen on it."""

    sheet: Sheet
    random: Random
    seen: list[Seen] = field(default_factory=list)

    def expect(self, shape: Shape, head: bool = True) -> None:
        """A table that must be found, after those before it."""
        self.seen.append(Seen(shape.rows, shape.columns, list(shape.cells), shape.head if head and shape.head else None))

    def put(self, shape: Shape, left: float = 60.0, top: float = 80.0, width: float | None = None, least: float | None = None) -> Box:
        """Draws a table as the look says; returns its box."""
        look = self.sheet.look
        xs = columns_of(shape, left, width or self.sheet.width - 2 * left)
        ys = rows_of(look, shape, xs, top, look.size * 1.6 if least is None else least)
        self.draw(shape, xs, ys)
        return xs[0], ys[0], xs[-1], ys[-1]

    def draw(self, shape: Shape, xs: list[float], ys: list[float], write: Callable[[Sheet, Cell, Box], bool] | None = None) -> None:
        """Draws a table on these borders. Args: write: sets a cell's text instead, where it says so."""
        sheet, look = self.sheet, self.sheet.look
        frame(sheet, xs, ys)
        behind(sheet, xs, ys, shape.head, shape.cells)
        if not look.rules_last:
            draw_rules(sheet, xs, ys, shape.cells)
        for cell in shape.cells:
            r, c, high, wide, text = cell
            box = (xs[c], ys[r], xs[c + wide], ys[r + high])
            if write is not None and write(sheet, cell, box):
                continue
            ink = ink_of_head(look) if r < shape.head else BLACK
            align = "centre" if r < shape.head or wide > 1 else "left" if c < shape.stub else "right"
            sheet.fit(box, text, align, r < shape.head, ink)
        if look.rules_last:
            draw_rules(sheet, xs, ys, shape.cells)


def paper(look: Look, random: Random, draw: Callable[[Page], None]) -> tuple[bytes, list[Seen]]:
    """The bytes of a PDF of one page, and the tables to be found on it."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=0)
    canvas.setSubject(repr(look))  # a failing page says how it was drawn
    page = Page(Sheet(canvas, look, random), random)
    page.sheet.begin()
    draw(page)
    page.sheet.end()
    canvas.save()
    return out.getvalue(), page.seen
