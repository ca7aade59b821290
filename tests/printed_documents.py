"""Sets a document that is known by its content (tables, labels, texts) as a PDF, so that the whole pipeline can be measured on it.

Pages are as large as what stands on them: columns wide enough for their figures, a new page where the table says so. The look (rules, sizes, fonts,
turned pages, boxheads printed again) is drawn at random from what office programs do; the same arguments give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from hard_look import SONG, Look
from hard_rules import Cell as Drawn
from hard_rules import draw_rules
from hard_sheet import Sheet, ready, width_of, wrapped
from msgspec import UNSET
from reportlab.pdfgen.canvas import Canvas

from shared.contracts.extracted import Cell, Extracted, Table

_MARGIN = 50.0
_A4 = (595.0, 842.0)
_LARGEST = 1190.0  # the long side of A3: wider tables get smaller type
_ROOM = 5  # digits by which a figure may grow
_INSET = 4.0
_LONGEST_LABEL = 14  # ems, before a label is broken into lines


@dataclass(frozen=True)
class Style:
    """How a document is set. `again`: boxheads are printed again after a page break."""

    look: Look
    again: bool


def style(random: Random) -> Style:
    """A style that office programs print in."""
    pick = random.choice
    look = Look(
        rules=pick(("long", "sides", "thin_long", "thin_sides", "both", "boxes", "mitred", "polyline")),
        weight=pick((0.25, 0.5, 0.75, 1.0)),
        size=pick((7.0, 8.0, 9.0)),
        text=pick(("runs", "runs", "glyphs", "spaces")),
        turn=pick((0, 0, 0, 90, 270)),
        figures=pick((SONG, SONG, "Helvetica", "Times-Roman")),
    )
    return Style(look, again=pick((True, False)))


def printed(document: Extracted, how: Style) -> bytes:
    """The bytes of a PDF that prints the document: texts and tables in their order."""
    ready(SONG)
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    size = how.look.size
    for page in range(1, max([table.pages[0] for table in document.tables] + [line.page for line in document.text]) + 1):
        for table in document.tables:
            if table.pages[0] == page:
                how.look.size = size
                _Setting(canvas, how, table).draw()
        how.look.size = size
        lines = [(line.text, line.kind == "heading") for line in document.text if line.page == page]
        if lines:
            _text_pages(canvas, how, lines)
    how.look.size = size
    canvas.save()
    return out.getvalue()


def _text_pages(canvas: Canvas, how: Style, lines: Sequence[tuple[str, bool]]) -> None:
    """Pages of running text; headings in larger type."""
    sheet, top = _page(canvas, how.look, *_A4), _MARGIN
    for text, heading in lines:
        size = 14.0 if heading else 11.0
        how.look.size = size
        for line in wrapped(how.look, ("" if heading else "\u3000\u3000") + text, sheet.width - 2 * _MARGIN):
            if top + 1.6 * size > sheet.height - _MARGIN:
                sheet.end()
                sheet, top = _page(canvas, how.look, *_A4), _MARGIN
            top += 1.6 * size
            sheet.text(_MARGIN, top, line, size, bold=heading)
    sheet.end()


def _page(canvas: Canvas, look: Look, width: float, height: float) -> Sheet:
    sheet = Sheet(canvas, look, Random(1))
    sheet.width, sheet.height = width, height
    sheet.begin()
    return sheet


def _is_figure(text: str) -> bool:
    return text.isascii() and any(character.isdigit() for character in text)


class _Setting:
    """One table on its pages."""

    def __init__(self, canvas: Canvas, how: Style, table: Table) -> None:
        self.canvas, self.how, self.look, self.table = canvas, how, how.look, table
        self.widths = self._widths()
        while sum(self.widths) + 2 * _MARGIN > _LARGEST and self.look.size > 4.5:
            self.look.size -= 0.5
            self.widths = self._widths()
        spread = max(1.0, (_A4[0] - 2 * _MARGIN) / sum(self.widths))
        self.widths = [width * spread for width in self.widths]
        self.heights = self._heights()

    def draw(self) -> None:
        """All pages of the table."""
        table = self.table
        ends = [*table.page_starts, table.n_rows]
        for start, end in zip([0, *table.page_starts], ends, strict=True):
            head = range(table.header_rows) if start and self.how.again else range(0)
            rows = [*head, *range(start, end)]
            before = self._before() if not start else []
            after = [label.text for label in table.labels if label.kind == "note"] if end == table.n_rows else []
            height = sum(self.heights[row] for row in rows) + 18.0 * (len(before) + len(after)) + 2 * _MARGIN + 10
            wide = sum(self.widths) + 2 * _MARGIN
            sheet = _page(
                self.canvas, self.look, max(wide, _A4[0] if wide <= _A4[0] else _A4[1]), max(height, _A4[1] if wide <= _A4[0] else _A4[0])
            )
            top = _MARGIN
            for texts in before:
                top += 18.0
                self._label(sheet, top - 5, texts)
            top = self._rows(sheet, top, rows)
            for text in after:
                top += 18.0
                sheet.text(_MARGIN, top, text, 9.0)
            sheet.end()

    def _before(self) -> list[tuple[str, str, str]]:
        """Lines above the table: what stands at the left, in the middle, at the right."""
        said = {label.kind: label.text for label in self.table.labels}
        lines = [(said.get("number", ""), "", ""), ("", said.get("title", ""), ""), (said.get("entity", ""), "", said.get("unit", ""))]
        return [line for line in lines if any(line)]

    def _label(self, sheet: Sheet, baseline: float, texts: tuple[str, str, str]) -> None:
        left, middle, right = texts
        for text, size, share in ((left, 9.0, 0.0), (middle, 15.0, 0.5), (right, 9.0, 1.0)):
            if text:
                look = Look(size=size, figures=self.look.figures)
                sheet.text(_MARGIN + share * (sum(self.widths) - width_of(look, text)), baseline, text, size)

    def _rows(self, sheet: Sheet, top: float, rows: list[int]) -> float:
        """Draws rows from `top` on; returns where they end."""
        xs, ys = [_MARGIN], [top]
        for width in self.widths:
            xs.append(xs[-1] + width)
        for row in rows:
            ys.append(ys[-1] + self.heights[row])
        place = {row: index for index, row in enumerate(rows)}
        cells = [cell for cell in self.table.cells if cell.row in place]
        drawn: list[Drawn] = [(place[cell.row], cell.col, cell.rowspan, cell.colspan, cell.text) for cell in cells]
        draw_rules(sheet, xs, ys, drawn)
        for cell, (row, col, high, wide, _) in zip(cells, drawn, strict=True):
            self._cell(sheet, (xs[col], ys[row], xs[col + wide], ys[row + high]), cell)
        return ys[-1]

    def _cell(self, sheet: Sheet, box: tuple[float, float, float, float], cell: Cell) -> None:
        inset = self._indent(cell)
        align = "centre" if cell.row < self.table.header_rows else "right" if _is_figure(cell.text) and "." in cell.text else "left"
        sheet.fit((box[0] + inset, *box[1:]), cell.text, align, bold=False)

    def _indent(self, cell: Cell) -> float:
        return 0.0 if cell.indent is UNSET else self.look.size * cell.indent

    def _widths(self) -> list[float]:
        """Wide enough for every figure of the column and for some ems of its labels."""
        widths = [14.0] * self.table.n_cols
        for cell in self.table.cells:
            if cell.colspan == 1 and cell.text:
                grown = cell.text + "0" * _ROOM if _is_figure(cell.text) and cell.row >= self.table.header_rows else cell.text
                long = width_of(self.look, grown) + self._indent(cell)
                long = (
                    long
                    if _is_figure(cell.text)
                    else min(long, (_LONGEST_LABEL if cell.row >= self.table.header_rows else 4) * self.look.size)
                )
                widths[cell.col] = max(widths[cell.col], long + _INSET + 2)
        return widths

    def _heights(self) -> list[float]:
        """High enough for the lines of every cell; what spans rows may make its last one higher."""
        heights = [self.look.size + 7.0] * self.table.n_rows
        for cell in sorted(self.table.cells, key=lambda cell: cell.row + cell.rowspan):
            width = sum(self.widths[cell.col : cell.col + cell.colspan]) - self._indent(cell)
            lines = len(wrapped(self.look, cell.text, width - _INSET))
            last = cell.row + cell.rowspan - 1
            lacks = lines * self.look.size * self.look.leading + 6 - sum(heights[cell.row : last + 1])
            heights[last] += max(0.0, lacks)
        return heights
