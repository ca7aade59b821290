"""Documents with tables drawn the way many programs draw them, made from a seed, with what must be read from them.

Word processors, spreadsheets and browsers differ in how a rule gets on paper (strokes, thin filled rectangles, mitred polygons, both,
dashes, a piece per cell side), in what lies behind cells (white and zebra fills, clips), in how text is set (an object per glyph,
spread out, wrapped in narrow cells, printed twice as bold) and in how tables go over pages. `document(seed)` mixes these at random.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
WORDS = (
    "基本工资 津贴补贴 社会保障和就业支出 商品和服务支出 办公费 印刷费 水费 电费 差旅费 因公出国（境）费 公务接待费 住房公积金 行政运行 "
    "一般行政管理事务 其他支出 事业单位医疗 机关事业单位基本养老保险缴费支出 维修（护）费 会议费、培训费 信息网络及软件购置更新 项目支出 "
    "“三公”经费 专用材料费 劳务费 委托业务费 对个人和家庭的补助 离休费 退休费 资本性支出 卫生健康支出"
).split()
HEADS = "合计 小计 基本支出 项目支出 财政拨款 事业收入 经营收入 其他收入 人员经费 公用经费 上年结转 本年收入 政府性基金 单位资金".split()
TITLES = (
    "收支总表",
    "收入总表",
    "支出总表",
    "财政拨款收支总表",
    "一般公共预算支出表",
    "基本支出表",
    "政府性基金预算支出表",
    "项目支出表",
    "政府采购表",
)
Cell = tuple[int, int, int, int, str]
"""(row, col, rowspan, colspan, text)."""


@dataclass
class Expected:
    """A table as it must come back: its title, pages and cells in reading order."""

    title: str
    pages: list[int] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)


@dataclass
class Look:
    """How a document is drawn."""

    rules: str
    weight: float
    grey: float
    size: float
    behind: str
    text: str
    bold: str
    clip: bool
    overshoot: float
    gap: float
    shift: float
    open_sides: bool
    turn: int
    wide: bool
    origin: tuple[float, float]
    sideways: bool
    frame: str
    form: bool
    drift: float
    narrow: float
    overrun: bool
    titles_again: bool
    around: str


def look(random: Random) -> Look:
    """A way of drawing. `drift`: a page's table stands that much further right; `around`: what else is on the pages."""
    rules = random.choice(("long", "sides", "thin_long", "thin_sides", "both", "boxes", "mitred", "dashes", "polyline"))
    return Look(
        rules=rules,
        weight=random.choice((0.25, 0.48, 0.75, 1.0, 1.5)),
        grey=random.choice((0.0, 0.0, 0.0, 0.4, 0.75)),
        size=random.choice((7.0, 8.0, 9.0, 10.5, 12.0)),
        behind=random.choice(("nothing", "nothing", "white", "zebra", "head")),
        text=random.choice(("runs", "runs", "glyphs", "spread", "spaces")),
        bold=random.choice(("none", "twice", "mode")),
        clip=random.random() < 0.3,
        overshoot=random.choice((0.0, 0.0, 1.0)) if rules in ("long", "thin_long") else 0.0,
        gap=random.choice((0.0, 0.6)) if rules in ("sides", "thin_sides") else 0.0,
        shift=random.choice((0.0, 0.0, 1.9)) if rules == "sides" else 0.0,
        open_sides=rules in ("long", "thin_long") and random.random() < 0.3,
        turn=random.choice((0, 0, 0, 90, 180, 270)),
        wide=random.random() < 0.4,
        origin=random.choice(((0.0, 0.0), (0.0, 0.0), (20.0, 40.0))),
        sideways=random.random() < 0.2,
        frame=random.choice(("none", "none", "double", "thick")),
        form=random.random() < 0.2,
        drift=random.choice((0.0, 0.0, 0.4, 3.0)),
        narrow=random.choice((3.6, 5.0, 6.0)),
        overrun=random.random() < 0.3,
        titles_again=random.random() < 0.3,
        around=random.choice(("nothing", "nothing", "prose", "running", "box")),
    )


@dataclass
class Plan:
    """A table before it is drawn: column widths, boxhead, body, whose rows have text per column or are merged downwards in column 0."""

    title: str
    widths: list[float]
    head: list[Cell]
    head_rows: int
    body: list[list[str]]
    merged_down: dict[int, int]
    totals: set[int]
    stub: int


