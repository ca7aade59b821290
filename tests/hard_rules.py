"""Borders of cells drawn the ways that programs draw them, and the fills behind cells. Measures in points."""

from __future__ import annotations

import math
from collections.abc import Callable

from hard_look import BLACK, WHITE, Ink, Look
from hard_sheet import Box, Sheet

Cell = tuple[int, int, int, int, str]
"""(row, col, rowspan, colspan, text)."""

DARK: Ink = (0.17, 0.33, 0.55)
TINTS: tuple[Ink, ...] = (
    (0.86, 0.9, 0.95),
    (0.75, 0.82, 0.92),
    (0.93, 0.87, 0.8),
    (0.85, 0.93, 0.83),
    (0.96, 0.93, 0.8),
    (0.88, 0.83, 0.91),
)
# Between the fills of cells that stand apart, in points.
WHITE_GAP = 1.5


def draw_rules(sheet: Sheet, xs: list[float], ys: list[float], cells: list[Cell]) -> None:
    """The borders of cells."""
    one = sheet.look
    boxes = [(xs[c], ys[r], xs[c + wide], ys[r + high]) for r, c, high, wide, _ in cells]
    if one.rules in _WHOLE:
        for box in boxes:
            _WHOLE[one.rules](sheet, box)
        return
    if one.rules == "none":
        return
    pieces = sorted({side for x0, t, x1, b in boxes for side in ((x0, t, x1, t), (x0, b, x1, b), (x0, t, x0, b), (x1, t, x1, b))})
    if one.open in ("sides", "all"):
        pieces = [p for p in pieces if not (p[0] == p[2] and p[0] in (xs[0], xs[-1]))]
    if one.open in ("ends", "all"):
        pieces = [p for p in pieces if not (p[1] == p[3] and p[1] in (ys[0], ys[-1]))]
    if one.rules not in ("sides", "thin_sides", "both", "mitred"):
        pieces = joined(pieces)
    for number, (x0, y0, x1, y1) in enumerate(pieces):
        beyond = one.overshoot - one.gap
        aside = one.shift if number % 2 and x0 == x1 and x0 not in (xs[0], xs[-1]) else 0.0
        dx, dy = (beyond, 0.0) if y0 == y1 else (0.0, beyond)
        for call in _SINGLE[one.rules]:
            call(sheet, (x0 - dx + aside, y0 - dy, x1 + dx + aside, y1 + dy))


def _stroke(sheet: Sheet, side: Box) -> None:
    sheet.line(*side)


def _thin(sheet: Sheet, side: Box) -> None:
    """A rule as a filled rectangle."""
    x0, y0, x1, y1 = side
    half = max(sheet.look.weight, 0.4) / 2
    sheet.area(x0 - half, y0 - half, x1 + half, y1 + half, sheet.look.ink)


def _mitred(sheet: Sheet, side: Box) -> None:
    """A rule as a polygon with slanting ends, as browsers draw borders."""
    x0, y0, x1, y1 = side
    half = max(sheet.look.weight, 0.5) / 2
    corners = (
        [(x0 - half, y0 - half), (x1 + half, y0 - half), (x1 - half, y1 + half), (x0 + half, y1 + half)]
        if y0 == y1
        else [(x0 - half, y0 - half), (x0 + half, y0 + half), (x1 + half, y1 - half), (x1 - half, y1 + half)]
    )
    sheet.outline(corners, fill=sheet.look.ink)


def _dashes(sheet: Sheet, side: Box, dash: float = 2.4, step: float = 4.0) -> None:
    """A rule as dashes drawn one by one."""
    x0, y0, x1, y1 = side
    length = math.hypot(x1 - x0, y1 - y0)
    at = 0.0
    while at < length:
        a, b = at / length, min(at + dash, length) / length
        sheet.line(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a, x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)
        at += step


def _dots(sheet: Sheet, side: Box) -> None:
    """A rule as small squares drawn one by one."""
    x0, y0, x1, y1 = side
    length, half = math.hypot(x1 - x0, y1 - y0), max(sheet.look.weight, 0.4) / 2
    for k in range(int(length / (4 * half)) + 1):
        x, y = (x0 + 4 * half * k, y0) if y0 == y1 else (x0, y0 + 4 * half * k)
        sheet.area(x - half, y - half, x + half, y + half, sheet.look.ink)


def _patterned(*pattern: float, round_ends: bool = False) -> Callable[[Sheet, Box], None]:
    """A stroke with a dash pattern."""

    def draw(sheet: Sheet, side: Box) -> None:
        sheet.canvas.saveState()
        sheet.canvas.setDash(*([pattern] if len(pattern) > 1 else [pattern[0]]))
        sheet.canvas.setLineCap(1 if round_ends else 0)
        sheet.line(*side)
        sheet.canvas.restoreState()

    return draw


def _parallel(lines: int) -> Callable[[Sheet, Box], None]:
    """Several strokes beside each other; those at the outside run on to the corners."""

    def draw(sheet: Sheet, side: Box) -> None:
        x0, y0, x1, y1 = side
        reach = sheet.look.apart * (lines - 1) / 2
        for k in range(lines):
            off = sheet.look.apart * k - reach
            sheet.line(*((x0 - reach, y0 + off, x1 + reach, y1 + off) if y0 == y1 else (x0 + off, y0 - reach, x1 + off, y1 + reach)))

    return draw


