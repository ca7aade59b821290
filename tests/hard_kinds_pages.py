"""Kinds of pages: several tables on one, and drawings that are no tables, alone or beside one. See `hard_kinds`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from random import Random

from hard_kinds import Kind, Made, plain_look
from hard_look import BLACK, Look
from hard_pages import Page, paper
from hard_shapes import table
from hard_sheet import Sheet

PROSE = "本单位二〇二五年收入预算为一千二百万元，比上年增加三十万元。"
RED = (0.8, 0.1, 0.1)
Drawing = Callable[[Page], None]


def _some_rules(random: Random) -> Look:
    return plain_look(random, rules=random.choice(("long", "sides", "thin_sides", "boxes", "mitred")), size=random.choice((6.0, 7.0, 8.0)))


def _side_by_side(random: Random) -> Made:
    """Two tables beside each other."""
    apart = random.choice((6.0, 12.0, 40.0))

    def draw(page: Page) -> None:
        left = 40.0
        for _ in range(2):
            shape = table(random, random.randint(2, 7), random.randint(1, 2), 1)
            page.expect(shape)
            page.put(shape, left=left, width=250.0 - apart / 2)
            left += 250.0 + apart / 2

    return paper(_some_rules(random), random, draw)


def _stacked(count: int, apart: tuple[float, ...]) -> Kind:
    """Tables with the same columns, one below the other, so far apart."""

    def make(random: Random) -> Made:
        def draw(page: Page) -> None:
            figures, top = random.randint(1, 3), 70.0
            gap = random.choice(apart)
            for _ in range(count):
                shape = table(random, random.randint(2, 5), figures, 2)
                shape.weights = [6.0, 11.0] + [7.0] * figures
                page.expect(shape)
                top = page.put(shape, top=top)[3] + gap

        return paper(_some_rules(random), random, draw)

    return make


def _nested(random: Random) -> Made:
    """A table inside a cell of another one: both are read, the cell around it has its own text."""
    look = _some_rules(random)

    def draw(page: Page) -> None:
        outer = table(random, 4, 1, 1)
        outer.weights = [5.0, 20.0]
        outer.cells = [(r, c, h, w, "" if (r, c) == (2, 1) else text) for r, c, h, w, text in outer.cells]
        inner = table(random, random.randint(2, 4), 2, 1)
        page.expect(outer)
        page.expect(inner)
        ys = [80.0, 100.0, 120.0, 320.0, 340.0, 360.0]
        page.draw(outer, [40.0, 140.0, 540.0], ys)
        page.put(inner, left=160.0, top=135.0, width=350.0, least=16.0)

    return paper(look, random, draw)


def _beside(drawing: Drawing) -> Kind:
    """A page with a table at its head and something below that is none."""

    def make(random: Random) -> Made:
        def draw(page: Page) -> None:
            shape = table(random, random.randint(2, 5), random.randint(1, 3), 2)
            page.expect(shape)
            page.put(shape, left=110.0, top=110.0)
            drawing(page)

        return paper(_some_rules(random), random, draw)

    return make


def _alone(drawing: Drawing) -> Kind:
    """A page without any table."""
    return lambda random: paper(replace(_some_rules(random), size=9.0), random, drawing)


def _box(sheet: Sheet, x0: float, top: float, x1: float, bottom: float, text: str = "") -> None:
    sheet.outline([(x0, top), (x1, top), (x1, bottom), (x0, bottom)], close=True)
    sheet.fit((x0, top, x1, bottom), text, "centre", bold=False)


def _contents(page: Page) -> None:
    """Names, dots and page numbers, each line on a white fill."""
    sheet = page.sheet
    for k in range(page.random.randint(6, 20)):
        base = 420.0 + 18 * k
        sheet.area(60, base - 11, 530, base + 4, (1.0, 1.0, 1.0))
        sheet.text(70, base, f"第{k + 1}部分 部门预算说明" + "." * 60, 9.0)
        sheet.text(515, base, str(k + 1), 9.0)


def _boxes(page: Page) -> None:
    """Text in boxes: one, several below or beside each other."""
    random = page.random
    across, down = random.choice(((1, 1), (1, 3), (2, 1), (3, 1), (2, 2)))
    for i in range(across):
        for j in range(down):
            x, y = 60.0 + 160 * i, 420.0 + 70 * j
            _box(page.sheet, x, y, x + 140, y + 50, "预算编制说明")


def _chart_of_offices(page: Page) -> None:
    """An organisation chart: boxes joined by lines, one, two or three levels."""
    sheet, random = page.sheet, page.random
    count = random.randint(3, 6)
    _box(sheet, 250, 420, 350, 445, "某某局")
    sheet.line(300, 445, 300, 465)
    first, last = 70.0, 530.0
    step = (last - first) / (count - 1)
    sheet.line(first, 465, last, 465)
    for k in range(count):
        x = first + step * k
        sheet.line(x, 465, x, 485)
        _box(sheet, x - 0.4 * step, 485, x + 0.4 * step, 515, f"科室{k + 1}")
        if random.random() < 0.5:
            sheet.line(x, 515, x, 535)
            _box(sheet, x - 0.4 * step, 535, x + 0.4 * step, 560, "股")


def _bars(page: Page) -> None:
    """Bars on a grid with an axis, filled or outlined, single or stacked."""
    sheet, random = page.sheet, page.random
    kind = random.choice(("filled", "outlined", "stacked", "clustered"))
    for k in range(6):
        sheet.line(100, 420 + 40 * k, 500, 420 + 40 * k)
        sheet.text(70, 424 + 40 * k, str(1000 - 200 * k), 8.0)
    sheet.line(100, 420, 100, 620)
    if random.random() < 0.5:
        sheet.line(500, 420, 500, 620)
    for k in range(random.randint(3, 6)):
        left, top = 125.0 + 62 * k, 620.0 - random.uniform(30, 170)
        if kind == "outlined":
            _box(sheet, left, top, left + 30, 620)
        elif kind == "stacked":
            middle = (top + 620) / 2
            sheet.area(left, top, left + 30, middle, (0.3, 0.5, 0.7))
            sheet.area(left, middle, left + 30, 620, (0.8, 0.5, 0.3))
        else:
            sheet.area(left, top, left + 20, 620, (0.3, 0.5, 0.7))
            if kind == "clustered":
                sheet.area(left + 20, top + 15, left + 40, 620, (0.8, 0.5, 0.3))
        sheet.text(left, top - 4, "12.5", 8.0)
        sheet.text(left, 634, f"{2020 + k}年", 8.0)


def _pie(page: Page) -> None:
    """A pie in colours and its key."""
    canvas = page.sheet.canvas
    for k in range(5):
        canvas.setFillColorRGB(0.2 * k, 0.5, 1 - 0.2 * k)
        canvas.wedge(200, 150, 360, 310, 72 * k, 72, stroke=1, fill=1)
        page.sheet.area(400, 560 + 16 * k, 408, 568 + 16 * k, (0.2 * k, 0.5, 1 - 0.2 * k))
        page.sheet.text(414, 568 + 16 * k, f"基本支出 {20 + k}.0%", 8.0)


def _seal(page: Page) -> None:
    """A round red seal with a star, and a line to sign on."""
    canvas, sheet = page.sheet.canvas, page.sheet
    canvas.setStrokeColorRGB(*RED)
    canvas.setLineWidth(2)
    canvas.circle(400, 250, 55, stroke=1, fill=0)
    points = [(400 + 20 * math.cos(math.radians(90 + 144 * k)), 592 - 20 * math.sin(math.radians(90 + 144 * k))) for k in range(5)]
    sheet.outline(points, fill=RED)
    sheet.text(120, 600, "负责人（签字）：", 10.0)
    sheet.line(200, 603, 330, 603)
    sheet.text(120, 630, "填表人：", 10.0)
    sheet.line(165, 633, 330, 633)


def _page_border(page: Page) -> None:
    """A border around the whole page, single or double, and lines of text."""
    sheet = page.sheet
    for inset in (30.0, 33.0)[: page.random.randint(1, 2)]:
        _box(sheet, inset, inset, sheet.width - inset, sheet.height - inset)
    for k in range(6):
        sheet.text(80, 480 + 16 * k, PROSE, 9.0)


def _cover(page: Page) -> None:
    """A cover: a frame, coloured bands, a title between rules."""
    sheet = page.sheet
    sheet.area(0, 400, sheet.width, 470, (0.2, 0.3, 0.6))
    sheet.area(0, 478, sheet.width, 486, (0.8, 0.2, 0.2))
    _box(sheet, 80, 520, 515, 700)
    sheet.line(120, 560, 475, 560)
    sheet.text(180, 600, "某某市财政局部门预算", 20.0)
    sheet.line(120, 640, 475, 640)


def _marked_words(page: Page) -> None:
    """Lines of text with underlined, struck out and coloured words."""
    sheet = page.sheet
    for k in range(8):
        base = 430 + 16 * k
        sheet.area(60 + 27 * k, base - 9, 130 + 27 * k, base + 3, (1.0, 0.95, 0.5))
        sheet.text(60, base, PROSE, 9.0)
        sheet.line(100, base + 2, 200, base + 2)
        sheet.line(230, base - 3, 280, base - 3)


def _flow(page: Page) -> None:
    """A flow chart: boxes one below the other, joined by arrows."""
    sheet = page.sheet
    for k in range(4):
        top = 420.0 + 60 * k
        _box(sheet, 200, top, 400, top + 30, "编制预算草案")
        if k < 3:
            sheet.line(300, top + 30, 300, top + 60)
            sheet.outline([(297, top + 55), (303, top + 55), (300, top + 60)], fill=BLACK)
    sheet.line(400, 435, 460, 435)
    sheet.line(460, 435, 460, 615)
    sheet.line(460, 615, 400, 615)


def _tiles(page: Page) -> None:
    """Coloured tiles with a figure each, apart from each other."""
    for k in range(3):
        x = 70.0 + 160 * k
        page.sheet.area(x, 430, x + 140, 500, (0.85, 0.9, 0.96))
        page.sheet.text(x + 20, 460, f"{k + 1},234.50", 14.0)
        page.sheet.text(x + 20, 485, "收入合计（万元）", 9.0)


NO_TABLES: dict[str, Drawing] = {
    "a contents page": _contents,
    "text in boxes": _boxes,
    "an organisation chart": _chart_of_offices,
    "a bar chart": _bars,
    "a pie chart": _pie,
    "a seal and lines to sign on": _seal,
    "a page border": _page_border,
    "a cover": _cover,
    "marked words": _marked_words,
    "a flow chart": _flow,
    "coloured tiles": _tiles,
}
PAGE_KINDS: dict[str, Kind] = {
    "two tables side by side": _side_by_side,
    "two tables four to ten points apart": _stacked(2, (4.0, 6.0, 10.0)),
    "three tables": _stacked(3, (12.0, 30.0)),
    "a table in a cell": _nested,
    **{f"{name} alone": _alone(drawing) for name, drawing in NO_TABLES.items()},
    **{f"{name} below a table": _beside(drawing) for name, drawing in NO_TABLES.items()},
}
