"""Documents whose tables are ruled little or not at all, made from a seed, with what must be read from them.

`document(seed, style)` draws tables in one of `STYLES`; columns are told apart by white space from one em up. `negative(seed, kind)`
draws pages of `NEGATIVES` that look like columns and are no tables. Measures in points from the top left.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from random import Random

from open_table_plans import Cell, Plan, plan
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

STYLES = ("plain", "three", "four", "rows", "head", "zebra", "verticals", "columns")
"""No rules; three lines; four with short rules below spanning heads; rules between rows; one below the boxhead; fills; some verticals;
all verticals and a frame, but nothing between rows."""
SONG, LATIN = "STSong-Light", "Helvetica"
PROSE = (
    "本年度收支规模与上年基本持平，增减变动的主要原因是人员正常调整以及项目安排的变化，",
    "具体情况见下表。各单位应当按照规定的用途使用资金，不得擅自调整，确需调整的应当报批。",
    "以上数据为四舍五入后的结果，个别合计与分项之和可能略有出入，特此说明。",
)


@dataclass
class Expected:
    """A table as it must come back: cells as (row, col, rowspan, colspan, text) in reading order."""

    style: str
    kind: str
    pages: list[int]
    cells: list[Cell]
    head_rows: int
    rows: int
    columns: int


@dataclass
class Setting:
    """How a document is set. `gap`: white between columns in ems; `leading`: line pitch in ems; `padding` above and below a row."""

    style: str
    size: float
    gap: float
    leading: float
    padding: float
    figures_font: str
    align: str
    head_align: str
    valign: str
    head_valign: str
    stretch: bool
    weight: float
    titles: bool
    outer: bool


def setting(random: Random, style: str) -> Setting:
    """A way of setting tables."""
    return Setting(
        style=style,
        size=random.choice((7.5, 8.0, 9.0, 10.5, 12.0)),
        gap=random.choice((1.0, 1.0, 1.3, 1.7, 2.2, 3.0, 5.0)),
        leading=random.choice((1.1, 1.2, 1.3)),
        padding=random.choice((1.0, 2.0, 3.0, 5.0, 8.0)),
        figures_font=random.choice((SONG, LATIN)),
        align=random.choice(("right",) * 6 + ("centre", "decimal", "left")),
        head_align=random.choice(("centre", "centre", "same")),
        valign=random.choice(("middle", "middle", "top", "bottom")),
        head_valign=random.choice(("middle", "middle", "bottom")),
        stretch=random.random() < 0.5,
        weight=random.choice((0.4, 0.7, 1.2)),
        titles=random.random() < 0.7,
        outer=random.random() < 0.5,
    )


def width_of(text: str, size: float, latin: str) -> float:
    """Width of a text whose ASCII characters are set in `latin`."""
    return sum(pdfmetrics.stringWidth(part, font, size) for part, font in runs(text, latin))


def runs(text: str, latin: str) -> list[tuple[str, str]]:
    """Parts of a text with their fonts."""
    found: list[tuple[str, str]] = []
    for char in text:
        font = latin if ord(char) < 128 else SONG
        if found and found[-1][1] == font:
            found[-1] = (found[-1][0] + char, font)
        else:
            found.append((char, font))
    return found


def wrapped(text: str, size: float, latin: str, width: float) -> list[str]:
    """Lines of a text in a width; figures stay whole."""
    if not text or width_of(text, size, latin) <= width or text[-1].isdigit():
        return [text] if text else []
    lines, line = [], ""
    for char in text:
        if line and width_of(line + char, size, latin) > width + 0.01:
            lines.append(line)
            line = ""
        line += char
    return [*lines, line]


@dataclass
class Layout:
    """A plan set in columns: content boxes `left[k]`–`right[k]`, wrapped lines per cell, row heights."""

    one: Plan
    left: list[float]
    right: list[float]
    heights: list[float]
    lines: dict[tuple[int, int], list[str]] = field(default_factory=dict)


class Page:
    """The sheet being drawn."""

    def __init__(self, canvas: Canvas, how: Setting) -> None:
        self.canvas, self.how, self.number = canvas, how, 1
        self.width, self.height = 595.0, 842.0

    def text(self, x: float, baseline: float, text: str, size: float) -> None:
        for part, font in runs(text, self.how.figures_font):
            self.canvas.setFont(font, size)
            self.canvas.drawString(x, self.height - baseline, part)
            x += pdfmetrics.stringWidth(part, font, size)

    def rule(self, x0: float, y0: float, x1: float, y1: float, weight: float) -> None:
        self.canvas.setLineWidth(weight)
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def next(self) -> None:
        self.canvas.drawString(self.width / 2 - 4, 30, str(self.number))
        self.canvas.showPage()
        self.number += 1


def layout(random: Random, one: Plan, how: Setting, width: float) -> Layout:
    """Columns as wide as their contents, as far as the page allows; names wrap first."""
    size, latin = how.size, how.figures_font
    columns = one.columns

    def natural(col: int, least: float) -> float:
        body = [width_of(row[col], size, latin) + one.indent(r, col) * size for r, row in enumerate(one.body)]
        heads = [width_of(text, size, latin) for r, c, _, wide, text in one.head if c == col and wide == 1]
        head = min(max(heads, default=0.0), max(least, *body))
        return max([*(min(b, one.most[col] * size) for b in body), min(head, one.most[col] * size), least])

    widths = [natural(col, (2.0 if random.random() < 0.3 else 3.2) * size) for col in range(columns)]
    gap = how.gap * size
    if how.stretch and columns > 1:
        gap = max(gap, min((width - sum(widths)) / (columns - 1), 6 * size))
    # Spanning heads must fit as well.
    for _, c, _, wide, text in one.head:
        if wide > 1:
            missing = width_of(text, size, latin) - (sum(widths[c : c + wide]) + gap * (wide - 1))
            if missing > 0:
                widths[c] += missing
    total = sum(widths) + gap * (columns - 1)
    x = (595.0 - total) / 2
    left, right = [], []
    for w in widths:
        left.append(x)
        right.append(x + w)
        x += w + gap
    made = Layout(one, left, right, [])
    for r, c, _, wide, text in one.cells():
        made.lines[r, c] = wrapped(text, size, latin, right[c + wide - 1] - left[c] - one.indent(r - one.head_rows, c) * size + 0.05)
    pitch = how.leading * size
    heights = [pitch] * (one.head_rows + len(one.body))
    for high in sorted({cell[2] for cell in one.cells()}):
        for r, c, rowspan, _, _ in one.cells():
            if rowspan == high:
                missing = len(made.lines[r, c]) * pitch - sum(heights[r : r + rowspan]) - 2 * how.padding * (rowspan - 1)
                if missing > 0:
                    heights[r + rowspan - 1] += missing
    made.heights = [h + 2 * how.padding for h in heights]
    return made


def fits(made: Layout) -> bool:
    """Whether it stands on the page."""
    return made.left[0] >= 25


def draw(page: Page, made: Layout, top: float, rows: range) -> float:
    """Draws some rows (boxhead included where they begin at 0) below `top`; returns the lower border."""
    ys = {}
    y = top
    for row in rows:
        ys[row] = y
        y += made.heights[row]
    ys[rows[-1] + 1] = y
    _fills(page, made, ys, rows)
    for r, c, high, wide, text in made.one.cells():
        if r in rows and text:
            _cell(page, made, (r, c, wide), (ys[r], ys[min(r + high, rows[-1] + 1)]))
    _rules(page, made, ys, rows)
    return y


def _cell(page: Page, made: Layout, at: tuple[int, int, int], between: tuple[float, float]) -> None:
    how, one = page.how, made.one
    r, c, wide = at
    lines = made.lines[r, c]
    head = r < one.head_rows
    size, pitch = how.size, how.leading * how.size
    x0, x1 = made.left[c] + one.indent(r - one.head_rows, c) * size, made.right[c + wide - 1]
    valign = how.head_valign if head else how.valign
    free = between[1] - between[0] - len(lines) * pitch
    y = between[0] + {"top": how.padding, "middle": free / 2, "bottom": free - how.padding}[valign] + (pitch + 0.72 * size) / 2
    align = "left" if c in one.texts else how.align
    if head:
        align = "centre" if how.head_align == "centre" or wide > 1 else "right" if align == "decimal" else align
    for line in lines:
        long = width_of(line, size, how.figures_font)
        if align == "decimal" and line[-1:].isdigit() and "." in line:
            x = x1 - width_of(".000", size, how.figures_font) - width_of(line.split(".")[0], size, how.figures_font)
            x = min(max(x, x0), x1 - long)
        else:
            x = {"left": x0, "centre": (x0 + x1 - long) / 2}.get(align, x1 - long)
        page.text(x, y, line, size)
        y += pitch


def _fills(page: Page, made: Layout, ys: dict[int, float], rows: range) -> None:
    if page.how.style != "zebra":
        return
    for row in rows:
        if (row - made.one.head_rows) % 2 == 0 or row == 0:
            page.canvas.setFillGray(0.92)
            high = ys[row + 1] - ys[row]
            page.canvas.rect(made.left[0] - 3, page.height - ys[row + 1], made.right[-1] - made.left[0] + 6, high, stroke=0, fill=1)
            page.canvas.setFillGray(0)


def _rules(page: Page, made: Layout, ys: dict[int, float], rows: range) -> None:
    how, one = page.how, made.one
    x0, x1 = made.left[0] - 3, made.right[-1] + 3
    first, last, under = ys[rows[0]], ys[rows[-1] + 1], ys.get(one.head_rows)
    with_head = rows[0] == 0
    if how.style in ("three", "four"):
        page.rule(x0, first, x1, first, how.weight * 2)
        page.rule(x0, last, x1, last, how.weight * 2)
        if with_head and under is not None:
            page.rule(x0, under, x1, under, how.weight)
    elif how.style == "head" and with_head and under is not None:
        page.rule(x0, under, x1, under, how.weight)
    elif how.style in ("rows", "verticals"):
        for row in rows:
            inner = row < one.head_rows and row > 0
            if not inner and (row != rows[0] or how.outer):
                page.rule(x0, ys[row], x1, ys[row], how.weight)
        if how.outer:
            page.rule(x0, last, x1, last, how.weight)
    if how.style == "four" or (how.style in ("rows", "verticals", "columns") and one.head_rows > 1):
        for r, c, high, wide, _ in one.head:
            if wide > 1 and r in rows and r + high < one.head_rows:
                y = ys[r + high]
                page.rule(made.left[c] - 2, y, made.right[c + wide - 1] + 2, y, how.weight / 2)
    if how.style == "columns":
        for y in (first, last, *([under] if with_head and under is not None else [])):
            page.rule(x0, y, x1, y, how.weight)
        for x in (x0, x1):
            page.rule(x, first, x, last, how.weight)
    if how.style in ("verticals", "columns"):
        for col in one.borders if how.style == "verticals" else range(1, one.columns):
            x = (made.right[col - 1] + made.left[col]) / 2
            inside = [(r, c, wide) for r, c, _, wide, _ in one.head if c < col < c + wide]
            y = max([first, *(ys[r + 1] for r, _, _ in inside if r + 1 in ys)]) if with_head else first
            page.rule(x, y, x, last, how.weight)


def document(seed: int, style: str) -> tuple[bytes, list[Expected]]:
    """The bytes of a PDF with one to three tables, and what they hold."""
    random = Random(f"{style} {seed}")
    fonts()
    how = setting(random, style)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    page = Page(canvas, how)
    top = 60.0
    expected = []
    for number in range(random.choice((1, 1, 2, 3))):
        made = layout(random, plan(random), how, 500.0)
        while not fits(made):
            made = layout(random, plan(random), how, 500.0)
        top = _table(random, page, made, top, expected, number)
    page.next()
    canvas.save()
    return out.getvalue(), expected


def _table(random: Random, page: Page, made: Layout, top: float, expected: list[Expected], number: int) -> float:
    one, bottom = made.one, page.height - 70
    if number and random.random() < 0.6 and top < bottom - 200:
        top = prose(random, page, top + 14)
    if top + 60 + sum(made.heights[: one.head_rows + 4]) > bottom:
        page.next()
        top = 60.0
    top = _heading(random, page, made, top)
    rows, head = one.head_rows + len(one.body), one.head_rows
    pages, cells, start = [], one.cells(), 0
    again = random.random() < 0.6
    while start < rows:
        above = sum(made.heights[:head]) if start and again else 0.0
        stop = start
        while stop < rows and top + above + sum(made.heights[start : stop + 1]) <= bottom:
            stop += 1
        stop = max(stop, start + 1)
        pages.append(page.number)
        if start and again:
            draw_again = range(head)
            top = draw(page, made, top, draw_again)
        top = draw(page, made, top, range(start, stop))
        start = stop
        if start < rows:
            page.next()
            top = 60.0
    expected.append(Expected(page.how.style, one.kind, pages, cells, head, rows, one.columns))
    return top + 16


def _heading(random: Random, page: Page, made: Layout, top: float) -> float:
    """Title and unit above a table."""
    if not page.how.titles:
        return top + 8
    title = random.choice(("收支预算总表", "支出预算明细表", "部门收入预算表", "项目支出情况表", "资产情况表"))
    size = page.how.size + random.choice((0, 2, 4))
    page.text((page.width - width_of(title, size, SONG)) / 2, top + size, title, size)
    unit = random.choice(("单位：万元", "金额单位：元"))
    page.text(made.right[-1] - width_of(unit, page.how.size, SONG), top + size + page.how.size * 1.7, unit, page.how.size)
    return top + size + page.how.size * 2.2


def prose(random: Random, page: Page, top: float) -> float:
    """A few lines of running text."""
    size = max(9.0, page.how.size)
    per_line = int(480 / size)
    text = "　　" + "".join(random.choice(PROSE) for _ in range(random.choice((1, 2, 3))))
    for start in range(0, len(text), per_line):
        page.text(57, top + size, text[start : start + per_line], size)
        top += size * 1.6
    return top + 6


def fonts() -> None:
    """Makes the font known that all Chinese text is set in."""
    if SONG not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(SONG))
