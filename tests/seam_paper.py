"""Paper for tables that go over pages: pages with their headers and footers, labels, and parts of tables with sides left open."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from random import Random

from hard_drawing import FONT, Cell, Sheet, joined, look, wrapped
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

TOP, BOTTOM, LEADING = 62.0, 56.0, 1.15
# Program → how it draws rules, whether it clips text to cells, whether text stands at the head of its cell.
MANNERS = {
    "spreadsheet": (("sides", "thin_long", "long"), True, False),
    "word processor": (("thin_sides", "sides", "both"), False, True),
    "office suite": (("long", "dashes"), False, True),
    "browser": (("mitred", "thin_sides"), False, False),
}


@dataclass
class Around:
    """What stands on every page besides tables: running header (left; middle, as browsers do), footer, page number in one of the ways in use."""

    header: str = ""
    middle: str = ""
    footer: str = ""
    number: str = "none"

    def number_text(self, page: int) -> str:
        """The page number as printed."""
        return {"plain": f"{page}", "dashes": f"— {page} —", "of": f"第 {page} 页", "none": ""}[self.number]


@dataclass
class Paper:
    """Pages of one document; `top` is where the next thing goes, `shift` and `scale` tell how this page's tables lie beside the first page's."""

    random: Random
    manner: str
    around: Around
    wide: bool
    shift: float = 0.0
    scale: float = 1.0
    top: float = TOP
    page: int = 1
    out: io.BytesIO = field(default_factory=io.BytesIO)

    def __post_init__(self) -> None:
        if FONT not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        rules, clip, self.at_head = MANNERS[self.manner]
        drawn = replace(
            look(self.random),
            rules=self.random.choice(rules),
            weight=self.random.choice((0.25, 0.5, 0.75, 1.0)),
            size=self.random.choice((8.0, 9.0, 10.5)),
            text=self.random.choice(("runs", "runs", "glyphs", "spaces")),
            clip=clip and self.random.random() < 0.5,
            wide=self.wide,
            origin=(0.0, 0.0),
            form=False,
            overrun=False,
            gap=0.0,
            shift=0.0,
        )
        self.canvas = Canvas(self.out, invariant=1, pageCompression=0)
        self.sheet = Sheet(self.canvas, drawn, self.random)
        self.size = drawn.size
        self._begin()

    @property
    def room(self) -> float:
        """Points between `top` and the lower margin."""
        return self.sheet.height - BOTTOM - self.top

    @property
    def width(self) -> float:
        """Points between the side margins, as on the first page."""
        return self.sheet.width - 100.0

    def turn_page(self, turn: int | None = None, wide: bool | None = None) -> None:
        """Ends the page and begins the next one, perhaps turned or of the other shape."""
        self._end()
        if turn is not None:
            self.sheet.look = replace(self.sheet.look, turn=turn)
        if wide is not None:
            self.sheet.width, self.sheet.height = (842.0, 595.0) if wide else (595.0, 842.0)
        self.page += 1
        self.top = TOP
        self._begin()

    def finish(self) -> bytes:
        """The bytes of the document."""
        self._end()
        self.canvas.save()
        return self.out.getvalue()

    def _begin(self) -> None:
        self.sheet.begin()
        if self.around.header:
            self.sheet.text(50, 28, self.around.header, 8.0)
            if self.around.middle:
                self.sheet.text((self.sheet.width - self._long(self.around.middle, 8.0)) / 2, 28, self.around.middle, 8.0)
            if not self.around.middle:
                self.sheet.line(50, 34, self.sheet.width - 50, 34)

    def _end(self) -> None:
        bottom = self.sheet.height - 24
        if self.around.footer:
            self.sheet.text(50, bottom, self.around.footer, 8.0)
        number = self.around.number_text(self.page)
        if number:
            self.sheet.text((self.sheet.width - self._long(number, 9.0)) / 2, bottom, number, 9.0)
        self.sheet.end()

    def _long(self, text: str, size: float) -> float:
        return float(pdfmetrics.stringWidth(text, FONT, size))

    def line(self, text: str, where: str = "left", size: float = 9.0) -> None:
        """A line of text at the left, the middle or the right; `top` moves below it."""
        long = self._long(text, size)
        x = {"left": 50.0, "centre": (self.sheet.width - long) / 2, "right": self.sheet.width - 50 - long}[where]
        self.sheet.text(x, self.top + size, text, size)
        self.top += size * 1.5

    def pair(self, left: str, right: str) -> None:
        """Entity at the left and unit at the right of one line."""
        if left:
            self.sheet.text(50, self.top + 9, left, 9.0)
        if right:
            self.sheet.text(self.sheet.width - 50 - self._long(right, 9.0), self.top + 9, right, 9.0)
        if left or right:
            self.top += 13.5

    def lines_in(self, text: str, width: float) -> list[str]:
        """The lines of a text in a cell so wide on the first page."""
        return wrapped(text, self.size, width * self.scale - 4)

    def height_of(self, text: str, width: float) -> float:
        """The height of a row that holds this text in a cell so wide."""
        return max(20.0, len(self.lines_in(text, width)) * self.size * LEADING + 5.0)

    def part(
        self,
        widths: list[float],
        heights: list[float],
        cells: Iterable[Cell],
        *,
        head: int = 0,
        stub: int = 1,
        open_top: frozenset[int] = frozenset(),
        open_bottom: frozenset[int] = frozenset(),
        beyond: tuple[str, ...] = (),
    ) -> None:
        """Draws rows of a table at `top`. `head`: rows set like a boxhead; columns in `open_top`, `open_bottom` have no outer rule there.

        `beyond`: texts of merged cells whose rest hangs over the upper border, cut off by a clip.
        """
        xs, ys = [50.0 + self.shift], [self.top]
        for width in widths:
            xs.append(xs[-1] + width * self.scale)
        for height in heights:
            ys.append(ys[-1] + height)
        listed = sorted(cells)
        self._rules(xs, ys, listed, open_top, open_bottom)
        for row, col, high, wide, text in listed:
            align = "centre" if row < head or wide > 1 else "left" if col < stub else "right"
            self._say((xs[col], ys[row], xs[col + wide], ys[row + high]), text, align)
        for text in beyond:
            self._clipped((xs[0], ys[0], xs[1], ys[1]), text)
        self.top = ys[-1]

    def _say(self, box: tuple[float, float, float, float], text: str, align: str) -> None:
        x0, top, x1, _ = box
        if not self.at_head or align == "centre":
            self.sheet.fit(box, text, align, bold=False)
            return
        at = top + 2 + self.size * 0.9
        for line in wrapped(text, self.size, x1 - x0 - 4):
            self.sheet.text(x0 + 2 if align == "left" else x1 - 2 - self._long(line, self.size), at, line, self.size)
            at += self.size * LEADING

    def _clipped(self, box: tuple[float, float, float, float], text: str) -> None:
        """Text of a cell that goes on overleaf: in the file above the cell's clip, on paper not to be seen."""
        x0, top, x1, bottom = box
        self.canvas.saveState()
        path = self.canvas.beginPath()
        path.rect(x0, self.sheet.height - bottom, x1 - x0, bottom - top)
        self.canvas.clipPath(path, stroke=0, fill=0)
        self.sheet.text(x0 + 2, top - self.size * 1.5, text, self.size)
        self.canvas.restoreState()

    def _rules(self, xs: list[float], ys: list[float], cells: list[Cell], open_top: frozenset[int], open_bottom: frozenset[int]) -> None:
        pieces: set[tuple[float, float, float, float]] = set()
        for row, col, high, wide, _ in cells:
            x0, x1, top, bottom = xs[col], xs[col + wide], ys[row], ys[row + high]
            pieces |= {(x0, top, x0, bottom), (x1, top, x1, bottom)}
            if row > 0 or col not in open_top:
                pieces.add((x0, top, x1, top))
            if row + high < len(ys) - 1 or col not in open_bottom:
                pieces.add((x0, bottom, x1, bottom))
        kind = self.sheet.look.rules
        ordered = sorted(pieces)
        if kind in ("long", "thin_long", "dashes"):
            ordered = joined(ordered)
        calls = {"thin_long": ("thin",), "thin_sides": ("thin",), "both": ("line", "thin"), "mitred": ("mitred",), "dashes": ("dashes",)}
        for piece in ordered:
            for call in calls.get(kind, ("line",)):
                getattr(self.sheet, call)(*piece)
