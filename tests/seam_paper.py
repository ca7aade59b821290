"""Paper for tables that go over pages: pages with their headers and footers, labels, and parts of tables with sides left open."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from random import Random

from hard_look import SONG, Look
from hard_rules import Cell, joined
from hard_sheet import Box, Sheet, ready, wrapped
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

TOP, BOTTOM, LEADING = 62.0, 56.0, 1.15
# Program → how it draws rules, whether it clips text to cells, whether text stands at the head of its cell.
MANNERS = {
    "spreadsheet": (("sides", "thin_long", "long"), True, False),
    "word processor": (("thin_sides", "sides", "both"), False, True),
    "office suite": (("long", "thin_long"), False, True),
    "browser": (("mitred", "thin_sides"), False, False),
}


@dataclass
class Around:
    """What stands on every page besides tables: running header (left, another one on even pages; middle, as browsers do), footer, page number in one of the ways in use."""

    header: str = ""
    even: str = ""
    middle: str = ""
    footer: str = ""
    number: str = "none"

    def number_text(self, page: int) -> str:
        """The page number as printed."""
        return {
            "plain": f"{page}",
            "dashes": f"— {page} —",
            "of": f"第 {page} 页",
            "of all": f"第 {page} 页，共 40 页",
            "all": f"共 40 页 第 {page} 页",
            "english": f"Page {page} of 40",
            "none": "",
        }[self.number]


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
        ready(SONG)
        rules, clip, self.at_head = MANNERS[self.manner]
        one, pick = Look(wide=self.wide), self.random.choice
        one.rules, one.weight, one.size = pick(rules), pick((0.25, 0.5, 0.75, 1.0)), pick((8.0, 9.0, 10.5))
        one.text, one.turn, one.clip = (
            pick(("runs", "runs", "glyphs", "spaces")),
            pick((0, 0, 0, 90, 180, 270)),
            clip and pick((True, False)),
        )
        self.edge = pick((24.0, 24.0, 42.0))
        self.canvas = Canvas(self.out, invariant=1, pageCompression=0)
        self.sheet = Sheet(self.canvas, one, self.random)
        self.size = one.size
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
        header = self.around.even if self.around.even and self.page % 2 == 0 else self.around.header
        if header:
            self.sheet.text(50, 28, header, 8.0)
            if self.around.middle:
                self.sheet.text((self.sheet.width - self._long(self.around.middle, 8.0)) / 2, 28, self.around.middle, 8.0)
            if not self.around.middle:
                self.sheet.line(50, 34, self.sheet.width - 50, 34)

    def _end(self) -> None:
        bottom = self.sheet.height - self.edge
        if self.around.footer:
            self.sheet.text(50, bottom, self.around.footer, 8.0)
        number = self.around.number_text(self.page)
        if number:
            self.sheet.text((self.sheet.width - self._long(number, 9.0)) / 2, bottom, number, 9.0)
        self.sheet.end()

    def _long(self, text: str, size: float) -> float:
        return float(pdfmetrics.stringWidth(text, SONG, size))

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
        return wrapped(self.sheet.look, text, width * self.scale - 4)

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
        for line in wrapped(self.sheet.look, text, x1 - x0 - 4):
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
        for piece in joined(sorted(pieces)) if kind in ("long", "thin_long") else sorted(pieces):
            if kind in ("long", "sides", "both"):
                self.sheet.line(*piece)
            if kind in ("thin_long", "thin_sides", "both"):
                self._thin(piece)
            if kind == "mitred":
                self._mitred(piece)

    def _thin(self, side: Box) -> None:
        """A rule as a filled rectangle."""
        half = max(self.sheet.look.weight, 0.4) / 2
        self.sheet.area(side[0] - half, side[1] - half, side[2] + half, side[3] + half, self.sheet.look.ink)

    def _mitred(self, side: Box) -> None:
        """A rule as a polygon with slanting ends, as browsers draw borders."""
        x0, y0, x1, y1 = side
        half = max(self.sheet.look.weight, 0.5) / 2
        far = ((x1 + half, y0 - half), (x1 - half, y1 + half)) if y0 == y1 else ((x1 + half, y1 + half), (x1 - half, y1 - half))
        near = ((x0 + half, y1 + half),) if y0 == y1 else ((x0 - half, y1 - half),)
        last = [(x0 - half, y0 - half), *far, *near] if y0 == y1 else [(x0 - half, y0 - half), (x0 + half, y0 + half), far[1], far[0]]
        self.sheet.outline(last, fill=self.sheet.look.ink)