def plan(random: Random, title: str, width: float, rows: int, one_look: Look) -> Plan:
    """A table that fills so many points across."""
    stub = random.choice((1, 2, 2, 4))
    figures = random.randint(2, max(2, min(7, int(width / (7 * one_look.size)) - stub)))
    widths = {1: [14.0], 2: [7.0, 12.0], 4: [3.6, 3.6, 3.6, 12.0]}[stub] + [random.uniform(one_look.narrow, 8.0) for _ in range(figures)]
    scale = width / sum(widths)
    widths = [round(w * scale, random.choice((0, 1, 2))) for w in widths]
    head, depth = boxhead(random, stub, figures)
    body = [row(random, stub, figures, blank=random.random() < 0.05) for _ in range(rows)]
    empty = random.randrange(figures + 1) if random.random() < 0.4 else figures
    for one in body:
        if empty < figures:
            one[stub + empty] = ""
    merged: dict[int, int] = {}
    if stub == 2 and random.random() < 0.4:
        at = 0
        while at < rows:
            high = min(rows - at, random.choice((1, 2, 3)))
            merged[at] = high
            for k in range(at, at + high):
                body[k][0] = WORDS[k % len(WORDS)] if k == at else ""
            at += high
    totals = set() if merged or stub == 1 else {k for k in (0, rows - 1) if random.random() < 0.5}
    for k in totals:
        body[k] = ["合计"] + [""] * (stub - 1) + [money(random) for _ in range(figures)]
    return Plan(title, widths, head, depth, body, merged, totals, stub)


def boxhead(random: Random, stub: int, figures: int) -> tuple[list[Cell], int]:
    """Headings in one to three rows; groups span their parts."""
    depth = random.choice((1, 2, 2, 3)) if figures >= 3 else 1
    start = random.randint(0, max(figures - 2, 0))
    end = random.randint(min(start + depth, figures), figures)
    depth = min(depth, end - start)
    names = random.sample(HEADS, figures)
    stubs = {1: ["项目"], 2: ["科目编码", "科目名称"], 4: ["类", "款", "项", "科目名称"]}[stub]
    if depth == 1:
        return [(0, k, 1, 1, text) for k, text in enumerate(stubs + names)], 1
    cells: list[Cell] = []
    if stub == 4:
        cells += [(0, 0, depth - 1, 3, "科目编码")] + [(depth - 1, k, 1, 1, stubs[k]) for k in range(3)] + [(0, 3, depth, 1, stubs[3])]
    else:
        cells += [(0, k, depth, 1, text) for k, text in enumerate(stubs)]
    for k in range(figures):
        if not start <= k < end:
            cells.append((0, stub + k, depth, 1, names[k]))
    cells.append((0, stub + start, 1, end - start, "本年支出"))
    if depth == 3:
        cells.append((1, stub + start, 2, 1, names[start]))
        cells.append((1, stub + start + 1, 1, end - start - 1, "其中"))
        cells += [(2, stub + k, 1, 1, names[k]) for k in range(start + 1, end)]
    else:
        cells += [(1, stub + k, depth - 1, 1, names[k]) for k in range(start, end)]
    return sorted(cells), depth


def money(random: Random) -> str:
    """A figure as printed."""
    value = random.uniform(0.01, 99999.0)
    return random.choice(("", f"{value:,.2f}", f"{value:,.2f}", f"{value:.2f}", "0.00", f"{int(value):,}", f"-{value:,.2f}"))


def row(random: Random, stub: int, figures: int, blank: bool) -> list[str]:
    """A row of the body; blank ones stay on paper too."""
    if blank:
        return [""] * (stub + figures)
    code = f"{random.randint(201, 230)}{random.randint(1, 20):02d}{random.randint(1, 99):02d}"
    name = random.choice(WORDS)
    labels = {1: [name], 2: [code, name], 4: [code[:3], code[3:5], code[5:], name]}[stub]
    return labels + [money(random) for _ in range(figures)]


def wrapped(text: str, size: float, width: float) -> list[str]:
    """Lines of a text set in a width; figures break anywhere, as spreadsheets do."""
    lines, line = [], ""
    for char in text:
        if line and pdfmetrics.stringWidth(line + char, FONT, size) > width:
            lines.append(line)
            line = ""
        line += char
    return [*lines, line] if line else lines


