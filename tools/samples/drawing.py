"""Draws forms and text on PDF pages the way spreadsheet and word processors do.

Origin of every coordinate here: top left of the page as it is shown; points.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from tools.samples.forms import Align, Cell, Form, Placed, Row, place

FONT = "Sample"
A4 = (595.0, 842.0)
PAD = 2.5
LEADING = 1.25  # line height in font sizes


def use_font(path: Path) -> None:
    """Register the TrueType font that every sample embeds (a subset of it).

    Raises: ValueError: the font lacks Chinese or Latin glyphs.
    """
    font = TTFont(FONT, str(path), subfontIndex=0)
    missing = [ch for ch in "0（一）万元支出A,.%≥" if ord(ch) not in font.face.charToGlyph]
    if missing:
        raise ValueError(f"{path} lacks the glyphs {missing}: take a font with Chinese and Latin letters")
    pdfmetrics.registerFont(font)


def wrap(text: str, size: float, width: float) -> list[str]:
    """Break text into lines: Chinese between any two characters, figures and Latin words only where they are too long."""
    lines = [""]
    for token in _tokens(text):
        if token == "\n":
            lines.append("")
        elif not lines[-1] or pdfmetrics.stringWidth(lines[-1] + token, FONT, size) <= width or token in "，。、；：）》”%":
            lines[-1] += token
        else:
            lines.append(token)
    return lines


def _tokens(text: str) -> Iterable[str]:
    word = ""
    for ch in text:
        if ch.isascii() and (ch.isalnum() or ch in ".,-"):
            word += ch
            continue
        if word:
            yield word
            word = ""
        yield ch
    if word:
        yield word


@dataclass(frozen=True)
class Look:
    """How one software draws: rules as strokes per cell, long strokes, thin filled rectangles, or both at once; fills; bold."""

    rules: str = "cell"  # cell | long | rects | double
    rule_width: float = 0.6
    white_fills: bool = False
    shaded_header: bool = False
    bold_titles: bool = True
    page_number: str = "— {} —"
    text_size: float = 14.0
    margin: float = 60.0


class Press:
    """Writes one PDF and says on which page everything stands."""

    def __init__(self, target: Path, look: Look, title: str) -> None:
        self.canvas: Any = Canvas(str(target), pagesize=A4, invariant=1, pageCompression=1)
        self.canvas.setTitle(title)
        self.canvas.setProducer("sample generator")
        self.look = look
        self.pages = 0
        self.block_pages: list[int] = []  # page on which each block of the narrative begins
        self._open = False
        self._y = 0.0
        self._size = A4

    # ---- pages ----

    def new_page(self, *, landscape: bool = False, rotate: bool = False) -> None:
        """Begin a page; `rotate` stores a landscape page upright with /Rotate 90."""
        self._close()
        self._size = (A4[1], A4[0]) if landscape else A4
        self.canvas.setPageSize(self._size)  # the library itself swaps the sides of a page that it rotates
        self.canvas.setPageRotation(90 if rotate else 0)
        if rotate:
            self.canvas.translate(A4[0], 0)
            self.canvas.rotate(90)
        self.pages += 1
        self._open = True
        self._y = 56.0

    def _close(self) -> None:
        if not self._open:
            return
        if self.look.page_number:
            self.write(self.look.page_number.format(self.pages), 0, self._size[1] - 34, 10, Align.CENTER, self._size[0])
        self.canvas.showPage()
        self._open = False

    def save(self) -> None:
        """Finish the file."""
        self._close()
        self.canvas.save()

    def write(self, text: str, x: float, y: float, size: float, align: Align = Align.LEFT, width: float = 0, *, bold: bool = False) -> None:
        """One line of text with its top at y; bold by fill and stroke (render mode 2), as office programs fake it."""
        if not text:
            return
        free = width - pdfmetrics.stringWidth(text, FONT, size)
        left = x + (0 if align is Align.LEFT else free / 2 if align is Align.CENTER else free)
        line = self.canvas.beginText(left, self._size[1] - y - size * 0.88)
        line.setFont(FONT, size)
        line.setTextRenderMode(2 if bold else 0)
        line.textOut(text)
        if bold:
            self.canvas.setLineWidth(size / 40)
            line.setTextRenderMode(0)
        self.canvas.drawText(line)

    # ---- running text ----

    def cover(self, lines: Iterable[str]) -> None:
        """A title page."""
        self.new_page()
        y = 230.0
        for line in lines:
            self.write(line, 0, y, 26, Align.CENTER, self._size[0], bold=True)
            y += 54

    def contents(self, parts: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        """A page with the list of parts and forms, dotted to the margin."""
        self.new_page()
        self.write("目    录", 0, self._y, 20, Align.CENTER, self._size[0], bold=True)
        self._y += 48
        for part, items in parts:
            self.write(part, self.look.margin, self._y, 13, bold=True)
            self._y += 24
            for item in items:
                dots = int(
                    (A4[0] - 2 * self.look.margin - 20 - pdfmetrics.stringWidth(item, FONT, 12)) / pdfmetrics.stringWidth(".", FONT, 12)
                )
                self.write(item + "." * dots, self.look.margin + 20, self._y, 12)
                self._y += 20

    def text(self, blocks: Iterable[str]) -> None:
        """Narrative: a block that begins with "# " or "## " is a heading; others are paragraphs indented by two characters."""
        self.new_page()
        for block in blocks:
            kind, _, rest = block.partition(" ") if block.startswith("#") else ("", "", block)
            size = self.look.text_size + (4 if kind == "#" else 0)
            begun = False
            if kind == "#" and self._y > 60:  # space above a part's heading, but not at the head of a page
                self._y += size * 0.8
            width = self._size[0] - 2 * self.look.margin
            lines = wrap(rest if kind == "#" else "　　" + rest, size, width)
            for line in lines:
                if self._y + size * 1.7 > self._size[1] - 70:
                    self.new_page()
                if not begun:
                    self.block_pages.append(self.pages)
                    begun = True
                self.write(line, self.look.margin, self._y, size, Align.CENTER if kind == "#" else Align.LEFT, width, bold=bool(kind))
                self._y += size * 1.7
            self._y += size * (0.8 if kind == "#" else 0.1)

    # ---- forms ----

    def form(self, form: Form) -> dict[int, int]:
        """Draw a form on as many pages as it needs. Returns: page of every row of the grid."""
        if form.together:
            self._y += 26
        else:
            self.new_page(landscape=form.landscape, rotate=form.rotate)
            self._y = 46.0
        left = (self._size[0] - sum(form.widths)) / 2
        width = sum(form.widths)
        if form.number:
            self.write(form.number, left, self._y, 8.5, Align.RIGHT, width)
            self._y += 14
        self.write(form.title, left, self._y, 15, Align.CENTER, width, bold=self.look.bold_titles)
        self._y += 25
        self.write(form.entity, left, self._y, 9)
        self.write(form.unit, left, self._y, 9, Align.RIGHT, width)
        self._y += 14
        row_pages = self._table(form, left)
        for note in form.notes:
            self._y += 3
            for line in wrap(note, 8.5, width):
                self.write(line, left, self._y, 8.5)
                self._y += 12
        return row_pages

    def _table(self, form: Form, left: float) -> dict[int, int]:
        heights = row_heights((*form.header, *form.body), form)
        n_head = len(form.header)
        rows = list(range(n_head + len(form.body)))
        grid, row_pages = form.grid(), dict[int, int]()
        while rows:
            fit = self._fitting(rows, heights, form, n_head)
            page_rows, rows = rows[:fit], rows[fit:]
            self._draw(grid, page_rows, heights, form, left)
            row_pages |= dict.fromkeys(page_rows, self.pages)
            if rows:
                self.new_page(landscape=form.landscape, rotate=form.rotate)
                if form.repeat_header:
                    self._draw(grid, list(range(n_head)), heights, form, left)
        return row_pages

    def _fitting(self, rows: list[int], heights: list[float], form: Form, n_head: int) -> int:
        free = self._size[1] - 58 - self._y
        used = 0.0
        for k, row in enumerate(rows):
            used += heights[row]
            if k and (used > free or row - n_head in form.break_before):
                return k
        return len(rows)

    def _draw(self, grid: list[Placed], rows: list[int], heights: list[float], form: Form, left: float) -> None:
        top = {rows[0]: self._y}
        for row in rows:
            top[row + 1] = top[row] + heights[row]
        edges = [left + sum(form.widths[:c]) for c in range(len(form.widths) + 1)]
        boxes: list[tuple[float, float, float, float]] = []
        for item in grid:
            first, last = max(item.row, rows[0]), min(item.row + item.cell.rowspan - 1, rows[-1])
            if first > last:
                continue
            box = (edges[item.col], top[first], edges[item.col + item.cell.colspan], top[last + 1])
            boxes.append(box)
            self._fill(box, shaded=item.row < len(form.header))
            if first == item.row:  # a merged cell cut by the page keeps its text on the first page
                self._cell(item.cell, box, form.size)
        self._rules(boxes)
        self._y = top[rows[-1] + 1]

    def _cell(self, cell: Cell, box: tuple[float, float, float, float], size: float) -> None:
        x0, y0, x1, y1 = box
        lines = wrap(cell.text, size, x1 - x0 - 2 * PAD - cell.indent * size)
        y = (y0 + y1) / 2 - len(lines) * size * LEADING / 2 + size * (LEADING - 1) / 2
        for line in lines:
            self.write(line, x0 + PAD + cell.indent * size, y, size, cell.align, x1 - x0 - 2 * PAD - cell.indent * size)
            y += size * LEADING

    def _fill(self, box: tuple[float, float, float, float], *, shaded: bool) -> None:
        if not (self.look.white_fills or (self.look.shaded_header and shaded)):
            return
        grey = 0.88 if shaded and self.look.shaded_header else 1
        self.canvas.setFillGray(grey)
        self.canvas.rect(box[0], self._size[1] - box[3], box[2] - box[0], box[3] - box[1], stroke=0, fill=1)
        self.canvas.setFillGray(0)

    def _rules(self, boxes: list[tuple[float, float, float, float]]) -> None:
        sides = [s for x0, y0, x1, y1 in boxes for s in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))]
        segments = sorted(set(sides)) if self.look.rules == "cell" else joined(sides)
        height, half = self._size[1], self.look.rule_width / 2
        self.canvas.setLineWidth(self.look.rule_width)
        self.canvas.setLineCap(2)
        for x0, y0, x1, y1 in segments:
            if self.look.rules in ("rects", "double"):
                self.canvas.rect(x0 - half, height - y1 - half, x1 - x0 + 2 * half, y1 - y0 + 2 * half, stroke=0, fill=1)
            if self.look.rules != "rects":
                self.canvas.line(x0, height - y0, x1, height - y1)


def joined(sides: list[tuple[float, float, float, float]]) -> list[tuple[float, float, float, float]]:
    """Collinear cell sides that touch, joined to long ruling lines; sides are horizontal or vertical."""
    out: list[tuple[float, float, float, float]] = []
    for horizontal in (True, False):
        keyed = sorted(
            {(s[1], s[0], s[2]) if horizontal else (s[0], s[1], s[3]) for s in sides if (s[1] == s[3]) is horizontal},
        )
        runs: list[tuple[float, float, float]] = []
        for at, start, end in keyed:
            if runs and runs[-1][0] == at and start <= runs[-1][2] + 0.01:
                runs[-1] = (at, runs[-1][1], max(end, runs[-1][2]))
            else:
                runs.append((at, start, end))
        out += [(a, at, b, at) if horizontal else (at, a, at, b) for at, a, b in runs]
    return out


def row_heights(rows: tuple[Row, ...], form: Form) -> list[float]:
    """Height of every row: the tallest of its cells; a cell over several rows stretches the last of them."""
    heights = [form.row_height] * len(rows)
    placed = place(rows, len(form.widths))
    for item in sorted(placed, key=lambda p: p.cell.rowspan):
        width = sum(form.widths[item.col : item.col + item.cell.colspan]) - 2 * PAD - item.cell.indent * form.size
        need = len(wrap(item.cell.text, form.size, width)) * form.size * LEADING + 4 if item.cell.text else 0
        covered = range(item.row, item.row + item.cell.rowspan)
        lacking = need - sum(heights[r] for r in covered)
        if lacking > 0:
            heights[covered[-1]] += lacking
    return heights


def cut_row(form: Form, row: int, lines: int) -> Form:
    """Cut a body row by the page break, as spreadsheet programs do with a row that does not fit.

    Args: row: index in the body. lines: lines of text of every cell that stay above the break.
    Returns: the form with the row in two pieces on two pages; spans of other cells over it grow by one.
    Raises: ValueError: the row has row spans of its own.
    """
    old = form.body[row]
    if any(c.rowspan != 1 for c in old):
        raise ValueError("only a row without row spans of its own can be cut")
    n_head = len(form.header)
    grid = form.grid()
    first, rest = [], []
    for item in (p for p in grid if p.row == n_head + row):
        width = sum(form.widths[item.col : item.col + item.cell.colspan]) - 2 * PAD
        above = "".join(wrap(item.cell.text, form.size, width)[:lines])
        first.append(replace(item.cell, text=above))
        rest.append(replace(item.cell, text=item.cell.text[len(above) :]))
    over = {id(p.cell) for p in grid if p.row < n_head + row < p.row + p.cell.rowspan}
    grown = [tuple(replace(c, rowspan=c.rowspan + 1) if id(c) in over else c for c in cells) for cells in form.body[:row]]
    body = (*grown, tuple(first), tuple(rest), *form.body[row + 1 :])
    return replace(form, body=body, break_before=(*form.break_before, row + 1))