_SINGLE: dict[str, tuple[Callable[[Sheet, Box], None], ...]] = {
    "long": (_stroke,),
    "sides": (_stroke,),
    "thin_long": (_thin,),
    "thin_sides": (_thin,),
    "both": (_stroke, _thin),
    "mitred": (_mitred,),
    "dashes": (_dashes,),
    "squares": (_dots,),
    "dashed": (_patterned(3, 2),),
    "dotted": (_patterned(0.6, 1.4),),
    "round_dots": (_patterned(0.01, 2, round_ends=True),),
    "double": (_parallel(2),),
    "triple": (_parallel(3),),
}


def _stroked_box(sheet: Sheet, box: Box) -> None:
    x0, top, x1, bottom = box
    sheet.canvas.setStrokeColorRGB(*sheet.look.ink)
    sheet.canvas.setLineWidth(sheet.look.weight)
    sheet.canvas.rect(x0, sheet.height - bottom, x1 - x0, bottom - top, stroke=1, fill=0)


def _painted_box(sheet: Sheet, box: Box) -> None:
    """A box filled white and stroked in one go."""
    x0, top, x1, bottom = box
    sheet.canvas.setStrokeColorRGB(*sheet.look.ink)
    sheet.canvas.setFillColorRGB(*WHITE)
    sheet.canvas.setLineWidth(sheet.look.weight)
    sheet.canvas.rect(x0, sheet.height - bottom, x1 - x0, bottom - top, stroke=1, fill=1)


def _polyline(sheet: Sheet, box: Box) -> None:
    x0, top, x1, bottom = box
    sheet.outline([(x0, top), (x1, top), (x1, bottom), (x0, bottom), (x0, top)])


def _ring(sheet: Sheet, box: Box) -> None:
    """A border as what lies between two rectangles of one path, as browsers paint a box whose four borders are alike."""
    x0, top, x1, bottom = box
    half = max(sheet.look.weight, 0.5) / 2
    path = sheet.canvas.beginPath()
    for grow in (half, -half):
        path.rect(x0 - grow, sheet.height - bottom - grow, x1 - x0 + 2 * grow, bottom - top + 2 * grow)
    sheet.canvas.setFillColorRGB(*sheet.look.ink)
    sheet.canvas.drawPath(path, stroke=0, fill=1, fillMode=0)


_WHOLE: dict[str, Callable[[Sheet, Box], None]] = {
    "boxes": _stroked_box,
    "painted": _painted_box,
    "polyline": _polyline,
    "frames": _ring,
}


def joined(pieces: list[Box]) -> list[Box]:
    """Sides that follow each other as one long line."""
    result: list[Box] = []
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
    if apart is None or sheet.look.open:
        return
    x0, x1, y0, y1 = xs[0] - apart, xs[-1] + apart, ys[0] - apart, ys[-1] + apart
    half = 0.25 if kind == "double" else 1.0
    for a, b, c, d in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
        sheet.area(a - half, b - half, c + half, d + half, BLACK)


def behind(sheet: Sheet, xs: list[float], ys: list[float], base: int, cells: list[Cell]) -> None:
    """Fills behind cells. `base`: rows of the boxhead."""
    kind = sheet.look.behind
    boxes = [(r, c, (xs[c], ys[r], xs[c + wide], ys[r + high])) for r, c, high, wide, _ in cells]
    if kind == "zebra":
        for k in range(base, len(ys) - 1, 2):
            sheet.area(xs[0], ys[k], xs[-1], ys[k + 1], (0.9,) * 3)
    elif kind in ("head", "dark_head") and base:
        sheet.area(xs[0], ys[0], xs[-1], ys[base], DARK if kind == "dark_head" else (0.85,) * 3)
    elif kind == "clear":
        for _, _, box in boxes:
            sheet.area(*box, BLACK, alpha=0.0)
    elif kind in ("white", "cells", "apart", "chess"):
        tints = _apart([box for _, _, box in boxes])
        for number, (r, _c, (x0, top, x1, bottom)) in enumerate(boxes):
            inset = WHITE_GAP / 2 if kind == "apart" else 0.0
            ink = {"white": WHITE, "chess": tints[number]}.get(kind) or (DARK if r < base else TINTS[r % 2])
            sheet.area(x0 + inset, top + inset, x1 - inset, bottom - inset, ink)


def _apart(boxes: list[Box]) -> list[Ink]:
    """A tint for each box that none of its neighbours has."""
    chosen: list[int] = []
    for k, (x0, top, x1, bottom) in enumerate(boxes):
        taken = {chosen[j] for j, b in enumerate(boxes[:k]) if b[0] <= x1 and b[2] >= x0 and b[1] <= bottom and b[3] >= top}
        chosen.append(next(tint for tint in range(len(TINTS)) if tint not in taken))
    return [TINTS[tint] for tint in chosen]


def ink_of_head(one: Look) -> Ink:
    """White on a dark boxhead."""
    return WHITE if one.behind in ("dark_head", "cells", "apart") else BLACK