class Sheet:
    """A page of a canvas to draw on from the top left, as it is shown."""

    def __init__(self, canvas: Canvas, one: Look, random: Random) -> None:
        self.canvas, self.look, self.random = canvas, one, random
        self.width, self.height = (842.0, 595.0) if one.wide else (595.0, 842.0)
        self.number = 0

    def begin(self) -> None:
        """Sets the page's box, turn and matrix."""
        canvas, one = self.canvas, self.look
        self.number += 1
        w, h = (self.width, self.height) if one.turn % 180 == 0 else (self.height, self.width)
        x, y = one.origin
        media = (w + 2 * x, h + 2 * y)
        rotate = 0 if one.sideways else one.turn
        canvas.setPageSize(media if rotate % 180 == 0 else media[::-1])  # reportlab takes the size of the page as shown
        canvas.setPageRotation(rotate)
        if x:
            canvas.setCropBox((x, y, x + w, y + h))
        if one.form:
            canvas.beginForm(f"page{self.number}", -50, -50, 1000, 1000)
            x, y = x - 11.0, y + 7.0  # put right where the form is painted
        canvas.translate(x, y)
        if one.turn == 90:
            canvas.transform(0, 1, -1, 0, w, 0)
        elif one.turn == 180:
            canvas.transform(-1, 0, 0, -1, w, h)
        elif one.turn == 270:
            canvas.transform(0, -1, 1, 0, 0, h)

    def end(self) -> None:
        """Paints the form that holds the page, where there is one, and closes the page."""
        if self.look.form:
            self.canvas.endForm()
            self.canvas.translate(11.0, -7.0)
            self.canvas.doForm(f"page{self.number}")
        self.canvas.showPage()

    def area(self, x0: float, top: float, x1: float, bottom: float, grey: float) -> None:
        """A filled rectangle."""
        self.canvas.setFillGray(grey)
        self.canvas.rect(x0, self.height - bottom, x1 - x0, bottom - top, stroke=0, fill=1)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A stroke."""
        self.canvas.setStrokeGray(self.look.grey)
        self.canvas.setLineWidth(self.look.weight)
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def thin(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A rule as a filled rectangle."""
        half = max(self.look.weight, 0.4) / 2
        self.area(x0 - half, y0 - half, x1 + half, y1 + half, self.look.grey)

    def mitred(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A rule as a polygon with slanting ends, as browsers draw borders."""
        half = max(self.look.weight, 0.5) / 2
        path = self.canvas.beginPath()
        corners = (
            ((x0 - half, y0 - half), (x1 + half, y0 - half), (x1 - half, y1 + half), (x0 + half, y1 + half))
            if y0 == y1
            else ((x0 - half, y0 - half), (x0 + half, y0 + half), (x1 + half, y1 - half), (x1 - half, y1 + half))
        )
        for k, (x, y) in enumerate(corners):
            (path.moveTo if k == 0 else path.lineTo)(x, self.height - y)
        path.close()
        self.canvas.setFillGray(self.look.grey)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def dashes(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A rule as dashes drawn one by one."""
        length = math.hypot(x1 - x0, y1 - y0)
        step, at = 4.0, 0.0
        while at < length:
            a, b = at / length, min(at + 2.4, length) / length
            self.line(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a, x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)
            at += step

    def text(self, x: float, baseline: float, text: str, size: float, bold: bool = False) -> None:
        """A line of text, set as the look says."""
        canvas, one = self.canvas, self.look
        canvas.setFillGray(0)
        canvas.setFont(FONT, size)
        y = self.height - baseline
        mode = 2 if bold and one.bold == "mode" else None
        if mode:
            canvas.setStrokeGray(0)
            canvas.setLineWidth(0.2)
        for again in range(2 if bold and one.bold == "twice" else 1):
            if one.text == "glyphs":
                at = x + again * 0.3
                for char in text:
                    canvas.drawString(at, y, char, mode=mode)
                    at += pdfmetrics.stringWidth(char, FONT, size)
            else:
                canvas.drawString(x + again * 0.3, y, text + (" " if one.text == "spaces" else ""), mode=mode)

    def fit(self, box: tuple[float, float, float, float], text: str, align: str, bold: bool) -> None:
        """A text in a cell, wrapped."""
        if not text:
            return
        x0, top, x1, bottom = box
        size = self.look.size
        lines = wrapped(text, size, x1 - x0 - 4)
        high = len(lines) * size * 1.15
        baseline = (top + bottom - high) / 2 + size * 0.92
        if self.look.clip:
            self.canvas.saveState()
            path = self.canvas.beginPath()
            path.rect(x0, self.height - bottom, x1 - x0, bottom - top)
            self.canvas.clipPath(path, stroke=0, fill=0)
        for line in lines:
            long = pdfmetrics.stringWidth(line, FONT, size)
            spread = self.look.text == "spread" and len(lines) == 1 and 2 <= len(line) <= 4 and all(ord(c) > 0x4E00 for c in line)
            if spread and x1 - x0 > 2.2 * long:
                for k, char in enumerate(line):  # 信 息 网 络
                    self.text(x0 + 2 + k * size * 1.9, baseline, char, size, bold)
            else:
                x = {"left": x0 + 2, "right": x1 - 2 - long, "centre": (x0 + x1 - long) / 2}[align]
                self.text(x, baseline, line, size, bold)
            baseline += size * 1.15
        if self.look.clip:
            self.canvas.restoreState()


def draw_rules(sheet: Sheet, xs: list[float], ys: list[float], cells: list[Cell]) -> None:
    """The borders of cells."""
    one = sheet.look
    boxes = [(xs[c], ys[r], xs[c + wide], ys[r + high]) for r, c, high, wide, _ in cells]
    if one.rules in ("boxes", "polyline"):
        sheet.canvas.setStrokeGray(one.grey)
        sheet.canvas.setLineWidth(one.weight)
        for x0, top, x1, bottom in boxes:
            if one.rules == "boxes":
                sheet.canvas.rect(x0, sheet.height - bottom, x1 - x0, bottom - top, stroke=1, fill=0)
            else:
                path = sheet.canvas.beginPath()
                for k, (x, y) in enumerate(((x0, top), (x1, top), (x1, bottom), (x0, bottom), (x0, top))):
                    (path.moveTo if k == 0 else path.lineTo)(x, sheet.height - y)
                sheet.canvas.drawPath(path, stroke=1, fill=0)
        return
    pieces = sorted({side for x0, t, x1, b in boxes for side in ((x0, t, x1, t), (x0, b, x1, b), (x0, t, x0, b), (x1, t, x1, b))})
    if one.open_sides:
        pieces = [p for p in pieces if not (p[0] == p[2] and p[0] in (xs[0], xs[-1]))]
    if one.rules in ("long", "thin_long", "dashes"):
        pieces = joined(pieces)
    draw: tuple[Callable[[float, float, float, float], None], ...] = {
        "long": (sheet.line,),
        "sides": (sheet.line,),
        "thin_long": (sheet.thin,),
        "thin_sides": (sheet.thin,),
        "both": (sheet.line, sheet.thin),
        "mitred": (sheet.mitred,),
        "dashes": (sheet.dashes,),
    }[one.rules]
    for number, (x0, y0, x1, y1) in enumerate(pieces):
        over, short = one.overshoot, one.gap
        aside = one.shift if number % 2 and x0 == x1 and x0 not in (xs[0], xs[-1]) else 0.0
        dx, dy = (over - short, 0.0) if y0 == y1 else (0.0, over - short)
        for call in draw:
            call(x0 - dx + aside, y0 - dy, x1 + dx + aside, y1 + dy)


def joined(pieces: list[tuple[float, float, float, float]]) -> list[tuple[float, float, float, float]]:
    """Sides that follow each other as one long line."""
    result = []
    for axis in (0, 1):
        runs: dict[float, list[tuple[float, float]]] = {}
        for piece in pieces:
            if piece[1 - axis] == piece[3 - axis]:
                runs.setdefault(piece[1 - axis], []).append((piece[axis], piece[axis + 2]))
        for place, spans in sorted(runs.items()):
            merged: list[list[float]] = []
            for start, end in sorted(spans):
                if merged and start <= merged[-1][1] + 0.01:
                    merged[-1][1] = max(merged[-1][1], end)
                else:
                    merged.append([start, end])
            result += [(a, place, b, place) if axis == 0 else (place, a, place, b) for a, b in merged]
    return result


def body_cells(one: Plan, rows: range, base: int) -> list[Cell]:
    """Cells of some body rows; `base`: the row number of the first on its page."""
    cells: list[Cell] = []
    for k in rows:
        at = base + k - rows.start
        for col, text in enumerate(one.body[k]):
            if k in one.totals and col < one.stub:
                if col == 0:
                    cells.append((at, 0, 1, one.stub, text))
            elif col == 0 and one.merged_down:
                if k in one.merged_down:
                    cells.append((at, 0, one.merged_down[k], 1, text))
            else:
                cells.append((at, col, 1, 1, text))
    return cells


def heights(sheet: Sheet, one: Plan, least: float) -> tuple[list[float], list[float]]:
    """Heights of head and body rows that hold their text."""
    size = sheet.look.size
    starts = [sum(one.widths[:k]) for k in range(len(one.widths) + 1)]

    def need(col: int, wide: int, text: str) -> float:
        return len(wrapped(text, size, starts[col + wide] - starts[col] - 4)) * size * 1.15 + 4

    head = [max(least, *(need(c, w, t) for r, c, _, w, t in one.head if r == row), 0.0) for row in range(one.head_rows)]
    for r, c, high, wide, text in one.head:
        missing = need(c, wide, text) - sum(head[r : r + high])
        if missing > 0:
            head[r + high - 1] += missing
    body = []
    for k, texts in enumerate(one.body):
        wide = [one.stub if k in one.totals and col == 0 else 1 for col in range(len(texts))]
        body.append(max(least, *(need(col, wide[col], text) for col, text in enumerate(texts))))
    return head, body


def draw_part(sheet: Sheet, one: Plan, top: float, rows: range, head: bool, tall: tuple[list[float], list[float]]) -> float:
    """Draws a boxhead and some rows; returns the lower border."""
    heads, body = tall
    left = (sheet.width - sum(one.widths)) / 2 + (sheet.look.drift if sheet.number % 2 == 0 else 0.0)
    xs, ys = [left], [top]
    for w in one.widths:
        xs.append(xs[-1] + w)
    for h in (heads if head else []) + [body[k] for k in rows]:
        ys.append(ys[-1] + h)
    base = one.head_rows if head else 0
    frame(sheet, xs, ys)
    cells = (list(one.head) if head else []) + body_cells(one, rows, base)
    behind(sheet, xs, ys, base, cells)
    if sheet.random.random() < 0.5:
        draw_rules(sheet, xs, ys, cells)
        write(sheet, one, xs, ys, cells, base)
    else:
        write(sheet, one, xs, ys, cells, base)
        draw_rules(sheet, xs, ys, cells)
    return ys[-1]


def frame(sheet: Sheet, xs: list[float], ys: list[float]) -> None:
    """An outer border of two rules, or a thick one."""
    kind = sheet.look.frame
    apart = {"double": 2.0, "thick": 0.0}.get(kind)
    if apart is None or sheet.look.open_sides:
        return
    x0, x1, y0, y1 = xs[0] - apart, xs[-1] + apart, ys[0] - apart, ys[-1] + apart
    half = 0.25 if kind == "double" else 1.0
    for a, b, c, d in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
        sheet.area(a - half, b - half, c + half, d + half, 0.0)


def behind(sheet: Sheet, xs: list[float], ys: list[float], base: int, cells: list[Cell]) -> None:
    """Fills that are no rules."""
    kind = sheet.look.behind
    if kind == "white":
        for r, c, high, wide, _ in cells:
            sheet.area(xs[c], ys[r], xs[c + wide], ys[r + high], 1.0)
    elif kind == "zebra":
        for k in range(base, len(ys) - 1, 2):
            sheet.area(xs[0], ys[k], xs[-1], ys[k + 1], 0.9)
    elif kind == "head" and base:
        sheet.area(xs[0], ys[0], xs[-1], ys[base], 0.85)


def write(sheet: Sheet, one: Plan, xs: list[float], ys: list[float], cells: list[Cell], base: int) -> None:
    """The texts of cells; a name too long for its column runs on into an empty neighbour, where the look says so."""
    said = {(r, c): text for r, c, _, _, text in cells}
    for r, c, high, wide, text in cells:
        align = "centre" if r < base or wide > 1 else "left" if c < one.stub else "right"
        beside = said.get((r, c + 1))
        if (
            sheet.look.overrun
            and not sheet.look.clip
            and (high, wide) == (1, 1)
            and r >= base
            and c == one.stub - 1
            and beside == ""
            and text
        ):
            size = sheet.look.size
            room = xs[c + 2] - xs[c] - 4
            if xs[c + 1] - xs[c] - 4 < pdfmetrics.stringWidth(text, FONT, size) < room:
                sheet.text(xs[c] + 2, (ys[r] + ys[r + 1]) / 2 + 0.35 * size, text, size)
                continue
        sheet.fit((xs[c], ys[r], xs[c + wide], ys[r + high]), text, align, bold=r < base)


def break_before(one: Plan, row: int) -> bool:
    """Whether a page may end above this row (no merged cell is cut)."""
    return not one.merged_down or row in one.merged_down


def document(seed: int) -> tuple[bytes, list[Expected]]:
    """The bytes of a PDF, and its tables."""
    random = Random(seed)
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    one = look(random)
    canvas = Canvas(out, invariant=1, pageCompression=0)
    sheet = Sheet(canvas, one, random)
    least = random.choice((9.0, 12.0, 16.0, 22.0, 30.0, 40.0))
    least = max(least, one.size + 2)
    width = sheet.width - random.choice((60.0, 90.0, 140.0))
    expected: list[Expected] = []
    page, top = 1, 60.0
    again = random.random() < 0.5
    number_foot = random.random() < 0.6
    sheet.begin()
    around(sheet)
    if one.around in ("prose", "box"):
        top = prose(sheet)
    for title in random.sample(TITLES, random.randint(1, 3)):
        made = plan(random, title, width, random.choice((1, 3, 8, 15, 40)), one)
        tall = heights(sheet, made, least)
        bottom = sheet.height - 50
        if top + 45 + sum(tall[0]) + tall[1][0] * 3 > bottom and top > 61:
            page, top = _next_page(sheet, page, number_foot)
        top = heading(sheet, title, top)
        found = Expected(title, [], list(made.head) + body_cells(made, range(len(made.body)), made.head_rows))
        start, head = 0, True
        while start < len(made.body):
            space = bottom - top - (sum(tall[0]) if head else 0.0) - (40 if again and one.titles_again else 0)
            stop = start
            while stop < len(made.body) and sum(tall[1][start : stop + 1]) <= space:
                stop += 1
            while stop < len(made.body) and stop > start and not break_before(made, stop):
                stop -= 1
            stop = max(stop, start + 1)
            while stop < len(made.body) and not break_before(made, stop):
                stop += 1
            found.pages.append(page)
            top = draw_part(sheet, made, top, range(start, stop), head, tall) + 40
            start, head = stop, again
            if start < len(made.body):
                page, top = _next_page(sheet, page, number_foot)
                if again and one.titles_again:
                    top = heading(sheet, title, top)
        found.cells.sort()
        expected.append(found)
    sheet.end()
    canvas.save()
    return out.getvalue(), expected


def around(sheet: Sheet) -> None:
    """A running header with a rule below it, and one at the foot."""
    if sheet.look.around == "running":
        sheet.text(60, 30, "某某市财政局部门预算公开", 9.0)
        sheet.line(50, 36, sheet.width - 50, 36)
        sheet.line(50, sheet.height - 34, sheet.width - 50, sheet.height - 34)


def prose(sheet: Sheet) -> float:
    """A few lines of text, in a box or not; returns the place below."""
    if sheet.look.around == "box":
        for x0, y0, x1, y1 in ((50, 50, 300, 50), (50, 90, 300, 90), (50, 50, 50, 90), (300, 50, 300, 90)):
            sheet.line(x0, y0, x1, y1)
        sheet.text(60, 74, "说明本年度预算编制情况", 10.0)
        return 110.0
    for k in range(3):
        sheet.text(60, 70 + 16 * k, "本单位二〇二五年收入预算为一千二百万元，比上年增加三十万元。", 10.0)
    return 125.0


def heading(sheet: Sheet, title: str, top: float) -> float:
    """A title and a unit line; returns where the table begins."""
    sheet.text((sheet.width - len(title) * 14) / 2, top + 16, title, 14.0)
    sheet.text(sheet.width - 140, top + 34, "单位：万元", 9.0)
    return top + 40


def _next_page(sheet: Sheet, page: int, number_foot: bool) -> tuple[int, float]:
    if number_foot:
        sheet.text(sheet.width / 2 - 5, sheet.height - 22, str(page), 9.0)
    sheet.end()
    sheet.begin()
    around(sheet)
    return page + 1, 60.0
