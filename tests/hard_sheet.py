"""A page to draw on from the top left, as it is shown: box, turn and matrix of the page, strokes and fills, text. Measures in points."""

from __future__ import annotations

from random import Random

from hard_look import BLACK, Ink, Look
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

Box = tuple[float, float, float, float]
# Height of a line's baseline below its upper edge, in ems.
RISE = 0.92


def ready(font: str) -> str:
    """A font that a canvas knows by now: one of Adobe's Asian fonts by name, or a base font of PDF."""
    if font not in pdfmetrics.getRegisteredFontNames() and font not in pdfmetrics.standardFonts:
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    return font


def font_of(one: Look, text: str) -> str:
    """The font of a text: figures may be set in another one."""
    return ready(one.figures if text.isascii() else one.font)


def width_of(one: Look, text: str) -> float:
    """How far a text reaches."""
    return float(pdfmetrics.stringWidth(text, font_of(one, text), one.size))


def wrapped(one: Look, text: str, width: float) -> list[str]:
    """Lines of a text set in a width; figures break anywhere, as spreadsheets do."""
    lines, line = [], ""
    for char in text:
        if line and width_of(one, line + char) > width:
            lines.append(line)
            line = ""
        line += char
    return [*lines, line] if line else lines


class Sheet:
    """A page of a canvas, drawn as a look says."""

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

    def area(self, x0: float, top: float, x1: float, bottom: float, ink: Ink, alpha: float = 1.0) -> None:
        """A filled rectangle."""
        self.canvas.setFillColorRGB(*ink)
        if alpha < 1.0 and not self.look.form:  # reportlab gives forms no transparency
            self.canvas.setFillAlpha(alpha)
        elif alpha < 1.0:
            return
        self.canvas.rect(x0, self.height - bottom, x1 - x0, bottom - top, stroke=0, fill=1)
        if alpha < 1.0:
            self.canvas.setFillAlpha(1.0)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A stroke."""
        self.canvas.setStrokeColorRGB(*self.look.ink)
        self.canvas.setLineWidth(self.look.weight)
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def outline(self, points: list[tuple[float, float]], fill: Ink | None = None, close: bool = False) -> None:
        """A path through points: stroked, or filled."""
        path = self.canvas.beginPath()
        for k, (x, y) in enumerate(points):
            (path.moveTo if k == 0 else path.lineTo)(x, self.height - y)
        if close or fill:
            path.close()
        if fill:
            self.canvas.setFillColorRGB(*fill)
        else:
            self.canvas.setStrokeColorRGB(*self.look.ink)
            self.canvas.setLineWidth(self.look.weight)
        self.canvas.drawPath(path, stroke=0 if fill else 1, fill=1 if fill else 0)

    def text(self, x: float, baseline: float, text: str, size: float, bold: bool = False, ink: Ink = BLACK) -> None:
        """A line of text, set as the look says."""
        canvas, one = self.canvas, self.look
        font = font_of(one, text)
        canvas.setFillColorRGB(*ink)
        canvas.setFont(font, size)
        y = self.height - baseline
        mode = 2 if bold and one.bold == "mode" else None
        if mode:
            canvas.setStrokeColorRGB(*ink)
            canvas.setLineWidth(0.2)
        for again in range(2 if bold and one.bold == "twice" else 1):
            if one.text == "glyphs":
                at = x + again * 0.3
                for char in text:
                    canvas.drawString(at, y, char, mode=mode)
                    at += pdfmetrics.stringWidth(char, font, size)
            else:
                canvas.drawString(x + again * 0.3, y, text + (" " if one.text == "spaces" else ""), mode=mode)

    def clipped_to(self, box: Box) -> None:
        """Begins a clip; `restoreState` ends it."""
        x0, top, x1, bottom = box
        self.canvas.saveState()
        path = self.canvas.beginPath()
        path.rect(x0, self.height - bottom, x1 - x0, bottom - top)
        self.canvas.clipPath(path, stroke=0, fill=0)

    def fit(self, box: Box, text: str, align: str, bold: bool, ink: Ink = BLACK) -> None:
        """A text in a cell, wrapped, in the middle of its height."""
        if not text:
            return
        x0, top, x1, bottom = box
        one, size = self.look, self.look.size
        lines = wrapped(one, text, x1 - x0 - 4)
        step = size * one.leading
        baseline = (top + bottom - len(lines) * step) / 2 + size * RISE + (step - size * 1.15) / 2
        if one.clip:
            self.clipped_to(box)
        for line in lines:
            long = width_of(one, line)
            spread = one.text == "spread" and len(lines) == 1 and 2 <= len(line) <= 4 and all(ord(c) > 0x4E00 for c in line)
            if spread and x1 - x0 > 2.2 * long:
                for k, char in enumerate(line):  # 信 息 网 络
                    self.text(x0 + 2 + k * size * 1.9, baseline, char, size, bold, ink)
            else:
                x = {"left": x0 + 2, "right": x1 - 2 - long, "centre": (x0 + x1 - long) / 2}[align]
                self.text(x, baseline, line, size, bold, ink)
            baseline += step
        if one.clip:
            self.canvas.restoreState()
