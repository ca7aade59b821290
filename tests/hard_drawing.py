"""Pages drawn in the manner of many programs: rules, fills, clips, forms, turned pages, ways of setting text. Measures in points from
the top left of the page as it is shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
Cell = tuple[int, int, int, int, str]
"""(row, col, rowspan, colspan, text)."""


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
