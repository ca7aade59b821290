"""A page with a table whose cells are known, drawn upright in points from the top left, and set on a page in any way that PDF has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from raw_pdf import Font

Box = tuple[float, float, float, float]
Drawn = tuple[int, int, int, int, str, Box]
"""(row, col, rowspan, colspan, text, box on the page as shown)."""

HEADS = ("项目", "科目编码", "科目名称", "年初数", "本年收入", "本年支出", "合计", "小计")
WORDS = ("办公费", "印刷费", "水费", "电费", "邮电费", "差旅费", "维修费", "会议费", "培训费", "劳务费")
ASCII = {word: f"{name} {k}" for k, (name, word) in enumerate(zip("abcdefghijklmnopqr", HEADS + WORDS, strict=True))}
CHARACTERS = "".join(sorted(set("".join(HEADS + WORDS)) | set("0123456789.,-") | set("部门预算说明单位：万元某市表")))


@dataclass
class Table:
    """A table: its borders in points from the top left, its cells (row, col, rowspan, colspan, text)."""

    xs: list[float]
    ys: list[float]
    cells: list[tuple[int, int, int, int, str]]
    size: float

    def drawn(self) -> list[Drawn]:
        """Cells with their boxes."""
        return [(r, c, h, w, text, (self.xs[c], self.ys[r], self.xs[c + w], self.ys[r + h])) for r, c, h, w, text in self.cells]

    def with_text(self, texts: dict[tuple[int, int], str]) -> Table:
        """The same with other words in some cells."""
        cells = [(r, c, h, w, texts.get((r, c), text)) for r, c, h, w, text in self.cells]
        return Table(self.xs, self.ys, cells, self.size)

    def shifted(self, x: float, y: float) -> Table:
        """The same elsewhere."""
        return Table([one + x for one in self.xs], [one + y for one in self.ys], self.cells, self.size)


def made_table(random: Random, width: float, height: float, ascii_only: bool = False, size: float | None = None) -> Table:
    """A ruled table with a boxhead of two rows, a merged head, a stub of names and columns of figures, inside a page of that size."""
    size = size or random.choice((8.0, 9.0, 10.5, 12.0))
    columns, rows = random.randint(3, 5), random.randint(2, 6)
    wide = min((width - 120) / columns, 14 * size)
    xs = [60 + wide * k for k in range(columns + 1)]
    ys = [100 + size * 2.2 * k for k in range(rows + 3)]
    assert ys[-1] < height - 20
    heads = random.sample(HEADS, columns)
    cells = [(0, 0, 2, 1, heads[0]), (0, 1, 1, columns - 1, "合计")]
    cells += [(1, c, 1, 1, heads[c] if heads[c] != "合计" else "小计") for c in range(1, columns)]
    for r, name in enumerate(random.sample(WORDS, rows), 2):
        cells.append((r, 0, 1, 1, name))
        cells += [(r, c, 1, 1, figure(random)) for c in range(1, columns)]
    if ascii_only:
        cells = [(r, c, h, w, ASCII.get(text, text)) for r, c, h, w, text in cells]
    return Table(xs, ys, cells, size)


def figure(random: Random) -> str:
    """A figure as forms print it, or nothing."""
    amount = random.choice((0, random.randint(1, 99), random.randint(100, 99_999_999)))
    return random.choice(("", "-", f"{amount / 100:,.2f}", f"{amount / 100:.2f}", f"{-amount / 100:,.2f}", str(amount)))


@dataclass
class Sheet:
    """What is drawn on an upright page of `width` × `height`: content stream operators, in the page's own space (y upwards)."""

    width: float = 595.0
    height: float = 842.0
    ops: list[bytes] = field(default_factory=list)

    def raw(self, operators: bytes) -> Sheet:
        """Operators as they are."""
        self.ops.append(operators)
        return self

    def text(self, x: float, baseline: float, text: str, font: Font, size: float, how: bytes = b"", name: bytes = b"F") -> Sheet:
        """A run of text. Args: how: operators inside the text object (colour, mode, rise). name: of the font in the resources."""
        place = b"%.3f %.3f Td" % (x, self.height - baseline)
        return self.raw(b"BT /%s %.3f Tf %s %s %s Tj ET" % (name, size, place, how, font.encode(text)))

    def area(self, box: Box, colour: bytes = b"0 g") -> Sheet:
        """A filled rectangle."""
        x0, top, x1, bottom = box
        return self.raw(b"q %s %.3f %.3f %.3f %.3f re f Q" % (colour, x0, self.height - bottom, x1 - x0, bottom - top))

    def rules(self, table: Table) -> Sheet:
        """The borders of a table's cells, each side once."""
        boxes = [box for *_, box in table.drawn()]
        sides = {s for x0, t, x1, b in boxes for s in ((x0, t, x1, t), (x0, b, x1, b), (x0, t, x0, b), (x1, t, x1, b))}
        lines = b"".join(b"%.3f %.3f m %.3f %.3f l S " % (x0, self.height - y0, x1, self.height - y1) for x0, y0, x1, y1 in sorted(sides))
        return self.raw(b"q .5 w 0 G " + lines + b"Q")

    def words(self, table: Table, font: Font, how: bytes = b"", cells: Sequence[tuple[int, int]] | None = None) -> Sheet:
        """The text of a table's cells (or of those at `cells`): figures at the right, words at the left."""
        for r, c, _h, _, text, (x0, top, x1, bottom) in table.drawn():
            if text and (cells is None or (r, c) in cells):
                x = x1 - 2 - font.width(text) * table.size if text[-1].isdigit() and r > 1 else x0 + 2
                self.text(x, (top + bottom) / 2 + 0.36 * table.size, text, font, table.size, how)
        return self

    def table(self, table: Table, font: Font, how: bytes = b"") -> Sheet:
        """Rules and words."""
        return self.rules(table).words(table, font, how)

    def stream(self) -> bytes:
        """The operators."""
        return b"\n".join(self.ops)


def turned(content: bytes, width: float, height: float, quarter: int, origin: tuple[float, float] = (0.0, 0.0)) -> bytes:
    """Content of an upright page for a page whose box begins at `origin`, and which /Rotate then turns by `quarter` to be upright."""
    matrix = {0: (1, 0, 0, 1, 0, 0), 1: (0, 1, -1, 0, height, 0), 2: (-1, 0, 0, -1, width, height), 3: (0, -1, 1, 0, 0, width)}[quarter]
    a, b, c, d, e, f = matrix
    return b"q %d %d %d %d %.3f %.3f cm\n%s\nQ" % (a, b, c, d, e + origin[0], f + origin[1], content)


def sideways(box: Box, width: float, height: float, quarter: int) -> Box:
    """Where a box of an upright page stands if that page is shown turned anticlockwise by `quarter` (text runs upwards for 1)."""
    x0, top, x1, bottom = box
    if quarter == 1:
        return top, width - x1, bottom, width - x0
    if quarter == 2:
        return width - x1, height - bottom, width - x0, height - top
    if quarter == 3:
        return height - bottom, x0, height - top, x1
    return box
